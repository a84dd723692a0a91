"""A batch from beginning to end: what is up to date, what is to be made, what became of it.

The state of the batch and its index page are written as it goes: whatever stops it, they say what
is done, and a resume does the rest.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from qualepref_lib.core.refus import Probleme, Refus
from qualepref_lib.running import depot
from qualepref_lib.running.lot.etats import (
    BONS,
    INCHANGE,
    EtatSite,
    Lot,
    load_lot,
    write_entier,
    write_lot,
)
from qualepref_lib.running.lot.sites import INDEX, Site, list_sites
from qualepref_lib.running.lot.unite import Resultat, Unite
from qualepref_lib.running.raccourci import find_page
from qualepref_lib.running.racine import find_racine

PAGE_TOUTES_LES_S = 3.0
"""The index page is for people: it is drawn again this often at most."""

Finir = Callable[[Resultat], None]
Faire = Callable[[Sequence[Unite], Finir], None]


@dataclass(frozen=True)
class DemandeLot:
    """What is asked: campaigns (all by default), dials, output, limits, or to resume."""

    choix: Sequence[str] = ()
    sortie: Path | None = None
    parametres: Mapping[str, Any] = field(default_factory=dict)
    tout: bool = False
    reprendre: bool = False
    delai_s: float = 600.0
    memoire_mo: int = 0


def run_lot(
    demande: DemandeLot,
    faire: Faire,
    commencer: Callable[[int], None] = lambda n: None,
    avancer: Callable[[EtatSite], None] = lambda site: None,
) -> Lot:
    """Make the reports of a batch with ``faire`` (here, or on a cluster); answer with its state.

    ``commencer`` is told how many sites there are, ``avancer`` the end of each. Raises
    :class:`Refus` when the request itself is wrong; a site that fails is only told.
    """
    racine = find_racine()
    sortie = (demande.sortie or racine / "reports").absolute()
    lot, deja = _preparer(demande, sortie)
    _check_parametres(racine, lot)
    sortie.mkdir(parents=True, exist_ok=True)
    with depot.verrou(sortie / "lot"), _tenir(lot, sortie) as noter:
        depot.sweep(sortie, lot.sites)
        commencer(len(lot.sites))

        def finir(resultat: Resultat) -> None:
            site = lot.finir(resultat.nom, resultat.etat, resultat.duree_s, resultat.cause)
            noter()
            avancer(site)

        unites = []
        for site in list(lot.sites.values()):
            unite = _unite(site, lot, demande, sortie, racine, deja)
            if not unite.tout and find_page(site.dossier, (), lot.parametres, Path(unite.sortie)):
                finir(Resultat(site.nom, INCHANGE))
            else:
                unites.append(unite)
        if unites:
            faire(unites, finir)
    return lot


def _preparer(demande: DemandeLot, sortie: Path) -> tuple[Lot, set[str]]:
    """The batch, and the sites that an interrupted one had already made."""
    if not demande.reprendre:
        sites = list_sites(demande.choix)
        if not sites:
            raise Refus(Probleme("lot", "aucune campagne à traiter."))
        return Lot.new(sites, demande.parametres, demande.tout), set()
    ancien = load_lot(sortie)
    sites = [Site(s.nom, Path(s.dossier)) for s in ancien.sites.values()]
    deja = {s.nom for s in ancien.sites.values() if s.etat in BONS}
    return Lot.new(sites, ancien.parametres, ancien.tout), deja


def _check_parametres(racine: Path, lot: Lot) -> None:
    """A mistyped parameter is refused once, not by each site; nothing heavy for none."""
    if lot.parametres:
        from qualepref_lib.running.carnets import check_donnes, load_carnets

        check_donnes(load_carnets(racine), lot.parametres)


def _unite(
    site: EtatSite, lot: Lot, demande: DemandeLot, sortie: Path, racine: Path, deja: set[str]
) -> Unite:
    return Unite(
        nom=site.nom,
        dossier=site.dossier,
        sortie=str(sortie / site.nom),
        racine=str(racine),
        parametres=lot.parametres,
        tout=lot.tout and site.nom not in deja,
        delai_s=demande.delai_s,
        memoire_mo=demande.memoire_mo,
    )


@contextmanager
def _tenir(lot: Lot, sortie: Path) -> Iterator[Callable[[], None]]:
    """Keep the state and the page of the batch up to date, and true whatever ends it."""
    dernier = 0.0

    def noter() -> None:
        nonlocal dernier
        write_lot(lot, sortie)
        if time.monotonic() - dernier > PAGE_TOUTES_LES_S:
            _write_index(lot, sortie)
            dernier = time.monotonic()

    noter()
    try:
        yield noter
    finally:
        write_lot(lot, sortie)
        _write_index(lot, sortie)


def _write_index(lot: Lot, sortie: Path) -> None:
    from qualepref_lib.running.lot.index import render_index

    write_entier(sortie / INDEX, render_index(lot, sortie))
