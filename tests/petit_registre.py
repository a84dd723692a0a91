"""Tiny registers of mail and titles, written with their rules and read back by the library."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from petite_campagne import Lignes, write_edition, write_fiche, write_lignes

from qualepref_lib.campagne import Campagne, load_campagne

DELAIS = (
    {"canal": "courriel", "depuis": "2021-01-01", "jours": "5"},
    {"canal": "courrier", "depuis": "2021-01-01", "jours": "15"},
    {"nature": "reclamation", "depuis": "2021-01-01", "jours": "15"},
    {"objet": "accuse", "depuis": "2021-01-01", "jours": "3"},
    {"objet": "titre", "titre": "cni", "depuis": "2021-01-01", "jours": "20"},
    {"objet": "titre", "titre": "permis", "depuis": "2021-01-01", "jours": "30"},
)
"""The delays of the tests, in business days."""
INDICATEURS = {
    "courriers.delais_tenus": "courriers",
    "courriers.accuses": "courriers",
    "courriers.reclamations": "courriers",
    "titres.delais": "titres",
}
_LISTES = {
    "canaux": ("courrier", "courriel"),
    "natures": ("information", "reclamation"),
    "motifs_reclamation": ("attente", "accueil"),
    "motifs_cloture": ("repondu", "transmis", "sans_suite", "doublon"),
    "titres": ("cni", "permis"),
}


def write_registres(dossier: Path, delais: Sequence[Mapping[str, str]] = DELAIS) -> None:
    """Write ``registres.yaml``: neutral lists, the delays, a target of 80 % for each indicator.

    A row of ``delais`` may have ``calendaires: oui``; two rows of one kind are two dated values.
    """
    listes: dict[str, Any] = {
        nom: [{"code": code, "libelle": f"{nom} {code}"} for code in codes]
        for nom, codes in _LISTES.items()
    }
    cibles = [{"depuis": "2020-01-01", "valeur": "0.8", "source": "cas d'essai"}]
    indicateurs = [
        {"code": code, "libelle": code, "registre": registre, "cibles": cibles}
        for code, registre in INDICATEURS.items()
    ]
    contenu = listes | {"delais": _regles(delais), "indicateurs": indicateurs}
    write_fiche(dossier / "registres.yaml", contenu)


def _regles(delais: Sequence[Mapping[str, str]]) -> list[dict[str, Any]]:
    regles: dict[tuple[tuple[str, str], ...], list[dict[str, str]]] = {}
    for ligne in delais:
        genre = tuple((cle, ligne[cle]) for cle in ("objet", "canal", "nature", "titre")
                      if cle in ligne)  # fmt: skip
        ouvres = "false" if ligne.get("calendaires") == "oui" else "true"
        date = {"depuis": ligne["depuis"], "jours": ligne["jours"], "ouvres": ouvres}
        regles.setdefault(genre, []).append(date | {"source": "cas d'essai"})
    return [dict(genre) | {"delais": dates} for genre, dates in regles.items()]


def load_registre(
    racine: Path,
    tables: Mapping[str, Lignes],
    jour: str,
    zone: str = "57",
    fermetures: Sequence[str] = (),
    delais: Sequence[Mapping[str, str]] = DELAIS,
    reperes: Sequence[tuple[str, str]] = (),
) -> Campagne:
    """Write an edition with registers and a campaign holding ``tables``, then read them.

    ``reperes`` are the baselines (first day, last day) of the chart of kept delays.
    """
    write_edition(racine / "referentiel" / "petite")
    write_registres(racine / "referentiel" / "petite", delais)
    dossier = racine / "campagnes" / "essai"
    site = {"libelle": "Site d'essai", "zone": zone,
            "fermetures": [{"libelle": "fermé", "debut": f} for f in fermetures]}  # fmt: skip
    fiche = {
        "code": "essai",
        "libelle": "Campagne d'essai",
        "site": site,
        "edition": "petite",
        "date_reference": jour,
        "modules": ["1"],
        "reperes": [
            {"indicateur": "courriers.delais_tenus", "debut": d, "fin": f, "motif": "essai"}
            for d, f in reperes
        ],
    }
    write_fiche(dossier / "campagne.yaml", fiche)
    for source, lignes in tables.items():
        write_lignes(dossier / f"{source}.csv", lignes)
    return load_campagne(dossier)


def new_envois(envois: Sequence[Mapping[str, str]]) -> list[dict[str, str]]:
    """The rows of ``courriers.csv`` for letters told in short, numbered E1, E2…

    A letter has ``recu`` and may have ``repondu``, ``accuse``, ``cloture``, ``canal``, ``nature``,
    ``motif``, ``service``; ``fois`` repeats it.
    """
    repetes = [envoi for envoi in envois for _ in range(int(envoi.get("fois", "1")))]
    return [
        {
            "chrono": f"E{rang}",
            "date_reception": envoi["recu"],
            "canal": envoi.get("canal", "courriel"),
            "nature": envoi.get("nature", "information"),
            "motif": envoi.get("motif", ""),
            "service": envoi.get("service", ""),
            "cle": f"cle{rang}",
            "date_accuse": envoi.get("accuse", ""),
            "date_reponse": envoi.get("repondu", ""),
            "cloture": envoi.get("cloture", ""),
        }
        for rang, envoi in enumerate(repetes, 1)
    ]
