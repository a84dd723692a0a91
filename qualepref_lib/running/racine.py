"""Where the notebooks are: the folder of the project in which a command works."""

from __future__ import annotations

import re
from pathlib import Path

from qualepref_lib.campagne.dossiers import racines
from qualepref_lib.core.refus import Probleme, Refus

PUBLIE = re.compile(r"\d\d[a-z]?_\w+")
"""Only names that start with two digits are published; the rest are drafts."""


def find_racine() -> Path:
    """The folder that holds ``notebooks/``; raises :class:`Refus` when there is none."""
    for racine in racines():
        if list_chemins(racine):
            return racine
    raise Refus(Probleme("notebooks", "aucun chapitre trouvé.", remede="se placer dans le projet."))


def list_chemins(racine: Path) -> list[Path]:
    """The chapters of ``racine``, in the order of the report."""
    dossier = racine / "notebooks"
    return sorted(c for c in dossier.glob("*.ipynb") if PUBLIE.fullmatch(c.stem))
