"""Reading a campaign's folder: everything is checked together, and refused together.

``load_campagne`` answers with a :class:`Campagne` whose tables hold typed values that respect
every rule, or raises a :class:`~qualepref_lib.core.refus.Refus` that lists every problem of every
file. A source whose file is not there is no problem: its chapters say what is missing.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import pandas as pd

from qualepref_lib.campagne.fiche import SOURCES, FicheCampagne
from qualepref_lib.campagne.tables import check_regles, colonnes_de
from qualepref_lib.core.bilan import Source
from qualepref_lib.core.fiches import load_fiche
from qualepref_lib.core.refus import Probleme, Refus, Releve, proche
from qualepref_lib.formats.colonnes import check_colonnes
from qualepref_lib.formats.texte import load_texte
from qualepref_lib.referentiel import Module, Referentiel, load_referentiel

FICHE = "campagne.yaml"


@dataclass(frozen=True)
class Table:
    """One checked source: its rows (index = line in the file) and where they came from."""

    cadre: pd.DataFrame
    source: Source


@dataclass(frozen=True)
class Campagne:
    """What one site sent for one audit: checked, with the référentiel it is read against."""

    fiche: FicheCampagne
    referentiel: Referentiel
    dossier: Path
    tables: Mapping[str, Table]
    fichiers: tuple[Source, ...]
    remarques: tuple[Probleme, ...]

    @property
    def modules(self) -> tuple[Module, ...]:
        """The modules that the site retained, in the order of the référentiel."""
        return tuple(m for m in self.referentiel.modules if m.code in self.fiche.modules)

    def manque(self, source: str) -> str:
        """What is missing for ``source``, in French; empty when its table is there."""
        if source in self.tables:
            return ""
        return f"{SOURCES[source].lower()} (fichier {source}.csv)"

    def source(self, source: str) -> Source:
        """Where the rows of ``source`` come from, or would come from."""
        if source in self.tables:
            return self.tables[source].source
        return Source(f"{source}.csv", "", SOURCES[source])


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
    if (Path(nom) / FICHE).is_file():
        return Path(nom).resolve()
    connues: dict[str, Path] = {}
    for racine in reversed(racines()):
        for fiche in (racine / "data" / "campagnes").glob(f"*/{FICHE}"):
            connues[fiche.parent.name] = fiche.parent
    if str(nom) in connues:
        return connues[str(nom)]
    raise Refus(
        Probleme(
            "data/campagnes",
            f"aucune campagne ne s'appelle « {nom} ».",
            connus=tuple(sorted(connues)),
            voisin=proche(str(nom), connues),
            remede="corriger le nom, ou la créer avec « qualepref nouvelle-campagne ».",
        )
    )


def find_edition(dossier: Path, edition: str) -> Path:
    """The folder of an edition: beside the campaigns first, then below the known roots."""
    candidats = [dossier.parent.parent, *(racine / "data" for racine in racines())]
    dossiers = [c / "referentiel" / edition for c in candidats]
    for candidat in dossiers:
        if (candidat / "edition.yaml").is_file():
            return candidat
    connues = sorted(
        {d.parent.name for c in candidats for d in c.glob("referentiel/*/edition.yaml")}
    )
    raise Refus(
        Probleme(
            FICHE,
            f"l'édition « {edition} » du référentiel n'existe pas.",
            colonne="edition",
            connus=tuple(connues),
            voisin=proche(edition, connues),
        )
    )


def load_campagne(nom: str | Path) -> Campagne:
    """Read and check everything that the campaign ``nom`` (a name or a folder) holds.

    Raises :class:`Refus` listing every problem at once.
    """
    dossier = find_campagne(nom)
    releve = Releve()
    fiche = load_fiche(dossier / FICHE, FicheCampagne, FICHE, releve)
    if fiche is None:
        releve.refuser()
        raise AssertionError("load_fiche reports before it answers None")
    referentiel = load_referentiel(find_edition(dossier, fiche.edition), releve)
    _verifier_fiche(fiche, referentiel, releve)
    tables = _load_tables(dossier, fiche, referentiel, releve)
    releve.refuser()
    return Campagne(
        fiche=fiche,
        referentiel=referentiel,
        dossier=dossier,
        tables=MappingProxyType(tables),
        fichiers=_fichiers(dossier, referentiel, tables),
        remarques=tuple(releve.remarques),
    )


def _load_tables(
    dossier: Path, fiche: FicheCampagne, referentiel: Referentiel, releve: Releve
) -> dict[str, Table]:
    tables = {}
    for code in SOURCES:
        chemin = dossier / f"{code}.csv"
        if not chemin.exists():
            continue
        declaration = fiche.sources.get(code)
        if declaration is None:
            releve.signaler(
                FICHE,
                f"le fichier {chemin.name} est là, mais la source « {code} » n'est pas déclarée.",
                colonne="sources",
                remede=f"déclarer « {code} » sous « sources » (plan, libelle, champ).",
            )
            continue
        cadre = _load_table(chemin, code, fiche, referentiel, releve)
        if cadre is not None and not cadre.empty:
            tables[code] = Table(cadre, Source(chemin.name, sha256(chemin), declaration.libelle))
    return tables


def _load_table(
    chemin: Path, code: str, fiche: FicheCampagne, referentiel: Referentiel, releve: Releve
) -> pd.DataFrame | None:
    propre = Releve()  # cross-cell rules would only repeat what a broken column already said
    brut = load_texte(chemin, chemin.name, propre)
    cadre = None
    if brut is not None and len(brut.columns):
        cadre = check_colonnes(brut, colonnes_de(code, referentiel), chemin.name, propre)
        if cadre.empty and not propre.problemes:
            propre.remarquer(
                chemin.name, "le fichier n'a que son en-tête : la source est comptée absente."
            )
        elif not any(p.constat.startswith("la colonne") for p in propre.problemes):
            check_regles(code, cadre, referentiel, fiche, chemin.name, propre)
    releve.problemes += propre.problemes
    releve.remarques += propre.remarques
    return cadre


def _verifier_fiche(fiche: FicheCampagne, referentiel: Referentiel, releve: Releve) -> None:
    """Codes that ``campagne.yaml`` mentions exist in the référentiel."""
    modules = {m.code: m.libelle for m in referentiel.modules}
    questions = referentiel.questionnaire.questions if referentiel.questionnaire else {}
    pieces = {p.code for p in referentiel.pieces}
    mentions: list[tuple[str, str, list[str], list[str]]] = [
        ("modules", "un module du référentiel", list(fiche.modules), list(modules)),
        ("sources", "une source connue", list(fiche.sources), list(SOURCES)),
        (
            "editions_publiees",
            "une question du questionnaire",
            [e.indicateur for e in fiche.editions_publiees],
            list(questions),
        ),
        (
            "pieces_recues",
            "une pièce de la liste",
            [p.piece for p in fiche.pieces_recues],
            sorted(pieces),
        ),
    ]
    for cle, nature, codes, connus in mentions:
        for code in codes:
            if code not in connus:
                releve.signaler_inconnu(FICHE, nature, code, connus, colonne=cle)
    for module in referentiel.modules:
        if module.code in fiche.modules and not module.engagements:
            releve.signaler(
                FICHE,
                f"le module {module.code} est retenu mais n'a aucun engagement dans l'édition.",
                colonne="modules",
            )


def _fichiers(
    dossier: Path, referentiel: Referentiel, tables: Mapping[str, Table]
) -> tuple[Source, ...]:
    """Every file that was read, with its hash: what the provenance prints."""
    fiche = Source(FICHE, sha256(dossier / FICHE), "Fiche de la campagne")
    edition = [
        Source(
            f"referentiel/{c.relative_to(c.parents[_profondeur(c)]).as_posix()}",
            sha256(c),
            "Référentiel",
        )
        for c in referentiel.fichiers
    ]
    return (fiche, *(table.source for table in tables.values()), *edition)


def _profondeur(chemin: Path) -> int:
    """How many folders stand between an edition's file and the folder of editions."""
    return 1 if (chemin.parent / "edition.yaml").exists() else 2


def sha256(chemin: Path) -> str:
    """The SHA-256 of a file's bytes, in hexadecimal."""
    return hashlib.sha256(chemin.read_bytes()).hexdigest()
