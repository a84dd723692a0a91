"""The commands that prepare the audit: a plan to edit, a sample to check.

They import what they need when they run, like those of ``__main__``, which declares them.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from qualepref_lib.running.click_fr import parler_francais
from qualepref_lib.running.options import option_graine, option_jour, option_sortie

if TYPE_CHECKING:
    import datetime as dt

# Before the commands are declared: click translates some of their texts at that moment.
parler_francais()

CACHEES = ("lignes", "phrases")
"""What the command says in its own way, after the rest of the record."""


@click.command("plan-audit")
@click.argument("campagne")
@option_jour("--debut", aide="Premier jour (par défaut, l’audit du calendrier).")
@click.option("--ecrire", is_flag=True, help="Écrire plan_audit.csv dans la campagne.")
def plan_audit(campagne: str, debut: dt.date | None, ecrire: bool) -> None:
    """Proposer le plan d’audit d’une CAMPAGNE.

    Chaque engagement y a son créneau ; le plan se corrige ensuite à la main.

    \b
    Exemples :
      qualepref plan-audit moselle_2022 --debut 2022-04-11
      qualepref plan-audit moselle_2022 --debut 11/04/2022 --ecrire
    """
    from qualepref_lib.campagne import load_campagne
    from qualepref_lib.running import plan_audit as plan

    lue = load_campagne(campagne)
    jours = lue.fiche.site.jours_ouvres.suivants(debut or plan.find_debut(lue))
    creneaux = plan.make_plan_audit(lue, jours)
    if ecrire:
        click.echo(f"Plan d’audit : {plan.write_plan_audit(lue, creneaux)}")
    else:
        click.echo(plan.texte_plan(creneaux), nl=False)


@click.command()
@click.argument("tires", type=int, metavar="NOMBRE")
@click.option(
    "--parmi",
    required=True,
    type=click.Path(path_type=Path),
    metavar="FICHIER",
    help="La liste (CSV) d’où tirer.",
)
@option_graine(required=True)
@option_sortie("les lignes tirées (CSV), et à côté le procès-verbal (JSON)", metavar="FICHIER")
@click.option("--niveau", type=float, default=0.95, metavar="PART", help="Confiance : 0.95.")
@click.option("--nom", default="lignes", metavar="MOT", help="Ce que l’on tire : courriers…")
def tirer(
    tires: int, parmi: Path, graine: int, sortie: Path | None, niveau: float, nom: str
) -> None:
    """Tirer au hasard un NOMBRE de lignes à contrôler.

    Le tirage se refait à l’identique, et la phrase qu’il permet est dite.

    \b
    Exemple :
      qualepref tirer 20 --parmi courriers.csv --graine 2022 --nom courriers --sortie tirage.csv
    """
    from qualepref_lib.running.tirage import make_tirage, write_tirage

    if not 0.5 < niveau < 1:
        raise click.BadParameter("un niveau est entre 0,5 et 1 : 0.95.", param_hint="--niveau")
    tirage = make_tirage(tires, parmi, graine, niveau, nom)
    for cle, valeur in tirage.proces_verbal.items():
        if cle not in CACHEES:
            click.echo(f"{cle:<12} {valeur}")
    click.echo(f"{'lignes':<12} {', '.join(str(ligne) for ligne in tirage.lignes)}")
    for phrase in tirage.phrases:
        click.echo(phrase)
    if sortie:
        click.echo(f"Tirage : {sortie} et {write_tirage(tirage, sortie).name}")
