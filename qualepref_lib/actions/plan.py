"""The actions of the plan: their criteria, their dates, what they wait for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass

import pandas as pd

from qualepref_lib.campagne import Campagne
from qualepref_lib.campagne.regles_plan import OUVERTES
from qualepref_lib.core.francais import date_courte

SOURCE = "plan_actions"


@dataclass(frozen=True)
class Action:
    """One action that is not given up. ``attend`` are the open actions that it waits for."""

    code: str
    libelle: str
    criteres: frozenset[str]
    canaux: frozenset[str]
    debut: dt.date | None
    echeance: dt.date | None
    fait_le: dt.date | None
    avancement: float | None
    statut: str
    attend: frozenset[str]
    ligne: int

    @property
    def ouverte(self) -> bool:
        """True while there is something left to do."""
        return self.statut in OUVERTES

    @property
    def nom(self) -> str:
        """How a table names it."""
        return f"{self.code} {self.libelle}"

    @property
    def slug(self) -> str:
        """Its code as part of the identity of a figure."""
        return "".join(c if c.isascii() and c.isalnum() else "-" for c in self.code.lower())


def actions_de(campagne: Campagne) -> tuple[Action, ...]:
    """The actions of the plan but those given up, in the order of the file.

    What is done, or given up, keeps nobody waiting.
    """
    if SOURCE not in campagne.tables:
        return ()
    cadre = campagne.tables[SOURCE].cadre
    ouvertes = set(cadre["code"][cadre["statut"].isin(OUVERTES)])
    return tuple(
        Action(
            code=rang["code"],
            libelle=rang["libelle"],
            criteres=frozenset(rang["criteres"]),
            canaux=frozenset(rang["canaux"]),
            debut=_jour(rang["debut"]),
            echeance=_jour(rang["echeance"]),
            fait_le=_jour(rang["fait_le"]),
            avancement=None if pd.isna(rang["avancement"]) else float(rang["avancement"]),
            statut=rang["statut"],
            attend=frozenset(ouvertes.intersection(rang["depend_de"])),
            ligne=int(ligne),
        )
        for ligne, rang in zip(cadre.index, cadre.to_dict("records"), strict=True)
        if rang["statut"] != "abandonne"
    )


def jalons(campagne: Campagne) -> dict[str, dt.date]:
    """The audit dates still to come, and the label's, by their label."""
    jour = campagne.fiche.date_reference
    dates = [e for e in campagne.fiche.calendrier if e.genre == "audit" or e.code == "label"]
    return {
        f"{e.libelle} ({date_courte(e.debut)})": e.debut
        for e in sorted(dates, key=lambda e: e.debut)
        if (e.fin or e.debut) >= jour
    }


def sort_dependances(actions: Iterable[Action]) -> list[Action]:
    """The open actions, each after those that it waits for; else by code."""
    restent = {a.code: a for a in sorted(actions, key=lambda a: a.code) if a.ouverte}
    rangees: list[Action] = []
    while restent:
        pretes = [a for a in restent.values() if not a.attend & restent.keys()]
        rangees += pretes  # a plan without a circle always has one: circles were refused
        for action in pretes:
            del restent[action.code]
    return rangees


def dues_le(actions: Iterable[Action]) -> dict[str, dt.date | None]:
    """When each open action is due: no sooner than what it waits for; None without a due date."""
    dues: dict[str, dt.date | None] = {}
    for action in sort_dependances(actions):
        dates = [action.echeance, *(dues[code] for code in action.attend)]
        dues[action.code] = None if None in dates else max(d for d in dates if d is not None)
    return dues


def tenues_au(actions: Collection[Action], jour: dt.date) -> list[Action]:
    """The actions that are done, or due by that day."""
    dues = dues_le(actions)
    return [a for a in actions if not a.ouverte or ((d := dues[a.code]) is not None and d <= jour)]


def sans(actions: Collection[Action], perdue: Action) -> list[Action]:
    """The actions left if one fails: what waits for it, near or far, fails with it."""
    perdues = {perdue.code}
    for action in sort_dependances(actions):
        if action.attend & perdues:
            perdues.add(action.code)
    return [a for a in actions if a.code not in perdues]


def criteres_de(actions: Iterable[Action]) -> frozenset[str]:
    """The criteria that these actions touch."""
    return frozenset(c for action in actions for c in action.criteres)


def _jour(valeur: object) -> dt.date | None:
    return None if pd.isna(valeur) else pd.Timestamp(valeur).date()
