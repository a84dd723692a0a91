"""The register of mail: delays kept, letters still open, complaints, acknowledgements.

A letter past due without an answer counts as a failure; one not yet due is left out and counted
apart; one closed without an answer too. Delays are told with the letters still open, by
Kaplan-Meier: leaving them out would only keep the quick ones (rules 3.6).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any, Literal

import pandas as pd

from qualepref_lib.campagne import Campagne, new_bilan
from qualepref_lib.campagne.listes import new_liste
from qualepref_lib.core.bilan import Bilan, Ligne, Liste, Nuance, Renvoi
from qualepref_lib.core.francais import date_courte, date_longue, pluriel
from qualepref_lib.core.mesures import Effectif, Taux
from qualepref_lib.core.survie import resumer
from qualepref_lib.referentiel import libelles
from qualepref_lib.registres.courriers import (
    ECHEANCE,
    FORMULE_TENUS,
    HORS_BASE,
    SOURCE,
    TENUS,
    select_a_traiter,
    suivre,
)
from qualepref_lib.registres.delais import ECHUS, ETATS, text_delai
from qualepref_lib.registres.groupes import Groupe, split_declared, split_services
from qualepref_lib.registres.seuils import new_indicateur, numeros

Axe = Literal["canal", "nature", "service"]

RECLAMATION = "reclamation"
"""The nature of letters that the list of motives is about."""

_SITUATIONS: tuple[tuple[str, Nuance], ...] = (
    ("en retard", "ecart"),
    ("échéance proche", "moyen"),
    ("sans accusé de réception", "moyen"),
)
"""What a letter to deal with is in, the most urgent first."""

_ENTETES = {"canal": "Canal", "nature": "Nature", "service": "Service"}
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
    return _bilan(
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
    return _bilan(
        campagne,
        f"courriers.delais_tenus.{par}",
        f"Réponses dans le délai, par {par}",
        FORMULE_TENUS,
        [_ligne_taux(*groupe) for groupe in _groupes(campagne, par)],
        entete=_ENTETES[par],
    )


def measure_accuses(campagne: Campagne, par: Axe = "canal") -> Bilan:
    """The share of letters acknowledged in time; an answer in time is an acknowledgement."""
    return _bilan(
        campagne,
        f"courriers.accuses.{par}",
        f"Accusés de réception dans le délai, par {par}",
        _FORMULE_ACCUSES,
        [_ligne_taux(*groupe, etat="etat_accuse") for groupe in _groupes(campagne, par)],
        entete=_ENTETES[par],
    )


def measure_reclamations(campagne: Campagne) -> Bilan:
    """The share of complaints answered in time, by motive, those without a motive last."""
    return _bilan(
        campagne,
        "courriers.reclamations",
        "Réclamations répondues dans le délai, par motif",
        f"parmi les envois de nature « réclamation » : {FORMULE_TENUS}",
        [_ligne_taux(*groupe) for groupe in _motifs(campagne)],
        entete="Motif",
        unite="réclamation",
        si_vide="Aucune réclamation à la date de référence.",
    )


def measure_motifs(campagne: Campagne) -> Bilan:
    """How many complaints were received for each motive, whatever became of them."""
    return _bilan(
        campagne,
        "courriers.motifs",
        "Réclamations reçues, par motif",
        "nombre d’envois de nature « réclamation » reçus jusqu’à la date de référence, quel que "
        "soit leur état",
        [
            Ligne(code, libelle, Effectif(len(envois), "réclamation"), numeros(envois))
            for code, libelle, envois in _motifs(campagne)
        ],
        entete="Motif",
        unite="réclamation",
        si_vide="Aucune réclamation à la date de référence.",
    )


def measure_etats_courriers(campagne: Campagne) -> Bilan:
    """How many letters there are, then how many are in each state; each is in one only."""
    lignes = []
    for envois in _suivi(campagne):
        lignes.append(_ligne_effectif("total", "Total", envois))
        lignes += [
            _ligne_effectif(etat, libelle, envois[envois["etat"] == etat])
            for etat, libelle in ETATS.items()
        ]
    return _bilan(
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
    return _bilan(
        campagne,
        f"courriers.delais.{par}",
        f"Délais de réponse, par {par}",
        "médiane et 9e décile, en jours ouvrés du site, du délai de la réception à la réponse, "
        "estimés par la méthode de Kaplan-Meier : un envoi sans réponse y compte pour le temps "
        "déjà passé jusqu’à la date de référence, qu’il soit échu ou non ; les envois clos sans "
        "réponse n’ont pas de délai : ils sont laissés de côté et comptés dans les états des "
        f"envois ; dans la cible : {TENUS} ; {ECHEANCE}",
        [_ligne_durees(*groupe) for groupe in _groupes(campagne, par)],
        entete=_ENTETES[par],
    )


def list_retards(campagne: Campagne, jour: dt.date | None = None) -> Liste:
    """The letters to deal with on ``jour`` (the reference date by default), the most urgent first.

    Late ones, the most late first; then those due within two business days; then those whose
    acknowledgement is past due. Each letter is told once, by its first situation.
    """
    le_jour = jour or campagne.fiche.date_reference
    lignes = []
    for envois in _suivi(campagne, le_jour):
        lignes = list(_lignes_retards(campagne, select_a_traiter(campagne, envois, le_jour)))
    return new_liste(
        campagne,
        SOURCE,
        code="courriers.retards",
        titre=f"Envois à traiter au {date_longue(le_jour)}",
        colonnes=("Envoi", "Reçu le", "Canal", "Nature", "Service", "Échéance", "Situation",
                  "Précision"),
        lignes=lignes,
    )  # fmt: skip


def _bilan(
    campagne: Campagne,
    code: str,
    titre: str,
    formule: str,
    lignes: list[Ligne],
    **contenu: Any,
) -> Bilan:
    cadre = {
        "unite": "envoi",
        "entetes_taux": ("Dans le délai", "Base", "Taux"),
        "si_vide": "Aucun envoi à la date de référence.",
    }
    autres = {"code": code, "titre": titre, "formule": formule, "lignes": lignes}
    return new_bilan(campagne, SOURCE, **(cadre | contenu | autres))


def _suivi(campagne: Campagne, jour: dt.date | None = None) -> Iterator[pd.DataFrame]:
    """The followed register; nothing without it, or without a letter by then: no line either."""
    envois = suivre(campagne, jour) if SOURCE in campagne.tables else pd.DataFrame()
    if len(envois):
        yield envois


def _groupes(campagne: Campagne, par: Axe) -> list[Groupe]:
    """The letters by channel, nature or service, in the order in which these are told."""
    registres = campagne.referentiel.registres
    decouper: dict[str, Callable[[pd.DataFrame], list[Groupe]]] = {
        "canal": lambda envois: split_declared(registres.canaux, envois, "canal"),
        "nature": lambda envois: split_declared(registres.natures, envois, "nature"),
        "service": split_services,
    }
    return [groupe for envois in _suivi(campagne) for groupe in decouper[par](envois)]


def _motifs(campagne: Campagne) -> list[Groupe]:
    """The complaints by motive, in the order of the référentiel, those without one last."""
    groupes: list[Groupe] = []
    for envois in _suivi(campagne):
        reclamations = envois[envois["nature"] == RECLAMATION]
        motifs = campagne.referentiel.registres.motifs_reclamation
        groupes += split_declared(motifs, reclamations, "motif", sans="motif non indiqué")
    return groupes


def _lignes_indicateurs(campagne: Campagne) -> list[Ligne]:
    lignes = []
    for envois in _suivi(campagne):
        parts = {
            "courriers.delais_tenus": (envois, "etat"),
            "courriers.accuses": (envois, "etat_accuse"),
            "courriers.reclamations": (envois[envois["nature"] == RECLAMATION], "etat"),
        }
        for indicateur in campagne.referentiel.registres.indicateurs:
            if indicateur.code in parts:
                siens, etat = parts[indicateur.code]
                echus = siens[siens[etat].isin(ECHUS)]
                taux = _taux(siens, etat)
                lignes.append(new_indicateur(campagne, indicateur.code, taux, numeros(echus)))
    return lignes


def _taux(envois: pd.DataFrame, etat: str = "etat") -> Taux:
    """Kept delays out of the letters that are answered or past due (rules 3.6)."""
    etats = envois[etat]
    return Taux(int((etats == "tenu").sum()), int(etats.isin(ECHUS).sum()))


def _ligne_taux(code: str, libelle: str, envois: pd.DataFrame, etat: str = "etat") -> Ligne:
    echus = envois[envois[etat].isin(ECHUS)]
    return Ligne(code, libelle, _taux(envois, etat), numeros(echus))


def _ligne_effectif(code: str, libelle: str, envois: pd.DataFrame) -> Ligne:
    return Ligne(code, libelle, Effectif(len(envois), *_NOM), numeros(envois))


def _ligne_durees(code: str, libelle: str, envois: pd.DataFrame) -> Ligne:
    suivis = envois[envois["delai"].notna()]
    durees = resumer(
        suivis["delai"].to_numpy(),
        suivis["ouvert"].to_numpy(),
        "jours ouvrés",
        _taux(envois),
        text_delai(envois["delai_fixe"].unique()),
        "sans réponse",
    )
    return Ligne(code, libelle, durees, numeros(suivis))


def _lignes_retards(
    campagne: Campagne, a_traiter: pd.DataFrame
) -> Iterator[tuple[str | Renvoi, ...]]:
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
