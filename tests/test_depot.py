"""Nothing lost: whatever happens, a reader finds the old report or the new one, whole."""

from __future__ import annotations

import json
import os
import random
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from conftest import Projet, porteurs

from qualepref_lib.core.refus import Refus
from qualepref_lib.running import depot
from qualepref_lib.running.depot import RAPPORT, chantier, verrou

PUBLIEUR = """
import sys
from pathlib import Path
from qualepref_lib.running.depot import chantier
sortie = Path(sys.argv[1])
for version in range(10_000):
    with chantier(sortie) as dossier:
        for nom in ("rapport_audit.html", "chiffres.json", "provenance.json"):
            (dossier / nom).write_text(f"{version} " * 2000)
"""


def deposer(sortie: Path, texte: str) -> None:
    """Publish a report of one word."""
    with chantier(sortie) as dossier:
        (dossier / RAPPORT).write_text(texte)


def versions(sortie: Path) -> set[str]:
    """The words found in all the files of a report: one when it is whole."""
    return {mot for f in sortie.iterdir() for mot in f.read_text().split()}


def test_a_failed_run_leaves_the_old_report(tmp_path: Path) -> None:
    """An error while building leaves the old report byte for byte, and no leftover folder."""
    sortie = tmp_path / "r"
    deposer(sortie, "ancien")
    with pytest.raises(RuntimeError), chantier(sortie) as dossier:
        (dossier / RAPPORT).write_text("moitié")
        raise RuntimeError
    assert (sortie / RAPPORT).read_text() == "ancien"
    assert [p.name for p in tmp_path.iterdir() if "chantier" in p.name] == []


def test_killed_at_any_moment_the_report_is_whole(tmp_path: Path) -> None:
    """Killed with no warning at random moments, the folder always holds one version, complete."""
    sortie, hasard = tmp_path / "r", random.Random(7)
    deposer(sortie, "0")
    for _ in range(12):
        processus = subprocess.Popen([sys.executable, "-c", PUBLIEUR, str(sortie)])
        time.sleep(0.15 + 0.35 * hasard.random())
        processus.send_signal(signal.SIGKILL)
        processus.wait()
        assert len(versions(sortie)) == 1
    deposer(sortie, "fin")
    assert versions(sortie) == {"fin"}
    assert [p.name for p in tmp_path.iterdir() if "chantier" in p.name] == []


def test_without_exchange_the_report_comes_last(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the system cannot trade folders, each file is replaced whole, the page at the end."""
    monkeypatch.setattr(depot, "_echanger", lambda avant, apres: False)
    sortie = tmp_path / "r"
    deposer(sortie, "ancien")
    with chantier(sortie) as dossier:
        (dossier / RAPPORT).write_text("neuf")
        (dossier / "notebooks").mkdir()
        (dossier / "notebooks" / "a.ipynb").write_text("neuf")
    assert (sortie / RAPPORT).read_text() == "neuf"
    assert (sortie / "notebooks" / "a.ipynb").read_text() == "neuf"


def test_one_run_at_a_time(tmp_path: Path) -> None:
    """A second run on the same output is refused while the first one holds it."""
    sortie = tmp_path / "r"
    with verrou(sortie), pytest.raises(Refus, match="une autre exécution"), chantier(sortie):
        pass


def test_the_lock_of_a_dead_process_is_free(tmp_path: Path) -> None:
    """A run that was killed does not keep the next one out."""
    programme = (
        "import os, signal, sys; from pathlib import Path; "
        "from qualepref_lib.running.depot import verrou\n"
        "with verrou(Path(sys.argv[1])): os.kill(os.getpid(), signal.SIGKILL)"
    )
    sortie = tmp_path / "r"
    fait = subprocess.run([sys.executable, "-c", programme, str(sortie)], check=False)
    assert fait.returncode == -signal.SIGKILL
    deposer(sortie, "suite")
    assert versions(sortie) == {"suite"}


def test_a_foreign_folder_is_never_replaced(tmp_path: Path) -> None:
    """An output folder that holds something else than a report is refused and left alone."""
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "a.png").write_text("photo")
    with pytest.raises(Refus, match="ne contient pas de rapport"):
        deposer(tmp_path / "photos", "neuf")
    assert (tmp_path / "photos" / "a.png").read_text() == "photo"


def test_what_a_person_added_stays(tmp_path: Path) -> None:
    """Notes that someone put beside the report are still there after the next one."""
    sortie = tmp_path / "r"
    deposer(sortie, "ancien")
    (sortie / "notes.txt").write_text("à dire en réunion")
    deposer(sortie, "neuf")
    assert (sortie / "notes.txt").read_text() == "à dire en réunion"
    assert (sortie / RAPPORT).read_text() == "neuf"


def test_full_disk_leaves_the_old_report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No space left while the new report is flushed: the old one stays."""
    sortie = tmp_path / "r"
    deposer(sortie, "ancien")

    def plein(descripteur: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", plein)
    with pytest.raises(OSError, match="28"):
        deposer(sortie, "neuf")
    assert versions(sortie) == {"ancien"}


@pytest.mark.parametrize("apres", [0.5, 1.5, 3.0])
def test_kill_of_a_real_run(projet: Projet, apres: float) -> None:
    """`qualepref rapport` killed in the middle: the old report is intact, no kernel survives."""
    assert projet.run("rapport", "moselle_2022", "--chapitre", "07").returncode == 0
    avant = {p: p.read_bytes() for p in projet.sortie.rglob("*") if p.is_file()}
    processus = subprocess.Popen(
        projet.commande("rapport", "moselle_2022", "--chapitre", "07", "--chapitre", "08"),
        cwd=projet.racine,
        env=projet.environnement | {"MARQUE_DU_TEST": str(projet.racine)},
        stderr=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )
    time.sleep(apres)
    processus.kill()
    processus.wait()
    apres_coup = {p: p.read_bytes() for p in projet.sortie.rglob("*") if p.is_file()}
    entier = json.loads((projet.sortie / "provenance.json").read_text(encoding="utf-8"))
    page = re.sub(r"<[^>]+>", "", (projet.sortie / RAPPORT).read_text(encoding="utf-8"))
    assert apres_coup == avant or entier["empreinte"] in page
    _attendre_la_fin_desporteurs(str(projet.racine))


def _attendre_la_fin_desporteurs(marque: str) -> None:
    """Kernels notice that their parent is gone; they must all have left within ten seconds."""
    for _ in range(50):
        if not porteurs(marque):
            return
        time.sleep(0.2)
    raise AssertionError("a kernel survived its parent")


def test_the_journal_tells_each_run(projet: Projet) -> None:
    """Each run adds one JSON line: when, which campaign, how long, how it ended and why."""
    assert projet.run("rapport", "moselle_2022", "--chapitre", "07").returncode == 0
    assert projet.run("rapport", "moselle_2022", "-p", "campgne", "x").returncode == 1
    lignes = (projet.racine / "reports" / "journal.jsonl").read_text(encoding="utf-8").splitlines()
    faits = [json.loads(ligne) for ligne in lignes]
    assert [f["resultat"] for f in faits] == ["fait", "refusé"]
    assert "campgne" in faits[1]["cause"] and faits[0]["campagne"] == "moselle_2022"


def test_a_failing_cell_is_named(projet: Projet) -> None:
    """A chapter that breaks is named with its cell, exit 3, and the old report stays."""
    carnet = projet.racine / "notebooks" / "07_lexique.ipynb"
    texte = carnet.read_text(encoding="utf-8")
    assert projet.run("rapport", "moselle_2022", "--chapitre", "07").returncode == 0
    avant = (projet.sortie / RAPPORT).read_bytes()
    carnet.write_text(texte.replace("Tableau(list_lexique(dossier))", "1 / 0"), encoding="utf-8")
    fait = projet.run("rapport", "moselle_2022", "--chapitre", "07")
    assert fait.returncode == 3
    assert "07_lexique" in fait.stderr and "table_termes" in fait.stderr
    assert "Traceback" not in fait.stderr
    assert (projet.sortie / RAPPORT).read_bytes() == avant


def test_a_bare_frame_stops_the_report(projet: Projet) -> None:
    """In the report a bare DataFrame is refused with the chapter and the cell."""
    carnet = projet.racine / "notebooks" / "07_lexique.ipynb"
    texte = carnet.read_text(encoding="utf-8")
    nu = "dossier.tables['enquete'].cadre"
    carnet.write_text(texte.replace("Tableau(list_lexique(dossier))", nu), encoding="utf-8")
    fait = projet.run("rapport", "moselle_2022", "--chapitre", "07")
    assert fait.returncode == 1
    assert "07_lexique" in fait.stderr and "table_termes" in fait.stderr
    assert not projet.sortie.exists()
