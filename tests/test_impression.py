"""On paper nothing covers anything: a table that is longer than a page goes on, and pushes on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import portes
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from playwright.sync_api import Page as Onglet

from qualepref_lib.display.blocs import (
    MIME,
    BlocGraphique,
    BlocPhrase,
    Cellule,
    Colonne,
    Grille,
    Morceau,
    Notice,
)
from qualepref_lib.rapport.chapitre import build_chapitre
from qualepref_lib.rapport.page import Couverture, Page, render_page

pytestmark = pytest.mark.portes

SEMAINES = 150
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="504pt" height="216pt" viewBox="0 0 504 216">'
    "<rect width='504' height='216'/></svg>"
)


@pytest.fixture(scope="module")
def imprimee(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Onglet]:
    """A printed page: a chart whose data are longer than a sheet, then a sentence."""
    grille = Grille(
        colonnes=(Colonne(titre="Semaine"), Colonne(titre="Taux", genre="nombre")),
        lignes=tuple((Cellule(texte=f"semaine {n}"), Cellule(texte="44 %"))
                     for n in range(SEMAINES)),
    )  # fmt: skip
    serie = BlocGraphique(
        titre="Taux par semaine", alt="Courbe : le taux par semaine, de 40 % à 60 %.", svg=SVG,
        grille=grille, notice=Notice(champ="appels reçus", source="Appels (appels.csv)"),
    )  # fmt: skip
    suite = BlocPhrase(morceaux=(Morceau(texte="Ce qui suit le tableau."),))
    cellules = [new_markdown_cell("# Registres")]
    for bloc in (serie, suite):
        donnees = {MIME.format(genre=bloc.genre): bloc.model_dump(mode="json")}
        cellules.append(new_code_cell("", outputs=[new_output("display_data", data=donnees)]))
    chapitre = build_chapitre(new_notebook(cells=cellules), "03_x", strict=True)
    fichier = Path(tmp_path_factory.mktemp("papier")) / "rapport.html"
    fichier.write_text(render_page(Page(Couverture("Rapport"), (chapitre,))), encoding="utf-8")
    portes.outil(portes.find_chromium)
    with portes.open_navigateur() as navigateur:
        page = navigateur.new_page(viewport={"width": 673, "height": 1000})
        page.emulate_media(media="print")
        page.goto(fichier.as_uri())
        yield page


def test_un_long_tableau_pousse_ce_qui_le_suit(imprimee: Onglet) -> None:
    """The data of a chart, unfolded on paper, are above what comes after, whatever their length."""
    bas = "document.querySelector('details table').getBoundingClientRect().bottom"
    haut = "document.querySelector('.phrase').getBoundingClientRect().top"
    hauteur = "document.querySelector('details table').getBoundingClientRect().height"
    assert imprimee.evaluate(hauteur) > 1500
    assert imprimee.evaluate(haut) >= imprimee.evaluate(bas)


def test_aucune_boite_ne_deborde(imprimee: Onglet) -> None:
    """No box is shorter or narrower than what it holds: paper cannot be scrolled."""
    debordent = (
        "[...document.querySelectorAll('.defilement')].filter((e) =>"
        " e.scrollHeight > e.clientHeight + 1 || e.scrollWidth > e.clientWidth + 1).length"
    )
    assert imprimee.evaluate(debordent) == 0
