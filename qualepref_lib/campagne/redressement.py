"""How the answers of a survey are weighted, as ``campagne.yaml`` declares it; off by default.

A weight makes the sample look like the population on a few declared margins. It mends nothing
else, and volunteers stay volunteers: so the margins have a source and a date, the weights are
trimmed at a declared ratio, and too small an effective size is refused (rules 3.4).
"""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from typing import Literal

from pydantic import Field, field_validator, model_validator

from qualepref_lib.core.fiches import Fiche
from qualepref_lib.referentiel.fiches import Part

PLANCHER = 30
"""The effective size under which a weighted survey says too little to be printed."""
A_CHOISIR = ("choix", "echelle")
"""The kinds of questions that have one answer: the only ones that share people out."""
CROISE = "|"
"""What joins the answers to two questions in the name of a class (« particulier|premiere »)."""


class MargeDeclaree(Fiche):
    """The shares of the population by the answers to a question, or to several crossed."""

    questions: tuple[str, ...] = Field(min_length=1)
    source: str
    date: dt.date
    parts: dict[str, Part] = Field(min_length=2)

    @field_validator("parts")
    @classmethod
    def _sont_des_parts(cls, parts: dict[str, Fraction]) -> dict[str, Fraction]:
        hors = [code for code, part in parts.items() if not 0 <= part <= 1]
        if hors:
            raise ValueError(f"« {hors[0]} » : une part va de 0 à 1 (0.62).")
        return parts

    @property
    def nom(self) -> str:
        """``type_usager × frequence``."""
        return " × ".join(self.questions)

    @property
    def total(self) -> Fraction:
        """What the shares add up to; one, or the margin is refused."""
        return sum(self.parts.values(), Fraction(0))


class Redressement(Fiche):
    """``sources.enquete.redressement``: method, margins, trimming, smallest effective size."""

    methode: Literal["raking", "post-stratification"] = "raking"
    marges: tuple[MargeDeclaree, ...] = Field(min_length=1)
    ecretage: float = Field(default=4.0, gt=1)
    effectif_minimal: float = Field(default=PLANCHER, ge=PLANCHER)

    @model_validator(mode="after")
    def _une_seule_strate(self) -> Redressement:
        if self.methode == "post-stratification" and len(self.marges) != 1:
            raise ValueError(
                "la post-stratification n’a qu’une marge : croiser les questions dans "
                "« questions », ou choisir « methode: raking »."
            )
        return self
