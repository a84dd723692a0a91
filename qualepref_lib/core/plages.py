"""Row numbers as a person finds them again in a spreadsheet: ranges, or how many and from where."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from qualepref_lib.core.francais import nombre
from qualepref_lib.core.rangs import Rangs

PLAGES_MAX = 400
"""Beyond this many ranges of rows, a figure's rows are counted, not listed."""


def plages(lignes: Sequence[int]) -> str:
    """Row numbers written as ranges: what a person can find again in a spreadsheet.

    Rows scattered over a large register are counted and bounded: a list of a hundred thousand
    numbers would be read by nobody.

    >>> plages((2, 3, 4, 9)), plages(tuple(range(2, 3000, 2)))
    ('2-4, 9', '1\\u202f499 lignes, de 2 à 2\\u202f998')
    """
    numeros = np.asarray(lignes, dtype=np.int64)
    if not isinstance(lignes, Rangs):  # which are in order already, each of them once
        numeros = np.unique(numeros)
    coupures = np.flatnonzero(np.diff(numeros) > 1) + 1
    if len(coupures) >= PLAGES_MAX:
        bornes = f"de {nombre(int(numeros[0]))} à {nombre(int(numeros[-1]))}"
        return f"{nombre(len(numeros))} lignes, {bornes}"
    suites = np.split(numeros, coupures) if len(numeros) else []
    return ", ".join(f"{s[0]}" if len(s) == 1 else f"{s[0]}-{s[-1]}" for s in suites)


def reunir(groupes: list[Sequence[int]]) -> Sequence[int]:
    """The rows of several lines together; packed ones are not unfolded into a million numbers."""
    if not any(isinstance(groupe, Rangs) for groupe in groupes):
        return tuple(n for groupe in groupes for n in groupe)
    numeros = np.sort(np.concatenate([np.asarray(g, dtype=np.int64) for g in groupes]))
    return Rangs(numeros, np.diff(numeros, prepend=-1) > 0)
