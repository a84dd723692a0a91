"""The register of mail week by week: the delays kept, and the letters that wait (rules 3.6)."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from qualepref_lib.campagne import Campagne, new_bilan
from qualepref_lib.core.bilan import Bilan, Ligne
from qualepref_lib.core.mesures import Effectif
from qualepref_lib.registres.courriers import (
    FORMULE_TENUS,
    SOURCE,
    select_semaines_echues,
    suivre,
)
from qualepref_lib.registres.semaines import (
    FORMULE_CARTE,
    code_semaine,
    follow_weeks,
    libelle_semaine,
    mondays_of,
    tell_reperes,
)
from qualepref_lib.registres.seuils import numeros

INDICATEUR = "courriers.delais_tenus"
"""The indicator whose declared baselines judge the weeks."""
SEMAINES = 53
"""How many weeks of backlog are told: a year, and the same week of the year before."""


def measure_suivi_courriers(campagne: Campagne) -> Bilan:
    """The kept-delay rate of each week of reception, judged by its control chart.

    Only weeks whose letters are all past due: of a younger one, only the quick answers are known.
    """
    lignes: list[Ligne] = []
    reperes = campagne.fiche.reperes_de(INDICATEUR)
    if SOURCE in campagne.tables:
        juges = select_semaines_echues(suivre(campagne), campagne.fiche.date_reference)
        lignes = follow_weeks(juges["lundi"], juges["etat"] == "tenu", reperes)
    bilan = new_bilan(
        campagne,
        SOURCE,
        code="courriers.suivi",
        titre="Réponses dans le délai, par semaine de réception",
        unite="envoi",
        formule=f"pour chaque semaine de réception, du lundi au dimanche : {FORMULE_TENUS} ; une "
        "semaine n’est jugée qu’une fois passées les échéances de tous ses envois, car d’une "
        "semaine plus récente on ne connaît que les réponses rapides ; une semaine sans envoi à "
        f"juger n’a pas de point ; {FORMULE_CARTE}",
        lignes=lignes,
        entete="Semaine",
        entetes_taux=("Dans le délai", "Base", "Taux"),
        si_vide="Aucune semaine de réception n’a toutes ses échéances passées.",
    )
    champ = f"{bilan.champ} ; semaines dont toutes les échéances sont passées"
    return tell_reperes(replace(bilan, champ=champ), reperes)


def measure_arriere_courriers(campagne: Campagne) -> Bilan:
    """How many letters were open at each week's end, for the last 53 weeks at most."""
    return new_bilan(
        campagne,
        SOURCE,
        code="courriers.arriere",
        titre="Envois sans réponse à la fin de chaque semaine",
        unite="envoi",
        formule="nombre d’envois reçus et encore sans réponse le dimanche soir ou, pour la semaine "
        f"en cours, à la date de référence ; {SEMAINES} dernières semaines au plus ; un envoi clos "
        "sans réponse n’a pas de date de clôture : il n’est compté dans aucune semaine ; les "
        "envois antérieurs à la première ligne du registre sont inconnus",
        lignes=_lignes_arriere(campagne) if SOURCE in campagne.tables else [],
        entete="Semaine",
        si_vide="Aucun envoi à la date de référence.",
    )


def _lignes_arriere(campagne: Campagne) -> list[Ligne]:
    jour = pd.Timestamp(campagne.fiche.date_reference)
    envois = suivre(campagne)
    actifs = envois[envois["etat"] != "clos"]
    lignes = []
    for lundi in _derniers_lundis(envois, jour):
        fin = min(lundi + pd.Timedelta(days=6), jour)
        ouverts = actifs[(actifs["date_reception"] <= fin) & ~(actifs["date_reponse"] <= fin)]
        code, libelle = code_semaine(lundi.date()), libelle_semaine(lundi.date())
        mesure = Effectif(len(ouverts), "envoi", "envois")
        lignes.append(Ligne(code, libelle, mesure, numeros(ouverts)))
    return lignes


def _derniers_lundis(envois: pd.DataFrame, jour: pd.Timestamp) -> pd.DatetimeIndex:
    """The Mondays of the weeks of the register up to ``jour``, the last ones."""
    if envois.empty:
        return pd.DatetimeIndex([])
    bornes = mondays_of(pd.Series([envois["date_reception"].min(), jour]))
    return pd.date_range(bornes[0], bornes[1], freq="7D")[-SEMAINES:]
