"""The criteria of the mystery grids, counted and decided: what several analyses share."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd

from qualepref_lib.campagne import Campagne, new_bilan
from qualepref_lib.core.bilan import Bilan, Ligne
from qualepref_lib.core.francais import pourcentage
from qualepref_lib.core.intervalles import decider
from qualepref_lib.core.mesures import Taux
from qualepref_lib.referentiel import cible_au
from qualepref_lib.registres.mystere import JUGEES, SOURCE, dire_lue, grilles_de

PREMIER_CODAGE = (
    "d’un test noté en double, seul le premier codage compte ; un test ou une réponse postérieurs "
    "à la date de référence ne comptent pas encore"
)
"""What every headline figure leaves out."""
CONFORMITE = "taux = tests où le critère est vu conforme ÷ tests aboutis où il s’applique"
OBSERVATIONS = "taux = observations conformes ÷ observations applicables des tests aboutis"


def dire_part(part: float | Fraction) -> str:
    """A share with its decimal when it has one.

    >>> dire_part(0.95), dire_part(0.975), dire_part(Fraction(1))
    ('95\\xa0%', '97,5\\xa0%', '100\\xa0%')
    """
    exacte = Fraction(str(round(float(part), 4)))
    return pourcentage(exacte, 0 if (100 * exacte).denominator == 1 else 1)


def risque_de(campagne: Campagne) -> float:
    """The risk taken by each decision, of one side: 5 % at the level of 95 %."""
    return round(1 - campagne.fiche.niveau_confiance, 10)


def formule_decision(campagne: Campagne) -> str:
    """How a criterion is decided against its target, in words, at the level of the campaign."""
    niveau = dire_part(campagne.fiche.niveau_confiance)
    return (
        "cible en vigueur à la date de référence : « prouvé » si la borne basse exacte (Clopper et "
        f"Pearson, d’un seul côté, à {niveau}) l’atteint, « contredit » si la borne haute reste "
        "au-dessous, « non démontré » sinon"
    )


def rows_of(observations: pd.DataFrame) -> dict[str, np.ndarray]:
    """The positions of the rows of each observation code, in the order of the file."""
    return {str(code): rangs for code, rangs in observations.groupby("observation").indices.items()}


def rate_of(observations: pd.DataFrame) -> tuple[Taux, tuple[int, ...]]:
    """Conforming observations out of those that apply, and their lines in the file."""
    reponses = observations["reponse"]
    jugees = reponses.isin(JUGEES)
    taux = Taux(int((reponses == "oui").sum()), int(jugees.sum()))
    return taux, tuple(observations.index[jugees].tolist())


def decide(campagne: Campagne, taux: Taux, cible: Fraction | None) -> str:
    """What the tests of one criterion prove of its target (rules 3.3); empty without a target."""
    if cible is None or not taux.observes:
        return ""
    niveau = campagne.fiche.niveau_confiance
    return decider(int(taux.favorables), taux.observes, float(cible), niveau)


def measure_criteres(
    campagne: Campagne, observations: pd.DataFrame, grille: str = ""
) -> list[Ligne]:
    """One line a yes/no criterion that applied at least once, against the target of its grid.

    ``observations`` are those of :func:`~qualepref_lib.registres.mystere.observations_de`; of one
    grid only, if it is named. Lines come in the order of the grids, then of their criteria.
    """
    rangs, jour = rows_of(observations), campagne.fiche.date_reference
    reponses = observations[["reponse"]]  # one column of a large wave is taken, not sixteen
    lignes = []
    for g in grilles_de(campagne, observations):
        cible = cible_au(g.cibles, jour)
        valeur = cible.valeur if cible else None
        for o in g.observations:
            if o.genre != "critere" or o.code not in rangs or grille not in ("", g.code):
                continue
            taux, numeros = rate_of(reponses.iloc[rangs[o.code]])
            if taux.observes:
                statut = decide(campagne, taux, valeur)
                lignes.append(
                    Ligne(o.code, o.libelle, taux, numeros, g.libelle, valeur, statut=statut)
                )
    return lignes


def new_bilan_mystere(campagne: Campagne, lignes: Iterable[Ligne], **contenu: Any) -> Bilan:
    """A bilan of the mystery tests: its design, and the wave that is read in its scope."""
    lues = list(lignes)
    cadre: dict[str, Any] = {
        "champ": dire_lue(campagne),
        "plan": "mystère",
        "entete_groupe": "Grille" if any(ligne.groupe for ligne in lues) else "",
        "entetes_taux": ("Conformes", "Base", "Taux"),
        "unite": "test abouti",
    }
    return new_bilan(campagne, SOURCE, **(cadre | contenu), lignes=lues)
