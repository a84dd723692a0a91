"""A block of delimited text looked at as bytes: where its cells are, whether its quotes are sound.

Between two quotes a separator or a line end is part of a text. Which bytes stand between two
quotes is the parity of the quotes before them: one pass over the block, no loop.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from qualepref_lib.formats.empreintes import MARGE

GUILLEMET, RETOUR, CHARIOT = ord('"'), ord("\n"), ord("\r")


@dataclass(frozen=True)
class Bloc:
    """Whole rows: ``debuts`` and ``longueurs`` of their cells, row by column, in ``vue``.

    ``lignes`` is the line of each row from the first one, 0; ``hauteur`` how many lines there
    are; ``cite`` whether some cells stand between quotes.
    """

    octets: bytes
    vue: Any
    debuts: Any
    longueurs: Any
    lignes: Any
    hauteur: int
    cite: bool


def scan_bloc(octets: bytes, coupe: str, largeur: int) -> Bloc | None:
    """The cells of a block; None when a row is not ``largeur`` cells wide, or when a quote, a line
    end or a byte needs care."""
    octets, perdues = _sans_fin_vide(octets)
    if b"\x00" in octets or (b"\r" in octets and octets.count(b"\r") != octets.count(b"\r\n")):
        return None
    vue = np.frombuffer(octets + MARGE, dtype=np.uint8)
    retours, coupes = vue == RETOUR, vue == ord(coupe)
    cite = b'"' in octets
    internes = np.empty(0, dtype=np.int64)
    if cite:
        quotes = vue == GUILLEMET
        dedans = np.cumsum(quotes, dtype=np.uint32) & 1 == 1
        internes = np.flatnonzero(retours & dedans)
        if dedans[-1] or not _reguliers(vue, np.flatnonzero(quotes), ord(coupe)):
            return None
        avalees = np.flatnonzero(coupes & dedans)
        retours, coupes = retours & ~dedans, coupes & ~dedans
    fins = np.flatnonzero(retours | coupes)
    if cite and _avale(internes, fins, avalees, largeur):
        return None
    rangees = int(np.count_nonzero(retours))
    if len(fins) != rangees * largeur or not retours[fins[largeur - 1 :: largeur]].all():
        return None
    debuts, longueurs = _cellules(vue, fins.reshape(rangees, largeur))
    lignes = _lignes(fins[largeur - 1 :: largeur], internes)
    hauteur = rangees + len(internes) + perdues
    return Bloc(octets, vue, debuts, longueurs, lignes, hauteur, cite)


def _cellules(vue: Any, fins: Any) -> tuple[Any, Any]:
    debuts = np.empty_like(fins)
    debuts[:, 1:] = fins[:, :-1] + 1
    debuts[1:, 0] = fins[:-1, -1] + 1
    debuts[0, 0] = 0
    longueurs = fins - debuts
    # The line may end by two characters: the first is no part of the last cell.
    derniers = np.maximum(fins[:, -1] - 1, 0)
    longueurs[:, -1] -= (vue[derniers] == CHARIOT) & (longueurs[:, -1] > 0)
    return debuts, longueurs


def _lignes(fins: Any, internes: Any) -> Any:
    """The line of each row: those inside a text count too."""
    lignes = np.arange(len(fins))
    if len(internes):
        dans = np.bincount(np.searchsorted(fins, internes), minlength=len(fins))
        lignes = lignes + np.concatenate([[0], np.cumsum(dans)[:-1]])
    return lignes


def _sans_fin_vide(octets: bytes) -> tuple[bytes, int]:
    """Without the empty lines at its end, and how many they were."""
    nu = len(octets.rstrip(b"\r\n")) if octets[-3:].strip(b"\r\n") != octets[-3:-1] else -1
    if nu < 0:
        return octets, 0
    fin = octets.index(b"\n", nu) + 1
    return octets[:fin], octets.count(b"\n", fin)


def _reguliers(vue: Any, places: Any, coupe: int) -> bool:
    """Whether each quote opens or closes a cell, or is doubled inside one."""
    ouvrants, fermants = places[::2], places[1::2]
    avant = np.where(ouvrants == 0, RETOUR, vue[np.maximum(ouvrants - 1, 0)])
    apres = vue[fermants + 1]
    admis_avant = (avant == coupe) | (avant == RETOUR) | (avant == GUILLEMET)
    admis_apres = (apres == coupe) | (apres == RETOUR) | (apres == CHARIOT) | (apres == GUILLEMET)
    return bool(admis_avant.all() and admis_apres.all())


def _avale(internes: Any, fins: Any, coupes: Any, largeur: int) -> bool:
    """Whether a line between quotes holds a whole row: then a quote was never closed."""
    if largeur < 3 or not len(internes) or not len(coupes):
        return False
    bornes = np.union1d(internes, fins)
    autour = np.searchsorted(bornes, internes)
    avant = np.where(autour > 0, bornes[autour - 1], 0)
    pieces = [(avant, internes)]
    pieces.append((internes, bornes[np.minimum(autour + 1, len(bornes) - 1)]))
    return any(
        (np.searchsorted(coupes, fin) - np.searchsorted(coupes, debut) >= largeur - 1).any()
        for debut, fin in pieces
    )
