"""mystere.csv: the synthetic wave of mystery tests of February and March 2022.

What each test saw is written down in mystere.yaml, so that a reader can check it by eye; the
script gives the tests their days, hours and testers, and takes the wording from the référentiel.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from commun import EDITION, ICI, load_yaml, write_csv

GRAINE = 2022
NON_ABOUTI = "."
SANS_OBJET = "-"
REPONSES = {"o": "oui", "n": "non", SANS_OBJET: "sans objet"}
# A letter, an e-mail or a web page has no hour at which an agent received it.
A_HEURE_FIXE = ("visite", "appel")
TEST = (
    *("vague", "test", "grille", "service", "date", "creneau"),
    *("testeur", "scenario", "tentatives", "abouti"),
)
COLONNES = (*TEST, "observation", "reponse", "valeur")

Ligne = dict[str, str]


def write_mystere(dossier: Path) -> None:
    """Write mystere.csv in ``dossier``: the same bytes each time."""
    vague = load_yaml(ICI / "mystere.yaml")
    hasard = random.Random(GRAINE)
    lignes = [
        ligne for grille in vague["grilles"] for ligne in _lignes_grille(grille, vague, hasard)
    ]
    write_csv(dossier / "mystere.csv", COLONNES, lignes)


def _lignes_grille(code: str, vague: Any, hasard: random.Random) -> Iterator[Ligne]:
    """The rows of every test of one grid, test after test."""
    grille = load_yaml(EDITION / "mystere" / f"{code}.yaml")
    mesures = {o["code"] for o in grille["observations"] if o.get("genre") == "mesure"}
    releves = {o: valeurs.split() for o, valeurs in vague["grilles"][code]["observations"].items()}
    for i, test in enumerate(_tests(grille, vague, hasard)):
        observes = {o: valeurs[i] for o, valeurs in releves.items()}
        if NON_ABOUTI in observes.values():
            yield test | {"abouti": "non"}
            continue
        for observation, valeur in observes.items():
            cle = "valeur" if observation in mesures and valeur != SANS_OBJET else "reponse"
            dit = REPONSES.get(valeur, valeur)
            yield test | {"abouti": "oui", "observation": observation, cle: dit}


def _tests(grille: Any, vague: Any, hasard: random.Random) -> list[Ligne]:
    """What is known of each test before it starts."""
    code = grille["code"]
    plan = vague["grilles"][code]
    parcours = plan["parcours"].split()
    tentatives = plan.get("tentatives", "1 " * len(parcours)).split()
    jours = _jours(plan["debut"], plan["fin"], len(parcours))
    return [
        {
            "vague": vague["vague"],
            "test": f"{plan['prefixe']}{i + 1:02d}",
            "grille": code,
            "service": vague["services"][etape[0]],
            "date": jours[i],
            "creneau": hasard.choice(vague["creneaux"]) if code in A_HEURE_FIXE else "",
            "testeur": hasard.choice(vague["testeurs"]),
            "scenario": grille["scenarios"][int(etape[1:]) - 1],
            "tentatives": tentatives[i],
        }
        for i, etape in enumerate(parcours)
    ]


def _jours(debut: str, fin: str, combien: int) -> list[str]:
    """Days from Monday to Friday, spread evenly from the first to the last."""
    premier, dernier = dt.date.fromisoformat(debut), dt.date.fromisoformat(fin)
    tous = [premier + dt.timedelta(days=n) for n in range((dernier - premier).days + 1)]
    ouvres = [jour for jour in tous if jour.weekday() < 5]
    pas = (len(ouvres) - 1) * 2
    # Half up on whole numbers, so that no platform rounds otherwise.
    rangs = [(i * pas + combien - 1) // (2 * (combien - 1)) for i in range(combien)]
    return [ouvres[rang].isoformat() for rang in rangs]
