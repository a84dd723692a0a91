"""The report as one page: cover, contents, chapters, annexes.

``build_chapitre`` reads each executed notebook, ``collect_registre`` gathers the figures they
print, ``render_page`` draws the whole. The same page always gives the same bytes.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

from jinja2 import FileSystemLoader, Template
from markupsafe import Markup

from qualepref_lib.display.blocs import ChiffreBloc
from qualepref_lib.display.html import ancre, environnement, render_bloc
from qualepref_lib.rapport import typographie
from qualepref_lib.rapport.chapitre import Chapitre, build_chapitre
from qualepref_lib.rapport.plan import Plan, build_annexe, planifier, separer
from qualepref_lib.rapport.registre import (
    collect_registre,
    grouper,
    libelle_court,
    lignes_courtes,
)
from qualepref_lib.rapport.style import feuille_de_style

_ICI = Path(__file__).parent
# Data cannot write these quotes: they are escaped.
_ADRESSE = re.compile(r'( id="| href="#)(c-[^"]+)"')


@dataclass(frozen=True)
class Logo:
    """The prefecture's own logo, as a data URI; none is shipped."""

    adresse: str
    alt: str
    largeur: int
    hauteur: int

    def __post_init__(self) -> None:
        if not self.adresse.startswith(("data:image/png;base64,", "data:image/svg+xml,")):
            raise ValueError("a logo is a PNG or an SVG inside the page")


@dataclass(frozen=True)
class Couverture:
    """The head of the report; ``date`` is the declared reference date, never the clock's."""

    titre: str
    site: str = ""
    label: str = ""
    edition: str = ""
    date: str = ""
    dates: tuple[tuple[str, str], ...] = ()
    demonstration: bool = False
    logo: Logo | None = None

    @property
    def titre_complet(self) -> str:
        """The title of the window: what, where, for which label, when."""
        return " — ".join(filter(None, (self.titre, self.site, self.label, self.date)))

    @property
    def mentions(self) -> tuple[tuple[str, str], ...]:
        """The definition list under the title, without its empty lines."""
        fixes = (("Site", self.site), ("Label", self.label), ("Référentiel", self.edition))
        return tuple((nom, valeur) for nom, valeur in (*fixes, *self.dates) if valeur)


@dataclass(frozen=True)
class Fichier:
    """An input file: its name in the campaign, its SHA-256, how many rows it holds."""

    nom: str
    sha256: str
    lignes: str = ""


@dataclass(frozen=True)
class Provenance:
    """What the report was made of."""

    fichiers: tuple[Fichier, ...] = ()
    parametres: tuple[tuple[str, str], ...] = ()
    versions: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Page:
    """Everything that the report holds."""

    couverture: Couverture
    chapitres: tuple[Chapitre, ...]
    registre: tuple[ChiffreBloc, ...] = ()
    provenance: Provenance | None = None
    empreinte: str = ""


def render_page(page: Page) -> str:
    """The whole HTML document."""
    corps, annexes = separer(page.chapitres)
    plan = planifier(corps)
    style = feuille_de_style()
    html = _gabarit().render(
        page=page,
        plan=plan,
        annexe=build_annexe(annexes, _sections(page, plan)),
        groupes=grouper(page.registre),
        style=Markup(style),
        condense=base64.b64encode(hashlib.sha256(style.encode()).digest()).decode(),
    )
    return typographie.appliquer(_numeroter(html, page.registre)).strip() + "\n"


def _numeroter(html: str, registre: Sequence[ChiffreBloc]) -> str:
    """The addresses of the cards by their rank: nobody reads them, and they are in thousands."""
    rangs = {ancre(x.code): f"c-{rang}" for rang, x in enumerate(registre, start=1)}
    return _ADRESSE.sub(lambda a: f'{a[1]}{rangs.get(a[2], a[2])}"', html)


def _sections(page: Page, plan: Plan) -> dict[str, str]:
    """What the report adds to the annexes, where there is something to put in it."""
    sections = [
        ("registre", "Méthode et registre des chiffres", bool(page.registre)),
        ("suites", "Suite des tableaux longs", bool(plan.suites)),
        ("provenance", "Provenance", page.provenance is not None),
        ("accessibilite", "Accessibilité de ce document", True),
    ]
    return {clef: titre for clef, titre, presente in sections if presente}


@cache
def _gabarit() -> Template:
    env = environnement().overlay(loader=FileSystemLoader(_ICI))
    env.filters = {
        **env.filters,
        "bloc": partial(render_bloc, liens=True),
        "libelle_court": libelle_court,
        "lignes_courtes": lignes_courtes,
    }
    return env.get_template("page.html.j2")


__all__ = [
    "Couverture",
    "Fichier",
    "Logo",
    "Page",
    "Provenance",
    "build_chapitre",
    "collect_registre",
    "feuille_de_style",
    "render_page",
]
