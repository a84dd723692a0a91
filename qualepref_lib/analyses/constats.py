"""The auditor's findings: how many of each type, on which engagement, and the fiches d'écart.

They are an input, qualified by the auditor; the machine counts them and lays them out.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal

import pandas as pd

from qualepref_lib.campagne import Campagne, new_bilan
from qualepref_lib.campagne.tables_audit import STATUTS_CONSTAT
from qualepref_lib.core.bilan import Bilan, Ligne, Liste
from qualepref_lib.core.feuilles import Feuille, Liasse, Rubrique, new_rubrique
from qualepref_lib.core.francais import date_longue
from qualepref_lib.core.mesures import Effectif, Repartition
from qualepref_lib.referentiel import TypeConstat

SOURCE = "constats"
Axe = Literal["engagement", "canal"]


def measure_constats(campagne: Campagne) -> Bilan:
    """How many findings of each type, in the order of the scale; a type without one is there."""
    cadre = _cadre(campagne)
    lignes = [
        Ligne(t.code, t.libelle, Effectif(int(masque.sum()), "constat"), _numeros(cadre[masque]))
        for t in (_types(campagne) if SOURCE in campagne.tables else ())
        for masque in [cadre["type"] == t.code]
    ]
    return _bilan(
        campagne,
        "constats.types",
        "Constats par type",
        "Type de constat",
        "nombre de constats que l’auditeur a qualifiés ainsi",
        lignes,
    )


def measure_recapitulatif(campagne: Campagne, par: Axe = "engagement") -> Bilan:
    """The findings of each type on each engagement, or channel, that has one."""
    cadre = _cadre(campagne)
    lignes = []
    for code, libelle in _groupes(campagne, par):
        siens = cadre[[code in _places(rang, campagne, par) for _, rang in cadre.iterrows()]]
        if len(siens):
            comptes = siens["type"].value_counts()
            effectifs = {t.libelle: int(comptes.get(t.code, 0)) for t in _types(campagne)}
            lignes.append(Ligne(code, libelle, Repartition(effectifs), _numeros(siens)))
    suite = (
        " ; un constat compte dans chaque canal de son critère, ou de son engagement s’il n’en "
        "nomme pas"
        if par == "canal"
        else ""
    )
    return _bilan(
        campagne,
        f"constats.{par}",
        f"Constats par type et par {par}",
        par.capitalize(),
        f"nombre de constats de ce type{suite}",
        lignes,
    )


def list_constats(campagne: Campagne) -> Liste:
    """The findings that the auditor entered; the machine qualifies nothing."""
    types = {t.code: f"{t.signe} {t.libelle}" for t in _types(campagne)}
    lignes = tuple(
        (
            c.numero,
            types[c.type],
            c.critere or c.engagement,
            c.fait,
            c.preuve or "–",
            STATUTS_CONSTAT.get(c.statut, "–"),
        )
        for c in _cadre(campagne).itertuples()
    )
    return Liste(
        code="constats.liste",
        titre="Constats de l’auditeur",
        champ="constats inscrits par l’auditeur",
        source=campagne.source(SOURCE),
        colonnes=("Numéro", "Type", "Porte sur", "Fait constaté", "Preuve", "Statut"),
        lignes=lignes,
        a_completer="" if lignes else "les constats d’audit et leur qualification",
    )


def list_fiches_ecart(campagne: Campagne) -> Liasse:
    """One sheet for each non-conformity, with blanks for what is not written yet."""
    cadre = _cadre(campagne)
    ecarts = {t.code: t for t in _types(campagne) if t.non_conformite}
    siens = cadre[cadre["type"].isin(list(ecarts))]
    return Liasse(
        code="constats.fiches",
        titre="Écarts à traiter",
        champ="non-conformités inscrites par l’auditeur",
        source=campagne.source(SOURCE),
        feuilles=tuple(_fiche(rang, ecarts, campagne) for _, rang in siens.iterrows()),
        a_completer="" if len(cadre) else "les constats d’audit et leur qualification",
    )


def _fiche(rang: pd.Series, types: dict[str, TypeConstat], campagne: Campagne) -> Feuille:
    r = campagne.referentiel
    engagement, critere = r.engagements[rang["engagement"]], r.criteres.get(rang["critere"])
    echeance = rang["echeance"]
    ecrites = [(nom, rang[colonne]) for nom, colonne in _ECRITES]
    return Feuille(
        f"Fiche d’écart n° {rang['numero']}",
        (
            Rubrique("Engagement", (f"{engagement.code} {engagement.libelle}",)),
            Rubrique("Exigence", (engagement.exigence,)),
            *([Rubrique("Critère", (f"{critere.code} {critere.libelle}",))] if critere else []),
            new_rubrique("Fait constaté", rang["fait"]),
            new_rubrique("Preuve", rang["preuve"]),
            Rubrique("Gravité", (types[rang["type"]].libelle,)),
            *(new_rubrique(nom, texte) for nom, texte in ecrites[:4]),
            new_rubrique("Échéance", "" if pd.isna(echeance) else date_longue(echeance.date())),
            *(new_rubrique(nom, texte) for nom, texte in ecrites[4:]),
            new_rubrique("Statut", STATUTS_CONSTAT.get(rang["statut"])),
        ),
    )


_ECRITES = (
    ("Analyse des causes", "cause"),
    ("Correction", "correction"),
    ("Action corrective", "action_corrective"),
    ("Responsable", "responsable"),
    ("Preuve attendue", "preuve_attendue"),
    ("Avis de l’auditeur", "avis_auditeur"),
    ("Vérification", "verification"),
)


def _bilan(
    campagne: Campagne,
    code: str,
    titre: str,
    entete: str,
    formule: str,
    lignes: Iterable[Ligne],
    **suite: Any,
) -> Bilan:
    return new_bilan(
        campagne,
        SOURCE,
        code=code,
        titre=titre,
        entete=entete,
        unite="constat",
        formule=formule,
        lignes=lignes,
        **suite,
    )


def _cadre(campagne: Campagne) -> pd.DataFrame:
    """The findings, or none under the columns that they would have."""
    if SOURCE in campagne.tables:
        return campagne.tables[SOURCE].cadre
    return pd.DataFrame(columns=["numero", "type", "engagement", "critere", "statut"])


def _types(campagne: Campagne) -> tuple[TypeConstat, ...]:
    return campagne.referentiel.edition.types_constat


def _numeros(cadre: pd.DataFrame) -> tuple[int, ...]:
    return tuple(int(ligne) for ligne in cadre.index)


def _groupes(campagne: Campagne, par: Axe) -> list[tuple[str, str]]:
    if par == "canal":
        return list(campagne.referentiel.libelles_canaux.items())
    engagements = campagne.referentiel.engagements.values()
    return [(e.code, f"{e.code} {e.libelle}") for e in engagements]


def _places(rang: pd.Series, campagne: Campagne, par: Axe) -> set[str]:
    """Where a finding counts."""
    if par == "engagement":
        return {rang["engagement"]}
    r = campagne.referentiel
    nomme = [r.criteres[rang["critere"]]] if rang["critere"] in r.criteres else []
    criteres = nomme or r.engagements[rang["engagement"]].criteres
    return {canal for critere in criteres for canal in critere.canaux}
