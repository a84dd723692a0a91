"""The register of calls as it was known on a day: what each row weighs, and what it was about.

A row is one call, or stands for several calls of an hour or a day (``nombre``). Shares weigh every
row by its calls; a wait is only read on calls that are written one by one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd

from qualepref_lib.campagne import Campagne, new_bilan
from qualepref_lib.core.bilan import Bilan, Ligne
from qualepref_lib.registres.seuils import seuils_au

SOURCE = "appels"
DECROCHES, ATTENTE = "appels.decroches", "appels.attente"
UN_PAR_UN = "appels inscrits un par un ; un groupe d’appels n’a pas d’attente propre"
"""Which calls have a wait, in the words of a formula."""


def suivre(campagne: Campagne) -> pd.DataFrame:
    """The calls received by the reference date; index = line of the file.

    To the columns of the file it adds ``poids`` (int, calls that the row stands for), ``seul``
    (bool, the row is a call written by itself), ``agent`` (bool, an agent was asked for),
    ``repondu`` (bool, an agent handled it, which also makes it a call for an agent), ``transferes``
    (int, calls passed on to someone else) and ``seuil`` (seconds not to exceed on that day, NaN
    without). Raises KeyError when the campaign has no register of calls. Rules 3.6.
    """
    cadre = campagne.tables[SOURCE].cadre
    cadre = cadre[cadre["date"] <= pd.Timestamp(campagne.fiche.date_reference)]
    issues = campagne.referentiel.registres.issues_appel
    repondu = cadre["issue"].isin([i.code for i in issues if i.repondu])
    poids = cadre["nombre"].fillna(1).astype("int64")
    transferts = cadre["transferts"].fillna(0).astype("int64")
    return cadre.assign(
        poids=poids,
        seul=_seuls(cadre),
        repondu=repondu,
        agent=repondu | cadre["issue"].isin([i.code for i in issues if i.agent]),
        transferes=transferts.clip(upper=poids).where(repondu, 0),
        seuil=seuils_au(campagne.referentiel.registres.indicateur(ATTENTE), cadre["date"]),
    )


def new_bilan_appels(
    campagne: Campagne, lire: Callable[[pd.DataFrame], list[Ligne]], **contenu: Any
) -> Bilan:
    """A bilan of calls, whose lines ``lire`` reads off the followed register when there is one."""
    lignes = lire(suivre(campagne)) if SOURCE in campagne.tables else []
    vide = "Aucun appel à la date de référence."
    cadre = {"unite": "appel", "si_vide": vide, "lignes": lignes}
    return new_bilan(campagne, SOURCE, **(cadre | contenu))


def _seuls(cadre: pd.DataFrame) -> pd.Series:
    """The rows that are a call written by itself.

    On a day that is told by groups, a group of one is no exception: it comes from the quiet hours,
    and to judge the day by it would flatter the service.
    """
    par_groupes = (cadre["nombre"] > 1).groupby(cadre["date"]).transform("any")
    return cadre["nombre"].isna() | ((cadre["nombre"] == 1) & ~par_groupes)
