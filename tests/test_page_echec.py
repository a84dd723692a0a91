"""The page of a failure passes the gates of the report: it is read by the same people."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import petit_calendrier as petit
import portes
import pytest

from qualepref_lib.running.depot import RAPPORT
from qualepref_lib.running.echeances.etat import load_etats
from qualepref_lib.running.echeances.execution import Suite
from qualepref_lib.running.echeances.marque import Essai
from qualepref_lib.running.echeances.page_echec import render_page

pytestmark = pytest.mark.portes
T = TypeVar("T")
REFUS = (
    "Refusé : 2 problèmes à corriger.\n"
    "  • titres.csv, ligne 12, colonne « date_depot » : « 31/02/2022 » n’existe pas.\n"
    f"  • courriers.csv, ligne 3 : « {'x' * 300} » n’est pas une nature."
)
PANNE = "Le rapport n’a pas pu être fait :\n  • chapitre 07_lexique, cellule « table » : arrêt."
SANS_MATIERE = {"matiere", "images", "tableaux", "th"}
"""What only a report has: figures and tables."""


def outil(find: Callable[[], T]) -> T:
    """The tool, or a skip that says what to install; where CI is true, a failure."""
    try:
        return find()
    except portes.OutilAbsent as absent:
        if os.environ.get("CI") == "true":
            pytest.fail(str(absent))
        pytest.skip(str(absent))


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """A refusal beside an old report, and the failure of a first run."""
    racine = petit.write_projet(tmp_path_factory.mktemp("page"), demonstration="oui")
    faites = []
    for rang, (resultat, cause, reste) in enumerate([("refusé", REFUS, 1), ("échec", PANNE, 0)]):
        (etat,) = load_etats(racine, [], dt.date(2027, 2, 10))
        essai = Essai(etat.jour, tuple(p.code for p in etat.dus), (), 3 - reste)
        if rang == 0:
            etat.sortie.mkdir(parents=True)
            (etat.sortie / RAPPORT).write_text("<!doctype html>")
        page = racine / f"{rang}.html"
        page.write_text(render_page(Suite(etat, essai, resultat, cause, 1, reste)), "utf-8")
        (etat.sortie / RAPPORT).unlink(missing_ok=True)
        faites.append(page)
    return faites


def fautes(trouvees: dict[Path, portes.Fautes]) -> list[str]:
    """Every fault of every page, with its gate."""
    return [
        f"{page.name} {porte} : {faute}"
        for page, siennes in trouvees.items()
        for porte, liste in siennes.items()
        if porte not in SANS_MATIERE
        for faute in liste
    ]


def test_the_browser_finds_no_fault(pages: list[Path]) -> None:
    """Light, dark, printed and narrow: no request, no script, nothing that axe reproaches."""
    outil(portes.find_chromium)
    axe = outil(portes.find_axe)
    with portes.open_navigateur() as ouvert:
        assert fautes({p: portes.measure_navigateur(ouvert, p, axe) for p in pages}) == []


def test_the_nu_checker_finds_no_fault(pages: list[Path]) -> None:
    """The HTML is valid."""
    outil(portes.find_nu)
    assert fautes(portes.measure_nu(pages)) == []


def test_html_validate_finds_no_fault(pages: list[Path]) -> None:
    """The HTML keeps the rules of html-validate."""
    outil(portes.find_html_validate)
    assert fautes(portes.measure_html_validate(pages)) == []
