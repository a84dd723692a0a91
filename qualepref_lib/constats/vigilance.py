"""What to look at in the plan: one table, the gravest first, each row with its reason.

An action late, soon due, without owner or proof, done while its criteria wait for their rating; a
finding, or a channel under its target, that no action takes up. Leads, like every crossing here.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

import pandas as pd

from qualepref_lib.actions import SOURCE, Action, actions_de, sort_dependances
from qualepref_lib.analyses.autodiagnostic import measure_autodiagnostic
from qualepref_lib.campagne import Campagne, new_bilan
from qualepref_lib.campagne.listes import code_etat, new_liste
from qualepref_lib.constats.chiffres import quoted
from qualepref_lib.constats.regards import Citation
from qualepref_lib.core.bilan import Bilan, Ligne, Liste, Nuance, Renvoi
from qualepref_lib.core.francais import date_courte, enumeration, pluriel
from qualepref_lib.core.mesures import Effectif, Taux
from qualepref_lib.cotations import DECLARE, cotations_de, points_de

RETARD, SANS_PREUVE, INTROUVABLE = "en retard", "faite sans preuve", "preuve introuvable"
CONSTAT, CANAL = "constat sans action", "canal sans action"
RECOTER, ATTEND, PROCHE = "faite mais à recoter", "attend une action en retard", "échéance proche"
SANS_RESPONSABLE, SANS_ECHEANCE = "sans responsable", "sans échéance"
SANS_CRITERE, SANS_ATTENDU = "sans critère", "sans preuve attendue"
NATURES: dict[str, Nuance] = {
    RETARD: "ecart",
    CONSTAT: "ecart",
    CANAL: "ecart",
    SANS_PREUVE: "ecart",
    INTROUVABLE: "ecart",
    RECOTER: "moyen",
    ATTEND: "moyen",
    PROCHE: "moyen",
    SANS_RESPONSABLE: "moyen",
    SANS_ECHEANCE: "moyen",
    SANS_CRITERE: "moyen",
    SANS_ATTENDU: "neutre",
}
"""What may be raised, in the order in which it is shown."""

_CODE_DE_PREUVE = re.compile(r"[A-Za-z]+[-_]?\d+")


@dataclass(frozen=True)
class Point:
    """One thing to look at: its kind, what it is about, why, and the figure that it quotes."""

    nature: str
    objet: str
    detail: str
    echeance: dt.date | None = None
    responsable: str = ""
    ligne: int = 0
    citation: Citation | None = None


def list_vigilance(campagne: Campagne) -> Liste:
    """The points to look at, the gravest kind first."""
    points = points_de_vigilance(campagne)
    return new_liste(
        campagne,
        SOURCE,
        code="plan.vigilance",
        titre="Points de vigilance du plan",
        champ=_champ(campagne),
        colonnes=("Objet", "Vigilance", "Pourquoi", "Échéance", "Responsable"),
        lignes=tuple(_rang(point) for point in points),
        chiffres=quoted(point.citation for point in points if point.citation),
    )


def measure_vigilance(campagne: Campagne) -> Bilan:
    """How many points of each kind there are."""
    points = points_de_vigilance(campagne)
    lignes = [_compte("total", "Total", points)] if points else []
    for nature in NATURES:
        siens = [point for point in points if point.nature == nature]
        lignes += [_compte(code_etat(nature), nature, siens)] if siens else []
    return new_bilan(
        campagne,
        SOURCE,
        code="plan.vigilances",
        titre="Points de vigilance du plan, par nature",
        entete="Vigilance",
        unite="point",
        champ=_champ(campagne),
        formule=f"nombre de points relevés à la date de référence ; {_regle(campagne)}",
        lignes=lignes,
        si_vide="Rien à surveiller dans le plan.",
    )


def points_de_vigilance(campagne: Campagne) -> list[Point]:
    """Everything that is raised, the gravest kind first, then as the files are written."""
    if SOURCE not in campagne.tables:
        return []
    trouves = chain(_actions(campagne), _constats(campagne), _canaux(campagne))
    rangs = {nature: rang for rang, nature in enumerate(NATURES)}
    return sorted(trouves, key=lambda point: rangs[point.nature])


def _actions(campagne: Campagne) -> Iterator[Point]:
    cadre = campagne.tables[SOURCE].cadre
    actions = actions_de(campagne)
    retards = _attendues_en_retard(actions, campagne.fiche.date_reference)
    for action in actions:
        rang = cadre.loc[action.ligne]
        dites = _ouverte(action, rang, campagne) if action.ouverte else _faite(
            action, rang, campagne
        )  # fmt: skip
        if action.code in retards:
            dites = chain(dites, [(ATTEND, f"attend {enumeration(retards[action.code])}")])
        for nature, detail in dites:
            responsable = rang["responsable"] or "–"
            yield Point(
                nature, action.nom, detail, action.echeance, responsable, action.ligne
            )  # fmt: skip


def _ouverte(action: Action, rang: pd.Series, campagne: Campagne) -> Iterator[tuple[str, str]]:
    jour, horizon = campagne.fiche.date_reference, campagne.fiche.suivi_plan.horizon_jours
    if action.echeance is None:
        yield SANS_ECHEANCE, "ouverte, sans date à laquelle la compter"
    elif action.echeance < jour:
        yield RETARD, f"échue depuis {pluriel((jour - action.echeance).days, 'jour')}"
    elif (action.echeance - jour).days <= horizon:
        yield PROCHE, f"due dans {pluriel((action.echeance - jour).days, 'jour')}{_part(action)}"
    if not rang["responsable"]:
        yield SANS_RESPONSABLE, "personne n’en répond"
    if not action.criteres:
        yield SANS_CRITERE, "liée à aucun critère : elle ne peut changer aucun taux"
    if not rang["preuve_attendue"]:
        yield SANS_ATTENDU, "rien ne dit ce qui montrera qu’elle est faite"


def _part(action: Action) -> str:
    return "" if action.avancement is None else f", avancée à {action.avancement:g} %"


def _faite(action: Action, rang: pd.Series, campagne: Campagne) -> Iterator[tuple[str, str]]:
    if not rang["preuve_fournie"]:
        attendue = rang["preuve_attendue"]
        yield SANS_PREUVE, f"attendue : {attendue}" if attendue else "aucune preuve fournie"
    elif perdues := _introuvables(str(rang["preuve_fournie"]), campagne):
        yield INTROUVABLE, f"absente du registre des preuves : {enumeration(perdues)}"
    if basses := sorted(action.criteres & _sous_le_haut(campagne)):
        yield RECOTER, f"cotation inchangée, sous le haut de l’échelle : {enumeration(basses)}"


def _introuvables(fournie: str, campagne: Campagne) -> list[str]:
    """The codes of evidence that it quotes and that the register does not have.

    A proof may also be told in words; then there is nothing to look for.
    """
    if "preuves" not in campagne.tables:
        return []
    mots = re.split(r"[\s,;]+", fournie)
    if not all(_CODE_DE_PREUVE.fullmatch(mot) for mot in mots):
        return []
    connues = set(campagne.tables["preuves"].cadre["code"])
    return [mot for mot in mots if mot not in connues]


def _sous_le_haut(campagne: Campagne) -> set[str]:
    """The criteria rated, under the top of the scale."""
    if DECLARE not in campagne.tables:
        return set()
    points, cotations = points_de(campagne), cotations_de(campagne)
    return set(cotations["critere"][cotations["cotation"].map(points) < max(points.values())])


def _attendues_en_retard(actions: tuple[Action, ...], jour: dt.date) -> dict[str, list[str]]:
    """For each open action, what it waits for that is late."""
    en_retard = {
        a.code for a in actions if a.ouverte and a.echeance is not None and a.echeance < jour
    }
    return {
        a.code: sorted(a.attend & en_retard)
        for a in sort_dependances(actions)
        if a.attend & en_retard
    }


def _constats(campagne: Campagne) -> Iterator[Point]:
    """Open findings that call for an action, and that no action names or touches."""
    if "constats" not in campagne.tables:
        return
    types = {t.code: t for t in campagne.referentiel.edition.types_constat}
    cadre, actions = campagne.tables["constats"].cadre, actions_de(campagne)
    engagement_de = campagne.referentiel.engagement_de
    criteres = {critere for action in actions for critere in action.criteres}
    engagements = {engagement_de[critere] for critere in criteres}
    origines = " ".join(campagne.tables[SOURCE].cadre["origine"].fillna(""))
    for rang in cadre.to_dict("records"):
        pris = rang["critere"] in criteres if rang["critere"] else rang["engagement"] in engagements
        cite = re.search(rf"(?<![\w-]){re.escape(rang['numero'])}(?![\w-])", origines)
        if types[rang["type"]].appelle_action and rang["statut"] != "leve" and not (pris or cite):
            lieu = rang["critere"] or rang["engagement"]
            yield Point(
                CONSTAT,
                f"Constat {rang['numero']}",
                f"{types[rang['type']].libelle} sur {lieu} : aucune action ne le reprend",
                None if pd.isna(rang["echeance"]) else rang["echeance"].date(),
                rang["responsable"] or "–",
            )


def _canaux(campagne: Campagne) -> Iterator[Point]:
    """Channels under their target that no action touches."""
    bilan = measure_autodiagnostic(campagne, par="canal")
    touches = {canal for action in actions_de(campagne) for canal in action.canaux}
    for ligne in bilan.lignes:
        taux = ligne.mesure
        assert isinstance(taux, Taux)
        sous = ligne.cible is not None and taux.valeur is not None and taux.valeur < ligne.cible
        if sous and ligne.code not in touches:
            detail = f"{taux}, sous la cible, et aucune action ne le touche"
            yield Point(CANAL, ligne.libelle, detail, citation=(bilan, ligne))


def _rang(point: Point) -> tuple[str | Renvoi, ...]:
    chiffre = point.citation[0].identifiant(point.citation[1]) if point.citation else ""
    return (
        point.objet,
        Renvoi(point.nature, statut=NATURES[point.nature]),
        Renvoi(point.detail, chiffre) if chiffre else point.detail,
        date_courte(point.echeance) if point.echeance else "–",
        point.responsable or "–",
    )


def _compte(code: str, libelle: str, points: list[Point]) -> Ligne:
    lignes = tuple(sorted({point.ligne for point in points if point.ligne}))
    return Ligne(code, libelle, Effectif(len(points), "point"), lignes)


def _regle(campagne: Campagne) -> str:
    horizon = pluriel(campagne.fiche.suivi_plan.horizon_jours, "jour")
    return (
        f"une échéance est proche à {horizon} ou moins ; un constat est repris si une action cite "
        "son numéro dans son origine, ou touche son critère (son engagement, s’il n’a pas de "
        "critère)"
    )


def _champ(campagne: Campagne) -> str:
    manques = [m for s in ("constats", DECLARE) if (m := campagne.manque(s))]
    suite = f" ; non examiné, faute de : {enumeration(manques)}" if manques else ""
    return f"actions du plan, constats ouverts et canaux sous leur cible{suite}"
