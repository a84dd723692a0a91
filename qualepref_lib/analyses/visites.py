"""The visits behind the tickets: what people came for, and what became of them.

Those who left before being called, and those who were absent when called, are told apart from those
who were served; those still waiting are in no share. Rules 3.6.
"""

from __future__ import annotations

import pandas as pd

from qualepref_lib.campagne import Campagne
from qualepref_lib.campagne.tables_registres import ISSUES_TICKET
from qualepref_lib.core.bilan import Bilan, Ligne
from qualepref_lib.core.mesures import Repartition, Taux
from qualepref_lib.registres.seuils import numeros
from qualepref_lib.registres.tickets import (
    AVEC_RDV,
    new_bilan_file,
    new_bilan_tickets,
    split_files,
    split_motifs,
)


def measure_issues_tickets(campagne: Campagne) -> Bilan:
    """What became of the tickets of each queue: served, absent when called, gone before."""

    def lignes(tickets: pd.DataFrame) -> list[Ligne]:
        files = split_files(campagne, tickets)
        ensemble = [("total", "Ensemble des files", tickets)] if len(files) > 1 else []
        return [
            Ligne(c, nom, _issues(groupe), numeros(groupe)) for c, nom, groupe in ensemble + files
        ]

    return new_bilan_tickets(
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
        motifs = split_motifs(campagne, rendez_vous)
        motifs.sort(key=lambda motif: -len(motif[2]))
        return [
            Ligne(code, nom, Taux(len(groupe), len(rendez_vous)), numeros(groupe))
            for code, nom, groupe in motifs
        ]

    return new_bilan_file(
        campagne,
        file,
        lignes,
        code="tickets.rendez_vous",
        titre="Motifs des tickets {file}",
        entete="Motif de visite",
        formule="part = tickets de la file pris pour ce motif ÷ tickets de la file",
        entetes_taux=("Tickets", "Base", "Part"),
    )


def _issues(groupe: pd.DataFrame) -> Repartition:
    comptes = groupe["etat"].value_counts()
    effectifs = {nom: int(comptes.get(code, 0)) for code, nom in ISSUES_TICKET.items()}
    attente = ISSUES_TICKET["en_attente"]
    return Repartition(effectifs, {attente: effectifs.pop(attente)})
