"""Sentences on the headline indicators: which reach their target and which do not, by name."""

from __future__ import annotations

from qualepref_lib.core.bilan import Bilan, Ligne
from qualepref_lib.core.francais import pourcentage
from qualepref_lib.core.mesures import Taux
from qualepref_lib.display.lecture import PARMI
from qualepref_lib.display.phrases.morceaux import Morceaux, dire, majuscule

ENTETE = "Indicateur"
"""The head of the first column by which a bilan of indicators is known."""

_GROUPES = {
    "cible atteinte": "cible atteinte : ",
    "fragile": "un peu sous la cible : ",
    "cible non atteinte": "cible non atteinte : ",
    "": "sans cible : ",
}


def est_indicateurs(bilan: Bilan) -> bool:
    """True for a bilan of indicators: rates under the head « Indicateur »."""
    mesures = [ligne.mesure for ligne in bilan.lignes[:1]]
    return bilan.entete == ENTETE and any(isinstance(mesure, Taux) for mesure in mesures)


def dire_indicateurs(bilan: Bilan) -> Morceaux:
    """One sentence a state, each indicator with its rate and its target."""
    observees = [li for li in bilan.lignes if isinstance(li.mesure, Taux) and li.mesure.observes]
    autres = {li.statut: f"{li.statut} : " for li in observees}
    morceaux: Morceaux = []
    for statut, debut in (autres | _GROUPES).items():
        siennes = [ligne for ligne in observees if ligne.statut == statut]
        if siennes:
            parmi = "" if morceaux else PARMI[bilan.plan]
            espace = " " if morceaux else ""
            morceaux.append(dire(espace + majuscule(parmi + debut)))
            morceaux += _enumerer(bilan, siennes)
    return [*morceaux, *_dire_vides(bilan, observees)]


def _enumerer(bilan: Bilan, lignes: list[Ligne]) -> Morceaux:
    morceaux: Morceaux = []
    for ligne in lignes:
        morceaux.append(dire(f"{' ; ' if morceaux else ''}« {ligne.libelle} », "))
        morceaux.append(dire(str(ligne.mesure), bilan, ligne))
        if ligne.cible is not None:
            decimales = 0 if (100 * ligne.cible).denominator == 1 else 1
            morceaux.append(dire(f" pour une cible de {pourcentage(ligne.cible, decimales)}"))
    return [*morceaux, dire(".")]


def _dire_vides(bilan: Bilan, observees: list[Ligne]) -> Morceaux:
    """Indicators without a base: named, so that nobody takes their silence for a success."""
    vides = [ligne for ligne in bilan.lignes if ligne not in observees]
    if not vides:
        return []
    noms = ", ".join(f"« {ligne.libelle} »" for ligne in vides)
    return [dire(f"{' ' if observees else ''}Sans observation : {noms}.")]
