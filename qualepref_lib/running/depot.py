"""Nothing is lost: outputs are built aside and put in place in one step, under a lock.

The old report stays until the new one is whole. On Linux the two folders trade places in one
system call, so a run killed at any moment leaves one or the other, never a mixture.
"""

from __future__ import annotations

import ctypes
import datetime as dt
import json
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from qualepref_lib.core.refus import Probleme, Refus

RAPPORT = "rapport_audit.html"
PRODUITS = frozenset({RAPPORT, "chiffres.json", "provenance.json", "notebooks"})
_RENAME_EXCHANGE = 2
_AT_FDCWD = -100


@contextmanager
def chantier(sortie: Path) -> Iterator[Path]:
    """A hidden folder beside ``sortie`` to build in; it becomes ``sortie`` when the block ends.

    If the block raises, or is interrupted, ``sortie`` is left as it was. What a killed run may
    have left behind is removed first: the lock says that nobody is using it.
    """
    sortie = sortie.absolute()
    _verifier_sortie(sortie)
    sortie.parent.mkdir(parents=True, exist_ok=True)
    with verrou(sortie):
        for reste in sortie.parent.glob(f".{sortie.name}.chantier*"):
            shutil.rmtree(reste, ignore_errors=True)
        provisoire = sortie.with_name(f".{sortie.name}.chantier-{os.getpid()}")
        provisoire.mkdir()
        try:
            yield provisoire
            _garder_les_ajouts(sortie, provisoire)
            _vider_les_tampons(provisoire)
            publier(provisoire, sortie)
        finally:
            shutil.rmtree(provisoire, ignore_errors=True)


@contextmanager
def verrou(sortie: Path) -> Iterator[None]:
    """One run at a time for each output. The system frees the lock of a process that is gone."""
    fichier = sortie.with_name(f".{sortie.name}.verrou")
    cle = FileLock(fichier)
    try:
        cle.acquire(timeout=0)
    except Timeout:
        raise Refus(
            Probleme(
                sortie.name,
                "une autre exécution est en cours pour cette sortie.",
                remede="attendre qu’elle finisse.",
            )
        ) from None
    try:
        yield
    finally:
        cle.release()


def publier(provisoire: Path, sortie: Path) -> None:
    """Put the finished folder in the place of ``sortie``."""
    if not sortie.exists():
        provisoire.rename(sortie)
    elif not _echanger(provisoire, sortie):
        # No exchange on this system: file by file, each whole, the report last.
        for produit in sorted(provisoire.iterdir(), key=lambda p: p.name == RAPPORT):
            cible = sortie / produit.name
            if cible.is_dir():
                shutil.rmtree(cible)
            produit.replace(cible)


def append_journal(dossier: Path, **entree: Any) -> None:
    """Add one JSON line to ``journal.jsonl``: when, what, how long, how it ended."""
    dossier.mkdir(parents=True, exist_ok=True)
    quand = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    ligne = json.dumps({"quand": quand, **entree}, ensure_ascii=False)
    with (dossier / "journal.jsonl").open("a", encoding="utf-8") as journal:
        journal.write(ligne + "\n")


def _verifier_sortie(sortie: Path) -> None:
    """Never take the place of a folder that is not a report of ours."""
    if sortie.is_file():
        raise Refus(Probleme(str(sortie), "la sortie est un fichier, un dossier est attendu."))
    if sortie.is_dir() and any(sortie.iterdir()) and not (sortie / RAPPORT).exists():
        raise Refus(
            Probleme(
                sortie.name,
                "le dossier de sortie existe et ne contient pas de rapport.",
                remede="choisir un dossier vide ou à créer.",
            )
        )


def _garder_les_ajouts(sortie: Path, provisoire: Path) -> None:
    """What a person put beside the report stays beside the new one."""
    if not sortie.is_dir():
        return
    for ajout in sortie.iterdir():
        if ajout.name not in PRODUITS and not (provisoire / ajout.name).exists():
            if ajout.is_dir():
                shutil.copytree(ajout, provisoire / ajout.name)
            else:
                shutil.copy2(ajout, provisoire / ajout.name)


def _vider_les_tampons(dossier: Path) -> None:
    for chemin in dossier.rglob("*"):
        if chemin.is_file():
            with chemin.open("rb+") as fichier:
                os.fsync(fichier.fileno())


def _echanger(provisoire: Path, sortie: Path) -> bool:
    """Trade the two folders in one system call; False where the system cannot."""
    if not sys.platform.startswith("linux"):
        return False
    renameat2 = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if renameat2 is None:
        return False
    avant, apres = os.fsencode(provisoire), os.fsencode(sortie)
    return bool(renameat2(_AT_FDCWD, avant, _AT_FDCWD, apres, _RENAME_EXCHANGE) == 0)
