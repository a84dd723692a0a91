"""Running the cells of one notebook in this process, with ipykernel's own shell.

The shell is the one that a stock kernel runs; only its wires are ours: what it would send to a
socket is kept in a list, and becomes the outputs of the cell by the rules of the notebook format.
"""

from __future__ import annotations

import asyncio
import builtins
import getpass
import json
import signal
import sys
from collections.abc import Callable, Coroutine, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from ipykernel.compiler import XCachingCompiler
from ipykernel.zmqshell import ZMQInteractiveShell
from IPython.core.error import StdinNotImplementedError
from jupyter_client.jsonutil import json_default
from jupyter_client.session import Session
from traitlets.config import Config

from qualepref_lib.atelier.parametres import INJECTEE
from qualepref_lib.running.flux import Flux
from qualepref_lib.running.sorties import Message, Sorties

Dire = Callable[..., None]


class Fil(Session):
    """Stands where the shell expects the session of its sockets: keeps what it is given."""

    def __init__(self) -> None:
        super().__init__()
        self.messages: list[Message] = []

    def msg(self, msg_type: str, content: Any = None, *_: Any, **__: Any) -> Message:
        """A message, as the shell prepares it before sending."""
        return {"msg_type": msg_type, "content": content or {}}

    def send(self, stream: Any, msg_or_type: Any, content: Any = None, *_: Any, **__: Any) -> None:
        """Keep a message, given whole or as a type and its content."""
        whole = not isinstance(msg_or_type, str)
        self.messages.append(msg_or_type if whole else self.msg(msg_or_type, content))


def new_coquille() -> ZMQInteractiveShell:
    """The shell of this process, made once; a forked child finds its own copy ready."""
    principal = sys.modules["__main__"]
    config = Config()
    config.HistoryManager.enabled = False  # no file and no thread: nothing is shared
    coquille: ZMQInteractiveShell = ZMQInteractiveShell.instance(
        config=config, compiler_class=XCachingCompiler
    )
    # A kernel turns its event loop for a GUI; nobody turns one here, and inline needs none.
    libre: Any = coquille
    libre.enable_gui = _sans_fenetre
    # The shell makes a ``__main__`` of its own; the parent keeps its module until it forks.
    sys.modules["__main__"] = principal
    return coquille


def run_carnet(
    source: Path, parametres: Mapping[str, Any], sortie: Path, dire: Dire, etapes: bool = False
) -> None:
    """Run the notebook ``source`` and write the executed one to ``sortie``.

    ``dire`` is told each cell as it starts, the error if one is raised, and the end. With
    ``etapes`` the notebook is written after each cell too.
    """
    carnet = json.loads(source.read_text(encoding="utf-8"))
    if parametres:
        inject_parametres(carnet, parametres)
    ecrire = partial(_write, carnet, sortie)
    # The cells of a kernel run inside a loop that turns: a cell may start a task and go on. Not
    # asyncio.run, which would take the interruption of a cell for itself.
    boucle = asyncio.new_event_loop()
    asyncio.set_event_loop(boucle)
    boucle.run_until_complete(_run_cellules(carnet["cells"], dire, ecrire if etapes else _rien))
    ecrire()
    dire(fini=True)


async def _run_cellules(
    cellules: list[dict[str, Any]], dire: Dire, garder: Callable[[], None]
) -> None:
    """Run the cells of code in order, up to the one that fails."""
    with _Execution() as execution:
        for cellule in cellules:
            if cellule["cell_type"] != "code" or not "".join(cellule["source"]).strip():
                continue
            dire(cellule=cellule["id"])
            faute = await execution.run(cellule)
            if faute and "raises-exception" not in cellule["metadata"].get("tags", ()):
                dire(**faute)
                break
            garder()


def _rien() -> None:
    """Nothing to keep between two cells."""


def _write(carnet: dict[str, Any], sortie: Path) -> None:
    """A cell on each line: indenting inside cells would take Python's slow encoder."""
    # What JSON does not know (bytes of an image, a date) is written as a kernel sends it.
    dumps = partial(json.dumps, ensure_ascii=False, default=json_default)
    cellules = ",\n".join(map(dumps, carnet["cells"]))
    reste = dumps({cle: valeur for cle, valeur in carnet.items() if cle != "cells"})
    texte = f'{{"cells": [\n{cellules}\n], {reste[1:]}\n'
    sortie.write_text(texte, encoding="utf-8", newline="\n")


def inject_parametres(carnet: dict[str, Any], parametres: Mapping[str, Any]) -> None:
    """Add the cell that sets the parameters after the tagged one, as papermill does."""
    lignes = [f"{nom} = {valeur!r}\n" for nom, valeur in parametres.items()]
    cellule = {
        "cell_type": "code",
        "execution_count": None,
        "id": "parametres_injectes",
        "metadata": {"tags": ["injected-parameters"]},
        "outputs": [],
        "source": [f"{INJECTEE}\n", *lignes],
    }
    rangs = [
        rang
        for rang, autre in enumerate(carnet["cells"], 1)
        if "parameters" in autre["metadata"].get("tags", ())
    ]
    carnet["cells"].insert(rangs[0] if rangs else 0, cellule)


class _Execution:
    """The shell wired to lists while cells run."""

    def __init__(self) -> None:
        self.coquille = new_coquille()
        self.fil = Fil()
        self.sorties = Sorties()

    def __enter__(self) -> _Execution:
        sys.modules["__main__"] = self.coquille.user_module
        prises: list[Any] = [self.coquille.display_pub, self.coquille.displayhook]
        for prise in prises:
            prise.session = self.fil
        builtins.input = partial(_sans_clavier, "raw_input")
        getpass.getpass = partial(_sans_clavier, "getpass")
        self.flux = Flux(self.fil, "stdout", 1), Flux(self.fil, "stderr", 2)
        sys.stdout, sys.stderr = self.flux
        return self

    def __exit__(self, *erreur: object) -> None:
        sys.stdout, sys.stderr = sys.__stdout__, sys.__stderr__
        for flux in self.flux:
            flux.rendre()

    async def run(self, cellule: dict[str, Any]) -> dict[str, str] | None:
        """Run one cell and give it its outputs; answer with its error, if it raised one."""
        resultat = await self._executer("".join(cellule["source"]), cellule["id"])
        sys.stdout.flush()
        sys.stderr.flush()
        messages, self.fil.messages = self.fil.messages, []
        cellule["execution_count"] = self.coquille.execution_count - 1
        cellule["outputs"] = self.sorties.assembler(messages, cellule["execution_count"])
        # Some errors (groups of them) are only printed, others come from showing a value.
        erreurs = [m["content"] for m in messages if m["msg_type"] == "error"]
        if erreurs:
            return {cle: erreurs[-1][cle] for cle in ("ename", "evalue")}
        levee = resultat.error_before_exec or resultat.error_in_exec
        return {"ename": type(levee).__name__, "evalue": str(levee)} if levee else None

    async def _executer(self, source: str, identifiant: str) -> Any:
        """Run one cell as a kernel does: one that awaits is awaited, any other is called."""
        coquille: Any = self.coquille
        traduite, faute = source, None
        try:
            traduite = coquille.transform_cell(source)
        except Exception:
            faute = sys.exc_info()
        traduction = {"transformed_cell": traduite, "preprocessing_exc_tuple": faute}
        if not coquille.should_run_async(source, **traduction):
            return coquille.run_cell(source, store_history=True, cell_id=identifiant)
        resultat = None
        try:
            with _interruptible(
                coquille.run_cell_async(
                    source, store_history=True, cell_id=identifiant, **traduction
                )
            ) as tache:
                resultat = await tache
        finally:
            coquille.events.trigger("post_execute")
            coquille.events.trigger("post_run_cell", resultat)
        return resultat


@contextmanager
def _interruptible(suite: Coroutine[Any, Any, Any]) -> Iterator[asyncio.Task[Any]]:
    """A task that an interruption cancels: raised in the loop, it would end the notebook."""
    tache = asyncio.ensure_future(suite)
    avant = signal.signal(signal.SIGINT, lambda *_: tache.cancel())
    try:
        yield tache
    finally:
        signal.signal(signal.SIGINT, avant)


def _sans_clavier(quoi: str, *question: object, **autres: object) -> str:
    """What ``input`` and ``getpass`` are in a run that nobody watches."""
    raise StdinNotImplementedError(
        f"{quoi} was called, but this frontend does not support input requests."
    )


def _sans_fenetre(gui: str | None = None) -> None:
    if gui not in (None, "inline"):
        raise RuntimeError(f"no event loop for {gui}: this run has no window")
