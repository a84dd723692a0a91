"""Addresses of cells: as a spreadsheet writes them (B12), and a line and a column from 0."""

from __future__ import annotations

Adresse = tuple[int, int]
"""A line and a column, both counted from 0."""
Plage = tuple[Adresse, Adresse]
"""The first and the last cell of a rectangle."""


def lettres(colonne: int) -> str:
    """The letters of a column counted from 0.

    >>> lettres(0), lettres(25), lettres(26), lettres(16383)
    ('A', 'Z', 'AA', 'XFD')
    """
    texte = ""
    colonne += 1
    while colonne:
        colonne, reste = divmod(colonne - 1, 26)
        texte = chr(ord("A") + reste) + texte
    return texte


def adresse_de(lettres: str, ligne: int) -> Adresse:
    """The address of the cell that a spreadsheet calls by letters and a line.

    >>> adresse_de("B", 12), adresse_de("XFD", 1)
    ((11, 1), (0, 16383))
    """
    colonne = 0
    for lettre in lettres:
        colonne = 26 * colonne + ord(lettre) - ord("A") + 1
    return ligne - 1, colonne - 1


def ecrire(plage: Plage) -> str:
    """A rectangle as a spreadsheet writes it.

    >>> ecrire(((11, 1), (11, 1))), ecrire(((2, 1), (2, 3)))
    ('B12', 'B3:D3')
    """
    debut, fin = (f"{lettres(colonne)}{ligne + 1}" for ligne, colonne in plage)
    return debut if debut == fin else f"{debut}:{fin}"
