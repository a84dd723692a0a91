"""A tiny invented survey: answers drawn for a test, written as an office would, read back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml
from petite_campagne import Fiche, load_petite, questionnaire, write_fiche, write_lignes

from qualepref_lib.campagne import Campagne, load_campagne

QUESTIONS: list[Fiche] = [
    {
        "code": "profil",
        "libelle": "Qui êtes-vous ?",
        "court": "Profil",
        "genre": "choix",
        "modalites": [{"code": "a", "libelle": "groupe A"}, {"code": "b", "libelle": "groupe B"}],
    },
    {
        "code": "sexe",
        "libelle": "Vous êtes ?",
        "court": "Sexe",
        "genre": "choix",
        "modalites": [{"code": "f", "libelle": "femme"}, {"code": "h", "libelle": "homme"}],
    },
    {
        "code": "motifs",
        "libelle": "Pourquoi ?",
        "court": "Motifs",
        "genre": "multiple",
        "modalites": [
            {"code": "x", "libelle": "motif X"},
            {"code": "y", "libelle": "motif Y"},
            {"code": "z", "libelle": "sans motif", "hors_base": "true"},
        ],
    },
    {"code": "accueil", "libelle": "L'accueil ?", "court": "Accueil", "genre": "echelle",
     "echelle": "satisfaction"},
    {"code": "attente", "libelle": "L'attente ?", "court": "Attente", "genre": "echelle",
     "echelle": "satisfaction"},
    {"code": "ecoute", "libelle": "L'écoute ?", "court": "Écoute", "genre": "echelle",
     "echelle": "satisfaction"},
    {"code": "nps", "libelle": "Recommanderiez-vous ?", "court": "Recommandation",
     "genre": "note", "lecture": "nps"},
    {"code": "effort", "libelle": "Était-ce facile ?", "court": "Effort", "genre": "note",
     "lecture": "effort"},
]  # fmt: skip
TRES, PLUTOT = "très satisfait", "plutôt satisfait"
PAS, PAS_DU_TOUT, SANS = "plutôt pas satisfait", "pas du tout satisfait", "sans opinion"


def reponses(*groupes: tuple[int, Mapping[str, str]]) -> list[dict[str, str]]:
    """So many times each answer; a question that is not named is left empty."""
    vide = {str(q["code"]): "" for q in QUESTIONS}
    lignes = [dict(donnees) for fois, donnees in groupes for _ in range(fois)]
    return [
        {"reponse": f"R{rang:04d}", "date": "2022-03-01"} | vide | donnees
        for rang, donnees in enumerate(lignes, 1)
    ]


def load_enquete(
    racine: Path,
    lignes: Sequence[Mapping[str, str]],
    source: Fiche | None = None,
    fiche: Fiche | None = None,
    questions: Sequence[Fiche] = QUESTIONS,
    nom: str = "essai",
) -> Campagne:
    """Read a campaign that holds these answers; ``source`` and ``fiche`` add to campagne.yaml."""
    if not (racine / "referentiel").exists():
        sans = [{"reponse": "R1", "date": "2022-03-01"} | {str(q["code"]): "" for q in questions}]
        load_petite(racine, {"enquete": sans}, questionnaire=questionnaire(questions, "accueil"))
    chemin = racine / "campagnes" / "essai" / "campagne.yaml"
    contenu: dict[str, Any] = yaml.load(chemin.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    contenu["sources"]["enquete"] |= source or {}
    dossier = racine / "campagnes" / nom
    write_fiche(dossier / "campagne.yaml", contenu | {"code": nom} | (fiche or {}))
    write_lignes(dossier / "enquete.csv", lignes)
    return load_campagne(dossier)
