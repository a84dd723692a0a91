"""Forked children that report through a pipe: watched, named when they die, never orphans.

A child is handed work to do and a function to say things with, one JSON line each. It has its own
process group, so that what it launches is stopped with it; the system kills it when its parent
dies. No thread, no port: pipes only.
"""

from __future__ import annotations

import json
import os
import selectors
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Message = dict[str, Any]
Dire = Callable[..., None]

SURSIS_S = 5.0
"""How long a child that was interrupted has to end by itself."""
BATTEMENT_S = 0.5
_PR_SET_PDEATHSIG = 1


@dataclass(frozen=True)
class Travail:
    """What one child has to do.

    After ``delai_s`` seconds it is interrupted, then killed. ``memoire_mo`` (MiB) is what it may
    take beyond what its parent already holds; zero, no limit.
    """

    nom: str
    vivre: Callable[[Dire], None]
    delai_s: float
    memoire_mo: int = 0


@dataclass(frozen=True)
class Fin:
    """How a child ended: the status that the system gives, and whether its time was over."""

    etat: int
    trop_long: bool

    @property
    def cause(self) -> str:
        """What stopped it, in the words of the system."""
        if os.WIFSIGNALED(self.etat):
            return f"signal {os.WTERMSIG(self.etat)}"
        return f"code {os.WEXITSTATUS(self.etat)}"


@dataclass
class _Enfant:
    """A running child, as its parent sees it."""

    nom: str
    pid: int
    tube: int
    limite: float
    interrompu: bool = False
    reste: bytes = b""


class Fratrie:
    """The children that run side by side; leaving the block stops those that are left.

    ``temoin`` is the end of a pipe that somebody holds: ``abandonnee`` once it is closed.
    """

    def __init__(self, temoin: int | None = None) -> None:
        self._actifs: dict[int, _Enfant] = {}
        self._guetteur = selectors.DefaultSelector()
        self._temoin, self.abandonnee = temoin, False
        if temoin is not None:
            self._guetteur.register(temoin, selectors.EVENT_READ)

    def __enter__(self) -> Fratrie:
        return self

    def __exit__(self, *erreur: object) -> None:
        self._arreter()
        self._guetteur.close()

    def __len__(self) -> int:
        return len(self._actifs)

    def lancer(self, travail: Travail) -> None:
        """Fork a child for ``travail``."""
        lecture, ecriture = os.pipe()
        sys.stdout.flush()
        sys.stderr.flush()
        parent = os.getpid()
        pid = os.fork()
        if pid == 0:
            for tube in (lecture, *self._actifs):
                os.close(tube)
            _vivre(travail, ecriture, parent)
        os.close(ecriture)
        self._actifs[lecture] = _Enfant(
            travail.nom, pid, lecture, time.monotonic() + travail.delai_s
        )
        self._guetteur.register(lecture, selectors.EVENT_READ)

    def ecouter(self) -> Iterator[tuple[str, Message | Fin]]:
        """What the children have said since the last time, by name; a child's last word is a Fin.

        Waits half a second at most; those past their time are interrupted on the way.
        """
        for cle, _ in self._guetteur.select(timeout=BATTEMENT_S):
            if cle.fd == self._temoin:
                # Whoever holds it waits for an answer: there is nothing to read but its end.
                self.abandonnee = True
                return
            enfant = self._actifs[cle.fd]
            recu = os.read(enfant.tube, 65536)
            *lignes, enfant.reste = (enfant.reste + recu).split(b"\n")
            for ligne in lignes:
                yield enfant.nom, json.loads(ligne)
            if not recu:
                self._guetteur.unregister(enfant.tube)
                del self._actifs[enfant.tube]
                yield enfant.nom, _enterrer(enfant)
        for enfant in self._actifs.values():
            if time.monotonic() > enfant.limite:
                # First as a person would, so that the child may clean up; then for good.
                coup = signal.SIGKILL if enfant.interrompu else signal.SIGINT
                enfant.interrompu, enfant.limite = True, time.monotonic() + SURSIS_S
                _signaler(enfant.pid, coup)

    def _arreter(self) -> None:
        """Stop every child: asked first, so that it removes what it was building."""
        for enfant in self._actifs.values():
            _signaler(enfant.pid, signal.SIGTERM)
        for enfant in self._actifs.values():
            if not _attendre(enfant.pid, SURSIS_S):
                _signaler(enfant.pid, signal.SIGKILL)
            os.close(enfant.tube)
            _tuer_groupe(enfant.pid)
            os.waitpid(enfant.pid, 0)
        self._actifs.clear()


def _vivre(travail: Travail, tube: int, parent: int) -> None:
    """The child's whole life: it never returns."""
    code = 1

    def dire(**message: Any) -> None:
        _ecrire(tube, json.dumps(message).encode() + b"\n")

    try:
        os.setpgid(0, 0)  # what the child launches is stopped with it
        _mourir_avec(parent)
        _limiter(travail.memoire_mo)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        travail.vivre(dire)
        code = 0
    except BaseException as erreur:
        dire(ename=type(erreur).__name__, evalue=str(erreur))
    finally:
        os._exit(code)


def _ecrire(tube: int, octets: bytes) -> None:
    """Write it all: a pipe may take less than it is given."""
    while octets:
        octets = octets[os.write(tube, octets) :]


def _limiter(memoire_mo: int) -> None:
    """Let this process take so many MiB more, then give it a MemoryError: it is named like any."""
    if memoire_mo:
        import resource

        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
        plafond = pages * resource.getpagesize() + memoire_mo * 2**20
        resource.setrlimit(resource.RLIMIT_AS, (plafond, plafond))


def _mourir_avec(parent: int) -> None:
    """Ask the kernel of the system to kill this process when its parent dies (Linux)."""
    if sys.platform.startswith("linux"):
        import ctypes

        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)


def _enterrer(enfant: _Enfant) -> Fin:
    """Reap a child that has closed its pipe."""
    os.close(enfant.tube)
    # Dead but not buried, it keeps its number: what it launched is found by it.
    os.waitid(os.P_PID, enfant.pid, os.WEXITED | os.WNOWAIT)
    _tuer_groupe(enfant.pid)
    _, etat = os.waitpid(enfant.pid, 0)
    return Fin(etat, enfant.interrompu)


def _attendre(pid: int, delai_s: float) -> bool:
    """Wait for a child to end, without burying it; False when it has not."""
    limite = time.monotonic() + delai_s
    while time.monotonic() < limite:
        if os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT | os.WNOHANG):
            return True
        time.sleep(0.01)
    return False


def _signaler(pid: int, coup: signal.Signals) -> None:
    """Tell a child to end; kill it with everything that it launched."""
    if coup == signal.SIGKILL:
        _tuer_groupe(pid)
    with suppress(ProcessLookupError):
        os.kill(pid, coup)


def _tuer_groupe(pid: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)
