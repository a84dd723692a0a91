"""JupyterLab, ready: this environment's kernel, the project as its root, the chapters open."""

from __future__ import annotations

import importlib.util
import sys

from qualepref_lib.core.refus import Probleme, Refus
from qualepref_lib.running.carnets import find_racine


def commande_labo(port: int | None, sans_navigateur: bool) -> list[str]:
    """The command that starts JupyterLab; raises :class:`Refus` when it is not installed."""
    if importlib.util.find_spec("jupyterlab") is None:
        raise Refus(
            Probleme(
                "JupyterLab",
                "n’est pas installé dans cet environnement.",
                remede='pip install "qualepref[labo]", ou « make labo ».',
            )
        )
    racine = find_racine()
    commande = [sys.executable, "-m", "jupyterlab", f"--ServerApp.root_dir={racine}"]
    commande += [f"--ServerApp.port={port}"] if port else []
    commande += ["--no-browser"] if sans_navigateur else []
    return [*commande, "--LabApp.default_url=/lab/tree/notebooks/00_synthese.ipynb"]
