"""The files that a campaign may hold: ``<code>.csv``, what people call it, which chapter tells it.

How a sample was collected limits what may be said of it, so surveys must be declared in
``campagne.yaml``. A register holds all there is: it may be declared, and is a census by default.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class SourceConnue:
    """One possible file; ``champ`` is what it holds when nothing else is declared."""

    code: str
    libelle: str
    chapitre: str
    champ: str = ""
    echantillon: bool = False


_CONNUES = (
    SourceConnue(
        "autodiagnostic",
        "Auto-diagnostic",
        "03a_autodiagnostic",
        "critères des modules retenus, cotés par les services",
    ),
    SourceConnue("mystere", "Enquêtes mystère", "03b_enquetes_mystere", echantillon=True),
    SourceConnue(
        "mystere_tentatives",
        "Tentatives des enquêtes mystère",
        "03b_enquetes_mystere",
        "tentatives faites pour joindre les services",
    ),
    SourceConnue("enquete", "Enquête de satisfaction", "03c_satisfaction", echantillon=True),
    SourceConnue(
        "verbatims_revus",
        "Relecture des verbatims",
        "03l_verbatims",
        "réponses libres relues par une personne",
    ),
    SourceConnue("plan_actions", "Plan d’actions", "09_plan_actions", "actions inscrites au plan"),
    SourceConnue(
        "courriers", "Registre des courriers", "03d_registres", "courriers et courriels enregistrés"
    ),
    SourceConnue("appels", "Registre des appels", "03e_telephone", "appels reçus au standard"),
    SourceConnue("tickets", "File d’attente", "03f_accueil", "tickets pris à l’accueil"),
    SourceConnue("titres", "Registre des titres", "03g_titres", "demandes de titres déposées"),
    SourceConnue("preuves", "Registre des preuves", "03_evaluation", "éléments de preuve déposés"),
    SourceConnue("documents", "Base documentaire", "03_evaluation", "documents de la démarche"),
    SourceConnue("entretiens", "Entretiens", "02_plan_audit", "entretiens menés ou prévus"),
    SourceConnue("plan_audit", "Plan d’audit", "02_plan_audit", "créneaux de l’audit"),
    SourceConnue(
        "verification",
        "Cotations de l’auditeur",
        "03_evaluation",
        "critères vérifiés par l’auditeur",
    ),
    SourceConnue("constats", "Constats de l’auditeur", "04_constats", "constats de l’auditeur"),
    SourceConnue("pieces", "Pièces reçues", "08_pieces", "pièces demandées à l’audité"),
    SourceConnue("controles", "Contrôle interne", "03_evaluation", "contrôles périodiques"),
    SourceConnue(
        "usagers",
        "Suggestions et observations des usagers",
        "03_evaluation",
        "suggestions et observations reçues, au comité local des usagers ou ailleurs",
    ),
    SourceConnue("decisions", "Décisions des comités", "09_plan_actions", "décisions des comités"),
)
SOURCES: dict[str, SourceConnue] = {source.code: source for source in _CONNUES}
"""Every known source by its code, in the order in which people meet them."""
