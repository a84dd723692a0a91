"""What people think: the satisfaction rate of each item, its balance, its mean, its answers.

Shares are out of the expressed answers; *sans opinion* and blanks are counted apart and printed.
The satisfaction rate is the two favourable answers out of the expressed ones (formula
``T2B-exprimes``, version 1). The mean score is a complement: it treats degrees as distances.
"""

from __future__ import annotations

import numpy as np

from qualepref_lib.campagne import Campagne
from qualepref_lib.core.bilan import Bilan, Ligne, Liste, Renvoi, texte_intervalle
from qualepref_lib.core.francais import nombre_court
from qualepref_lib.core.intervalles import wilson
from qualepref_lib.core.mesures import Repartition, Score, Taux
from qualepref_lib.core.sondage import moyenne_de_comptes
from qualepref_lib.enquete.bilans import (
    etendue_de,
    ligne_recue,
    new_bilan_enquete,
    new_decompte,
    new_par_question,
)
from qualepref_lib.enquete.opinions import (
    T2B,
    comptes_de,
    ligne_taux,
    opinions_de,
    repondants,
    valeur,
)
from qualepref_lib.enquete.questions import (
    modalites_de,
    partie_de,
    question_de,
    questionnaire_de,
)
from qualepref_lib.enquete.reponses import compter, est_exprimee, exprimes, remplies
from qualepref_lib.referentiel import Question


def measure_satisfaction(campagne: Campagne) -> Bilan:
    """The satisfaction rate of every scale question, from the best to the worst."""
    lignes = [ligne_taux(campagne, q) for q in opinions_de(campagne)]
    lignes.sort(key=lambda li: (-valeur(li), li.code))
    return new_bilan_enquete(
        campagne,
        "taux",
        titre="Réponses favorables par question",
        entete="Question",
        formule=T2B,
        lignes=lignes,
    )


def measure_principale(campagne: Campagne) -> Bilan:
    """The satisfaction rate of the main question of the survey, alone."""
    principale = questionnaire_de(campagne).question_principale
    return new_bilan_enquete(
        campagne,
        "principale",
        titre=question_de(campagne, principale).libelle,
        entete="Question",
        formule=T2B,
        lignes=[ligne_taux(campagne, q) for q in opinions_de(campagne) if q.code == principale],
    )


def measure_satisfaction_partie(campagne: Campagne, partie: str) -> Bilan:
    """The satisfaction rate of the scale questions of one part, in the order of the form."""
    trouvee = partie_de(campagne, partie)
    siennes = {q.code for q in trouvee.questions}
    return new_bilan_enquete(
        campagne,
        f"partie.{partie}",
        titre=f"Réponses favorables : {trouvee.libelle}",
        entete="Question",
        formule=T2B,
        lignes=[ligne_taux(campagne, q) for q in opinions_de(campagne) if q.code in siennes],
        si_vide="Cette partie du questionnaire n’a pas de question d’opinion.",
    )


def measure_appreciations(campagne: Campagne, echelle: str, partie: str = "") -> Bilan:
    """All the answers to the questions of one scale, in one part or in all: diverging bars."""
    siennes = {q.code for q in partie_de(campagne, partie).questions} if partie else None
    lignes = [
        Ligne(q.code, q.court, _repartition(campagne, q), repondants(campagne, q.code))
        for q in opinions_de(campagne)
        if q.echelle == echelle and (siennes is None or q.code in siennes)
    ]
    libelles = {e.code: e.libelle for e in questionnaire_de(campagne).echelles}
    sujet = partie_de(campagne, partie).libelle if partie else libelles.get(echelle, echelle)
    return new_bilan_enquete(
        campagne,
        f"appreciations.{echelle}" + (f".{partie}" if partie else ""),
        titre=f"Réponses détaillées : {sujet}",
        entete="Question",
        formule="part = réponses portant cette modalité ÷ réponses exprimées",
        lignes=lignes,
    )


def measure_nets(campagne: Campagne) -> Bilan:
    """The balance of each item: favourable answers minus the others, in points."""
    return new_par_question(
        campagne,
        "nets",
        opinions_de(campagne),
        _net,
        titre="Taux net par question",
        formule="taux net = part de réponses favorables − part de réponses défavorables, en points",
    )


def measure_moyennes(campagne: Campagne) -> Bilan:
    """The mean score of each item, as a complement to its rate."""
    return new_par_question(
        campagne,
        "moyennes",
        opinions_de(campagne),
        _moyenne,
        titre="Note moyenne par question",
        formule=(
            "moyenne des réponses exprimées, la meilleure modalité valant le nombre de degrés de "
            "l’échelle et la pire 1 ; intervalle de Student"
        ),
    )


def measure_sans_opinion(campagne: Campagne) -> Bilan:
    """Out of all the answers received, those that express no opinion on each item."""
    return new_decompte(
        campagne,
        "sans_opinion",
        titre="Sans opinion ou sans réponse, par question",
        entete="Question",
        entetes_taux=("Sans opinion ou réponse", "Reçues", "Part"),
        formule="part = réponses « sans opinion » et absences de réponse ÷ réponses reçues",
        lignes=[
            ligne_recue(campagne, q.code, q.court, ~exprimes(campagne, q.code))
            for q in opinions_de(campagne)
        ],
    )


def list_items(campagne: Campagne) -> Liste:
    """Every item on one row, for the auditor: rate, interval, balance, mean, base, no opinion."""
    bilans = (
        measure_satisfaction(campagne),
        measure_nets(campagne),
        measure_moyennes(campagne),
        measure_sans_opinion(campagne),
    )
    taux, nets, moyennes, muettes = bilans
    lignes = [
        (
            ligne.libelle,
            Renvoi(str(ligne.mesure), taux.identifiant(ligne)),
            texte_intervalle(ligne.mesure, taux) or "–",
            _renvoi(nets, ligne.code),
            _renvoi(moyennes, ligne.code),
            _renvoi(muettes, ligne.code),
        )
        for ligne in taux.lignes
        if isinstance(ligne.mesure, Taux)
    ]
    return Liste(
        code="satisfaction.items",
        titre="Chaque question d’opinion, en une ligne",
        champ=taux.champ,
        source=taux.source,
        colonnes=(
            "Question",
            "Réponses favorables",
            "Intervalle",
            "Taux net",
            "Note moyenne",
            "Sans opinion ou réponse",
        ),
        lignes=tuple(lignes),
        manque=taux.manque,
        chiffres=tuple(c for bilan in bilans for c in bilan.chiffres()),
    )


def _renvoi(bilan: Bilan, code: str) -> Renvoi:
    """The figure of one item; a score with its bare interval, whose unit is said once."""
    ligne = bilan.ligne(code)
    mesure = ligne.mesure
    texte = str(mesure)
    if isinstance(mesure, Score):
        texte = " ".join(t for t in (mesure.texte, mesure.intervalle.partition("]")[0]) if t)
        texte += "]" if mesure.intervalle else ""
    return Renvoi(texte, bilan.identifiant(ligne))


def _repartition(campagne: Campagne, question: Question) -> Repartition:
    effectifs = compter(campagne, question.code).astype(int).tolist()
    paires = list(zip(modalites_de(campagne, question.code), effectifs, strict=True))
    muettes = len(remplies(campagne, question.code)) - sum(effectifs)
    return Repartition(
        {m.libelle: n for m, n in paires if not m.hors_base},
        {m.libelle: n for m, n in paires if m.hors_base} | {"sans réponse": muettes},
    )


def _net(campagne: Campagne, question: Question) -> Score:
    favorables, base = comptes_de(campagne, question.code)
    if not base:
        return Score(None, 0, "points")
    # Every expressed answer is favourable or not: the balance is 2p − 1, and so are its bounds.
    bas, haut = (
        100 * (2 * b - 1) for b in wilson(favorables, base, campagne.fiche.niveau_confiance)
    )
    return Score(
        100 * (2 * favorables / base - 1), base, "points", 0, etendue_de(campagne, bas, haut)
    )


def _moyenne(campagne: Campagne, question: Question) -> Score:
    dans = est_exprimee(campagne, question.code)
    degres = int(dans.sum())
    notes = np.arange(degres, 0, -1)
    e = moyenne_de_comptes(notes, compter(campagne, question.code)[dans])
    if not e.n:
        return Score(None, 0, f"sur {degres}", 2)
    bornes = e.intervalle(campagne.fiche.niveau_confiance)
    unite = f"sur {nombre_court(degres)}"
    return Score(e.valeur, e.n, unite, 2, etendue_de(campagne, *bornes, 1, degres))
