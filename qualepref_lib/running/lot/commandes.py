"""`qualepref lot`: the reports of many campaigns.

It imports what it needs when it runs, like the commands of ``__main__``, which declares it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from qualepref_lib.running.barre import Barre
from qualepref_lib.running.click_fr import parler_francais
from qualepref_lib.running.options import (
    dossier_ou_adresse,
    option_delai,
    option_memoire,
    option_parametres,
    option_sortie,
    option_tout,
    read_donnes,
)

if TYPE_CHECKING:
    from qualepref_lib.running.lot.conduite import DemandeLot, Finir
    from qualepref_lib.running.lot.etats import EtatSite, Lot
    from qualepref_lib.running.lot.unite import Unite

# Before the commands are declared: click translates some of their texts at that moment.
parler_francais()

DONNEES_REFUSEES, EXECUTION_ECHOUEE = 1, 3
ADRESSE = re.compile(r"(tcp|tls|ws|wss)://[^/\s]+:\d+/?")


@click.command()
@click.argument("campagnes", nargs=-1, metavar="[CAMPAGNE]…")
@option_sortie("les rapports et leur page d’accueil", "reports", type=dossier_ou_adresse)
@click.option(
    "--ordonnanceur",
    metavar="ADRESSE",
    help="L’ordonnanceur Dask à qui confier les sites : tcp://127.0.0.1:8786.",
)
@click.option(
    "--simultanees",
    type=click.IntRange(min=1),
    metavar="NOMBRE",
    help="Sites menés de front sur cette machine (par défaut, un par processeur).",
)
@click.option(
    "--reprendre",
    is_flag=True,
    help="Finir le dernier lot : les mêmes campagnes, les mêmes paramètres.",
)
@click.option(
    "--nettoyer",
    is_flag=True,
    help="Retirer ce que des exécutions interrompues ont laissé, et rien d’autre.",
)
@option_parametres
@option_delai
@option_memoire
@option_tout("rapport")
def lot(
    campagnes: tuple[str, ...],
    sortie: Path | str | None,
    ordonnanceur: str | None,
    simultanees: int | None,
    reprendre: bool,
    nettoyer: bool,
    parametres: tuple[tuple[str, str], ...],
    delai: float,
    memoire: int,
    tout: bool,
) -> None:
    """Faire les rapports de nombreuses campagnes.

    Toutes celles de data/campagnes, ou celles qui sont nommées : un nom, un dossier, un dossier de
    campagnes, un motif, ou l’adresse de l’un d’eux dans un stockage (s3://, sftp://…). Un site qui
    échoue n’arrête pas les autres ; un rapport que rien ne change n’est pas refait. La page
    index.html dit ce que chacun est devenu.

    \b
    Exemples :
      qualepref lot
      qualepref lot essai --sortie essai/rapports --simultanees 4
      qualepref lot "partage/campagnes/*_2027" --ordonnanceur tcp://127.0.0.1:8786
      qualepref lot s3://audits/campagnes --sortie s3://audits/rapports
      qualepref lot --reprendre
    """
    from qualepref_lib.running.lot.conduite import DemandeLot

    autres = bool(campagnes or parametres or tout)
    if reprendre and autres:
        message = "le lot repris a déjà ses campagnes et ses paramètres."
        raise click.BadParameter(message, param_hint="--reprendre")
    if nettoyer:
        if reprendre or autres or ordonnanceur:
            raise click.BadParameter("se donne seule, ou avec --sortie.", param_hint="--nettoyer")
        click.echo(_nettoyer(sortie) or "Rien à retirer.")
        return
    lus = read_donnes(parametres)
    demande = DemandeLot(campagnes, sortie, lus, tout, reprendre, delai, memoire)
    _mener(demande, _executant(ordonnanceur, simultanees))


def _mener(demande: DemandeLot, executant: Any) -> None:
    """The batch, from what dead ones left to the exit code."""
    from qualepref_lib.core.refus import Refus
    from qualepref_lib.running.lot.conduite import run_lot
    from qualepref_lib.running.stockage.erreurs import Injoignable

    with suppress(Refus):  # the batch tells it, with all that is wrong
        if dit := _nettoyer(demande.sortie):
            click.echo(dit, err=True)
    try:
        with Barre("Lot", "sites") as barre:
            mene = run_lot(demande, executant, barre.ouvrir, _Suivi(barre).avancer)
    except Injoignable as panne:
        click.echo(str(panne), err=True)
        raise SystemExit(EXECUTION_ECHOUEE) from None
    _conclure(mene, demande.sortie)


def _nettoyer(sortie: Path | str | None) -> str:
    """Remove what killed runs have left; what to say of it."""
    from qualepref_lib.running.lot.sortie import sweep_sortie
    from qualepref_lib.running.racine import find_racine
    from qualepref_lib.running.restes import dire_restes

    return dire_restes(sweep_sortie(sortie or find_racine() / "reports"))


def _executant(ordonnanceur: str | None, simultanees: int | None) -> Any:
    """Who makes the reports: this machine, or a cluster."""
    if ordonnanceur is None:

        def ici(unites: Sequence[Unite], finir: Finir) -> None:
            from qualepref_lib.running.chaud import stay_alone

            stay_alone()
            from qualepref_lib.running.lot.ici import run_ici

            run_ici(unites, simultanees, finir)

        return ici
    if not ADRESSE.fullmatch(ordonnanceur):
        message = f"« {ordonnanceur} » n’est pas une adresse : tcp://127.0.0.1:8786."
        raise click.BadParameter(message, param_hint="--ordonnanceur")
    from qualepref_lib.running.lot.grappe import Grappe

    return Grappe(ordonnanceur).run


def _conclure(mene: Lot, sortie: Path | str | None) -> None:
    """The summary, where the page is, and the exit code."""
    from qualepref_lib.running.lot.etats import BONS, REFUSE
    from qualepref_lib.running.lot.index import resume
    from qualepref_lib.running.lot.sites import INDEX
    from qualepref_lib.running.racine import find_racine
    from qualepref_lib.running.stockage.adresses import enfant

    lieu = sortie or find_racine() / "reports"
    page = enfant(lieu, INDEX) if isinstance(lieu, str) else lieu / INDEX
    click.echo(f"{resume(mene)} Page d’accueil : {page}")
    rates = [site.etat for site in mene.sites.values() if site.etat not in BONS]
    if rates:
        refuse = all(etat == REFUSE for etat in rates)
        raise SystemExit(DONNEES_REFUSEES if refuse else EXECUTION_ECHOUEE)


class _Suivi:
    """One bar for the whole on a terminal; elsewhere one line a site, failures as errors."""

    def __init__(self, barre: Barre) -> None:
        self.barre = barre

    def avancer(self, site: EtatSite) -> None:
        from qualepref_lib.running.lot.etats import BONS

        bon = site.etat in BONS
        ligne = f"{site.nom} : {_dire(site)}"
        if not self.barre.est_vue:
            click.echo(ligne, err=not bon)
        elif not bon:
            self.barre.dire(ligne)
        self.barre.avancer()


def _dire(site: EtatSite) -> str:
    """« fait en 1,3 s », « refusé — enquete.csv, ligne 4… »."""
    from qualepref_lib.running.lot.index import MOTS, duree

    temps = duree(site.duree_s)
    return MOTS[site.etat] + (f" en {temps}" if temps else "") + (
        f"\n{site.cause}" if site.cause else ""
    )  # fmt: skip
