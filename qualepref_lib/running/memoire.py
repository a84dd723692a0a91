"""What each chapter was made of, and the executed notebook kept for the next run.

A chapter that has read the same files, by the same notebook, parameters, référentiel and library,
says the same: it is taken from the last run. What a chapter reads is watched while it runs
(:mod:`~qualepref_lib.atelier.lectures`), not declared, so nobody has to keep a list in step.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from qualepref_lib.atelier.lectures import AVANT, FICHIER, PRESENCE, TOUT
from qualepref_lib.campagne import Campagne
from qualepref_lib.campagne.cloture import CLOTURE
from qualepref_lib.campagne.lecture import EDITION_PRECEDENTE
from qualepref_lib.campagne.sources import SOURCES
from qualepref_lib.running.carnets import Carnet
from qualepref_lib.running.empreintes import (
    hash_fichier,
    hash_fichiers,
    hash_outils,
    hash_precedente,
)

SOCLE = "socle"
"""What every chapter depends on, whatever it reads."""


class Memoire:
    """The executed chapters of one report, beside it in a hidden folder."""

    def __init__(self, sortie: Path, campagne: Campagne, parametres: Mapping[str, Any]) -> None:
        self.dossier = sortie.with_name(f".{sortie.name}.memoire")
        self.campagne = campagne.dossier
        self.parametres = json.dumps(dict(parametres), sort_keys=True, default=str)
        self.etats = _etats(campagne)
        self.outils = hash_outils()

    def find(self, carnet: Carnet) -> Path | None:
        """The executed notebook of the last run, if it would be the same today."""
        execute = self.dossier / carnet.chemin.name
        try:
            fiche = json.loads(self._fiche(carnet).read_text(encoding="utf-8"))
            entiere = fiche["execute"] == hash_fichier(execute)
            la_meme = fiche["empreinte"] == self._empreinte(carnet, fiche["lus"])
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return execute if entiere and la_meme else None

    def keep(self, carnet: Carnet, execute: Path, lus: Iterable[str]) -> None:
        """Keep an executed notebook with what it has read."""
        self.dossier.mkdir(parents=True, exist_ok=True)
        copie = self.dossier / carnet.chemin.name
        shutil.copyfile(execute, copie)
        lues = sorted(set(lus))
        fiche = {
            "lus": lues,
            "empreinte": self._empreinte(carnet, lues),
            "execute": hash_fichier(copie),
        }
        provisoire = self._fiche(carnet).with_suffix(".tmp")
        provisoire.write_text(json.dumps(fiche), encoding="utf-8")
        provisoire.replace(self._fiche(carnet))

    def _fiche(self, carnet: Carnet) -> Path:
        return self.dossier / f"{carnet.nom}.json"

    def _empreinte(self, carnet: Carnet, lus: Iterable[str]) -> str:
        etats = {code: self._etat(code) for code in (SOCLE, *lus)}
        tout = [carnet.sha256, self.parametres, self.outils, etats]
        return hashlib.sha256(json.dumps(tout, sort_keys=True).encode()).hexdigest()

    def _etat(self, code: str) -> str:
        """The state of one thing that a chapter has read; empty when it is not there."""
        if not code.startswith(FICHIER):
            return self.etats.get(code, "")
        try:
            return hash_fichier(self.campagne / code.removeprefix(FICHIER))
        except (OSError, ValueError):
            return ""


def _etats(campagne: Campagne) -> dict[str, str]:
    """The state of each thing that a chapter may read: each source, the rest, everything."""
    fichiers = {f.fichier: f.sha256 for f in campagne.fichiers}
    etats = dict.fromkeys(SOURCES, "")
    for code in etats:
        siens = {n: s for n, s in fichiers.items() if n.split(".")[0] == code and "/" not in n}
        etats[code] = json.dumps(siens, sort_keys=True)
    des_sources = {nom for code in SOURCES for nom in json.loads(etats[code])}
    avant = {f.fichier for f in campagne.fichiers if f.libelle == EDITION_PRECEDENTE}
    a_part = des_sources | avant | {CLOTURE}
    socle = {nom: somme for nom, somme in fichiers.items() if nom not in a_part}
    dossier = [f for f in campagne.dossier.rglob("*") if f.is_file() and f.name[0] not in ".~"]
    etats |= {f"{code}{PRESENCE}": str(code in campagne.tables) for code in SOURCES}
    return etats | {
        AVANT: hash_precedente(campagne.dossier),
        SOCLE: json.dumps(socle, sort_keys=True),
        TOUT: hash_fichiers(campagne.dossier, dossier) + hash_precedente(campagne.dossier),
    }
