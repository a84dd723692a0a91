"""A checked campaign, as everything that computes receives it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import pandas as pd

from qualepref_lib.campagne.cloture import Cloture
from qualepref_lib.campagne.dossiers import find_precedente
from qualepref_lib.campagne.fiche import FicheCampagne
from qualepref_lib.campagne.sources import SOURCES
from qualepref_lib.core.bilan import Source
from qualepref_lib.core.francais import pluriel
from qualepref_lib.core.refus import Probleme, Refus, extrait
from qualepref_lib.referentiel import Module, Referentiel


@dataclass(frozen=True)
class Table:
    """One checked source: its rows (index = line in the file) and where they came from."""

    cadre: pd.DataFrame
    source: Source


@dataclass(frozen=True)
class Campagne:
    """What one site sent for one audit: checked, with the référentiel it is read against."""

    fiche: FicheCampagne
    referentiel: Referentiel
    dossier: Path
    tables: Mapping[str, Table]
    fichiers: tuple[Source, ...]
    remarques: tuple[Probleme, ...]
    cloture: Cloture = field(default_factory=Cloture)

    @cached_property
    def precedente(self) -> Precedente:
        """The edition before, read when it is asked for, or what is missing of it."""
        return load_precedente(self)

    @property
    def modules(self) -> tuple[Module, ...]:
        """The modules that the site retained, in the order of the référentiel."""
        return tuple(m for m in self.referentiel.modules if m.code in self.fiche.modules)

    @property
    def source_fiche(self) -> Source:
        """``campagne.yaml`` itself."""
        return self.fichiers[0]

    def chemin(self, nom: str) -> Path:
        """Where the file ``nom`` of the campaign's folder is, or would be.

        A chapter that reads more than tables asks here: a run then knows which file it depends on.
        """
        return self.dossier / nom

    def fichier(self, nom: str, libelle: str) -> Source:
        """The file ``nom`` as it was read, or as it would be called."""
        return next((s for s in self.fichiers if s.fichier == nom), Source(nom, "", libelle))

    def manque(self, source: str) -> str:
        """What is missing for ``source``, in French; empty when its table is there."""
        if source in self.tables:
            return ""
        return f"{SOURCES[source].libelle.lower()} (fichier {source}.csv)"

    def source(self, source: str) -> Source:
        """Where the rows of ``source`` come from, or would come from."""
        if source in self.tables:
            return self.tables[source].source
        return Source(f"{source}.csv", "", SOURCES[source].libelle)


@dataclass(frozen=True)
class Precedente:
    """The edition before: its campaign, or what is missing, in French, to compare with it."""

    campagne: Campagne | None = None
    manque: str = ""


def load_precedente(campagne: Campagne) -> Precedente:
    """The campaign that ``precedente`` names in ``campagne.yaml``.

    A broken or absent one is told, never refused: this edition must not wait for the other.
    """
    from qualepref_lib.campagne.lecture import load_campagne

    nom = campagne.fiche.precedente
    if not nom:
        return Precedente(manque="édition précédente (« precedente » dans campagne.yaml)")
    dossier = find_precedente(campagne.dossier, nom)
    if dossier is None:
        return Precedente(manque=f"édition précédente (dossier « {extrait(nom)} » introuvable)")
    try:
        return Precedente(load_campagne(dossier))
    except Refus as refus:
        combien = pluriel(sum(p.compte for p in refus.problemes), "problème")
        suite = f"{combien}, à voir avec « qualepref verifier {nom} »"
        return Precedente(manque=f"édition précédente (« {nom} » est refusée : {suite})")
