"""A batch from beginning to end: what is up to date, what is to be made, what became of it.

The state of the batch and its index page are written as it goes: whatever stops it, they say what
is done, and a resume does the rest.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from qualepref_lib.core.refus import Probleme, Refus
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
from qualepref_lib.running.lot.sortie import Sortie, open_sortie, tenir_seul
from qualepref_lib.running.lot.unite import Resultat, Unite
from qualepref_lib.running.raccourci import find_page
from qualepref_lib.running.racine import find_racine
from qualepref_lib.running.stockage.adresses import est_adresse

PAGE_TOUTES_LES_S = 3.0
"""The index page is for people: it is drawn again this often at most."""

Finir = Callable[[Resultat], None]
Faire = Callable[[Sequence[Unite], Finir], None]


@dataclass(frozen=True)
class DemandeLot:
    """What is asked: campaigns (all by default), dials, output, limits, or to resume.

    The campaigns and the output may be addresses in a store.
    """

    choix: Sequence[str] = ()
    sortie: Path | str | None = None
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
    with _open_prepare(demande, racine) as (sortie, prepare), tenir_seul(sortie):
        lot = prepare.lot
        with _tenir(lot, sortie) as noter:
            commencer(len(lot.sites))

            def finir(resultat: Resultat) -> None:
                site = lot.finir(resultat.nom, resultat.etat, resultat.duree_s, resultat.cause)
                sortie.noter(site)
                noter()
                avancer(site)

            for rate in prepare.rates:
                finir(Resultat(rate.nom, rate.etat, cause=rate.cause))
            unites = []
            for unite in _unites(prepare, demande, sortie, racine):
                if _est_a_jour(unite):
                    finir(Resultat(unite.nom, INCHANGE))
                else:
                    unites.append(unite)
            if unites:
                faire(unites, finir)
    return lot


@dataclass(frozen=True)
class _Prepare:
    """The batch, the sites that an interrupted one had made, those that have failed already."""

    lot: Lot
    deja: set[str] = field(default_factory=set)
    rates: Sequence[Site] = ()


@contextmanager
def _open_prepare(demande: DemandeLot, racine: Path) -> Iterator[tuple[Sortie, _Prepare]]:
    """The place of the reports and the batch; what is wrong with both is told at once."""
    lieu = demande.sortie or racine / "reports"
    if demande.reprendre:
        with open_sortie(lieu) as sortie:
            yield sortie, _reprendre(sortie)
        return
    problemes: list[Probleme] = []
    prepare = None
    try:
        prepare = _commencer(demande, racine)
    except Refus as refus:
        problemes += refus.problemes
    with ExitStack() as pile:
        try:
            sortie = pile.enter_context(open_sortie(lieu))
        except Refus as refus:
            raise type(refus)(*problemes, *refus.problemes) from None
        if prepare is None:
            raise Refus(*problemes)
        yield sortie, prepare


def _commencer(demande: DemandeLot, racine: Path) -> _Prepare:
    sites = list_sites(demande.choix)
    if not sites:
        raise Refus(Probleme("lot", "aucune campagne à traiter."))
    lot = Lot.new(sites, demande.parametres, demande.tout)
    _check_parametres(racine, lot)
    return _Prepare(lot, rates=[site for site in sites if site.etat])


def _reprendre(sortie: Sortie) -> _Prepare:
    """The last batch; an address where nothing was found is looked at again."""
    ancien = load_lot(sortie.dossier)
    deja = {s.nom for s in ancien.sites.values() if s.etat in BONS}
    a_relire = [n for n, s in ancien.sites.items() if est_adresse(s.dossier) and n == s.dossier]
    sites = [
        Site(s.nom, s.dossier if est_adresse(s.dossier) else Path(s.dossier))
        for s in ancien.sites.values()
        if s.nom not in a_relire
    ]
    sites += list_sites(a_relire) if a_relire else []
    lot = Lot.new(sites, ancien.parametres, ancien.tout)
    lot.jeton = ancien.jeton or lot.jeton
    _check_parametres(find_racine(), lot)
    return _Prepare(lot, deja, [site for site in sites if site.etat])


def _check_parametres(racine: Path, lot: Lot) -> None:
    """A mistyped parameter is refused once, not by each site; nothing heavy for none."""
    if lot.parametres:
        from qualepref_lib.running.carnets import check_donnes, load_carnets

        check_donnes(load_carnets(racine), lot.parametres)


def _unites(
    prepare: _Prepare, demande: DemandeLot, sortie: Sortie, racine: Path
) -> Iterator[Unite]:
    """What is asked of each site that has not failed yet."""
    lot, rates = prepare.lot, {site.nom for site in prepare.rates}
    for site in list(lot.sites.values()):
        if site.nom in rates:
            continue
        yield Unite(
            nom=site.nom,
            dossier=site.dossier,
            sortie=sortie.place(site.nom),
            racine=str(racine),
            parametres=lot.parametres,
            tout=lot.tout and site.nom not in prepare.deja,
            delai_s=demande.delai_s,
            memoire_mo=demande.memoire_mo,
            lot=lot.jeton,
        )


def _est_a_jour(unite: Unite) -> bool:
    """Whether its report is there and nothing changed; in a store, whoever fetches it tells."""
    if unite.tout or est_adresse(unite.dossier) or est_adresse(unite.sortie):
        return False
    return bool(find_page(unite.dossier, (), unite.parametres, Path(unite.sortie)))


@contextmanager
def _tenir(lot: Lot, sortie: Sortie) -> Iterator[Callable[[], None]]:
    """Keep the state and the page of the batch up to date, and true whatever ends it."""
    dernier = 0.0

    def noter() -> None:
        nonlocal dernier
        write_lot(lot, sortie.dossier)
        if time.monotonic() - dernier > PAGE_TOUTES_LES_S:
            _write_index(lot, sortie.dossier)
            dernier = time.monotonic()
            sortie.envoyer()

    noter()
    try:
        yield noter
    finally:
        write_lot(lot, sortie.dossier)
        _write_index(lot, sortie.dossier)
        sortie.envoyer(fini=True)


def _write_index(lot: Lot, sortie: Path) -> None:
    from qualepref_lib.running.lot.index import render_index

    write_entier(sortie / INDEX, render_index(lot, sortie))
