"""Sentences on a network: which sites are beyond the limits, and what those limits are.

The sites are named in the order of the alphabet: neither the first nor the last is said.
"""

from __future__ import annotations

from qualepref_lib.core.bilan import Bilan
from qualepref_lib.core.francais import pluriel, pourcentage
from qualepref_lib.display.lecture import est_hors_limites
from qualepref_lib.display.phrases.morceaux import Morceaux, dire, majuscule


def dire_sites(bilan: Bilan) -> Morceaux:
    """The common rate, who is beyond the limits with which count, and what the limits are."""
    compares = pluriel(len(bilan.lignes), "site comparé", "sites comparés")
    commun = bilan.lignes[0].reference
    assert commun is not None
    dehors = [ligne for ligne in bilan.lignes if est_hors_limites(ligne)]
    debut = f"{compares} au taux commun de {pourcentage(commun, 1)}. "
    fin = f"{majuscule(bilan.reserve)}."
    if not dehors:
        return [dire(f"{debut}Aucun n’est au-delà des limites. {fin}")]
    sont = "est" if len(dehors) == 1 else "sont"
    morceaux: Morceaux = [
        dire(f"{debut}Au-delà des limites {sont} {pluriel(len(dehors), 'site')} : ")
    ]
    for rang, ligne in enumerate(dehors):
        morceaux.append(dire(f"{' ; ' if rang else ''}« {ligne.libelle} », "))
        morceaux.append(dire(str(ligne.mesure), bilan, ligne))
    return [*morceaux, dire(f". {fin}")]
