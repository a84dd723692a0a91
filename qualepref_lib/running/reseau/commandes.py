"""The commands about many sites.

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


@click.group()
def reseau() -> None:
    """Travailler sur un réseau de sites.

    \b
    Exemples :
      qualepref reseau exporter moselle_2022
      qualepref reseau comparer recus --sortie comparaison.html
      qualepref reseau generer 120 --sortie essai
    """


@reseau.command()
@click.argument("sites", type=click.IntRange(1, 9999), metavar="NOMBRE")
@option_sortie("les campagnes", "reseau_essai", default=Path("reseau_essai"))
@option_graine()
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


@reseau.command()
@click.argument("campagne")
@option_sortie("le fichier", "agregat_CAMPAGNE.json", metavar="FICHIER")
@option_jour("--date", "jour", aide="Le jour où l’on se place (par défaut, celui de la campagne).")
def exporter(campagne: str, sortie: Path | None, jour: dt.date | None) -> None:
    """Écrire ce que le site partage : des effectifs, masqués s’ils sont petits.

    Le fichier ne contient ni ligne, ni nom, ni verbatim. Un indicateur de moins de dix cas n’y est
    pas, ni un effectif de moins de cinq répondants. Il est lisible : le relire avant de l’envoyer.

    \b
    Exemple :
      qualepref reseau exporter moselle_2022 --sortie agregat_moselle_2022.json
    """
    from qualepref_lib.core.francais import pluriel
    from qualepref_lib.running.reseau.partage import write_agregat

    chemin, agregat = write_agregat(campagne, sortie, jour.isoformat() if jour else "")
    masques = sum(bool(i.masque) for i in agregat.indicateurs)
    partages = pluriel(len(agregat.indicateurs) - masques, "indicateur")
    click.echo(f"{partages}, {pluriel(masques, 'masqué')} : {chemin}")


@reseau.command()
@click.argument(
    "fichiers", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FICHIERS…"
)
@option_sortie("la page", "comparaison.html", metavar="PAGE", default=Path("comparaison.html"))
def comparer(fichiers: tuple[Path, ...], sortie: Path) -> None:
    """Comparer les sites dont on a reçu les FICHIERS (ou des dossiers de fichiers).

    Une page d’entonnoirs : chaque site face au taux commun, avec les limites du hasard pour sa
    base. Aucun classement ; un site sous la base minimale n’est pas montré.

    \b
    Exemples :
      qualepref reseau comparer recus
      qualepref reseau comparer agregat_*.json --sortie comparaison_2026.html
    """
    from qualepref_lib.core.francais import pluriel
    from qualepref_lib.running.reseau.page import write_comparaison

    indicateurs, sites = write_comparaison(fichiers, sortie)
    compares = pluriel(indicateurs, "indicateur comparé", "indicateurs comparés")
    click.echo(f"{pluriel(sites, 'site')}, {compares} : {sortie}")
