"""The trust boundary (design 04.2): whatever a cell holds, the page holds no program."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any
from urllib.parse import unquote

import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from qualepref_lib.core.refus import Refus
from qualepref_lib.display.blocs import (
    MIME,
    Bloc,
    BlocAvis,
    BlocGraphique,
    BlocPhrase,
    BlocTableau,
    Cellule,
    ChiffreBloc,
    Colonne,
    Grille,
    Morceau,
    Notice,
)
from qualepref_lib.display.html import render_bloc, svg_data_uri
from qualepref_lib.rapport.frontiere import defaut_svg, judge_output
from qualepref_lib.rapport.markdown import Texte, assainir, read_markdown
from qualepref_lib.rapport.page import (
    Couverture,
    Fichier,
    Page,
    Provenance,
    build_chapitre,
    collect_registre,
    render_page,
)

# « @ » is replaced by a sentinel; it must be readable wherever the text is allowed to come through.
ATTAQUES = [
    "@<script>alert(1)</script>",
    "@<SCRIPT SRC=//attaque.invalid/x.js></SCRIPT>",
    "@<scr<script>ipt>alert(1)</scr</script>ipt>",
    "@</script><script>alert(1)</script>",
    "@<img src=x onerror=alert(1)>",
    '@"><img src=x onerror=alert(1)>',
    "@' onmouseover='alert(1)",
    '@" onfocus="alert(1)" autofocus="',
    "@<svg onload=alert(1)>",
    "@<svg><script>alert(1)</script></svg>",
    "@<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
    "@<math><mtext></p><script>alert(1)</script>",
    "@<body onload=alert(1)>",
    "@<iframe src=javascript:alert(1)></iframe>",
    "@<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "@<object data=data:text/html,<script>alert(1)</script>></object>",
    "@<embed src=https://attaque.invalid/x.swf>",
    "@<form action=https://attaque.invalid><button>ok</button></form>",
    "@<input autofocus onfocus=alert(1)>",
    "@<details open ontoggle=alert(1)>",
    "@<video><source onerror=alert(1)></video>",
    "@<marquee onstart=alert(1)>",
    '@<meta http-equiv="refresh" content="0;url=https://attaque.invalid">',
    "@<base href=https://attaque.invalid/>",
    "@<link rel=stylesheet href=https://attaque.invalid/x.css>",
    "@<style>body{display:none}</style>",
    "@</style><style>main{display:none}</style>",
    '@<p style="position:fixed;inset:0">x</p>',
    '@<a href="https://attaque.invalid" style="position:fixed;inset:0">x</a>',
    "@</title><title>Rapport forgé</title>",
    "@<plaintext>",
    "@<textarea>",
    "@<!-- x",
    "@--><script>alert(1)</script><!--",
    "@<![CDATA[<script>alert(1)</script>]]>",
    "@<template><script>alert(1)</script></template>",
    "@<noscript><img title='</noscript><img src=x onerror=alert(1)>'></noscript>",
    "@[lien](javascript:alert(1))",
    "@[lien](JaVaScRiPt&colon;alert(1))",
    "@[lien](java&#10;script:alert(1))",
    "@[lien](data:text/html,<script>alert(1)</script>)",
    "@[lien](vbscript:msgbox(1))",
    '@[lien](https://attaque.invalid/ "x" onclick="alert(1)")',
    "@[lien](//attaque.invalid)",
    '@[lien](#c-x" onclick=alert(1) x=")',
    "@<javascript:alert(1)>",
    "@![image](https://attaque.invalid/x.png)",
    '@![image](x" onerror="alert(1))',
    "@{{ 7 * 7 }} {% raw %} {# x #} ${7*7} #{7*7} <%= 7 %>",
    "@\\3c script\\3e alert(1)\\3c/script\\3e expression(alert(1)) url(javascript:alert(1))",
    "@\u202e)1(trela\u202c \u2066caché\u2069",
    "@\x00<scr\x00ipt>alert(1)</script>\x1b[31m",
    "@&lt;script&gt;alert(1)&lt;/script&gt; &#60;script&#62; &amp;lt;",
    "@</td></tr></table><script>alert(1)</script>",
    "@</main></body></html><script>alert(1)</script>",
    "@`<script>alert(1)</script>` ``` \" ' > <",
    "@<a name=contenu id=contenu>x</a><h1>Conforme</h1>",
]
PNG = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk"
    "+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="72pt" viewBox="0 0 72 36">'
    '<path d="M0 0"/></svg>'
)


class Lecteur(HTMLParser):
    """Reads a page as a browser would: every start tag, and the text that is shown."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.balises: list[tuple[str, dict[str, str]]] = []
        self.textes: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.balises.append((tag, {nom: valeur or "" for nom, valeur in attrs}))

    def handle_data(self, data: str) -> None:
        self.textes.append(data)

    @property
    def texte(self) -> str:
        return "".join(self.textes)


PERMISES = """
html head meta title style body a header h1 h2 h3 h4 h5 h6 p dl div dt dd nav ol ul li main section
table caption thead tbody tr th td figure figcaption img details summary span strong em code pre
blockquote hr br wbr footer
"""


# The sign of a status, told to a screen reader or hidden from it; any other « b » came from data.
SIGNES = ({"aria-hidden"}, {"role", "aria-label"})


def defauts(page: str) -> list[str]:
    """Everything in the page that could act, hide, lie or call the network."""
    trouves = []
    metas = 0
    for balise, attributs in Lecteur(page).balises:
        metas += balise == "meta"
        signe = balise == "b" and set(attributs) in SIGNES
        if balise not in PERMISES.split() and not signe:
            trouves.append(f"<{balise}>")
        for nom, valeur in attributs.items():
            if nom.startswith("on") or nom in ("style", "srcdoc", "srcset", "action", "target"):
                trouves.append(f"{balise}[{nom}]")
            if nom == "href" and not re.fullmatch(r"#[A-Za-z0-9._-]+", valeur):
                trouves.append(f"href={valeur}")
            if nom == "src" and not valeur.startswith(("data:image/svg+xml,", "data:image/png;")):
                trouves.append(f"src={valeur}")
    comptes = {nom: len(re.findall(f"<{nom}[ >]", page)) for nom in ("h1", "title", "style")}
    if metas != 3 or set(comptes.values()) != {1} or page.count('id="contenu"') != 1:
        trouves.append(f"metas {metas}, {comptes}")
    return trouves


def bundle(bloc: Bloc) -> NotebookNode:
    """A cell's output as our display objects make it, with an HTML that must be ignored."""
    donnees = {MIME.format(genre=bloc.genre): bloc.model_dump(mode="json")}
    return new_output("display_data", data=donnees | {"text/html": "<script>html()</script>"})


def cellule(*sorties: Any) -> NotebookNode:
    """A code cell with these outputs."""
    return new_code_cell("code_secret()", outputs=list(sorties))


def tableau(texte: str) -> BlocTableau:
    """A table with the text everywhere that a table holds one."""
    grille = Grille(
        colonnes=(Colonne(titre=texte), Colonne(titre="x")),
        lignes=((Cellule(texte=texte, statut="ecart"), Cellule(texte=texte, chiffre="a.b")),),
    )
    carte = dict.fromkeys(ChiffreBloc.model_fields, texte) | {"code": "a.b"}
    notice = Notice(lecture=texte, champ=texte, source=texte)
    return BlocTableau(titre=texte, grille=grille, notice=notice, chiffres=(ChiffreBloc(**carte),))


def graphique(texte: str, svg: str = SVG) -> BlocGraphique:
    """A chart with the text everywhere that a chart holds one."""
    base = tableau(texte)
    alt = (texte + " " + "a" * 30)[:250]
    return BlocGraphique(
        titre=texte,
        alt=alt,
        svg=svg,
        grille=base.grille,
        notice=base.notice,
        chiffres=base.chiffres,
    )


def par_les_blocs(texte: str) -> str:
    """The page of a chapter whose blocks, register, cover and provenance hold the text."""
    phrase = BlocPhrase(morceaux=(Morceau(texte=texte, chiffre="a.b"), Morceau(texte=texte)))
    avis = BlocAvis(sorte="a_completer", texte=texte)
    blocs = (tableau(texte), graphique(texte), phrase, avis)
    notebook = new_notebook(cells=[new_markdown_cell("# Titre"), cellule(*map(bundle, blocs))])
    chapitre = build_chapitre(notebook, "01_x", strict=True)
    couverture = Couverture(texte, texte, texte, texte, texte, ((texte, texte),), True)
    paires = ((texte, texte),)
    provenance = Provenance((Fichier(texte, texte, texte),), paires, paires)
    return render_page(
        Page(couverture, (chapitre,), collect_registre([chapitre]), provenance, texte)
    )


def par_la_prose(texte: str) -> str:
    """The page of a chapter whose Markdown holds the text in every kind of block."""
    ligne = " ".join(texte.split("\n"))
    sources = [
        f"# Titre {ligne}",
        texte,
        f"## {ligne}",
        f"> {ligne}\n\n- {ligne}",
        f"| {ligne} | b |\n|---|---|\n| {ligne} | c |",
        f"`{ligne}`\n\n```{ligne}\n{ligne}\n```",
    ]
    cellules = [new_markdown_cell(source) for source in sources]
    chapitre = build_chapitre(new_notebook(cells=cellules), "01_x", strict=False)
    return render_page(Page(Couverture("Rapport"), (chapitre,)))


def par_les_sorties(texte: str) -> str:
    """The page of a draft whose outputs hold the text by every road that is not ours."""
    donnees: list[dict[str, Any]] = [
        {"text/html": texte, "text/plain": texte},
        {"text/html": f"<table>{texte}</table>", "text/plain": f"x {texte}"},
        {"application/javascript": texte},
        {"image/svg+xml": f"<svg viewBox='0 0 1 1'>{texte}</svg>"},
        {"image/png": texte},
        {"application/vnd.qualepref.tableau+json": {"titre": texte}},
        {"application/vnd.jupyter.widget-view+json": {"model_id": texte}},
        {"text/markdown": texte, "text/latex": texte},
    ]
    sorties = [new_output("display_data", data=d) for d in donnees]
    sorties.append(new_output("stream", name="stdout", text=texte))
    sorties.append(new_output("stream", name="stderr", text=texte))
    sorties.append(new_output("error", ename=texte, evalue=texte, traceback=[texte]))
    notebook = new_notebook(cells=[new_markdown_cell("# Titre"), cellule(*sorties)])
    chapitre = build_chapitre(notebook, "01_x", strict=False)
    return render_page(Page(Couverture("Rapport"), (chapitre,)))


@pytest.mark.parametrize("rang", range(len(ATTAQUES)))
@pytest.mark.parametrize("voie", [par_les_blocs, par_la_prose, par_les_sorties])
def test_no_payload_becomes_a_program(voie: Any, rang: int) -> None:
    """A hostile text is read, never obeyed, by whichever road it comes."""
    sentinelle = f"TEMOIN{rang:02}"
    page = voie(ATTAQUES[rang].replace("@", sentinelle))
    assert defauts(page) == []
    assert sentinelle in Lecteur(page).texte
    assert "html()" not in page and "code_secret" not in page


@pytest.mark.parametrize("caractere", ["\u202e", "\u2066", "\u200f", "\x00", "\x1b", "\ufffe"])
@pytest.mark.parametrize("voie", [par_les_blocs, par_la_prose, par_les_sorties])
def test_no_character_reorders_the_page(voie: Any, caractere: str) -> None:
    """What reorders or hides the text around it is dropped, the text stays."""
    page = voie(f"avant{caractere}après `code{caractere}`")
    assert caractere not in page
    assert "avantaprès" in page


def test_the_text_of_a_cell_comes_through_whole() -> None:
    """Escaping loses nothing: the reader sees the very characters that the file holds."""
    texte = '<b>5 < 6 & 7 > 2</b> "x" {{ y }}'
    assert Lecteur(render_bloc(tableau(texte))).texte.count(texte) >= 4


@pytest.mark.parametrize(
    "svg",
    [
        '<svg viewBox="0 0 1 1"><script>alert(1)</script></svg>',
        '<svg viewBox="0 0 1 1" onload="alert(1)"/>',
        '<svg viewBox="0 0 1 1"><foreignObject><b/></foreignObject></svg>',
        '<svg viewBox="0 0 1 1"><image href="https://attaque.invalid/x.png"/></svg>',
        '<svg viewBox="0 0 1 1"><a href="#x"><path/></a></svg>',
        '<svg viewBox="0 0 1 1"><style>@import "x.css"</style></svg>',
        '<svg viewBox="0 0 1 1"><path style="fill:url(https://attaque.invalid)"/></svg>',
        '<!DOCTYPE svg [<!ENTITY a "b">]><svg viewBox="0 0 1 1">&a;</svg>',
        "<svg><path/></svg>",
        "pas une image",
    ],
)
def test_an_svg_is_only_a_drawing(svg: str) -> None:
    """A chart that carries a program, an address or no size is refused with its cell."""
    assert defaut_svg(svg)
    notebook = new_notebook(cells=[new_markdown_cell("# T"), cellule(bundle(graphique("x", svg)))])
    with pytest.raises(Refus, match=r"03_x\.ipynb, cellule .* : bloc invalide"):
        build_chapitre(notebook, "03_x", strict=True)


def test_the_drawing_itself_is_not_touched() -> None:
    """Encoding for the address keeps every character of the SVG, transforms included."""
    svg = '<svg viewBox="0 0 1 1"><g transform="translate(1.2345678 2) scale(0.015625)">é</g></svg>'
    assert defaut_svg(svg) == ""
    assert unquote(svg_data_uri(svg)).endswith(svg)
    assert not re.search(r"[\s<>\"'&]", svg_data_uri(svg))


@pytest.mark.parametrize(
    ("sortie", "mot"),
    [
        (new_output("stream", name="stdout", text="coucou"), "print"),
        (new_output("stream", name="stderr", text="FutureWarning"), "avertissement"),
        (new_output("error", ename="KeyError", evalue="x", traceback=[]), "échoué"),
        (new_output("display_data", data={"text/html": "<b>x</b>"}), "fragment HTML"),
        (new_output("display_data", data={"image/png": PNG}), "image"),
        (new_output("display_data", data={"application/javascript": "x"}), "JavaScript"),
        (
            new_output("display_data", data={"application/vnd.jupyter.widget-view+json": {}}),
            "widget",
        ),
        (
            new_output("execute_result", data={"text/html": "<table/>", "text/plain": " a\n0 1"}),
            "DataFrame",
        ),
        (new_output("execute_result", data={"text/plain": "42"}), "valeur affichée"),
        (
            new_output("display_data", data={"application/vnd.qualepref.tableau+json": {"a": 1}}),
            "bloc invalide",
        ),
        (
            new_output("display_data", data={"application/vnd.qualepref.autre+json": {}}),
            "type de bloc inconnu",
        ),
        (new_output("display_data", data={}), "sortie vide"),
    ],
)
def test_strict_refuses_whatever_is_not_a_block(sortie: NotebookNode, mot: str) -> None:
    """The report stops at anything that is not one of our blocks, naming notebook and cell."""
    cellules = [new_markdown_cell("# Titre"), cellule(sortie)]
    cellules[1]["id"] = "mes-taux"
    with pytest.raises(Refus) as refus:
        build_chapitre(new_notebook(cells=cellules), "03a_x", strict=True)
    assert f"03a_x.ipynb, cellule « mes-taux » (n° 2) : {judge_output(sortie).constat}" in str(
        refus.value
    )
    assert mot in str(refus.value)
    assert "À faire" in str(refus.value)


def test_strict_lists_every_cell_at_once() -> None:
    """A refusal is complete: the person corrects everything in one go."""
    bavarde = new_output("stream", name="stdout", text="coucou")
    notebook = new_notebook(
        cells=[new_markdown_cell("Sans titre"), *(cellule(bavarde) for _ in range(3))]
    )
    with pytest.raises(Refus) as refus:
        build_chapitre(notebook, "01_x", strict=True)
    assert len(refus.value.problemes) == 4


def test_a_draft_keeps_tables_and_images_and_says_what_it_lost() -> None:
    """Lenient: the table comes back as text, the image asks for words, the rest is listed."""
    sorties = [
        new_output("execute_result", data={"text/html": "<table>", "text/plain": "  a\n0 1"}),
        new_output("display_data", data={"image/png": PNG}),
        new_output("display_data", data={"image/svg+xml": SVG}),
        new_output("stream", name="stdout", text="bavardage"),
    ]
    notebook = new_notebook(cells=[new_markdown_cell("# Titre"), cellule(*sorties)])
    chapitre = build_chapitre(notebook, "brouillon", strict=False)
    page = render_page(Page(Couverture("Rapport"), (chapitre,)))
    assert "<pre>  a\n0 1</pre>" in page
    assert page.count('alt="Image sans texte de remplacement\u00a0: à compléter."') == 2
    assert len(chapitre.remarques) == 4 and "bavardage" in page
    assert defauts(page) == []


def test_raw_html_of_a_notebook_is_readable() -> None:
    """First guard alone: the renderer escapes tags, so the reader sees what was typed."""
    (prose,) = read_markdown("<b onclick=x>mot</b> et <script>y</script>").elements
    assert isinstance(prose, Texte)
    assert Lecteur(prose.html).texte == "<b onclick=x>mot</b> et <script>y</script>"


def test_the_sanitiser_alone_would_be_enough() -> None:
    """Second guard alone: what the renderer would let through, nh3 takes away."""
    fragment = (
        '<p style="x" onclick="y">a<a href="https://z">b</a><img src=x><script>c</script></p>'
    )
    assert assainir(fragment) == "<p>a<a>b</a></p>"
