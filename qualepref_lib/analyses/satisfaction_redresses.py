"""What weighting changes: each figure of the survey with its weights, beside the same without.

Five kinds of figures have a weighted form: shares of favourable answers, balances, means, marks,
Cronbach's alpha. Each has its unweighted base, and the linearised error that the design and its
calibration leave. The tables of the other chapters count each answer for one, and say so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np

from qualepref_lib.campagne import Campagne
from qualepref_lib.campagne.listes import new_liste
from qualepref_lib.core.bilan import Bilan, Ligne, Liste, Renvoi
from qualepref_lib.core.francais import pourcentage
from qualepref_lib.core.mesures import Score
from qualepref_lib.core.sondage import PlanSondage, alpha_pondere, moyenne, proportion
from qualepref_lib.enquete.bilans import new_bilan_enquete
from qualepref_lib.enquete.estimes import score_de
from qualepref_lib.enquete.opinions import groupes_d_items, opinions_de
from qualepref_lib.enquete.questions import SOURCE, notes_demandees
from qualepref_lib.enquete.redressement import NON_REDRESSEE, plan_egal, plan_redresse
from qualepref_lib.enquete.reponses import (
    est_exprimee,
    exprimes,
    favorables,
    notes_de,
    numeros,
    points_nps,
    scores_de,
)

Nom = Literal["favorables", "nets", "moyennes", "notes", "fidelite"]
LINEARISEE = "erreur linéarisée (Taylor), compte tenu du calage ; base non pondérée"
EGALES = "même calcul, chaque réponse comptant pour une"


@dataclass(frozen=True)
class Grandeur:
    """One kind of figure: what it is called, its weighted formula, its lines in a design."""

    libelle: str
    formule: str
    lignes: Callable[[Campagne, PlanSondage], Iterator[Ligne]]


def measure_redresses(campagne: Campagne, grandeur: Nom = "favorables") -> Bilan:
    """The weighted figures of one kind: their linearised intervals, their unweighted bases."""
    suite = "" if grandeur == "favorables" else f"_{grandeur}"
    dite = GRANDEURS[grandeur]
    return new_bilan_enquete(
        campagne,
        f"redresses{suite}",
        titre=f"{dite.libelle}, enquête redressée",
        entete="Question",
        formule=f"{dite.formule} ; {LINEARISEE}",
        lignes=_lignes(campagne, grandeur, plan_redresse(campagne)),
        si_vide=NON_REDRESSEE,
        redresse=True,
    )


def list_redresses(campagne: Campagne) -> Liste:
    """Every figure that has a weighted form, without the weights then with them."""
    lignes: list[tuple[str | Renvoi, ...]] = []
    bilans = []
    for nom, grandeur in GRANDEURS.items():
        avant, apres = _measure_egales(campagne, nom), measure_redresses(campagne, nom)
        bilans += [avant, apres]
        for li in apres.lignes:
            assert isinstance(li.mesure, Score)
            code = apres.identifiant(li)
            lignes.append(
                (
                    li.libelle,
                    grandeur.libelle,
                    Renvoi(_texte(avant.ligne(li.code)), avant.identifiant(li)),
                    Renvoi(li.mesure.texte, code),
                    Renvoi(li.mesure.erreur_type or "–", code),
                    Renvoi(_nu(li.mesure.intervalle), code),
                    Renvoi(li.mesure.base, code),
                )
            )
    niveau = pourcentage(campagne.fiche.niveau_confiance)
    colonnes = ("Question", "Chiffre", "Non redressé", "Redressé", "Erreur type",
                f"Intervalle à {niveau}", "Base")  # fmt: skip
    return new_liste(
        campagne,
        SOURCE,
        code="satisfaction.redressement",
        titre="Ce que le redressement change",
        champ=f"{bilans[-1].champ} ; {LINEARISEE}",
        colonnes=colonnes,
        lignes=lignes,
        si_vide=NON_REDRESSEE,
        chiffres=[c for bilan in bilans for c in bilan.chiffres()],
    )


def _measure_egales(campagne: Campagne, grandeur: Nom) -> Bilan:
    """The same figures without weights; no line when weighting is off."""
    plan = None if plan_redresse(campagne) is None else plan_egal(campagne)
    return new_bilan_enquete(
        campagne,
        f"non_redresses_{grandeur}",
        titre=f"{GRANDEURS[grandeur].libelle}, sans redressement",
        entete="Question",
        formule=f"{GRANDEURS[grandeur].formule} ; {EGALES}",
        lignes=_lignes(campagne, grandeur, plan),
        si_vide=NON_REDRESSEE,
    )


def _lignes(campagne: Campagne, grandeur: Nom, plan: PlanSondage | None) -> list[Ligne]:
    return [] if plan is None else list(GRANDEURS[grandeur].lignes(campagne, plan))


def _favorables(campagne: Campagne, plan: PlanSondage) -> Iterator[Ligne]:
    for q in opinions_de(campagne):
        dans = exprimes(campagne, q.code)
        e = proportion(plan, favorables(campagne, q.code), dans)
        bas, haut = e.intervalle_part(campagne.fiche.niveau_confiance)
        score = score_de(campagne, e, (100 * bas, 100 * haut), "%", 0, (0, 100), 100)
        yield Ligne(q.code, q.court, score, numeros(campagne, dans))


def _nets(campagne: Campagne, plan: PlanSondage) -> Iterator[Ligne]:
    """Every expressed answer is favourable or not: the balance is 2p − 1, and so are its bounds."""
    for q in opinions_de(campagne):
        dans = exprimes(campagne, q.code)
        e = moyenne(plan, np.where(favorables(campagne, q.code), 1.0, -1.0), dans)
        part = proportion(plan, favorables(campagne, q.code), dans)
        bas, haut = part.intervalle_part(campagne.fiche.niveau_confiance)
        bornes = (100 * (2 * bas - 1), 100 * (2 * haut - 1))
        score = score_de(campagne, e, bornes, "points", 0, (-100, 100), 100)
        yield Ligne(q.code, q.court, score, numeros(campagne, dans))


def _moyennes(campagne: Campagne, plan: PlanSondage) -> Iterator[Ligne]:
    for q in opinions_de(campagne):
        degres = int(est_exprimee(campagne, q.code).sum())
        e = moyenne(plan, scores_de(campagne, q.code))
        bornes = e.intervalle(campagne.fiche.niveau_confiance)
        score = score_de(campagne, e, bornes, f"sur {degres}", 2, (1, degres))
        yield Ligne(q.code, q.court, score, numeros(campagne, exprimes(campagne, q.code)))


def _notes(campagne: Campagne, plan: PlanSondage) -> Iterator[Ligne]:
    for q in notes_demandees(campagne):
        marques, (bas, haut) = notes_de(campagne, q.code), q.bornes
        nps = q.lecture == "nps"
        e = moyenne(plan, points_nps(marques) if nps else marques)
        bornes = e.intervalle(campagne.fiche.niveau_confiance)
        unite, decimales, limites = (
            ("points", 0, (-100, 100)) if nps else (f"sur {haut}", 1, (bas, haut))
        )
        score = score_de(campagne, e, bornes, unite, decimales, limites)
        yield Ligne(q.code, q.court, score, numeros(campagne, ~np.isnan(marques)))


def _fidelite(campagne: Campagne, plan: PlanSondage) -> Iterator[Ligne]:
    for code, libelle, questions in groupes_d_items(campagne):
        notes = np.column_stack([scores_de(campagne, question) for question in questions])
        e = alpha_pondere(plan, notes)
        bornes = e.intervalle(campagne.fiche.niveau_confiance)
        score = score_de(campagne, e, bornes, "", 2, (-np.inf, 1))
        complets = np.asarray(~np.isnan(notes).any(axis=1))
        yield Ligne(code, libelle, score, numeros(campagne, complets))


def _nu(intervalle: str) -> str:
    """An interval without its unit, which stands beside it already."""
    bornes, crochet, _ = intervalle.partition("]")
    return bornes + crochet or "–"


def _texte(ligne: Ligne) -> str:
    assert isinstance(ligne.mesure, Score)
    return ligne.mesure.texte


GRANDEURS: dict[Nom, Grandeur] = {
    "favorables": Grandeur(
        "Réponses favorables",
        "part = somme des poids des réponses favorables ÷ somme des poids des réponses exprimées ; "
        "intervalle sur l’échelle logit",
        _favorables,
    ),
    "nets": Grandeur(
        "Taux net",
        "taux net = part favorable − part défavorable, parts calculées avec les poids ; intervalle "
        "sur l’échelle logit",
        _nets,
    ),
    "moyennes": Grandeur(
        "Note moyenne",
        "moyenne = somme des notes multipliées par leurs poids ÷ somme des poids, la meilleure "
        "modalité valant le nombre de degrés et la pire 1 ; intervalle de Student",
        _moyennes,
    ),
    "notes": Grandeur(
        "Recommandation, effort, autre note",
        "recommandation (NPS) = part des notes 9 et 10 − part des notes 0 à 6, parts calculées "
        "avec les poids ; autre note = moyenne pondérée ; intervalle de Student",
        _notes,
    ),
    "fidelite": Grandeur(
        "Alpha de Cronbach",
        "alpha = k ÷ (k − 1) × (1 − somme des variances ÷ variance de la somme), variances "
        "calculées avec les poids, sur les réponses complètes ; intervalle de Student",
        _fidelite,
    ),
}
"""The kinds of figures that have a weighted form, in the order in which they are shown."""
