"""Did the actions move what they should have moved, from one edition to the next?

An action speaks to its criteria, and through them to the observations, questions and indicators
that the référentiel ties to the same engagements and channels. For each: it moved, it did not, or
nobody can tell, with the smallest change that could have been seen. A change after an action is no
proof that the action made it: the sentence says « après », never « grâce à ».
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import groupby

from qualepref_lib.actions import SOURCE, Action, actions_de
from qualepref_lib.campagne import Campagne, new_bilan
from qualepref_lib.campagne.listes import new_liste
from qualepref_lib.constats.chiffres import quoted
from qualepref_lib.constats.editions import (
    Paire,
    cotations_avant,
    paires_declarees,
    paires_mesurees,
    paires_observees,
    paires_ressenties,
)
from qualepref_lib.constats.effets_lus import (
    BAISSE,
    CONTRAIRES,
    DECLARE_ICI,
    HAUSSE,
    INCONNU,
    NUANCES,
    STABLE,
    Effet,
    read_compte,
    read_declare,
    read_tire,
    verdict_de,
)
from qualepref_lib.core.bilan import Bilan, Ligne, Liste, Renvoi, Source
from qualepref_lib.core.comparaisons import ajuster_comparaisons, comparer_taux
from qualepref_lib.core.francais import nombre_court, pluriel, pourcentage
from qualepref_lib.core.mesures import Ecart, Taux
from qualepref_lib.cotations import DECLARE

_NATURES = {
    "declare": (DECLARE_ICI, "recensement"),
    "observe": ("Observé en mystère", "mystère"),
    "ressenti": ("Ressenti à l’enquête", "volontaires"),
    "mesure": ("Mesuré par les registres", "recensement"),
}


def list_effets(campagne: Campagne) -> Liste:
    """For each action begun, each indicator it should move, before and now, and how it is read."""
    effets = _effets(campagne)
    bilans = _bilans(campagne, effets)
    return new_liste(
        campagne,
        SOURCE,
        code="effets.actions",
        titre="Ce qui a bougé depuis l’édition précédente, action par action",
        champ=_champ(campagne),
        colonnes=("Action", "Indicateur", "Avant", "Maintenant", "Écart", "Lecture",
                  "Plus petit écart décelable"),
        lignes=tuple(
            _rang(action, effet, bilans) for action, siens in effets for effet in _reunir(siens)
        ),
        manque=manque_effets(campagne),
        chiffres=quoted(
            (bilans[e.nature], e.ligne) for _, siens in effets for e in siens if e.ligne
        ),
    )  # fmt: skip


def measure_effets(campagne: Campagne) -> Bilan:
    """How many actions moved something, nothing, or cannot be told."""
    effets = _effets(campagne)
    verdicts = [(action.ligne, verdict_de(siens)) for action, siens in effets]
    lignes = []
    for etat, (code, libelle) in _ETATS.items():
        rangs = [rang for rang, verdict in verdicts if verdict == etat]
        if rangs or etat in (HAUSSE, STABLE, INCONNU):
            connus = tuple(rang for rang in rangs if rang)
            lignes.append(Ligne(code, libelle, Taux(len(rangs), len(verdicts)), connus))
    return new_bilan(
        campagne,
        SOURCE,
        code="effets.bilan",
        titre="Effet des actions depuis l’édition précédente",
        entete="Effet",
        unite="action",
        entetes_taux=("Actions", "Sur", "Part"),
        champ=_champ(campagne),
        formule="part = actions commencées dans cet état ÷ actions commencées ; "
        + _regle(campagne),
        lignes=lignes if verdicts else [],
        manque=manque_effets(campagne),
        si_vide="Aucune action commencée.",
    )


_ETATS = {
    HAUSSE: ("progres", "Un indicateur au moins a progressé, aucun n’a reculé"),
    BAISSE: ("recul", "Un indicateur au moins a reculé, aucun n’a progressé"),
    CONTRAIRES: ("contraires", "Des indicateurs ont progressé, d’autres ont reculé"),
    STABLE: ("stable", "Rien n’a bougé"),
    INCONNU: ("inconnu", "On ne peut pas dire"),
}


def manque_effets(campagne: Campagne) -> str:
    """What is missing to compare: the plan, or the edition before and the ratings kept of it."""
    if manque := campagne.manque(SOURCE):
        return manque
    return "" if cotations_avant(campagne) is not None else campagne.precedente.manque


def _actions(campagne: Campagne) -> list[Action]:
    """The actions begun, of this plan then of the one before: what is only planned moved nothing.

    An action carried from one plan to the next is one action.
    """
    siennes = actions_de(campagne)
    precedente = campagne.precedente.campagne
    connues = {(action.code, action.libelle) for action in siennes}
    anciennes = [
        replace(action, code=f"{action.code} ({precedente.fiche.code})", ligne=0)
        for action in (actions_de(precedente) if precedente else ())
        if precedente and (action.code, action.libelle) not in connues
    ]
    return [action for action in (*siennes, *anciennes) if action.statut != "a_faire"]


def _effets(campagne: Campagne) -> list[tuple[Action, list[Effet]]]:
    """The effects of each action begun, tests of all samples adjusted together."""
    if manque_effets(campagne):
        return []
    avant = cotations_avant(campagne)
    precedente = campagne.precedente.campagne
    autres: dict[str, list[Paire]] = {}
    if precedente is not None:
        autres = {
            "observe": list(paires_observees(campagne, precedente)),
            "ressenti": list(paires_ressenties(campagne, precedente)),
            "mesure": list(paires_mesurees(campagne, precedente)),
        }
    actions = _actions(campagne)
    touchees = {
        nature: [p for p in paires if any(_touche(a, p, campagne) for a in actions)]
        for nature, paires in autres.items()
    }
    lus = _lire_tout(campagne, touchees)
    resultat = []
    for action in actions:
        effets = [read_declare(action, paires_declarees(campagne, action.criteres, avant))]
        effets += [
            lus[nature, paire.code]
            for nature, paires in touchees.items()
            for paire in paires
            if _touche(action, paire, campagne)
        ]
        resultat.append((action, effets))
    return resultat


def _touche(action: Action, paire: Paire, campagne: Campagne) -> bool:
    """Through an engagement of its criteria, and on one of its channels where there is one."""
    engagement_de = campagne.referentiel.engagement_de
    engagements = {engagement_de[c] for c in action.criteres if c in engagement_de}
    ailleurs = paire.canal and action.canaux and paire.canal not in action.canaux
    return bool(engagements & paire.engagements) and not ailleurs


def _lire_tout(
    campagne: Campagne, touchees: Mapping[str, Sequence[Paire]]
) -> dict[tuple[str, str], Effet]:
    """Each indicator read once, whatever the number of actions that touch it."""
    niveau = campagne.fiche.niveau_confiance
    tirees = [
        (nature, paire)
        for nature in ("observe", "ressenti")
        for paire in touchees.get(nature, ())
        if paire.comparable
    ]
    comparaisons = ajuster_comparaisons(
        [
            comparer_taux(p.maintenant, p.avant, niveau, p.libelle)
            for _, p in tirees
            if p.maintenant and p.avant
        ]
    )
    lus = {
        (nature, paire.code): read_tire(campagne, nature, paire, comparaison)
        for (nature, paire), comparaison in zip(tirees, comparaisons, strict=True)
    }
    for nature, paires in touchees.items():
        for paire in paires:
            if (nature, paire.code) not in lus:
                lus[nature, paire.code] = read_compte(nature, paire)
    return lus


def _bilans(
    campagne: Campagne, effets: Sequence[tuple[Action, Sequence[Effet]]]
) -> dict[str, Bilan]:
    """The differences by their nature: one bilan for each way of knowing."""
    bilans = {}
    for nature, (titre, plan) in _NATURES.items():
        lignes = {e.ligne.code: e.ligne for _, siens in effets for e in siens
                  if e.nature == nature and e.ligne}  # fmt: skip
        tire = plan != "recensement"
        niveau = pourcentage(round(campagne.fiche.niveau_confiance, 4))
        suite = (
            f" ; intervalle de Newcombe à {niveau}" if tire else " ; recensement, sans intervalle"
        )
        bilans[nature] = new_bilan(
            campagne,
            SOURCE,
            code=f"effets.{nature}",
            titre=f"Depuis l’édition précédente — {titre}",
            entete="Action" if nature == "declare" else "Indicateur",
            unite="action",
            plan=_plan(campagne, nature, plan),
            source=_source(campagne, nature),
            champ=_champ(campagne),
            formule=f"écart = taux de cette édition − taux de la précédente{suite} ; "
            f"{_regle(campagne)}",
            lignes=lignes.values(),
        )
    return bilans


def _plan(campagne: Campagne, nature: str, defaut: str) -> str:
    declaration = campagne.fiche.sources.get(
        {"observe": "mystere", "ressenti": "enquete"}.get(nature, "")
    )
    return declaration.plan if declaration else defaut


def _source(campagne: Campagne, nature: str) -> Source:
    code = {"declare": DECLARE, "observe": "mystere", "ressenti": "enquete"}.get(nature)
    if code is None:
        return Source("registres", "", "Registres des deux éditions")
    source = campagne.source(code)
    return replace(source, libelle=f"{source.libelle}, et édition précédente")


def _reunir(effets: Sequence[Effet]) -> Iterator[Effet]:
    """Indicators that cannot be told for one and the same reason share a row."""
    for (nature, pourquoi, _), groupe in groupby(
        effets, key=lambda e: (e.nature, e.pourquoi, None if e.ligne is None else id(e))
    ):
        reunis = list(groupe)
        if len(reunis) == 1:
            yield reunis[0]
        else:
            yield Effet(nature, pluriel(len(reunis), "indicateur"), INCONNU, pourquoi)


def _rang(action: Action, effet: Effet, bilans: Mapping[str, Bilan]) -> tuple[str | Renvoi, ...]:
    titre = _NATURES[effet.nature][0]
    nom = titre if effet.nature == "declare" else f"{titre} : {effet.libelle}"
    lecture = Renvoi(
        f"{effet.lecture} ({effet.pourquoi})" if effet.pourquoi else effet.lecture,
        statut=NUANCES[effet.lecture],
    )
    if effet.ligne is None:
        return action.nom, nom, "–", "–", "–", lecture, effet.decelable
    ecart = effet.ligne.mesure
    assert isinstance(ecart, Ecart)
    chiffre = bilans[effet.nature].identifiant(effet.ligne)
    return (
        action.nom,
        nom,
        Renvoi(str(ecart.avant), chiffre),
        Renvoi(str(ecart.maintenant), chiffre),
        Renvoi(_dire_ecart(ecart), chiffre),
        lecture,
        effet.decelable,
    )


def _dire_ecart(ecart: Ecart) -> str:
    """The difference in points; on a handful of criteria the points gained or lost, no share."""
    if not ecart.maintenant.petite_base or ecart.intervalle is not None:
        return str(ecart)
    if ecart.maintenant.observes != ecart.avant.observes:
        return "–"
    gagnes = Fraction(ecart.maintenant.favorables) - Fraction(ecart.avant.favorables)
    signe = "+" if gagnes > 0 else ""
    return f"{signe}{nombre_court(gagnes)} sur {ecart.maintenant.observes}"


def _champ(campagne: Campagne) -> str:
    precedente = campagne.precedente.campagne
    nom = (
        precedente.fiche.libelle
        if precedente
        else "cotations gardées dans la colonne « cotation_precedente »"
    )
    return f"actions commencées, de ce plan et du précédent ; édition précédente : {nom}"


def _regle(campagne: Campagne) -> str:
    utile = pourcentage(campagne.fiche.suivi_plan.ecart_utile)
    return (
        "critères, observations, questions et indicateurs de même code et de même libellé ; "
        "recensement : tout écart est un mouvement ; échantillon : « a progressé » ou « a reculé » "
        "si le test, ajusté par Holm sur toutes les comparaisons, l’établit, « n’a pas bougé » si "
        f"tout l’intervalle tient à moins de {utile} de zéro, « on ne peut pas dire » sinon ; un "
        "mouvement qui suit une action ne prouve pas qu’elle en soit la cause"
    )
