"""The queue: how long people wait to be called, when, and what becomes of those who are not.

A wait goes from the ticket to its call. Those still waiting have no end yet: they weigh in the
median and the 90th percentile (Kaplan-Meier) and are counted apart. Those who left have no known
time of leaving: they are counted among the outcomes and have no wait. Nothing is told of a counter
or of an agent. Rules 3.6.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import pandas as pd

from qualepref_lib.campagne import Campagne, new_bilan
from qualepref_lib.campagne.tables_registres import ISSUES_TICKET
from qualepref_lib.core.bilan import Bilan, Ligne
from qualepref_lib.core.mesures import Durees, Repartition, Taux
from qualepref_lib.core.survie import resumer
from qualepref_lib.referentiel import libelles
from qualepref_lib.registres.groupes import Groupe, split_declared
from qualepref_lib.registres.heures import code_demi_heure, cross_hours, libelle_demi_heure
from qualepref_lib.registres.seuils import new_indicateur, numeros, text_seuil, within_seuil
from qualepref_lib.registres.tickets import SOURCE, indicateur_de, suivre

Axe = Literal["file", "motif"]
SANS_RDV, AVEC_RDV = "sans_rdv", "avec_rdv"

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
            for file, _, groupe in _par_file(campagne, tickets)
            if indicateur_de(file) in declares
            for appeles in [_juges(groupe)]
            if (taux := within_seuil(appeles["attente"], appeles["seuil"])) is not None
        ]

    return _bilan(
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
    decouper = {"file": _par_file, "motif": _par_motif}[par]

    def lignes(tickets: pd.DataFrame) -> list[Ligne]:
        return [
            Ligne(code, nom, _attentes(groupe), numeros(_mesurables(groupe)))
            for code, nom, groupe in decouper(campagne, tickets)
        ]

    return _bilan(
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

    return _bilan_de_file(
        campagne,
        file,
        lignes,
        code=f"tickets.attente_par_heure.{file}",
        titre="Attente {file}, par demi-heure d’arrivée",
        entete="Arrivée",
        formule=_ATTENTES,
    )


def measure_issues_tickets(campagne: Campagne) -> Bilan:
    """What became of the tickets of each queue: served, absent when called, gone before."""

    def lignes(tickets: pd.DataFrame) -> list[Ligne]:
        files = _par_file(campagne, tickets)
        ensemble = [("total", "Ensemble des files", tickets)] if len(files) > 1 else []
        return [
            Ligne(c, nom, _issues(groupe), numeros(groupe)) for c, nom, groupe in ensemble + files
        ]

    return _bilan(
        campagne,
        lignes,
        code="tickets.issues",
        titre="Ce que deviennent les tickets",
        entete="File",
        formule="part = tickets de cette issue ÷ tickets dont l’issue est connue ; les tickets "
        "encore en attente sont comptés à part",
    )


def measure_rendez_vous(campagne: Campagne, file: str = AVEC_RDV) -> Bilan:
    """The share of each reason among the appointments, the most frequent first."""

    def lignes(tickets: pd.DataFrame) -> list[Ligne]:
        rendez_vous = tickets[tickets["file"] == file]
        motifs = _par_motif(campagne, rendez_vous)
        motifs.sort(key=lambda motif: -len(motif[2]))
        return [
            Ligne(code, nom, Taux(len(groupe), len(rendez_vous)), numeros(groupe))
            for code, nom, groupe in motifs
        ]

    return _bilan_de_file(
        campagne,
        file,
        lignes,
        code="tickets.rendez_vous",
        titre="Motifs des tickets {file}",
        entete="Motif de visite",
        formule="part = tickets de la file pris pour ce motif ÷ tickets de la file",
        entetes_taux=("Tickets", "Base", "Part"),
    )


def measure_affluence_tickets(campagne: Campagne, file: str = SANS_RDV) -> Bilan:
    """The share of waits within the threshold at each hour of arrival of each weekday."""

    def lignes(tickets: pd.DataFrame) -> list[Ligne]:
        juges = _juges(tickets[tickets["file"] == file])
        tenus = juges["attente"] <= juges["seuil"]
        uns = pd.Series(1, index=juges.index)
        return cross_hours(juges["date"], juges["pris"], tenus, uns)

    return _bilan_de_file(
        campagne,
        file,
        lignes,
        code=f"tickets.affluence.{file}",
        titre="Attentes {file} dans le temps fixé, par heure d’arrivée et jour de la semaine",
        entete="Arrivée",
        formule=f"taux = {_PART} ; {_APART}",
    )


def _bilan(
    campagne: Campagne, lire: Callable[[pd.DataFrame], list[Ligne]], **contenu: Any
) -> Bilan:
    lignes = lire(suivre(campagne)) if SOURCE in campagne.tables else []
    vide = "Aucun ticket à la date de référence."
    cadre = {"unite": "ticket", "si_vide": vide, "lignes": lignes}
    return new_bilan(campagne, SOURCE, **(cadre | contenu))


def _bilan_de_file(
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
        return _bilan(campagne, lambda tickets: [], **contenu, manque=manque)
    return _bilan(campagne, lire, **contenu)


def _par_file(campagne: Campagne, tickets: pd.DataFrame) -> list[Groupe]:
    return split_declared(campagne.referentiel.registres.files, tickets, "file")


def _par_motif(campagne: Campagne, tickets: pd.DataFrame) -> list[Groupe]:
    motifs = campagne.referentiel.registres.motifs_visite
    return split_declared(motifs, tickets, "motif", "motif non indiqué")


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


def _issues(groupe: pd.DataFrame) -> Repartition:
    comptes = groupe["etat"].value_counts()
    effectifs = {nom: int(comptes.get(code, 0)) for code, nom in ISSUES_TICKET.items()}
    attente = ISSUES_TICKET["en_attente"]
    return Repartition(effectifs, {attente: effectifs.pop(attente)})
