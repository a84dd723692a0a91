"""Comparing groups and waves: the published tables, scipy, statsmodels, full enumeration."""

from __future__ import annotations

import itertools
from fractions import Fraction
from math import factorial, prod

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chi2_contingency, fisher_exact
from statsmodels.stats.multitest import multipletests

from qualepref_lib.core import comparaisons
from qualepref_lib.core.comparaisons import (
    FISHER,
    KHI_DEUX,
    ajuster,
    ajuster_comparaisons,
    comparer_tableau,
    comparer_taux,
    fisher,
    holm,
)
from qualepref_lib.core.mesures import Taux

PEU = settings(max_examples=25, deadline=None, derandomize=True)


def test_holm_on_the_textbook_example() -> None:
    """0.01, 0.04, 0.03, 0.005 are adjusted to 0.03, 0.06, 0.06, 0.02 (Holm 1979, by hand)."""
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx((0.03, 0.06, 0.06, 0.02))
    assert holm([]) == () and holm([0.9, 0.8]) == (1.0, 1.0)


@PEU
@given(st.lists(st.floats(0, 1), min_size=1, max_size=12))
def test_holm_is_that_of_statsmodels(valeurs: list[float]) -> None:
    """Adjusted p-values are those of statsmodels; what has no p-value counts for nothing."""
    attendu = multipletests(valeurs, method="holm")[1]
    assert holm(valeurs) == pytest.approx(attendu)
    assert holm([None, *valeurs, None])[1:-1] == pytest.approx(attendu)


@pytest.mark.parametrize(
    ("tableau", "publie"),
    [([[3, 1], [1, 3]], 0.4857), ([[4, 0], [0, 4]], 0.02857), ([[2, 10], [15, 3]], 0.0005367)],
)
def test_fisher_is_the_published_one(tableau: list[list[int]], publie: float) -> None:
    """The lady tasting tea, and Fisher's convicted twins, two-sided, as R gives them."""
    assert fisher(tableau) == pytest.approx(publie, rel=2e-4)


@PEU
@given(st.lists(st.integers(0, 25), min_size=4, max_size=4))
def test_fisher_is_that_of_scipy(cases: list[int]) -> None:
    """The exact two-sided p-value is that of scipy, empty margins included."""
    a, b, c, d = cases
    attendu = fisher_exact([[a, b], [c, d]]).pvalue
    assert fisher([[a, b], [c, d]]) == pytest.approx(attendu, abs=1e-9)


def test_chi_square_is_the_published_one() -> None:
    """Agresti 2007, party by gender: X² 30.07 on 2 degrees, p 2.954e-07."""
    test = comparer_tableau([[762, 327, 468], [484, 239, 477]])
    assert test.p == pytest.approx(2.954e-07, rel=5e-4)
    assert (test.nom, test.n, test.famille) == (KHI_DEUX, 2757, 1)
    assert str(test).replace("\u202f", " ") == "p < 0,001 (khi-deux de Pearson, n = 2 757)"


@PEU
@given(
    st.integers(2, 4).flatmap(
        lambda c: st.lists(
            st.lists(st.integers(20, 60), min_size=c, max_size=c), min_size=2, max_size=4
        )
    )
)
def test_chi_square_is_that_of_scipy(tableau: list[list[int]]) -> None:
    """Where counts are large, the p-value is Pearson's without correction, as in scipy."""
    attendu = chi2_contingency(tableau, correction=False)
    test = comparer_tableau(tableau)
    assert test.nom == KHI_DEUX and test.p == pytest.approx(attendu.pvalue, abs=1e-9)


def test_the_test_is_chosen_by_the_expected_counts() -> None:
    """An expected count below five calls for Fisher (2×2) or for draws (larger), by name."""
    assert comparer_tableau([[10, 10], [10, 10]]).nom == KHI_DEUX
    assert comparer_tableau([[5, 5], [5, 5]]).nom == KHI_DEUX
    assert comparer_tableau([[4, 5], [5, 5]]).nom == FISHER
    grand = comparer_tableau([[1, 2, 3], [4, 0, 1]])
    assert "tirages à marges fixées, graine 1979" in grand.nom


def enumerer(tableau: list[list[int]]) -> float:
    """The exact p-value of the chi-square of a 2×c table: all tables with its margins."""
    vu = np.array(tableau)
    lignes, colonnes = vu.sum(axis=1), vu.sum(axis=0)
    attendus = np.outer(lignes, colonnes) / vu.sum()
    total, loin = Fraction(0), Fraction(0)
    for haut in itertools.product(*(range(c + 1) for c in colonnes)):
        if sum(haut) != lignes[0]:
            continue
        table = np.array([haut, colonnes - np.array(haut)])
        poids = Fraction(1, prod(factorial(int(n)) for n in table.ravel()))
        total += poids
        if ((table - attendus) ** 2 / attendus).sum() >= (
            (vu - attendus) ** 2 / attendus
        ).sum() - 1e-9:
            loin += poids
    return float(loin / total)


@pytest.mark.parametrize(
    "tableau", [[[1, 2, 3], [4, 0, 1]], [[6, 1, 0], [1, 2, 5]], [[2, 2, 2, 2], [3, 1, 2, 1]]]
)
def test_drawn_p_value_is_near_the_enumerated_one(tableau: list[list[int]]) -> None:
    """Over 9 999 tables the p-value is that of all tables, within four standard errors."""
    exacte = enumerer(tableau)
    p = comparer_tableau(tableau).p
    assert p == pytest.approx(exacte, abs=4 * (exacte * (1 - exacte) / 9999) ** 0.5 + 1e-4)


def test_drawn_tables_keep_their_margins() -> None:
    """Each table drawn has the margins of the one seen; the same seed draws the same."""
    emplois = np.array([[1, 2, 1, 0], [3, 3, 6, 1], [10, 10, 14, 9], [6, 7, 12, 11]])
    tires = comparaisons._tirer(emplois, 1, 300)
    assert (tires >= 0).all() and (tires.sum(axis=2) == emplois.sum(axis=1)).all()
    assert (tires.sum(axis=1) == emplois.sum(axis=0)).all()
    attendus = np.outer(emplois.sum(axis=1), emplois.sum(axis=0)) / emplois.sum()
    assert comparaisons._tirer(emplois, 1, 20000).mean(axis=0) == pytest.approx(attendus, abs=0.06)
    assert comparer_tableau(emplois) == comparer_tableau(emplois)


def test_two_waves() -> None:
    """Rules 3.3: 92/171 against 126/150 is −30 points [−39 ; −20], with its test and its base."""
    comparaison = comparer_taux(Taux(92, 171), Taux(126, 150))
    assert comparaison.ecart is not None
    assert comparaison.ecart.intervalle == pytest.approx((-0.392, -0.203), abs=5e-4)
    attendu = chi2_contingency([[92, 79], [126, 24]], correction=False).pvalue
    assert comparaison.test.p == pytest.approx(attendu) and comparaison.test.n == 321
    petite = comparer_taux(Taux(2, 2), Taux(1, 3))
    assert petite.test.nom == FISHER and petite.test.p == pytest.approx(0.4)


def test_nothing_to_compare() -> None:
    """No base on one side, or the same answer everywhere: « sans objet », and no p-value."""
    vide = comparer_taux(Taux(0, 0), Taux(3, 4))
    assert vide.ecart is None and vide.test.p is None and str(vide.test) == "sans objet"
    partout = comparer_taux(Taux(5, 5), Taux(7, 7))
    assert partout.ecart is not None and partout.test.p is None
    assert not partout.test.significatif()
    with pytest.raises(ValueError, match="half points"):
        comparer_taux(Taux(Fraction(1, 2), 5), Taux(3, 4))
    with pytest.raises(ValueError, match="whole numbers"):
        comparer_tableau([[1, -1], [2, 3]])
    assert comparer_tableau([[0, 0], [3, 4]]).p is None and comparer_tableau([]).p is None


def test_a_family_is_adjusted_together() -> None:
    """Adjusted p-values are Holm's over those that compare; the size of the family is printed."""
    paires = [(Taux(9, 10), Taux(2, 10)), (Taux(5, 10), Taux(5, 10)), (Taux(0, 0), Taux(1, 2))]
    brutes = [comparer_taux(*paire) for paire in paires]
    ajustees = ajuster_comparaisons(brutes)
    tests = [c.test for c in ajustees]
    assert [t.p for t in tests] == [c.test.p for c in brutes]
    assert tests[0].p_ajustee == pytest.approx(2 * (tests[0].p or 0)) and tests[2].p_ajustee is None
    assert "ajusté par Holm sur 2 comparaisons" in str(tests[0])
    assert tests[0].significatif() and not tests[1].significatif()
    assert ajuster([t for t in tests if t.p is not None])[0].famille == 2
