"""A run that the calendar makes due, and the day it is due.

A period known only by its month or its quarter counts from its first day: a report that is early
can be made again, one that is late cannot.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from qualepref_lib.campagne.calendrier import Echeance
from qualepref_lib.campagne.fiche import FicheCampagne
from qualepref_lib.core.francais import MOINS, date_longue, enumeration, mois

GRACE = dt.timedelta(days=30)
"""How long after its last date a campaign is still caught up; then it is finished."""
TRIMESTRES = {1: "1er", 2: "2e", 3: "3e", 4: "4e"}


@dataclass(frozen=True)
class Passage:
    """One due run: for which step of the calendar, how many days from it, on which day."""

    etape: Echeance
    decalage: int

    @property
    def jour(self) -> dt.date:
        """The day it is due."""
        return self.etape.debut + dt.timedelta(days=self.decalage)

    @property
    def code(self) -> str:
        """What names it in the journal. A step that is moved makes other runs due."""
        return f"{self.etape.code}@{self.etape.debut:%Y-%m-%d}:J{self.decalage:+d}"

    @property
    def delai(self) -> str:
        """How far it is from its step: ``J−30``."""
        if self.decalage == 0:
            return "jour J"
        return f"J{MOINS if self.decalage < 0 else '+'}{abs(self.decalage)}"


def list_passages(fiche: FicheCampagne) -> tuple[Passage, ...]:
    """Every run of a campaign, in the order of the days they are due."""
    passages = [Passage(e, decalage) for e in fiche.etapes for decalage in fiche.passages_de(e)]
    return tuple(sorted(passages, key=lambda p: (p.jour, p.etape.debut, p.code)))


def find_dus(
    passages: Sequence[Passage], faits: frozenset[str], jour: dt.date
) -> tuple[Passage, ...]:
    """What is due on a day and was never run: today's, and what days off have left."""
    return tuple(p for p in passages if p.jour <= jour and p.code not in faits)


def is_finie(fiche: FicheCampagne, jour: dt.date) -> bool:
    """Whether nothing is awaited of a campaign any more.

    One without a single run to make is not finished: its calendar waits to be filled in.
    """
    jours = [p.jour for p in list_passages(fiche)]
    if not jours:
        return False
    return max([*jours, *(e.dernier_jour for e in fiche.etapes)]) + GRACE < jour


def dire_passages(passages: Sequence[Passage]) -> list[str]:
    """The runs as people say them, step by step: ``Audit interne (J−30 et J−7)``."""
    delais: dict[Echeance, list[str]] = {}
    for passage in passages:
        delais.setdefault(passage.etape, []).append(passage.delai)
    return [f"{etape.libelle} ({enumeration(siens)})" for etape, siens in delais.items()]


def dire_quand(etape: Echeance) -> str:
    """When a step takes place; how its first day is taken when only the period is known."""
    if etape.precision == "jour":
        if etape.fin is None or etape.fin == etape.debut:
            return date_longue(etape.debut)
        return f"du {date_longue(etape.debut)} au {date_longue(etape.fin)}"
    periode = mois(etape.debut)
    if etape.precision == "trimestre":
        periode = f"{TRIMESTRES[(etape.debut.month + 2) // 3]} trimestre {etape.debut.year}"
    return f"{periode}, jour à préciser : compté à partir du {date_longue(etape.debut)}"
