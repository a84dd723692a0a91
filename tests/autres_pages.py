"""The pages that are not the report: each is made as a user makes it, graded like the report."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from click.testing import CliRunner

from qualepref_lib.__main__ import cli

RACINE = Path(__file__).parents[1]


def run(*arguments: str | Path) -> None:
    """One command, which must succeed."""
    fait = CliRunner().invoke(cli, [str(a) for a in arguments], catch_exceptions=False)
    assert fait.exit_code == 0, fait.output


def write_comparaison(dossier: Path) -> Path:
    """The comparison of six invented sites."""
    run("reseau", "generer", 6, "--sortie", dossier / "sites")
    for site in sorted((dossier / "sites" / "campagnes").iterdir()):
        run("reseau", "exporter", site, "--sortie", dossier / f"agregat_{site.name}.json")
    run("reseau", "comparer", dossier, "--sortie", dossier / "comparaison.html")
    return dossier / "comparaison.html"


def write_retards(dossier: Path) -> Path:
    """The list of the letters to answer, on a day when some are late."""
    shutil.copytree(RACINE / "data" / "referentiel", dossier / "referentiel")
    campagne = dossier / "campagnes" / "moselle_2022"
    shutil.copytree(RACINE / "data" / "campagnes" / "moselle_2022", campagne)
    page = dossier / "retards.html"
    run("registre", "retards", campagne, "--date", "2022-04-01", "--page", page)
    return page


def write_index(dossier: Path) -> Path:
    """The index of a batch of two sites, one of which is refused."""
    run("reseau", "generer", 2, "--sortie", dossier / "sites")
    bon, refuse = sorted((dossier / "sites" / "campagnes").iterdir())
    (refuse / "campagne.yaml").write_text("code: [", encoding="utf-8")
    fait = CliRunner().invoke(cli, ["lot", str(bon), str(refuse), "--sortie", str(dossier / "lot")])
    page = dossier / "lot" / "index.html"
    assert page.exists(), fait.output
    return page


AUTRES: dict[str, Callable[[Path], Path]] = {
    "comparaison": write_comparaison,
    "index": write_index,
    "retards": write_retards,
}
"""Every other page, by name."""
