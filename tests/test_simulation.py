"""The simulation of the plan: its draws, its base, and what it says when it cannot learn."""

from __future__ import annotations

import datetime as dt
import math
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from petite_campagne import write_fiche
from test_projection import action, essai

from qualepref_lib.actions import JAMAIS, Action, Rythme, simuler
from qualepref_lib.analyses.simulation import (
    dire_hypothese,
    measure_simulation,
    measure_trajectoire,
)
from qualepref_lib.campagne import Campagne, load_campagne
from qualepref_lib.core.mesures import Fourchette, Taux
from qualepref_lib.display.phrase import texte_phrase

JOUR = dt.date(2022, 4, 1)


def ouverte(
    code: str,
    jours: int = 10,
    debut: dt.date | None = JOUR,
    statut: str = "a_faire",
    avancement: float | None = None,
    attend: str = "",
    echeance: bool = True,
) -> Action:
    """An open action planned for so many days."""
    fin = (debut or JOUR) + dt.timedelta(days=jours) if echeance else None
    return Action(code, code, frozenset(), frozenset(), debut, fin, None, avancement, statut,
                  frozenset(attend.split()), 2)  # fmt: skip


def rythmes(*facteurs: float) -> list[Rythme]:
    """Paces that were seen."""
    return [Rythme(ouverte("R"), 100, 100 * f, "vu") for f in facteurs]


VUS = rythmes(0.5, 1, 1, 1.5, 3)


def fins(actions: list[Action], graine: int = 1, tirages: int = 4000) -> dict[str, np.ndarray]:
    """The days on which each action ends, counted from the reference date."""
    ordinaux = simuler(actions, VUS, JOUR, graine, tirages)
    return {
        code: np.where(f == JAMAIS, JAMAIS, f - JOUR.toordinal()) for code, f in ordinaux.items()
    }


def test_a_pace_is_drawn_among_those_seen() -> None:
    """Ten planned days end after 5, 10, 15 or 30; 10, seen twice in five, twice as often as 5."""
    (tires,) = fins([ouverte("A")]).values()
    jours, fois = np.unique(tires, return_counts=True)
    assert jours.tolist() == [5, 10, 15, 30]
    attendus = 4000 * np.array([1, 2, 1, 1]) / 5
    assert (abs(fois - attendus) < 4 * np.sqrt(attendus)).all()


def test_what_is_under_way_has_only_its_rest_to_do() -> None:
    """60 % of ten days done: four planned days are left, from today, whatever its start."""
    tires = fins(
        [ouverte("A", debut=JOUR - dt.timedelta(days=6), statut="en_cours", avancement=60)]
    )
    assert set(tires["A"].tolist()) == {2, 4, 6, 12}


def test_what_has_not_begun_begins_on_its_day_today_at_the_soonest() -> None:
    """A start to come is waited for; one that is past is today's."""
    tires = fins(
        [ouverte("A", debut=JOUR + dt.timedelta(days=7)), ouverte("B", debut=dt.date(2022, 3, 1))]
    )
    assert min(tires["A"]) == 12 and min(tires["B"]) == 5


def test_without_a_due_date_there_is_no_end() -> None:
    """Nothing says how long it takes: it stays to be done, and so does what waits for it."""
    tires = fins([ouverte("A", echeance=False), ouverte("B", attend="A")])
    assert (tires["A"] == JAMAIS).all() and (tires["B"] == JAMAIS).all()


def test_the_chance_of_a_chain_is_that_of_every_pair_of_paces() -> None:
    """B waits for A: its end is the sum of two draws, as counted over the 25 pairs."""
    tires = fins([ouverte("A"), ouverte("B", attend="A")])
    paires = [10 * a + 10 * b for a, b in product((0.5, 1, 1, 1.5, 3), repeat=2)]
    for limite in (10, 20, 25, 35, 45):
        exact = sum(p <= limite for p in paires) / 25
        vu = float((tires["B"] <= limite).mean())
        assert abs(vu - exact) < 4 * math.sqrt(max(exact * (1 - exact), 1e-4) / 4000)
    assert (tires["B"] >= tires["A"]).all()


def test_the_same_seed_gives_the_same_draws_whatever_the_order() -> None:
    """Rows may be sorted in a spreadsheet: the figures stay. Another seed gives others."""
    actions = [ouverte("B"), ouverte("A", attend="B"), ouverte("C")]
    une, autre = fins(actions), fins(actions[::-1])
    assert all((une[code] == autre[code]).all() for code in "ABC")
    assert (fins(actions, graine=2)["B"] != une["B"]).any()


@settings(max_examples=50, deadline=None)
@given(
    attentes=st.lists(st.sets(st.integers(0, 5), max_size=3), min_size=1, max_size=6),
    graine=st.integers(0, 9999),
)
def test_nothing_ends_before_what_it_waits_for(attentes: list[set[int]], graine: int) -> None:
    """In every draw of any plan without circle, an action starts after the ones it waits for."""
    codes = [f"A{k}" for k in range(len(attentes))]
    actions = [
        ouverte(code, attend=" ".join(codes[d] for d in siennes if d < rang))
        for rang, (code, siennes) in enumerate(zip(codes, attentes, strict=True))
    ]
    tires = fins(actions, graine, 50)
    for a in actions:
        assert all((tires[a.code] > tires[d]).all() for d in a.attend)


FAITES = [
    action(f"F{k}", "", f"2022-0{k}-20", "fait")
    | {"debut": f"2022-0{k}-10", "fait_le": f"2022-0{k}-{20 + 2 * k}"}
    for k in (1, 2, 3)
] + [
    action(f"E{k}", "", "2022-05-01", "en cours") | {"debut": "2022-03-02", "avancement": "40"}
    for k in (1, 2)
]


def preparer(racine: Path, actions: list[dict[str, str]], suivi: dict[str, str]) -> Campagne:
    """The small campaign of the projection, with its dials."""
    campagne = essai(racine, "rnnnn", actions, cible="0.8")
    fiche, ajout = campagne.dossier / "campagne.yaml", campagne.dossier / "suivi.yaml"
    write_fiche(ajout, {"suivi_plan": suivi})
    fiche.write_text(fiche.read_text(encoding="utf-8") + ajout.read_text(encoding="utf-8"), "utf-8")
    ajout.unlink()
    return load_campagne(campagne.dossier)


PLAN = [
    *FAITES,
    action("A", "1.01.b 1.01.c", "2022-05-15") | {"debut": "2022-04-01"},
    action("B", "1.01.d", "2022-08-01") | {"debut": "2022-05-15", "depend_de": "A"},
    action("C", "1.01.e", "2022-10-01") | {"debut": "2022-08-01"},
]


def test_the_range_lies_within_the_bounds_and_grows_with_time(tmp_path: Path) -> None:
    """Decile, median and decile are in order, between « rien de plus » and « tout fait »; later
    dates never do worse; the chance is out of the declared number of draws."""
    campagne = preparer(tmp_path, PLAN, {"graine": "7", "tirages": "500"})
    mesures = [li.mesure for li in measure_trajectoire(campagne).lignes]
    avant = [Fourchette(JOUR, *[Taux(0, 5)] * 4, simule=(Taux(0, 5),) * 3)]
    for hier, ce_jour in zip([*avant, *mesures], mesures, strict=False):
        assert isinstance(hier, Fourchette) and isinstance(ce_jour, Fourchette)
        assert hier.simule and ce_jour.simule and ce_jour.chance
        valeurs = [t.valeur for t in (ce_jour.rien, *ce_jour.simule, ce_jour.tout)]
        assert valeurs == sorted(valeurs)
        assert all(a.valeur <= b.valeur for a, b in zip(hier.simule, ce_jour.simule, strict=True))
        assert ce_jour.chance.observes == 500
    assert len({li.libelle for li in measure_simulation(campagne).lignes}) == 2


def test_two_audits_on_one_day_are_one_line(tmp_path: Path) -> None:
    """The day is named by both: a curve has one point a day."""
    campagne = preparer(tmp_path, PLAN, {})
    fiche = campagne.dossier / "campagne.yaml"
    texte = fiche.read_text(encoding="utf-8").replace("2022-09-01", "2022-06-01")
    fiche.write_text(texte, encoding="utf-8")
    (ligne,) = measure_simulation(load_campagne(campagne.dossier)).lignes
    assert ligne.libelle == "Audit interne (01/06/2022) et Label (01/06/2022)"


def test_the_declared_seed_makes_the_report_repeatable(tmp_path: Path) -> None:
    """Two readings give the same figures; another declared seed says so in its assumption."""
    une = measure_simulation(preparer(tmp_path / "a", PLAN, {"graine": "7", "tirages": "500"}))
    deux = measure_simulation(preparer(tmp_path / "b", PLAN, {"graine": "7", "tirages": "500"}))
    assert [li.mesure for li in une.lignes] == [li.mesure for li in deux.lignes]
    autre = measure_simulation(preparer(tmp_path / "c", PLAN, {"graine": "8", "tirages": "500"}))
    assert "500 tirages, graine 8" in autre.reserve
    assert une.lignes[-1].mesure != autre.lignes[-1].mesure


def test_the_assumption_is_printed_with_its_base(tmp_path: Path) -> None:
    """The sentence says what is assumed, from how many actions, done and under way."""
    campagne = preparer(tmp_path, PLAN, {})
    dite = texte_phrase(measure_simulation(campagne))
    assert "5 rythmes observés (3 actions faites et datées, 2 en cours)" in dite
    assert "l’un des 5 rythmes" in dire_hypothese(campagne) and "graine 2022" in dite
    assert "cible de 80 % atteinte dans" in dite.replace("\u00a0", " ")


def test_too_few_paces_fall_back_to_the_bounds(tmp_path: Path) -> None:
    """Four paces: no draw, no chance; the bounds stand, and the sentence says why."""
    campagne = preparer(tmp_path, PLAN[1:], {})
    for ligne in measure_simulation(campagne).lignes:
        assert isinstance(ligne.mesure, Fourchette)
        assert ligne.mesure.simule is None and ligne.mesure.chance is None
    dite = texte_phrase(measure_simulation(campagne))
    assert "pas de simulation" in dite.lower() and "il en faut 5" in dite
    assert "de 1 sur 5 à 5 sur 5" in dite


@pytest.mark.parametrize(
    ("suivi", "attendu"),
    [
        ({"graine": "-1"}, "graine"),
        ({"tirages": "10"}, "tirages"),
        ({"ecart_utile": "3"}, "écart utile est une part"),
        ({"horizon": "30"}, "horizon_jours"),
    ],
)
def test_wrong_dials_are_refused(tmp_path: Path, suivi: dict[str, str], attendu: str) -> None:
    """A dial outside its bounds, or misspelt, is a refusal that names it."""
    with pytest.raises(Exception, match="Refusé") as leve:
        preparer(tmp_path, PLAN, suivi)
    assert attendu in str(leve.value)
