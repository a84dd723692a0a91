"""The register of mail: delays kept, acknowledgements, what became of the letters, how long.

A letter past due without an answer counts as a failure; one not yet due is left out and counted
apart; one closed without an answer too. Delays are told with the letters still open, by
Kaplan-Meier: leaving them out would only keep the quick ones (rules 3.6).
"""

from __future__ import annotations

import pandas as pd

from qualepref_lib.campagne import Campagne
from qualepref_lib.core.bilan import Bilan, Ligne
from qualepref_lib.core.mesures import Effectif
from qualepref_lib.core.survie import resumer
from qualepref_lib.registres.courriers import ECHEANCE, FORMULE_TENUS, HORS_BASE, TENUS
from qualepref_lib.registres.delais import ECHUS, ETATS, text_delai
from qualepref_lib.registres.envois import (
    ENTETES,
    RECLAMATION,
    Axe,
    follow_envois,
    new_bilan_envois,
    new_ligne_taux,
    new_taux,
    split_envois,
)
from qualepref_lib.registres.seuils import new_indicateur, numeros

_NOM = ("envoi", "envois")
_ACCUSES = (
    "taux = envois dont l’accusé de réception, ou à défaut la réponse, est parti au plus tard à "
    "l’échéance de l’accusé ÷ (envois accusés ou répondus + envois sans accusé ni réponse dont "
    "cette échéance est passée)"
)
_FORMULE_ACCUSES = (
    f"{_ACCUSES} ; {ECHEANCE} ; hors de la base : les envois sans accusé ni réponse dont cette "
    "échéance n’est pas passée, ceux qui sont clos sans accusé ni réponse, ceux pour lesquels "
    "aucun délai d’accusé n’est fixé"
)


def measure_indicateurs_courriers(campagne: Campagne) -> Bilan:
    """The declared indicators of the register, each against its target in force."""
    return new_bilan_envois(
        campagne,
        "registres",
        "Indicateurs du registre des courriers",
        f"{TENUS} ; pour les accusés, {_ACCUSES} ; {ECHEANCE} ; {HORS_BASE} ; cible en vigueur "
        "à la date de référence",
        _lignes_indicateurs(campagne),
        entete="Indicateur",
    )


def measure_delais_tenus(campagne: Campagne, par: Axe = "canal") -> Bilan:
    """The share of letters answered in time, by channel, nature or service."""
    return new_bilan_envois(
        campagne,
        f"courriers.delais_tenus.{par}",
        f"Réponses dans le délai, par {par}",
        FORMULE_TENUS,
        [new_ligne_taux(*groupe) for groupe in split_envois(campagne, par)],
        entete=ENTETES[par],
    )


def measure_accuses(campagne: Campagne, par: Axe = "canal") -> Bilan:
    """The share of letters acknowledged in time; an answer in time is an acknowledgement."""
    return new_bilan_envois(
        campagne,
        f"courriers.accuses.{par}",
        f"Accusés de réception dans le délai, par {par}",
        _FORMULE_ACCUSES,
        [new_ligne_taux(*groupe, etat="etat_accuse") for groupe in split_envois(campagne, par)],
        entete=ENTETES[par],
    )


def measure_etats_courriers(campagne: Campagne) -> Bilan:
    """How many letters there are, then how many are in each state; each is in one only."""
    lignes = []
    for envois in follow_envois(campagne):
        lignes.append(_ligne_effectif("total", "Total", envois))
        lignes += [
            _ligne_effectif(etat, libelle, envois[envois["etat"] == etat])
            for etat, libelle in ETATS.items()
        ]
    return new_bilan_envois(
        campagne,
        "courriers.etats",
        "États des envois",
        "nombre d’envois reçus jusqu’à la date de référence, dans chaque état à cette date ; un "
        f"envoi est dans un état et un seul ; {ECHEANCE}",
        lignes,
        entete="État",
    )


def measure_delais_courriers(campagne: Campagne, par: Axe = "canal") -> Bilan:
    """The delays from reception to answer, letters still open included (Kaplan-Meier)."""
    return new_bilan_envois(
        campagne,
        f"courriers.delais.{par}",
        f"Délais de réponse, par {par}",
        "médiane et 9e décile, en jours ouvrés du site, du délai de la réception à la réponse, "
        "estimés par la méthode de Kaplan-Meier : un envoi sans réponse y compte pour le temps "
        "déjà passé jusqu’à la date de référence, qu’il soit échu ou non ; les envois clos sans "
        "réponse n’ont pas de délai : ils sont laissés de côté et comptés dans les états des "
        f"envois ; dans la cible : {TENUS} ; {ECHEANCE}",
        [_ligne_durees(*groupe) for groupe in split_envois(campagne, par)],
        entete=ENTETES[par],
    )


def _lignes_indicateurs(campagne: Campagne) -> list[Ligne]:
    lignes = []
    for envois in follow_envois(campagne):
        parts = {
            "courriers.delais_tenus": (envois, "etat"),
            "courriers.accuses": (envois, "etat_accuse"),
            "courriers.reclamations": (envois[envois["nature"] == RECLAMATION], "etat"),
        }
        for indicateur in campagne.referentiel.registres.indicateurs:
            if indicateur.code in parts:
                siens, etat = parts[indicateur.code]
                echus = siens[siens[etat].isin(ECHUS)]
                taux = new_taux(siens, etat)
                lignes.append(new_indicateur(campagne, indicateur.code, taux, numeros(echus)))
    return lignes


def _ligne_effectif(code: str, libelle: str, envois: pd.DataFrame) -> Ligne:
    return Ligne(code, libelle, Effectif(len(envois), *_NOM), numeros(envois))


def _ligne_durees(code: str, libelle: str, envois: pd.DataFrame) -> Ligne:
    suivis = envois[envois["delai"].notna()]
    durees = resumer(
        suivis["delai"].to_numpy(),
        suivis["ouvert"].to_numpy(),
        "jours ouvrés",
        new_taux(envois),
        text_delai(envois["delai_fixe"].unique()),
        "sans réponse",
    )
    return Ligne(code, libelle, durees, numeros(suivis))
