"""From a campaign to what it shares: every headline rate, masked where it is too small."""

from __future__ import annotations

from collections.abc import Iterator

from qualepref_lib.analyses.autodiagnostic import measure_autodiagnostic
from qualepref_lib.analyses.mystere import measure_joignabilite, measure_observe
from qualepref_lib.analyses.satisfaction import measure_satisfaction
from qualepref_lib.campagne import Campagne
from qualepref_lib.constats.indicateurs import indicateurs_de
from qualepref_lib.core.bilan import Bilan, Ligne
from qualepref_lib.core.mesures import Taux
from qualepref_lib.reseau.agregat import (
    BASE_MINIMALE,
    BASE_PETITE,
    CASE_MINIMALE,
    CASE_PETITE,
    FORMAT,
    Agregat,
    IndicateurPartage,
    Masque,
)

PERSONNES = ("volontaires", "tirage", "quotas")
"""The plans whose cases are people who answered; the others count letters, calls, criteria."""
RECENSE_SANS_MASQUE = "critère"
"""Criteria are the label's, the same everywhere: few of them betray nobody."""


def measure_agregat(campagne: Campagne) -> Agregat:
    """What the site shares at its reference date."""
    fiche = campagne.fiche
    return Agregat(
        format=FORMAT,
        campagne=fiche.code,
        site=fiche.site.libelle,
        edition=f"{fiche.edition} ({campagne.referentiel.edition.libelle})",
        date_reference=fiche.date_reference,
        demonstration=fiche.demonstration,
        indicateurs=tuple(
            _partager(bilan, ligne)
            for bilan, ligne in _citations(campagne)
            if isinstance(ligne.mesure, Taux) and ligne.mesure.observes
        ),
    )


def _citations(campagne: Campagne) -> Iterator[tuple[Bilan, Ligne]]:
    """Every rate that is worth setting beside those of other sites, with its bilan."""
    bilans = (
        measure_autodiagnostic(campagne, par="module"),
        measure_autodiagnostic(campagne, par="canal"),
        measure_joignabilite(campagne),
        measure_observe(campagne),
        measure_satisfaction(campagne),
    )
    for bilan in bilans:
        if not bilan.manque:
            yield from ((bilan, ligne) for ligne in bilan.lignes)
    yield from indicateurs_de(campagne)


def _partager(bilan: Bilan, ligne: Ligne) -> IndicateurPartage:
    taux = ligne.mesure
    assert isinstance(taux, Taux)
    masque = _masque(bilan, taux)
    return IndicateurPartage(
        code=bilan.identifiant(ligne),
        libelle=ligne.libelle,
        ensemble=bilan.titre,
        unite=bilan.unite,
        plan=bilan.plan,
        formule=bilan.formule,
        grappes=bilan.grappes,
        masque=masque,
        favorables=None if masque else float(taux.favorables),
        observes=None if masque else taux.observes,
        non_evalues=0 if masque else taux.non_evalues,
    )


def _masque(bilan: Bilan, taux: Taux) -> Masque:
    """Why a rate is not shared; nothing when it is."""
    if bilan.unite == RECENSE_SANS_MASQUE:
        return ""
    if taux.observes < BASE_MINIMALE:
        return BASE_PETITE
    cotes = (taux.favorables, taux.observes - taux.favorables)
    if bilan.plan in PERSONNES and any(0 < cote < CASE_MINIMALE for cote in cotes):
        return CASE_PETITE
    return ""
