"""When a channel can be tested: its open days, its slots, and a choice of them that is even.

A slot is one hour of the clock within an opening span, cut where the span begins or ends
(« 08h30-09h »). Choosing how many tests fall on each weekday and in each slot is a flow between
weekdays and slots: with the squares of the counts as its cost, the cheapest flow is the most even
choice that the opening hours allow, and it is within one wherever within one can be had. Costs
are convex, so adding one unit at a time along the cheapest path finds it (Busacker and Gowen).
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

from qualepref_lib.campagne.fiche import JOURS_SEMAINE, Site
from qualepref_lib.running.mystere.coloriage import shuffle

MINUTES_MINI = 30
"""A piece of an hour shorter than this is no slot of its own."""
_HASARD = 1000
Noeud = tuple[int, str]
_DEPART, _ARRIVEE = (0, ""), (3, "")


@dataclass(frozen=True)
class Case:
    """One day and one slot; the slot is empty where the channel has no opening hours."""

    jour: dt.date
    creneau: str = ""

    @property
    def semaine(self) -> str:
        """The day of the week."""
        return JOURS_SEMAINE[self.jour.weekday()]


def find_cases(site: Site, canal: str, debut: dt.date, fin: dt.date) -> tuple[Case, ...]:
    """The days and slots at which a channel may be tested, from ``debut`` to ``fin``.

    Public holidays and closures are out. A channel without declared hours is tested on business
    days, at any hour; one with hours, on the weekdays it declares, Saturday included.
    """
    jours = [debut + dt.timedelta(days=rang) for rang in range((fin - debut).days + 1)]
    chomes = set(site.jours_ouvres.chomes(debut, fin))
    horaires = [horaire for horaire in site.horaires if horaire.canal == canal]
    cases = []
    for jour in jours:
        nom = JOURS_SEMAINE[jour.weekday()]
        if horaires and jour not in chomes:
            plages = [p for h in horaires if nom in h.jours for p in h.minutes]
            cases += [Case(jour, creneau) for creneau in creneaux_de(plages)]
        elif not horaires and site.jours_ouvres.est_ouvre(jour):
            cases.append(Case(jour))
    return tuple(cases)


def creneaux_de(plages: Sequence[tuple[float, float]]) -> list[str]:
    """The slots of some spans, in minutes since midnight.

    >>> creneaux_de([(510, 690), (810, 960)])
    ['08h30-09h', '09h-10h', '10h-11h', '11h-11h30', '13h30-14h', '14h-15h', '15h-16h']
    """
    creneaux = {}
    for debut, fin in plages:
        heure = debut
        while heure < fin:
            suite = min(fin, heure // 60 * 60 + 60)
            if suite - heure >= MINUTES_MINI:
                creneaux[heure] = f"{_heure(heure)}-{_heure(suite)}"
            heure = suite
    return [creneaux[heure] for heure in sorted(creneaux)]


def _heure(minutes: float) -> str:
    heures, reste = divmod(round(minutes), 60)
    return f"{heures:02d}h{reste:02d}" if reste else f"{heures:02d}h"


def minutes_du_creneau(creneau: str) -> tuple[float, float]:
    """The bounds of a slot.

    >>> minutes_du_creneau("08h30-09h")
    (510.0, 540.0)
    """
    heures = [borne.split("h") for borne in creneau.split("-")]
    debut, fin = (60.0 * int(h) + int(m or 0) for h, m in heures)
    return debut, fin


def choose_cases(cases: Sequence[Case], n: int, hasard: Random) -> list[Case]:
    """n of the cases (the same one several times if need be), even by weekday, slot and day."""
    jours: dict[tuple[str, str], list[dt.date]] = defaultdict(list)
    for case in cases:
        jours[case.semaine, case.creneau].append(case.jour)
    parts = share_semaine({cle: len(liste) for cle, liste in jours.items()}, n, hasard)
    fois: Counter[dt.date] = Counter()
    choisies = []
    for (semaine, creneau), combien in parts.items():
        melanges = shuffle(jours[semaine, creneau], hasard)
        for _ in range(combien):
            jour = min(melanges, key=lambda j: (fois[j], melanges.index(j)))
            fois[jour] += 1
            choisies.append(Case(jour, creneau))
    return choisies


def share_semaine(
    ouverts: Mapping[tuple[str, str], int], n: int, hasard: Random
) -> dict[tuple[str, str], int]:
    """How many of n tests go to each open (weekday, slot), as evenly as can be.

    First the sum of the squares of the counts by weekday and by slot is the least, then that of
    the counts by cell; what is still equal is drawn.
    """
    cellules = sorted(ouverts)
    bruits = {cle: int(hasard.random() * _HASARD) for cle in cellules}
    # The draw weighs less than any cell, all cells less than any weekday or slot.
    poids_cellule = 2 * n * _HASARD + 1
    poids_marge = (n * n + 1) * poids_cellule + poids_cellule
    parts: Counter[tuple[str, str]] = Counter()
    for _ in range(n):
        chemin = _moins_cher(parts, cellules, bruits, poids_cellule, poids_marge)
        for de, a in chemin:
            if (de[0], a[0]) == (1, 2):
                parts[de[1], a[1]] += 1
            elif (de[0], a[0]) == (2, 1):
                parts[a[1], de[1]] -= 1
    return {cle: parts[cle] for cle in cellules if parts[cle]}


def _moins_cher(
    parts: Counter[tuple[str, str]],
    cellules: Sequence[tuple[str, str]],
    bruits: Mapping[tuple[str, str], int],
    poids_cellule: int,
    poids_marge: int,
) -> list[tuple[Noeud, Noeud]]:
    """The cheapest way to add one unit: arcs from the start to the end (Bellman and Ford)."""
    arcs: dict[tuple[Noeud, Noeud], int] = {}
    semaines: Counter[str] = Counter()
    creneaux: Counter[str] = Counter()
    for semaine, creneau in cellules:
        combien = parts[semaine, creneau]
        semaines[semaine] += combien
        creneaux[creneau] += combien
        bruit = bruits[semaine, creneau]
        aller = (1, semaine), (2, creneau)
        arcs[aller] = (2 * combien + 1) * poids_cellule + bruit
        if combien:
            arcs[aller[1], aller[0]] = -((2 * combien - 1) * poids_cellule + bruit)
    for semaine, combien in semaines.items():
        arcs[_DEPART, (1, semaine)] = (2 * combien + 1) * poids_marge
    for creneau, combien in creneaux.items():
        arcs[(2, creneau), _ARRIVEE] = (2 * combien + 1) * poids_marge
    return _chemin(arcs)


def _chemin(arcs: Mapping[tuple[Noeud, Noeud], int]) -> list[tuple[Noeud, Noeud]]:
    couts: dict[Noeud, int] = {_DEPART: 0}
    venus: dict[Noeud, Noeud] = {}
    change = True
    while change:
        change = False
        for (de, a), cout in arcs.items():
            if de in couts and couts[de] + cout < couts.get(a, couts[de] + cout + 1):
                couts[a], venus[a], change = couts[de] + cout, de, True
    chemin, ici = [], _ARRIVEE
    while ici != _DEPART:
        chemin.append((venus[ici], ici))
        ici = venus[ici]
    return chemin
