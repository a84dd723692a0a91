"""How a figure is said: its status sign, its reading sentence, its notice.

The words depend on how the rows came to be there (the *plan* of the bilan): a sentence about
volunteers says « parmi les répondants », never « les usagers »; a census has no interval.
"""

from __future__ import annotations

from qualepref_lib.core.bilan import Bilan, Ligne, Liste, Nuance, texte_intervalle
from qualepref_lib.core.feuilles import Liasse
from qualepref_lib.core.francais import nombre_court, pourcentage
from qualepref_lib.core.mesures import Durees, Effectif, Repartition, Taux
from qualepref_lib.display.blocs import Cellule, Notice

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
}

PARMI = {
    "recensement": "",
    "tirage": "Parmi les personnes tirées au sort, ",
    "volontaires": "Parmi les répondants, ",
    "quotas": "Parmi les personnes interrogées, ",
    "mystère": "Sur les tests menés, ",
}
"""How a sentence begins, by plan: it may not speak of more people than it looked at."""


def cellule_statut(statut: str) -> Cellule:
    """A status: its word, and the nuance that the drawing turns into a sign, never a tint alone."""
    if not statut:
        return Cellule(texte="–")
    return Cellule(texte=statut, statut=NUANCES.get(statut, "neutre"))


def niveau(bilan: Bilan) -> str:
    """``95 %``: the confidence level of the bilan's intervals."""
    return pourcentage(round(bilan.niveau, 4), 0 if round(bilan.niveau * 100, 6) % 1 == 0 else 1)


def notice(bilan: Bilan) -> Notice:
    """Reading, scope and source of a bilan, for under its table or chart."""
    lecture = _lecture(bilan, bilan.lignes[0]) if bilan.lignes else ""
    suite = (
        " Pas d’intervalle : plusieurs observations viennent d’un même test."
        if bilan.grappes
        else ""
    )
    return Notice(lecture=lecture + suite, champ=bilan.champ, source=str(bilan.source))


def notice_liste(liste: Liste | Liasse) -> Notice:
    """Scope and source of a list, or of a bundle of sheets."""
    return Notice(champ=liste.champ, source=str(liste.source))


def _lecture(bilan: Bilan, ligne: Ligne) -> str:
    mesure = ligne.mesure
    if isinstance(mesure, Taux):
        return f"« {ligne.libelle} » : {_lecture_taux(bilan, mesure)}."
    if isinstance(mesure, Repartition):
        quoi = "critères évalués" if bilan.unite == "critère" else "réponses exprimées"
        return f"« {ligne.libelle} » : les parts sont calculées sur {mesure.base} {quoi}."
    if isinstance(mesure, Durees) and mesure.mediane is not None:
        mediane = f"{nombre_court(round(mesure.mediane, 1))} {mesure.unite}"
        return f"« {ligne.libelle} » : la moitié des {mesure.n} mesures ne dépasse pas {mediane}."
    if isinstance(mesure, Effectif):
        return f"« {ligne.libelle} » : {mesure}."
    return ""


def _lecture_taux(bilan: Bilan, taux: Taux) -> str:
    if taux.valeur is None:
        return taux.pourcentage
    if bilan.unite == "critère":
        texte = f"{nombre_court(taux.favorables)} points pour {taux.observes} critères"
        texte = texte.replace(" points", " point") if taux.favorables < 2 else texte
    else:
        texte = taux.fraction
    if not taux.petite_base:
        texte += f", soit {pourcentage(taux.valeur)}"
    intervalle = texte_intervalle(taux, bilan)
    return texte + (
        f" ; intervalle de confiance à {niveau(bilan)} : {intervalle}" if intervalle else ""
    )
