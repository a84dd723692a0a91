"""One site whose campaign, or report, is in a store: fetched, made as a local one, put back.

Each conversation with the store is a child of its own (``stockage.a_part``): the process that
makes the report forks its chapters, and must stay without threads.
"""

from __future__ import annotations

import os
import time
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path

from qualepref_lib.core.refus import Refus
from qualepref_lib.running.journal import JOURNAL, append_journal
from qualepref_lib.running.lot.etats import ECHEC, FAIT, INCHANGE, REFUSE
from qualepref_lib.running.lot.unite import CHAPITRES_AU_PLUS, Resultat, Unite, faire
from qualepref_lib.running.pannes import dire_erreur_systeme
from qualepref_lib.running.prive import dossier_prive
from qualepref_lib.running.raccourci import find_page
from qualepref_lib.running.stockage import publication
from qualepref_lib.running.stockage.a_part import run_a_part
from qualepref_lib.running.stockage.adresses import est_adresse, parent
from qualepref_lib.running.stockage.bail import Bail
from qualepref_lib.running.stockage.entrepot import open_entrepot
from qualepref_lib.running.stockage.erreurs import Injoignable, dire_erreurs
from qualepref_lib.running.stockage.rapatriement import load_distante

DELAI_S = 900.0
"""How long one conversation with the store may take."""


def faire_loin(unite: Unite) -> Resultat:
    """Make the report of one site; whatever goes wrong is the result, never raised."""
    debut = time.monotonic()
    try:
        with dossier_prive() as prive:
            resultat = _faire(unite, prive)
    except Refus as refus:
        etat = ECHEC if isinstance(refus, Injoignable) else REFUSE
        resultat = Resultat(unite.nom, etat, cause=str(refus))
    except OSError as erreur:
        resultat = Resultat(unite.nom, ECHEC, cause=dire_erreur_systeme(erreur))
    return replace(resultat, duree_s=round(time.monotonic() - debut, 2))


def _faire(unite: Unite, prive: Path) -> Resultat:
    ici = replace(
        unite,
        dossier=_campagne_ici(unite, prive),
        sortie=str(prive / "reports" / unite.nom) if est_adresse(unite.sortie) else unite.sortie,
        racine=os.pathsep.join((str(prive), unite.racine)),
    )
    os.environ["QUALEPREF_RACINE"] = ici.racine
    if est_adresse(unite.sortie):
        _a_la_sortie(unite, partial(_regarder, unite, Path(ici.sortie)))
    if not ici.tout and find_page(ici.dossier, (), ici.parametres, Path(ici.sortie)):
        if est_adresse(unite.sortie):
            _a_la_sortie(unite, partial(_journaliser, unite, Path(ici.sortie)))
        return Resultat(unite.nom, INCHANGE)
    return _sous_bail(unite, ici) if est_adresse(unite.sortie) else faire(ici)


def _campagne_ici(unite: Unite, prive: Path) -> str:
    """The folder of the campaign on this machine."""
    if not est_adresse(unite.dossier):
        return unite.dossier
    return str(run_a_part(unite.dossier, lambda: str(load_distante(unite.dossier, prive)), DELAI_S))


def _sous_bail(unite: Unite, ici: Unite) -> Resultat:
    """Make the report and put it in the store, while nobody else does."""
    bail = Bail.new(unite.lot, CHAPITRES_AU_PLUS * unite.delai_s)
    repris = _a_la_sortie(unite, partial(_commencer, unite, bail, Path(ici.sortie)))
    fait = False
    try:
        resultat = faire(ici)
        fait = resultat.etat == FAIT
    finally:
        _a_la_sortie(unite, partial(_finir, unite, bail, Path(ici.sortie), fait))
    return replace(resultat, cause="\n".join(c for c in (resultat.cause, repris) if c))


def _a_la_sortie(unite: Unite, faire: partial[str]) -> str:
    """Talk to the store of the reports."""
    return str(run_a_part(parent(unite.sortie), faire, DELAI_S))


# In the children.


def _regarder(unite: Unite, sortie: Path) -> str:
    entrepot = open_entrepot(parent(unite.sortie))
    with dire_erreurs(unite.sortie):
        publication.check_place(entrepot, unite.nom)
        publication.load_dernier(entrepot, unite.nom, sortie)
    return ""


def _journaliser(unite: Unite, sortie: Path) -> str:
    entrepot = open_entrepot(parent(unite.sortie))
    with dire_erreurs(unite.sortie):
        publication.write_journal_distant(entrepot, sortie)
    return ""


def _commencer(unite: Unite, bail: Bail, sortie: Path) -> str:
    entrepot = open_entrepot(parent(unite.sortie))
    with dire_erreurs(unite.sortie):
        repris = bail.prendre(entrepot, unite.nom)
        publication.load_memoire(entrepot, unite.nom, sortie)
    return repris


def _finir(unite: Unite, bail: Bail, sortie: Path, fait: bool) -> str:
    """The report, then the line of the journal, then the lease."""
    entrepot = open_entrepot(parent(unite.sortie))
    try:
        with dire_erreurs(unite.sortie):
            if fait:
                publication.write_rapport_distant(entrepot, unite.nom, sortie)
            publication.write_journal_distant(entrepot, sortie)
    except Refus as refus:
        # Made, and not put in place: the journal does not say that it is done.
        (sortie.parent / JOURNAL).unlink(missing_ok=True)
        append_journal(sortie.parent, campagne=unite.nom, resultat=ECHEC, cause=str(refus))
        with suppress(Exception):
            publication.write_journal_distant(entrepot, sortie)
        raise
    finally:
        with suppress(Exception):  # a lease that stays is over one day
            bail.rendre(entrepot, unite.nom)
    return ""
