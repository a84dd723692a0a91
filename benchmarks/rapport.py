"""The demonstration report: cold, nothing changed, one file changed.

``python benchmarks/rapport.py`` compares `qualepref rapport` with what a user would write without
it: the commands of papermill and nbconvert chapter by chapter, papermill's API in one process, a
plain script that computes and draws the same.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from pathlib import Path

from commun import BIN, QUALEPREF, RACINE, RAPIDE, Course, fr, lancer, memoire_de, vider

TITRE = "Le rapport de démonstration : à froid, inchangé, un fichier changé"
CAMPAGNE = "moselle_2022"
CARNETS = sorted((RACINE / "notebooks").glob("*.ipynb"))
FOIS = 1 if RAPIDE else 3
CHAPITRES = CARNETS[::7] if RAPIDE else CARNETS
"""The chapters that the slow ways run; the rest is extrapolated, and the table says so."""
API = """
import sys
from pathlib import Path
import nbformat, papermill
from nbconvert.exporters import get_exporter
dossier, campagne, *carnets = sys.argv[1:]
exporter = get_exporter("qualepref")()
for carnet in map(Path, carnets):
    execute = Path(dossier) / carnet.name
    papermill.execute_notebook(str(carnet), str(execute), parameters={"campagne": campagne},
                               kernel_name="python3", progress_bar=False, cwd=str(carnet.parent))
    page, _ = exporter.from_filename(str(execute))
    execute.with_suffix(".html").write_text(page, encoding="utf-8")
"""


def commandes(dossier: Path, campagne: str = CAMPAGNE) -> float:
    """papermill then nbconvert, a command each, for every chapter."""
    duree = 0.0
    for carnet in CHAPITRES:
        execute = dossier / carnet.name
        duree += lancer([str(BIN / "papermill"), str(carnet), str(execute), "-k", "python3",
                         "-p", "campagne", campagne, "--cwd", str(carnet.parent)])  # fmt: skip
        duree += lancer([str(BIN / "jupyter"), "nbconvert", "--to", "qualepref", str(execute)])
    return duree * len(CARNETS) / len(CHAPITRES)


def api(dossier: Path) -> float:
    """papermill's Python API and one exporter, in one process."""
    chapitres = [str(c) for c in CHAPITRES]
    duree = lancer([sys.executable, "-c", API, str(dossier), CAMPAGNE, *chapitres])
    return duree * len(CARNETS) / len(CHAPITRES)


def script() -> float:
    """A plain script."""
    return lancer([sys.executable, str(RACINE / "benchmarks" / "script_simple.py"), CAMPAGNE])


def froid(sortie: Path, **environnement: str) -> float:
    """Our command, with nothing to remember."""
    vider(sortie)
    return lancer([*QUALEPREF, "rapport", CAMPAGNE, "--sortie", str(sortie)], **environnement)


def main() -> None:
    """Print the figures as Markdown."""
    with tempfile.TemporaryDirectory() as nom:
        dossier = Path(nom)
        (dossier / "lent").mkdir()
        sortie = dossier / "r"
        course = Course(f"{len(CARNETS)} chapitres, à froid")
        noms = ("`qualepref rapport moselle_2022`", "un script simple")
        course.courir({noms[0]: lambda: froid(sortie), noms[1]: script}, FOIS)
        part = "" if len(CHAPITRES) == len(CARNETS) else f" (extrapolé de {len(CHAPITRES)})"
        course.noter(f"l'API de papermill, un processus{part}", api(dossier / "lent"))
        course.noter(f"les commandes papermill et nbconvert{part}", commandes(dossier / "lent"))
        print(course.table(noms[0]))
        memoire = memoire_de([*QUALEPREF, "rapport", CAMPAGNE, "--tout", "--sortie", str(sortie)])
        page = (sortie / "rapport_audit.html").stat().st_size
        print(f"Mémoire de tous les processus, au plus haut : {memoire:.0f} Mio.")
        print(f"Le rapport pèse {fr(page / 1e6)} Mo.\n")
        inchange(dossier, course.mediane(noms[0]))


def inchange(dossier: Path, a_froid: float) -> None:
    """The same again with nothing changed, then with one file changed."""
    for nom in ("data", "notebooks"):
        shutil.copytree(RACINE / nom, dossier / "projet" / nom)
    ici = {"QUALEPREF_RACINE": str(dossier / "projet")}
    sortie = dossier / "projet" / "reports" / CAMPAGNE
    froid(sortie, **ici)
    commande = [*QUALEPREF, "rapport", CAMPAGNE, "--sortie", str(sortie)]
    course = Course("encore une fois")
    course.noter("à froid", a_froid)
    course.courir({"rien n'a changé": lambda: lancer(commande, **ici)}, 2 * FOIS + 1)
    titres = dossier / "projet" / "data" / "campagnes" / CAMPAGNE / "titres.csv"

    def changer() -> float:
        lignes = titres.read_text(encoding="utf-8")
        numero = 9000 + lignes.count("\n")
        titres.write_text(f"{lignes}D22-{numero};cni;2022-03-01;;CERT\n", encoding="utf-8")
        return lancer(commande, **ici)

    course.courir({"une ligne de plus dans titres.csv": changer}, FOIS)
    fiches = sortie.with_name(f".{sortie.name}.memoire").glob("*.json")
    lus = [json.loads(fiche.read_text(encoding="utf-8"))["lus"] for fiche in fiches]
    lisent = sum("titres" in codes or "*" in codes for codes in lus)
    print(course.table("à froid"))
    print(f"Chapitres qui lisent titres.csv, donc refaits : {lisent} "
          f"sur {len(lus)}.\n")  # fmt: skip


if __name__ == "__main__":
    main()
