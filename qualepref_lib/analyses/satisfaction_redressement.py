"""What weighting changes, where it is declared: margins before and after, weights, weighted rates.

Off by default, and nothing else of the survey is weighted: the rates of the other tables count
each answer for one. Here each weighted share stands beside its unweighted base.
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
from qualepref_lib.core.sondage import proportion
from qualepref_lib.enquete.bilans import etendue_de, new_bilan_enquete
from qualepref_lib.enquete.diffusion import dire_regle, masquer_classes
from qualepref_lib.enquete.opinions import opinions_de
from qualepref_lib.enquete.questions import SOURCE, questionnaire_de
from qualepref_lib.enquete.redressement import calage_de, plan_de, redressement_de
from qualepref_lib.enquete.reponses import cadre_de, exprimes, favorables, numeros

MOMENTS = ("avant", "visée", "après")
ETEINT = "L’enquête n’est pas redressée : chaque réponse compte pour une."


def measure_redresses(campagne: Campagne) -> Bilan:
    """The weighted rate of every item, its linearised interval, its unweighted base."""
    lignes = []
    if redressement_de(campagne) is not None:
        plan, niveau = plan_de(campagne), campagne.fiche.niveau_confiance
        for q in opinions_de(campagne):
            dans = exprimes(campagne, q.code)
            e = proportion(plan, favorables(campagne, q.code), dans)
            bas, haut = e.intervalle_part(niveau)
            etendue = etendue_de(campagne, 100 * bas, 100 * haut)
            score = Score(100 * e.valeur if e.n else None, e.n, "%", 0, etendue if e.n else None)
            lignes.append(Ligne(q.code, q.court, score, numeros(campagne, dans)))
    return new_bilan_enquete(
        campagne,
        "redresses",
        titre="Réponses favorables, enquête redressée",
        entete="Question",
        formule=(
            "part = somme des poids des réponses favorables ÷ somme des poids des réponses "
            "exprimées ; erreur linéarisée (Taylor), compte tenu du calage ; intervalle sur "
            "l’échelle logit ; base non pondérée"
        ),
        lignes=lignes,
        si_vide=ETEINT,
    )


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
        si_vide=ETEINT,
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
    )


def _code(marge: int, classe: Classe, quand: str) -> str:
    return f"{marge + 1}.{classe.code.replace(CROISE, '-')}.{sans_accent(quand)}"


def _texte(ligne: Ligne) -> str:
    assert isinstance(ligne.mesure, Score)
    return ligne.mesure.texte
