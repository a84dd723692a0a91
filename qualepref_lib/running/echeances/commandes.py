"""The command of the calendar: what is due, run it, write it as a calendar file.

It imports what it needs when it runs, like those of ``__main__``, which declares it.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from qualepref_lib.running.click_fr import parler_francais
from qualepref_lib.running.options import option_jour

if TYPE_CHECKING:
    import datetime as dt

# Before the command is declared: click translates some of its texts at that moment.
parler_francais()


@click.command()
@click.argument("campagnes", nargs=-1, metavar="[CAMPAGNE]…")
@option_jour("--date", "jour", aide="Le jour (par défaut, aujourd’hui).")
@click.option("--executer", is_flag=True, help="Faire les rapports dus, une fois chacun.")
@click.option(
    "--ics",
    type=click.Path(path_type=Path),
    metavar="FICHIER",
    help="Écrire l’agenda : étapes, passages, échéances des actions.",
)
def echeances(
    campagnes: tuple[str, ...], jour: dt.date | None, executer: bool, ics: Path | None
) -> None:
    """Dire ce que le calendrier rend dû, et le faire.

    Sans CAMPAGNE, toutes celles du projet qui ne sont pas terminées. Le rapport est dû trente
    jours, sept jours et un jour avant chaque audit et chaque comité, ou quand campagne.yaml le dit.
    Un passage n’est exécuté qu’une fois ; ce qu’une machine éteinte a laissé est rattrapé.

    \b
    Exemples :
      qualepref echeances
      qualepref echeances moselle_2022 --date 2022-03-02
      qualepref echeances --executer
      qualepref echeances metz_2027 --ics agenda.ics
    """
    import datetime as dt

    from qualepref_lib.running.racine import find_racine

    le_jour = jour or dt.date.today()
    if ics is not None and ics.suffix.lower() != ".ics":
        raise click.BadParameter("le nom finit par .ics.", param_hint="--ics")
    racine = find_racine()
    code = 0
    if executer:
        code = _executer(racine, campagnes, le_jour)
    else:
        code = _lister(racine, campagnes, le_jour)
    if ics is not None:
        _ecrire_agenda(racine, campagnes, le_jour, ics)
    raise SystemExit(code)


def _lister(racine: Path, campagnes: tuple[str, ...], jour: dt.date) -> int:
    from qualepref_lib.running.echeances.etat import load_etats
    from qualepref_lib.running.echeances.texte import texte_dernieres, texte_etats
    from qualepref_lib.running.journal import load_journal

    etats = [e for e in load_etats(racine, campagnes, jour) if campagnes or not e.finie]
    if not etats:
        click.echo("Aucune campagne en cours dans data/campagnes.")
    journal = load_journal(racine / "reports")
    for ligne in (*texte_etats(etats), "", *texte_dernieres(journal)):
        click.echo(ligne)
    return 1 if any(etat.refus for etat in etats) else 0


def _executer(racine: Path, campagnes: tuple[str, ...], jour: dt.date) -> int:
    import datetime as dt
    import os

    from qualepref_lib.running.depot import Occupe
    from qualepref_lib.running.echeances.annonce import Annonce
    from qualepref_lib.running.echeances.execution import execute

    if jour > dt.date.today():
        click.echo("Le jour donné est à venir : ses passages seront tenus pour faits.", err=True)
    annonce = Annonce(os.environ, click.echo)
    try:
        suites = execute(racine, campagnes, jour, dire=annonce.dire)
    except Occupe:
        # On the error stream: that one may have been asked for some of the campaigns only.
        dit = "Une autre exécution des échéances est en cours : elle fait ce qui lui est demandé."
        click.echo(dit, err=True)
        return 0
    if not suites:
        click.echo("Rien n’est dû.")
    return max((suite.code for suite in suites), default=0)


def _ecrire_agenda(racine: Path, campagnes: tuple[str, ...], jour: dt.date, ics: Path) -> None:
    from qualepref_lib.core.francais import pluriel
    from qualepref_lib.running.echeances.agenda import write_agenda

    combien = write_agenda(racine, campagnes, jour, ics)
    click.echo(f"Agenda : {ics} ({pluriel(combien, 'événement')})")
