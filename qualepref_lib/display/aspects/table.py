"""Which aspect a bilan has: one row a measure, then the few that a bilan changes by its own shape.

It is the only place of the display that asks what was measured.
"""

from __future__ import annotations

from collections.abc import Callable

from qualepref_lib.core.bilan import Bilan
from qualepref_lib.core.mesures import (
    Durees,
    Ecart,
    Effectif,
    Fourchette,
    Mesure,
    Periode,
    Priorite,
    Repartition,
    Score,
    Taux,
    TriCroise,
    VisAVis,
)
from qualepref_lib.display.aspects.aspect import Aspect
from qualepref_lib.display.aspects.cartes import en_carte, en_entonnoir
from qualepref_lib.display.aspects.durees import DUREES
from qualepref_lib.display.aspects.ecarts import ECART
from qualepref_lib.display.aspects.effectifs import EFFECTIF
from qualepref_lib.display.aspects.parts import REPARTITION, TRI_CROISE
from qualepref_lib.display.aspects.periodes import PERIODE
from qualepref_lib.display.aspects.projections import FOURCHETTE, VIS_A_VIS
from qualepref_lib.display.aspects.scores import PRIORITE, SCORE
from qualepref_lib.display.aspects.taux import TAUX, en_indicateurs
from qualepref_lib.display.lecture import est_carte, est_entonnoir
from qualepref_lib.display.phrases.indicateurs import est_indicateurs

ASPECTS: dict[type[Mesure], Aspect] = {
    Taux: TAUX,
    Effectif: EFFECTIF,
    Repartition: REPARTITION,
    TriCroise: TRI_CROISE,
    Durees: DUREES,
    Periode: PERIODE,
    Ecart: ECART,
    Fourchette: FOURCHETTE,
    VisAVis: VIS_A_VIS,
    Score: SCORE,
    Priorite: PRIORITE,
}
"""How each measure is shown; the lines of a bilan are all of one kind."""

_PARTICULIERS: tuple[tuple[Callable[[Bilan], bool], Callable[[Aspect], Aspect]], ...] = (
    (est_carte, en_carte),
    (est_entonnoir, en_entonnoir),
    (est_indicateurs, en_indicateurs),
)
"""Bilans that are known by more than their measure, and what that changes; the first that fits."""

_VIDE = Aspect(traits=lambda bilan: [])


def aspect_de(bilan: Bilan) -> Aspect:
    """How a bilan is shown. One without lines has nothing to show.

    Raises KeyError for a measure that has no row.
    """
    if not bilan.lignes:
        return _VIDE
    genres = type(bilan.lignes[0].mesure).__mro__
    aspect = ASPECTS[next(genre for genre in genres if genre in ASPECTS or genre is Mesure)]
    changer = next((changer for est, changer in _PARTICULIERS if est(bilan)), None)
    return changer(aspect) if changer else aspect
