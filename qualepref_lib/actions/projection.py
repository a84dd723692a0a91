"""What rates would be if the criteria of some actions were rated as kept (rules 3.7).

An action done changes no rate by itself: only re-rated criteria do. It is read here the same way
whether due dates are kept, or drawn at random.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

import pandas as pd

from qualepref_lib.actions.plan import SOURCE
from qualepref_lib.campagne import Campagne
from qualepref_lib.core.bilan import Source
from qualepref_lib.core.francais import enumeration
from qualepref_lib.core.mesures import Taux
from qualepref_lib.cotations import (
    DECLARE,
    Axe,
    agregation_de,
    applicables,
    moyenne,
    points_de,
)


def manque_projection(campagne: Campagne) -> str:
    """What is missing to project: the plan, the ratings that it would change, or both."""
    return enumeration([m for source in (DECLARE, SOURCE) if (m := campagne.manque(source))])


def source_projetee(campagne: Campagne) -> Source:
    """Where a projected rate comes from: the ratings, whose rows it names, and the plan."""
    cotee, plan = campagne.source(DECLARE), campagne.source(SOURCE)
    return replace(cotee, libelle=f"{plan}, {cotee.libelle}")


def projeter(
    cotations: pd.DataFrame, campagne: Campagne, criteres: Collection[str]
) -> pd.DataFrame:
    """The ratings with those criteria rated at their best; what is *sans objet* stays out."""
    points = points_de(campagne)
    meilleure = max(points, key=lambda code: points[code])
    projetees = cotations.copy()
    touches = projetees["critere"].isin(criteres) & applicables(projetees, campagne)
    projetees.loc[touches, "cotation"] = meilleure
    return projetees


@dataclass(frozen=True)
class Portion:
    """A part of a group: its points and base today, and what each criterion would add to both."""

    points: Fraction
    base: int
    ouverts: int
    apports: Mapping[str, tuple[Fraction, int]]

    def taux(self, criteres: Collection[str]) -> Taux:
        """The rate with those criteria rated at their best."""
        gagnes = [self.apports[c] for c in criteres if c in self.apports]
        de_plus = sum(ajoutes for _, ajoutes in gagnes)
        points = self.points + sum((gain for gain, _ in gagnes), Fraction(0))
        return Taux(points, self.base + de_plus, self.ouverts - de_plus)


class Projection:
    """The rate of a group under any set of criteria: the rates of thousands of draws, exactly.

    It is :func:`projeter` followed by :func:`~qualepref_lib.cotations.taux_de`, without a frame
    for each set.
    """

    def __init__(self, groupe: pd.DataFrame, campagne: Campagne, par: Axe) -> None:
        self.agregation = agregation_de(campagne, par)
        self.parties = [_portion(cadre, campagne) for cadre in _decouper(groupe, self.agregation)]
        self._deja: dict[frozenset[str], Taux] = {}

    def taux(self, criteres: frozenset[str]) -> Taux:
        """The rate on what would then be rated, without the bounds of what stays open."""
        utiles = frozenset(c for c in criteres if any(c in p.apports for p in self.parties))
        if utiles not in self._deja:
            parts = [partie.taux(utiles) for partie in self.parties]
            taux = parts[0] if self.agregation == "criteres" else moyenne(parts)
            self._deja[utiles] = ferme(taux)
        return self._deja[utiles]


def ferme(taux: Taux) -> Taux:
    """The rate on what is rated: the bounds of open criteria are told with the declared rate."""
    return Taux(taux.favorables, taux.observes)


def _decouper(groupe: pd.DataFrame, agregation: str) -> list[pd.DataFrame]:
    """The parts whose rates are averaged; the whole when each criterion counts once."""
    if agregation == "engagements":
        return [cadre for _, cadre in groupe.groupby("engagement")]
    if agregation == "canaux":
        canaux = sorted({canal for liste in groupe["canaux"] for canal in liste})
        return [groupe[groupe["canaux"].map(lambda x, c=c: c in x)] for c in canaux]
    return [groupe]


def _portion(groupe: pd.DataFrame, campagne: Campagne) -> Portion:
    points = points_de(campagne)
    plein = max(points.values())
    retenues = groupe[applicables(groupe, campagne)]
    total, ouverts = Fraction(0), 0
    apports: dict[str, tuple[Fraction, int]] = {}
    for critere, cotation in zip(retenues["critere"], retenues["cotation"], strict=True):
        valeur = points.get(cotation)
        gain, ajoutes = apports.get(critere, (Fraction(0), 0))
        apports[critere] = (gain + plein - (valeur or 0), ajoutes + (valeur is None))
        total, ouverts = total + (valeur or 0), ouverts + (valeur is None)
    return Portion(total, len(retenues) - ouverts, ouverts, apports)
