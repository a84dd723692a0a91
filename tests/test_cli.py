"""The command line: French, exit codes, and each command's job."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from click.testing import CliRunner
from conftest import Projet

from qualepref_lib.__main__ import cli

ANGLAIS = re.compile(
    r"\b(show|this|message|exit|missing|error|usage: |no such|invalid|did you mean|required|"
    r"default|text|path|integer|value|unexpected|argument for)\b",
    re.IGNORECASE,
)


@pytest.mark.parametrize("commande", ["", *cli.commands])
def test_help_is_french_with_an_example(commande: str) -> None:
    """Every help page is in French, and every command shows an example."""
    sortie = CliRunner().invoke(cli, [*commande.split(), "--help"], prog_name="qualepref").output
    assert not ANGLAIS.search(sortie.replace("--version", "")), sortie
    assert f"qualepref {commande}".strip() in sortie
    assert "Exemple" in sortie or not commande


@pytest.mark.parametrize(
    "arguments",
    [["raport"], ["rapport"], ["rapport", "a", "b"], ["rapport", "a", "--sorti", "x"],
     ["labo", "--port", "abc"], ["rapport", "a", "-p", "x"], ["expliquer", "x"]],
)  # fmt: skip
def test_bad_command_is_told_in_french(arguments: list[str]) -> None:
    """A badly written command exits 2 with a French sentence."""
    resultat = CliRunner().invoke(cli, arguments, prog_name="qualepref")
    assert resultat.exit_code == 2
    assert not ANGLAIS.search(resultat.output), resultat.output


def test_verify_lists_what_is_there_and_what_is_missing(projet: Projet) -> None:
    """`verifier` says what each source holds and which chapters lack their source."""
    fait = projet.run("verifier", "moselle_2026_en_cours")
    assert fait.returncode == 0
    assert "Auto-diagnostic : 114 lignes" in fait.stdout
    assert "chapitre 03b_enquetes_mystere : il manque" in fait.stdout


def test_new_campaign_is_ready_to_fill(projet: Projet) -> None:
    """A new campaign passes `verifier` at once, with every criterion waiting for its rating."""
    assert projet.run("nouvelle-campagne", "metz_2027").returncode == 0
    fait = projet.run("verifier", "metz_2027")
    assert fait.returncode == 0, fait.stderr
    assert "Auto-diagnostic : 114 lignes" in fait.stdout
    encore = projet.run("nouvelle-campagne", "metz_2027")
    assert encore.returncode == 1 and "existe déjà" in encore.stderr


def test_new_campaign_from_an_older_one(projet: Projet) -> None:
    """Open actions are carried over, done ones are not, and every rating is blank again."""
    fait = projet.run("nouvelle-campagne", "metz_2027", "--depuis", "moselle_2022")
    assert fait.returncode == 0, fait.stderr
    dossier = projet.data / "campagnes" / "metz_2027"
    actions = (dossier / "plan_actions.csv").read_text(encoding="utf-8-sig")
    assert actions.count("\n") == 1 + 11 and ";fait;" not in actions
    fiche = (dossier / "campagne.yaml").read_text(encoding="utf-8")
    assert "\nprecedente: moselle_2022\n" in fiche
    grille = (dossier / "autodiagnostic.csv").read_text(encoding="utf-8-sig").splitlines()
    assert all(ligne.split(";")[1] == "" for ligne in grille[1:])
    assert projet.run("verifier", "metz_2027").returncode == 0


@pytest.mark.parametrize("nom", ["Metz 2027", "../metz", "métz"])
def test_campaign_names_are_safe(projet: Projet, nom: str) -> None:
    """A name that cannot be a folder everywhere is refused, and nothing is created."""
    avant = sorted(p.name for p in (projet.data / "campagnes").iterdir())
    assert projet.run("nouvelle-campagne", nom).returncode == 1
    assert sorted(p.name for p in (projet.data / "campagnes").iterdir()) == avant


def test_explain_gives_the_card_of_a_figure(projet: Projet) -> None:
    """`expliquer` gives formula, numerator, denominator, rows and hash, and says if data moved."""
    assert projet.run("expliquer", "x", "-c", "moselle_2022").returncode == 1
    assert projet.run("rapport", "moselle_2022", "--chapitre", "03a").returncode == 0
    fait = projet.run("expliquer", "autodiagnostic.canal.courriers", "-c", "moselle_2022")
    assert fait.returncode == 0
    for morceau in ("7 sur 16", "autodiagnostic.csv", "Formule", "Lignes"):
        assert morceau in fait.stdout.replace("\u00a0", " ")
    voisin = projet.run("expliquer", "autodiagnostic.canal.couriers", "-c", "moselle_2022")
    assert voisin.returncode == 1 and "autodiagnostic.canal.courriers" in voisin.stderr
    with (projet.campagne / "autodiagnostic.csv").open("a", encoding="utf-8") as fichier:
        fichier.write("\n")
    change = projet.run("expliquer", "autodiagnostic.canal.courriers", "-c", "moselle_2022")
    assert "a changé depuis" in change.stdout


def test_lab_opens_on_the_project(tmp_path: Path) -> None:
    """`labo` starts a real JupyterLab that serves the project's chapters."""
    port, jeton = 18000 + os.getpid() % 2000, "essai"
    processus = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "qualepref_lib",
            "labo",
            "--port",
            str(port),
            "--sans-navigateur",
            "--",
            "--allow-root",
        ],
        cwd=Path(__file__).parents[1],
        env=os.environ | {"JUPYTER_TOKEN": jeton, "JUPYTER_ALLOW_INSECURE_WRITES": "0"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        adresse = f"http://127.0.0.1:{port}/api/contents/notebooks?token={jeton}"
        assert "00_synthese.ipynb" in _lire(adresse)
    finally:
        os.killpg(processus.pid, 15)
        processus.wait(timeout=20)


def _lire(adresse: str) -> str:
    for _ in range(100):
        try:
            with urllib.request.urlopen(adresse, timeout=5) as reponse:
                return reponse.read().decode()
        except OSError:
            time.sleep(0.3)
    raise AssertionError("JupyterLab did not answer")
