"""Which column of an export is which question: the same words, nearly the same, the same place.

Whatever is not the same words is a proposal that somebody confirms. A column that resembles no
question is told as such.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from qualepref_lib.formats.tetes import forme_entete
from qualepref_lib.referentiel import Question, Questionnaire
from qualepref_lib.running.enquete.cases import propose_cases
from qualepref_lib.running.enquete.choix import Choix
from qualepref_lib.running.enquete.groupes import Colonne, Groupe, group_colonnes
from qualepref_lib.running.enquete.scores import Score, measure_score
from qualepref_lib.running.enquete.systeme import is_personnelle, is_temps, role_de


@dataclass
class Rapprochement:
    """The questions that are still free, and the points proposed so far."""

    questionnaire: Questionnaire
    libres: dict[str, Question]
    choix: list[Choix] = field(default_factory=list)
    roles: dict[str, str] = field(default_factory=dict)

    def prendre(self, question: Question, *choix: Choix) -> None:
        """A question has found its column."""
        self.libres.pop(question.code, None)
        self.choix += choix


def propose_colonnes(
    colonnes: Sequence[Colonne], questionnaire: Questionnaire, repris: Mapping[str, Choix]
) -> list[Choix]:
    """One point for each column, then one for each question that found none.

    ``repris`` are the points that an older mapping gives, by the form of the header.
    """
    suite = Rapprochement(questionnaire, dict(questionnaire.questions))
    restent = _reprendre(colonnes, repris, suite)
    restent = _systeme(restent, suite)
    groupes = group_colonnes(restent)
    for exact in (True, False):
        groupes = [reste for g in groupes if (reste := _par_libelle(g, suite, exact))]
    groupes = _par_places(groupes, suite)
    for colonne in (c for groupe in groupes for c in groupe.colonnes):
        suite.choix.append(_sans_question(colonne))
    suite.choix += [
        Choix("absente", f"aucune colonne ne ressemble à « {q.libelle} »", False, colonne=q.code)
        for q in suite.libres.values()
    ]
    return suite.choix


def _reprendre(
    colonnes: Sequence[Colonne], repris: Mapping[str, Choix], suite: Rapprochement
) -> list[Colonne]:
    restent = []
    for colonne in colonnes:
        choix = repris.get(forme_entete(colonne.entete))
        ailleurs = choix is not None and choix.sort == "colonne" and choix.colonne in _prises(suite)
        if choix is None or ailleurs:
            restent.append(colonne)
        else:
            suite.choix.append(replace(choix, entete=colonne.entete))
            suite.libres.pop(choix.colonne, None)
    return restent


def _prises(suite: Rapprochement) -> set[str]:
    return {c.colonne for c in suite.choix if c.sort == "colonne"}


def _systeme(colonnes: Sequence[Colonne], suite: Rapprochement) -> list[Colonne]:
    """The columns of the tool itself; what is left are answers."""
    restent = []
    for colonne in colonnes:
        vu = colonne.intitule
        role = None if vu.item or vu.code_item else role_de(vu.texte or vu.code)
        # A word such as « source » may well be the code of a question.
        nommee = vu.code in suite.libres or colonne.entete in suite.libres
        if is_personnelle(colonne.valeurs):
            role = "personnelle"
        if is_temps(colonne.entete):
            role = "technique"
        if role is None or (nommee and role != "personnelle"):
            restent.append(colonne)
        elif role in ("numero", "envoi", "date", "statut", "page") and role not in suite.roles:
            suite.roles[role] = colonne.entete
            suite.choix.append(Choix("role", role, True, colonne.entete))
        else:
            pourquoi = "donnée personnelle" if role == "personnelle" else "colonne de l’outil"
            suite.choix.append(Choix("ignoree", pourquoi, True, colonne.entete))
    return restent


def _par_libelle(groupe: Groupe, suite: Rapprochement, exact: bool) -> Groupe | None:
    """What is left of the group once its question, or those of its lines, took what is theirs."""
    tete = groupe.tete
    question, score = _meilleure([tete.code, tete.texte], suite.libres.values())
    trouvee = question is not None and score.suffit(exact)
    if groupe.est_detaille:
        if question and trouvee and question.genre == "multiple":
            suite.prendre(question, *propose_cases(groupe, question, score, suite.questionnaire))
            return None
        # A question beside its own « Autre » is no array of which « Autre » would be a line.
        reste = groupe if groupe.est_accompagne else _tableau(groupe, suite, exact)
        if reste is None:
            return None
        groupe = reste
    if question is None or not trouvee:
        return groupe
    _seule(groupe, question, score, suite)
    return None


def _meilleure(
    textes: Iterable[str], questions: Iterable[Question]
) -> tuple[Question | None, Score]:
    """The question that resembles one of the texts most; the code, the short and long wordings."""
    notes = [(measure_score(textes, (q.code, q.court, q.libelle)), q) for q in questions]
    note, trouvee = max(notes, key=lambda n: n[0], default=(Score(), None))
    return trouvee, note


def _seule(groupe: Groupe, question: Question, score: Score, suite: Rapprochement) -> None:
    """One column for the question, and beside it the free text of « Autre » or a comment."""
    suite.prendre(question, _choix(groupe.principale, question, score))
    suite.choix += [
        _precision(c, question, suite.questionnaire)
        for c in groupe.colonnes
        if c is not groupe.principale
    ]


def _precision(colonne: Colonne, question: Question, questionnaire: Questionnaire) -> Choix:
    """What « Autre » was is a free text that is read; a comment on an answer is left out."""
    noms = [nom for nom, q in questionnaire.precisions.items() if q.code == question.code]
    if colonne.intitule.est_autre and noms:
        pourquoi = f"texte libre de « Autre » de {question.code}"
        return Choix("colonne", pourquoi, True, colonne.entete, noms[0])
    return Choix("ignoree", f"précision libre de {question.code}", True, colonne.entete)


def _tableau(groupe: Groupe, suite: Rapprochement, exact: bool) -> Groupe | None:
    """An array: each column is a question of its own, told by its item; what is left of it."""
    pris: list[Colonne] = []
    for colonne in groupe.colonnes:
        vu = colonne.intitule
        if colonne.est_case_seule:
            continue
        textes = [vu.item, vu.code_item, f"{vu.texte} {vu.item}" if vu.texte else ""]
        question, score = _meilleure(textes, suite.libres.values())
        if question is None or not score.suffit(exact) or question.genre == "multiple":
            continue
        suite.prendre(question, _choix(colonne, question, score))
        pris.append(colonne)
    return groupe.sans(pris)


def _choix(colonne: Colonne, question: Question, score: Score) -> Choix:
    return Choix("colonne", score.pourquoi, score.est_sur, colonne.entete, question.code)


def _par_places(groupes: list[Groupe], suite: Rapprochement) -> list[Groupe]:
    """Headers that are bare codes: the k-th question of the file may be the k-th of ours.

    Only where as many are left of both, and of the same kinds; what is left is given back.
    """
    nus = [g for g in groupes if g.est_nu]
    places = [petit for groupe in nus for petit in groupe.deplier()]
    questions = list(suite.libres.values())
    if len(places) != len(questions) or not all(map(_meme_genre, places, questions)):
        return groupes
    for groupe, question in zip(places, questions, strict=True):
        if question.genre == "multiple":
            cases = propose_cases(groupe, question, Score(), suite.questionnaire)
            suite.prendre(question, *cases)
        else:
            _seule(groupe, question, Score(), suite)
    return [g for g in groupes if not g.est_nu]


def _meme_genre(groupe: Groupe, question: Question) -> bool:
    return (len(groupe.propres) > 1) == (question.genre == "multiple")


def _sans_question(colonne: Colonne) -> Choix:
    if not any(colonne.valeurs):
        return Choix("ignoree", "colonne vide", True, colonne.entete)
    if colonne.intitule.est_commentaire:
        return Choix("ignoree", "commentaire d’une réponse", True, colonne.entete)
    return Choix("rien", "aucune question ne lui ressemble", False, colonne.entete)
