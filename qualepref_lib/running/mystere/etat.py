"""A wave under way: what is done, and the questions whose answer is known already.

A wave is judged on all the tests that were planned: an answer is known when whatever the rest
shows the decision is the same. Stopping at the first good news would prove too often.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

import pandas as pd

from qualepref_lib.campagne import Campagne
from qualepref_lib.core.essais import issue_connue
from qualepref_lib.core.francais import pluriel
from qualepref_lib.referentiel import Grille, cible_au
from qualepref_lib.running.mystere.affectation import TestPrevu

_DITS = {
    "prouvé": "la cible sera prouvée, quoi que montre la suite",
    "contredit": "la cible sera contredite, quoi que montre la suite",
    "non démontré": "la cible ne sera ni prouvée ni contredite, quoi que montre la suite",
}


def texte_etat(campagne: Campagne, tests: Sequence[TestPrevu]) -> Iterator[str]:
    """Tests done and planned by grid, then each criterion whose decision cannot change any more."""
    simples = [t for t in tests if not t.codage]
    faits = _faits(campagne, simples)
    prevus = Counter(t.grille for t in simples)
    deja = {str(grille): siens for grille, siens in faits.groupby("grille")}
    for grille in campagne.referentiel.grilles:
        if not prevus[grille.code]:
            continue
        siens = deja.get(grille.code, faits.iloc[:0])
        n = siens["test"].nunique()
        faits_dits = pluriel(n, "test fait", "tests faits")
        yield f"{grille.libelle} : {faits_dits} sur {prevus[grille.code]}."
        yield from _connues(campagne, grille, siens, prevus[grille.code])


def _faits(campagne: Campagne, tests: Sequence[TestPrevu]) -> pd.DataFrame:
    if "mystere" not in campagne.tables:
        return pd.DataFrame(columns=["test", "grille", "abouti", "observation", "reponse"])
    cadre = campagne.tables["mystere"].cadre
    prevus = {t.test for t in tests}
    return cadre[cadre["test"].isin(prevus) & (cadre["codage"] != "double")]


def _connues(campagne: Campagne, grille: Grille, siens: pd.DataFrame, prevus: int) -> Iterator[str]:
    cible = cible_au(grille.cibles, campagne.fiche.date_reference)
    if cible is None:
        return
    restants = prevus - siens["test"].nunique()
    for observation in grille.observations:
        reponses = siens.loc[siens["observation"] == observation.code, "reponse"]
        oui, non = int((reponses == "oui").sum()), int((reponses == "non").sum())
        if observation.genre == "critere" and oui + non:
            total = oui + non + restants
            issue = issue_connue(
                oui, oui + non, total, float(cible.valeur), campagne.fiche.niveau_confiance
            )
            if issue and restants:
                vus = f"{oui} oui sur {oui + non}, {pluriel(restants, 'test')} à faire"
                dit = f"{observation.libelle} : {vus} ; {_DITS[issue]}."
                yield f"  La réponse est déjà connue — {dit}"
