"""How alike two wordings are, and what is said of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from qualepref_lib.running.enquete.intitules import ressemblance

SEUIL = 0.72
"""How alike a header and a question must be for the one to be proposed for the other."""


@dataclass(frozen=True, order=True)
class Score:
    """From 0 (nothing but the place in the file speaks for it) to 1 (the same words)."""

    valeur: float = 0.0

    @property
    def est_sur(self) -> bool:
        """Whether the words are the same: nobody need confirm."""
        return self.valeur == 1.0

    @property
    def pourquoi(self) -> str:
        """What the person who confirms reads."""
        if self.est_sur:
            return "mêmes mots"
        if not self.valeur:
            return "d’après sa place dans le fichier"
        return f"proche à {100 * self.valeur:.0f} %"

    def suffit(self, exact: bool = False) -> bool:
        """Whether it is enough to propose; with ``exact``, only the same words are."""
        return self.est_sur if exact else self.valeur >= SEUIL


def measure_score(textes: Iterable[str], siens: Iterable[str]) -> Score:
    """How much the nearest of the texts resembles one of the others."""
    siens = tuple(siens)
    return Score(max((ressemblance(t, s) for t in textes if t for s in siens), default=0.0))
