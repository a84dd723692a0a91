"""The paces already seen in a plan, and what is left to do drawn again at one of them.

A pace is the time taken divided by the time planned; an action under way is taken to go on as it
has gone. Nothing else is assumed of the actions (rules 3.7).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from qualepref_lib.actions.plan import Action, actions_de, sort_dependances
from qualepref_lib.campagne import Campagne
from qualepref_lib.core.francais import pluriel

RYTHMES_MIN = 5
"""With fewer paces than this, drawing among them would only repeat one or two stories."""

JAMAIS = np.iinfo(np.int64).max
"""The day of what has no end in sight: no due date, or what it waits for has none."""


@dataclass(frozen=True)
class Rythme:
    """The pace of one action: days taken, or that it would take, for the days planned."""

    action: Action
    prevus: int
    pris: float
    vu: str

    @property
    def facteur(self) -> float:
        """1: as planned; 2: twice as long."""
        return self.pris / self.prevus


def rythmes_de(campagne: Campagne) -> list[Rythme]:
    """The pace of each action that is done on a known day, or under way with some progress."""
    jour = campagne.fiche.date_reference
    vus = (_rythme(action, jour) for action in actions_de(campagne))
    return [rythme for rythme in vus if rythme is not None]


def _rythme(action: Action, jour: dt.date) -> Rythme | None:
    if action.debut is None or action.echeance is None:
        return None
    prevus = max((action.echeance - action.debut).days, 1)
    if action.statut == "fait" and action.fait_le is not None and action.fait_le <= jour:
        pris = max((action.fait_le - action.debut).days, 1)
        return Rythme(action, prevus, pris, f"faite en {pluriel(pris, 'jour')}")
    ecoules = (jour - action.debut).days
    if action.statut != "en_cours" or ecoules < 1 or not action.avancement:
        return None
    au_bout = 100 * ecoules / action.avancement
    vu = f"{action.avancement:g} % en {pluriel(ecoules, 'jour')}"
    return Rythme(action, prevus, au_bout, vu)


def simuler(
    actions: Sequence[Action], rythmes: Iterable[Rythme], jour: dt.date, graine: int, tirages: int
) -> dict[str, npt.NDArray[np.int64]]:
    """The day (ordinal) on which each open action ends, draw by draw; the same for a seed.

    Draws follow the codes, so that neither the order of the file nor a dependency changes them.
    """
    facteurs = np.sort(np.array([r.facteur for r in rythmes]))
    rangees = sort_dependances(actions)
    tires = {}
    for rang, action in enumerate(sorted(rangees, key=lambda a: a.code)):
        hasard = np.random.default_rng([graine, rang])
        tires[action.code] = facteurs[hasard.integers(len(facteurs), size=tirages)]
    fins: dict[str, npt.NDArray[np.int64]] = {}
    for action in rangees:
        depart = np.full(tirages, _depart(action, jour), dtype=np.int64)
        for code in sorted(action.attend):
            depart = np.maximum(depart, fins[code])
        reste = _reste(action, jour)
        duree = np.ceil((reste or 0) * tires[action.code]).astype(np.int64)
        sans_fin = (depart == JAMAIS) | (reste is None)
        fins[action.code] = np.where(sans_fin, JAMAIS, np.where(sans_fin, 0, depart) + duree)
    return fins


def _depart(action: Action, jour: dt.date) -> int:
    """What has begun goes on today; what has not begins on its day, today at the soonest."""
    debut = jour if action.statut == "en_cours" or action.debut is None else action.debut
    return max(debut, jour).toordinal()


def _reste(action: Action, jour: dt.date) -> float | None:
    """The planned days that are left; None when nothing says how many were planned."""
    if action.echeance is None:
        return None
    if action.debut is None:
        prevus = (action.echeance - jour).days
        if prevus < 1:
            return None
    else:
        prevus = max((action.echeance - action.debut).days, 1)
    fait = (action.avancement or 0) / 100 if action.statut == "en_cours" else 0
    return prevus * (1 - fait)
