"""The engine: each notebook through papermill and a stock kernel of its own, two at a time.

A notebook never sees another one's state. A cell that fails is named with its chapter; a refusal
raised in a cell keeps its own words.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from qualepref_lib.core.refus import Refus
from qualepref_lib.running.carnets import Carnet

SIMULTANES = 2


@dataclass(frozen=True)
class Panne:
    """A chapter that did not run to its end: which cell, what it said."""

    chapitre: str
    cellule: str
    message: str
    est_refus: bool = False

    def __str__(self) -> str:
        return f"chapitre {self.chapitre}, cellule « {self.cellule} » : {self.message}"


class Echec(Exception):
    """At least one chapter failed; nothing was published."""

    def __init__(self, pannes: Sequence[Panne]) -> None:
        super().__init__(*pannes)
        self.pannes = tuple(pannes)

    def __str__(self) -> str:
        return "\n".join(["Le rapport n’a pas pu être fait :", *(f"  • {p}" for p in self.pannes)])


def run_carnets(
    carnets: Sequence[Carnet],
    parametres: Mapping[str, Any],
    sortie: Path,
    avancer: Callable[[str], None] = lambda nom: None,
) -> list[Path]:
    """Run every notebook into ``sortie``; answer with the executed ones, in order.

    ``avancer`` is told the name of each finished chapter. Raises :class:`Echec` naming every
    chapter that failed.
    """
    sortie.mkdir(parents=True, exist_ok=True)
    # The kernel named python3 must be this environment's, whatever the user has elsewhere.
    os.environ.setdefault("JUPYTER_PREFER_ENV_PATH", "1")

    def faire(carnet: Carnet) -> Panne | None:
        panne = _run_carnet(carnet, parametres, sortie / carnet.chemin.name)
        avancer(carnet.nom)
        return panne

    executeur = ThreadPoolExecutor(SIMULTANES)
    try:
        pannes = [panne for panne in executeur.map(faire, carnets) if panne]
    finally:
        # Stopped from outside, the chapters that have not begun never will.
        executeur.shutdown(cancel_futures=True)
    if pannes:
        raise Echec(pannes)
    executes = [sortie / carnet.chemin.name for carnet in carnets]
    for execute in executes:
        _normaliser(execute)
    return executes


def _run_carnet(carnet: Carnet, parametres: Mapping[str, Any], sortie: Path) -> Panne | None:
    import papermill
    from nbclient.exceptions import DeadKernelError
    from papermill.exceptions import PapermillExecutionError

    siens = {nom: valeur for nom, valeur in parametres.items() if nom in carnet.parametres}
    try:
        with TemporaryDirectory(prefix="qp-") as prises:
            papermill.execute_notebook(
                str(carnet.chemin),
                str(sortie),
                parameters=siens,
                kernel_name="python3",
                progress_bar=False,
                cwd=str(carnet.chemin.parent),
                # Silent kernels: what they log on our error stream is for nobody.
                extra_arguments=["--log-level=50"],
                **_transport(Path(prises)),
            )
    except PapermillExecutionError as erreur:
        est_refus = erreur.ename == Refus.__name__
        message = erreur.evalue if est_refus else f"{erreur.ename} — {erreur.evalue}"
        return Panne(carnet.nom, _cellule_fautive(sortie), message, est_refus)
    except DeadKernelError:
        return Panne(carnet.nom, "inconnue", "le noyau s’est arrêté brutalement (mémoire ?)")
    return None


def _transport(prises: Path) -> dict[str, Any]:
    """Kernels reached by sockets in ``prises`` where the system has them: no port is opened."""
    if os.name != "posix":
        return {}
    from traitlets.config import Config

    # Named by us: by default two kernels of one folder would share the same socket.
    return {"config": Config({"KernelManager": {"transport": "ipc", "ip": str(prises / "k")}})}


def _normaliser(execute: Path) -> None:
    """Drop what papermill stamps: paths, clock times, the random id of the injected cell.

    What is left depends on the notebook, the parameters and the data only: two runs give the same
    bytes, and nothing tells whose disk it was.
    """
    carnet = json.loads(execute.read_text(encoding="utf-8"))
    carnet["metadata"].pop("papermill", None)
    for cellule in carnet["cells"]:
        cellule["metadata"].pop("papermill", None)
        cellule["metadata"].pop("execution", None)
        if "injected-parameters" in cellule["metadata"].get("tags", ()):
            cellule["id"] = "parametres_injectes"
    texte = json.dumps(carnet, ensure_ascii=False, indent=1)
    execute.write_text(texte + "\n", encoding="utf-8", newline="\n")


def _cellule_fautive(execute: Path) -> str:
    """The id of the cell that raised, read in the notebook that papermill left."""
    for cellule in json.loads(execute.read_text(encoding="utf-8"))["cells"]:
        if any(sortie["output_type"] == "error" for sortie in cellule.get("outputs", ())):
            return str(cellule["id"])
    return "inconnue"
