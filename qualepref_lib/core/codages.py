"""The ratings that several coders gave to the same units, as a matrix of ranks.

A matrix units × coders of category codes, None or NaN where a coder did not rate. What measures
agreement needs ranks of categories, counts by unit, and which units were rated twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from qualepref_lib.core.mesures import Taux

Matrice = Sequence[Sequence[Any]] | npt.NDArray[Any]
Entiers = npt.NDArray[np.int64]
Masque = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Codage:
    """Ratings as ranks of ``categories`` (−1: missing), rows without any left out.

    ``rangs`` is units × coders; ``grappes``, a number from 0 for each unit: the visit it is of.
    """

    rangs: Entiers
    categories: tuple[Any, ...]
    grappes: Entiers | None

    @property
    def effectifs(self) -> Entiers:
        """Units × categories: how many coders gave each category."""
        colonnes = [(self.rangs == k).sum(axis=1) for k in range(len(self.categories))]
        return np.stack(colonnes, axis=1) if colonnes else np.zeros((len(self.rangs), 0), int)

    @property
    def en_double(self) -> Codage:
        """The units that two coders or more have rated, and the coders who rated them."""
        doubles = (self.rangs >= 0).sum(axis=1) >= 2
        rangs = self.rangs[doubles]
        grappes = None if self.grappes is None else _numeroter(self.grappes[doubles])
        return Codage(rangs[:, (rangs >= 0).any(axis=0)], self.categories, grappes)

    @property
    def brut(self) -> Taux:
        """The pairs of ratings of one unit that are the same, out of all such pairs."""
        effectifs = self.effectifs
        notes = effectifs.sum(axis=1)
        paires, memes = ((x * (x - 1)).sum() // 2 for x in (notes, effectifs))
        return Taux(int(memes), int(paires))


def load_codage(
    notes: Matrice | Codage,
    categories: Sequence[Any] | None = None,
    grappes: Sequence[Any] | None = None,
    ordonnees: bool = False,
) -> Codage:
    """Read a matrix; without ``categories``, those that are seen, sorted. One read stays as it is.

    Raises ValueError when it is not a matrix, when a rating is outside the categories, when
    words must have an order (``ordonnees``) and none is given, when clusters do not match.
    """
    if isinstance(notes, Codage):
        return notes
    tableau = np.asarray(notes, dtype=object)
    if tableau.ndim != 2 and tableau.size:
        raise ValueError("the ratings are not a matrix units × coders")
    tableau = tableau if tableau.ndim == 2 else tableau.reshape(0, 0)
    presents = ~np.frompyfunc(lambda note: note is None or note != note, 1, 1)(tableau).astype(bool)
    vues, inverses = np.unique(tableau[presents], return_inverse=True)
    connues = _connaitre(vues.tolist(), categories, ordonnees)
    places = np.array([connues.index(vue) for vue in vues.tolist()], dtype=np.int64)
    rangs = np.full(tableau.shape, -1, dtype=np.int64)
    rangs[presents] = places[inverses.reshape(-1)]
    if grappes is not None and len(grappes) != len(rangs):
        raise ValueError(f"{len(grappes)} clusters named for {len(rangs)} units")
    notees: Masque = presents.any(axis=1)
    numeros = None if grappes is None else _numeroter(np.asarray(grappes)[notees])
    return Codage(rangs[notees], connues, numeros)


def _connaitre(
    vues: list[Any], categories: Sequence[Any] | None, ordonnees: bool
) -> tuple[Any, ...]:
    if categories is None:
        if ordonnees and any(isinstance(vue, str) for vue in vues):
            raise ValueError("words have no order: give the categories in theirs")
        return tuple(vues)
    inconnues = [vue for vue in vues if vue not in categories]
    if inconnues:
        raise ValueError(f"ratings outside the categories {tuple(categories)}: {inconnues}")
    return tuple(categories)


def _numeroter(grappes: npt.NDArray[Any]) -> Entiers:
    return np.unique(grappes, return_inverse=True)[1].reshape(-1).astype(np.int64)
