"""The audit's own files of 2022: evidence, documents, interviews, ratings, findings, follow-up.

Everything is written by hand in audit.yaml, so that a reader can check it by eye. The script only
joins lists of codes, writes the evidence files, and records the hash that each had when deposited.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from autodiagnostic import service_de
from commun import ICI, load_yaml, write_csv

TABLES: dict[str, tuple[str, ...]] = {
    "preuves": (
        *("code", "libelle", "criteres", "date_effet", "date_depot"),
        *("validite_jours", "fichier", "sha256", "nature"),
    ),
    "documents": (
        *("code", "libelle", "version", "responsable"),
        *("derniere_revue", "prochaine_revue", "criteres"),
    ),
    "entretiens": ("code", "date", "fonction", "service", "engagements", "notes"),
    "plan_audit": ("date", "debut", "fin", "activite", "engagements", "fonction", "lieu"),
    "verification": ("critere", "cotation", "motif", "service", "commentaire"),
    "constats": (
        *("numero", "type", "engagement", "critere", "fait", "preuve"),
        *("cause", "correction", "action_corrective", "responsable", "echeance"),
        *("preuve_attendue", "avis_auditeur", "verification", "statut"),
    ),
    "pieces": ("piece", "statut", "remise_le", "commentaire"),
    "controles": (
        *("code", "libelle", "frequence_jours", "responsable"),
        *("dernier", "resultat", "engagements"),
    ),
    "usagers": ("code", "date", "instance", "objet", "reponse", "date_reponse", "engagement"),
    "decisions": ("code", "date", "comite", "decision", "responsable", "echeance", "statut"),
}
TEXTES = ("texte", "trouve")
"""What is said of an evidence file's content: it goes to the file, not to the register."""

Ligne = dict[str, str]


def write_audit(dossier: Path) -> None:
    """Write the audit's CSV files and the evidence files in ``dossier``."""
    audit = load_yaml(ICI / "audit.yaml")
    services = load_yaml(ICI / "cotations.yaml")["services"]
    for verifiee in audit["verification"]:
        verifiee["service"] = service_de(verifiee["critere"], services)
    for preuve in audit["preuves"]:
        preuve["sha256"] = _empreinte(preuve)
    for table, colonnes in TABLES.items():
        write_csv(dossier / f"{table}.csv", colonnes, map(_ligne, audit[table]))
    for nom, contenu in _fichiers(audit["preuves"]):
        _write_fichier(dossier / nom, contenu)


def _ligne(donnees: Mapping[str, Any]) -> Ligne:
    """One row: the codes of a list are separated by a space."""
    return {
        cle: " ".join(valeur) if isinstance(valeur, list) else valeur
        for cle, valeur in donnees.items()
        if cle not in TEXTES
    }


def _empreinte(preuve: Mapping[str, str]) -> str:
    """The hash of the file as it was deposited; nothing when the evidence has no file."""
    if "texte" not in preuve:
        return ""
    return hashlib.sha256(preuve["texte"].encode("utf-8")).hexdigest()


def _fichiers(preuves: list[dict[str, str]]) -> Iterator[tuple[str, bytes]]:
    """The files that are in the folder today: neither lost ones, nor what they held before."""
    for preuve in preuves:
        if contenu := preuve.get("trouve", preuve.get("texte", "")):
            yield preuve["fichier"], contenu.encode("utf-8")


def _write_fichier(chemin: Path, contenu: bytes) -> None:
    chemin.parent.mkdir(parents=True, exist_ok=True)
    chemin.write_bytes(contenu)
