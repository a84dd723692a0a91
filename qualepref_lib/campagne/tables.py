"""The tables of a campaign: which columns each source has.

The columns depend on the référentiel: a criterion code is known or not by the edition. Rules that
involve several cells are in :mod:`~qualepref_lib.campagne.regles`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from qualepref_lib.campagne.tables_audit import COLONNES_AUDIT
from qualepref_lib.campagne.tables_registres import COLONNES_REGISTRES
from qualepref_lib.formats.colonnes import Colonne
from qualepref_lib.referentiel import Referentiel

STATUTS_ACTION = {
    "a_faire": "à faire",
    "en_cours": "en cours",
    "fait": "fait",
    "abandonne": "abandonné",
}
REPONSES_MYSTERE = {"oui": "oui", "non": "non", "sans_objet": "sans objet"}
CODAGES = {"simple": "simple", "double": "double"}
ISSUES_TENTATIVE = {
    "joint": "quelqu’un a répondu",
    "sans_reponse": "sans réponse",
    "occupe": "occupé",
    "messagerie": "messagerie",
    "ferme": "fermé",
    "coupe": "appel coupé",
    "abandon": "abandon du testeur",
}
DECISIONS_RELECTURE = {
    "garder": "garder",
    "masquer": "masquer davantage",
    "exclure": "ne pas citer",
}
OUI_NON = {"oui": "oui", "non": "non"}


def colonnes_de(source: str, referentiel: Referentiel) -> tuple[Colonne, ...]:
    """The columns of one source, with the codes that this edition knows."""
    return _COLONNES[source](referentiel)


def _autodiagnostic(r: Referentiel) -> tuple[Colonne, ...]:
    criteres = {code: critere.libelle for code, critere in r.criteres.items()}
    degres = {degre.code: degre.libelle for degre in r.edition.echelle}
    return (
        Colonne("critere", "code", True, True, criteres, "un code de critère du référentiel"),
        Colonne("cotation", "code", True, False, degres, "une cotation de l’échelle"),
        Colonne("motif"),
        Colonne("service"),
        Colonne("commentaire"),
        # The wording of the criterion, for the person who rates it; never read.
        Colonne("libelle"),
        # What was declared at the last edition: shown beside the rating, never counted.
        Colonne("cotation_precedente", "code", connus=degres, nature="une cotation de l’échelle"),
    )


def _mystere(r: Referentiel) -> tuple[Colonne, ...]:
    grilles = {grille.code: grille.libelle for grille in r.grilles}
    observations = {code: o.libelle for code, o in r.observations.items()}
    return (
        Colonne("vague", requise=True, remplie=True),
        Colonne("test", requise=True, remplie=True),
        Colonne("grille", "code", True, True, grilles, "un code de grille mystère"),
        Colonne("service"),
        Colonne("date", "date", True, True),
        Colonne("heure", "heure"),
        Colonne("creneau"),
        Colonne("profil"),
        Colonne("testeur"),
        # « double »: a second tester rated the same test, to see how far two people agree.
        Colonne("codage", "code", connus=CODAGES, nature="un codage"),
        Colonne("scenario"),
        Colonne("tentatives", "nombre", mini=1, entier=True),
        Colonne("abouti", "code", True, True, OUI_NON, "oui ou non"),
        Colonne("date_reponse", "date"),
        Colonne("observation", "code", True, False, observations, "un code d’observation mystère"),
        Colonne("reponse", "code", True, False, REPONSES_MYSTERE, "une réponse admise"),
        Colonne("valeur", "nombre", mini=0),
    )


def _mystere_tentatives(r: Referentiel) -> tuple[Colonne, ...]:
    return (
        Colonne("test", requise=True, remplie=True),
        Colonne("rang", "nombre", True, True, mini=1, entier=True),
        Colonne("date", "date", True, True),
        Colonne("heure", "heure"),
        Colonne("issue", "code", True, True, ISSUES_TENTATIVE, "une issue de tentative"),
    )


def _enquete(r: Referentiel) -> tuple[Colonne, ...]:
    if r.questionnaire is None:
        return ()
    colonnes = [
        Colonne("reponse", requise=True, remplie=True),
        Colonne("date", "date", requise=True, remplie=True),
        # The last page that a survey tool says was reached: it tells who went to the end.
        Colonne("derniere_page", "nombre", mini=0, entier=True),
    ]
    for question in r.questionnaire.questions.values():
        connus = {m.code: m.libelle for m in r.questionnaire.modalites(question)}
        nature = f"une réponse admise à « {question.court} »"
        if question.genre == "texte":
            colonnes.append(Colonne(question.code))
        elif question.genre == "note":
            bas, haut = question.bornes
            colonnes.append(
                Colonne(question.code, "nombre", True, mini=bas, maxi=haut, entier=True)
            )
        elif question.genre == "multiple":
            colonnes.append(
                Colonne(
                    question.code,
                    "codes",
                    True,
                    False,
                    connus,
                    nature,
                    separateur="|",
                    categories="nominales",
                )
            )
        else:
            ordre: Literal["degres", "nominales"] = (
                "degres" if question.genre == "echelle" else "nominales"
            )
            colonnes.append(
                Colonne(question.code, "code", True, False, connus, nature, categories=ordre)
            )
    # What was written under « Autre »: where the tool keeps it, it is a free text like others.
    colonnes += [Colonne(nom, precise=q.code) for nom, q in r.questionnaire.precisions.items()]
    return tuple(colonnes)


def _verbatims_revus(r: Referentiel) -> tuple[Colonne, ...]:
    questions = r.questionnaire.questions.values() if r.questionnaire else ()
    textes = {q.code: q.court for q in questions if q.genre == "texte"}
    if r.questionnaire:
        textes |= {nom: f"{q.court}, autre" for nom, q in r.questionnaire.precisions.items()}
    decisions = "une décision de relecture"
    return (
        Colonne("reponse", requise=True, remplie=True),
        Colonne("question", "code", True, True, textes, "un code de question à texte libre"),
        # What was masked, for the person who reviews; never read.
        Colonne("genres", lue=False),
        Colonne("texte", lue=False),
        Colonne("decision", "code", True, connus=DECISIONS_RELECTURE, nature=decisions),
        Colonne("a_masquer"),
    )


def _plan_actions(r: Referentiel) -> tuple[Colonne, ...]:
    criteres = {code: critere.libelle for code, critere in r.criteres.items()}
    return (
        Colonne("code", requise=True, remplie=True),
        Colonne("libelle", requise=True, remplie=True),
        Colonne("origine"),
        Colonne("criteres", "codes", False, False, criteres, "un code de critère du référentiel"),
        Colonne("canaux", "codes", False, False, r.libelles_canaux, "un code de canal"),
        Colonne("responsable"),
        Colonne("debut", "date"),
        Colonne("echeance", "date", requise=True),
        Colonne("statut", "code", True, True, STATUTS_ACTION, "un statut d’action"),
        Colonne("avancement", "nombre", mini=0, maxi=100),
        # When it was really done: what the pace of the plan is learnt from.
        Colonne("fait_le", "date"),
        Colonne("preuve_attendue"),
        Colonne("preuve_fournie"),
        # Which codes exist is known once the whole table is read: the rules check it.
        Colonne("depend_de", "codes", nature="un code d’action"),
    )


_COLONNES: dict[str, Callable[[Referentiel], tuple[Colonne, ...]]] = (
    {
        "autodiagnostic": _autodiagnostic,
        "mystere": _mystere,
        "mystere_tentatives": _mystere_tentatives,
        "enquete": _enquete,
        "verbatims_revus": _verbatims_revus,
        "plan_actions": _plan_actions,
    }
    | COLONNES_REGISTRES
    | COLONNES_AUDIT
)
