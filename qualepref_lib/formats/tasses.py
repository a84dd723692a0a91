"""The columns of a text as they grow block by block: distinct cells once, or texts.

The distinct cells are shared by all the columns, for the questions of a survey share their
answers; in the end each column has its own, in the order in which it met them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from qualepref_lib.formats.empreintes import Distinctes, find_distinctes
from qualepref_lib.formats.guillemets import Bloc

DISTINCTES_ADMISES = 5_000
"""Beyond this many distinct cells in a block, or in the whole, a column is one of texts."""

# No cell holds a null: such a text was left to the careful reader.
_BORDS = re.compile(r"\s\0|\0\s|\A\s|\s\Z")


@dataclass(frozen=True)
class Prepare:
    """A block whose distinct cells were found, in the columns ``serres``."""

    bloc: Bloc
    serres: tuple[int, ...]
    distinctes: Distinctes


def prepare(bloc: Bloc, serres: tuple[int, ...]) -> Prepare:
    """Find the distinct cells of some columns of a block; several blocks may be done at once."""
    debuts, longueurs = (np.take(de, serres, axis=1) for de in (bloc.debuts, bloc.longueurs))
    return Prepare(bloc, serres, find_distinctes(bloc.vue, debuts.ravel(), longueurs.ravel()))


class Tas:
    """All the columns of one text."""

    def __init__(self, largeur: int, encodage: str) -> None:
        self.encodage = encodage
        self.places: dict[bytes, int] = {}
        self.textes: list[str] = []
        self.codes: dict[int, list[Any]] = {rang: [] for rang in range(largeur)}
        self.libres: dict[int, list[Any]] = {}

    @property
    def serres(self) -> tuple[int, ...]:
        """The columns that are kept as distinct cells."""
        return tuple(self.codes)

    def ajouter(self, pret: Prepare) -> None:
        """Add the cells of one block; a column that has too many distinct ones becomes texts."""
        bloc = pret.bloc
        fait = pret if pret.serres == self.serres else prepare(bloc, self.serres)
        if fait.serres:
            table = self._table(bloc, fait.distinctes.premieres, fait.serres)
            codes = table[fait.distinctes.rangs].reshape(-1, len(fait.serres))
            for n, rang in enumerate(fait.serres):
                self.codes[rang].append(np.ascontiguousarray(codes[:, n]))
        for rang in self.libres:
            self.libres[rang].append(self._lire(bloc, rang))
        if len(self.textes) > DISTINCTES_ADMISES:
            self._liberer()

    def trier(self, bloc: Bloc) -> None:
        """Which columns of the first block are texts: most of their cells are distinct."""
        for rang in list(self.codes):
            d = find_distinctes(bloc.vue, bloc.debuts[:, rang], bloc.longueurs[:, rang])
            if 2 * len(d.premieres) > len(d.rangs) and len(d.rangs) > 50:
                del self.codes[rang]
                self.libres[rang] = []

    def _table(self, bloc: Bloc, premieres: Any, serres: tuple[int, ...]) -> Any:
        """The place of each distinct cell of the block among all of them."""
        table = []
        for cellule in premieres.tolist():
            rangee, colonne = cellule // len(serres), serres[cellule % len(serres)]
            debut = int(bloc.debuts[rangee, colonne])
            octets = bloc.octets[debut : debut + int(bloc.longueurs[rangee, colonne])]
            place = self.places.get(octets)
            if place is None:
                place = self.places[octets] = len(self.textes)
                self.textes.append(_decite(octets.decode(self.encodage)).strip())
            table.append(place)
        return np.array(table, dtype=np.int32 if len(self.textes) > 32_000 else np.int16)

    def _liberer(self) -> None:
        """The columns that hold most of the distinct cells become texts."""
        textes = np.array(self.textes, dtype=object)
        for rang, morceaux in list(self.codes.items()):
            if len(np.unique(np.concatenate(morceaux))) > DISTINCTES_ADMISES // 5:
                self.libres[rang] = [textes[codes] for codes in self.codes.pop(rang)]

    def _lire(self, bloc: Bloc, rang: int) -> Any:
        """The texts of one column of a block."""
        bornes = zip(bloc.debuts[:, rang].tolist(), bloc.longueurs[:, rang].tolist(), strict=True)
        octets = bloc.octets
        joints = b"\0".join([octets[a : a + n] for a, n in bornes]).decode(self.encodage)
        textes = joints.split("\0")
        if '"' in joints:
            textes = [_decite(texte) for texte in textes]
        if '"' in joints or _BORDS.search(joints):
            textes = [texte.strip() for texte in textes]
        return np.array(textes, dtype=object)

    def dits(self) -> Iterator[str]:
        """All that the columns say, in a few long texts."""
        yield "\n".join(self.textes)
        for morceaux in self.libres.values():
            yield from ("\n".join(morceau) for morceau in morceaux)

    def serie(self, rang: int) -> Any:
        """A column: a Categorical of its distinct cells, or an array of texts."""
        if rang in self.libres:
            return np.concatenate(self.libres.pop(rang))
        codes = np.concatenate(self.codes.pop(rang))
        propres, uniques = pd.factorize(codes)
        siennes = [self.textes[place] for place in uniques]
        places = {texte: n for n, texte in enumerate(dict.fromkeys(siennes))}
        genre = np.int8 if len(places) < 128 else np.int16
        table = np.array([places[texte] for texte in siennes], dtype=genre)
        return pd.Categorical.from_codes(table[propres], list(places), validate=False)


def _decite(texte: str) -> str:
    """A cell without the quotes around it."""
    return texte[1:-1].replace('""', '"') if texte.startswith('"') else texte
