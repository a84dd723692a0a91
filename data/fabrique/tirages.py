"""What the scripts of the registers share: business days, weighted draws, hours of the day.

Everything is drawn from ``random()`` and whole numbers, without logarithm or exponential, so that
no platform rounds otherwise. The days off are written down in registres.yaml.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import Any

Bornes = tuple[int, int]
"""A span of the day, in minutes since midnight; the last one is not part of it."""
SEMAINE = ("lundi", "mardi", "mercredi", "jeudi", "vendredi")


class Calendrier:
    """The business days of the site, counted one by one."""

    def __init__(self, chomes: Iterable[str]) -> None:
        self.chomes = frozenset(chomes)

    def est_ouvre(self, jour: dt.date) -> bool:
        """Whether the site is open on that day."""
        return jour.weekday() < 5 and jour.isoformat() not in self.chomes

    def ajouter(self, jour: dt.date, combien: int) -> dt.date:
        """The business day that comes ``combien`` after; 0 on a day off is the next one."""
        reste = combien
        while reste > 0 or not self.est_ouvre(jour):
            jour += dt.timedelta(days=1)
            reste -= self.est_ouvre(jour)
        return jour

    def ouvres(self, debut: dt.date, fin: dt.date) -> list[dt.date]:
        """The business days from ``debut`` to ``fin``, both included."""
        return [jour for jour in jours(debut, fin) if self.est_ouvre(jour)]


def date(texte: str) -> dt.date:
    """A date written AAAA-MM-JJ."""
    return dt.date.fromisoformat(texte)


def jours(debut: dt.date, fin: dt.date) -> list[dt.date]:
    """Every day from ``debut`` to ``fin``, both included."""
    return [debut + dt.timedelta(days=n) for n in range((fin - debut).days + 1)]


def jours_du_mois(mois: str) -> list[dt.date]:
    """Every day of a month written AAAA-MM."""
    premier = date(f"{mois}-01")
    dernier = (premier + dt.timedelta(days=31)).replace(day=1) - dt.timedelta(days=1)
    return jours(premier, dernier)


def choisir(poids: Mapping[str, str], hasard: random.Random) -> str:
    """One of the keys, as often as its weight says."""
    seuil = hasard.random() * sum(int(p) for p in poids.values())
    for cle, p in poids.items():
        seuil -= int(p)
        if seuil < 0:
            return cle
    raise ValueError("no weight is positive")


def chance(pour_cent: str, hasard: random.Random) -> bool:
    """True ``pour_cent`` times out of a hundred."""
    return hasard.random() * 100 < int(pour_cent)


def tirer_duree(quantiles: Mapping[str, str], hasard: random.Random) -> int:
    """A whole number drawn from its quantiles (per cent: value), straight lines in between."""
    rang = hasard.random() * 100
    points = [(int(p), int(v)) for p, v in quantiles.items()]
    for (p, bas), (q, haut) in pairwise(points):
        if rang < q:
            return bas + int((haut - bas) * (rang - p) / (q - p))
    raise ValueError("the quantiles do not go up to 100")


def etendre(effectifs: Mapping[str, Any], hasard: random.Random) -> list[str]:
    """Each key as many times as its number says, shuffled."""
    tous = [cle for cle, nombre in effectifs.items() for _ in range(int(nombre))]
    hasard.shuffle(tous)
    return tous


def minutes(heure: str) -> int:
    """The minutes since midnight of an hour written HH:MM."""
    heures, reste = heure.split(":")
    return 60 * int(heures) + int(reste)


def plage(texte: str) -> Bornes:
    """The bounds of a span written HH:MM-HH:MM."""
    debut, fin = texte.split("-")
    return minutes(debut), minutes(fin)


def minute_dans(tranche: str, hasard: random.Random) -> int:
    """A minute of a span written HH:MM-HH:MM."""
    debut, fin = plage(tranche)
    return debut + int((fin - debut) * hasard.random())


def horaire(minute: int) -> str:
    """An hour as it is written in a file: HH:MM."""
    return f"{minute // 60:02d}:{minute % 60:02d}"
