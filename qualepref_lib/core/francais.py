"""French formats: numbers, percentages, dates, plurals and the spaces of French typography.

Babel knows the locale; what it does not know is how an auditor prints a rate. Rounding is
*half up* (69,5 gives 70), where Python's ``round`` and Babel go to the even neighbour, so the
rounding is done here, on exact fractions, before anything is formatted.
"""

from __future__ import annotations

import datetime as dt
import re
from fractions import Fraction
from functools import lru_cache

from babel.dates import format_date
from babel.numbers import format_decimal

ESPACE_FINE = "\u202f"
ESPACE_INSECABLE = "\u00a0"
MOINS = "\u2212"


def round_half_up(valeur: Fraction | float, decimales: int = 0) -> Fraction:
    """Round to ``decimales`` places, halves away from zero.

    >>> round_half_up(Fraction(139, 2))
    Fraction(70, 1)
    """
    echelle = 10**decimales
    exact = Fraction(valeur) * echelle
    entier = abs(exact) + Fraction(1, 2)
    return Fraction((entier.numerator // entier.denominator) * (1 if exact >= 0 else -1), echelle)


@lru_cache(maxsize=4096)
def nombre(valeur: Fraction | float, decimales: int = 0) -> str:
    """A number as the French write it: decimal comma, narrow spaces, a real minus.

    >>> nombre(13.5, 1), nombre(-2), nombre(1234)
    ('13,5', '−2', '1\\u202f234')
    """
    arrondi = round_half_up(valeur, decimales)
    motif = "#,##0" + ("." + "0" * decimales if decimales else "")
    texte: str = format_decimal(abs(float(arrondi)), motif, locale="fr")
    return (MOINS if arrondi < 0 else "") + texte


def nombre_court(valeur: Fraction | float) -> str:
    """A count that may end in a half: ``14`` stays ``14``, ``13.5`` is ``13,5``.

    >>> nombre_court(14.0), nombre_court(13.5)
    ('14', '13,5')
    """
    return nombre(valeur, 0 if Fraction(valeur).denominator == 1 else 1)


def pourcentage(part: Fraction | float, decimales: int = 0) -> str:
    """A share between 0 and 1 as a percentage.

    >>> pourcentage(Fraction(139, 200))
    '70\\xa0%'
    """
    return nombre(Fraction(part) * 100, decimales) + ESPACE_INSECABLE + "%"


def date_longue(jour: dt.date) -> str:
    """``3 février 2022``, and ``1er avril 2022`` on the first of the month.

    >>> date_longue(dt.date(2022, 4, 1))
    '1er avril 2022'
    """
    texte: str = format_date(jour, "d MMMM y", locale="fr")
    return re.sub(r"^1 ", "1er ", texte)


def date_courte(jour: dt.date) -> str:
    """``03/02/2022``, for tables.

    >>> date_courte(dt.date(2022, 2, 3))
    '03/02/2022'
    """
    return jour.strftime("%d/%m/%Y")


def mois(jour: dt.date) -> str:
    """``avril 2022``.

    >>> mois(dt.date(2022, 4, 1))
    'avril 2022'
    """
    texte: str = format_date(jour, "MMMM y", locale="fr")
    return texte


def pluriel(n: float | Fraction, singulier: str, plusieurs: str | None = None) -> str:
    """The count and its noun; French has the plural from two on, so ``1,5 point``.

    >>> pluriel(1, "canal", "canaux"), pluriel(2, "canal", "canaux"), pluriel(0, "test")
    ('1 canal', '2 canaux', '0 test')
    """
    nom = singulier if abs(float(n)) < 2 else (plusieurs or singulier + "s")
    return f"{nombre_court(n)} {nom}"


def enumeration(elements: list[str] | tuple[str, ...], lien: str = "et") -> str:
    """``a, b et c``.

    >>> enumeration(["a", "b", "c"]), enumeration(["a"]), enumeration([])
    ('a, b et c', 'a', '')
    """
    *debut, fin = list(elements) or [""]
    return f"{', '.join(debut)} {lien} {fin}" if debut else fin


_AVANT_SIGNE = re.compile(r"[ \u00a0\u202f]?([;!?]+)(?=[\s»)]|$)")
_BORNES = re.compile(r"(\[[^\[\]; ]+\u202f;) (?=[^\[\]; ]+\])")
"""An interval is not cut between its bounds."""
_DEUX_POINTS = re.compile(r" :(?=\s|$)")
_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]")


def typographie(texte: str) -> str:
    """The spaces and apostrophes of French typography; idempotent.

    U+202F before ``; ! ?``, U+00A0 before ``:`` ``%`` ``€`` and inside « », curly apostrophes.

    >>> typographie("L'accueil : 44 % ?"), typographie("[2 ; 47] %")
    ('L’accueil\\xa0: 44\\xa0%\\u202f?', '[2\\u202f;\\xa047]\\xa0%')
    """
    texte = _AVANT_SIGNE.sub(ESPACE_FINE + r"\1", texte) if re.search("[;!?]", texte) else texte
    texte = _DEUX_POINTS.sub(ESPACE_INSECABLE + ":", texte)
    texte = re.sub(r"(?<=[\d\]]) (?=[%€])", ESPACE_INSECABLE, texte)
    texte = _BORNES.sub(r"\1" + ESPACE_INSECABLE, texte)
    texte = texte.replace("« ", "«" + ESPACE_INSECABLE).replace(" »", ESPACE_INSECABLE + "»")
    return re.sub(r"(?<=\w)'(?=\w)", "’", texte)


def sans_controle_bidi(texte: str) -> str:
    """Drop the characters that reorder what follows them: a reader must see what the file says.

    >>> sans_controle_bidi("ab\\u202ecd")
    'abcd'
    """
    return _BIDI.sub("", texte)
