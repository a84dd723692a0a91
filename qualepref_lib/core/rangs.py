"""The rows that a figure was made of, kept small: one bit a row, unfolded when somebody asks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, overload

import numpy as np
import numpy.typing as npt

Lignes = npt.NDArray[np.int64]


class Rangs(Sequence[int]):
    """The numbers of an index that a mask keeps, in growing order: reads as a tuple of int.

    >>> Rangs(np.array([2, 3, 4]), np.array([True, False, True])) == (2, 4)
    True
    """

    def __init__(self, index: Any, masque: npt.NDArray[np.bool_]) -> None:
        self._index = np.asarray(index)
        self._bits = np.packbits(masque)
        self._n = int(np.count_nonzero(masque))

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> npt.NDArray[Any]:
        masque = np.unpackbits(self._bits, count=len(self._index)).astype(bool)
        lignes = self._index[masque].astype(np.int64)
        if (np.diff(lignes) < 0).any():
            lignes.sort()
        return np.asarray(lignes, dtype=dtype)

    def __len__(self) -> int:
        return self._n

    @overload
    def __getitem__(self, rang: int) -> int: ...
    @overload
    def __getitem__(self, rang: slice) -> tuple[int, ...]: ...
    def __getitem__(self, rang: int | slice) -> int | tuple[int, ...]:
        lignes = np.asarray(self)
        return tuple(lignes[rang].tolist()) if isinstance(rang, slice) else int(lignes[rang])

    def __iter__(self) -> Iterator[int]:
        return iter(np.asarray(self).tolist())

    def __eq__(self, autre: object) -> bool:
        return isinstance(autre, Rangs | tuple) and tuple(self) == tuple(autre)

    def __hash__(self) -> int:
        return hash(tuple(self))

    def __repr__(self) -> str:
        return repr(tuple(self))
