"""Options that several commands share, declared once, and how what is typed there is read."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from qualepref_lib.running.click_fr import parler_francais
from qualepref_lib.running.stockage.adresses import est_adresse

if TYPE_CHECKING:
    import datetime as dt

# Before the options are declared: click translates some of their texts at that moment.
parler_francais()


def dossier_ou_adresse(texte: str) -> Path | str:
    """The type of an option: a folder, or the address of one in a store, left as it is typed."""
    return texte if est_adresse(texte) else Path(texte)


Decorateur = Callable[[Any], Any]


def option_sortie(
    quoi: str, par_defaut: str = "", metavar: str = "DOSSIER", **reglages: Any
) -> Decorateur:
    """``-o``, ``--sortie``: where ``quoi`` is written; ``par_defaut`` is said, in words."""
    sinon = f" (par défaut, {par_defaut})" if par_defaut else ""
    reglages = {"type": click.Path(path_type=Path)} | reglages
    return click.option(
        "-o", "--sortie", metavar=metavar, help=f"Où écrire {quoi}{sinon}.", **reglages
    )


def option_campagne(quoi: str = "La campagne.") -> Decorateur:
    """``-c``, ``--campagne``, for the commands whose argument is something else."""
    return click.option("-c", "--campagne", required=True, metavar="CAMPAGNE", help=quoi)


def option_graine(**reglages: Any) -> Decorateur:
    """``--graine``: the same draw again; 1 unless it must be given."""
    if not reglages.get("required"):
        reglages["default"] = 1
    sinon = " (par défaut, 1)" if "default" in reglages else ""
    aide = f"Le nombre qui permet de refaire le même tirage{sinon}."
    return click.option("--graine", type=int, metavar="ENTIER", help=aide, **reglages)


def option_jour(nom: str, *noms: str, aide: str, **reglages: Any) -> Decorateur:
    """A day, as people write it; the command receives a date, or None."""

    def lire(
        contexte: click.Context, parametre: click.Parameter, texte: str | None
    ) -> dt.date | None:
        if not texte:
            return None
        from qualepref_lib.core.valeurs import Illisible, lire_date

        try:
            return lire_date(texte)
        except Illisible as erreur:
            raise click.BadParameter(str(erreur), param_hint=nom) from None

    return click.option(nom, *noms, metavar="JOUR", help=aide, callback=lire, **reglages)


def option_format(nom: str, *choix: str) -> Decorateur:
    """``--format``: one of ``choix``, the first unless told otherwise."""
    aide = f"{', '.join(choix[:-1])} ou {choix[-1]} (par défaut, {choix[0]})."
    return click.option(
        "--format", nom, default=choix[0], type=click.Choice(choix), metavar="FORMAT", help=aide
    )


def option_depuis(quoi: str) -> Decorateur:
    """``--depuis``: an older campaign, and what is taken over from it."""
    return click.option("--depuis", metavar="CAMPAGNE", help=f"Campagne à reprendre : {quoi}.")


def option_tout(quoi: str) -> Decorateur:
    """``--tout``: what nothing has changed is made again too."""
    return click.option("--tout", is_flag=True, help=f"Refaire chaque {quoi}, même inchangé.")


option_parametres = click.option(
    "-p",
    "--parametre",
    "parametres",
    nargs=2,
    multiple=True,
    metavar="NOM VALEUR",
    help="Un paramètre des chapitres (répétable).",
)
option_delai = click.option(
    "--delai",
    type=click.FloatRange(min=0, min_open=True),
    default=600.0,
    metavar="SECONDES",
    help="Le temps accordé à chaque chapitre : 600.",
)
option_memoire = click.option(
    "--memoire",
    type=click.IntRange(min=0),
    default=0,
    metavar="MIO",
    help="La mémoire accordée à chaque chapitre, en plus du départ ; 0, sans limite.",
)


def read_donnes(parametres: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Parameters as typed: numbers are numbers, everything else is text.

    >>> read_donnes([("niveau_confiance", "0,9"), ("date_reference", "2022-04-01")])
    {'niveau_confiance': 0.9, 'date_reference': '2022-04-01'}
    """
    return {nom: _valeur(nom, texte) for nom, texte in parametres}


def _valeur(nom: str, texte: str) -> Any:
    try:
        valeur = ast.literal_eval(texte.replace(",", ".", 1))
    except (ValueError, SyntaxError):
        return texte
    return valeur if isinstance(valeur, int | float) and nom != "campagne" else texte
