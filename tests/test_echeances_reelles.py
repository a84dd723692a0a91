"""The calendar on real chapters: the command line, its exit codes, its files."""

from __future__ import annotations

import datetime as dt
import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from conftest import RACINE, Projet

from qualepref_lib.running.depot import ECHEC, RAPPORT
from qualepref_lib.running.journal import load_journal

JOUR = ("--date", "2022-03-02")


@pytest.fixture
def projet(tmp_path: Path) -> Projet:
    """The demonstration with one short chapter, so that a real run takes a second or two."""
    shutil.copytree(RACINE / "data", tmp_path / "data")
    (tmp_path / "notebooks").mkdir()
    shutil.copy(RACINE / "notebooks" / "07_lexique.ipynb", tmp_path / "notebooks")
    return Projet(tmp_path)


def journal(projet: Projet) -> list[str]:
    """How each run ended."""
    return [ligne["resultat"] for ligne in load_journal(projet.racine / "reports")]


def test_what_is_due_is_listed(projet: Projet) -> None:
    """Without a campaign, those that are not finished; with a day, where each run stands."""
    tous = projet.run("echeances", "--date", "28/11/2026")
    assert tous.returncode == 0, tous.stderr
    assert "moselle_2026_en_cours" in tous.stdout and "moselle_2022" not in tous.stdout
    assert "compté à partir du 1er avril 2027" in tous.stdout
    assert re.search(r"J−30 +02/03/2027 +à venir", tous.stdout)
    une = projet.run("echeances", "moselle_2022", *JOUR)
    assert re.search(r"J−30 +02/03/2022 +à faire aujourd’hui", une.stdout)
    assert "en retard de 57 jours" in une.stdout and "5 passages à exécuter" in une.stdout
    assert not (projet.racine / "reports").exists()


def test_a_due_run_is_made_once_at_its_day(projet: Projet) -> None:
    """The real report of the day, then nothing more to do; the list says what was run."""
    fait = projet.run("echeances", "moselle_2022", "--executer", *JOUR)
    assert fait.returncode == 0 and fait.stderr == ""
    assert "rapport fait pour" in fait.stdout and "4 passages en retard" in fait.stdout
    page = (projet.sortie / RAPPORT).read_text(encoding="utf-8")
    assert "2 mars 2022" in page
    encore = projet.run("echeances", "moselle_2022", "--executer", *JOUR)
    assert (encore.returncode, encore.stdout) == (0, "Rien n’est dû.\n")
    assert journal(projet) == ["fait"]
    liste = projet.run("echeances", "moselle_2022", *JOUR).stdout
    assert "fait le 02/03/2022" in liste and "rattrapé le 02/03/2022" in liste
    assert "Dernières exécutions" in liste and "fait  copil@2022-02-03:J-30" in liste


def test_two_real_calls_at_once(projet: Projet) -> None:
    """Two processes started together: one makes the report, both end well."""
    commande = projet.commande("echeances", "moselle_2022", "--executer", *JOUR)
    deux = [
        subprocess.Popen(
            commande, cwd=projet.racine, env=projet.environnement, encoding="utf-8",
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )
        for _ in range(2)
    ]  # fmt: skip
    sorties = [p.communicate(timeout=300) for p in deux]
    assert [p.returncode for p in deux] == [0, 0], sorties
    assert journal(projet) == ["fait"]
    dits = "".join(sortie + erreur for sortie, erreur in sorties)
    assert dits.count("rapport fait pour") == 1
    assert "une autre exécution" in dits.lower() or "Rien n’est dû" in dits


def test_a_real_chapter_that_fails(projet: Projet) -> None:
    """Exit 3, the chapter and the cell named on the error stream and in the page; then it heals."""
    assert projet.run("echeances", "moselle_2022", "--executer", *JOUR).returncode == 0
    ancien = (projet.sortie / RAPPORT).read_bytes()
    carnet = projet.racine / "notebooks" / "07_lexique.ipynb"
    bon = carnet.read_text(encoding="utf-8")
    carnet.write_text(bon.replace("Tableau(list_lexique(dossier))", "1 / 0"), encoding="utf-8")
    jour = ("--date", "2022-03-22")
    fait = projet.run("echeances", "moselle_2022", "--executer", *jour)
    assert fait.returncode == 3 and fait.stdout == ""
    assert "07_lexique" in fait.stderr and "table_termes" in fait.stderr
    assert "Traceback" not in fait.stderr
    page = (projet.sortie / ECHEC).read_text(encoding="utf-8")
    assert "table_termes" in page and "ouvrir le rapport d’audit" in page
    assert (projet.sortie / RAPPORT).read_bytes() == ancien
    assert f"reports/moselle_2022/{ECHEC}" in projet.run("echeances", "moselle_2022", *jour).stdout
    carnet.write_text(bon, encoding="utf-8")
    assert projet.run("echeances", "moselle_2022", "--executer", *jour).returncode == 0
    assert not (projet.sortie / ECHEC).exists()
    assert journal(projet) == ["fait", "échec", "fait"]


def test_refused_data(projet: Projet) -> None:
    """Exit 1 and the whole refusal, with the page; the shortcut of a good report removes it."""
    assert (
        projet.run("rapport", "moselle_2022", "-p", "date_reference", "2022-03-02").returncode == 0
    )
    titres = projet.campagne / "titres.csv"
    bon = titres.read_bytes()
    titres.write_bytes(bon + b"D22-9002;cni;2022-02-31;;CERT\n")
    fait = projet.run("echeances", "moselle_2022", "--executer", *JOUR)
    assert fait.returncode == 1 and "2022-02-31" in fait.stderr
    page = (projet.sortie / ECHEC).read_text(encoding="utf-8")
    assert "2022-02-31" in page and "qualepref verifier moselle_2022" in page
    titres.write_bytes(bon)
    assert (
        "rien n’a changé"
        in projet.run("rapport", "moselle_2022", "-p", "date_reference", "2022-03-02").stdout
    )
    assert not (projet.sortie / ECHEC).exists()
    assert projet.run("echeances", "moselle_2022", "--executer", *JOUR).returncode == 0


def test_a_form_that_cannot_be_read_is_told_for_all(projet: Projet) -> None:
    """One broken campaign.yaml exits 1, and the other campaigns are run all the same."""
    autre = projet.data / "campagnes" / "moselle_2026_en_cours" / "campagne.yaml"
    texte = autre.read_text(encoding="utf-8")
    autre.write_text(texte.replace("zone:", "zonne:"), encoding="utf-8")
    liste = projet.run("echeances", *JOUR)
    assert liste.returncode == 1 and "zonne" in liste.stdout
    fait = projet.run("echeances", "--executer", *JOUR)
    assert fait.returncode == 1 and "zonne" in fait.stderr
    assert "moselle_2022 : rapport fait" in fait.stdout


def test_a_future_day_is_told(projet: Projet) -> None:
    """Running a day that has not come marks its runs as made: that is said."""
    demain = (dt.date.today() + dt.timedelta(days=1)).isoformat()
    fait = projet.run("echeances", "moselle_2022", "--executer", "--date", demain)
    assert fait.returncode == 0 and "à venir" in fait.stderr


@pytest.mark.parametrize(
    "arguments", [["--date", "demain"], ["--ics", "agenda.txt"], ["--executer=oui"]]
)
def test_a_wrong_command_exits_2(projet: Projet, arguments: list[str]) -> None:
    """A day that is none, a file that is no calendar, an option that takes no value."""
    fait = projet.run("echeances", *arguments)
    assert fait.returncode == 2 and "Traceback" not in fait.stderr


def test_the_calendar_file_is_written_by_the_command(projet: Projet) -> None:
    """`--ics` writes the file and says how many events it holds."""
    fait = projet.run("echeances", "moselle_2022", *JOUR, "--ics", "agenda.ics")
    assert fait.returncode == 0, fait.stderr
    texte = (projet.racine / "agenda.ics").read_text(encoding="utf-8")
    combien = texte.count("BEGIN:VEVENT")
    assert combien > 20 and f"({combien} événements)" in fait.stdout
    assert projet.run("echeances", "--ics", "absent/a.ics").returncode == 1


def test_nothing_due_is_quick_and_light(projet: Projet) -> None:
    """A day with nothing due imports neither pandas nor matplotlib: cron may call every hour."""
    programme = (
        "import sys\nfrom qualepref_lib.__main__ import cli\n"
        "sys.argv = ['q', 'echeances', '--executer', '--date', '2022-01-03', 'moselle_2022']\n"
        "try:\n    cli.main(standalone_mode=False)\n"
        "except SystemExit as fin:\n    code = fin.code\n"
        "print(code, [m for m in ('pandas', 'matplotlib', 'papermill') if m in sys.modules])\n"
    )
    import sys

    fait = subprocess.run(
        [sys.executable, "-c", programme], cwd=projet.racine, env=projet.environnement,
        capture_output=True, encoding="utf-8", check=True,
    )  # fmt: skip
    assert fait.stdout.splitlines()[-1] == "0 []"


def test_the_password_reaches_no_chapter(projet: Projet) -> None:
    """A chapter that looks for the password of the mail server in its environment finds none."""
    carnet = projet.racine / "notebooks" / "07_lexique.ipynb"
    contenu = json.loads(carnet.read_text(encoding="utf-8"))
    cellule = next(c for c in contenu["cells"] if c["id"] == "table_termes")
    cellule["source"] = ["raise ValueError(str(__import__('os').environ))"]
    carnet.write_text(json.dumps(contenu), encoding="utf-8")
    secret = "mot-de-passe-d-essai"
    fait = subprocess.run(
        projet.commande("echeances", "moselle_2022", "--executer", *JOUR),
        cwd=projet.racine, capture_output=True, encoding="utf-8", check=False,
        env=projet.environnement | {
            "QUALEPREF_SMTP_MOT_DE_PASSE": secret,
            "QUALEPREF_SMTP_UTILISATEUR": "atelier",
            "QUALEPREF_SMTP_HOTE": "127.0.0.1",
        },
    )  # fmt: skip
    assert fait.returncode == 3 and "QUALEPREF_SMTP_HOTE" in fait.stderr
    assert secret not in fait.stderr + fait.stdout
    assert secret not in (projet.sortie / ECHEC).read_text(encoding="utf-8")
    assert secret not in (projet.racine / "reports" / "journal.jsonl").read_text(encoding="utf-8")
