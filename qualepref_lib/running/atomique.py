"""Writing one file: the whole of it or none, whatever happens meanwhile."""

from __future__ import annotations

import os
from pathlib import Path

from qualepref_lib.core.refus import Probleme, Refus
from qualepref_lib.running.vivants import marque


def write_atomique(chemin: Path, octets: bytes, remplacer: bool = False) -> None:
    """Write a file in one step; whatever happens, no half of it is left.

    Raises :class:`Refus` when the file exists and is not to be replaced, or has no folder.
    """
    if not chemin.parent.is_dir():
        constat = "le dossier de ce fichier n’existe pas ; rien n’est écrit."
        raise Refus(
            Probleme(str(chemin), constat, remede="créer le dossier, ou en donner un autre.")
        )
    provisoire = chemin.with_name(f".{chemin.name}.chantier-{marque()}")
    try:
        with provisoire.open("xb") as fichier:
            fichier.write(octets)
            fichier.flush()
            os.fsync(fichier.fileno())
        if remplacer:
            provisoire.replace(chemin)
        else:
            _poser(provisoire, chemin)
    finally:
        provisoire.unlink(missing_ok=True)


def check_libre(chemin: Path) -> None:
    """Raise the :class:`Refus` of a file that exists; nothing is overwritten."""
    if chemin.exists() or chemin.is_symlink():
        constat = "ce fichier existe déjà ; rien n’est modifié."
        raise Refus(Probleme(str(chemin), constat, remede="choisir un autre nom."))


def _poser(provisoire: Path, chemin: Path) -> None:
    """A link fails where a name is taken, even by a file that came in the meantime."""
    try:
        os.link(provisoire, chemin)
    except FileExistsError:
        check_libre(chemin)
        raise
    except OSError:  # a disk without links
        check_libre(chemin)
        provisoire.replace(chemin)
