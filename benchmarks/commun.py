"""What the benchmarks share: timing commands, peak memory, Markdown tables, the chart's figures.

``RAPIDE=1`` shortens every one of them: to see that they run, not to be quoted.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

RACINE = Path(__file__).resolve().parents[1]
RAPIDE = bool(os.environ.get("RAPIDE"))
MESURES = os.environ.get("QUALEPREF_MESURES")
"""Where the figures of the chart are gathered, when a whole set of benchmarks is run."""
BIN = Path(sys.executable).parent
QUALEPREF = [str(BIN / "qualepref")]


@dataclass
class Course:
    """Several ways of doing one work, timed one after the other, several times over."""

    travail: str
    durees: dict[str, list[float]] = field(default_factory=dict)

    def courir(self, manieres: Mapping[str, Callable[[], float]], fois: int) -> None:
        """Time each way in turn, ``fois`` times: what slows the machine slows them all."""
        for _ in range(fois):
            for nom, faire in manieres.items():
                self.durees.setdefault(nom, []).append(faire())

    def noter(self, nom: str, duree: float) -> None:
        """A duration measured or extrapolated elsewhere."""
        self.durees.setdefault(nom, []).append(duree)

    def mediane(self, nom: str) -> float:
        """The median duration of one way, in seconds."""
        return statistics.median(self.durees[nom])

    def table(self, reference: str) -> str:
        """A Markdown table of medians, and how many times each way is of ``reference``."""
        base = self.mediane(reference)
        lignes = [f"| {self.travail} | médiane | mesures | rapport |", "|---|---:|---:|---:|"]
        for nom, durees in self.durees.items():
            mediane = self.mediane(nom)
            lignes.append(
                f"| {nom} | {secondes(mediane)} | {len(durees)} | × {fr(mediane / base)} |"
            )
            publier(self.travail, nom, mediane)
        return "\n".join(lignes) + "\n"


def publier(travail: str, nom: str, mediane: float) -> None:
    """Hand a figure to the chart."""
    if MESURES:
        with Path(MESURES).open("a", encoding="utf-8") as fichier:
            ligne = {"travail": travail, "nom": nom, "secondes": mediane}
            fichier.write(json.dumps(ligne, ensure_ascii=False) + "\n")


def fr(valeur: float) -> str:
    """Three significant figures, with a decimal comma."""
    decimales = 2 if abs(valeur) < 10 else 1 if abs(valeur) < 100 else 0
    return f"{valeur:.{decimales}f}".replace(".", ",")


def secondes(duree: float) -> str:
    """« 1,25 s »."""
    return f"{fr(duree)} s"


def lancer(commande: Sequence[str], **environnement: str) -> float:
    """Run a command to its end, silent; answer with its duration."""
    debut = time.perf_counter()
    fait = subprocess.run(
        list(commande),
        cwd=RACINE,
        env=os.environ | environnement,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        check=False,
    )
    if fait.returncode:
        raise RuntimeError(f"{' '.join(commande)}\n{fait.stderr.decode()}")
    return time.perf_counter() - debut


def vider(*dossiers: Path) -> None:
    """Remove outputs and what is remembered beside them: the next run is a cold one."""
    for dossier in dossiers:
        for chemin in (dossier, *dossier.parent.glob(f".{dossier.name}.*")):
            if chemin.is_dir():
                shutil.rmtree(chemin)
            else:
                chemin.unlink(missing_ok=True)


def memoire_de(commande: Sequence[str], **environnement: str) -> float:
    """The peak memory of a command and all that it launches, in MiB, shared pages counted once."""
    return observer(commande, **environnement)[1]


def observer(commande: Sequence[str], **environnement: str) -> tuple[float, float]:
    """How long a command takes, looked at three times a second, and that peak."""
    debut = time.perf_counter()
    processus = subprocess.Popen(
        list(commande), cwd=RACINE, env=os.environ | environnement,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    pic = 0.0
    fini = threading.Event()

    def guetter() -> None:
        nonlocal pic
        while not fini.wait(0.3):
            pic = max(pic, sum(_pss(pid) for pid in _descendance(processus.pid)))

    guetteur = threading.Thread(target=guetter)
    guetteur.start()
    code = processus.wait()
    duree = time.perf_counter() - debut
    fini.set()
    guetteur.join()
    if code:
        raise RuntimeError(" ".join(commande))
    return duree, pic / 1024


def _descendance(pid: int) -> list[int]:
    enfants: dict[int, list[int]] = {}
    for dossier in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((dossier / "stat").read_text().rsplit(")", 1)[1].split()[1])
        except OSError:
            continue
        enfants.setdefault(parent, []).append(int(dossier.name))
    trouves, attente = [], [pid]
    while attente:
        trouves.append(attente.pop())
        attente += enfants.get(trouves[-1], [])
    return trouves


def _pss(pid: int) -> float:
    """The proportional share of memory of one process, in KiB."""
    try:
        texte = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0.0
    return float(texte.split("\nPss:", 1)[1].split()[0]) if "\nPss:" in texte else 0.0
