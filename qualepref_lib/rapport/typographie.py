"""The last pass over the finished page: French spaces, and no character that hides another.

It works on text nodes and on the two attributes that are read aloud, and leaves ``style``,
``code`` and ``pre`` alone. It is idempotent, so a page that goes through it twice is the same.
"""

from __future__ import annotations

import html
import re
from functools import lru_cache

from qualepref_lib.core.francais import sans_controle_bidi, typographie

# Quoted values are skipped whole: an attribute may hold « > ».
_BALISE = re.compile(r"""(<[a-zA-Z/!](?:[^"'>]+|"[^"]*"|'[^']*')*>)""")
_NOM = re.compile(r"</?([a-zA-Z][a-zA-Z0-9]*)")
_LUS = re.compile(r'(\s(?:alt|aria-label)=")([^"]*)(")')
_INTOUCHES = frozenset({"style", "code", "pre"})
# What HTML forbids in a document: control characters, surrogates, non-characters.
_INTERDITS = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)


def appliquer(page: str) -> str:
    """The page with French typography, without control characters.

    >>> appliquer('<p title="a">Qui ?</p><code>a ?</code>')
    '<p title="a">Qui\\u202f?</p><code>a ?</code>'
    """
    morceaux = _BALISE.split(nettoyer(page))
    intouche = ""
    for rang, morceau in enumerate(morceaux):
        if rang % 2:
            intouche = _suivre(morceau, intouche)
            morceaux[rang] = _LUS.sub(_attribut, morceau)
        elif not intouche and not morceau.isspace():
            morceaux[rang] = _texte(morceau)
    return "".join(morceaux)


def nettoyer(texte: str) -> str:
    """Drop what reorders the text around it and what HTML forbids; line ends become ``\\n``."""
    texte = texte.replace("\r\n", "\n").replace("\r", "\n")
    return sans_controle_bidi(_INTERDITS.sub("", texte))


def _suivre(balise: str, intouche: str) -> str:
    """The element left alone that we are in after ``balise``, or nothing."""
    trouve = _NOM.match(balise)
    nom = trouve[1].lower() if trouve else ""
    if intouche:
        return "" if balise.startswith("</") and nom == intouche else intouche
    return nom if nom in _INTOUCHES and not balise.startswith("</") else ""


@lru_cache(maxsize=100_000)
def _texte(noeud: str) -> str:
    # A table repeats its words: most nodes were met before.
    # Entities first become characters: the « ; » of « &amp; » is no punctuation.
    return html.escape(nettoyer(typographie(html.unescape(noeud))), quote=False)


def _attribut(trouve: re.Match[str]) -> str:
    valeur = nettoyer(typographie(html.unescape(trouve[2])))
    return trouve[1] + html.escape(valeur, quote=True).replace("&#x27;", "'") + trouve[3]
