"""How far a proportion seen in a sample can be from the one that holds.

Wilson and Newcombe are written out: their closed forms are a line each, and importing a
statistics package for them costs every notebook two seconds. The tests check them against
statsmodels. The exact (Clopper-Pearson) bounds come from scipy's inverse beta function.

Sources: Wilson 1927; Newcombe 1998 (method 10); Clopper and Pearson 1934.
"""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import Literal

Intervalle = tuple[float, float]
Decision = Literal["prouvé", "non démontré", "contredit"]


def wilson(favorables: float, observes: int, niveau: float = 0.95) -> Intervalle:
    """The Wilson score interval of a proportion; ``(0, 1)`` when nothing was observed.

    >>> [round(100 * borne, 1) for borne in wilson(92, 171)]
    [46.3, 61.1]
    """
    if observes == 0:
        return (0.0, 1.0)
    z = NormalDist().inv_cdf((1 + niveau) / 2)
    p = favorables / observes
    centre = p + z * z / (2 * observes)
    marge = z * math.sqrt(p * (1 - p) / observes + z * z / (4 * observes**2))
    echelle = 1 + z * z / observes
    bas, haut = (centre - marge) / echelle, (centre + marge) / echelle
    return (0.0 if favorables == 0 else bas, 1.0 if favorables == observes else haut)


def exact(favorables: int, observes: int, niveau: float = 0.95) -> Intervalle:
    """The exact (Clopper-Pearson) interval of a proportion.

    >>> [round(100 * borne, 1) for borne in exact(0, 10)]
    [0.0, 30.8]
    """
    risque = (1 - niveau) / 2
    return (borne_basse(favorables, observes, risque), borne_haute(favorables, observes, risque))


def borne_basse(favorables: int, observes: int, risque: float = 0.05) -> float:
    """The exact lower bound that is wrong at most ``risque`` of the time (one-sided)."""
    from scipy.special import betaincinv

    if favorables == 0:
        return 0.0
    return float(betaincinv(favorables, observes - favorables + 1, risque))


def borne_haute(favorables: int, observes: int, risque: float = 0.05) -> float:
    """The exact upper bound that is wrong at most ``risque`` of the time (one-sided)."""
    return 1.0 - borne_basse(observes - favorables, observes, risque)


def newcombe(
    favorables: float, observes: int, avant: float, observes_avant: int, niveau: float = 0.95
) -> Intervalle:
    """The hybrid score interval of the difference (now − before) of two proportions.

    >>> [round(100 * borne, 1) for borne in newcombe(92, 171, 126, 150)]
    [-39.2, -20.3]
    """
    p, q = favorables / observes, avant / observes_avant
    p_bas, p_haut = wilson(favorables, observes, niveau)
    q_bas, q_haut = wilson(avant, observes_avant, niveau)
    return (
        p - q - math.hypot(p - p_bas, q_haut - q),
        p - q + math.hypot(p_haut - p, q - q_bas),
    )


def decider(favorables: int, observes: int, cible: float, niveau: float = 0.95) -> Decision:
    """What a sample proves about a target (rules 3.3: exact one-sided bounds).

    >>> decider(14, 14, 0.8), decider(13, 13, 0.8), decider(18, 20, 0.8), decider(3, 12, 0.8)
    ('prouvé', 'non démontré', 'non démontré', 'contredit')
    """
    risque = 1 - niveau
    if borne_basse(favorables, observes, risque) >= cible:
        return "prouvé"
    if borne_haute(favorables, observes, risque) < cible:
        return "contredit"
    return "non démontré"
