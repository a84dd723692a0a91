"""Kaplan-Meier medians and quantiles equal those of R's ``survival`` and of exact arithmetic.

The data are public and small enough to be read here; ``+`` marks what is still open (censored).
[G] Gehan, Biometrika 1965, 52:203-223 (leukaemia, 6-MP and placebo; weeks of remission).
[M] Miller, Survival Analysis, 1981 (``survival::aml``, weeks). [O] Edmunson et al., Cancer
Treatment Reports 1979, 63:241-247 (``survival::ovarian``, days). [L] Loprinzi et al., Journal of
Clinical Oncology 1994, 12:601-607 (``survival::lung``, days). [V] Kalbfleisch and Prentice, 1980
(``survival::veteran``, days). [R] the reference values of R's
``survival`` for its quantiles, worked by hand by its author.
"""

from __future__ import annotations

import math
from fractions import Fraction
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.duration.survfunc import SurvfuncRight

from qualepref_lib.core.mesures import Taux
from qualepref_lib.core.survie import courbe, quantile, resumer

SIX_MP = "6 6 6 6+ 7 9+ 10 10+ 11+ 13 16 17+ 19+ 20+ 22 23 25+ 32+ 32+ 34+ 35+"
PLACEBO = "1 1 2 2 3 4 4 5 5 8 8 8 8 11 11 12 12 15 17 22 23"
ENTRETENUS = "9 13 13+ 18 23 28+ 31 34 45+ 48 161+"
NON_ENTRETENUS = "5 5 8 8 12 16+ 23 27 30 33 43 45"
OVAIRE = (
    "59 115 156 268 329 353 365 377+ 421+ 431 448+ 464 475 477+ 563 638 744+ 769+ 770+ 803+ 855+ "
    "1040+ 1106+ 1129+ 1206+ 1227+"
)
POUMON = (
    "5 11 11 11 12 13 13 15 26 30 31 53 53 54 59 60 60 61 62 65 65 71 79 81 81 88 88 92 92+ 93 "
    "95 95 105 105+ 107 107 110 116 118 122 131 132 132 135 142 144 145 145 147 153 156 156 163 "
    "163 163 166 166 167 170 173+ 174+ 175 175+ 176 177 177+ 179 179 180 181 181 182 183 185+ "
    "186 188+ 189 191+ 192+ 194 196+ 197 197+ 199 201 201 202 202+ 203+ 207 208 210 211+ 212 "
    "218 221+ 222 222+ 223 224+ 225+ 225+ 226 229 230 235+ 237+ 239 239 240+ 243+ 245 246 252+ "
    "259+ 266+ 267 268 269 269+ 270 272+ 276+ 279+ 283 284 284+ 285 285 286 288 291 292+ 292+ "
    "293 296+ 300+ 301 301+ 303 303+ 305 306 310 310 315+ 320 329 332+ 337 340 345 348 350 351 "
    "353 353 356+ 361 363 363 364 364+ 371 371 376+ 382+ 384+ 387 390 394 404+ 413+ 426 428 429 "
    "433 442 444 444+ 450 455 457 458+ 460 473 477 511+ 511+ 519 520 524 524 529+ 533 543+ 550 "
    "551+ 558 559+ 567 574 583 588+ 613 624 641 643 654 655 687 689 705 707 728 731 735 740+ "
    "765 791 806+ 814 821+ 840+ 883 965+ 1010+ 1022+"
)
VETERANS = (
    "1 1 2 3 4 7 7 7 8 8 8 8 10 10 11 12 12 13 13 15 15 16 18 18 18 19 19 20 20 21 21 22 24 24 "
    "25 25 25 25+ 27 29 30 30 31 31 33 35 36 42 43 44 45 48 49 51 51 51 52 52 52 53 54 54 56 59 "
    "61 63 72 73 80 80 82 83+ 84 87 87+ 90 92 95 95 97+ 99 99 100 100+ 103 103+ 105 110 111 111 "
    "112 117 117 118 122 123+ 126 132 133 139 140 143 144 151 153 156 162 162 164 177 182+ 186 "
    "200 201 216 228 231 231+ 242 250 260 278 283 287 314 340 357 378 384 389 392 411 467 553 "
    "587 991 999"
)
# [R]: the whole sample, and its two groups.
R_ENSEMBLE, R_GROUPE_0, R_GROUPE_1 = "9 1 1+ 6 6 8+ 10+", "9 6 8+ 10+", "1 1+ 6"

Echantillon = tuple[np.ndarray, np.ndarray]


def lire(texte: str) -> Echantillon:
    """Times and open marks, from the way such data are printed."""
    mots = texte.split()
    durees = np.array([float(mot.rstrip("+")) for mot in mots])
    return durees, np.array([mot.endswith("+") for mot in mots])


def courbe_exacte(durees: list[Fraction], ouverts: list[bool]) -> list[tuple[Fraction, Fraction]]:
    """The product-limit estimator by its definition, in fractions: (time, share beyond it)."""
    reste, points = Fraction(1), []
    for temps in sorted({d for d, ouvert in zip(durees, ouverts, strict=True) if not ouvert}):
        a_risque = sum(d >= temps for d in durees)
        finis = sum(d == temps and not o for d, o in zip(durees, ouverts, strict=True))
        reste *= Fraction(a_risque - finis, a_risque)
        points.append((temps, reste))
    return points


def quantile_exact(durees: list[Fraction], ouverts: list[bool], p: Fraction) -> Fraction | None:
    """The quantile by its definition: where a curve of exact fractions reaches 1 − p."""
    points = courbe_exacte(durees, ouverts)
    for rang, (temps, reste) in enumerate(points):
        if reste < 1 - p:
            return temps
        if reste == 1 - p:
            fin = points[rang + 1][0] if rang + 1 < len(points) else max(durees)
            return (temps + fin) / 2
    return None


# Few distinct times, so that ends and open items fall together; quarters are exact floats.
echantillons = st.lists(
    st.tuples(st.integers(0, 60).map(lambda quarts: Fraction(quarts, 4)), st.booleans()),
    min_size=1,
    max_size=40,
)
parts = st.fractions(Fraction(1, 40), 1, max_denominator=40)


def separer(lignes: list[tuple[Fraction, bool]]) -> tuple[list[Fraction], list[bool]]:
    """A sample as two lists."""
    return [duree for duree, _ in lignes], [ouvert for _, ouvert in lignes]


def en_tableaux(lignes: list[tuple[Fraction, bool]]) -> Echantillon:
    """A sample as the library takes it."""
    durees, ouverts = separer(lignes)
    return np.array([float(duree) for duree in durees]), np.array(ouverts, "bool")


@pytest.mark.parametrize(
    ("donnees", "mediane"),
    [
        pytest.param(SIX_MP, 23, id="Gehan 6-MP"),
        pytest.param(PLACEBO, 8, id="Gehan placebo"),
        pytest.param(ENTRETENUS, 31, id="aml Maintained"),
        pytest.param(NON_ENTRETENUS, 23, id="aml Nonmaintained"),
        pytest.param(OVAIRE, 638, id="ovarian"),
    ],
)
def test_medianes_publiees(donnees: str, mediane: float) -> None:
    """The median is the one that R's ``survfit`` prints for public data with open items."""
    assert quantile(*lire(donnees), 0.5) == mediane


@pytest.mark.parametrize(
    ("donnees", "publiee"),
    [
        pytest.param(
            SIX_MP,
            {6: 0.857, 7: 0.807, 10: 0.753, 13: 0.690, 16: 0.627, 22: 0.538, 23: 0.448},
            id="Gehan 6-MP",
        ),
        pytest.param(
            ENTRETENUS,
            {9: 0.909, 13: 0.818, 18: 0.716, 23: 0.614, 31: 0.491, 34: 0.368, 48: 0.184},
            id="aml Maintained",
        ),
        pytest.param(
            NON_ENTRETENUS,
            {5: 0.8333, 8: 0.6667, 12: 0.5833, 23: 0.4861, 27: 0.3889, 30: 0.2917, 33: 0.1944,
             43: 0.0972, 45: 0.0},
            id="aml Nonmaintained",
        ),
        pytest.param(
            OVAIRE,
            {59: 0.962, 115: 0.923, 156: 0.885, 268: 0.846, 329: 0.808, 353: 0.769, 365: 0.731,
             431: 0.688, 464: 0.642, 475: 0.596, 563: 0.546, 638: 0.497},
            id="ovarian",
        ),
    ],
)  # fmt: skip
def test_courbes_publiees(donnees: str, publiee: dict[int, float]) -> None:
    """The share still open after each end is the one that R prints, to its last decimal."""
    temps, survie = courbe(*lire(donnees))
    assert temps.tolist() == list(publiee)
    np.testing.assert_allclose(survie, list(publiee.values()), atol=5.1e-4)


@pytest.mark.parametrize(
    ("donnees", "attendus"),
    [
        (R_ENSEMBLE, [1, 3.5, 6, 9, 9.5, None]),
        (R_GROUPE_0, [6, 6, 9, 9, None, None]),
        (R_GROUPE_1, [1, 1, 3.5, 6, 6, 6]),
    ],
)
def test_quantiles_de_r(donnees: str, attendus: list[float | None]) -> None:
    """[R]: before the first end, on a level part, on the last one, beyond the curve."""
    restes = (13 / 14, 6 / 7, 2 / 3, 0.5, 9 / 35, 0.1)
    assert [quantile(*lire(donnees), 1 - reste) for reste in restes] == attendus


@pytest.mark.parametrize(
    ("donnees", "attendus"),
    [
        pytest.param(POUMON, [79, 170, 310, 550, 735], id="lung"),
        pytest.param(VETERANS, [10, 25, 80, 162, 340], id="veteran"),
        pytest.param(OVAIRE, [156, 365, 638, None, None], id="ovarian"),
    ],
)
def test_quantiles_publics(donnees: str, attendus: list[float | None]) -> None:
    """Deciles and quartiles are those of R's ``quantile(survfit(…))``, not reached included."""
    assert [quantile(*lire(donnees), p) for p in (0.1, 0.25, 0.5, 0.75, 0.9)] == attendus


def test_laisser_de_cote_les_ouverts_raccourcirait() -> None:
    """What is printed counts the open items: without them half of the lung patients would have
    lived 226 days (R, on the ended ones alone), not 310."""
    durees, ouverts = lire(POUMON)
    assert quantile(durees, ouverts, 0.5) == 310
    assert np.median(durees[~ouverts]) == 226


@pytest.mark.parametrize("graine", range(12))
def test_courbe_de_statsmodels(graine: int) -> None:
    """The product-limit estimator equals statsmodels' on samples full of ties, a few to 5,000."""
    tirage = np.random.default_rng(graine)
    n = int(tirage.choice([3, 20, 300, 5000]))
    durees, ouvert = tirage.integers(0, 40, n).astype(float), tirage.random(n) < 0.3
    reference = SurvfuncRight(durees, (~ouvert).astype(int))
    temps, survie = courbe(durees, ouvert)
    assert temps.tolist() == reference.surv_times.tolist()
    np.testing.assert_allclose(survie, reference.surv_prob, atol=1e-12)


@given(echantillons, parts)
def test_quantile_exact(lignes: list[tuple[Fraction, bool]], p: Fraction) -> None:
    """Floating point gives what exact fractions give, level parts of the curve included."""
    attendu = quantile_exact(*separer(lignes), p)
    assert quantile(*en_tableaux(lignes), float(p)) == attendu


@given(
    st.lists(st.integers(-40, 400).map(lambda huitiemes: huitiemes / 8), min_size=1, max_size=200),
    st.sampled_from([0.1, 0.25, 0.5, 0.75, 0.9, 1.0]),
)
def test_sans_ouvert(durees: list[float], p: float) -> None:
    """With nothing open, quantiles are the ordinary ones, and the median the usual median."""
    rien = np.zeros(len(durees), "bool")
    ordinaire = np.quantile(durees, p, method="averaged_inverted_cdf")
    assert quantile(np.array(durees), rien, p) == ordinaire
    assert quantile(np.array(durees), rien, 0.5) == np.median(durees)


@given(echantillons, parts, st.randoms(use_true_random=False))
def test_ordre_indifferent(
    lignes: list[tuple[Fraction, bool]], p: Fraction, hasard: Random
) -> None:
    """The order of the rows changes nothing."""
    melangees = list(lignes)
    hasard.shuffle(melangees)
    assert quantile(*en_tableaux(melangees), p) == quantile(*en_tableaux(lignes), p)


@given(echantillons, parts, parts)
def test_croissant(lignes: list[tuple[Fraction, bool]], p: Fraction, q: Fraction) -> None:
    """More items take longer: quantiles grow with p, and once out of reach remain so."""
    bas, haut = (quantile(*en_tableaux(lignes), float(part)) for part in sorted((p, q)))
    assert (math.inf if haut is None else haut) >= (math.inf if bas is None else bas)


@given(echantillons, parts)
def test_en_secondes(lignes: list[tuple[Fraction, bool]], p: Fraction) -> None:
    """Minutes told in seconds give sixty times the answer."""
    durees, ouvert = en_tableaux(lignes)
    minutes = quantile(durees, ouvert, float(p))
    secondes = quantile(60 * durees, ouvert, float(p))
    assert secondes == (None if minutes is None else 60 * minutes)


@given(echantillons, parts)
def test_ouverts_jamais_ecartes(lignes: list[tuple[Fraction, bool]], p: Fraction) -> None:
    """What is open can only lengthen the answer: leaving it out never makes it longer."""
    durees, ouvert = en_tableaux(lignes)
    entier = quantile(durees, ouvert, float(p))
    ecarte = quantile(durees[~ouvert], ouvert[~ouvert], float(p))
    if entier is not None:
        assert ecarte is not None and ecarte <= entier


def test_ecarter_les_ouverts_trompe() -> None:
    """Leaving out the open items of [G] would print 10 weeks where the median is 23."""
    durees, ouvert = lire(SIX_MP)
    assert np.median(durees[~ouvert]) == 10
    assert np.median(durees) == 16  # nor is their time so far the time they will take
    assert quantile(durees, ouvert, 0.5) == 23
    assert quantile(durees, ouvert, 0.9) is None
    assert quantile(durees[~ouvert], ouvert[~ouvert], 0.9) == 23


def test_ouvert_au_temps_d_une_fin() -> None:
    """What is open at the very time of an end is at risk of it, whichever row comes first."""
    # At 3: 4 at risk, 1 ends, 3/4; at 4: 2 at risk, 1 ends, 3/8. Had the open one left before, the
    # curve would be 2/3, 1/3.
    for donnees in ("3+ 3 4 5", "3 3+ 4 5"):
        temps, survie = courbe(*lire(donnees))
        assert temps.tolist() == [3, 4, 5]
        np.testing.assert_allclose(survie, [3 / 4, 3 / 8, 0])


def test_temps_egaux_a_l_arrondi_pres() -> None:
    """Two waits of 5 min 10 s are one time, though their minutes differ in the last decimal."""
    attentes = np.array([600 + 20 / 60 - (595 + 10 / 60), 6000 / 60 + 20 / 60 - (95 + 10 / 60), 9])
    assert attentes[0] != attentes[1]
    for ouvert in ([True, False, False], [False, True, False]):
        _, survie = courbe(attentes, np.array(ouvert))
        np.testing.assert_allclose(survie, [2 / 3, 0])


@pytest.mark.parametrize("n", [20, 30, 490, 2000, 40_000])
def test_palier_a_l_arrondi_pres(n: int) -> None:
    """(19/20)(18/19)…(10/11) is a half, whatever floats make of it: the middle is taken."""
    durees, rien = np.arange(1.0, n + 1), np.zeros(n, "bool")
    assert quantile(durees, rien, 0.5) == (n + 1) / 2
    assert quantile(durees, rien, 0.9) == 0.9 * n + 0.5


def test_sans_mesure() -> None:
    """Nothing, or nothing but open items, has no quantile; unknown times are left out."""
    assert quantile(np.array([]), np.array([], "bool"), 0.5) is None
    assert quantile(*lire("3+ 5+"), 0.5) is None
    durees, ouvert = np.array([2.0, np.nan, 4, np.nan]), np.array([False, False, False, True])
    assert quantile(durees, ouvert, 0.5) == 3
    resume = resumer(durees, ouvert, "jours")
    assert (resume.n, resume.en_cours) == (2, 0)


def test_refus() -> None:
    """A share out of ]0, 1] and two arrays of different lengths are refused."""
    for p in (0.0, -0.1, 1.1, math.nan):
        with pytest.raises(ValueError, match="shares"):
            quantile(*lire("3 5"), p)
    with pytest.raises(ValueError, match="2 times and 1 states"):
        quantile(np.array([3.0, 5]), np.array([False]), 0.5)


def test_resumer() -> None:
    """The spread keeps how many ended and how many are open, and the caller's target."""
    tenus = Taux(15, 21)
    resume = resumer(*lire(SIX_MP), "semaines", tenus, "23 au plus", "en rémission")
    assert (resume.n, resume.en_cours, resume.ouverts) == (9, 12, "en rémission")
    assert (resume.mediane, resume.p90) == (23, None)
    assert (resume.dans_cible, resume.cible, resume.unite) == (tenus, "23 au plus", "semaines")
    # Placebo: nine tenths of 21 are 18.9, so the 19th time.
    assert resumer(*lire(PLACEBO), "semaines").p90 == 17
