"""How differences are shown: the two rates, their difference in points; few, they have no chart."""

from __future__ import annotations

from qualepref_lib.core.bilan import Bilan, Ligne
from qualepref_lib.core.francais import nombre, pourcentage
from qualepref_lib.core.mesures import Ecart
from qualepref_lib.display.aspects.aspect import Aspect
from qualepref_lib.display.colonnes import Trait, chiffre
from qualepref_lib.display.lecture import niveau
from qualepref_lib.display.phrases.ecarts import dire_ecart


def _traits(bilan: Bilan) -> list[Trait]:
    """Then and now of one source, or this edition and the one that was published."""
    avant = [
        chiffre("Cette édition", bilan, lambda li: str(_ecart(li).maintenant)),
        chiffre("Édition publiée", bilan, _publie),
    ]
    if all(ligne.reference is None for ligne in bilan.lignes):
        avant = [
            chiffre("Avant", bilan, lambda li: str(_ecart(li).avant)),
            chiffre("Maintenant", bilan, lambda li: str(_ecart(li).maintenant)),
        ]
    ecart = chiffre("Écart en points", bilan, lambda li: nombre(100 * _ecart(li).valeur, 1))
    if all(_ecart(ligne).intervalle is None for ligne in bilan.lignes):
        return [*avant, ecart]
    return [*avant, ecart, chiffre(f"Intervalle à {niveau(bilan)}", bilan, _intervalle)]


def _publie(ligne: Ligne) -> str:
    if ligne.reference is None:
        return "–"
    reserve = "" if _ecart(ligne).base_connue else " (base inconnue)"
    return pourcentage(ligne.reference) + reserve


def _intervalle(ligne: Ligne) -> str:
    bornes = _ecart(ligne).intervalle
    if bornes is None:
        return "–"
    bas, haut = bornes
    return f"[{nombre(100 * bas, 1)} ; {nombre(100 * haut, 1)}]"


def _ecart(ligne: Ligne) -> Ecart:
    assert isinstance(ligne.mesure, Ecart)
    return ligne.mesure


ECART = Aspect(traits=_traits, dire=dire_ecart)
