"""The command line: parses, calls, prints. Exit 0 fine, 1 data refused, 2 bad command, 3 failure.

Every command imports what it needs when it runs, so that ``qualepref --help`` answers at once.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from qualepref_lib.running.click_fr import parler_francais
from qualepref_lib.running.commandes_audit import plan_audit, tirer
from qualepref_lib.running.echeances.commandes import echeances
from qualepref_lib.running.enquete.commandes import enquete
from qualepref_lib.running.lot.commandes import lot
from qualepref_lib.running.mystere.commandes import mystere
from qualepref_lib.running.options import (
    option_campagne,
    option_delai,
    option_depuis,
    option_memoire,
    option_parametres,
    option_sortie,
    option_tout,
    read_donnes,
)
from qualepref_lib.running.planification.commandes import planifier
from qualepref_lib.running.registre.commandes import registre
from qualepref_lib.running.reseau.commandes import reseau

if TYPE_CHECKING:
    from qualepref_lib.campagne import Campagne

# Before the commands are declared: click translates some of their texts at that moment.
parler_francais()

DONNEES_REFUSEES, COMMANDE_FAUSSE, EXECUTION_ECHOUEE = 1, 2, 3
AIDE = {"help_option_names": ["-h", "--help", "--aide"], "max_content_width": 100}


@click.group(context_settings=AIDE)
@click.version_option(package_name="qualepref", message="qualepref %(version)s")
def cli() -> None:
    """Atelier d’audit du label Qual-e-Pref.

    \b
    Pour commencer :
      qualepref rapport moselle_2022      le rapport de démonstration
      qualepref labo                      explorer dans JupyterLab
    """


@cli.command()
@click.argument("campagne")
@option_sortie("le rapport", "reports/CAMPAGNE")
@click.option(
    "--chapitre",
    "chapitres",
    multiple=True,
    metavar="CHAPITRE",
    help="Un chapitre seulement (répétable) : 03a, 09_plan_actions…",
)
@option_parametres
@click.option(
    "--moteur",
    default="auto",
    metavar="MOTEUR",
    type=click.Choice(["auto", "chaud", "jupyter"]),
    help="chaud (rapide, sous Linux), jupyter (noyaux ordinaires), auto.",
)
@option_delai
@option_memoire
@option_tout("chapitre")
def rapport(
    campagne: str,
    sortie: Path | None,
    chapitres: tuple[str, ...],
    parametres: tuple[tuple[str, str], ...],
    moteur: str,
    delai: float,
    memoire: int,
    tout: bool,
) -> None:
    """Faire le rapport d’audit d’une CAMPAGNE.

    Un chapitre que rien ne change est repris du rapport précédent, sauf avec --tout.

    \b
    Exemples :
      qualepref rapport moselle_2022
      qualepref rapport moselle_2022 -p date_reference 2022-06-01 --sortie essai
      qualepref rapport moselle_2022 --chapitre 03a --sortie essai
    """
    from qualepref_lib.running.raccourci import find_page

    lus = read_donnes(parametres)
    _retirer_restes(sortie)
    if not tout and (page := find_page(campagne, chapitres, lus, sortie)):
        click.echo(f"Rapport : {page} (rien n’a changé)")
        return
    from qualepref_lib.running.chaud import stay_alone

    stay_alone()
    from qualepref_lib.running.barre import Barre
    from qualepref_lib.running.fabrication import Demande, make_rapport
    from qualepref_lib.running.moteur import Limites

    limites = Limites(delai, memoire)
    demande = Demande(campagne, chapitres, lus, sortie, moteur, tout, limites)
    with Barre("Exécution", "chapitres") as barre:
        page = make_rapport(demande, lambda c: barre.ouvrir(len(c)), lambda _: barre.avancer())
    click.echo(f"Rapport : {page}")


def _retirer_restes(sortie: Path | None) -> None:
    """What killed runs have left beside the report is removed, and told."""
    from qualepref_lib.running.racine import find_racine
    from qualepref_lib.running.restes import dire_restes, sweep_tout

    dossier = sortie.absolute().parent if sortie else find_racine() / "reports"
    if dit := dire_restes(sweep_tout(dossier)):
        click.echo(dit, err=True)


@cli.command()
@click.argument("campagne")
def verifier(campagne: str) -> None:
    """Lister les problèmes d’une CAMPAGNE.

    Toute la campagne est lue ; rien n’est écrit.

    \b
    Exemple :
      qualepref verifier moselle_2022
    """
    from qualepref_lib.campagne import SOURCES, load_campagne
    from qualepref_lib.core.francais import pluriel

    lue = load_campagne(campagne)
    for remarque in lue.remarques:
        click.echo(f"  remarque — {remarque}")
    for code, source in SOURCES.items():
        table = lue.tables.get(code)
        etat = pluriel(len(table.cadre), "ligne") if table else f"absente ({code}.csv)"
        click.echo(f"  {source.libelle} : {etat}")
    _dire_absences(lue)
    click.echo(f"Campagne {lue.fiche.code} : aucun problème.")


@cli.command("nouvelle-campagne")
@click.argument("nom")
@option_depuis("édition, site, preuves, actions et constats ouverts")
def nouvelle_campagne(nom: str, depuis: str | None) -> None:
    """Créer une campagne et ses grilles à remplir.

    \b
    Exemples :
      qualepref nouvelle-campagne metz_2027
      qualepref nouvelle-campagne metz_2028 --depuis metz_2027
    """
    from qualepref_lib.running.creation import write_campagne

    dossier = write_campagne(nom, depuis)
    click.echo(f"Campagne créée : {dossier}")
    click.echo("Remplir campagne.yaml et les CSV, puis : qualepref verifier " + nom)


@cli.command("proposer-constats")
@click.argument("campagne")
def proposer_constats(campagne: str) -> None:
    """Écrire des brouillons de constats, pour l’auditeur.

    Ils partent des faits mesurés dans la CAMPAGNE. Rien n’est qualifié : l’auditeur garde, change
    ou écarte chaque ligne, puis la recopie dans constats.csv avec un type.

    \b
    Exemple :
      qualepref proposer-constats moselle_2022
    """
    from qualepref_lib.core.francais import pluriel
    from qualepref_lib.running.propositions import write_propositions

    chemin, n = write_propositions(campagne)
    if chemin is None:
        click.echo("Aucun fait mesuré n’appelle de brouillon ; rien n’est écrit.")
        return
    click.echo(f"{pluriel(n, 'brouillon')} de constat : {chemin}")
    click.echo("À garder, changer ou écarter, puis à recopier dans constats.csv avec un type.")


cli.add_command(plan_audit)
cli.add_command(tirer)
cli.add_command(mystere)
cli.add_command(registre)
cli.add_command(echeances)
cli.add_command(planifier)
cli.add_command(reseau)
cli.add_command(lot)
cli.add_command(enquete)


@cli.command()
@click.argument("chiffre")
@option_campagne("La campagne du rapport.")
def expliquer(chiffre: str, campagne: str) -> None:
    """Dire de quoi un CHIFFRE du rapport est fait.

    \b
    Exemple :
      qualepref expliquer autodiagnostic.canal.courriers -c moselle_2022
    """
    from qualepref_lib.running.explication import explain

    for nom, valeur in explain(chiffre, campagne):
        click.echo(f"{nom:<14} {valeur}")


@cli.command()
@click.option("--port", type=int, metavar="NUMÉRO", help="Port local de JupyterLab.")
@click.option("--sans-navigateur", is_flag=True, help="Ne pas ouvrir le navigateur.")
@click.argument("suite", nargs=-1, type=click.UNPROCESSED, metavar="[-- OPTIONS DE JUPYTERLAB]")
def labo(port: int | None, sans_navigateur: bool, suite: tuple[str, ...]) -> None:
    """Ouvrir JupyterLab sur les chapitres.

    \b
    Exemples :
      qualepref labo
      qualepref labo --port 8890 -- --ServerApp.ip=127.0.0.1
    """
    from qualepref_lib.running.labo import commande_labo

    raise SystemExit(_lancer([*commande_labo(port, sans_navigateur), *suite]))


def _lancer(arguments: list[str]) -> int:
    import subprocess

    return subprocess.run(arguments, check=False).returncode


def _dire_absences(campagne: Campagne) -> None:
    from qualepref_lib.campagne import SOURCES

    for code, source in SOURCES.items():
        if manque := campagne.manque(code):
            click.echo(f"  chapitre {source.chapitre} : il manque {manque}.")


def main() -> NoReturn:
    """The entry point: errors become a French sentence and an exit code, never a traceback."""
    import signal

    from qualepref_lib.core.refus import Refus

    # A scheduler that stops us must find the old report and no leftover.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(EXECUTION_ECHOUEE))
    try:
        cli.main(prog_name="qualepref", standalone_mode=False)
    except click.ClickException as faute:
        faute.show()
        sys.exit(faute.exit_code)
    except (KeyboardInterrupt, click.Abort):
        click.echo("Interrompu ; rien n’a été remplacé.", err=True)
        sys.exit(EXECUTION_ECHOUEE)
    except Refus as refus:
        click.echo(str(refus), err=True)
        sys.exit(DONNEES_REFUSEES)
    except Exception as erreur:
        sys.exit(_echouer(erreur))
    sys.exit(0)


def _echouer(erreur: Exception) -> int:
    """Say in French what went wrong; a refusal raised in a cell is still a refusal."""
    from qualepref_lib.running.pannes import Echec, dire_erreur_systeme

    if isinstance(erreur, Echec):
        click.echo(str(erreur), err=True)
        refuse = all(panne.est_refus for panne in erreur.pannes)
        return DONNEES_REFUSEES if refuse else EXECUTION_ECHOUEE
    if isinstance(erreur, OSError):
        click.echo(f"Échec : {dire_erreur_systeme(erreur)}", err=True)
        return EXECUTION_ECHOUEE
    click.echo(f"Échec inattendu : {type(erreur).__name__} — {erreur}", err=True)
    return EXECUTION_ECHOUEE


if __name__ == "__main__":
    main()
