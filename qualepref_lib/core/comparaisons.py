"""Whether two groups, or two waves, answer differently; several questions at once included.

Two proportions: the difference with its Newcombe interval, and a named test. Fisher's exact test
when an expected count is below five, else Pearson's chi-square without continuity correction
(Yates' correction is conservative, and would contradict the interval beside it). Larger tables
with small expected counts: the chi-square against tables drawn with the same margins.

The p-values of a family of comparisons are adjusted together (Holm 1979), and the size of the
family is kept, to be printed.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from qualepref_lib.core.francais import nombre
from qualepref_lib.core.intervalles import newcombe
from qualepref_lib.core.mesures import Ecart, Taux

ATTENDU_MINIMAL = 5
"""The expected count that the chi-square approximation wants in every cell (Cochran 1954)."""

TIRAGES = 9999
GRAINE = 1979

FISHER = "test exact de Fisher"
KHI_DEUX = "khi-deux de Pearson"
SANS_OBJET = "sans objet"


@dataclass(frozen=True)
class Test:
    """A test by its name, its p-value (None: there is nothing to compare), and its base.

    ``p_ajustee`` is None until the test is adjusted with the others of its family; ``famille``
    is the number of comparisons made together.
    """

    __test__ = False  # a domain word, which pytest would collect

    nom: str
    p: float | None
    p_ajustee: float | None
    n: int
    famille: int = 1

    @property
    def p_lue(self) -> float | None:
        """The p-value to read: the adjusted one when there is one."""
        return self.p if self.p_ajustee is None else self.p_ajustee

    def significatif(self, risque: float = 0.05) -> bool:
        """True when the p-value to read is below the risk taken; False without a p-value."""
        return self.p_lue is not None and self.p_lue < risque

    def __str__(self) -> str:
        """The p-value, the test, the number of comparisons.

        >>> str(Test("test exact de Fisher", 0.004, 0.012, 40, 3))
        'p = 0,012 (test exact de Fisher, n = 40, ajusté par Holm sur 3 comparaisons)'
        """
        if self.p_lue is None:
            return SANS_OBJET
        ajuste = f", ajusté par Holm sur {self.famille} comparaisons" if self.famille > 1 else ""
        return f"{dire_p(self.p_lue)} ({self.nom}, n = {nombre(self.n)}{ajuste})"


@dataclass(frozen=True)
class Comparaison:
    """Two rates side by side: their difference (None when one has no base), and the test."""

    ecart: Ecart | None
    test: Test


def dire_p(p: float) -> str:
    """A p-value with three decimals, never « 0,000 ».

    >>> dire_p(0.0123), dire_p(0.00001)
    ('p = 0,012', 'p < 0,001')
    """
    return "p < 0,001" if p < 0.001 else f"p = {nombre(p, 3)}"


def holm(valeurs: Sequence[float | None]) -> tuple[float | None, ...]:
    """Holm's adjusted p-values, in the order given; None is no comparison and stays None.

    >>> [round(p, 3) for p in holm([0.01, 0.04, 0.03, 0.005])]
    [0.03, 0.06, 0.06, 0.02]
    """
    presentes = sorted((p, rang) for rang, p in enumerate(valeurs) if p is not None)
    ajustees: list[float | None] = [None] * len(valeurs)
    plancher = 0.0
    for avant, (p, rang) in enumerate(presentes):
        plancher = max(plancher, min(1.0, p * (len(presentes) - avant)))
        ajustees[rang] = plancher
    return tuple(ajustees)


def ajuster(tests: Sequence[Test]) -> tuple[Test, ...]:
    """The tests of one family, each with its adjusted p-value and the size of the family."""
    ajustees = holm([test.p for test in tests])
    famille = sum(p is not None for p in ajustees)
    return tuple(
        replace(test, p_ajustee=p, famille=famille if p is not None else 1)
        for test, p in zip(tests, ajustees, strict=True)
    )


def ajuster_comparaisons(comparaisons: Sequence[Comparaison]) -> tuple[Comparaison, ...]:
    """The comparisons of one family, their tests adjusted together."""
    tests = ajuster([comparaison.test for comparaison in comparaisons])
    return tuple(replace(c, test=test) for c, test in zip(comparaisons, tests, strict=True))


def comparer_taux(
    maintenant: Taux, avant: Taux, niveau: float = 0.95, sujet: str = ""
) -> Comparaison:
    """Compare the rates of two independent groups: ``maintenant`` minus ``avant``.

    Raises ValueError for half points: a mark is not a count, and these tests count.

    >>> comparaison = comparer_taux(Taux(92, 171), Taux(126, 150))
    >>> str(comparaison.ecart), str(comparaison.test)
    ('−30 points [−39 ; −20]', 'p < 0,001 (khi-deux de Pearson, n = 321)')
    """
    if any(taux.favorables != int(taux.favorables) for taux in (maintenant, avant)):
        raise ValueError("rates with half points are not counts of successes")
    a, b = int(maintenant.favorables), int(avant.favorables)
    n, m = maintenant.observes, avant.observes
    if not n or not m:
        return Comparaison(None, Test(SANS_OBJET, None, None, n + m))
    ecart = Ecart(maintenant, avant, newcombe(a, n, b, m, niveau), base_connue=True, sujet=sujet)
    return Comparaison(ecart, comparer_tableau([[a, n - a], [b, m - b]]))


def comparer_tableau(
    effectifs: Sequence[Sequence[int]] | npt.NDArray[Any],
    graine: int = GRAINE,
    tirages: int = TIRAGES,
) -> Test:
    """Test whether the rows of a table of counts have the same spread (groups × answers).

    Empty rows and columns say nothing and are left out. Raises ValueError when a cell is not a
    count.
    """
    tableau = np.asarray(effectifs, dtype=np.float64)
    if not tableau.size:
        return Test(SANS_OBJET, None, None, 0)
    if tableau.ndim != 2 or (tableau < 0).any() or (tableau != np.floor(tableau)).any():
        raise ValueError("a table of counts holds whole numbers, none negative")
    entiers = tableau.astype(np.int64)
    entiers = entiers[entiers.any(axis=1)][:, entiers.any(axis=0)]
    n = int(entiers.sum())
    if min(entiers.shape) < 2:
        return Test(SANS_OBJET, None, None, n)
    if _attendus(entiers).min() >= ATTENDU_MINIMAL:
        return Test(KHI_DEUX, _p_khi_deux(entiers), None, n)
    if entiers.shape == (2, 2):
        return Test(FISHER, fisher(entiers.tolist()), None, n)
    nom = f"{KHI_DEUX}, {nombre(tirages)} tirages à marges fixées, graine {graine}"
    return Test(nom, _p_par_tirages(entiers, graine, tirages), None, n)


def fisher(tableau: Sequence[Sequence[int]]) -> float:
    """The two-sided p-value of Fisher's exact test of a 2×2 table.

    Tables as likely as the one seen, or less, are summed; the likelihoods are compared as whole
    numbers, so ties are ties.

    >>> round(fisher([[3, 1], [1, 3]]), 4)
    0.4857
    """
    (a, b), (c, d) = tableau
    ligne, colonne, n = a + b, a + c, a + b + c + d

    def facons(k: int) -> int:
        return math.comb(ligne, k) * math.comb(n - ligne, colonne - k)

    possibles = range(max(0, ligne + colonne - n), min(ligne, colonne) + 1)
    rares = sum(f for f in map(facons, possibles) if f <= facons(a))
    return float(rares / math.comb(n, colonne))


def _attendus(tableau: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    attendus: npt.NDArray[np.float64] = (
        np.outer(tableau.sum(axis=1), tableau.sum(axis=0)) / tableau.sum()
    )
    return attendus


def _p_khi_deux(tableau: npt.NDArray[np.int64]) -> float:
    from scipy.special import chdtrc

    attendus = _attendus(tableau)
    statistique = ((tableau - attendus) ** 2 / attendus).sum()
    libres = (tableau.shape[0] - 1) * (tableau.shape[1] - 1)
    return float(chdtrc(libres, statistique))


def _p_par_tirages(tableau: npt.NDArray[np.int64], graine: int, tirages: int) -> float:
    """The share of tables with these margins as far from even, or more, the one seen included."""
    attendus = _attendus(tableau)
    vue = ((tableau - attendus) ** 2 / attendus).sum()
    tires = _tirer(tableau, graine, tirages)
    statistiques = ((tires - attendus) ** 2 / attendus).sum(axis=(1, 2))
    return float((1 + (statistiques >= vue * (1 - 1e-9)).sum()) / (1 + tirages))


def _tirer(tableau: npt.NDArray[np.int64], graine: int, tirages: int) -> npt.NDArray[np.int64]:
    """Tables × rows × columns, at random among those with the same margins.

    Cell after cell, each is hypergeometric given the cells before it.
    """
    hasard = np.random.default_rng(graine)
    lignes, colonnes = tableau.shape
    restes = np.repeat(tableau.sum(axis=0)[None, :], tirages, axis=0)
    tires = np.zeros((tirages, lignes, colonnes), dtype=np.int64)
    for i, total in enumerate(tableau.sum(axis=1)[:-1]):
        a_placer = np.full(tirages, total)
        for j in range(colonnes - 1):
            ailleurs = restes[:, j + 1 :].sum(axis=1)
            tires[:, i, j] = hasard.hypergeometric(restes[:, j], ailleurs, a_placer)
            a_placer = a_placer - tires[:, i, j]
        tires[:, i, -1] = a_placer
        restes = restes - tires[:, i, :]
    tires[:, -1, :] = restes
    return tires
