"""An executed notebook becomes a chapter: its prose and its blocks, in the order of the cells.

The file name carries the place: ``03_evaluation`` is chapter 3, ``03a_autodiagnostic`` its first
part (3.1). The code is never shown; the cells of parameters and their outputs neither.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from qualepref_lib.core.refus import Probleme, Refus, sans_accent
from qualepref_lib.display.blocs import BlocAvis, BlocFiches
from qualepref_lib.rapport.frontiere import Sortie, judge_output
from qualepref_lib.rapport.markdown import Texte, Titre, read_markdown

_NOM = re.compile(r"(\d\d)([a-z]?)_(.+)")
_CACHEES = {"parameters", "injected-parameters", "papermill-error-cell-tag"}


@dataclass(frozen=True)
class Depliee:
    """Sheets in their place: the depth of their headings below the chapter, and their anchors."""

    bloc: BlocFiches
    rang: int
    ancres: tuple[str, ...]
    genre: str = "depliee"


Element = Titre | Texte | Sortie | Depliee


@dataclass(frozen=True)
class Chapitre:
    """A chapter of the report; ``remarques`` list what was left out of a draft."""

    nom: str
    titre: str
    elements: tuple[Element, ...]
    remarques: tuple[str, ...] = ()

    @property
    def parent(self) -> str:
        """The number of the chapter it is a part of: ``3`` for ``03a_…``, else nothing."""
        nombre, lettre = _decouper(self.nom)
        return str(int(nombre)) if lettre else ""

    @property
    def numero(self) -> str:
        """``3``, ``3.1``, or nothing for the synthesis, the annexes and a draft."""
        nombre, lettre = _decouper(self.nom)
        if not nombre or int(nombre) == 0 or self.est_annexe:
            return ""
        suite = f".{ord(lettre) - ord('a') + 1}" if lettre else ""
        return f"{int(nombre)}{suite}"

    @property
    def est_annexe(self) -> bool:
        """True for the notebook of the annexes, to which the registers are appended."""
        trouve = _NOM.fullmatch(self.nom)
        return (trouve[3] if trouve else self.nom).startswith("annexe")

    @property
    def est_synthese(self) -> bool:
        """True for the notebook that opens the report; printed, it holds on one page."""
        return self.nom.startswith("00_")

    @property
    def ancre(self) -> str:
        """The anchor of its heading; no other heading of the document has it."""
        return f"ch-{slug(self.nom)}"

    @property
    def titres(self) -> tuple[Titre, ...]:
        """Its headings, in order."""
        return tuple(e for e in self.elements if isinstance(e, Titre))


@dataclass
class _Lecture:
    """What is gathered while the cells are read."""

    nom: str
    titre: str = ""
    elements: list[Element] = field(default_factory=list)
    problemes: list[Probleme] = field(default_factory=list)

    def deja_dit(self, sortie: Element) -> bool:
        """True for a notice that the same section has already given: once is enough."""
        section: list[Element] = []
        for element in self.elements:
            section = [] if isinstance(element, Titre) else [*section, element]
        return isinstance(sortie, BlocAvis) and sortie in section

    def noter(self, cellule: str, constat: str, remede: str) -> None:
        self.problemes.append(Probleme(f"{self.nom}.ipynb, {cellule}", constat, remede=remede))


def build_chapitre(notebook: Mapping[str, Any], nom: str, *, strict: bool) -> Chapitre:
    """The chapter of an executed notebook (nbformat 4, read as JSON) whose file stem is ``nom``.

    ``strict`` refuses everything that is not one of our blocks, all cells at once; otherwise
    what is left out is listed at the end of the chapter.
    """
    lecture = _Lecture(nom)
    for rang, cellule in enumerate(notebook["cells"], start=1):
        if not _CACHEES & set(cellule.get("metadata", {}).get("tags", [])):
            _lire_cellule(lecture, cellule, f"cellule « {cellule.get('id', '?')} » (n° {rang})")
    if not lecture.titre:
        lecture.noter("première cellule", "le titre manque.", "commencer par « # Titre ».")
    if strict and lecture.problemes:
        raise Refus(*lecture.problemes)
    return Chapitre(
        nom=nom,
        titre=lecture.titre or _titre_de_secours(nom),
        elements=tuple(_planifier(lecture.elements, f"ch-{slug(nom)}")),
        remarques=tuple(str(probleme) for probleme in lecture.problemes),
    )


def new_chapitre(nom: str, titre: str, elements: Iterable[Titre | Texte | Sortie]) -> Chapitre:
    """A chapter made without a notebook, of headings, prose and blocks in their order."""
    return Chapitre(nom, titre, tuple(_planifier(list(elements), f"ch-{slug(nom)}")))


def _lire_cellule(lecture: _Lecture, cellule: Mapping[str, Any], lieu: str) -> None:
    if cellule["cell_type"] == "markdown":
        # The format allows one text or a list of lines.
        _lire_prose(lecture, "".join(cellule["source"]), lieu)
    elif cellule["cell_type"] == "code":
        for sortie in cellule.get("outputs", []):
            jugement = judge_output(sortie)
            if jugement.constat:
                lecture.noter(lieu, jugement.constat, jugement.remede)
            if jugement.sortie is not None and not lecture.deja_dit(jugement.sortie):
                lecture.elements.append(jugement.sortie)
    else:
        lecture.noter(lieu, "cellule brute (raw).", "la changer en cellule Markdown.")


def _lire_prose(lecture: _Lecture, source: str, lieu: str) -> None:
    lu = read_markdown(source)
    for element in lu.elements:
        if isinstance(element, Titre) and element.rang == 1 and not lecture.titre:
            lecture.titre = element.texte
        else:
            lecture.elements.append(element)
    for image in lu.images:
        constat = f"image écrite dans le texte (« {image} »)."
        lecture.noter(lieu, constat, "la montrer avec Graphique, qui porte ses données.")


def _planifier(elements: list[Element], prefixe: str) -> Iterator[Element]:
    """Headings get their depth below the chapter, without skips, and an anchor of their own.

    Those of sheets stand one below the question that the sheets answer.
    """
    niveaux, ancres = [1], {prefixe}
    for element in elements:
        if isinstance(element, Titre):
            niveau = max(element.rang, 2)
            while niveaux[-1] >= niveau:
                niveaux.pop()
            ancre = _unique(f"{prefixe}-{slug(element.texte)}", ancres)
            element = replace(element, rang=len(niveaux), ancre=ancre)
            niveaux.append(niveau)
        if isinstance(element, BlocFiches):
            libres = [_unique(f"{prefixe}-{slug(f.titre)}", ancres) for f in element.fiches]
            element = Depliee(element, len(niveaux), tuple(libres))
        yield element


def _unique(ancre: str, prises: set[str]) -> str:
    libre, suite = ancre, 2
    while libre in prises:
        libre, suite = f"{ancre}-{suite}", suite + 1
    prises.add(libre)
    return libre


def _decouper(nom: str) -> tuple[str, str]:
    trouve = _NOM.fullmatch(nom)
    return (trouve[1], trouve[2]) if trouve else ("", "")


def _titre_de_secours(nom: str) -> str:
    trouve = _NOM.fullmatch(nom)
    return (trouve[3] if trouve else nom).replace("_", " ").capitalize() or "Sans titre"


def slug(texte: str) -> str:
    """Letters, digits and dashes.

    >>> slug("Où en est l'accueil ?")
    'ou-en-est-l-accueil'
    """
    texte = texte.replace("’", "'")
    return "-".join(re.findall(r"[a-z0-9]+", sans_accent(texte))) or "section"
