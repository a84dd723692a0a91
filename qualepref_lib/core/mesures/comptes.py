"""Counts: plain, spread over labels, or a rate for each column of a table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from types import MappingProxyType

from qualepref_lib.core.francais import nombre_court, pluriel
from qualepref_lib.core.mesures.mesure import Mesure, Termes
from qualepref_lib.core.mesures.taux import Taux


@dataclass(frozen=True)
class Effectif(Mesure):
    """A plain count of things."""

    n: int
    nom: str
    noms: str | None = None

    def __str__(self) -> str:
        return pluriel(self.n, self.nom, self.noms)

    def termes(self, niveau: float | None, reference: Fraction | None = None) -> Termes:
        """The count alone: it is out of nothing."""
        return Termes(nombre_court(self.n))


@dataclass(frozen=True)
class Repartition(Mesure):
    """How many items carry each label (modality, status); ``a_part`` are outside the base."""

    effectifs: Mapping[str, int]
    a_part: Mapping[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "effectifs", MappingProxyType(dict(self.effectifs)))
        object.__setattr__(self, "a_part", MappingProxyType(dict(self.a_part)))

    @property
    def base(self) -> int:
        """The number of items that the shares are out of."""
        return sum(self.effectifs.values())

    def taux(self, *modalites: str) -> Taux:
        """The share of some of the labels.

        >>> Repartition({"oui": 3, "non": 9}).taux("oui")
        Taux(favorables=Fraction(3, 1), observes=12, non_evalues=0, bornes_declarees=None)
        """
        return Taux(Fraction(sum(self.effectifs.get(m, 0) for m in modalites)), self.base)

    @property
    def parts(self) -> Mapping[str, Taux]:
        """The share of each label."""
        return {modalite: self.taux(modalite) for modalite in self.effectifs}

    def __str__(self) -> str:
        return " ; ".join(f"{nom} : {n}" for nom, n in self.effectifs.items())


@dataclass(frozen=True)
class TriCroise(Mesure):
    """A rate for each column of a two-way table: hours × weekdays, items × groups."""

    cases: Mapping[str, Taux]

    def __post_init__(self) -> None:
        object.__setattr__(self, "cases", MappingProxyType(dict(self.cases)))

    @property
    def parts(self) -> Mapping[str, Taux]:
        """The rate of each column."""
        return self.cases

    def __str__(self) -> str:
        return " ; ".join(f"{nom} : {taux}" for nom, taux in self.cases.items())
