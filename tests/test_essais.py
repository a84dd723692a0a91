"""Planning a wave: the smallest sizes that prove, what a wave can say, what it can see."""

from __future__ import annotations

import itertools

import pytest
from scipy.stats import binom, fisher_exact
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from qualepref_lib.core.ecarts_detectables import ecart_detectable
from qualepref_lib.core.essais import (
    issue,
    issue_connue,
    plan_essais,
    puissance,
    taille_pour,
)
from qualepref_lib.core.intervalles import decider


def plat(texte: str) -> str:
    """A sentence without the spaces of French typography."""
    return texte.replace("\u00a0", " ").replace("\u202f", " ")


@pytest.mark.parametrize(
    ("cible", "tailles"),
    [(0.95, (59, 93, 124, 153, 181)), (0.9, (29, 46, 61, 76, 89)), (0.8, (14, 22))],
)
def test_published_sizes(cible: float, tailles: tuple[int, ...]) -> None:
    """At 95 % confidence: Wilks' 59, 93, 124, 153, 181; 29, 46, 61… for 90 %; 14, 22 for 80 %."""
    assert plan_essais(cible).tailles[: len(tailles)] == tailles


@pytest.mark.parametrize("cible", [0.5, 0.75, 0.8, 0.85, 0.9, 0.95])
@pytest.mark.parametrize("confiance", [0.8, 0.9, 0.95, 0.99])
def test_sizes_are_those_of_the_binomial_law(cible: float, confiance: float) -> None:
    """Each size is the first where so few faults are rarer at the target than the risk."""
    plan = plan_essais(cible, confiance, n_max=120)
    for fautes, taille in enumerate(plan.tailles):
        assert binom.cdf(fautes, taille, 1 - cible) <= 1 - confiance + 1e-12
        assert taille == fautes or binom.cdf(fautes, taille - 1, 1 - cible) > 1 - confiance
    assert binom.cdf(len(plan.tailles), 120, 1 - cible) > 1 - confiance
    assert plan.taille(len(plan.tailles)) is None


@pytest.mark.parametrize("cible", [0.5, 0.8, 0.9, 1.0])
@pytest.mark.parametrize("confiance", [0.9, 0.95])
def test_the_table_is_the_decision_of_the_report(cible: float, confiance: float) -> None:
    """The table, the exact decision and the one of the report never differ."""
    plan = plan_essais(cible, confiance, n_max=45)
    for tests in range(1, 46):
        for fautes in range(tests + 1):
            attendu = decider(tests - fautes, tests, cible, confiance)
            assert plan.issue(tests, fautes) == attendu
            assert issue(tests - fautes, tests, cible, confiance) == attendu


def test_the_decision_is_clopper_pearson() -> None:
    """Proved iff statsmodels' exact one-sided lower bound reaches the target (rules 3.3)."""
    for tests, fautes in itertools.product((10, 14, 20, 22, 40), range(9)):
        bas, haut = proportion_confint(tests - fautes, tests, alpha=0.1, method="beta")
        attendu = "prouvé" if bas >= 0.8 else "contredit" if haut < 0.8 else "non démontré"
        assert issue(tests - fautes, tests, 0.8) == attendu


def test_fourteen_prove_and_thirteen_do_not() -> None:
    """Rules 3.3: 14 faultless tests prove 80 %, 13 do not, 18 of 20 does not; the plan says so."""
    plan = plan_essais(0.8)
    assert plan.tableau([13, 14, 20], [0, 2]) == (
        ("non démontré", "non démontré"),
        ("prouvé", "non démontré"),
        ("prouvé", "non démontré"),
    )
    assert plan.tableau([1], [2]) == (("",),)
    assert plat(plan.phrase).startswith(
        "Pour prouver 80 % avec 95 % de confiance, il faut 14 tests sans aucune faute, 22 avec "
        "1 faute au plus, 30"
    )
    assert plat(plan.phrase).endswith("13 tests sans faute ne suffisent pas.")


def test_a_bound_met_exactly_is_met() -> None:
    """Two tests of two prove one half at 75 %: the bound is just there, whatever the rounding."""
    assert issue(2, 2, 0.5, 0.75) == "prouvé" and issue(0, 2, 0.5, 0.75) == "non démontré"
    assert plan_essais(0.5, 0.75, n_max=5).tailles[0] == 2


def test_all_or_nothing() -> None:
    """100 % is never proved and one fault contradicts it; too small a ceiling is said."""
    plan = plan_essais(1.0, n_max=30)
    assert plan.tailles == () and plan.issue(30, 0) == "non démontré"
    assert plan.issue(1, 1) == "contredit" and "ne suffisent pas" in plan.phrase
    assert "99 % avec 95 % de confiance, 50 tests" in plat(plan_essais(0.99, n_max=50).phrase)
    with pytest.raises(ValueError, match="not a share"):
        plan_essais(0.0)
    with pytest.raises(ValueError, match="faults in"):
        plan.issue(31, 0)


@pytest.mark.parametrize("tests", [10, 14, 22, 30, 57])
@pytest.mark.parametrize("vrai", [0.7, 0.9, 0.95, 1.0])
def test_power_is_the_binomial_one(tests: int, vrai: float) -> None:
    """The chance to prove is that of no more faults than the plan tolerates."""
    tolere = plan_essais(0.8).tolere[tests]
    attendu = binom.cdf(tolere, tests, 1 - vrai) if tolere >= 0 else 0.0
    assert puissance(tests, 0.8, vrai) == pytest.approx(attendu, abs=1e-12)
    assert puissance(tests, 0.8, 0.8) <= 0.05


def test_size_for_a_chance() -> None:
    """The size returned has the chance wanted, and none before it has."""
    taille = taille_pour(0.8, 0.95)
    assert taille is not None and puissance(taille, 0.8, 0.95) >= 0.8
    assert all(puissance(n, 0.8, 0.95) < 0.8 for n in range(1, taille))
    assert taille_pour(0.8, 0.8) is None


def test_an_answer_already_known() -> None:
    """Known iff every way to end the wave decides the same; looked at one by one."""
    for cible, prevus in itertools.product((0.8, 0.5), (6, 14, 22)):
        for faits in range(prevus + 1):
            for favorables in range(faits + 1):
                restent = range(prevus - faits + 1)
                issues = {decider(favorables + r, prevus, cible) for r in restent}
                attendu = issues.pop() if len(issues) == 1 else ""
                assert issue_connue(favorables, faits, prevus, cible) == attendu


def test_an_answer_known_stays_so_when_tests_are_lost() -> None:
    """A test to come that does not apply, or fails, makes a smaller wave with the same answer."""
    for faits in range(15):
        for favorables in range(faits + 1):
            connue = issue_connue(favorables, faits, 14, 0.8)
            for encore in range(14 - faits + 1):
                for oui in range(encore + 1):
                    finale = (
                        decider(favorables + oui, faits + encore, 0.8) if faits + encore else ""
                    )
                    assert connue in ("", finale)
    with pytest.raises(ValueError, match="planned"):
        issue_connue(3, 2, 14, 0.8)


def newcombe(k: int, n: int, j: int, m: int) -> tuple[float, float]:
    """Newcombe's interval of the difference, by statsmodels."""
    return confint_proportions_2indep(k, n, j, m, method="newcomb", compare="diff")


@pytest.mark.parametrize(("avant", "apres", "vus"), [(20, 20, 10), (30, 15, 24), (50, 60, 45)])
def test_smallest_change_is_newcombe_s(avant: int, apres: int, vus: int) -> None:
    """The smallest rise and fall are the first whose interval, by statsmodels, excludes zero."""
    ecart = ecart_detectable(avant, apres, vus / avant)
    monte = [k for k in range(apres + 1) if newcombe(k, apres, vus, avant)[0] > 0]
    descend = [k for k in range(apres + 1) if newcombe(k, apres, vus, avant)[1] < 0]
    assert ecart.hausse == min(monte, default=None) and ecart.baisse == max(descend, default=None)
    if ecart.hausse is not None:
        assert ecart.points_hausse == pytest.approx(ecart.hausse / apres - vus / avant)


@pytest.mark.parametrize(("avant", "apres", "vus"), [(20, 20, 10), (30, 15, 24), (14, 14, 11)])
@pytest.mark.parametrize("famille", [1, 8, 37])
def test_a_change_among_many_is_fisher_s(avant: int, apres: int, vus: int, famille: int) -> None:
    """Compared with others, a change shows when scipy's p-value times their number is below 5 %."""

    def vu(k: int) -> bool:
        p = fisher_exact([[k, apres - k], [vus, avant - vus]]).pvalue
        return bool(p * famille < 0.05)

    ecart = ecart_detectable(avant, apres, vus / avant, famille=famille)
    monte = [k for k in range(apres + 1) if k / apres > vus / avant and vu(k)]
    descend = [k for k in range(apres + 1) if k / apres < vus / avant and vu(k)]
    assert (ecart.hausse, ecart.baisse) == (min(monte, default=None), max(descend, default=None))
    seul = ecart_detectable(avant, apres, vus / avant)
    if ecart.baisse is not None and seul.baisse is not None:
        assert ecart.baisse <= seul.baisse


def test_a_change_that_cannot_be_seen_is_said() -> None:
    """From 95 % no rise shows on 20 tests; the sentence says so, and a wave has tests."""
    ecart = ecart_detectable(20, 20, 0.95)
    assert ecart.hausse is None and ecart.points_hausse is None
    assert "aucune hausse ne se voit" in str(ecart)
    with pytest.raises(ValueError, match="waves of 0"):
        ecart_detectable(0, 20, 0.9)
