"""The weights of the answers, where the campaign declares how its sample is to be weighted.

Off by default. What the answers cannot bear (an empty class, margins out of reach, an effective
size under the floor) was refused when the campaign was read.
"""

from __future__ import annotations

import numpy as np

from qualepref_lib.campagne import Campagne
from qualepref_lib.campagne.calage import caler_reponses, codes_marge
from qualepref_lib.campagne.redressement import Redressement
from qualepref_lib.core.sondage import Calage, PlanSondage
from qualepref_lib.enquete.questions import SOURCE, questionnaire_de
from qualepref_lib.enquete.reponses import Nombres, cadre_de

NON_REDRESSEE = "L’enquête n’est pas redressée : chaque réponse compte pour une."


def redressement_de(campagne: Campagne) -> Redressement | None:
    """What ``campagne.yaml`` declares; None when weighting is off."""
    declaration = campagne.fiche.sources.get(SOURCE)
    return declaration.redressement if declaration and SOURCE in campagne.tables else None


def calage_de(campagne: Campagne) -> Calage | None:
    """The weights with how they were found: margins before and after, trimming, convergence."""
    redressement = redressement_de(campagne)
    if redressement is None:
        return None
    return caler_reponses(redressement, questionnaire_de(campagne), cadre_de(campagne))


def poids_de(campagne: Campagne) -> Nombres | None:
    """One weight a row, in the order of the frame, of mean 1; None when weighting is off."""
    calage = calage_de(campagne)
    return None if calage is None else calage.poids


def plan_redresse(campagne: Campagne) -> PlanSondage | None:
    """The design of the weighted answers; None when weighting is off."""
    return None if redressement_de(campagne) is None else plan_de(campagne)


def plan_egal(campagne: Campagne) -> PlanSondage:
    """The design in which each answer counts for one."""
    return PlanSondage(np.ones(len(cadre_de(campagne))))


def plan_de(campagne: Campagne) -> PlanSondage:
    """The design of the answers: equal weights when weighting is off, else the calibrated ones."""
    redressement, poids = redressement_de(campagne), poids_de(campagne)
    if redressement is None or poids is None:
        return plan_egal(campagne)
    questionnaire, cadre = questionnaire_de(campagne), cadre_de(campagne)
    marges = tuple(codes_marge(m, questionnaire, cadre) for m in redressement.marges)
    return PlanSondage(poids, calage=marges)
