"""A block of delimited text looked at as bytes: its rows, its lines, whether its quotes are sound.

Between two quotes a separator or a line end is part of a text. Which bytes stand between two
quotes is the parity of the quotes before them: one pass over the block, no loop.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

GUILLEMET, RETOUR, CHARIOT = ord('"'), ord("\n"), ord("\r")


@dataclass(frozen=True)
class Bloc:
    """Whole rows. ``lignes`` is the line of each from the first one, 0; ``hauteur`` how many
    lines there are; ``cite`` whether there are quotes."""

    octets: bytes
    lignes: Any
    hauteur: int
    cite: bool


def scan_bloc(octets: bytes, coupe: str, largeur: int) -> Bloc | None:
    """The block as it can be cut in bulk; None when a row is not ``largeur`` cells wide, or when
    a quote, a line end or a byte needs care."""
    toutes = octets.count(b"\n")
    octets = _sans_fin_vide(octets)
    bloc = _scan(octets, coupe, largeur)
    perdues = toutes - octets.count(b"\n")
    return replace(bloc, hauteur=bloc.hauteur + perdues) if bloc and perdues > 0 else bloc


def _scan(octets: bytes, coupe: str, largeur: int) -> Bloc | None:
    if b"\x00" in octets or octets.count(b"\r") != octets.count(b"\r\n"):
        return None
    rangees = octets.count(b"\n")
    if b'"' not in octets:
        # The parser refuses a row that is longer than the first: none is shorter either.
        juste = octets.count(coupe.encode()) == rangees * (largeur - 1)
        return Bloc(octets, np.arange(rangees), rangees, False) if juste else None
    return _scan_cite(octets, ord(coupe), largeur)


def _sans_fin_vide(octets: bytes) -> bytes:
    """Without the empty lines at its end."""
    nu = octets.rstrip(b"\r\n")
    fin = b"\r\n" if octets[len(nu) :].startswith(b"\r") else b"\n"
    return nu + fin


def _scan_cite(octets: bytes, coupe: int, largeur: int) -> Bloc | None:
    vue = np.frombuffer(octets, dtype=np.uint8)
    est_guillemet = vue == GUILLEMET
    dedans = np.cumsum(est_guillemet, dtype=np.uint32) & 1 == 1
    retours = vue == RETOUR
    rangees = int(np.count_nonzero(retours & ~dedans))
    coupes = int(np.count_nonzero((vue == coupe) & ~dedans))
    if dedans[-1] or coupes != rangees * (largeur - 1):
        return None
    if not _reguliers(vue, np.flatnonzero(est_guillemet), coupe):
        return None
    internes = np.flatnonzero(retours & dedans)
    lignes = np.arange(rangees)
    if len(internes):
        if _avale(vue, internes, est_guillemet, dedans, coupe, largeur):
            return None
        fins = np.flatnonzero(retours & ~dedans)
        dans = np.bincount(np.searchsorted(fins, internes), minlength=rangees)
        lignes = lignes + np.concatenate([[0], np.cumsum(dans)[:-1]])
    return Bloc(octets, lignes, rangees + len(internes), True)


def _reguliers(vue: Any, places: Any, coupe: int) -> bool:
    """Whether each quote opens or closes a cell, or is doubled inside one."""
    ouvrants, fermants = places[::2], places[1::2]
    avant = vue[np.maximum(ouvrants - 1, 0)]
    avant = np.where(ouvrants == 0, RETOUR, avant)
    apres = vue[np.minimum(fermants + 1, len(vue) - 1)]
    admis_avant = (avant == coupe) | (avant == RETOUR) | (avant == GUILLEMET)
    admis_apres = (apres == coupe) | (apres == RETOUR) | (apres == CHARIOT) | (apres == GUILLEMET)
    return bool(admis_avant.all() and admis_apres.all())


def _avale(
    vue: Any, internes: Any, est_guillemet: Any, dedans: Any, coupe: int, largeur: int
) -> bool:
    """Whether a text between quotes holds a whole row: then a quote was never closed."""
    coupes = np.flatnonzero((vue == coupe) & dedans)
    if not len(coupes):
        return False
    bornes = np.unique(np.concatenate([internes, np.flatnonzero(est_guillemet)]))
    autour = np.searchsorted(bornes, internes)
    avant = bornes[np.maximum(autour - 1, 0)]
    apres = bornes[np.minimum(autour + 1, len(bornes) - 1)]
    for debut, fin in ((avant, internes), (internes, apres)):
        combien = np.searchsorted(coupes, fin) - np.searchsorted(coupes, debut)
        if (combien >= largeur - 1).any() and largeur > 2:
            return True
    return False
