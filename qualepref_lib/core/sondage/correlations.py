"""How far two scales move together: rank correlations, from their two-way table.

Answers have few degrees, so everything is counted in the table: a million answers cost one pass.
Spearman's rho is the correlation of mid-ranks, Kendall's is tau-b; both allow for ties.
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
class Correlation:
    """A rank correlation and its base; NaN where one of the two scales never varies."""

    valeur: float
    n: int
    methode: str

    def intervalle(self, niveau: float = 0.95) -> tuple[float, float]:
        """Fisher's z with the variance of Bonett and Wright (2000); NaN under 4 pairs.

        Spearman: (1 + r²/2) ÷ (n − 3); Kendall: 0,437 ÷ (n − 4).
        """
        from statistics import NormalDist

        kendall = self.methode == "Kendall"
        libres = self.n - (4 if kendall else 3)
        if math.isnan(self.valeur) or libres < 1 or abs(self.valeur) >= 1:
            return (self.valeur, self.valeur) if abs(self.valeur) >= 1 else (math.nan, math.nan)
        variance = (0.437 if kendall else 1 + self.valeur**2 / 2) / libres
        marge = NormalDist().inv_cdf((1 + niveau) / 2) * math.sqrt(variance)
        centre = math.atanh(self.valeur)
        return (math.tanh(centre - marge), math.tanh(centre + marge))


def spearman(tableau: Any) -> Correlation:
    """Spearman's rho of a two-way table of counts, or of weights, in the order of both scales.

    >>> spearman([[2, 0], [0, 2]]).valeur
    1.0
    """
    t = _table(tableau)
    a, b = (_rangs_moyens(t.sum(axis=axe)) for axe in (1, 0))
    total = float(t.sum())
    if not total:
        return Correlation(math.nan, 0, "Spearman")
    pa, pb = t.sum(axis=1) / total, t.sum(axis=0) / total
    a, b = a - pa @ a, b - pb @ b
    echelle = math.sqrt(float(pa @ a**2) * float(pb @ b**2))
    rho = float(a @ (t / total) @ b) / echelle if echelle else math.nan
    return Correlation(rho, round(total), "Spearman")


def spearman_pondere(plan: PlanSondage, a: Any, b: Any) -> Estimation:
    """Spearman's rho of a weighted sample: the correlation of the mid-ranks of weighted answers.

    ``a`` and ``b`` are codes in the order of both scales, −1 where there is no answer. The ranks
    are those of the population that the weights make, and so are estimated: their part of the
    error is counted (what a row changes in the rank of the others).
    """
    a, b = np.asarray(a, dtype=np.int64), np.asarray(b, dtype=np.int64)
    dans = (a >= 0) & (b >= 0) & (plan.poids > 0)
    n = int(dans.sum())
    forme = (int(a.max(initial=0)) + 1, int(b.max(initial=0)) + 1)
    cases = np.where(dans, a * forme[1] + b, 0)
    w = np.where(dans, plan.poids, 0.0)
    sommes = np.bincount(cases, weights=w, minlength=forme[0] * forme[1]).reshape(forme)
    p = sommes / max(float(sommes.sum()), np.finfo(float).tiny)
    (ra, va, ia), (rb, vb, ib) = (_rangs_ponderes(m) for m in (p.sum(axis=1), p.sum(axis=0)))
    if n < 2 or va <= 0 or vb <= 0:
        return Estimation(math.nan, math.nan, n, plan.degres_de(dans))
    covariance = float(ra @ p @ rb)
    rho = covariance / math.sqrt(va * vb)
    # A row moves the product of its ranks, then, by what it is to the others, their own ranks.
    entraine = np.add.outer(_entraine(p @ rb), _entraine(ra @ p))
    produit = np.outer(ra, rb) + entraine - 3 * covariance
    influences = produit / math.sqrt(va * vb) - rho / 2 * np.add.outer(ia / va, ib / vb)
    return estimer(plan, rho, influences.ravel()[cases], dans)


def _rangs_ponderes(marge: Nombres) -> tuple[Nombres, float, Nombres]:
    """Of each class of a margin (of sum 1), the centred mid-rank; their variance; what a row of
    each class changes in it."""
    rangs = marge.cumsum() - marge / 2 - 0.5
    variance = float(marge @ np.square(rangs))
    return rangs, variance, np.square(rangs) + 2 * _entraine(marge * rangs) - 3 * variance


def _entraine(sommes: Nombres) -> Nombres:
    """What one more row of each class adds to the ranks above it, and half of it to its own."""
    return np.asarray(sommes[::-1].cumsum()[::-1] - sommes / 2)


def kendall(tableau: Any) -> Correlation:
    """Kendall's tau-b of a two-way table of counts, in the order of both scales.

    >>> kendall([[2, 0], [0, 2]]).valeur
    1.0
    """
    t = _table(tableau)
    total = float(t.sum())
    apres = t[::-1, ::-1].cumsum(axis=0).cumsum(axis=1)[::-1, ::-1]
    contre = t[::-1].cumsum(axis=0)[::-1].cumsum(axis=1)
    accords = float((t[:-1, :-1] * apres[1:, 1:]).sum())
    desaccords = float((t[:-1, 1:] * contre[1:, :-1]).sum())
    paires = total * (total - 1) / 2
    meme_a, meme_b = (float((m * (m - 1)).sum()) / 2 for m in (t.sum(axis=1), t.sum(axis=0)))
    echelle = math.sqrt(max(0.0, (paires - meme_a) * (paires - meme_b)))
    tau = (accords - desaccords) / echelle if echelle else math.nan
    return Correlation(tau, round(total), "Kendall")


def _table(tableau: Any) -> Nombres:
    t = np.asarray(tableau, dtype=np.float64)
    if t.ndim != 2 or not np.isfinite(t).all() or (t < 0).any():
        raise ValueError("a two-way table holds counts, none negative")
    return t


def _rangs_moyens(marge: Nombres) -> Nombres:
    """The mid-rank of each class of a margin."""
    return np.asarray(marge.cumsum() - marge / 2 + 0.5)
