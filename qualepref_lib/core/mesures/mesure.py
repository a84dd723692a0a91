"""What every measure answers to: the figures it is made of, and the terms of each."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import ClassVar, NamedTuple


class Termes(NamedTuple):
    """What the card of a figure prints beside its value; empty where a measure has no such term."""

    numerateur: str = ""
    denominateur: str = ""
    intervalle: str = ""


def with_erreur(intervalle: str, erreur: str) -> str:
    """An interval, and the standard error where it is one of the figures of the campaign.

    >>> with_erreur("[46 ; 61] %", "3,9"), with_erreur("[46 ; 61] %", "–")
    ('[46 ; 61] % ; erreur type\\xa0: 3,9', '[46 ; 61] %')
    """
    return intervalle + (f" ; erreur type\u00a0: {erreur}" if erreur.strip("–") else "")


class Mesure:
    """Something found: it knows its base, and prints itself as a French auditor would read it."""

    dit_son_groupe: ClassVar[bool] = False
    """True where lines of several groups share a label: a card then says the group before it."""

    @property
    def parts(self) -> Mapping[str, Mesure]:
        """The figures that have a card, by name; the measure itself, unnamed, where it is one."""
        return {"": self}

    def termes(self, niveau: float | None, reference: Fraction | None = None) -> Termes:
        """The terms of this figure, as printed.

        ``niveau`` is that of the intervals, None where none has a meaning (a census, rows that
        depend on each other); ``reference`` the share that was published before, if any.
        """
        return Termes()
