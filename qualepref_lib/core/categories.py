"""A column of codes as integers, whether it is stored as text, as tuples or as categories.

The rank of a code is its place among those known; an empty cell is −1. Categories are translated
once each, whatever the number of rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

Codes = npt.NDArray[np.int64]
Masque = npt.NDArray[np.bool_]

VIDE = -1
"""The rank of an empty cell."""
SEPARATEUR = "|"
"""What joins the codes of one combination, where combinations are categories."""


def rangs_de(serie: pd.Series[Any], connus: Sequence[str]) -> Codes:
    """The rank of each value among ``connus``.

    >>> rangs_de(pd.Series(["b", None, "a"], dtype=object), ["a", "b"]).tolist()
    [1, -1, 0]
    """
    if isinstance(serie.dtype, pd.CategoricalDtype):
        rang = {code: n for n, code in enumerate(connus)}
        table = np.array([rang.get(c, VIDE) for c in serie.cat.categories] + [VIDE], dtype=np.int64)
        return np.asarray(table[serie.cat.codes.to_numpy()])
    return np.asarray(pd.Categorical(serie, categories=list(connus)).codes, dtype=np.int64)


def combiner(serie: pd.Series[Any], connus: Sequence[str]) -> tuple[Codes, Masque]:
    """The rank of the combination that each row holds, and what each combination is made of.

    >>> rangs, membres = combiner(pd.Series([("a", "b"), (), ("b",)]), ["a", "b"])
    >>> rangs.tolist(), membres[rangs[0]].tolist()
    ([0, -1, 2], [True, True])
    """
    if isinstance(serie.dtype, pd.CategoricalDtype):
        rangs = serie.cat.codes.to_numpy(dtype=np.int64)
        groupes = [str(c).split(SEPARATEUR) if c else [] for c in serie.cat.categories]
    else:
        rangs, uniques = pd.factorize(serie.to_numpy(dtype=object))
        groupes = [list(u) if isinstance(u, tuple) else [] for u in uniques]
    membres = np.array([[c in groupe for c in connus] for groupe in groupes], dtype=bool)
    membres = membres.reshape(len(groupes), len(connus))
    # What was ticked may be nothing: an empty tuple is an empty cell, not a combination.
    vides = np.append(~membres.any(axis=1), True)
    return np.where(vides[rangs], VIDE, rangs).astype(np.int64), membres
