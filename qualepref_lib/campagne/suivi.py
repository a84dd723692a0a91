"""How the action plan is followed: what is soon, how far it is simulated, which change matters.

These are choices, not facts: each has a default, is printed where it is used, and may be declared
in ``campagne.yaml`` under ``suivi_plan``.
"""

from __future__ import annotations

from fractions import Fraction

from pydantic import Field, field_validator

from qualepref_lib.core.fiches import Fiche
from qualepref_lib.referentiel.fiches import Part


class SuiviPlan(Fiche):
    """The dials of the plan.

    ``horizon_jours``: an open action is due soon within so many days. ``graine`` and ``tirages``:
    the seed and the number of draws of the simulation. ``ecart_utile``: the smallest change of a
    rate, as a share, that would matter; a sample that could not show it cannot say « no change ».
    """

    horizon_jours: int = Field(default=30, ge=0, le=366)
    graine: int = Field(default=2022, ge=0)
    tirages: int = Field(default=2000, ge=200, le=20000)
    ecart_utile: Part = Fraction(1, 10)

    @field_validator("ecart_utile")
    @classmethod
    def _est_une_part(cls, valeur: Fraction) -> Fraction:
        if not 0 < valeur < 1:
            raise ValueError("l’écart utile est une part entre 0 et 1, par exemple 0.1.")
        return valeur
