"""The actions begun, each with the indicators that it should have moved since the edition before.

An action speaks to its criteria, and through them to the observations, questions and indicators
that the référentiel ties to the same engagements and channels.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from qualepref_lib.actions import SOURCE, Action, actions_de
from qualepref_lib.campagne import Campagne
from qualepref_lib.constats.editions import (
    Paire,
    cotations_avant,
    paires_declarees,
    paires_mesurees,
    paires_observees,
    paires_ressenties,
)
from qualepref_lib.constats.effets_lus import Effet, read_compte, read_declare, read_tire
from qualepref_lib.core.comparaisons import ajuster_comparaisons, comparer_taux


class Suivie(NamedTuple):
    """An action begun, and how each indicator that it should have moved is read."""

    action: Action
    effets: tuple[Effet, ...]


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


def actions_suivies(campagne: Campagne) -> list[Suivie]:
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
    suivies = []
    for action in actions:
        effets = [read_declare(action, paires_declarees(campagne, action.criteres, avant))]
        effets += [
            lus[nature, paire.code]
            for nature, paires in touchees.items()
            for paire in paires
            if _touche(action, paire, campagne)
        ]
        suivies.append(Suivie(action, tuple(effets)))
    return suivies


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
