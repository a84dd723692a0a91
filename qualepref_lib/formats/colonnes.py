"""What each column must hold, and the check that turns text into typed columns.

A :class:`Colonne` says the rule once; :func:`check_colonnes` applies every rule to every cell and
reports all that is wrong. Values are read once per distinct value, and a wrong value is told once
with all its lines, so a million rows cost little more than their distinct contents.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from qualepref_lib.core.refus import Probleme, Releve, proche
from qualepref_lib.core.valeurs import ORIGINE, Illisible, lire_date
from qualepref_lib.formats.brut import LETTRES, ORIGINE_DES_JOURS
from qualepref_lib.formats.cellules import Colonne, lecteur_de
from qualepref_lib.formats.entetes import find_entetes

__all__ = ["Colonne", "Illisible", "check_colonnes", "lire_date"]


def check_colonnes(
    brut: pd.DataFrame, colonnes: tuple[Colonne, ...], nom: str, releve: Releve
) -> pd.DataFrame:
    """Type the columns of ``brut`` (all text); problems and remarks go to ``releve``.

    Returns one column per :class:`Colonne`, in their order, same index: text and codes as str
    (None when empty), ``codes`` as tuples of str, dates as datetime64, hours (in minutes since
    midnight) and numbers as float64.
    """
    presentes = find_entetes(brut, colonnes, nom, releve)
    typees = {}
    for colonne in colonnes:
        entete = presentes.get(colonne.nom)
        absente = entete is None
        cellules = pd.Series("", index=brut.index, dtype=str) if absente else brut[entete]
        if colonne.remplie and not absente:
            _verifier_remplie(cellules, colonne, nom, releve)
        lettre = brut.attrs.get(LETTRES, {}).get(entete, "")
        origine = brut.attrs.get(ORIGINE_DES_JOURS, ORIGINE)
        typees[colonne.nom] = _typer(cellules, colonne, lettre, origine, nom, releve)
    return pd.DataFrame(typees, index=brut.index)


def _verifier_remplie(cellules: pd.Series, colonne: Colonne, nom: str, releve: Releve) -> None:
    vides = tuple(int(ligne) for ligne in cellules.index[cellules == ""])
    if vides:
        releve.signaler(
            nom,
            "la cellule est vide.",
            ligne=vides[0],
            autres=vides[1:],
            colonne=colonne.montre,
            remede="la remplir.",
        )


def _typer(
    cellules: pd.Series, colonne: Colonne, lettre: str, origine: Any, nom: str, releve: Releve
) -> pd.Series:
    """Read each distinct value once, then give every cell its own."""
    lire = lecteur_de(colonne, origine)
    vide: Any = () if colonne.genre == "codes" else None
    rangs, valeurs = pd.factorize(cellules.to_numpy(dtype=object))
    lus: list[Any] = []
    faux: dict[int, str] = {}
    for rang, valeur in enumerate(valeurs):
        try:
            lus.append(lire(valeur) if valeur else vide)
        except Illisible as erreur:
            lus.append(vide)
            faux[rang] = str(erreur)
    for rang, constat in faux.items():
        if releve.plein(nom, colonne.montre):
            releve.taire(nom, colonne.montre)
        else:
            lignes = [int(ligne) for ligne in cellules.index[rangs == rang]]
            releve.ajouter(_probleme(valeurs[rang], constat, lignes, lettre, colonne, nom))
    tableau = _tableau(lus, colonne)
    # The type is said: from text, pandas would make strings whose empty cells are NaN, not None.
    return pd.Series(tableau[rangs], index=cellules.index, dtype=tableau.dtype)


def _tableau(lus: list[Any], colonne: Colonne) -> Any:
    """The distinct values as an array of the column's type."""
    if colonne.genre == "date":
        return pd.to_datetime(pd.Series(lus, dtype=object), format="ISO8601").to_numpy()
    if colonne.genre in ("nombre", "heure"):
        return np.array(lus, dtype="float64")
    return pd.Series(lus, dtype=object).to_numpy()


def _probleme(
    valeur: str, constat: str, lignes: list[int], lettre: str, colonne: Colonne, nom: str
) -> Probleme:
    connus = colonne.montres
    if lettre:  # a person finds a cell of a workbook by its address
        lieu = f"cellule {lettre}{lignes[0]}" if len(lignes) == 1 else f"colonne {lettre}"
        constat = f"{constat.removesuffix('.')} ({lieu})."
    return Probleme(
        nom,
        constat,
        ligne=lignes[0],
        autres=tuple(lignes[1:]),
        colonne=colonne.montre,
        connus=connus,
        voisin=proche(colonne.fautive(valeur), (*connus, *colonne.voisins)) if connus else None,
        remede=colonne.remede(valeur),
    )
