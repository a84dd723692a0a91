"""Several answers to one question, as survey tools write them: one column each, or in one cell.

Both become what our own file holds, codes joined by « | ». A label may hold the very comma that
separates the answers: the longest piece that is a known answer is taken as one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from qualepref_lib.core.refus import sans_accent
from qualepref_lib.formats.brut import factorize, unfactorize

COCHEES = frozenset(
    ["oui", "o", "y", "yes", "1", "x", "vrai", "true", "coche", "cochee", "checked", "selected",
     "selectionne", "selectionnee"]
)  # fmt: skip
"""What says that a box is ticked, in the form of :func:`sans_accent`."""
NON_COCHEES = frozenset(
    ["", "non", "n", "no", "0", "faux", "false", "non coche", "non cochee", "unchecked",
     "not selected", "non selectionne", "non selectionnee", "n/a", "na", "-"]
)  # fmt: skip
"""What says that it is not; ``N/A`` is a question that was not shown."""
LIEN = "|"
MAXIMUM = 62
"""Answers to one question: each is one bit of a whole number."""


@dataclass(frozen=True)
class Case:
    """The box of one answer: its code, the header of its column, and the words that tick it."""

    code: str
    entete: str
    cochent: frozenset[str]
    libre: bool = False


@dataclass(frozen=True)
class Doute:
    """A cell that does not say whether its box is ticked."""

    entete: str
    valeur: str
    lignes: tuple[int, ...]


def join_cases(
    brut: pd.DataFrame, cases: Sequence[Case], decochent: frozenset[str] = NON_COCHEES
) -> tuple[pd.Series, list[Doute]]:
    """One cell of codes for each row, from the columns of boxes; and what could not be read."""
    codes = list(dict.fromkeys(case.code for case in cases))
    bits = np.zeros(len(brut), dtype=np.int64)
    doutes: list[Doute] = []
    for case in cases:
        rangs, valeurs = factorize(brut[case.entete])
        formes = [sans_accent(str(v)) or str(v).strip() for v in valeurs]
        coches = np.array([_coche(forme, case, decochent) for forme in formes], dtype=bool)
        bits |= (coches[rangs].astype(np.int64) << codes.index(case.code)) if len(rangs) else 0
        for rang, forme in enumerate(formes):
            if not case.libre and forme not in decochent and not coches[rang]:
                lignes = tuple(int(n) for n in brut.index[rangs == rang])
                doutes.append(Doute(case.entete, str(valeurs[rang]), lignes))
    uniques, places = np.unique(bits, return_inverse=True)
    textes = [LIEN.join(c for n, c in enumerate(codes) if int(u) >> n & 1) for u in uniques]
    return unfactorize(places, textes, brut.index), doutes


def _coche(forme: str, case: Case, decochent: frozenset[str]) -> bool:
    return forme in case.cochent or (case.libre and forme not in decochent)


def split_cellules(
    serie: pd.Series, coupe: str, formes: Mapping[str, str], autre: str = ""
) -> pd.Series:
    """Cells of several answers as cells of codes; each distinct cell is cut once.

    ``formes`` gives the code of each known answer. What is not known becomes ``autre``, or stays
    as it is for the check to tell.
    """
    serrees = {serrer(forme, coupe): code for forme, code in formes.items()}
    rangs, valeurs = factorize(serie)
    textes = [LIEN.join(_codes(str(v), coupe, serrees, autre)) for v in valeurs]
    return unfactorize(rangs, textes, serie.index)


def cut_reponses(valeur: str, coupe: str, formes: Iterable[str]) -> list[str]:
    """The answers in one cell: known ones whole, what stands between two of them as one text.

    >>> cut_reponses("permis, carte grise, autre chose", ",", ["permis, carte grise"])
    ['permis, carte grise', 'autre chose']
    """
    connues = {serrer(sans_accent(forme), coupe) for forme in formes}
    morceaux = valeur.split(coupe)
    reponses: list[str] = []
    debut, libre = 0, False
    while debut < len(morceaux):
        fin = _plus_long(morceaux, debut, coupe, connues)
        texte = coupe.join(morceaux[debut : fin or debut + 1]).strip()
        if fin is None and libre:
            reponses[-1] = f"{reponses[-1]}{coupe} {texte}"
        elif texte:
            reponses.append(texte)
        libre = fin is None and bool(texte)
        debut = fin or debut + 1
    return reponses


def _plus_long(morceaux: list[str], debut: int, coupe: str, connues: set[str]) -> int | None:
    for fin in range(len(morceaux), debut, -1):
        if serrer(sans_accent(coupe.join(morceaux[debut:fin])), coupe) in connues:
            return fin
    return None


def _codes(valeur: str, coupe: str, serrees: Mapping[str, str], autre: str) -> Iterable[str]:
    lues = cut_reponses(valeur, coupe, serrees)
    trouves = (serrees.get(serrer(sans_accent(v), coupe), autre or v) for v in lues)
    return dict.fromkeys(code.replace(LIEN, "/") for code in trouves)


def serrer(forme: str, coupe: str) -> str:
    """The same form without the spaces around the sign that separates."""
    return re.sub(rf"\s*{re.escape(coupe.strip())}\s*", coupe.strip(), forme).strip()
