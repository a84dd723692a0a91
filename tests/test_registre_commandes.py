"""`qualepref registre`: French help, exit codes, files that are whole or not there."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from python_calamine import load_workbook
from registre_essai import write_campagne_essai
from test_cli import ANGLAIS

from qualepref_lib.__main__ import cli
from qualepref_lib.campagne import load_campagne
from qualepref_lib.core.refus import Refus
from qualepref_lib.running.registre.commandes import registre
from qualepref_lib.running.registre.creation import prefixe_de

# On Friday the 1st of April 2022, in Moselle: a letter has 15 business days, an e-mail 5, and the
# acknowledgement of a letter 5.
COURRIERS = [
    {"chrono": "2022-0001", "date_reception": "2022-03-24", "canal": "courriel"},  # due 03-31
    {"chrono": "2022-0002", "date_reception": "2022-03-28", "canal": "courriel"},  # due 04-04
    {"chrono": "2022-0003", "date_reception": "2022-03-23", "canal": "courrier"},  # ack. 03-30
    {"chrono": "2022-0004", "date_reception": "2022-03-31", "canal": "courriel"},  # due 04-07
    {"chrono": "2022-0005", "date_reception": "2022-03-01", "canal": "courriel",
     "date_reponse": "2022-03-02"},
]  # fmt: skip


@pytest.fixture
def essai(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A campaign with a register; the command runs beside it."""
    lignes = [{"nature": "dossier", "date_accuse": "", "date_reponse": "", **c} for c in COURRIERS]
    lignes[0]["date_accuse"] = lignes[1]["date_accuse"] = "2022-03-29"
    monkeypatch.chdir(tmp_path)
    # The delay of « dossier » begins in May: in April the channel's is the one.
    return write_campagne_essai(tmp_path, lignes, date_reference="2022-04-01")


def lancer(*arguments: object) -> Result:
    """Run the command; a refusal is raised, as ``main`` catches it."""
    return CliRunner().invoke(
        cli, ["registre", *map(str, arguments)], prog_name="qualepref", standalone_mode=True
    )


@pytest.mark.parametrize("commande", registre.commands)
def test_help_is_french_with_an_example(commande: str) -> None:
    """Every command has its French help, with an example that can be typed."""
    sortie = lancer(commande, "--help").output
    assert not ANGLAIS.search(sortie.replace("CAMPAGNE", "")), sortie
    assert f"qualepref registre {commande}" in sortie and "Exemple" in sortie


@pytest.mark.parametrize(
    "arguments",
    [["nouveau"], ["nouveau", "essai", "--lignes", "0"], ["nouveau", "essai", "--annee", "22"],
     ["nouveau", "essai", "--premier", "9990"],
     ["nouveau", "essai", "--sortie", "a.doc"], ["nouveau", "essai", "--prefixe", "é à"],
     ["fusionner", "a.csv", "-c", "essai"], ["fusionner", "a.csv", "-o", "b.txt", "-c", "essai"],
     ["retards", "essai", "--date", "31/02/2022"], ["retards", "essai", "--format", "pdf"],
     ["retards", "essai", "--page", "a.txt"], ["supprimer"]],
)  # fmt: skip
def test_bad_command_exits_2_in_french(arguments: list[str], essai: Path) -> None:
    """A badly written command exits 2 with a French sentence, and nothing is written."""
    avant = sorted(p.name for p in Path.cwd().iterdir())
    resultat = lancer(*arguments)
    assert resultat.exit_code == 2, resultat.output
    assert not ANGLAIS.search(resultat.output), resultat.output
    assert sorted(p.name for p in Path.cwd().iterdir()) == avant


@pytest.mark.parametrize("nom", ["registre_2022.xlsx", "registre.ods"])
def test_new_register(nom: str, essai: Path) -> None:
    """The register is made once, for the year of the campaign; a second one is refused."""
    sortie = [] if nom == "registre_2022.xlsx" else ["--sortie", nom]
    resultat = lancer("nouveau", essai, *sortie, "--lignes", 30)
    assert resultat.exit_code == 0, resultat.output
    assert "2022-0001 à 2022-0030" in resultat.output
    assert len(load_workbook(nom).get_sheet_by_name("Registre").to_python()) == 31
    avant = Path(nom).read_bytes()
    refus = lancer("nouveau", essai, *sortie).exception
    assert isinstance(refus, Refus) and "existe déjà" in str(refus)
    assert Path(nom).read_bytes() == avant


def test_two_services_do_not_collide(essai: Path) -> None:
    """Each service has its own numbers, from its name or as it chooses."""
    dits = [lancer("nouveau", essai, "--service", nom).output for nom in ("Accueil", "Titres")]
    assert "ACC-2022-0001" in dits[0] and "TIT-2022-0001" in dits[1]
    assert Path("registre_ACC_2022.xlsx").exists() and Path("registre_TIT_2022.xlsx").exists()
    suite = lancer("nouveau", essai, "--service", "Accueil", "--premier", 501, "--sortie", "s.ods")
    assert "ACC-2022-0501 à ACC-2022-1000" in suite.output
    choisi = lancer("nouveau", essai, "--service", "Accueil", "--prefixe", "ag1").output
    assert "AG1-2022-0001" in choisi


@pytest.mark.parametrize(
    ("service", "prefixe"),
    [("Accueil", "ACC"), ("Bureau des titres", "BT"), ("CERT", "CER"), ("  ", ""),
     ("direction de l’intégration et de l’immigration", "DII"), ("Étrangers", "ETR")],
)  # fmt: skip
def test_prefix_of_a_service(service: str, prefixe: str) -> None:
    """Three letters of one word, the initials of several, without the small words."""
    assert prefixe_de(service) == prefixe


def test_no_folder_no_file(essai: Path) -> None:
    """A folder that is not there is named; none is made on the sly."""
    refus = lancer("nouveau", essai, "--sortie", "absent/registre.ods").exception
    assert isinstance(refus, Refus) and "le dossier de ce fichier n’existe pas" in str(refus)
    assert not Path("absent").exists()


def test_put_together(essai: Path) -> None:
    """What was read, left out and completed is told; the result is written."""
    for nom, reponse in (("a.csv", ""), ("b.csv", "2022-04-01")):
        Path(nom).write_text(
            "Chrono;Date réception;Canal;Nature;Date réponse\n"
            f"2022-0001;24/03/2022;courriel;dossier;{reponse}\n2022-0009;;;;\n",
            encoding="utf-8",
        )
    resultat = lancer("fusionner", "a.csv", "b.csv", "-o", "c.csv", "-c", essai)
    assert resultat.exit_code == 0, resultat.output
    assert "2 lignes lues dans 2 registres." in resultat.output
    assert "laissées de côté : 2." in resultat.output
    assert "Envois complétés d’un registre à l’autre : 2022-0001." in resultat.output
    assert "Registre réuni : c.csv (1 envoi)" in resultat.output
    assert "2022-04-01" in Path("c.csv").read_text(encoding="utf-8")


def test_list_of_the_day_as_text(essai: Path) -> None:
    """Late, due within two days, without acknowledgement: each letter once, in aligned columns."""
    resultat = lancer("retards", essai, "--date", "01/04/2022")
    assert resultat.exit_code == 0, resultat.output
    assert "1er avril 2022" in resultat.output and "3 envois" in resultat.output
    trait = next(i for i, li in enumerate(resultat.output.splitlines()) if li.startswith("─"))
    rangs = resultat.output.splitlines()[trait + 1 : -2]
    assert resultat.output.splitlines()[-1].startswith("Registre\xa0: ")
    assert [rang.split()[0] for rang in rangs] == ["2022-0001", "2022-0002", "2022-0003"]
    for mot in ("en retard", "échéance proche", "accusé"):
        assert len({rang.index(mot) for rang in rangs if mot in rang}) == 1
    assert not any(rang != rang.rstrip() for rang in rangs)


def test_list_of_the_day_as_csv(essai: Path) -> None:
    """The CSV goes to the standard output alone, with the same rows."""
    resultat = lancer("retards", essai, "--date", "2022-04-01", "--format", "csv")
    rangs = list(csv.reader(io.StringIO(resultat.stdout), delimiter=";"))
    assert len({len(rang) for rang in rangs}) == 1
    assert [rang[0] for rang in rangs[1:]] == ["2022-0001", "2022-0002", "2022-0003"]
    assert "Situation" in rangs[0]


def test_list_of_the_day_is_today_s(essai: Path) -> None:
    """Without a date the day is today: long after, everything unanswered is late."""
    sortie = lancer("retards", essai).output
    assert "en retard\xa0: 4" in sortie and str(dt.date.today().year) in sortie


def write_partage(nom: str, *rangs: str) -> str:
    """A register that an office keeps, as CSV."""
    entete = "Chrono;Date réception;Canal;Nature;Clé;Date réponse"
    Path(nom).write_text("\n".join([entete, *rangs]) + "\n", encoding="utf-8")
    return nom


def test_shared_registers_are_read_where_they_are(essai: Path) -> None:
    """The list is made of the shared registers put together, each letter once, and of them alone:
    the period of the audit does not stop them, and they are left as they are."""
    a = write_partage("a.csv", "A-2026-1;02/03/2026;courriel;dossier;;",
                      "A-2026-2;02/03/2026;courriel;dossier;;03/03/2026")  # fmt: skip
    b = write_partage("b.csv", "A-2026-1;02/03/2026;courriel;dossier;K1;", "B-2026-7;;;;;",
                      "B-2026-1;16/03/2026;courrier;dossier;;")  # fmt: skip
    avant = [Path(nom).read_bytes() for nom in (a, b)]
    resultat = lancer("retards", essai, "--registre", a, "--registre", b, "--date", "20/03/2026",
                      "--format", "csv")  # fmt: skip
    assert resultat.exit_code == 0, resultat.output
    rangs = list(csv.reader(io.StringIO(resultat.stdout), delimiter=";"))
    assert [rang[0] for rang in rangs[1:]] == ["A-2026-1"]
    assert [Path(nom).read_bytes() for nom in (a, b)] == avant


def test_the_list_says_how_far_the_register_goes(essai: Path) -> None:
    """A list names its files and the last letter written in them, as of the day that is asked."""
    nom = write_partage(
        "a.csv", "1;02/03/2026;courriel;dossier;;", "2;04/03/2026;courriel;dossier;;"
    )
    dernier = {"03/03/2026": "2 mars 2026", "20/03/2026": "4 mars 2026"}
    for jour, recu in dernier.items():
        sortie = lancer("retards", essai, "--registre", nom, "--date", jour).output
        assert (
            f"(a.csv) — courriers et courriels enregistrés ; dernier envoi inscrit, reçu le {recu}"
            in (" ".join(sortie.split()))
        )


def test_contradicting_registers_have_no_list(essai: Path) -> None:
    """Two copies that disagree are told cell by cell; a list of one of them would be a guess."""
    a = write_partage("a.csv", "1;02/03/2026;courriel;dossier;;")
    b = write_partage("b.csv", "1;03/03/2026;courriel;dossier;;")
    resultat = lancer("retards", essai, "--registre", a, "--registre", b)
    refus = resultat.exception
    assert isinstance(refus, Refus) and "contradiction" in str(refus)
    # Chronos without a year: two letters of two days of one year are one number.
    assert "« 03/03/2026 » ici, « 02/03/2026 » dans a.csv, ligne 2" in str(refus)
    assert resultat.stdout == ""


def test_a_blank_register_has_nothing_to_do(essai: Path) -> None:
    """A new register, numbered and unused, is no mistake; a file without a row is one."""
    vierge = write_partage("a.csv", "A-2026-1;;;;;", "A-2026-2;;;;;")
    resultat = lancer("retards", essai, "--registre", vierge)
    assert resultat.exit_code == 0 and "Rien en retard" in resultat.output
    assert "aucun envoi inscrit" in resultat.output
    refus = lancer("retards", essai, "--registre", write_partage("b.csv")).exception
    assert isinstance(refus, Refus) and "aucun envoi" in str(refus)


def test_the_register_of_the_campaign_goes_on_after_the_audit(tmp_path: Path) -> None:
    """Letters received after the declared period are refused by the audit, not by the list; and
    what is wrong in another file keeps nobody from answering letters."""
    periode = {"plan": "recensement", "libelle": "Courriers de mars", "champ": "tous les envois",
               "debut": "2022-03-01", "fin": "2022-03-31"}  # fmt: skip
    lignes = [{"nature": "dossier", "date_accuse": "", "date_reponse": "", **COURRIERS[0]},
              {"nature": "dossier", "date_accuse": "", "date_reponse": "", "chrono": "2022-0100",
               "date_reception": "2022-05-02", "canal": "courrier"}]  # fmt: skip
    dossier = write_campagne_essai(
        tmp_path, lignes, date_reference="2022-04-01", sources={"courriers": periode}
    )
    (dossier / "plan_actions.csv").write_text("code;faux\n", encoding="utf-8")
    with pytest.raises(Refus):
        load_campagne(dossier)
    resultat = lancer("retards", dossier, "--date", "01/06/2022")
    assert resultat.exit_code == 0, resultat.exception
    assert "2022-0100" in resultat.output and "Courriers de mars" in resultat.output


def test_nothing_to_do_is_told(essai: Path) -> None:
    """A day with nothing to do says so; it is no failure."""
    resultat = lancer("retards", essai, "--date", "2022-03-01", "--page", "page.html")
    assert resultat.exit_code == 0 and "Rien en retard" in resultat.output
    assert "Rien en retard" in Path("page.html").read_text(encoding="utf-8")


def test_no_register_is_a_refusal(tmp_path: Path) -> None:
    """A campaign without a register of mail has no empty list: it has no list."""
    refus = lancer("retards", write_campagne_essai(tmp_path)).exception
    assert isinstance(refus, Refus) and "courriers" in str(refus)


def test_page_of_the_day(essai: Path) -> None:
    """One self-contained French page, a table for each situation; the next day replaces it."""
    for _ in range(2):
        fait = lancer("retards", essai, "--date", "2022-04-01", "--page", "page.html")
        assert fait.exit_code == 0
    page = Path("page.html").read_text(encoding="utf-8")
    assert page.startswith('<!doctype html>\n<html lang="fr">')
    assert page.count("<h1>") == 1 and page.count("<h2>") == page.count("<caption>") == 3
    assert re.search(r"default-src 'none'; style-src 'sha256-[A-Za-z0-9+/=]{44}'", page)
    assert not re.search(r"<script|https?:|<link|url\(|style=", page)
    assert page.count("2022-000") == 3 and "1er avril 2022" in page
    assert [p.name for p in Path.cwd().glob(".page*")] == []
