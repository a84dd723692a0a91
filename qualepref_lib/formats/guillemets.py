"""What Arrow lets pass in a delimited text, and the careful reader does not.

Arrow drops a text that follows a closing quote, closes by itself a quote that was left open, takes
a lone carriage return for a line end, and the mark of order of any block for that of a file. Each
is looked for in the bytes before they are cut, without a loop over the cells.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

GUILLEMET, RETOUR, CHARIOT = ord('"'), ord("\n"), ord("\r")
MARQUE = b"\xef\xbb\xbf"
"""What says, at the start of a file, that it is in UTF-8; elsewhere it is a cell's text."""


class Delicat(Exception):
    """Something in a text that the fast reader leaves to the careful one."""


@dataclass(frozen=True)
class Bloc:
    """Whole rows: the first ``fin`` bytes of a buffer; what follows them is of another block."""

    octets: bytearray
    fin: int

    def contient(self, signe: bytes) -> bool:
        """Whether some bytes are there."""
        return self.octets.find(signe, 0, self.fin) >= 0

    def vue(self) -> Any:
        """The bytes as numbers."""
        return np.frombuffer(self.octets, np.uint8, self.fin)

    def hauteur(self) -> int:
        """How many lines there are, those inside quotes included."""
        return int(np.count_nonzero(self.vue() == RETOUR))


def check_octets(bloc: Bloc, coupe: str) -> bool:
    """Whether whole rows hold quotes; raises :class:`Delicat` where a byte needs care."""
    if bloc.contient(b"\x00") or bloc.octets.startswith(MARQUE):
        raise Delicat
    vue = bloc.vue()
    if bloc.contient(b"\r") and not (vue[np.flatnonzero(vue == CHARIOT) + 1] == RETOUR).all():
        raise Delicat
    if not bloc.contient(b'"'):
        return False
    places = np.flatnonzero(vue == GUILLEMET)
    if len(places) % 2:
        raise Delicat
    # One in two opens: what stands before it, and after its match, ends a cell or is its double.
    bords = np.zeros(256, dtype=bool)
    bords[[GUILLEMET, RETOUR, ord(coupe)]] = True
    avant = bords[vue[places[::2] - 1]]
    bords[CHARIOT] = True
    if not (avant[int(places[0] == 0) :].all() and bords[vue[places[1::2] + 1]].all()):
        raise Delicat
    return True


def find_fin(octets: bytearray, plein: int) -> int:
    """Where the last whole row of the first ``plein`` bytes ends: after it, no quote is open."""
    fin = octets.rfind(b"\n", 0, plein) + 1
    if octets.find(b'"', 0, fin) < 0:
        return fin
    guillemets = np.frombuffer(octets, np.uint8, plein) == GUILLEMET
    ouverts = int(np.count_nonzero(guillemets[:fin]))
    while fin and ouverts % 2:
        avant = octets.rfind(b"\n", 0, fin - 1) + 1
        ouverts -= int(np.count_nonzero(guillemets[avant:fin]))
        fin = avant
    return fin


def is_avalee(cellules: Iterable[bytes], coupe: str, largeur: int) -> bool:
    """Whether a line of a cell holds a whole row: then a quote was never closed."""
    signe = coupe.encode()
    return largeur > 2 and any(
        ligne.count(signe) >= largeur - 1 for cellule in cellules for ligne in cellule.splitlines()
    )
