"""The questions of a campaign's survey, found by their codes or refused with the near miss."""

from __future__ import annotations

from collections.abc import Mapping

from qualepref_lib.campagne import Campagne
from qualepref_lib.core.refus import Probleme, Refus, proche
from qualepref_lib.referentiel import Modalite, Partie, Question, Questionnaire

SOURCE = "enquete"


def questionnaire_de(campagne: Campagne) -> Questionnaire:
    """The questionnaire of the edition; a refusal where it has none."""
    questionnaire = campagne.referentiel.questionnaire
    if questionnaire is None:
        raise Refus(Probleme("questionnaire.yaml", "l’édition n’a pas de questionnaire."))
    return questionnaire


def question_de(campagne: Campagne, code: str) -> Question:
    """The question that has this code."""
    questions = questionnaire_de(campagne).questions
    if code not in questions:
        raise _inconnu(code, "une question", questions)
    return questions[code]


def partie_de(campagne: Campagne, code: str) -> Partie:
    """The part of the questionnaire that has this code."""
    parties = {partie.code: partie for partie in questionnaire_de(campagne).parties}
    if code not in parties:
        raise _inconnu(code, "une partie", parties)
    return parties[code]


def modalites_de(campagne: Campagne, question: str) -> tuple[Modalite, ...]:
    """The possible answers of a question, in the order of the questionnaire."""
    return questionnaire_de(campagne).modalites(question_de(campagne, question))


def echelles_de(campagne: Campagne) -> list[Question]:
    """The questions answered on a scale, in the order of the questionnaire."""
    return [q for q in questionnaire_de(campagne).questions.values() if q.genre == "echelle"]


def notes_demandees(campagne: Campagne) -> list[Question]:
    """The questions answered by a mark, in the order of the form; none without a survey."""
    if SOURCE not in campagne.tables:
        return []
    return [q for q in questionnaire_de(campagne).questions.values() if q.genre == "note"]


def _inconnu(code: str, nature: str, connus: Mapping[str, object]) -> Refus:
    return Refus(
        Probleme(
            "questionnaire.yaml",
            f"« {code} » n’est pas {nature}.",
            connus=tuple(connus),
            voisin=proche(code, connus),
        )
    )
