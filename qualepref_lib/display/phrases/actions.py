"""Sentences on actions: by name when they share a state, else how many are in each."""

from __future__ import annotations

from qualepref_lib.core.bilan import Bilan
from qualepref_lib.core.mesures import Taux
from qualepref_lib.display.phrases.morceaux import Morceaux, dire, majuscule


def dire_periodes(bilan: Bilan) -> Morceaux:
    """Actions that share one state by name, the others by how many are in each."""
    return _dire_actions(bilan) if len(bilan.comptes()) == 1 else _dire_comptes(bilan)


def _dire_actions(bilan: Bilan) -> Morceaux:
    """Actions that share one state, by name, each with its due date."""
    morceaux = [dire(f"{bilan.titre} : ")]
    for rang, ligne in enumerate(bilan.lignes):
        morceaux.append(dire(f"{' ; ' if rang else ''}« {ligne.libelle} », "))
        morceaux.append(dire(str(ligne.mesure), bilan, ligne))
    return [*morceaux, dire(".")]


def _dire_comptes(bilan: Bilan) -> Morceaux:
    """How many lines are in each state."""
    morceaux: Morceaux = []
    for statut, compte in bilan.comptes().items():
        assert isinstance(compte.mesure, Taux)
        morceaux.append(dire(f"{' ; ' if morceaux else ''}{statut} : "))
        morceaux.append(dire(compte.mesure.fraction, bilan, compte))
    if not morceaux:
        return []
    morceaux[0] = dire(majuscule(morceaux[0].texte))
    return [*morceaux, dire(".")]
