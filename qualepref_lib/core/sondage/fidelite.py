"""Do the questions of a part go together? Cronbach's alpha, on the complete answers.

Source: L. J. Cronbach, *Psychometrika*, 1951, 16:297-334; interval: L. S. Feldt, W. A. Woodruff and
F. A. Salih, *Applied Psychological Measurement*, 1987, 11:93-103.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from qualepref_lib.core.sondage.estimations import Estimation, estimer
from qualepref_lib.core.sondage.plan import PlanSondage
from qualepref_lib.core.sondage.poids import Nombres


@dataclass(frozen=True)
class Alpha:
    """Cronbach's alpha of ``k`` items answered by ``n`` people; ``standardise`` is of the ranks of
    correlation, ``sans`` what alpha becomes without each item (NaN under three items)."""

    valeur: float
    standardise: float
    n: int
    k: int
    sans: tuple[float, ...]

    def intervalle(self, niveau: float = 0.95) -> tuple[float, float]:
        """Feldt's interval; NaN where alpha has none."""
        from scipy.special import fdtri

        if math.isnan(self.valeur) or self.n < 2 or self.k < 2:
            return (math.nan, math.nan)
        risque, libres = (1 - niveau) / 2, self.n - 1
        autres = libres * (self.k - 1)
        bas = 1 - (1 - self.valeur) * float(fdtri(libres, autres, 1 - risque))
        return (bas, 1 - (1 - self.valeur) * float(fdtri(libres, autres, risque)))


def alpha_cronbach(notes: Any) -> Alpha:
    """Alpha of a matrix people × items; a person who left one item out is left out.

    An item that never varies stays among the items: it adds nothing to any variance.

    >>> round(alpha_cronbach([[1, 2], [2, 3], [3, 3], [4, 5]]).valeur, 3)
    0.96
    """
    x = np.asarray(notes, dtype=np.float64)
    if x.ndim != 2:
        raise ValueError("a matrix of people by items is expected")
    x = x[~np.isnan(x).any(axis=1)]
    n, k = x.shape
    if n < 2 or k < 2:
        return Alpha(math.nan, math.nan, n, k, (math.nan,) * k)
    covariance = np.cov(x, rowvar=False)
    restes = [np.delete(np.delete(covariance, i, 0), i, 1) for i in range(k)]
    return Alpha(
        valeur=_alpha(covariance),
        standardise=_alpha(_correlation(covariance)),
        n=n,
        k=k,
        sans=tuple(_alpha(reste) for reste in restes),
    )


def alpha_pondere(plan: PlanSondage, notes: Any) -> Estimation:
    """Alpha of a weighted sample, and its linearised error; people × items, NaN left out.

    The variances are those of the weighted answers; the error holds without any hypothesis on
    how answers are spread, where that of Feldt supposes them normal.
    """
    x = np.asarray(notes, dtype=np.float64)
    dans = ~np.isnan(x).any(axis=1) & (plan.poids > 0)
    n, k = int(dans.sum()), x.shape[1]
    w = np.where(dans, plan.poids, 0.0)
    x = np.where(dans[:, None], x, 0.0)
    ecarts = x - (w @ x) / max(float(w.sum()), np.finfo(float).tiny)
    carres, total = np.square(ecarts).sum(axis=1), np.square(ecarts.sum(axis=1))
    if n < 2 or k < 2 or not w @ total > 0:
        return Estimation(math.nan, math.nan, n, plan.degres_de(dans))
    s, t = float(w @ carres) / float(w.sum()), float(w @ total) / float(w.sum())
    facteur = k / (k - 1)
    # alpha = facteur (1 − s ÷ t); a variance moves by the squared gap of a row minus itself.
    influences = -facteur * ((carres - s) - s / t * (total - t)) / t
    return estimer(plan, facteur * (1 - s / t), influences, dans)


def _alpha(covariance: Nombres) -> float:
    k, total = len(covariance), float(covariance.sum())
    if k < 2 or total <= 0:
        return math.nan
    return k / (k - 1) * (1 - float(np.trace(covariance)) / total)


def _correlation(covariance: Nombres) -> Nombres:
    ecarts = np.sqrt(np.diag(covariance))
    if not ecarts.all():
        return np.full_like(covariance, math.nan)
    return np.asarray(covariance / np.outer(ecarts, ecarts))
