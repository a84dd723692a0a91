"""The register of titles: how long an application takes, which are decided in time, which wait.

An application past due without a decision counts as a failure; one not yet due is left out and
counted in the backlog. Delays are told with the open applications, by Kaplan-Meier (rules 3.6).
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from qualepref_lib.campagne import Campagne, new_bilan
from qualepref_lib.core.bilan import Bilan, Ligne
from qualepref_lib.core.mesures import Effectif, Taux
from qualepref_lib.core.survie import resumer
from qualepref_lib.registres.delais import ECHUS, text_delai
from qualepref_lib.registres.groupes import Groupe, split_declared
from qualepref_lib.registres.seuils import new_indicateur, numeros
from qualepref_lib.registres.titres import SOURCE, suivre

INDICATEUR = "titres.delais"
_TENUS = (
    "taux = demandes décidées au plus tard à l’échéance ÷ (demandes décidées + demandes sans "
    "décision dont l’échéance est passée) ; échéance = date de dépôt + délai fixé à cette date "
    "pour le titre, en jours ouvrés du site (ou en jours calendaires si la règle le dit), le jour "
    "du dépôt comptant pour zéro"
)
_FORMULE_TENUS = (
    f"{_TENUS} ; hors de la base : les demandes sans décision dont l’échéance n’est pas passée, "
    "comptées dans les demandes en attente, et celles pour lesquelles aucun délai n’est fixé"
)


def measure_indicateurs_titres(campagne: Campagne) -> Bilan:
    """The declared indicator of the register, against its target in force."""
    lignes = []
    demandes = _suivi(campagne)
    if len(demandes) and campagne.referentiel.registres.indicateur(INDICATEUR):
        taux, echues = _taux(demandes), numeros(_echues(demandes))
        lignes = [new_indicateur(campagne, INDICATEUR, taux, echues)]
    return _bilan(
        campagne,
        "registres",
        "Indicateurs du registre des titres",
        f"{_FORMULE_TENUS} ; cible en vigueur à la date de référence",
        lignes,
        entete="Indicateur",
    )


def measure_titres_tenus(campagne: Campagne) -> Bilan:
    """The share of applications decided in time, by title."""
    return _bilan(
        campagne,
        "titres.tenus",
        "Demandes décidées dans le délai, par titre",
        _FORMULE_TENUS,
        [
            Ligne(code, libelle, _taux(demandes), numeros(_echues(demandes)))
            for code, libelle, demandes in _titres(campagne)
        ],
    )


def measure_delais_titres(campagne: Campagne) -> Bilan:
    """The delays from application to decision by title, open ones included (Kaplan-Meier)."""
    return _bilan(
        campagne,
        "titres.delais",
        "Délais d’instruction, par titre",
        "médiane et 9e décile, en jours ouvrés du site, du délai du dépôt à la décision, estimés "
        "par la méthode de Kaplan-Meier : une demande sans décision y compte pour le temps déjà "
        "passé jusqu’à la date de référence, qu’elle soit échue ou non ; dans la cible : "
        f"{_FORMULE_TENUS}",
        [_ligne_durees(*groupe) for groupe in _titres(campagne)],
    )


def measure_arriere_titres(campagne: Campagne) -> Bilan:
    """How many applications wait for a decision in all, then by title."""
    demandes = _suivi(campagne)
    groupes = [("total", "Total", demandes), *_titres(campagne)] if len(demandes) else []
    return _bilan(
        campagne,
        "titres.arriere",
        "Demandes en attente, par titre",
        "nombre de demandes déposées jusqu’à la date de référence et sans décision à cette date, "
        "échues ou non",
        [
            Ligne(code, libelle, Effectif(len(ouvertes), "demande"), numeros(ouvertes))
            for code, libelle, groupe in groupes
            for ouvertes in [groupe[groupe["ouvert"]]]
        ],
    )


def _bilan(
    campagne: Campagne, code: str, titre: str, formule: str, lignes: list[Ligne], **contenu: Any
) -> Bilan:
    cadre = {
        "unite": "demande",
        "entete": "Titre",
        "entetes_taux": ("Dans le délai", "Base", "Taux"),
        "si_vide": "Aucune demande à la date de référence.",
    }
    autres = {"code": code, "titre": titre, "formule": formule, "lignes": lignes}
    return new_bilan(campagne, SOURCE, **(cadre | contenu | autres))


def _suivi(campagne: Campagne) -> pd.DataFrame:
    """The followed register; an empty frame without it."""
    return suivre(campagne) if SOURCE in campagne.tables else pd.DataFrame()


def _titres(campagne: Campagne) -> list[Groupe]:
    """The applications by title, in the order of the référentiel."""
    demandes = _suivi(campagne)
    if demandes.empty:
        return []
    return split_declared(campagne.referentiel.registres.titres, demandes, "titre")


def _echues(demandes: pd.DataFrame) -> pd.DataFrame:
    return demandes[demandes["etat"].isin(ECHUS)]


def _taux(demandes: pd.DataFrame) -> Taux:
    """Kept delays out of the applications that are decided or past due (rules 3.6)."""
    echues = _echues(demandes)
    return Taux(int((echues["etat"] == "tenu").sum()), len(echues))


def _ligne_durees(code: str, libelle: str, demandes: pd.DataFrame) -> Ligne:
    durees = resumer(
        demandes["delai"].to_numpy(),
        demandes["ouvert"].to_numpy(),
        "jours ouvrés",
        _taux(demandes),
        text_delai(demandes["delai_fixe"].unique()),
        "en attente",
    )
    return Ligne(code, libelle, durees, numeros(demandes))
