"""click speaks French: it has translatable messages and ships no translation.

Only the sentences that our commands can print are translated; a test reads every help page and
every usage error to see that no English is left.
"""

from __future__ import annotations

from typing import Any

import click
from click import core, decorators, exceptions, formatting, parser, types

PHRASES = {
    "Usage:": "Usage :",
    "Usage: ": "Usage : ",
    "Options": "Options",
    "Commands": "Commandes",
    "Arguments": "Arguments",
    "Error: {message}": "Erreur : {message}",
    "Error": "Erreur",
    "Show this message and exit.": "Afficher cette aide.",
    "Show the version and exit.": "Afficher la version.",
    "Try '{command} {option}' for help.": "Aide : « {command} {option} ».",
    "Missing argument": "argument manquant :",
    "Missing option": "option manquante :",
    "Missing parameter": "paramètre manquant :",
    "Missing command.": "commande manquante.",
    "Missing {param_type}": "{param_type} manquant",
    "argument": "argument",
    "option": "option",
    "parameter": "paramètre",
    "No such command {name!r}.": "la commande {name!r} n’existe pas.",
    "No such option: {name}": "l’option {name} n’existe pas.",
    "No such option {name!r}.": "l’option {name!r} n’existe pas.",
    "Did you mean {possibility}?": "Vouliez-vous dire {possibility} ?",
    "(Possible options: {possibilities})": "(Options voisines : {possibilities})",
    "(Did you mean one of: {possibilities}?)": "(Voisines : {possibilities})",
    "Got unexpected extra argument ({args})": "argument en trop : {args}",
    "Option {name!r} requires an argument.": "l’option {name!r} attend une valeur.",
    "Option {name!r} does not take a value.": "l’option {name!r} n’attend pas de valeur.",
    "Invalid value: {message}": "valeur refusée : {message}",
    "Invalid value for {param_hint}: {message}": "valeur refusée pour {param_hint} : {message}",
    "{value!r} is not a valid {number_type}.": "{value!r} n’est pas un nombre.",
    "required": "obligatoire",
    "default: {default}": "par défaut : {default}",
    "Aborted!": "Interrompu.",
}
PLURIELS = {
    "Got unexpected extra arguments ({args})": "arguments en trop : {args}",
    "Option {name!r} requires {nargs} arguments.": "l’option {name!r} attend {nargs} valeurs.",
    "(Possible options: {possibilities})": "(Options voisines : {possibilities})",
}


def traduire(phrase: str) -> str:
    """The French of one of click's sentences; the sentence itself when it is not known."""
    return PHRASES.get(phrase, phrase)


def traduire_nombre(un: str, plusieurs: str, n: int) -> str:
    """The same for sentences that agree in number."""
    return traduire(un) if n == 1 else PLURIELS.get(plusieurs, traduire(plusieurs))


def parler_francais() -> None:
    """Replace the translation function that each module of click has imported."""
    modules: tuple[Any, ...] = (core, decorators, exceptions, formatting, parser, types)
    for module in modules:
        if hasattr(module, "_"):
            module._ = traduire
        if hasattr(module, "ngettext"):
            module.ngettext = traduire_nombre
    setattr(click.Group, "collect_usage_pieces", _morceaux_d_usage)  # noqa: B010


def _morceaux_d_usage(groupe: click.Group, contexte: click.Context) -> list[str]:
    return ["[OPTIONS]", "COMMANDE", "[ARGUMENTS]…"]
