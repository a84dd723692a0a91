"""Waits and delays, and the planned span of an action."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from fractions import Fraction

from qualepref_lib.core.francais import date_courte, nombre, nombre_court
from qualepref_lib.core.mesures.mesure import Mesure, Termes
from qualepref_lib.core.mesures.taux import Taux


@dataclass(frozen=True)
class Durees(Mesure):
    """Waits or delays, in ``unite``; ``en_cours`` have no end yet and are not among the ``n``.

    ``ouverts`` says what those are. A median of None while ``n`` is not zero is one that is not
    reached yet: more than half of the items are still open.
    """

    n: int
    mediane: float | None
    p90: float | None
    unite: str
    dans_cible: Taux | None = None
    cible: str = ""
    en_cours: int = 0
    ouverts: str = "sans mesure"

    def __str__(self) -> str:
        """The spread, the share in target with its base, and what has no measure.

        >>> str(Durees(4, 7.5, 10.7, "minutes", Taux(3, 4), "10 au plus", en_cours=1))
        'médiane 7,5, 9e décile 10,7 (minutes) ; 3 sur 4 dans la cible ; 1 sans mesure'
        """
        if not self.n and not self.en_cours:
            return "aucune mesure"
        sans = f" ; {self.en_cours} {self.ouverts}" if self.en_cours else ""
        dans = "" if self.dans_cible is None else f" ; {self.dans_cible} dans la cible"
        if self.mediane is None:
            return ("médiane non atteinte" if self.n else "aucune mesure") + dans + sans
        decile = "" if self.p90 is None else f", 9e décile {nombre(self.p90, 1)}"
        return f"médiane {nombre(self.mediane, 1)}{decile} ({self.unite}){dans}{sans}"

    def termes(self, niveau: float | None, reference: Fraction | None = None) -> Termes:
        """How many are within the target, out of those that have an end."""
        dans = nombre_court(self.dans_cible.favorables) if self.dans_cible else ""
        return Termes(dans, nombre_court(self.n))


@dataclass(frozen=True)
class Periode(Mesure):
    """The planned span of an action, and how far it is (a share, as declared by its owner)."""

    debut: dt.date | None
    fin: dt.date | None
    avancement: float | None = None

    def __str__(self) -> str:
        if self.fin is None:
            return "sans échéance"
        return f"pour le {date_courte(self.fin)}"
