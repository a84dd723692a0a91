"""Where campaigns, editions and the files of a campaign are."""

from __future__ import annotations

import os
import re
from pathlib import Path

from qualepref_lib.core.fichiers import existe
from qualepref_lib.core.refus import Probleme, Refus, extrait, proche
from qualepref_lib.formats.extensions import EXTENSIONS as CLASSEURS

FICHE = "campagne.yaml"
PROPOSES = "constats_proposes"
"""How the drafts for the auditor are named: they are never read, and that is no surprise."""
EXTENSIONS = (".csv", *CLASSEURS)
"""What the file of a source may be: a CSV, or a workbook."""


def racines() -> list[Path]:
    """The folders that may hold ``data/``: where we are and above, then where the library is."""
    ici = Path.cwd()
    return [
        *racines_choisies(),
        ici,
        *ici.parents,
        Path(__file__).resolve().parents[2],
    ]


def racines_choisies() -> list[Path]:
    """Those of ``QUALEPREF_RACINE``: one, or several that are searched in turn, as in ``PATH``."""
    return [Path(r) for r in os.environ.get("QUALEPREF_RACINE", "").split(os.pathsep) if r]


def nom_court(dossier: Path, racine: Path) -> str:
    """How a chapter names a campaign: by its name where that is enough, else by its whole path.

    By name, what is made of the campaign does not depend on where the disk is.
    """
    for lieu in (*racines_choisies(), racine):
        trouve = lieu / "data" / "campagnes" / dossier.name
        if existe(trouve / FICHE):
            return dossier.name if trouve == dossier else str(dossier)
    return str(dossier)


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


def find_precedente(dossier: Path, nom: str) -> Path | None:
    """The folder of the edition before: beside the campaign first, else among the known ones."""
    for trouve in (dossier.parent / nom, _campagnes_connues().get(nom)):
        if trouve is not None and existe(trouve / FICHE):
            return trouve
    return None


def precedente_de(dossier: Path) -> Path | None:
    """The folder that a campaign names as the edition before it, without reading the campaign.

    A run asks it to know whether something changed: it must not wait for pandas.
    """
    nom = nom_precedente(dossier)
    return find_precedente(dossier, nom) if nom else None


def nom_precedente(dossier: Path) -> str:
    """The name that a campaign gives to the edition before it; empty without one."""
    try:
        texte = (dossier / FICHE).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return ""
    nom = re.search(r"^[\"']?precedente[\"']?\s*:\s*[\"']?([\w.-]+)", texte, flags=re.MULTILINE)
    return nom.group(1) if nom else ""


def _par_chemin(chemin: Path) -> Path | None:
    """The campaign at a path: its folder, or its ``campagne.yaml`` itself."""
    try:
        dossier = chemin.parent if chemin.name == FICHE and chemin.is_file() else chemin
        if existe(dossier / FICHE):
            return dossier.resolve()
        if dossier.is_dir() and (dossier.parent.name == "campagnes" or _a_des_donnees(dossier)):
            raise Refus(_sans_fiche(dossier))
    except (OSError, ValueError, RuntimeError):  # a name no disk accepts, a loop of links
        return None
    return None


def _a_des_donnees(dossier: Path) -> bool:
    return any(any(dossier.glob(f"*{extension}")) for extension in EXTENSIONS)


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


def find_fichiers(dossier: Path, source: str) -> list[Path]:
    """The files of a source: none, one, or several when nobody can say which to read."""
    candidats = [dossier / f"{source}{extension}" for extension in EXTENSIONS]
    return [chemin for chemin in candidats if existe(chemin)]
