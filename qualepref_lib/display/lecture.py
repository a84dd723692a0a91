"""What several aspects say alike: status signs, how a plan is named, how a rate is read.

The words depend on how the rows came to be there (the *plan* of the bilan): a sentence about
volunteers says « parmi les répondants », never « les usagers »; a census has no interval.
"""

from __future__ import annotations

import math

from qualepref_lib.core.bilan import Bilan, Ligne, Nuance, texte_intervalle
from qualepref_lib.core.francais import nombre_court, pourcentage
from qualepref_lib.core.mesures import PETITE_BASE, Durees, Effectif, Taux, TauxRedresse, TriCroise
from qualepref_lib.display.blocs import Cellule
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


def lire_telle(bilan: Bilan, ligne: Ligne) -> str:
    """A line read aloud: what was measured says itself."""
    return f"« {ligne.libelle} » : {ligne.mesure}."


def lire_taux(bilan: Bilan, taux: Taux) -> str:
    """A rate read aloud: its terms, its share, and its interval where it is of a sample."""
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
