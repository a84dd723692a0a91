"""Delimited text read in bulk, when nothing in it needs care.

A year of calls is 200,000 lines that all have the same shape: no quote, no short line, no blank
line. Such a text is cut by the parser of pandas, several times faster than row by row. As soon as
one thing is unusual the answer is None, and :mod:`~qualepref_lib.formats.texte` reads the text
with all its care: both give the same frame.
"""

from __future__ import annotations

import csv
import io
import warnings
from dataclasses import dataclass
from typing import Any

import pandas as pd

# Every character that ``str.strip`` takes away, but those that end a line.
_ESPACES = tuple(c for c in map(chr, range(0x3001)) if c.isspace() and c not in "\r\n")
LONGUEUR_MINIMALE = 50_000
"""Below this many characters the careful way takes no time either."""


@dataclass(frozen=True)
class Colonnes:
    """The header of a text and, under it, its columns as arrays of str."""

    entetes: list[str]
    valeurs: list[Any]


def cut_colonnes(texte: str, coupe: str) -> Colonnes | None:
    """The columns of ``texte`` cut at ``coupe``; None when a cell or a line needs care."""
    if len(texte) < LONGUEUR_MINIMALE or '"' in texte or _a_rogner(texte, coupe):
        return None
    try:
        with warnings.catch_warnings(action="ignore"):
            cadre = pd.read_csv(
                io.StringIO(texte), sep=coupe, header=None, index_col=False, dtype=object,
                na_filter=False, quoting=csv.QUOTE_NONE, skip_blank_lines=False, low_memory=False,
            )  # fmt: skip
    except (pd.errors.ParserError, pd.errors.EmptyDataError):
        return None
    entetes = [str(entete) for entete in cadre.iloc[0]]
    # No line is longer than the first, so the count of separators says that none is shorter.
    if len(cadre) < 2 or texte.count(coupe) != len(cadre) * (len(entetes) - 1):
        return None
    valeurs = [cadre[rang].to_numpy()[1:] for rang in range(len(entetes))]
    if not all(entetes) or not any((colonne != "").all() for colonne in valeurs):
        return None
    return Colonnes(entetes, valeurs)


def _a_rogner(texte: str, coupe: str) -> bool:
    """Whether a cell begins or ends with a space of any kind."""
    bords = (coupe, "\r", "\n")
    return texte[:1].isspace() or any(
        espace in texte
        and (
            texte.endswith(espace)
            or any(espace + bord in texte or bord + espace in texte for bord in bords)
        )
        for espace in _ESPACES
        if espace != coupe
    )
