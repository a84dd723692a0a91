"""The gates of the report: a page goes in, every fault comes out, one list per gate.

Four families, by the tool that they need: the browser (with axe-core), the Nu checker (Java),
html-validate (Node) and nothing at all (the weight). A gate whose list is empty is passed; a list
and not a count, because the person who reads a failure wants to know what to mend.
"""

from __future__ import annotations

import base64
import gzip
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeVar
from urllib.parse import unquote

import pytest
from playwright.sync_api import Browser, Page, Route, sync_playwright

OUTILS = Path(__file__).parent / "outils"
MODULES = OUTILS / "node_modules"
INSTALLER = "lancer « make outils » (il faut Node.js et npm)"

T = TypeVar("T")
Fautes = dict[str, list[str]]

FAMILLES = {
    "navigateur": (
        *("requetes", "scripts", "csp", "axe", "images", "tableaux", "th", "titres"),
        *("matiere", "largeur", "anglais", "cellules", "brut"),
    ),
    "nu": ("nu",),
    "html_validate": ("html_validate",),
    "poids": ("taille", "gzip"),
}
TAILLE_MAX = 1_200_000
GZIP_MAX = 180_000
"""What a mailbox takes without a word: thirty chapters, as many charts, a card a figure."""

ETIQUETTES_AXE = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]
LANCEMENT = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]

# Words that pandas, matplotlib or Python print by themselves; French has none of them.
MOTS_ANGLAIS = re.compile(
    r"(?<!\w)(?:DataFrame|NaN|NaT|None|True|False|Name:|Length:|dtype|Unnamed|Traceback|\w*Warning"
    r"|\w+Error|Categorical|Timestamp|Timedelta|count|mean|std|undefined|null|float64|int64"
    r"|(?:In|Out) ?\[|Table of contents|January|February|April|June|July|August|October"
    r"|Feb|Apr|Aug|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)(?!\w)"
)
BRUT = re.compile(
    r"\$[^$\s][^$]*\$|\\[a-zA-Z]{2,}|[\^_]\{"  # TeX
    r"|</?[a-zA-Z][\w-]*(?:\s[^<>]*)?/?>|&(?:\w+|#\d+);"  # tag, entity
    r"|(?<![\w.-])nan(?!\w)|\b0x[0-9a-f]{6,}"  # a missing number, the address of an object
    r"|\{\{|\{%|\*\*[^*\s][^*]*\*\*",  # template, Markdown
    re.IGNORECASE,
)


class OutilAbsent(Exception):
    """A tool that a gate needs is not on this machine; the text says how to install it."""


@dataclass(frozen=True)
class Mode:
    """One way of receiving the page."""

    largeur: int
    couleurs: Literal["light", "dark"] = "light"
    media: Literal["screen", "print"] = "screen"


# 794 px is the width of an A4 sheet.
MODES = {
    "clair": Mode(1200),
    "sombre": Mode(1200, couleurs="dark"),
    "imprimé": Mode(794, media="print"),
    "320 px": Mode(320),
}


def outil(find: Callable[[], T]) -> T:
    """The tool, or a skip that says what to install; where CI is true, a failure."""
    try:
        return find()
    except OutilAbsent as absent:
        if os.environ.get("CI") == "true":
            pytest.fail(str(absent))
        pytest.skip(str(absent))


def find_programme(noms: Iterable[str], paquet: str) -> str:
    """The path of the first of these programs that exists."""
    for nom in noms:
        if chemin := shutil.which(nom):
            return chemin
    raise OutilAbsent(f"{paquet} est absent : sudo apt install {paquet}")


def find_chromium() -> str:
    """The path of the machine's own Chromium, when Playwright can drive it."""
    essai = subprocess.run([sys.executable, "-m", "playwright", "--version"], capture_output=True)
    if essai.returncode:
        raise OutilAbsent("Playwright ne démarre pas : sudo apt install libatomic1")
    return find_programme(("chromium", "chromium-browser", "google-chrome"), "chromium")


def find_module(chemin: str) -> Path:
    """The path of a file among the npm modules."""
    if not (MODULES / chemin).exists():
        raise OutilAbsent(f"{chemin.split('/')[0]} est absent : {INSTALLER}")
    return MODULES / chemin


def find_axe() -> str:
    """The text of axe-core."""
    return find_module("axe-core/axe.min.js").read_text(encoding="utf-8")


def find_nu() -> list[str]:
    """The command of the Nu checker, without the files."""
    java = find_programme(["java"], "default-jre-headless")
    jar = find_module("vnu-jar/build/dist/vnu.jar")
    return [java, "-jar", str(jar), "--format", "json", "--stdout", "--exit-zero-always"]


def find_html_validate() -> list[str]:
    """The command of html-validate, without the files."""
    node = find_programme(["node", "nodejs"], "nodejs")
    script = find_module("html-validate/bin/html-validate.mjs")
    config = OUTILS / "htmlvalidate.json"
    return [node, str(script), "--config", str(config), "--formatter", "json"]


@contextmanager
def open_navigateur() -> Iterator[Browser]:
    """A headless Chromium, closed at the end: its event loop would trouble the other tests."""
    chromium = find_chromium()
    with sync_playwright() as playwright:
        navigateur = playwright.chromium.launch(executable_path=chromium, args=LANCEMENT)
        try:
            yield navigateur
        finally:
            navigateur.close()


@contextmanager
def open_page(
    navigateur: Browser, fichier: Path, mode: Mode, *, sans_csp: bool = False
) -> Iterator[tuple[Page, list[str], list[str]]]:
    """The page with all its details open, the requests that it tried, what its CSP refused."""
    adresse = fichier.resolve().as_uri()
    requetes: list[str] = []
    refus: list[str] = []
    contexte = navigateur.new_context(
        viewport={"width": mode.largeur, "height": 900},
        color_scheme=mode.couleurs,
        bypass_csp=sans_csp,
    )

    def trier(route: Route) -> None:
        if route.request.url == adresse:
            route.continue_()
            return
        requetes.append(route.request.url)
        route.abort()

    contexte.route("**/*", trier)
    page = contexte.new_page()
    page.on("console", lambda m: refus.append(m.text) if "Content Security" in m.text else None)
    page.emulate_media(media=mode.media, color_scheme=mode.couleurs)
    try:
        page.goto(adresse, wait_until="load")
        page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
        yield page, requetes, refus
    finally:
        contexte.close()


def measure_axe(page: Page, axe: str, nom: str) -> list[str]:
    """The violations that axe finds in the page as it stands."""
    page.evaluate(axe)
    violations = page.evaluate(
        "(tags) => axe.run(document, {runOnly: {type: 'tag', values: tags},"
        " resultTypes: ['violations']}).then((r) => r.violations.map((v) => [v.id, v.nodes.length,"
        " v.nodes.slice(0, 9).map((n) => n.target.join(' ')).join(', '),"
        " v.nodes[0].failureSummary.split('\\n').pop().trim()]))",
        ETIQUETTES_AXE,
    )
    return [f"{nom} : {code} × {n} : {ou} : {pourquoi}" for code, n, ou, pourquoi in violations]


def read_svg(adresse: str) -> list[str]:
    """The texts of an SVG image, also those that matplotlib keeps as comments beside the outlines.

    >>> read_svg("data:image/svg+xml,%3Csvg%3E%3C!-- 44 %25 --%3E%3Ctext x='1'%3Enan%3C/text%3E")
    ['44 %', 'nan']
    """
    tete, _, corps = adresse.partition(",")
    svg = base64.b64decode(corps).decode() if tete.endswith(";base64") else unquote(corps)
    paires = re.findall(r"<!--(.*?)-->|<(?:text|tspan|title|desc)\b[^>]*>([^<]+)", svg, re.DOTALL)
    return [(commentaire or texte).strip() for commentaire, texte in paires]


def _matching(motif: re.Pattern[str], lignes: Iterable[str]) -> list[str]:
    return [
        f"« {trouve.group()} » dans : {ligne.strip()[:100]}"
        for ligne in lignes
        if (trouve := motif.search(ligne))
    ]


def _measure_csp(navigateur: Browser, fichier: Path) -> list[str]:
    """What the page's own policy refuses: with a wrong hash the style itself disappears."""
    with open_page(navigateur, fichier, MODES["clair"]) as (page, _, refus):
        if not page.query_selector("meta[http-equiv='Content-Security-Policy' i]"):
            refus.append("pas de Content-Security-Policy")
        return refus


def _measure_mode(page: Page, axe: str, nom: str) -> tuple[Fautes, set[str]]:
    """The faults seen in one mode, and the lines that the reader sees there."""
    lu: dict[str, Any] = page.evaluate((OUTILS / "portes.js").read_text(encoding="utf-8"))
    fautes: Fautes = lu["fautes"]
    if nom != "320 px":
        del fautes["largeur"]
    lignes = {*lu["lignes"], *(texte for svg in lu["svg"] for texte in read_svg(svg))}
    return fautes | {"axe": measure_axe(page, axe, nom)}, lignes


def measure_navigateur(navigateur: Browser, fichier: Path, axe: str) -> Fautes:
    """The faults of the page in the four modes, for the gates that need a browser.

    The four pages are opened without their policy, otherwise it would hide what they ask for.
    """
    fautes: Fautes = {porte: [] for porte in FAMILLES["navigateur"]}
    vu: set[str] = set()
    for nom, mode in MODES.items():
        with open_page(navigateur, fichier, mode, sans_csp=True) as (page, requetes, _):
            trouvees, lignes = _measure_mode(page, axe, nom)
            vu |= lignes
            for porte, liste in (trouvees | {"requetes": requetes + trouvees["requetes"]}).items():
                fautes[porte] += [faute for faute in liste if faute not in fautes[porte]]
    fautes["csp"] = _measure_csp(navigateur, fichier)
    fautes["anglais"] = _matching(MOTS_ANGLAIS, sorted(vu))
    fautes["brut"] = _matching(BRUT, sorted(vu))
    return fautes


def _run_json(commande: list[str], fichiers: Iterable[Path]) -> Any:
    chemins = [str(fichier.resolve()) for fichier in fichiers]
    # A file and not a pipe: html-validate leaves before a pipe has taken its whole answer.
    with tempfile.TemporaryFile() as sortie:
        fini = subprocess.run(
            [*commande, *chemins], stdout=sortie, stderr=subprocess.PIPE, timeout=120
        )
        sortie.seek(0)
        reponse = sortie.read()
    if not reponse.strip():
        raise RuntimeError(f"{commande[0]} n'a rien répondu : {fini.stderr.decode()[-2000:]}")
    return json.loads(reponse)


def measure_nu(fichiers: list[Path]) -> dict[Path, Fautes]:
    """The errors of the Nu checker, all the files in one start of Java."""
    fautes = {fichier.resolve(): list[str]() for fichier in fichiers}
    for message in _run_json(find_nu(), fichiers)["messages"]:
        if message["type"] == "info":  # warnings and advice
            continue
        ou = Path(unquote(message["url"].removeprefix("file:")))
        fautes[ou].append(f"ligne {message.get('lastLine')} : {message['message']}")
    return {fichier: {"nu": fautes[fichier.resolve()]} for fichier in fichiers}


def measure_html_validate(fichiers: list[Path]) -> dict[Path, Fautes]:
    """The errors of html-validate, all the files in one start of Node."""
    fautes = {fichier.resolve(): list[str]() for fichier in fichiers}
    for resultat in _run_json(find_html_validate(), fichiers):
        fautes[Path(resultat["filePath"])] += [
            f"ligne {message['line']} : {message['ruleId']} : {message['message']}"
            for message in resultat["messages"]
            if message["severity"] == 2
        ]
    return {fichier: {"html_validate": fautes[fichier.resolve()]} for fichier in fichiers}


def measure_poids(fichier: Path) -> Fautes:
    """Whether the file is too heavy for a mailbox, as it is and compressed."""
    octets = fichier.read_bytes()
    poids = {"taille": (len(octets), TAILLE_MAX), "gzip": (len(gzip.compress(octets)), GZIP_MAX)}
    return {
        porte: [f"{poids_lu} octets, {limite} au plus"] if poids_lu >= limite else []
        for porte, (poids_lu, limite) in poids.items()
    }
