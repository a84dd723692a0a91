"""Sentences on counts: the most and the least, or the last and the highest of a series."""

from __future__ import annotations

from qualepref_lib.core.bilan import Bilan, Ligne
from qualepref_lib.core.mesures import Effectif
from qualepref_lib.display.lecture import est_serie
from qualepref_lib.display.phrases.morceaux import Morceaux, dire


def dire_effectifs(bilan: Bilan) -> Morceaux:
    """The total when there is one; the last and the highest in time; else the extremes."""
    if bilan.lignes[0].code == "total":
        total = bilan.lignes[0]
        return [dire("En tout : "), dire(str(total.mesure), bilan, total), dire(".")]
    if est_serie(bilan):
        return _dire_serie(bilan)
    haut, bas = max(bilan.lignes, key=effectif), min(bilan.lignes, key=effectif)
    return [
        dire(f"Le plus : « {haut.libelle} », "),
        dire(str(haut.mesure), bilan, haut),
        dire(f" ; le moins : « {bas.libelle} », "),
        dire(str(bas.mesure), bilan, bas),
        dire("."),
    ]


def _dire_serie(bilan: Bilan) -> Morceaux:
    """What stands now, and the most that ever stood: a backlog is judged by both."""
    dernier, haut = bilan.lignes[-1], max(bilan.lignes, key=effectif)
    debut = [
        dire(f"Dernier point, « {dernier.libelle} » : "),
        dire(str(dernier.mesure), bilan, dernier),
    ]
    if len(bilan.lignes) == 1:
        return [*debut, dire(".")]
    if effectif(dernier) == effectif(haut):
        return [*debut, dire(", le plus haut de la série.")]
    return [
        *debut,
        dire(f" ; le plus haut, « {haut.libelle} » : "),
        dire(str(haut.mesure), bilan, haut),
        dire("."),
    ]


def effectif(ligne: Ligne) -> int:
    """The count of a line: what lines are compared by."""
    return ligne.mesure.n if isinstance(ligne.mesure, Effectif) else 0
