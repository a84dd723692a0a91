"""Whether a report is the one that today's inputs would give: then there is nothing to do.

Everything that a report depends on is hashed: the campaign's folder, the référentiels, the
notebooks, this library and those that draw, the parameters. Nothing heavy is imported, so that the
answer costs less than starting pandas.
"""

from __future__ import annotations

import hashlib
import json
import platform
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

BIBLIOTHEQUES = ("pandas", "numpy", "matplotlib", "babel", "holidays", "jinja2", "mistune", "nh3")
"""Versions that can change a printed figure or its drawing."""
PAGE = "rapport_audit.html"
_PRECEDENTE = re.compile(r"""^enquete_precedente\s*:\s*["']?([^"'#\s]+)""", re.MULTILINE)


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


def hash_outils() -> str:
    """This library's own files and the versions of those that it prints with."""
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
    demande = json.dumps([str(dossier), list(chapitres), dict(parametres)], sort_keys=True)
    campagne = hash_fichiers(dossier, _fichiers(dossier))
    campagne += "".join(hash_fichiers(d, _fichiers(d)) for d in _precedentes(dossier))
    return _hash_texte([hash_outils(), campagne, *referentiels, carnets, demande])


def _precedentes(dossier: Path) -> Iterator[Path]:
    """The campaigns of the previous surveys, each as the ``campagne.yaml`` of the next names it."""
    vus = {dossier}
    while (fiche := dossier / "campagne.yaml").is_file():
        dit = _PRECEDENTE.search(fiche.read_text(encoding="utf-8-sig", errors="replace"))
        dossier = dossier.parent / dit[1] if dit else dossier
        if dossier in vus:
            return
        vus.add(dossier)
        yield dossier


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
