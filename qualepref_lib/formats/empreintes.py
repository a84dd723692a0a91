"""The distinct cells of a block of bytes, found eight bytes at a time, without a loop over rows.

Each cell is read as whole numbers of eight bytes, mixed into one; equal mixes are taken for equal
cells, then compared number by number, so that no two different cells are ever taken for one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

_A, _B = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F)
_DECALAGE = np.uint64(31)
_MASQUES = np.array([(1 << 8 * n) - 1 for n in range(8)] + [(1 << 64) - 1], dtype=np.uint64)
PAS = 8
MARGE = b"\0" * PAS
"""What a block must be followed by: its last cell is read eight bytes at a time too."""


class Confusion(Exception):
    """Two different cells have one mix: so rare that the careful reader may deal with it."""


@dataclass(frozen=True)
class Distinctes:
    """The rank of each cell among the distinct ones, and where each of those first stands."""

    rangs: Any
    premieres: Any


def find_distinctes(vue: Any, debuts: Any, longueurs: Any) -> Distinctes:
    """The distinct cells of ``vue`` (bytes, with its margin) that begin and last as told."""
    mots = np.ndarray(len(vue) - PAS + 1, np.uint64, vue.data, 0, (1,))
    premier = mots[debuts] & _MASQUES[np.minimum(longueurs, PAS)]
    cles = (premier ^ (longueurs.astype(np.uint64) * _B)) * _A
    suites: list[tuple[Any, Any]] = []
    place, restent = PAS, np.flatnonzero(longueurs > PAS)
    while len(restent):
        mot = mots[debuts[restent] + place] & _MASQUES[np.minimum(longueurs[restent] - place, PAS)]
        ancienne = cles[restent]
        cles[restent] = (ancienne ^ (ancienne >> _DECALAGE) ^ (mot * _B)) * _A
        suites.append((restent, mot))
        place += PAS
        restent = restent[longueurs[restent] > place]
    rangs, uniques = pd.factorize(cles)
    premieres = np.empty(len(uniques), dtype=np.int64)
    premieres[rangs[::-1]] = np.arange(len(rangs) - 1, -1, -1)
    _verifier(rangs, premieres, longueurs, premier, suites)
    return Distinctes(rangs, premieres)


def _verifier(rangs: Any, premieres: Any, longueurs: Any, premier: Any, suites: Any) -> None:
    """Each cell has the very length and bytes of the first one that is taken for it."""
    justes = (longueurs == longueurs[premieres][rangs]).all()
    justes &= (premier == premier[premieres][rangs]).all()
    for cellules, mot in suites:
        tous = np.zeros(len(rangs), dtype=np.uint64)
        tous[cellules] = mot
        justes &= (mot == tous[premieres][rangs[cellules]]).all()
    if not justes:
        raise Confusion
