"""An old Excel workbook (.xls) beside its values: the cells that show an error, its day zero.

The file is a small file system (sectors chained by a table) whose stream
« Workbook » is a row of records: a kind, a length, a content ([MS-CFB] and [MS-XLS], the formats
that Microsoft publishes). Only the few kinds that matter here are looked at.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from qualepref_lib.formats.adresses import Adresse

_ERREURS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
}
_FIN, _FORMULE, _ERREUR, _FEUILLE, _DATES, _CLE = 0x0A, 0x06, 0x205, 0x85, 0x22, 0x2F
_AUCUN = 0xFFFFFFFA
"""Numbers of sectors from here on are no sectors: the end of a chain, or an unused place."""


@dataclass
class VueXls:
    """What was found beside the values of one sheet; addresses count from 0."""

    erreurs: dict[Adresse, str] = field(default_factory=dict)
    depuis_1904: bool = False
    protege: bool = False


def scan_feuille(octets: bytes, feuille: str) -> VueXls:
    """Look at the sheet of that name; an empty view when the file cannot be followed."""
    vue = VueXls()
    try:
        flux = _flux(octets)
        debut = 0
        for genre, contenu in _enregistrements(flux, 0):
            if genre == _DATES:
                vue.depuis_1904 = contenu[:2] == b"\x01\x00"
            elif genre == _CLE:
                vue.protege = True
                return vue
            elif genre == _FEUILLE and _nom(contenu) == feuille:
                debut = struct.unpack_from("<I", contenu)[0]
        if debut:
            vue.erreurs.update(_erreurs(flux, debut))
    except (struct.error, IndexError, KeyError, ValueError):
        return vue  # calamine has read the file, and says what it thinks of it
    return vue


def _erreurs(flux: bytes, debut: int) -> Iterator[tuple[Adresse, str]]:
    for genre, contenu in _enregistrements(flux, debut):
        if genre == _ERREUR and contenu[7]:
            code = contenu[6]
        elif genre == _FORMULE and contenu[12:14] == b"\xff\xff" and contenu[6] == 2:
            code = contenu[8]
        else:
            continue
        ligne, colonne = struct.unpack_from("<HH", contenu)
        yield (ligne, colonne), _ERREURS.get(code, "#N/A")


def _enregistrements(flux: bytes, debut: int) -> Iterator[tuple[int, bytes]]:
    """The records of one part of the stream, to its end mark."""
    while debut + 4 <= len(flux):
        genre, longueur = struct.unpack_from("<HH", flux, debut)
        if genre == _FIN:
            return
        yield genre, flux[debut + 4 : debut + 4 + longueur]
        debut += 4 + longueur


def _nom(contenu: bytes) -> str:
    """The name of a sheet: its length, whether two bytes a letter, its letters."""
    longueur, large = contenu[6], contenu[7] & 1
    lettres = contenu[8 : 8 + longueur * (2 if large else 1)]
    return lettres.decode("utf-16-le" if large else "latin-1")


def _flux(octets: bytes) -> bytes:
    """The stream « Workbook »; a short one is kept in smaller sectors, inside another stream."""
    taille = 1 << struct.unpack_from("<H", octets, 30)[0]
    table = _table(octets, taille)
    secteurs = _decouper(octets[taille:], taille)
    entrees = _entrees(_chaine(secteurs, table, struct.unpack_from("<I", octets, 48)[0]))
    debut, combien = entrees.get("Workbook") or entrees.get("Book") or (_AUCUN, 0)
    if combien < struct.unpack_from("<I", octets, 56)[0]:
        secteurs, table = (
            _decouper(_chaine(secteurs, table, entrees["Root Entry"][0]), 64),
            _nombres(_chaine(secteurs, table, struct.unpack_from("<I", octets, 60)[0])),
        )
    return _chaine(secteurs, table, debut)[:combien]


def _entrees(dossier: bytes) -> dict[str, tuple[int, int]]:
    """The streams of the directory: their first sector and their length, by their name."""
    entrees = {}
    for debut in range(0, len(dossier) - 127, 128):
        long = struct.unpack_from("<H", dossier, debut + 64)[0]
        nom = dossier[debut : debut + max(long - 2, 0)].decode("utf-16-le", "replace")
        entrees[nom] = struct.unpack_from("<II", dossier, debut + 116)
    return entrees


def _table(octets: bytes, taille: int) -> tuple[int, ...]:
    """Which sector follows each sector; the table itself may need further lists of sectors."""
    listes = list(struct.unpack_from("<109I", octets, 76))
    suite = struct.unpack_from("<I", octets, 68)[0]
    for _ in range(struct.unpack_from("<I", octets, 72)[0]):
        *liste, suite = struct.unpack_from(f"<{taille // 4}I", octets, (suite + 1) * taille)
        listes += liste
    morceaux = [octets[(s + 1) * taille : (s + 2) * taille] for s in listes if s < _AUCUN]
    return _nombres(b"".join(morceaux))


def _nombres(octets: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(octets) // 4}I", octets[: len(octets) // 4 * 4])


def _decouper(octets: bytes, taille: int) -> list[bytes]:
    return [octets[debut : debut + taille] for debut in range(0, len(octets), taille)]


def _chaine(secteurs: list[bytes], table: tuple[int, ...], debut: int) -> bytes:
    """The content of a chain of sectors; a chain that bites its tail stops."""
    morceaux: list[bytes] = []
    while debut < min(len(secteurs), len(table)) and len(morceaux) <= len(table):
        morceaux.append(secteurs[debut])
        debut = table[debut]
    return b"".join(morceaux)
