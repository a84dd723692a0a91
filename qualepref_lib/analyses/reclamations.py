"""The complaints in the register of mail: what they are about, and whether they are answered."""

from __future__ import annotations

from qualepref_lib.campagne import Campagne
from qualepref_lib.core.bilan import Bilan, Ligne
from qualepref_lib.core.mesures import Effectif
from qualepref_lib.registres.courriers import FORMULE_TENUS
from qualepref_lib.registres.envois import (
    RECLAMATION,
    follow_envois,
    new_bilan_envois,
    new_ligne_taux,
)
from qualepref_lib.registres.groupes import Groupe, split_declared
from qualepref_lib.registres.seuils import numeros

_AUCUNE = "Aucune réclamation à la date de référence."


def measure_reclamations(campagne: Campagne) -> Bilan:
    """The share of complaints answered in time, by motive, those without a motive last."""
    return new_bilan_envois(
        campagne,
        "courriers.reclamations",
        "Réclamations répondues dans le délai, par motif",
        f"parmi les envois de nature « réclamation » : {FORMULE_TENUS}",
        [new_ligne_taux(*groupe) for groupe in _motifs(campagne)],
        entete="Motif",
        unite="réclamation",
        si_vide=_AUCUNE,
    )


def measure_motifs(campagne: Campagne) -> Bilan:
    """How many complaints were received for each motive, whatever became of them."""
    return new_bilan_envois(
        campagne,
        "courriers.motifs",
        "Réclamations reçues, par motif",
        "nombre d’envois de nature « réclamation » reçus jusqu’à la date de référence, quel que "
        "soit leur état",
        [
            Ligne(code, libelle, Effectif(len(envois), "réclamation"), numeros(envois))
            for code, libelle, envois in _motifs(campagne)
        ],
        entete="Motif",
        unite="réclamation",
        si_vide=_AUCUNE,
    )


def _motifs(campagne: Campagne) -> list[Groupe]:
    """The complaints by motive, in the order of the référentiel, those without one last."""
    groupes: list[Groupe] = []
    for envois in follow_envois(campagne):
        siennes = envois[envois["nature"] == RECLAMATION]
        motifs = campagne.referentiel.registres.motifs_reclamation
        groupes += split_declared(motifs, siennes, "motif", sans="motif non indiqué")
    return groupes
