"""Who was met, who is to be met, and what nobody was asked about.

An interview dated on or before the reference date was held; a later one is planned. People are
functions, never names.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import Any

import pandas as pd

from qualepref_lib.campagne import Campagne, new_bilan
from qualepref_lib.campagne.listes import new_comptes, new_liste
from qualepref_lib.campagne.regles_audit import minutes
from qualepref_lib.core.bilan import Bilan, Ligne, Liste, Nuance, Renvoi
from qualepref_lib.core.francais import date_courte
from qualepref_lib.core.masques import masquer
from qualepref_lib.core.mesures import Effectif
from qualepref_lib.enquete.verbatims import load_noms

ENTRETIENS, PLAN = "entretiens", "plan_audit"
MENE, PREVU = "mené", "prévu"
_NUANCES: dict[str, Nuance] = {MENE: "bien", PREVU: "neutre"}


def measure_entretiens(campagne: Campagne) -> Bilan:
    """How many interviews there are, held and planned."""
    cadre = _entretiens(campagne)
    return new_comptes(
        campagne,
        ENTRETIENS,
        {etat: map(int, cadre.index[cadre["etat"] == etat]) for etat in (MENE, PREVU)},
        ("entretien", "entretiens"),
        code="entretiens.etats",
        titre="Entretiens menés et prévus",
        formule="nombre d’entretiens ; mené = daté au plus tard de la date de référence",
    )


def measure_entretiens_par_engagement(campagne: Campagne) -> Bilan:
    """How many interviews were held about each engagement."""
    cadre = _entretiens(campagne)
    return _par_engagement(
        campagne,
        ENTRETIENS,
        cadre[cadre["etat"] == MENE],
        "entretiens.menes",
        "Entretiens menés par engagement",
        ("entretien", "entretiens"),
    )


def measure_creneaux_par_engagement(campagne: Campagne) -> Bilan:
    """How many slots of the audit plan are about each engagement."""
    return _par_engagement(
        campagne,
        PLAN,
        _plan(campagne),
        "plan_audit.creneaux",
        "Créneaux prévus par engagement",
        ("créneau", "créneaux"),
    )


def list_entretiens(campagne: Campagne) -> Liste:
    """The interviews by date: who was met, about what, and the auditor's notes, without names."""
    noms = load_noms(campagne)
    return new_liste(
        campagne,
        ENTRETIENS,
        code="entretiens.liste",
        titre="Entretiens",
        colonnes=("Entretien", "Date", "Fonction", "Service", "Engagements", "Notes", "État"),
        lignes=(
            (
                e.code,
                date_courte(e.date.date()),
                e.fonction,
                e.service or "–",
                ", ".join(e.engagements),
                masquer(e.notes, noms).texte if e.notes else "à compléter par l’auditeur",
                Renvoi(e.etat, statut=_NUANCES[e.etat]),
            )
            for e in _entretiens(campagne).sort_values(["date", "code"]).itertuples()
        ),
    )


def list_plan_audit(campagne: Campagne) -> Liste:
    """The slots of the audit, in order."""
    return new_liste(
        campagne,
        PLAN,
        code="plan_audit.liste",
        titre="Plan d’audit",
        colonnes=("Date", "Horaire", "Activité", "Engagements", "Fonction rencontrée", "Lieu"),
        lignes=(
            (
                date_courte(c.date.date()),
                f"{_heure(c.minute_debut)} – {_heure(c.minute_fin)}",
                c.activite,
                ", ".join(c.engagements) or "–",
                c.fonction or "–",
                c.lieu or "–",
            )
            for c in _plan(campagne).itertuples()
        ),
    )


def list_conflits(campagne: Campagne) -> Liste:
    """The slots that overlap while they need the same function, or the same place."""
    return new_liste(
        campagne,
        PLAN,
        code="plan_audit.conflits",
        titre="Créneaux qui se chevauchent",
        champ="créneaux du même jour qui demandent la même fonction ou le même lieu",
        colonnes=("Date", "Premier créneau", "Second créneau", "En commun"),
        lignes=tuple(_conflits(_plan(campagne))),
    )


def list_non_couverts(campagne: Campagne) -> Liste:
    """The engagements that no interview and no slot of the plan is about."""
    cites = _cites(_entretiens(campagne)) | _cites(_plan(campagne))
    sans_rien = all(campagne.manque(source) for source in (ENTRETIENS, PLAN))
    return new_liste(
        campagne,
        PLAN,
        code="plan_audit.non_couverts",
        titre="Engagements sans entretien ni créneau",
        champ="engagements des modules retenus, face aux entretiens et au plan d’audit",
        colonnes=("Engagement", "Rubrique", "Critères à vérifier"),
        lignes=(
            (f"{e.code} {e.libelle}", e.rubrique or "–", ", ".join(c.code for c in e.criteres))
            for module in campagne.modules
            for e in module.engagements
            if e.code not in cites
        ),
        manque=" et ".join(map(campagne.manque, (ENTRETIENS, PLAN))) if sans_rien else "",
    )


def cites_ou_a_venir(campagne: Campagne) -> set[str]:
    """The engagements that an interview is about, or a slot that is still to come."""
    plan = _plan(campagne)
    a_venir = plan[plan["date"] >= pd.Timestamp(campagne.fiche.date_reference)]
    return _cites(_entretiens(campagne)) | _cites(a_venir)


def _cites(cadre: pd.DataFrame) -> set[str]:
    return {code for codes in cadre["engagements"] for code in codes}


def _entretiens(campagne: Campagne) -> pd.DataFrame:
    """The interviews, each with its state."""
    if ENTRETIENS not in campagne.tables:
        return pd.DataFrame(columns=["code", "date", "engagements", "etat"])
    cadre = campagne.tables[ENTRETIENS].cadre
    menes = cadre["date"] <= pd.Timestamp(campagne.fiche.date_reference)
    return cadre.assign(etat=menes.map({True: MENE, False: PREVU}))


def _plan(campagne: Campagne) -> pd.DataFrame:
    """The slots in order, their times in minutes since midnight."""
    if PLAN not in campagne.tables:
        return pd.DataFrame(columns=["date", "engagements", "minute_debut", "minute_fin"])
    cadre = campagne.tables[PLAN].cadre
    avec = cadre.assign(minute_debut=minutes(cadre["debut"]), minute_fin=minutes(cadre["fin"]))
    return avec.sort_values(["date", "minute_debut"], kind="stable")


def _conflits(plan: pd.DataFrame) -> Iterator[tuple[str, ...]]:
    for jour, creneaux in plan.groupby("date"):
        for a, b in combinations(list(creneaux.itertuples()), 2):
            communs = [v for v in {a.fonction, a.lieu} & {b.fonction, b.lieu} if v]
            if communs and b.minute_debut < a.minute_fin:
                yield date_courte(jour.date()), _dit(a), _dit(b), ", ".join(sorted(communs))


def _dit(creneau: Any) -> str:
    return f"{_heure(creneau.minute_debut)} – {_heure(creneau.minute_fin)} {creneau.activite}"


def _heure(minute: float) -> str:
    return f"{int(minute) // 60:02d}:{int(minute) % 60:02d}"


def _par_engagement(
    campagne: Campagne,
    source: str,
    cadre: pd.DataFrame,
    code: str,
    titre: str,
    noms: tuple[str, str],
) -> Bilan:
    engagements = [e for module in campagne.modules for e in module.engagements]
    lignes = (
        Ligne(e.code, f"{e.code} {e.libelle}", Effectif(len(rangs), *noms), rangs)
        for e in engagements
        for rangs in [_rangs(cadre, e.code)]
    )
    return new_bilan(
        campagne,
        source,
        code=code,
        titre=titre,
        entete="Engagement",
        unite=noms[0],
        formule=f"nombre de lignes qui citent l’engagement ; un {noms[0]} peut en citer plusieurs",
        lignes=lignes if source in campagne.tables else (),
    )


def _rangs(cadre: pd.DataFrame, engagement: str) -> tuple[int, ...]:
    return tuple(int(str(i)) for i, codes in cadre["engagements"].items() if engagement in codes)
