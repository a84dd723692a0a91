"""Each chapter through stock papermill and a stock kernel, and its parameters."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import nbformat
import papermill
import pytest

from qualepref_lib.atelier.parametres import check_historique, check_parametres, read_parametres
from qualepref_lib.display.blocs import lire_bloc
from qualepref_lib.rapport.chapitre import build_chapitre

RACINE = Path(__file__).parents[1]
CARNETS = sorted((RACINE / "notebooks").glob("*.ipynb"))


@pytest.mark.parametrize("carnet", CARNETS, ids=lambda c: c.stem)
def test_chapter_runs_under_stock_papermill(carnet: Path, tmp_path: Path) -> None:
    """A chapter runs with papermill's own engine, and the report can show all it displays."""
    sortie = tmp_path / carnet.name
    papermill.execute_notebook(
        str(carnet),
        str(sortie),
        parameters={"campagne": "moselle_2022"},
        cwd=str(RACINE),
        progress_bar=False,
    )
    chapitre = build_chapitre(nbformat.read(sortie, as_version=4), carnet.stem, strict=True)
    assert chapitre.titre and not chapitre.remarques


def test_stock_commands_make_a_page(tmp_path: Path) -> None:
    """`papermill` then `jupyter nbconvert --to qualepref`, as typed by a user, give the chapter."""
    sortie = tmp_path / "sortie.ipynb"
    for commande in (
        ["papermill", "notebooks/03a_autodiagnostic.ipynb", str(sortie), "-p", "campagne",
         "moselle_2022"],
        ["nbconvert", "--to", "qualepref", str(sortie)],
        ["nbconvert", "--to", "html", "--template", "qualepref", "--output", "stock", str(sortie)],
    ):  # fmt: skip
        fait = subprocess.run(
            [sys.executable, "-m", *commande], cwd=RACINE, capture_output=True, text=True
        )
        assert fait.returncode == 0, fait.stderr
    for page in ("sortie.html", "stock.html"):
        texte = (tmp_path / page).read_text(encoding="utf-8")
        assert "Courriers et courriels" in texte and "<script" not in texte


@pytest.mark.parametrize(
    ("parametres", "fragments"),
    [
        ({"campgne": "moselle_2022"}, ["« campgne »", "Vouliez-vous dire « campagne »"]),
        ({"campagne": 2022}, ["« campagne »", "un texte est attendu"]),
        ({"campagne": "moselle_2202"}, ["« moselle_2202 »", "« moselle_2022 »"]),
        ({"date_reference": "31/02/2022"}, ["31/02/2022", "n'existe pas"]),
    ],
)
def test_stock_papermill_refuses_bad_parameters(
    parametres: dict, fragments: list[str], tmp_path: Path
) -> None:
    """An unknown, mistyped or impossible parameter stops a stock run with a French sentence."""
    with pytest.raises(papermill.exceptions.PapermillExecutionError) as arret:
        papermill.execute_notebook(
            str(RACINE / "notebooks" / "07_lexique.ipynb"),
            str(tmp_path / "sortie.ipynb"),
            parameters=parametres,
            cwd=str(RACINE),
            progress_bar=False,
        )
    assert arret.value.ename == "Refus"
    message = arret.value.evalue.replace("’", "'")
    for fragment in fragments:
        assert fragment.replace("’", "'") in message
    rendu = "".join(arret.value.traceback)
    assert "load_chapitre" not in rendu and "Traceback" not in rendu


def test_a_cell_shows_in_jupyterlab_and_travels_to_the_report(tmp_path: Path) -> None:
    """The HTML that JupyterLab shows and the block that the report draws say the same thing."""
    sortie = tmp_path / "sortie.ipynb"
    papermill.execute_notebook(
        str(RACINE / "notebooks" / "09_plan_actions.ipynb"), str(sortie), cwd=str(RACINE),
        progress_bar=False,
    )  # fmt: skip
    vus = 0
    for cellule in json.loads(sortie.read_text(encoding="utf-8"))["cells"]:
        for resultat in cellule.get("outputs", []):
            donnees = resultat["data"]
            bloc = lire_bloc(donnees)
            titre = getattr(bloc, "titre", "")
            assert titre in "".join(donnees["text/html"])
            vus += bool(titre)
    assert vus >= 4


def test_parameters_are_read_with_their_types() -> None:
    """A parameters cell gives names, types and defaults; other statements are ignored."""
    source = 'import os\ncampagne: str = "x"  # nom\nniveau: float = 0.0\nlibre = 3'
    lus = read_parametres(source)
    assert list(lus) == ["campagne", "niveau", "libre"]
    assert lus["niveau"].admet(1) and not lus["niveau"].admet("1")
    assert not lus["niveau"].admet(True)
    assert check_parametres({"campagne": "y", "libre": None}, lus, "ici") == []


def test_history_without_injection_is_fine() -> None:
    """In JupyterLab nothing is injected, so whatever was typed before is nobody's fault."""
    assert check_historique(["", "x = 1", 'campagne: str = "a"']) == []
    declaree = 'campagne: str = "a"  # nom'
    assert check_historique(["", declaree, "brouillon = 3", "charger()"]) == []
    assert check_historique(["", declaree, "campagne = f(2)", "charger()"]) == []
    assert check_historique(["", declaree, "import os", "charger()"]) == []


@pytest.mark.parametrize(
    ("injectee", "mots"), [('campgne = "b"', "campagne"), ("campagne = 3", "un texte")]
)
def test_a_parameter_that_jupyter_scheduler_gives_is_checked(injectee: str, mots: str) -> None:
    """Its cell bears no mark, but its place tells what it is: a slip is refused there too."""
    declaree = 'campagne: str = "a"  # nom'
    (probleme,) = check_historique(["", declaree, injectee, "charger()"])
    assert mots in str(probleme)
    assert check_historique(["", declaree, 'campagne = "b"', "charger()"]) == []
