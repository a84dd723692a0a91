"""appels.csv: the log of the voice server, by the hour at first, then call by call.

Both forms come from the same draws: more calls on Monday and from nine o'clock, and fewer answered
then. Numbers are in registres.yaml.
"""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from commun import write_csv
from tirages import (
    SEMAINE,
    Calendrier,
    choisir,
    date,
    horaire,
    minute_dans,
    minutes,
    plage,
    tirer_duree,
)

COLONNES = ("date", "heure", "issue", "nombre", "service", "attente", "duree", "transferts")

Ligne = dict[str, str]


def write_appels(dossier: Path, plan: Any, calendrier: Calendrier, hasard: random.Random) -> None:
    """Write appels.csv: hourly numbers at first, then one row a call, from the same draws."""
    ouvres = calendrier.ouvres(date(plan["debut"]), date(plan["fin"]))
    appels = [appel for jour in ouvres for appel in _appels_du_jour(jour, plan, hasard)]
    appels.sort(key=lambda appel: (appel["date"], appel["heure"]))
    premier = plan["un_par_un_depuis"]
    groupes = _grouper([appel for appel in appels if appel["date"] < premier])
    un_par_un = [appel for appel in appels if appel["date"] >= premier]
    write_csv(dossier / "appels.csv", COLONNES, [*groupes, *un_par_un])


def _appels_du_jour(jour: dt.date, plan: Any, hasard: random.Random) -> Iterator[Ligne]:
    """The calls of one day, line after line; one that comes outside opening hours is « ferme »."""
    nom = SEMAINE[jour.weekday()]
    for service, ligne in plan["lignes"].items():
        ouverture = plage(ligne["ouverture"])
        combien = int(ligne["par_jour"]) * int(plan["jours"][nom]) // 100
        for _ in range(combien + hasard.choice((-3, -2, -1, 0, 1, 2, 3))):
            tranche = choisir(ligne["tranches"], hasard)
            minute = minute_dans(tranche, hasard)
            appel = {"date": jour.isoformat(), "heure": horaire(minute), "service": service}
            if ouverture[0] <= minute < ouverture[1]:
                pointe = tranche in plan["pointes"] or (
                    nom == "lundi" and minute < minutes("12:00")
                )
                issue = choisir(ligne["issues"]["pointe" if pointe else "calme"], hasard)
            else:
                issue = "ferme"
            yield appel | {"issue": issue} | _mesurer(issue, plan, hasard)


def _mesurer(issue: str, plan: Any, hasard: random.Random) -> Ligne:
    """The wait and the length in seconds that the log gives for such a call, and its transfers."""
    tires = {
        colonne: str(tirer_duree(plan[colonne][issue], hasard))
        for colonne in ("attente", "duree")
        if issue in plan[colonne]
    }
    if issue == "repondu":
        tires["transferts"] = choisir(plan["transferts"], hasard)
    return tires


def _grouper(appels: list[Ligne]) -> list[Ligne]:
    """One row for the calls of a day, an hour, a line and an outcome, as monthly statistics are.

    The first hour of the day starts when the line opens: 08:30, not 08:00.
    """
    comptes: Counter[tuple[str, str, str, str]] = Counter()
    for appel in appels:
        heure = max(appel["heure"][:2] + ":00", "08:30" if appel["issue"] != "ferme" else "")
        comptes[appel["date"], heure, appel["service"], appel["issue"]] += 1
    colonnes = ("date", "heure", "service", "issue")
    return [
        dict(zip(colonnes, cle, strict=True)) | {"nombre": str(comptes[cle])}
        for cle in sorted(comptes)
    ]
