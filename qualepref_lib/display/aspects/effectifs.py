"""How counts are shown: one column, the extremes or the course of a series, bars."""

from __future__ import annotations

from qualepref_lib.core.bilan import Bilan, Ligne
from qualepref_lib.core.francais import nombre_court
from qualepref_lib.display.aspects.aspect import Aspect
from qualepref_lib.display.colonnes import Trait, chiffre
from qualepref_lib.display.lecture import est_serie, lire_telle
from qualepref_lib.display.phrases.effectifs import dire_effectifs, effectif


def _traits(bilan: Bilan) -> list[Trait]:
    return [chiffre("Nombre", bilan, lambda ligne: nombre_court(effectif(ligne)))]


def _resumer(bilan: Bilan) -> str:
    """The last point and the highest one; nothing where the lines are not a series."""
    if not est_serie(bilan):
        return ""
    dernier, haut = effectif(bilan.lignes[-1]), max(effectif(li) for li in bilan.lignes)
    return f"Dernier point : {nombre_court(dernier)} ; le plus haut : {nombre_court(haut)}."


def _a_part_entiere(ligne: Ligne) -> bool:
    """A total beside its parts would dwarf them."""
    return ligne.code != "total"


EFFECTIF = Aspect(
    traits=_traits,
    lire=lire_telle,
    dire=dire_effectifs,
    resumer=_resumer,
    formes={"barres": _a_part_entiere, "serie": _a_part_entiere},
)
