"""The five chapters of the survey, on a million answers to the demonstration's questionnaire.

``python benchmarks/enquete_rapport.py`` repeats the demonstration's answers (free texts included)
until they are as many, then has the chapters made, from the file to the page: read, screened,
counted, tested, masked, drawn. The 171 answers go through the same code.
"""

from __future__ import annotations

import csv
import shutil
import tempfile
from pathlib import Path

from commun import QUALEPREF, RACINE, RAPIDE, fr, observer, secondes

TITRE = "Les chapitres de l’enquête, de 171 à un million de réponses"
CHAPITRES = ("03c", "03k", "03l", "03m", "03n")
TAILLES = (171, 20_000) if RAPIDE else (171, 100_000, 1_000_000)


def write_campagne(dossier: Path, combien: int) -> Path:
    """The demonstration campaign, its answers repeated under other identifiers."""
    shutil.copytree(RACINE / "data", dossier / "data")
    campagne = dossier / "data" / "campagnes" / "moselle_2022"
    with (campagne / "enquete.csv").open(encoding="utf-8", newline="") as fichier:
        entetes, *reponses = csv.reader(fichier, delimiter=";")
    with (campagne / "enquete.csv").open("w", encoding="utf-8", newline="") as fichier:
        ecrire = csv.writer(fichier, delimiter=";").writerow
        ecrire(entetes)
        for rang in range(combien):
            numero, *reste = reponses[rang % len(reponses)]
            ecrire([f"{numero}-{rang}", *reste])
    return campagne


def main() -> None:
    """Print the figures as a Markdown table."""
    print("| réponses | fichier | durée | mémoire de tous les processus |\n|---:|---:|---:|---:|")
    for combien in TAILLES:
        with tempfile.TemporaryDirectory() as nom:
            campagne = write_campagne(Path(nom), combien)
            taille = (campagne / "enquete.csv").stat().st_size / 1e6
            choix = [mot for chapitre in CHAPITRES for mot in ("--chapitre", chapitre)]
            duree, memoire = observer(
                [*QUALEPREF, "rapport", str(campagne), "--sortie", str(Path(nom) / "r"), *choix]
            )
        lues = f"{combien:,}".replace(",", " ")
        print(f"| {lues} | {fr(taille)} Mo | {secondes(duree)} | {memoire:.0f} Mio |")


if __name__ == "__main__":
    main()
