"""Business days agree with the published calendars and with two other ways of counting them.

The calendars below are written out, as published by the administration for 2019 to 2027 (fixed
days: Code du travail, L3133-1; local days: L3134-13 and L3422-2). Nothing here asks the package
that the library asks.
"""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualepref_lib.core.jours import ZONES, JoursOuvres

FIXES = ("01-01", "05-01", "05-08", "07-14", "08-15", "11-01", "11-11", "12-25")
# The year: Good Friday (57, 67, 68 only), Easter Monday, Ascension, Whit Monday.
MOBILES = {
    2019: ("04-19", "04-22", "05-30", "06-10"),
    2020: ("04-10", "04-13", "05-21", "06-01"),
    2021: ("04-02", "04-05", "05-13", "05-24"),
    2022: ("04-15", "04-18", "05-26", "06-06"),
    2023: ("04-07", "04-10", "05-18", "05-29"),
    2024: ("03-29", "04-01", "05-09", "05-20"),
    2025: ("04-18", "04-21", "05-29", "06-09"),
    2026: ("04-03", "04-06", "05-14", "05-25"),
    2027: ("03-26", "03-29", "05-06", "05-17"),
}
ABOLITION = {
    "971": "05-27", "972": "05-22", "973": "06-10", "974": "12-20", "976": "04-27",
    "977": "10-09", "978": "05-28",
}  # fmt: skip
# What a site may declare: bridges, a week of works, a day that is a holiday anyway, a Saturday.
FERMETURES = frozenset(
    dt.date.fromisoformat(jour)
    for jour in (
        "2019-05-31", "2020-05-22", "2021-11-12", "2022-05-27", "2022-12-27", "2022-12-28",
        "2022-12-29", "2022-12-30", "2023-07-14", "2023-08-14", "2024-05-10", "2024-06-15",
        "2025-05-02", "2025-05-30", "2026-01-02",
    )
)  # fmt: skip


def publies(zone: str, annee: int) -> set[dt.date]:
    """The public holidays of a zone, from the tables above."""
    vendredi_saint, *autres = MOBILES[annee]
    jours = [*FIXES, *autres]
    if zone in ("57", "67", "68"):
        jours += [vendredi_saint, "12-26"]
    if zone in ABOLITION:
        jours.append(ABOLITION[zone])
    return {dt.date.fromisoformat(f"{annee}-{jour}") for jour in jours}


def chomes(zone: str, fermetures: frozenset[dt.date]) -> set[dt.date]:
    """All days off of nine years, weekends apart."""
    return set().union(*(publies(zone, annee) for annee in MOBILES)) | fermetures


def marche(debut: dt.date, pas: int = 1) -> Iterator[dt.date]:
    """The days after ``debut``, one by one."""
    while True:
        debut += dt.timedelta(days=pas)
        yield debut


def marcher(debut: dt.date, jours: int, sans: set[dt.date]) -> dt.date:
    """The due day, found by walking from day to day; for one business day or more."""
    for jour in marche(debut):
        jours -= jour.weekday() < 5 and jour not in sans
        if not jours:
            return jour
    raise AssertionError


def tirer(combien: int, graine: int) -> tuple[np.ndarray, np.ndarray]:
    """Receptions of 2019 to mid-2027, and delays of 1 to 60 business days."""
    tirage = np.random.default_rng(graine)
    receptions = np.datetime64("2019-01-01") + tirage.integers(0, 3090, combien)
    return receptions, tirage.integers(1, 61, combien)


AGENDAS = [
    (zone, fermetures) for zone in ("57", "75", "974") for fermetures in (frozenset(), FERMETURES)
]


@pytest.mark.parametrize("zone", ["75", "57", "67", "68", *ABOLITION])
@pytest.mark.parametrize("annee", MOBILES)
def test_feries_publies(zone: str, annee: int) -> None:
    """The holidays of a zone are those published for the year, no more and no fewer."""
    assert set(JoursOuvres(zone).feries(annee)) == publies(zone, annee)


def test_feries_nationaux() -> None:
    """Corsica, Saint-Pierre-et-Miquelon and a site without a zone have the eleven national days."""
    for zone in ("2A", "2B", "975", ""):
        assert set(JoursOuvres(zone).feries(2022)) == publies("75", 2022)


def test_feries_nommes() -> None:
    """Holidays are in order and carry their French names, with typographic apostrophes."""
    feries = JoursOuvres("974").feries(2022)
    assert list(feries) == sorted(feries)
    assert feries[dt.date(2022, 12, 20)] == "Abolition de l’esclavage"
    assert feries[dt.date(2022, 1, 1)] == "Jour de l’an"


@pytest.mark.parametrize("zone", ZONES)
def test_zones_connues(zone: str) -> None:
    """Every zone that may be declared has a calendar, with the eleven national days at least."""
    assert publies("75", 2026) <= set(JoursOuvres(zone).feries(2026))


@pytest.mark.parametrize("zone", ["20", "7", "99", "moselle", "FR"])
def test_zone_inconnue(zone: str) -> None:
    """What is not the number of a department or of a collectivity is refused."""
    with pytest.raises(ValueError, match=zone):
        JoursOuvres(zone)


@pytest.mark.parametrize(("zone", "fermetures"), AGENDAS)
def test_echeances_numpy(zone: str, fermetures: frozenset[dt.date]) -> None:
    """5,000 due days agree with numpy counting from the day after, on the published calendars."""
    receptions, delais = tirer(5000, 57)
    sans = np.array(sorted(chomes(zone, fermetures)), "datetime64[D]")
    attendues = np.busday_offset(receptions + 1, delais - 1, roll="forward", holidays=sans)
    np.testing.assert_array_equal(
        JoursOuvres(zone, fermetures).echeances(receptions, delais), attendues
    )


@pytest.mark.parametrize(("zone", "fermetures"), AGENDAS)
def test_echeances_jour_par_jour(zone: str, fermetures: frozenset[dt.date]) -> None:
    """1,500 due days agree with a walk from day to day, counting what is not a day off."""
    receptions, delais = tirer(1500, 974)
    sans = chomes(zone, fermetures)
    attendues = [
        marcher(r, n, sans) for r, n in zip(receptions.tolist(), delais.tolist(), strict=True)
    ]
    assert JoursOuvres(zone, fermetures).echeances(receptions, delais).tolist() == attendues


@pytest.mark.parametrize(("zone", "fermetures"), AGENDAS)
def test_compter_jour_par_jour(zone: str, fermetures: frozenset[dt.date]) -> None:
    """1,500 counts agree with the business days found on the way, backwards as forwards."""
    debuts, ecarts = tirer(1500, 75)
    fins = debuts + ecarts
    sans = chomes(zone, fermetures)
    attendus = [
        sum(
            jour.weekday() < 5 and jour not in sans
            for jour, _ in zip(marche(de), range(n), strict=False)
        )
        for de, n in zip(debuts.tolist(), ecarts.tolist(), strict=True)
    ]
    jours = JoursOuvres(zone, fermetures)
    assert jours.compter(debuts, fins).tolist() == attendus
    assert jours.compter(fins, debuts).tolist() == [-n for n in attendus]


@given(
    st.sampled_from(["57", "75", "974"]),
    st.dates(dt.date(2019, 1, 1), dt.date(2026, 12, 31)),
    st.integers(1, 90),
)
def test_echeance_et_compte(zone: str, reception: dt.date, n: int) -> None:
    """The due day is a business day, the n-th after reception, and none before it is."""
    jours = JoursOuvres(zone, FERMETURES)
    due = jours.echeance(reception, n)
    assert jours.est_ouvre(due) and due > reception
    recue = np.array([reception, reception], "datetime64[D]")
    veille = np.array([due, due - dt.timedelta(days=1)], "datetime64[D]")
    assert jours.compter(recue, veille).tolist() == [n, n - 1]


@pytest.mark.parametrize(
    ("annee", "n"), [(a, n) for a in (2019, 2020, 2022) for n in (1, 5, 300)] + [(2026, 15)]
)
def test_fins_d_annee(annee: int, n: int) -> None:
    """Around each new year, and over several, the holidays of every year crossed are taken out."""
    sans = chomes("57", frozenset())
    for rang in range(20):
        reception = dt.date(annee, 12, 18) + dt.timedelta(days=rang)
        assert JoursOuvres("57").echeance(reception, n) == marcher(reception, n, sans)


def test_recu_un_jour_chome() -> None:
    """Received on a day off, a letter is due as if it had come on the business day before."""
    jours = JoursOuvres("57", FERMETURES)
    paires = (
        ("2022-04-16", "2022-04-14"),  # Saturday of Easter, after Good Friday
        ("2022-04-15", "2022-04-14"),
        ("2022-12-30", "2022-12-23"),  # the declared closure, after Saint-Étienne
        ("2022-05-27", "2022-05-25"),  # the declared bridge, after Ascension
    )
    for reception, veille in paires:
        recue, avant = dt.date.fromisoformat(reception), dt.date.fromisoformat(veille)
        assert not jours.est_ouvre(recue) and jours.est_ouvre(avant)
        assert jours.echeance(recue, 5) == jours.echeance(avant, 5)


def test_delai_nul() -> None:
    """A delay of no day is due on the day of reception, even a Sunday."""
    dimanche = dt.date(2022, 4, 17)
    assert JoursOuvres("57").echeance(dimanche, 0) == dimanche


def test_dates_manquantes() -> None:
    """A missing date has no due day and no count, and does not disturb the others."""
    receptions = np.array(["2022-04-13", "NaT", "2022-12-21"], "datetime64[D]")
    jours = JoursOuvres("57")
    dues = jours.echeances(receptions, np.array([5, 5, 5]))
    assert dues.astype(str).tolist() == ["2022-04-22", "NaT", "2022-12-29"]
    comptes = jours.compter(
        receptions, np.array(["NaT", "2022-04-13", "2022-12-29"], "datetime64[D]")
    )
    assert np.isnan(comptes[:2]).all() and comptes[2] == 5
    vides = np.array(["NaT"], "datetime64[D]")
    assert np.isnat(jours.echeances(vides, np.array([5]))).all()
    assert jours.echeances(vides[:0], np.array([], int)).size == 0


def test_longue_fermeture() -> None:
    """After a closure of years the holidays of the year of reopening are still taken out."""
    ferme = frozenset(dt.date(2022, 1, 4) + dt.timedelta(days=rang) for rang in range(1458))
    assert max(ferme) == dt.date(2025, 12, 31)
    # Friday 2 January 2026 is the first business day (1 January is a holiday), Monday 5 the second.
    assert JoursOuvres("57", ferme).echeance(dt.date(2022, 1, 3), 2) == dt.date(2026, 1, 5)


def test_dates_absurdes() -> None:
    """A mistyped year is counted like another, as far as the calendar goes, and stops nothing."""
    jours = JoursOuvres("57")
    assert jours.echeance(dt.date(9999, 12, 20), 3) == dt.date(9999, 12, 23)
    assert jours.echeance(dt.date(202, 4, 13), 0) == dt.date(202, 4, 13)


def test_suivants_et_chomes() -> None:
    """Business days follow each other, and days off are listed with their bounds included."""
    suite = iter(JoursOuvres("57", FERMETURES).suivants(dt.date(2022, 12, 23)))
    attendus = ["2022-12-23", "2023-01-02", "2023-01-03"]
    assert [next(suite).isoformat() for _ in attendus] == attendus
    noel = JoursOuvres("57", FERMETURES).chomes(dt.date(2022, 12, 25), dt.date(2022, 12, 28))
    assert [jour.day for jour in noel] == [25, 26, 27, 28]


def test_holidays_au_besoin() -> None:
    """The calendars are loaded by the first count, not by importing the library."""
    code = "import sys, qualepref_lib.core.jours; print('holidays' in sys.modules)"
    lance = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert lance.stdout.strip() == "False"
