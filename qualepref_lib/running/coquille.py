"""Running the cells of one notebook in this process, with ipykernel's own shell.

The shell is the one that a stock kernel runs; only its wires are ours: what it would send to a
socket is kept in a list, and becomes the outputs of the cell by the rules of the notebook format.
"""

from __future__ import annotations

import builtins
import getpass
import json
import sys
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from ipykernel.compiler import XCachingCompiler
from ipykernel.zmqshell import ZMQInteractiveShell
from IPython.core.error import StdinNotImplementedError
from jupyter_client.session import Session
from traitlets.config import Config

from qualepref_lib.atelier.parametres import INJECTEE
from qualepref_lib.running.flux import Flux

Message = dict[str, Any]
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
    with _Execution() as execution:
        for cellule in carnet["cells"]:
            if cellule["cell_type"] != "code" or not "".join(cellule["source"]).strip():
                continue
            dire(cellule=cellule["id"])
            faute = execution.run(cellule)
            if faute and "raises-exception" not in cellule["metadata"].get("tags", ()):
                dire(**faute)
                break
            if etapes:
                _write(carnet, sortie)
    _write(carnet, sortie)
    dire(fini=True)


def _write(carnet: dict[str, Any], sortie: Path) -> None:
    """A cell on each line: indenting inside cells would take Python's slow encoder."""
    dumps = partial(json.dumps, ensure_ascii=False)
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

    def run(self, cellule: dict[str, Any]) -> dict[str, str] | None:
        """Run one cell and give it its outputs; answer with its error, if it raised one."""
        executer: Any = self.coquille.run_cell
        executer("".join(cellule["source"]), store_history=True, cell_id=cellule["id"])
        sys.stdout.flush()
        sys.stderr.flush()
        messages, self.fil.messages = self.fil.messages, []
        cellule["execution_count"] = self.coquille.execution_count - 1
        cellule["outputs"] = self.sorties.assembler(messages, cellule["execution_count"])
        erreurs = [m["content"] for m in messages if m["msg_type"] == "error"]
        return {cle: erreurs[-1][cle] for cle in ("ename", "evalue")} if erreurs else None


def _sans_clavier(quoi: str, *question: object, **autres: object) -> str:
    """What ``input`` and ``getpass`` are in a run that nobody watches."""
    raise StdinNotImplementedError(
        f"{quoi} was called, but this frontend does not support input requests."
    )


def _sans_fenetre(gui: str | None = None) -> None:
    if gui not in (None, "inline"):
        raise RuntimeError(f"no event loop for {gui}: this run has no window")


class Sorties:
    """Messages become outputs, by the rules that front ends follow."""

    def __init__(self) -> None:
        self.affichages: dict[str, list[dict[str, Any]]] = {}

    def assembler(self, messages: list[Message], compte: int) -> list[dict[str, Any]]:
        """The outputs of a cell: displays updated, clearings obeyed."""
        sorties: list[dict[str, Any]] = []
        effacer = False
        for message in messages:
            genre, contenu = message["msg_type"], message["content"]
            if genre == "clear_output":
                effacer = bool(contenu.get("wait"))
                if not effacer:
                    sorties.clear()
                continue
            if genre == "update_display_data":
                self._actualiser(contenu)
                continue
            if genre not in ("stream", "display_data", "execute_result", "error"):
                continue
            if effacer:
                sorties.clear()
                effacer = False
            self._ajouter(sorties, genre, contenu, compte)
        return sorties

    def _ajouter(
        self, sorties: list[dict[str, Any]], genre: str, contenu: dict[str, Any], compte: int
    ) -> None:
        if genre == "stream":
            sorties.append({"output_type": "stream", **contenu})
            return
        if genre == "error":
            sorties.append({"output_type": "error", **contenu})
            return
        sortie = {
            "output_type": genre,
            "data": contenu["data"],
            "metadata": contenu.get("metadata") or {},
        }
        if genre == "execute_result":
            sortie["execution_count"] = compte
        sorties.append(sortie)
        identite = (contenu.get("transient") or {}).get("display_id")
        if identite:
            self.affichages.setdefault(identite, []).append(sortie)

    def _actualiser(self, contenu: dict[str, Any]) -> None:
        identite = str((contenu.get("transient") or {}).get("display_id"))
        for sortie in self.affichages.get(identite, ()):
            sortie["data"] = contenu["data"]
            sortie["metadata"] = contenu.get("metadata") or {}
