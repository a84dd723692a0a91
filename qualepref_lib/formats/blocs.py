"""Delimited text of any size, read block by block into the distinct cells of each column.

A survey of a million answers holds a few dozen distinct cells: they are kept once, with their
ranks, so that the rows cost a byte or two each, and what follows checks the distinct cells only.
A column of many distinct cells (a number, a comment) stays a column of texts.

Arrow cuts the blocks (:mod:`~qualepref_lib.formats.tranches`), several at a time. As soon as one
thing needs care (a quote inside a word, a short row, a doubtful letter) the answer is None, and
:mod:`~qualepref_lib.formats.texte` reads the text row by row: both give the same frame.
"""

from __future__ import annotations

import hashlib
import io
import os
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from qualepref_lib.formats.brut import EMPREINTE, INACHEVE, LIGNE_ENTETE, LIGNES_LUES, new_cadre
from qualepref_lib.formats.debuts import TAILLE_TETE, Coupe, Debut, read_debut
from qualepref_lib.formats.guillemets import Bloc, Delicat, find_fin
from qualepref_lib.formats.tetes import Tete

if TYPE_CHECKING:
    from qualepref_lib.formats.tasses import Tas
    from qualepref_lib.formats.tranches import Tranche

TAILLE_MINIMALE = 50_000
"""Below this many bytes the careful way takes no time either, and Arrow need not be loaded."""
TAILLE_BLOC = 1 << 21
"""What is cut at once: it stays in the processor's memory."""
MARGE = 1 << 14
"""Room in a buffer for the start of a row that the next block ends."""
RANGEE_ADMISE = 1 << 26
"""A row of more bytes is none: a quote was never closed."""
OUVRIERS = min(4, os.cpu_count() or 1)
"""Blocks that are cut together."""


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
    except (OSError, Delicat):
        return None
    return None


class _Lecteur:
    """Reads one file in one encoding."""

    def __init__(self, fichier: io.BufferedReader, encodage: str, tete: Tete) -> None:
        self.fichier, self.encodage, self.tete = fichier, encodage, tete
        self.inacheve = False
        self.empreinte = hashlib.sha256()
        self.tampons: list[bytearray] = []

    def lire(self) -> pd.DataFrame:
        """The whole file as a raw frame."""
        from qualepref_lib.formats.tasses import Tas

        debut = read_debut(self.fichier.read(TAILLE_TETE), tete=self.tete, encodage=self.encodage)
        self.fichier.seek(0)
        self.empreinte.update(self.fichier.read(debut.octet))
        tas = Tas(debut.coupe.largeur, self.encodage)
        numeros: list[Any] = []
        ligne = debut.premiere
        for tranche in self._tranches(tas, debut.coupe):
            tas.ajouter(tranche)
            numeros.append(ligne + tranche.lignes)
            ligne += tranche.hauteur
        if not numeros:
            raise Delicat
        return self._cadre(tas, np.concatenate(numeros), debut)

    def _blocs(self) -> Iterator[Bloc]:
        """Whole rows, some megabytes at a time; the last one ends its line."""
        reste = b""
        while True:
            tampon = self._tampon(len(reste) + TAILLE_BLOC)
            tampon[: len(reste)] = reste
            with memoryview(tampon) as vue:
                lus = self.fichier.readinto(vue[len(reste) : len(reste) + TAILLE_BLOC])
                self.empreinte.update(vue[len(reste) : len(reste) + lus])
            if not lus:
                break
            plein = len(reste) + lus
            fin = find_fin(tampon, plein)
            reste = bytes(tampon[fin:plein])
            if fin:
                yield Bloc(tampon, fin)
            elif plein > RANGEE_ADMISE:
                raise Delicat
        self.inacheve = bool(reste)
        if reste.endswith(b"\r"):
            raise Delicat
        if reste.strip():
            yield Bloc(bytearray(reste + b"\n"), len(reste) + 1)

    def _tampon(self, taille: int) -> bytearray:
        """Room for a block: that of a block already cut, for new memory costs more than reading."""
        while self.tampons:
            if len(tampon := self.tampons.pop()) >= taille:
                return tampon
        return bytearray(taille + MARGE)

    def _tranches(self, tas: Tas, coupe: Coupe) -> Iterator[Tranche]:
        """The blocks in their order, a few of them being cut while one is taken."""
        from qualepref_lib.formats.tranches import read_tranche

        blocs = self._blocs()
        premier = next(blocs, None)
        if premier is None:
            return
        tas.trier(read_tranche(premier, coupe, frozenset()))
        en_cours: deque[tuple[Bloc, Future[Tranche]]] = deque()
        with ThreadPoolExecutor(OUVRIERS) as ouvriers:
            for bloc in chain([premier], blocs):
                futur = ouvriers.submit(read_tranche, bloc, coupe, tas.rangs_libres)
                en_cours.append((bloc, futur))
                if len(en_cours) > 2 * OUVRIERS:
                    yield self._prendre(*en_cours.popleft())
            while en_cours:
                yield self._prendre(*en_cours.popleft())

    def _prendre(self, bloc: Bloc, futur: Future[Tranche]) -> Tranche:
        tranche = futur.result()
        self.tampons.append(bloc.octets)
        return tranche

    def _cadre(self, tas: Tas, numeros: Any, debut: Debut) -> pd.DataFrame:
        """The columns under their headers, without the rows that hold nothing."""
        colonnes = [tas.serie(rang) for rang in range(debut.coupe.largeur)]
        if any(_remplies(c).any() for c in colonnes[len(debut.entetes) :]):
            raise Delicat
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
            EMPREINTE: self.empreinte.hexdigest(),
        }
        return cadre


def _remplies(colonne: Any) -> Any:
    if isinstance(colonne, pd.Categorical):
        return np.asarray(colonne.categories != "")[colonne.codes]
    return colonne != ""
