"""Many campaigns in one run: nothing stops the others, nothing is lost, and a resume finishes."""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest
from click.testing import CliRunner
from conftest import RACINE, Projet, porteurs

from qualepref_lib.__main__ import cli
from qualepref_lib.core.refus import Refus
from qualepref_lib.running.lot.etats import Lot
from qualepref_lib.running.lot.index import render_index
from qualepref_lib.running.lot.sites import Site, list_sites
from qualepref_lib.running.reseau.generer import write_reseau

PAGE = "rapport_audit.html"


class Reseau(Projet):
    """A project of two short chapters, and a few invented sites beside it."""

    def __init__(self, racine: Path, sites: int) -> None:
        super().__init__(racine)
        (racine / "notebooks").mkdir(parents=True)
        for nom in ("07_lexique", "08_pieces"):
            shutil.copy(RACINE / "notebooks" / f"{nom}.ipynb", racine / "notebooks")
        write_reseau(sites, racine / "data", 3, "moselle_2022")
        self.campagnes = racine / "data" / "campagnes"
        self.rapports = racine / "reports"

    def etats(self) -> dict[str, str]:
        """What the batch says of each site."""
        lu = json.loads((self.rapports / ".lot.json").read_text(encoding="utf-8"))
        return {site["nom"]: site["etat"] for site in lu["sites"]}

    def pages(self, sortie: Path | None = None) -> dict[str, bytes]:
        """The reports that are there, by site."""
        pages = (sortie or self.rapports).glob(f"*/{PAGE}")
        return {page.parent.name: page.read_bytes() for page in pages}

    def restes(self) -> list[str]:
        """What a run should not leave."""
        return [p.name for p in self.rapports.iterdir() if "chantier" in p.name or "tmp" in p.name]

    def casser(self, nom: str) -> None:
        """Data that will be refused."""
        with (self.campagnes / nom / "titres.csv").open("a", encoding="utf-8") as fichier:
            fichier.write("D22-9002;cni;2022-02-31;;CERT\n")


@pytest.fixture
def reseau(tmp_path: Path) -> Reseau:
    """Four sites."""
    return Reseau(tmp_path, 4)


def index(reseau: Reseau) -> str:
    """The text of the index page, tags and special spaces away."""
    page = (reseau.rapports / "index.html").read_text(encoding="utf-8")
    page = re.sub(r"<style>.*?</style>|<[^>]*>", " ", page, flags=re.DOTALL)
    return " ".join(page.replace("\u202f", " ").replace("\u00a0", " ").split())


def test_every_campaign_gets_the_report_it_would_get_alone(reseau: Reseau) -> None:
    """Without a name: all of data/campagnes, the same bytes as one by one, no leftover."""
    fait = reseau.run("lot")
    assert fait.returncode == 0, fait.stderr
    assert set(reseau.etats().values()) == {"fait"}
    lignes = fait.stdout.splitlines()
    assert sorted(ligne.split(" : ")[0] for ligne in lignes[:4]) == sorted(reseau.etats())
    assert lignes[-1].startswith("4 sites : 4 faits.")
    seul = reseau.racine / "seul"
    assert reseau.run("rapport", "site_002", "--sortie", str(seul)).returncode == 0
    assert (seul / PAGE).read_bytes() == reseau.pages()["site_002"]
    assert len(set(reseau.pages().values())) == 4
    assert reseau.restes() == []


def test_a_failing_site_does_not_stop_the_others(reseau: Reseau) -> None:
    """Refused data: exit 1, the cause in the page, three reports; then the one that is mended."""
    reseau.casser("site_002")
    fait = reseau.run("lot")
    assert fait.returncode == 1
    assert "site_002" in fait.stderr and "2022-02-31" in fait.stderr
    assert reseau.etats()["site_002"] == "refusé" and set(reseau.pages()) == {
        "site_001",
        "site_003",
        "site_004",
    }
    assert "2022-02-31" in index(reseau) and "3 faits, 1 refusé" in index(reseau)
    titres = reseau.campagnes / "site_002" / "titres.csv"
    titres.write_text("\n".join(titres.read_text("utf-8").splitlines()[:-1]) + "\n", "utf-8")
    fait = reseau.run("lot", "--reprendre")
    assert fait.returncode == 0, fait.stderr
    assert "3 inchangés" in fait.stdout and "site_002 : fait" in fait.stdout


def test_a_broken_run_exits_3(reseau: Reseau) -> None:
    """A chapter that breaks is a failure, even beside a refusal: exit 3, both told."""
    carnet = reseau.racine / "notebooks" / "07_lexique.ipynb"
    texte = carnet.read_text(encoding="utf-8")
    # Breaks for the sites whose file of calls is there.
    appel = "import os, signal; [os.kill(os.getpid(), 9) for _ in dossier.tables['appels'].cadre]"
    carnet.write_text(texte.replace("Tableau(list_lexique(dossier))", appel), encoding="utf-8")
    reseau.casser("site_002")
    fait = reseau.run("lot")
    assert fait.returncode == 3
    assert reseau.etats() == {
        "site_001": "échec", "site_002": "refusé", "site_003": "échec", "site_004": "échec",
    }  # fmt: skip
    assert "07_lexique" in index(reseau) and "signal 9" in index(reseau)


def test_nothing_changed_makes_nothing(reseau: Reseau) -> None:
    """A second batch makes no report again; one changed site is the only one that is."""
    assert reseau.run("lot").returncode == 0
    avant = {p: p.stat().st_mtime_ns for p in reseau.rapports.glob(f"*/{PAGE}")}
    assert "4 inchangés" in reseau.run("lot").stdout
    assert {p: p.stat().st_mtime_ns for p in avant} == avant
    with (reseau.campagnes / "site_003" / "titres.csv").open("a", encoding="utf-8") as fichier:
        fichier.write("D22-9001;cni;2022-03-01;;CERT\n")
    fait = reseau.run("lot")
    assert "site_003 : fait" in fait.stdout and "3 inchangés" in fait.stdout
    assert reseau.run("lot", "--tout", "--simultanees", "1").stdout.count(": fait") == 4


def test_stopped_or_killed_a_resume_finishes(reseau: Reseau) -> None:
    """SIGTERM or kill -9 at random moments: no orphan, no half report, and a resume ends it all."""
    assert reseau.run("lot", "--sortie", str(reseau.racine / "entier")).returncode == 0
    entiers = reseau.pages(reseau.racine / "entier")
    hasard = random.Random(11)
    for coup in (signal.SIGTERM, signal.SIGKILL, signal.SIGKILL):
        shutil.rmtree(reseau.rapports, ignore_errors=True)
        marque = f"{os.getpid()}-{time.time_ns()}"
        processus = subprocess.Popen(
            reseau.commande("lot"), cwd=reseau.racine,
            env=reseau.environnement | {"MARQUE_DU_TEST": marque},
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        while processus.poll() is None and not (reseau.rapports / ".lot.json").exists():
            time.sleep(0.02)
        time.sleep(3 * hasard.random())
        processus.send_signal(coup)
        assert processus.wait(timeout=20) in (0, 3, -signal.SIGKILL)
        sans_orphelin(marque)
        assert reseau.pages().items() <= entiers.items(), "a half report"
        assert (reseau.rapports / "index.html").exists() or not reseau.pages()
        fait = reseau.run("lot", "--reprendre")
        assert fait.returncode == 0, fait.stderr
        assert reseau.pages() == entiers and reseau.restes() == []


def sans_orphelin(marque: str) -> None:
    """No process of the batch is left, a moment after its end."""
    for _ in range(100):
        if not porteurs(marque):
            return
        time.sleep(0.05)
    raise AssertionError("a process outlived its batch")


def test_a_stopped_batch_says_so(reseau: Reseau) -> None:
    """After SIGTERM the page lists every site, those that wait, and how to finish."""
    (reseau.racine / "lent").mkdir()
    carnet = reseau.racine / "notebooks" / "07_lexique.ipynb"
    texte = carnet.read_text(encoding="utf-8")
    lent = "__import__('time').sleep(60)"
    carnet.write_text(texte.replace("Tableau(list_lexique(dossier))", lent), encoding="utf-8")
    processus = subprocess.Popen(
        reseau.commande("lot"), cwd=reseau.racine, env=reseau.environnement,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    while not (reseau.rapports / "index.html").exists():
        time.sleep(0.05)
    time.sleep(2)
    processus.send_signal(signal.SIGTERM)
    assert processus.wait(timeout=20) == 3
    assert index(reseau).count("à faire") == 5 and "--reprendre" in index(reseau)
    assert reseau.restes() == []


@pytest.mark.parametrize(
    ("arguments", "code", "dit"),
    [
        (["absente", "moselle_2O22"], 1, "moselle_2O22"),
        (["campagnes/inconnu_*"], 1, "motif"),
        (["--reprendre"], 1, "aucun lot à reprendre"),
        (["--reprendre", "moselle_2022"], 2, "déjà ses campagnes"),
        (["moselle_2022", "-p", "date_refrence", "2022-04-01"], 1, "date_reference"),
        (["moselle_2022", "--ordonnanceur", "8786"], 2, "adresse"),
    ],
)
def test_a_bad_request_is_refused_whole(
    arguments: list[str], code: int, dit: str, tmp_path: Path
) -> None:
    """Unknown campaigns, an empty pattern, nothing to resume, a bad dial: told before any work."""
    resultat = CliRunner().invoke(cli, ["lot", *arguments, "--sortie", str(tmp_path / "r")])
    texte = resultat.output + str(resultat.exception)
    assert dit in texte
    assert isinstance(resultat.exception, Refus) if code == 1 else resultat.exit_code == 2
    assert not (tmp_path / "r").exists()


def _campagne(dossier: Path) -> Path:
    dossier.mkdir(parents=True)
    (dossier / "campagne.yaml").write_text("code: x\n", encoding="utf-8")
    return dossier


def test_a_folder_a_pattern_and_a_name_are_understood(tmp_path: Path) -> None:
    """Folders of campaigns, patterns and paths: each campaign once; data without a form count."""
    a, b = (_campagne(tmp_path / "net" / "campagnes" / nom) for nom in ("a", "b"))
    (tmp_path / "net" / "campagnes" / "c").mkdir()
    (tmp_path / "net" / "campagnes" / "c" / "enquete.csv").write_text("x")
    (tmp_path / "net" / "campagnes" / "vide").mkdir()
    (tmp_path / "net" / "campagnes" / ".d").mkdir()
    tous = [Site("a", a), Site("b", b), Site("c", a.parent / "c")]
    assert list_sites([str(tmp_path / "net")]) == tous
    assert list_sites([str(a.parent), str(a)]) == tous
    assert list_sites([f"{a.parent}/[ab]", f"{b}/campagne.yaml"]) == tous[:2]


@pytest.mark.parametrize(
    ("un", "autre"), [("metz", "metz"), ("metz", "METZ"), ("méz", "me\u0301z")]
)
def test_names_never_collide(un: str, autre: str, tmp_path: Path) -> None:
    """Two campaigns of one name, even in other letters, are refused with both their places."""
    chemins = [_campagne(tmp_path / "nord" / un), _campagne(tmp_path / "sud" / autre)]
    with pytest.raises(Refus, match="deux campagnes") as refus:
        list_sites([str(c) for c in chemins])
    assert "nord" in str(refus.value) and "sud" in str(refus.value)


def test_a_name_never_takes_the_place_of_the_index(tmp_path: Path) -> None:
    """A campaign named like the page of the batch is refused."""
    with pytest.raises(Refus, match="pris"):
        list_sites([str(_campagne(tmp_path / "index.html"))])


def test_one_batch_at_a_time(reseau: Reseau) -> None:
    """A second batch on the same output is refused while the first one runs."""
    premier = subprocess.Popen(
        reseau.commande("lot"), cwd=reseau.racine, env=reseau.environnement,
        stdout=subprocess.DEVNULL,
    )  # fmt: skip
    while not (reseau.rapports / ".lot.json").exists():
        time.sleep(0.02)
    second = reseau.run("lot")
    assert premier.wait() == 0
    assert second.returncode == 1 and "en cours" in second.stderr


def test_the_page_is_safe_and_plain(tmp_path: Path) -> None:
    """Hostile names and causes are text; no script, no address; a policy that forbids both."""
    nom = '<script>alert(1)</script>"&'
    lot = Lot.new([Site(nom, tmp_path)], {"date_reference": "<b>"}, False)
    lot.finir(nom, "échec", 61.25, "<img src=x>\njavascript:alert(1)")
    page = render_index(lot, tmp_path)
    assert "<script" not in page and "<img" not in page and "<b>" not in page.split("<body>")[1]
    assert page.index("Content-Security-Policy") < page.index("<style>")
    assert 'lang="fr"' in page and "<caption>" in page and page.count('scope="col"') == 4
    assert "61,3" in page or "61,2" in page
