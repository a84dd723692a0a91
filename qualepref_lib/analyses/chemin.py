"""The shortest way to the targets: the fewest actions that bring every module above its own.

The set is exact, by whole-number programming, whatever the size of the plan; an action comes with
those that it waits for.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from fractions import Fraction

import pandas as pd

from qualepref_lib.actions import (
    SOURCE,
    Action,
    actions_de,
    criteres_de,
    manque_projection,
    projeter,
)
from qualepref_lib.campagne import Campagne
from qualepref_lib.campagne.listes import new_liste
from qualepref_lib.core.bilan import Liste
from qualepref_lib.core.francais import date_courte, enumeration, pluriel
from qualepref_lib.core.mesures import Taux
from qualepref_lib.cotations import (
    applicables,
    cible_de,
    cotations_de,
    grouper,
    points_de,
    taux_de,
)


def list_chemin_court(campagne: Campagne) -> Liste:
    """The fewest open actions that bring every module to its target; the earliest due of them.

    When the whole plan would not, it is said, with how far it goes.
    """
    manque = manque_projection(campagne)
    lignes: list[tuple[str, ...]] = []
    if not manque:
        cotations, actions = cotations_de(campagne), actions_de(campagne)
        hors = _hors_d_atteinte(campagne, cotations, actions)
        if campagne.referentiel.edition.agregation != "criteres":
            # A mean of means is no sum of points: the choice below would be wrong.
            lignes = [("non calculé : l’édition fait la moyenne de taux, pas de points", "–", "–")]
        elif hors:
            lignes = [(f"aucun ensemble n’y suffit : {hors}", "–", "–")]
        else:
            choisies = _choisir(campagne, cotations, actions)
            lignes = [_rang(action) for action in choisies]
            lignes = lignes or [("aucune : chaque module a déjà atteint sa cible", "–", "–")]
    return new_liste(
        campagne,
        SOURCE,
        code="projection.chemin",
        titre="Les actions qui suffisent pour que chaque module atteigne sa cible",
        colonnes=("Action", "Échéance", "Critères touchés"),
        lignes=tuple(lignes),
        manque=manque,
    )


def _hors_d_atteinte(campagne: Campagne, cotations: pd.DataFrame, actions: Sequence[Action]) -> str:
    """The modules that even the whole plan leaves under their target, with how far they go.

    A criterion that is still open and that no action touches is counted as missed.
    """
    projetees = projeter(cotations, campagne, criteres_de(actions))
    _, besoins = _gains_par_critere(campagne, projetees)
    restent = []
    for code, libelle, groupe in grouper(projetees, campagne, "module"):
        if besoins.get(code):
            taux = taux_de(groupe, campagne, "module")
            restent.append(f"« {libelle} » irait à {Taux(taux.favorables, taux.total)}")
    return enumeration(restent)


def _choisir(
    campagne: Campagne, cotations: pd.DataFrame, actions: Sequence[Action]
) -> Sequence[Action]:
    """The smallest set, by whole-number programming: exact whatever the size of the plan.

    A criterion is won when one of its actions is chosen, each with those it waits for; each module
    needs so many points. Among sets of one size the earliest due dates win: they weigh less than
    one action in all.
    """
    import numpy as np
    from scipy.optimize import Bounds, LinearConstraint, milp

    ouvertes = sorted((a for a in actions if a.ouverte), key=lambda a: (_fin(a), a.code))
    deja = projeter(cotations, campagne, criteres_de(a for a in actions if not a.ouverte))
    gains, besoins = _gains_par_critere(campagne, deja)
    criteres = sorted(criteres_de(ouvertes) & set(gains))
    n, m = len(ouvertes), len(criteres)
    if not any(besoins.values()):
        return []
    lignes, bas = _attentes(ouvertes, m), [0.0] * sum(len(a.attend) for a in ouvertes)
    for rang, critere in enumerate(criteres):  # chosen actions − criterion ≥ 0
        lignes.append([float(critere in a.criteres) for a in ouvertes]
                      + [-float(k == rang) for k in range(m)])  # fmt: skip
        bas.append(0.0)
    for module, besoin in besoins.items():
        gagnes = [float(gains[c][1]) if gains[c][0] == module else 0.0 for c in criteres]
        lignes.append([0.0] * n + gagnes)
        bas.append(float(besoin) - 1e-9)
    couts = [1 + rang / (n * n + 1) for rang in range(n)] + [0.0] * m
    contraintes = LinearConstraint(np.array(lignes), lb=np.array(bas))
    trouve = milp(couts, constraints=contraintes, integrality=np.ones(n + m), bounds=Bounds(0, 1))
    return [a for a, pris in zip(ouvertes, trouve.x, strict=False) if pris > 0.5]


def _attentes(ouvertes: Sequence[Action], criteres: int) -> list[list[float]]:
    """An action is chosen only with each of those that it waits for: that one − it ≥ 0."""
    return [
        [float(a.code == code) - float(a is action) for a in ouvertes] + [0.0] * criteres
        for action in ouvertes
        for code in sorted(action.attend)
    ]


def _gains_par_critere(
    campagne: Campagne, cotations: pd.DataFrame
) -> tuple[dict[str, tuple[str, Fraction]], dict[str, Fraction]]:
    """What each criterion would win in its module, and what each module needs."""
    points = points_de(campagne)
    plein = max(points.values())
    gains: dict[str, tuple[str, Fraction]] = {}
    besoins: dict[str, Fraction] = {}
    for code, _, groupe in grouper(cotations, campagne, "module"):
        retenus = groupe[applicables(groupe, campagne)]
        valeurs = [points.get(c, Fraction(0)) for c in retenus["cotation"]]
        for critere, valeur in zip(retenus["critere"], valeurs, strict=True):
            deja = gains.get(critere, (code, Fraction(0)))[1]
            gains[critere] = (code, deja + plein - valeur)
        cible = cible_de(campagne, "module", code)
        if cible:
            besoin = cible.valeur * plein * len(retenus) - sum(valeurs, Fraction(0))
            besoins[code] = max(Fraction(0), besoin)
    return gains, besoins


def _rang(action: Action) -> tuple[str, str, str]:
    echeance = date_courte(action.echeance) if action.echeance else "sans échéance"
    nombre = pluriel(len(action.criteres), "critère")
    return action.nom, echeance, nombre


def _fin(action: Action) -> dt.date:
    return action.echeance or dt.date.max
