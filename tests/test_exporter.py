"""The report as one page: outline, numbers, register, bytes; and the stock nbconvert door."""

from __future__ import annotations

import base64
import hashlib
import re
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbconvert import HTMLExporter
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from qualepref_lib.core.refus import Refus
from qualepref_lib.display.blocs import (
    MIME,
    Bloc,
    BlocAvis,
    BlocGraphique,
    BlocPhrase,
    BlocRien,
    BlocTableau,
    Cellule,
    ChiffreBloc,
    Colonne,
    Grille,
    Morceau,
    Notice,
)
from qualepref_lib.display.html import render_bloc, svg_taille
from qualepref_lib.rapport.chapitre import Chapitre
from qualepref_lib.rapport.exporter import GABARITS, QualeprefExporter, render_notebook
from qualepref_lib.rapport.page import (
    Couverture,
    Fichier,
    Logo,
    Page,
    Provenance,
    build_chapitre,
    collect_registre,
    render_page,
)
from qualepref_lib.rapport.typographie import appliquer

NOTICE = Notice(champ="tous les critères", source="Auto-diagnostic (autodiagnostic.csv)")
SVG = '<svg width="504pt" viewBox="0 0 504 216"><path d="M0 0"/></svg>'


def chiffre(code: str, **autres: str) -> ChiffreBloc:
    """A card of the register."""
    champs = {
        "libelle": f"Taux par canal — {code}",
        "valeur": "8 sur 18 (44 %)",
        "formule": "points / critères",
        "numerateur": "8",
        "denominateur": "18",
        "intervalle": "",
        "fichier": "autodiagnostic.csv",
        "sha256": "9f86d081884c7d65" * 4,
        "lignes": "2-41",
    }
    return ChiffreBloc(code=code, **(champs | autres))


def tableau(lignes: int = 2, chiffres: tuple[ChiffreBloc, ...] = ()) -> BlocTableau:
    """A table whose first cells print the given figures."""
    codes = [c.code for c in chiffres] + [""] * lignes
    grille = Grille(
        colonnes=(Colonne(titre="Canal"), Colonne(titre="Taux", genre="nombre")),
        lignes=tuple(
            (Cellule(texte=f"canal {n}"), Cellule(texte="44 %", chiffre=codes[n]))
            for n in range(lignes)
        ),
    )
    return BlocTableau(titre="Taux par canal", grille=grille, notice=NOTICE, chiffres=chiffres)


def graphique() -> BlocGraphique:
    """A chart with its data."""
    alt = "Graphique à barres : les courriers sont à 44 %, loin des autres."
    grille = tableau().grille
    return BlocGraphique(titre="Taux par canal", alt=alt, svg=SVG, grille=grille, notice=NOTICE)


def chapitre(nom: str, *cellules: str | Bloc, strict: bool = True) -> Chapitre:
    """A chapter from Markdown sources and blocks."""
    return build_chapitre(notebook(*cellules), nom, strict=strict)


def notebook(*cellules: str | Bloc) -> NotebookNode:
    """An executed notebook, made by hand."""
    return new_notebook(
        cells=[
            new_markdown_cell(c) if isinstance(c, str) else new_code_cell("", outputs=[sortie(c)])
            for c in cellules
        ]
    )


def sortie(bloc: Bloc) -> NotebookNode:
    """The output of a cell that shows a block."""
    donnees = {MIME.format(genre=bloc.genre): bloc.model_dump(mode="json")}
    return new_output("display_data", data=donnees)


def page(*chapitres: Chapitre, **autres: Any) -> str:
    """The report of these chapters."""
    registre = collect_registre(chapitres)
    couverture = autres.pop("couverture", Couverture("Rapport d'audit interne"))
    return render_page(Page(couverture, chapitres, registre, **autres))


def plan(html: str) -> list[tuple[int, str]]:
    """The headings of a page: level and text."""
    trouves = re.findall(r"<h([1-6])[^>]*>(.*?)</h\1>", html)
    return [(int(n), re.sub(r"<[^>]+>", "", t)) for n, t in trouves]


def sans_saut(html: str) -> bool:
    """True when no heading is more than one level below the one before it."""
    niveaux = [0] + [niveau for niveau, _ in plan(html)]
    return all(b <= a + 1 for a, b in pairwise(niveaux))


@pytest.mark.parametrize(
    ("nom", "numero"),
    [
        ("00_synthese", ""),
        ("01_presentation", "1"),
        ("03_evaluation", "3"),
        ("03a_autodiagnostic", "3.1"),
        ("03e_croisement", "3.5"),
        ("10_annexes", ""),
        ("brouillon", ""),
    ],
)
def test_the_file_name_carries_the_number(nom: str, numero: str) -> None:
    """A chapter is numbered by its file name, and by nothing else."""
    assert chapitre(nom, "# Titre").numero == numero


def test_one_outline_for_all_chapters() -> None:
    """The merged chapters have one outline: one h1, parts inside their chapter, no skip."""
    html = page(
        chapitre("03a_autodiagnostic", "# Auto-diagnostic", "#### Quel canal ?", "# Et après ?"),
        chapitre("00_synthese", "# Synthèse", "## Ce qui compte"),
        chapitre("03_evaluation", "# Évaluation", "### Comment lire", "###### Détail"),
        chapitre("10_annexes", "# Annexes", "## Formules"),
    )
    assert plan(html)[:12] == [
        (1, "Rapport d’audit interne"),
        (2, "Sommaire"),
        (2, "Synthèse"),
        (3, "Ce qui compte"),
        (2, "3 Évaluation"),
        (3, "Comment lire"),
        (4, "Détail"),
        (3, "3.1 Auto-diagnostic"),
        (4, "Quel canal\u202f?"),
        (4, "Et après\u202f?"),
        (2, "Annexes"),
        (3, "A. Formules"),
    ]
    assert sans_saut(html)


def test_a_part_without_its_chapter_stands_in_its_place() -> None:
    """Without ``03_…``, ``03a_…`` is a chapter, and keeps its number."""
    html = page(chapitre("03a_x", "# Auto-diagnostic"), chapitre("03b_x", "# Tests"))
    assert plan(html)[2:4] == [(2, "3.1 Auto-diagnostic"), (2, "3.2 Tests")]


def test_headings_of_the_same_level_stay_at_the_same_level() -> None:
    """A level that the author jumped over is closed up for all its siblings."""
    html = page(chapitre("01_x", "# T\n\n#### a\n\n#### b\n\n##### c\n\n## d"))
    assert plan(html)[3:7] == [(3, "a"), (3, "b"), (4, "c"), (3, "d")]


def test_every_anchor_is_unique_and_every_link_arrives() -> None:
    """Ids are unique over the whole page and every link of the page finds its target."""
    carte = chiffre("autodiagnostic.1.01")
    html = page(
        chapitre("01_x", "# Titre", "## Titre", "## Titre", "## Titre 2", "## ???", "## ???"),
        chapitre("02_x", "# Titre", "## Titre", tableau(2, (carte,)), tableau(2, (carte,))),
        provenance=Provenance(),
    )
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]+)"', html)) <= set(ids)
    assert 'href="#c-1"' in html


def test_contents_have_two_levels() -> None:
    """The contents name the chapters and their parts; questions would push the synthesis away."""
    html = page(
        chapitre("03_x", "# Évaluation", "## Méthode", "### Détail"),
        chapitre("03a_x", "# Auto-diagnostic", "## Quel canal"),
    )
    sommaire = html[html.index("<nav") : html.index("</nav>")]
    textes = re.findall(r'<a href="#[^"]+">([^<]+)</a>', sommaire)
    assert textes[:2] == ["3 Évaluation", "3.1 Auto-diagnostic"]
    assert not {"Méthode", "Détail", "Quel canal"} & set(textes)


def test_parameters_and_code_never_show() -> None:
    """Cells of parameters are left out with their outputs; the code of any cell is too."""
    bavarde = [new_output("stream", name="stdout", text="bavardage")]
    cellules = [new_markdown_cell("# Titre"), new_code_cell("code_secret = 1")]
    for tag in ("parameters", "injected-parameters"):
        cellules.append(new_code_cell("campagne = 1", outputs=bavarde, metadata={"tags": [tag]}))
    html = page(build_chapitre(new_notebook(cells=cellules), "01_x", strict=True))
    assert "code_secret" not in html and "campagne" not in html and "bavardage" not in html


def test_nothing_prints_nothing() -> None:
    """A block that says « nothing » leaves no trace."""
    assert chapitre("01_x", "# Titre", BlocRien()).elements == ()


def test_a_figure_has_its_words_and_its_data() -> None:
    """Figure: alternative text, size, Champ and Source, then its data in a table."""
    html = page(chapitre("01_x", "# Titre", graphique()))
    assert re.search(r'<figure class="graphique" role="figure" aria-label="Taux par canal">', html)
    assert re.search(
        r'<img alt="Graphique [^"]{30,}" src="data:image/svg\+xml,[^"]+" width="672"', html
    )
    assert re.search(r"<details>\s*<summary>Données du graphique.*?<table>", html, re.S)
    assert "Champ\u00a0:" in html and "Source\u00a0:" in html and "Lecture" not in html


def test_a_chart_keeps_the_size_of_its_letters() -> None:
    """Points become CSS pixels; a viewBox in pixels stays as it is."""
    assert svg_taille(SVG) == (672, 288)
    assert svg_taille('<svg viewBox="0 0 100 50">') == (100, 50)


def test_every_table_is_announced() -> None:
    """Tables have a caption, scoped headers and a focusable group that names them."""
    html = page(chapitre("01_x", "# T", tableau(), "| a | b |\n|---|--:|\n| 1 | 2 |"))
    assert (
        html.count("<table") == html.count("<caption>") == html.count('role="group" tabindex="0"')
    )
    assert not re.search(r"<th(?![^>]*scope=)[ >]", html)
    assert '<td class="n">44\u00a0%</td>' in html


@pytest.mark.parametrize(
    ("texte", "attendu"),
    [
        ("écart", '<b aria-hidden="true">✖</b>\u00a0écart'),
        ("44 %", '<b role="img" aria-label="écart">✖</b>\u00a044 %'),
    ],
)
def test_a_status_is_a_sign_and_a_word(texte: str, attendu: str) -> None:
    """A status is never a colour alone, and a number alone gets its word for a screen reader."""
    grille = Grille(
        colonnes=(Colonne(titre="a"), Colonne(titre="b")),
        lignes=((Cellule(texte="x"), Cellule(texte=texte, statut="ecart")),),
    )
    bloc = BlocTableau(titre="T", grille=grille, notice=NOTICE)
    assert f'<span class="statut statut-ecart">{attendu}</span>' in render_bloc(bloc)


def test_in_a_notebook_figures_are_not_links() -> None:
    """In JupyterLab there is no card to go to; in the report each figure leads to its own."""
    carte = chiffre("a.b")
    phrase = BlocPhrase(morceaux=(Morceau(texte="44 %", chiffre="a.b"),), chiffres=(carte,))
    assert render_bloc(phrase) == '<p class="phrase">44 %</p>'
    attendu = '<p class="phrase"><a href="#c-a-b">44 %</a></p>'
    assert render_bloc(phrase, liens=True) == attendu


def test_a_notice_does_not_say_its_title_twice() -> None:
    """« Non évalué » is printed once, whoever wrote it."""
    assert "<strong>Non évalué :</strong>" in render_bloc(
        BlocAvis(sorte="non_evalue", texte="il manque x")
    )
    deja = render_bloc(BlocAvis(sorte="non_evalue", texte="Non évalué : il manque x"))
    assert deja.lower().count("non évalué") == 1


def test_a_long_table_continues_in_the_annex() -> None:
    """At most 200 rows in a table; the others are in the annex, and none is lost."""
    html = page(chapitre("01_x", "# Titre", tableau(450)))
    tables = re.findall(r"<tbody>(.*?)</tbody>", html, re.S)
    assert [table.count("<tr>") for table in tables] == [200, 200, 50]
    assert "Les 250 lignes suivantes" in html and 'id="suite-1"' in html


def test_the_register_holds_every_card_once() -> None:
    """A card is printed once, under its formula and file, whatever the number of its uses."""
    cartes = (chiffre("a.internet"), chiffre("a.courriers"))
    un = chapitre("01_x", "# T", tableau(2, cartes))
    deux = chapitre("02_x", "# T", tableau(2, cartes))
    assert collect_registre([un, deux]) == cartes
    html = page(un, deux)
    assert html.count('<tr id="c-1">') == 1
    assert html.count("points / critères") == 1
    assert "Intervalle ou bornes" not in html


def test_two_contents_under_one_code_are_refused() -> None:
    """A figure has one identity: two contents under one code stop the report."""
    un = chapitre("01_x", "# T", tableau(2, (chiffre("a.b"),)))
    deux = chapitre("02_x", "# T", tableau(2, (chiffre("a.b", valeur="9 sur 18"),)))
    with pytest.raises(Refus, match=r"02_x\.ipynb.*« a\.b » a deux contenus"):
        collect_registre([un, deux])


def test_two_codes_under_one_anchor_are_refused() -> None:
    """Two figures never share an address."""
    with pytest.raises(Refus, match="même adresse"):
        collect_registre([chapitre("01_x", "# T", tableau(2, (chiffre("a.b"), chiffre("a-b"))))])


def test_a_number_without_identity_is_refused() -> None:
    """A printed figure that the register does not know is a defect."""
    orphelin = BlocPhrase(morceaux=(Morceau(texte="44 %", chiffre="a.b"),))
    with pytest.raises(Refus, match=r"01_x\.ipynb.*« a\.b » est imprimé sans être au registre"):
        collect_registre([chapitre("01_x", "# T", orphelin)])


def test_the_head_says_whose_report_it_is() -> None:
    """Title, cover, demonstration banner, logo, whole hashes and fingerprint are printed."""
    logo = Logo("data:image/png;base64,AAAA", "Préfecture", 10, 10)
    dates = (("Audit interne", "avril 2022"),)
    couverture = Couverture("Rapport", "Moselle", "Qual-e-Pref", "Démo", "2022", dates, True, logo)
    provenance = Provenance((Fichier("a.csv", "0123456789abcdef" * 4, "12"),))
    html = page(
        chapitre("01_x", "# T"), couverture=couverture, provenance=provenance, empreinte="ab" * 32
    )
    assert "<title>Rapport — Moselle — Qual-e-Pref — 2022</title>" in html
    assert "<dt>Audit interne</dt><dd>avril 2022</dd>" in html
    assert '<p class="bandeau">Données de démonstration</p>' in html
    texte = re.sub(r"<[^>]+>", "", html)
    assert "0123456789abcdef" * 4 in texte and "ab" * 32 in texte
    with pytest.raises(ValueError, match="inside the page"):
        Logo("https://exemple.invalid/logo.png", "x", 1, 1)


def test_the_policy_names_the_one_style_sheet() -> None:
    """The CSP comes first in head and holds the hash of the style that follows."""
    html = page(chapitre("01_x", "# T"))
    style = re.search(r"<style>(.*?)</style>", html, re.S)
    assert style
    condense = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert re.search(
        r'<head>\s*<meta http-equiv="Content-Security-Policy" content="([^"]+)">', html
    )
    assert f"style-src 'sha256-{condense}'" in html
    assert "url(" not in style[1] and "@import" not in style[1]


def test_typography_touches_text_and_nothing_else() -> None:
    """French spaces in text, alt and aria-label; code, style, links and entities untouched."""
    html = (
        '<a href="#a ?" aria-label="Qui ?">L\'un &amp; l\'autre ; 44 %</a><pre>a ?<b>c ?</b></pre>'
    )
    attendu = (
        '<a href="#a ?" aria-label="Qui\u202f?">L’un &amp; l’autre\u202f; 44\u00a0%</a>'
        "<pre>a ?<b>c ?</b></pre>"
    )
    assert appliquer(html) == appliquer(appliquer(html)) == attendu


def test_the_same_page_gives_the_same_bytes() -> None:
    """Nothing of the clock, of chance or of the order of chapters enters the page."""
    un, deux = chapitre("01_x", "# A", graphique()), chapitre("02_x", "# B", tableau())
    assert page(un, deux) == page(un, deux) == page(deux, un)


def _arbre(html: str) -> list[object]:
    """The start tags, attributes in any order, and the text of a page."""
    vus: list[object] = []
    lecteur = HTMLParser()
    lecteur.handle_starttag = lambda nom, attributs: vus.append((nom, sorted(attributs)))  # type: ignore[method-assign]
    lecteur.handle_data = lambda texte: vus.extend(texte.split())  # type: ignore[method-assign]
    lecteur.feed(html)
    return vus


def test_stock_nbconvert_gives_the_same_page(tmp_path: Path) -> None:
    """``--to qualepref`` and ``--to html --template qualepref`` draw the same page."""
    fichier = tmp_path / "03a_autodiagnostic.ipynb"
    nbformat.write(notebook("# Auto-diagnostic", "## Où ?", tableau(), graphique()), fichier)
    notre, ressources = QualeprefExporter().from_filename(str(fichier))
    usine = HTMLExporter(template_name="qualepref", extra_template_basedirs=[str(GABARITS)])
    stock, _ = usine.from_filename(str(fichier))
    assert ressources["output_extension"] == ".html"
    assert "<title>Auto-diagnostic</title>" in notre
    assert _arbre(notre) == _arbre(stock)
    assert notre == render_notebook(nbformat.read(fichier, 4), "03a_autodiagnostic")


def test_the_exporter_is_lenient_unless_told(tmp_path: Path) -> None:
    """A draft is drawn with its remarks; ``strict`` refuses it, naming notebook and cell."""
    fichier = tmp_path / "essai.ipynb"
    carnet = notebook("# Essai")
    carnet.cells.append(
        new_code_cell("", outputs=[new_output("stream", name="stdout", text="coucou")])
    )
    nbformat.write(carnet, fichier)
    assert "Brouillon" in QualeprefExporter().from_filename(str(fichier))[0]
    with pytest.raises(Refus, match=r"essai\.ipynb, cellule .* \(n° 2\).*print"):
        QualeprefExporter(strict=True).from_filename(str(fichier))
