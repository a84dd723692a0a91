"""Options that several commands share, and how the parameters typed with ``-p`` are read."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click

from qualepref_lib.running.click_fr import parler_francais
from qualepref_lib.running.stockage.adresses import est_adresse

# Before the options are declared: click translates some of their texts at that moment.
parler_francais()


def dossier_ou_adresse(texte: str) -> Path | str:
    """The type of an option: a folder, or the address of one in a store, left as it is typed."""
    return texte if est_adresse(texte) else Path(texte)


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
