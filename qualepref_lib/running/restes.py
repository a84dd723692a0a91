"""What runs that were killed without warning have left: found, told apart from a neighbour's.

An output is built in ``.<name>.chantier-<machine>-<start>-<pid>``, under the lock of ``<name>``. It
is a leftover when the lock is free and its process is gone: both, since some shared disks have no
locks, and a process number is given again.
"""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from qualepref_lib.core.francais import pluriel
from qualepref_lib.core.refus import Refus
from qualepref_lib.running.depot import verrou
from qualepref_lib.running.prive import sweep_prives
from qualepref_lib.running.vivants import est_vivant, machine

NOM = re.compile(r"\.(.+)\.chantier-(?:([0-9a-f]{16})-(\d*)-)?(\d+)")
AGE_S = 86400.0
"""What another machine was building is left alone that long: its processes cannot be seen."""


@dataclass(frozen=True)
class _Reste:
    """A folder or a file being built: for which output, by which process of which machine."""

    chemin: Path
    sortie: str
    machine: str
    debut: str
    pid: int

    @property
    def est_mort(self) -> bool:
        """Whether nobody can still be building it, the lock apart."""
        if self.machine in ("", machine()):
            return not est_vivant(self.pid, self.debut)
        return time.time() - self.chemin.lstat().st_mtime > AGE_S


def sweep_restes(dossier: Path) -> list[Path]:
    """Remove from the folder of the outputs what dead runs were building there; what was removed.

    What a run is building now, here or elsewhere, is left alone. A disk that refuses is no error.
    """
    retires = []
    for reste in _list_restes(dossier):
        with suppress(Refus, OSError):
            if reste.est_mort:
                _retirer(reste, dossier)
                retires.append(reste.chemin)
    return retires


def sweep_tout(dossier: Path) -> int:
    """The same, with the private folders that dead runs left on this machine; how many."""
    return len(sweep_restes(dossier)) + sweep_prives()


def dire_restes(retires: int) -> str:
    """What is said of it; empty when there was nothing.

    >>> dire_restes(2)
    'Retiré : 2 restes d’exécutions interrompues.'
    """
    return f"Retiré : {pluriel(retires, 'reste')} d’exécutions interrompues." if retires else ""


def _list_restes(dossier: Path) -> Iterator[_Reste]:
    if not dossier.is_dir():
        return
    for chemin in sorted(dossier.glob(".*.chantier-*")):
        if nom := NOM.fullmatch(chemin.name):
            yield _Reste(chemin, nom[1], nom[2] or "", nom[3] or "", int(nom[4]))


def _retirer(reste: _Reste, dossier: Path) -> None:
    """A folder under the lock of its output; a file has none, and a link is never followed."""
    if reste.chemin.is_symlink() or not reste.chemin.is_dir():
        reste.chemin.unlink()
        return
    with verrou(dossier / reste.sortie):
        shutil.rmtree(reste.chemin)
