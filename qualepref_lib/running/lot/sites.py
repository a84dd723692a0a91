"""Which campaigns a batch is about: names, folders, folders of campaigns, patterns."""

from __future__ import annotations

import glob
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from qualepref_lib.campagne.dossiers import EXTENSIONS, FICHE, find_campagne
from qualepref_lib.core.refus import Probleme, Refus
from qualepref_lib.running.racine import find_racine
from qualepref_lib.running.stockage.adresses import est_adresse

INDEX = "index.html"
RESERVES = frozenset({INDEX, "journal.jsonl", "journal", "readme.md"})
"""What stands beside the reports: no report may take its place."""
SOUS_DOSSIERS = ("campagnes", "data/campagnes")


@dataclass(frozen=True)
class Site:
    """One campaign of the batch; its report goes to a folder of the same name.

    ``dossier`` is a folder, or an address in a store. With an ``etat`` it has failed already.
    """

    nom: str
    dossier: Path | str
    etat: str = ""
    cause: str = ""


def list_sites(choix: Sequence[str]) -> list[Site]:
    """The campaigns that were asked for, each once, by name; all of ``data/campagnes`` by default.

    Raises :class:`Refus` listing everything that is no campaign, and the names that collide: two
    reports never share a folder. A campaign whose data are bad is listed: it will be refused alone.
    """
    problemes: list[Probleme] = []
    trouves: dict[Site, None] = {}
    for mot in choix or [str(find_racine() / "data" / "campagnes")]:
        try:
            trouves |= dict.fromkeys(_sites(mot))
        except Refus as refus:
            problemes += refus.problemes
    sites = sorted(trouves, key=lambda s: (s.nom, str(s.dossier)))
    problemes += _collisions(sites)
    if problemes:
        raise Refus(*problemes)
    return sites


def _sites(mot: str) -> Iterator[Site]:
    """The campaigns behind one word; what a store refuses stops no other site."""
    if est_adresse(mot):
        from qualepref_lib.running.lot.listage import list_distants

        yield from list_distants(mot)
        return
    for dossier in _dossiers(mot):
        yield Site(dossier.name, dossier)


def _dossiers(mot: str) -> Iterator[Path]:
    """The folders of campaigns behind one word of the command line."""
    if glob.has_magic(mot) and not Path(mot).exists():
        trouves = [Path(c) for c in sorted(glob.glob(mot)) if Path(c).is_dir()]  # noqa: PTH207 (a pattern may be absolute)
        if not trouves:
            raise Refus(Probleme(mot, "aucun dossier ne correspond à ce motif."))
        for trouve in trouves:
            yield from _dossiers(str(trouve))
        return
    if contenues := _contenues(Path(mot)):
        yield from contenues
        return
    yield find_campagne(mot)


def _contenues(dossier: Path) -> list[Path]:
    """The campaigns that a folder holds, itself not being one."""
    if not dossier.is_dir() or (dossier / FICHE).exists():
        return []
    for lieu in (dossier, *(dossier / nom for nom in SOUS_DOSSIERS)):
        if lieu.is_dir():
            siennes = [d.resolve() for d in sorted(lieu.iterdir()) if _est_campagne(d)]
            if siennes:
                return siennes
    return []


def _est_campagne(dossier: Path) -> bool:
    """A folder with a form, or with data and no form: that one will be refused, not forgotten."""
    if dossier.name.startswith((".", "~")) or not dossier.is_dir():
        return False
    if (dossier / FICHE).exists():
        return True
    return any(f.suffix in EXTENSIONS for f in dossier.iterdir() if f.is_file())


def _collisions(sites: Iterable[Site]) -> Iterator[Probleme]:
    """Names that are one on some disk: the same letters, whatever their case or encoding."""
    vus: dict[str, Site] = {}
    for site in sites:
        cle = unicodedata.normalize("NFC", site.nom).casefold()
        if cle in RESERVES:
            yield Probleme(site.nom, "ce nom est pris par un fichier de la sortie.",
                           remede="renommer le dossier de la campagne.")  # fmt: skip
        if cle in vus:
            constat = f"deux campagnes ont ce nom : {vus[cle].dossier} et {site.dossier}."
            yield Probleme(site.nom, constat,
                           remede="renommer l’un des dossiers, ou faire deux lots, chacun avec "
                           "sa --sortie.")  # fmt: skip
        vus.setdefault(cle, site)
