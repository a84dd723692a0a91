"""One point of a proposal: what becomes of a column or a value, why, and whether it is sure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Sort = Literal["colonne", "case", "ignoree", "numero", "absente", "libre", "rien", "complete",
               "date", "valeur", "autre", "separateur", "entete", "role"]  # fmt: skip
"""What a point is about; ``rien`` is a column that nothing is proposed for, ``role`` one of the
tool's own columns whose use is not decided yet."""


@dataclass(frozen=True)
class Choix:
    """A point. ``entete`` and ``valeur`` are theirs, ``colonne`` and ``cible`` are ours."""

    sort: Sort
    pourquoi: str
    sur: bool
    entete: str = ""
    colonne: str = ""
    valeur: str = ""
    cible: str = ""

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
            "autre": f"dans {self.colonne}, un texte inconnu vaut {self.cible}",
            "separateur": f"dans {self.colonne}, « {self.cible} » sépare les réponses",
            "entete": self.cible,
            "role": self.entete,
        }
        return f"{textes[self.sort]} : {self.pourquoi}"
