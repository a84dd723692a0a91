"""The outline of the page: chapters in their order, their parts below them, annexes lettered."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from qualepref_lib.display.blocs import BlocTableau
from qualepref_lib.display.html import LIGNES_AFFICHEES
from qualepref_lib.rapport.chapitre import Chapitre, Element
from qualepref_lib.rapport.markdown import Titre


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
class Plan:
    """The chapters put in order, long tables cut."""

    parties: list[Partie] = field(default_factory=list)
    suites: list[Suite] = field(default_factory=list)


@dataclass(frozen=True)
class Annexe:
    """The annexes: what their notebook says, then the ``sections`` that the report adds.

    ``sections`` are titles by key, of those that there is something to put in.
    """

    titre: str
    elements: tuple[Element, ...]
    sections: dict[str, str]
    remarques: tuple[str, ...] = ()

    @property
    def sommaire(self) -> list[tuple[str, str]]:
        """Its part of the contents."""
        titres = [e for e in self.elements if isinstance(e, Titre) and e.rang == 1]
        propres = [(titre.ancre, titre.texte) for titre in titres]
        return propres + [(f"annexe-{clef}", titre) for clef, titre in self.sections.items()]


def separer(chapitres: Iterable[Chapitre]) -> tuple[list[Chapitre], list[Chapitre]]:
    """The chapters in the order of their names, then the annexes."""
    ordre = sorted(chapitres, key=lambda chapitre: chapitre.nom)
    return [c for c in ordre if not c.est_annexe], [c for c in ordre if c.est_annexe]


def planifier(chapitres: Sequence[Chapitre]) -> Plan:
    """Parts go inside their chapter; a part without its chapter stands in its place."""
    plan = Plan()
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


def build_annexe(chapitres: Sequence[Chapitre], sections: dict[str, str]) -> Annexe:
    """The annexes, lettered from A: the notebook's own sections first, then those given."""
    elements = [e for chapitre in chapitres for e in chapitre.elements]
    propres = [e.ancre for e in elements if isinstance(e, Titre) and e.rang == 1]
    lettres = {clef: chr(ord("A") + rang) for rang, clef in enumerate([*propres, *sections])}
    return Annexe(
        titre=chapitres[0].titre if chapitres else "Annexes",
        elements=tuple(_lettrer(element, lettres) for element in elements),
        sections={clef: f"{lettres[clef]}. {titre}" for clef, titre in sections.items()},
        remarques=tuple(r for chapitre in chapitres for r in chapitre.remarques),
    )


def _lettrer(element: Element, lettres: dict[str, str]) -> Element:
    if isinstance(element, Titre) and element.ancre in lettres:
        return replace(element, texte=f"{lettres[element.ancre]}. {element.texte}")
    return element
