"""What a reader sees without a gesture: the synthesis, whatever the report is made of after it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import portes
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from playwright.sync_api import Browser

from qualepref_lib.display.blocs import MIME, BlocPhrase, Morceau
from qualepref_lib.rapport.chapitre import build_chapitre
from qualepref_lib.rapport.page import Couverture, Page, render_page

pytestmark = pytest.mark.portes

PARTIES = 20
PHRASE = (
    "Le plus haut est « Internet » : 20,5 sur 24 (85 %) ; le plus bas, « Courriers » : 7 sur 16."
)
COUVERTURE = Couverture(
    "Rapport d’audit interne",
    site="Préfecture de la Moselle",
    label="Qual-e-Pref",
    edition="Qual-e-Pref, édition de démonstration",
    dates=(("Objet", "Audit interne d’avril 2022"), ("Date de référence", "1er avril 2022")),
    demonstration=True,
)


def _carnet(titre: str, phrase: bool = False) -> NotebookNode:
    bloc = BlocPhrase(morceaux=(Morceau(texte=PHRASE),))
    donnees = {MIME.format(genre="phrase"): bloc.model_dump(mode="json")}
    cellule = new_code_cell("", outputs=[new_output("display_data", data=donnees)])
    return new_notebook(cells=[new_markdown_cell(f"# {titre}"), *([cellule] if phrase else [])])


@pytest.fixture(scope="module")
def rapport(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report of nine chapters, one of which has more parts than any that we know."""
    carnets = {"00_synthese": _carnet("Synthèse", phrase=True)}
    carnets |= {f"0{n}_x": _carnet(f"Chapitre au titre assez long, {n}") for n in range(1, 10)}
    lettres = "abcdefghijklmnopqrstuvwxyz"[:PARTIES]
    carnets |= {f"03{lettre}_x": _carnet("Enquête : comparaisons") for lettre in lettres}
    chapitres = tuple(build_chapitre(lu, nom, strict=True) for nom, lu in carnets.items())
    fichier = tmp_path_factory.mktemp("ecran") / "rapport.html"
    fichier.write_text(render_page(Page(COUVERTURE, chapitres)), encoding="utf-8")
    return fichier


@pytest.fixture(scope="module")
def navigateur() -> Iterator[Browser]:
    """Chromium; where there is none, the tests are skipped, or fail when CI is true."""
    portes.outil(portes.find_chromium)
    with portes.open_navigateur() as ouvert:
        yield ouvert


Mesurer = Callable[[int, int, str], Any]


@pytest.fixture
def mesurer(navigateur: Browser, rapport: Path) -> Mesurer:
    """What an expression is worth in the page, in a window of this size."""

    def lire(largeur: int, hauteur: int, expression: str) -> Any:
        page = navigateur.new_page(viewport={"width": largeur, "height": hauteur})
        page.goto(rapport.as_uri())
        valeur = page.evaluate(expression)
        page.close()
        return valeur

    return lire


def _bas(selecteur: str) -> str:
    return f"document.querySelector({selecteur!r}).getBoundingClientRect().bottom"


def test_la_synthese_est_au_premier_ecran(mesurer: Mesurer) -> None:
    """At 1200 × 900 its first sentence is read without scrolling; on a telephone, its title."""
    assert mesurer(1200, 900, _bas(".synthese .phrase")) < 900
    assert mesurer(390, 844, _bas(".synthese h2")) < 844


def test_le_sommaire_est_entier(mesurer: Mesurer) -> None:
    """Every part is in the contents, one gesture away, and its fold says of which chapter it is."""
    parties = "document.querySelectorAll('.sommaire ol ol a').length"
    assert mesurer(1200, 900, parties) == PARTIES + 1  # and the only annex
    plies = "[...document.querySelectorAll('.sommaire details')].map((d) => d.open)"
    assert mesurer(1200, 900, plies) == [False, False]
    resumes = "[...document.querySelectorAll('.sommaire summary')].map((s) => s.textContent)"
    lus = [resume.replace("\u00a0", " ") for resume in mesurer(1200, 900, resumes)]
    assert lus == [
        f"{PARTIES} parties : 3 Chapitre au titre assez long, 3",
        "1 partie : Annexes",
    ]


def test_le_sommaire_imprime_est_deplie(navigateur: Browser, rapport: Path) -> None:
    """Paper has no gesture: every part is printed, though it is folded on the screen."""
    vues = "[...document.querySelectorAll('.sommaire ol ol a')].map((a) => a.checkVisibility())"
    page = navigateur.new_page()
    page.goto(rapport.as_uri())
    assert page.evaluate(vues) == [False] * (PARTIES + 1)
    page.emulate_media(media="print")
    assert page.evaluate(vues) == [True] * (PARTIES + 1)
    page.close()
