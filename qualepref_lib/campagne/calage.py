"""The weights that a declared weighting gives to the answers, and what in them forbids it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import product

import numpy as np
import pandas as pd

from qualepref_lib.campagne.contexte import Contexte
from qualepref_lib.campagne.dossiers import FICHE
from qualepref_lib.campagne.redressement import (
    A_CHOISIR,
    CROISE,
    MargeDeclaree,
    Redressement,
)
from qualepref_lib.core.categories import VIDE, Codes, rangs_de
from qualepref_lib.core.francais import nombre
from qualepref_lib.core.sondage.calage import Calage, Marge, caler
from qualepref_lib.referentiel import Questionnaire


def redressement_possible(c: Contexte) -> None:
    """The rule: a declared weighting that the answers cannot bear is refused, with every reason."""
    declaration, questionnaire = c.fiche.sources.get(c.source), c.referentiel.questionnaire
    redressement = declaration.redressement if declaration else None
    if redressement is None or questionnaire is None:
        return
    if not all(_est_lisible(marge, questionnaire) for marge in redressement.marges):
        return  # told by the check of campagne.yaml
    for constat in dire_empechements(redressement, questionnaire, c.cadre):
        c.releve.signaler(
            FICHE,
            constat,
            colonne=f"sources > {c.source} > redressement",
            remede="corriger la déclaration, ou la retirer : sans elle, rien n’est redressé.",
        )


def _est_lisible(marge: MargeDeclaree, questionnaire: Questionnaire) -> bool:
    """Whether a margin names known questions and known answers, and has something to share out."""
    questions = [questionnaire.questions.get(code) for code in marge.questions]
    if not marge.total or any(q is None or q.genre not in A_CHOISIR for q in questions):
        return False
    return set(marge.parts) <= {classe.code for classe in classes_de(marge, questionnaire)}


@dataclass(frozen=True)
class Classe:
    """One class of a margin: its code, its label, its share of the population."""

    code: str
    libelle: str
    part: Fraction


def classes_de(marge: MargeDeclaree, questionnaire: Questionnaire) -> list[Classe]:
    """Every class of a margin in the order of the questionnaire; those not declared weigh zero."""
    modalites = [questionnaire.modalites(questionnaire.questions[q]) for q in marge.questions]
    return [
        Classe(
            code=CROISE.join(m.code for m in croisee),
            libelle=", ".join(m.libelle for m in croisee),
            part=marge.parts.get(CROISE.join(m.code for m in croisee), Fraction(0)) / marge.total,
        )
        for croisee in product(*modalites)
    ]


def codes_marge(marge: MargeDeclaree, questionnaire: Questionnaire, cadre: pd.DataFrame) -> Codes:
    """The class of each row, −1 where one of the questions has no answer."""
    codes, vides = np.zeros(len(cadre), dtype=np.int64), np.zeros(len(cadre), dtype=bool)
    for question in marge.questions:
        connus = [m.code for m in questionnaire.modalites(questionnaire.questions[question])]
        rangs = rangs_de(cadre[question], connus)
        vides |= rangs < 0
        codes = codes * len(connus) + rangs
    return np.where(vides, VIDE, codes)


def caler_reponses(
    redressement: Redressement, questionnaire: Questionnaire, cadre: pd.DataFrame
) -> Calage:
    """The weights of the answers; ValueError where a class cannot be made up by any weight."""
    marges = [
        Marge(
            codes_marge(marge, questionnaire, cadre),
            np.array([float(c.part) for c in classes_de(marge, questionnaire)]),
        )
        for marge in redressement.marges
    ]
    return caler(np.ones(len(cadre)), marges, redressement.ecretage)


def dire_empechements(
    redressement: Redressement, questionnaire: Questionnaire, cadre: pd.DataFrame
) -> Iterator[str]:
    """What in the answers forbids the declared weighting, in French; nothing when it holds."""
    empechees = list(_dire_classes(redressement, questionnaire, cadre))
    yield from empechees
    if empechees:
        return
    calage = caler_reponses(redressement, questionnaire, cadre)
    if not calage.converge:
        yield (
            "les marges ne peuvent pas être tenues avec un écrêtage à "
            f"{nombre(redressement.ecretage, 1)} fois le poids moyen : il reste "
            f"{nombre(100 * calage.ecart, 1)} points d’écart après {calage.tours} tours."
        )
    elif calage.efficace < redressement.effectif_minimal:
        yield (
            f"l’effectif efficace serait de {nombre(calage.efficace, 1)}, sous le plancher de "
            f"{nombre(redressement.effectif_minimal)} : l’enquête redressée ne dirait presque rien."
        )


def _dire_classes(
    redressement: Redressement, questionnaire: Questionnaire, cadre: pd.DataFrame
) -> Iterator[str]:
    for marge in redressement.marges:
        classes = classes_de(marge, questionnaire)
        codes = codes_marge(marge, questionnaire, cadre)
        effectifs = np.bincount(codes[codes >= 0], minlength=len(classes))
        for classe, effectif in zip(classes, effectifs.tolist(), strict=True):
            if classe.part and not effectif:
                yield (
                    f"marge « {marge.nom} » : personne n’a répondu « {classe.libelle} », dont la "
                    "part déclarée n’est pas nulle ; réunir cette modalité à une autre, ou "
                    "retirer la marge."
                )
            if effectif and not classe.part:
                yield (
                    f"marge « {marge.nom} » : « {classe.libelle} » a des réponses "
                    f"({nombre(effectif)}) mais aucune part déclarée."
                )
