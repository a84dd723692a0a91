"""A tiny project with a calendar, and a maker of reports that only takes a millisecond.

What makes a report due, runs it once, marks it, writes the journal and puts it in place is the real
thing; only the chapters are replaced, by the day they were asked for written three times.
"""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import yaml

from qualepref_lib.running.depot import RAPPORT
from qualepref_lib.running.echeances.etat import load_etats
from qualepref_lib.running.echeances.execution import Suite, execute
from qualepref_lib.running.echeances.marque import load_marque
from qualepref_lib.running.journal import load_journal

CALENDRIER = [
    {"code": "copil", "debut": "2027-02-03"},
    {"code": "clu", "debut": "2027-03-29"},
    {"code": "audit_interne", "debut": "2027-04-12", "fin": "2027-04-16"},
    {"code": "audit_externe", "debut": "2027-06-01", "fin": "2027-06-30", "precision": "mois"},
    {"code": "label", "debut": "2027-09-01", "precision": "mois"},
]
DUS = 12
"""Two committees and two audits, three runs each."""
DEBUT, FIN = dt.date(2026, 12, 1), dt.date(2027, 10, 15)
FICHIERS = (RAPPORT, "chiffres.json", "provenance.json")
CARNET = {
    "cells": [
        {"cell_type": "markdown", "id": "titre", "metadata": {}, "source": ["# Essai"]},
        {
            "cell_type": "code",
            "id": "parametres",
            "execution_count": None,
            "metadata": {"tags": ["parameters"]},
            "outputs": [],
            "source": [
                'campagne: str = "essai"  # la campagne\n',
                "date_reference: str | None = None  # le jour\n",
            ],
        },
    ],
    "metadata": {"kernelspec": {"name": "python3", "language": "python", "display_name": "P"}},
    "nbformat": 4,
    "nbformat_minor": 5,
}


def write_projet(
    racine: Path, calendrier: Sequence[dict[str, Any]] = CALENDRIER, **cles: Any
) -> Path:
    """A project of one campaign, « essai », and one chapter; answer with its root."""
    dossier = racine / "data" / "campagnes" / "essai"
    dossier.mkdir(parents=True)
    fiche = {
        "code": "essai",
        "libelle": "Campagne d’essai",
        "site": {"libelle": "Un site"},
        "edition": "petite",
        "date_reference": "2026-12-01",
        "modules": ["1"],
        "calendrier": list(calendrier),
        **cles,
    }
    write_fiche(racine, fiche)
    (racine / "notebooks").mkdir()
    texte = json.dumps(CARNET, indent=1)
    (racine / "notebooks" / "01_essai.ipynb").write_text(texte, encoding="utf-8")
    return racine


def write_fiche(racine: Path, fiche: dict[str, Any]) -> None:
    """Write ``campagne.yaml``."""
    chemin = racine / "data" / "campagnes" / "essai" / "campagne.yaml"
    chemin.write_text(yaml.safe_dump(fiche, allow_unicode=True, default_style='"'), "utf-8")


def faux(panne: Callable[[str], None] = lambda jour: None) -> dict[str, Callable[..., Any]]:
    """What replaces the chapters, by name in ``fabrication``; ``panne`` may raise for a day."""

    def write_rapport(
        campagne: Any, executes: Any, sources: Any, reglages: dict[str, str], provisoire: Path
    ) -> None:
        jour = reglages["date_reference"]
        panne(jour)
        for nom in FICHIERS:
            (provisoire / nom).write_text(f"{jour} " * 500)

    return {
        "write_rapport": write_rapport,
        "run_carnets": lambda *arguments: [],
        "load_chapitre": lambda *arguments, **reglages: None,
        "keep_campagne": lambda nom: None,
        "Memoire": lambda *arguments: None,
        "hash_demande": lambda *arguments: "",
    }


def appeler(racine: Path, jour: dt.date) -> list[Suite]:
    """One call of ``echeances --executer``, as a scheduler makes it."""
    return execute(racine, ["essai"], jour)


def faits(racine: Path) -> Counter[str]:
    """How many successful runs the journal tells of for each due run."""
    lignes = load_journal(racine / "reports")
    return Counter(
        code
        for ligne in lignes
        if ligne.get("resultat") == "fait"
        for code in ligne.get("passages", ())
    )


def check_annee(racine: Path) -> None:
    """Every due run of the calendar happened exactly once, and the report is whole."""
    (etat,) = load_etats(racine, ["essai"], FIN)
    attendus = {p.code for p in etat.passages}
    assert len(attendus) == DUS
    assert faits(racine) == Counter(dict.fromkeys(attendus, 1))
    assert set(load_marque(etat.sortie)) == attendus
    check_entier(racine)


def check_entier(racine: Path) -> None:
    """The report, if there is one, is of one day; nothing of a run under way is left."""
    sortie = racine / "reports" / "essai"
    if (sortie / RAPPORT).exists():
        mots = {mot for nom in FICHIERS for mot in (sortie / nom).read_text().split()}
        assert len(mots) == 1


def restes(racine: Path) -> list[str]:
    """The temporary files that a run would have left."""
    noms = [p.name for p in (racine / "reports").rglob("*")]
    return [nom for nom in noms if nom.endswith(".tmp") or "chantier" in nom]


def jours(debut: dt.date = DEBUT, fin: dt.date = FIN) -> list[dt.date]:
    """Each day of the year that is simulated."""
    return [debut + dt.timedelta(days=n) for n in range((fin - debut).days + 1)]
