"""Are two questions linked, when answers are weighted or grouped? Rao and Scott's corrections.

Pearson's chi-square of the weighted table is too large for a complex sample. The first-order
correction divides it by the mean of its generalised design effects (reference: chi-square); the
second-order one also allows for their spread (reference: F).

Source: J. N. K. Rao and A. J. Scott, *Annals of Statistics*, 1984, 12:46-60.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from qualepref_lib.core.sondage.plan import PlanSondage
from qualepref_lib.core.sondage.poids import Nombres


@dataclass(frozen=True)
class RaoScott:
    """Both corrections: ``khi_deux`` over ``effet`` (first order), ``f`` (second order).

    ``ddl_f`` are the two degrees of freedom of F; ``n`` the unweighted base. p-values are NaN
    where there is nothing to compare.
    """

    khi_deux: float
    effet: float
    ddl: int
    p_premier: float
    f: float
    ddl_f: tuple[float, float]
    p: float
    n: int


def rao_scott(plan: PlanSondage, lignes: Any, colonnes: Any) -> RaoScott:
    """The test of independence of two arrays of codes; a negative code is a missing answer.

    Rows and columns without any weight say nothing and are left out.
    """
    a, b = np.asarray(lignes, dtype=np.int64), np.asarray(colonnes, dtype=np.int64)
    dans = (a >= 0) & (b >= 0) & (plan.poids > 0)
    (_, a_dans), (_, b_dans) = (np.unique(x[dans], return_inverse=True) for x in (a, b))
    n = int(dans.sum())
    nr, nc = (int(x.max()) + 1 if n else 0 for x in (a_dans, b_dans))
    if min(nr, nc) < 2:
        return RaoScott(
            math.nan, math.nan, 0, math.nan, math.nan, (math.nan, math.nan), math.nan, n
        )
    cases = np.full(len(a), -1, dtype=np.int64)
    cases[dans] = a_dans * nc + b_dans
    parts, variance = _parts(plan, cases, nr * nc)
    khi_deux = n * _pearson(parts.reshape(nr, nc))
    delta = _effets(parts, variance, nr, nc, n)
    return _corriger(khi_deux, delta, plan.degres, n)


def _parts(plan: PlanSondage, cases: npt.NDArray[np.int64], k: int) -> tuple[Nombres, Nombres]:
    """The weighted share of each cell of the table, and their covariance."""
    dans = cases >= 0
    w = np.where(dans, plan.poids, 0.0)
    total = w.sum()
    parts = np.bincount(cases[dans], weights=w[dans], minlength=k) / total
    z = np.outer(-w / total, parts)
    z[np.flatnonzero(dans), cases[dans]] += w[dans] / total
    return parts, plan.variance(z)


def _pearson(parts: Nombres) -> float:
    attendues = np.outer(parts.sum(axis=1), parts.sum(axis=0))
    return float(((parts - attendues) ** 2 / attendues).sum())


def _effets(parts: Nombres, variance: Nombres, nr: int, nc: int, n: int) -> Nombres:
    """The matrix whose eigenvalues are the generalised design effects of the contrasts."""
    lignes, colonnes = np.repeat(np.arange(nr), nc), np.tile(np.arange(nc), nr)
    principal = np.column_stack(
        [np.ones(nr * nc), np.equal.outer(lignes, np.arange(1, nr)),
         np.equal.outer(colonnes, np.arange(1, nc))]
    ).astype(np.float64)  # fmt: skip
    croise = np.column_stack(
        [(lignes == i) & (colonnes == j) for i in range(1, nr) for j in range(1, nc)]
    ).astype(np.float64)
    contrastes = croise - principal @ np.linalg.lstsq(principal, croise, rcond=None)[0]
    inverses = np.divide(1.0, parts, out=np.zeros_like(parts), where=parts > 0)[:, None]
    simple = contrastes.T @ (inverses / n * contrastes)
    reelle = (inverses * contrastes).T @ variance @ (inverses * contrastes)
    return np.asarray(np.linalg.solve(simple, reelle))


def _corriger(khi_deux: float, delta: Nombres, degres: int, n: int) -> RaoScott:
    from scipy.special import chdtrc, fdtrc

    ddl = len(delta)
    trace, carre = float(np.trace(delta)), float(np.trace(delta @ delta))
    if not trace > 0:
        return RaoScott(khi_deux, 0.0, ddl, math.nan, math.nan, (math.nan, math.nan), math.nan, n)
    effet, d0 = trace / ddl, trace**2 / carre
    f, second = khi_deux / trace, d0 * degres
    return RaoScott(
        khi_deux=khi_deux,
        effet=effet,
        ddl=ddl,
        p_premier=float(chdtrc(ddl, khi_deux / effet)),
        f=f,
        ddl_f=(d0, second),
        p=float(fdtrc(d0, second, f)) if degres > 0 else math.nan,
        n=n,
    )
