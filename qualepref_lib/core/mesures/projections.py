"""Rates of days to come, and rates beside what acts on them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import ClassVar

from qualepref_lib.core.mesures.comptes import Effectif
from qualepref_lib.core.mesures.mesure import Mesure
from qualepref_lib.core.mesures.taux import Taux


@dataclass(frozen=True)
class Fourchette(Mesure):
    """Where a rate may stand on a day to come: its bounds, and the range of a simulation.

    ``cote`` is the rate as it is rated today; ``rien``, once what is already done is rated again,
    if nothing more is done; ``tout`` if everything is, ``tenu`` if what is due by then is.
    ``simule`` holds the first decile, the median and the last decile of the draws;
    ``chance`` is the draws that reach the target, out of all. Both are None without a simulation.
    """

    dit_son_groupe: ClassVar[bool] = True

    jour: dt.date
    cote: Taux
    rien: Taux
    tenu: Taux
    tout: Taux
    simule: tuple[Taux, Taux, Taux] | None = None
    chance: Taux | None = None

    @property
    def cases(self) -> Mapping[str, Taux]:
        """Each rate by its name, from the least to the most, then the chance."""
        bas, milieu, haut = self.simule or (None, None, None)
        noms = {
            "coté": self.cote,
            "rien de plus": self.rien,
            "1er décile simulé": bas,
            "médiane simulée": milieu,
            "9e décile simulé": haut,
            "échéances tenues": self.tenu,
            "tout fait": self.tout,
            "chance": self.chance,
        }
        return MappingProxyType({nom: taux for nom, taux in noms.items() if taux is not None})

    @property
    def parts(self) -> Mapping[str, Taux]:
        """Each rate by its name."""
        return self.cases

    def __str__(self) -> str:
        """The bounds, the rate with due dates kept, and the range, each with its base.

        >>> str(Fourchette(dt.date(2022, 6, 1), Taux(1, 4), Taux(1, 4), Taux(2, 4), Taux(4, 4)))
        'coté : 1 sur 4 ; rien de plus : 1 sur 4 ; échéances tenues : 2 sur 4 ; tout fait : 4 sur 4'
        """
        return " ; ".join(f"{nom} : {taux}" for nom, taux in self.cases.items())


@dataclass(frozen=True)
class VisAVis(Mesure):
    """A rate beside the number of things that act on it: a channel, and the open actions."""

    taux: Taux
    effectif: Effectif

    @property
    def parts(self) -> Mapping[str, Mesure]:
        """The rate, then the count."""
        return {"taux": self.taux, "nombre": self.effectif}

    def __str__(self) -> str:
        return f"{self.taux}, {self.effectif}"
