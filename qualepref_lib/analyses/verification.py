"""The auditor's ratings, alone and beside those of the services.

Two rates are compared on the same criteria only: those that both rated, and that count. It is a
census, so a gap has no interval; it says where the two views part, not which one is right.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pandas as pd

from qualepref_lib.campagne import Campagne, new_bilan
from qualepref_lib.campagne.listes import new_liste
from qualepref_lib.core.bilan import Bilan, Chiffre, Ligne, Liste, Nuance, Renvoi
from qualepref_lib.core.francais import nombre, pluriel
from qualepref_lib.core.mesures import PETITE_BASE, Taux
from qualepref_lib.core.plages import plages
from qualepref_lib.core.refus import sans_accent
from qualepref_lib.cotations import (
    DECLARE,
    Axe,
    cotations_de,
    formule_de,
    grouper,
    groupes,
    new_ligne,
    points_de,
)

SOURCE = "verification"
_TITRES = {
    "ensemble": "ensemble des modules",
    "module": "par module",
    "canal": "par canal",
    "engagement": "par engagement",
    "service": "par service",
}


def measure_verifie(campagne: Campagne, par: Axe = "module") -> Bilan:
    """The rate of the auditor's ratings; what was not verified is open, and gives the bounds."""
    lignes = [
        new_ligne(code, libelle, groupe, campagne, par)
        for code, libelle, groupe in groupes(campagne, par, SOURCE)
    ]
    return _bilan(campagne, SOURCE, f"verification.{par}", f"Taux vérifié {_TITRES[par]}", par,
                  lignes)  # fmt: skip


def list_ecart_verification(campagne: Campagne, par: Axe = "engagement") -> Liste:
    """The declared rate beside the verified one, on the criteria that both rated."""
    paires = _comparables(paires_de(campagne), campagne)
    declare = _communs(campagne, par, paires, DECLARE)
    verifie = _communs(campagne, par, paires, SOURCE)
    ecarts = {ligne.code: _ecart(ligne, verifie, declare) for ligne in verifie.lignes}
    return new_liste(
        campagne,
        SOURCE,
        code=f"verification.ecarts.{par}",
        titre=f"Déclaré et vérifié {_TITRES[par]}",
        champ="critères cotés à la fois par le service et par l’auditeur, hors sans objet",
        colonnes=(par.capitalize(), "Déclaré", "Vérifié", "Écart"),
        lignes=(
            (
                ligne.libelle,
                Renvoi(str(declare.ligne(ligne.code).mesure), declare.identifiant(ligne)),
                Renvoi(str(ligne.mesure), verifie.identifiant(ligne)),
                Renvoi(ecarts[ligne.code].valeur, ecarts[ligne.code].code),
            )
            for ligne in verifie.lignes
        ),
        manque=_manque(campagne),
        chiffres=(*declare.chiffres(), *verifie.chiffres(), *ecarts.values()),
    )


def list_divergences(campagne: Campagne) -> Liste:
    """The criteria that the auditor rated otherwise than the service, the lowered ones first."""
    degres = {d.code: d.libelle for d in campagne.referentiel.edition.echelle}
    paires = paires_de(campagne).dropna(subset=["declare", "verifie"])
    ecartees = paires[paires["declare"] != paires["verifie"]]
    points = points_de(campagne)
    rangs = sorted(ecartees.itertuples(), key=lambda p: (_sens(p, points)[0], p.critere))
    return new_liste(
        campagne,
        SOURCE,
        code="verification.divergences",
        titre="Critères que l’auditeur cote autrement",
        champ="critères cotés à la fois par le service et par l’auditeur",
        colonnes=("Critère", "Service", "Déclaré", "Vérifié", "Sens", "Commentaire de l’auditeur"),
        lignes=(
            (
                f"{p.critere} {campagne.referentiel.criteres[p.critere].libelle}",
                p.service or "–",
                degres[p.declare],
                degres[p.verifie],
                Renvoi(_sens(p, points)[1], statut=_sens(p, points)[2]),
                p.commentaire or "–",
            )
            for p in rangs
        ),
        manque=_manque(campagne),
    )


def paires_de(campagne: Campagne) -> pd.DataFrame:
    """Each rating of the auditor beside the service's: critere, declare, verifie, service, lines.

    A rating of the auditor without a service answers to every service that rated the criterion.
    """
    colonnes = ["critere", "service", "declare", "verifie", "commentaire", DECLARE, SOURCE]
    if _manque(campagne):
        return pd.DataFrame(columns=colonnes)
    declarees = _par_critere(cotations_de(campagne, DECLARE))
    vues = campagne.tables[SOURCE].cadre
    paires = [
        (v.critere, d.service, d.cotation, v.cotation, v.commentaire, d.Index, v.Index)
        for v in vues.itertuples()
        for d in declarees.get(v.critere, [])
        if _meme_service(v.service, d.service)
    ]
    return pd.DataFrame(paires, columns=colonnes, dtype=object)


def _meme_service(vu: str | None, dit: str | None) -> bool:
    return not vu or not dit or sans_accent(vu) == sans_accent(dit)


def _par_critere(cotations: pd.DataFrame) -> dict[str, list[Any]]:
    rangs: dict[str, list[Any]] = {}
    for rang in cotations[cotations.index > 0].itertuples():
        rangs.setdefault(str(rang.critere), []).append(rang)
    return rangs


def _comparables(paires: pd.DataFrame, campagne: Campagne) -> pd.DataFrame:
    """The pairs where both ratings are in the base: *sans objet* has no rate to compare."""
    points = points_de(campagne)
    return paires[paires["declare"].isin(points) & paires["verifie"].isin(points)]


def _communs(campagne: Campagne, par: Axe, paires: pd.DataFrame, source: str) -> Bilan:
    """The rate of one of the two views, on the pairs only."""
    vue = "declare" if source == DECLARE else "verifie"
    r = campagne.referentiel
    cadre = paires[["critere", "service"]].assign(
        cotation=paires[vue],
        engagement=paires["critere"].map(r.engagement_de),
        module=paires["critere"].map(r.module_de),
        canaux=[r.criteres[c].canaux for c in paires["critere"]],
    )
    cadre.index = pd.Index(paires[source].astype("int64"))
    lignes = [new_ligne(*groupe, campagne, par) for groupe in grouper(cadre, campagne, par)]
    titre = f"Taux {'déclaré' if source == DECLARE else 'vérifié'} {_TITRES[par]}, critères communs"
    return _bilan(campagne, source, f"verification.{vue}.{par}", titre, par, lignes)


def _bilan(
    campagne: Campagne, source: str, code: str, titre: str, par: Axe, lignes: list[Ligne]
) -> Bilan:
    return new_bilan(
        campagne,
        source,
        code=code,
        titre=titre,
        entete=par.capitalize(),
        entetes_taux=("Points", "Évalués", "Taux"),
        unite="critère",
        formule=formule_de(campagne, par),
        lignes=lignes,
    )


def _ecart(ligne: Ligne, verifie: Bilan, declare: Bilan) -> Chiffre:
    """The gap as an entry of the register: in points of percentage, or of the scale when few."""
    apres, avant = ligne.mesure, declare.ligne(ligne.code).mesure
    assert isinstance(apres, Taux) and isinstance(avant, Taux)
    code = verifie.identifiant(ligne).replace("verification.verifie.", "verification.ecart.")
    return Chiffre(
        code=code,
        libelle=f"Écart entre vérifié et déclaré — {ligne.libelle}",
        valeur=_texte_ecart(apres, avant),
        formule="taux vérifié − taux déclaré, sur les critères cotés des deux côtés",
        numerateur=str(apres),
        denominateur=str(avant),
        intervalle="",
        fichier=verifie.source.fichier,
        sha256=verifie.source.sha256,
        lignes=plages(ligne.lignes),
    )


def _texte_ecart(apres: Taux, avant: Taux) -> str:
    if apres.observes < PETITE_BASE:
        points = Fraction(apres.favorables) - Fraction(avant.favorables)
        base = pluriel(apres.observes, "critère")
        return f"{_signe(points)}{pluriel(points, 'point')} sur {base}"
    points = 100 * ((apres.valeur or Fraction(0)) - (avant.valeur or Fraction(0)))
    return f"{_signe(points)}{nombre(points)} points"


def _signe(points: Fraction) -> str:
    return "+" if points > 0 else ""


def _sens(paire: object, points: dict[str, Fraction]) -> tuple[int, str, Nuance]:
    """How the auditor moved a rating: its rank, its words, its nuance."""
    avant = points.get(str(getattr(paire, "declare", "")))
    apres = points.get(str(getattr(paire, "verifie", "")))
    if avant is None:
        return 1, "applicable selon l’auditeur", "moyen"
    if apres is None:
        return 2, "sans objet selon l’auditeur", "moyen"
    return (0, "plus bas", "ecart") if apres < avant else (3, "plus haut", "bien")


def _manque(campagne: Campagne) -> str:
    return " et ".join(m for m in map(campagne.manque, (DECLARE, SOURCE)) if m)
