"""Mystery tests: what testers saw, with the little that a handful of tests can prove.

Content is judged on tests that reached someone. A criterion's rate is out of the tests in which
it applied, with its Wilson interval, and is decided against the dated target by an exact rule
fixed beforehand (rules 3.3 and 3.5).
"""

from __future__ import annotations

from fractions import Fraction
from typing import Literal

import pandas as pd

from qualepref_lib.campagne import Campagne, new_bilan
from qualepref_lib.core.bilan import Bilan, Ligne
from qualepref_lib.core.francais import nombre_court
from qualepref_lib.core.intervalles import decider
from qualepref_lib.core.mesures import Durees, Taux
from qualepref_lib.referentiel import Grille, Observation, cible_au

SOURCE = "mystere"
Axe = Literal["grille", "engagement"]


def measure_joignabilite(campagne: Campagne) -> Bilan:
    """Of the tests tried on each channel, how many reached someone, or were delivered."""
    lignes = []
    for grille in _grilles(campagne):
        tests = _lignes(campagne, grille=grille.code).reset_index().groupby("test").first()
        aboutis = int((tests["abouti"] == "oui").sum())
        lignes.append(
            Ligne(grille.code, grille.libelle, Taux(aboutis, len(tests)), _numeros_tests(tests))
        )
    return _bilan(
        campagne,
        "mystere.joignabilite",
        "Tests aboutis par canal",
        "Grille",
        "test",
        "taux = tests aboutis ÷ tests menés",
        lignes,
    )


def measure_conformite(campagne: Campagne, grille: str = "") -> Bilan:
    """The conformity of each yes/no criterion of one grid (of all grids by default)."""
    lignes = [
        _ligne_critere(campagne, g, observation)
        for g in _grilles(campagne)
        for observation in g.observations
        if observation.genre == "critere" and grille in ("", g.code)
    ]
    suite = f".{grille}" if grille else ""
    nom = {g.code: g.libelle for g in campagne.referentiel.grilles}.get(grille, "")
    return _bilan(
        campagne,
        f"mystere.conformite{suite}",
        f"Critères observés — {nom}" if nom else "Critères observés, toutes grilles",
        "Critère observé",
        "test abouti",
        "taux = tests où le critère est vu conforme ÷ tests aboutis où il s’applique",
        [ligne for ligne in lignes if ligne is not None],
    )


def measure_observe(campagne: Campagne, par: Axe = "grille") -> Bilan:
    """Conforming observations of each grid or engagement, all criteria together.

    Several observations of one test are not independent, so no interval is given here.
    """
    formule = "taux = observations conformes ÷ observations applicables des tests aboutis"
    lignes = []
    for code, libelle, groupe in _groupes(campagne, par):
        reponses = groupe["reponse"]
        oui, non = int((reponses == "oui").sum()), int((reponses == "non").sum())
        if oui + non:
            numeros = tuple(int(i) for i in groupe.index)
            lignes.append(Ligne(code, libelle, Taux(oui, oui + non), numeros))
    return _bilan(
        campagne,
        f"mystere.observe.{par}",
        f"Observations conformes par {'canal testé' if par == 'grille' else par}",
        "Grille" if par == "grille" else "Engagement",
        "observation",
        formule,
        lignes,
        grappes=True,
    )


def measure_delais(campagne: Campagne) -> Bilan:
    """The measures (minutes, rings, business days): median, 90th percentile, share in target.

    A test without a measure (no reply came) is counted apart, not hidden: the criterion « réponse
    dans le délai » is the one that counts it as a failure.
    """
    lignes = [
        _ligne_mesure(campagne, grille, observation)
        for grille in _grilles(campagne)
        for observation in grille.observations
        if observation.genre == "mesure"
    ]
    return _bilan(
        campagne,
        "mystere.delais",
        "Délais et attentes mesurés",
        "Mesure",
        "test abouti",
        "part dans la cible = tests mesurés dont la valeur ne dépasse pas la cible ÷ tests "
        "mesurés ; un test sans réponse n’a pas de mesure et est compté à part",
        [ligne for ligne in lignes if ligne is not None],
    )


def _bilan(
    campagne: Campagne,
    code: str,
    titre: str,
    entete: str,
    unite: str,
    formule: str,
    lignes: list[Ligne],
    grappes: bool = False,
) -> Bilan:
    return new_bilan(
        campagne,
        SOURCE,
        code=code,
        titre=titre,
        entete=entete,
        entete_groupe="Grille" if any(ligne.groupe for ligne in lignes) else "",
        entetes_taux=("Aboutis" if unite == "test" else "Conformes", "Base", "Taux"),
        unite=unite,
        formule=formule,
        plan="mystère",
        lignes=lignes,
        grappes=grappes,
    )


def _grilles(campagne: Campagne) -> list[Grille]:
    """The grids that have at least one test, in the order of the channels."""
    if SOURCE not in campagne.tables:
        return []
    presentes = set(campagne.tables[SOURCE].cadre["grille"])
    rangs = list(campagne.referentiel.libelles_canaux)
    grilles = [g for g in campagne.referentiel.grilles if g.code in presentes]
    return sorted(grilles, key=lambda g: (rangs.index(g.canal), g.code))


def _lignes(campagne: Campagne, **egalites: str) -> pd.DataFrame:
    cadre = campagne.tables[SOURCE].cadre
    for colonne, valeur in egalites.items():
        cadre = cadre[cadre[colonne] == valeur]
    return cadre


def _numeros_tests(tests: pd.DataFrame) -> tuple[int, ...]:
    return tuple(int(ligne) for ligne in tests["ligne"])


def _groupes(campagne: Campagne, par: Axe) -> list[tuple[str, str, pd.DataFrame]]:
    if SOURCE not in campagne.tables:
        return []
    cadre = _lignes(campagne, abouti="oui")
    if par == "grille":
        return [(g.code, g.libelle, cadre[cadre["grille"] == g.code]) for g in _grilles(campagne)]
    groupes = []
    for code, engagement in campagne.referentiel.engagements.items():
        codes = [c for c, o in campagne.referentiel.observations.items() if code in o.engagements]
        lignes = cadre[cadre["observation"].isin(codes)]
        groupes.append((code, f"{code} {engagement.libelle}", lignes))
    return groupes


def _ligne_critere(campagne: Campagne, grille: Grille, observation: Observation) -> Ligne | None:
    lignes = _lignes(campagne, abouti="oui", observation=observation.code)
    lignes = lignes[lignes["reponse"].isin(["oui", "non"])]
    if lignes.empty:
        return None
    oui = int((lignes["reponse"] == "oui").sum())
    cible = cible_au(grille.cibles, campagne.fiche.date_reference)
    valeur = cible.valeur if cible else None
    statut = decider(oui, len(lignes), float(valeur)) if valeur is not None else ""
    return Ligne(
        code=observation.code,
        libelle=observation.libelle,
        mesure=Taux(oui, len(lignes)),
        lignes=tuple(int(i) for i in lignes.index),
        groupe=grille.libelle,
        cible=valeur,
        statut=statut,
    )


def _ligne_mesure(campagne: Campagne, grille: Grille, observation: Observation) -> Ligne | None:
    lignes = _lignes(campagne, abouti="oui", observation=observation.code)
    valeurs = lignes["valeur"].dropna()
    if valeurs.empty:
        return None
    maximum = observation.maximum
    dans_cible = None
    if maximum is not None:
        dans_cible = Taux(int((valeurs <= float(maximum)).sum()), len(valeurs))
    return Ligne(
        code=observation.code,
        libelle=f"{observation.libelle} ({observation.unite})",
        mesure=Durees(
            n=len(valeurs),
            mediane=float(valeurs.median()),
            p90=float(valeurs.quantile(0.9)),
            unite=observation.unite,
            dans_cible=dans_cible,
            cible=_texte_cible(maximum),
            en_cours=len(lignes) - len(valeurs),
        ),
        lignes=tuple(int(i) for i in valeurs.index),
        groupe=grille.libelle,
    )


def _texte_cible(maximum: Fraction | None) -> str:
    return f"{nombre_court(maximum)} au plus" if maximum is not None else ""
