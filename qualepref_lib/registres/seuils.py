"""What an indicator is held to: the dated value not to exceed, the dated share to reach.

Each row is judged by the value in force on its own day, so a threshold that changes does not
rewrite the past; the share to reach is the one in force on the day that is judged.
"""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import numpy as np
import pandas as pd

from qualepref_lib.campagne import Campagne
from qualepref_lib.core.bilan import Ligne
from qualepref_lib.core.francais import pluriel
from qualepref_lib.core.mesures import Taux
from qualepref_lib.referentiel import Indicateur, cible_au


def seuils_au(indicateur: Indicateur | None, jours: pd.Series) -> pd.Series:
    """The value not to exceed on each day (float, NaN where none was in force), same index."""
    dates = sorted(indicateur.seuils, key=lambda s: s.depuis) if indicateur else []
    valeurs = np.array([np.nan, *(float(s.valeur) for s in dates)])
    debuts = np.array([s.depuis for s in dates], "datetime64[D]")
    rangs = np.searchsorted(debuts, jours.to_numpy().astype("datetime64[D]"), side="right")
    return pd.Series(valeurs[rangs], index=jours.index, dtype="float64")


def text_seuil(seuils: pd.Series, unite: str) -> str:
    """What a group of rows is held to, when it is one value; empty when nothing is in force.

    >>> text_seuil(pd.Series([20.0, 20.0, float("nan")]), "minutes")
    '20 minutes au plus'
    >>> text_seuil(pd.Series([20.0, 10.0]), "minutes"), text_seuil(pd.Series([float("nan")]), "s")
    ('seuil propre à chacun', '')
    """
    connus = seuils.dropna().unique()
    if not len(connus):
        return ""
    if len(connus) > 1:
        return "seuil propre à chacun"
    return f"{pluriel(float(connus[0]), unite.removesuffix('s'), unite)} au plus"


def within_seuil(mesures: pd.Series, seuils: pd.Series) -> Taux | None:
    """The measures that do not exceed their threshold ÷ those that have one; None when none has.

    Measures without a value (NaN) are out of both terms.
    """
    juges = mesures.notna() & seuils.notna()
    if not seuils.notna().any():
        return None
    return Taux(int((mesures[juges] <= seuils[juges]).sum()), int(juges.sum()))


def cible_de(campagne: Campagne, code: str, jour: dt.date | None = None) -> Fraction | None:
    """The share that an indicator must reach on ``jour`` (the reference date by default)."""
    indicateur = campagne.referentiel.registres.indicateur(code)
    if indicateur is None:
        return None
    cible = cible_au(indicateur.cibles, jour or campagne.fiche.date_reference)
    return cible.valeur if cible else None


def judge(taux: Taux, cible: Fraction | None) -> str:
    """Whether a census reaches its target: sure, unless rows without a measure may decide it.

    >>> judge(Taux(8, 10), Fraction(4, 5)), judge(Taux(7, 10), Fraction(4, 5))
    ('cible atteinte', 'cible non atteinte')
    >>> judge(Taux(7, 10, non_evalues=10), Fraction(4, 5)), judge(Taux(0, 0), Fraction(4, 5))
    ('à confirmer', '')
    """
    if cible is None or taux.valeur is None:
        return ""
    bas, haut = taux.bornes or (taux.valeur, taux.valeur)
    if bas >= cible:
        return "cible atteinte"
    return "cible non atteinte" if haut < cible else "à confirmer"


def new_indicateur(campagne: Campagne, code: str, taux: Taux, lignes: tuple[int, ...]) -> Ligne:
    """The line of a declared indicator, against its target; KeyError when it is not declared."""
    indicateur = campagne.referentiel.registres.indicateur(code)
    if indicateur is None:
        raise KeyError(code)
    cible = cible_de(campagne, code)
    return Ligne(code, indicateur.libelle, taux, lignes, cible=cible, statut=judge(taux, cible))


def numeros(cadre: pd.DataFrame | pd.Series) -> tuple[int, ...]:
    """The lines of the file that a frame holds."""
    return tuple(cadre.index.tolist())
