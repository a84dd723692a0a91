"""The queue: how long people wait to be called, and when.

A wait goes from the ticket to its call. Those still waiting have no end yet: they weigh in the
median and the 90th percentile (Kaplan-Meier) and are counted apart. Those who left have no known
time of leaving, and no wait. Nothing is told of a counter
or of an agent. Rules 3.6.
"""

from __future__ import annotations

from typing import Literal

import pandas as pd

from qualepref_lib.campagne import Campagne
from qualepref_lib.core.bilan import Bilan, Ligne
from qualepref_lib.core.mesures import Durees
from qualepref_lib.core.survie import resumer
from qualepref_lib.registres.heures import code_demi_heure, cross_hours, libelle_demi_heure
from qualepref_lib.registres.seuils import new_indicateur, numeros, text_seuil, within_seuil
from qualepref_lib.registres.tickets import (
    SANS_RDV,
    indicateur_de,
    new_bilan_file,
    new_bilan_tickets,
    split_files,
    split_motifs,
)

Axe = Literal["file", "motif"]

_PART = (
    "attentes qui ne dépassent pas le seuil de la file en vigueur ce jour-là ÷ tickets appelés, "
    "y compris les absents à l’appel"
)
_APART = (
    "un ticket encore en attente est compté à part ; un ticket parti avant l’appel n’a pas "
    "d’heure de départ, donc pas d’attente"
)
_ATTENTES = (
    "attente = heure d’appel − heure de prise du ticket ; médiane et 9e décile de Kaplan-Meier, "
    "où un ticket encore en attente a attendu au moins jusqu’à la dernière heure inscrite ce "
    f"jour-là ; part dans la cible = {_PART} ; {_APART}"
)


def measure_indicateurs_tickets(campagne: Campagne) -> Bilan:
    """The indicator of each queue that the référentiel declares: the waits within its threshold."""

    def lignes(tickets: pd.DataFrame) -> list[Ligne]:
        declares = {i.code for i in campagne.referentiel.registres.indicateurs}
        return [
            new_indicateur(campagne, indicateur_de(file), taux, numeros(appeles))
            for file, _, groupe in split_files(campagne, tickets)
            if indicateur_de(file) in declares
            for appeles in [_juges(groupe)]
            if (taux := within_seuil(appeles["attente"], appeles["seuil"])) is not None
        ]

    return new_bilan_tickets(
        campagne,
        lignes,
        code="registres",
        titre="Indicateurs de la file d’attente",
        entete="Indicateur",
        formule=f"taux = {_PART} ; {_APART}",
        entetes_taux=("Dans le temps", "Appelés", "Taux"),
    )


def measure_attentes(campagne: Campagne, par: Axe = "file") -> Bilan:
    """The waits of each queue, or of each reason of a visit."""
    decouper = {"file": split_files, "motif": split_motifs}[par]

    def lignes(tickets: pd.DataFrame) -> list[Ligne]:
        return [
            Ligne(code, nom, _attentes(groupe), numeros(_mesurables(groupe)))
            for code, nom, groupe in decouper(campagne, tickets)
        ]

    return new_bilan_tickets(
        campagne,
        lignes,
        code=f"tickets.attentes.{par}",
        titre=f"Attente à l’accueil, par {par}" + (" de visite" if par == "motif" else ""),
        entete={"file": "File", "motif": "Motif de visite"}[par],
        formule=_ATTENTES,
    )


def measure_attente_par_heure(campagne: Campagne, file: str = SANS_RDV) -> Bilan:
    """The waits of one queue by half-hour of arrival: when it is long."""

    def lignes(tickets: pd.DataFrame) -> list[Ligne]:
        siens = _mesurables(tickets[tickets["file"] == file])
        return [
            Ligne(code_demi_heure(rang), libelle_demi_heure(rang), _attentes(g), numeros(g))
            for rang, g in siens.groupby("demi_heure")
        ]

    return new_bilan_file(
        campagne,
        file,
        lignes,
        code=f"tickets.attente_par_heure.{file}",
        titre="Attente {file}, par demi-heure d’arrivée",
        entete="Arrivée",
        formule=_ATTENTES,
    )


def measure_affluence_tickets(campagne: Campagne, file: str = SANS_RDV) -> Bilan:
    """The share of waits within the threshold at each hour of arrival of each weekday."""

    def lignes(tickets: pd.DataFrame) -> list[Ligne]:
        juges = _juges(tickets[tickets["file"] == file])
        tenus = juges["attente"] <= juges["seuil"]
        uns = pd.Series(1, index=juges.index)
        return cross_hours(juges["date"], juges["pris"], tenus, uns)

    return new_bilan_file(
        campagne,
        file,
        lignes,
        code=f"tickets.affluence.{file}",
        titre="Attentes {file} dans le temps fixé, par heure d’arrivée et jour de la semaine",
        entete="Arrivée",
        formule=f"taux = {_PART} ; {_APART}",
    )


def _mesurables(groupe: pd.DataFrame) -> pd.DataFrame:
    """The tickets that have a wait, ended or not: all but those that left."""
    return groupe[groupe["attente"].notna()]


def _juges(groupe: pd.DataFrame) -> pd.DataFrame:
    """The tickets that the share within the threshold is out of: called, with a threshold."""
    return groupe[groupe["appele"].notna() & groupe["seuil"].notna()]


def _attentes(groupe: pd.DataFrame) -> Durees:
    mesures = _mesurables(groupe)
    finis = mesures["attente"].where(~mesures["ouvert"])
    return resumer(
        mesures["attente"].to_numpy(),
        mesures["ouvert"].to_numpy(),
        "minutes",
        within_seuil(finis, mesures["seuil"]),
        text_seuil(mesures["seuil"], "minutes"),
        "encore en attente",
    )
