"""Running chapters: in children of a warm process, or through papermill and stock kernels.

Both engines give the same outputs, which a test checks on every chapter. A notebook never sees
another one's state. A cell that fails is named with its chapter; a refusal keeps its own words.
"""

from __future__ import annotations

import json
import math
import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from qualepref_lib.core.refus import Probleme, Refus
from qualepref_lib.running import chaud
from qualepref_lib.running.carnets import Carnet
from qualepref_lib.running.memoire import Memoire
from qualepref_lib.running.pannes import Echec, Panne

SIMULTANES = 2
AUTO, CHAUD, JUPYTER = "auto", "chaud", "jupyter"


@dataclass(frozen=True)
class Limites:
    """What one chapter may take, and how many run at once (by default, one a processor).

    ``delai_s`` bounds a chapter (each of its cells, with stock kernels); ``memoire_mo`` (MiB) is
    what it may take beyond the warm process, zero for no limit.
    """

    delai_s: float = chaud.DELAI_S
    memoire_mo: int = 0
    simultanes: int | None = None


def run_carnets(
    carnets: Sequence[Carnet],
    parametres: Mapping[str, Any],
    sortie: Path,
    avancer: Callable[[str], None] = lambda nom: None,
    moteur: str = AUTO,
    memoire: Memoire | None = None,
    limites: Limites = Limites(),
) -> list[Path]:
    """Run every notebook into ``sortie``; answer with the executed ones, in order.

    With a ``memoire`` (warm engine only) a chapter that would say the same is not run again.
    ``avancer`` is told the name of each finished chapter. Raises :class:`Echec` naming every
    chapter that failed.
    """
    sortie.mkdir(parents=True, exist_ok=True)
    if _choisir(moteur) == CHAUD:
        pannes = _run_chaud(carnets, parametres, sortie, avancer, memoire, limites)
    else:
        _check_sans_memoire(limites)
        pannes = _run_jupyter(carnets, parametres, sortie, avancer, limites)
    if pannes:
        raise Echec(pannes)
    return [sortie / carnet.chemin.name for carnet in carnets]


def _choisir(moteur: str) -> str:
    """The engine to use: the warm one wherever it can fork safely, unless told otherwise."""
    if moteur == AUTO:
        return CHAUD if chaud.est_possible() else JUPYTER
    return moteur


def _run_chaud(
    carnets: Sequence[Carnet],
    parametres: Mapping[str, Any],
    sortie: Path,
    avancer: Callable[[str], None],
    memoire: Memoire | None,
    limites: Limites,
) -> list[Panne]:
    a_faire = {c.nom: c for c in carnets}
    for carnet in carnets:
        deja = memoire.find(carnet) if memoire else None
        if deja is not None:
            shutil.copyfile(deja, sortie / carnet.chemin.name)
            del a_faire[carnet.nom]
            avancer(carnet.nom)

    def retenir(nom: str, lus: list[str]) -> None:
        if memoire:
            memoire.keep(a_faire[nom], sortie / a_faire[nom].chemin.name, lus)

    if not a_faire:
        return []
    chaud.prechauffer()
    taches = [
        chaud.Tache(
            c.nom, c.chemin, _siens(c, parametres), sortie / c.chemin.name,
            memoire_mo=limites.memoire_mo,
        )
        for c in a_faire.values()
    ]  # fmt: skip
    return chaud.run_taches(taches, limites.simultanes, avancer, limites.delai_s, retenir=retenir)


def _run_jupyter(
    carnets: Sequence[Carnet],
    parametres: Mapping[str, Any],
    sortie: Path,
    avancer: Callable[[str], None],
    limites: Limites,
) -> list[Panne]:
    # The kernel named python3 must be this environment's, whatever the user has elsewhere.
    os.environ.setdefault("JUPYTER_PREFER_ENV_PATH", "1")

    def faire(carnet: Carnet) -> Panne | None:
        panne = _run_carnet(carnet, parametres, sortie / carnet.chemin.name, limites.delai_s)
        if panne is None:
            _normaliser(sortie / carnet.chemin.name)
        avancer(carnet.nom)
        return panne

    executeur = ThreadPoolExecutor(limites.simultanes or SIMULTANES)
    try:
        return [panne for panne in executeur.map(faire, carnets) if panne]
    finally:
        # Stopped from outside, the chapters that have not begun never will.
        executeur.shutdown(cancel_futures=True)


def _siens(carnet: Carnet, parametres: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters that this chapter knows."""
    return {nom: valeur for nom, valeur in parametres.items() if nom in carnet.parametres}


def _run_carnet(
    carnet: Carnet, parametres: Mapping[str, Any], sortie: Path, delai_s: float
) -> Panne | None:
    import papermill
    from nbclient.exceptions import CellTimeoutError, DeadKernelError
    from papermill.exceptions import PapermillExecutionError

    try:
        with TemporaryDirectory(prefix="qp-") as prises:
            papermill.execute_notebook(
                str(carnet.chemin),
                str(sortie),
                parameters=_siens(carnet, parametres),
                kernel_name="python3",
                progress_bar=False,
                cwd=str(carnet.chemin.parent),
                execution_timeout=math.ceil(delai_s),
                # Silent kernels: what they log on our error stream is for nobody.
                extra_arguments=["--log-level=50"],
                **_transport(Path(prises)),
            )
    except PapermillExecutionError as erreur:
        cellule = _cellule_fautive(sortie)
        return Panne.de_cellule(carnet.nom, cellule, erreur.ename, erreur.evalue)
    except CellTimeoutError:
        return Panne(carnet.nom, _cellule_en_cours(sortie), chaud.TROP_LONG)
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


def _check_sans_memoire(limites: Limites) -> None:
    """A limit that nobody would hold is refused."""
    if limites.memoire_mo:
        constat = "une limite de mémoire demande le moteur « chaud » (Linux)."
        raise Refus(Probleme("--memoire", constat, remede="retirer l’option."))


def _cellule_en_cours(execute: Path) -> str:
    """The id of the last cell that papermill began; it calls complete one that it gave up."""
    cellules = json.loads(execute.read_text(encoding="utf-8"))["cells"]
    commencees = [c for c in cellules if c["metadata"].get("papermill", {}).get("start_time")]
    return str(commencees[-1]["id"]) if commencees else "inconnue"


def _cellule_fautive(execute: Path) -> str:
    """The id of the cell that raised, read in the notebook that papermill left."""
    for cellule in json.loads(execute.read_text(encoding="utf-8"))["cells"]:
        if any(sortie["output_type"] == "error" for sortie in cellule.get("outputs", ())):
            return str(cellule["id"])
    return "inconnue"
