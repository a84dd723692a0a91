"""What the campaign and the référentiel say in words: lists, without a measure."""

from __future__ import annotations

import datetime as dt

from qualepref_lib.campagne import SOURCES, Campagne, Echeance
from qualepref_lib.core.bilan import Liste, Source
from qualepref_lib.core.francais import (
    date_longue,
    mois,
    pluriel,
)

ORDINAUX = {1: "1er", 2: "2e", 3: "3e", 4: "4e"}


def list_calendrier(campagne: Campagne) -> Liste:
    """The dates of the approach, and whether each is past at the reference date."""
    jour = campagne.fiche.date_reference
    etapes = sorted(campagne.fiche.calendrier, key=lambda e: e.debut)
    lignes = tuple((e.libelle, _quand(e), _etat(e, jour)) for e in etapes)
    return _liste(
        campagne,
        "presentation.calendrier",
        "Calendrier de la démarche",
        ("Étape", "Date", f"Au {date_longue(jour)}"),
        lignes,
        "étapes déclarées dans la fiche de la campagne",
    )


def list_modules(campagne: Campagne) -> Liste:
    """The modules of the label and those that the site retained."""
    lignes = tuple(
        (
            f"Module {m.code}",
            m.libelle,
            "retenu" if m.code in campagne.fiche.modules else "non retenu",
            pluriel(len(m.engagements), "engagement") if m.engagements else "–",
        )
        for m in campagne.referentiel.modules
    )
    return _liste(
        campagne,
        "presentation.modules",
        "Modules du label et périmètre de l’audit",
        ("Module", "Intitulé", "Périmètre", "Engagements"),
        lignes,
        "modules de l’édition du référentiel",
        referentiel=True,
    )


def list_engagements(campagne: Campagne) -> Liste:
    """What each retained engagement requires, and how many criteria check it."""
    lignes = tuple(
        (e.code, e.libelle, e.exigence, str(len(e.criteres)))
        for m in campagne.modules
        for e in m.engagements
    )
    return _liste(
        campagne,
        "presentation.engagements",
        "Engagements vérifiés et ce qu’ils demandent",
        ("Code", "Engagement", "Exigence", "Critères"),
        lignes,
        "engagements des modules retenus",
        referentiel=True,
    )


def list_sources(campagne: Campagne) -> Liste:
    """Where the figures come from: each source, its design, its period, whether it is there."""
    lignes: list[tuple[str, ...]] = []
    for code, source in SOURCES.items():
        table = campagne.tables.get(code)
        recu = pluriel(len(table.cadre), "ligne") if table else "absente"
        declaration = campagne.fiche.sources.get(code)
        if declaration is not None:
            lignes.append((declaration.libelle, declaration.plan, declaration.champ, recu))
        else:
            plan = "non déclaré" if source.echantillon else "recensement"
            lignes.append((source.libelle, plan, source.champ or "–", recu))
    return _liste(
        campagne,
        "presentation.sources",
        "Sources de l’audit",
        ("Source", "Mode de constitution", "Champ", "Lignes reçues"),
        tuple(lignes),
        "fichiers de la campagne",
    )


def list_lexique(campagne: Campagne) -> Liste:
    """The words of the report."""
    lignes = tuple((t.terme, t.definition) for t in campagne.referentiel.lexique)
    return _liste(
        campagne,
        "lexique.termes",
        "Lexique",
        ("Terme", "Définition"),
        lignes,
        "termes employés dans ce rapport",
        referentiel=True,
    )


def _liste(
    campagne: Campagne,
    code: str,
    titre: str,
    colonnes: tuple[str, ...],
    lignes: tuple[tuple[str, ...], ...],
    champ: str,
    referentiel: bool = False,
) -> Liste:
    edition = campagne.referentiel.edition
    source = Source("edition.yaml", "", edition.libelle) if referentiel else campagne.source_fiche
    return Liste(code, titre, champ, source, colonnes, lignes)


def _quand(e: Echeance) -> str:
    if e.precision == "trimestre":
        return f"{ORDINAUX[(e.debut.month + 2) // 3]} trimestre {e.debut.year}"
    if e.precision == "mois":
        return mois(e.debut)
    if e.fin is None:
        return date_longue(e.debut)
    return f"du {date_longue(e.debut)} au {date_longue(e.fin)}"


def _etat(e: Echeance, jour: dt.date) -> str:
    if (e.fin or e.debut) < jour:
        return "passé"
    return "en cours" if e.debut <= jour else "à venir"


def list_identite(campagne: Campagne) -> Liste:
    """What is audited, against what, and the story so far, as the campaign tells it."""
    fiche = campagne.fiche
    lignes = [
        ("Site audité", fiche.site.libelle),
        ("Objet", fiche.libelle),
        ("Référentiel", campagne.referentiel.edition.libelle),
        ("Périmètre", fiche.perimetre or "modules retenus ci-dessous"),
        ("Date de référence", date_longue(fiche.date_reference)),
        *(("Démarche", texte) for texte in fiche.demarche),
    ]
    if campagne.referentiel.edition.avertissement:
        lignes.append(("Avertissement", campagne.referentiel.edition.avertissement))
    return _liste(
        campagne,
        "presentation.identite",
        "Fiche de l’audit",
        ("Rubrique", "Contenu"),
        tuple(lignes),
        "déclarations de la campagne",
    )
