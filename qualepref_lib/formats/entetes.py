"""Which header of a file stands for which column.

Spelling may differ in case, accents and spaces. A column that must be there and is not is a
problem; so is a header that is nearly the name of an absent column, or two headers for one
column: in each case something that the person wrote would be lost in silence.
"""

from __future__ import annotations

import pandas as pd

from qualepref_lib.core.refus import Releve, proche, sans_accent
from qualepref_lib.formats.brut import LIGNE_ENTETE
from qualepref_lib.formats.cellules import Colonne


def find_entetes(
    brut: pd.DataFrame, colonnes: tuple[Colonne, ...], nom: str, releve: Releve
) -> dict[str, str]:
    """The header of each column that is there, by the name of the column."""
    entetes = [str(entete) for entete in brut.columns]
    ligne = int(brut.attrs.get(LIGNE_ENTETE, 1))
    par_forme: dict[str, list[str]] = {}
    for entete in entetes:
        par_forme.setdefault(sans_accent(entete), []).append(entete)
    trouves = {c.nom: par_forme.get(sans_accent(c.nom), []) for c in colonnes}
    presentes = {colonne: choix[0] for colonne, choix in trouves.items() if choix}
    for colonne, choix in trouves.items():
        if len(choix) > 1:
            _signaler_rivaux(colonne, choix, ligne, nom, releve)
    pris = {entete for choix in trouves.values() for entete in choix}
    _signaler_absentes(colonnes, presentes, entetes, pris, ligne, nom, releve)
    check_sans_nom(brut, nom, releve)
    return presentes


def _signaler_rivaux(colonne: str, choix: list[str], ligne: int, nom: str, releve: Releve) -> None:
    releve.signaler(
        nom,
        f"la colonne est présente {len(choix)} fois ({', '.join(choix)}).",
        ligne=ligne,
        colonne=colonne,
        remede="n’en garder qu’une.",
    )


def check_sans_nom(brut: pd.DataFrame, nom: str, releve: Releve) -> None:
    """A column without a header must hold nothing: nobody could say what its values are."""
    lignes = tuple(int(n) for n in brut.index[brut[""] != ""]) if "" in brut.columns else ()
    if lignes:
        releve.signaler(
            nom,
            "une colonne sans nom contient des valeurs.",
            ligne=lignes[0],
            autres=lignes[1:],
            remede="donner son nom à la colonne dans l’en-tête, ou la vider.",
        )


def _signaler_absentes(
    colonnes: tuple[Colonne, ...],
    presentes: dict[str, str],
    entetes: list[str],
    pris: set[str],
    ligne: int,
    nom: str,
    releve: Releve,
) -> None:
    """Missing columns, each with the header that was perhaps meant; then the other headers."""
    libres = [entete for entete in entetes if entete and entete not in pris]
    for colonne in colonnes:
        if colonne.nom in presentes:
            continue
        voisin = proche(colonne.nom, libres)
        if voisin or colonne.requise:
            _signaler_absente(colonne, voisin, entetes, ligne, nom, releve)
        if voisin:
            libres.remove(voisin)
    for entete in libres:
        releve.remarquer(nom, "la colonne n’est pas utilisée.", ligne=ligne, colonne=entete)


def _signaler_absente(
    colonne: Colonne, voisin: str | None, entetes: list[str], ligne: int, nom: str, releve: Releve
) -> None:
    constat = "la colonne manque."
    remede = "ajouter la colonne dans l’en-tête."
    if voisin:
        constat = f"la colonne manque ; l’en-tête « {voisin} » n’est pas connu."
        remede = f"écrire « {colonne.nom} » à la place de « {voisin} »."
    releve.signaler(
        nom,
        constat,
        ligne=ligne,
        colonne=colonne.nom,
        connus=() if voisin else tuple(entetes),
        remede=remede,
    )
