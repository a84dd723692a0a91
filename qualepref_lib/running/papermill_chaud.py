"""The warm engine under papermill: ``papermill --engine chaud``, registered by entry point.

papermill imports every registered engine each time it runs, so this module imports little until
it is used. Where a child cannot be forked, or for another language than Python, papermill's own
engine does the work.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from papermill.engines import Engine, NBClientEngine

NOYAU = "python3"


class MoteurChaud(Engine):  # type: ignore[misc]
    """Runs a notebook in a forked child of this process, with ipykernel's own shell."""

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: Any,
        kernel_name: str,
        execution_timeout: float | None = None,
        memoire_mo: int = 0,
        **autres: Any,
    ) -> None:
        """Run the notebook that ``nb_man`` holds and give its cells their outputs.

        ``execution_timeout`` (seconds) bounds the whole notebook; ``memoire_mo`` (MiB) is what it
        may take beyond this process. Raises nbclient's ``DeadKernelError`` when the child dies or
        is killed, its ``CellTimeoutError`` past the time, with the cell named; an error of a cell
        is papermill's to raise.
        """
        from qualepref_lib.running import chaud

        chaud.stay_alone()
        _stop_monitor()
        if kernel_name != NOYAU or not chaud.est_possible():
            NBClientEngine.execute_managed_notebook(
                nb_man, kernel_name, execution_timeout=execution_timeout, **autres
            )
            return
        chaud.prechauffer()
        with TemporaryDirectory(prefix="qp-") as provisoire:
            _run(nb_man, Path(provisoire), execution_timeout or chaud.DELAI_S, memoire_mo)


def _run(nb_man: Any, provisoire: Path, delai_s: float, memoire_mo: int) -> None:
    from nbclient.exceptions import CellTimeoutError, DeadKernelError

    from qualepref_lib.running import chaud

    source, sortie = provisoire / "source.ipynb", provisoire / "execute.ipynb"
    _write_source(nb_man.nb, source)
    suivi = _Suivi(nb_man)
    tache = chaud.Tache(
        "carnet", source, {}, sortie, dossier=Path.cwd(), memoire_mo=memoire_mo, etapes=True
    )
    pannes = chaud.run_taches([tache], delai_s=delai_s, dire_cellule=suivi.commencer)
    executees = json.loads(sortie.read_text(encoding="utf-8"))["cells"] if sortie.exists() else []
    suivi.finir(executees)
    erreurs = [s for c in executees for s in c.get("outputs", ()) if s["output_type"] == "error"]
    trop_long = bool(pannes) and pannes[0].message == chaud.TROP_LONG
    if pannes and (trop_long or not erreurs):
        nb_man.cell_exception(suivi.cellule)
        raise (CellTimeoutError if trop_long else DeadKernelError)(str(pannes[0]))


def _write_source(nb: Any, chemin: Path) -> None:
    """The notebook as the child reads it: cells without an id (older formats) get their rank."""
    copie = json.loads(json.dumps(nb))
    for rang, cellule in enumerate(copie["cells"]):
        cellule["id"] = str(rang)
    chemin.write_text(json.dumps(copie), encoding="utf-8")


class _Suivi:
    """What papermill is told of the run: cells that start and end, then their outputs."""

    def __init__(self, nb_man: Any) -> None:
        self.nb_man = nb_man
        self.rang: int | None = None

    @property
    def cellule(self) -> Any:
        """The cell that started last; the first one when none has."""
        return self.nb_man.nb.cells[self.rang or 0]

    def commencer(self, identifiant: str) -> None:
        """A cell starts: the one before it is done."""
        self._terminer()
        self.rang = int(identifiant)
        self.nb_man.cell_start(self.cellule, self.rang)

    def finir(self, executees: list[dict[str, Any]]) -> None:
        """Give each cell what it said; the one that raised is marked."""
        for cellule, executee in self._paires(executees):
            cellule.outputs = _noeuds(executee["outputs"])
            cellule.execution_count = executee["execution_count"]
            erreurs = [s for s in executee["outputs"] if s["output_type"] == "error"]
            if erreurs and "raises-exception" not in executee["metadata"].get("tags", ()):
                self.nb_man.cell_exception(cellule)
        self._terminer()

    def _paires(self, executees: list[dict[str, Any]]) -> Iterator[tuple[Any, dict[str, Any]]]:
        for cellule, executee in zip(self.nb_man.nb.cells, executees, strict=False):
            if cellule.cell_type == "code":
                yield cellule, executee

    def _terminer(self) -> None:
        if self.rang is not None:
            self.nb_man.cell_complete(self.cellule, self.rang)


def _noeuds(sorties: list[dict[str, Any]]) -> list[Any]:
    import nbformat

    return [nbformat.from_dict(sortie) for sortie in sorties]


def _stop_monitor() -> None:
    """The progress bar of papermill has a thread that watches it: a process forks alone."""
    for fil in threading.enumerate():
        if fil.name == "tqdm_monitor":
            fil.exit()  # type: ignore[attr-defined]
