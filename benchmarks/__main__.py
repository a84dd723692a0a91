"""Every benchmark of this folder, one after the other; ``docs/performance.md`` keeps the figures.

``make bench`` runs it (``make bench RAPIDE=1`` shortens every one, and writes nothing to docs/). A
benchmark is a script that prints Markdown, under the heading of its ``TITRE``. To add one is to
drop its file here.
"""

from __future__ import annotations

import ast
import datetime as dt
import json
import os
import platform
import subprocess
import sys
import tempfile
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from commun import RACINE, RAPIDE

ICI = Path(__file__).resolve().parent
AIDES = {"__main__", "commun", "script_simple"}
ORDRE = ("rapport", "lot", "commandes")
PAQUETS = ("qualepref", "pandas", "numpy", "pyarrow", "matplotlib", "papermill", "nbconvert",
           "ipykernel", "distributed", "polars", "duckdb")  # fmt: skip


def main() -> None:
    """Run them all, print each as it ends, write the page and its chart."""
    docs = RACINE / "docs"
    with tempfile.TemporaryDirectory() as nom:
        mesures = Path(nom) / "mesures.jsonl"
        parties = [entete()]
        for script in scripts():
            print(f"… {script.stem}", file=sys.stderr, flush=True)
            parties.append(partie(script, mesures))
            print(parties[-1], flush=True)
        if RAPIDE:
            print("RAPIDE=1 : docs/performance.md n'est pas changé.", file=sys.stderr)
            return
        (docs / "performance.md").write_text("\n".join(parties), encoding="utf-8")
        write_graphique(mesures, docs / "performance.svg")


def scripts() -> list[Path]:
    """The benchmarks, those of the goals first."""
    trouves = [s for s in ICI.glob("*.py") if s.stem not in AIDES]
    rangs = {nom: rang for rang, nom in enumerate(ORDRE)}
    return sorted(trouves, key=lambda s: (rangs.get(s.stem, len(ORDRE)), s.stem))


def partie(script: Path, mesures: Path) -> str:
    """What one benchmark prints, under its heading."""
    arbre = ast.parse(script.read_text(encoding="utf-8"))
    titres = [n.value for n in arbre.body if isinstance(n, ast.Assign) and _nomme(n) == "TITRE"]
    titre = str(ast.literal_eval(titres[0])) if titres else script.stem
    fait = subprocess.run(
        [sys.executable, str(script)], cwd=RACINE, stdout=subprocess.PIPE, text=True, check=False,
        env=os.environ | {"QUALEPREF_MESURES": str(mesures)},
    )  # fmt: skip
    if fait.returncode:
        raise SystemExit(f"{script.name} a échoué (code {fait.returncode}).")
    return f"## {titre}\n\n{fait.stdout.strip()}\n"


def _nomme(affectation: ast.Assign) -> str:
    cible = affectation.targets[0]
    return cible.id if isinstance(cible, ast.Name) else ""


def entete() -> str:
    """What was measured, on what, and how to measure again."""
    jour = dt.date.today()
    return f"""\
# Ce que cela coûte

Mesuré par `make bench`, qui réécrit cette page ; `make bench RAPIDE=1` en fait une version courte,
à lire à l'écran. Chaque tableau vient d'une seule exécution : les manières y alternent, les durées
sont des médianes, les rapports se lisent ligne à ligne. « Extrapolé » est écrit là où c'est le cas.

| machine | |
|---|---|
| processeur | {processeur()}, {len(os.sched_getaffinity(0))} cœurs |
| mémoire | {os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30:.0f} Gio |
| système | {platform.system()} {platform.release().split("-")[0]} |
| Python | {platform.python_version()} |
| paquets | {", ".join(versions())} |
| jour | {jour:%d/%m/%Y} |
| charge au départ | {os.getloadavg()[0]:.1f} |

![Durées mesurées, échelle logarithmique](performance.svg)
"""


def processeur() -> str:
    """The name of the processor, as the system gives it."""
    for ligne in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if ligne.startswith("model name"):
            return ligne.split(":", 1)[1].strip()
    return platform.machine()


def versions() -> list[str]:
    """The packages that the figures depend on."""
    trouvees = []
    for paquet in PAQUETS:
        try:
            trouvees.append(f"{paquet} {version(paquet)}")
        except PackageNotFoundError:
            continue
    return trouvees


def write_graphique(mesures: Path, chemin: Path) -> None:
    """One bar for each way of each work, on a logarithmic scale."""
    import matplotlib
    from matplotlib.figure import Figure

    matplotlib.rcParams |= {"svg.hashsalt": "qualepref", "svg.fonttype": "none"}
    lues = [json.loads(ligne) for ligne in mesures.read_text(encoding="utf-8").splitlines()]
    noms = [f"{m['travail']} — {m['nom']}".replace("`", "") for m in lues]
    figure = Figure(figsize=(11, 0.32 * len(lues) + 1), layout="constrained")
    axes = figure.add_subplot()
    nous = ["qualepref" in m["nom"] or "Dask" in m["nom"] or "changé" in m["nom"] for m in lues]
    couleurs = ["#000091" if le_notre else "#8a8a8a" for le_notre in nous]
    barres = axes.barh(range(len(lues)), [m["secondes"] for m in lues], color=couleurs)
    axes.bar_label(barres, [_duree(m["secondes"]) for m in lues], padding=3)
    axes.set_yticks(range(len(lues)), noms)
    axes.invert_yaxis()
    axes.set_xscale("log")
    axes.margins(x=0.15, y=0.01)  # room for the longest label
    axes.spines[["top", "right"]].set_visible(False)
    axes.set_xlabel("secondes (échelle logarithmique)")
    figure.savefig(chemin, format="svg", metadata={"Date": None, "Creator": None})


def _duree(secondes: float) -> str:
    """Three figures that count: 0,19 s, 54,8 s, 786 s."""
    decimales = 0 if secondes >= 100 else 1 if secondes >= 10 else 2
    return f"{secondes:.{decimales}f} s".replace(".", ",")


if __name__ == "__main__":
    main()
