"""Every due run happens exactly once or is reported, whatever happens to the machine."""

from __future__ import annotations

import contextlib
import datetime as dt
import errno
import json
import multiprocessing
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import petit_calendrier as petit
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qualepref_lib.core.refus import Refus
from qualepref_lib.running import depot, fabrication
from qualepref_lib.running.depot import ECHEC, MARQUE, RAPPORT, Occupe, verrou
from qualepref_lib.running.echeances.etat import load_etats
from qualepref_lib.running.echeances.execution import ESSAIS_PAR_JOUR
from qualepref_lib.running.echeances.marque import Essai, begin_essai, load_marque
from qualepref_lib.running.journal import load_journal
from qualepref_lib.running.pannes import Echec, Panne

Panneur = Callable[[str], None]
sous_linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="forks under Linux")


@pytest.fixture
def projet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A tiny project whose reports take a millisecond."""
    simuler(monkeypatch)
    monkeypatch.setenv("QUALEPREF_RACINE", str(tmp_path))
    return petit.write_projet(tmp_path)


def simuler(monkeypatch: pytest.MonkeyPatch, panne: Panneur = lambda jour: None) -> None:
    """Replace the chapters; ``panne`` may raise."""
    for nom, remplace in petit.faux(panne).items():
        monkeypatch.setattr(fabrication, nom, remplace)


def casser(jour: str) -> None:
    """A chapter that fails."""
    raise Echec([Panne("01_essai", "table", f"cassé le {jour}")])


def resultats(racine: Path) -> list[str]:
    """How each run of the journal ended."""
    return [ligne["resultat"] for ligne in load_journal(racine / "reports")]


def jour(texte: str) -> dt.date:
    """A day."""
    return dt.date.fromisoformat(texte)


# A year.


@pytest.mark.parametrize("fois", [1, 5])
def test_a_year_of_daily_calls(projet: Path, fois: int) -> None:
    """Called every day, once or five times, each due run happens on its day and once."""
    for le_jour in petit.jours():
        for _ in range(fois):
            petit.appeler(projet, le_jour)
    petit.check_annee(projet)
    (etat,) = load_etats(projet, ["essai"], petit.FIN)
    assert all(etat.faits[p.code] == p.jour for p in etat.passages)
    assert petit.restes(projet) == []


def test_gaps_of_ten_days_are_caught_up(projet: Path) -> None:
    """A machine that wakes every ten days makes one report for all it missed, marked as late."""
    for le_jour in petit.jours()[::10]:
        petit.appeler(projet, le_jour)
    petit.check_annee(projet)
    lignes = load_journal(projet / "reports")
    tardifs = {code for ligne in lignes for code in ligne["rattrapes"]}
    (etat,) = load_etats(projet, ["essai"], petit.FIN)
    assert tardifs == {p.code for p in etat.passages if etat.faits[p.code] > p.jour}
    assert all((etat.faits[p.code] - p.jour).days < 10 for p in etat.passages)
    assert len(lignes) < petit.DUS  # J-7 and J-1 of one audit fall into one gap


def test_one_report_serves_all_that_waits(projet: Path) -> None:
    """Several runs missed together are one report, and a line of the journal names them all."""
    (suite,) = petit.appeler(projet, jour("2027-02-10"))
    assert [p.delai for p in suite.passages] == ["J−30", "J−7", "J−1"]
    assert len(suite.essai.rattrapes) == 3
    assert (projet / "reports" / "essai" / RAPPORT).read_text().split()[0] == "2027-02-10"
    assert resultats(projet) == ["fait"]


@sous_linux
def test_two_processes_at_once_for_a_year(projet: Path) -> None:
    """Two real processes that live the same year side by side make each report once."""
    deux = [_vivre(projet, petit.DEBUT, 2) for _ in range(2)]
    for processus in deux:
        processus.join(timeout=300)
    assert [p.exitcode for p in deux] == [0, 0]
    petit.check_annee(projet)
    assert resultats(projet) == ["fait"] * len(resultats(projet))


@sous_linux
def test_killed_at_any_moment(projet: Path) -> None:
    """Killed without warning again and again, each due run is made once, and none is lost."""
    hasard, tues = random.Random(7), 0
    for n in range(60):
        processus = _vivre(projet, petit.DEBUT + dt.timedelta(days=5 * n), 1)
        time.sleep(0.002 + 0.05 * hasard.random())
        processus.kill()
        processus.join()
        tues += processus.exitcode == -signal.SIGKILL
        petit.check_entier(projet)
        assert max(petit.faits(projet).values(), default=1) == 1
    for le_jour in petit.jours():
        petit.appeler(projet, le_jour)
    petit.check_annee(projet)
    assert tues > 30
    demande = fabrication.Demande("essai", parametres={"date_reference": "2027-10-15"})
    fabrication.make_rapport(demande)  # what the last killed run left goes with the next one
    assert petit.restes(projet) == []


def _vivre(racine: Path, debut: dt.date, fois: int) -> BaseProcess:
    """A process of its own that lives the days from ``debut`` on, calling so often each."""

    def vivre() -> None:
        for le_jour in petit.jours(debut):
            for _ in range(fois):
                with contextlib.suppress(Occupe):
                    petit.appeler(racine, le_jour)

    processus = multiprocessing.get_context("fork").Process(target=vivre)
    processus.start()
    return processus


@sous_linux
@pytest.mark.parametrize("ou", ["avant", "apres"])
def test_killed_around_the_publication(
    projet: Path, monkeypatch: pytest.MonkeyPatch, ou: str
) -> None:
    """Killed just before the report is put in place, it is made again; just after, it is not."""
    vrai = depot.publier

    def publier(provisoire: Path, sortie: Path) -> None:
        if ou == "apres":
            vrai(provisoire, sortie)
        os.kill(os.getpid(), signal.SIGKILL)

    with monkeypatch.context() as dedans:
        dedans.setattr(depot, "publier", publier)
        processus = _vivre(projet, jour("2027-01-04"), 1)
        processus.join()
    assert processus.exitcode == -signal.SIGKILL and resultats(projet) == []
    suites = petit.appeler(projet, jour("2027-01-04"))
    attendu = ["interrompu", "fait"] if ou == "avant" else ["fait"]
    assert resultats(projet) == attendu
    assert [s.resultat for s in suites] == (attendu if ou == "avant" else [])
    assert petit.faits(projet) == Counter({"copil@2027-02-03:J-30": 1})
    assert petit.appeler(projet, jour("2027-01-04")) == []


# Failures.


def test_a_failing_notebook_is_tried_again(projet: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A failed run is tried again at each call, three times a day, reported each time."""
    simuler(monkeypatch, casser)
    for le_jour in ("2027-01-04", "2027-01-05"):
        suites = [petit.appeler(projet, jour(le_jour))[0] for _ in range(5)]
        assert [s.resultat for s in suites] == ["échec"] * ESSAIS_PAR_JOUR + ["en attente"] * 2
        assert {s.code for s in suites} == {3}
        assert all(f"cassé le {le_jour}" in s.cause for s in suites)
    assert resultats(projet) == ["échec"] * 6
    simuler(monkeypatch)
    (suite,) = petit.appeler(projet, jour("2027-01-06"))
    assert (suite.resultat, suite.code) == ("fait", 0)
    assert suite.essai.rattrapes == ("copil@2027-02-03:J-30",)


def test_a_year_with_a_notebook_that_fails_on_some_days(
    projet: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever days a chapter fails, each run happens once, and the day of each failure is told."""
    mauvais = {j.isoformat() for j in petit.jours() if j.day % 3}

    def panne(le_jour: str) -> None:
        if le_jour in mauvais:
            casser(le_jour)

    simuler(monkeypatch, panne)
    for le_jour in petit.jours():
        petit.appeler(projet, le_jour)
    petit.check_annee(projet)
    rates = [ligne for ligne in load_journal(projet / "reports") if ligne["resultat"] == "échec"]
    assert rates and {ligne["jour"] for ligne in rates} <= mauvais


def test_a_run_that_is_stopped_is_written_down(
    projet: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Stopped from outside (SIGTERM, Ctrl-C), the run says so, counts, and leaves no trace."""

    def arreter(le_jour: str) -> None:
        raise SystemExit(3)

    simuler(monkeypatch, arreter)
    with pytest.raises(SystemExit):
        petit.appeler(projet, jour("2027-01-04"))
    assert resultats(projet) == ["interrompu"] and petit.restes(projet) == []
    (etat,) = load_etats(projet, ["essai"], jour("2027-01-04"))
    assert etat.essais_rates(etat.jour) == 1 and etat.dus
    simuler(monkeypatch)
    assert [s.resultat for s in petit.appeler(projet, jour("2027-01-04"))] == ["fait"]


def test_refused_data_exit_1(projet: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Refused data are refused data, in the run as in a cell; a broken form is told as well."""

    def refuser(le_jour: str) -> None:
        raise Echec([Panne("01_essai", "chargement", "Refusé : 1 problème.", est_refus=True)])

    simuler(monkeypatch, refuser)
    (suite,) = petit.appeler(projet, jour("2027-01-04"))
    assert (suite.resultat, suite.code) == ("refusé", 1)
    fiche = projet / "data" / "campagnes" / "essai" / "campagne.yaml"
    fiche.write_text(fiche.read_text("utf-8").replace("2027-02-03", "2027-02-31"), "utf-8")
    codes = [petit.appeler(projet, jour("2027-01-05"))[0] for _ in range(4)]
    assert [s.resultat for s in codes] == ["refusé"] * 3 + ["en attente"]
    assert {s.code for s in codes} == {1} and "31" in codes[0].cause


def test_an_occupied_report_is_told_and_not_counted(projet: Path) -> None:
    """A report that somebody is making by hand is not a failed attempt; the run comes later."""
    (projet / "reports").mkdir()
    with verrou(projet / "reports" / "essai"):
        for _ in range(5):
            (suite,) = petit.appeler(projet, jour("2027-01-04"))
            assert (suite.resultat, suite.code) == ("occupé", 3)
    assert petit.appeler(projet, jour("2027-01-04"))[0].resultat == "fait"


def test_what_a_finished_campaign_has_missed_is_told_once(projet: Path) -> None:
    """Off for too long, nothing is run for a campaign that is over, and that is told once."""
    petit.appeler(projet, jour("2027-01-04"))
    tard = petit.FIN + dt.timedelta(days=60)
    (suite,) = petit.appeler(projet, tard)
    assert (suite.resultat, suite.code) == ("manqué", 3)
    assert len(suite.passages) == petit.DUS - 1
    assert petit.appeler(projet, tard) == []
    assert resultats(projet) == ["fait", "manqué"]


def test_an_old_campaign_that_was_never_followed_is_left_alone(projet: Path) -> None:
    """The first call on a project with finished campaigns runs nothing and tells nothing."""
    assert petit.appeler(projet, jour("2035-01-01")) == []
    assert not (projet / "reports" / "journal.jsonl").exists()


# Full disk.


def plein(*arguments: Any, **options: Any) -> Any:
    """What the system answers when there is no room."""
    raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize("ou", ["os.fsync", "os.write", "pathlib.Path.mkdir"])
def test_full_disk_is_reported_and_nothing_is_marked(
    projet: Path, monkeypatch: pytest.MonkeyPatch, ou: str
) -> None:
    """No room to flush, to write the journal or to make a folder: told, not marked, made later."""
    petit.appeler(projet, jour("2027-01-04"))
    ancien = (projet / "reports" / "essai" / RAPPORT).read_text()
    with monkeypatch.context() as disque:
        disque.setattr(ou, plein)
        try:
            codes = [s.code for s in petit.appeler(projet, jour("2027-01-27"))]
        except OSError:
            codes = [3]
    if ou == "os.write":  # the report is there; only its line is missing, and it comes back
        assert codes == [0]
    else:
        assert codes == [3]
        assert (projet / "reports" / "essai" / RAPPORT).read_text() == ancien
    petit.check_entier(projet)
    for le_jour in petit.jours(jour("2027-01-28")):
        petit.appeler(projet, le_jour)
    petit.check_annee(projet)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="a small disk needs Linux")
def test_a_disk_that_is_really_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a real disk of a few blocks: told, the old report whole, then made when there is room."""
    racine = tmp_path / "disque"
    racine.mkdir()
    monte = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(racine)], capture_output=True
    )
    if monte.returncode:
        pytest.skip("mounting a small disk needs rights that this user does not have")
    try:
        simuler(monkeypatch)
        monkeypatch.setenv("QUALEPREF_RACINE", str(racine))
        petit.write_projet(racine)
        petit.appeler(racine, jour("2027-01-04"))
        _remplir(racine)
        try:
            codes = [s.code for s in petit.appeler(racine, jour("2027-01-27"))]
        except OSError:
            codes = [3]
        assert codes == [3]
        petit.check_entier(racine)
        assert set(petit.faits(racine)) == {"copil@2027-02-03:J-30"}
        (racine / "plein").unlink()
        for le_jour in petit.jours(jour("2027-01-28")):
            petit.appeler(racine, le_jour)
        petit.check_annee(racine)
    finally:
        subprocess.run(["umount", str(racine)], check=True)


def _remplir(racine: Path) -> None:
    """Fill a disk to its last block."""
    with (racine / "plein").open("wb", buffering=0) as fichier:
        try:
            while True:
                fichier.write(b"x" * 4096)
        except OSError:
            pass


@settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    pas=st.lists(st.integers(0, 25), min_size=5, max_size=40),
    alea=st.randoms(use_true_random=False),
)
def test_whatever_happens_once_or_reported(
    tmp_path_factory: pytest.TempPathFactory, pas: list[int], alea: random.Random
) -> None:
    """Any calls, any failures, any full disk: nothing marked twice, nothing marked and not made."""
    racine = petit.write_projet(tmp_path_factory.mktemp("p"))
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setenv("QUALEPREF_RACINE", str(racine))
        le_jour, dites = petit.DEBUT, []
        for n in pas:
            le_jour += dt.timedelta(days=n)
            _appeler_au_hasard(racine, le_jour, alea, dites)
            petit.check_entier(racine)
            publies = _publies(racine)
            assert set(load_marque(racine / "reports" / "essai")) == publies
            assert max(petit.faits(racine).values(), default=1) == 1
        simuler(monkeypatch)
        for jour_fin in petit.jours(min(le_jour, petit.FIN))[::15]:
            petit.appeler(racine, jour_fin)
        petit.appeler(racine, petit.FIN)
        (etat,) = load_etats(racine, ["essai"], petit.FIN)
        sans = {p.code for p in etat.passages} - set(petit.faits(racine))
        dits = {
            code
            for ligne in load_journal(racine / "reports")
            if ligne["resultat"] == "manqué"
            for code in ligne["passages"]
        }
        assert sans == dits or not sans


def _appeler_au_hasard(
    racine: Path, le_jour: dt.date, alea: random.Random, dites: list[str]
) -> None:
    """One call during which a chapter, a flush, a line or a mark may fail."""
    sort = alea.choice(["bien", "bien", "panne", "fsync", "write"])
    with pytest.MonkeyPatch.context() as monkeypatch:
        simuler(monkeypatch, casser if sort == "panne" else lambda jour: None)
        if sort in ("fsync", "write"):
            vrai, reste = getattr(os, sort), [alea.randint(0, 8)]

            def parfois(*arguments: Any) -> Any:
                reste[0] -= 1
                return plein() if reste[0] < 0 else vrai(*arguments)

            monkeypatch.setattr(os, sort, parfois)
        dus = load_etats(racine, ["essai"], le_jour)[0].dus
        suites = petit.appeler(racine, le_jour)
        dites += [s.resultat for s in suites]
    if dus:  # made, or told
        assert suites
        assert suites[-1].resultat == "fait" or suites[-1].code


def _publies(racine: Path) -> set[str]:
    """The due runs of the mark, read as a person would."""
    chemin = racine / "reports" / "essai" / MARQUE
    return set(json.loads(chemin.read_text())) if chemin.exists() else set()


# Memory.


def test_neither_a_lost_folder_nor_a_lost_journal_runs_twice(projet: Path) -> None:
    """The mark and the journal each remember alone what was run."""
    petit.appeler(projet, jour("2027-01-04"))
    (projet / "reports" / "journal.jsonl").unlink()
    assert petit.appeler(projet, jour("2027-01-05")) == []
    assert resultats(projet) == ["fait"]
    for nom in (*petit.FICHIERS, MARQUE):
        (projet / "reports" / "essai" / nom).unlink()
    assert petit.appeler(projet, jour("2027-01-06")) == []


def test_a_report_made_by_hand_keeps_the_mark(projet: Path) -> None:
    """`qualepref rapport` in between neither satisfies a due run nor forgets one."""
    petit.appeler(projet, jour("2027-01-04"))
    reglages = {"date_reference": "2027-01-20"}
    fabrication.make_rapport(fabrication.Demande("essai", parametres=reglages))
    assert petit.appeler(projet, jour("2027-01-21")) == []
    assert petit.appeler(projet, jour("2027-01-27"))[0].resultat == "fait"


def test_an_audit_that_is_moved_is_due_again(projet: Path) -> None:
    """Moving a step makes its runs due at the new dates; those made for the old one stay told."""
    petit.appeler(projet, jour("2027-01-04"))
    fiche = projet / "data" / "campagnes" / "essai" / "campagne.yaml"
    fiche.write_text(fiche.read_text("utf-8").replace("2027-02-03", "2027-02-10"), "utf-8")
    assert petit.appeler(projet, jour("2027-01-10")) == []
    (suite,) = petit.appeler(projet, jour("2027-01-11"))
    assert suite.essai.passages == ("copil@2027-02-10:J-30",)


def test_a_foreign_marker_is_not_believed(projet: Path) -> None:
    """The trace of a run that had ended after all is swept away without a word."""
    petit.appeler(projet, jour("2027-01-04"))
    sortie = projet / "reports" / "essai"
    begin_essai(sortie, Essai(jour("2027-01-04"), ("copil@2027-02-03:J-30",)))
    assert petit.appeler(projet, jour("2027-01-04")) == []
    sortie.with_name(".essai.passage").write_text("{{{")
    assert petit.appeler(projet, jour("2027-01-05")) == []
    assert resultats(projet) == ["fait"]


def test_without_exchange_the_mark_comes_after_the_report(
    projet: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where folders cannot trade places, a kill between the two makes the run again, never lost."""
    poses: list[str] = []
    vrai = Path.replace

    def replace(chemin: Path, cible: Path) -> Path:
        poses.append(Path(cible).name)
        return vrai(chemin, cible)

    petit.appeler(projet, jour("2027-01-04"))
    monkeypatch.setattr(depot, "_echanger", lambda avant, apres: False)
    (projet / "reports" / "essai" / ECHEC).write_text("échec")
    monkeypatch.setattr(Path, "replace", replace)
    petit.appeler(projet, jour("2027-01-27"))
    assert poses.index(RAPPORT) + 1 == poses.index(MARQUE)
    assert not (projet / "reports" / "essai" / ECHEC).exists()
    assert len(load_marque(projet / "reports" / "essai")) == 2


def test_a_name_that_is_unknown_is_refused(projet: Path) -> None:
    """A campaign that does not exist is a refusal, before anything is run."""
    from qualepref_lib.running.echeances.execution import execute

    with pytest.raises(Refus, match="aucune campagne"):
        execute(projet, ["inconnue"], jour("2027-01-04"))
