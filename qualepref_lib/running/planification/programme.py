"""What a scheduler has to start: this very program, in the folder of the project, at a time."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from qualepref_lib.core.refus import Probleme, Refus

APPEL = ("echeances", "--executer")
HEURE = re.compile(r"([01]?[0-9]|2[0-3])[:hH]([0-5][0-9])")


class Echoue(Exception):
    """A tool of the system did not do what it was asked; says what remains to be done."""


@dataclass(frozen=True)
class Programme:
    """The command with absolute paths, its folder, the hour of the day."""

    commande: tuple[str, ...]
    dossier: str
    heure: int
    minute: int

    @property
    def nom(self) -> str:
        """What names it among the user's tasks: two projects have two names."""
        condense = hashlib.sha256(self.dossier.encode("utf-8", "surrogateescape")).hexdigest()
        return f"qualepref-{condense[:8]}"


def find_programme(dossier: Path, heure: str) -> Programme:
    """This environment's program, in ``dossier``; raises ``ValueError`` for a wrong hour."""
    lue = HEURE.fullmatch(heure.strip())
    if lue is None:
        raise ValueError(f"« {heure[:20]} » n’est pas une heure : 06:30.")
    # Never resolved: in a virtual environment the link itself is what gives the packages.
    python = Path(os.path.abspath(sys.executable))  # noqa: PTH100
    script = python.with_name("qualepref.exe" if os.name == "nt" else "qualepref")
    debut = [str(script)] if script.exists() else [str(python), "-m", "qualepref_lib"]
    return Programme((*debut, *APPEL), str(dossier.absolute()), int(lue[1]), int(lue[2]))


def check_chemins(programme: Programme, interdits: str, outil: str) -> None:
    """Raise the :class:`Refus` of a path that a scheduler cannot be given without being misread."""
    for chemin in (programme.dossier, *programme.commande):
        fautifs = [c for c in chemin if c in interdits or unicodedata.category(c) in ("Cc", "Cs")]
        if fautifs or chemin != chemin.strip():
            montre = "un signe invisible" if not fautifs or fautifs[0] < " " else fautifs[0]
            raise Refus(
                Probleme(
                    "dossier du projet",
                    f"{outil} ne peut pas lire un chemin qui contient « {montre} ».",
                    remede="renommer le dossier, ou y mettre le projet par un lien.",
                )
            )


def run_outil(
    commande: Sequence[str], entree: bytes | None = None, environ: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[bytes]:
    """Run a tool of the system, in English so that its answer can be told apart."""
    try:
        return subprocess.run(
            commande, input=entree, capture_output=True, timeout=60, check=False,
            env=os.environ | {"LC_ALL": "C", "LANGUAGE": "C"} | dict(environ or {}),
        )  # fmt: skip
    except FileNotFoundError:
        raise Echoue(f"« {commande[0]} » n’est pas installé sur cette machine.") from None
    except subprocess.TimeoutExpired:
        raise Echoue(f"« {commande[0]} » n’a pas répondu.") from None
