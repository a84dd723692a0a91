"""The columns of scores: a value, its interval, its base; importance beside satisfaction."""

from __future__ import annotations

from qualepref_lib.core.bilan import Bilan, Ligne
from qualepref_lib.core.francais import nombre_court
from qualepref_lib.core.mesures import Priorite, Score, Taux, TauxRedresse
from qualepref_lib.display.lecture import niveau
from qualepref_lib.display.traits_base import Trait, chiffre


def traits_scores(bilan: Bilan) -> list[Trait]:
    """The value, its interval when some line has one, and the unweighted base."""
    traits = [chiffre("Valeur", bilan, lambda li: _score(li).texte)]
    if any(_score(ligne).erreur_type for ligne in bilan.lignes):
        traits.append(chiffre("Erreur type", bilan, lambda li: _score(li).erreur_type or "–"))
    if any(_score(ligne).intervalle for ligne in bilan.lignes):
        titre = f"Intervalle à {niveau(bilan)}"
        traits.append(chiffre(titre, bilan, lambda li: _score(li).intervalle or "–"))
    return [*traits, chiffre("Base", bilan, lambda li: _score(li).base)]


def traits_priorites(bilan: Bilan) -> list[Trait]:
    """Importance with its interval and its base, satisfaction with its own."""
    redresse = any(isinstance(_satisfaction(ligne), TauxRedresse) for ligne in bilan.lignes)
    titre = f"Intervalle à {niveau(bilan)}"
    traits = [chiffre("Importance", bilan, lambda li: _importance(li).texte)]
    if redresse:
        traits.append(chiffre("Erreur type", bilan, lambda li: _importance(li).erreur_type or "–"))
    traits += [
        chiffre(titre, bilan, lambda li: _importance(li).intervalle or "–"),
        chiffre("n", bilan, lambda li: _importance(li).base),
    ]
    if not redresse:
        traits.append(
            chiffre("Favorables", bilan, lambda li: nombre_court(_satisfaction(li).favorables))
        )
    return [
        *traits,
        chiffre("Base", bilan, lambda li: nombre_court(_satisfaction(li).observes)),
        chiffre(
            "Taux redressé" if redresse else "Taux",
            bilan,
            lambda li: _satisfaction(li).pourcentage,
        ),
    ]


def _score(ligne: Ligne) -> Score:
    assert isinstance(ligne.mesure, Score)
    return ligne.mesure


def _importance(ligne: Ligne) -> Score:
    assert isinstance(ligne.mesure, Priorite)
    return ligne.mesure.importance


def _satisfaction(ligne: Ligne) -> Taux:
    assert isinstance(ligne.mesure, Priorite)
    return ligne.mesure.satisfaction
