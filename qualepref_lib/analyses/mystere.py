"""Mystery tests: what testers saw, with the little that a handful of tests can prove.

Content is judged on tests that reached someone. A criterion's rate is out of the tests in which
it applied, with its Wilson interval, and is decided against the dated target by an exact rule
fixed beforehand (rules 3.3 and 3.5). Of several waves, the latest is read.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction
from typing import Literal

import numpy as np
import pandas as pd

from qualepref_lib.campagne import Campagne
from qualepref_lib.core.bilan import Bilan, Ligne
from qualepref_lib.core.francais import nombre_court
from qualepref_lib.core.mesures import Durees, Taux
from qualepref_lib.core.survie import resumer
from qualepref_lib.referentiel import Grille, Observation
from qualepref_lib.registres.mystere import grilles_de, observations_de, tests_de
from qualepref_lib.registres.mystere_criteres import (
    CONFORMITE,
    OBSERVATIONS,
    PREMIER_CODAGE,
    formule_decision,
    measure_criteres,
    new_bilan_mystere,
    rate_of,
    rows_of,
)

Axe = Literal["grille", "engagement"]


def measure_joignabilite(campagne: Campagne) -> Bilan:
    """Of the tests tried on each channel, how many reached someone, or were delivered."""
    tests = tests_de(campagne)
    lignes = []
    for grille in grilles_de(campagne, tests):
        siens = tests[tests["grille"] == grille.code]
        taux = Taux(int(siens["abouti"].sum()), len(siens))
        lignes.append(Ligne(grille.code, grille.libelle, taux, tuple(siens["ligne"].tolist())))
    return new_bilan_mystere(
        campagne,
        lignes,
        code="mystere.joignabilite",
        titre="Tests aboutis par canal",
        entete="Grille",
        unite="test",
        formule=f"taux = tests aboutis ÷ tests menés ; {PREMIER_CODAGE}",
        entetes_taux=("Aboutis", "Base", "Taux"),
    )


def measure_conformite(campagne: Campagne, grille: str = "") -> Bilan:
    """The conformity of each yes/no criterion of one grid (of all grids by default)."""
    nom = {g.code: g.libelle for g in campagne.referentiel.grilles}.get(grille, "")
    return new_bilan_mystere(
        campagne,
        measure_criteres(campagne, observations_de(campagne), grille),
        code="mystere.conformite" + (f".{grille}" if grille else ""),
        titre=f"Critères observés — {nom}" if nom else "Critères observés, toutes grilles",
        entete="Critère observé",
        formule=f"{CONFORMITE} ; {formule_decision(campagne)} ; {PREMIER_CODAGE}",
    )


def measure_observe(campagne: Campagne, par: Axe = "grille") -> Bilan:
    """Conforming observations of each grid or engagement, all criteria together.

    Several observations of one test are not independent, so no interval is given here.
    """
    lignes = []
    for code, libelle, groupe in _groupes(campagne, par):
        taux, numeros = rate_of(groupe)
        if taux.observes:
            lignes.append(Ligne(code, libelle, taux, numeros))
    return new_bilan_mystere(
        campagne,
        lignes,
        code=f"mystere.observe.{par}",
        titre=f"Observations conformes par {'canal testé' if par == 'grille' else par}",
        entete="Grille" if par == "grille" else "Engagement",
        unite="observation",
        formule=f"{OBSERVATIONS} ; {PREMIER_CODAGE}",
        grappes=True,
    )


def measure_delais(campagne: Campagne) -> Bilan:
    """The measures (minutes, rings, business days): median, 90th percentile, share in target.

    A test without a measure (no reply came) is counted apart, not hidden: the criterion « réponse
    dans le délai » is the one that counts it as a failure.
    """
    observations = observations_de(campagne)
    rangs = rows_of(observations)
    lignes = [
        _ligne_mesure(grille, o, observations.iloc[rangs[o.code]])
        for grille in grilles_de(campagne, observations)
        for o in grille.observations
        if o.genre == "mesure" and o.code in rangs
    ]
    return new_bilan_mystere(
        campagne,
        [ligne for ligne in lignes if ligne is not None],
        code="mystere.delais",
        titre="Délais et attentes mesurés",
        entete="Mesure",
        formule="médiane et 9e décile : plus petite valeur que la moitié, ou les neuf dixièmes, "
        "des tests mesurés ne dépassent pas, et milieu de deux valeurs quand la coupure tombe "
        "juste entre elles ; part dans la cible = tests mesurés dont la valeur ne dépasse pas la "
        "cible ÷ tests mesurés ; un délai calculé compte les jours ouvrés du site de l’envoi à la "
        "réponse, le jour de l’envoi comptant pour zéro ; un test sans réponse n’a pas de mesure "
        f"et est compté à part ; {PREMIER_CODAGE}",
    )


def _groupes(campagne: Campagne, par: Axe) -> Iterable[tuple[str, str, pd.DataFrame]]:
    observations = observations_de(campagne)
    if par == "grille":
        for g in grilles_de(campagne, observations):
            yield g.code, g.libelle, observations[observations["grille"] == g.code]
        return
    rangs = rows_of(observations)
    declarees = campagne.referentiel.observations
    for code, engagement in campagne.referentiel.engagements.items():
        siens = [rangs[o] for o in rangs if code in declarees[o].engagements]
        if siens:
            groupe = observations.iloc[np.sort(np.concatenate(siens))]
            yield code, f"{code} {engagement.libelle}", groupe


def _ligne_mesure(grille: Grille, observation: Observation, lignes: pd.DataFrame) -> Ligne | None:
    mesurees = lignes[lignes["valeur"].notna()]
    if mesurees.empty:
        return None
    return Ligne(
        code=observation.code,
        libelle=f"{observation.libelle} ({observation.unite})",
        mesure=_durees(observation, mesurees, len(lignes) - len(mesurees)),
        lignes=tuple(mesurees.index.tolist()),
        groupe=grille.libelle,
    )


def _durees(observation: Observation, mesurees: pd.DataFrame, sans_mesure: int) -> Durees:
    maximum = observation.maximum
    dans_cible = None
    if maximum is not None:
        dans_cible = Taux(int(mesurees["tenu"].sum()), len(mesurees))
    resume = resumer(
        mesurees["valeur"].to_numpy(),
        np.zeros(len(mesurees), bool),
        observation.unite,
        dans_cible,
        _texte_cible(maximum),
        Durees.ouverts,
    )
    return replace(resume, en_cours=sans_mesure)


def _texte_cible(maximum: Fraction | None) -> str:
    return f"{nombre_court(maximum)} au plus" if maximum is not None else ""
