"""The questions of opinion: those answered on a scale, and the satisfaction rate of each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from qualepref_lib.campagne import Campagne
from qualepref_lib.core.bilan import Ligne
from qualepref_lib.core.mesures import Taux
from qualepref_lib.enquete.questions import SOURCE, echelles_de, questionnaire_de
from qualepref_lib.enquete.reponses import (
    compter,
    est_exprimee,
    est_favorable,
    numeros,
    remplies,
)
from qualepref_lib.referentiel import Question

FORMULE = "T2B-exprimes, version 1"
"""The name of the formula of the satisfaction rate: two editions compare only if they share it."""
T2B = f"{FORMULE} : taux = réponses « très » ou « plutôt » favorables ÷ réponses exprimées"


def opinions_de(campagne: Campagne) -> list[Question]:
    """The questions answered on a scale; none where the survey is missing."""
    return echelles_de(campagne) if SOURCE in campagne.tables else []


def groupes_d_items(campagne: Campagne) -> Iterator[tuple[str, str, list[str]]]:
    """Of each part, the questions that share a scale, where they are several: what may be summed.

    Each group has a code, a label, and the codes of its questions.
    """
    for partie in questionnaire_de(campagne).parties if SOURCE in campagne.tables else ():
        echelles = dict.fromkeys(q.echelle for q in partie.questions if q.genre == "echelle")
        for echelle in echelles:
            siennes = [q for q in partie.questions if (q.genre, q.echelle) == ("echelle", echelle)]
            if len(siennes) > 1:
                code = f"{partie.code}.{echelle}" if echelle else partie.code
                libelle = f"{partie.libelle} ({len(siennes)} questions)"
                yield code, libelle, [q.code for q in siennes]


def comptes_de(campagne: Campagne, question: str) -> tuple[int, int]:
    """Favourable answers, and expressed ones."""
    effectifs, dans = compter(campagne, question), est_exprimee(campagne, question)
    favorables = dans & est_favorable(campagne, question)
    return int(effectifs[favorables].sum()), int(effectifs[dans].sum())


def repondants(campagne: Campagne, question: str) -> Sequence[int]:
    """The lines of the file that answered a question, *sans opinion* included."""
    return numeros(campagne, remplies(campagne, question))


def ligne_taux(campagne: Campagne, question: Question) -> Ligne:
    """The satisfaction rate of one question."""
    favorables, base = comptes_de(campagne, question.code)
    lignes = repondants(campagne, question.code)
    return Ligne(question.code, question.court, Taux(favorables, base), lignes)


def valeur(ligne: Ligne) -> float:
    """The rate of a line, zero without a base: what lines are sorted by."""
    assert isinstance(ligne.mesure, Taux)
    return float(ligne.mesure.valeur or 0)
