"""The columns of a text as they grow block by block: distinct cells once, or texts."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from qualepref_lib.core.categories import translate
from qualepref_lib.formats.tranches import Tranche, check_lettres

DISTINCTES_ADMISES = 5_000
"""Beyond this many distinct cells a column is one of texts."""


@dataclass
class Serree:
    """A column of few distinct cells: each once, in the order in which it was met, and the ranks.

    Cells that differ by what surrounds their text are one.
    """

    encodage: str
    places: dict[str, int] = field(default_factory=dict)
    vues: dict[bytes, int] = field(default_factory=dict)
    codes: list[Any] = field(default_factory=list)

    def ajouter(self, rangs: Any, distinctes: list[bytes]) -> None:
        """The cells of one more block, as their ranks among ``distinctes``."""
        vues = self.vues
        try:
            table = [vues[cellule] for cellule in distinctes]
        except KeyError:
            table = [self._place(cellule) for cellule in distinctes]
        self.codes.append(translate(rangs, table))

    def _place(self, cellule: bytes) -> int:
        place = self.vues.get(cellule)
        if place is None:
            texte = cellule.decode(self.encodage).strip()
            place = self.vues[cellule] = self.places.setdefault(texte, len(self.places))
        return place

    def categories(self) -> pd.Categorical:
        """The whole column."""
        check_lettres("\n".join(self.places), self.encodage)
        codes = np.concatenate(self.codes)
        petit = np.min_scalar_type(-max(len(self.places), 1))
        return pd.Categorical.from_codes(
            codes.astype(petit, copy=False), list(self.places), validate=False
        )

    def textes(self) -> list[Any]:
        """The whole column as texts, block by block."""
        check_lettres("\n".join(self.places), self.encodage)
        textes = np.array(list(self.places), dtype=object)
        return [textes[codes] for codes in self.codes]


class Tas:
    """All the columns of one text."""

    def __init__(self, largeur: int, encodage: str) -> None:
        self.encodage = encodage
        self.serrees = {rang: Serree(encodage) for rang in range(largeur)}
        self.libres: dict[int, list[Any]] = {}

    @property
    def rangs_libres(self) -> frozenset[int]:
        """The columns that are kept as texts."""
        return frozenset(self.libres)

    def trier(self, tranche: Tranche) -> None:
        """Which columns of the first block are texts: most of their cells are distinct."""
        rangees = len(tranche.lignes)
        for rang, (_, distinctes) in tranche.serrees.items():
            if 2 * len(distinctes) > rangees > 50:
                del self.serrees[rang]
                self.libres[rang] = []

    def ajouter(self, tranche: Tranche) -> None:
        """Add the cells of one block; a column that has too many distinct ones becomes texts."""
        for rang, (rangs, distinctes) in tranche.serrees.items():
            serree = self.serrees.get(rang) or Serree(self.encodage)
            serree.ajouter(rangs, distinctes)
            if rang in self.libres:
                self.libres[rang] += serree.textes()
            elif len(serree.places) > DISTINCTES_ADMISES:
                self.libres[rang] = self.serrees.pop(rang).textes()
        for rang, textes in tranche.libres.items():
            self.libres[rang].append(textes)

    def serie(self, rang: int) -> Any:
        """A column, which is then forgotten: a Categorical of its distinct cells, or its texts."""
        if rang in self.libres:
            return np.concatenate(self.libres.pop(rang))
        return self.serrees.pop(rang).categories()
