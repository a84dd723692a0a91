"""What to do first: how much each item goes with the whole, beside how satisfied people are of it.

Importance is a rank correlation with the overall question: it says that two answers move together,
not that one makes the other. Both cuts of the quadrants are medians of the items, so that a place
is relative to the other items of this survey.
"""

from __future__ import annotations

from statistics import median
from typing import Literal

import numpy as np

from qualepref_lib.campagne import Campagne
from qualepref_lib.core.bilan import Bilan, Ligne
from qualepref_lib.core.categories import Codes
from qualepref_lib.core.mesures import PETITE_BASE, Priorite, Score, Taux
from qualepref_lib.core.sondage import (
    Correlation,
    PlanSondage,
    kendall,
    proportion,
    spearman,
    spearman_pondere,
)
from qualepref_lib.enquete.bilans import etendue_de, new_bilan_enquete
from qualepref_lib.enquete.estimes import score_de, taux_redresse
from qualepref_lib.enquete.opinions import comptes_de, opinions_de
from qualepref_lib.enquete.questions import SOURCE, modalites_de, question_de, questionnaire_de
from qualepref_lib.enquete.redressement import plan_redresse, redressement_de
from qualepref_lib.enquete.reponses import (
    codes_de,
    croiser,
    est_exprimee,
    exprimes,
    favorables,
    numeros,
)
from qualepref_lib.referentiel import Question

Methode = Literal["spearman", "kendall"]
ASSEZ = 100
"""Under this many answers to both questions, an item is a lead to check and no more."""
PRIORITE, PISTE = "à traiter d’abord", "piste à vérifier"
FORCE, SECOND, ACQUIS = "à conserver", "à améliorer ensuite", "rien d’urgent"

_FORMULES = {
    "spearman": "importance = corrélation de rangs de Spearman",
    "kendall": "importance = tau-b de Kendall",
}
PONDEREE = (
    "rangs moyens et parts calculés avec les poids ; erreur linéarisée (Taylor), compte tenu du "
    "calage et des rangs estimés ; intervalle sur l’échelle de Fisher ; bases non pondérées"
)
NON_PONDEREE = (
    "ni le tau-b ni la place des questions ne sont redressés : il compte des paires de personnes, "
    "et il n’y a pas d’usage établi du poids d’une paire"
)


def measure_priorites(
    campagne: Campagne, ensemble: str = "", methode: Methode = "spearman"
) -> Bilan:
    """Every item by importance and satisfaction; ``ensemble`` is the overall question.

    Unless it is named, it is the main question of the survey.
    """
    globale = ensemble or questionnaire_de(campagne).question_principale
    libelle = question_de(campagne, globale).court
    plan = plan_redresse(campagne) if methode == "spearman" else None
    lignes = _lignes(campagne, globale, methode, plan) if SOURCE in campagne.tables else []
    petites = min((_n(li) for li in lignes), default=ASSEZ) < ASSEZ
    return new_bilan_enquete(
        campagne,
        f"priorites.{globale}" + ("" if methode == "spearman" else f".{methode}"),
        titre=f"Ce qui va de pair avec « {libelle} », et ce qui satisfait",
        entete="Question",
        formule=(
            f"{_FORMULES[methode]} de chaque question avec « {libelle} », sur les personnes qui "
            "se sont exprimées aux deux ; satisfaction = réponses favorables ÷ exprimées ; seuils "
            "= médianes des questions" + (f" ; {PONDEREE}" if plan else "")
        ),
        lignes=lignes,
        reserve=(
            "une corrélation ne dit pas une cause"
            + (f" ; sous {ASSEZ} réponses, la place d’une question est fragile" if petites else "")
            + (f" ; {NON_PONDEREE}" if plan is None and redressement_de(campagne) else "")
        ),
        redresse=plan is not None,
    )


def _lignes(
    campagne: Campagne, globale: str, methode: Methode, plan: PlanSondage | None
) -> list[Ligne]:
    mesures = [
        (q, _mesurer(campagne, q, globale, methode) if plan is None
         else _mesurer_avec_poids(campagne, q, globale, plan))
        for q in opinions_de(campagne)
        if q.code != globale and not q.ensemble
    ]  # fmt: skip
    lues = [
        m for _, m in mesures if m.importance.valeur is not None and not m.satisfaction.petite_base
    ]
    seuils = (
        (median(m.importance.valeur or 0 for m in lues), median(_part(m) for m in lues))
        if lues
        else (0.0, 0.0)
    )
    lignes = [
        Ligne(
            q.code,
            q.court,
            mesure,
            numeros(campagne, exprimes(campagne, q.code) & exprimes(campagne, globale)),
            statut=_place(mesure, *seuils),
        )
        for q, mesure in mesures
    ]
    return sorted(lignes, key=_ordre)


def _mesurer(campagne: Campagne, question: Question, globale: str, methode: Methode) -> Priorite:
    r = _correler(campagne, question.code, globale, methode)
    vide = r.valeur != r.valeur
    bornes = r.intervalle(campagne.fiche.niveau_confiance)
    importance = Score(
        None if vide else r.valeur,
        r.n,
        "",
        2,
        None if vide else etendue_de(campagne, *bornes, -1, 1),
    )
    return Priorite(importance, Taux(*comptes_de(campagne, question.code)))


def _mesurer_avec_poids(
    campagne: Campagne, question: Question, globale: str, plan: PlanSondage
) -> Priorite:
    """The same, every answer counting for its weight; bases are still numbers of people."""
    a, b = (_degres(campagne, code) for code in (question.code, globale))
    r = spearman_pondere(plan, a, b)
    bornes = r.intervalle_correlation(campagne.fiche.niveau_confiance)
    ok, dans = favorables(campagne, question.code), exprimes(campagne, question.code)
    return Priorite(
        score_de(campagne, r, bornes, "", 2, (-1, 1)),
        taux_redresse(campagne, proportion(plan, ok, dans)),
    )


def _degres(campagne: Campagne, question: str) -> Codes:
    """The code of each expressed answer, −1 elsewhere."""
    codes = codes_de(campagne, question)
    return np.where(np.append(est_exprimee(campagne, question), False)[codes], codes, -1)


def _correler(campagne: Campagne, question: str, globale: str, methode: Methode) -> Correlation:
    """The rank correlation of two questions on the people who expressed themselves on both.

    Scales are written from the best answer to the worst, both of them: the sign is kept.
    """
    a, b = (len(modalites_de(campagne, q)) for q in (question, globale))
    table = croiser(codes_de(campagne, question), a, codes_de(campagne, globale), b)
    table = table[est_exprimee(campagne, question)][:, est_exprimee(campagne, globale)]
    return spearman(table) if methode == "spearman" else kendall(table)


def _place(mesure: Priorite, importance: float, satisfaction: float) -> str:
    """The quadrant of an item; under a hundred answers, what matters most is only a lead."""
    score = mesure.importance
    if score.valeur is None or score.petite_base or mesure.satisfaction.petite_base:
        return ""
    forte, contente = score.valeur >= importance, _part(mesure) >= satisfaction
    if forte and not contente:
        return PRIORITE if (score.n or 0) >= ASSEZ else PISTE
    return FORCE if forte else ACQUIS if contente else SECOND


def _ordre(ligne: Ligne) -> tuple[int, float, str]:
    assert isinstance(ligne.mesure, Priorite)
    rangs = (PRIORITE, PISTE, SECOND, FORCE, ACQUIS, "")
    return (rangs.index(ligne.statut), -(ligne.mesure.importance.valeur or 0), ligne.code)


def _part(mesure: Priorite) -> float:
    return float(mesure.satisfaction.valeur or 0)


def _n(ligne: Ligne) -> int:
    assert isinstance(ligne.mesure, Priorite)
    n = ligne.mesure.importance.n or 0
    return n if n >= PETITE_BASE else ASSEZ
