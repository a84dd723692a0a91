"""What a killed run leaves is removed by the next one and told; a neighbour's work is not."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest
from click.testing import CliRunner
from test_lot import Reseau, sans_orphelin

from qualepref_lib.__main__ import cli
from qualepref_lib.running import prive, restes
from qualepref_lib.running.depot import verrou
from qualepref_lib.running.restes import sweep_restes, sweep_tout
from qualepref_lib.running.vivants import debut_de, est_vivant, machine, marque

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")


@pytest.fixture(autouse=True)
def prives(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A place of its own for private folders: other tests kill too."""
    dossier = tmp_path_factory.mktemp("prives")
    monkeypatch.setenv("TMPDIR", str(dossier))
    monkeypatch.setattr(tempfile, "tempdir", None)
    return dossier


def mort() -> int:
    """The number of a process that is gone."""
    processus = subprocess.Popen([sys.executable, "-c", ""])
    processus.wait()
    return processus.pid


def en_chantier(dossier: Path, nom: str, marque: str) -> Path:
    """What somebody is, or was, building."""
    chantier = dossier / f".{nom}.chantier-{marque}"
    chantier.mkdir()
    (chantier / "rapport_audit.html").write_text("moitié")
    return chantier


def test_the_work_of_the_dead_goes_and_that_of_the_living_stays(tmp_path: Path) -> None:
    """Told by the process: gone, another one under its number, this one, another machine's."""
    moi = os.getpid()
    partis = [
        en_chantier(tmp_path, "a", f"{machine()}-{debut_de(moi)}-{mort()}"),
        en_chantier(tmp_path, "b", f"{machine()}-1-{moi}"),  # a number that was given again
        en_chantier(tmp_path, "c", f"{mort()}"),  # as it was named before
        en_chantier(tmp_path, "d", f"{'0' * 16}-1-{moi}"),
    ]
    os.utime(partis[-1], (0, time.time() - 2 * restes.AGE_S))
    restent = [
        en_chantier(tmp_path, "e", marque()),
        en_chantier(tmp_path, "f", f"{'0' * 16}-1-{moi}"),
        en_chantier(tmp_path, "g", f"{moi}"),
        en_chantier(tmp_path, "h", "notes de quelqu’un"),
    ]
    assert sweep_restes(tmp_path) == partis
    assert not any(p.exists() for p in partis) and all(r.is_dir() for r in restent)


def test_a_lock_that_is_held_keeps_everything(tmp_path: Path) -> None:
    """Whoever holds the lock of the output is at work, whatever the name says."""
    reste = en_chantier(tmp_path, "metz", f"{mort()}")
    with verrou(tmp_path / "metz"):
        assert sweep_restes(tmp_path) == [] and reste.is_dir()
    assert sweep_restes(tmp_path) == [reste]


def test_a_link_is_removed_and_not_what_it_names(tmp_path: Path) -> None:
    """A file that was being written goes; through a link nothing is touched."""
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "a.png").write_text("photo")
    (tmp_path / f".x.chantier-{mort()}").symlink_to(tmp_path / "photos")
    (tmp_path / f".y.csv.chantier-{mort()}").write_text("moitié")
    assert len(sweep_restes(tmp_path)) == 2
    assert (tmp_path / "photos" / "a.png").read_text() == "photo"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["photos"]


def test_a_process_is_known_by_its_number_and_its_start() -> None:
    """Alive: this one; not: one that is gone, or another start under the same number."""
    moi = os.getpid()
    assert est_vivant(moi) and est_vivant(moi, debut_de(moi))
    assert not est_vivant(moi, "1") and not est_vivant(mort())
    assert debut_de(moi) != debut_de(1)


def test_private_folders_of_the_dead_are_removed(prives: Path) -> None:
    """Killed, a run leaves its private folder; the next one removes it, never a living one's."""
    programme = (
        "import os, signal\nfrom qualepref_lib.running.prive import dossier_prive\n"
        "with dossier_prive() as d:\n (d / 'x').write_text('x'); os.kill(os.getpid(), 9)"
    )
    subprocess.run([sys.executable, "-c", programme], check=False)
    (prives / "qualepref-a-moi").mkdir()
    with prive.dossier_prive() as mien:
        assert mien.stat().st_mode & 0o077 == 0
        assert len(list(prives.iterdir())) == 3
        assert sweep_tout(prives / "rien") == 1
        assert mien.is_dir()
    assert [p.name for p in prives.iterdir()] == ["qualepref-a-moi"]


def _tuer_en_chantier(reseau: Reseau, *arguments: str) -> None:
    """Start a run and kill it while it builds."""
    while not reseau.rapports.is_dir() or not reseau.restes():
        marque = f"{os.getpid()}-{time.time_ns()}"
        processus = subprocess.Popen(
            reseau.commande(*arguments), cwd=reseau.racine,
            env=reseau.environnement | {"MARQUE_DU_TEST": marque},
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        while processus.poll() is None and not (reseau.rapports.is_dir() and reseau.restes()):
            time.sleep(0.01)
        processus.send_signal(signal.SIGKILL)
        processus.wait()
        sans_orphelin(marque)
        while any(not reste.est_mort for reste in restes._list_restes(reseau.rapports)):
            time.sleep(0.01)  # killed with its parent, a moment later


def test_a_process_that_nobody_buried_is_gone() -> None:
    """In a container without init the dead keep their number: they are dead all the same."""
    processus = subprocess.Popen([sys.executable, "-c", ""])
    for _ in range(500):
        if not est_vivant(processus.pid):
            break
        time.sleep(0.01)
    assert Path(f"/proc/{processus.pid}/stat").exists() and not est_vivant(processus.pid)
    processus.wait()


def test_after_kill_9_the_next_run_cleans_and_says_so(tmp_path: Path) -> None:
    """A batch of another site, a report, or --nettoyer: what the killed one left is gone."""
    reseau = Reseau(tmp_path, 2)
    suites = (
        ("lot", "site_002"), ("rapport", "site_002", "--tout"), ("rapport", "site_002"),
        ("lot", "--nettoyer"),
    )  # fmt: skip
    for suite in suites:
        _tuer_en_chantier(reseau, "lot", "site_001", "--tout")
        fait = reseau.run(*suite)
        assert fait.returncode == 0, fait.stderr
        dit = fait.stdout if "--nettoyer" in suite else fait.stderr
        assert "Retiré : 1 reste d’exécutions interrompues." in dit.replace("\u00a0", " ")
        assert reseau.restes() == []
        if suite[0] == "rapport":
            assert fait.stdout.startswith("Rapport : ")
    fait = reseau.run("lot", "--nettoyer")
    assert (fait.returncode, fait.stdout, fait.stderr) == (0, "Rien à retirer.\n", "")


def test_cleaning_leaves_a_running_neighbour_alone(tmp_path: Path) -> None:
    """While a batch runs, others clean again and again: it ends as if it were alone."""
    reseau = Reseau(tmp_path, 3)
    voisin = subprocess.Popen(
        reseau.commande("lot"), cwd=reseau.racine, env=reseau.environnement,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    vus = 0
    while voisin.poll() is None:
        vus += bool(reseau.rapports.is_dir() and reseau.restes())
        assert sweep_tout(reseau.rapports) == 0
        time.sleep(0.02)
    assert vus and voisin.returncode == 0
    assert len(reseau.pages()) == 3


def test_cleaning_is_asked_for_alone(tmp_path: Path) -> None:
    """With campaigns or a resume it would be unclear what is asked: exit 2."""
    for autre in (["metz"], ["--reprendre"], ["--tout"]):
        arguments = ["lot", "--nettoyer", "--sortie", str(tmp_path), *autre]
        resultat = CliRunner().invoke(cli, arguments, prog_name="qualepref")
        assert resultat.exit_code == 2 and "--nettoyer" in resultat.output
