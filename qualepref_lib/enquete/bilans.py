"""A bilan of the survey: its design limits its words even where the survey is missing."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

from qualepref_lib.campagne import Campagne, new_bilan
from qualepref_lib.core.bilan import Bilan
from qualepref_lib.core.francais import enumeration
from qualepref_lib.core.intervalles import Intervalle
from qualepref_lib.core.mesures import Effectif
from qualepref_lib.enquete.questions import SOURCE
from qualepref_lib.enquete.redressement import redressement_de

RECUES = "recensement"
"""The design of what is said of the answers received themselves: all of them are there."""

REDRESSE = "enquête redressée, bases non pondérées"
NON_REDRESSE = "non redressé, chaque réponse compte pour une"


def new_bilan_enquete(
    campagne: Campagne, code: str, /, redresse: bool = False, **contenu: Any
) -> Bilan:
    """A bilan of the answers, ``satisfaction.<code>``; its unit is an answer unless it says so.

    Where the survey is weighted, what is estimated says whether its figures are (``redresse``).
    """
    # A missing survey is described as the most modest of designs.
    sans_plan = {} if SOURCE in campagne.fiche.sources else {"plan": "volontaires"}
    bilan = new_bilan(
        campagne,
        SOURCE,
        code=f"satisfaction.{code}",
        **({"unite": "réponse"} | sans_plan | contenu),
    )
    return dire_poids(campagne, bilan, redresse)


def dire_poids(campagne: Campagne, bilan: Bilan, redresse: bool) -> Bilan:
    """The bilan whose scope says if its figures are weighted; as it is where nothing is.

    What is said of the answers received themselves, their number first, is never weighted.
    """
    comptes = any(isinstance(ligne.mesure, Effectif) for ligne in bilan.lignes)
    if comptes or bilan.plan == RECUES or redressement_de(campagne) is None:
        return bilan
    dit = REDRESSE if redresse else NON_REDRESSE
    return replace(bilan, champ=f"{bilan.champ} ; {dit}")


def reserve_de(*raisons: str) -> str:
    """What stands between the figures and a plain reading of them, in one text."""
    return enumeration([raison for raison in raisons if raison])


def est_echantillon(campagne: Campagne) -> bool:
    """Whether the answers are a sample: a census has no interval."""
    declaration = campagne.fiche.sources.get(SOURCE)
    return declaration is None or declaration.plan != RECUES


def etendue_de(
    campagne: Campagne, bas: float, haut: float, mini: float = -math.inf, maxi: float = math.inf
) -> Intervalle | None:
    """An interval where the answers are a sample, kept inside what the figure may be."""
    if not est_echantillon(campagne) or not math.isfinite(bas) or not math.isfinite(haut):
        return None
    return (max(bas, mini), min(haut, maxi))
