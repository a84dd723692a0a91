"""Sentences on a network: which sites are beyond the limits, and what chance alone would give.

The sites are named in the order of the alphabet: neither the first nor the last is said.
"""

from __future__ import annotations

from qualepref_lib.core.bilan import Bilan, Ligne
from qualepref_lib.core.entonnoir import HORS_LIMITES
from qualepref_lib.core.francais import nombre, pluriel, pourcentage
from qualepref_lib.display.lecture import est_hors_limites
from qualepref_lib.display.phrases.morceaux import Morceaux, dire, majuscule


def dire_sites(bilan: Bilan) -> Morceaux:
    """What the limits are, who is beyond them with which count, how many chance would put there."""
    jugees = [ligne for ligne in bilan.lignes if ligne.limites is not None]
    compares = pluriel(len(bilan.lignes), "site comparé", "sites comparés")
    if not jugees:
        return [dire(f"{compares}, {bilan.reserve}.")]
    dehors = [ligne for ligne in jugees if est_hors_limites(ligne)]
    debut = f"{compares} au taux commun de {_commun(jugees[0])}"
    if not dehors:
        return [dire(f"{debut} : aucun n’est au-delà des limites. {_fin(bilan, jugees)}")]
    sont = "est" if len(dehors) == 1 else "sont"
    combien = pluriel(len(dehors), "site")
    morceaux: Morceaux = [dire(f"{debut}. Au-delà des limites {sont} {combien} : ")]
    for rang, ligne in enumerate(dehors):
        morceaux.append(dire(f"{' ; ' if rang else ''}« {ligne.libelle} », "))
        morceaux.append(dire(str(ligne.mesure), bilan, ligne))
    return [*morceaux, dire(f". {_fin(bilan, jugees)}")]


def _commun(ligne: Ligne) -> str:
    assert ligne.reference is not None
    return pourcentage(ligne.reference, 1)


def _fin(bilan: Bilan, jugees: list[Ligne]) -> str:
    attendus = (1 - HORS_LIMITES) * len(jugees)
    hasard = f"le hasard seul en mettrait {nombre(attendus, 1)} sur {len(jugees)}"
    return f"{majuscule(bilan.reserve)} ; {hasard}."
