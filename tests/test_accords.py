"""Agreement between testers: the published tables, and independent ways to the same figure."""

from __future__ import annotations

import itertools
import math
import time
from typing import Any

import numpy as np
import pytest
from scipy.stats import binomtest
from scipy.stats import t as student
from statsmodels.stats.inter_rater import cohens_kappa, fleiss_kappa

from qualepref_lib.core.accords import ac1, accord_brut, alpha, kappa_cohen, kappa_fleiss
from qualepref_lib.core.derives import Derive, comparer_testeurs, dire_derive
from qualepref_lib.core.lecture_accords import lire_accord
from qualepref_lib.core.mesures import Taux

N = None
KRIPPENDORFF = [
    [1, 1, N, 1], [2, 2, 3, 2], [3, 3, 3, 3], [3, 3, 3, 3], [2, 2, 2, 2], [1, 2, 3, 4],
    [4, 4, 4, 4], [1, 1, 2, 1], [2, 2, 2, 2], [N, 5, 5, 5], [N, N, 1, 1], [N, N, 3, N],
]  # fmt: skip
"""Krippendorff 2011: 12 units, 4 observers; also the data set cac.raw4raters of R's irrCAC."""

FLEISS_1971 = (
    "00060 03003 01401 00006 03030 20400 00402 20310 20040 00006 10050 11040 03300 10050 02031 "
    "00501 30012 51000 02040 10203 00006 01050 02013 20040 10041 05010 40002 02040 10500 00006"
)
"""Fleiss 1971: 30 patients, 6 psychiatrists, how many chose each of 5 diagnoses."""

PARADOXE = [[118, 5], [2, 0]]
"""Gwet 2008: 125 subjects, nearly all of them one word."""

ABSTRACTORS = [[13, 0, 0], [0, 20, 7], [0, 4, 56]]
"""R's irrCAC, cont3x3abstractors: 100 pregnancies read by two abstractors."""

AGRESTI = [[7, 7, 2, 3], [2, 8, 3, 7], [1, 5, 4, 9], [2, 8, 9, 14]]
"""Agresti 1990 (R's vcd, SexualFun): 91 couples, an ordered scale of four."""


def notes(tableau: list[list[int]]) -> list[list[Any]]:
    """The ratings of a table: one row a unit, two coders."""
    return [
        [i, j] for i, ligne in enumerate(tableau) for j, n in enumerate(ligne) for _ in range(n)
    ]


def erreur(accord: Any, quantile: float = 1.959964) -> float:
    """The standard error behind a symmetric interval."""
    return (accord.valeur - accord.intervalle[0]) / quantile


@pytest.mark.parametrize(
    ("tableau", "publie"),
    [
        ([[20, 5], [10, 15]], 0.40),
        ([[45, 15], [25, 15]], 0.1304),
        ([[25, 35], [5, 35]], 0.2593),
        ([[75, 1, 4], [5, 4, 1], [0, 0, 10]], 0.6765),
        (PARADOXE, -0.0234),
        (ABSTRACTORS, 0.7964),
    ],
)
def test_cohen_is_the_published_one(tableau: list[list[int]], publie: float) -> None:
    """Cohen's kappa of the textbook tables (Fleiss 1981, Gwet 2008, irrCAC, encyclopaedia)."""
    assert kappa_cohen(notes(tableau)).valeur == pytest.approx(publie, abs=5e-5)


def test_published_standard_errors() -> None:
    """Agresti's couples: 0.1293 (0.0686), weighted 0.2374 (0.0783); irrCAC: 0.0589."""
    plat, pondere = (kappa_cohen(notes(AGRESTI), poids=p) for p in ("aucun", "lineaire"))
    assert (plat.valeur, erreur(plat)) == pytest.approx((0.1293, 0.0686), abs=5e-5)
    assert (pondere.valeur, erreur(pondere)) == pytest.approx((0.2374, 0.07832), abs=5e-5)
    assert erreur(kappa_cohen(notes(ABSTRACTORS))) == pytest.approx(0.05891072, abs=1e-7)


@pytest.mark.parametrize(
    ("poids", "leurs"), [("aucun", None), ("lineaire", "linear"), ("quadratique", "quadratic")]
)
def test_cohen_and_its_error_are_those_of_statsmodels(poids: Any, leurs: str | None) -> None:
    """Kappa and the error of Fleiss, Cohen and Everitt, on tables drawn at random."""
    hasard = np.random.default_rng(1)
    for taille in (2, 3, 5):
        tableau = hasard.integers(1, 20, (taille, taille)) + 15 * np.eye(taille, dtype=int)
        attendu = cohens_kappa(tableau, wt=leurs)
        accord = kappa_cohen(notes(tableau.tolist()), poids=poids)
        assert accord.valeur == pytest.approx(attendu.kappa)
        assert accord.intervalle == pytest.approx((attendu.kappa_low, attendu.kappa_upp))


def test_quadratic_kappa_is_a_concordance() -> None:
    """With quadratic weights kappa is Lin's concordance of the ranks (Fleiss and Cohen 1973)."""
    un, autre = np.array(notes(AGRESTI)).T
    lin = 2 * np.cov(un, autre, bias=True)[0, 1]
    lin /= un.var() + autre.var() + (un.mean() - autre.mean()) ** 2
    assert kappa_cohen(notes(AGRESTI), poids="quadratique").valeur == pytest.approx(lin)


def test_fleiss_is_the_published_one() -> None:
    """Fleiss 1971: kappa 0.430 over 30 patients and 6 psychiatrists, as statsmodels has it."""
    effectifs = [[int(c) for c in ligne] for ligne in FLEISS_1971.split()]
    parts = np.array(effectifs).sum(axis=0) / 180
    assert parts == pytest.approx([0.144, 0.144, 0.167, 0.306, 0.239], abs=5e-4)
    lignes = [[k for k, n in enumerate(ligne) for _ in range(n)] for ligne in effectifs]
    accord = kappa_fleiss(lignes)
    assert accord.valeur == pytest.approx(0.430, abs=5e-4)
    assert accord.valeur == pytest.approx(fleiss_kappa(np.array(effectifs)))
    assert (accord.n_unites, accord.n_codeurs, accord.brut.observes) == (30, 6, 30 * 15)


def test_irrcac_on_four_raters() -> None:
    """R's irrCAC on its own data: AC1 0.77544 (0.14295), Fleiss 0.76117 (0.15302), alpha 0.743."""
    ac, fleiss = ac1(KRIPPENDORFF), kappa_fleiss(KRIPPENDORFF)
    quantile = student.ppf(0.975, 11)
    assert (ac.valeur, erreur(ac, quantile)) == pytest.approx((0.77544, 0.14295), abs=5e-6)
    assert fleiss.valeur == pytest.approx(0.76117, abs=5e-6)
    assert erreur(fleiss, quantile) == pytest.approx(0.15302, abs=5e-6)
    assert ac.intervalle == pytest.approx((0.461, 1.0), abs=5e-4)
    assert alpha(KRIPPENDORFF).valeur == pytest.approx(0.74342, abs=5e-6)
    assert (ac.n_unites, ac.n_codeurs) == (11, 4)


def test_ac1_of_two_raters() -> None:
    """AC1 of Gwet's paradox is 0.9408 where kappa is below 0; 0.84933 for the abstractors."""
    assert ac1(notes(PARADOXE)).valeur == pytest.approx(0.9408, abs=5e-5)
    lus = ac1(notes(ABSTRACTORS))
    assert lus.valeur == pytest.approx(0.8493305, abs=5e-8)
    # The published error of a table divides by n where that of raw ratings divides by n − 1.
    corrigee = 0.04321747 * math.sqrt(100 / 99)
    assert erreur(lus, student.ppf(0.975, 99)) == pytest.approx(corrigee, abs=1e-7)


@pytest.mark.parametrize(
    ("metrique", "publie"), [("nominale", 0.743), ("ordinale", 0.815), ("intervalle", 0.849)]
)
def test_alpha_is_the_published_one(metrique: Any, publie: float) -> None:
    """Krippendorff 2011, four observers, missing ratings: 0.743, 0.815, 0.849."""
    assert alpha(KRIPPENDORFF, metrique).valeur == pytest.approx(publie, abs=5e-4)


def par_coincidences(lignes: list[list[Any]], metrique: str) -> float:
    """Alpha by the definition: pairs of values within units, pairs of values at large."""
    unites = [[v for v in ligne if v is not None] for ligne in lignes]
    unites = [unite for unite in unites if len(unite) > 1]
    valeurs = sorted(v for unite in unites for v in unite)

    def ecart(a: float, b: float) -> float:
        if metrique == "nominale":
            return float(a != b)
        if metrique == "intervalle":
            return (a - b) ** 2
        bas, haut = min(a, b), max(a, b)
        entre = sum(bas <= v <= haut for v in valeurs)
        return (entre - (valeurs.count(a) + valeurs.count(b)) / 2) ** 2 if a != b else 0.0

    dans = sum(
        ecart(a, b) / (len(unite) - 1)
        for unite in unites
        for a, b in itertools.permutations(unite, 2)
    )
    partout = sum(ecart(a, b) for a, b in itertools.permutations(valeurs, 2))
    return 1 - (len(valeurs) - 1) * dans / partout


@pytest.mark.parametrize("metrique", ["nominale", "ordinale", "intervalle"])
def test_alpha_is_its_definition(metrique: Any) -> None:
    """On ratings drawn at random, with holes, alpha is the sum over pairs that defines it."""
    hasard = np.random.default_rng(4)
    for _ in range(10):
        lignes = hasard.integers(0, 5, (15, 3)).astype(object)
        lignes[hasard.random((15, 3)) < 0.2] = None
        attendu = par_coincidences(lignes.tolist(), metrique)
        assert alpha(lignes, metrique, tirages=10).valeur == pytest.approx(attendu)


def test_bootstrap_resamples_units() -> None:
    """The interval of alpha is that of alphas computed one by one on units drawn again."""
    lignes = notes([[12, 3], [4, 11]])
    hasard = np.random.default_rng(7)
    alphas = [
        par_coincidences([lignes[u] for u in hasard.integers(0, 30, 30)], "nominale")
        for _ in range(1500)
    ]
    accord = alpha(lignes, tirages=20000)
    assert accord.intervalle == pytest.approx(np.quantile(alphas, [0.025, 0.975]), abs=0.04)
    assert alpha(lignes) == alpha(lignes)
    assert alpha(lignes).intervalle != alpha(lignes, graine=1).intervalle
    assert "2000 tirages, graine 2011" in alpha(lignes).methode


@pytest.mark.parametrize("mesure", [kappa_cohen, kappa_fleiss, ac1, alpha])
def test_clusters_widen_the_interval(mesure: Any) -> None:
    """Rows copied ten times within their visit say as much as the visits, not ten times more."""
    visites = notes([[14, 3], [4, 13]])
    copies = [ligne for ligne in visites for _ in range(10)]
    grappes = [visite for visite in range(len(visites)) for _ in range(10)]
    seules, par_visite = mesure(visites), mesure(copies, grappes=grappes)
    naif = mesure(copies)
    largeur = [a.intervalle[1] - a.intervalle[0] for a in (seules, par_visite, naif)]
    assert largeur[1] == pytest.approx(largeur[0], rel=0.1) and largeur[2] < 0.4 * largeur[0]
    assert (par_visite.n_grappes, par_visite.independantes, naif.n_grappes) == (34, 34, None)


@pytest.mark.parametrize("mesure", [kappa_fleiss, ac1])
def test_clusters_of_one_change_nothing(mesure: Any) -> None:
    """When each unit is its own visit, the variance by visits is Gwet's."""
    accord = mesure(KRIPPENDORFF, grappes=[f"V{n}" for n in range(12)])
    assert accord.intervalle == pytest.approx(mesure(KRIPPENDORFF).intervalle)


def test_ratings_that_do_not_vary() -> None:
    """One word only: kappa and alpha are « sans objet », raw agreement is kept."""
    memes = [["oui", "oui"]] * 12
    for accord in (kappa_cohen(memes), kappa_fleiss(memes), alpha(memes), ac1(memes)):
        assert accord.valeur is None and accord.intervalle is None
        assert accord.brut == Taux(12, 12) and "sans objet" in str(accord)
    assert ac1(memes, ["oui", "non"]).valeur == 1.0


def test_perfect_agreement_promises_no_certainty() -> None:
    """Without a disagreement each coefficient is 1, and none has an interval of no width."""
    parfaits = notes([[8, 0], [0, 7]])
    for accord in (kappa_cohen(parfaits), kappa_fleiss(parfaits), ac1(parfaits), alpha(parfaits)):
        assert accord.valeur == pytest.approx(1) and accord.intervalle is None


def test_missing_ratings_and_raw_agreement() -> None:
    """Pairs are counted within units; a unit rated once, or not at all, gives none."""
    lignes = [["a", "a", "b"], ["a", None, None], [None, None, None], ["b", float("nan"), "b"]]
    assert accord_brut(lignes) == Taux(2, 4)
    assert accord_brut([]) == Taux(0, 0) and kappa_cohen([]).valeur is None
    assert alpha([["a", None], [None, "b"]]).valeur is None
    assert ac1([["a", None], [None, "b"]]).n_unites == 0


def test_what_is_refused() -> None:
    """Three coders have no Cohen; words have no order of their own; unknown words are named."""
    with pytest.raises(ValueError, match="two coders, not 3"):
        kappa_cohen([["a", "b", "a"]] * 3)
    with pytest.raises(ValueError, match="words have no order"):
        kappa_cohen([["bien", "mal"]], poids="lineaire")
    with pytest.raises(ValueError, match="words have no order"):
        alpha([["bien", "mal"]], "ordinale")
    with pytest.raises(ValueError, match="outside the categories"):
        ac1([["oui", "peut-être"]], ["oui", "non"])
    with pytest.raises(ValueError, match="not a matrix"):
        accord_brut(["oui", "non"])
    with pytest.raises(ValueError, match="2 clusters named for 3 units"):
        alpha([["a", "b"]] * 3, grappes=[1, 2])


def test_the_order_of_words_counts() -> None:
    """A scale of words is read in the order given, as its ranks are."""
    mots = ["mauvais", "moyen", "bon", "excellent"]
    dits = [[mots[i], mots[j]] for i, j in notes(AGRESTI)]
    dit = kappa_cohen(dits, mots, poids="quadratique").valeur
    assert dit == pytest.approx(kappa_cohen(notes(AGRESTI), poids="quadratique").valeur)
    rangs, ordre = alpha(notes(AGRESTI), "ordinale"), alpha(dits, "ordinale", mots)
    assert rangs.valeur == ordre.valeur and rangs.intervalle == ordre.intervalle


def plat(texte: str) -> str:
    """A sentence without the spaces of French typography."""
    return texte.replace("\u00a0", " ").replace("\u202f", " ")


def oui_non(tableau: list[list[int]]) -> list[list[str]]:
    """The ratings of a 2×2 table, in words."""
    return [[("oui", "non")[note] for note in ligne] for ligne in notes(tableau)]


def test_reading_the_paradox() -> None:
    """When nearly all ratings are one word, AC1 is read and the sentence says why not kappa."""
    lecture = lire_accord(oui_non(PARADOXE), ["oui", "non"])
    assert lecture.lu is not None and lecture.lu.coefficient == "AC1 de Gwet"
    assert plat(lecture.phrase) == (
        "2 testeurs, 125 tests en double, notes identiques : 118 sur 125 (94 %). On lit : AC1 de "
        "Gwet 0,94 [0,90 ; 0,99] ; 1 est l’accord parfait, 0 celui du hasard. Le kappa de Cohen "
        "(−0,02) ne se lit pas ici : 97 % des notes sont « oui », et il s’effondre alors au "
        "moindre désaccord."
    )


def test_reading_kappa_and_alpha() -> None:
    """Ratings that vary: kappa for two coders, alpha for more; no word grades the coefficient."""
    lecture = lire_accord(oui_non([[20, 5], [10, 15]]), ["oui", "non"])
    assert "On lit : kappa de Cohen 0,40 [0,15 ; 0,65]" in plat(lecture.phrase)
    plusieurs = lire_accord(KRIPPENDORFF, [1, 2, 3, 4, 5], ordonnees=True, nom="visite")
    assert "4 testeurs, 11 visites en double, paires de notes identiques" in plat(plusieurs.phrase)
    assert "alpha de Krippendorff (échelle ordonnée) 0,82" in plusieurs.phrase
    hasard = lire_accord(oui_non([[9, 8], [8, 9]]), ["oui", "non"]).phrase
    assert "L’intervalle contient 0" in plat(hasard)
    for phrase in (lecture.phrase, plusieurs.phrase, hasard):
        assert not any(mot in phrase for mot in ("excellent", "satisfaisant", "médiocre"))


def test_reading_what_has_no_coefficient() -> None:
    """No pair, too few visits, or one word only: counts are said, and nothing is read."""
    rien = lire_accord([["oui", None]], ["oui", "non"])
    assert rien.lu is None and "ne se mesure pas" in rien.phrase
    peu = lire_accord(oui_non([[5, 2], [1, 1]]), ["oui", "non"])
    assert peu.lu is None and "6 sur 9. C’est trop peu" in plat(peu.phrase)
    memes = lire_accord([["oui", "oui"]] * 12, ["oui", "non"])
    assert memes.lu is None and "sans objet ; l’accord brut reste" in plat(memes.phrase)
    assert "12 sur 12 (100 %)" in plat(memes.phrase)


def test_few_visits_with_many_criteria_are_few() -> None:
    """Twenty criteria seen in four visits are four things seen twice, not eighty."""
    lignes = oui_non([[30, 10], [15, 25]])
    grappes = [n % 4 for n in range(80)]
    lecture = lire_accord(lignes, ["oui", "non"], grappes=grappes)
    assert lecture.lu is None and "4 tests en double" in plat(lecture.phrase)
    assert lire_accord(lignes, ["oui", "non"]).lu is not None


def test_perfect_reading_falls_back_on_the_raw_margin() -> None:
    """15 of 15: the margin is that of the raw agreement, Wilson's [80 % ; 100 %]."""
    phrase = plat(lire_accord(oui_non([[8, 0], [0, 7]]), ["oui", "non"]).phrase)
    assert "kappa de Cohen 1,00 ;" in phrase and "va de 80 % à 100 % (Wilson)" in phrase


def test_a_tester_who_drifts() -> None:
    """A tester is compared on shared units only; the test is the exact sign test, Holm-adjusted."""
    lignes = (
        [["oui", "non", None]] * 12 + [["non", "oui", None]] + [["oui", "oui", "oui"]] * 7
        + [["oui", None, None]] * 30 + [[None, "sans objet", "oui"]] * 3
    )  # fmt: skip
    un, deux, trois = comparer_testeurs(lignes, ["T1", "T2", "T3"])
    assert (un.siens, un.autres) == (Taux(19, 20), Taux(15, 27))
    assert (un.plus_favorable, un.plus_severe, un.visites) == (12, 1, 20)
    assert un.p == pytest.approx(binomtest(12, 13).pvalue)
    assert un.p_ajustee == pytest.approx(3 * un.p) and deux.p == un.p
    assert (trois.p, trois.visites) == (1.0, 7)
    assert "T1 : favorable 19 sur 20 (95 %)" in plat(dire_derive(un))
    assert "note plus favorable que les autres (test des signes, p = 0,010, " in dire_derive(un)
    assert "trop peu pour comparer" in dire_derive(trois)


def test_two_testers_are_one_comparison() -> None:
    """With two testers there is one comparison, seen twice: nothing to adjust."""
    un, deux = comparer_testeurs([["oui", "non"]] * 6 + [["oui", "oui"]] * 6, ["A", "B"])
    assert un.p == un.p_ajustee == deux.p == pytest.approx(2 / 2**6) and un.famille == 1
    assert "note plus sévère que les autres (test des signes, p = 0,031)" in dire_derive(deux)
    seul = comparer_testeurs([["oui", None]] * 3, ["A", "B"])[0]
    assert seul.p is None and "rien de noté en commun" in dire_derive(seul)


def test_signs_are_those_of_visits() -> None:
    """Five criteria of a visit that go the same way are one sign."""
    lignes = [["oui", "non"]] * 20
    un, _ = comparer_testeurs(lignes, ["A", "B"], grappes=[n // 5 for n in range(20)])
    assert (un.visites, un.plus_favorable, un.siens) == (4, 4, Taux(20, 20))
    assert isinstance(un, Derive) and un.p == pytest.approx(2 / 2**4)


def test_a_large_wave_is_read_at_once() -> None:
    """10 000 visits × 20 criteria rated twice by eight testers are read in a few seconds."""
    hasard = np.random.default_rng(0)
    lignes = np.full((200_000, 8), None, dtype=object)
    deux = hasard.permuted(np.tile(np.arange(8), (200_000, 1)), axis=1)[:, :2]
    mots = np.array(["oui", "non", "sans objet"], dtype=object)
    for codeur in deux.T:
        lignes[np.arange(200_000), codeur] = mots[hasard.choice(3, 200_000, p=[0.6, 0.3, 0.1])]
    debut = time.perf_counter()
    lecture = lire_accord(lignes, list(mots), grappes=np.arange(200_000) // 20)
    assert time.perf_counter() - debut < 15
    assert lecture.lu is not None and abs(lecture.lu.valeur or 0) < 0.01
