"""What a register is made for: an edition's lists and delays, a site, years, services."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from qualepref_lib.campagne.fiche import Site
from qualepref_lib.referentiel import Referentiel, libelles
from qualepref_lib.registres.courriers import REPONDU


@dataclass(frozen=True)
class Cadrage:
    """The context of a workbook; ``annees`` are the first and the last year that it covers.

    ``service`` is the only service of the register, when it has one; ``services`` are proposed.
    """

    referentiel: Referentiel
    site: Site
    annees: tuple[int, int]
    service: str = ""
    services: tuple[str, ...] = ()
    titre: str = ""

    @property
    def bornes(self) -> tuple[dt.date, dt.date]:
        """The first and the last day that may be typed."""
        return dt.date(self.annees[0] - 1, 1, 1), dt.date(self.annees[1] + 1, 12, 31)

    @property
    def repondu(self) -> str:
        """The closing reason that comes with an answer, as the list words it."""
        return libelles(self.referentiel.registres.motifs_cloture).get(REPONDU, REPONDU)
