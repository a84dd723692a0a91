"""A tiny invented référentiel and campaign, written to a folder and read back by the library.

The worked cases say only what matters to them (« 1.01.a compte en téléphonie, il est réalisé ») ;
this module writes the YAML and CSV files around it, so that a case goes through the real door:
``load_campagne``. Labels are neutral words, so that a test may look for words in a sentence.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from qualepref_lib.campagne import Campagne, load_campagne

Fiche = dict[str, Any]
Lignes = Sequence[Mapping[str, str]]

ECHELLE = [
    {"code": "realise", "libelle": "réalisé", "points": "1"},
    {"code": "partiel", "libelle": "partiel", "points": "0.5"},
    {"code": "non_realise", "libelle": "non réalisé", "points": "0"},
    {"code": "sans_objet", "libelle": "sans objet", "motif_obligatoire": "true"},
]
SATISFACTION = [
    {"code": "tres", "libelle": "très satisfait", "favorable": "true"},
    {"code": "plutot", "libelle": "plutôt satisfait", "favorable": "true"},
    {"code": "plutot_pas", "libelle": "plutôt pas satisfait"},
    {"code": "pas_du_tout", "libelle": "pas du tout satisfait"},
    {"code": "sans_opinion", "libelle": "sans opinion", "hors_base": "true"},
]
CRITERES = {"1": {"1.01": {"1.01.a": ["telephonie"]}}}
"""Modules > engagements > criteria > channels, for the cases that are about something else."""


def write_fiche(chemin: Path, contenu: Fiche) -> None:
    """Write one YAML file, every scalar quoted as the edition asks."""
    chemin.parent.mkdir(parents=True, exist_ok=True)
    texte = yaml.safe_dump(contenu, allow_unicode=True, sort_keys=False, default_style='"')
    chemin.write_text(texte, encoding="utf-8")


def write_lignes(chemin: Path, lignes: Lignes) -> None:
    """Write one CSV whose columns are the keys of its rows, as offices do."""
    colonnes = list(dict.fromkeys(cle for ligne in lignes for cle in ligne))
    with chemin.open("w", encoding="utf-8", newline="") as fichier:
        auteur = csv.DictWriter(fichier, colonnes, restval="", delimiter=";")
        auteur.writeheader()
        auteur.writerows(lignes)


def write_edition(
    dossier: Path,
    criteres: Mapping[str, Mapping[str, Mapping[str, list[str]]]] = CRITERES,
    cible: str = "",
    agregation: str = "criteres",
    grilles: Sequence[Fiche] = (),
    questionnaire: Fiche | None = None,
) -> None:
    """Write the edition « petite »; ``cible`` is the target of every group, from 2020 on."""
    cibles = [{"depuis": "2020-01-01", "valeur": cible, "source": "cas d'essai"}] if cible else []
    edition = {
        "code": "petite",
        "libelle": "Petite édition inventée",
        "echelle": ECHELLE,
        "agregation": agregation,
        "point_fort_a_partir": "1",
        "axe_en_dessous": "0.5",
        "cibles": cibles,
    }
    write_fiche(dossier / "edition.yaml", edition)
    for code, engagements in criteres.items():
        write_fiche(dossier / "modules" / f"{code}.yaml", _module(code, engagements))
    canaux = {
        c for m in criteres.values() for e in m.values() for liste in e.values() for c in liste
    }
    canaux |= {grille["canal"] for grille in grilles}
    for rang, canal in enumerate(sorted(canaux), 1):
        fiche = {"code": canal, "libelle": f"Canal {canal}", "rang": str(rang)}
        write_fiche(dossier / "canaux" / f"{canal}.yaml", fiche)
    for grille in grilles:
        write_fiche(dossier / "mystere" / f"{grille['code']}.yaml", grille)
    if questionnaire:
        write_fiche(dossier / "questionnaire.yaml", questionnaire)


def _module(code: str, engagements: Mapping[str, Mapping[str, list[str]]]) -> Fiche:
    return {
        "code": code,
        "libelle": f"Module d'essai {code}",
        "engagements": [
            {
                "code": engagement,
                "libelle": f"engagement {engagement}",
                "exigence": "Une exigence.",
                "criteres": [
                    {"code": c, "libelle": f"critère {c}", "canaux": canaux}
                    for c, canaux in criteres.items()
                ],
            }
            for engagement, criteres in engagements.items()
        ],
    }


def load_petite(
    racine: Path,
    tables: Mapping[str, Lignes],
    date_reference: str = "2022-04-01",
    editions_publiees: Sequence[Fiche] = (),
    **edition: Any,
) -> Campagne:
    """Write the edition and a campaign holding ``tables`` below ``racine``, then read them."""
    write_edition(racine / "referentiel" / "petite", **edition)
    dossier = racine / "campagnes" / "essai"
    plans = {"mystere": "mystère", "enquete": "volontaires"}
    fiche = {
        "code": "essai",
        "libelle": "Campagne d'essai",
        "site": {"libelle": "Site d'essai"},
        "edition": "petite",
        "date_reference": date_reference,
        "modules": list(edition.get("criteres", CRITERES)),
        "editions_publiees": list(editions_publiees),
        "sources": {
            source: {"plan": plans.get(source, "recensement"), "libelle": source, "champ": "essai"}
            for source in tables
        },
    }
    write_fiche(dossier / "campagne.yaml", fiche)
    for source, lignes in tables.items():
        write_lignes(dossier / f"{source}.csv", lignes)
    return load_campagne(dossier)


def questionnaire(questions: Sequence[Fiche], principale: str) -> Fiche:
    """A questionnaire of one part, with the four-step scale of satisfaction."""
    return {
        "code": "essai",
        "libelle": "Enquête d'essai",
        "question_principale": principale,
        "echelles": [{"code": "satisfaction", "libelle": "Échelle", "modalites": SATISFACTION}],
        "parties": [{"code": "unique", "libelle": "Partie", "questions": list(questions)}],
    }
