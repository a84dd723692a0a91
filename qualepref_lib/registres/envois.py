"""The letters of the register as analyses take them: whole, group by group, as rates."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Literal

import pandas as pd

from qualepref_lib.campagne import Campagne, new_bilan
from qualepref_lib.core.bilan import Bilan, Ligne
from qualepref_lib.core.mesures import Taux
from qualepref_lib.registres.courriers import SOURCE, suivre
from qualepref_lib.registres.delais import ECHUS
from qualepref_lib.registres.groupes import Groupe, split_declared, split_services
from qualepref_lib.registres.seuils import numeros

Axe = Literal["canal", "nature", "service"]
"""What letters are told by."""
ENTETES = {"canal": "Canal", "nature": "Nature", "service": "Service"}
RECLAMATION = "reclamation"
"""The nature of letters that the list of motives is about."""


def follow_envois(campagne: Campagne, jour: dt.date | None = None) -> Iterator[pd.DataFrame]:
    """The followed register; nothing without it, or without a letter by then: no line either."""
    envois = suivre(campagne, jour) if SOURCE in campagne.tables else pd.DataFrame()
    if len(envois):
        yield envois


def split_envois(campagne: Campagne, par: Axe) -> list[Groupe]:
    """The letters by channel, nature or service, in the order in which these are told."""
    registres = campagne.referentiel.registres
    decouper: dict[str, Callable[[pd.DataFrame], list[Groupe]]] = {
        "canal": lambda envois: split_declared(registres.canaux, envois, "canal"),
        "nature": lambda envois: split_declared(registres.natures, envois, "nature"),
        "service": split_services,
    }
    return [groupe for envois in follow_envois(campagne) for groupe in decouper[par](envois)]


def new_taux(envois: pd.DataFrame, etat: str = "etat") -> Taux:
    """Kept delays out of the letters that are answered or past due (rules 3.6)."""
    etats = envois[etat]
    return Taux(int((etats == "tenu").sum()), int(etats.isin(ECHUS).sum()))


def new_ligne_taux(code: str, libelle: str, envois: pd.DataFrame, etat: str = "etat") -> Ligne:
    """The line of a kept-delay rate, with the letters that it is out of."""
    echus = envois[envois[etat].isin(ECHUS)]
    return Ligne(code, libelle, new_taux(envois, etat), numeros(echus))


def new_bilan_envois(
    campagne: Campagne,
    code: str,
    titre: str,
    formule: str,
    lignes: Sequence[Ligne],
    **contenu: Any,
) -> Bilan:
    """A bilan of letters, in the words that all of them share."""
    cadre = {
        "unite": "envoi",
        "entetes_taux": ("Dans le délai", "Base", "Taux"),
        "si_vide": "Aucun envoi à la date de référence.",
    }
    autres = {"code": code, "titre": titre, "formule": formule, "lignes": lignes}
    return new_bilan(campagne, SOURCE, **(cadre | contenu | autres))
