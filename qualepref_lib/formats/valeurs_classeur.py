"""The cells of a workbook as the text that a person would have written in a CSV."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from typing import Any

_DUREE_ISO = re.compile(r"PT([0-9]+)H([0-9]+)M([0-9]+)(?:[.,][0-9]+)?S")
CHIFFRES_SURS = 1e15
"""A spreadsheet keeps fifteen digits; a larger number has lost its last ones."""


def format_colonne(cellules: Sequence[Any]) -> list[str]:
    """The texts of one column: each distinct value is written once.

    Days are written ``AAAA-MM-JJ``, hours and durations ``hh:mm:ss``, whole numbers without
    decimals, yes or no ``oui`` and ``non``; a text loses the spaces around it. Where one cell of
    the column has a day and an hour, a day alone is midnight: it keeps its hour too.
    """
    genres = set(map(type, cellules))
    heures = dt.datetime in genres
    if bool not in genres:  # True equals 1: only then may equal values be taken for one
        textes = {cellule: _texte(cellule, heures) for cellule in set(cellules)}
        return [textes[cellule] for cellule in cellules]
    return [_texte(cellule, heures) for cellule in cellules]


def _texte(cellule: Any, heures: bool) -> str:
    if isinstance(cellule, str):
        return _brut(cellule)
    if isinstance(cellule, bool):
        return "oui" if cellule else "non"
    if isinstance(cellule, int | float):
        return _nombre(cellule)
    if isinstance(cellule, dt.datetime):
        return f"{_a_la_seconde(cellule):%Y-%m-%d %H:%M:%S}"
    if isinstance(cellule, dt.date):
        return f"{cellule.isoformat()} 00:00:00" if heures else cellule.isoformat()
    if isinstance(cellule, dt.time):
        return f"{_a_la_seconde(dt.datetime.combine(dt.date(2000, 1, 1), cellule)):%H:%M:%S}"
    return _duree(cellule) if isinstance(cellule, dt.timedelta) else str(cellule).strip()


def _brut(texte: str) -> str:
    net = texte.strip()
    if trouve := _DUREE_ISO.fullmatch(net):  # how an ODS writes more than a day
        heures, minutes, secondes = (int(g) for g in trouve.groups())
        return f"{heures:02d}:{minutes:02d}:{secondes:02d}"
    return net


def _nombre(nombre: float) -> str:
    """The shortest writing that keeps the digits a spreadsheet keeps.

    >>> _nombre(12.0), _nombre(0.1 + 0.2), _nombre(1e20)
    ('12', '0.3', '100000000000000000000')
    """
    if nombre == int(nombre):
        return f"{nombre:.0f}" if abs(nombre) >= CHIFFRES_SURS else str(int(nombre))
    court = f"{nombre:.15g}"
    return f"{nombre:.15f}".rstrip("0") if "e" in court else court


def _a_la_seconde(moment: dt.datetime) -> dt.datetime:
    """The nearest second: the fractions are those of the day number, not of the data."""
    proche = (moment + dt.timedelta(milliseconds=500)).replace(microsecond=0)
    return proche if proche.date() == moment.date() else moment.replace(microsecond=0)


def _duree(duree: dt.timedelta) -> str:
    """A duration in hours, minutes and seconds; the hours may exceed a day.

    >>> _duree(dt.timedelta(hours=30, minutes=5))
    '30:05:00'
    """
    secondes = round(abs(duree).total_seconds())
    signe = "-" if duree < dt.timedelta(0) else ""
    return f"{signe}{secondes // 3600:02d}:{secondes // 60 % 60:02d}:{secondes % 60:02d}"
