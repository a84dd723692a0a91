"""The report as one page: cover, contents, chapters, annexes.

``build_chapitre`` reads each executed notebook, ``collect_registre`` gathers the figures they
print, ``render_page`` draws the whole. The same page always gives the same bytes.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, partial
from pathlib import Path

from jinja2 import FileSystemLoader, Template
from markupsafe import Markup

from qualepref_lib.display.blocs import BlocTableau, ChiffreBloc
from qualepref_lib.display.html import LIGNES_AFFICHEES, ancre, environnement, render_bloc
from qualepref_lib.rapport import typographie
from qualepref_lib.rapport.chapitre import Chapitre, Element, build_chapitre
from qualepref_lib.rapport.markdown import Titre
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


@dataclass(frozen=True)
class Coupe:
    """The first rows of a table that is too long for its chapter; the rest is in the annex."""

    bloc: BlocTableau
    ancre: str
    reste: int
    genre: str = "coupe"


@dataclass(frozen=True)
class Suite:
    """The rest of such a table."""

    ancre: str
    blocs: tuple[BlocTableau, ...]


@dataclass(frozen=True)
class Partie:
    """A chapter in its place: its level in the outline, its own parts below it."""

    chapitre: Chapitre
    elements: tuple[Element | Coupe, ...]
    niveau: int = 2
    parties: tuple[Partie, ...] = ()

    @property
    def sommaire(self) -> list[tuple[str, str]]:
        """The second level of the contents: its parts.

        Its questions are left out: they would push the synthesis off the first screen.
        """
        return [(p.chapitre.ancre, p.intitule) for p in self.parties]

    @property
    def intitule(self) -> str:
        """Its number and its title."""
        return f"{self.chapitre.numero} {self.chapitre.titre}".strip()


@dataclass
class _Plan:
    """The chapters put in order, long tables cut."""

    parties: list[Partie] = field(default_factory=list)
    suites: list[Suite] = field(default_factory=list)


def render_page(page: Page) -> str:
    """The whole HTML document."""
    corps, annexes = _separer(page.chapitres)
    plan = _planifier(corps)
    style = feuille_de_style()
    html = _gabarit().render(
        page=page,
        plan=plan,
        annexe=_annexe(annexes, page, plan),
        groupes=grouper(page.registre),
        style=Markup(style),
        condense=base64.b64encode(hashlib.sha256(style.encode()).digest()).decode(),
    )
    return typographie.appliquer(_numeroter(html, page.registre)).strip() + "\n"


def _numeroter(html: str, registre: Sequence[ChiffreBloc]) -> str:
    """The addresses of the cards by their rank: nobody reads them, and they are in thousands."""
    rangs = {ancre(x.code): f"c-{rang}" for rang, x in enumerate(registre, start=1)}
    return _ADRESSE.sub(lambda a: f'{a[1]}{rangs.get(a[2], a[2])}"', html)


def _separer(chapitres: Iterable[Chapitre]) -> tuple[list[Chapitre], list[Chapitre]]:
    ordre = sorted(chapitres, key=lambda chapitre: chapitre.nom)
    return [c for c in ordre if not c.est_annexe], [c for c in ordre if c.est_annexe]


def _planifier(chapitres: Sequence[Chapitre]) -> _Plan:
    """Parts go inside their chapter; a part without its chapter stands in its place."""
    plan = _Plan()
    for chapitre in chapitres:
        elements = tuple(_couper(element, plan.suites) for element in chapitre.elements)
        partie = Partie(chapitre, elements)
        hote = plan.parties[-1] if plan.parties else None
        if hote and chapitre.parent and hote.chapitre.numero == chapitre.parent:
            partie = replace(partie, niveau=3)
            plan.parties[-1] = replace(hote, parties=(*hote.parties, partie))
        else:
            plan.parties.append(partie)
    return plan


def _couper(element: Element, suites: list[Suite]) -> Element | Coupe:
    if not isinstance(element, BlocTableau) or len(element.grille.lignes) <= LIGNES_AFFICHEES:
        return element
    pas, total = LIGNES_AFFICHEES, len(element.grille.lignes)
    debut, *reste = [_extrait(element, i, i + pas) for i in range(0, total, pas)]
    suites.append(Suite(f"suite-{len(suites) + 1}", tuple(reste)))
    return Coupe(debut, suites[-1].ancre, total - pas)


def _extrait(bloc: BlocTableau, debut: int, fin: int) -> BlocTableau:
    lignes = bloc.grille.lignes[debut:fin]
    titre = f"{bloc.titre} (suite)" if debut else bloc.titre
    grille = bloc.grille.model_copy(update={"lignes": lignes})
    return bloc.model_copy(update={"titre": titre, "grille": grille})


def _annexe(chapitres: list[Chapitre], page: Page, plan: _Plan) -> dict[str, object]:
    """The annexes: the notebook's own sections, then the registers, lettered from A."""
    sections = [
        ("registre", "Méthode et registre des chiffres", bool(page.registre)),
        ("suites", "Suite des tableaux longs", bool(plan.suites)),
        ("provenance", "Provenance", page.provenance is not None),
        ("accessibilite", "Accessibilité de ce document", True),
    ]
    elements = [e for chapitre in chapitres for e in chapitre.elements]
    propres = [e.ancre for e in elements if isinstance(e, Titre) and e.rang == 1]
    clefs = propres + [clef for clef, _, presente in sections if presente]
    lettres = {clef: chr(ord("A") + rang) for rang, clef in enumerate(clefs)}
    return {
        "titre": chapitres[0].titre if chapitres else "Annexes",
        "elements": [_lettrer(element, lettres) for element in elements],
        "remarques": [r for chapitre in chapitres for r in chapitre.remarques],
        "sections": {c: f"{lettres[c]}. {titre}" for c, titre, presente in sections if presente},
    }


def _lettrer(element: Element, lettres: dict[str, str]) -> Element:
    if isinstance(element, Titre) and element.ancre in lettres:
        return replace(element, texte=f"{lettres[element.ancre]}. {element.texte}")
    return element


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
