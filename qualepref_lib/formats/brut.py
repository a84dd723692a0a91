"""The raw frame that every reader gives: all text, one column per header, index = line of the file.

What else is known of the file travels in ``DataFrame.attrs``, under the keys below.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from qualepref_lib.core.refus import Releve

# Texts are Python's own, as without Arrow: cells become and stay objects, which Arrow would copy.
pd.set_option("mode.string_storage", "python")

INACHEVE = "inacheve"
"""Whether the file ends in the middle of a line."""
EMPREINTE = "empreinte"
"""The SHA-256 of the bytes that were read, where the reader took it in passing."""
LIGNE_ENTETE = "ligne_entete"
"""The line on which the header stands."""
LIGNES_LUES = "lignes_lues"
"""How many rows follow the header, those that were left out for their width included."""
INCOMPLETES = "incompletes"
"""How many answers of a survey were not sent to the end."""
LETTRES = "lettres"
"""In a workbook, the letter of the column of each header."""
ORIGINE_DES_JOURS = "origine_des_jours"
"""In a workbook, day zero of its day numbers (1904 or 1899)."""

Colonnes = dict[str, Any]


def new_cadre(colonnes: Sequence[Any], entetes: Sequence[str], lignes: Any) -> pd.DataFrame:
    """The raw frame of ``colonnes``; of two equal headers the first stays.

    A column is a sequence of texts, or a Categorical of its distinct ones.

    ``lignes`` holds the number of each row in the file.
    """
    index = pd.Index(lignes, name="ligne", dtype="int64")
    uniques: dict[Hashable, Any] = {}
    for entete, colonne in zip(entetes, colonnes, strict=True):
        if entete not in uniques:
            genre = None if isinstance(colonne, pd.Categorical) else str
            uniques[entete] = pd.Series(colonne, index=index, dtype=genre)
    return pd.DataFrame(uniques, index=index, columns=list(uniques), copy=False)


def nettoyer(colonne: Sequence[str]) -> Sequence[str]:
    """The column stripped; the same object when no cell needs it, for stripping costs."""
    formes = {valeur: valeur.strip() for valeur in set(colonne)}
    if all(valeur == nette for valeur, nette in formes.items()):
        return colonne
    return [formes[valeur] for valeur in colonne]


def remplies(colonnes: Sequence[Sequence[str]], vides: frozenset[str] = frozenset({""})) -> Any:
    """Which rows hold anything: a boolean array, or None when all of them do."""
    if any(vides.isdisjoint(colonne) for colonne in colonnes):
        return None
    masque = np.zeros(len(colonnes[0]) if colonnes else 0, dtype=bool)
    for colonne in colonnes:
        masque |= ~np.isin(np.asarray(colonne, dtype=object), list(vides))
    return masque


def check_doublons(entetes: Sequence[str], ligne: int, nom: str, releve: Releve) -> None:
    """Two columns under one header: nobody could say which is meant."""
    for entete, fois in Counter(entetes).items():
        if fois > 1:
            releve.signaler(
                nom,
                f"la colonne est présente {fois} fois.",
                ligne=ligne,
                colonne=entete or "(sans nom)",
                remede="n’en garder qu’une, ou lui donner un autre nom.",
            )


def factorize(serie: pd.Series) -> tuple[Any, Any]:
    """The rank of each cell among the distinct ones, and those; through the categories if any.

    What every cell would have to say is asked of the distinct ones only.
    """
    if isinstance(serie.dtype, pd.CategoricalDtype):
        return serie.cat.codes.to_numpy(), serie.cat.categories.to_numpy(dtype=object)
    rangs, valeurs = pd.factorize(serie.to_numpy(dtype=object))
    return rangs, valeurs


def unfactorize(rangs: Any, textes: Sequence[str], index: pd.Index) -> pd.Series:
    """The column whose cells have these ranks in ``textes``, where some may be the same."""
    places: dict[str, int] = {}
    table = [places.setdefault(texte, len(places)) for texte in textes]
    codes = np.array([*table, -1], dtype=np.int32)[rangs]
    return pd.Series(pd.Categorical.from_codes(codes, list(places)), index=index)
