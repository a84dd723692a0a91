"""A wave of 10,000 mystery tests, about twenty observations each.

``python benchmarks/mystere.py`` writes a synthetic campaign to a temporary folder, then times how
long it takes to read it with every rule checked, and to run every analysis of the mystery tests.
Medians of five runs, in a process that has already imported the library.
"""

from __future__ import annotations

import resource
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
from registres import analyses, chronometrer, write_campagne

from qualepref_lib.analyses import (
    mystere,
    mystere_accords,
    mystere_axes,
    mystere_decisions,
    mystere_vagues,
)
from qualepref_lib.campagne import load_campagne
from qualepref_lib.referentiel import load_referentiel

TITRE = "Une vague de 10 000 tests mystère"
TESTS = 10_000
MODULES = (mystere, mystere_accords, mystere_axes, mystere_decisions, mystere_vagues)


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
        write_vague(dossier)
        lecture = chronometrer(lambda: load_campagne(chemin))
        campagne = load_campagne(chemin)
        faites = analyses(MODULES)
        analyse = chronometrer(lambda: [faire(campagne) for faire in faites])
    lues = len(campagne.tables["mystere"].cadre)
    memoire = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print("| travail | médiane |\n|---|---|")
    print(f"| lire et vérifier {lues} lignes ({TESTS} tests) | {lecture:.2f} s |")
    print(f"| les {len(faites)} analyses des enquêtes mystère | {analyse:.2f} s |")
    print(f"| mémoire du processus, au plus haut | {memoire:.0f} Mio |")


if __name__ == "__main__":
    main()
