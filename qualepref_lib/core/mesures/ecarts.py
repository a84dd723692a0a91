"""The difference of two rates."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from qualepref_lib.core.francais import nombre, pluriel, pourcentage, round_half_up
from qualepref_lib.core.intervalles import Intervalle
from qualepref_lib.core.mesures.mesure import Mesure, Termes
from qualepref_lib.core.mesures.taux import Taux


@dataclass(frozen=True)
class Ecart(Mesure):
    """The difference of two rates of ``sujet``, in share (−0.30 is 30 points down).

    Without ``base_connue`` the base of ``avant`` is a hypothesis: only its rate was published.
    Two censuses differ by what they differ: they have no ``intervalle``.
    """

    maintenant: Taux
    avant: Taux
    intervalle: Intervalle | None
    base_connue: bool = False
    sujet: str = ""

    @property
    def valeur(self) -> Fraction:
        """Now minus before."""
        assert self.maintenant.valeur is not None and self.avant.valeur is not None
        return self.maintenant.valeur - self.avant.valeur

    def __str__(self) -> str:
        """The difference and its interval, in points, signs kept.

        >>> str(Ecart(Taux(3, 4), Taux(1, 2), None))
        '25 points'

        >>> str(Ecart(Taux(10, 20), Taux(9, 20), (-0.24, 0.33)))
        '5 points [\u221224 ; 33]'
        """
        if self.intervalle is None:
            return pluriel(round_half_up(100 * self.valeur), "point")
        bas, haut = self.intervalle
        return f"{nombre(100 * self.valeur)} points [{nombre(100 * bas)} ; {nombre(100 * haut)}]"

    def termes(self, niveau: float | None, reference: Fraction | None = None) -> Termes:
        """The two rates; of a published one, the share, and how its base is known."""
        points, avant = "", str(self.avant)
        if self.intervalle is not None:
            bas, haut = self.intervalle
            points = f"[{nombre(100 * bas, 1)} ; {nombre(100 * haut, 1)}] points"
        if reference is not None:
            nature = "base connue" if self.base_connue else "hypothèse de calcul"
            avant = f"{pourcentage(reference)} publié ; {nature} : {avant}"
        return Termes(str(self.maintenant), avant, points)
