"""The self-diagnosis: what the services declare, criterion by criterion.

It is a census: every criterion is looked at, so a rate has no confidence interval. What it has,
while some criteria are not assessed, is bounds: all of them fail, or all of them pass (rules 3.1).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction
from typing import Any

import pandas as pd

from qualepref_lib.campagne import Campagne, new_bilan
from qualepref_lib.core.bilan import Bilan, Ligne
from qualepref_lib.core.francais import pluriel
from qualepref_lib.core.mesures import Taux
from qualepref_lib.cotations import (
    FORMULE_CRITERES,
    Axe,
    applicables,
    cotations_de,
    formule_de,
    groupes,
    new_ligne,
    numeros,
    origine_des_cibles,
    repartition_de,
    taux_simple,
)
from qualepref_lib.referentiel import GENERAL

SOURCE = "autodiagnostic"

_ENTETES = {
    "ensemble": "Ensemble",
    "module": "Module",
    "canal": "Canal",
    "engagement": "Engagement",
    "service": "Service",
}


def measure_autodiagnostic(campagne: Campagne, par: Axe = "module") -> Bilan:
    """The declared rate of each module, channel, engagement or service, with its bounds."""
    lignes = tuple(
        new_ligne(code, libelle, groupe, campagne, par)
        for code, libelle, groupe in groupes(campagne, par)
    )
    return _bilan(
        campagne,
        f"autodiagnostic.{par}",
        _TITRES[par],
        _ENTETES[par],
        lignes,
        formule_de(campagne, par),
        reserve=origine_des_cibles(campagne, par, [ligne.code for ligne in lignes]),
    )


def measure_cotations(campagne: Campagne, par: Axe = "module") -> Bilan:
    """How many criteria are rated *réalisé*, *partiel*, … in each module, channel, …"""
    lignes = tuple(
        Ligne(code, libelle, repartition_de(groupe, campagne), numeros(groupe))
        for code, libelle, groupe in groupes(campagne, par)
    )
    titre = f"Cotations déclarées{_TITRES[par].removeprefix('Taux déclaré')}"
    return _bilan(
        campagne,
        f"autodiagnostic.cotations.{par}",
        titre,
        _ENTETES[par],
        lignes,
        formule="part = critères portant cette cotation ÷ critères évalués et applicables",
    )


def measure_points_forts(campagne: Campagne) -> Bilan:
    """The engagements whose rate reaches the threshold of strengths declared by the edition."""
    seuil = campagne.referentiel.edition.point_fort_a_partir
    return _retenus(
        campagne, "points_forts", "Points forts déclarés", "point fort", lambda taux: taux >= seuil
    )


def measure_axes(campagne: Campagne) -> Bilan:
    """The engagements whose rate is under the threshold of the axes of progress."""
    seuil = campagne.referentiel.edition.axe_en_dessous
    return _retenus(
        campagne, "axes", "Axes de progrès déclarés", "axe de progrès", lambda taux: taux < seuil
    )


def measure_a_verifier(campagne: Campagne) -> Bilan:
    """The criteria not assessed yet, first those whose check would narrow the rates most.

    Assessing one criterion narrows the bounds of a group of N applicable criteria by exactly 1/N,
    so the most useful check is in the smallest group it counts in.
    """
    cotations = cotations_de(campagne)
    ouverts = cotations[cotations["cotation"].isna()]
    tailles = {
        code: int(applicables(groupe, campagne).sum())
        for code, _, groupe in groupes(campagne, "canal")
    }
    tailles[GENERAL] = int(applicables(cotations, campagne).sum())
    lignes = [_a_verifier(ouverts.loc[i], tailles, campagne) for i in ouverts.index]
    lignes.sort(key=lambda ligne: (-(ligne.mesure.valeur or 0), ligne.code))  # type: ignore[attr-defined]
    return _bilan(
        campagne,
        "autodiagnostic.a_verifier",
        "Vérifications qui préciseraient le plus les taux",
        "Critère à évaluer",
        tuple(lignes),
        formule="largeur levée = 1 ÷ nombre de critères applicables du plus petit canal concerné "
        "(de l’ensemble, pour un critère général)",
        entete_groupe="Canal le plus précisé",
        si_vide="Tous les critères sont évalués : aucune vérification ne préciserait ces taux.",
        entetes_taux=("Critère", "Critères du canal", "Largeur levée"),
    )


_TITRES = {
    "ensemble": "Taux déclaré, ensemble des modules",
    "module": "Taux déclaré par module",
    "canal": "Taux déclaré par canal",
    "engagement": "Taux déclaré par engagement",
    "service": "Taux déclaré par service",
}


def _bilan(
    campagne: Campagne,
    code: str,
    titre: str,
    entete: str,
    lignes: Iterable[Ligne],
    formule: str = "",
    **suite: Any,
) -> Bilan:
    return new_bilan(
        campagne,
        SOURCE,
        code=code,
        titre=titre,
        entete=entete,
        unite="critère",
        formule=formule or FORMULE_CRITERES,
        lignes=lignes,
        **({"entetes_taux": ("Points", "Évalués", "Taux")} | suite),
    )


def _retenus(
    campagne: Campagne, code: str, titre: str, statut: str, retenir: Callable[[Fraction], bool]
) -> Bilan:
    lignes = []
    for nom, libelle, groupe in groupes(campagne, "engagement"):
        taux = taux_simple(groupe, campagne)
        if taux.valeur is not None and not taux.non_evalues and retenir(taux.valeur):
            lignes.append(Ligne(nom, libelle, taux, numeros(groupe), statut=statut))
    if statut == "axe de progrès":
        lignes.sort(key=lambda ligne: (ligne.mesure.valeur, ligne.code))  # type: ignore[attr-defined]
    return _bilan(
        campagne,
        f"autodiagnostic.{code}",
        titre,
        "Engagement",
        tuple(lignes),
        si_vide=_si_vide(campagne, titre),
    )


def _si_vide(campagne: Campagne, titre: str) -> str:
    """What an empty list means: nothing found, among the engagements that are wholly assessed."""
    taux = [taux_simple(groupe, campagne) for _, _, groupe in groupes(campagne, "engagement")]
    ouverts = sum(1 for t in taux if t.non_evalues)
    noms = ("engagement entièrement évalué", "engagements entièrement évalués")
    entiers = pluriel(len(taux) - ouverts, *noms)
    reste = f" ; {pluriel(ouverts, 'reste', 'restent')} à évaluer" if ouverts else ""
    return f"{titre} : aucun, sur {entiers}{reste}."


def _a_verifier(rang: pd.Series, tailles: dict[str, int], campagne: Campagne) -> Ligne:
    referentiel = campagne.referentiel
    code = str(rang["critere"])
    # What is said everywhere has no rate of its own: it narrows the rate of the whole.
    taille, canal = min((tailles[c], c) for c in rang["canaux"])
    numero = int(str(rang.name))
    return Ligne(
        code=code if pd.isna(rang["service"]) else f"{code}.{numero}",
        libelle=f"{code} {referentiel.criteres[code].libelle.rstrip('.')}",
        mesure=Taux(Fraction(1), taille),
        lignes=(numero,) if numero > 0 else (),
        groupe=referentiel.libelles_canaux[canal],
    )
