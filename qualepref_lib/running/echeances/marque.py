"""What says that a due run was made: a mark put in place with its report, in the same step.

A journal line written after the report could be lost between the two, and a run made twice; one
written before could tell of a report that is not there. The mark travels in the folder that takes
the place of the old one. Another file, there only while a run goes on, tells the next call that a
run was stopped without a word.
"""

from __future__ import annotations

import datetime as dt
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qualepref_lib.running.depot import MARQUE


@dataclass(frozen=True)
class Essai:
    """One attempt at the due runs of a campaign: on which day, which runs, the how manieth."""

    jour: dt.date
    passages: tuple[str, ...]
    rattrapes: tuple[str, ...] = ()
    numero: int = 1

    @property
    def entree(self) -> dict[str, Any]:
        """What the journal says of it."""
        return {
            "jour": self.jour.isoformat(),
            "passages": list(self.passages),
            "rattrapes": list(self.rattrapes),
            "essai": self.numero,
        }


def load_essai(entree: Mapping[str, Any]) -> Essai | None:
    """The attempt that a line of the journal tells of; None when it tells of something else."""
    try:
        jour = dt.date.fromisoformat(entree["jour"])
        numero = int(entree["essai"])
        passages, rattrapes = (_textes(entree[nom]) for nom in ("passages", "rattrapes"))
    except (KeyError, TypeError, ValueError):
        return None
    return Essai(jour, passages, rattrapes, numero)


def _textes(valeurs: Any) -> tuple[str, ...]:
    if not isinstance(valeurs, list) or not all(isinstance(v, str) for v in valeurs):
        raise TypeError
    return tuple(valeurs)


def load_marque(sortie: Path) -> dict[str, dt.date]:
    """The due runs that the report in ``sortie`` and those before it were made for, and when."""
    try:
        lue = json.loads((sortie / MARQUE).read_text(encoding="utf-8"))
        return {str(code): dt.date.fromisoformat(jour) for code, jour in lue.items()}
    except (OSError, ValueError, AttributeError, TypeError):
        return {}


def write_marque(provisoire: Path, sortie: Path, essai: Essai) -> None:
    """Put the mark in the report under construction, with what the old one was made for."""
    faits = load_marque(sortie) | dict.fromkeys(essai.passages, essai.jour)
    texte = json.dumps({code: faits[code].isoformat() for code in sorted(faits)}, indent=1)
    (provisoire / MARQUE).write_text(texte + "\n", encoding="utf-8")


def begin_essai(sortie: Path, essai: Essai) -> None:
    """Say that a run is going on, before it begins. Only whoever holds the lock may say it."""
    # The same name each time: what a killed run leaves, the next one takes.
    provisoire = _en_cours(sortie).with_suffix(".tmp")
    with provisoire.open("wb") as fichier:
        fichier.write(json.dumps(essai.entree).encode())
        fichier.flush()
        os.fsync(fichier.fileno())
    provisoire.replace(_en_cours(sortie))


def end_essai(sortie: Path) -> None:
    """The run has ended, one way or the other, and has told how."""
    for reste in (_en_cours(sortie), _en_cours(sortie).with_suffix(".tmp")):
        reste.unlink(missing_ok=True)


def find_interrompu(sortie: Path) -> Essai | None:
    """The run that was stopped without a word; ask under the lock, when none can be going on."""
    try:
        entree = json.loads(_en_cours(sortie).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return load_essai(entree) if isinstance(entree, dict) else None


def _en_cours(sortie: Path) -> Path:
    return sortie.with_name(f".{sortie.name}.passage")
