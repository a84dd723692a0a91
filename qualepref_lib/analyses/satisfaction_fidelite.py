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
from qualepref_lib.enquete.questions import SOURCE, questionnaire_de
from qualepref_lib.enquete.reponses import numeros, scores_de
from qualepref_lib.referentiel import Partie

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
    lignes = []
    if SOURCE in campagne.tables:
        for partie in questionnaire_de(campagne).parties:
            lignes += _lignes(campagne, partie)
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


def _lignes(campagne: Campagne, partie: Partie) -> list[Ligne]:
    """One line for each scale that several questions of the part share."""
    echelles = dict.fromkeys(q.echelle for q in partie.questions if q.genre == "echelle")
    lignes = []
    for echelle in echelles:
        codes = [q.code for q in partie.questions if q.genre == "echelle" and q.echelle == echelle]
        if len(codes) > 1:
            notes = np.column_stack([scores_de(campagne, code) for code in codes])
            complets = np.asarray(~np.isnan(notes).any(axis=1))
            score = _score(campagne, notes[complets])
            code = f"{partie.code}.{echelle}" if echelle else partie.code
            libelle = f"{partie.libelle} ({len(codes)} questions)"
            lus = numeros(campagne, complets)
            lignes.append(Ligne(code, libelle, score, lus, statut=_juger(score)))
    return lignes


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
