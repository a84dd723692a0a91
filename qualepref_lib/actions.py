"""The actions of the plan as what leads somewhere: their criteria, their dates, what they wait for.

An action done changes no rate by itself: only re-rated criteria do. A projection says what the
rates *would* be if the criteria of some actions were then rated as kept (rules 3.7). It is read
here the same way whether due dates are kept, or drawn at random.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

import pandas as pd

from qualepref_lib.campagne import Campagne
from qualepref_lib.campagne.regles_plan import OUVERTES
from qualepref_lib.core.bilan import Source
from qualepref_lib.core.francais import date_courte, enumeration
from qualepref_lib.core.mesures import Taux
from qualepref_lib.cotations import (
    DECLARE,
    Axe,
    agregation_de,
    applicables,
    moyenne,
    points_de,
)

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


def manque_projection(campagne: Campagne) -> str:
    """What is missing to project: the plan, the ratings that it would change, or both."""
    return enumeration([m for source in (DECLARE, SOURCE) if (m := campagne.manque(source))])


def source_projetee(campagne: Campagne) -> Source:
    """Where a projected rate comes from: the ratings, whose rows it names, and the plan."""
    cotee, plan = campagne.source(DECLARE), campagne.source(SOURCE)
    return replace(cotee, libelle=f"{plan}, {cotee.libelle}")


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


def projeter(
    cotations: pd.DataFrame, campagne: Campagne, criteres: Collection[str]
) -> pd.DataFrame:
    """The ratings with those criteria rated at their best; what is *sans objet* stays out."""
    points = points_de(campagne)
    meilleure = max(points, key=lambda code: points[code])
    projetees = cotations.copy()
    touches = projetees["critere"].isin(criteres) & applicables(projetees, campagne)
    projetees.loc[touches, "cotation"] = meilleure
    return projetees


@dataclass(frozen=True)
class Portion:
    """A part of a group: its points and base today, and what each criterion would add to both."""

    points: Fraction
    base: int
    ouverts: int
    apports: Mapping[str, tuple[Fraction, int]]

    def taux(self, criteres: Collection[str]) -> Taux:
        """The rate with those criteria rated at their best."""
        gagnes = [self.apports[c] for c in criteres if c in self.apports]
        de_plus = sum(ajoutes for _, ajoutes in gagnes)
        points = self.points + sum((gain for gain, _ in gagnes), Fraction(0))
        return Taux(points, self.base + de_plus, self.ouverts - de_plus)


class Projection:
    """The rate of a group under any set of criteria: the rates of thousands of draws, exactly.

    It is :func:`projeter` followed by :func:`~qualepref_lib.cotations.taux_de`, without a frame
    for each set.
    """

    def __init__(self, groupe: pd.DataFrame, campagne: Campagne, par: Axe) -> None:
        self.agregation = agregation_de(campagne, par)
        self.parties = [_portion(cadre, campagne) for cadre in _decouper(groupe, self.agregation)]
        self._deja: dict[frozenset[str], Taux] = {}

    def taux(self, criteres: frozenset[str]) -> Taux:
        """The rate on what would then be rated, without the bounds of what stays open."""
        utiles = frozenset(c for c in criteres if any(c in p.apports for p in self.parties))
        if utiles not in self._deja:
            parts = [partie.taux(utiles) for partie in self.parties]
            taux = parts[0] if self.agregation == "criteres" else moyenne(parts)
            self._deja[utiles] = ferme(taux)
        return self._deja[utiles]


def ferme(taux: Taux) -> Taux:
    """The rate on what is rated: the bounds of open criteria are told with the declared rate."""
    return Taux(taux.favorables, taux.observes)


def _decouper(groupe: pd.DataFrame, agregation: str) -> list[pd.DataFrame]:
    """The parts whose rates are averaged; the whole when each criterion counts once."""
    if agregation == "engagements":
        return [cadre for _, cadre in groupe.groupby("engagement")]
    if agregation == "canaux":
        canaux = sorted({canal for liste in groupe["canaux"] for canal in liste})
        return [groupe[groupe["canaux"].map(lambda x, c=c: c in x)] for c in canaux]
    return [groupe]


def _portion(groupe: pd.DataFrame, campagne: Campagne) -> Portion:
    points = points_de(campagne)
    plein = max(points.values())
    retenues = groupe[applicables(groupe, campagne)]
    total, ouverts = Fraction(0), 0
    apports: dict[str, tuple[Fraction, int]] = {}
    for critere, cotation in zip(retenues["critere"], retenues["cotation"], strict=True):
        valeur = points.get(cotation)
        gain, ajoutes = apports.get(critere, (Fraction(0), 0))
        apports[critere] = (gain + plein - (valeur or 0), ajoutes + (valeur is None))
        total, ouverts = total + (valeur or 0), ouverts + (valeur is None)
    return Portion(total, len(retenues) - ouverts, ouverts, apports)


def _jour(valeur: object) -> dt.date | None:
    return None if pd.isna(valeur) else pd.Timestamp(valeur).date()
