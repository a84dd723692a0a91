"""How a figure is said: its status sign, its reading sentence, its notice.

The words depend on how the rows came to be there (the *plan* of the bilan): a sentence about
volunteers says « parmi les répondants », never « les usagers »; a census has no interval.
"""

from __future__ import annotations

import math

from qualepref_lib.core.bilan import Bilan, Ligne, Liste, Nuance, texte_intervalle
from qualepref_lib.core.feuilles import Liasse
from qualepref_lib.core.francais import nombre_court, pourcentage
from qualepref_lib.core.mesures import (
    PETITE_BASE,
    Durees,
    Effectif,
    Fourchette,
    Priorite,
    Repartition,
    Score,
    Taux,
    TauxRedresse,
    TriCroise,
    VisAVis,
)
from qualepref_lib.display.blocs import Cellule, Notice
from qualepref_lib.display.periodes import est_periode

NUANCES: dict[str, Nuance] = {
    "cible atteinte": "bien",
    "prouvé": "bien",
    "point fort": "bien",
    "fait": "bien",
    "à confirmer": "moyen",
    "non démontré": "moyen",
    "en cours": "moyen",
    "cible non atteinte": "ecart",
    "contredit": "ecart",
    "non reçue": "ecart",
    "incomplète": "moyen",
    "reçue": "bien",
    "axe de progrès": "ecart",
    "en retard": "ecart",
    "tenu": "bien",
    "hors délai": "ecart",
    "fragile": "moyen",
    "hausse établie": "bien",
    "baisse établie": "ecart",
    "peu d’actions": "ecart",
    "actions engagées": "moyen",
    "comparable": "bien",
    "avec réserve": "moyen",
    "rupture": "ecart",
    "à traiter d’abord": "ecart",
    "piste à vérifier": "moyen",
    "à améliorer ensuite": "moyen",
    "à conserver": "bien",
    "se lisent ensemble": "bien",
    "à lire avec prudence": "moyen",
    "ne se résument pas": "ecart",
    # A signal says that something changed, not whether for the better.
    "au-delà des limites": "moyen",
    "série de huit du même côté": "moyen",
}

SANS_MESURE = Durees.ouverts
"""What ``Durees`` calls the items that were not measured, unless an analysis names them."""

PARMI = {
    "recensement": "",
    "tirage": "Parmi les personnes tirées au sort, ",
    "volontaires": "Parmi les répondants, ",
    "quotas": "Parmi les personnes interrogées, ",
    "mystère": "Sur les tests menés, ",
}
"""How a sentence begins, by plan: it may not speak of more people than it looked at."""


SITE = "Site"
"""The head of the column of a network's bilan: its lines are sites, and are never ranked."""

ENTONNOIR = (
    " Un site au-delà des limites appelle une question : public, saison, façon de compter. La place"
    " d’un site parmi les autres n’est pas un classement."
)
"""How a funnel is read: distance from the common rate, given the base, and nothing else."""

SIGNAL = (
    " Un point signalé sort de la variation ordinaire : il appelle une explication, il ne dit pas"
    " à lui seul si le service est devenu meilleur ou moins bon."
)
"""How a control chart is read: a signal asks for a cause, it is no verdict."""


def est_carte(bilan: Bilan) -> bool:
    """True for a control chart: its lines have limits, and ``reference`` is their central line."""
    return _a_des_limites(bilan) and not est_entonnoir(bilan)


def est_entonnoir(bilan: Bilan) -> bool:
    """True for a funnel: its lines are sites, each with the limits of its own base."""
    return bilan.entete == SITE and _a_des_limites(bilan)


def _a_des_limites(bilan: Bilan) -> bool:
    return any(
        li.limites is not None and isinstance(li.mesure, Taux | Effectif) for li in bilan.lignes
    )


def est_hors_limites(ligne: Ligne) -> bool:
    """Whether the rate of a line is beyond its limits, exactly: neither is rounded before."""
    if ligne.limites is None or not isinstance(ligne.mesure, Taux) or ligne.mesure.valeur is None:
        return False
    bas, haut = ligne.limites
    return not bas <= float(ligne.mesure.valeur) <= haut


def est_serie(bilan: Bilan) -> bool:
    """True when the lines follow each other in time: each is named by a period."""
    return bool(bilan.lignes) and all(est_periode(ligne.libelle) for ligne in bilan.lignes)


def bornes_carte(ligne: Ligne) -> tuple[float, float] | None:
    """The control limits of a line, kept among the values it may take: shares, or counts."""
    if ligne.limites is None:
        return None
    bas, haut = (max(float(borne), 0.0) for borne in ligne.limites)
    plafond = 1.0 if isinstance(ligne.mesure, Taux) else math.inf
    return min(bas, plafond), min(haut, plafond)


def noms_cases(bilan: Bilan) -> tuple[str, ...]:
    """The columns of a two-way table, in the order in which its lines name them."""
    croises = [li.mesure for li in bilan.lignes if isinstance(li.mesure, TriCroise)]
    return tuple(dict.fromkeys(nom for croise in croises for nom in croise.cases))


def neuvieme_decile(durees: Durees) -> float | None:
    """The ninth decile where it may be printed: of fewer than ten, it is no more than the longest.

    What is open counts too: it is among the items that the decile is of.
    """
    suivis = durees.n + (durees.en_cours if est_suivi(durees) else 0)
    return durees.p90 if suivis >= PETITE_BASE else None


def est_suivi(durees: Durees) -> bool:
    """True when the items without an end are followed up (censored), not merely unmeasured."""
    return durees.ouverts != SANS_MESURE


def cellule_statut(statut: str) -> Cellule:
    """A status: its word, and the nuance that the drawing turns into a sign, never a tint alone."""
    if not statut:
        return Cellule(texte="–")
    # A state that a test establishes names the test after itself, between brackets.
    return Cellule(texte=statut, statut=NUANCES.get(statut.split(" (")[0], "neutre"))


def niveau(bilan: Bilan) -> str:
    """``95 %``: the confidence level of the bilan's intervals."""
    return pourcentage(round(bilan.niveau, 4), 0 if round(bilan.niveau * 100, 6) % 1 == 0 else 1)


def notice(bilan: Bilan) -> Notice:
    """Reading, scope and source of a bilan, for under its table or chart."""
    lecture = _lecture(bilan, bilan.lignes[0]) if bilan.lignes else ""
    suites = [
        " Pas d’intervalle : plusieurs observations viennent d’un même test."
        if bilan.grappes
        else "",
        SIGNAL if est_carte(bilan) else "",
        ENTONNOIR if est_entonnoir(bilan) else "",
    ]
    return Notice(
        lecture=(lecture + "".join(suites)).strip(), champ=bilan.champ, source=str(bilan.source)
    )


def notice_liste(liste: Liste | Liasse) -> Notice:
    """Scope and source of a list, or of a bundle of sheets."""
    return Notice(champ=liste.champ, source=str(liste.source))


def _lecture(bilan: Bilan, ligne: Ligne) -> str:
    mesure = ligne.mesure
    if isinstance(mesure, Taux):
        return f"« {ligne.libelle} » : {_lecture_taux(bilan, mesure)}."
    if isinstance(mesure, Repartition):
        quoi = _COMPTES.get(bilan.unite, "réponses exprimées")
        base = nombre_court(mesure.base)
        return f"« {ligne.libelle} » : les parts sont calculées sur {base} {quoi}."
    if isinstance(mesure, Durees):
        return _lecture_durees(ligne, mesure)
    if isinstance(mesure, Effectif):
        return f"« {ligne.libelle} » : {mesure}."
    if isinstance(mesure, TriCroise):
        return _lecture_croisement(bilan, ligne, mesure)
    if isinstance(mesure, VisAVis):
        return f"« {ligne.libelle} » : {mesure}."
    if isinstance(mesure, Fourchette):
        return _lecture_fourchette(ligne, mesure)
    if isinstance(mesure, Score):
        return _lecture_score(bilan, ligne, mesure)
    if isinstance(mesure, Priorite):
        return _lecture_priorite(bilan, ligne, mesure)
    return ""


def _lecture_fourchette(ligne: Ligne, mesure: Fourchette) -> str:
    """One day of one group, from what is rated today to what everything done would give."""
    noms = ", ".join(f"{nom} {taux.pourcentage}" for nom, taux in mesure.cases.items())
    return f"« {ligne.groupe} », « {ligne.libelle} » : {noms}."


def _lecture_score(bilan: Bilan, ligne: Ligne, score: Score) -> str:
    intervalle = f" ; intervalle à {niveau(bilan)} : {score.intervalle}" if score.intervalle else ""
    reserve = f" À savoir : {bilan.reserve}." if bilan.reserve else ""
    return f"« {ligne.libelle} » : {score}{intervalle}.{reserve}"


def _lecture_priorite(bilan: Bilan, ligne: Ligne, mesure: Priorite) -> str:
    """How the first item is read, and what the number is not."""
    reserve = f" À savoir : {bilan.reserve}." if bilan.reserve else ""
    return (
        f"« {ligne.libelle} » : {_lecture_taux(bilan, mesure.satisfaction)} ; lien avec l’ensemble "
        f"{mesure.importance}, de −1 à 1 (0 : aucun lien).{reserve}"
    )


_COMPTES = {
    "critère": "critères évalués",
    "appel": "appels",
    "courrier": "courriers",
    "envoi": "envois",
    "demande": "demandes",
    "ticket": "tickets",
    "titre": "titres",
    "test": "tests",
    "test abouti": "tests aboutis",
    "tentative": "tentatives",
    "observation": "observations",
}
"""What the shares of a spread are out of, by the unit of the bilan; else, answers."""


def _lecture_durees(ligne: Ligne, mesure: Durees) -> str:
    suivis = mesure.en_cours if est_suivi(mesure) else 0
    compte = f", compte tenu de {nombre_court(suivis)} {mesure.ouverts}" if suivis else ""
    if mesure.mediane is None:
        non_atteinte = f"« {ligne.libelle} » : la médiane n’est pas atteinte{compte}."
        return non_atteinte if mesure.n else ""
    mediane = f"{nombre_court(round(mesure.mediane, 1))} {mesure.unite}"
    if suivis:
        return f"« {ligne.libelle} » : la moitié ne dépasse pas {mediane}{compte}."
    combien = f"la moitié des {nombre_court(mesure.n)} mesures"
    return f"« {ligne.libelle} » : {combien} ne dépasse pas {mediane}."


def _lecture_croisement(bilan: Bilan, ligne: Ligne, mesure: TriCroise) -> str:
    """The first cell that has a base, as it is read."""
    lus = [(nom, taux) for nom, taux in mesure.cases.items() if taux.observes]
    if not lus:
        return ""
    nom, taux = lus[0]
    return f"« {ligne.libelle} », « {nom} » : {_lecture_taux(bilan, taux)}."


def _lecture_taux(bilan: Bilan, taux: Taux) -> str:
    if taux.valeur is None:
        return taux.pourcentage
    if bilan.unite == "critère":
        texte = f"{nombre_court(taux.favorables)} points pour {taux.observes} critères"
        texte = texte.replace(" points", " point") if taux.favorables < 2 else texte
    else:
        texte = taux.fraction
    if not taux.petite_base and not isinstance(taux, TauxRedresse):
        texte += f", soit {pourcentage(taux.valeur)}"
    intervalle = texte_intervalle(taux, bilan)
    return texte + (
        f" ; intervalle de confiance à {niveau(bilan)} : {intervalle}" if intervalle else ""
    )
