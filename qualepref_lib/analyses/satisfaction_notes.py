"""Marks: would people recommend the service (0 to 10), how much effort did it take (1 to 7)?

The recommendation score (NPS) is the share of promoters (9 and 10) minus that of detractors (0 to
6). The effort score is read from the hardest (1) to the easiest (7): 5 and more is easy, 3 and
less is hard. Any other mark has its mean.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from qualepref_lib.campagne import Campagne
from qualepref_lib.core.bilan import Bilan, Ligne
from qualepref_lib.core.mesures import Repartition, Score
from qualepref_lib.core.sondage import moyenne_de_comptes
from qualepref_lib.enquete.bilans import etendue_de, new_bilan_enquete, new_par_question
from qualepref_lib.enquete.questions import SOURCE, notes_demandees, question_de
from qualepref_lib.enquete.reponses import Nombres, notes_de, numeros, points_nps, remplies
from qualepref_lib.referentiel import Question


@dataclass(frozen=True)
class Classe:
    """A run of marks with a name."""

    libelle: str
    mini: int
    maxi: int


CLASSES = {
    "nps": (
        Classe("promoteurs (9 et 10)", 9, 10),
        Classe("passifs (7 et 8)", 7, 8),
        Classe("détracteurs (0 à 6)", 0, 6),
    ),
    "effort": (
        Classe("facile (5 à 7)", 5, 7),
        Classe("ni facile ni difficile (4)", 4, 4),
        Classe("difficile (1 à 3)", 1, 3),
    ),
}
SANS = "Le questionnaire ne demande pas de note."


def measure_notes(campagne: Campagne) -> Bilan:
    """One score a question: the NPS in points, the mean of any other mark."""
    return new_par_question(
        campagne,
        "notes",
        notes_demandees(campagne),
        _score,
        remplies,
        titre="Recommandation, effort et autres notes",
        formule=(
            "recommandation (NPS) = part des notes 9 et 10 − part des notes 0 à 6, en points ; "
            "autre note = moyenne ; intervalle de Student"
        ),
        si_vide=SANS,
    )


def measure_repartition_notes(campagne: Campagne, question: str) -> Bilan:
    """How many people gave each run of marks to a question."""
    q = question_de(campagne, question)
    lignes = []
    if SOURCE in campagne.tables and q.genre == "note":
        effectifs = _effectifs(campagne, q)
        muettes = int((~remplies(campagne, question)).sum())
        repartition = Repartition(_parts(q, effectifs), {"sans réponse": muettes})
        lus = numeros(campagne, remplies(campagne, question))
        lignes = [Ligne(q.code, q.court, repartition, lus)]
    return new_bilan_enquete(
        campagne,
        f"notes.{question}",
        titre=q.libelle,
        entete="Question",
        formule="part = réponses de cette classe de notes ÷ réponses qui donnent une note",
        lignes=lignes,
        si_vide=SANS,
    )


def _effectifs(campagne: Campagne, question: Question) -> Nombres:
    """How many rows give each mark, from the lowest."""
    bas, haut = question.bornes
    notes = notes_de(campagne, question.code)
    rangs = (notes[~np.isnan(notes)] - bas).astype(np.int64)
    return np.bincount(rangs, minlength=haut - bas + 1).astype(np.float64)


def _score(campagne: Campagne, question: Question) -> Score:
    bas, haut = question.bornes
    marques, effectifs = np.arange(bas, haut + 1.0), _effectifs(campagne, question)
    niveau = campagne.fiche.niveau_confiance
    if question.lecture == "nps":
        e = moyenne_de_comptes(points_nps(marques), effectifs)
        etendue = etendue_de(campagne, *e.intervalle(niveau), -100, 100) if e.n else None
        return Score(e.valeur if e.n else None, e.n, "points", 0, etendue)
    e = moyenne_de_comptes(marques, effectifs)
    etendue = etendue_de(campagne, *e.intervalle(niveau), bas, haut) if e.n else None
    return Score(e.valeur if e.n else None, e.n, f"sur {haut}", 1, etendue)


def _parts(question: Question, effectifs: Nombres) -> dict[str, int]:
    """The named runs of marks, or the marks themselves, the best first."""
    bas, haut = question.bornes
    classes = CLASSES.get(question.lecture) or tuple(
        Classe(str(note), note, note) for note in range(haut, bas - 1, -1)
    )
    return {c.libelle: int(effectifs[c.mini - bas : c.maxi - bas + 1].sum()) for c in classes}
