"""The commands of the survey: which column of an export is which question.

They import what they need when they run, like those of ``__main__``, which declares them.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from qualepref_lib.running.click_fr import parler_francais
from qualepref_lib.running.enquete.relecture import relire
from qualepref_lib.running.options import option_depuis

if TYPE_CHECKING:
    from qualepref_lib.running.enquete.association import Ecrite

# Before the commands are declared: click translates some of their texts at that moment.
parler_francais()


@click.group()
def enquete() -> None:
    """Lire l’enquête de satisfaction.

    \b
    Exemple :
      qualepref enquete associer moselle_2022 export.csv
    """


@enquete.command()
@click.argument("campagne")
@click.argument("fichier", type=click.Path(path_type=Path))
@option_depuis("son association")
@click.option("--oui", is_flag=True, help="Accepter sans question ce qui a les mêmes mots.")
@click.option(
    "--lignes-avant", default=0, metavar="NOMBRE", help="Lignes au-dessus de l’en-tête : 0."
)
def associer(
    campagne: str, fichier: Path, depuis: str | None, oui: bool, lignes_avant: int
) -> None:
    """Associer l’export FICHIER au questionnaire d’une CAMPAGNE.

    Chaque colonne est montrée avec ce qu’elle devient et pourquoi ; ce qui n’est pas sûr est
    demandé, ou marqué à confirmer : tant qu’il en reste, l’enquête n’est pas lue. L’association
    est écrite dans le dossier de la campagne, une plus ancienne y est gardée. L’export n’est ni
    changé ni copié.

    \b
    Exemples :
      qualepref enquete associer moselle_2022 export.csv
      qualepref enquete associer metz_2027 enquete.xlsx --depuis metz_2025
      qualepref enquete associer moselle_2022 export.csv --oui
    """
    from qualepref_lib.running.enquete import association
    from qualepref_lib.running.enquete.dialogue import list_points
    from qualepref_lib.running.enquete.proposition import with_valeurs

    dossier, questionnaire, proposition = association.load_proposition(
        campagne, fichier, depuis, lignes_avant
    )
    montree = with_valeurs(proposition, questionnaire)
    click.echo(f"{fichier.name} : {len(proposition.brut)} réponses.")
    for ligne in list_points(montree.choix):
        click.echo(ligne)
    relue = oui
    if not oui and _terminal():
        montree = association.ask(proposition, questionnaire, _demander)
        relue = click.prompt("Écrire cette association ? (o/n)", default="o") == "o"
        if not relue:
            raise click.Abort
    _dire(association.write_association(dossier, fichier, montree, relue))


enquete.add_command(relire)


def _terminal() -> bool:
    """Whether somebody can answer."""
    return sys.stdin.isatty()


def _demander(question: str, defaut: str) -> str:
    reponse: str = click.prompt(question, default=defaut)
    return reponse


def _dire(ecrite: Ecrite) -> None:
    from qualepref_lib.core.francais import pluriel

    if ecrite.ancienne:
        click.echo(f"L’association précédente est gardée : {ecrite.ancienne}")
    click.echo(f"Association : {ecrite.chemin}")
    if ecrite.attendus:
        reste = pluriel(ecrite.attendus, "point à confirmer", "points à confirmer")
        click.echo(f"{reste} : corriger le fichier, retirer ces lignes de « a_confirmer ».")
    if not ecrite.lue:
        click.echo("Mettre l’export dans le dossier de la campagne, sous le nom enquete.csv")
        click.echo("(ou enquete.xlsx, enquete.ods) : c’est là qu’il est lu.")
    click.echo(f"Puis : qualepref verifier {ecrite.chemin.parent.name}")
