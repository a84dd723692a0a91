"""Batches on a Dask cluster: real scheduler and workers on loopback, one of them killed midway."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner
from conftest import Projet, porteurs
from test_lot import Reseau, sans_orphelin

from qualepref_lib.__main__ import cli
from qualepref_lib.running.lot import assistant
from qualepref_lib.running.lot.unite import Unite

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="forks under Linux")
PORT = 20000 + os.getpid() % 20000
ADRESSE = f"tcp://127.0.0.1:{PORT}"


@contextmanager
def grappe(projet: Projet, ouvriers: int, marque: str) -> Iterator[list[subprocess.Popen[bytes]]]:
    """A scheduler and so many workers, each a process of its own, without nurse."""
    dask = Path(sys.executable).with_name("dask")
    environnement = projet.environnement | {"MARQUE_DU_TEST": marque}

    def lancer(*arguments: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [dask, *arguments, "--no-dashboard"], env=environnement, cwd=projet.racine,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    lances = [lancer("scheduler", "--host", "127.0.0.1", "--port", str(PORT))]
    try:
        for rang in range(ouvriers):
            lances.append(
                lancer("worker", ADRESSE, "--host", "127.0.0.1", "--no-nanny", "--nthreads", "1",
                       "--name", f"ouvrier-{rang}", "--death-timeout", "60")
            )  # fmt: skip
        yield lances[1:]
    finally:
        for processus in reversed(lances):
            processus.kill()
            processus.wait()


def test_a_worker_killed_midway_costs_nothing(tmp_path: Path) -> None:
    """Three workers, one killed while it makes a report: all are there, the bytes of local ones."""
    reseau = Reseau(tmp_path, 5)
    assert reseau.run("lot", "--sortie", str(tmp_path / "ici")).returncode == 0
    marque = f"{os.getpid()}-{time.time_ns()}"
    with grappe(reseau, 3, marque) as ouvriers:
        lot = subprocess.Popen(
            reseau.commande("lot", "--ordonnanceur", ADRESSE), cwd=tmp_path,
            env=reseau.environnement, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        while lot.poll() is None and not list(reseau.rapports.glob(".*chantier-*")):
            time.sleep(0.02)
        victime = _ouvrier_au_travail(reseau, ouvriers)
        victime.send_signal(signal.SIGKILL)
        dit, _ = lot.communicate(timeout=120)
        assert lot.returncode == 0, dit
        assert "5 sites : 5 faits." in dit
    assert reseau.pages() == reseau.pages(tmp_path / "ici")
    assert reseau.restes() == []
    sans_orphelin(marque)


def _ouvrier_au_travail(
    reseau: Reseau, ouvriers: list[subprocess.Popen[bytes]]
) -> subprocess.Popen[bytes]:
    """The worker whose grandchild is building a report now."""
    for chantier in reseau.rapports.glob(".*chantier-*"):
        pid = int(chantier.name.rsplit("-", 1)[1])
        for _ in range(2):
            pid = int(Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[1])
        for ouvrier in ouvriers:
            if ouvrier.pid == pid:
                return ouvrier
    return ouvriers[0]


def test_the_assistant_ends_with_whoever_asked(tmp_path: Path) -> None:
    """When a worker is gone, the process that forks for it stops, with what it was doing."""
    reseau = Reseau(tmp_path, 1)
    carnet = tmp_path / "notebooks" / "07_lexique.ipynb"
    lent = "__import__('time').sleep(60)"
    texte = carnet.read_text(encoding="utf-8")
    carnet.write_text(texte.replace("Tableau(list_lexique(dossier))", lent), encoding="utf-8")
    unite = Unite("site_001", str(reseau.campagnes / "site_001"), str(tmp_path / "r"),
                  str(tmp_path))  # fmt: skip
    marque = f"{os.getpid()}-{time.time_ns()}"
    programme = (
        "import sys, json; from qualepref_lib.running.lot.assistant import Assistant; "
        "from qualepref_lib.running.lot.unite import Unite; "
        "Assistant().faire(Unite(**json.loads(sys.argv[1])))"
    )

    demandeur = subprocess.Popen(
        [sys.executable, "-c", programme, json.dumps(unite.en_json)],
        env=reseau.environnement | {"MARQUE_DU_TEST": marque}, cwd=tmp_path,
    )  # fmt: skip
    while len(porteurs(marque)) < 4:  # who asked, the assistant, the site, its chapter
        time.sleep(0.05)
    demandeur.kill()
    demandeur.wait()
    sans_orphelin(marque)


def test_an_assistant_works_on(tmp_path: Path) -> None:
    """One assistant makes several reports; a refusal is an answer like another."""
    reseau = Reseau(tmp_path, 2)
    reseau.casser("site_002")
    aide = assistant.Assistant()
    try:
        for nom, etat in (("site_001", "fait"), ("site_002", "refusé"), ("site_001", "fait")):
            dossier, sortie = reseau.campagnes / nom, tmp_path / "r" / nom
            unite = Unite(nom, str(dossier), str(sortie), str(tmp_path))
            assert aide.faire(unite).etat == etat
    finally:
        aide.fermer()
    assert set(reseau.pages(tmp_path / "r")) == {"site_001"}


def test_no_cluster_is_told_in_french(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody at the address, or the package missing: one sentence, exit 3, nothing lost."""
    monkeypatch.setattr("qualepref_lib.running.lot.grappe.DELAI_CONNEXION_S", 0.3)
    arguments = ["lot", "moselle_2022", "--sortie", str(tmp_path)]
    arguments += ["--ordonnanceur", "tcp://127.0.0.1:9"]
    resultat = CliRunner().invoke(cli, arguments, prog_name="qualepref")
    assert resultat.exit_code == 3 and "ne répond pas" in resultat.output
    monkeypatch.setitem(sys.modules, "distributed", None)
    resultat = CliRunner().invoke(cli, arguments, prog_name="qualepref")
    assert resultat.exit_code == 3 and "qualepref[cluster]" in resultat.output
    shutil.rmtree(tmp_path)
