"""The columns of shares side by side: spreads of answers, and two-way tables of rates."""

from __future__ import annotations

from collections.abc import Callable

from qualepref_lib.core.bilan import Bilan, Ligne
from qualepref_lib.core.francais import nombre_court, pourcentage
from qualepref_lib.core.mesures import Repartition, TauxMasque, TriCroise
from qualepref_lib.display.blocs import Cellule, Colonne
from qualepref_lib.display.lecture import noms_cases
from qualepref_lib.display.traits_base import Trait, chiffre


def traits_repartition(bilan: Bilan, premiere: Repartition) -> list[Trait]:
    """One column an answer, then the base of the shares, then what is outside of it."""
    traits = [
        chiffre(modalite, bilan, _lire_part(modalite), modalite) for modalite in premiere.effectifs
    ]
    traits.append(
        (
            Colonne(titre="Base", genre="nombre"),
            lambda li: Cellule(texte=nombre_court(_repartition(li).base)),
        )
    )
    for modalite in premiere.a_part:
        traits.append((Colonne(titre=modalite, genre="nombre"), _cellule_a_part(modalite)))
    return traits


def _cellule_a_part(modalite: str) -> Callable[[Ligne], Cellule]:
    return lambda ligne: Cellule(texte=nombre_court(_repartition(ligne).a_part[modalite]))


def _lire_part(modalite: str) -> Callable[[Ligne], str]:
    return lambda ligne: _part(ligne, modalite)


def _part(ligne: Ligne, modalite: str) -> str:
    repartition = _repartition(ligne)
    taux = repartition.taux(modalite)
    effectif = nombre_court(repartition.effectifs[modalite])
    if taux.valeur is None or taux.petite_base:
        return effectif
    return f"{effectif} ({pourcentage(taux.valeur)})"


def traits_croisement(bilan: Bilan) -> list[Trait]:
    """One column a case of the two-way table, in the order of its lines."""
    return [_trait_case(bilan, nom) for nom in noms_cases(bilan)]


def _trait_case(bilan: Bilan, nom: str) -> Trait:
    """A column of a two-way table: counts and rate together, since it has one column a case."""

    def dessin(ligne: Ligne) -> Cellule:
        taux = _croisement(ligne).cases.get(nom)
        if taux is None:
            return Cellule(texte="–")
        dit = taux.observes or taux.non_evalues or isinstance(taux, TauxMasque)
        texte = str(taux) if dit else "–"
        return Cellule(texte=texte, chiffre=bilan.identifiant(ligne, nom))

    return Colonne(titre=nom, genre="nombre"), dessin


def _repartition(ligne: Ligne) -> Repartition:
    assert isinstance(ligne.mesure, Repartition)
    return ligne.mesure


def _croisement(ligne: Ligne) -> TriCroise:
    assert isinstance(ligne.mesure, TriCroise)
    return ligne.mesure
