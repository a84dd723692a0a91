"""The house: imports go one way, modules are small, notebooks are thin."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

RACINE = Path(__file__).parents[1]
CARNETS = sorted((RACINE / "notebooks").glob("*.ipynb"))
MODULES = sorted((RACINE / "qualepref_lib").rglob("*.py"))


def cellules(carnet: Path, genre: str) -> list[dict]:
    """The cells of one kind in a notebook."""
    contenu = json.loads(carnet.read_text(encoding="utf-8"))
    return [c for c in contenu["cells"] if c["cell_type"] == genre]


def test_import_contracts() -> None:
    """Each layer imports only the layers below it, and the analyses do not know each other."""
    commande = Path(sys.executable).with_name("lint-imports")
    fait = subprocess.run([str(commande)], cwd=RACINE, capture_output=True, text=True, check=False)
    assert fait.returncode == 0, fait.stdout


@pytest.mark.parametrize("module", MODULES, ids=lambda m: str(m.relative_to(RACINE)))
def test_modules_are_small_and_told(module: Path) -> None:
    """A module opens with a docstring, stays under 350 lines, and its functions under 50."""
    arbre = ast.parse(module.read_text(encoding="utf-8"))
    assert ast.get_docstring(arbre)
    assert len(module.read_text(encoding="utf-8").splitlines()) <= 350
    fonctions = [n for n in ast.walk(arbre) if isinstance(n, ast.FunctionDef)]
    longues = [f.name for f in fonctions if f.end_lineno - f.lineno > 50]
    assert not longues
    publiques = [n for n in arbre.body if isinstance(n, ast.FunctionDef | ast.ClassDef)]
    assert not [
        n.name for n in publiques if not n.name.startswith("_") and not ast.get_docstring(n)
    ]


@pytest.mark.parametrize("carnet", CARNETS, ids=lambda c: c.stem)
def test_notebook_is_thin(carnet: Path) -> None:
    """A chapter holds calls only: no definition, no loop, no pandas, no path; few short cells."""
    codes = ["".join(c["source"]) for c in cellules(carnet, "code")]
    assert 3 <= len(codes) <= 15
    assert sum(len(code.splitlines()) for code in codes) <= 60
    interdits = (
        ast.FunctionDef,
        ast.ClassDef,
        ast.For,
        ast.While,
        ast.Lambda,
        ast.If,
        ast.ListComp,
    )
    for code in codes:
        noeuds = list(ast.walk(ast.parse(code)))
        assert not [n for n in noeuds if isinstance(n, interdits)]
        assert "pandas" not in code and "/" not in code.replace("data/campagnes", "")


@pytest.mark.parametrize("carnet", CARNETS, ids=lambda c: c.stem)
def test_notebook_is_stored_clean(carnet: Path) -> None:
    """A chapter is stored without outputs, its cells named by words, its parameters tagged."""
    contenu = json.loads(carnet.read_text(encoding="utf-8"))
    for cellule in contenu["cells"]:
        assert re.fullmatch(r"[a-z_]+", cellule["id"])
        assert not cellule.get("outputs") and not cellule.get("execution_count")
    codes = cellules(carnet, "code")
    assert [c["id"] for c in codes[:2]] == ["parametres", "chargement"]
    assert codes[0]["metadata"]["tags"] == ["parameters"]
    for ligne in codes[0]["source"]:
        assert re.match(r"\w+: \w+ = .+  # .+", ligne)


@pytest.mark.parametrize("carnet", CARNETS, ids=lambda c: c.stem)
def test_prose_is_true_of_every_site(carnet: Path) -> None:
    """The prose of a chapter holds no number, and each heading below the title is a question."""
    for cellule in cellules(carnet, "markdown"):
        texte = "".join(cellule["source"])
        assert not re.search(r"\d", texte)
        for titre in re.findall(r"^##+ (.+)$", texte, flags=re.MULTILINE):
            assert titre.endswith("?")


def test_first_cell_asks_the_question() -> None:
    """A chapter begins with its title and the question that it answers."""
    for carnet in CARNETS:
        premiere = "".join(cellules(carnet, "markdown")[0]["source"])
        assert re.fullmatch(r"# .+\n\n\*.+\?\*", premiere), carnet.stem


def test_a_shared_option_is_declared_once() -> None:
    """An option of several commands has one declaration: the same words, read the same way."""
    # One service that keeps a register, and all those that a wave visits: not the same thing.
    autres = {"--service"}
    lieux: dict[str, set[str]] = {}
    for module in MODULES:
        for appel in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            if isinstance(appel, ast.Call) and ast.unparse(appel.func) == "click.option":
                for mot in appel.args:
                    if isinstance(mot, ast.Constant) and str(mot.value).startswith("--"):
                        lieux.setdefault(mot.value, set()).add(module.stem + module.parent.stem)
    assert {nom for nom, siens in lieux.items() if len(siens) > 1} - autres == set()
    assert len(lieux) > 30


def test_help_is_instant() -> None:
    """The command line does not import pandas, matplotlib or papermill to print its help."""
    programme = (
        "import sys; from qualepref_lib import __main__; "
        "print([m for m in ('pandas', 'matplotlib', 'papermill', 'scipy') if m in sys.modules])"
    )
    fait = subprocess.run([sys.executable, "-c", programme], capture_output=True, text=True)
    assert fait.stdout.strip() == "[]", fait.stderr
