"""The commands of a mystery wave: plan it, print its grids, collect them, follow it.

They import what they need when they run, like those of ``__main__``, which declares them.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from qualepref_lib.running.click_fr import parler_francais
from qualepref_lib.running.options import (
    option_campagne,
    option_format,
    option_graine,
    option_jour,
    option_sortie,
)

if TYPE_CHECKING:
    import datetime as dt

# Before the commands are declared: click translates some of their texts at that moment.
parler_francais()

option_vague = click.option(
    "--vague", required=True, metavar="CODE", help="Le code de la vague : 2022-V2."
)
option_plan = click.option(
    "--plan",
    "fichier",
    type=click.Path(path_type=Path),
    metavar="FICHIER",
    help="Le plan (par défaut, celui de la vague dans la campagne).",
)


@click.group()
def mystere() -> None:
    """Planifier, suivre et relever une vague d’enquêtes mystère.

    \b
    Exemples :
      qualepref mystere plan moselle_2022 --vague 2022-V2 --debut 2022-05-02 --fin 2022-05-31
      qualepref mystere etat moselle_2022 --vague 2022-V2
    """


@mystere.command()
@click.argument("campagne")
@option_vague
@option_jour("--debut", aide="Le premier jour de la vague.", required=True)
@option_jour("--fin", aide="Le dernier jour de la vague.", required=True)
@click.option("--testeurs", default=4, metavar="NOMBRE", help="Combien de testeurs : 4.")
@click.option("--fautes", default=0, metavar="NOMBRE", help="Fautes tolérées par critère : 0.")
@click.option("--confiance", default=0.95, metavar="PART", help="La confiance voulue : 0.95.")
@click.option(
    "--nombre",
    "nombres",
    multiple=True,
    metavar="GRILLE=N",
    help="Le nombre de tests d’une grille (répétable) ; les autres ne sont alors pas faites.",
)
@click.option("--service", "services", multiple=True, metavar="NOM", help="Service (répétable).")
@click.option("--profil", "profils", multiple=True, metavar="NOM", help="Profil (répétable).")
@click.option("--doubles", default=0, metavar="NOMBRE", help="Tests notés par deux testeurs.")
@option_graine()
@click.option("--table", is_flag=True, help="Montrer toutes les tailles de vague.")
@option_sortie("le plan", "mystere/VAGUE dans la campagne")
def plan(
    campagne: str,
    vague: str,
    debut: dt.date,
    fin: dt.date,
    testeurs: int,
    fautes: int,
    confiance: float,
    nombres: tuple[str, ...],
    services: tuple[str, ...],
    profils: tuple[str, ...],
    doubles: int,
    graine: int,
    table: bool,
    sortie: Path | None,
) -> None:
    """Dire combien de tests il faut, et tirer qui fait quoi.

    Le tirage est équilibré (service, jour, créneau, scénario, profil, testeur), refaisable avec la
    même graine, et ne dit aucune cible aux testeurs. Jours fériés, fermetures et horaires du site
    sont respectés.

    \b
    Exemple :
      qualepref mystere plan moselle_2022 --vague 2022-V2 --debut 2022-05-02 --fin 2022-05-31
    """
    from qualepref_lib.campagne import load_campagne
    from qualepref_lib.running.mystere import affectation, annonce
    from qualepref_lib.running.mystere import plan as plans

    _verifier(debut <= fin, "--fin", "la fin précède le début.")
    _verifier(1 <= testeurs <= 99, "--testeurs", "de 1 à 99 testeurs.")
    _verifier(0 < confiance < 1, "--confiance", "une part entre 0 et 1 : 0.95.")
    _verifier(fautes >= 0 and doubles >= 0, "--fautes", "un nombre positif.")
    lue = load_campagne(campagne)
    effectifs = plans.effectifs_de(lue, debut, fautes, confiance, _effectifs(nombres))
    demande = affectation.Demande(
        vague, debut, fin, effectifs, testeurs, plans.services_de(lue, services),
        tuple(profils), doubles, graine,
    )  # fmt: skip
    tests = affectation.assign(lue, demande)
    dossier = sortie or plans.find_plan(lue, vague).parent
    chemin = plans.write_plan(dossier / plans.PLAN, tests)
    for ligne in (
        *annonce.texte_tailles(lue, demande, confiance, table),
        *annonce.texte_equilibre(tests),
        *annonce.texte_fiche(lue, demande),
    ):
        click.echo(ligne)
    click.echo(f"Plan : {chemin} ({len(tests)} lignes, graine {graine})")


@mystere.command()
@click.argument("campagne")
@option_vague
@option_plan
@option_format("extension", "xlsx", "ods")
@option_sortie("les grilles", "le dossier du plan")
def grilles(
    campagne: str, vague: str, fichier: Path | None, extension: str, sortie: Path | None
) -> None:
    """Faire les grilles à remplir : un classeur par testeur, une feuille par canal.

    \b
    Exemple :
      qualepref mystere grilles moselle_2022 --vague 2022-V2 --format ods
    """
    from qualepref_lib.campagne import load_campagne
    from qualepref_lib.running.mystere import grilles as classeurs
    from qualepref_lib.running.mystere import plan as plans

    lue = load_campagne(campagne)
    chemin = fichier or plans.find_plan(lue, vague)
    tests = plans.load_plan(chemin)
    for ecrit in classeurs.write_grilles(lue, tests, sortie or chemin.parent, extension):
        click.echo(f"Grille : {ecrit}")


@mystere.command()
@click.argument("fichiers", nargs=-1, required=True, type=click.Path(path_type=Path))
@option_campagne()
@option_vague
@option_plan
@option_sortie("les fichiers réunis", "le dossier de la campagne")
def collecter(
    fichiers: tuple[Path, ...],
    campagne: str,
    vague: str,
    fichier: Path | None,
    sortie: Path | None,
) -> None:
    """Réunir les GRILLES remplies dans mystere.csv et mystere_tentatives.csv.

    Les lignes de la campagne restent ; une ligne identique n’est gardée qu’une fois ; ce qui se
    contredit est listé, et rien n’est écrit.

    \b
    Exemple :
      qualepref mystere collecter grille_2022-V2_T1.xlsx -c moselle_2022 --vague 2022-V2
    """
    from qualepref_lib.campagne import load_campagne
    from qualepref_lib.running.atomique import write_atomique
    from qualepref_lib.running.mystere import collecte
    from qualepref_lib.running.mystere import plan as plans

    collecte.check_grilles(fichiers)
    lue = load_campagne(campagne)
    tests = plans.load_plan(fichier or plans.find_plan(lue, vague))
    reunies = collecte.collect(lue, tests, fichiers)
    dossier = sortie or lue.dossier
    dossier.mkdir(parents=True, exist_ok=True)
    for source, octets in reunies.octets.items():
        chemin = dossier / f"{source}.csv"
        write_atomique(chemin, octets, remplacer=True)
        click.echo(f"{chemin} : {reunies.lignes[source]} lignes")
    for attente in reunies.attentes:
        click.echo(attente)


@mystere.command()
@click.argument("campagne")
@option_vague
@option_plan
def etat(campagne: str, vague: str, fichier: Path | None) -> None:
    """Dire où en est la vague, et ce dont la réponse est déjà connue.

    \b
    Exemple :
      qualepref mystere etat moselle_2022 --vague 2022-V2
    """
    from qualepref_lib.campagne import load_campagne
    from qualepref_lib.running.mystere import etat as suivi
    from qualepref_lib.running.mystere import plan as plans

    lue = load_campagne(campagne)
    for ligne in suivi.texte_etat(lue, plans.load_plan(fichier or plans.find_plan(lue, vague))):
        click.echo(ligne)


def _effectifs(nombres: tuple[str, ...]) -> dict[str, int]:
    effectifs = {}
    for texte in nombres:
        grille, _, combien = texte.partition("=")
        juste = combien.isdigit() and 1 <= int(combien) <= 10_000
        _verifier(juste, "--nombre", f"« {texte} » : écrire grille=nombre, appel=14.")
        effectifs[grille.strip()] = int(combien)
    return effectifs


def _verifier(juste: bool, option: str, message: str) -> None:
    if not juste:
        raise click.BadParameter(message, param_hint=option)
