"""The coverage map: what stands behind each engagement, and who is asked about it."""

from __future__ import annotations

from qualepref_lib.analyses.entretiens import (
    measure_creneaux_par_engagement,
    measure_entretiens_par_engagement,
)
from qualepref_lib.analyses.preuves import measure_preuves_par_engagement
from qualepref_lib.campagne import Campagne
from qualepref_lib.core.bilan import Bilan, Liste, Renvoi
from qualepref_lib.core.mesures import Effectif

NON_EVALUE = "non évalué"


def list_couverture(campagne: Campagne) -> Liste:
    """Each engagement with its valid proofs, its lapsed ones, its interviews and its slots."""
    bilans = (
        measure_preuves_par_engagement(campagne, valables=True),
        measure_preuves_par_engagement(campagne, valables=False),
        measure_entretiens_par_engagement(campagne),
        measure_creneaux_par_engagement(campagne),
    )
    manques = list(dict.fromkeys(bilan.manque for bilan in bilans if bilan.manque))
    tout_manque = all(bilan.manque for bilan in bilans)
    return Liste(
        code="couverture.engagements",
        titre="Couverture des engagements",
        champ="engagements des modules retenus" + _reserve(manques),
        source=campagne.source("preuves"),
        colonnes=(
            "Engagement",
            "Preuves valables",
            "Preuves caduques",
            "Entretiens menés",
            "Créneaux prévus",
        ),
        lignes=tuple(
            (f"{e.code} {e.libelle}", *(_compte(bilan, e.code) for bilan in bilans))
            for module in campagne.modules
            for e in module.engagements
        ),
        manque=" et ".join(manques) if tout_manque else "",
        chiffres=tuple(chiffre for bilan in bilans for chiffre in bilan.chiffres()),
    )


def _compte(bilan: Bilan, engagement: str) -> str | Renvoi:
    if bilan.manque:
        return NON_EVALUE
    ligne = bilan.ligne(engagement)
    assert isinstance(ligne.mesure, Effectif)
    return Renvoi(str(ligne.mesure.n), bilan.identifiant(ligne))


def _reserve(manques: list[str]) -> str:
    return f" ; {NON_EVALUE}, il manque {' et '.join(manques)}" if manques else ""
