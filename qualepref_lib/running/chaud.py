"""The warm engine: one forked child of a warm process for each notebook, several at a time.

Three quarters of a stock run is starting kernels and importing pandas. Here the imports are done
once; a child starts in milliseconds, is as isolated as a fresh kernel (its memory is its own), and
runs the very shell of ipykernel, so the outputs are those of a stock kernel. A child that fails,
dies or hangs is named with its cell; none outlives its parent.

Forking needs a system that forks and a parent without threads: elsewhere, use stock kernels.
"""

from __future__ import annotations

import gc
import json
import os
import selectors
import signal
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qualepref_lib.running.pannes import Panne

DELAI_S = 600.0
"""How long one notebook may take, in seconds; then it is interrupted, then killed."""
SURSIS_S = 5.0
TROP_LONG = "le temps accordé est dépassé, le chapitre a été arrêté"


@dataclass(frozen=True)
class Tache:
    """One notebook to run: its source, its parameters, where the executed one goes.

    It runs in ``dossier``, by default the folder of its source. ``memoire_mo`` (MiB) is what it may
    take beyond what the warm process already holds; zero, no limit. With ``etapes`` the executed
    notebook is written after each cell, so that a death loses no more than a cell.
    """

    nom: str
    source: Path
    parametres: Mapping[str, Any]
    sortie: Path
    dossier: Path | None = None
    memoire_mo: int = 0
    etapes: bool = False


@dataclass
class _Enfant:
    """A running child, as its parent sees it."""

    tache: Tache
    pid: int
    tube: int
    limite: float
    cellule: str = "aucune"
    panne: Panne | None = None
    fini: bool = False
    interrompu: bool = False
    lus: list[str] | None = None
    reste: bytes = b""


def stay_alone() -> None:
    """Keep numerical libraries, if they are not loaded yet, from starting threads of their own.

    A process that is to fork must be alone in its memory; each child then has its share of the
    processors, instead of as many threads as there are processors times children.
    """
    for nom in ("OPENBLAS", "OMP", "MKL", "ARROW"):
        os.environ.setdefault(f"{nom}_NUM_THREADS", "1")


def est_possible() -> bool:
    """True where a child can be forked with nothing lost."""
    return sys.platform.startswith("linux") and threading.active_count() == 1


def prechauffer() -> None:
    """Import what notebooks import and draw once, so that each child finds it done."""
    os.environ.setdefault("MPLBACKEND", "module://matplotlib_inline.backend_inline")
    from matplotlib.figure import Figure

    from qualepref_lib.running import coquille

    figure = Figure(layout="constrained")
    figure.add_subplot().set_title("é")
    with Path(os.devnull).open("wb") as nulle_part:
        figure.savefig(nulle_part, format="svg")
    coquille.new_coquille()
    gc.collect()
    gc.freeze()


def run_taches(
    taches: Sequence[Tache],
    simultanees: int | None = None,
    avancer: Callable[[str], None] = lambda nom: None,
    delai_s: float = DELAI_S,
    dire_cellule: Callable[[str], None] = lambda cellule: None,
    retenir: Callable[[str, list[str]], None] = lambda nom, lus: None,
) -> list[Panne]:
    """Run every notebook in a child of its own; answer with what failed, in the order given.

    ``avancer`` is told the name of each finished notebook, ``dire_cellule`` the id of each cell
    that starts, ``retenir`` what a notebook that went well has read of its campaign.
    """
    attente = deque(taches)
    actifs: dict[int, _Enfant] = {}
    pannes: dict[str, Panne] = {}
    limite = simultanees or os.cpu_count() or 1
    with selectors.DefaultSelector() as guetteur:
        try:
            while attente or actifs:
                while attente and len(actifs) < limite:
                    enfant = _lancer(attente.popleft(), delai_s, list(actifs))
                    actifs[enfant.tube] = enfant
                    guetteur.register(enfant.tube, selectors.EVENT_READ)
                for tube in _prets(guetteur, actifs):
                    if not _ecouter(actifs[tube], dire_cellule):
                        guetteur.unregister(tube)
                        enfant = actifs.pop(tube)
                        if panne := _conclure(enfant):
                            pannes[enfant.tache.nom] = panne
                        elif enfant.lus is not None:
                            retenir(enfant.tache.nom, enfant.lus)
                        avancer(enfant.tache.nom)
        finally:
            for enfant in actifs.values():
                _tuer(enfant)
    return [pannes[tache.nom] for tache in taches if tache.nom in pannes]


def _prets(guetteur: selectors.BaseSelector, actifs: dict[int, _Enfant]) -> Iterator[int]:
    """The children that say something; those past their time are interrupted on the way."""
    for cle, _ in guetteur.select(timeout=0.5):
        yield cle.fd
    for enfant in actifs.values():
        if time.monotonic() > enfant.limite:
            # First as a person would, so that the cell may clean up; then for good.
            coup = signal.SIGKILL if enfant.interrompu else signal.SIGINT
            enfant.interrompu, enfant.limite = True, time.monotonic() + SURSIS_S
            _signaler(enfant.pid, coup)


def _lancer(tache: Tache, delai_s: float, autres_tubes: list[int]) -> _Enfant:
    lecture, ecriture = os.pipe()
    sys.stdout.flush()
    sys.stderr.flush()
    parent = os.getpid()
    pid = os.fork()
    if pid == 0:
        for tube in (lecture, *autres_tubes):
            os.close(tube)
        _vivre(tache, ecriture, parent)
    os.close(ecriture)
    return _Enfant(tache, pid, lecture, time.monotonic() + delai_s)


def _vivre(tache: Tache, tube: int, parent: int) -> None:
    """The child's whole life: it never returns."""
    code = 1
    try:
        os.setpgid(0, 0)  # what the notebook launches is stopped with it
        _mourir_avec(parent)
        _limiter(tache.memoire_mo)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        from qualepref_lib.running import coquille

        def dire(**message: Any) -> None:
            os.write(tube, json.dumps(message).encode() + b"\n")

        os.chdir(tache.dossier or tache.source.parent)
        coquille.run_carnet(tache.source, tache.parametres, tache.sortie, dire, tache.etapes)
        if atelier := sys.modules.get("qualepref_lib.atelier.lectures"):
            dire(lus=atelier.lus())
        code = 0
    except BaseException as erreur:
        message = {"ename": type(erreur).__name__, "evalue": str(erreur)}
        os.write(tube, json.dumps(message).encode() + b"\n")
    finally:
        os._exit(code)


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

        pr_set_pdeathsig = 1
        ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)


def _ecouter(enfant: _Enfant, dire_cellule: Callable[[str], None]) -> bool:
    """Read what the child says; False when it has closed its pipe."""
    recu = os.read(enfant.tube, 65536)
    *lignes, enfant.reste = (enfant.reste + recu).split(b"\n")
    for ligne in lignes:
        message = json.loads(ligne)
        if "cellule" in message:
            enfant.cellule = message["cellule"]
            dire_cellule(enfant.cellule)
        enfant.fini = enfant.fini or message.get("fini", False)
        enfant.lus = message.get("lus", enfant.lus)
        if "ename" in message:
            enfant.panne = Panne.de_cellule(
                enfant.tache.nom, enfant.cellule, message["ename"], message["evalue"]
            )
    return bool(recu)


def _conclure(enfant: _Enfant) -> Panne | None:
    """Reap a child that is done; what went wrong, if anything did."""
    os.close(enfant.tube)
    # Dead but not buried, it keeps its number: what it launched is found by it.
    os.waitid(os.P_PID, enfant.pid, os.WEXITED | os.WNOWAIT)
    _tuer_groupe(enfant.pid)
    _, etat = os.waitpid(enfant.pid, 0)
    if enfant.interrompu:
        return Panne(enfant.tache.nom, enfant.cellule, TROP_LONG)
    if enfant.panne or enfant.fini:
        return enfant.panne
    tue = os.WIFSIGNALED(etat)
    cause = f"signal {os.WTERMSIG(etat)}" if tue else f"code {os.WEXITSTATUS(etat)}"
    message = f"le processus du chapitre s’est arrêté brutalement ({cause})"
    return Panne(enfant.tache.nom, enfant.cellule, message)


def _tuer(enfant: _Enfant) -> None:
    _signaler(enfant.pid, signal.SIGKILL)
    os.close(enfant.tube)
    os.waitpid(enfant.pid, 0)


def _signaler(pid: int, coup: signal.Signals) -> None:
    """Interrupt a child; kill it with everything that it launched."""
    if coup == signal.SIGKILL:
        _tuer_groupe(pid)
    with suppress(ProcessLookupError):
        os.kill(pid, coup)


def _tuer_groupe(pid: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)
