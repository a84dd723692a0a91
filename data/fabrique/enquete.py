"""enquete.csv: the synthetic answers to the satisfaction survey of 2021.

What was published is met exactly (number of answers, period, satisfaction with reception, the two
services most visited); the rest is drawn around it, each item shifted from the overall answer by
a declared offset. Numbers and weights are in enquete.yaml, wording in the référentiel.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from commun import EDITION, ICI, load_yaml, write_csv

GRAINE = 2021
# Those who come without an appointment are a little less satisfied, most of all with the wait.
SANS_RENDEZ_VOUS = "sans_rendez_vous"
POIDS_SANS_RENDEZ_VOUS = 0.3
DECALAGE_FILE = 0.4

Ligne = dict[str, str]
Poids = Mapping[str, str]


def write_enquete(dossier: Path) -> None:
    """Write enquete.csv in ``dossier``: the same bytes each time."""
    plan = load_yaml(ICI / "enquete.yaml")
    questions = _questions(load_yaml(EDITION / "questionnaire.yaml"))
    usagers = _usagers(plan, random.Random(GRAINE))
    colonnes = ("reponse", "date", *questions)
    write_csv(dossier / "enquete.csv", colonnes, [_libeller(u, questions) for u in usagers])


def _questions(questionnaire: Any) -> dict[str, dict[str, str]]:
    """The modalities of each question, label by code, in the order of the questionnaire."""
    echelles = {e["code"]: e["modalites"] for e in questionnaire["echelles"]}
    return {
        q["code"]: {
            m["code"]: m["libelle"]
            for m in q.get("modalites") or echelles.get(q.get("echelle", ""), ())
        }
        for partie in questionnaire["parties"]
        for q in partie["questions"]
    }


def _usagers(plan: Any, hasard: random.Random) -> list[Ligne]:
    """One row of modality codes per answer, in the order of dates."""
    jours = _jours(plan, hasard)
    usagers = [{"reponse": f"R{i:03d}", "date": j} for i, j in enumerate(jours, start=1)]
    for question in ("service_principal", "type_usager", "frequence"):
        codes = _etendre(plan["effectifs"][question])
        hasard.shuffle(codes)
        for usager, code in zip(usagers, codes, strict=True):
            usager[question] = code
    for usager in usagers:
        _tirer_venue(usager, plan, hasard)
    _classer_satisfaction(usagers, plan["effectifs"]["accueil_global"], hasard)
    for usager in usagers:
        _tirer_items(usager, plan, hasard)
    _ajouter_suggestions(usagers, plan, hasard)
    _ajouter_a_depister(usagers, plan, hasard)
    return usagers


def _jours(plan: Any, hasard: random.Random) -> list[str]:
    """Sorted dates; answers are many at first and fewer later, both ends are there."""
    debut = dt.date.fromisoformat(plan["premier_jour"])
    duree = (dt.date.fromisoformat(plan["dernier_jour"]) - debut).days
    total = len(_etendre(plan["effectifs"]["accueil_global"]))
    poids = [duree + 12 - jour for jour in range(duree + 1)]
    tires = [0, duree, *hasard.choices(range(duree + 1), poids, k=total - 2)]
    return [(debut + dt.timedelta(days=jour)).isoformat() for jour in sorted(tires)]


def _etendre(effectifs: Poids) -> list[str]:
    return [code for code, n in effectifs.items() for _ in range(int(n))]


def _tirer(poids: Poids, hasard: random.Random) -> str:
    return hasard.choices(list(poids), [int(p) for p in poids.values()])[0]


def _tirer_venue(usager: Ligne, plan: Any, hasard: random.Random) -> None:
    """The services, the reasons, the way of coming and where the information was looked for."""
    service = usager["service_principal"]
    usager["mode_venue"] = _tirer(plan["mode_venue"][service], hasard)
    premiers = {
        "services_visites": service,
        "motifs": _tirer(plan["motifs"][service], hasard),
        "sources_information": _tirer(plan["sources_information"], hasard),
    }
    for question, premier in premiers.items():
        usager[question] = _avec_second(premier, plan["seconds"][question], hasard)


def _avec_second(premier: str, second: Any, hasard: random.Random) -> str:
    """The first answer, sometimes followed by another; « aucune » stays alone."""
    autre = _tirer(second["poids"], hasard)
    seul = hasard.random() >= float(second["part"])
    return premier if seul or autre == premier or premier == "aucune" else f"{premier} {autre}"


def _classer_satisfaction(
    usagers: Sequence[Ligne], effectifs: Poids, hasard: random.Random
) -> None:
    """Deal the exact numbers of overall answers, the best to those who drew the lowest rank."""

    def rang(usager: Ligne) -> float:
        attente = POIDS_SANS_RENDEZ_VOUS if usager["mode_venue"] == SANS_RENDEZ_VOUS else 0.0
        return hasard.random() + attente

    for usager, code in zip(sorted(usagers, key=rang), _etendre(effectifs), strict=True):
        usager["accueil_global"] = code


def _tirer_items(usager: Ligne, plan: Any, hasard: random.Random) -> None:
    """Answer each item by its rank on the scale (0 is the best), or leave it."""
    ensemble = list(plan["effectifs"]["accueil_global"]).index(usager["accueil_global"])
    for question, item in plan["items"].items():
        sort, bruit = hasard.random(), hasard.random() + hasard.random() - 1
        file = question == "attente" and usager["mode_venue"] == SANS_RENDEZ_VOUS
        degre = ensemble + float(item["decalage"]) + 1.6 * bruit + (DECALAGE_FILE if file else 0)
        sans_experience = (
            question == "aide_numerique" and "numerique" not in usager["services_visites"]
        )
        if sort < float(item["vides"]):
            usager[question] = ""
        elif sans_experience or sort < float(item["vides"]) + float(item["sans_opinion"]):
            usager[question] = "sans_opinion"
        else:
            usager[question] = str(min(3, max(0, round(degre))))


def _ajouter_suggestions(usagers: Sequence[Ligne], plan: Any, hasard: random.Random) -> None:
    """A few free texts: every sentence once, then some again."""
    phrases = list(plan["suggestions"])
    nombre = int(plan["nombre_suggestions"])
    textes = phrases + hasard.sample(phrases, nombre - len(phrases))
    for usager, texte in zip(hasard.sample(usagers, nombre), textes, strict=True):
        usager["suggestions"] = texte


def _ajouter_a_depister(usagers: Sequence[Ligne], plan: Any, hasard: random.Random) -> None:
    """Texts that hold invented personal data, given to people who had written nothing."""
    textes = plan["suggestions_a_depister"]
    libres = [usager for usager in usagers if "suggestions" not in usager]
    for usager, texte in zip(hasard.sample(libres, len(textes)), textes, strict=True):
        usager["suggestions"] = texte


def _libeller(usager: Ligne, questions: Mapping[str, dict[str, str]]) -> Ligne:
    """The row as it is written: labels instead of codes, several answers joined by « | »."""
    fixes = {colonne: usager[colonne] for colonne in ("reponse", "date")}
    return fixes | {q: _cellule(usager.get(q, ""), libelles) for q, libelles in questions.items()}


def _cellule(codes: str, libelles: Mapping[str, str]) -> str:
    if not libelles:  # a free text
        return codes
    par_rang = list(libelles.values())
    choisis = {par_rang[int(c)] if c.isdigit() else libelles[c] for c in codes.split()}
    return " | ".join(libelle for libelle in par_rang if libelle in choisis)
