"""How scores are shown: value, interval and base; importance beside satisfaction."""

from __future__ import annotations

from qualepref_lib.core.bilan import Bilan, Ligne
from qualepref_lib.core.francais import enumeration, nombre_court
from qualepref_lib.core.mesures import Priorite, Score, Taux, TauxRedresse
from qualepref_lib.display.aspects.aspect import Aspect
from qualepref_lib.display.colonnes import Trait, chiffre
from qualepref_lib.display.lecture import lire_taux, niveau
from qualepref_lib.display.phrases.morceaux import majuscule
from qualepref_lib.display.phrases.scores import A_FAIRE, dire_priorites, dire_scores


def _traits_scores(bilan: Bilan) -> list[Trait]:
    """The value, its interval when some line has one, and the unweighted base."""
    traits = [chiffre("Valeur", bilan, lambda li: _score(li).texte)]
    if any(_score(ligne).erreur_type for ligne in bilan.lignes):
        traits.append(chiffre("Erreur type", bilan, lambda li: _score(li).erreur_type or "–"))
    if any(_score(ligne).intervalle for ligne in bilan.lignes):
        titre = f"Intervalle à {niveau(bilan)}"
        traits.append(chiffre(titre, bilan, lambda li: _score(li).intervalle or "–"))
    return [*traits, chiffre("Base", bilan, lambda li: _score(li).base)]


def _traits_priorites(bilan: Bilan) -> list[Trait]:
    """Importance with its interval and its base, satisfaction with its own.

    Weighted, both have a standard error or no numerator to print.
    """
    redresse = any(isinstance(_satisfaction(ligne), TauxRedresse) for ligne in bilan.lignes)
    titre, part = f"Intervalle à {niveau(bilan)}", "Taux redressé" if redresse else "Taux"
    erreur = chiffre("Erreur type", bilan, lambda li: _importance(li).erreur_type or "–")
    favorables = chiffre("Favorables", bilan, lambda li: nombre_court(_satisfaction(li).favorables))
    return [
        chiffre("Importance", bilan, lambda li: _importance(li).texte),
        *([erreur] if redresse else []),
        chiffre(titre, bilan, lambda li: _importance(li).intervalle or "–"),
        chiffre("Base du lien", bilan, lambda li: _importance(li).base),
        *([] if redresse else [favorables]),
        chiffre("Base", bilan, lambda li: nombre_court(_satisfaction(li).observes)),
        chiffre(part, bilan, lambda li: _satisfaction(li).pourcentage),
    ]


def _lire_score(bilan: Bilan, ligne: Ligne) -> str:
    score = _score(ligne)
    intervalle = f" ; intervalle à {niveau(bilan)} : {score.intervalle}" if score.intervalle else ""
    reserve = f" À savoir : {bilan.reserve}." if bilan.reserve else ""
    return f"« {ligne.libelle} » : {score}{intervalle}.{reserve}"


def _lire_priorite(bilan: Bilan, ligne: Ligne) -> str:
    """How the first item is read, and what the number is not."""
    reserve = f" À savoir : {bilan.reserve}." if bilan.reserve else ""
    return (
        f"« {ligne.libelle} » : {lire_taux(bilan, _satisfaction(ligne))} ; lien avec l’ensemble "
        f"{_importance(ligne)}, de −1 à 1 (0 : aucun lien).{reserve}"
    )


def _resumer_priorites(bilan: Bilan) -> str:
    """What comes first, by name; nothing where no item was placed there."""
    for statut in tuple(A_FAIRE)[:2]:
        noms = [f"« {li.libelle} »" for li in bilan.lignes if li.statut == statut]
        if noms:
            return f"{majuscule(statut)} : {enumeration(noms[:3])}."
    return ""


def _est_edition(ligne: Ligne) -> bool:
    """A share with enough base: what editions are compared by."""
    score = _score(ligne)
    return score.unite == "%" and score.valeur is not None and not score.petite_base


def _score(ligne: Ligne) -> Score:
    assert isinstance(ligne.mesure, Score)
    return ligne.mesure


def _importance(ligne: Ligne) -> Score:
    assert isinstance(ligne.mesure, Priorite)
    return ligne.mesure.importance


def _satisfaction(ligne: Ligne) -> Taux:
    assert isinstance(ligne.mesure, Priorite)
    return ligne.mesure.satisfaction


SCORE = Aspect(
    traits=_traits_scores,
    lire=_lire_score,
    dire=dire_scores,
    formes={"editions": _est_edition},
    lignes_min=2,
)
PRIORITE = Aspect(
    traits=_traits_priorites,
    lire=_lire_priorite,
    dire=dire_priorites,
    resumer=_resumer_priorites,
    formes={"quadrants": lambda ligne: bool(ligne.statut)},
    lignes_min=2,
)
