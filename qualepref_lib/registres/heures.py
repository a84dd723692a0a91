"""Hours and half-hours of a day, and rates read by hour and weekday."""

from __future__ import annotations

import pandas as pd

from qualepref_lib.core.bilan import Ligne
from qualepref_lib.core.mesures import Taux, TriCroise

JOURS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
DEMI_HEURE = 30
"""Minutes of one step of the day."""


def libelle_demi_heure(rang: int) -> str:
    """The half-hour of that rank, from midnight.

    >>> libelle_demi_heure(18), libelle_demi_heure(19)
    ('9h00–9h30', '9h30–10h00')
    """
    bornes = (divmod(minute, 60) for minute in (rang * DEMI_HEURE, (rang + 1) * DEMI_HEURE))
    return "–".join(f"{heure}h{minute:02d}" for heure, minute in bornes)


def code_demi_heure(rang: int) -> str:
    """The code of a half-hour, sortable.

    >>> code_demi_heure(19)
    'h0930'
    """
    heure, minute = divmod(rang * DEMI_HEURE, 60)
    return f"h{heure:02d}{minute:02d}"


def cross_hours(
    dates: pd.Series, minutes: pd.Series, favorables: pd.Series, poids: pd.Series
) -> list[Ligne]:
    """One line an hour, from the first to the last that has rows, with a rate for each weekday.

    The four series share an index of lines of the file: day, minutes since midnight, whether the
    row is favourable, how many things it stands for. A weekday on which nothing ever came has no
    case; an hour of a day without rows has an empty base. Rows without an hour are left out.
    """
    connues = minutes.notna()
    colonnes = {
        "heure": (minutes[connues] // 60).astype("int64"),
        "jour": dates[connues].dt.day_of_week,
        "faits": poids[connues].where(favorables[connues], 0),
        "base": poids[connues],
    }
    cadre = pd.DataFrame(colonnes)
    if cadre.empty:
        return []
    sommes = cadre.groupby(["heure", "jour"]).sum()
    taux = {cle: Taux(int(faits), int(base)) for cle, faits, base in sommes.itertuples()}
    jours = sorted(int(jour) for jour in cadre["jour"].unique())
    rangs, numeros = cadre.groupby("heure").indices, cadre.index.to_numpy()
    return [
        Ligne(
            f"h{heure:02d}",
            f"{heure}h–{heure + 1}h",
            TriCroise({JOURS[jour]: taux.get((heure, jour), Taux(0, 0)) for jour in jours}),
            tuple(numeros[rangs[heure]].tolist()) if heure in rangs else (),
        )
        for heure in range(int(cadre["heure"].min()), int(cadre["heure"].max()) + 1)
    ]
