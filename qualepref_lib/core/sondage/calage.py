"""Weights that give a sample the margins of its population: post-stratification and raking.

Raking multiplies the weights, margin after margin, until all of them hold (iterative proportional
fitting). With a trimming ratio no weight may exceed that many times the mean: the weights at the
cap stay there, the others make up for them, and the margins still hold if they can. What could not
be reached is told, never hidden: ``converge`` is False and ``ecart`` is the largest gap.

Source: W. E. Deming and F. F. Stephan, *Annals of Mathematical Statistics*, 1940, 11:427-444;
J.-C. Deville and C.-E. Särndal, *JASA*, 1992, 87:376-382 (the truncated case).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from qualepref_lib.core.sondage.poids import Nombres, effectif_efficace, effet_kish, verifies

TOURS = 200
TOLERANCE = 1e-9
"""The largest gap, in share, between a margin and its target once the weights have converged."""


@dataclass(frozen=True)
class Marge:
    """The class of each row, from 0, and the share that each class has in the population.

    Rows of class −1 (no answer) keep the share that they have before the weights are adjusted.
    """

    codes: npt.NDArray[np.int64]
    parts: Nombres

    def __post_init__(self) -> None:
        parts = np.asarray(self.parts, dtype=np.float64)
        if not np.isfinite(parts).all() or (parts < 0).any() or abs(parts.sum() - 1) > 1e-6:
            raise ValueError("the shares of a margin are positive and add up to 1")
        codes = np.asarray(self.codes, dtype=np.int64)
        if len(codes) and (codes.max() >= len(parts) or codes.min() < -1):
            raise ValueError("a row has a class that the margin does not know")
        object.__setattr__(self, "parts", parts)
        object.__setattr__(self, "codes", codes)


@dataclass(frozen=True)
class Calage:
    """Adjusted weights (their mean is 1 where that of the first ones was), and how they fit.

    ``avant`` and ``apres`` are the shares of each margin, class by class, among the rows that have
    one; ``plafonnes`` is how many rows are at the trimming cap.
    """

    poids: Nombres
    converge: bool
    tours: int
    ecart: float
    avant: tuple[Nombres, ...]
    apres: tuple[Nombres, ...]
    plafonnes: int

    @property
    def kish(self) -> float:
        """Kish's design effect of the adjusted weights."""
        return effet_kish(self.poids)

    @property
    def efficace(self) -> float:
        """The effective size that they leave."""
        return effectif_efficace(self.poids)


def caler(
    poids: Any,
    marges: Sequence[Marge],
    ecretage: float | None = None,
    tours: int = TOURS,
    tolerance: float = TOLERANCE,
) -> Calage:
    """Rake ``poids`` on ``marges``, no weight above ``ecretage`` times the mean.

    Raises ValueError for a class that has a share and no row, or rows and no share: no weight
    can make it up.
    """
    w = verifies(poids)
    plafond = np.inf if ecretage is None else ecretage * float(w.sum()) / max(int((w > 0).sum()), 1)
    if ecretage is not None and not ecretage > 1:
        raise ValueError("a trimming ratio is above 1")
    classes = [_cibler(marge, w) for marge in marges]
    libre, cale = w.copy(), np.minimum(w, plafond)
    fait = 0
    while fait < tours and _ecart(cale, classes) > tolerance:
        fait += 1
        for codes, cibles in classes:
            sommes = np.bincount(codes, weights=cale, minlength=len(cibles))
            libre *= np.divide(cibles, sommes, out=np.ones_like(cibles), where=sommes > 0)[codes]
            cale = np.minimum(libre, plafond)
        # A weight that can only grow past the cap would overflow: it is at the cap anyway.
        np.minimum(libre, 1e12 * max(float(w.max()), 1.0), out=libre)
    ecart = _ecart(cale, classes)
    return Calage(
        poids=cale,
        converge=ecart <= tolerance,
        tours=fait,
        ecart=ecart,
        avant=tuple(_parts(marge, w) for marge in marges),
        apres=tuple(_parts(marge, cale) for marge in marges),
        plafonnes=int((cale >= plafond * (1 - 1e-12)).sum()) if ecretage is not None else 0,
    )


def post_stratifier(poids: Any, strates: Marge, ecretage: float | None = None) -> Calage:
    """Give each post-stratum its share of the population: raking on a single margin."""
    return caler(poids, [strates], ecretage)


def _cibler(marge: Marge, w: Nombres) -> tuple[npt.NDArray[np.int64], Nombres]:
    """Classes from 0, the missing ones last, and the sum of weights that each has to reach."""
    if marge.codes.shape != w.shape:
        raise ValueError("a margin has one class a row")
    k, total = len(marge.parts), float(w.sum())
    codes = np.where(marge.codes < 0, k, marge.codes)
    sommes = np.bincount(codes, weights=w, minlength=k + 1)
    cibles = np.append(marge.parts * (total - sommes[k]), sommes[k])
    vides = np.flatnonzero((cibles > 0) & (sommes == 0))
    nulles = np.flatnonzero((cibles == 0) & (sommes > 0))
    if len(vides) or len(nulles):
        raise ValueError(
            f"classes without rows: {vides.tolist()}, without share: {nulles.tolist()}"
        )
    return codes, cibles


def _ecart(w: Nombres, classes: list[tuple[npt.NDArray[np.int64], Nombres]]) -> float:
    """The largest gap between a margin and its target, in share of the whole."""
    ecarts = [
        float(np.abs(np.bincount(codes, weights=w, minlength=len(cibles)) - cibles).max())
        / float(cibles.sum())
        for codes, cibles in classes
    ]
    return max(ecarts, default=0.0)


def _parts(marge: Marge, w: Nombres) -> Nombres:
    """The share of each class among the rows that have one."""
    dans = marge.codes >= 0
    sommes = np.bincount(marge.codes[dans], weights=w[dans], minlength=len(marge.parts))
    total = sommes.sum()
    return np.asarray(sommes / total if total else sommes)
