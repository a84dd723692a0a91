"""The telephone: who reached an agent, when, and what became of the others.

The answered rate is out of the calls that asked for an agent; calls that the voice server solved,
or that came outside opening hours, are counted apart. A row that stands for several calls weighs as
many. Nothing is told of an agent: services and hours only. Rules 3.6.
"""

from __future__ import annotations

from typing import Literal

import pandas as pd

from qualepref_lib.campagne import Campagne
from qualepref_lib.core.bilan import Bilan, Ligne
from qualepref_lib.core.francais import mois
from qualepref_lib.core.mesures import Effectif, Taux
from qualepref_lib.referentiel import IssueAppel
from qualepref_lib.registres.appels import (
    ATTENTE,
    DECROCHES,
    UN_PAR_UN,
    new_bilan_appels,
)
from qualepref_lib.registres.groupes import Groupe, split_services
from qualepref_lib.registres.heures import cross_hours
from qualepref_lib.registres.semaines import (
    FORMULE_CARTE,
    follow_weeks,
    mondays_of,
    tell_reperes,
)
from qualepref_lib.registres.seuils import cible_de, judge, new_indicateur, numeros

Axe = Literal["mois", "service"]

_DECROCHE = "taux = appels répondus par un agent ÷ appels demandant un agent"
_POIDS = "une ligne qui groupe plusieurs appels compte pour leur nombre"


def measure_indicateurs_appels(campagne: Campagne) -> Bilan:
    """The indicators that the référentiel declares: answered calls, and answered soon enough."""

    def lignes(appels: pd.DataFrame) -> list[Ligne]:
        mesures = {DECROCHES: _decroche, ATTENTE: _dans_le_temps}
        declares = {i.code for i in campagne.referentiel.registres.indicateurs}
        bases = {code: _base(code, appels) for code in mesures}
        return [
            new_indicateur(campagne, code, mesure(bases[code]), numeros(bases[code]))
            for code, mesure in mesures.items()
            if code in declares and (code != ATTENTE or appels["seuil"].notna().any())
        ]

    return new_bilan_appels(
        campagne,
        lignes,
        code="registres",
        titre="Indicateurs du registre des appels",
        entete="Indicateur",
        formule=f"appels répondus : {_DECROCHE}, {_POIDS} ; temps fixé : taux = appels répondus "
        "dont l’attente ne dépasse pas le seuil en vigueur le jour de l’appel ÷ appels demandant "
        f"un agent ({UN_PAR_UN}) ; un appel répondu dont l’attente n’est pas connue est non "
        "évalué",
        entetes_taux=("Répondus", "Appels", "Taux"),
    )


def measure_issues_appels(campagne: Campagne) -> Bilan:
    """How many calls ended in each way, those that asked for an agent and the others."""

    def lignes(appels: pd.DataFrame) -> list[Ligne]:
        groupes = [("total", "Ensemble des appels", "", appels)] + [
            (i.code, i.libelle, _besoin(i), appels[appels["issue"] == i.code])
            for i in campagne.referentiel.registres.issues_appel
        ]
        return [
            Ligne(code, nom, Effectif(int(g["poids"].sum()), "appel"), numeros(g), besoin)
            for code, nom, besoin, g in groupes
        ]

    return new_bilan_appels(
        campagne,
        lignes,
        code="appels.issues",
        titre="Ce que deviennent les appels",
        entete="Issue",
        entete_groupe="Besoin",
        formule=f"nombre d’appels de cette issue ; {_POIDS}",
    )


def measure_decroches(campagne: Campagne, par: Axe = "mois") -> Bilan:
    """The answered rate of each month, or of each service, against the target of its last day."""
    decouper = {"mois": _par_mois, "service": split_services}[par]

    def lignes(appels: pd.DataFrame) -> list[Ligne]:
        groupes = decouper(appels[appels["agent"]])
        return [_ligne_decroche(campagne, code, nom, groupe) for code, nom, groupe in groupes]

    return new_bilan_appels(
        campagne,
        lignes,
        code=f"appels.decroches.{par}",
        titre=f"Appels répondus par un agent, par {par}",
        entete=par.capitalize(),
        formule=f"{_DECROCHE} ; {_POIDS} ; cible en vigueur le dernier jour de la ligne",
        entetes_taux=("Répondus", "Appels", "Taux"),
    )


def measure_affluence_appels(campagne: Campagne) -> Bilan:
    """The answered rate at each hour of each weekday: where the calls are lost."""

    def lignes(appels: pd.DataFrame) -> list[Ligne]:
        demandes = appels[appels["agent"]]
        return cross_hours(
            demandes["date"], demandes["heure"], demandes["repondu"], demandes["poids"]
        )

    return new_bilan_appels(
        campagne,
        lignes,
        code="appels.affluence",
        titre="Appels répondus par un agent, par heure et jour de la semaine",
        entete="Heure",
        formule=f"{_DECROCHE} ; {_POIDS}",
    )


def measure_suivi_appels(campagne: Campagne) -> Bilan:
    """The answered rate week by week on a p′ chart, with its declared baselines."""
    reperes = campagne.fiche.reperes_de(DECROCHES)

    def lignes(appels: pd.DataFrame) -> list[Ligne]:
        demandes = appels[appels["agent"]]
        if demandes.empty:
            return []
        lundis = mondays_of(demandes["date"])
        return follow_weeks(lundis, demandes["repondu"], reperes, demandes["poids"])

    bilan = new_bilan_appels(
        campagne,
        lignes,
        code="appels.suivi",
        titre="Appels répondus par un agent, semaine par semaine",
        entete="Semaine",
        formule=f"{_DECROCHE} ; {_POIDS} ; {FORMULE_CARTE}",
        entetes_taux=("Répondus", "Appels", "Taux"),
    )
    return tell_reperes(bilan, reperes)


def _base(code: str, appels: pd.DataFrame) -> pd.DataFrame:
    """The calls that an indicator is out of."""
    demandes = appels[appels["agent"]]
    if code != ATTENTE:
        return demandes
    return demandes[demandes["seul"] & demandes["seuil"].notna()]


def _decroche(demandes: pd.DataFrame) -> Taux:
    repondus = demandes["poids"].where(demandes["repondu"], 0)
    return Taux(int(repondus.sum()), int(demandes["poids"].sum()))


def _dans_le_temps(juges: pd.DataFrame) -> Taux:
    """Answered within the threshold ÷ requiring an agent; a wait that is not known is open.

    When no answered call has a known wait, nothing was measured: there is no base.
    """
    inconnus = juges["repondu"] & juges["attente"].isna()
    if inconnus.any() and inconnus.sum() == juges["repondu"].sum():
        return Taux(0, 0, len(juges))
    tenus = juges["repondu"] & (juges["attente"] <= juges["seuil"])
    return Taux(int(tenus.sum()), int((~inconnus).sum()), int(inconnus.sum()))


def _besoin(issue: IssueAppel) -> str:
    return "demandait un agent" if issue.agent or issue.repondu else "n’en demandait pas"


def _ligne_decroche(campagne: Campagne, code: str, nom: str, groupe: pd.DataFrame) -> Ligne:
    taux = _decroche(groupe)
    cible = cible_de(campagne, DECROCHES, groupe["date"].max().date())
    return Ligne(code, nom, taux, numeros(groupe), cible=cible, statut=judge(taux, cible))


def _par_mois(appels: pd.DataFrame) -> list[Groupe]:
    premiers = appels["date"].to_numpy().astype("datetime64[M]").astype("datetime64[s]")
    groupes = appels.groupby(premiers)
    return [(f"{jour:%Y-%m}", mois(jour.date()), groupe) for jour, groupe in groupes]
