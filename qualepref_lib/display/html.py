"""A block becomes an HTML fragment: the one drawing function of the notebook and of the report.

The fragments hold no script, no style and no address; every text goes through Jinja's escaping.
A chart travels as an image (a data URI): several SVGs of matplotlib in one page would share ids.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from qualepref_lib.core.francais import sans_controle_bidi
from qualepref_lib.core.refus import sans_accent
from qualepref_lib.display.blocs import BLANC, Bloc

LIGNES_AFFICHEES = 200

SIGNES = {"bien": "✔", "moyen": "◐", "ecart": "✖", "neutre": "○"}
MOTS = {"bien": "favorable", "moyen": "à surveiller", "ecart": "écart", "neutre": "sans jugement"}
AVIS = {
    "non_evalue": "Non évalué",
    "rien_a_signaler": "Rien à signaler",
    "a_completer": BLANC,
    "demonstration": "Données de démonstration",
}

# The valid URL characters of a data URI, minus those that HTML would escape to five letters.
_LISIBLES = "!$()*+,-./:;=?@_~'"
_RACINE = re.compile(r"<svg\b[^>]*>")
_POUCE_PX = 96 / 72


def render_bloc(
    bloc: Bloc, liens: bool = False, niveau: int = 3, ancres: Sequence[str] = ()
) -> Markup:
    """The HTML of a block; with ``liens``, a figure is a link to its card in the register.

    ``niveau`` is the level of the headings of sheets, and ``ancres`` their anchors: in a notebook,
    where nothing leads to them, they have none.
    """
    gabarit = environnement().get_template("blocs.html.j2")
    return Markup(gabarit.render(bloc=bloc, liens=liens, niveau=niveau, ancres=ancres).strip())


def ancre(code: str) -> str:
    """The anchor of a figure's card.

    >>> ancre("autodiagnostic.1.01")
    'c-autodiagnostic-1-01'
    """
    return "c-" + code.replace(".", "-")


def svg_data_uri(svg: str) -> Markup:
    """The SVG as an ``img`` address, percent-encoded: it compresses better than base64.

    The XML prolog and the doctype go, an image needs neither.

    >>> svg_data_uri('<?xml version="1.0"?><svg viewBox="0 0 2 1"/>')
    Markup('data:image/svg+xml,%3Csvg%20viewBox=%220%200%202%201%22/%3E')
    """
    racine = _RACINE.search(svg)
    corps = svg[racine.start() :] if racine else svg
    # Nothing is left that ends a double-quoted attribute; escaped again, a quote would weigh five.
    return Markup("data:image/svg+xml," + quote(sans_controle_bidi(corps).strip(), safe=_LISIBLES))


def svg_taille(svg: str) -> tuple[int, int]:
    """Width and height in CSS pixels, so that the page does not move when the image comes.

    matplotlib counts its ``viewBox`` in points; letters of 10 points must measure 13 pixels.

    >>> svg_taille('<svg width="504pt" height="216pt" viewBox="0 0 504 216">')
    (672, 288)
    """
    racine = _RACINE.search(svg)
    boite = re.search(r"""\bviewBox=["']([^"']+)""", racine[0]) if racine else None
    if racine is None or boite is None:
        raise ValueError("an SVG without viewBox has no size")
    echelle = _POUCE_PX if re.search(r"""\bwidth=["'][\d.]+pt["']""", racine[0]) else 1
    _, _, largeur, hauteur = (float(n) * echelle for n in boite[1].replace(",", " ").split())
    return round(largeur), round(hauteur)


@cache
def environnement() -> Environment:
    """The Jinja environment of the blocks: everything escaped, an unknown name is an error."""
    env = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    env.globals |= {
        "SIGNES": SIGNES,
        "BLANC": BLANC,
        "MOTS": MOTS,
        "LIGNES_AFFICHEES": LIGNES_AFFICHEES,
    }
    env.globals |= {"titre_avis": _titre_avis, "svg_taille": svg_taille, "a_un_mot": _a_un_mot}
    env.filters |= {"ancre": ancre, "svg_data_uri": svg_data_uri}
    return env


def _titre_avis(sorte: str, texte: str) -> str:
    """The heading of a notice, unless its text already begins with it."""
    titre = AVIS[sorte]
    return "" if sans_accent(texte).startswith(sans_accent(titre)) else titre


def _a_un_mot(texte: str) -> bool:
    """True when a status says its own name; a bare ``44 %`` needs a word beside its sign."""
    return any(caractere.isalpha() for caractere in texte)
