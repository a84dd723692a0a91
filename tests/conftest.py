"""What several tests need: a project on its own, and the demonstration report made once."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import settings

RACINE = Path(__file__).parents[1]

# A rule is true whatever the speed of the machine that checks it: no example has a deadline.
settings.register_profile("qualepref", deadline=None)
settings.load_profile("qualepref")


class Projet:
    """A copy of what a user may change (data, notebooks), and the command line run in it."""

    def __init__(self, racine: Path) -> None:
        self.racine = racine
        self.data = racine / "data"
        self.campagne = racine / "data" / "campagnes" / "moselle_2022"
        self.sortie = racine / "reports" / "moselle_2022"

    @property
    def environnement(self) -> dict[str, str]:
        """The environment of a command: this project's root, whatever the caller's."""
        return os.environ | {"QUALEPREF_RACINE": str(self.racine), "PYTHONUTF8": "1"}

    def commande(self, *arguments: str) -> list[str]:
        """The command line as a process sees it."""
        return [sys.executable, "-m", "qualepref_lib", *arguments]

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a command to its end and answer with its code and what it printed."""
        return subprocess.run(
            self.commande(*arguments),
            cwd=self.racine,
            env=self.environnement,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )


@pytest.fixture
def projet(tmp_path: Path) -> Projet:
    """A copy of the project that the test may break."""
    for nom in ("data", "notebooks"):
        shutil.copytree(RACINE / nom, tmp_path / nom)
    return Projet(tmp_path)


@pytest.fixture(scope="session")
def rapport_frais(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demonstration report, made now, away from the committed one."""
    sortie = tmp_path_factory.mktemp("frais") / "moselle_2022"
    commande = [sys.executable, "-m", "qualepref_lib", "rapport", "moselle_2022"]
    fait = subprocess.run(
        [*commande, "--sortie", str(sortie)],
        cwd=RACINE,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert fait.returncode == 0, fait.stderr
    return sortie


def porteurs(marque: str) -> list[str]:
    """The processes that carry ``MARQUE_DU_TEST=marque`` in their environment."""
    trouves = []
    for dossier in Path("/proc").glob("[0-9]*"):
        try:
            if f"MARQUE_DU_TEST={marque}".encode() in (dossier / "environ").read_bytes():
                trouves.append(dossier.name)
        except OSError:
            continue
    return trouves
