"""The letters that nobody has answered yet: who keeps them, and which to deal with first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pandas as pd

from qualepref_lib.campagne import Campagne
from qualepref_lib.campagne.listes import new_liste
from qualepref_lib.core.bilan import Bilan, Ligne, Liste, Nuance, Renvoi
from qualepref_lib.core.francais import date_courte, date_longue, pluriel
from qualepref_lib.core.mesures import Repartition
from qualepref_lib.referentiel import libelles
from qualepref_lib.registres.courriers import ECHEANCE, SOURCE, select_a_traiter
from qualepref_lib.registres.envois import (
    ENTETES,
    Axe,
    follow_envois,
    new_bilan_envois,
    split_envois,
)
from qualepref_lib.registres.seuils import numeros

_SITUATIONS: tuple[tuple[str, Nuance], ...] = (
    ("en retard", "ecart"),
    ("échéance proche", "moyen"),
    ("sans accusé de réception", "moyen"),
)
"""What a letter to deal with is in, the most urgent first."""
_OUVERTS = {"en_retard": "en retard", "en_cours": "délai non échu", "sans_regle": "sans délai fixé"}
"""The states of an open letter, and what their columns are called."""


def measure_ouverts(campagne: Campagne, par: Axe = "service") -> Bilan:
    """The open letters of each service, channel or nature: late, or not due yet.

    Groups that have answered everything are left out: nothing waits there.
    """
    groupes = [(c, nom, g[g["ouvert"]]) for c, nom, g in split_envois(campagne, par)]
    vus = [etat for etat in _OUVERTS if any((g["etat"] == etat).any() for _, _, g in groupes)]
    if len(groupes) > 1:
        tous = pd.concat([g for _, _, g in groupes])
        groupes.insert(0, ("total", "Ensemble", tous))
    return new_bilan_envois(
        campagne,
        f"courriers.ouverts.{par}",
        f"Envois sans réponse à la date de référence, par {par}",
        "part = envois dans cet état ÷ envois sans réponse, ni clos, à la date de référence ; "
        f"{ECHEANCE}",
        [
            Ligne(code, nom, Repartition(_compter(g, vus)), numeros(g))
            for code, nom, g in groupes
            if len(g)
        ],
        entete=ENTETES[par],
        si_vide="Aucun envoi sans réponse à la date de référence.",
    )


def list_retards(campagne: Campagne, jour: dt.date | None = None) -> Liste:
    """The letters to deal with on ``jour`` (the reference date by default), the most urgent first.

    Late ones, the most late first; then those due within two business days; then those whose
    acknowledgement is past due. Each letter is told once, by its first situation. The scope says
    when the last letter was received: a register that nobody keeps any more has little to do.
    """
    le_jour = jour or campagne.fiche.date_reference
    lignes, dernier = [], " ; aucun envoi inscrit à cette date"
    for envois in follow_envois(campagne, le_jour):
        lignes = list(_lignes(campagne, select_a_traiter(campagne, envois, le_jour)))
        recu = date_longue(envois["date_reception"].max().date())
        dernier = f" ; dernier envoi inscrit, reçu le {recu}"
    liste = new_liste(
        campagne,
        SOURCE,
        code="courriers.retards",
        titre=f"Envois à traiter au {date_longue(le_jour)}",
        colonnes=("Envoi", "Reçu le", "Canal", "Nature", "Service", "Échéance", "Situation",
                  "Précision"),
        lignes=lignes,
    )  # fmt: skip
    return liste if liste.manque else replace(liste, champ=liste.champ + dernier)


def _compter(ouverts: pd.DataFrame, etats: list[str]) -> dict[str, int]:
    return {_OUVERTS[etat]: int((ouverts["etat"] == etat).sum()) for etat in etats}


def _lignes(campagne: Campagne, a_traiter: pd.DataFrame) -> Iterator[tuple[str | Renvoi, ...]]:
    registres = campagne.referentiel.registres
    canaux, natures = libelles(registres.canaux), libelles(registres.natures)
    for envoi in a_traiter.itertuples():
        situation, nuance = _SITUATIONS[envoi.rang]
        yield (
            envoi.chrono,
            date_courte(envoi.date_reception.date()),
            canaux[envoi.canal],
            natures[envoi.nature],
            envoi.service or "–",
            "–" if pd.isna(envoi.echeance) else date_courte(envoi.echeance.date()),
            Renvoi(situation, statut=nuance),
            _preciser(envoi),
        )


def _preciser(envoi: Any) -> str:
    """How late the letter is, how soon it is due, or since when it should be acknowledged."""
    if envoi.rang == 0:
        return f"{_jours_ouvres(envoi.retard)} de retard"
    if envoi.rang == 1:
        return f"à répondre sous {_jours_ouvres(envoi.reste)}" if envoi.reste else "dernier jour"
    return f"accusé attendu le {date_courte(envoi.echeance_accuse.date())}"


def _jours_ouvres(n: float) -> str:
    # Past due on a Friday, a letter is late on Saturday: no business day has gone by.
    return pluriel(n, "jour ouvré", "jours ouvrés") if n >= 1 else "moins d’un jour ouvré"
