"""What the review of free texts must respect beside the survey: it speaks of answers that exist.

A row that asks to mask an answer and names none would leave what it was to hide in the report.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from qualepref_lib.core.refus import Releve, extrait

ENQUETE, RELECTURE = "enquete", "verbatims_revus"


def check_relecture(
    cadres: Mapping[str, pd.DataFrame], noms: Mapping[str, str], releve: Releve
) -> None:
    """Every decision is on an answer of the survey; the text beside it is not read."""
    if not {ENQUETE, RELECTURE} <= cadres.keys():
        return
    revus, connues = cadres[RELECTURE], set(cadres[ENQUETE]["reponse"].dropna())
    decides = revus["decision"].notna() | revus["a_masquer"].notna()
    reponses = revus["reponse"].str.replace(r"^'(?=[=+\-@\t\r])", "", regex=True)
    revus = revus.assign(reponse=reponses)  # the quote that keeps a CSV from being a formula
    for ligne, reponse in revus.loc[decides & ~revus["reponse"].isin(connues), "reponse"].items():
        releve.signaler(
            noms[RELECTURE],
            f"« {extrait(reponse)} » n’est pas une réponse de l’enquête : ce qu’il fallait masquer "
            "ne le serait pas.",
            ligne=int(str(ligne)),
            colonne="reponse",
            remede="refaire la feuille avec « qualepref enquete relire », ou corriger la réponse.",
        )
