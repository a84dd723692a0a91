"""tickets.csv: the queue of the general reception, simulated minute by minute.

So waits, counters and departures hold together: two people are never at one counter, the first
come is the first called, and the late morning is long because too few counters are open. Numbers
are in registres.yaml.
"""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from commun import write_csv
from tirages import (
    SEMAINE,
    Bornes,
    Calendrier,
    chance,
    choisir,
    date,
    etendre,
    horaire,
    minute_dans,
    minutes,
    plage,
    tirer_duree,
)

COLONNES = ("ticket", "date", "file", "motif", "pris", "appele", "fini", "guichet", "issue")
SANS, AVEC = "sans_rdv", "avec_rdv"

Ligne = dict[str, str]


@dataclass
class Usager:
    """One ticket. ``patience``: the minutes after which the person leaves, if not called.

    ``attendu`` is the first minute at which it may be called: an appointment is not called long
    before its hour, however early the person has come.
    """

    file: str
    motif: str
    pris: int
    attendu: int
    service: int
    patience: int
    absent: bool
    numero: str = ""
    appele: int | None = None
    guichet: str = ""
    issue: str = "en_attente"


@dataclass
class Guichet:
    """A counter: when it is open and for which queues, the first one served first."""

    nom: str
    ouvertures: list[tuple[Bornes, list[str]]] = field(default_factory=list)
    libre: int = 0

    def files(self, minute: int) -> list[str]:
        """The queues that it serves at that minute; none when it is closed or busy."""
        if minute < self.libre:
            return []
        return next((files for (de, a), files in self.ouvertures if de <= minute < a), [])


def write_tickets(dossier: Path, plan: Any, calendrier: Calendrier, hasard: random.Random) -> None:
    """Write tickets.csv: every ticket of the month, in the order in which they were taken."""
    ouvres = calendrier.ouvres(date(plan["debut"]), date(plan["fin"]))
    motifs = etendre(plan["motifs_rdv"], hasard)
    par_jour = len(motifs) // len(ouvres)
    lignes: list[Ligne] = []
    for rang, jour in enumerate(ouvres):
        siens = motifs[rang * par_jour : (rang + 1) * par_jour]
        usagers = [*_convoques(siens, plan, hasard), *_venus(jour, plan, hasard)]
        usagers.sort(key=lambda usager: usager.pris)
        _numeroter(usagers, jour)
        _servir(usagers, plan, dernier=jour == ouvres[-1])
        lignes += [_ligne(usager, jour) for usager in usagers]
    write_csv(dossier / "tickets.csv", COLONNES, lignes)


def _convoques(motifs: list[str], plan: Any, hasard: random.Random) -> Iterator[Usager]:
    """Those who have an appointment: they come a few minutes before, and some a little late."""
    creneaux = [minutes(heure) for heure in plan["creneaux"]]
    if len(creneaux) != len(motifs):
        raise ValueError(f"{len(motifs)} appointments for {len(creneaux)} slots a day")
    ouvertures = [plage(p) for p in plan["ouvertures"]]
    for creneau, motif in zip(creneaux, motifs, strict=True):
        ouverture = max(debut for debut, _ in ouvertures if debut <= creneau)
        pris = max(ouverture, creneau - tirer_duree(plan["avance"], hasard))
        usager = _usager(AVEC, motif, pris, plan, hasard)
        usager.attendu = max(pris, creneau - int(plan["appele_avant_l_heure"]))
        yield usager


def _venus(jour: dt.date, plan: Any, hasard: random.Random) -> Iterator[Usager]:
    """Those who come without one."""
    combien = int(plan["sans_rdv_par_jour"][SEMAINE[jour.weekday()]])
    for _ in range(combien + hasard.choice((-5, -3, -1, 0, 1, 3, 5))):
        minute = minute_dans(choisir(plan["tranches"], hasard), hasard)
        yield _usager(SANS, choisir(plan["motifs_sans_rdv"], hasard), minute, plan, hasard)


def _usager(file: str, motif: str, pris: int, plan: Any, hasard: random.Random) -> Usager:
    return Usager(
        file,
        motif,
        pris,
        attendu=pris,
        service=tirer_duree(plan["durees"][file], hasard),
        patience=tirer_duree(plan["patience"], hasard),
        absent=chance(plan["absents"][file], hasard),
    )


def _numeroter(usagers: list[Usager], jour: dt.date) -> None:
    """A number that says the queue and the day: S0301-004 is the fourth without appointment."""
    rangs: Counter[str] = Counter()
    for usager in usagers:
        rangs[usager.file] += 1
        lettre = "S" if usager.file == SANS else "R"
        usager.numero = f"{lettre}{jour:%m%d}-{rangs[usager.file]:03d}"


def _servir(usagers: list[Usager], plan: Any, dernier: bool) -> None:
    """Call the tickets of a day, minute by minute.

    After each half-day the counters finish the queue for a while, then those who are left go; on
    the ``dernier`` day nobody is called once the doors are closed, and they are still waiting.
    """
    guichets = [
        Guichet(nom, [(plage(heures), files.split()) for heures, files in g.items()])
        for nom, g in plan["guichets"].items()
    ]
    for rang, (debut, fin) in enumerate(map(plage, plan["ouvertures"])):
        attente = [u for u in usagers if debut <= u.pris < fin]
        fini = dernier and rang == len(plan["ouvertures"]) - 1
        arret = fin if fini else fin + int(plan["prolongation"])
        for minute in range(debut, arret):
            _appeler(attente, guichets, minute)
        if not fini:
            for usager in attente:
                usager.issue = "abandonne" if usager.appele is None else usager.issue


def _appeler(attente: list[Usager], guichets: list[Guichet], minute: int) -> None:
    """Let the impatient go, then give each free counter the first ticket of its first queue."""
    for guichet in guichets:
        presents = [
            u for u in attente if u.appele is None and u.attendu <= minute < u.pris + u.patience
        ]
        choix = (u for file in guichet.files(minute) for u in presents if u.file == file)
        if usager := next(choix, None):
            usager.appele, usager.guichet = minute, guichet.nom
            usager.issue = "absent" if usager.absent else "servi"
            guichet.libre = minute + (2 if usager.absent else usager.service)
    for usager in attente:
        if usager.appele is None and minute >= usager.pris + usager.patience:
            usager.issue = "abandonne"


def _ligne(usager: Usager, jour: dt.date) -> Ligne:
    ligne = {
        "ticket": usager.numero,
        "date": jour.isoformat(),
        "file": usager.file,
        "motif": usager.motif,
        "pris": horaire(usager.pris),
        "guichet": usager.guichet,
        "issue": usager.issue,
    }
    if usager.appele is not None:
        ligne["appele"] = horaire(usager.appele)
    if usager.appele is not None and usager.issue == "servi":
        ligne["fini"] = horaire(usager.appele + usager.service)
    return ligne
