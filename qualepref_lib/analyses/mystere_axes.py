"""Mystery tests seen from other sides: by attempt, by service, time slot, weekday, profile.

No agent can be recognised: services are merged before they are counted, and no table crosses a
service with anything else (rules 3.5).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Literal

import pandas as pd

from qualepref_lib.campagne import Campagne, new_bilan
from qualepref_lib.campagne.fiche import JOURS_SEMAINE
from qualepref_lib.campagne.tables import ISSUES_TENTATIVE
from qualepref_lib.core.bilan import Bilan, Ligne
from qualepref_lib.core.mesures import Repartition
from qualepref_lib.registres.mystere import (
    TENTATIVES,
    dire_lue,
    grilles_de,
    observations_de,
    slug_of,
    tests_de,
)
from qualepref_lib.registres.mystere_criteres import (
    OBSERVATIONS,
    PREMIER_CODAGE,
    new_bilan_mystere,
    rate_of,
)
from qualepref_lib.registres.mystere_services import AUTRES, REGROUPEMENT

Axe = Literal["service", "creneau", "profil", "jour"]

RANGS = ("à la 1re tentative", "à la 2e", "à la 3e", "à la 4e ou au-delà")
"""At which attempt a test reached someone; the last one stands for all that follow."""
JAMAIS = "non abouti"
INCONNU = "tentatives non notées"
NON_INDIQUE = "non_indique"
"""The code of the tests whose cell is empty."""

_NOMS: dict[str, tuple[str, str, str]] = {
    "service": ("Service", "service", "service non indiqué"),
    "creneau": ("Créneau", "créneau", "créneau non indiqué"),
    "profil": ("Profil", "profil de l’usager", "profil non indiqué"),
    "jour": ("Jour", "jour de la semaine", "jour non indiqué"),
}
"""Head of the column, what it is called, and what an empty cell is called."""


def measure_joignabilite_par_tentative(campagne: Campagne) -> Bilan:
    """At which attempt the tests of each grid reached someone; those that never did are counted.

    Attempts are counted in ``mystere_tentatives.csv`` where it tells of the test, else read in the
    column ``tentatives``. Tests of which neither is known are apart.
    """
    tests = tests_de(campagne)
    rangs = tests["tentatives"].clip(upper=len(RANGS))
    connus = rangs[tests["abouti"]].max()
    noms = RANGS[: 0 if pd.isna(connus) else int(connus)]
    lignes = []
    for grille in grilles_de(campagne, tests):
        siens = tests[tests["grille"] == grille.code]
        repartition = _par_rang(siens, rangs.loc[siens.index], noms)
        if repartition.base:
            numeros = tuple(siens["ligne"].tolist())
            lignes.append(Ligne(grille.code, grille.libelle, repartition, numeros))
    return new_bilan_mystere(
        campagne,
        lignes,
        code="mystere.tentatives",
        titre="Tests aboutis par canal, selon la tentative",
        entete="Grille",
        unite="test",
        formule="part = tests aboutis à cette tentative ÷ tests menés dont le nombre de tentatives "
        "est connu, aboutis ou non ; les tentatives sont comptées dans mystere_tentatives.csv si "
        "le test y est, sinon lues dans la colonne « tentatives » ; les autres tests sont comptés "
        f"à part ; {PREMIER_CODAGE}",
        si_vide="Le nombre de tentatives n’est connu pour aucun test.",
    )


def measure_issues_tentatives(campagne: Campagne) -> Bilan:
    """How the attempts of each grid ended: reached, busy, voicemail, closed…"""
    lignes: list[Ligne] = []
    if TENTATIVES in campagne.tables:
        tests = tests_de(campagne)
        tentatives = campagne.tables[TENTATIVES].cadre
        grilles = tentatives["test"].map(tests["grille"])
        presentes = tentatives.loc[grilles.notna(), "issue"].unique()
        issues = {code: nom for code, nom in ISSUES_TENTATIVE.items() if code in presentes}
        for grille in grilles_de(campagne, tests):
            siennes = tentatives[grilles == grille.code]
            if len(siennes):
                fois = siennes["issue"].value_counts()
                effectifs = {nom: int(fois.get(code, 0)) for code, nom in issues.items()}
                numeros = tuple(siennes.index.tolist())
                lignes.append(Ligne(grille.code, grille.libelle, Repartition(effectifs), numeros))
    return new_bilan(
        campagne,
        TENTATIVES,
        code="mystere.issues",
        titre="Issue des tentatives, par canal",
        entete="Grille",
        unite="tentative",
        formule="part = tentatives de cette issue ÷ tentatives notées des tests menés ; plusieurs "
        "tentatives d’un même test ne sont pas indépendantes",
        champ=dire_lue(campagne),
        plan="mystère",
        lignes=lignes,
        grappes=True,
        si_vide="Aucune tentative n’est notée pour ces tests.",
    )


def measure_conformite_par(campagne: Campagne, par: Axe = "service") -> Bilan:
    """Conforming observations of each service, time slot, profile or weekday, criteria together.

    Several observations of one test are not independent, so no interval is given. Nothing is told
    by an axis of which no cell is filled; services are merged for privacy.
    """
    entete, nom, sans = _NOMS[par]
    lignes = []
    for code, libelle, groupe in _groupes(observations_de(campagne), par, sans):
        taux, numeros = rate_of(groupe)
        if taux.observes:
            lignes.append(Ligne(code, libelle, taux, numeros))
    regle = f" ; {REGROUPEMENT}" if par == "service" else ""
    return new_bilan_mystere(
        campagne,
        lignes,
        code=f"mystere.par_{par}",
        titre=f"Observations conformes par {nom}",
        entete=entete,
        unite="observation",
        formule=f"{OBSERVATIONS} ; {PREMIER_CODAGE}{regle}",
        grappes=True,
        si_vide=f"Aucun test abouti n’indique de {nom}.",
    )


def _par_rang(tests: pd.DataFrame, rangs: pd.Series, noms: tuple[str, ...]) -> Repartition:
    connus = rangs.notna()
    aboutis = rangs[tests["abouti"] & connus]
    effectifs = {nom: int((aboutis == rang).sum()) for rang, nom in enumerate(noms, 1)}
    jamais = int((connus & ~tests["abouti"]).sum())
    return Repartition(effectifs | {JAMAIS: jamais}, {INCONNU: int((~connus).sum())})


def _groupes(
    observations: pd.DataFrame, par: Axe, sans: str
) -> Iterator[tuple[str, str, pd.DataFrame]]:
    """The observations by the words of one column, those of no word last."""
    mots = observations[par]
    if not mots.notna().any():
        return
    positions = observations.groupby(par).indices
    for mot in sorted((str(m) for m in positions), key=lambda m: _rang(m, par)):
        yield slug_of(mot), mot, observations.iloc[positions[mot]]
    if mots.isna().any():
        yield NON_INDIQUE, sans, observations[mots.isna()]


def _rang(mot: str, par: Axe) -> tuple[Any, ...]:
    """Weekdays from Monday on, slots by their first number, the merged services last."""
    if par == "jour":
        return (JOURS_SEMAINE.index(mot),)
    heure = re.search(r"\d+", mot) if par == "creneau" else None
    return (mot == AUTRES, int(heure[0]) if heure else 0, slug_of(mot), mot)
