"""Delimited text of any size, read block by block into the distinct cells of each column.

A survey of a million answers holds a few dozen distinct cells: they are kept once, with their
ranks, so that the rows cost a byte or two each, and what follows checks the distinct cells only.
A column of many distinct cells (a number, a comment) stays a column of texts.

The blocks are cut as bytes (:mod:`~qualepref_lib.formats.guillemets`), two at a time. As soon as
one thing needs care (a quote inside a word, a short row, a doubtful letter) the answer is None,
and :mod:`~qualepref_lib.formats.texte` reads the text row by row: both give the same frame.
"""

from __future__ import annotations

import csv
import io
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import pandas as pd

from qualepref_lib.core.fichiers import find_mojibake
from qualepref_lib.formats.brut import INACHEVE, LIGNE_ENTETE, LIGNES_LUES, new_cadre
from qualepref_lib.formats.empreintes import Confusion
from qualepref_lib.formats.encodage import nature
from qualepref_lib.formats.guillemets import Bloc, scan_bloc
from qualepref_lib.formats.separateurs import find_separateur
from qualepref_lib.formats.tasses import Prepare, Tas, prepare
from qualepref_lib.formats.tetes import Tete

TAILLE_MINIMALE = 50_000
"""Below this many bytes the careful way takes no time either."""
TAILLE_BLOC = 1 << 19
OUVRIERS = 2
"""Blocks that are looked at together: most of the work leaves the interpreter free."""
TAILLE_TETE = 200_000
_UTF = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True)
class _Debut:
    """The header of a file, and where the rows begin."""

    entetes: list[str]
    largeur: int
    ligne: int
    premiere: int
    octet: int
    coupe: str


def load_blocs(chemin: Path, tete: Tete) -> pd.DataFrame | None:
    """The raw frame of a large text; None when it is small, or when something needs care."""
    try:
        if not chemin.is_file() or chemin.stat().st_size < TAILLE_MINIMALE:
            return None
        for encodage in ("utf-8", "cp1252"):
            with chemin.open("rb") as fichier:
                try:
                    return _Lecteur(fichier, encodage, tete).lire()
                except UnicodeDecodeError:
                    continue
    except (OSError, _Delicat, Confusion):
        return None
    return None


class _Delicat(Exception):
    """Something in the text that this reader leaves to the careful one."""


class _Lecteur:
    """Reads one file in one encoding."""

    def __init__(self, fichier: BinaryIO, encodage: str, tete: Tete) -> None:
        self.fichier, self.encodage, self.tete = fichier, encodage, tete
        self.inacheve = False

    def lire(self) -> pd.DataFrame:
        """The whole file as a raw frame."""
        debut = self._debut()
        self.fichier.seek(debut.octet)
        tas = Tas(debut.largeur, self.encodage)
        numeros: list[Any] = []
        ligne = debut.premiere
        for pret in self._prets(tas, debut):
            tas.ajouter(pret)
            numeros.append(ligne + pret.bloc.lignes)
            ligne += pret.bloc.hauteur
        if not numeros or not self._sain(tas):
            raise _Delicat
        return self._cadre(tas, np.concatenate(numeros), debut)

    def _debut(self) -> _Debut:
        """The header, read with care; its first bytes tell what the file is."""
        octets = self.fichier.read(TAILLE_TETE)
        if nature(octets) or octets.startswith(_UTF):
            raise _Delicat
        marque = 3 if octets.startswith(b"\xef\xbb\xbf") else 0
        octets = octets[marque : octets.rfind(b"\n") + 1]
        if b"\x00" in octets or octets.count(b"\r") != octets.count(b"\r\n"):
            raise _Delicat
        lignes = octets.splitlines(keepends=True)
        avant = sum(map(len, lignes[: self.tete.avant]))
        texte = octets[avant:].decode(self.encodage)
        if texte.lstrip('"')[:4].lower() == "sep=":
            raise _Delicat
        coupe = find_separateur(texte)
        rangees, fin = self._rangees(texte, coupe)
        entetes = self.tete.entetes(rangees)
        largeur = max(len(r) for r in rangees)
        if not all(entetes) or len(set(entetes)) < len(entetes) or find_mojibake(texte):
            raise _Delicat
        octet = marque + avant + sum(map(len, octets[avant:].splitlines(keepends=True)[:fin]))
        ligne = self.tete.avant + 1
        return _Debut(entetes, largeur, ligne, self.tete.avant + fin + 1, octet, coupe)

    def _rangees(self, texte: str, coupe: str) -> tuple[list[list[str]], int]:
        """The rows of the header, and how many lines they take."""
        lecteur = csv.reader(io.StringIO(texte, newline=""), delimiter=coupe, strict=True)
        try:
            rangees = [next(lecteur) for _ in range(self.tete.lignes)]
        except (csv.Error, StopIteration):
            raise _Delicat from None
        if not all(any(map(str.strip, rangee)) for rangee in rangees):
            raise _Delicat
        return rangees, lecteur.line_num

    def _blocs(self) -> Iterator[bytes]:
        """Whole rows, some megabytes at a time; the last one ends its line."""
        reste = b""
        while lus := self.fichier.read(TAILLE_BLOC):
            octets = reste + lus
            fin = _fin_de_rangee(octets)
            reste = octets[fin:]
            if fin:
                yield octets[:fin]
        self.inacheve = bool(reste)
        if reste.strip():
            yield reste + b"\n"

    def _prets(self, tas: Tas, debut: _Debut) -> Iterator[Prepare]:
        """The blocks in their order, a few of them being looked at while one is taken."""
        blocs = self._blocs()
        premier = next(blocs, None)
        if premier is None:
            return
        tas.trier(self._scanner(premier, debut))
        en_cours: deque[Future[Prepare]] = deque()
        with ThreadPoolExecutor(OUVRIERS) as ouvriers:
            for octets in chain([premier], blocs):
                en_cours.append(ouvriers.submit(self._preparer, octets, debut, tas.serres))
                if len(en_cours) > 2 * OUVRIERS:
                    yield en_cours.popleft().result()
            while en_cours:
                yield en_cours.popleft().result()

    def _preparer(self, octets: bytes, debut: _Debut, serres: tuple[int, ...]) -> Prepare:
        return prepare(self._scanner(octets, debut), serres)

    def _scanner(self, octets: bytes, debut: _Debut) -> Bloc:
        bloc = scan_bloc(octets, debut.coupe, debut.largeur)
        if bloc is None:
            raise _Delicat
        return bloc

    def _sain(self, tas: Tas) -> bool:
        """Whether the letters look French; where they do not, the careful reader says why."""
        windows = self.encodage == "cp1252"
        return not any(find_mojibake(texte, windows=windows) for texte in tas.dits())

    def _cadre(self, tas: Tas, numeros: Any, debut: _Debut) -> pd.DataFrame:
        """The columns under their headers, without the rows that hold nothing."""
        colonnes = [tas.serie(rang) for rang in range(debut.largeur)]
        if any(_remplies(c).any() for c in colonnes[len(debut.entetes) :]):
            raise _Delicat
        colonnes = colonnes[: len(debut.entetes)]
        pleines = np.zeros(len(numeros), dtype=bool)
        for colonne in colonnes:
            pleines |= _remplies(colonne)
            if pleines.all():
                break
        if not pleines.all():
            colonnes, numeros = [c[pleines] for c in colonnes], numeros[pleines]
        cadre = new_cadre(colonnes, debut.entetes, numeros)
        cadre.attrs |= {
            LIGNE_ENTETE: debut.ligne,
            LIGNES_LUES: len(cadre),
            INACHEVE: self.inacheve,
        }
        return cadre


def _remplies(colonne: Any) -> Any:
    if isinstance(colonne, pd.Categorical):
        return np.asarray(colonne.categories != "")[colonne.codes]
    return colonne != ""


def _fin_de_rangee(octets: bytes) -> int:
    """Where the last whole row ends: after it, no quote is open."""
    guillemets = octets.count(b'"')
    fin = len(octets)
    while (coupe := octets.rfind(b"\n", 0, fin)) >= 0:
        guillemets -= octets.count(b'"', coupe, fin)
        if guillemets % 2 == 0:
            return coupe + 1
        fin = coupe
    return 0
