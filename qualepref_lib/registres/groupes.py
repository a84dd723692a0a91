"""The rows of a register, group by group: by an entry of the référentiel, or by service."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from qualepref_lib.core.refus import sans_accent
from qualepref_lib.referentiel import Entree

Groupe = tuple[str, str, pd.DataFrame]
"""A code, a label, and the rows that share them."""
NON_INDIQUE = "non_indique"
"""The code of the rows whose cell is empty."""


def split_declared(
    entrees: Iterable[Entree], cadre: pd.DataFrame, colonne: str, sans: str = ""
) -> list[Groupe]:
    """One group for each entry that some row carries in ``colonne``, in the order declared.

    With ``sans``, a last group of that label holds the rows whose cell is empty.
    """
    groupes = dict(list(cadre.groupby(colonne)))
    vides = cadre[cadre[colonne].isna()]
    autres = [(NON_INDIQUE, sans, vides)] if sans and len(vides) else []
    return [(e.code, e.libelle, groupes[e.code]) for e in entrees if e.code in groupes] + autres


def split_services(cadre: pd.DataFrame) -> list[Groupe]:
    """One group a service, by name, the rows of no service last.

    Two spellings that differ by accents or capitals are one service, called as it most often is.
    """
    noms = cadre["service"].astype(object).where(cadre["service"].notna(), "")
    codes = noms.map({nom: _code(nom) if nom else "" for nom in noms.unique()})
    usages = noms.groupby(codes).agg(lambda formes: formes.value_counts().index[0])
    groupes = cadre.groupby(codes)
    nommes = [(str(code), str(usages[code]), g) for code, g in groupes if code]
    sans = [(NON_INDIQUE, "service non indiqué", g) for code, g in groupes if not code]
    return sorted(nommes, key=lambda groupe: sans_accent(groupe[1])) + sans


def _code(nom: str) -> str:
    """A service's name as a code: letters and figures, the words joined by dashes."""
    mots = "".join(c if c.isalnum() else " " for c in sans_accent(nom)).split()
    return "-".join(mots) or "sans-nom"
