"""autodiagnostic.csv: the ratings of the two demonstration campaigns.

2022 meets the published figures exactly (see recherche.py). 2026 is fiction: it starts from 2022,
some criteria have improved, and a few are still open so that the bounds of a rate are visible.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from commun import ICI, Critere, load_criteres, load_yaml, write_csv
from recherche import search_cotations

COLONNES = ("critere", "cotation", "motif", "service", "commentaire")
GRAINE = 2022
GRAINE_EN_COURS = 2026
PART_EN_PROGRES = 0.35
MIEUX = {"non réalisé": "partiel", "partiel": "réalisé", "réalisé": "réalisé"}

Ligne = dict[str, str]


def write_autodiagnostic(dossier: Path, en_cours: bool = False) -> None:
    """Write autodiagnostic.csv in ``dossier``; ``en_cours`` gives the unfinished one of 2026."""
    textes = load_yaml(ICI / "cotations.yaml")
    criteres = load_criteres()
    cotations = _cotations_2022(criteres, textes)
    if en_cours:
        cotations = _cotations_2026(cotations, textes)
    lignes = [_ligne(critere, cotations, textes, en_cours) for critere in criteres]
    write_csv(dossier / "autodiagnostic.csv", COLONNES, lignes)


def _cotations_2022(criteres: list[Critere], textes: Mapping[str, Any]) -> dict[str, str]:
    applicables = [c for c in criteres if c.code not in textes["sans_objet"]]
    fragiles = {code: tuple(choix) for code, choix in textes["fragiles"].items()}
    return search_cotations(applicables, fragiles, GRAINE)


def _cotations_2026(avant: Mapping[str, str], textes: Mapping[str, Any]) -> dict[str, str]:
    """The ratings of 2022 with some progress; the open criteria have none."""
    tirage = random.Random(GRAINE_EN_COURS)
    apres = {}
    for code, cotation in avant.items():
        progres = tirage.random() < PART_EN_PROGRES
        apres[code] = _progresser(code, cotation, textes) if progres else cotation
    apres |= dict.fromkeys(textes["acquis_2026"], "réalisé")
    return apres | dict.fromkeys(textes["ouverts_2026"], "")


def _progresser(code: str, cotation: str, textes: Mapping[str, Any]) -> str:
    """One step better, or two when nobody could say anything of the step in between."""
    mieux = MIEUX[cotation]
    connu = mieux == "réalisé" or mieux in textes["fragiles"].get(code, {})
    return mieux if connu else "réalisé"


def _ligne(
    critere: Critere, cotations: Mapping[str, str], textes: Mapping[str, Any], en_cours: bool
) -> Ligne:
    code = critere.code
    motif = textes["sans_objet"].get(code, "")
    cotation = "sans objet" if motif else cotations[code]
    ouvert = en_cours and not cotation
    commentaires = textes["ouverts_2026"] if ouvert else textes["fragiles"].get(code, {})
    return {
        "critere": code,
        "cotation": cotation,
        "motif": motif,
        "service": service_de(code, textes["services"]),
        "commentaire": commentaires.get(code if ouvert else cotation, ""),
    }


def service_de(code: str, services: Mapping[str, str]) -> str:
    """The service named for the longest beginning of ``code``, or nothing."""
    debuts = [debut for debut in services if code.startswith(debut)]
    return services[max(debuts, key=len)] if debuts else ""
