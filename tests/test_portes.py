"""The gates on the committed report and on the other pages, and the proof that each can fail."""

from __future__ import annotations

import base64
import hashlib
import random
import re
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import portes
import pytest
from autres_pages import AUTRES
from portes import outil

# One worker for all: the browser is opened once.
pytestmark = pytest.mark.portes

RAPPORT = Path(__file__).parents[1] / "reports" / "moselle_2022" / "rapport_audit.html"
PORTES = [(famille, porte) for famille, liste in portes.FAMILLES.items() for porte in liste]

STYLE = """
body { color: #161616; background: #fff; font-family: sans-serif; }
.defile { overflow-x: auto; }
img { max-width: 100%; }
@media (prefers-color-scheme: dark) { body, a, p { color: #fff; background: #161616; } }
"""
POLITIQUE = (
    "default-src 'none'; img-src data:; style-src 'sha256-{empreinte}';"
    " base-uri 'none'; form-action 'none'"
)
SVG = "<svg xmlns='http://www.w3.org/2000/svg' width='80' height='20'><text>44 %</text></svg>"
BONNE = """<!DOCTYPE html>
<html lang="fr">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{politique}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Rapport d’essai</title>
<style>{style}</style>
</head>
<body>
<header><a href="#contenu">Aller au contenu</a></header>
<main id="contenu">
<h1>Rapport d’essai</h1>
<h2>Où en est l’accueil ?</h2>
<p class="clair">Le taux est de 44 %.</p>
<p class="nuit">Ce texte se lit la nuit.</p>
<p class="papier">Celui-ci sur le papier.</p>
<p class="petit">Et celui-là sur un téléphone.</p>
<figure role="figure" aria-label="Taux par canal">
<figcaption>Taux par canal</figcaption>
<img alt="Diagramme en points : les courriers sont à 44 %, sous la cible." src="{svg}">
<details><summary>Les données de la figure</summary>
<div class="defile" tabindex="0" role="group" aria-label="Taux par canal, tableau">
<table>
<caption>Taux par canal</caption>
<thead><tr><th scope="col">Canal</th><th scope="col">Taux</th></tr></thead>
<tbody><tr><th scope="row">Courriers</th><td>44 %</td></tr></tbody>
</table>
</div>
</details>
</figure>
</main>
</body>
</html>
"""
# This row is inside a closed details: what is wrong there must be seen all the same.
LIGNE = '<tr><th scope="row">Courriers</th><td>44 %</td></tr>'
FIN = "</main>"
BRUIT = random.Random(0).randbytes(600_000).hex()


def sombre(regle: str) -> str:
    """A rule for dark mode."""
    return f"@media (prefers-color-scheme: dark) {{ {regle} }}"


def etroit(regle: str) -> str:
    """A rule for a narrow screen."""
    return f"@media (max-width: 400px) {{ {regle} }}"


class Sabotage(NamedTuple):
    """One thing made wrong in the good page, and the pattern of what its gate must then say."""

    porte: str
    place: str
    mal: str
    attendu: str


SABOTAGES = [
    Sabotage(
        "requetes", FIN, '<img alt="Un suivi invisible" src="https://a.invalid/p">', r"a\.invalid"
    ),
    Sabotage("requetes", FIN, '<img alt="Une image voisine" src="voisin.png">', r"voisin\.png"),
    Sabotage(
        "requetes", "</style>", "@media print { h1 { background: url(//b.invalid/) } }", r"b\.inv"
    ),
    Sabotage("requetes", "</style>", "@font-face { font-family: z; src: url(z.woff) }", r"z\.woff"),
    Sabotage("scripts", FIN, "<script>1</script>", "<script>"),
    Sabotage("scripts", FIN, '<p onclick="1">Clic</p>', "onclick"),
    Sabotage("scripts", FIN, '<a href="javascript:1">Lien</a>', "javascript:1"),
    Sabotage("scripts", FIN, '<iframe srcdoc="x"></iframe>', "<iframe"),
    Sabotage("csp", FIN, '<p style="color: red">Rouge</p>', "style"),
    Sabotage("axe", "</style>", ".clair { color: #bbb; background: #fff }", r"clair : .*\.clair"),
    Sabotage("axe", "</style>", sombre(".nuit { color: #333 }"), r"sombre : color-co.*\.nuit"),
    Sabotage(
        "axe", "</style>", "@media print { .papier { color: #bbb } }", r"imprimé : .*\.papier"
    ),
    Sabotage("axe", "</style>", etroit(".petit { color: #bbb }"), r"320 px : color-co.*\.petit"),
    Sabotage("nu", FIN, '<p id="contenu">Deux fois le même</p>', "Duplicate ID"),
    Sabotage("html_validate", FIN, '<p align="center">Vieux</p>', "no-deprecated-attr"),
    Sabotage("images", FIN, '<img src="data:,">', "«  »"),
    Sabotage("images", FIN, '<img alt="figure.png" src="data:,">', "« figure.png »"),
    Sabotage("tableaux", FIN, "<table><tr><th>Nu</th></tr></table>", "<table>"),
    Sabotage("th", LIGNE, "<tr><th>Téléphone</th><td>73 %</td></tr>", "<th>Téléphone</th>"),
    Sabotage("titres", FIN, "<h5>Trop bas</h5>", "h2 puis h5"),
    Sabotage("matiere", FIN, "<h1>Un autre</h1>", "2 h1"),
    Sabotage("largeur", "</style>", ".large { width: 900px }", "page de"),
    Sabotage("largeur", FIN, '<p class="large">Trop large</p>', "large"),
    Sabotage("anglais", LIGNE, '<tr><th scope="row">Fax</th><td>None</td></tr>', "« None »"),
    Sabotage("anglais", FIN, "<p>UserWarning: x</p>", "« UserWarning »"),
    Sabotage("cellules", LIGNE, '<tr><th scope="row">Guichet</th><td>Cou…</td></tr>', "Cou…"),
    Sabotage("brut", LIGNE, '<tr><th scope="row">Fax</th><td>nan</td></tr>', "« nan »"),
    Sabotage("brut", FIN, "<p>&lt;b&gt;Gras&lt;/b&gt;</p>", "« <b> »"),
    Sabotage("brut", FIN, r"<p>Soit $\frac{1}{2}$ du total</p>", "frac"),
    Sabotage("taille", FIN, f"<!-- {BRUIT} -->", "octets"),
    Sabotage("gzip", FIN, "", "octets"),
]


def good_page() -> str:
    """A small page in the form of the report, with nothing wrong."""
    empreinte = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
    svg = "data:image/svg+xml;base64," + base64.b64encode(SVG.encode()).decode()
    return BONNE.format(politique=POLITIQUE.format(empreinte=empreinte), style=STYLE, svg=svg)


def bad_page() -> str:
    """The good page with everything wrong."""
    page = good_page()
    for sabotage in SABOTAGES:
        page = page.replace(sabotage.place, sabotage.mal + sabotage.place, 1)
    return page


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The pages that are graded: a good one, a bad one, the report, and the others."""
    dossier = tmp_path_factory.mktemp("portes")
    faites = {"bonne": dossier / "bonne.html", "mauvaise": dossier / "mauvaise.html"}
    faites["bonne"].write_text(good_page(), encoding="utf-8")
    faites["mauvaise"].write_text(bad_page(), encoding="utf-8")
    for nom, write in AUTRES.items():
        (dossier / nom).mkdir()
        faites[nom] = write(dossier / nom)
    return faites | ({"rapport": RAPPORT} if RAPPORT.exists() else {})


@pytest.fixture(scope="module")
def navigateur(pages: dict[str, Path]) -> dict[Path, portes.Fautes]:
    """What the browser sees; it is closed again before any test begins."""
    outil(portes.find_chromium)
    axe = outil(portes.find_axe)
    with portes.open_navigateur() as ouvert:
        return {page: portes.measure_navigateur(ouvert, page, axe) for page in pages.values()}


@pytest.fixture(scope="module")
def nu(pages: dict[str, Path]) -> dict[Path, portes.Fautes]:
    """What the Nu checker says."""
    outil(portes.find_nu)
    return portes.measure_nu(list(pages.values()))


@pytest.fixture(scope="module")
def html_validate(pages: dict[str, Path]) -> dict[Path, portes.Fautes]:
    """What html-validate says."""
    outil(portes.find_html_validate)
    return portes.measure_html_validate(list(pages.values()))


@pytest.fixture(scope="module")
def poids(pages: dict[str, Path]) -> dict[Path, portes.Fautes]:
    """What the files weigh."""
    return {page: portes.measure_poids(page) for page in pages.values()}


@pytest.fixture
def fautes(pages: dict[str, Path], request: pytest.FixtureRequest) -> Callable[..., list[str]]:
    """The faults of a page at a gate."""

    def lire(page: str, porte: str) -> list[str]:
        if page not in pages:
            pytest.fail(f"{RAPPORT} n'existe pas : lancer « make rapport »")
        famille = next(nom for nom, liste in portes.FAMILLES.items() if porte in liste)
        trouvees: list[str] = request.getfixturevalue(famille)[pages[page]][porte]
        return trouvees

    return lire


@pytest.mark.parametrize("porte", [porte for _, porte in PORTES])
def test_rapport(porte: str, fautes: Callable[..., list[str]]) -> None:
    """The committed report has no fault at any gate."""
    assert fautes("rapport", porte) == []


@pytest.mark.parametrize("porte", [porte for _, porte in PORTES])
@pytest.mark.parametrize("page", AUTRES)
def test_autres_pages(page: str, porte: str, fautes: Callable[..., list[str]]) -> None:
    """What is not the report is as readable: the same gates, no fault."""
    assert fautes(page, porte) == []


@pytest.mark.parametrize("porte", [porte for _, porte in PORTES])
def test_bonne_page(porte: str, fautes: Callable[..., list[str]]) -> None:
    """No gate finds fault with a page that has none."""
    assert fautes("bonne", porte) == []


@pytest.mark.parametrize("sabotage", SABOTAGES, ids=lambda s: f"{s.porte}-{s.attendu}")
def test_sabotage(sabotage: Sabotage, fautes: Callable[..., list[str]]) -> None:
    """Each gate can fail: it names the fault that was put in the page."""
    assert any(re.search(sabotage.attendu, faute) for faute in fautes("mauvaise", sabotage.porte))


def test_each_gate_is_sabotaged() -> None:
    """No gate is without a page that it refuses."""
    assert {sabotage.porte for sabotage in SABOTAGES} == {porte for _, porte in PORTES}


def test_outil_absent(monkeypatch: pytest.MonkeyPatch) -> None:
    """A missing tool skips the test with the reason, and fails it where CI is true."""

    def absent() -> str:
        return portes.find_programme(["qualepref-rien-de-tel"], "rien-de-tel")

    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="sudo apt install rien-de-tel"):
        outil(absent)
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="sudo apt install rien-de-tel"):
        outil(absent)
