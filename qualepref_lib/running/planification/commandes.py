"""The command that prints, installs or removes the daily entry of a scheduler."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from qualepref_lib.running.click_fr import parler_francais

if TYPE_CHECKING:
    from qualepref_lib.running.planification.programme import Programme

# Before the command is declared: click translates some of its texts at that moment.
parler_francais()

OUTILS = ("cron", "systemd", "windows")


@click.command()
@click.argument("outil", type=click.Choice(OUTILS), metavar="OUTIL")
@click.option("--heure", default="06:30", metavar="HEURE", help="L’heure de chaque jour : 06:30.")
@click.option("--installer", is_flag=True, help="L’écrire pour l’utilisateur courant.")
@click.option("--retirer", is_flag=True, help="L’enlever.")
def planifier(outil: str, heure: str, installer: bool, retirer: bool) -> None:
    """Faire exécuter les échéances chaque jour.

    OUTIL est cron, systemd ou windows. Sans option, ce qu’il faut lui donner est imprimé, et rien
    n’est modifié. Installer deux fois ne change rien de plus ; seul ce qui est à nous est touché.

    \b
    Exemples :
      qualepref planifier cron
      qualepref planifier systemd --heure 06:30 --installer
      qualepref planifier windows --retirer
    """
    from qualepref_lib.running.planification.programme import Echoue, find_programme
    from qualepref_lib.running.racine import find_racine

    if installer and retirer:
        raise click.BadParameter("l’un ou l’autre.", param_hint="--installer et --retirer")
    try:
        programme = find_programme(find_racine(), heure)
    except ValueError as erreur:
        raise click.BadParameter(str(erreur), param_hint="--heure") from None
    try:
        if installer:
            _dire(_agir(outil, "install", programme), "Installé", "Déjà installé", programme)
        elif retirer:
            _dire(_agir(outil, "remove", programme), "Retiré", "Rien à retirer", programme)
        else:
            click.echo(_texte(outil, programme), nl=False)
    except Echoue as erreur:
        click.echo(f"Échec : {erreur}", err=True)
        raise SystemExit(3) from None


def _agir(outil: str, verbe: str, programme: Programme) -> bool:
    from importlib import import_module

    module = import_module(f"qualepref_lib.running.planification.{outil}")
    return bool(getattr(module, f"{verbe}_{outil}")(programme))


def _texte(outil: str, programme: Programme) -> str:
    from qualepref_lib.running.planification.cron import render_cron
    from qualepref_lib.running.planification.systemd import dossier_unites, render_systemd
    from qualepref_lib.running.planification.windows import render_windows

    if outil == "cron":
        return render_cron(programme)
    if outil == "windows":
        return render_windows(programme)
    unites = render_systemd(programme).items()
    return "\n".join(f"# {dossier_unites() / nom}\n{texte}" for nom, texte in unites)


def _dire(change: bool, oui: str, non: str, programme: Programme) -> None:
    heure = f"{programme.heure:02d}:{programme.minute:02d}"
    suite = f", chaque jour à {heure}" if oui == "Installé" else ""
    click.echo(f"{oui if change else non} : {programme.nom}{suite}.")
