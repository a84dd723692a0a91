"""Survey statistics against R: the *survey* and *psych* packages on their own public data sets.

``attendus/sondage.R`` writes the data sets (California Academic Performance Index of *survey*, Big
Five items of *psych*) and ``attendus/sondage.csv``: each value beside the R expression it is of.
"""

from __future__ import annotations

import csv
import math
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from qualepref_lib.core.sondage import (
    Estimation,
    Marge,
    PlanSondage,
    StrateSolitaire,
    alpha_cronbach,
    caler,
    difference,
    difference_independante,
    effectif_efficace,
    effet_kish,
    kendall,
    moyenne,
    post_stratifier,
    proportion,
    rao_scott,
    spearman,
)

ATTENDUS = Path(__file__).parent / "attendus"
PLANS = ("dstrat", "dclus1", "dclus2", "dsrs")


def _lire_attendus() -> dict[str, float]:
    with (ATTENDUS / "sondage.csv").open(encoding="utf-8", newline="") as fichier:
        return {ligne["nom"]: float(ligne["valeur"]) for ligne in csv.DictReader(fichier)}


R = _lire_attendus()


def _donnees(nom: str) -> pd.DataFrame:
    cadre = pd.read_csv(ATTENDUS / f"{nom}.csv")
    return cadre.assign(oui=(cadre["sch.wide"] == "Yes").astype(float))


def _plan(nom: str) -> tuple[pd.DataFrame, PlanSondage]:
    if nom == "dclus1":
        c = _donnees("apiclus1")
        return c, PlanSondage(c.pw, grappes=c.dnum, fpc=c.fpc)
    if nom == "dclus2":
        c = _donnees("apiclus2")
        return c, PlanSondage(c.pw, grappes=c.dnum)
    c = _donnees("apistrat")
    return c, PlanSondage(c.pw, strates=c.stype, fpc=c.fpc) if nom == "dstrat" else PlanSondage(
        c.pw
    )


def _accorde(nom: str, *valeurs: float) -> None:
    """Equal to what R gave, to seven digits."""
    cles = [nom] if len(valeurs) == 1 else [f"{nom}.{i}" for i in range(1, len(valeurs) + 1)]
    for cle, valeur in zip(cles, valeurs, strict=True):
        assert valeur == pytest.approx(R[cle], rel=1e-6, abs=1e-9), cle


def _codes(colonne: Any) -> np.ndarray:
    return pd.factorize(colonne, sort=True)[0].astype(np.int64)


@pytest.mark.parametrize("nom", PLANS)
def test_means_and_proportions_equal_r(nom: str) -> None:
    """svymean: the mean, its linearised error and its design effect; degf; confint."""
    cadre, plan = _plan(nom)
    api, oui = moyenne(plan, cadre.api00), proportion(plan, cadre.oui)
    _accorde(f"{nom}.api00", api.valeur, api.erreur, api.effet)
    _accorde(f"{nom}.oui", oui.valeur, oui.erreur, oui.effet)
    _accorde(f"{nom}.degf", float(plan.degres))
    _accorde(f"{nom}.ci", *api.intervalle())


@pytest.mark.parametrize("nom", PLANS)
def test_intervals_of_shares_equal_r(nom: str) -> None:
    """svyciprop, method xlogit: the interval of a share on the logit scale."""
    cadre, plan = _plan(nom)
    _accorde(f"{nom}.xlogit", *proportion(plan, cadre.oui).intervalle_part())


@pytest.mark.parametrize("nom", PLANS)
def test_domains_and_differences_equal_r(nom: str) -> None:
    """A domain keeps the whole design; svycontrast gives the difference of two domains."""
    cadre, plan = _plan(nom)
    ecoles = moyenne(plan, cadre.api00, cadre.stype == "E")
    _accorde(f"{nom}.domaine", ecoles.valeur, ecoles.erreur)
    ecart = difference(plan, cadre.oui, cadre.awards == "Yes", cadre.awards == "No")
    _accorde(f"{nom}.difference", ecart.valeur, ecart.erreur)


@pytest.mark.parametrize("nom", PLANS)
def test_rao_scott_equals_r(nom: str) -> None:
    """svychisq: second order (statistic F, both degrees of freedom, p) and first order (Chisq)."""
    cadre, plan = _plan(nom)
    test = rao_scott(plan, _codes(cadre.stype), _codes(cadre.awards))
    _accorde(f"{nom}.raoscott.f", test.f, *test.ddl_f, test.p)
    _accorde(f"{nom}.raoscott.chisq", test.khi_deux, test.p_premier)


def _cale(nom: str) -> tuple[pd.DataFrame, PlanSondage]:
    """A sample raked on the population of California: types of schools, and those that improved."""
    c = _donnees("apistrat" if nom == "degal" else "apiclus1")
    poids = np.full(len(c), 6194 / len(c)) if nom == "degal" else c.pw
    types, ameliore = _codes(c.stype), _codes(c["sch.wide"])
    marges = [Marge(types, np.array([4421, 755, 1018]) / 6194),
              Marge(ameliore, np.array([1072, 5122]) / 6194)]  # fmt: skip
    suite = {} if nom == "degal" else {"grappes": c.dnum, "fpc": c.fpc}
    cales = caler(poids, marges, tolerance=1e-13).poids
    return c, PlanSondage(cales, calage=(types, ameliore), poids_avant=poids, **suite)


@pytest.mark.parametrize("nom", ["degal", "dclus1"])
def test_weighted_shares_of_groups_equal_r(nom: str) -> None:
    """svyby after rake: share and error of each group; its interval has the group's own degrees."""
    c, plan = _cale(nom)
    lus = [proportion(plan, c.awards == "Yes", c.stype == e) for e in "EHM"]
    _accorde(f"{nom}.by", *(e.valeur for e in lus), *(e.erreur for e in lus))
    for type_, e in zip("EH", lus, strict=False):
        _accorde(f"{nom}.by.{type_}", *e.intervalle_part(), float(e.degres))
    net = moyenne(plan, np.where(c.awards == "Yes", 1.0, -1.0))
    _accorde(f"{nom}.net", net.valeur, net.erreur)


def test_two_stages_equal_r() -> None:
    """40 districts of 757, then some of their schools: the variance of both draws."""
    c = _donnees("apiclus2")
    ecoles = PlanSondage(c.pw, strates=c.dnum, grappes=c.snum, fpc=c.fpc2)
    plan = PlanSondage(c.pw, grappes=c.dnum, fpc=c.fpc1, suite=ecoles)
    for nom, domaine in (("ddeux.api00", None), ("ddeux.domaine", c.stype == "E")):
        e = moyenne(plan, c.api00, domaine)
        _accorde(nom, e.valeur, e.erreur)
    test = rao_scott(plan, _codes(c.stype), _codes(c.awards))
    _accorde("ddeux.raoscott", test.f, test.p)


def test_missing_values_leave_the_domain_not_the_design() -> None:
    """na.rm = TRUE: a cluster whose values are all missing is still drawn, and counts."""
    cadre, plan = _plan("dclus1")
    troue = cadre.api00.astype(float).copy()
    troue.iloc[[*range(11), 39, 89]] = np.nan
    estimation = moyenne(plan, troue)
    _accorde("trou", estimation.valeur, estimation.erreur)
    cadre, plan = _plan("dstrat")
    _accorde("manquants", *(lambda e: (e.valeur, e.erreur))(moyenne(plan, cadre.enroll)))


def test_a_stratum_of_one_unit_is_refused_or_handled_as_asked() -> None:
    """options(survey.lonely.psu): fail by default; adjust and remove give the values of R."""
    cadre = _donnees("apiclus2")
    seul = cadre[(cadre.stype != "M") | (cadre.dnum == cadre.dnum[cadre.stype == "M"].iloc[0])]
    plan = {"strates": seul.stype, "grappes": seul.dnum}
    with pytest.raises(StrateSolitaire):
        moyenne(PlanSondage(seul.pw, **plan), seul.api00)
    for mode in ("centrer", "negliger"):
        e = moyenne(PlanSondage(seul.pw, **plan, solitaires=mode), seul.api00)
        _accorde(f"solitaire.{mode}", e.valeur, e.erreur)


def _marges(cadre: pd.DataFrame) -> list[Marge]:
    types = Marge(_codes(cadre.stype), np.array([4421, 755, 1018]) / 6194)
    return [types, Marge(_codes(cadre["sch.wide"]), np.array([1072, 5122]) / 6194)]


@pytest.mark.parametrize("nom", ["degal", "dclus1"])
def test_calibrated_estimates_equal_r(nom: str) -> None:
    """postStratify and rake: the estimate, and the error of what the margins do not explain."""
    if nom == "degal":
        cadre = _donnees("apistrat")
        depart, plan = np.full(len(cadre), 6194 / 200), {}
    else:
        cadre = _donnees("apiclus1")
        depart, plan = cadre.pw.to_numpy(), {"grappes": cadre.dnum, "fpc": cadre.fpc}
    types, oui = _marges(cadre)
    post = post_stratifier(depart, types)
    e = moyenne(
        PlanSondage(post.poids, **plan, calage=(types.codes,), poids_avant=depart), cadre.api00
    )
    _accorde(f"{nom}.post", e.valeur, e.erreur)
    rake = caler(depart, [types, oui])
    assert rake.converge
    e = moyenne(PlanSondage(rake.poids, **plan, calage=(types.codes, oui.codes)), cadre.api00)
    _accorde(f"{nom}.rake", e.valeur, e.erreur)
    w = rake.poids
    _accorde(f"{nom}.rake.poids", float(w.min()), float(w.max()), float((w**2).sum()))


def test_trimmed_raking_keeps_the_cap_and_the_margins() -> None:
    """The weights of truncated raking are those of Newton's method in R, and both hold."""
    cadre = _donnees("oblique")
    un, marges = np.ones(len(cadre)), _marges(cadre)
    libre = caler(un, marges)
    _accorde("oblique.libre", float(libre.poids.max()), float((libre.poids**2).sum()))
    borne = caler(un, marges, ecretage=2.6)
    w = borne.poids
    _accorde(
        "oblique.ecrete",
        float(w.max()),
        float(borne.plafonnes),
        float((w**2).sum()),
        float(np.average(cadre.api00, weights=w)),
    )
    assert borne.converge
    for marge, apres in zip(marges, borne.apres, strict=True):
        assert apres == pytest.approx(marge.parts, abs=1e-8)


def test_a_cap_that_margins_cannot_bear_is_told() -> None:
    """7 + 36 schools of 152 cannot be 71 % of the whole with weights of 2 at most: it is told."""
    cadre = _donnees("oblique")
    calage = caler(np.ones(len(cadre)), _marges(cadre), ecretage=2.0)
    assert not calage.converge and calage.ecart > 0.1 and calage.poids.max() <= 2.0
    assert np.isfinite(calage.poids).all()


def test_classes_that_no_weight_can_make_up_are_refused() -> None:
    """A share without rows, or rows without a share, is an error and no silent zero."""
    with pytest.raises(ValueError, match="without rows"):
        caler(np.ones(3), [Marge(np.array([0, 0, 0]), np.array([0.5, 0.5]))])
    with pytest.raises(ValueError, match="without share"):
        caler(np.ones(3), [Marge(np.array([0, 0, 1]), np.array([1.0, 0.0]))])
    with pytest.raises(ValueError, match="add up"):
        Marge(np.array([0]), np.array([0.5, 0.4]))


def test_people_who_left_a_margin_out_keep_their_share() -> None:
    """Two of ten did not say: they weigh two of ten after, the eight others hold the margin."""
    codes = np.array([0, 0, 0, 0, 0, 0, 1, 1, -1, -1])
    calage = caler(np.ones(10), [Marge(codes, np.array([0.5, 0.5]))])
    assert calage.poids[codes < 0].sum() == pytest.approx(2)
    assert calage.apres[0] == pytest.approx([0.5, 0.5])


def test_alpha_equals_psych() -> None:
    """psych::alpha: raw, standardised, without each item, Feldt's interval."""
    bfi = pd.read_csv(ATTENDUS / "bfi.csv")
    a = alpha_cronbach(bfi[["A1", "A2", "A3", "A4", "A5"]])
    _accorde("alpha.a", a.valeur, a.standardise, float(a.n))
    _accorde("alpha.a.sans", *a.sans)
    b = alpha_cronbach(bfi[["A2", "A3", "A4", "A5"]])
    _accorde("alpha.b", b.valeur, b.standardise)
    _accorde("alpha.b.feldt", *b.intervalle())


def test_alpha_has_no_value_without_variation_or_company() -> None:
    """One item, one person, or nobody who differs: no alpha, rather than a wrong one."""
    for notes in ([[1], [2]], [[1, 2]], [[2, 3], [2, 3]], [[1, np.nan], [2, np.nan]]):
        assert math.isnan(alpha_cronbach(notes).valeur)


def test_rank_correlations_equal_r() -> None:
    """cor(method = spearman, kendall) with ties, from the two-way table alone."""
    bfi = pd.read_csv(ATTENDUS / "bfi.csv")[["A2", "A5"]].dropna()
    rho = spearman(pd.crosstab(bfi.A2, bfi.A5))
    _accorde("spearman", rho.valeur, float(rho.n))
    premiers = bfi.iloc[:400]
    _accorde("kendall", kendall(pd.crosstab(premiers.A2, premiers.A5)).valeur)


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 3)), min_size=2, max_size=60))
def test_rank_correlations_equal_scipy(paires: list[tuple[int, int]]) -> None:
    """On any answers, scipy's spearmanr and kendalltau agree with the table."""
    a, b = (np.array(x) for x in zip(*paires, strict=True))
    table = np.zeros((5, 4))
    np.add.at(table, (a, b), 1)
    if len(set(a.tolist())) < 2 or len(set(b.tolist())) < 2:
        assert math.isnan(spearman(table).valeur) and math.isnan(kendall(table).valeur)
        return
    assert spearman(table).valeur == pytest.approx(stats.spearmanr(a, b).statistic, abs=1e-9)
    assert kendall(table).valeur == pytest.approx(stats.kendalltau(a, b).statistic, abs=1e-9)


@given(st.lists(st.floats(0.1, 10), min_size=1, max_size=50))
def test_kish_and_effective_size(poids: list[float]) -> None:
    """Effect × effective size = number of answers, and unequal weights never gain precision."""
    assert effet_kish(poids) * effectif_efficace(poids) == pytest.approx(len(poids))
    assert effet_kish(poids) >= 1 - 1e-12
    assert effectif_efficace([2.0] * len(poids)) == pytest.approx(len(poids))


@given(st.integers(1, 200), st.data())
def test_equal_weights_give_the_textbook_error(n: int, data: st.DataObject) -> None:
    """With equal weights and no structure: s ÷ √n of the sample, as in any textbook."""
    y = data.draw(st.lists(st.integers(0, 5), min_size=n, max_size=n))
    if n == 1:
        with pytest.raises(StrateSolitaire):
            moyenne(PlanSondage(np.ones(1)), y)
        return
    e = moyenne(PlanSondage(np.ones(n)), y)
    assert e.valeur == pytest.approx(np.mean(y))
    assert e.erreur == pytest.approx(np.std(y, ddof=1) / math.sqrt(n), abs=1e-9)


def test_bad_designs_are_refused() -> None:
    """A weight that is missing or negative, no weight at all, a population that says two things."""
    for poids in ([1, np.nan], [1, -1], [0, 0]):
        with pytest.raises(ValueError):
            PlanSondage(poids)
    with pytest.raises(ValueError, match="several"):
        PlanSondage([1.0, 1.0], fpc=[10, 20])
    with pytest.raises(ValueError, match="more units"):
        PlanSondage([1.0, 1.0, 1.0], fpc=[2, 2, 2])
    with pytest.raises(ValueError, match="missing"):
        PlanSondage([1.0, 1.0], grappes=[1.0, np.nan])


def test_a_domain_without_weight_has_no_estimate() -> None:
    """Nobody in the domain, or nobody with a weight: NaN and a base of zero, no division."""
    plan = PlanSondage([1.0, 1.0, 0.0])
    for domaine in ([False] * 3, [False, False, True]):
        e = moyenne(plan, [1, 2, 3], domaine)
        assert math.isnan(e.valeur) and e.n == 0 and e.intervalle_part() == (0.0, 1.0)


def test_a_share_of_all_or_none_still_has_an_interval() -> None:
    """10 of 10: the error is zero, but the interval is Wilson's of ten answers, [72 ; 100] %."""
    bas, haut = proportion(PlanSondage(np.ones(10)), np.ones(10)).intervalle_part()
    assert (round(100 * bas, 1), haut) == (72.2, 1.0)


def test_independent_differences_add_their_variances() -> None:
    """√(3² + 4²) = 5."""
    ecart = difference_independante(Estimation(0.5, 3, 10, 9), Estimation(0.7, 4, 20, 19))
    assert (round(ecart.valeur, 9), ecart.erreur, ecart.n) == (-0.2, 5.0, 30)


def test_rao_scott_without_two_classes_has_no_value() -> None:
    """A question that everyone answers alike cannot be linked to anything."""
    test = rao_scott(PlanSondage(np.ones(4)), [0, 0, 0, -1], [0, 1, 1, 0])
    assert math.isnan(test.p) and test.n == 3


def test_rao_scott_of_equal_weights_is_pearson() -> None:
    """With equal weights the statistic is Pearson's, and its design effect is n ÷ (n − 1)."""
    a, b = np.repeat([0, 0, 1, 1], [30, 10, 12, 28]), np.repeat([0, 1, 0, 1], [30, 10, 12, 28])
    test = rao_scott(PlanSondage(np.ones(80)), a, b)
    statistique = stats.chi2_contingency([[30, 10], [12, 28]], correction=False).statistic
    assert test.khi_deux == pytest.approx(statistique)
    assert test.effet == pytest.approx(80 / 79)
