"""Control charts give the published limits, and those of an independent computation.

[N] NIST/SEMATECH e-Handbook of Statistical Methods, 6.3.2.2 (flow rates, individuals chart).
[J] Montgomery, Introduction to Statistical Quality Control, chapter 7 (orange juice cans, 30
samples of 50, p chart). [L] Laney, Quality Engineering 2002, 14(4):531-537 (p′).
"""

from __future__ import annotations

import math
from itertools import pairwise
from statistics import fmean

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from qualepref_lib.core.cartes import AU_DELA, SERIE, Carte, new_carte_p, new_carte_xmr

DEBITS = [49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1]
BOITES = [12, 15, 8, 10, 4, 7, 16, 9, 14, 10, 5, 6, 17, 12, 22,
          8, 10, 5, 13, 11, 20, 18, 24, 15, 9, 12, 7, 13, 9, 6]  # fmt: skip


def limites_p(
    faits: list[int], bases: list[int], repere: list[bool]
) -> list[tuple[float, float] | None]:
    """The p′ limits step by step, point by point, as [L] sets them out."""
    retenus = [r and n > 0 for r, n in zip(repere, bases, strict=True)]
    total = sum(n for n, r in zip(bases, retenus, strict=True) if r)
    p = sum(f for f, r in zip(faits, retenus, strict=True) if r) / total
    sigma = [math.sqrt(p * (1 - p) / n) if n else None for n in bases]
    z = [(f / n - p) / s if s else None for f, n, s in zip(faits, bases, sigma, strict=True)]
    etendues = [
        abs(z[i] - z[i - 1])  # type: ignore[operator]
        for i in range(1, len(z))
        if retenus[i] and retenus[i - 1]
    ]
    sigma_z = fmean(etendues) / 1.128
    return [
        None if s is None else (max(0, p - 3 * s * sigma_z), min(1, p + 3 * s * sigma_z))
        for s in sigma
    ]


def proches(carte: Carte, attendues: list[tuple[float, float] | None]) -> bool:
    """Whether limits are the expected ones, points without any included."""
    return len(carte.limites) == len(attendues) and all(
        (trouve is None and attendu is None) or trouve == pytest.approx(attendu, abs=1e-9)
        for trouve, attendu in zip(carte.limites, attendues, strict=True)
    )


def xmr(*points: float) -> Carte:
    """Twenty ordinary values around 10 (mean 10, moving range 2), then the points to judge."""
    return new_carte_xmr([9.0, 11.0] * 10 + list(points))


def suite(carte: Carte) -> list[str]:
    """The signals of what follows the twenty ordinary values."""
    assert set(carte.signaux[:20]) == {""}
    return list(carte.signaux[20:])


def test_xmr_publiee() -> None:
    """[N]: mean 50.81, mean moving range 1.8778, limits 45.8159 and 55.8041 (3/1.128 for 2.66)."""
    carte = new_carte_xmr(DEBITS, slice(None))
    assert carte.centre == pytest.approx(50.81)
    assert len(carte.limites) == 10
    assert carte.limites[0] == pytest.approx((45.8159, 55.8041), abs=0.002)
    assert carte.limites[0] == pytest.approx((50.81 - 2.66 * 16.9 / 9, 50.81 + 2.66 * 16.9 / 9))
    assert set(carte.signaux) == {""}


def test_p_prime_et_carte_p_publiee() -> None:
    """[J]: rate 0.2313, p limits 0.0524 and 0.4102; p′ widens their half-width by σz."""
    carte = new_carte_p(BOITES, [50] * 30, slice(None))
    assert carte.centre == pytest.approx(347 / 1500)
    # The 29 moving ranges of the counts add up to 162; a z is a count over 50 σ, and σ is 0.05963.
    sigma_z = 162 / 29 / (50 * 0.05963) / 1.128
    bas, haut = carte.limites[0] or (math.nan, math.nan)
    assert bas == 0
    assert haut - carte.centre == pytest.approx((0.4102 - 0.2313) * sigma_z, abs=2e-4)
    # Samples 15 and 23 (22 and 24 cans) are beyond 0.4102, the published limit, not beyond p′.
    assert AU_DELA not in carte.signaux


def test_p_prime_a_la_main() -> None:
    """Rates of 45 and 55 % by turns on 100: σ = 5 points, z = ±1, σz = 2/1.128, limits ± 26.6."""
    faits, bases = [45, 55] * 6 + [110, 0, 80], [100] * 12 + [200, 0, 100]
    carte = new_carte_p(faits, bases, slice(0, 12))
    marge = 3 * 0.05 * 2 / 1.128
    assert carte.centre == pytest.approx(0.5)
    assert carte.limites[0] == pytest.approx((0.5 - marge, 0.5 + marge))
    assert carte.limites[12] == pytest.approx((0.5 - marge / 2**0.5, 0.5 + marge / 2**0.5))
    assert carte.limites[13] is None
    assert carte.signaux[12:] == ("", "", AU_DELA)


@given(
    st.lists(st.integers(0, 200).flatmap(
        lambda n: st.tuples(st.integers(0, n), st.just(n), st.booleans())), min_size=8, max_size=60)
)  # fmt: skip
def test_p_prime_pas_a_pas(points: list[tuple[int, int, bool]]) -> None:
    """Limits are those of the computation written out, whatever the bases and the baseline."""
    faits, bases, repere = ([point[rang] for point in points] for rang in range(3))
    retenus = [bool(r and n) for r, n in zip(repere, bases, strict=True)]
    assume(sum(retenus) >= 6 and any(a and b for a, b in pairwise(retenus)))
    somme = sum(f for f, r in zip(faits, retenus, strict=True) if r)
    assume(0 < somme < sum(n for n, r in zip(bases, retenus, strict=True) if r))
    carte = new_carte_p(faits, bases, np.array(repere))
    attendues = limites_p(faits, bases, repere)
    assume(any(borne and borne[1] - borne[0] > 1e-6 for borne in attendues))
    assert proches(carte, attendues)
    assert all(0 <= bas <= haut <= 1 for bas, haut in filter(None, carte.limites))


def test_surdispersion() -> None:
    """With thousands of calls a week, the p chart would flag ordinary weeks; p′ does not."""
    tirage = np.random.default_rng(2002)
    bases = tirage.integers(3000, 5000, 52)
    faits = tirage.binomial(bases, np.clip(tirage.normal(0.8, 0.03, 52), 0, 1))
    taux = faits / bases
    carte = new_carte_p(faits, bases, slice(None))
    p = 3 * np.sqrt(carte.centre * (1 - carte.centre) / bases)
    assert np.count_nonzero(np.abs(taux - carte.centre) > p) >= 20
    assert carte.signaux.count(AU_DELA) == 0


def test_bornees() -> None:
    """The limits of a share are shares, those of a count are not below zero when one says so."""
    carte = new_carte_p([9, 10] * 6, [10] * 12)
    assert all(borne is not None and borne[1] == 1 for borne in carte.limites)
    assert new_carte_xmr([1, 6] * 6, plancher=0).limites[0] == pytest.approx((0, 3.5 + 2.66 * 5))
    assert new_carte_xmr([1, 6] * 6).limites[0] == pytest.approx((3.5 - 13.3, 3.5 + 13.3))


def test_au_dela() -> None:
    """A point beyond a limit is a signal, a point on it is not."""
    assert suite(xmr(10 + 2.66 * 2, 10 + 2.66 * 2 + 1e-6)) == ["", AU_DELA]
    assert suite(xmr(10 - 2.66 * 2, 10 - 2.66 * 2 - 1e-6)) == ["", AU_DELA]


def test_serie_de_huit() -> None:
    """The eighth point in a row on one side is a signal, and those that follow it there."""
    # The twenty ordinary values end above the line: seven more make eight.
    assert suite(xmr(*[11] * 6)) == [""] * 6
    assert suite(xmr(*[11] * 8)) == [""] * 6 + [SERIE] * 2
    assert suite(xmr(*[9] * 9)) == [""] * 7 + [SERIE] * 2


@pytest.mark.parametrize("coupure", [10, 11, math.nan])
def test_serie_rompue(coupure: float) -> None:
    """A run is broken by a point on the line, on the other side, or without a value."""
    assert suite(xmr(*[9] * 7, coupure, *[9] * 7)) == [""] * 15


def test_sur_la_ligne_a_l_arrondi_pres() -> None:
    """A point on the central line is on neither side of it, though rounding says otherwise."""
    carte = new_carte_xmr([0.1, 0.2, 0.3] * 4 + [0.2] * 9)
    assert carte.centre != 0.2 and carte.centre == pytest.approx(0.2)
    assert set(carte.signaux) == {""}


def test_au_dela_l_emporte() -> None:
    """Beyond the limits is the stronger word; the run goes on."""
    assert suite(xmr(*[9] * 7, 2, 9)) == [""] * 7 + [AU_DELA, SERIE]


def test_repere_par_defaut() -> None:
    """Without a declared baseline, it is the first twenty known points; later ones move nothing."""
    ordinaires = [9.0, 11.0] * 10
    seuls, suivis = new_carte_xmr(ordinaires), new_carte_xmr(ordinaires + [30.0] * 9)
    troues = new_carte_xmr([math.nan, *ordinaires, 30.0])
    assert (seuls.centre, suivis.centre, troues.centre) == (10, 10, 10)
    assert set(seuls.limites) == {suivis.limites[-1]} == {troues.limites[-1]}
    assert troues.limites[0] is None and troues.signaux[0] == ""


def test_repere_declare() -> None:
    """A declared baseline is a slice or a mask; what is outside it is judged, and moves nothing."""
    valeurs = [30.0] * 4 + [9.0, 11.0] * 5 + [30.0] * 3
    masque = np.array([False] * 4 + [True] * 10 + [False] * 3)
    carte = new_carte_xmr(valeurs, masque)
    assert carte == new_carte_xmr(valeurs, slice(4, 14))
    assert carte.centre == 10
    assert carte.limites[0] == pytest.approx((10 - 5.32, 10 + 5.32))
    assert carte.signaux == (AU_DELA,) * 4 + ("",) * 10 + (AU_DELA,) * 3


def test_etendues_entre_voisins() -> None:
    """No moving range crosses a missing point, nor a point that the baseline leaves out."""
    troue = [9, 11, 9, math.nan, 19, 21, 19, 21]
    assert new_carte_xmr(troue, slice(None)).limites[0] == pytest.approx(
        (fmean(v for v in troue if v == v) - 5.32, fmean(v for v in troue if v == v) + 5.32)
    )
    sans = np.array([True, True, True, False, True, True, True])
    ecarte = new_carte_xmr([9, 11, 9, 90, 9, 11, 9], sans)
    assert ecarte.limites[0] == pytest.approx((58 / 6 - 5.32, 58 / 6 + 5.32))
    assert ecarte.signaux[3] == AU_DELA


@pytest.mark.parametrize(
    ("combien", "repere"), [(11, None), (30, slice(0, 5)), (5, slice(None)), (0, None)]
)
def test_repere_trop_court(combien: int, repere: slice | None) -> None:
    """Fewer than twelve points (six when declared) say nothing: no line, no limits, no signal."""
    valeurs = ([1, 9] * 15)[:combien]
    cartes = (new_carte_xmr(valeurs, repere), new_carte_p(valeurs, [10] * combien, repere))
    for carte in cartes:
        assert math.isnan(carte.centre) and carte.limites == ()
        assert carte.signaux == ("",) * combien


def test_repere_assez_long() -> None:
    """Twelve points are enough, six when declared; weeks without a base are no points."""
    assert len(new_carte_p([4, 6] * 6, [10] * 12).limites) == 12
    assert new_carte_p([4, 6] * 6 + [0], [10] * 11 + [6, 0]).limites[-1] is None
    assert new_carte_p([4, 6] * 5 + [0] * 5, [10] * 10 + [0] * 5).limites == ()
    assert len(new_carte_p([4, 6] * 6, [10] * 12, slice(0, 6)).limites) == 12


@pytest.mark.parametrize("part", [0, 3, 10])
def test_repere_immobile(part: int) -> None:
    """A baseline that never varies has no limits: one week apart would be beyond them, always."""
    plats = new_carte_p([part] * 12 + [5], [10] * 13, slice(0, 12))
    assert plats.limites == () and set(plats.signaux) == {""}
    assert plats.centre == pytest.approx(part / 10)


def test_repere_immobile_a_l_arrondi_pres() -> None:
    """Seven tenths of any base are the same rate: rounding errors make no limits."""
    bases = [10, 30, 70, 110, 160, 190, 330, 410, 10_000, 140, 250, 270]
    carte = new_carte_p([7 * n // 10 for n in bases], bases)
    assert carte.limites == () and set(carte.signaux) == {""}
    ecart = 0.1 + 0.2 - 0.3
    assert ecart > 0 and new_carte_xmr([5, 5 + ecart] * 6 + [5 + 1e-8]).limites == ()


def test_tout_tenu_puis_une_baisse() -> None:
    """After a baseline of 100 %, eight weeks below it are a signal, even without limits."""
    carte = new_carte_p([10] * 12 + [8] * 8, [10] * 20, slice(0, 12))
    assert carte.centre == 1 and carte.limites == ()
    assert carte.signaux == ("",) * 19 + (SERIE,)


def test_refus() -> None:
    """A part larger than its base, a negative one, or one without a base, is refused."""
    for faits, bases in (([11], [10]), ([-1], [10]), ([1], [0]), ([1, 2], [10]), ([math.nan], [4])):
        with pytest.raises(ValueError, match="base"):
            new_carte_p(faits, bases)
