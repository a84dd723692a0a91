"""The report as its readers receive it: the golden file, and what must be in it."""

from __future__ import annotations

import hashlib
import html
import json
import re
import sys
from pathlib import Path

import pytest
from conftest import Projet

RACINE = Path(__file__).parents[1]
ATTENDU = RACINE / "reports" / "moselle_2022" / "rapport_audit.html"


def lisible(page: str) -> str:
    """The visible text of a page, on one line, with ordinary spaces."""
    return sans_balises("<body" + page.split("<body", 1)[1])


def sans_balises(fragment: str) -> str:
    """The text of a fragment of HTML, on one line."""
    texte = html.unescape(re.sub(r"<[^>]+>", " ", fragment))
    return re.sub(r"[\s\u00a0\u202f]+", " ", texte).strip()


def test_same_inputs_same_bytes(rapport_frais: Path) -> None:
    """A fresh run gives the committed report byte for byte; `make rapport` renews it."""
    frais = (rapport_frais / "rapport_audit.html").read_bytes()
    if sys.platform == "linux":
        assert frais == ATTENDU.read_bytes(), "make rapport, read it, then commit it"
    else:
        assert lisible(frais.decode()) == lisible(ATTENDU.read_text(encoding="utf-8"))


def test_who_receives_the_page_checks_its_print(rapport_frais: Path) -> None:
    """With zeros in the place of its print, a page has that print, which provenance.json tells."""
    page = (rapport_frais / "rapport_audit.html").read_text(encoding="utf-8")
    dite = json.loads((rapport_frais / "provenance.json").read_text(encoding="utf-8"))["empreinte"]
    imprimee = re.search(r"<footer>.*<strong>(\w{12})</strong>(\w{52})", page, re.DOTALL)
    assert imprimee and "".join(imprimee.groups()) == dite
    zeros = page[: imprimee.start(1)] + "0" * 12 + "</strong>" + "0" * 52 + page[imprimee.end(2) :]
    assert hashlib.sha256(zeros.encode()).hexdigest() == dite


@pytest.mark.parametrize(
    "phrase",
    [
        "65,5 sur 94 (70 %)",
        "12 sur 16 (75 %)",
        "20,5 24 85 %",
        "10 13 77 %",
        "17,5 24 73 %",
        "21 30 70 %",
        "7 16 44 %",
        "92 sur 171 (54 %)",
        "84 % publié en 2019",
        "la baisse serait de 20 à 39 points",
        "5 sur 16 (31 %)",
        "du 10 mars 2021 au 7 avril 2021",
        "3 février 2022",
        "Données de démonstration",
        "direction de l’intégration et de l’immigration 78 171",
        "point numérique 52 171",
    ],
)
def test_published_figures_travel_with_their_bases(phrase: str) -> None:
    """The figures of the minutes are in the report, each with its base."""
    assert phrase in lisible(ATTENDU.read_text(encoding="utf-8"))


def test_eight_chapters_after_the_synthesis() -> None:
    """The report opens with its synthesis, then the eight chapters of an internal-audit report."""
    page = ATTENDU.read_text(encoding="utf-8")
    titres = re.findall(r"<h2[^>]*>(.*?)</h2>", page, flags=re.DOTALL)
    noms = [sans_balises(titre) for titre in titres]
    attendus = [
        "Synthèse",
        "1 Présentation de la démarche",
        "2 Plan d’audit",
        "3 Évaluation",
        "4 Récapitulatif des constats",
        "5 Fiches d’écart",
        "6 Procès-verbal de clôture",
        "7 Lexique",
        "8 Liste des pièces à fournir par l’audité",
        "9 Plan d’actions",
    ]
    assert [nom for nom in noms if nom in attendus] == attendus


def test_every_linked_number_has_its_card(rapport_frais: Path) -> None:
    """Each number that is a link leads to a card of the register, and the JSON holds them all."""
    page = (rapport_frais / "rapport_audit.html").read_text(encoding="utf-8")
    liens = set(re.findall(r'href="#(c-[^"]+)"', page))
    cartes = set(re.findall(r'id="(c-[^"]+)"', page))
    registre = json.loads((rapport_frais / "chiffres.json").read_text(encoding="utf-8"))
    assert liens and liens <= cartes
    assert {f"c-{rang}" for rang in range(1, len(registre) + 1)} == cartes


def test_provenance_names_every_input(rapport_frais: Path) -> None:
    """The provenance lists every file read with its SHA-256, and none of the machine's paths."""
    provenance = json.loads((rapport_frais / "provenance.json").read_text(encoding="utf-8"))
    attendus = {"campagne.yaml", "autodiagnostic.csv", "mystere.csv", "enquete.csv"}
    assert attendus <= set(provenance["fichiers"])
    assert all(re.fullmatch("[0-9a-f]{64}", s) for s in provenance["fichiers"].values())
    tout = "".join(p.read_text(encoding="utf-8") for p in rapport_frais.rglob("*") if p.is_file())
    assert str(RACINE) not in tout and str(Path.home()) not in tout


def test_absent_sources_are_said_and_open_criteria_bounded(projet: Projet) -> None:
    """Without surveys the report still builds, says what is missing, and gives the bounds."""
    fait = projet.run("rapport", "moselle_2026_en_cours")
    assert fait.returncode == 0, fait.stderr
    sortie = projet.racine / "reports" / "moselle_2026_en_cours" / "rapport_audit.html"
    texte = lisible(sortie.read_text(encoding="utf-8"))
    assert "il manque enquêtes mystère (fichier mystere.csv)" in texte
    assert "il manque enquête de satisfaction (fichier enquete.csv)" in texte
    assert "71 sur 85 (84 %, entre 76 % et 85 %)" in texte
    assert "Données de démonstration" in texte


def test_a_parameter_turns_the_report(projet: Projet) -> None:
    """Another reference date changes what is late, and is printed."""
    options = ("--chapitre", "09", "-p", "date_reference", "2022-09-01")
    assert projet.run("rapport", "moselle_2022", *options).returncode == 0
    texte = lisible((projet.sortie / "rapport_audit.html").read_text(encoding="utf-8"))
    assert "en retard : 11 sur 16" in texte
    assert "1er septembre 2022" in texte
