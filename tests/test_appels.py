"""The telephone: worked small days, calls written one by one or grouped, what is not known."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from petit_accueil import load_accueil, with_cadre
from petite_campagne import load_petite

from qualepref_lib.analyses import appels, appels_attente
from qualepref_lib.campagne import Campagne
from qualepref_lib.core.bilan import Bilan
from qualepref_lib.core.mesures import Durees, Effectif, Taux, TriCroise

Lignes = list[dict[str, str]]


def appel(date: str = "2022-03-01", heure: str = "9h10", issue: str = "repondu", **suite: str):
    """One row of the register."""
    return {"date": date, "heure": heure, "issue": issue, **suite}


def taux(bilan: Bilan, code: str) -> Taux:
    """The rate of a line."""
    mesure = bilan.ligne(code).mesure
    assert isinstance(mesure, Taux)
    return mesure


MESURES: list[Callable[[Campagne], Bilan]] = [
    appels.measure_indicateurs_appels,
    appels.measure_issues_appels,
    appels.measure_decroches,
    lambda c: appels.measure_decroches(c, par="service"),
    appels.measure_affluence_appels,
    appels_attente.measure_attente_appels,
    appels_attente.measure_transferts,
    appels.measure_suivi_appels,
]


def test_answered_is_out_of_those_who_asked_for_an_agent(tmp_path: Path) -> None:
    """Answered ÷ requiring an agent: 2 answered, 1 abandoned, 1 voicemail; 3 by the voice server
    are apart."""
    lignes = [appel(), appel(), appel(issue="abandonne"), appel(issue="messagerie")]
    campagne = load_accueil(tmp_path, {"appels": lignes + [appel(issue="svi")] * 3})
    decroches = taux(appels.measure_indicateurs_appels(campagne), "appels.decroches")
    assert (decroches.favorables, decroches.observes) == (2, 4)
    issues = appels.measure_issues_appels(campagne)
    assert {li.code: li.mesure.n for li in issues.lignes if isinstance(li.mesure, Effectif)} == {
        "total": 7, "repondu": 2, "abandonne": 1, "messagerie": 1, "svi": 3,
    }  # fmt: skip
    assert issues.ligne("svi").groupe == "n’en demandait pas"
    assert issues.ligne("abandonne").lignes == (4,)


def test_threshold_of_the_day_of_the_call(tmp_path: Path) -> None:
    """A call is judged by the threshold in force that day: 30 s before 15 March, 20 s from then."""
    lignes = [
        appel("2022-03-14", attente="25"),
        appel("2022-03-14", attente="30"),
        appel("2022-03-15", attente="25"),
        appel("2022-03-15", attente="20"),
        appel("2022-03-15", issue="abandonne", attente="5"),
    ]
    campagne = load_accueil(tmp_path, {"appels": lignes})
    bilan = appels.measure_indicateurs_appels(campagne)
    assert str(taux(bilan, "appels.attente")) == "3 sur 5"
    assert bilan.ligne("appels.attente").statut == "cible non atteinte"
    attente = appels_attente.measure_attente_appels(campagne).ligne("repondu").mesure
    assert isinstance(attente, Durees)
    assert (attente.dans_cible, attente.cible) == (Taux(3, 4), "seuil propre à chacun")


def test_unknown_waits_are_open_not_failures(tmp_path: Path) -> None:
    """An answered call without a wait is not assessed; without any wait nothing was measured."""
    lignes = [appel(attente="10"), appel(), appel(issue="abandonne")]
    campagne = load_accueil(tmp_path / "un", {"appels": lignes})
    assert taux(appels.measure_indicateurs_appels(campagne), "appels.attente") == Taux(1, 2, 1)
    attente = appels_attente.measure_attente_appels(campagne).ligne("repondu").mesure
    assert isinstance(attente, Durees)
    assert (attente.n, attente.en_cours, attente.ouverts) == (1, 1, "sans mesure")
    campagne = load_accueil(tmp_path / "rien", {"appels": [appel(), appel(issue="abandonne")]})
    assert taux(appels.measure_indicateurs_appels(campagne), "appels.attente") == Taux(0, 0, 2)


def test_groups_weigh_and_do_not_wait(tmp_path: Path) -> None:
    """A row of 40 calls weighs 40 in rates; its mean wait is nobody's, and is not read."""
    lignes = [
        appel(nombre="40", attente="12", transferts="10"),
        appel(issue="abandonne", nombre="9"),
        appel(attente="50", transferts="2"),
    ]
    campagne = load_accueil(tmp_path, {"appels": lignes})
    bilan = appels.measure_indicateurs_appels(campagne)
    assert str(taux(bilan, "appels.decroches")) == "41 sur 50 (82\u00a0%)"
    assert taux(bilan, "appels.attente") == Taux(0, 1)
    assert bilan.ligne("appels.attente").lignes == (4,)
    attente = appels_attente.measure_attente_appels(campagne).ligne("repondu").mesure
    assert isinstance(attente, Durees) and (attente.n, attente.mediane) == (1, 50.0)
    # Ten of the forty, and one call passed on twice: eleven calls.
    assert taux(appels_attente.measure_transferts(campagne), "ensemble") == Taux(11, 41)


def test_waits_say_how_many_calls_they_are_of(tmp_path: Path) -> None:
    """Where some calls are told by groups, the scope says of how many the waits are; where all are,
    no wait is known, which is not « no call »."""
    groupes = [appel("2022-03-01", nombre="40"), appel("2022-03-01", issue="svi", nombre="5")]
    seuls = [appel("2022-03-02", attente="9"), appel("2022-03-02", issue="abandonne")]
    mesurer = appels_attente.measure_attente_appels
    partie = mesurer(load_accueil(tmp_path / "a", {"appels": groupes + seuls}))
    assert partie.champ.endswith(
        " ; 2 appels inscrits un par un, des 42 qui demandaient un agent"
    ) and not partie.manque  # fmt: skip
    toutes = mesurer(load_accueil(tmp_path / "b", {"appels": seuls}))
    assert "un par un" not in toutes.champ
    aucune = mesurer(load_accueil(tmp_path / "c", {"appels": groupes}))
    assert "appels.csv ne donne que des totaux" in aucune.manque and aucune.lignes == ()


def test_transfers_that_nobody_counts_are_missing(tmp_path: Path) -> None:
    """Without the column there is no share of calls passed on, not even a share of none."""
    mesurer = appels_attente.measure_transferts
    vide = mesurer(load_accueil(tmp_path / "a", {"appels": [appel(), appel()]}))
    assert "colonne « transferts » de appels.csv" in vide.manque and vide.lignes == ()
    nul = mesurer(load_accueil(tmp_path / "b", {"appels": [appel(transferts="0"), appel()]}))
    assert taux(nul, "ensemble") == Taux(0, 2) and not nul.manque


def test_a_group_of_one_is_a_group(tmp_path: Path) -> None:
    """On a day told by groups the wait of a group of one is not read: it comes from quiet hours;
    where every row says « 1 », each is a call."""
    groupes = [appel(nombre="40"), appel(heure="16h00", nombre="1", attente="3")]
    un_par_un = [appel("2022-03-02", nombre="1", attente="9"), appel("2022-03-02", attente="90")]
    bilan = appels.measure_indicateurs_appels(
        load_accueil(tmp_path, {"appels": groupes + un_par_un})
    )
    assert taux(bilan, "appels.attente") == Taux(1, 2)
    assert bilan.ligne("appels.attente").lignes == (4, 5)


@pytest.mark.parametrize("graine", range(5))
def test_a_group_equals_its_calls(graine: int, tmp_path: Path) -> None:
    """Property: a row of n calls gives every rate and count that n single rows give."""
    hasard = random.Random(graine)
    groupes = [
        appel(
            f"2022-0{hasard.randint(1, 3)}-{hasard.randint(10, 28)}",
            f"{hasard.randint(8, 16)}h00",
            hasard.choice(["repondu", "abandonne", "messagerie", "svi"]),
            service=hasard.choice(["Étrangers", "Titres", ""]),
        )
        for _ in range(40)
    ]
    nombres = [hasard.randint(1, 6) for _ in groupes]
    masse = [g | {"nombre": str(n)} for g, n in zip(groupes, nombres, strict=True)]
    unites = [g for g, n in zip(groupes, nombres, strict=True) for _ in range(n)]
    deux = [
        load_accueil(tmp_path / nom, {"appels": lignes})
        for nom, lignes in (("groupes", masse), ("unites", unites))
    ]
    for mesurer in (*MESURES[1:5], *MESURES[6:]):
        un, autre = ([(li.code, li.mesure, li.statut) for li in mesurer(c).lignes] for c in deux)
        assert un == autre


def test_lines_share_out_the_calls(tmp_path: Path) -> None:
    """Months, services, hours and weeks each add up to the calls that asked for an agent."""
    hasard = random.Random(7)
    lignes = [
        appel(
            f"2022-0{hasard.randint(1, 3)}-{hasard.randint(10, 28)}",
            f"{hasard.randint(8, 16)}:{hasard.randint(10, 59)}",
            hasard.choice(["repondu", "abandonne", "svi"]),
            service=hasard.choice(["A", "B", ""]),
        )
        for _ in range(200)
    ]
    campagne = load_accueil(tmp_path, {"appels": lignes})
    demandes = sum(ligne["issue"] != "svi" for ligne in lignes)
    repondus = sum(ligne["issue"] == "repondu" for ligne in lignes)
    for mesurer in (MESURES[2], MESURES[3], MESURES[7]):
        trouves = [li.mesure for li in mesurer(campagne).lignes if isinstance(li.mesure, Taux)]
        sommes = (sum(t.favorables for t in trouves), sum(t.observes for t in trouves))
        assert sommes == (repondus, demandes)
    cases = [
        case
        for li in appels.measure_affluence_appels(campagne).lignes
        if isinstance(li.mesure, TriCroise)
        for case in li.mesure.cases.values()
    ]
    assert (sum(c.favorables for c in cases), sum(c.observes for c in cases)) == (
        repondus,
        demandes,
    )


def test_hour_and_weekday(tmp_path: Path) -> None:
    """Tuesday 1 March at 9:10 is in « 9h–10h », « mardi »; an hour without calls is kept, empty."""
    lignes = [appel(), appel(heure="9h59", issue="abandonne"), appel("2022-03-03", "11h00")]
    bilan = appels.measure_affluence_appels(load_accueil(tmp_path, {"appels": lignes}))
    assert [li.libelle for li in bilan.lignes] == ["9h–10h", "10h–11h", "11h–12h"]
    premiere, vide, _ = (li.mesure for li in bilan.lignes)
    assert isinstance(premiere, TriCroise) and isinstance(vide, TriCroise)
    assert premiere.cases == {"mardi": Taux(1, 2), "jeudi": Taux(0, 0)}
    assert list(vide.cases) == ["mardi", "jeudi"] and not vide.cases["mardi"].observes


def test_months_and_services(tmp_path: Path) -> None:
    """Each month in order, each service by its name, and the calls that name none."""
    lignes = [appel("2022-02-28", service="Titres"), appel(issue="abandonne"), appel(service="Ét.")]
    campagne = load_accueil(tmp_path, {"appels": lignes})
    mois = appels.measure_decroches(campagne)
    assert [(li.code, li.libelle) for li in mois.lignes] == [
        ("2022-02", "février 2022"),
        ("2022-03", "mars 2022"),
    ]
    assert mois.ligne("2022-03").cible == Fraction(4, 5)
    services = appels.measure_decroches(campagne, par="service")
    noms = [li.libelle for li in services.lignes]
    assert noms == ["Ét.", "Titres", "service non indiqué"]


def test_what_is_not_there_yet(tmp_path: Path) -> None:
    """A call of the reference day counts; one received later does not exist yet."""
    lignes = [appel("2022-04-01"), appel("2022-04-02", issue="abandonne")]
    campagne = load_accueil(tmp_path, {"appels": lignes})
    assert taux(appels.measure_indicateurs_appels(campagne), "appels.decroches") == Taux(1, 1)


@pytest.mark.parametrize("mesurer", MESURES)
def test_without_calls(mesurer: Callable[[Campagne], Bilan], tmp_path: Path) -> None:
    """Without the file a bilan says what is missing; with later calls only, it has no base."""
    autre = {"tickets": [{"ticket": "1", "date": "2022-03-01", "file": "sans_rdv", "pris": "9h00",
                          "appele": "9h10"}]}  # fmt: skip
    vide = mesurer(load_accueil(tmp_path / "sans", autre))
    assert not vide.lignes and "appels.csv" in vide.manque
    tard = mesurer(load_accueil(tmp_path / "tard", {"appels": [appel("2022-04-02")]}))
    assert not any(isinstance(li.mesure, Taux) and li.mesure.observes for li in tard.lignes)


def test_an_edition_without_registers(tmp_path: Path) -> None:
    """An edition that declares no register gives no line, and no crash."""
    campagne = load_petite(
        tmp_path, {"autodiagnostic": [{"critere": "1.01.a", "cotation": "réalisé"}]}
    )
    assert all(not mesurer(campagne).lignes for mesurer in MESURES)


def test_weeks_on_a_chart(tmp_path: Path) -> None:
    """Thirty steady weeks then a fall: the weeks of the fall are out of the p′ limits."""
    lignes = []
    for rang, lundi in enumerate(pd.date_range("2021-06-07", periods=32, freq="W-MON")):
        oui = 40 if rang >= 30 else (80 if rang % 2 else 84)
        lignes += [appel(f"{lundi:%Y-%m-%d}", nombre=str(oui))]
        lignes += [appel(f"{lundi:%Y-%m-%d}", issue="abandonne", nombre=str(100 - oui))]
    bilan = appels.measure_suivi_appels(load_accueil(tmp_path, {"appels": lignes}))
    assert len(bilan.lignes) == 32
    assert [bool(li.statut) for li in bilan.lignes] == [False] * 30 + [True] * 2
    assert bilan.lignes[0].reference == Fraction(float(Fraction(82, 100)))


def annee_d_appels(n: int) -> pd.DataFrame:
    """A year of calls, drawn."""
    hasard = np.random.default_rng(1)
    jours = pd.date_range("2021-04-01", "2022-03-31").to_numpy()
    issues = np.array(["repondu", "abandonne", "messagerie", "svi"], object)
    return pd.DataFrame(
        {
            "date": hasard.choice(jours, n),
            "heure": hasard.integers(480, 1020, n).astype(float),
            "issue": hasard.choice(issues, n),
            "nombre": np.full(n, np.nan),
            "service": hasard.choice(np.array(["A", "B", None], object), n),
            "attente": hasard.integers(0, 300, n).astype(float),
            "duree": hasard.integers(0, 900, n).astype(float),
            "transferts": hasard.integers(0, 2, n).astype(float),
        },
        index=np.arange(2, n + 2),
    )


def test_a_year_of_calls_is_quick(tmp_path: Path) -> None:
    """200 000 calls are measured in every way in the time of a breath."""
    campagne = with_cadre(load_accueil(tmp_path, {"appels": [appel()]}), "appels",
                          annee_d_appels(200_000))  # fmt: skip
    debut = time.process_time()
    for mesurer in MESURES:
        mesurer(campagne)
    assert time.process_time() - debut < 1.5


def test_totals_by_day_need_no_hour(tmp_path: Path) -> None:
    """An exchange that only counts by day is read: rates by month are there, hours are empty."""
    lignes = [
        {"date": "2022-03-01", "issue": "repondu", "nombre": "30"},
        {"date": "2022-03-01", "issue": "abandonne", "nombre": "10"},
        {"date": "2022-03-02", "issue": "svi", "nombre": "5"},
    ]
    campagne = load_accueil(tmp_path, {"appels": lignes})
    assert not campagne.remarques
    (mars,) = appels.measure_decroches(campagne).lignes
    assert mars.mesure == Taux(30, 40)
    assert appels.measure_affluence_appels(campagne).lignes == ()
