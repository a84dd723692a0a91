"""A year of registers: 200,000 calls, 60,000 tickets, 40,000 letters, 20,000 titles.

``python benchmarks/registres.py`` writes a synthetic campaign to a temporary folder, then times how
long it takes to read it, check every rule, and run every analysis of the registers, in a process
that has already imported the library. Medians of five runs, peak memory of the process.
"""

from __future__ import annotations

import inspect
import os
import resource
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import ModuleType

import numpy as np
import pandas as pd

from qualepref_lib.analyses import (
    appels,
    appels_attente,
    courriers,
    courriers_ouverts,
    courriers_semaines,
    guichets,
    reclamations,
    tickets,
    titres,
    visites,
)
from qualepref_lib.campagne import Campagne, load_campagne

TITRE = "Une année de registres"
RACINE = Path(__file__).parents[1]
FOIS = 1 if os.environ.get("RAPIDE") else 5
EFFECTIFS = {"appels": 200_000, "tickets": 60_000, "courriers": 40_000, "titres": 20_000}
MODULES = (
    courriers, courriers_ouverts, courriers_semaines, reclamations,
    appels, appels_attente, tickets, visites, guichets, titres,
)  # fmt: skip


def write_campagne(dossier: Path, graine: int = 1) -> None:
    """The demonstration's form and référentiel, with a year of random registers."""
    modele = RACINE / "data" / "campagnes" / "moselle_2022"
    shutil.copytree(RACINE / "data" / "referentiel", dossier / "referentiel")
    campagne = dossier / "campagnes" / "annee"
    campagne.mkdir(parents=True)
    fiche = (modele / "campagne.yaml").read_text(encoding="utf-8")
    fiche = fiche.replace("debut: 2022-", "debut: 2021-").replace(
        "code: moselle_2022", "code: annee"
    )
    (campagne / "campagne.yaml").write_text(fiche, encoding="utf-8")
    hasard = np.random.default_rng(graine)
    jours = pd.bdate_range("2021-04-01", "2022-03-31")
    for source, cadre in _tables(hasard, jours).items():
        cadre.to_csv(campagne / f"{source}.csv", sep=";", index=False)


def _tables(hasard: np.random.Generator, jours: pd.DatetimeIndex) -> dict[str, pd.DataFrame]:
    def choisir(valeurs: list[str], n: int, poids: list[float] | None = None) -> np.ndarray:
        return hasard.choice(valeurs, n, p=poids)

    def dates(n: int) -> pd.Series:
        return pd.Series(np.sort(hasard.choice(jours, n)))

    def texte(serie: pd.Series) -> pd.Series:
        return serie.dt.strftime("%Y-%m-%d").where(serie.notna(), "")

    def heure(minutes: np.ndarray) -> pd.Series:
        entiers = pd.Series(minutes.astype(int))
        return (
            (entiers // 60).astype(str).str.zfill(2) + ":" + (entiers % 60).astype(str).str.zfill(2)
        )

    n = EFFECTIFS["appels"]
    issue = choisir(["repondu", "abandonne", "messagerie", "svi"], n, [0.6, 0.15, 0.15, 0.1])
    attente = np.where(issue == "svi", "", hasard.integers(2, 400, n).astype(str))
    lus = {"appels": pd.DataFrame({
        "date": texte(dates(n)), "heure": heure(hasard.integers(510, 960, n)), "issue": issue,
        "service": choisir(["standard", "CERT", "accueil général"], n), "attente": attente,
        "transferts": np.where(issue == "repondu", "0", ""),
    })}  # fmt: skip
    n = EFFECTIFS["tickets"]
    pris, attendu = hasard.integers(510, 900, n), hasard.integers(0, 60, n)
    servi = hasard.random(n) < 0.93
    lus["tickets"] = pd.DataFrame({
        "ticket": [f"T{i}" for i in range(n)], "date": texte(dates(n)),
        "file": choisir(["sans_rdv", "avec_rdv"], n),
        "motif": choisir(["titre_sejour", "permis"], n),
        "pris": heure(pris), "appele": heure(pris + attendu).where(servi, ""),
        "fini": heure(pris + attendu + 8).where(servi, ""), "guichet": "",
        "issue": np.where(servi, "servi", "abandonne"),
    })  # fmt: skip
    for source, unite in (("courriers", "C"), ("titres", "D")):
        n = EFFECTIFS[source]
        recus = dates(n)
        finis = recus + pd.to_timedelta(hasard.integers(1, 60, n), unit="D")
        finis = finis.where(hasard.random(n) < 0.9)
        if source == "titres":
            cles = {"dossier": [f"{unite}{i}" for i in range(n)],
                    "titre": choisir(["cni", "passeport", "permis"], n),
                    "date_depot": texte(recus), "date_decision": texte(finis)}  # fmt: skip
        else:
            cles = {"chrono": [f"{unite}{i}" for i in range(n)], "date_reception": texte(recus),
                    "canal": choisir(["courrier", "courriel", "formulaire"], n),
                    "nature": choisir(["information", "rendez_vous", "reclamation"], n),
                    "service": choisir(["standard", "CERT", "accueil général"], n),
                    "date_reponse": texte(finis)}  # fmt: skip
        lus[source] = pd.DataFrame(cles)
    return lus


def analyses(modules: Sequence[ModuleType]) -> list[Callable[[Campagne], object]]:
    """Every measure of some analyses."""
    return [
        fonction
        for module in modules
        for nom, fonction in inspect.getmembers(module, inspect.isfunction)
        if nom.startswith(("measure_", "list_")) and fonction.__module__ == module.__name__
    ]


def chronometrer(faire: Callable[[], object]) -> float:
    """The median duration of several runs, in seconds."""
    durees = []
    for _ in range(FOIS):
        debut = time.perf_counter()
        faire()
        durees.append(time.perf_counter() - debut)
    return statistics.median(durees)


def main() -> None:
    """Print the figures as a Markdown table."""
    with tempfile.TemporaryDirectory() as dossier:
        write_campagne(Path(dossier))
        chemin = Path(dossier) / "campagnes" / "annee"
        lecture = chronometrer(lambda: load_campagne(chemin))
        campagne = load_campagne(chemin)
        faites = analyses(MODULES)
        analyse = chronometrer(lambda: [faire(campagne) for faire in faites])
    memoire = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    total = sum(len(table.cadre) for table in campagne.tables.values())
    print(f"Python {sys.version.split()[0]}, pandas {pd.__version__}, numpy {np.__version__}")
    print("\n| travail | médiane |\n|---|---|")
    print(f"| lire et vérifier {total} lignes | {lecture:.2f} s |")
    print(f"| les {len(faites)} analyses des registres | {analyse:.2f} s |")
    print(f"| mémoire du processus, au plus haut | {memoire:.0f} Mio |")


if __name__ == "__main__":
    main()
