"""What one site shares with the network: counts, a formula each, and nothing that tells a person.

The file is small and holds no row, no name, no date of a person. A count that would be too small
is not in it, so that nobody has to trust its reader to hide it: under the minimum base there is no
figure at all, and a survey never gives a count of one to four people, on one side or the other.
"""

from __future__ import annotations

import datetime as dt
from typing import Literal

from pydantic import Field, field_validator, model_validator

from qualepref_lib.core.bilan import Plan
from qualepref_lib.core.fiches import Fiche

BASE_MINIMALE = 10
"""Under this many cases an indicator is not shared (rules 3.4)."""
CASE_MINIMALE = 5
"""A survey never shares a count of fewer people than this, favourable or not."""

Format = Literal["qualepref-agregat-1"]
Masque = Literal["", "base trop petite", "effectif trop petit"]

FORMAT: Format = "qualepref-agregat-1"
BASE_PETITE: Masque = "base trop petite"
CASE_PETITE: Masque = "effectif trop petit"


class IndicateurPartage(Fiche):
    """One rate: its terms, and all that decides with which others it may be compared.

    ``favorables`` may end in a half (points of criteria). Both terms are absent when ``masque``
    says why. ``grappes`` says that several cases come from one unit: chance limits would lie.
    """

    code: str = Field(min_length=1)
    libelle: str = Field(min_length=1)
    ensemble: str
    unite: str
    plan: Plan
    formule: str
    grappes: bool = False
    masque: Masque = ""
    favorables: float | None = Field(default=None, ge=0)
    observes: int | None = Field(default=None, ge=1)
    non_evalues: int = Field(default=0, ge=0)

    @model_validator(mode="after")
    def _coherent(self) -> IndicateurPartage:
        termes = (self.favorables, self.observes)
        if self.masque:
            if termes != (None, None):
                raise ValueError(f"« {self.code} » est masqué, et ses effectifs sont là.")
        elif self.favorables is None or self.observes is None:
            raise ValueError(f"« {self.code} » n’a pas ses deux effectifs.")
        elif self.favorables > self.observes:
            raise ValueError(f"« {self.code} » : plus de cas favorables que de cas.")
        return self


class Agregat(Fiche):
    """The file of one site, at one date."""

    format: Format
    campagne: str = Field(min_length=1)
    site: str = Field(min_length=1)
    edition: str = Field(min_length=1)
    date_reference: dt.date
    demonstration: bool = False
    indicateurs: tuple[IndicateurPartage, ...]

    @field_validator("indicateurs")
    @classmethod
    def _distincts(
        cls, indicateurs: tuple[IndicateurPartage, ...]
    ) -> tuple[IndicateurPartage, ...]:
        codes = [indicateur.code for indicateur in indicateurs]
        if repetes := sorted({code for code in codes if codes.count(code) > 1}):
            raise ValueError(f"« {repetes[0]} » est donné deux fois.")
        return indicateurs
