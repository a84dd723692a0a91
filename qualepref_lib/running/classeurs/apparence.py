"""What the cells look like, said once for XLSX and ODS.

Dark text on light grounds, at least 7 to 1; whatever a colour says, a column says in words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

POLICE, TAILLE = "Arial", 10
TRAIT = "#C9C9D1"
HAUTEUR_ENTETE = 30
"""The height of the row of headings, in points: two lines."""


@dataclass(frozen=True)
class Apparence:
    """The look of a cell; ``ouverte``: one may write in it while the sheet is protected."""

    gras: bool = False
    italique: bool = False
    texte: str = "#161616"
    fond: str = ""
    date: bool = False
    centre: bool = False
    haut: bool = False
    bord: bool = True
    ouverte: bool = False


_FERME = "#F1F1F5"
APPARENCES: Mapping[str, Apparence] = {
    "entete": Apparence(gras=True, texte="#FFFFFF", fond="#000091", centre=True),
    "fixe": Apparence(fond=_FERME),
    "fixe_date": Apparence(fond=_FERME, date=True, centre=True),
    "fixe_nombre": Apparence(fond=_FERME),
    "saisie": Apparence(ouverte=True),
    "saisie_date": Apparence(date=True, centre=True, ouverte=True),
    "calcul": Apparence(fond=_FERME),
    "calcul_date": Apparence(fond=_FERME, date=True, centre=True),
    "titre": Apparence(gras=True, texte="#000091", haut=True, bord=False),
    "prose": Apparence(haut=True, bord=False),
}
COULEURS: Mapping[str, Apparence] = {
    "retard": Apparence(gras=True, texte="#8A0008", fond="#FFD9D6"),
    "proche": Apparence(gras=True, texte="#6B3A00", fond="#FFE9C7"),
    "alerte": Apparence(italique=True, texte="#000060", fond="#E3E8FF"),
}
