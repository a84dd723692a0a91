"""``reports/journal.jsonl``: one JSON line a run, whatever its end.

Lines are only ever added, each in one piece, by one process at a time. A line that a full disk or
a hand has broken is skipped by whoever reads, and never runs into the next one.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from filelock import FileLock

from qualepref_lib.core.refus import Refus
from qualepref_lib.running.depot import Occupe

JOURNAL = "journal.jsonl"
FAIT, INCHANGE, REFUSE, ECHEC, INTERROMPU = "fait", "inchangé", "refusé", "échec", "interrompu"
OCCUPE = "occupé"
"""How a run ends."""
ATTENTE_S = 30
"""How long a line waits for the others'; each takes a few milliseconds."""


def append_journal(dossier: Path, **entree: Any) -> None:
    """Add one JSON line to ``journal.jsonl``: when, what, how long, how it ended.

    On a full disk nothing is added, and the error is told.
    """
    dossier.mkdir(parents=True, exist_ok=True)
    quand = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    ligne = json.dumps({"quand": quand, **entree}, ensure_ascii=False, default=str)
    with FileLock(dossier / f".{JOURNAL}.verrou", timeout=ATTENTE_S):
        _ajouter(dossier / JOURNAL, (ligne + "\n").encode())


def load_journal(dossier: Path) -> list[dict[str, Any]]:
    """Every readable line, the oldest first; none when there is no journal."""
    try:
        lignes = (dossier / JOURNAL).read_bytes().split(b"\n")
    except FileNotFoundError:
        return []
    return [entree for ligne in lignes if (entree := _lire(ligne)) is not None]


@contextmanager
def consigner(dossier: Path, **entree: Any) -> Iterator[None]:
    """Write in the journal how what happens inside ended, whatever the end."""
    debut = time.monotonic()
    resultat, cause = FAIT, ""
    try:
        yield
    except BaseException as erreur:
        resultat, cause = resultat_de(erreur), str(erreur) or type(erreur).__name__
        raise
    finally:
        duree = round(time.monotonic() - debut, 1)
        append_journal(dossier, **entree, duree_s=duree, resultat=resultat, cause=cause)


def resultat_de(erreur: BaseException) -> str:
    """How a run that raised ended."""
    if isinstance(erreur, Occupe):
        return OCCUPE
    if isinstance(erreur, Refus):
        return REFUSE
    # SIGTERM arrives as a SystemExit.
    return INTERROMPU if isinstance(erreur, SystemExit | KeyboardInterrupt) else ECHEC


def _lire(ligne: bytes) -> dict[str, Any] | None:
    try:
        entree = json.loads(ligne)
    except ValueError:
        return None
    return entree if isinstance(entree, dict) else None


def _ajouter(chemin: Path, octets: bytes) -> None:
    """Add ``octets`` at the end, all or nothing; after a broken line, on a line of their own."""
    descripteur = os.open(chemin, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o644)
    try:
        fin = os.lseek(descripteur, 0, os.SEEK_END)
        if fin and _dernier(descripteur, fin) != b"\n":
            octets = b"\n" + octets
        os.lseek(descripteur, fin, os.SEEK_SET)
        try:
            reste = octets
            while reste:
                reste = reste[os.write(descripteur, reste) :]
            os.fsync(descripteur)
        except OSError:
            os.ftruncate(descripteur, fin)
            raise
    finally:
        os.close(descripteur)


def _dernier(descripteur: int, fin: int) -> bytes:
    os.lseek(descripteur, fin - 1, os.SEEK_SET)
    return os.read(descripteur, 1)
