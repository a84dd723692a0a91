"""The document base: reception guide, accessibility register, procedure sheets, and their reviews.

A document is overdue when its next review is before the reference date: on the day, it is not yet.
"""

from __future__ import annotations

import pandas as pd

from qualepref_lib.campagne import Campagne
from qualepref_lib.campagne.listes import new_comptes, new_liste
from qualepref_lib.core.bilan import Bilan, Liste, Nuance, Renvoi
from qualepref_lib.core.francais import date_courte

SOURCE = "documents"
A_JOUR, A_REVOIR, SANS_DATE = "à jour", "à revoir", "sans date de revue"
_NUANCES: dict[str, Nuance] = {A_JOUR: "bien", A_REVOIR: "ecart", SANS_DATE: "moyen"}


def measure_documents(campagne: Campagne) -> Bilan:
    """How many documents of the base are up to date, and how many wait for their review."""
    etats = _etats(campagne)
    return new_comptes(
        campagne,
        SOURCE,
        {etat: map(int, etats.index[etats == etat]) for etat in _NUANCES},
        ("document", "documents"),
        code="documents.etats",
        titre="Documents de la démarche selon leur état",
        formule="nombre de documents ; à revoir = prochaine revue avant la date de référence",
    )


def list_documents(campagne: Campagne) -> Liste:
    """The document base: version, owner, reviews, and what is overdue."""
    etats = _etats(campagne)
    lignes: list[tuple[str | Renvoi, ...]] = []
    if SOURCE in campagne.tables:
        lignes = [
            (
                f"{d.code} {d.libelle}",
                d.version or "–",
                d.responsable or "responsable à désigner",
                _jour(d.derniere_revue),
                _jour(d.prochaine_revue),
                Renvoi(etats[d.Index], statut=_NUANCES[etats[d.Index]]),
            )
            for d in campagne.tables[SOURCE].cadre.itertuples()
        ]
    return new_liste(
        campagne,
        SOURCE,
        code="documents.liste",
        titre="Base documentaire",
        colonnes=(
            "Document",
            "Version",
            "Responsable",
            "Dernière revue",
            "Prochaine revue",
            "État",
        ),
        lignes=lignes,
    )


def _etats(campagne: Campagne) -> pd.Series:
    """The state of each document, by its line in the file."""
    if SOURCE not in campagne.tables:
        return pd.Series(dtype=object)
    revues = campagne.tables[SOURCE].cadre["prochaine_revue"]
    etats = pd.Series(A_JOUR, index=revues.index, dtype=object)
    jour = pd.Timestamp(campagne.fiche.date_reference)
    return etats.mask(revues < jour, A_REVOIR).mask(revues.isna(), SANS_DATE)


def _jour(date: pd.Timestamp) -> str:
    return "–" if pd.isna(date) else date_courte(date.date())
