"""The points of a proposal shown to the analyst, and asked one by one where they are not sure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

import click

from qualepref_lib.core.refus import extrait, proche
from qualepref_lib.formats.tetes import nettoyer_entete
from qualepref_lib.referentiel import Questionnaire
from qualepref_lib.running.enquete.choix import Choix

A_CONFIRMER = "à confirmer"
_SIENS = ("reponse", "date")


def list_points(choix: Iterable[Choix]) -> list[str]:
    """One line for each point: theirs, what it becomes, why, and what is not sure."""
    return [_ligne(point) for point in choix]


def _ligne(c: Choix) -> str:
    leur = f"« {extrait(nettoyer_entete(c.entete or c.valeur))} »" if c.entete or c.valeur else "—"
    devient = {
        "colonne": c.colonne,
        "case": f"{c.colonne} > {c.cible}",
        "ignoree": "ignorée",
        "numero": f"{c.colonne} : 1, 2, 3…",
        "absente": f"{c.colonne} : {c.cible or 'vide'}",
        "libre": f"{c.colonne} : tout texte coche",
        "rien": "non associée",
        "complete": "réponse complète" + (f" si {c.cible}" if c.cible else " si remplie"),
        "date": f"{c.colonne} en {c.cible}",
        "valeur": f"{c.colonne} > {c.cible}" if c.cible else f"{c.colonne} > ?",
        "codes": f"{c.colonne} : {c.codes}",
        "autre": f"{c.colonne} > {c.cible} (texte inconnu)",
        "separateur": f"{c.colonne}, réponses séparées par « {c.cible} »",
        "entete": c.cible,
        "role": c.cible,
    }[c.sort]
    doute = "" if c.sur else f" — {A_CONFIRMER}"
    return f"  {' ' if c.sur else '?'} {leur} → {devient} ({c.pourquoi}){doute}"


def confirm(
    choix: Sequence[Choix], questionnaire: Questionnaire, demander: Callable[[str, str], str]
) -> list[Choix]:
    """Ask for each point that is not sure: yes, no, or another answer.

    ``demander`` takes a question and the answer by default. A point that is refused goes: its
    column is then told among those that nothing is associated with.
    """
    gardes: list[Choix] = []
    acceptes: set[tuple[str, str]] = set()
    for point in choix:
        if point.sur:
            gardes.append(point)
        elif (point.sort, point.colonne) in acceptes and _est_propose(point):
            gardes.append(replace(point, sur=True))
        else:
            reponse, suite = _demander(point, questionnaire, demander)
            gardes += suite
            if reponse == "t":
                acceptes.add((point.sort, point.colonne))
    return gardes


def _est_propose(point: Choix) -> bool:
    """Whether there is anything to say yes to."""
    return point.sort != "rien" and not (point.sort == "valeur" and not point.cible)


def _demander(
    point: Choix, questionnaire: Questionnaire, demander: Callable[[str, str], str]
) -> tuple[str, list[Choix]]:
    """What the person answered, and what is left of the point."""
    propose = _est_propose(point)
    admis = "o = oui, t = oui pour toute la question, n = non" if propose else "n = laisser"
    while True:
        invite = f"{_ligne(point).strip()}\n    {admis}, ou {_attendu(point)}"
        reponse = demander(invite, "o" if propose else "n").strip()
        lettre = reponse.lower()
        if propose and lettre in ("o", "oui", "t"):
            return lettre, [replace(point, sur=True)]
        if lettre in ("n", "non"):
            return lettre, _refuse(point)
        if corrige := _corrige(point, reponse, questionnaire):
            return lettre, [corrige]
        _dire_inconnu(point, reponse, questionnaire)


def _attendu(point: Choix) -> str:
    if point.sort in ("colonne", "rien"):
        return "le code d’une question, ou i pour ignorer la colonne"
    if point.sort in ("case", "valeur", "autre"):
        return "le code d’une réponse"
    return (
        "une autre valeur" if point.sort not in ("codes", "complete", "libre") else "rien d’autre"
    )


def _refuse(point: Choix) -> list[Choix]:
    """What is left of a point that is refused."""
    if point.sort in ("colonne", "case"):
        return [Choix("rien", "proposition refusée", True, point.entete)]
    return [replace(point, sur=True)] if point.sort == "rien" else []


def _connus(point: Choix, questionnaire: Questionnaire) -> tuple[str, ...]:
    if point.sort in ("colonne", "rien"):
        return (*_SIENS, *questionnaire.questions)
    question = questionnaire.questions.get(point.colonne)
    return tuple(m.code for m in questionnaire.modalites(question)) if question else ()


def _corrige(point: Choix, reponse: str, questionnaire: Questionnaire) -> Choix | None:
    """The point with what the person says instead; None when it is not known."""
    if point.sort in ("colonne", "rien"):
        if reponse.lower() == "i":
            return Choix("ignoree", "écartée par l’analyste", True, point.entete)
        if reponse in _connus(point, questionnaire):
            return Choix("colonne", "choisie par l’analyste", True, point.entete, reponse)
        return None
    connus = _connus(point, questionnaire)
    if point.sort in ("codes", "complete", "libre") or (connus and reponse not in connus):
        return None
    return replace(point, cible=reponse, sur=True, pourquoi="choisie par l’analyste")


def _dire_inconnu(point: Choix, reponse: str, questionnaire: Questionnaire) -> None:
    connus = _connus(point, questionnaire)
    voisin = proche(reponse, connus)
    suite = f" Vouliez-vous dire « {voisin} » ?" if voisin else f" Connu : {', '.join(connus)}."
    click.echo(f"    « {extrait(reponse)} » n’est pas admis ici.{suite if connus else ''}")
