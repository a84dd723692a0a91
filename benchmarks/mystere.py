"""A wave of 10,000 mystery tests of twenty criteria each.

``python benchmarks/mystere.py`` writes a synthetic campaign to a temporary folder, then times how
long it takes to read it with every rule checked, and to run every analysis of the mystery tests.
Medians of three runs, in a process that has already imported the library; processor time beside
the wall clock, for a machine that others use.
"""

from __future__ import annotations

import resource
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import yaml
from registres import analyses, write_campagne

from qualepref_lib.analyses import (
    mystere,
    mystere_accords,
    mystere_axes,
    mystere_decisions,
    mystere_suivi,
    mystere_vagues,
)
from qualepref_lib.campagne import load_campagne
from qualepref_lib.referentiel import load_referentiel

TITRE = "Une vague de 10 000 tests mystère"
TESTS = 10_000
CRITERES = 20
FOIS = 3
MODULES = (
    mystere,
    mystere_accords,
    mystere_axes,
    mystere_decisions,
    mystere_suivi,
    mystere_vagues,
)


def widen_grilles(dossier: Path) -> None:
    """Give each grid twenty criteria, besides its measures."""
    for chemin in sorted((dossier / "referentiel" / "demonstration" / "mystere").glob("*.yaml")):
        grille = yaml.safe_load(chemin.read_text(encoding="utf-8"))
        criteres = sum(o.get("genre", "critere") == "critere" for o in grille["observations"])
        ajouts = "".join(
            f'  - {{code: "{grille["code"]}.ajout{rang:02d}", libelle: "Critère ajouté {rang}"}}\n'
            for rang in range(criteres, CRITERES)
        )
        chemin.write_text(chemin.read_text(encoding="utf-8").rstrip() + "\n" + ajouts, "utf-8")


def write_vague(dossier: Path, graine: int = 1) -> None:
    """A wave on every grid in turn, each observation answered at random, one test in ten twice."""
    hasard = np.random.default_rng(graine)
    grilles = load_referentiel(dossier / "referentiel" / "demonstration").grilles
    jours = pd.bdate_range("2022-02-21", "2022-03-25").strftime("%Y-%m-%d").to_numpy()
    lignes = []
    for numero in range(TESTS):
        grille = grilles[numero % len(grilles)]
        jour = jours[numero * len(jours) // TESTS]
        for testeur, codage in (("T1", ""), ("T2", "double"))[: 2 if numero % 10 == 0 else 1]:
            for o in grille.observations:
                mesure = o.genre == "mesure"
                reponse = "" if mesure else ("oui" if hasard.random() < 0.8 else "non")
                valeur = str(hasard.integers(1, 20)) if mesure else ""
                lignes.append(("2022-V1", f"N{numero:05d}", grille.code, "standard", jour,
                               testeur, codage, "1", "oui", o.code, reponse, valeur))  # fmt: skip
    colonnes = ["vague", "test", "grille", "service", "date", "testeur", "codage", "tentatives",
                "abouti", "observation", "reponse", "valeur"]  # fmt: skip
    cadre = pd.DataFrame(lignes, columns=colonnes)
    cadre.to_csv(dossier / "campagnes" / "annee" / "mystere.csv", sep=";", index=False)


def main() -> None:
    """Print the figures as a Markdown table."""
    with tempfile.TemporaryDirectory() as nom:
        dossier = Path(nom)
        write_campagne(dossier)
        chemin = dossier / "campagnes" / "annee"
        for registre in ("appels", "tickets", "courriers", "titres"):
            (chemin / f"{registre}.csv").unlink()
        widen_grilles(dossier)
        write_vague(dossier)
        lecture = _chronometrer(lambda: load_campagne(chemin))
        campagne = load_campagne(chemin)
        faites = analyses(MODULES)
        analyse = _chronometrer(lambda: [faire(campagne) for faire in faites])
    lues = len(campagne.tables["mystere"].cadre)
    memoire = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print("| travail | horloge | processeur |\n|---|---|---|")
    print(f"| lire et vérifier {lues} lignes ({TESTS} tests) | {_dire(lecture)} |")
    print(f"| les {len(faites)} analyses des enquêtes mystère | {_dire(analyse)} |")
    print(f"| mémoire du processus, au plus haut | {memoire:.0f} Mio | |")


def _chronometrer(faire: Callable[[], object]) -> tuple[float, float]:
    """The median duration of some runs, by the clock and by the processor."""
    durees = []
    for _ in range(FOIS):
        debut, travail = time.perf_counter(), time.process_time()
        faire()
        durees.append((time.perf_counter() - debut, time.process_time() - travail))
    horloge, processeur = zip(*durees, strict=True)
    return statistics.median(horloge), statistics.median(processeur)


def _dire(durees: tuple[float, float]) -> str:
    return " | ".join(f"{duree:.2f} s" for duree in durees)


if __name__ == "__main__":
    main()
