"""What a caller goes through: how long before an agent answers, and whether one is passed on.

A row that stands for several calls has at best a mean wait, which is nobody's: waits are read on
calls that have their own row, and how many those are is told. Rules 3.6.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from qualepref_lib.campagne import Campagne
from qualepref_lib.core.bilan import Bilan, Ligne
from qualepref_lib.core.francais import nombre
from qualepref_lib.core.mesures import Durees, Taux
from qualepref_lib.core.survie import resumer
from qualepref_lib.registres.appels import ATTENTE, UN_PAR_UN, new_bilan_appels, suivre
from qualepref_lib.registres.groupes import split_services
from qualepref_lib.registres.seuils import numeros, text_seuil, within_seuil


def measure_attente_appels(campagne: Campagne) -> Bilan:
    """How long callers who wanted an agent waited, by what became of their call."""

    def lignes(appels: pd.DataFrame) -> list[Ligne]:
        seuls = appels[appels["seul"] & appels["agent"]]
        groupes = [
            (i, seuls[seuls["issue"] == i.code])
            for i in campagne.referentiel.registres.issues_appel
        ]
        return [
            Ligne(i.code, i.libelle, _attentes(campagne, g, i.repondu), numeros(g))
            for i, g in sorted(groupes, key=lambda paire: not paire[0].repondu)
            if len(g) and (i.repondu or g["attente"].notna().any())
        ]

    bilan = new_bilan_appels(
        campagne,
        lignes,
        code="appels.attente",
        titre="Attente au téléphone, selon l’issue de l’appel",
        entete="Issue",
        formule="médiane et 9e décile de l’attente connue ; part dans la cible = appels répondus "
        "dont l’attente ne dépasse pas le seuil en vigueur le jour de l’appel ÷ appels répondus "
        f"dont l’attente est connue ({UN_PAR_UN}) ; un appel sans attente connue est sans mesure",
    )
    if bilan.manque:
        return bilan
    champ = f"{bilan.champ} ; « dans la cible » : des seuls appels répondus"
    return _tell_groupes(campagne, replace(bilan, champ=champ))


def measure_transferts(campagne: Campagne) -> Bilan:
    """The share of answered calls that were passed on, in all and by service."""

    def lignes(appels: pd.DataFrame) -> list[Ligne]:
        repondus = appels[appels["repondu"]]
        if repondus["transferts"].isna().all():
            return []
        services = split_services(repondus)
        groupes = [("ensemble", "Ensemble des appels répondus", repondus)]
        groupes += services if len(services) > 1 else []
        return [Ligne(code, nom, _transferes(g), numeros(g)) for code, nom, g in groupes]

    bilan = new_bilan_appels(
        campagne,
        lignes,
        code="appels.transferts",
        titre="Appels répondus puis transférés",
        entete="Service",
        formule="part = appels transférés au moins une fois ÷ appels répondus par un agent ; une "
        "ligne qui groupe plusieurs appels donne le nombre d’appels transférés ; une cellule vide "
        "vaut zéro dès que la colonne est tenue",
        entetes_taux=("Transférés", "Répondus", "Part"),
    )
    if bilan.manque or bilan.lignes:
        return bilan
    return replace(
        bilan, manque=f"les transferts (colonne « transferts » de {bilan.source.fichier})"
    )


def _tell_groupes(campagne: Campagne, bilan: Bilan) -> Bilan:
    """The bilan with how many of the calls it speaks of; what is missing when it is none."""
    demandes = suivre(campagne).query("agent")
    tous, seuls = int(demandes["poids"].sum()), int(demandes["seul"].sum())
    if tous and not seuls:
        manque = f"l’attente de chaque appel ({bilan.source.fichier} ne donne que des totaux)"
        return replace(bilan, manque=manque, lignes=())
    if seuls == tous:
        return bilan
    part = f"{nombre(seuls)} appels inscrits un par un, des {nombre(tous)} qui demandaient un agent"
    return replace(bilan, champ=f"{bilan.champ} ; {part}")


def _attentes(campagne: Campagne, appels: pd.DataFrame, repondu: bool) -> Durees:
    """The known waits of calls of one outcome; only answered calls have a target to reach."""
    connues = appels["attente"].dropna()
    indicateur = campagne.referentiel.registres.indicateur(ATTENTE)
    unite = (indicateur.unite if indicateur else "") or "secondes"
    resume = resumer(
        connues.to_numpy(),
        np.zeros(len(connues), bool),
        unite,
        within_seuil(appels["attente"], appels["seuil"]) if repondu else None,
        text_seuil(appels["seuil"], unite) if repondu else "",
    )
    return replace(resume, en_cours=len(appels) - len(connues), ouverts="sans mesure")


def _transferes(repondus: pd.DataFrame) -> Taux:
    return Taux(int(repondus["transferes"].sum()), int(repondus["poids"].sum()))
