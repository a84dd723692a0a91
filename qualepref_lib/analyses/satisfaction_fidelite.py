"""Do the questions of a part say one thing? Cronbach's alpha, with its base and its caution.

Alpha says whether the answers of a part may be read together. It grows with the number of
questions, and neither proves that they measure one thing nor that they measure it well.
"""

from __future__ import annotations

import math

import numpy as np

from qualepref_lib.campagne import Campagne
from qualepref_lib.core.bilan import Bilan, Ligne
from qualepref_lib.core.mesures import Score
from qualepref_lib.core.sondage import alpha_cronbach
from qualepref_lib.enquete.bilans import etendue_de, new_bilan_enquete
from qualepref_lib.enquete.opinions import groupes_d_items
from qualepref_lib.enquete.reponses import numeros, scores_de

BON, MOYEN, FAIBLE, COURT = (
    "se lisent ensemble",
    "à lire avec prudence",
    "ne se résument pas",
    "trop peu",
)
SEUIL_BON, SEUIL_MOYEN = 0.7, 0.5
"""Conventions of the tool, near those of Nunnally (1978): no test stands behind them."""
MINIMUM = 30
"""Under this many complete answers, alpha is printed and not judged."""


def measure_fidelite(campagne: Campagne) -> Bilan:
    """Cronbach's alpha of each part that has several questions on one scale."""
    lignes = [_ligne(campagne, *groupe) for groupe in groupes_d_items(campagne)]
    return new_bilan_enquete(
        campagne,
        "fidelite",
        titre="Les questions d’une partie vont-elles ensemble ?",
        entete="Partie",
        formule=(
            "alpha de Cronbach = k ÷ (k − 1) × (1 − somme des variances ÷ variance de la somme), "
            "sur les réponses complètes ; intervalle de Feldt"
        ),
        lignes=lignes,
        reserve=(
            "alpha grandit avec le nombre de questions, et ne porte que sur les personnes qui ont "
            "répondu à toutes"
        ),
        si_vide="Aucune partie n’a plusieurs questions sur une même échelle.",
    )


def _ligne(campagne: Campagne, code: str, libelle: str, questions: list[str]) -> Ligne:
    """Alpha of questions of one scale, on the people who answered them all."""
    notes = np.column_stack([scores_de(campagne, question) for question in questions])
    complets = np.asarray(~np.isnan(notes).any(axis=1))
    score = _score(campagne, notes[complets])
    return Ligne(code, libelle, score, numeros(campagne, complets), statut=_juger(score))


def _score(campagne: Campagne, notes: np.ndarray) -> Score:
    alpha = alpha_cronbach(notes)
    if math.isnan(alpha.valeur):
        return Score(None, alpha.n, "", 2)
    bas, haut = alpha.intervalle(campagne.fiche.niveau_confiance)
    return Score(alpha.valeur, alpha.n, "", 2, etendue_de(campagne, bas, haut))


def _juger(score: Score) -> str:
    if score.valeur is None or (score.n or 0) < MINIMUM:
        return COURT
    return BON if score.valeur >= SEUIL_BON else MOYEN if score.valeur >= SEUIL_MOYEN else FAIBLE
