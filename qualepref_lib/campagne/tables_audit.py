"""The tables of the audit itself: evidence, documents, interviews, verification, findings.

What the auditor says is an input like the rest: it is read here, never typed in a notebook. People
are functions, never names.
"""

from __future__ import annotations

from collections.abc import Callable

from qualepref_lib.formats.colonnes import Colonne
from qualepref_lib.referentiel import Referentiel

NATURES_PREUVE = {"directe": "directe", "indirecte": "indirecte"}
STATUTS_CONSTAT = {"ouvert": "ouvert", "leve": "levé"}
STATUTS_PIECE = {"a_fournir": "à fournir", "recue": "reçue", "incomplete": "incomplète"}
RESULTATS_CONTROLE = {"conforme": "conforme", "ecart": "écart"}
STATUTS_DECISION = {"ouverte": "ouverte", "faite": "faite", "abandonnee": "abandonnée"}


def _criteres(r: Referentiel) -> dict[str, str]:
    return {code: critere.libelle for code, critere in r.criteres.items()}


def _engagements(r: Referentiel) -> dict[str, str]:
    return {code: engagement.libelle for code, engagement in r.engagements.items()}


def _preuves(r: Referentiel) -> tuple[Colonne, ...]:
    nature = "un code de critère du référentiel"
    return (
        Colonne("code", requise=True, remplie=True),
        Colonne("libelle", requise=True, remplie=True),
        Colonne("criteres", "codes", True, True, _criteres(r), nature),
        Colonne("date_effet", "date", True, True),
        Colonne("date_depot", "date"),
        Colonne("validite_jours", "nombre", mini=1, entier=True),
        Colonne("fichier"),
        Colonne("sha256"),
        Colonne("nature", "code", connus=NATURES_PREUVE, nature="une nature de preuve"),
    )


def _documents(r: Referentiel) -> tuple[Colonne, ...]:
    nature = "un code de critère du référentiel"
    return (
        Colonne("code", requise=True, remplie=True),
        Colonne("libelle", requise=True, remplie=True),
        Colonne("version"),
        Colonne("responsable"),
        Colonne("derniere_revue", "date"),
        Colonne("prochaine_revue", "date", requise=True),
        Colonne("criteres", "codes", connus=_criteres(r), nature=nature),
    )


def _entretiens(r: Referentiel) -> tuple[Colonne, ...]:
    nature = "un code d’engagement"
    return (
        Colonne("code", requise=True, remplie=True),
        Colonne("date", "date", requise=True, remplie=True),
        Colonne("fonction", requise=True, remplie=True),
        Colonne("service"),
        Colonne("engagements", "codes", True, True, _engagements(r), nature),
        Colonne("notes"),
    )


def _plan_audit(r: Referentiel) -> tuple[Colonne, ...]:
    return (
        Colonne("date", "date", requise=True, remplie=True),
        Colonne("debut", requise=True, remplie=True),
        Colonne("fin", requise=True, remplie=True),
        Colonne("activite", requise=True, remplie=True),
        Colonne("engagements", "codes", connus=_engagements(r), nature="un code d’engagement"),
        Colonne("fonction"),
        Colonne("lieu"),
    )


def _verification(r: Referentiel) -> tuple[Colonne, ...]:
    degres = {degre.code: degre.libelle for degre in r.edition.echelle}
    return (
        Colonne("critere", "code", True, True, _criteres(r), "un code de critère du référentiel"),
        Colonne("cotation", "code", True, False, degres, "une cotation de l’échelle"),
        Colonne("motif"),
        Colonne("service"),
        Colonne("commentaire"),
    )


def _constats(r: Referentiel) -> tuple[Colonne, ...]:
    types = {t.code: t.libelle for t in r.edition.types_constat}
    return (
        Colonne("numero", requise=True, remplie=True),
        Colonne("type", "code", True, True, types, "un type de constat"),
        Colonne("engagement", "code", True, True, _engagements(r), "un code d’engagement"),
        Colonne("critere", "code", connus=_criteres(r), nature="un code de critère du référentiel"),
        Colonne("fait", requise=True, remplie=True),
        Colonne("preuve"),
        Colonne("cause"),
        Colonne("correction"),
        Colonne("action_corrective"),
        Colonne("responsable"),
        Colonne("echeance", "date"),
        Colonne("preuve_attendue"),
        Colonne("avis_auditeur"),
        Colonne("verification"),
        Colonne("statut", "code", connus=STATUTS_CONSTAT, nature="un statut de constat"),
    )


def _pieces(r: Referentiel) -> tuple[Colonne, ...]:
    pieces = {p.code: p.libelle for p in r.pieces}
    return (
        Colonne("piece", "code", True, True, pieces, "un code de pièce"),
        Colonne("statut", "code", True, True, STATUTS_PIECE, "un statut de pièce"),
        Colonne("remise_le", "date"),
        Colonne("commentaire"),
    )


def _controles(r: Referentiel) -> tuple[Colonne, ...]:
    return (
        Colonne("code", requise=True, remplie=True),
        Colonne("libelle", requise=True, remplie=True),
        Colonne("frequence_jours", "nombre", True, True, mini=1, entier=True),
        Colonne("responsable"),
        Colonne("dernier", "date", requise=True),
        Colonne("resultat", "code", connus=RESULTATS_CONTROLE, nature="un résultat de contrôle"),
        Colonne("engagements", "codes", connus=_engagements(r), nature="un code d’engagement"),
    )


def _usagers(r: Referentiel) -> tuple[Colonne, ...]:
    return (
        Colonne("code", requise=True, remplie=True),
        Colonne("date", "date", requise=True, remplie=True),
        Colonne("instance", requise=True),
        Colonne("objet", requise=True, remplie=True),
        Colonne("reponse"),
        Colonne("date_reponse", "date"),
        Colonne("engagement", "code", connus=_engagements(r), nature="un code d’engagement"),
    )


def _decisions(r: Referentiel) -> tuple[Colonne, ...]:
    return (
        Colonne("code", requise=True, remplie=True),
        Colonne("date", "date", requise=True, remplie=True),
        Colonne("comite", requise=True, remplie=True),
        Colonne("decision", requise=True, remplie=True),
        Colonne("responsable"),
        Colonne("echeance", "date"),
        Colonne("statut", "code", True, True, STATUTS_DECISION, "un statut de décision"),
    )


COLONNES_AUDIT: dict[str, Callable[[Referentiel], tuple[Colonne, ...]]] = {
    "preuves": _preuves,
    "documents": _documents,
    "entretiens": _entretiens,
    "plan_audit": _plan_audit,
    "verification": _verification,
    "constats": _constats,
    "pieces": _pieces,
    "controles": _controles,
    "usagers": _usagers,
    "decisions": _decisions,
}
