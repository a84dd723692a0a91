"""One table spread over the sheets of a workbook: numbers by which every row is found again.

A row number is that of one file: over several sheets it would mean several rows. Here a number
holds the sheet, the row and, where each cell of a row is a row of the table, the column. It sorts
as a person reads: sheet after sheet, row after row. What is printed says « feuille Visites,
ligne 4 », never the number.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from qualepref_lib.core.lieux import Lieu
from qualepref_lib.core.refus import extrait

PAR_LIGNE = 1_000
"""More numbers than a row of a grid has columns."""
PAR_FEUILLE = 10_000_000_000
"""More numbers than a sheet of 1,048,576 rows takes."""


@dataclass(frozen=True)
class Onglets:
    """The sheets of a workbook, and the headings of the columns that became rows, by sheet."""

    noms: tuple[str, ...]
    titres: tuple[tuple[str, ...], ...]

    def plages(self, numeros: Iterable[int]) -> str:
        """The rows written as ranges, sheet by sheet.

        >>> f = Onglets(("Visites", "Appels"), (("Salut",), ()))
        >>> f.plages([numero_de(0, 4, 1), numero_de(0, 5, 1), numero_de(1, 9)])
        'Visites 4-5, Appels 9'
        """
        lignes: dict[int, set[int]] = {}
        for numero in numeros:
            feuille, ligne, _ = lieu_de(int(numero))
            lignes.setdefault(feuille, set()).add(ligne)
        return ", ".join(f"{self.noms[f]} {_suites(sorted(lignes[f]))}" for f in sorted(lignes))

    def lieu(self, classeur: str, numero: int) -> Lieu | None:
        """Where the row of that number stands in the workbook; None for a number of no sheet."""
        if numero < PAR_FEUILLE:
            return None
        feuille, ligne, rang = lieu_de(numero)
        titre = self.titres[feuille][rang - 1] if rang else ""
        return Lieu(f"{classeur}, feuille {extrait(self.noms[feuille])}", ligne, titre)


def numero_de(feuille: int, ligne: int, rang: int = 0) -> int:
    """The number of a row, or of its cell of that rank (from 1).

    >>> lieu_de(numero_de(2, 17, 5))
    (2, 17, 5)
    """
    return (feuille + 1) * PAR_FEUILLE + ligne * PAR_LIGNE + rang


def lieu_de(numero: int) -> tuple[int, int, int]:
    """The sheet, the row and the cell that a number holds."""
    feuille, reste = divmod(numero, PAR_FEUILLE)
    return feuille - 1, *divmod(reste, PAR_LIGNE)


def _suites(lignes: Sequence[int]) -> str:
    suites: list[list[int]] = []
    for ligne in lignes:
        if suites and ligne == suites[-1][-1] + 1:
            suites[-1].append(ligne)
        else:
            suites.append([ligne])
    return ", ".join(f"{s[0]}" if len(s) == 1 else f"{s[0]}-{s[-1]}" for s in suites)
