"""The load of a chapter: its parameters are checked, its campaign is read, its dials are turned."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import Any

from qualepref_lib.atelier.lectures import follow, forget_lus
from qualepref_lib.atelier.parametres import check_historique
from qualepref_lib.campagne import Campagne, load_campagne
from qualepref_lib.core.refus import Probleme, Refus
from qualepref_lib.formats.colonnes import Illisible, lire_date

_RETENUES: dict[str, Campagne] = {}
"""Campaigns read by a process that is about to fork: its children find them read."""


def keep_campagne(nom: str) -> None:
    """Read the campaign once for all the chapters that children of this process will run.

    They then tell the same data, even if a file changes while they run. Never called in a
    notebook: there, a cell that is run again reads the files again.
    """
    _RETENUES[nom] = follow(load_campagne(nom))


def load_chapitre(
    campagne: str,
    *,
    date_reference: str = "",
    niveau_confiance: float = 0.0,
) -> Campagne:
    """Read the campaign of a chapter: a name in ``data/campagnes``, or the path of a folder.

    ``date_reference`` (a day) and ``niveau_confiance`` (a share, 0.95) replace those of
    ``campagne.yaml`` unless they are empty or zero. Raises :class:`Refus` for any unknown or
    mistyped parameter and for every problem of the data.
    """
    problemes = check_historique(_historique())
    if problemes:
        raise Refus(*problemes)
    reglages, problemes = _reglages(date_reference, niveau_confiance)
    if problemes:
        raise Refus(*problemes)
    lue = _RETENUES.get(str(campagne)) or load_campagne(campagne)
    reglee = replace(lue, fiche=lue.fiche.model_copy(update=reglages)) if reglages else lue
    forget_lus()
    return reglee


def _reglages(
    date_reference: str, niveau_confiance: float
) -> tuple[dict[str, Any], list[Probleme]]:
    reglages: dict[str, Any] = {}
    problemes = []
    if date_reference:
        try:
            reglages["date_reference"] = lire_date(str(date_reference))
        except Illisible as erreur:
            problemes.append(Probleme("paramètre date_reference", str(erreur)))
    if niveau_confiance:
        if 0.5 < niveau_confiance < 1:
            reglages["niveau_confiance"] = float(niveau_confiance)
        else:
            constat = f"{niveau_confiance} n’est pas un niveau entre 0,5 et 1 (par exemple 0.95)."
            problemes.append(Probleme("paramètre niveau_confiance", constat))
    return reglages, problemes


def _historique() -> list[str]:
    """The cells that the kernel has run so far; none outside a notebook."""
    if "IPython" not in sys.modules:
        return []
    from IPython import get_ipython

    interprete = get_ipython()
    return list(interprete.user_ns.get("In", [])) if interprete is not None else []
