"""Sheets: names and what is said of each, for pages that a person reads or fills one by one.

A fiche d'écart, the evaluation of an engagement and the closing minutes have the same form. An
item without content is a blank: what only a person may say, and has not said yet.
"""

from __future__ import annotations

from dataclasses import dataclass

from qualepref_lib.core.bilan import Chiffre, Renvoi, Source


@dataclass(frozen=True)
class Rubrique:
    """One item of a sheet: its name, and its texts or the figures that it quotes."""

    nom: str
    contenus: tuple[str | Renvoi, ...] = ()


@dataclass(frozen=True)
class Feuille:
    """One sheet: what it is about, and its items in order."""

    titre: str
    rubriques: tuple[Rubrique, ...]

    def rubrique(self, nom: str) -> Rubrique:
        """The item of that name; KeyError if there is none."""
        for rubrique in self.rubriques:
            if rubrique.nom == nom:
                return rubrique
        raise KeyError(nom)


@dataclass(frozen=True)
class Liasse:
    """Sheets of the same kind, with where they come from; ``chiffres`` holds the figures quoted.

    ``manque`` and ``a_completer`` are those of a :class:`~qualepref_lib.core.bilan.Liste`.
    """

    code: str
    titre: str
    champ: str
    source: Source
    feuilles: tuple[Feuille, ...]
    manque: str = ""
    a_completer: str = ""
    chiffres: tuple[Chiffre, ...] = ()


def new_rubrique(nom: str, *textes: str | Renvoi | None) -> Rubrique:
    """An item of what is really there: empty texts are dropped, so that none leaves a blank.

    >>> new_rubrique("Fait", "", None).contenus
    ()
    """
    return Rubrique(nom, tuple(texte for texte in textes if texte))
