"""The header of a delimited text, read with care before the rest is cut in bulk."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass

from qualepref_lib.core.fichiers import find_mojibake
from qualepref_lib.formats.encodage import nature
from qualepref_lib.formats.guillemets import MARQUE, Delicat
from qualepref_lib.formats.separateurs import find_separateur
from qualepref_lib.formats.tetes import Tete

TAILLE_TETE = 200_000
"""Bytes among which the header is looked for."""
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True)
class Coupe:
    """How a text is cut: its separator, its encoding, how many columns it has."""

    signe: str
    encodage: str
    largeur: int


@dataclass(frozen=True)
class Debut:
    """The header of a file, its line, and where the rows begin: their line, their byte."""

    entetes: list[str]
    ligne: int
    premiere: int
    octet: int
    coupe: Coupe


def read_debut(octets: bytes, tete: Tete, encodage: str) -> Debut:
    """The header that the first bytes of a file hold; they also tell what the file is.

    Raises :class:`Delicat` where a person has to be told of something, and UnicodeDecodeError.
    """
    if nature(octets) or octets.startswith(_UTF16):
        raise Delicat
    marque = len(MARQUE) if octets.startswith(MARQUE) else 0
    octets = octets[marque : octets.rfind(b"\n") + 1]
    if b"\x00" in octets or octets.count(b"\r") != octets.count(b"\r\n"):
        raise Delicat
    lignes = octets.splitlines(keepends=True)
    avant = sum(map(len, lignes[: tete.avant]))
    texte = octets[avant:].decode(encodage)
    if texte.lstrip('"')[:4].lower() == "sep=":
        raise Delicat
    signe = find_separateur(texte)
    rangees, fin = _rangees(texte, signe, tete.lignes)
    entetes = tete.entetes(rangees)
    if not all(entetes) or len(set(entetes)) < len(entetes) or find_mojibake(texte):
        raise Delicat
    octet = marque + avant + sum(map(len, octets[avant:].splitlines(keepends=True)[:fin]))
    coupe = Coupe(signe, encodage, max(map(len, rangees)))
    return Debut(entetes, tete.avant + 1, tete.avant + fin + 1, octet, coupe)


def _rangees(texte: str, signe: str, combien: int) -> tuple[list[list[str]], int]:
    """The rows of the header, and how many lines they take."""
    lecteur = csv.reader(io.StringIO(texte, newline=""), delimiter=signe, strict=True)
    try:
        rangees = [next(lecteur) for _ in range(combien)]
    except (csv.Error, StopIteration):
        raise Delicat from None
    if not all(any(map(str.strip, rangee)) for rangee in rangees):
        raise Delicat
    return rangees, lecteur.line_num
