"""Where campaigns and editions are, and which of their files bear a wrong name."""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from qualepref_lib.core.fichiers import existe
from qualepref_lib.core.refus import Probleme, Refus, Releve, extrait, proche, sans_accent

FICHE = "campagne.yaml"
PROPOSES = "constats_proposes"
"""How the drafts for the auditor are named: they are never read, and that is no surprise."""


def racines() -> list[Path]:
    """The folders that may hold ``data/``: where we are and above, then where the library is."""
    ici = Path.cwd()
    choisie = os.environ.get("QUALEPREF_RACINE")
    return [
        *([Path(choisie)] if choisie else []),
        ici,
        *ici.parents,
        Path(__file__).resolve().parents[2],
    ]


def find_campagne(nom: str | Path) -> Path:
    """The folder of a campaign, from its name in ``data/campagnes`` or from its path.

    Raises :class:`Refus` with the campaigns that exist when there is none by that name.
    """
    if trouve := _par_chemin(Path(nom)):
        return trouve
    connues = _campagnes_connues()
    if str(nom) in connues:
        return connues[str(nom)]
    raise Refus(
        Probleme(
            "data/campagnes",
            f"aucune campagne ne s’appelle « {extrait(nom)} ».",
            connus=tuple(sorted(connues)),
            voisin=proche(str(nom), connues),
            remede="corriger le nom, ou la créer avec « qualepref nouvelle-campagne ».",
        )
    )


def _par_chemin(chemin: Path) -> Path | None:
    """The campaign at a path: its folder, or its ``campagne.yaml`` itself."""
    try:
        dossier = chemin.parent if chemin.name == FICHE and chemin.is_file() else chemin
        if existe(dossier / FICHE):
            return dossier.resolve()
        if dossier.is_dir() and (dossier.parent.name == "campagnes" or any(dossier.glob("*.csv"))):
            raise Refus(_sans_fiche(dossier))
    except (OSError, ValueError, RuntimeError):  # a name no disk accepts, a loop of links
        return None
    return None


def _sans_fiche(dossier: Path) -> Probleme:
    fichiers = sorted(f.name for f in dossier.iterdir() if not f.name.startswith("."))
    return Probleme(
        dossier.name,
        f"le dossier de la campagne n’a pas de fichier {FICHE}.",
        connus=tuple(fichiers),
        voisin=proche(FICHE, [f for f in fichiers if f.endswith((".yml", ".yaml", ".txt"))]),
        remede=f"y mettre {FICHE}, sous ce nom exactement.",
    )


def _campagnes_connues() -> dict[str, Path]:
    connues: dict[str, Path] = {}
    for racine in reversed(racines()):
        for fiche in (racine / "data" / "campagnes").glob(f"*/{FICHE}"):
            connues[fiche.parent.name] = fiche.parent
    return connues


def find_edition(dossier: Path, edition: str) -> Path:
    """The folder of an edition: beside the campaigns first, then below the known roots."""
    candidats = [dossier.parent.parent, *(racine / "data" for racine in racines())]
    connues: dict[str, Path] = {}
    for candidat in reversed(candidats):
        for fichier in candidat.glob("referentiel/*/edition.yaml"):
            connues[fichier.parent.name] = fichier.parent
    if edition in connues:
        return connues[edition]
    raise Refus(
        Probleme(
            FICHE,
            f"l’édition « {extrait(edition)} » du référentiel n’existe pas.",
            colonne="edition",
            connus=tuple(sorted(connues)),
            voisin=proche(edition, connues),
            remede="écrire le nom d’un dossier de data/referentiel.",
        )
    )


def check_noms(dossier: Path, sources: Mapping[str, str], releve: Releve) -> None:
    """A file that is nearly a source's, while the source is absent, would be lost in silence."""
    presents = [f.name for f in sorted(dossier.iterdir()) if not f.name.startswith(".")]
    attendus = {f"{code}.csv": code for code in sources}
    libres = [nom for nom in presents if nom not in attendus and nom != FICHE]
    for attendu in attendus:
        if attendu in presents:
            continue
        for nom in _presque(attendu, libres):
            libres.remove(nom)
            releve.signaler(
                nom,
                "ce fichier n’est pas lu : son nom n’est pas celui d’une source.",
                connus=tuple(attendus),
                voisin=attendu,
                remede=_remede(nom, attendu),
            )
    for nom in libres:
        if Path(nom).suffix.lower() == ".csv" and not nom.startswith(PROPOSES):
            releve.remarquer(nom, "ce fichier n’est pas lu.", connus=tuple(attendus))


def _presque(attendu: str, libres: Iterable[str]) -> list[str]:
    """The names that differ from ``attendu`` by case, accents, extension or a slip."""
    tige = sans_accent(Path(attendu).stem)
    lisibles = [nom for nom in libres if Path(nom).suffix.lower() in _EXTENSIONS]
    exacts = [nom for nom in lisibles if sans_accent(Path(nom).stem) == tige]
    if exacts:
        return exacts
    csvs = {sans_accent(Path(nom).stem): nom for nom in lisibles if nom.lower().endswith(".csv")}
    # Stricter than for a cell: « notes » is no misspelt « constats ».
    return [csvs[t] for t in difflib.get_close_matches(tige, csvs, n=1, cutoff=0.8)]


_EXTENSIONS = {".csv", ".txt", ".tsv", ".xlsx", ".xls", ".ods"}


def _remede(nom: str, attendu: str) -> str:
    if Path(nom).suffix.lower() in {".xlsx", ".xls", ".ods"}:
        return f"l’enregistrer en CSV (point-virgule, UTF-8) sous le nom {attendu}."
    return f"le renommer {attendu}."
