"""The parameters of a notebook: read from its tagged cell, checked wherever they come from.

papermill only warns of a parameter that the notebook does not know, and the run goes on with the
default: a report for the wrong date, and nobody is told. Here an unknown or mistyped parameter is
a refusal with the near-miss, under stock papermill too: the injected cell is in the kernel's
history when the chapter loads its campaign.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from qualepref_lib.core.refus import Probleme, proche

INJECTEE = "# Parameters"
"""First line of the cell that papermill injects."""

_TYPES: dict[str, type | tuple[type, ...]] = {
    "str": str,
    "int": int,
    "float": (int, float),
    "bool": bool,
    "None": type(None),
}
_FRANCAIS = {
    "str": "un texte",
    "int": "un entier",
    "float": "un nombre",
    "bool": "True ou False",
    "None": "rien",
}


@dataclass(frozen=True)
class Parametre:
    """One line of a parameters cell: its name, the admitted types, the default value."""

    nom: str
    types: tuple[str, ...]
    defaut: Any

    def admet(self, valeur: Any) -> bool:
        """Whether ``valeur`` has one of the types of the annotation."""
        if not self.types:
            return True
        if isinstance(valeur, bool) and "bool" not in self.types:
            return False
        return any(isinstance(valeur, _TYPES[nom]) for nom in self.types)

    @property
    def attendu(self) -> str:
        """The admitted types, in French."""
        return " ou ".join(_FRANCAIS[nom] for nom in self.types)


def read_parametres(source: str) -> dict[str, Parametre]:
    """The parameters that a cell declares, by name.

    >>> read_parametres('campagne: str = "moselle_2022"')["campagne"].defaut
    'moselle_2022'
    """
    declares = {}
    for noeud in ast.parse(source).body:
        if isinstance(noeud, ast.AnnAssign) and isinstance(noeud.target, ast.Name):
            nom, annotation, valeur = noeud.target.id, ast.unparse(noeud.annotation), noeud.value
        elif isinstance(noeud, ast.Assign) and isinstance(noeud.targets[0], ast.Name):
            nom, annotation, valeur = noeud.targets[0].id, "", noeud.value
        else:
            continue
        types = tuple(t.strip() for t in annotation.split("|") if t.strip() in _TYPES)
        declares[nom] = Parametre(nom, types, ast.literal_eval(valeur) if valeur else None)
    return declares


def check_parametres(
    donnes: Mapping[str, Any], connus: Mapping[str, Parametre], lieu: str
) -> list[Probleme]:
    """What is wrong with the given parameters: unknown names with their near-miss, wrong types."""
    problemes = []
    for nom, valeur in donnes.items():
        if nom not in connus:
            problemes.append(
                Probleme(
                    lieu,
                    f"« {nom} » n’est pas un paramètre.",
                    connus=tuple(connus),
                    voisin=proche(nom, connus),
                )
            )
        elif not connus[nom].admet(valeur):
            problemes.append(
                Probleme(
                    lieu,
                    f"le paramètre « {nom} » vaut {valeur!r} : {connus[nom].attendu} est attendu.",
                    remede="avec papermill, « -r nom valeur » passe la valeur comme un texte.",
                )
            )
    return problemes


def check_historique(cellules: Sequence[str]) -> list[Probleme]:
    """What is wrong in the cell that papermill injected, if the history of the kernel has one."""
    injectees = [c for c in cellules if c.startswith(INJECTEE)]
    if not injectees:
        return []
    avant = cellules[: list(cellules).index(injectees[0])]
    connus: dict[str, Parametre] = {}
    for cellule in avant:
        connus |= read_parametres(cellule) if cellule.strip() else {}
    donnes = {nom: p.defaut for nom, p in read_parametres(injectees[0]).items()}
    return check_parametres(donnes, connus, "paramètres du carnet")
