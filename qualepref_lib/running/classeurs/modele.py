"""What a workbook holds, said once for XLSX and ODS: sheets, columns, checks, highlights, names.

Formulas are templates: ``{date_reponse}`` is the cell of that column on the same row, ``;``
separates arguments, a range is called by its name. Each writer has its own notation for the rest.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Literal

from qualepref_lib.core.valeurs import ORIGINE

Style = Literal[
    "entete", "fixe", "fixe_date", "fixe_nombre", "saisie", "saisie_date", "calcul",
    "calcul_date", "titre", "prose",
]  # fmt: skip
"""How a cell looks and whether one may write in it: only ``saisie`` is open."""
Couleur = Literal["retard", "proche", "alerte"]
Valeur = str | int | dt.date | None
ENTETE = 1
"""The line of the headings: the first, where the reader of the campaign expects them."""


@dataclass(frozen=True)
class Controle:
    """What may be typed in a column, and the French sentence shown otherwise.

    ``liste``: a value of the named range ``source``; ``dates``: between the formulas ``mini`` and
    ``maxi``; ``formule``: where the formula ``source`` is true. A control that is not ``stricte``
    warns and lets the person go on. ``invite`` is shown when the cell is entered.
    """

    genre: Literal["liste", "dates", "formule"]
    source: str = ""
    mini: str = ""
    maxi: str = ""
    titre: str = ""
    message: str = ""
    invite: str = ""
    stricte: bool = True


@dataclass(frozen=True)
class Champ:
    """One column of a sheet: its machine name, its heading, its width in characters.

    ``formule`` fills every row of the column; the value of the row, where there is one, is kept
    beside the formula for the programs that do not compute.
    """

    nom: str
    titre: str
    largeur: int
    style: Style = "fixe"
    controle: Controle | None = None
    formule: str = ""


@dataclass(frozen=True)
class Surlignage:
    """A highlight: the colour given to columns ``de`` to ``a`` of the rows where ``formule``."""

    formule: str
    couleur: Couleur
    de: str
    a: str


@dataclass(frozen=True)
class Feuillet:
    """One sheet: its columns, its rows of values, how many rows are ready (``hauteur``).

    The first ``figees`` columns and the headings stay in sight. ``ouvertes`` rows at the end are
    open to the person who fills the sheet in.
    """

    nom: str
    champs: tuple[Champ, ...]
    lignes: tuple[tuple[Valeur, ...], ...] = ()
    hauteur: int = 0
    ouvertes: int = 0
    figees: int = 0
    filtre: bool = False
    surlignages: tuple[Surlignage, ...] = ()

    @property
    def rangs(self) -> int:
        """How many rows stand under the headings."""
        return max(len(self.lignes), self.hauteur) + self.ouvertes

    def lettre(self, nom: str) -> str:
        """The letter of the column of that name."""
        return lettre([champ.nom for champ in self.champs].index(nom))

    def style(self, rang: int, champ: Champ) -> Style:
        """The style of a cell of row ``rang``, counted from 0 under the headings."""
        if rang >= self.rangs - self.ouvertes and not champ.formule:
            return "saisie_date" if champ.style.endswith("date") else "saisie"
        return champ.style

    def valeur(self, rang: int, colonne: int) -> Valeur:
        """The value of a cell; None where nothing is written yet."""
        return self.lignes[rang][colonne] if rang < len(self.lignes) else None


@dataclass(frozen=True)
class Plage:
    """A named range: rows ``debut`` to ``fin`` (lines of the sheet) of one column."""

    nom: str
    feuillet: str
    lettre: str
    debut: int
    fin: int


@dataclass(frozen=True)
class Classeur:
    """A whole workbook; ``date`` is written as its creation, so that its bytes do not depend on
    the clock."""

    titre: str
    date: dt.date
    feuillets: tuple[Feuillet, ...]
    plages: tuple[Plage, ...]


def lettre(rang: int) -> str:
    """The letter of a column, counted from 0.

    >>> lettre(0), lettre(25), lettre(26)
    ('A', 'Z', 'AA')
    """
    texte = ""
    rang += 1
    while rang:
        rang, reste = divmod(rang - 1, 26)
        texte = chr(ord("A") + reste) + texte
    return texte


def numero_de_jour(jour: dt.date) -> int:
    """The number that spreadsheets know a day by.

    >>> numero_de_jour(dt.date(2022, 4, 13))
    44664
    """
    return (jour - ORIGINE).days


_MORCEAU = re.compile(r'("(?:[^"]|"")*")|\{([a-z_]+)\}|(;)')


_LIGNE = "\0"


def patron_formule(modele: str, feuillet: Feuillet, cellule: str, separateur: str) -> str:
    """The template in the notation of a format, for :func:`poser_formule` to put on a line.

    ``cellule`` writes a cell of a column and a line (``${}{}``), ``separateur`` stands between
    arguments. What is between double quotes is left as it is.
    """

    def traduire(trouve: re.Match[str]) -> str:
        texte, nom, virgule = trouve.groups()
        if virgule:
            return separateur
        return texte or cellule.format(feuillet.lettre(nom), _LIGNE)

    return _MORCEAU.sub(traduire, modele)


def poser_formule(patron: str, ligne: int) -> str:
    """The formula of one line of the sheet."""
    return patron.replace(_LIGNE, str(ligne))
