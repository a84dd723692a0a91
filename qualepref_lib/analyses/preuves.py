"""The evidence: what is proven, what has gone stale, what is claimed without a proof.

*Prouvé* stands beside *déclaré*, on the same base: a criterion keeps its points only when an
existing, fresh proof shows it (rules 3.1 and 3.2).
"""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from qualepref_lib.campagne import Campagne, new_bilan
from qualepref_lib.campagne.listes import code_etat, new_comptes, new_liste
from qualepref_lib.core.bilan import Bilan, Ligne, Liste, Nuance, Renvoi
from qualepref_lib.core.francais import date_courte
from qualepref_lib.core.mesures import Effectif
from qualepref_lib.core.refus import Probleme, Refus, proche, sans_accent
from qualepref_lib.cotations import ACQUIS, DECLARE, Axe, formule_de, groupes, new_ligne
from qualepref_lib.preuves import (
    ABSENT,
    ETATS,
    FRAICHE,
    MODIFIE,
    PERIMEE,
    SOURCE,
    Preuve,
    par_critere,
    preuves_de,
    preuves_par_engagement,
    prouves,
    sans_preuve,
)

_NUANCES: dict[str, Nuance] = {
    FRAICHE: "bien",
    PERIMEE: "moyen",
    ABSENT: "ecart",
    MODIFIE: "ecart",
}
_TITRES = {
    "ensemble": "Taux prouvé, ensemble des modules",
    "module": "Taux prouvé par module",
    "canal": "Taux prouvé par canal",
    "engagement": "Taux prouvé par engagement",
    "service": "Taux prouvé par service",
}


def measure_prouve(campagne: Campagne, par: Axe = "module") -> Bilan:
    """The rate that evidence supports, on the base of the declared rate."""
    preuves = preuves_de(campagne)
    manque = _manque(campagne)
    lignes = () if manque else tuple(_prouvees(campagne, par, preuves))
    return new_bilan(
        campagne,
        SOURCE,
        code=f"preuves.prouve.{par}",
        titre=_TITRES[par],
        entete=par.capitalize(),
        entetes_taux=("Points prouvés", "Évalués", "Taux prouvé"),
        unite="critère",
        formule=f"{formule_de(campagne, par)} ; les points d’un critère ne comptent que s’il a au "
        "moins une preuve existante et fraîche à la date de référence ; base : auto-diagnostic",
        champ="critères évalués et applicables de l’auto-diagnostic, face au registre des preuves",
        lignes=lignes,
        manque=manque,
    )


def _prouvees(campagne: Campagne, par: Axe, preuves: tuple[Preuve, ...]) -> list[Ligne]:
    acquis = prouves(preuves)
    lignes = []
    for code, libelle, groupe in groupes(campagne, par):
        avec = groupe.assign(**{ACQUIS: groupe["critere"].isin(acquis)})
        servent = [p for p in preuves if any(p.prouve(c) for c in groupe["critere"])]
        ligne = new_ligne(code, libelle, avec, campagne, par)
        lignes.append(replace(ligne, lignes=tuple(p.ligne for p in servent)))
    return lignes


def measure_preuves(campagne: Campagne) -> Bilan:
    """How many proofs there are, and how many in each state."""
    preuves = preuves_de(campagne)
    return new_comptes(
        campagne,
        SOURCE,
        {etat: [p.ligne for p in preuves if p.etat == etat] for etat in ETATS},
        ("preuve", "preuves"),
        code="preuves.etats",
        titre="Preuves du registre selon leur état",
        formule="nombre de preuves ; fraîche si la date d’effet augmentée de la validité atteint "
        "la date de référence pour chacun de ses critères, et si le fichier nommé est là, inchangé",
    )


def measure_preuves_par_engagement(campagne: Campagne, valables: bool = True) -> Bilan:
    """How many proofs show each engagement; or how many serve it and prove nothing any more."""
    trouvees = preuves_par_engagement(campagne, preuves_de(campagne), valables)
    libelles = {c: f"{c} {e.libelle}" for c, e in campagne.referentiel.engagements.items()}
    lignes = [
        Ligne(code, libelles[code], Effectif(len(p), "preuve"), tuple(x.ligne for x in p))
        for code, p in trouvees.items()
    ]
    sorte = "valables" if valables else "caduques"
    return new_bilan(
        campagne,
        SOURCE,
        code=f"preuves.{sorte}",
        titre=f"Preuves {sorte} par engagement",
        entete="Engagement",
        unite="preuve",
        formule="nombre de preuves qui servent un critère de l’engagement et "
        + ("le prouvent" if valables else "n’en prouvent aucun : périmées, absentes ou modifiées")
        + " à la date de référence ; une preuve peut servir plusieurs engagements",
        lignes=lignes if SOURCE in campagne.tables else (),
    )


def list_preuves(campagne: Campagne, etat: str = "") -> Liste:
    """Every proof with its last valid day and its state; only those in one state when asked."""
    retenu = _etat_connu(etat)
    preuves = [p for p in preuves_de(campagne) if not retenu or p.etat == retenu]
    return new_liste(
        campagne,
        SOURCE,
        code=f"preuves.liste.{code_etat(retenu)}" if retenu else "preuves.liste",
        titre=f"Preuves : {retenu}" if retenu else "Registre des preuves",
        colonnes=("Preuve", "Critères", "Date d’effet", "Valable jusqu’au", "Fichier", "État"),
        lignes=(
            (
                f"{p.code} {p.libelle}",
                " ".join(p.limites),
                date_courte(p.date_effet),
                date_courte(p.fin) if p.fin else "sans limite",
                p.fichier or "–",
                Renvoi(p.detail, statut=_NUANCES[p.etat]),
            )
            for p in preuves
        ),
    )


def _etat_connu(etat: str) -> str:
    """The state whose name was given, with or without its accents."""
    formes = {sans_accent(connu): connu for connu in ETATS}
    if etat and sans_accent(etat) not in formes:
        constat = f"« {etat} » n’est pas un état de preuve."
        raise Refus(Probleme("list_preuves", constat, connus=ETATS, voisin=proche(etat, ETATS)))
    return formes.get(sans_accent(etat), "")


def list_sans_preuve(campagne: Campagne) -> Liste:
    """The criteria declared *réalisé* or *partiel* that no valid proof shows, and why."""
    preuves = preuves_de(campagne)
    servies = par_critere(preuves)
    degres = {d.code: d.libelle for d in campagne.referentiel.edition.echelle}
    manque = _manque(campagne)
    return new_liste(
        campagne,
        SOURCE,
        code="preuves.manquantes",
        titre="Critères déclarés tenus, sans preuve valable",
        champ="critères déclarés réalisés ou partiels dans l’auto-diagnostic",
        colonnes=("Critère", "Cotation déclarée", "Service", "Pourquoi", "Preuve à demander"),
        lignes=()
        if manque
        else (
            (
                f"{rang.critere} {campagne.referentiel.criteres[rang.critere].libelle}",
                degres[rang.cotation],
                "–" if pd.isna(rang.service) else rang.service,
                _pourquoi(servies.get(rang.critere, [])),
                ", ".join(campagne.referentiel.criteres[rang.critere].preuves) or "–",
            )
            for rang in sans_preuve(campagne, preuves).itertuples()
        ),
        manque=manque,
    )


def _pourquoi(preuves: list[Preuve]) -> str:
    """Why none of these proofs holds."""
    return " ; ".join(f"{p.code} : {p.detail}" for p in preuves) or "aucune preuve au registre"


def _manque(campagne: Campagne) -> str:
    """A proven rate needs what is declared and what shows it."""
    return " et ".join(m for m in map(campagne.manque, (DECLARE, SOURCE)) if m)
