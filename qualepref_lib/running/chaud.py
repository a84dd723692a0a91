"""The warm engine: one forked child of a warm process for each notebook, several at a time.

Three quarters of a stock run is starting kernels and importing pandas. Here the imports are done
once; a child starts in milliseconds, is as isolated as a fresh kernel (its memory is its own), and
runs the very shell of ipykernel, so the outputs are those of a stock kernel. A child that fails,
dies or hangs is named with its cell; none outlives its parent.

Forking needs a system that forks and a parent without threads: elsewhere, use stock kernels.
"""

from __future__ import annotations

import gc
import os
import sys
import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from importlib import import_module
from pathlib import Path
from typing import Any

from qualepref_lib.running.fourche import Dire, Fin, Fratrie, Message, Travail
from qualepref_lib.running.pannes import Panne

DELAI_S = 600.0
"""How long one notebook may take, in seconds; then it is interrupted, then killed."""
_LENTS = ("scipy.special", "holidays.countries.france")
"""What our functions import only when they need it, and a third of the chapters do."""
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


def stay_alone() -> None:
    """Keep numerical libraries, if they are not loaded yet, from starting threads of their own.

    A process that is to fork must be alone in its memory; each child then has its share of the
    processors, instead of as many threads as there are processors times children. Arrow, which
    pandas loads, would start one at once to give memory back.
    """
    for nom in ("OPENBLAS", "OMP", "MKL"):
        os.environ.setdefault(f"{nom}_NUM_THREADS", "1")
    os.environ.setdefault("ARROW_IO_THREADS", "1")
    os.environ.setdefault("JE_ARROW_MALLOC_CONF", "background_thread:false")


def est_possible() -> bool:
    """True where a child can be forked with nothing lost."""
    return sys.platform.startswith("linux") and threading.active_count() == 1


def prechauffer() -> None:
    """Import what notebooks import and draw once, so that each child finds it done.

    Then what is in memory is set aside, out of the sight of each child's garbage collector: pages
    that nobody touches stay shared.
    """
    _echauffer()
    gc.collect()
    gc.freeze()


@cache
def _echauffer() -> None:
    os.environ.setdefault("MPLBACKEND", "module://matplotlib_inline.backend_inline")
    from qualepref_lib.display.chauffe import warm_display
    from qualepref_lib.running import coquille

    for module in _LENTS:
        import_module(module)
    warm_display()
    coquille.new_coquille()


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
    suivis = {tache.nom: _Suivi(tache) for tache in taches}
    limite = simultanees or os.cpu_count() or 1
    with Fratrie() as fratrie:
        while attente or fratrie:
            while attente and len(fratrie) < limite:
                fratrie.lancer(_travail(attente.popleft(), delai_s))
            for nom, dit in fratrie.ecouter():
                suivi = suivis[nom]
                if isinstance(dit, Fin):
                    suivi.conclure(dit)
                    if suivi.panne is None and suivi.lus is not None:
                        retenir(nom, suivi.lus)
                    avancer(nom)
                else:
                    suivi.entendre(dit, dire_cellule)
    return [suivi.panne for suivi in suivis.values() if suivi.panne]


def _travail(tache: Tache, delai_s: float) -> Travail:
    return Travail(tache.nom, partial(_run_carnet, tache), delai_s, tache.memoire_mo)


def _run_carnet(tache: Tache, dire: Dire) -> None:
    """The life of the child of one notebook."""
    from qualepref_lib.running import coquille

    os.chdir(tache.dossier or tache.source.parent)
    coquille.run_carnet(tache.source, tache.parametres, tache.sortie, dire, tache.etapes)
    if atelier := sys.modules.get("qualepref_lib.atelier.lectures"):
        dire(lus=atelier.lus())


@dataclass
class _Suivi:
    """What is known of a notebook from what its child said."""

    tache: Tache
    cellule: str = "aucune"
    panne: Panne | None = None
    fini: bool = False
    lus: list[str] | None = None

    def entendre(self, message: Message, dire_cellule: Callable[[str], None]) -> None:
        """Take note of one message."""
        if "cellule" in message:
            self.cellule = message["cellule"]
            dire_cellule(self.cellule)
        self.fini = self.fini or message.get("fini", False)
        self.lus = message.get("lus", self.lus)
        if "ename" in message:
            self.panne = Panne.de_cellule(
                self.tache.nom, self.cellule, message["ename"], message["evalue"]
            )

    def conclure(self, fin: Fin) -> None:
        """The child is dead: what went wrong, if anything did."""
        if fin.trop_long:
            self.panne = Panne(self.tache.nom, self.cellule, TROP_LONG)
        elif not (self.panne or self.fini):
            message = f"le processus du chapitre s’est arrêté brutalement ({fin.cause})"
            self.panne = Panne(self.tache.nom, self.cellule, message)
