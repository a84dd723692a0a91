"""What ``campagne.yaml`` declares of the survey, against the questionnaire: weighting margins."""

from __future__ import annotations

from collections.abc import Iterator

from qualepref_lib.campagne.dossiers import FICHE
from qualepref_lib.campagne.fiche import DeclarationSource, FicheCampagne
from qualepref_lib.campagne.redressement import A_CHOISIR, CROISE, MargeDeclaree
from qualepref_lib.core.arbre import Arbre, Chemin
from qualepref_lib.core.francais import nombre_court
from qualepref_lib.core.refus import Releve
from qualepref_lib.referentiel import Question, Questionnaire, Referentiel

ENQUETE = "enquete"
TOLERANCE = 0.001
"""How far from one the shares of a margin may add up: they were rounded by whoever wrote them."""


def check_redressement(
    fiche: FicheCampagne, arbre: Arbre, referentiel: Referentiel, releve: Releve
) -> None:
    """Every problem of the declared weighting: its place, its questions, its classes, its total."""
    for source, declaration in fiche.sources.items():
        if declaration.redressement is None:
            continue
        chemin: Chemin = ("sources", source, "redressement")
        for constat in _dire_place(source, declaration):
            _signaler(releve, arbre, chemin, constat, "retirer « redressement ».")
        if source == ENQUETE and referentiel.questionnaire:
            for rang, marge in enumerate(declaration.redressement.marges):
                _verifier_marge(
                    marge, (*chemin, "marges", rang), arbre, referentiel.questionnaire, releve
                )


def _dire_place(source: str, declaration: DeclarationSource) -> Iterator[str]:
    if source != ENQUETE:
        yield f"« {source} » ne se redresse pas : seule l’enquête a des réponses à pondérer."
    if declaration.plan == "recensement":
        yield "un recensement ne se redresse pas : tout le monde y est."


def _verifier_marge(
    marge: MargeDeclaree,
    chemin: Chemin,
    arbre: Arbre,
    questionnaire: Questionnaire,
    releve: Releve,
) -> None:
    if abs(float(marge.total) - 1) > TOLERANCE:
        constat = f"marge « {marge.nom} » : les parts font {nombre_court(marge.total)}, pas 1."
        remede = "écrire les parts de toutes les modalités, avec assez de décimales."
        _signaler(releve, arbre, (*chemin, "parts"), constat, remede)
    questions = [_trouver(q, chemin, arbre, questionnaire, releve) for q in marge.questions]
    trouvees = [q for q in questions if q is not None]
    if len(trouvees) == len(marge.questions):
        _verifier_classes(marge, trouvees, (*chemin, "parts"), arbre, questionnaire, releve)


def _trouver(
    code: str, chemin: Chemin, arbre: Arbre, questionnaire: Questionnaire, releve: Releve
) -> Question | None:
    """The question of a margin; a problem when it is unknown or has no single answer."""
    ici: Chemin = (*chemin, "questions")
    question = questionnaire.questions.get(code)
    admises = [q.code for q in questionnaire.questions.values() if q.genre in A_CHOISIR]
    if question is None:
        releve.signaler_inconnu(
            FICHE,
            "une question du questionnaire",
            code,
            admises,
            ligne=arbre.ligne(ici),
            colonne="sources",
        )
    elif question.genre not in A_CHOISIR:
        constat = f"« {code} » n’a pas une réponse et une seule : elle ne fait pas une marge."
        _signaler(releve, arbre, ici, constat, "choisir une question à réponse unique.")
        return None
    return question


def _verifier_classes(
    marge: MargeDeclaree,
    questions: list[Question],
    chemin: Chemin,
    arbre: Arbre,
    questionnaire: Questionnaire,
    releve: Releve,
) -> None:
    """Each class is made of one known answer to each question."""
    for classe in marge.parts:
        reponses = classe.split(CROISE)
        if len(reponses) != len(questions):
            constat = (
                f"« {classe} » : une réponse à chacune des questions {marge.nom} est attendue."
            )
            _signaler(releve, arbre, (*chemin, classe), constat, "les joindre par « | ».")
            continue
        for question, code in zip(questions, reponses, strict=True):
            connus = [m.code for m in questionnaire.modalites(question)]
            if code not in connus:
                releve.signaler_inconnu(
                    FICHE,
                    f"une réponse à « {question.court} »",
                    code,
                    connus,
                    ligne=arbre.ligne((*chemin, classe)),
                    colonne="sources",
                )


def _signaler(releve: Releve, arbre: Arbre, chemin: Chemin, constat: str, remede: str) -> None:
    releve.signaler(
        FICHE, constat, ligne=arbre.ligne(chemin), colonne=str(chemin[0]), remede=remede
    )
