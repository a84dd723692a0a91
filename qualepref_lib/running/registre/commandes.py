"""The commands of the mail register: a new one, several put together, the list of the day.

They import what they need when they run, like those of ``__main__``, which declares them.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from qualepref_lib.running.click_fr import parler_francais
from qualepref_lib.running.options import option_campagne, option_format, option_jour, option_sortie

if TYPE_CHECKING:
    import datetime as dt

# Before the commands are declared: click translates some of their texts at that moment.
parler_francais()


@click.group()
def registre() -> None:
    """Tenir et réunir les registres des courriers.

    \b
    Exemples :
      qualepref registre nouveau moselle_2022
      qualepref registre retards moselle_2022
    """


@registre.command()
@click.argument("campagne")
@option_sortie("le classeur, en .xlsx ou en .ods", "registre_ANNÉE.xlsx", metavar="FICHIER")
@click.option(
    "--annee",
    type=int,
    metavar="ANNÉE",
    help="L’année du registre (par défaut, celle de la date de référence).",
)
@click.option("--service", default="", metavar="NOM", help="Le service, s’il est seul à le tenir.")
@click.option(
    "--prefixe",
    metavar="LETTRES",
    help="Le début du chrono (ACC pour ACC-2022-0001) ; par défaut, tiré du service.",
)
@click.option("--lignes", default=500, metavar="NOMBRE", help="Lignes numérotées d’avance : 500.")
@click.option(
    "--premier",
    default=1,
    metavar="NOMBRE",
    help="Le premier numéro : 501 pour continuer un registre de 500 lignes.",
)
def nouveau(
    campagne: str,
    sortie: Path | None,
    annee: int | None,
    service: str,
    prefixe: str | None,
    lignes: int,
    premier: int,
) -> None:
    """Créer le registre des courriers d’une année.

    Un classeur à remplir : numéros, listes déroulantes, échéances calculées avec les jours fériés
    du site, retards signalés. Un fichier qui existe n’est jamais remplacé.

    \b
    Exemples :
      qualepref registre nouveau moselle_2022
      qualepref registre nouveau moselle_2022 --annee 2023 --sortie registre.ods
      qualepref registre nouveau moselle_2022 --service Accueil --lignes 2000
    """
    from qualepref_lib.campagne import load_campagne
    from qualepref_lib.running.registre import creation

    service = " ".join(service.split())
    debut = creation.prefixe_de(service) if prefixe is None else prefixe.upper()
    _verifier_nombre("--lignes", lignes, 1, creation.NUMERO_MAXI)
    _verifier_nombre("--premier", premier, 1, creation.NUMERO_MAXI + 1 - lignes)
    if debut and not creation.PREFIXE.fullmatch(debut):
        message = "un préfixe a de 1 à 8 lettres sans accent ou chiffres : ACC."
        raise click.BadParameter(message, param_hint="--prefixe")
    if len(service) > creation.SERVICE_MAXI:
        message = f"un nom de service a {creation.SERVICE_MAXI} signes au plus."
        raise click.BadParameter(message, param_hint="--service")
    if sortie is not None:
        _verifier_format("--sortie", sortie, creation.FORMATS)
    if annee is not None:
        _verifier_nombre("--annee", annee, 1991, 2099)
    lue = load_campagne(campagne)
    an = annee or lue.fiche.date_reference.year
    chemin = sortie or Path("_".join(filter(None, ("registre", debut, str(an)))) + ".xlsx")
    chronos = [creation.chrono(an, rang, debut) for rang in range(premier, premier + lignes)]
    creation.write_registre(lue, chemin, an, chronos, service)
    click.echo(f"Registre : {chemin}")
    click.echo(f"Chronos : {chronos[0]} à {chronos[-1]}. Le mode d’emploi est dans le classeur.")


@registre.command()
@click.argument("registres", nargs=-1, required=True, type=click.Path(path_type=Path))
@option_sortie("le registre réuni, en .csv, .xlsx ou .ods", metavar="FICHIER", required=True)
@option_campagne("La campagne : ses listes, ses délais, son site.")
@click.option("--remplacer", is_flag=True, help="Remplacer la sortie si elle existe.")
def fusionner(registres: tuple[Path, ...], sortie: Path, campagne: str, remplacer: bool) -> None:
    """Réunir les REGISTRES de plusieurs services.

    Classeurs ou CSV. Un envoi présent dans plusieurs registres n’est gardé qu’une fois, ses cases
    vides complétées ; s’ils se contredisent, chaque contradiction est dite et rien n’est écrit.

    \b
    Exemples :
      qualepref registre fusionner accueil.ods titres.xlsx -o courriers.csv -c moselle_2022
      qualepref registre fusionner a.csv b.csv -o courriers.csv --remplacer -c moselle_2022
    """
    from qualepref_lib.core.francais import pluriel
    from qualepref_lib.running.registre import reunion
    from qualepref_lib.running.registre.lecture import load_cadre_de

    _verifier_format("--sortie", sortie, reunion.FORMATS)
    faite, remarques = reunion.write_reunion(registres, sortie, load_cadre_de(campagne), remplacer)
    for remarque in remarques:
        click.echo(f"  remarque — {remarque}")
    for phrase in reunion.phrases(faite, len(registres)):
        click.echo(phrase)
    click.echo(f"Registre réuni : {sortie} ({pluriel(len(faite.cadre), 'envoi')})")


@registre.command()
@click.argument("campagne")
@option_jour("--date", "jour", aide="Le jour (par défaut, aujourd’hui).")
@click.option(
    "--registre",
    "registres",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FICHIER",
    help="Un registre partagé, à la place de celui de la campagne ; plusieurs sont réunis.",
)
@option_format("forme", "texte", "csv")
@click.option(
    "--page",
    type=click.Path(path_type=Path),
    metavar="FICHIER",
    help="Écrire aussi la liste dans une page HTML ; celle de la veille est remplacée.",
)
def retards(
    campagne: str, jour: dt.date | None, registres: tuple[Path, ...], forme: str, page: Path | None
) -> None:
    """Donner la liste du jour d’une CAMPAGNE.

    Les envois en retard, ceux à répondre sous deux jours ouvrés, et ceux dont l’accusé de
    réception n’est pas parti à temps. Les registres sont lus là où ils sont, sans être modifiés ;
    la période de l’audit ne les arrête pas.

    \b
    Exemples :
      qualepref registre retards moselle_2022 --date 01/04/2022
      qualepref registre retards moselle_2022 --registre accueil.ods --registre titres.xlsx
      qualepref registre retards moselle_2022 --format csv > retards.csv
      qualepref registre retards moselle_2022 --page retards.html
    """
    import datetime as dt

    from qualepref_lib.analyses.courriers_ouverts import list_retards
    from qualepref_lib.running.atomique import write_atomique
    from qualepref_lib.running.registre import retards as daily
    from qualepref_lib.running.registre.tenus import load_tenus

    le_jour = jour or dt.date.today()
    if page is not None:
        _verifier_format("--page", page, (".html", ".htm"))
    lue, remarques = load_tenus(campagne, registres)
    for remarque in remarques:
        click.echo(f"  remarque — {remarque}", err=True)
    liste = list_retards(lue, le_jour)
    daily.check_presente(liste)
    ecrire = daily.csv_retards(liste) if forme == "csv" else daily.texte_retards(liste)
    click.echo(ecrire, nl=False)
    if page is not None:
        from qualepref_lib.running.registre.page_retards import render_retards

        html = render_retards(liste, le_jour, lue.fiche.site.libelle, lue.fiche.demonstration)
        write_atomique(page, html.encode(), remplacer=True)
        click.echo(f"Page : {page}", err=True)


def _verifier_nombre(option: str, valeur: int, mini: int, maxi: int) -> None:
    if not mini <= valeur <= maxi:
        raise click.BadParameter(f"un nombre de {mini} à {maxi}.", param_hint=option)


def _verifier_format(option: str, chemin: Path, formats: tuple[str, ...]) -> None:
    if chemin.suffix.lower() not in formats:
        message = f"le nom finit par {' ou '.join(formats)}."
        raise click.BadParameter(message, param_hint=option)
