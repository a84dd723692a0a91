"""Sentences on scores and priorities: the extremes of the first, the names of the second.

A correlation is said to « go with »: no word here makes it a cause, and under a hundred answers
what matters most is « une piste à vérifier ».
"""

from __future__ import annotations

from qualepref_lib.core.bilan import Bilan, Ligne
from qualepref_lib.core.mesures import Priorite, Score
from qualepref_lib.display.lecture import PARMI, niveau
from qualepref_lib.display.phrases.morceaux import Morceaux, dire, majuscule

PEU = 3
A_FAIRE = {
    "à traiter d’abord": (
        "ce qui va le plus de pair avec l’ensemble et satisfait le moins : ",
        PEU,
    ),
    "piste à vérifier": ("pistes à vérifier, les réponses étant peu nombreuses : ", PEU),
    "à conserver": ("ce qui va le plus de pair avec l’ensemble et satisfait : ", 1),
}
"""The states that a sentence on priorities names, in this order, how, and how many of each."""


def dire_scores(bilan: Bilan) -> Morceaux:
    """All the scores when they are few, else the highest and the lowest that have enough base."""
    lus = [li for li in bilan.lignes if _score(li).valeur is not None]
    assez = [li for li in lus if not _score(li).petite_base]
    if not lus:
        return []
    if not assez:
        return [dire("Trop peu de réponses pour donner une valeur : le tableau donne les bases.")]
    if len(lus) <= PEU:
        return _enumerer(bilan, lus)
    haut, bas = max(assez, key=_valeur), min(assez, key=_valeur)
    if _valeur(haut) == _valeur(bas):
        return _enumerer(bilan, [haut])
    return [
        dire(majuscule(f"{PARMI[bilan.plan]}le plus haut est « {haut.libelle} » : ")),
        dire(str(haut.mesure), bilan, haut),
        dire(f" ; le plus bas, « {bas.libelle} » : "),
        dire(str(bas.mesure), bilan, bas),
        dire("."),
    ]


def dire_priorites(bilan: Bilan) -> Morceaux:
    """What comes first and what to keep, by name; then what the figure is not."""
    morceaux: Morceaux = []
    for statut, (debut, combien) in A_FAIRE.items():
        siennes = [ligne for ligne in bilan.lignes if ligne.statut == statut][:combien]
        if siennes:
            parmi = "" if morceaux else PARMI[bilan.plan]
            morceaux.append(dire((" " if morceaux else "") + majuscule(parmi + debut)))
            morceaux += _nommer(bilan, siennes)
    if morceaux and bilan.reserve:
        morceaux.append(dire(f" À lire avec prudence : {bilan.reserve}."))
    return morceaux


def _nommer(bilan: Bilan, lignes: list[Ligne]) -> Morceaux:
    morceaux: Morceaux = []
    for ligne in lignes:
        morceaux.append(dire(f"{' ; ' if morceaux else ''}« {ligne.libelle} », "))
        morceaux.append(dire(str(ligne.mesure), bilan, ligne))
    return [*morceaux, dire(".")]


def _enumerer(bilan: Bilan, lignes: list[Ligne]) -> Morceaux:
    morceaux: Morceaux = [dire(PARMI[bilan.plan])] if PARMI[bilan.plan] else []
    for rang, ligne in enumerate(lignes):
        score = _score(ligne)
        morceaux += [
            dire(f"{' ; ' if rang else ''}« {ligne.libelle} » : "),
            dire(str(score), bilan, ligne),
        ]
        if score.intervalle:
            morceaux.append(dire(f", intervalle à {niveau(bilan)} {score.intervalle}"))
    return [*morceaux, dire(".")]


def _score(ligne: Ligne) -> Score:
    mesure = ligne.mesure.importance if isinstance(ligne.mesure, Priorite) else ligne.mesure
    assert isinstance(mesure, Score)
    return mesure


def _valeur(ligne: Ligne) -> float:
    return _score(ligne).valeur or 0.0
