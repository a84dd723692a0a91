"""One table spread over the sheets of a workbook: numbers by which every row is found again.

A row number is that of one file: over several sheets it would mean several rows. Here a number
holds the sheet, the row and, where each cell of a row is a row of the table, the column. It sorts
as a person reads: sheet after sheet, row after row. What is printed says « feuille Visites,
ligne 4 », never the number.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from qualepref_lib.core.refus import Probleme, extrait

PAR_LIGNE = 1_000
"""More numbers than a row of a grid has columns."""
PAR_FEUILLE = 10_000_000_000
"""More numbers than a sheet of 1,048,576 rows takes."""
CELLULES = ("observation", "reponse", "valeur")
"""The columns of the table that are one cell of a row."""

_RENVOI = re.compile(r"à la ligne (\d{11,})")


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

    def situer(self, probleme: Probleme) -> list[Probleme]:
        """The same problem where a person finds it: one for each sheet, and each column of it."""
        if probleme.ligne is None or probleme.ligne < PAR_FEUILLE:
            return [probleme]
        groupes: dict[tuple[int, str | None], list[int]] = {}
        for numero in (probleme.ligne, *probleme.autres):
            feuille, ligne, rang = lieu_de(numero)
            colonne = probleme.colonne
            if rang and colonne in CELLULES:
                colonne = self.titres[feuille][rang - 1]
            groupes.setdefault((feuille, colonne), []).append(ligne)
        return [
            self._placer(probleme, feuille, colonne, list(dict.fromkeys(lignes)))
            for (feuille, colonne), lignes in groupes.items()
        ]

    def _placer(
        self, probleme: Probleme, feuille: int, colonne: str | None, lignes: Sequence[int]
    ) -> Probleme:
        return replace(
            probleme,
            fichier=f"{probleme.fichier}, feuille {extrait(self.noms[feuille])}",
            constat=_RENVOI.sub(self._dire, probleme.constat),
            ligne=lignes[0],
            autres=tuple(lignes[1:]),
            colonne=colonne,
        )

    def _dire(self, renvoi: re.Match[str]) -> str:
        feuille, ligne, _ = lieu_de(int(renvoi[1]))
        return f"à la ligne {ligne} de la feuille {extrait(self.noms[feuille])}"


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
