"""Who answered the survey: how many, when, out of how many, and how far they went.

These figures are about the answers received, which are all there: a census, without interval.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from qualepref_lib.campagne import Campagne
from qualepref_lib.core.bilan import Bilan, Ligne
from qualepref_lib.core.mesures import Effectif, Taux
from qualepref_lib.enquete.bilans import ligne_recue, new_bilan_enquete, new_decompte
from qualepref_lib.enquete.questions import SOURCE, questionnaire_de
from qualepref_lib.enquete.reponses import cadre_de, numeros, remplies
from qualepref_lib.formats.brut import INCOMPLETES
from qualepref_lib.referentiel import Question

INCONNUES = "le nombre de personnes qui ont pu répondre (« sollicites », dans campagne.yaml)"
PAGE = "derniere_page"
"""The optional column that survey tools write: the last page that the person reached."""


def measure_participation(campagne: Campagne) -> Bilan:
    """The number of answers, in all and by week of collection."""
    lignes: list[Ligne] = []
    if SOURCE in campagne.tables:
        dates = cadre_de(campagne)["date"]
        toutes = np.ones(len(dates), dtype=bool)
        lignes.append(
            Ligne("total", "Ensemble", Effectif(len(dates), "réponse"), numeros(campagne, toutes))
        )
        lundis = dates - pd.to_timedelta(dates.dt.day_of_week, unit="D")
        rangs, semaines = pd.factorize(lundis, sort=True)
        for rang, lundi in enumerate(semaines):
            siennes = rangs == rang
            debut = dates[siennes].min()
            lignes.append(
                Ligne(
                    f"{lundi:%Y-%m-%d}",
                    f"À partir du {debut:%d/%m/%Y}",
                    Effectif(int(siennes.sum()), "réponse"),
                    numeros(campagne, siennes),
                )
            )
    return new_bilan_enquete(
        campagne,
        "participation",
        titre="Réponses reçues",
        entete="Semaine",
        formule="nombre de réponses reçues",
        lignes=lignes,
    )


def measure_taux_participation(campagne: Campagne) -> Bilan:
    """The answers received out of the people asked, where their number is declared."""
    declaration = campagne.fiche.sources.get(SOURCE)
    sollicites = declaration.sollicites if declaration else None
    lignes = []
    if SOURCE in campagne.tables and sollicites:
        toutes = np.ones(len(cadre_de(campagne)), dtype=bool)
        taux = Taux(min(len(toutes), sollicites), sollicites)
        lignes = [Ligne("ensemble", "Personnes sollicitées", taux, numeros(campagne, toutes))]
    return new_decompte(
        campagne,
        "taux_participation",
        titre="Taux de participation",
        entete="Base",
        entetes_taux=("Réponses", "Sollicitées", "Taux"),
        formule="participation = réponses reçues ÷ personnes sollicitées",
        lignes=lignes,
        manque=campagne.manque(SOURCE) or ("" if sollicites else INCONNUES),
    )


def measure_completion(campagne: Campagne) -> Bilan:
    """How far the answers went: to the end, and in each part of the questionnaire."""
    lignes = _lignes_completion(campagne) if SOURCE in campagne.tables else []
    return new_decompte(
        campagne,
        "completion",
        titre="Jusqu’où les réponses sont-elles allées ?",
        entete="Étape",
        formule=(
            "dernière page : réponses qui l’ont atteinte ÷ réponses reçues ; partie : réponses "
            "qui ont répondu à une de ses questions au moins, hors texte libre ÷ réponses reçues"
        ),
        lignes=lignes,
    )


def measure_remplissage(campagne: Campagne) -> Bilan:
    """The share of the answers received that answered each question, from the least to the most.

    A question may not concern everybody: a low share is not a fault of the answers.
    """
    lignes = []
    if SOURCE in campagne.tables:
        for question in _questions_a_choisir(campagne):
            masque = remplies(campagne, question.code)
            lignes.append(ligne_recue(campagne, question.code, question.court, masque))
        lignes.sort(key=lambda li: (li.mesure.favorables, li.code))  # type: ignore[attr-defined]
    return new_decompte(
        campagne,
        "remplissage",
        titre="Part des réponses reçues qui ont répondu à chaque question",
        entete="Question",
        entetes_taux=("Remplies", "Reçues", "Part"),
        formule="part = réponses qui portent une réponse à la question ÷ réponses reçues",
        lignes=lignes,
    )


def _envoyees(campagne: Campagne, cadre: pd.DataFrame) -> list[Ligne]:
    """The answers that were sent, out of those begun; nothing where the export had only the sent.

    What was begun and never sent is not in the table: the mapping counted it and left it out.
    """
    jamais = int(cadre.attrs.get(INCOMPLETES, 0))
    if not jamais:
        return []
    toutes = numeros(campagne, np.ones(len(cadre), dtype=bool))
    taux = Taux(len(cadre), len(cadre) + jamais)
    return [Ligne("envoyees", "Réponses envoyées, sur les réponses commencées", taux, toutes)]


def _lignes_completion(campagne: Campagne) -> list[Ligne]:
    cadre = cadre_de(campagne)
    lignes = _envoyees(campagne, cadre)
    if PAGE in cadre.columns and cadre[PAGE].notna().any():
        pages = cadre[PAGE].to_numpy(dtype=np.float64)
        atteinte = pages >= np.nanmax(pages)
        lignes.append(ligne_recue(campagne, "derniere_page", "Dernière page atteinte", atteinte))
    for partie in questionnaire_de(campagne).parties:
        siennes = [q for q in partie.questions if q.genre != "texte"]
        if siennes:
            masque = np.any([remplies(campagne, q.code) for q in siennes], axis=0)
            lignes.append(ligne_recue(campagne, f"partie.{partie.code}", partie.libelle, masque))
    return lignes


def _questions_a_choisir(campagne: Campagne) -> list[Question]:
    return [q for q in questionnaire_de(campagne).questions.values() if q.genre != "texte"]
