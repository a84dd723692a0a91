"""A shared register is numbered in advance: what nobody filled in yet is no row of it."""

from __future__ import annotations

import pandas as pd

from qualepref_lib.core.refus import sans_accent
from qualepref_lib.formats.cellules import NON_CALCULEE

NUMERO = "chrono"
CALCULEES = ("echeance_accuse", "etat_accuse", "echeance", "etat")
"""What the workbook computes for the person who fills it in: it is worked out again here."""


def keep_servies(brut: pd.DataFrame) -> tuple[pd.DataFrame, int]:
    """The rows that somebody began to fill in, and how many others there are.

    What the workbook computes is taken out: it says nothing that the other cells do not.
    """
    formes = {entete: sans_accent(str(entete)) for entete in brut.columns}
    lues = brut[[entete for entete, forme in formes.items() if _forme(forme) not in CALCULEES]]
    autres = [entete for entete in lues.columns if formes[entete] != NUMERO]
    # The name of the only service is a formula: not computed yet, it says nothing either.
    servies = (~lues[autres].isin(["", NON_CALCULEE])).any(axis=1)
    gardees = lues[servies].copy()
    gardees.attrs = dict(brut.attrs)
    return gardees, int((~servies).sum())


def _forme(entete: str) -> str:
    return "_".join(entete.replace("_", " ").split())
