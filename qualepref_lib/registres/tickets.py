"""The queue as it was known on a day: what became of each ticket, and how long it waited.

A ticket that is still waiting has waited at least until the last thing that the file tells of that
day. One that left before being called has no known time of leaving: it has no wait at all.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from qualepref_lib.campagne import Campagne, new_bilan
from qualepref_lib.core.bilan import Bilan, Ligne
from qualepref_lib.referentiel import libelles
from qualepref_lib.registres.groupes import Groupe, split_declared
from qualepref_lib.registres.heures import DEMI_HEURE
from qualepref_lib.registres.seuils import seuils_au

SOURCE = "tickets"
SANS_RDV, AVEC_RDV = "sans_rdv", "avec_rdv"


def suivre(campagne: Campagne) -> pd.DataFrame:
    """The tickets taken by the reference date; index = line of the file.

    To the columns of the file it adds ``etat`` (a key of ``ISSUES_TICKET``; a called ticket without
    an outcome was served), ``attente`` (minutes from taken to called, or waited so far; NaN for
    those that left), ``ouvert`` (bool, still waiting: the wait has no end yet), ``demi_heure``
    (rank of the half-hour of arrival, from midnight) and ``seuil`` (minutes not to exceed in that
    queue on that day, NaN without). Raises KeyError when the campaign has no tickets. Rules 3.6.
    """
    cadre = campagne.tables[SOURCE].cadre
    cadre = cadre[cadre["date"] <= pd.Timestamp(campagne.fiche.date_reference)]
    appele = cadre["appele"].notna()
    sans_issue = np.where(appele, "servi", "en_attente")
    etat = cadre["issue"].where(cadre["issue"].notna(), sans_issue)
    ouvert = ~appele & (etat == "en_attente")
    fin = cadre["appele"].where(~ouvert, _derniers(cadre))
    return cadre.assign(
        etat=etat,
        # Whole seconds: 09:00:20 to 09:20:20 is twenty minutes, not a hair more.
        attente=((fin - cadre["pris"]) * 60).round() / 60,
        ouvert=ouvert,
        demi_heure=(cadre["pris"] // DEMI_HEURE).astype("int64"),
        seuil=_seuils(campagne, cadre),
    )


def indicateur_de(file: str) -> str:
    """The code of the indicator of a queue.

    >>> indicateur_de("sans_rdv")
    'tickets.sans_rdv'
    """
    return f"{SOURCE}.{file}"


def count_guichets(cadre: pd.DataFrame) -> pd.DataFrame:
    """Which half-hours each counter was at work in: one row a day, half-hour and counter.

    ``cadre`` is a followed frame. A counter is at work from the call of a ticket to its end (to its
    call only, when the end is not known). Columns ``date``, ``demi_heure``, ``guichet``.
    """
    tenus = cadre[cadre["appele"].notna() & cadre["guichet"].notna()]
    debuts = (tenus["appele"] // DEMI_HEURE).astype("int64").to_numpy()
    # Ended at 10:00 sharp is not at work in the half-hour that starts then.
    fins = np.ceil(tenus["fini"].fillna(tenus["appele"]).to_numpy() / DEMI_HEURE) - 1
    combien = np.maximum(fins.astype("int64") - debuts, 0) + 1
    rangs = np.repeat(np.arange(len(tenus)), combien)
    pas = np.arange(len(rangs)) - np.repeat(combien.cumsum() - combien, combien)
    repetes = {
        "date": tenus["date"].to_numpy()[rangs],
        "demi_heure": debuts[rangs] + pas,
        "guichet": tenus["guichet"].to_numpy()[rangs],
    }
    return pd.DataFrame(repetes).drop_duplicates(ignore_index=True)


def new_bilan_tickets(
    campagne: Campagne, lire: Callable[[pd.DataFrame], list[Ligne]], **contenu: Any
) -> Bilan:
    """A bilan of tickets, whose lines ``lire`` reads off the followed register."""
    lignes = lire(suivre(campagne)) if SOURCE in campagne.tables else []
    vide = "Aucun ticket à la date de référence."
    cadre = {"unite": "ticket", "si_vide": vide, "lignes": lignes}
    return new_bilan(campagne, SOURCE, **(cadre | contenu))


def new_bilan_file(
    campagne: Campagne,
    file: str,
    lire: Callable[[pd.DataFrame], list[Ligne]],
    **contenu: Any,
) -> Bilan:
    """A bilan of one queue; an edition without that queue says so instead of failing."""
    nom = libelles(campagne.referentiel.registres.files).get(file)
    contenu["titre"] = contenu["titre"].format(file=nom or f"de la file « {file} »")
    if nom is None:
        manque = f"la file « {file} » (registres.yaml du référentiel)"
        return new_bilan_tickets(campagne, lambda tickets: [], **contenu, manque=manque)
    return new_bilan_tickets(campagne, lire, **contenu)


def split_files(campagne: Campagne, tickets: pd.DataFrame) -> list[Groupe]:
    """The tickets of each queue, in the order declared."""
    return split_declared(campagne.referentiel.registres.files, tickets, "file")


def split_motifs(campagne: Campagne, tickets: pd.DataFrame) -> list[Groupe]:
    """The tickets of each reason of a visit, those without one last."""
    motifs = campagne.referentiel.registres.motifs_visite
    return split_declared(motifs, tickets, "motif", "motif non indiqué")


def _derniers(cadre: pd.DataFrame) -> pd.Series:
    """The last time that the file tells of the day of each ticket, in minutes since midnight."""
    heures = cadre[["pris", "appele", "fini"]].max(axis=1)
    return heures.groupby(cadre["date"]).transform("max")


def _seuils(campagne: Campagne, cadre: pd.DataFrame) -> pd.Series:
    seuils = pd.Series(np.nan, index=cadre.index)
    registres = campagne.referentiel.registres
    for file in registres.files:
        siens = cadre["file"] == file.code
        propres = seuils_au(
            registres.indicateur(indicateur_de(file.code)), cadre.loc[siens, "date"]
        )
        seuils[siens] = propres
    return seuils
