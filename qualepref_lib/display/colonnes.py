"""The two sorts of columns that every table is made of: texts, and figures of the register."""

from __future__ import annotations

from collections.abc import Callable

from qualepref_lib.core.bilan import Bilan, Ligne
from qualepref_lib.core.francais import pourcentage
from qualepref_lib.display.blocs import Cellule, Colonne

Trait = tuple[Colonne, Callable[[Ligne], Cellule]]
"""A column and how to draw its cell from a line."""
TIRET = "–"
"""What stands where there is nothing to print."""


def texte(titre: str, lire: Callable[[Ligne], str]) -> Trait:
    """A column of words."""
    return Colonne(titre=titre), lambda ligne: Cellule(texte=lire(ligne))


def chiffre(titre: str, bilan: Bilan, lire: Callable[[Ligne], str], modalite: str = "") -> Trait:
    """A column of figures, each linked to its entry in the register; a dash is no figure."""

    def dessin(ligne: Ligne) -> Cellule:
        lu = lire(ligne)
        return Cellule(texte=lu, chiffre="" if lu == TIRET else bilan.identifiant(ligne, modalite))

    return Colonne(titre=titre, genre="nombre"), dessin


def trait_cible() -> Trait:
    """The share that each line has to reach."""

    def dessin(ligne: Ligne) -> Cellule:
        return Cellule(texte=pourcentage(ligne.cible) if ligne.cible is not None else "–")

    return Colonne(titre="Cible", genre="nombre"), dessin
