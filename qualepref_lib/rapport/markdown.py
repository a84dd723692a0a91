"""Markdown cells: headings, and prose as clean HTML.

Raw HTML is escaped, so it is read and not obeyed. A link stays one only towards the page itself;
any other address is printed beside its text, because the report must work without a network.
``nh3`` comes last and knows nothing of the above: two independent guards.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from typing import Any

import mistune
import nh3
from mistune.core import BlockState
from mistune.plugins.table import table

_FRAGMENT = re.compile(r"#[A-Za-z0-9._-]+")
_ADRESSE = re.compile(r"(https?|mailto):", re.IGNORECASE)
_BALISES = {"p", "ul", "ol", "li", "em", "strong", "code", "pre", "blockquote", "hr", "br", "a"}
_BALISES |= {"div", "table", "caption", "thead", "tbody", "tr", "th", "td"}
_ATTRIBUTS = {
    "a": {"href"},
    "ol": {"start"},
    "th": {"scope", "class"},
    "td": {"class"},
    "div": {"class", "role", "tabindex", "aria-label"},
}


@dataclass(frozen=True)
class Titre:
    """A heading: its depth below the chapter (1 is a section) and its plain text."""

    texte: str
    rang: int = 1
    ancre: str = ""
    genre: str = "titre"


@dataclass(frozen=True)
class Texte:
    """Prose, already sanitised."""

    html: str
    genre: str = "texte"


@dataclass(frozen=True)
class Lu:
    """A Markdown cell, read: headings carry their Markdown level as ``rang``."""

    elements: tuple[Titre | Texte, ...]
    images: tuple[str, ...]


class _Rendu(mistune.HTMLRenderer):
    """Draws what the report allows; notes the images, which it never draws."""

    def __init__(self) -> None:
        super().__init__(escape=True)
        self.images: list[str] = []

    def heading(self, text: str, level: int, **attrs: Any) -> str:
        """A heading inside a quotation or a list is not one of the document."""
        return f"<p><strong>{text}</strong></p>\n"

    def link(self, text: str, url: str, title: str | None = None) -> str:
        """A link inside the page; an outer address is printed; any other is only its text."""
        if _FRAGMENT.fullmatch(url):
            return f'<a href="{url}">{text}</a>'
        if _ADRESSE.match(url) and html.escape(url) not in text:
            return f"{text} ({html.escape(url)})"
        return text

    def image(self, text: str, url: str, title: str | None = None) -> str:
        """The words of the image; a chart comes from a cell, with its data."""
        self.images.append(text)
        return f"[image : {text}]"


_MARKDOWN = mistune.Markdown(renderer=None, plugins=[table])


def read_markdown(source: str) -> Lu:
    """The headings and the prose of one Markdown cell, in order."""
    jetons, _ = _MARKDOWN.parse(source)
    rendu, legende = _preparer(), "Tableau du texte"
    elements: list[Titre | Texte] = []
    prose: list[dict[str, Any]] = []
    for jeton in [*jetons, None]:
        titre = jeton is None or (isinstance(jeton, dict) and jeton["type"] == "heading")
        if titre and prose:
            elements.append(_prose(rendu, prose, legende))
            prose = []
        if isinstance(jeton, dict) and titre:
            legende = _mots(jeton["children"])
            elements.append(Titre(legende, jeton["attrs"]["level"]))
        elif isinstance(jeton, dict) and jeton["type"] != "blank_line":
            prose.append(jeton)
    return Lu(tuple(elements), tuple(rendu.images))


def _preparer() -> _Rendu:
    rendu = _Rendu()
    table(mistune.Markdown(renderer=rendu))
    rendu.register("table_cell", _cellule)
    return rendu


def _prose(rendu: _Rendu, jetons: list[dict[str, Any]], legende: str) -> Texte:
    titre = html.escape(legende)
    ouverture = '<div class="defilement" role="group" tabindex="0" aria-label="Tableau">'
    rendu.register(
        "table",
        lambda _, texte: f"{ouverture}<table><caption>{titre}</caption>{texte}</table></div>\n",
    )
    return Texte(assainir(rendu.render_tokens(jetons, BlockState())))


def _cellule(_: Any, texte: str, align: str | None = None, head: bool = False) -> str:
    classe = ' class="nombre"' if align == "right" else ""
    return f'<th scope="col"{classe}>{texte}</th>' if head else f"<td{classe}>{texte}</td>"


def assainir(fragment: str) -> str:
    """The fragment with the tags and attributes that prose needs, and no other."""
    return nh3.clean(
        fragment,
        tags=_BALISES,
        attributes=_ATTRIBUTS,
        attribute_filter=_garder,
        url_schemes=set(),
        link_rel=None,
    ).strip()


def _garder(balise: str, attribut: str, valeur: str) -> str | None:
    if attribut == "href" and not _FRAGMENT.fullmatch(valeur):
        return None
    return valeur


def _mots(jetons: list[dict[str, Any]]) -> str:
    """The words of a heading, without its marks."""
    mots = []
    for jeton in jetons:
        if "children" in jeton:
            mots.append(_mots(jeton["children"]))
        else:
            mots.append(jeton.get("raw", " "))
    return " ".join("".join(mots).split())
