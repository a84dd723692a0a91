"""The smallest change between two waves of tests that is told from chance.

Two rules are looked at, those of the report. A criterion taken alone: Newcombe's interval of the
difference leaves zero out. One of several compared together: Fisher's exact test, its p-value
multiplied by their number, stays below the risk; that is Holm's adjustment of the smallest p-value
of the family, and the most that any of them has to pay. What is seen by the second rule is larger:
a plan that told the first alone would promise too much.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from qualepref_lib.core.comparaisons import fisher
from qualepref_lib.core.essais import dire_part, exact
from qualepref_lib.core.francais import nombre, pluriel, typographie
from qualepref_lib.core.intervalles import newcombe

Vues = tuple[int | None, int | None]


@dataclass(frozen=True)
class EcartDetectable:
    """The smallest changes from ``base``, a share of ``avant`` tests, seen on ``apres`` tests.

    ``hausse`` is the fewest favourable tests that show a rise, ``baisse`` the most that show a
    fall; None when no result of that wave would.
    """

    base: Fraction
    avant: int
    apres: int
    hausse: int | None
    baisse: int | None

    @property
    def points_hausse(self) -> float | None:
        """The smallest rise seen, as a share (0.25 is 25 points)."""
        return None if self.hausse is None else float(Fraction(self.hausse, self.apres) - self.base)

    @property
    def points_baisse(self) -> float | None:
        """The smallest fall seen, as a share below zero."""
        return None if self.baisse is None else float(Fraction(self.baisse, self.apres) - self.base)

    def __str__(self) -> str:
        """What can be seen, and what cannot.

        >>> print(str(ecart_detectable(20, 20, 0.5)).replace("\\xa0", " "))
        une hausse se voit dès 16 favorables sur 20 (+30 points), une baisse à 4 ou moins \
(−30 points)
        """
        hausse, baisse = "aucune hausse ne se voit", "aucune baisse ne se voit"
        if self.hausse is not None and self.points_hausse is not None:
            hausse = f"une hausse se voit dès {pluriel(self.hausse, 'favorable')} sur {self.apres} "
            hausse += f"(+{nombre(100 * self.points_hausse)} points)"
        if self.baisse is not None and self.points_baisse is not None:
            baisse = f"une baisse à {self.baisse}{' ou moins' if self.baisse else ''} "
            baisse += f"({nombre(100 * self.points_baisse)} points)"
        return typographie(f"{hausse}, {baisse}")


def dire_ecarts(avant: int, apres: int, base: float, famille: int, niveau: float = 0.95) -> str:
    """What two waves of such sizes can show of a criterion, alone and among ``famille``.

    >>> print(" ".join(dire_ecarts(14, 14, 0.8, 37).split()))
    De 14 à 14 tests, pour un critère à 80 % : pris seul, aucune hausse ne se voit, une baisse à \
6 ou moins (−37 points) ; établi parmi 37 critères comparés ensemble, aucune hausse ne se voit, \
une baisse à 1 ou moins (−71 points).
    """
    seul = ecart_detectable(avant, apres, base, niveau)
    tete = f"De {avant} à {apres} tests, pour un critère à {dire_part(base)} : pris seul, {seul}"
    if famille < 2:
        return typographie(f"{tete}.")
    ensemble = ecart_detectable(avant, apres, base, niveau, famille)
    return typographie(f"{tete} ; établi parmi {famille} critères comparés ensemble, {ensemble}.")


def ecart_detectable(
    avant: int, apres: int, base: float, niveau: float = 0.95, famille: int = 0
) -> EcartDetectable:
    """The smallest change from ``base``, a share of ``avant`` tests, that is seen.

    By Newcombe's interval; with a ``famille`` of comparisons, by Fisher's test adjusted over them,
    from the number of favourable tests nearest to ``base``. A true change of just that size is seen
    about one time in two. Raises ValueError for a wave without a test, or a base that is no share.
    """
    if avant < 1 or apres < 1 or not 0 <= base <= 1:
        raise ValueError(f"waves of {avant} and {apres} tests from {base}")
    if not famille:
        hausse, baisse = _vus(base * avant, avant, apres, niveau)
        return EcartDetectable(exact(base), avant, apres, hausse, baisse)
    vus = math.floor(base * avant + 0.5)
    hausse, baisse = _etablis(vus, avant, apres, (1 - niveau) / famille)
    return EcartDetectable(Fraction(vus, avant), avant, apres, hausse, baisse)


def _vus(favorables: float, avant: int, apres: int, niveau: float) -> Vues:
    """The fewest favourable tests that show a rise, the most that show a fall, by Newcombe."""

    def borne(k: int, cote: int) -> float:
        return newcombe(k, apres, favorables, avant, niveau)[cote]

    return _premiers(apres, lambda k: borne(k, 0) > 0, lambda k: borne(k, 1) < 0)


def _etablis(favorables: int, avant: int, apres: int, seuil: float) -> Vues:
    """The same by Fisher's test, whose p-value is to stay below ``seuil``."""

    def p(k: int) -> float:
        return fisher([[k, apres - k], [favorables, avant - favorables]])

    return _premiers(
        apres,
        lambda k: k * avant > favorables * apres and p(k) < seuil,
        lambda k: k * avant < favorables * apres and p(k) < seuil,
    )


def _premiers(apres: int, monte: Callable[[int], bool], descend: Callable[[int], bool]) -> Vues:
    hausse = next((k for k in range(apres + 1) if monte(k)), None)
    return hausse, next((k for k in range(apres, -1, -1) if descend(k)), None)
