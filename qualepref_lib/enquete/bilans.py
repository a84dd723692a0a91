"""A bilan of the survey: its design limits its words even where the survey is missing."""

from __future__ import annotations

import math
from typing import Any

from qualepref_lib.campagne import Campagne, new_bilan
from qualepref_lib.core.bilan import Bilan
from qualepref_lib.core.francais import enumeration
from qualepref_lib.core.intervalles import Intervalle
from qualepref_lib.enquete.questions import SOURCE

RECUES = "recensement"
"""The design of what is said of the answers received themselves: all of them are there."""


def new_bilan_enquete(campagne: Campagne, code: str, **contenu: Any) -> Bilan:
    """A bilan of the answers, ``satisfaction.<code>``; its unit is an answer unless it says so."""
    # A missing survey is described as the most modest of designs.
    sans_plan = {} if SOURCE in campagne.fiche.sources else {"plan": "volontaires"}
    return new_bilan(
        campagne,
        SOURCE,
        code=f"satisfaction.{code}",
        **({"unite": "réponse"} | sans_plan | contenu),
    )


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
