"""An estimate as it is printed: a score or a share with its base, its error, its interval."""

from __future__ import annotations

import math
from fractions import Fraction

from qualepref_lib.campagne import Campagne
from qualepref_lib.core.intervalles import Intervalle
from qualepref_lib.core.mesures import Score, TauxRedresse
from qualepref_lib.core.sondage import Estimation
from qualepref_lib.enquete.bilans import etendue_de


def score_de(
    campagne: Campagne,
    e: Estimation,
    intervalle: Intervalle,
    unite: str = "",
    decimales: int = 0,
    bornes: Intervalle = (-math.inf, math.inf),
    echelle: float = 1.0,
) -> Score:
    """The score of an estimate; ``echelle`` turns it and its error into the unit printed.

    ``intervalle`` is in that unit already, and is kept inside ``bornes``, what the figure may be.
    """
    if not e.n or math.isnan(e.valeur):
        return Score(None, e.n, unite, decimales)
    etendue = etendue_de(campagne, *intervalle, *bornes)
    return Score(echelle * e.valeur, e.n, unite, decimales, etendue, echelle * e.erreur)


def taux_redresse(campagne: Campagne, e: Estimation) -> TauxRedresse:
    """The weighted share of an estimate, on its unweighted base."""
    if not e.n:
        return TauxRedresse(0, 0)
    part = min(Fraction(1), max(Fraction(0), Fraction(e.valeur)))
    bas, haut = e.intervalle_part(campagne.fiche.niveau_confiance)
    return TauxRedresse(part * e.n, e.n, erreur=e.erreur, etendue=(bas, haut))
