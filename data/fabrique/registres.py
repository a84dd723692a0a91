"""The four registers of 2021 and 2022: mail, titles, calls, queue; titres.csv is made here.

The committee gave no figure of a register: it said where things go wrong. The shares, volumes and
dates that make them go wrong in that way are in registres.yaml; the scripts draw the rows.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from appels import write_appels
from commun import EDITION, ICI, load_yaml, write_csv
from courriers import write_courriers
from tickets import write_tickets
from tirages import Calendrier, chance, date, etendre, jours_du_mois

GRAINES = {"courriers": 2101, "titres": 2102, "appels": 2103, "tickets": 2111}
TITRES = ("dossier", "titre", "date_depot", "date_decision", "service")

Ligne = dict[str, str]


def write_registres(dossier: Path) -> None:
    """Write the four registers in ``dossier``: the same bytes each time."""
    plan = load_yaml(ICI / "registres.yaml")
    calendrier = Calendrier(plan["jours_chomes"])
    scripts = {
        "courriers": write_courriers,
        "titres": write_titres,
        "appels": write_appels,
        "tickets": write_tickets,
    }
    for nom, write in scripts.items():
        write(dossier, plan[nom], calendrier, random.Random(GRAINES[nom]))


def write_titres(dossier: Path, plan: Any, calendrier: Calendrier, hasard: random.Random) -> None:
    """Write titres.csv in ``dossier``, in the order in which the applications were filed."""
    write_csv(dossier / "titres.csv", TITRES, _titres(plan, calendrier, hasard))


def _titres(plan: Any, calendrier: Calendrier, hasard: random.Random) -> list[Ligne]:
    """The applications in the order in which they were filed."""
    demandes = []
    for mois, effectifs in plan["volumes"].items():
        ouvres = [jour for jour in jours_du_mois(mois) if calendrier.est_ouvre(jour)]
        for titre in etendre(effectifs, hasard):
            demandes.append({"titre": titre, "date_depot": hasard.choice(ouvres).isoformat()})
    demandes.sort(key=lambda ligne: ligne["date_depot"])
    return list(_instruire(demandes, plan, calendrier, hasard))


def _instruire(
    demandes: list[Ligne], plan: Any, calendrier: Calendrier, hasard: random.Random
) -> Iterator[Ligne]:
    """Decide each application, on time or late; what is decided after the last day is open."""
    regles = load_yaml(EDITION / "registres.yaml")["delais"]
    delais = {r["titre"]: int(r["delais"][-1]["jours"]) for r in regles if r["objet"] == "titre"}
    for rang, demande in enumerate(demandes, start=1):
        delai = delais[demande["titre"]]
        periode = sum(demande["date_depot"] >= debut for debut in plan["periodes"]) - 1
        if chance(plan["dans_le_delai"][demande["titre"]][periode], hasard):
            combien = 1 + int(delai * max(hasard.random(), hasard.random()))
        else:
            combien = delai + 1 + int(int(plan["retard_au_plus"]) * hasard.random())
        decide = calendrier.ajouter(date(demande["date_depot"]), combien).isoformat()
        numero = {"dossier": f"D{demande['date_depot'][2:4]}-{rang:04d}", "service": "CERT"}
        yield demande | numero | {"date_decision": decide if decide <= plan["fin"] else ""}
