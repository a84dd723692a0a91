"""How the answers are weighted, where it is declared: margins before and after, weights.

Off by default. What the weights change is in
:mod:`~qualepref_lib.analyses.satisfaction_redresses`.
"""

from __future__ import annotations

import numpy as np

from qualepref_lib.campagne import Campagne
from qualepref_lib.campagne.calage import Classe, classes_de, codes_marge
from qualepref_lib.campagne.redressement import CROISE
from qualepref_lib.core.bilan import Bilan, Ligne, Liste, Renvoi
from qualepref_lib.core.francais import date_courte, nombre
from qualepref_lib.core.mesures import Score, ScoreMasque
from qualepref_lib.core.refus import sans_accent
from qualepref_lib.enquete.bilans import new_bilan_enquete
from qualepref_lib.enquete.diffusion import dire_regle, masquer_classes
from qualepref_lib.enquete.questions import SOURCE, questionnaire_de
from qualepref_lib.enquete.redressement import NON_REDRESSEE, calage_de, redressement_de
from qualepref_lib.enquete.reponses import cadre_de, numeros

MOMENTS = ("avant", "visée", "après")


def measure_poids(campagne: Campagne) -> Bilan:
    """What the weights cost: their range, Kish's design effect, the effective size."""
    calage = calage_de(campagne)
    lignes = []
    if calage is not None:
        w, n = calage.poids, len(calage.poids)
        lus = numeros(campagne, np.ones(n, dtype=bool))
        for code, libelle, valeur, decimales in (
            ("minimum", "Plus petit poids", float(w.min()), 2),
            ("maximum", "Plus grand poids", float(w.max()), 2),
            ("plafonnes", "Poids ramenés au plafond", float(calage.plafonnes), 0),
            ("kish", "Effet de plan de Kish", calage.kish, 2),
            ("efficace", "Effectif efficace", calage.efficace, 0),
            ("tours", "Tours de calcul", float(calage.tours), 0),
        ):
            lignes.append(Ligne(code, libelle, Score(valeur, n, "", decimales), lus))
    return new_bilan_enquete(
        campagne,
        "poids",
        titre="Les poids du redressement",
        entete="Mesure",
        formule=(
            "poids de moyenne 1 ; effet de Kish = n × somme des carrés des poids ÷ carré de leur "
            "somme ; effectif efficace = n ÷ effet de Kish"
        ),
        lignes=lignes,
        si_vide=NON_REDRESSEE,
        redresse=True,
    )


def list_marges(campagne: Campagne) -> Liste:
    """The declared margins: the share before, the target, the share after, their origin."""
    redressement, parts = redressement_de(campagne), _measure_marges(campagne)
    lignes: list[tuple[str | Renvoi, ...]] = []
    if redressement is not None:
        questionnaire = questionnaire_de(campagne)
        for rang, marge in enumerate(redressement.marges):
            origine = f"{marge.source}, {date_courte(marge.date)}"
            for classe in classes_de(marge, questionnaire):
                siennes = [parts.ligne(_code(rang, classe, quand)) for quand in MOMENTS]
                renvois = (Renvoi(_texte(li), parts.identifiant(li)) for li in siennes)
                lignes.append((siennes[0].groupe, *renvois, origine))
    suite = ""
    if redressement is not None:
        suite = (
            f" ; méthode : {redressement.methode}, écrêtage à {nombre(redressement.ecretage, 1)} "
            "fois le poids moyen"
        )
    if any(isinstance(ligne.mesure, ScoreMasque) for ligne in parts.lignes):
        suite += f" ; {dire_regle(campagne)}"
    return Liste(
        code="satisfaction.marges",
        titre="Tableau des marges du redressement",
        champ=f"réponses à l’enquête{suite}",
        source=campagne.source(SOURCE),
        colonnes=("Modalité", "Avant", "Visée", "Après", "Origine de la marge"),
        lignes=tuple(lignes),
        si_vide="Aucune marge n’est déclarée dans campagne.yaml.",
        manque=campagne.manque(SOURCE),
        chiffres=parts.chiffres(),
    )


def _measure_marges(campagne: Campagne) -> Bilan:
    """The figures of the margins: three for each class."""
    redressement, calage = redressement_de(campagne), calage_de(campagne)
    lignes = []
    if redressement is not None and calage is not None:
        questionnaire, cadre = questionnaire_de(campagne), cadre_de(campagne)
        for rang, marge in enumerate(redressement.marges):
            courts = " × ".join(questionnaire.questions[q].court for q in marge.questions)
            classes, codes = (
                classes_de(marge, questionnaire),
                codes_marge(marge, questionnaire, cadre),
            )
            lus, base = numeros(campagne, codes >= 0), int((codes >= 0).sum())
            vues = [round(float(part) * base) for part in calage.avant[rang]]
            tues = masquer_classes(campagne, vues)
            for i, classe in enumerate(classes):
                nom = f"{courts} : {classe.libelle}"
                parts = (calage.avant[rang][i], float(classe.part), calage.apres[rang][i])
                for quand, part in zip(MOMENTS, parts, strict=True):
                    # The share before weighting would tell how many people a small class holds.
                    tue = tues[i] and quand == MOMENTS[0]
                    score = ScoreMasque(n=base) if tue else Score(100 * float(part), base, "%", 1)
                    code = _code(rang, classe, quand)
                    lignes.append(Ligne(code, f"{nom} ({quand})", score, lus, groupe=nom))
    return new_bilan_enquete(
        campagne,
        "marges",
        titre="Marges du redressement",
        formule="part = poids de la modalité ÷ poids des personnes qui ont répondu à la question",
        lignes=lignes,
        redresse=True,
    )


def _code(marge: int, classe: Classe, quand: str) -> str:
    return f"{marge + 1}.{classe.code.replace(CROISE, '-')}.{sans_accent(quand)}"


def _texte(ligne: Ligne) -> str:
    assert isinstance(ligne.mesure, Score)
    return ligne.mesure.texte
