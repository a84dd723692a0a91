"""The commands about many sites.

They import what they need when they run, like those of ``__main__``, which declares them.
"""

from __future__ import annotations

from pathlib import Path

import click

from qualepref_lib.running.click_fr import parler_francais

# Before the commands are declared: click translates some of their texts at that moment.
parler_francais()


@click.group()
def reseau() -> None:
    """Travailler sur un réseau de sites.

    \b
    Exemple :
      qualepref reseau generer 120 --sortie essai
    """


@reseau.command()
@click.argument("sites", type=click.IntRange(1, 9999), metavar="NOMBRE")
@click.option(
    "--sortie",
    default=Path("reseau_essai"),
    type=click.Path(path_type=Path),
    metavar="DOSSIER",
    help="Où créer les campagnes (par défaut, reseau_essai).",
)
@click.option("--graine", default=1, metavar="ENTIER", help="La graine du hasard : 1.")
@click.option(
    "--modele",
    default="moselle_2022",
    metavar="CAMPAGNE",
    help="La campagne dont les lignes servent de modèle : moselle_2022.",
)
def generer(sites: int, sortie: Path, graine: int, modele: str) -> None:
    """Créer un NOMBRE de campagnes inventées, pour des essais.

    Chaque site a sa taille et son niveau, tirés au hasard ; la même graine donne les mêmes
    fichiers. Une campagne qui existe n’est jamais remplacée.

    \b
    Exemples :
      qualepref reseau generer 120 --sortie essai
      qualepref lot essai --sortie essai/rapports
    """
    from qualepref_lib.core.francais import pluriel
    from qualepref_lib.running.reseau.generer import write_reseau

    dossiers = write_reseau(sites, sortie, graine, modele)
    click.echo(f"{pluriel(len(dossiers), 'campagne')} d’essai : {dossiers[0].parent}")
