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

Codes = npt.NDArray[np.signedinteger[Any]]
Masque = npt.NDArray[np.bool_]

VIDE = -1
"""The rank of an empty cell."""
SEPARATEUR = "|"
"""What joins the codes of one combination, where combinations are categories."""


def translate(rangs: npt.NDArray[Any], table: Sequence[int]) -> npt.NDArray[Any]:
    """``table[rangs]`` in the smallest integers; −1 stays, as in the codes of a Categorical.

    Ranks and values of one byte are translated as a text is: five times faster than by indexing.

    >>> translate(np.array([1, 0, -1, 1]), [3, 7]).tolist()
    [7, 3, -1, 7]
    """
    if len(table) > 127 or max(table, default=0) > 127:
        return np.asarray(np.array([*table, VIDE], dtype=np.int32)[rangs])
    octets = bytes([place & 255 for place in table]).ljust(256, b"\xff")
    return np.frombuffer(bytearray(rangs.astype(np.int8)).translate(octets), np.int8)


def rangs_de(serie: pd.Series[Any], connus: Sequence[str]) -> Codes:
    """The rank of each value among ``connus``, in the smallest integers that hold it.

    >>> rangs_de(pd.Series(["b", None, "a"], dtype=object), ["a", "b"]).tolist()
    [1, -1, 0]
    """
    if isinstance(serie.dtype, pd.CategoricalDtype):
        rang = {code: n for n, code in enumerate(connus)}
        table = [rang.get(code, VIDE) for code in serie.cat.categories]
        codes = serie.cat.codes.to_numpy()
        # As a rule the categories are the known codes, in their order: nothing to translate.
        return codes if table == list(range(len(table))) else translate(codes, table)
    return np.asarray(pd.Categorical(serie, categories=list(connus)).codes)


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
