"""Means, proportions and differences of a sample, with their linearised (Taylor) errors.

A mean is a ratio of two estimated totals; its linearised variable is w (y − ȳ) ÷ Σw. A missing
value leaves its row out of the domain, and its primary unit in the design.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from qualepref_lib.core.sondage.plan import PlanSondage
from qualepref_lib.core.sondage.poids import Nombres, effectif_efficace, effet_kish

Masque = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Estimation:
    """An estimate, its standard error, its unweighted base, its degrees of freedom.

    The degrees of freedom are those of its domain: the units that have a row in it.

    ``effet`` is the design effect: this variance over that of a simple random sample of the same
    size, drawn with replacement; NaN where the latter is zero. ``kish`` and ``efficace`` are what
    the weights alone cost.
    """

    valeur: float
    erreur: float
    n: int
    degres: int
    effet: float = math.nan
    kish: float = math.nan
    efficace: float = math.nan

    def intervalle(self, niveau: float = 0.95) -> tuple[float, float]:
        """The interval of a mean or a difference: the Student quantile of the design."""
        marge = _quantile(niveau, self.degres) * self.erreur
        return (self.valeur - marge, self.valeur + marge)

    def intervalle_correlation(self, niveau: float = 0.95) -> tuple[float, float]:
        """The interval of a correlation, on Fisher's scale: it stays between −1 and 1."""
        r = self.valeur
        if math.isnan(r) or abs(r) >= 1:
            return (r, r)
        marge = _quantile(niveau, self.degres) * self.erreur / (1 - r * r)
        return (math.tanh(math.atanh(r) - marge), math.tanh(math.atanh(r) + marge))

    def intervalle_part(self, niveau: float = 0.95) -> tuple[float, float]:
        """The interval of a proportion, on the logit scale: it stays between 0 and 1.

        At 0 or 1 the error is zero and the scale has no end: the exact interval of the effective
        number of answers is given instead.
        """
        from qualepref_lib.core.intervalles import wilson

        p = self.valeur
        if self.n == 0 or math.isnan(p):
            return (0.0, 1.0)
        if not 0 < p < 1 or self.erreur == 0:
            efficace = self.efficace if self.efficace > 0 else float(self.n)
            bas, haut = wilson(p * efficace, efficace, niveau)  # type: ignore[arg-type]
            return (min(bas, p), max(haut, p))
        centre = math.log(p / (1 - p))
        marge = _quantile(niveau, self.degres) * self.erreur / (p * (1 - p))
        return (_expit(centre - marge), _expit(centre + marge))


def moyenne(plan: PlanSondage, y: Any, domaine: Any = None) -> Estimation:
    """The weighted mean of ``y`` among the rows of ``domaine``; NaN are left out of it.

    >>> moyenne(PlanSondage([1.0, 1.0, 2.0]), [0, 1, 1]).valeur
    0.75
    """
    valeurs, dans = _preparer(plan, y, domaine)
    w = np.where(dans, plan.poids, 0.0)
    total = float(w.sum())
    if not total:
        return Estimation(math.nan, math.nan, 0, plan.degres)
    valeur = float(w @ valeurs) / total
    e = estimer(plan, valeur, valeurs - valeur, dans)
    return replace(e, effet=_effet(e.erreur, valeurs, valeur, w))


def estimer(plan: PlanSondage, valeur: float, influences: Any, domaine: Masque) -> Estimation:
    """An estimate whose linearised variable is known, row by row: its error in this design.

    ``influences`` (of mean zero over the domain) is how much each row of ``domaine`` moves
    ``valeur``, its derivative; what is out of the domain may hold anything.
    """
    w = np.where(domaine, plan.poids, 0.0)
    z = np.where(domaine, w * np.asarray(influences, dtype=np.float64), 0.0) / float(w.sum())
    return Estimation(
        valeur=valeur,
        erreur=math.sqrt(max(0.0, float(plan.variance(z)[0, 0]))),
        n=int((w > 0).sum()),
        degres=plan.degres_de(w > 0),
        kish=effet_kish(w),
        efficace=effectif_efficace(w),
    )


def moyenne_de_comptes(valeurs: Any, effectifs: Any) -> Estimation:
    """The mean of a simple sample known by how many rows hold each value.

    >>> e = moyenne_de_comptes([1, 2], [5, 5])
    >>> e.valeur, round(e.erreur, 4), e.n
    (1.5, 0.1667, 10)
    """
    v, c = np.asarray(valeurs, dtype=np.float64), np.asarray(effectifs, dtype=np.float64)
    n = int(c.sum())
    if n == 0:
        return Estimation(math.nan, math.nan, 0, 0)
    valeur = float(v @ c) / n
    variance = float(np.square(v - valeur) @ c) / (n - 1) if n > 1 else math.nan
    return Estimation(valeur, math.sqrt(variance / n), n, n - 1, 1.0, 1.0, float(n))


def proportion(plan: PlanSondage, dans: Any, domaine: Any = None) -> Estimation:
    """The weighted share of the rows of ``domaine`` for which ``dans`` holds."""
    return moyenne(plan, np.asarray(dans, dtype=np.float64), domaine)


def difference(plan: PlanSondage, y: Any, groupe: Any, autre: Any) -> Estimation:
    """The mean of one group minus that of another of the same sample, covariance kept."""
    termes = [_linearise(plan, y, domaine) for domaine in (groupe, autre)]
    (a, za, na), (b, zb, nb) = termes
    erreur = math.sqrt(max(0.0, float(plan.variance(za - zb)[0, 0])))
    return Estimation(a - b, erreur, na + nb, plan.degres)


def difference_independante(maintenant: Estimation, avant: Estimation) -> Estimation:
    """The difference of two estimates of independent samples: their variances add up."""
    return Estimation(
        valeur=maintenant.valeur - avant.valeur,
        erreur=math.hypot(maintenant.erreur, avant.erreur),
        n=maintenant.n + avant.n,
        degres=maintenant.degres + avant.degres,
    )


def _linearise(plan: PlanSondage, y: Any, domaine: Any) -> tuple[float, Nombres, int]:
    """A mean, its linearised variable, its base."""
    valeurs, dans = _preparer(plan, y, domaine)
    w = np.where(dans, plan.poids, 0.0)
    total = float(w.sum())
    if not total:
        return math.nan, np.full(len(w), math.nan), 0
    valeur = float(w @ valeurs) / total
    return valeur, w * (valeurs - valeur) / total, int((w > 0).sum())


def _preparer(plan: PlanSondage, y: Any, domaine: Any) -> tuple[Nombres, Masque]:
    valeurs = np.asarray(y, dtype=np.float64)
    if valeurs.shape != plan.poids.shape:
        raise ValueError("one value a row is expected")
    dans = ~np.isnan(valeurs)
    if domaine is not None:
        dans &= np.asarray(domaine, dtype=bool)
    return np.where(dans, valeurs, 0.0), dans


def _effet(erreur: float, valeurs: Nombres, valeur: float, w: Nombres) -> float:
    """The variance over that of a simple random sample with replacement of the same size."""
    n = int((w > 0).sum())
    if n < 2:
        return math.nan
    simple = float(w @ np.square(valeurs - valeur)) / float(w.sum()) * n / (n - 1) / n
    return erreur**2 / simple if simple > 0 else math.nan


def _quantile(niveau: float, degres: int) -> float:
    from scipy.special import stdtrit

    if degres < 1:
        return math.inf
    return float(stdtrit(degres, (1 + niveau) / 2))


def _expit(x: float) -> float:
    return 1 / (1 + math.exp(-x)) if x > -700 else 0.0
