"""The cells of one sheet as a raw frame: where its header is, which columns and rows count."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from qualepref_lib.core.refus import Releve, sans_accent
from qualepref_lib.formats.adresses import Plage, ecrire, lettres
from qualepref_lib.formats.brut import (
    INACHEVE,
    LETTRES,
    LIGNE_ENTETE,
    LIGNES_LUES,
    ORIGINE_DES_JOURS,
    check_doublons,
    new_cadre,
    remplies,
)
from qualepref_lib.formats.cellules import NON_CALCULEE
from qualepref_lib.formats.feuilles_classeur import LIGNES_VUES
from qualepref_lib.formats.invisibles import Invisibles
from qualepref_lib.formats.tetes import UNE_LIGNE, Tete
from qualepref_lib.formats.valeurs_classeur import format_colonne

_VIDES = frozenset({"", NON_CALCULEE})
PLAGES_DITES = 5


@dataclass(frozen=True)
class Cellules:
    """The cells of a sheet as texts, by column, from ``ligne`` and ``colonne`` on (from 0)."""

    colonnes: list[list[str]]
    ligne: int
    colonne: int

    def rangee(self, rang: int) -> list[str]:
        """One row, the line breaks inside its cells made spaces."""
        return [" ".join(colonne[rang].split()) for colonne in self.colonnes]

    @property
    def hauteur(self) -> int:
        """How many rows there are."""
        return len(self.colonnes[0]) if self.colonnes else 0


@dataclass(frozen=True)
class _Colonne:
    entete: str
    lettre: str
    rang: int
    valeurs: list[str]


def format_cellules(feuille: Any, vue: Invisibles, lignes_avant: int = 0) -> Cellules:
    """The texts of a sheet of calamine from the first row on that follows ``lignes_avant``."""
    ligne, colonne = feuille.start or (0, 0)
    rangees = feuille.to_python()[max(lignes_avant - ligne, 0) :]
    ligne = max(ligne, lignes_avant)
    largeur = len(rangees[0]) if rangees else 0
    colonnes = [format_colonne([rangee[i] for rangee in rangees]) for i in range(largeur)]
    for (y, x), marque in vue.marques.items():
        if 0 <= y - ligne < len(rangees) and 0 <= x - colonne < largeur:
            colonnes[x - colonne][y - ligne] = marque
    return Cellules(colonnes, ligne, colonne)


def find_tetes(feuille: Any, lignes_avant: int = 0) -> list[list[str]]:
    """The first rows of a sheet that hold anything: one of them is its header."""
    rangees = feuille.to_python(nrows=LIGNES_VUES + lignes_avant)
    debut = max(lignes_avant - (feuille.start or (0, 0))[0], 0)
    return [[" ".join(str(v).split()) for v in rangee] for rangee in rangees[debut:]]


def new_tableau(
    cellules: Cellules,
    vue: Invisibles,
    fusions: Iterable[Plage],
    nom: str,
    releve: Releve,
    attendus: Sequence[str] = (),
    tete: Tete = UNE_LIGNE,
) -> pd.DataFrame | None:
    """The raw frame below the header; None, and a problem, when there is no header to find."""
    rang = _rang_entete(cellules, nom, releve, attendus)
    if rang is None:
        return None
    colonnes = _colonnes(cellules, rang, tete)
    rang += tete.lignes - 1
    ligne = cellules.ligne + rang + 1
    # In a header of two rows, a question is often merged over its answers.
    sous = [f for f in fusions if tete.lignes == 1 or f[1][0] >= ligne]
    _verifier_fusions(sous, ligne, colonnes, nom, releve)
    _verifier_sans_nom(colonnes, ligne, nom, releve)
    nommees = [c for c in colonnes if c.entete]
    check_doublons([c.entete for c in nommees], ligne, nom, releve)
    cadre = _cadre(nommees, ligne)
    cadre.attrs |= {
        INACHEVE: False,
        LIGNE_ENTETE: ligne,
        LIGNES_LUES: len(cadre),
        LETTRES: {c.entete: c.lettre for c in reversed(nommees)},
        ORIGINE_DES_JOURS: vue.origine,
    }
    return cadre


def _rang_entete(
    cellules: Cellules, nom: str, releve: Releve, attendus: Sequence[str]
) -> int | None:
    """The first row that holds anything, unless the expected headers stand further down."""
    vues = range(min(cellules.hauteur, LIGNES_VUES))
    pleines = (r for r in range(cellules.hauteur) if any(c[r] for c in cellules.colonnes))
    premier = next(pleines, None)
    if premier is None:
        constat = "la feuille est vide."
        releve.signaler(nom, constat, remede="la remplir, ou exporter à nouveau le classeur.")
        return None
    voulus = {sans_accent(entete) for entete in attendus}
    justes = [r for r in vues if voulus <= set(map(sans_accent, cellules.rangee(r)))]
    if voulus and justes and justes[0] > premier:
        _signaler_titre(cellules.ligne + justes[0], nom, releve)
        return None
    return premier


def _signaler_titre(avant: int, nom: str, releve: Releve) -> None:
    releve.signaler(
        nom,
        f"l’en-tête est à la ligne {avant + 1} : ce qui est au-dessus n’est pas du tableau.",
        remede=f"supprimer les lignes du dessus, ou écrire « lignes_avant: {avant} » dans "
        f"{Path(nom).stem}.association.yaml.",
    )


def _colonnes(cellules: Cellules, rang: int, tete: Tete) -> list[_Colonne]:
    """The columns that have a header or hold anything."""
    debut = min(rang + tete.lignes, cellules.hauteur)
    entetes = tete.entetes([cellules.rangee(r) for r in range(rang, debut)])
    entetes += [""] * (len(cellules.colonnes) - len(entetes))
    toutes = [
        _Colonne(entetes[i], lettres(cellules.colonne + i), cellules.colonne + i, c[debut:])
        for i, c in enumerate(cellules.colonnes)
    ]
    return [c for c in toutes if c.entete or not _VIDES.issuperset(c.valeurs)]


def _cadre(colonnes: list[_Colonne], ligne: int) -> pd.DataFrame:
    """The rows that hold more than formulas without a result."""
    valeurs: list[Any] = [np.array(c.valeurs, dtype=object) for c in colonnes]
    combien = len(valeurs[0]) if valeurs else 0
    numeros: Any = np.arange(ligne + 1, ligne + 1 + combien)
    gardees = remplies(valeurs, _VIDES)
    if gardees is not None:
        valeurs, numeros = [v[gardees] for v in valeurs], numeros[gardees]
    return new_cadre(valeurs, [c.entete for c in colonnes], numeros)


def _verifier_sans_nom(colonnes: Iterable[_Colonne], ligne: int, nom: str, releve: Releve) -> None:
    for colonne in colonnes:
        if not colonne.entete:
            rang = next(r for r, v in enumerate(colonne.valeurs) if v not in _VIDES)
            releve.signaler(
                nom,
                f"la colonne {colonne.lettre} n’a pas d’en-tête et contient des valeurs (la "
                f"première en {colonne.lettre}{ligne + 1 + rang}).",
                ligne=ligne,
                remede="donner son nom à la colonne dans l’en-tête, ou la vider.",
            )


def _verifier_fusions(
    fusions: Iterable[Plage], ligne: int, colonnes: Sequence[_Colonne], nom: str, releve: Releve
) -> None:
    """Under a merged cell there is one value for several places: which are empty, or repeated?"""
    if not colonnes:
        return
    bords = colonnes[0].rang, colonnes[-1].rang
    fin = ligne + max(len(c.valeurs) for c in colonnes)
    touchees = sorted(
        plage
        for plage in fusions
        if ligne - 1 <= plage[1][0]
        and plage[0][0] < fin
        and bords[0] <= plage[1][1]
        and plage[0][1] <= bords[1]
    )
    if touchees:
        dites = ", ".join(ecrire(plage) for plage in touchees[:PLAGES_DITES])
        reste = f" et {len(touchees) - PLAGES_DITES} autres" if touchees[PLAGES_DITES:] else ""
        releve.signaler(
            nom,
            f"des cellules sont fusionnées ({dites}{reste}) : seule la première de chaque groupe "
            "a une valeur.",
            remede="défusionner ces cellules et remplir chacune.",
        )
