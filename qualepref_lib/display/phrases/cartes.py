"""Sentences on control charts: how many points are signalled, and where the last one stands.

A signal says that the process left its ordinary variation. It is neither a test nor a verdict,
and no sentence here calls it so.
"""

from __future__ import annotations

from fractions import Fraction

from qualepref_lib.core.bilan import Bilan, Ligne
from qualepref_lib.core.francais import nombre, pluriel, pourcentage
from qualepref_lib.core.mesures import Effectif, Taux
from qualepref_lib.display.lecture import NUANCES
from qualepref_lib.display.phrases.morceaux import Morceaux, dire, majuscule


def dire_carte(bilan: Bilan) -> Morceaux:
    """The signals by kind, then the last value against its central line."""
    return [*_dire_signaux(bilan), *_dire_dernier(bilan)]


def resumer_carte(bilan: Bilan) -> str:
    """The signals alone."""
    return "".join(morceau.texte for morceau in _dire_signaux(bilan))


def _dire_signaux(bilan: Bilan) -> Morceaux:
    """How many points of how many carry each signal."""
    comptes = {s: c for s, c in bilan.comptes().items() if NUANCES.get(s) != "bien"}
    if not comptes:
        points = pluriel(sum(_observe(li) for li in bilan.lignes), "point")
        return [dire(f"Aucun signal sur {points}.")]
    morceaux: Morceaux = []
    for statut, compte in comptes.items():
        assert isinstance(compte.mesure, Taux)
        nom = f" ; {statut}" if morceaux else majuscule(statut)
        combien = pluriel(compte.mesure.favorables, "point")
        morceaux += [
            dire(f"{nom} : "),
            dire(f"{combien} sur {compte.mesure.observes}", bilan, compte),
        ]
    return [*morceaux, dire(".")]


def _dire_dernier(bilan: Bilan) -> Morceaux:
    observees = [ligne for ligne in bilan.lignes if _observe(ligne)]
    if not observees:
        return []
    dernier = observees[-1]
    return [
        dire(f" Dernier point, « {dernier.libelle} » : "),
        dire(str(dernier.mesure), bilan, dernier),
        dire(f"{_position(dernier)}."),
    ]


def _position(ligne: Ligne) -> str:
    """Where a point stands from its central line, exactly: neither is rounded before."""
    if ligne.reference is None:
        return ""
    valeur, centre = _valeur(ligne), Fraction(ligne.reference)
    en_parts = isinstance(ligne.mesure, Taux)
    dit = pourcentage(centre) if en_parts else nombre(centre, 1 if centre < 100 else 0)
    if valeur == centre:
        return f", sur la ligne centrale ({dit})"
    return f", {'au-dessus' if valeur > centre else 'en dessous'} de la ligne centrale ({dit})"


def _observe(ligne: Ligne) -> bool:
    return not isinstance(ligne.mesure, Taux) or bool(ligne.mesure.observes)


def _valeur(ligne: Ligne) -> Fraction:
    if isinstance(ligne.mesure, Effectif):
        return Fraction(ligne.mesure.n)
    assert isinstance(ligne.mesure, Taux)
    return ligne.mesure.valeur or Fraction(0)
