"""The names of the files beside ``campagne.yaml``: a slip in one would lose it in silence."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from qualepref_lib.campagne.dossiers import EXTENSIONS, FICHE, PROPOSES, find_fichiers
from qualepref_lib.core.francais import enumeration
from qualepref_lib.core.refus import Releve, proche, sans_accent
from qualepref_lib.formats.association import SUFFIXE

_PARENTES = {".txt", ".tsv", ".xlsm", ".xlsb"}
"""Extensions of tables that are not read; under the name of a source they are a mistake."""
_ASSOCIATION = re.compile(r"(.+?)[ ._-]*associations?\.ya?ml(\.txt)?", re.IGNORECASE)
_OUVERT = re.compile(r"~\$(.+)|\.~lock\.(.+)#")


def check_noms(dossier: Path, sources: Mapping[str, str], releve: Releve) -> None:
    """Each source has one file at most; a file that is nearly a source's is no one's."""
    tous = [f.name for f in sorted(dossier.iterdir())]
    presents = [nom for nom in tous if not nom.startswith((".", "~$"))]
    attendus = {f"{code}{extension}" for code in sources for extension in EXTENSIONS}
    libres = [nom for nom in presents if nom not in attendus and nom != FICHE]
    _check_associations(dossier, libres, sources, releve)
    for code in sources:
        trouves = find_fichiers(dossier, code)
        if len(trouves) > 1:
            _signaler_doubles([chemin.name for chemin in trouves], releve)
        for nom in [] if trouves else _presque(code, libres):
            libres.remove(nom)
            _signaler_presque(nom, code, sources, releve)
    for nom in libres:
        if Path(nom).suffix.lower() in EXTENSIONS and not nom.startswith(PROPOSES):
            connus = tuple(f"{code}.csv" for code in sources)
            releve.remarquer(nom, "ce fichier n’est pas lu.", connus=connus)
    _dire_ouverts(tous, attendus, releve)


def _signaler_doubles(noms: list[str], releve: Releve) -> None:
    releve.signaler(
        noms[0],
        f"{enumeration(noms)} sont là pour la même source : lequel lire ?",
        remede="n’en garder qu’un dans le dossier de la campagne.",
    )


def _signaler_presque(nom: str, code: str, sources: Iterable[str], releve: Releve) -> None:
    suffixe = Path(nom).suffix.lower()
    attendu = f"{code}{suffixe if suffixe in EXTENSIONS else '.csv'}"
    remede = f"le renommer {attendu}."
    if suffixe in (".xlsm", ".xlsb"):
        attendu = f"{code}.xlsx"
        remede = f"l’enregistrer au format .xlsx sous le nom {attendu}."
    releve.signaler(
        nom,
        "ce fichier n’est pas lu : son nom n’est pas celui d’une source.",
        connus=tuple(f"{code}.csv" for code in sources),
        voisin=attendu,
        remede=remede,
    )


def _presque(code: str, libres: Iterable[str]) -> list[str]:
    """The names that differ from ``code`` by case, accents, extension or a slip."""
    tige = sans_accent(code)
    admises = {*EXTENSIONS, *_PARENTES}
    lisibles = [nom for nom in libres if Path(nom).suffix.lower() in admises]
    exacts = [nom for nom in lisibles if sans_accent(Path(nom).stem) == tige]
    if exacts:
        return exacts
    tables = {
        sans_accent(Path(nom).stem): nom
        for nom in lisibles
        if Path(nom).suffix.lower() in EXTENSIONS and not nom.startswith(PROPOSES)
    }
    # Stricter than for a cell: « notes » is no misspelt « constats ».
    return [tables[t] for t in difflib.get_close_matches(tige, tables, n=1, cutoff=0.8)]


def _check_associations(
    dossier: Path, libres: list[str], sources: Mapping[str, str], releve: Releve
) -> None:
    """A mapping bears the code of a source whose file is there."""
    for nom in [nom for nom in libres if _ASSOCIATION.fullmatch(nom)]:
        libres.remove(nom)
        code = nom.removesuffix(SUFFIXE)
        if nom.endswith(SUFFIXE) and code in sources:
            if not find_fichiers(dossier, code):
                constat = f"il n’y a pas de fichier {code}.csv (ou .xlsx, .ods, .xls) à associer."
                releve.remarquer(nom, constat)
            continue
        trouve = _ASSOCIATION.fullmatch(nom)
        voisin = proche(trouve.group(1) if trouve else nom, sources)
        attendu = f"{voisin or '<source>'}{SUFFIXE}"
        releve.signaler(
            nom,
            "cette association n’est pas lue : son nom n’est pas celui d’une source.",
            connus=() if voisin else tuple(f"{code}{SUFFIXE}" for code in sources),
            voisin=attendu if voisin else None,
            remede=f"la renommer {attendu}.",
        )


def _dire_ouverts(noms: Iterable[str], attendus: set[str], releve: Releve) -> None:
    """The mark that a spreadsheet leaves beside a workbook that somebody has open."""
    for nom in noms:
        trouve = _OUVERT.fullmatch(nom)
        ouvert = (trouve.group(1) or trouve.group(2)) if trouve else ""
        if ouvert in attendus:
            releve.remarquer(
                ouvert,
                "il est ouvert dans un tableur : ce qui n’y est pas enregistré n’est pas lu.",
            )
