"""A funnel: how far from the common rate a site may be by chance, given how much was counted there.

A small site strays further than a large one, and a ranking would shame it for that. The limits are
those of the binomial law, exact, interpolated between the two counts that a continuous limit falls
between. Where the sites differ among themselves by more than that law allows (seasons, publics,
ways of counting), the limits are widened by the dispersion that the sites show, and this is told.

Source: Spiegelhalter, *Funnel plots for comparing institutional performance*, Statistics in
Medicine 24, 2005 (appendix A.1 for the exact limits), and *Handling over-dispersion of performance
indicators*, Quality and Safety in Health Care 14, 2005.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

HORS_LIMITES = 0.998
"""The level of the limits: two sites in a thousand are beyond them by chance alone."""
RABOT = 0.1
"""The share of the extreme sites, each side, that is drawn in before dispersion is measured."""


@dataclass(frozen=True)
class Dispersion:
    """How the sites spread, in times what the binomial law gives; 1 when it suffices.

    ``facteur`` is the mean of the squared z-scores, the extreme ones drawn in.
    """

    facteur: float
    excessive: bool


def limites_binomiales(part: float, base: int, niveau: float = HORS_LIMITES) -> tuple[float, float]:
    """The shares between which a site of ``base`` cases stays with probability ``niveau`` or more.

    The upper limit is the lower one of the unfavourable cases, so that both sides judge alike: a
    site is beyond when so extreme a count has less than half of ``1 − niveau``.

    >>> [round(100 * borne, 1) for borne in limites_binomiales(0.5, 100, 0.95)]
    [39.7, 60.3]
    """
    if not 0 < part < 1:
        return part, part
    risque = (1 - niveau) / 2
    return _limite_basse(part, base, risque), 1.0 - _limite_basse(1 - part, base, risque)


def _limite_basse(part: float, base: int, risque: float) -> float:
    """Between the last count that is too rare and the first that is not, where the risk falls."""
    from scipy.stats import binom

    rang = float(binom.ppf(risque, base, part))
    sous, ici = float(binom.cdf(rang - 1, base, part)), float(binom.cdf(rang, base, part))
    return max(0.0, (rang - (ici - risque) / (ici - sous)) / base)


def limites_elargies(
    part: float, base: int, facteur: float, niveau: float = HORS_LIMITES
) -> tuple[float, float]:
    """The same, widened by a dispersion ``facteur`` times that of the binomial law."""
    z = NormalDist().inv_cdf((1 + niveau) / 2)
    marge = z * math.sqrt(facteur * part * (1 - part) / base)
    return max(0.0, part - marge), min(1.0, part + marge)


def measure_dispersion(part: float, comptes: Sequence[tuple[float, int]]) -> Dispersion:
    """How much more than by chance the sites differ; ``comptes`` are favourable and base.

    It is excessive when chance alone would give as much in fewer than one network in twenty.
    """
    from scipy.stats import chi2

    if not 0 < part < 1 or len(comptes) < 2:
        return Dispersion(1.0, False)
    ecarts = sorted((k / n - part) / math.sqrt(part * (1 - part) / n) for k, n in comptes)
    bord = int(RABOT * len(ecarts))
    bas, haut = ecarts[bord], ecarts[len(ecarts) - 1 - bord]
    facteur = sum(min(max(z, bas), haut) ** 2 for z in ecarts) / len(ecarts)
    seuil = float(chi2.ppf(0.95, len(ecarts))) / len(ecarts)
    return Dispersion(facteur, facteur > seuil)
