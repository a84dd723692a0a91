"""Many sites: on this machine, then on a local Dask cluster.

``python benchmarks/lot.py`` has sites invented, times `qualepref lot` on two numbers of sites (the
slope is what one more site costs), and compares it with the commands of papermill and nbconvert,
measured on one site and multiplied.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import rapport
from commun import BIN, QUALEPREF, RACINE, RAPIDE, Course, fr, lancer, observer, secondes

from qualepref_lib.running.lot.grappe import Grappe
from qualepref_lib.running.lot.sites import list_sites
from qualepref_lib.running.lot.unite import Resultat, Unite

TITRE = "De nombreux sites : sur cette machine, puis sur une grappe Dask locale"
PEU, BEAUCOUP = (2, 4) if RAPIDE else (8, 32)
SUR_LA_GRAPPE = 2 if RAPIDE else 8
RESEAU = 120
ADRESSE = f"tcp://127.0.0.1:{20000 + os.getpid() % 20000}"
PROCESSEURS = len(os.sched_getaffinity(0))


def main() -> None:
    """Print the figures as Markdown."""
    with tempfile.TemporaryDirectory() as nom:
        dossier = Path(nom)
        lancer([*QUALEPREF, "reseau", "generer", str(BEAUCOUP), "--sortie", str(dossier)])
        un_site = ici(dossier)
        en_grappe(dossier)
        print(f"Un site de plus sur cette machine : {secondes(un_site)}.\n")


def ici(dossier: Path) -> float:
    """This machine; the commands are measured on one of the sites."""
    sites = sorted((dossier / "campagnes").iterdir())
    course = Course("de nombreux sites")
    for n in (PEU, BEAUCOUP):
        commande = [*QUALEPREF, "lot", *map(str, sites[:n]), "--sortie", str(dossier / f"r{n}")]
        duree, memoire = observer(commande)
        course.noter(f"`qualepref lot`, {n} sites", duree)
    peu, beaucoup = (course.mediane(nom) for nom in course.durees)
    pente = (beaucoup - peu) / (BEAUCOUP - PEU)
    course.courir({f"le même, rien n'a changé, {BEAUCOUP} sites": lambda: lancer(commande)}, 3)
    (dossier / "lent").mkdir()
    lente = rapport.commandes(dossier / "lent", str(sites[0]))
    nous = f"`qualepref lot`, {RESEAU} sites (extrapolé)"
    course.noter(nous, peu + pente * (RESEAU - PEU))
    nom = f"les commandes, {RESEAU} sites (extrapolé d'un site, {secondes(lente)})"
    course.noter(nom, lente * RESEAU)
    print(course.table(nous))
    print(f"Mémoire de tous les processus pour {BEAUCOUP} sites, au plus haut : {memoire:.0f} Mio.")
    attendu = peu * BEAUCOUP / PEU
    print(f"Linéarité : {BEAUCOUP} sites coûtent {fr(beaucoup / attendu)} fois {BEAUCOUP // PEU} "
          f"lots de {PEU}.\n")  # fmt: skip
    return pente


def en_grappe(dossier: Path) -> None:
    """One worker, then one a processor: the same sites, and what a task costs beside its work."""
    course = Course(f"{SUR_LA_GRAPPE} sites sur une grappe locale")
    surcouts = {}
    noms = {n: f"Dask, {n} ouvrier" + ("s" if n > 1 else "") for n in (1, PROCESSEURS)}
    for n, nom in noms.items():
        with grappe(n):
            resultats: list[Resultat] = []
            faire(dossier, "chauffe", n, resultats)
            resultats.clear()
            debut = time.perf_counter()
            faire(dossier, f"g{n}", SUR_LA_GRAPPE, resultats)
            course.noter(nom, time.perf_counter() - debut)
            assert all(r.etat == "fait" for r in resultats), resultats
            travail = sum(r.duree_s for r in resultats) / n
            surcouts[n] = (course.mediane(nom) - travail) / SUR_LA_GRAPPE * 1000
    print(course.table(noms[1]))
    gain = course.mediane(noms[1]) / course.mediane(noms[PROCESSEURS])
    print(f"{PROCESSEURS} ouvriers vont {fr(gain)} fois plus vite qu'un seul. Avec un seul, une "
          f"tâche coûte {surcouts[1]:.0f} ms en plus de son travail.\n")  # fmt: skip


def faire(dossier: Path, sortie: str, n: int, resultats: list[Resultat]) -> None:
    """Make the reports of ``n`` sites on the cluster."""
    sites = list_sites([str(dossier)])[:n]
    unites = [
        Unite(s.nom, str(s.dossier), str(dossier / sortie / s.nom), str(RACINE)) for s in sites
    ]
    Grappe(ADRESSE).run(unites, resultats.append)


@contextmanager
def grappe(ouvriers: int) -> Iterator[None]:
    """A scheduler and its workers on loopback."""
    dask = str(BIN / "dask")
    communs = ["--host", "127.0.0.1", "--no-dashboard"]
    muet = subprocess.DEVNULL
    lances = [
        subprocess.Popen([dask, "scheduler", "--port", ADRESSE.rsplit(":", 1)[1], *communs],
                         stdout=muet, stderr=muet)
    ]  # fmt: skip
    lances += [
        subprocess.Popen([dask, "worker", ADRESSE, "--no-nanny", "--nthreads", "1", *communs],
                         stdout=muet, stderr=muet)
        for _ in range(ouvriers)
    ]  # fmt: skip
    try:
        from distributed import Client

        with Client(ADRESSE, timeout=60, set_as_default=False) as client:
            client.wait_for_workers(ouvriers, timeout=120)
        yield
    finally:
        for processus in reversed(lances):
            processus.kill()
            processus.wait()


if __name__ == "__main__":
    main()
