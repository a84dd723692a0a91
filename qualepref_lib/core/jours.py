"""Business days (*jours ouvrés*): Monday to Friday, without public holidays and closures.

Moselle, Bas-Rhin and Haut-Rhin have two more public holidays than the other departments, overseas
zones have their own: a delay counted without them blames a service for a day on which it was
closed. The day of reception is day 0; the count starts the next day (rules 3.6).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from qualepref_lib.core.francais import typographie

Jours = npt.NDArray[np.datetime64]
"""Days, as ``datetime64[D]``."""

_LOCALES = {
    "57": "57", "67": "6AE", "68": "6AE",
    "971": "971", "972": "972", "973": "973", "974": "974", "975": "PM", "976": "976",
    "977": "BL", "978": "MF", "986": "WF", "987": "PF", "988": "NC",
}  # fmt: skip
"""The departments whose public holidays are not only the national ones, and what the
``holidays`` package calls them (its region ``GES`` misses the local days of Moselle)."""
_USAGES = {"971", "972", "978"}
"""Where ``holidays`` adds, or has added, days that are kept by custom (Mi-Carême, Good Friday,
Victor Schœlcher): by law only the day of the abolition is one (Code du travail, L3422-2). A site
that closes on the others declares it, as any closure."""
_METROPOLE = {f"{n:02d}" for n in range(1, 96) if n != 20} | {"2A", "2B"}
ZONES = tuple(sorted(_METROPOLE | set(_LOCALES)))
"""Every zone that may be declared: the number of a department or of a collectivity."""
_MARGE = 400
"""Closures and holidays are looked up this many days beyond the last day asked for."""


@dataclass(frozen=True)
class JoursOuvres:
    """The business days of one site: its holiday ``zone`` and its declared ``fermetures``.

    ``zone`` is a department number (``57``); empty, only the national holidays are taken out.
    """

    zone: str = ""
    fermetures: frozenset[dt.date] = frozenset()

    def __post_init__(self) -> None:
        if self.zone and self.zone not in ZONES:
            raise ValueError(f"{self.zone!r} is not a French department or collectivity")

    def feries(self, annee: int) -> dict[dt.date, str]:
        """The public holidays of a year, with their names.

        >>> len(JoursOuvres("57").feries(2022)), len(JoursOuvres("75").feries(2022))
        (13, 11)
        """
        return dict(sorted(_feries(self.zone, annee).items()))

    def est_ouvre(self, jour: dt.date) -> bool:
        """Whether the site works on that day.

        >>> JoursOuvres("57").est_ouvre(dt.date(2022, 12, 26))
        False
        """
        return jour.weekday() < 5 and jour not in self._chomes(jour, jour)

    def echeance(self, reception: dt.date, jours: int) -> dt.date:
        """The last day on which an answer is on time: reception + that many business days.

        >>> JoursOuvres("57").echeance(dt.date(2022, 4, 13), 5).isoformat()
        '2022-04-22'
        >>> JoursOuvres("75").echeance(dt.date(2022, 4, 13), 5).isoformat()
        '2022-04-21'
        """
        (fin,) = self.echeances(np.array([reception], "datetime64[D]"), np.array([jours]))
        return _date(fin)

    def echeances(self, receptions: Jours, jours: npt.NDArray[np.integer]) -> Jours:
        """The due day of each reception; a missing reception (NaT) has a missing due day."""
        connues = ~np.isnat(receptions)
        dues = np.full(receptions.shape, np.datetime64("NaT"), "datetime64[D]")
        if not connues.any():
            return dues
        recues, delais = receptions[connues].astype("datetime64[D]"), jours[connues]
        portee = int(delais.max(initial=0)) * 2 + len(self.fermetures) + _MARGE
        chomes = self._entre(recues.min(), recues.max() + portee)
        # Rolled back from a day off, the first business day after it counts as one.
        ouvres = np.busday_offset(recues, delais, roll="backward", holidays=chomes)
        dues[connues] = np.where(delais > 0, ouvres, recues)
        return dues

    def compter(self, debuts: Jours, fins: Jours) -> npt.NDArray[np.float64]:
        """The business days after each ``debut`` up to its ``fin`` included; NaN where missing.

        An answer given within a day off after its due day counts no more than the due day: only
        business days are counted. A ``fin`` before its ``debut`` counts the same days, negatively.
        """
        connus = ~(np.isnat(debuts) | np.isnat(fins))
        durees = np.full(debuts.shape, np.nan)
        if connus.any():
            de, a = debuts[connus].astype("datetime64[D]"), fins[connus].astype("datetime64[D]")
            tot, tard = np.minimum(de, a), np.maximum(de, a)
            chomes = self._entre(tot.min(), tard.max())
            # Backwards, numpy leaves out the other end: count forwards, and sign afterwards.
            ouvres = np.busday_count(tot + 1, tard + 1, holidays=chomes)
            durees[connus] = np.where(a < de, -ouvres, ouvres)
        return durees

    def suivants(self, debut: dt.date) -> Iterable[dt.date]:
        """The business days from ``debut`` on, ``debut`` included when it is one.

        >>> next(iter(JoursOuvres("57").suivants(dt.date(2022, 4, 15)))).isoformat()
        '2022-04-19'
        """
        for rang in range(3660):
            jour = debut + dt.timedelta(days=rang)
            if self.est_ouvre(jour):
                yield jour

    def chomes(self, debut: dt.date, fin: dt.date) -> tuple[dt.date, ...]:
        """Public holidays and declared closures from ``debut`` to ``fin``, in order."""
        return tuple(sorted(jour for jour in self._chomes(debut, fin) if debut <= jour <= fin))

    def _chomes(self, debut: dt.date, fin: dt.date) -> set[dt.date]:
        annees = range(debut.year, fin.year + 1)
        return {jour for annee in annees for jour in _feries(self.zone, annee)} | self.fermetures

    def _entre(self, debut: np.datetime64, fin: np.datetime64) -> Jours:
        jours = self._chomes(_date(debut), _date(min(fin, np.datetime64(dt.date.max))))
        return np.array(sorted(jours), "datetime64[D]")


def _date(jour: np.datetime64) -> dt.date:
    date = jour.item()
    assert isinstance(date, dt.date)
    return date


@cache
def _feries(zone: str, annee: int) -> dict[dt.date, str]:
    jours = _du_paquet(_LOCALES.get(zone), annee)
    if zone in _USAGES:
        nationaux = _du_paquet(None, annee)
        jours = {j: nom for j, nom in jours.items() if j in nationaux or "Abolition" in nom}
    return {jour: typographie(nom) for jour, nom in jours.items()}


def _du_paquet(subdivision: str | None, annee: int) -> dict[dt.date, str]:
    import holidays

    return dict(holidays.country_holidays("FR", subdiv=subdivision, years=annee, language="fr"))
