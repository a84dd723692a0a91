"""Which column of an export is which question: the same words, nearly the same, the same place.

Whatever is not the same words is a proposal that somebody confirms. A column that resembles no
question is told as such.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from qualepref_lib.formats.multiples import COCHEES, NON_COCHEES
from qualepref_lib.formats.tetes import forme_entete
from qualepref_lib.referentiel import Modalite, Question, Questionnaire
from qualepref_lib.running.enquete.choix import Choix
from qualepref_lib.running.enquete.intitules import (
    AUTRE,
    Intitule,
    cut_intitule,
    mots,
    rang_de,
    ressemblance,
)
from qualepref_lib.running.enquete.systeme import is_personnelle, is_temps, role_de

SEUIL = 0.72
"""How alike a header and a question must be for the one to be proposed for the other."""


@dataclass(frozen=True)
class Colonne:
    """A column of the export: its header, taken apart, and its distinct cells."""

    intitule: Intitule
    valeurs: tuple[str, ...]

    @property
    def entete(self) -> str:
        """Its header, as the file writes it."""
        return self.intitule.entete

    @property
    def est_case(self) -> bool:
        """Whether its cells only say that a box is ticked."""
        siens = {mots(self.intitule.item)} - {""}
        formes = {v.strip().lower() for v in self.valeurs}
        return all(f in COCHEES | NON_COCHEES or mots(f) in siens for f in formes)


def new_colonne(entete: str, valeurs: Iterable[str]) -> Colonne:
    """A column from its header and its cells."""
    return Colonne(cut_intitule(entete), tuple(dict.fromkeys(valeurs)))


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
    groupes = _groupes(restent)
    for exact in (True, False):
        groupes = [g for g in groupes if not _par_libelle(g, suite, exact)]
    groupes = _par_places(groupes, suite)
    for colonne in (c for groupe in groupes for c in groupe):
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


def _groupes(colonnes: Sequence[Colonne]) -> list[list[Colonne]]:
    """The columns of one question together, in the order of the file."""
    groupes: dict[str, list[Colonne]] = {}
    for colonne in colonnes:
        vu = colonne.intitule
        cle = vu.base or mots(vu.code or vu.texte)
        seule = not vu.base and any(not c.intitule.base for c in groupes.get(cle, ()))
        groupes.setdefault(colonne.entete if seule or not cle else cle, []).append(colonne)
    return list(groupes.values())


def _par_libelle(groupe: list[Colonne], suite: Rapprochement, exact: bool) -> bool:
    """Whether the group found its question by its words."""
    tete = groupe[0].intitule
    question, score = _meilleure([tete.code, tete.texte], suite.libres.values())
    if len(groupe) > 1 or tete.item or tete.code_item:
        if question and _accepte(score, exact) and question.genre == "multiple":
            suite.prendre(question, *_cases(groupe, question, score, suite.questionnaire))
            return True
        # A question beside its own « Autre » is no array of which « Autre » would be a line.
        return (not _a_un_item(groupe) and _tableau(groupe, suite, exact)) or (
            question is not None
            and _accepte(score, exact)
            and _seule(groupe, question, score, suite)
        )
    if question is None or not _accepte(score, exact):
        return False
    return _seule(groupe, question, score, suite)


def _a_un_item(groupe: list[Colonne]) -> bool:
    """Whether the group is one question, with the free text of « Autre » or comments beside it."""
    propres = _propres(groupe)
    return len(propres) == 1 < len(groupe) and not propres[0].intitule.base


def _propres(groupe: list[Colonne]) -> list[Colonne]:
    """The columns that are neither the free text of « Autre » nor a comment."""
    return [c for c in groupe if not c.intitule.est_autre and not c.intitule.est_commentaire]


def _accepte(score: float, exact: bool) -> bool:
    return score == 1.0 if exact else score >= SEUIL


def _meilleure(
    textes: Iterable[str], questions: Iterable[Question]
) -> tuple[Question | None, float]:
    """The question that resembles one of the texts most; the code, the short and long wordings."""
    notes = [(_note(textes, (q.code, q.court, q.libelle)), q) for q in questions]
    note, trouvee = max(notes, key=lambda n: n[0], default=(0.0, None))
    return trouvee, note


def _note(textes: Iterable[str], siens: Iterable[str]) -> float:
    """How much the nearest of the texts resembles one of the others."""
    siens = tuple(siens)
    return max((ressemblance(t, s) for t in textes if t for s in siens), default=0.0)


def _seule(groupe: list[Colonne], question: Question, score: float, suite: Rapprochement) -> bool:
    """One column for the question, and beside it the free text of « Autre » or a comment."""
    principale = (_propres(groupe) or groupe)[0]
    suite.prendre(
        question, Choix("colonne", _pourquoi(score), score == 1.0, principale.entete, question.code)
    )
    suite.choix += [
        _precision(c, question, suite.questionnaire) for c in groupe if c is not principale
    ]
    return True


def _precision(colonne: Colonne, question: Question, questionnaire: Questionnaire) -> Choix:
    """What « Autre » was is a free text that is read; a comment on an answer is left out."""
    noms = [nom for nom, q in questionnaire.precisions.items() if q.code == question.code]
    if colonne.intitule.est_autre and noms:
        pourquoi = f"texte libre de « Autre » de {question.code}"
        return Choix("colonne", pourquoi, True, colonne.entete, noms[0])
    return Choix("ignoree", f"précision libre de {question.code}", True, colonne.entete)


def _tableau(groupe: list[Colonne], suite: Rapprochement, exact: bool) -> bool:
    """An array: each column is a question of its own, told by its item."""
    pris: list[Colonne] = []
    for colonne in groupe:
        vu = colonne.intitule
        if colonne.est_case and len(colonne.valeurs) <= 3 and set(colonne.valeurs) != {""}:
            continue
        textes = [vu.item, vu.code_item, f"{vu.texte} {vu.item}" if vu.texte else ""]
        question, score = _meilleure(textes, suite.libres.values())
        if question is None or not _accepte(score, exact) or question.genre == "multiple":
            continue
        choix = Choix("colonne", _pourquoi(score), score == 1.0, colonne.entete, question.code)
        suite.prendre(question, choix)
        pris.append(colonne)
    if pris and len(pris) < len(groupe):
        groupe[:] = [c for c in groupe if c not in pris]
        return False
    return bool(pris)


def _cases(
    groupe: list[Colonne], question: Question, score: float, questionnaire: Questionnaire
) -> Iterable[Choix]:
    """Each column is the box of one answer, told by its item, else by its rank."""
    modalites = list(questionnaire.modalites(question))
    for colonne in groupe:
        vu = colonne.intitule
        if vu.est_commentaire:
            yield Choix("ignoree", f"commentaire de {question.code}", True, colonne.entete)
            continue
        modalite, note, pourquoi = _modalite(vu, modalites)
        if modalite is None:
            yield Choix("rien", f"réponse inconnue de {question.code}", False, colonne.entete)
            continue
        sur = score == 1.0 and note == 1.0
        pourquoi = pourquoi if score == 1.0 else f"question {_pourquoi(score)} ; {pourquoi}"
        yield Choix("case", pourquoi, sur, colonne.entete, question.code, cible=modalite.code)
        if vu.est_autre and not colonne.est_case:
            yield Choix("libre", "texte libre de « Autre »", True, colonne.entete, question.code)


def _modalite(vu: Intitule, modalites: Sequence[Modalite]) -> tuple[Modalite | None, float, str]:
    """The answer that a box is for, how surely, and why."""
    autres = [m for m in modalites if mots(m.code) in AUTRE or mots(m.libelle).startswith("autre")]
    if vu.est_autre and autres:
        exacte = [m for m in autres if mots(m.code) in AUTRE]
        return (exacte or autres)[0], 1.0, "réponse « Autre »"
    notes = [(_note((vu.item, vu.code_item), (m.code, m.libelle)), m) for m in modalites]
    note, modalite = max(notes, key=lambda n: n[0])
    if note >= SEUIL:
        return modalite, note, _pourquoi(note)
    rang = rang_de(vu.code_item) if not vu.item else None
    if rang is not None and 1 <= rang <= len(modalites):
        return modalites[rang - 1], 0.0, f"{rang}ᵉ réponse de la question, d’après son rang"
    return None, 0.0, ""


def _par_places(groupes: list[list[Colonne]], suite: Rapprochement) -> list[list[Colonne]]:
    """Headers that are bare codes: the k-th question of the file may be the k-th of ours.

    Only where as many are left of both, and of the same kinds; what is left is given back.
    """
    nus = [g for g in groupes if not (g[0].intitule.texte or g[0].intitule.item)]
    places = [petit for groupe in nus for petit in _deplier(groupe)]
    questions = list(suite.libres.values())
    if len(places) != len(questions) or not all(map(_meme_genre, places, questions)):
        return groupes
    for groupe, question in zip(places, questions, strict=True):
        if question.genre == "multiple":
            suite.prendre(question, *_cases(groupe, question, 0.0, suite.questionnaire))
        else:
            _seule(groupe, question, 0.0, suite)
    return [g for g in groupes if not any(g is nu for nu in nus)]


def _deplier(groupe: list[Colonne]) -> list[list[Colonne]]:
    """An array is as many questions as it has columns; boxes are one question."""
    propres = _propres(groupe)
    if len(propres) < 2 or all(c.est_case for c in propres):
        return [groupe]
    return [[c] for c in propres]


def _meme_genre(groupe: list[Colonne], question: Question) -> bool:
    propres = _propres(groupe)
    return (len(propres) > 1) == (question.genre == "multiple")


def _sans_question(colonne: Colonne) -> Choix:
    if not any(colonne.valeurs):
        return Choix("ignoree", "colonne vide", True, colonne.entete)
    if colonne.intitule.est_commentaire:
        return Choix("ignoree", "commentaire d’une réponse", True, colonne.entete)
    return Choix("rien", "aucune question ne lui ressemble", False, colonne.entete)


def _pourquoi(score: float) -> str:
    if score == 1.0:
        return "mêmes mots"
    return f"proche à {100 * score:.0f} %" if score else "d’après sa place dans le fichier"
