"""Drafts of findings from measured facts: for the auditor to keep, change or drop.

Nothing is qualified by the machine: the type is empty and the status is « proposé », which
``constats.csv`` refuses, so an untouched draft can never pass for a finding.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from qualepref_lib.analyses.mystere import measure_conformite
from qualepref_lib.campagne import Campagne, load_campagne
from qualepref_lib.campagne.dossiers import PROPOSES
from qualepref_lib.constats import compare_regards
from qualepref_lib.core.bilan import Source
from qualepref_lib.core.francais import enumeration, pourcentage
from qualepref_lib.preuves import par_critere, preuves_de, sans_preuve
from qualepref_lib.running.atomique import write_atomique
from qualepref_lib.running.ecriture import entetes_de, format_csv

STATUT = "proposé"


@dataclass(frozen=True)
class Proposition:
    """A measured fact that may deserve a finding; ``critere`` when it is about one only."""

    engagement: str
    fait: str
    preuve: str
    critere: str = ""


def write_propositions(nom: str) -> tuple[Path | None, int]:
    """Write the drafts beside ``constats.csv``; answers with their file and their number.

    A file that is already there may hold the auditor's work: it is kept, and the new one gets a
    number. The same drafts are not written twice. No file is written when there is no draft.
    """
    campagne = load_campagne(nom)
    propositions = tuple(list_propositions(campagne))
    if not propositions:
        return None, 0
    octets = _octets(propositions, campagne)
    chemin = _place(campagne.dossier, octets)
    if not chemin.exists():
        write_atomique(chemin, octets, remplacer=True)
    return chemin, len(propositions)


def list_propositions(campagne: Campagne) -> Iterator[Proposition]:
    """What is contradicted by tests, no longer proven, or said otherwise by another source."""
    yield from _contredits(campagne)
    yield from _perimes(campagne)
    yield from _contradictions(campagne)


def _contredits(campagne: Campagne) -> Iterator[Proposition]:
    """The mystery criteria that are under their target."""
    retenus = {e.code for module in campagne.modules for e in module.engagements}
    bilan = measure_conformite(campagne)
    for ligne in bilan.lignes:
        if ligne.statut != "contredit" or ligne.cible is None:
            continue
        cible = pourcentage(ligne.cible)
        fait = f"« {ligne.libelle} » ({ligne.groupe}) : {ligne.mesure}, la cible de {cible} est "
        preuve = _lignes(bilan.source, ligne.lignes)
        for code in campagne.referentiel.observations[ligne.code].engagements:
            if code in retenus:
                yield Proposition(code, f"{fait}contredite.", preuve)


def _perimes(campagne: Campagne) -> Iterator[Proposition]:
    """The criteria that claim points on evidence that is all stale, absent or changed."""
    preuves = preuves_de(campagne)
    servies = par_critere(preuves)
    for critere in dict.fromkeys(sans_preuve(campagne, preuves)["critere"]):
        if critere in servies:
            etats = enumeration([f"{p.code} {p.detail}" for p in servies[critere]])
            fait = f"Critère {critere} déclaré tenu sans preuve valable : {etats}."
            source = campagne.source("preuves")
            preuve = _lignes(source, tuple(p.ligne for p in servies[critere]))
            yield Proposition(campagne.referentiel.engagement_de[critere], fait, preuve, critere)


def _contradictions(campagne: Campagne) -> Iterator[Proposition]:
    """The engagements whose lenses disagree, unless the tests alone did: they were told above."""
    for croise in compare_regards(campagne):
        if croise.contradictoire and {r.nom for r in croise.ecarts} != {"observé"}:
            cites = [bilan.source.fichier for r in croise.regards for bilan, _ in r.citations]
            fichiers = enumeration(list(dict.fromkeys(cites)))
            yield Proposition(croise.engagement.code, croise.fait, fichiers)


def _lignes(source: Source, lignes: Sequence[int]) -> str:
    """« preuves.csv, ligne 4 »: where a person finds the rows again."""
    if source.onglets:
        return f"{source.fichier}, {source.plages(lignes)}"
    return f"{source.fichier}, {'lignes' if len(lignes) > 1 else 'ligne'} {source.plages(lignes)}"


def _octets(propositions: tuple[Proposition, ...], campagne: Campagne) -> bytes:
    entetes = entetes_de("constats", campagne.referentiel)
    rangs = [
        {"numero": f"B{rang:02d}", "statut": STATUT} | vars(proposition)
        for rang, proposition in enumerate(propositions, 1)
    ]
    return format_csv(entetes, [[rang.get(nom, "") for nom in entetes] for rang in rangs])


def _place(dossier: Path, octets: bytes) -> Path:
    """The first free name, or the file that already holds these very drafts."""
    rang = 1
    while True:
        chemin = dossier / (f"{PROPOSES}_{rang}.csv" if rang > 1 else f"{PROPOSES}.csv")
        if not chemin.exists() or chemin.read_bytes() == octets:
            return chemin
        rang += 1
