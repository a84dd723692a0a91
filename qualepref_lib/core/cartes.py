"""Control charts: what a weekly rate or count varies by of itself, and what stands out of it.

A baseline says what is ordinary; later points are judged by it. A signal says that something
changed, never what. The p′ chart is for rates: the limits of a plain p chart assume that only
chance moves a rate from one week to the next, and with thousands of calls a week they become so
narrow that every week stands out. The XmR chart is for single values.

Sources: Laney, "Improved control charts for attributes", Quality Engineering 2002, 14(4):531-537;
Shewhart 1931; Wheeler, Understanding Variation, 1993 (XmR and its 2.66; eight in a row).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

import numpy as np
import numpy.typing as npt

from qualepref_lib.core.intervalles import Intervalle

Valeurs = npt.NDArray[np.float64]
Masque = npt.NDArray[np.bool_]

AU_DELA = "au-delà des limites"
SERIE = "série de huit du même côté"
SANS_SIGNAL = ""

PREMIERS = 20
"""Without a declared baseline, it is this many points, the first known ones…"""
MINIMUM = 12
"""… and there must be this many of them; with fewer nobody can say what is ordinary."""
MINIMUM_DECLARE = 6
"""A declared baseline is its author's choice, but fewer points have next to no moving ranges."""
SUITE = 8
"""Points in a row on one side of the central line that make a signal."""

_D2 = 1.128
"""The mean range of two draws of a normal law of standard deviation 1 (d₂ for n = 2)."""
_XMR = 2.66
"""Three standard deviations in mean moving ranges: 3 / 1.128, as the XmR chart rounds it."""
_INFIME = 1e-9
"""What a computation may be off by, for a centre of 1 or less: a point that near is on a line."""


@dataclass(frozen=True)
class Carte:
    """A control chart: its central line, and each point's limits and signal, in the points' order.

    ``limites`` is empty when the baseline is too short or does not vary at all; otherwise a point
    without a value has None. ``centre`` is NaN when the baseline is too short, and nothing is
    signalled then. ``signaux`` are ``""``, ``"au-delà des limites"`` or ``"série de huit du même
    côté"``; the latter from the eighth point of the run on, as from then on one could know.
    """

    centre: float
    limites: tuple[Intervalle | None, ...]
    signaux: tuple[str, ...]


def new_carte_p(
    numerateurs: npt.ArrayLike, bases: npt.ArrayLike, repere: slice | Masque | None = None
) -> Carte:
    """Laney's p′ chart of the rates ``numerateurs / bases``; limits are shares.

    With p̄ the rate of the whole baseline, σᵢ = √(p̄(1 − p̄)/nᵢ) and zᵢ = (pᵢ − p̄)/σᵢ, the
    over-dispersion σz is the mean moving range of the zᵢ of the baseline divided by 1.128; the
    limits are p̄ ± 3 σᵢ σz, cut to [0, 1]. With σz = 1 they are those of the p chart. A point
    without a base has no limits and breaks runs; a moving range needs two neighbours with a base.

    ``repere`` is the declared baseline (which points); None for the first twenty known points.
    Raises ValueError when the arrays differ in length or when a part exceeds its base.

    >>> carte = new_carte_p([5, 8, 6, 9, 5, 7, 20], [10, 10, 10, 10, 10, 10, 40], slice(0, 6))
    >>> round(carte.centre, 3), [round(borne, 3) for borne in carte.limites[-1]]
    (0.667, [0.294, 1.0])
    """
    faits, n = np.asarray(numerateurs, "float64"), np.asarray(bases, "float64")
    if faits.shape != n.shape or not np.all((faits >= 0) & (faits <= n)):
        raise ValueError("each part goes with a base that is at least as large")
    taux = np.divide(faits, n, out=np.full(n.shape, np.nan), where=n > 0)
    retenus = _retenus(taux, repere)
    centre = float(faits[retenus].sum() / n[retenus].sum()) if retenus.any() else np.nan
    sigmas = np.sqrt(np.divide(centre * (1 - centre), n, out=np.full(n.shape, np.nan), where=n > 0))
    # A baseline all kept, or all missed, has no z: its sigmas are 0.
    z = np.divide(taux - centre, sigmas, out=np.zeros(n.shape), where=sigmas > 0)
    marges = 3 * sigmas * _etendue_mobile(z, retenus) / _D2
    return _new_carte(taux, centre, marges, (0.0, 1.0))


def new_carte_xmr(
    valeurs: npt.ArrayLike, repere: slice | Masque | None = None, plancher: float = -np.inf
) -> Carte:
    """The XmR chart of single values: mean of the baseline ± 2.66 mean moving ranges.

    A missing value (NaN) has no limits and breaks runs; a moving range needs two known neighbours.
    ``plancher`` is the least value that there can be, 0 for a count: no limit is below it.
    ``repere`` is the declared baseline (which points); None for the first twenty known points.

    >>> carte = new_carte_xmr([6, 1, 8, 5, 11, 4], slice(0, 6))
    >>> round(carte.centre, 3), [round(borne, 3) for borne in carte.limites[0]]
    (5.833, [-9.063, 20.729])
    """
    points = np.asarray(valeurs, "float64")
    retenus = _retenus(points, repere)
    centre = float(points[retenus].mean()) if retenus.any() else np.nan
    marge = _XMR * _etendue_mobile(points, retenus)
    return _new_carte(points, centre, np.full(points.shape, marge), (plancher, np.inf))


def _retenus(points: Valeurs, repere: slice | Masque | None) -> Masque:
    """Which points are the baseline; none of them when they are too few to say what is ordinary."""
    connus = ~np.isnan(points)
    if repere is None:
        retenus, minimum = connus & (np.cumsum(connus) <= PREMIERS), MINIMUM
    else:
        declares = np.zeros(points.shape, "bool")
        declares[repere] = True
        retenus, minimum = connus & declares, MINIMUM_DECLARE
    return retenus if np.count_nonzero(retenus) >= minimum else np.zeros_like(retenus)


def _etendue_mobile(points: Valeurs, retenus: Masque) -> float:
    """The mean distance between neighbours of the baseline; NaN without two neighbours."""
    ecarts = np.abs(np.diff(points))[retenus[1:] & retenus[:-1]]
    return float(ecarts.mean()) if len(ecarts) else np.nan


def _new_carte(points: Valeurs, centre: float, marges: Valeurs, bornes: Intervalle) -> Carte:
    proche = _INFIME * max(abs(centre), 1.0)
    connus = ~np.isnan(points)
    # A baseline that never varies says nothing of what is ordinary, rounding errors even less.
    limitee = bool(np.any(marges[connus] > proche))
    bas, haut = np.maximum(centre - marges, bornes[0]), np.minimum(centre + marges, bornes[1])
    limites = tuple(
        (float(de), float(a)) if connu else None
        for de, a, connu in zip(bas, haut, connus, strict=True)
    )
    dehors = (
        (points < bas - proche) | (points > haut + proche) if limitee else np.zeros_like(connus)
    )
    cotes = np.where(np.abs(points - centre) > proche, np.sign(points - centre), 0)
    return Carte(centre, limites if limitee else (), _signaler(dehors, cotes))


def _signaler(dehors: Masque, cotes: Valeurs) -> tuple[str, ...]:
    """The signal of each point, from where it lies: 1 above the central line, −1 below, 0 on it."""
    signaux = []
    for cote, suite in groupby(zip(cotes, dehors, strict=True), key=lambda point: point[0]):
        for rang, (_, hors) in enumerate(suite, 1):
            longue = bool(cote) and rang >= SUITE
            signaux.append(AU_DELA if hors else SERIE if longue else SANS_SIGNAL)
    return tuple(signaux)
