"""Whether a report is the one that today's inputs would give: then there is nothing to do.

Everything that a report depends on is hashed: the campaign's folder, the référentiels, the
notebooks, this library and those that draw, the parameters. Nothing heavy is imported, so that the
answer costs less than starting pandas.
"""

from __future__ import annotations

import hashlib
import json
import platform
import sys
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from qualepref_lib.campagne.dossiers import nom_court, precedente_de

BIBLIOTHEQUES = ("pandas", "numpy", "scipy", "matplotlib", "babel", "holidays", "jinja2", "mistune",
                 "nh3")  # fmt: skip
"""Versions that can change a printed figure or its drawing."""
PAGE = "rapport_audit.html"


def hash_fichiers(dossier: Path, chemins: Iterable[Path]) -> str:
    """One SHA-256 for the names and contents of files, whatever the order they are given in."""
    somme = hashlib.sha256()
    for chemin in sorted(chemins):
        nom = chemin.relative_to(dossier).as_posix()
        somme.update(f"{nom}\0{hash_fichier(chemin)}\0".encode())
    return somme.hexdigest()


def hash_fichier(chemin: Path) -> str:
    """The SHA-256 of a file's bytes."""
    return hashlib.sha256(chemin.read_bytes()).hexdigest()


@cache
def hash_outils() -> str:
    """This library's own files and the versions of those that it prints with.

    Once for a process: what it has imported does not change under it.
    """
    paquet = Path(__file__).resolve().parents[1]
    sources = [f for f in _fichiers(paquet) if f.suffix in (".py", ".j2", ".css", ".json")]
    versions = [f"{nom} {version(nom)}" for nom in BIBLIOTHEQUES]
    versions += [sys.version, platform.system()]
    return _hash_texte([hash_fichiers(paquet, sources), *versions])


def hash_demande(
    racine: Path, dossier: Path, chapitres: Sequence[str], parametres: Mapping[str, Any]
) -> str:
    """The fingerprint of all that a report of the campaign in ``dossier`` depends on."""
    lieux = {racine / "data", dossier.parent.parent}
    referentiels = [
        hash_fichiers(lieu, _fichiers(lieu / "referentiel"))
        for lieu in sorted(lieux)
        if (lieu / "referentiel").is_dir()
    ]
    carnets = hash_fichiers(racine, (racine / "notebooks").glob("*.ipynb"))
    nom = nom_court(dossier, racine)
    demande = json.dumps([nom, list(chapitres), dict(parametres)], sort_keys=True)
    campagne = hash_fichiers(dossier, _fichiers(dossier))
    avant = hash_precedente(dossier)
    return _hash_texte([hash_outils(), campagne, avant, *referentiels, carnets, demande])


def hash_precedente(dossier: Path) -> str:
    """The state of the edition before, which the chapter on effects reads; empty without one."""
    avant = precedente_de(dossier)
    if avant is None:
        return ""
    edition = avant.parent.parent / "referentiel"
    attendus = hash_fichiers(edition, _fichiers(edition)) if edition.is_dir() else ""
    return hash_fichiers(avant, _fichiers(avant)) + attendus


def is_a_jour(sortie: Path, empreinte: str) -> bool:
    """Whether the report in ``sortie`` was made of these inputs, and nobody touched it since."""
    try:
        notee = json.loads(_fiche(sortie).read_text(encoding="utf-8"))
        return bool(
            notee["empreinte"] == empreinte and notee["page"] == hash_fichier(sortie / PAGE)
        )
    except (OSError, ValueError, KeyError, TypeError):
        return False


def note(sortie: Path, empreinte: str) -> None:
    """Remember what the report in ``sortie`` was made of. Call it once the report is in place."""
    fiche = {"empreinte": empreinte, "page": hash_fichier(sortie / PAGE)}
    provisoire = _fiche(sortie).with_suffix(".tmp")
    provisoire.write_text(json.dumps(fiche), encoding="utf-8")
    provisoire.replace(_fiche(sortie))


def _fiche(sortie: Path) -> Path:
    return sortie.with_name(f".{sortie.name}.empreinte")


def _fichiers(dossier: Path) -> list[Path]:
    """Every file below a folder but those that editors and Python leave about."""
    return [
        f
        for f in dossier.rglob("*")
        if f.is_file() and "__pycache__" not in f.parts and not f.name.startswith((".", "~"))
    ]


def _hash_texte(morceaux: Sequence[str]) -> str:
    return hashlib.sha256("\0".join(morceaux).encode()).hexdigest()
