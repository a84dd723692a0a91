"""Where a batch keeps its state and its page: beside the reports, on a disk or in a store."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from functools import partial
from pathlib import Path

from qualepref_lib.core.refus import Refus
from qualepref_lib.running import depot
from qualepref_lib.running.depot import RAPPORT
from qualepref_lib.running.lot.etats import BONS, FICHIER, EtatSite
from qualepref_lib.running.lot.sites import INDEX
from qualepref_lib.running.prive import dossier_prive, sweep_prives
from qualepref_lib.running.restes import sweep_tout
from qualepref_lib.running.stockage.a_part import run_a_part
from qualepref_lib.running.stockage.adresses import enfant, est_adresse
from qualepref_lib.running.stockage.bail import sweep_baux
from qualepref_lib.running.stockage.entrepot import open_entrepot
from qualepref_lib.running.stockage.erreurs import dire_erreurs
from qualepref_lib.running.stockage.publication import GARDE

DELAI_S = 60.0
ENVOYER_TOUTES_LES_S = 30.0
"""How often the state goes to the store at most: a resume finds what is done by itself."""


class Sortie:
    """The place of the reports; ``dossier`` is where the state and the page are written here."""

    def __init__(self, lieu: Path | str, dossier: Path) -> None:
        self.lieu, self.dossier = lieu, dossier
        self._envoye: float | None = None

    @property
    def est_loin(self) -> bool:
        """Whether it is in a store."""
        return isinstance(self.lieu, str)

    def place(self, nom: str) -> str:
        """Where the report of a site goes."""
        return enfant(self.lieu, nom) if isinstance(self.lieu, str) else str(self.lieu / nom)

    def noter(self, site: EtatSite) -> None:
        """A site has ended: its page is there for the index to link to."""
        if self.est_loin and site.etat in BONS:
            _marquer(self.dossier, site.nom)

    def envoyer(self, fini: bool = False) -> None:
        """Put the state and the page in the store: at once, now and then, and at the end.

        Raises :class:`Refus` the first time, before any work, and the last; in between a store
        that does not answer stops no site.
        """
        if not isinstance(self.lieu, str):
            return
        premier = self._envoye is None
        if fini or premier or time.monotonic() - (self._envoye or 0.0) > ENVOYER_TOUTES_LES_S:
            self._envoye = time.monotonic()
            with nullcontext() if fini or premier else suppress(Refus):
                run_a_part(self.lieu, partial(_envoyer, self.lieu, self.dossier), DELAI_S)


@contextmanager
def open_sortie(lieu: Path | str) -> Iterator[Sortie]:
    """The place of the reports. In a store, its state is fetched, and kept here meanwhile.

    Raises :class:`Refus` when the store cannot be reached.
    """
    if not est_adresse(lieu):
        dossier = Path(lieu).absolute()
        yield Sortie(dossier, dossier)
        return
    adresse = str(lieu).rstrip("/") if not str(lieu).endswith("://") else str(lieu)
    with dossier_prive() as dossier:
        run_a_part(adresse, partial(_recevoir, adresse, dossier), DELAI_S)
        yield Sortie(adresse, dossier)


def sweep_sortie(lieu: Path | str) -> int:
    """Remove what dead runs have left at the place of the reports, and here; how many.

    In a store that is what was being written aside a day ago, and the leases that hold no more.
    """
    if not est_adresse(lieu):
        return sweep_tout(Path(lieu))
    return int(run_a_part(str(lieu), partial(_balayer, str(lieu)), DELAI_S)) + sweep_prives()


@contextmanager
def tenir_seul(sortie: Sortie) -> Iterator[None]:
    """One batch at a time on a disk. In a store each site has its own lease, and that is all."""
    if sortie.est_loin:
        yield
        return
    sortie.dossier.mkdir(parents=True, exist_ok=True)
    with depot.verrou(sortie.dossier / "lot"):
        yield


def _recevoir(adresse: str, dossier: Path) -> str:
    entrepot = open_entrepot(adresse)
    with dire_erreurs(adresse):
        if (etat := entrepot.lire(FICHIER)) is not None:
            (dossier / FICHIER).write_bytes(etat)
        for nom in entrepot.correspondent("*") if entrepot.existe("") else ():
            if entrepot.existe(f"{nom}/{RAPPORT}"):
                _marquer(dossier, nom)
    return ""


def _balayer(adresse: str) -> int:
    entrepot = open_entrepot(adresse)
    limite = dt.datetime.now(dt.UTC) - GARDE
    with dire_erreurs(adresse):
        if not entrepot.existe(""):
            return 0
        dossiers = [entrepot, *(entrepot.sous(nom) for nom in entrepot.correspondent("*"))]
        return sum(d.balayer(limite) for d in dossiers) + sweep_baux(entrepot)


def _envoyer(adresse: str, dossier: Path) -> str:
    entrepot = open_entrepot(adresse)
    with dire_erreurs(adresse):
        for nom in (INDEX, FICHIER):
            if (dossier / nom).is_file():
                entrepot.poser(nom, (dossier / nom).read_bytes())
    return ""


def _marquer(dossier: Path, nom: str) -> None:
    """An empty page, for the index: what it links to is in the store."""
    marque = dossier / Path(nom).name / RAPPORT
    marque.parent.mkdir(exist_ok=True)
    marque.touch()
