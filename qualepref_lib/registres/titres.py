"""The register of titles on a given day: each application with its due day, delay and state."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from qualepref_lib.campagne import Campagne
from qualepref_lib.registres.delais import count_jours, find_delais, states_of

SOURCE = "titres"


def suivre(campagne: Campagne, jour: dt.date | None = None) -> pd.DataFrame:
    """The applications made by ``jour`` (the reference date by default); index = line of the file.

    To the columns of the file, where a decision later than ``jour`` is NaT, it adds ``echeance``
    (last day on time, NaT without a rule), ``delai_fixe`` (the delay it comes from, in words),
    ``ouvert`` (not decided by ``jour``), ``delai`` (business days from the application to the
    decision, to ``jour`` while open) and ``etat``, a key of
    :data:`~qualepref_lib.registres.delais.ETATS` that is never « clos ». Raises KeyError when the
    campaign has no register of titles. Rules 3.6.
    """
    le_jour = pd.Timestamp(jour or campagne.fiche.date_reference)
    cadre = campagne.tables[SOURCE].cadre
    cadre = cadre[cadre["date_depot"] <= le_jour].copy()
    cadre["date_decision"] = cadre["date_decision"].where(cadre["date_decision"] <= le_jour)
    depots, decisions = cadre["date_depot"], cadre["date_decision"]
    dus = find_delais(campagne, "titre", depots, titre=cadre["titre"])
    cadre["echeance"], cadre["delai_fixe"] = dus["echeance"], dus["delai"]
    cadre["ouvert"] = decisions.isna()
    cadre["delai"] = count_jours(campagne, depots, decisions.fillna(le_jour))
    jamais = pd.Series(False, index=cadre.index)
    cadre["etat"] = states_of(decisions, dus["echeance"], jamais, le_jour)
    return cadre
