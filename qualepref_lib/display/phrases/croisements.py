"""Sentences on two-way tables: the highest and the lowest cells that have enough base."""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

from qualepref_lib.core.bilan import Bilan, Ligne
from qualepref_lib.core.mesures import PETITE_BASE, Taux, TauxMasque, TriCroise
from qualepref_lib.display.blocs import Morceau
from qualepref_lib.display.lecture import PARMI
from qualepref_lib.display.phrases.morceaux import Morceaux, dire, majuscule


class Case(NamedTuple):
    """One cell: its line, the name of its column, its rate."""

    ligne: Ligne
    nom: str
    taux: Taux

    @property
    def valeur(self) -> Fraction:
        """The rate, which has a base."""
        return self.taux.valeur or Fraction(0)

    def dite(self) -> str:
        """``« 9 h, lundi »``."""
        return f"« {self.ligne.libelle}, {self.nom} »"


def dire_croisement(bilan: Bilan) -> Morceaux:
    """The extremes; a cell of a small base is not one, chance alone would put it there."""
    toutes = [case for case in cases_de(bilan) if case.taux.observes]
    assez = cases_comparees(bilan)
    if not toutes:
        return []
    if not assez:
        return [dire(f"Aucune case n’a {PETITE_BASE} cas : le tableau donne les effectifs.")]
    reste = f" Les cases de moins de {PETITE_BASE} cas ne sont pas comparées."
    suite = [dire(reste)] if len(assez) < len(toutes) else []
    if any(isinstance(case.taux, TauxMasque) for case in cases_de(bilan)):
        suite.append(dire(" Les cases masquées ne sont pas comparées."))
    haut, bas = max(assez, key=_valeur), min(assez, key=_valeur)
    parmi = PARMI[bilan.plan]
    if haut.valeur == bas.valeur:
        meme = "" if len(assez) == 1 else "le taux est le même dans chaque case ; "
        debut = dire(majuscule(f"{parmi}{meme}{haut.dite()} : "))
        return [debut, _lie(bilan, haut), dire("."), *suite]
    return [
        dire(majuscule(f"{parmi}le plus haut est {haut.dite()} : ")),
        _lie(bilan, haut),
        dire(f" ; le plus bas, {bas.dite()} : "),
        _lie(bilan, bas),
        dire("."),
        *suite,
    ]


def cases_de(bilan: Bilan) -> list[Case]:
    """Every cell of a table, line by line."""
    return [
        Case(ligne, nom, taux)
        for ligne in bilan.lignes
        if isinstance(ligne.mesure, TriCroise)
        for nom, taux in ligne.mesure.cases.items()
    ]


def cases_comparees(bilan: Bilan) -> list[Case]:
    """The cells with enough base to be compared."""
    return [case for case in cases_de(bilan) if case.taux.observes >= PETITE_BASE]


def _valeur(case: Case) -> Fraction:
    return case.valeur


def _lie(bilan: Bilan, case: Case) -> Morceau:
    code = bilan.identifiant(case.ligne, case.nom)
    return Morceau(texte=str(case.taux), chiffre=code)
