"""Weeks, from Monday to Sunday (ISO 8601), and the p′ chart of a rate followed week by week."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
import pandas as pd
from babel.dates import format_date

from qualepref_lib.campagne.fiche import Repere
from qualepref_lib.core.bilan import Bilan, Ligne
from qualepref_lib.core.cartes import PREMIERS, Carte, new_carte_p
from qualepref_lib.core.francais import date_longue
from qualepref_lib.core.mesures import Taux

FORMULE_CARTE = (
    "limites de la carte p′ de Laney : trois écarts-types autour du taux central, élargis de ce "
    "que les taux de la période de repère varient d’une semaine à l’autre ; repères déclarés dans "
    "la fiche de campagne, chacun valant de sa première semaine, même entamée, au suivant ; sans "
    "repère déclaré, les vingt premières semaines ; pas de limites à moins de douze semaines, six "
    "si le repère est déclaré ; signal : un point au-delà des limites, ou huit de suite du même "
    "côté du taux central"
)
"""How the limits of a followed rate are made, for the formula of its bilan."""


def mondays_of(dates: pd.Series) -> pd.Series:
    """The Monday of the week of each date (datetime64)."""
    return dates.dt.normalize() - pd.to_timedelta(dates.dt.day_of_week, unit="D")


def code_semaine(lundi: dt.date) -> str:
    """The code of a week, sortable: its ISO year and number.

    >>> code_semaine(dt.date(2022, 1, 31)), code_semaine(dt.date(2021, 1, 1))
    ('2022-s05', '2020-s53')
    """
    annee, semaine, _ = lundi.isocalendar()
    return f"{annee}-s{semaine:02d}"


def libelle_semaine(lundi: dt.date) -> str:
    """What a week is called.

    >>> libelle_semaine(dt.date(2022, 1, 31)), libelle_semaine(dt.date(2022, 8, 1))
    ('semaine du 31 janv. 2022', 'semaine du 1er août 2022')
    """
    premier = "1er" if lundi.day == 1 else str(lundi.day)
    return f"semaine du {premier} {format_date(lundi, 'MMM y', locale='fr')}"


def follow_weeks(
    lundis: pd.Series,
    favorables: pd.Series,
    reperes: Sequence[Repere],
    poids: pd.Series | None = None,
) -> list[Ligne]:
    """One line a week: its rate, the central line and the limits that judge it, its signal.

    The three series share an index of lines of the file: the Monday of each row, whether it is
    favourable, how many things it stands for (one by default). A week without any row has no line.
    Each baseline judges the weeks from its start until the next one's; weeks before the first have
    no limits. Which weeks are to be compared is for the caller to choose.
    """
    nombres = pd.Series(1, index=lundis.index) if poids is None else poids.astype("int64")
    colonnes = {"lundi": lundis, "faits": nombres.where(favorables, 0), "base": nombres}
    semaines = pd.DataFrame(colonnes).groupby("lundi")
    points = semaines.sum()
    rangs = semaines.indices
    numeros = lundis.index.to_numpy()
    return [
        Ligne(
            code=code_semaine(lundi.date()),
            libelle=libelle_semaine(lundi.date()),
            mesure=Taux(int(faits), int(base)),
            lignes=tuple(numeros[rangs[lundi]].tolist()),
            reference=jugement.centre,
            statut=jugement.signal,
            limites=jugement.limites,
        )
        for lundi, faits, base, jugement in zip(
            points.index, points["faits"], points["base"], _judge(points, reperes), strict=True
        )
    ]


def tell_reperes(bilan: Bilan, reperes: Sequence[Repere]) -> Bilan:
    """The bilan of a chart, with its baselines and their written reasons in its scope.

    A bilan too short to have limits stays as it is.
    """
    if not any(ligne.limites for ligne in bilan.lignes):
        return bilan
    return replace(bilan, champ=bilan.champ + _text_reperes(reperes, len(bilan.lignes)))


def _text_reperes(reperes: Sequence[Repere], semaines: int) -> str:
    """How the scope of a chart ends.

    >>> avril = Repere(indicateur="x", debut="2021-04-01", fin="2021-09-30", motif="Au calme.")
    >>> _text_reperes([avril], 49)
    ' ; repère du 1er avril au 30 septembre 2021 : au calme'
    >>> _text_reperes([], 13)
    ' ; repère : les 13 premières semaines, faute de repère déclaré'
    """
    if not reperes:
        combien = min(semaines, PREMIERS)
        return f" ; repère : les {combien} premières semaines, faute de repère déclaré"
    dits = [
        f" ; repère {_periode(r)} : {r.motif[:1].lower()}{r.motif[1:].rstrip(' .')}"
        for r in sorted(reperes, key=lambda r: r.debut)
    ]
    return "".join(dits)


def _periode(repere: Repere) -> str:
    """From a day to another, the year told once when it is the same."""
    debut = date_longue(repere.debut)
    if repere.debut.year == repere.fin.year:
        debut = debut.removesuffix(f" {repere.debut.year}")
    return f"du {debut} au {date_longue(repere.fin)}"


@dataclass(frozen=True)
class _Jugement:
    """What the chart says of one week; nothing when no baseline speaks of it."""

    centre: Fraction | None = None
    limites: tuple[float, float] | None = None
    signal: str = ""


def _judge(points: pd.DataFrame, reperes: Sequence[Repere]) -> list[_Jugement]:
    """The verdict on each point, each baseline from its start until the next one's.

    A week that a period only touches belongs to it: registers begin on a first of the month.
    """
    if not reperes:
        return _read(new_carte_p(points["faits"].to_numpy(), points["base"].to_numpy()))
    dimanches = points.index + pd.Timedelta(days=6)
    juges = [_Jugement()] * len(points)
    for repere in reperes:
        depuis = dimanches >= pd.Timestamp(repere.debut)
        siens = points[depuis]
        masque = np.asarray(siens.index <= pd.Timestamp(repere.fin))
        if not masque.any():
            continue
        carte = new_carte_p(siens["faits"].to_numpy(), siens["base"].to_numpy(), masque)
        for rang, jugement in zip(np.flatnonzero(depuis), _read(carte), strict=True):
            juges[rang] = jugement  # the next baseline overwrites from its own start on
    return juges


def _read(carte: Carte) -> list[_Jugement]:
    centre = None if math.isnan(carte.centre) else Fraction(carte.centre)
    limites = carte.limites or (None,) * len(carte.signaux)
    return [_Jugement(centre, *lu) for lu in zip(limites, carte.signaux, strict=True)]
