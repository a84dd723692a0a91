"""A bilan of the survey: its design limits its words even where the survey is missing."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from qualepref_lib.campagne import Campagne, new_bilan
from qualepref_lib.core.bilan import Bilan, Ligne
from qualepref_lib.core.categories import Masque
from qualepref_lib.core.francais import enumeration
from qualepref_lib.core.intervalles import Intervalle
from qualepref_lib.core.mesures import Effectif, Mesure, Taux
from qualepref_lib.enquete.questions import SOURCE
from qualepref_lib.enquete.redressement import redressement_de
from qualepref_lib.enquete.reponses import exprimes, numeros
from qualepref_lib.referentiel import Question

RECUES = "recensement"
"""The design of what is said of the answers received themselves: all of them are there."""

REDRESSE = "enquête redressée, bases non pondérées"
NON_REDRESSE = "non redressé, chaque réponse compte pour une"


def new_bilan_reponses(campagne: Campagne, /, redresse: bool = False, **contenu: Any) -> Bilan:
    """A bilan of the answers; its unit is an answer unless it says so.

    Where the survey is weighted, what is estimated says whether its figures are (``redresse``);
    what is said of the answers received themselves, their number first, is never weighted.
    """
    # A missing survey is described as the most modest of designs.
    sans_plan = {} if SOURCE in campagne.fiche.sources else {"plan": "volontaires"}
    bilan = new_bilan(campagne, SOURCE, **({"unite": "réponse"} | sans_plan | contenu))
    comptes = any(isinstance(ligne.mesure, Effectif) for ligne in bilan.lignes)
    if comptes or bilan.plan == RECUES or redressement_de(campagne) is None:
        return bilan
    dit = REDRESSE if redresse else NON_REDRESSE
    return replace(bilan, champ=f"{bilan.champ} ; {dit}")


def new_bilan_enquete(campagne: Campagne, code: str, /, **contenu: Any) -> Bilan:
    """A bilan of the answers, ``satisfaction.<code>``."""
    return new_bilan_reponses(campagne, code=f"satisfaction.{code}", **contenu)


def new_decompte(campagne: Campagne, code: str, /, **contenu: Any) -> Bilan:
    """How many of the answers received are so: a census, without interval, « Part » of them all.

    ``contenu`` names the numerator (``entetes_taux``) where it is not a number of answers.
    """
    cadre = {"plan": RECUES, "entetes_taux": ("Réponses", "Reçues", "Part")}
    return new_bilan_enquete(campagne, code, **(cadre | contenu))


def ligne_recue(campagne: Campagne, code: str, libelle: str, masque: Masque) -> Ligne:
    """A line of a count: the rows that a mask keeps, out of all those received."""
    return Ligne(code, libelle, Taux(int(masque.sum()), len(masque)), numeros(campagne, masque))


def new_par_question(
    campagne: Campagne,
    code: str,
    questions: Iterable[Question],
    mesurer: Callable[[Campagne, Question], Mesure],
    masque_de: Callable[[Campagne, str], Masque] = exprimes,
    **contenu: Any,
) -> Bilan:
    """One line a question: what is measured of it, on the rows that ``masque_de`` keeps."""
    lignes = [
        Ligne(q.code, q.court, mesurer(campagne, q), numeros(campagne, masque_de(campagne, q.code)))
        for q in questions
    ]
    return new_bilan_enquete(campagne, code, **({"entete": "Question"} | contenu), lignes=lignes)


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
