"""Boxes to tick: each column is one answer of a question, told by its item, else by its rank."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from qualepref_lib.referentiel import Modalite, Question, Questionnaire
from qualepref_lib.running.enquete.choix import Choix
from qualepref_lib.running.enquete.groupes import Groupe
from qualepref_lib.running.enquete.intitules import AUTRE, Intitule, mots, rang_de
from qualepref_lib.running.enquete.scores import Score, measure_score


def propose_cases(
    groupe: Groupe, question: Question, score: Score, questionnaire: Questionnaire
) -> Iterable[Choix]:
    """One point a column; ``score`` is how much the group resembles its question."""
    modalites = list(questionnaire.modalites(question))
    for colonne in groupe.colonnes:
        vu = colonne.intitule
        if vu.est_commentaire:
            yield Choix("ignoree", f"commentaire de {question.code}", True, colonne.entete)
            continue
        modalite, note, pourquoi = _modalite(vu, modalites)
        if modalite is None:
            yield Choix("rien", f"réponse inconnue de {question.code}", False, colonne.entete)
            continue
        sur = score.est_sur and note.est_sur
        pourquoi = pourquoi if score.est_sur else f"question {score.pourquoi} ; {pourquoi}"
        yield Choix("case", pourquoi, sur, colonne.entete, question.code, cible=modalite.code)
        if vu.est_autre and not colonne.est_case:
            yield Choix("libre", "texte libre de « Autre »", True, colonne.entete, question.code)


def _modalite(vu: Intitule, modalites: Sequence[Modalite]) -> tuple[Modalite | None, Score, str]:
    """The answer that a box is for, how surely, and why."""
    autres = [m for m in modalites if mots(m.code) in AUTRE or mots(m.libelle).startswith("autre")]
    if vu.est_autre and autres:
        exacte = [m for m in autres if mots(m.code) in AUTRE]
        return (exacte or autres)[0], Score(1.0), "réponse « Autre »"
    notes = [(measure_score((vu.item, vu.code_item), (m.code, m.libelle)), m) for m in modalites]
    note, modalite = max(notes, key=lambda n: n[0])
    if note.suffit():
        return modalite, note, note.pourquoi
    rang = rang_de(vu.code_item) if not vu.item else None
    if rang is not None and 1 <= rang <= len(modalites):
        return modalites[rang - 1], Score(), f"{rang}ᵉ réponse de la question, d’après son rang"
    return None, Score(), ""
