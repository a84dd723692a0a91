"""One point of a proposal: what becomes of a column or a value, why, and whether it is sure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Sort = Literal["colonne", "case", "ignoree", "numero", "absente", "libre", "rien", "complete",
               "date", "valeur", "codes", "autre", "separateur", "entete", "role"]  # fmt: skip
"""What a point is about; ``rien`` is a column that nothing is proposed for, ``role`` one of the
tool's own columns whose use is not decided yet."""


@dataclass(frozen=True)
class Choix:
    """A point. ``entete`` and ``valeur`` are theirs, ``colonne`` and ``cible`` are ours.

    ``table`` gives our answer for each code of theirs, where they are told by their rank together.
    """

    sort: Sort
    pourquoi: str
    sur: bool
    entete: str = ""
    colonne: str = ""
    valeur: str = ""
    cible: str = ""
    table: tuple[tuple[str, str], ...] = ()

    @property
    def codes(self) -> str:
        """The codes and what they stand for, as a person reads them."""
        return ", ".join(f"{leur} = {notre}" for leur, notre in self.table)

    @property
    def point(self) -> str:
        """How the point is named where it waits for somebody."""
        textes = {
            "colonne": f"« {self.entete} » est la colonne {self.colonne}",
            "case": f"« {self.entete} » est la réponse {self.cible} de {self.colonne}",
            "ignoree": f"« {self.entete} » est ignorée",
            "numero": f"la colonne {self.colonne} est numérotée",
            "absente": f"la colonne {self.colonne} n’a pas d’en-tête",
            "libre": f"tout texte de « {self.entete} » vaut une case cochée",
            "rien": f"« {self.entete} » n’est associée à rien",
            "complete": f"une réponse est complète si « {self.entete} » "
            + (f"vaut {self.cible}" if self.cible else "est remplie"),
            "date": f"{self.colonne} est écrite {self.cible}",
            "valeur": f"dans {self.colonne}, « {self.valeur} » vaut {self.cible or '?'}",
            "codes": f"dans {self.colonne}, {self.codes}",
            "autre": f"dans {self.colonne}, un texte inconnu vaut {self.cible}",
            "separateur": f"dans {self.colonne}, « {self.cible} » sépare les réponses",
            "entete": self.cible,
            "role": self.entete,
        }
        return f"{textes[self.sort]} : {self.pourquoi}"
