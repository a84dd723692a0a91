"""The closing minutes of chapter 6: what ``cloture.yaml`` says, and blanks for the rest."""

from __future__ import annotations

from qualepref_lib.campagne import Campagne
from qualepref_lib.campagne.cloture import CLOTURE
from qualepref_lib.core.feuilles import Feuille, Liasse, Rubrique, new_rubrique
from qualepref_lib.core.francais import date_longue


def list_cloture(campagne: Campagne) -> Liasse:
    """One sheet, to be read after the meeting, or printed and filled at the meeting."""
    cloture = campagne.cloture
    feuille = Feuille(
        "Procès-verbal de la réunion de clôture",
        (
            Rubrique("Site audité", (campagne.fiche.site.libelle,)),
            Rubrique("Objet", (campagne.fiche.libelle,)),
            new_rubrique("Date de la réunion", date_longue(cloture.date) if cloture.date else ""),
            new_rubrique("Fonctions présentes", *(cloture.fonctions_presentes or ())),
            new_rubrique("Conclusion de l’auditeur", cloture.conclusion),
            new_rubrique("Avis de l’audité", cloture.avis_audite),
            new_rubrique("Suites données", cloture.suites),
        ),
    )
    return Liasse(
        code="cloture.pv",
        titre="Procès-verbal de clôture",
        champ="réunion de clôture de l’audit, telle que l’auditeur l’a consignée",
        source=campagne.fichier(CLOTURE, "Procès-verbal de clôture"),
        feuilles=(feuille,),
    )
