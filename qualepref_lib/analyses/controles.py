"""What goes on between two audits: internal checks, users' observations, committees' decisions.

Late means that the day has passed: on the due day itself, nothing is late yet.
"""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from qualepref_lib.campagne import Campagne
from qualepref_lib.campagne.listes import new_comptes, new_liste
from qualepref_lib.campagne.tables_audit import RESULTATS_CONTROLE, STATUTS_DECISION
from qualepref_lib.core.bilan import Bilan, Liste, Nuance, Renvoi
from qualepref_lib.core.francais import date_courte, pluriel
from qualepref_lib.core.masques import masquer
from qualepref_lib.enquete.verbatims import load_noms

CONTROLES, USAGERS, DECISIONS = "controles", "usagers", "decisions"
UN_SIECLE = 36_525
A_JOUR, EN_RETARD, JAMAIS = "à jour", "en retard", "jamais fait"
REPONDU, SANS_REPONSE = "répondu", "sans réponse"
ETATS: dict[str, tuple[str, ...]] = {
    CONTROLES: (A_JOUR, EN_RETARD, JAMAIS),
    USAGERS: (REPONDU, SANS_REPONSE),
    DECISIONS: ("faite", "ouverte", EN_RETARD, "abandonnée"),
}
"""The states of each register, in the order in which they are counted."""

_NUANCES: dict[str, Nuance] = {
    A_JOUR: "bien",
    EN_RETARD: "ecart",
    JAMAIS: "ecart",
    REPONDU: "bien",
    SANS_REPONSE: "ecart",
    "faite": "bien",
    "ouverte": "neutre",
    "abandonnée": "neutre",
}


def measure_controles(campagne: Campagne) -> Bilan:
    """How many periodic checks there are, up to date, late or never done."""
    return _comptes(
        campagne,
        CONTROLES,
        "Contrôles internes selon leur état",
        ("contrôle", "contrôles"),
        "en retard = date du dernier contrôle augmentée de la fréquence, antérieure à la date de "
        "référence",
    )


def measure_usagers(campagne: Campagne) -> Bilan:
    """How many observations of users there are, answered or not."""
    return _comptes(
        campagne,
        USAGERS,
        "Suggestions et observations des usagers selon leur état",
        ("observation", "observations"),
        "répondu = une réponse ou sa date est inscrite, et cette date n’est pas postérieure à la "
        "date de référence",
    )


def measure_decisions(campagne: Campagne) -> Bilan:
    """How many decisions of the committees there are, in each state."""
    return _comptes(
        campagne,
        DECISIONS,
        "Décisions des comités selon leur état",
        ("décision", "décisions"),
        "en retard = ouverte, et d’échéance antérieure à la date de référence",
    )


def list_controles(campagne: Campagne) -> Liste:
    """The periodic checks: what, how often, who, last done, next due, result, late or not."""
    return new_liste(
        campagne,
        CONTROLES,
        code="controles.liste",
        titre="Contrôle interne",
        colonnes=("Contrôle", "Engagements", "Fréquence", "Responsable", "Dernier", "Prochain",
                  "Résultat", "État"),
        lignes=(
            (
                f"{c.code} {c.libelle}",
                ", ".join(c.engagements) or "–",
                f"tous les {pluriel(int(c.frequence_jours), 'jour')}",
                c.responsable or "responsable à désigner",
                _jour(c.dernier),
                _jour(c.prochain),
                RESULTATS_CONTROLE.get(c.resultat, "–"),
                _etat(c.etat),
            )
            for c in _cadre(campagne, CONTROLES).itertuples()
        ),
    )  # fmt: skip


def list_usagers(campagne: Campagne) -> Liste:
    """What users suggested or observed, personal data masked, the answer given, and when."""
    noms = load_noms(campagne)
    return new_liste(
        campagne,
        USAGERS,
        code="usagers.liste",
        titre="Suggestions et observations des usagers",
        colonnes=("Observation", "Date", "Instance", "Engagement", "Réponse", "Répondu le", "État"),
        lignes=(
            (
                f"{u.code} {masquer(u.objet, noms).texte}",
                _jour(u.date),
                u.instance or "–",
                u.engagement or "–",
                masquer(u.reponse, noms).texte if u.reponse else "–",
                _jour(u.date_reponse),
                _etat(u.etat),
            )
            for u in _cadre(campagne, USAGERS).sort_values(["date", "code"]).itertuples()
        ),
    )


def list_decisions(campagne: Campagne) -> Liste:
    """What the committees decided, who follows it, for when, and where it stands."""
    return new_liste(
        campagne,
        DECISIONS,
        code="decisions.liste",
        titre="Décisions des comités et leur suivi",
        colonnes=("Décision", "Comité", "Date", "Responsable", "Échéance", "État"),
        lignes=(
            (
                f"{d.code} {d.decision}",
                d.comite,
                _jour(d.date),
                d.responsable or "responsable à désigner",
                _jour(d.echeance),
                _etat(d.etat),
            )
            for d in _cadre(campagne, DECISIONS).sort_values(["date", "code"]).itertuples()
        ),
    )


def _comptes(
    campagne: Campagne, source: str, titre: str, noms: tuple[str, str], precision: str
) -> Bilan:
    cadre = _cadre(campagne, source)
    rangs: dict[str, Iterable[int]] = {
        etat: map(int, cadre.index[cadre["etat"] == etat]) for etat in ETATS[source]
    }
    return new_comptes(
        campagne, source, rangs, noms, code=f"{source}.etats", titre=titre,
        formule=f"nombre de lignes dans cet état ; {precision}",
    )  # fmt: skip


def _cadre(campagne: Campagne, source: str) -> pd.DataFrame:
    """The rows of a register, each with its state at the reference date."""
    if source not in campagne.tables:
        return pd.DataFrame(columns=["code", "date", "etat"])
    cadre, jour = campagne.tables[source].cadre, pd.Timestamp(campagne.fiche.date_reference)
    return {CONTROLES: _controles, USAGERS: _usagers, DECISIONS: _decisions}[source](cadre, jour)


def _controles(cadre: pd.DataFrame, jour: pd.Timestamp) -> pd.DataFrame:
    jours = cadre["frequence_jours"].clip(upper=UN_SIECLE)  # beyond it, pandas has no date
    prochain = cadre["dernier"] + pd.to_timedelta(jours, unit="D")
    etats = pd.Series(A_JOUR, index=cadre.index, dtype=object).mask(prochain < jour, EN_RETARD)
    return cadre.assign(prochain=prochain, etat=etats.mask(cadre["dernier"].isna(), JAMAIS))


def _usagers(cadre: pd.DataFrame, jour: pd.Timestamp) -> pd.DataFrame:
    inscrite = cadre["reponse"].notna() | cadre["date_reponse"].notna()
    a_ce_jour = inscrite & ~(cadre["date_reponse"] > jour)
    return cadre.assign(etat=a_ce_jour.map({True: REPONDU, False: SANS_REPONSE}))


def _decisions(cadre: pd.DataFrame, jour: pd.Timestamp) -> pd.DataFrame:
    etats = cadre["statut"].map(STATUTS_DECISION)
    tard = (cadre["statut"] == "ouverte") & (cadre["echeance"] < jour)
    return cadre.assign(etat=etats.mask(tard, EN_RETARD))


def _etat(etat: str) -> Renvoi:
    return Renvoi(etat, statut=_NUANCES[etat])


def _jour(date: pd.Timestamp) -> str:
    return "–" if pd.isna(date) else date_courte(date.date())
