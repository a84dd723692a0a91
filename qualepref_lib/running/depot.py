"""Nothing is lost: outputs are built aside and put in place in one step, under a lock.

The old report stays until the new one is whole. On Linux the two folders trade places in one
system call, so a run killed at any moment leaves one or the other, never a mixture.
"""

from __future__ import annotations

import ctypes
import glob
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from qualepref_lib.core.refus import Probleme, Refus
from qualepref_lib.running.vivants import marque

RAPPORT = "rapport_audit.html"
ECHEC = "echec.html"
"""The page that tells of a failed run, beside the old report; a new report takes it away."""
MARQUE = ".passages.json"
"""Which due runs the report was made for: it is put in place with the report, never apart."""
PRODUITS = frozenset({RAPPORT, ECHEC, "chiffres.json", "provenance.json", "notebooks"})
_RENAME_EXCHANGE = 2
_AT_FDCWD = -100


class Occupe(Refus):
    """Another run holds this output; nothing is wrong with the data."""


@contextmanager
def chantier(sortie: Path, attente_s: float = 0.0) -> Iterator[Path]:
    """A hidden folder beside ``sortie`` to build in; it becomes ``sortie`` when the block ends.

    If the block raises, or is interrupted, ``sortie`` is left as it was. What a killed run may
    have left behind is removed first: the lock says that nobody is using it.
    """
    sortie = sortie.absolute()
    _verifier_sortie(sortie)
    sortie.parent.mkdir(parents=True, exist_ok=True)
    with verrou(sortie, attente_s):
        for reste in sortie.parent.glob(f".{glob.escape(sortie.name)}.chantier-*"):
            shutil.rmtree(reste, ignore_errors=True)
        provisoire = sortie.with_name(f".{sortie.name}.chantier-{marque()}")
        provisoire.mkdir()
        try:
            yield provisoire
            _garder_les_ajouts(sortie, provisoire)
            _vider_les_tampons(provisoire)
            publier(provisoire, sortie)
        finally:
            shutil.rmtree(provisoire, ignore_errors=True)


@contextmanager
def verrou(sortie: Path, attente_s: float = 0.0) -> Iterator[None]:
    """One run at a time for each output. The system frees the lock of a process that is gone.

    Raises :class:`Refus` when the lock is still taken after ``attente_s`` seconds.
    """
    fichier = sortie.with_name(f".{sortie.name}.verrou")
    cle = FileLock(fichier)
    try:
        cle.acquire(timeout=attente_s)
    except Timeout:
        raise Occupe(
            Probleme(
                sortie.name,
                "une autre exécution est en cours pour cette sortie.",
                remede="attendre qu’elle finisse.",
            )
        ) from None
    try:
        yield
    finally:
        cle.release()


def publier(provisoire: Path, sortie: Path) -> None:
    """Put the finished folder in the place of ``sortie``."""
    if not sortie.exists():
        provisoire.rename(sortie)
    elif not _echanger(provisoire, sortie):
        # No exchange on this system: file by file, each whole, the report last. A due run is
        # marked once its report is there: killed in between, it is made again, never forgotten.
        derniers = {RAPPORT: 1, MARQUE: 2}
        for produit in sorted(provisoire.iterdir(), key=lambda p: derniers.get(p.name, 0)):
            cible = sortie / produit.name
            if cible.is_dir():
                shutil.rmtree(cible)
            produit.replace(cible)
        retirer_echec(sortie)


def retirer_echec(sortie: Path) -> None:
    """The report is right again: the page that said why it was not is taken away."""
    (sortie / ECHEC).unlink(missing_ok=True)


def _verifier_sortie(sortie: Path) -> None:
    """Never take the place of a folder that is not a report of ours."""
    if sortie.is_file():
        raise Refus(Probleme(str(sortie), "la sortie est un fichier, un dossier est attendu."))
    if not sortie.is_dir() or (sortie / RAPPORT).exists():
        return
    if any(ajout.name != ECHEC for ajout in sortie.iterdir()):
        raise Refus(
            Probleme(
                sortie.name,
                "le dossier de sortie existe et ne contient pas de rapport.",
                remede="choisir un dossier vide ou à créer.",
            )
        )


def _garder_les_ajouts(sortie: Path, provisoire: Path) -> None:
    """What a person put beside the report stays beside the new one."""
    if not sortie.is_dir():
        return
    for ajout in sortie.iterdir():
        if ajout.name not in PRODUITS and not (provisoire / ajout.name).exists():
            if ajout.is_dir():
                shutil.copytree(ajout, provisoire / ajout.name)
            else:
                shutil.copy2(ajout, provisoire / ajout.name)


def _vider_les_tampons(dossier: Path) -> None:
    for chemin in dossier.rglob("*"):
        if chemin.is_file():
            with chemin.open("rb+") as fichier:
                os.fsync(fichier.fileno())


def _echanger(provisoire: Path, sortie: Path) -> bool:
    """Trade the two folders in one system call; False where the system cannot."""
    if not sys.platform.startswith("linux"):
        return False
    renameat2 = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if renameat2 is None:
        return False
    avant, apres = os.fsencode(provisoire), os.fsencode(sortie)
    return bool(renameat2(_AT_FDCWD, avant, _AT_FDCWD, apres, _RENAME_EXCHANGE) == 0)
