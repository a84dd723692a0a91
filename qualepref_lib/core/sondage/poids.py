"""What unequal weights cost: Kish's design effect, and the number of equal answers left.

Source: L. Kish, *Survey Sampling*, 1965, § 11.7.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Nombres = npt.NDArray[np.float64]


def effectif_efficace(poids: Any) -> float:
    """(Σw)² ÷ Σw²: how many equally weighted answers would be as precise; 0 without weight.

    >>> effectif_efficace([1, 1, 2])
    2.6666666666666665
    """
    w = verifies(poids)
    carres = float(np.square(w).sum())
    return float(w.sum()) ** 2 / carres if carres else 0.0


def effet_kish(poids: Any) -> float:
    """n Σw² ÷ (Σw)²: 1 when all weights are equal; n counts the weights above zero.

    >>> effet_kish([1, 1, 1]), effet_kish([1, 1, 2])
    (1.0, 1.125)
    """
    w = verifies(poids)
    efficace = effectif_efficace(w)
    return int((w > 0).sum()) / efficace if efficace else float("nan")


def verifies(poids: Any) -> Nombres:
    """The weights as floats. Raises ValueError unless each is a number, zero or more."""
    w = np.asarray(poids, dtype=np.float64)
    if w.ndim != 1:
        raise ValueError("weights are one number a row")
    if not np.isfinite(w).all() or (w < 0).any():
        raise ValueError("a weight is missing, infinite or negative")
    return w
