"""Which sheet of a workbook holds the data."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qualepref_lib.core.francais import enumeration
from qualepref_lib.core.refus import Releve, extrait, sans_accent

LIGNES_VUES = 30
"""How many rows of a sheet are looked at to find its header."""


@dataclass(frozen=True)
class Feuille:
    """One sheet: its name, its rank, whether it is a table of cells, whether it is shown."""

    nom: str
    rang: int
    tableau: bool
    visible: bool

    @classmethod
    def of(cls, meta: Any, rang: int) -> Feuille:
        """The sheet that calamine describes."""
        tableau = "WorkSheet" in str(meta.typ)
        return cls(meta.name, rang, tableau, "Hidden" not in str(meta.visible))


def choose_feuille(
    feuilles: Sequence[Feuille],
    tetes: Callable[[str], Sequence[Sequence[str]]],
    nom: str,
    releve: Releve,
    voulue: str | None,
    attendus: Sequence[str],
) -> str | None:
    """The name of the sheet to read; None, and a problem, when there is none or no knowing.

    ``tetes`` gives the first rows of a sheet that hold anything, as texts.
    """
    tables = [f for f in feuilles if f.tableau]
    if voulue:
        return _nommee(voulue, tables, nom, releve)
    if not tables:
        releve.signaler(
            nom, "le classeur n’a aucune feuille de cellules.", remede="y mettre les données."
        )
        return None
    visibles = [f.nom for f in tables if f.visible] or [f.nom for f in tables]
    if len(tables) == 1:
        return tables[0].nom
    semblables = [f for f in visibles if attendus and _compte(tetes(f), attendus) == len(attendus)]
    homonymes = [f.nom for f in tables if sans_accent(f.nom) == sans_accent(Path(nom).stem)]
    if homonymes:
        _dire_autres([f for f in semblables if f != homonymes[0]], homonymes[0], nom, releve)
        return homonymes[0]
    if len(semblables) > 1:
        _signaler_semblables(semblables, nom, releve)
        return None
    return max(visibles, key=lambda f: _compte(tetes(f), attendus) if attendus else 0)


def _nommee(voulue: str, tables: Sequence[Feuille], nom: str, releve: Releve) -> str | None:
    trouvees = [f.nom for f in tables if sans_accent(f.nom) == sans_accent(voulue)]
    if not trouvees:
        releve.signaler_inconnu(
            nom,
            "une feuille du classeur",
            voulue,
            [f.nom for f in tables],
            remede="corriger le nom de la feuille.",
        )
    return trouvees[0] if trouvees else None


def _compte(lignes: Sequence[Sequence[str]], attendus: Sequence[str]) -> int:
    """How many of the expected headers the best of the first rows holds."""
    voulus = {sans_accent(entete) for entete in attendus}
    return max((len(voulus & set(map(sans_accent, ligne))) for ligne in lignes), default=0)


def _dire_autres(autres: Sequence[str], lue: str, nom: str, releve: Releve) -> None:
    if autres:
        quoi = enumeration([f"« {extrait(f)} »" for f in autres])
        releve.remarquer(
            nom,
            f"seule la feuille « {extrait(lue)} » est lue ; {quoi} : mêmes en-têtes, non lu.",
        )


def _signaler_semblables(semblables: Sequence[str], nom: str, releve: Releve) -> None:
    quoi = enumeration([f"« {extrait(f)} »" for f in semblables[:8]])
    releve.signaler(
        nom,
        f"{len(semblables)} feuilles ont les en-têtes attendus ({quoi}) : laquelle lire ?",
        remede=f"réunir les lignes sur une seule feuille, nommée « {Path(nom).stem} ».",
    )
