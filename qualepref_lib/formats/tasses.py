"""One column that grows block by block: its distinct cells once, and the rank of each row."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

DISTINCTES_ADMISES = 5_000
"""Beyond this many distinct cells a column is one of texts."""


class Tas:
    """The cells of one column, stripped."""

    def __init__(self) -> None:
        self.rangs: list[Any] = []
        self.places: dict[str, int] = {}
        self.morceaux: list[Any] = []

    def ajouter(self, cellules: Any) -> None:
        """Add the cells of one block."""
        if self.morceaux:
            self.morceaux.append(_nettes(cellules))
            return
        rangs, valeurs = pd.factorize(cellules)
        if len(valeurs) > DISTINCTES_ADMISES or len(self.places) > DISTINCTES_ADMISES:
            self._deplier()
            self.morceaux.append(_nettes(cellules))
            return
        table = [self.places.setdefault(v.strip(), len(self.places)) for v in valeurs]
        self.rangs.append(np.array(table, dtype=np.int16)[rangs])

    def _deplier(self) -> None:
        """Too many distinct cells: the ranks become texts again."""
        valeurs = np.array(list(self.places), dtype=object)
        self.morceaux = [valeurs[rangs] for rangs in self.rangs]
        self.rangs, self.places = [], {}

    def textes(self) -> Iterator[str]:
        """All that the column says, in a few long texts."""
        yield "\n".join(self.places)
        for morceau in self.morceaux:
            yield "\n".join(morceau)

    def serie(self) -> Any:
        """The column: a Categorical of its distinct cells, or an array of texts."""
        if self.morceaux:
            return np.concatenate(self.morceaux)
        rangs = np.concatenate(self.rangs)
        return pd.Categorical.from_codes(rangs, list(self.places), validate=False)


def _nettes(cellules: Any) -> Any:
    """The cells without the spaces around them; the same object when there are none."""
    a_rogner = any(v[:1].isspace() or v[-1:].isspace() for v in cellules)
    return np.array([v.strip() for v in cellules], dtype=object) if a_rogner else cellules
