"""mystere.csv and its attempts: the synthetic wave of mystery tests of February and March 2022.

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
    *("profil", "testeur", "codage", "scenario", "tentatives", "abouti"),
)
COLONNES = (*TEST, "observation", "reponse", "valeur")
TENTATIVES = ("test", "rang", "date", "heure", "issue")

Ligne = dict[str, str]


def write_mystere(dossier: Path) -> None:
    """Write mystere.csv and mystere_tentatives.csv in ``dossier``: the same bytes each time."""
    vague = load_yaml(ICI / "mystere.yaml")
    hasard = random.Random(GRAINE)
    lignes = [
        ligne for grille in vague["grilles"] for ligne in _lignes_grille(grille, vague, hasard)
    ]
    doubles = [ligne for grille in vague["grilles"] for ligne in _doubles(grille, vague, lignes)]
    write_csv(dossier / "mystere.csv", COLONNES, [*lignes, *doubles])
    tests = {ligne["test"]: ligne for ligne in lignes}.values()
    # Apart, so that what is drawn here moves nothing that was drawn before.
    tirage = random.Random(GRAINE + 1)
    rangs = [t for test in tests for t in _tentatives(test, vague, tirage)]
    write_csv(dossier / "mystere_tentatives.csv", TENTATIVES, rangs)


def _doubles(code: str, vague: Any, lignes: list[Ligne]) -> Iterator[Ligne]:
    """The second reading of a grid, each test by the tester who comes after the first one."""
    releves = vague["grilles"][code].get("doubles", {})
    testeurs = vague["testeurs"]
    for ligne in lignes:
        if ligne.get("observation") in releves:
            rang = int(ligne["test"][1:]) - 1
            valeur = releves[ligne["observation"]].split()[rang]
            autre = testeurs[(testeurs.index(ligne["testeur"]) + 1) % len(testeurs)]
            neuves = {"testeur": autre, "codage": "double", "reponse": REPONSES[valeur]}
            yield ligne | neuves


def _tentatives(test: Ligne, vague: Any, hasard: random.Random) -> Iterator[Ligne]:
    """Every attempt of a call, an hour within its slot; the last one reaches someone, or not."""
    if test["grille"] != "appel":
        return
    combien = int(test["tentatives"])
    heure = int(test["creneau"][:2])
    minutes = sorted(hasard.sample(range(60), combien))
    for rang in range(1, combien + 1):
        vaine = hasard.choice(vague["tentatives_vaines"])
        joint = rang == combien and test["abouti"] == "oui"
        yield {
            "test": test["test"],
            "rang": str(rang),
            "date": test["date"],
            "heure": f"{heure:02d}:{minutes[rang - 1]:02d}",
            "issue": "joint" if joint else vaine,
        }


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
            "profil": vague["profils"][i % len(vague["profils"])] if code in A_HEURE_FIXE else "",
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
