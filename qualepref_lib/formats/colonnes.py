"""What each column must hold, and the check that turns text into typed columns.

A :class:`Colonne` says the rule once; :func:`check_colonnes` applies every rule to every cell and
reports all that is wrong. Values are read once per distinct value, and a wrong value is told once
with all its lines, so a million rows cost little more than their distinct contents.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from qualepref_lib.core.refus import Probleme, Releve, proche
from qualepref_lib.core.valeurs import Illisible, lire_date
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
        typees[colonne.nom] = _typer(cellules, colonne, nom, releve)
    return pd.DataFrame(typees, index=brut.index)


def _verifier_remplie(cellules: pd.Series, colonne: Colonne, nom: str, releve: Releve) -> None:
    vides = tuple(int(ligne) for ligne in cellules.index[cellules == ""])
    if vides:
        releve.signaler(
            nom,
            "la cellule est vide.",
            ligne=vides[0],
            autres=vides[1:],
            colonne=colonne.nom,
            remede="la remplir.",
        )


def _typer(cellules: pd.Series, colonne: Colonne, nom: str, releve: Releve) -> pd.Series:
    lire = lecteur_de(colonne)
    vide: Any = () if colonne.genre == "codes" else None
    lus: dict[str, Any] = {"": vide}
    faux: dict[str, str] = {}
    for valeur in cellules.unique():
        if valeur:
            try:
                lus[valeur] = lire(valeur)
            except Illisible as erreur:
                faux[valeur], lus[valeur] = str(erreur), vide
    if faux:
        _signaler_valeurs(cellules, faux, colonne, nom, releve)
    return _serie(cellules, lus, colonne)


def _serie(cellules: pd.Series, lus: dict[str, Any], colonne: Colonne) -> pd.Series:
    valeurs = [lus[valeur] for valeur in cellules]
    if colonne.genre == "date":
        return pd.Series(pd.to_datetime(valeurs, format="ISO8601"), index=cellules.index)
    genre = "float64" if colonne.genre in ("nombre", "heure") else object
    return pd.Series(valeurs, index=cellules.index, dtype=genre)


def _signaler_valeurs(
    cellules: pd.Series, faux: dict[str, str], colonne: Colonne, nom: str, releve: Releve
) -> None:
    """One problem for each wrong value, with its lines; beyond the limit they are counted."""
    lignes: dict[str, list[int]] = {valeur: [] for valeur in faux}
    for ligne, valeur in zip(cellules.index, cellules, strict=True):
        if valeur in lignes:
            lignes[valeur].append(int(ligne))
    for valeur, constat in faux.items():
        if releve.plein(nom, colonne.nom):
            releve.taire(nom, colonne.nom)
        else:
            releve.ajouter(_probleme(valeur, constat, lignes[valeur], colonne, nom))


def _probleme(valeur: str, constat: str, lignes: list[int], colonne: Colonne, nom: str) -> Probleme:
    connus = colonne.montres
    return Probleme(
        nom,
        constat,
        ligne=lignes[0],
        autres=tuple(lignes[1:]),
        colonne=colonne.nom,
        connus=connus,
        voisin=proche(colonne.fautive(valeur), connus) if connus else None,
        remede=colonne.remede(valeur),
    )
