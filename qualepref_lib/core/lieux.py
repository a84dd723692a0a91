"""Where a row that was checked really stands, when it is not in the file that the checks read.

Sheets of a workbook, or the grids of several testers, become one table before any rule looks at
it. What a rule says of a row of that table is then told of the cell where a person finds it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from qualepref_lib.core.refus import Probleme

CELLULES = ("observation", "reponse", "valeur")
"""The columns of the table that are one cell of a row, where a row is a test."""

_RENVOI = re.compile(r"à la ligne (\d+)")


@dataclass(frozen=True)
class Lieu:
    """A row of a file; ``titre`` heads the cell that became a row of the table, if one did."""

    fichier: str
    ligne: int
    titre: str = ""


Lieux = Callable[[int], Lieu | None]
"""Where the row of that number stands; None when its number is its place."""


def situer(probleme: Probleme, lieux: Lieux) -> list[Probleme]:
    """The same problem where it is found: one for each file, and each column of it.

    >>> ailleurs = {7: Lieu("grille.ods", 4, "Salut"), 8: Lieu("grille.ods", 5, "Salut")}
    >>> dit = Probleme("a.csv", "vide.", 7, "reponse", autres=(8,))
    >>> [str(place) for place in situer(dit, ailleurs.get)]
    ['grille.ods, lignes 4 et 5, colonne « Salut » : vide.']
    """
    if probleme.ligne is None:
        return [probleme]
    groupes: dict[tuple[str, str | None], list[int]] = {}
    for numero in (probleme.ligne, *probleme.autres):
        lieu = lieux(numero) or Lieu(probleme.fichier, numero)
        de_la_cellule = lieu.titre and probleme.colonne in CELLULES
        colonne = lieu.titre if de_la_cellule else probleme.colonne
        groupes.setdefault((lieu.fichier, colonne), []).append(lieu.ligne)

    def renvoyer(renvoi: re.Match[str]) -> str:
        lieu = lieux(int(renvoi[1]))
        return f"à la ligne {lieu.ligne} de {lieu.fichier}" if lieu else renvoi[0]

    constat = _RENVOI.sub(renvoyer, probleme.constat)
    places = []
    for (fichier, colonne), toutes in groupes.items():
        premiere, *autres = dict.fromkeys(toutes)
        places.append(
            replace(probleme, fichier=fichier, constat=constat, ligne=premiere,
                    autres=tuple(autres), colonne=colonne)
        )  # fmt: skip
    return places
