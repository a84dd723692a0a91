"""What the evidence is worth on the reference date: is it still fresh, is its file still there?

A proof may serve several criteria whose validities differ, so it is fresh *for a criterion*. The
fact that it shows may be older than its deposit: freshness counts from ``date_effet`` (rules 3.2).
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from qualepref_lib.campagne import Campagne
from qualepref_lib.core.francais import date_courte, enumeration
from qualepref_lib.cotations import cotations_de, points_de

SOURCE = "preuves"
FRAICHE, PERIMEE, ABSENT, MODIFIE = "fraîche", "périmée", "fichier absent", "fichier modifié"
ETATS = (FRAICHE, PERIMEE, ABSENT, MODIFIE)
"""The states of a proof, from the one that proves to those that do not."""


@dataclass(frozen=True)
class Preuve:
    """One proof at the reference date; ``limites`` is its last valid day for each criterion.

    ``attendue`` and ``calculee`` are the hashes of its file, as recorded and as found; the second
    is empty when no file is named, or when it cannot be read.
    """

    ligne: int
    code: str
    libelle: str
    date_effet: dt.date
    limites: Mapping[str, dt.date | None]
    jour: dt.date
    fichier: str = ""
    attendue: str = ""
    calculee: str = ""

    @property
    def intacte(self) -> bool:
        """The file that it names is there, with the hash that was recorded, if one was."""
        if not self.fichier:
            return True
        return bool(self.calculee) and self.attendue in ("", self.calculee)

    @property
    def perimees(self) -> tuple[str, ...]:
        """The criteria for which it is too old."""
        return tuple(c for c, limite in self.limites.items() if limite and limite < self.jour)

    def prouve(self, critere: str) -> bool:
        """It exists, and is fresh for this criterion."""
        return self.intacte and critere in self.limites and critere not in self.perimees

    @property
    def etat(self) -> str:
        """One of :data:`ETATS`; a proof is stale as soon as it is for one of its criteria."""
        if not self.intacte:
            return MODIFIE if self.calculee else ABSENT
        return PERIMEE if self.perimees else FRAICHE

    @property
    def fin(self) -> dt.date | None:
        """The first of its last valid days; None when it never ends."""
        return min((limite for limite in self.limites.values() if limite), default=None)

    @property
    def detail(self) -> str:
        """Its state with what changed: the criteria that lost it, or the two hashes."""
        if self.etat == MODIFIE:
            return f"{MODIFIE} (empreinte {self.calculee[:8]} au lieu de {self.attendue[:8]})"
        if self.etat == PERIMEE and len(self.perimees) < len(self.limites):
            return f"{PERIMEE} pour {enumeration(self.perimees)}"
        if self.etat == PERIMEE and self.fin:
            return f"{PERIMEE} depuis le {date_courte(self.fin + dt.timedelta(days=1))}"
        return self.etat


def preuves_de(campagne: Campagne) -> tuple[Preuve, ...]:
    """Every proof of the register, its file read now."""
    if SOURCE not in campagne.tables:
        return ()
    cadre = campagne.tables[SOURCE].cadre
    return tuple(_preuve(int(str(n)), rang, campagne) for n, rang in cadre.iterrows())


def _preuve(ligne: int, rang: pd.Series, campagne: Campagne) -> Preuve:
    effet = rang["date_effet"].date()
    fichier = rang["fichier"] or ""
    return Preuve(
        ligne=ligne,
        code=str(rang["code"]),
        libelle=str(rang["libelle"]),
        date_effet=effet,
        limites={c: _limite(effet, rang["validite_jours"], c, campagne) for c in rang["criteres"]},
        jour=campagne.fiche.date_reference,
        fichier=fichier,
        attendue=(rang["sha256"] or "").lower(),
        calculee=_empreinte(campagne, fichier) if fichier else "",
    )


def _limite(effet: dt.date, propre: float, critere: str, campagne: Campagne) -> dt.date | None:
    """The last valid day: the validity of the proof, else of the criterion, else none."""
    jours = campagne.referentiel.criteres[critere].validite_jours if pd.isna(propre) else propre
    if jours is None:
        return None
    try:
        return effet + dt.timedelta(days=int(jours))
    except OverflowError:  # a validity so long that it never ends
        return None


def _empreinte(campagne: Campagne, fichier: str) -> str:
    """The SHA-256 of an evidence file; empty when there is no reading it."""
    try:
        with campagne.chemin(fichier.replace("\\", "/")).open("rb") as flux:
            return hashlib.file_digest(flux, "sha256").hexdigest()
    except (OSError, ValueError):
        return ""


def par_critere(preuves: tuple[Preuve, ...]) -> dict[str, list[Preuve]]:
    """The proofs that each criterion names, valid or not."""
    servies: dict[str, list[Preuve]] = {}
    for preuve in preuves:
        for critere in preuve.limites:
            servies.setdefault(critere, []).append(preuve)
    return servies


def prouves(preuves: tuple[Preuve, ...]) -> set[str]:
    """The criteria that at least one existing, fresh proof shows."""
    return {c for preuve in preuves for c in preuve.limites if preuve.prouve(c)}


def sans_preuve(campagne: Campagne, preuves: tuple[Preuve, ...]) -> pd.DataFrame:
    """The rows of the self-diagnosis that claim points, and that no valid proof shows."""
    cotations = cotations_de(campagne)
    gagnants = [code for code, points in points_de(campagne).items() if points]
    claimed = cotations["cotation"].isin(gagnants)
    return cotations[claimed & ~cotations["critere"].isin(prouves(preuves))]


def preuves_par_engagement(
    campagne: Campagne, preuves: tuple[Preuve, ...], valable: bool
) -> dict[str, tuple[Preuve, ...]]:
    """The proofs that show at least one criterion of each engagement, or those that fail to."""
    trouvees: dict[str, tuple[Preuve, ...]] = {}
    for module in campagne.modules:
        for engagement in module.engagements:
            codes = [c.code for c in engagement.criteres]
            servent = [p for p in preuves if any(c in p.limites for c in codes)]
            trouvees[engagement.code] = tuple(
                p for p in servent if any(p.prouve(c) for c in codes) == valable
            )
    return trouvees
