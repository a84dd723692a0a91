"""`qualepref tirer`: rows drawn from a list, with all it takes to draw them again.

The draw is written once: a second one into the same file is refused, since whoever may draw until
the sample pleases has no sample.
"""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from qualepref_lib.campagne import sha256
from qualepref_lib.core.refus import Probleme, Refus, Releve
from qualepref_lib.core.tirage import METHODE, dire, draw
from qualepref_lib.formats.texte import load_texte

ECARTS_DITS = 3
"""For how many observed faults, from none on, the sentence is given before the check."""


@dataclass(frozen=True)
class Tirage:
    """A draw: its frame, its seed, the rows drawn (numbered as in the file), what it allows."""

    fichier: str
    sha256: str
    population: int
    graine: int
    niveau: float
    cadre: pd.DataFrame
    phrases: tuple[str, ...]

    @property
    def lignes(self) -> tuple[int, ...]:
        """The lines drawn, as a spreadsheet numbers them."""
        return tuple(int(ligne) for ligne in self.cadre.index)

    @property
    def proces_verbal(self) -> dict[str, object]:
        """What is recorded beside the rows, to draw the same again."""
        return {
            "fichier": self.fichier,
            "sha256": self.sha256,
            "population": self.population,
            "tires": len(self.cadre),
            "graine": self.graine,
            "methode": METHODE,
            "niveau": self.niveau,
            "lignes": list(self.lignes),
            "phrases": list(self.phrases),
        }


def make_tirage(
    tires: int, parmi: Path, graine: int, niveau: float = 0.95, nom: str = "lignes"
) -> Tirage:
    """Draw ``tires`` rows of the CSV ``parmi``; raises :class:`Refus` when it cannot be done."""
    releve = Releve()
    cadre = load_texte(parmi, parmi.name, releve)
    releve.refuser()
    assert cadre is not None, "what was not read was refused"
    population = len(cadre)
    if not 1 <= tires <= population:
        constat = f"on ne peut pas tirer {tires} sur {population}."
        remede = f"donner un nombre de 1 à {population}." if population else "donner une liste."
        raise Refus(Probleme(parmi.name, constat, remede=remede))
    ecarts = range(min(ECARTS_DITS, tires)) if tires < population else range(1)
    return Tirage(
        fichier=parmi.name,
        sha256=sha256(parmi),
        population=population,
        graine=graine,
        niveau=niveau,
        cadre=cadre.iloc[list(draw(population, tires, graine))],
        phrases=tuple(dire(k, tires, population, niveau, nom) for k in ecarts),
    )


def write_tirage(tirage: Tirage, sortie: Path) -> Path:
    """Write the rows drawn, and beside them the record of the draw; answer with the record."""
    proces_verbal = sortie.with_suffix(".json")
    _verifier_libres(sortie, proces_verbal)
    with sortie.open("x", encoding="utf-8-sig", newline="") as fichier:
        auteur = csv.writer(fichier, delimiter=";", lineterminator="\n")
        auteur.writerow(["ligne", *tirage.cadre.columns])
        auteur.writerows([ligne, *rang] for ligne, *rang in tirage.cadre.itertuples())
    texte = json.dumps(tirage.proces_verbal, ensure_ascii=False, indent=2)
    proces_verbal.write_text(texte + "\n", encoding="utf-8")
    return proces_verbal


def _verifier_libres(sortie: Path, proces_verbal: Path) -> None:
    remede = "choisir un autre nom."
    if sortie == proces_verbal:
        constat = "les lignes tirées s’écrivent en .csv, leur procès-verbal en .json."
        raise Refus(Probleme(sortie.name, constat, remede=remede))
    for chemin in (sortie, proces_verbal):
        if chemin.exists():
            constat = "ce fichier existe déjà ; rien n’est modifié."
            raise Refus(Probleme(chemin.name, constat, remede=remede))
