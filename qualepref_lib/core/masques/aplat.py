"""A text as a reader sees it: flat letters and digits, whatever characters were typed for them.

A telephone number written in full-width digits, cut by zero-width characters or held together by
exotic dashes reads the same to a person, so it must read the same to the screening. Every flat
character remembers which character of the text it came from: what is masked is cut out of the
text itself.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

_CYRILLIQUE = "аеорсхуіјѕԁԛԝһАВЕКМНОРСТХІЈЅ"
_LATIN_CYRILLIQUE = "aeopcxyijsdqwhABEKMHOPCTXIJS"
_GREC = "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧοι"
_LATIN_GREC = "ABEZHIKMNOPTYXoi"
_POINTS = "·•‧∙⋅・․。｡"
_TIRETS = "−⁃˗‐‑‒–—―⸺⸻﹘﹣－ー"
_APOSTROPHES = "’‘ʼ＇`´′"
_SOSIES = {
    **dict(zip(_CYRILLIQUE, _LATIN_CYRILLIQUE, strict=True)),
    **dict(zip(_GREC, _LATIN_GREC, strict=True)),
    **dict.fromkeys(_POINTS, "."),
    **dict.fromkeys(_TIRETS, "-"),
    **dict.fromkeys(_APOSTROPHES, "'"),
    "⁄": "/",
    "∕": "/",
    "œ": "oe",
    "Œ": "OE",
}


_ACCENTS = "àâäéèêëîïôöùûüÿçÀÂÄÉÈÊËÎÏÔÖÙÛÜŸÇ’‘–—\u00a0\u202f«»€°"
_SIMPLES = "aaaeeeeiioouuuycAAAEEEEIIOOUUUYC''--  «»€°"
_PLATS = str.maketrans(_ACCENTS, _SIMPLES)
_COURANT = re.compile(rf"[ -~{_ACCENTS}]*")
"""What French is typed with, and nothing else."""


@dataclass(frozen=True)
class Aplat:
    """The flat form of a text, and the place in the text of each of its characters."""

    plat: str
    rangs: tuple[int, ...] | range

    def etendue(self, debut: int, fin: int) -> tuple[int, int]:
        """The span of the text that ``plat[debut:fin]`` came from."""
        return self.rangs[debut], self.rangs[fin - 1] + 1


def aplatir(texte: str) -> Aplat:
    """Flatten ``texte``; case is kept, since a capital letter tells a name.

    >>> aplatir("０６\\u200b 12‑34").plat
    '06 12-34'
    """
    if texte.isascii() and texte.isprintable():
        return Aplat(texte, range(len(texte)))
    if _COURANT.fullmatch(texte):  # each character has one flat form: no need to look at it
        return Aplat(texte.translate(_PLATS), range(len(texte)))
    morceaux, rangs = [], []
    for rang, caractere in enumerate(texte):
        plats = _plat(caractere)
        morceaux.append(plats)
        rangs += [rang] * len(plats)
    return Aplat("".join(morceaux), tuple(rangs))


def nettoyer(texte: str) -> str:
    """Without invisible, control or reordering characters, and with single spaces.

    >>> nettoyer("a\\u202eb\\n\\tc\\u200b")
    'ab c'
    """
    if not (texte.isascii() and texte.isprintable()):
        texte = texte.translate(_VISIBLES)
    return " ".join(texte.split())


class _Visibles(dict[int, str | None]):
    """What each character is shown as, looked up once: a space, nothing, or itself."""

    def __missing__(self, code: int) -> str | None:
        caractere = chr(code)
        cache = unicodedata.category(caractere).startswith("C")
        montre = " " if caractere.isspace() else None if cache else caractere
        self[code] = montre
        return montre


_VISIBLES = _Visibles()


@lru_cache(maxsize=4096)
def _plat(caractere: str) -> str:
    if caractere in _SOSIES:
        return _SOSIES[caractere]
    if caractere.isspace():
        return " "
    if caractere.isdecimal():
        return str(unicodedata.decimal(caractere))
    return "".join(map(_simple, unicodedata.normalize("NFKD", caractere)))


def _simple(caractere: str) -> str:
    """One decomposed character: accents and invisible ones are nothing, dashes are one dash."""
    categorie = unicodedata.category(caractere)
    if caractere.isspace():
        return " "
    if categorie in ("Mn", "Me") or categorie.startswith("C"):
        return ""
    if caractere in _SOSIES:
        return _SOSIES[caractere]
    return "-" if categorie == "Pd" else caractere
