"""The queue: worked small days, waits without an end, half-hours, counters at work."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from petit_accueil import load_accueil, numeroter, with_cadre
from petite_campagne import load_petite
from statsmodels.duration.survfunc import SurvfuncRight

from qualepref_lib.analyses import guichets, tickets, visites
from qualepref_lib.campagne import Campagne
from qualepref_lib.core.bilan import Bilan, Liste, Renvoi
from qualepref_lib.core.mesures import Durees, Repartition, Taux, TriCroise


def ticket(
    pris: str = "9h00", appele: str = "9h15", date: str = "2022-03-01", file: str = "sans_rdv",
    **suite: str,
) -> dict[str, str]:  # fmt: skip
    """One row of the queue, without its number."""
    return {"date": date, "file": file, "pris": pris, "appele": appele, **suite}


def load(racine: Path, lignes: list[dict[str, str]]) -> Campagne:
    """A campaign of these tickets, numbered in order."""
    return load_accueil(racine, {"tickets": numeroter(lignes, "ticket")})


def durees(bilan: Bilan, code: str) -> Durees:
    """The waits of a line."""
    mesure = bilan.ligne(code).mesure
    assert isinstance(mesure, Durees)
    return mesure


MESURES: list[Callable[[Campagne], Bilan | Liste]] = [
    tickets.measure_indicateurs_tickets,
    tickets.measure_attentes,
    lambda c: tickets.measure_attentes(c, par="motif"),
    tickets.measure_attente_par_heure,
    visites.measure_issues_tickets,
    visites.measure_rendez_vous,
    tickets.measure_affluence_tickets,
    guichets.measure_guichets,
]


def test_share_under_the_target_of_each_queue(tmp_path: Path) -> None:
    """Waits of 15, 20, 21 min against 20: two of three; an absent at the call waited too; those
    who left or still wait are apart."""
    lignes = [
        ticket("9h00", "9h15"),
        ticket("9h00", "9h20", issue="absent"),
        ticket("9h00", "9h21"),
        ticket("9h00", "", issue="abandonne"),
        ticket("9h00", "", issue="en_attente"),
        ticket("10h00", "10h11", file="avec_rdv"),
    ]
    campagne = load(tmp_path, lignes)
    bilan = tickets.measure_indicateurs_tickets(campagne)
    assert [(li.code, li.mesure) for li in bilan.lignes] == [
        ("tickets.sans_rdv", Taux(2, 3)),
        ("tickets.avec_rdv", Taux(0, 1)),
    ]
    assert bilan.ligne("tickets.sans_rdv").lignes == (2, 3, 4)
    assert bilan.code == "registres"
    attente = durees(tickets.measure_attentes(campagne), "sans_rdv")
    assert (attente.n, attente.en_cours, attente.ouverts) == (3, 1, "encore en attente")
    assert (attente.dans_cible, attente.cible) == (Taux(2, 3), "20 minutes au plus")


def test_twenty_minutes_to_the_second(tmp_path: Path) -> None:
    """Twenty minutes to the second are within the threshold, whatever the fractions of minutes;
    one second more is not."""
    instants = [(heure, s) for heure in range(8, 16) for s in range(60)]
    justes = [ticket(f"{h}:12:{s:02d}", f"{h}:32:{s:02d}") for h, s in instants]
    trop = ticket("9:00:20", "9:20:21")
    bilan = tickets.measure_indicateurs_tickets(load(tmp_path, [*justes, trop]))
    assert bilan.ligne("tickets.sans_rdv").mesure == Taux(480, 481)


@pytest.mark.parametrize("graine", range(4))
def test_waits_without_an_end(graine: int, tmp_path: Path) -> None:
    """The median and 90th percentile are Kaplan-Meier's, those still waiting being censored at the
    last time of their day (statsmodels)."""
    hasard = random.Random(graine)
    lignes = []
    for _ in range(41):
        pris = hasard.randint(540, 660)
        attend = hasard.random() < 0.15
        appele = "" if attend else _heure(pris + hasard.randint(1, 60))
        issue = "en_attente" if attend else ""
        date = f"2022-03-0{hasard.randint(1, 2)}"
        lignes.append(ticket(_heure(pris), appele, date, issue=issue))
    trouve = durees(tickets.measure_attentes(load(tmp_path, lignes)), "sans_rdv")
    fins = {}
    for ligne in lignes:
        heures = (_minutes(ligne["pris"]), _minutes(ligne["appele"]))
        fins[ligne["date"]] = max(fins.get(ligne["date"], 0), *heures)
    temps = [(_minutes(li["appele"]) or fins[li["date"]]) - _minutes(li["pris"]) for li in lignes]
    courbe = SurvfuncRight(np.array(temps), np.array([bool(li["appele"]) for li in lignes]))
    assert trouve.mediane == courbe.quantile(0.5)
    p90 = courbe.quantile(0.9)
    assert trouve.p90 == (None if np.isnan(p90) else p90)


def _heure(minutes: int) -> str:
    return f"{minutes // 60}:{minutes % 60:02d}"


def _minutes(heure: str) -> int:
    heures, _, minutes = heure.partition(":")
    return 60 * int(heures) + int(minutes) if heure else 0


def test_those_who_left_have_no_wait(tmp_path: Path) -> None:
    """Leaving at an unknown time is no wait of any length: the spread is that of the others."""
    lignes = [ticket("9h00", "9h10"), ticket("9h00", "9h30")]
    partis = [ticket("8h00", "", issue="abandonne")] * 5
    deux = [
        durees(tickets.measure_attentes(load(tmp_path / nom, ensemble)), "sans_rdv")
        for nom, ensemble in (("sans", lignes), ("avec", lignes + partis))
    ]
    assert deux[0] == deux[1] and deux[0].mediane == 20.0


def test_motives_and_their_own_thresholds(tmp_path: Path) -> None:
    """A reason met in both queues is judged ticket by ticket, each by its queue's threshold."""
    lignes = [
        ticket("9h00", "9h15", motif="permis"),
        ticket("9h00", "9h15", motif="permis", file="avec_rdv"),
        ticket("9h00", "9h05"),
    ]
    bilan = tickets.measure_attentes(load(tmp_path, lignes), par="motif")
    assert durees(bilan, "permis").dans_cible == Taux(1, 2)
    assert durees(bilan, "permis").cible == "seuil propre à chacun"
    assert bilan.ligne("non_indique").libelle == "motif non indiqué"


def test_half_hours(tmp_path: Path) -> None:
    """9:29 is in « 9h00–9h30 », 9:30 in the next; only the asked queue counts."""
    lignes = [
        ticket("9h29", "9h39"),
        ticket("9h30", "9h50"),
        ticket("9h30", "9h31", file="avec_rdv"),
        ticket("11h00", "", issue="abandonne"),
    ]
    bilan = tickets.measure_attente_par_heure(load(tmp_path, lignes), file="sans_rdv")
    assert [(li.code, li.libelle) for li in bilan.lignes] == [
        ("h0900", "9h00–9h30"),
        ("h0930", "9h30–10h00"),
    ]
    assert [durees(bilan, li.code).mediane for li in bilan.lignes] == [10.0, 20.0]
    assert bilan.titre == "Attente sans rendez-vous, par demi-heure d’arrivée"


def test_outcomes_partition_the_tickets(tmp_path: Path) -> None:
    """Served, absent and gone share out the tickets; those still waiting stand apart."""
    lignes = [
        ticket(),
        ticket(issue="servi"),
        ticket(issue="absent"),
        ticket(appele="", issue="abandonne", file="avec_rdv"),
        ticket(appele="", issue="en_attente"),
    ]
    bilan = visites.measure_issues_tickets(load(tmp_path, lignes))
    ensemble, sans, avec = (li.mesure for li in bilan.lignes)
    assert isinstance(ensemble, Repartition)
    assert isinstance(sans, Repartition) and isinstance(avec, Repartition)
    assert dict(ensemble.effectifs) == {
        "servi": 2, "absent à l’appel": 1, "parti avant l’appel": 1,
    }  # fmt: skip
    assert dict(ensemble.a_part) == {"encore en attente": 1}
    assert sans.base + avec.base == ensemble.base == 4


def test_appointments_by_reason(tmp_path: Path) -> None:
    """8 residence permits out of 10 appointments make 80 %; the shares add up to the whole."""
    rdv = [ticket(file="avec_rdv", motif="sejour")] * 8 + [ticket(file="avec_rdv", motif="permis")]
    lignes = [*rdv, ticket(file="avec_rdv"), ticket(motif="identite")]
    bilan = visites.measure_rendez_vous(load(tmp_path, lignes))
    assert [(li.code, li.mesure) for li in bilan.lignes] == [
        ("sejour", Taux(8, 10)),
        ("permis", Taux(1, 10)),
        ("non_indique", Taux(1, 10)),
    ]
    assert str(bilan.lignes[0].mesure) == "8 sur 10 (80\u00a0%)"


def test_hour_and_weekday_of_arrival(tmp_path: Path) -> None:
    """The share within the threshold is read at the hour of arrival, not of the call."""
    lignes = [ticket("9h55", "10h05"), ticket("9h10", "9h50"), ticket("9h00", date="2022-03-04")]
    bilan = tickets.measure_affluence_tickets(load(tmp_path, lignes))
    (seule,) = (li.mesure for li in bilan.lignes)
    assert isinstance(seule, TriCroise)
    assert seule.cases == {"mardi": Taux(1, 2), "vendredi": Taux(1, 1)}


def test_arrivals_against_counters(tmp_path: Path) -> None:
    """Two days of opening; at 9h00–9h30 three arrivals in all, counters A and B one day, A the
    other: 1,5 arrivals, 1,5 counters, 1 arrival a counter. A counter busy from 9:15 to 10:00 is at
    work in both half-hours that it fills, and not in the one that starts at 10:00."""
    lignes = [
        ticket("9h00", "9h15", fini="10h00", guichet="A"),
        ticket("9h10", "9h20", fini="9h25", guichet="B"),
        ticket("9h00", "9h05", "2022-03-02", fini="9h06", guichet="A"),
        ticket("9h40", "9h50", "2022-03-02"),
    ]
    liste = guichets.measure_guichets(load(tmp_path, lignes))
    textes = [[c.texte if isinstance(c, Renvoi) else c for c in li] for li in liste.lignes]
    assert textes == [
        ["9h00–9h30", "1,5", "1,5", "1,0"],
        ["9h30–10h00", "0,5", "0,5", "1,0"],
    ]
    assert liste.champ.endswith(" ; 1 appel sans guichet indiqué")
    charge = next(c for c in liste.chiffres if c.code == "tickets.guichets.h0900.charge")
    assert (charge.numerateur, charge.denominateur, charge.lignes) == ("3", "3", "2-4")


def test_counters_as_a_plain_loop_counts_them(tmp_path: Path) -> None:
    """Property: the half-hours of counters are those that a naive loop over minutes finds."""
    hasard = random.Random(3)
    lignes = []
    for _ in range(60):
        appele = hasard.randint(540, 700)
        fini = appele + hasard.randint(0, 70)
        lignes.append(
            ticket(_heure(540), _heure(appele), f"2022-03-0{hasard.randint(1, 3)}",
                   fini=_heure(fini), guichet=hasard.choice("ABC"))
        )  # fmt: skip
    presents = set()
    for ligne in lignes:
        debut, fin = _minutes(ligne["appele"]), _minutes(ligne["fini"])
        presents |= {
            (ligne["date"], minute // 30, ligne["guichet"])
            for minute in range(debut, max(fin, debut + 1))
        }
    liste = guichets.measure_guichets(load(tmp_path, lignes))
    for chiffre in liste.chiffres:
        if chiffre.code.endswith(".guichets"):
            heure = chiffre.code.split(".h")[1]
            rang = int(heure[:2]) * 2 + int(heure[2:4]) // 30
            assert int(chiffre.numerateur) == sum(r == rang for _, r, _ in presents)


def test_no_counter_is_named(tmp_path: Path) -> None:
    """Nothing printed tells one counter, and so one agent, from another."""
    lignes = [ticket(fini="9h20", guichet=f"GUICHET-{n % 3}") for n in range(30)]
    campagne = load(tmp_path, lignes)
    assert not any("GUICHET-" in repr(mesurer(campagne)) for mesurer in MESURES)


def test_without_counters(tmp_path: Path) -> None:
    """A file that names no counter gives the arrivals, and a dash for what nobody wrote."""
    liste = guichets.measure_guichets(load(tmp_path, [ticket()]))
    assert [str(c) for c in liste.lignes[0][2:]] == ["–", "–"]


@pytest.mark.parametrize("mesurer", MESURES)
def test_without_tickets(mesurer: Callable[[Campagne], Bilan | Liste], tmp_path: Path) -> None:
    """Without the file what is missing is said; tickets taken later do not exist yet."""
    appel = {"date": "2022-03-01", "heure": "9h00", "issue": "svi"}
    vide = mesurer(load_accueil(tmp_path / "sans", {"appels": [appel]}))
    assert not vide.lignes and "tickets.csv" in vide.manque
    assert not mesurer(load(tmp_path / "tard", [ticket(date="2022-04-02")])).lignes


def test_an_edition_without_that_queue(tmp_path: Path) -> None:
    """A queue that the référentiel does not know is told missing; the chapter goes on."""
    campagne = load(tmp_path, [ticket()])
    bilan = tickets.measure_attente_par_heure(campagne, file="express")
    assert not bilan.lignes and "« express »" in bilan.manque
    sans = load_petite(tmp_path / "p", {"autodiagnostic": [{"critere": "1.01.a",
                                                            "cotation": "réalisé"}]})  # fmt: skip
    assert all(not mesurer(sans).lignes for mesurer in MESURES)


def annee_de_tickets(n: int) -> pd.DataFrame:
    """A year of tickets, drawn."""
    hasard = np.random.default_rng(2)
    pris = hasard.integers(8 * 3600, 16 * 3600, n) / 60
    appele = pris + hasard.integers(0, 5400, n) / 60
    partis = hasard.random(n) < 0.1
    motifs = np.array(["sejour", "permis", "identite", None], object)
    return pd.DataFrame(
        {
            "ticket": [f"T{rang}" for rang in range(n)],
            "date": hasard.choice(pd.date_range("2021-04-01", "2022-03-31").to_numpy(), n),
            "file": hasard.choice(np.array(["sans_rdv", "avec_rdv"], object), n),
            "motif": hasard.choice(motifs, n),
            "pris": pris,
            "appele": np.where(partis, np.nan, appele),
            "fini": np.where(partis, np.nan, appele + hasard.integers(1, 40, n)),
            "guichet": hasard.choice(np.array(list("ABCDEFGH"), object), n),
            "issue": np.where(partis, np.array("abandonne", object), None),
        },
        index=np.arange(2, n + 2),
    )


def test_a_year_of_tickets_is_quick(tmp_path: Path) -> None:
    """60 000 tickets are measured in every way in the time of a breath."""
    campagne = with_cadre(load(tmp_path, [ticket()]), "tickets", annee_de_tickets(60_000))
    debut = time.process_time()
    for mesurer in MESURES:
        mesurer(campagne)
    assert time.process_time() - debut < 1.5


def test_the_busiest_half_hours_are_named(tmp_path: Path) -> None:
    """Arrivals for a counter at work, most first; a half-hour without a counter is not compared."""
    lignes = numeroter(
        [ticket(pris="09:00", appele="09:05", fini="09:20", guichet="1"),
         ticket(pris="09:01", appele="09:21", fini="09:25", guichet="1"),
         ticket(pris="09:31", appele="09:32", fini="09:40", guichet="1"),
         ticket(pris="10:05", appele="", fini="", issue="abandonne")], "ticket",
    )  # fmt: skip
    liste = guichets.list_heures_chargees(load(tmp_path, lignes))
    assert liste.lignes == (("9h00–9h30",), ("9h30–10h00",))
    sans = guichets.list_heures_chargees(load_accueil(tmp_path / "rien", {}))
    assert sans.lignes == () and "tickets.csv" in sans.manque
