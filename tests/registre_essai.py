"""A small campaign in Moselle whose delays change during the year, for the tests of registers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from petite_campagne import write_edition, write_fiche, write_lignes

from qualepref_lib.campagne import Campagne, load_campagne
from qualepref_lib.running.classeurs.modele import Classeur
from qualepref_lib.running.registre.cadrage import Cadrage
from qualepref_lib.running.registre.feuilles import SAISIES, make_classeur

CANAUX = {
    "courrier": "courrier",
    "courriel": "courriel",
    "formulaire": "formulaire en ligne",
    "recommande": "courrier recommandé",
}
NATURES = {
    "information": "information générale",
    "reclamation": "réclamation",
    "dossier": "dossier",
    "suggestion": "suggestion",
}


def delai(depuis: str, jours: int, ouvres: bool = True) -> dict[str, Any]:
    """One dated delay."""
    dit = {"depuis": depuis, "jours": str(jours), "source": "cas d'essai"}
    return dit if ouvres else {**dit, "ouvres": "false"}


DELAIS = [
    {"objet": "reponse", "canal": "courrier", "delais": [delai("2021-01-01", 15)]},
    {
        "objet": "reponse",
        "canal": "courriel",
        "delais": [delai("2021-01-01", 5), delai("2022-07-01", 3)],
    },
    {"objet": "reponse", "nature": "reclamation", "delais": [delai("2022-03-01", 10)]},
    {
        "objet": "reponse",
        "canal": "recommande",
        "nature": "reclamation",
        "delais": [delai("2021-01-01", 30, ouvres=False), delai("2022-09-01", 1)],
    },
    {"objet": "reponse", "nature": "dossier", "delais": [delai("2022-05-01", 40)]},
    {"objet": "accuse", "delais": [delai("2021-01-01", 5)]},
    {"objet": "accuse", "canal": "courriel", "delais": [delai("2022-04-01", 2)]},
]
"""Every kind of rule: by channel, by nature, by both, by neither; new values; calendar days."""
REGISTRES = {
    "canaux": [{"code": c, "libelle": li} for c, li in CANAUX.items()],
    "natures": [{"code": c, "libelle": li} for c, li in NATURES.items()],
    "motifs_reclamation": [{"code": "delai", "libelle": "délai de traitement"}],
    "motifs_cloture": [
        {"code": "repondu", "libelle": "réponse envoyée"},
        {"code": "transmis", "libelle": "transmis à une autre administration"},
    ],
    "delais": DELAIS,
}
FERMETURES = [{"libelle": "Pont de l'Ascension", "debut": "2022-05-27"}]


def write_campagne_essai(
    racine: Path,
    courriers: Iterable[Mapping[str, str]] = (),
    date_reference: str = "2022-12-31",
    registres: Mapping[str, Any] = REGISTRES,
    sources: Mapping[str, Any] | None = None,
) -> Path:
    """Write the edition and the campaign below ``racine``; answer with the campaign's folder."""
    edition = racine / "referentiel" / "petite"
    write_edition(edition)
    write_fiche(edition / "registres.yaml", dict(registres))
    dossier = racine / "campagnes" / "essai"
    fiche = {
        "code": "essai",
        "libelle": "Campagne d'essai",
        "site": {"libelle": "Préfecture d'essai", "zone": "57", "fermetures": FERMETURES},
        "edition": "petite",
        "date_reference": date_reference,
        "modules": ["1"],
    } | ({"sources": dict(sources)} if sources else {})
    write_fiche(dossier / "campagne.yaml", fiche)
    lignes = list(courriers)
    if lignes:
        write_lignes(dossier / "courriers.csv", lignes)
    return dossier


def load_essai(racine: Path, **contenu: Any) -> Campagne:
    """The campaign, written and read."""
    return load_campagne(write_campagne_essai(racine, **contenu))


def make_rempli(
    campagne: Campagne, lignes: Iterable[Mapping[str, Any]], annee: int = 2022, service: str = ""
) -> Classeur:
    """A register as a person filled it in: the computed columns hold nothing yet."""
    cadrage = Cadrage(
        campagne.referentiel, campagne.fiche.site, (annee, annee), service, (), "Registre d’essai"
    )
    rangs = [tuple(ligne.get(nom) for nom in SAISIES) + (None,) * 4 for ligne in lignes]
    return make_classeur(cadrage, rangs)


def jour(texte: str) -> dt.date:
    """A day written AAAA-MM-JJ."""
    return dt.date.fromisoformat(texte)
