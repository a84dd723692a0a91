"""The parameters of a notebook: read from its tagged cell, checked wherever they come from.

papermill only warns of a parameter that the notebook does not know, and the run goes on with the
default: a report for the wrong date, and nobody is told. Here an unknown or mistyped parameter is
a refusal with the near-miss, under stock papermill too: the injected cell is in the kernel's
history when the chapter loads its campaign. jupyter-scheduler injects one without a mark; it is
known by its place.
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
    """What is wrong in the cell that was injected, if the history of the kernel has one."""
    cellules = [cellule for cellule in cellules if cellule.strip()]
    marquees = [c for c in cellules if c.startswith(INJECTEE)]
    injectee = marquees[0] if marquees else _sans_marque(cellules)
    if injectee is None:
        return []
    connus: dict[str, Parametre] = {}
    for cellule in cellules[: cellules.index(injectee)]:
        connus |= read_parametres(cellule)
    donnes = {nom: p.defaut for nom, p in read_parametres(injectee).items()}
    problemes = check_parametres(donnes, connus, "paramètres du carnet")
    # Without a mark, a person may have typed it: only what looks like a parameter is one.
    return problemes if marquees else [p for p in problemes if p.voisin or p.remede]


def _sans_marque(cellules: Sequence[str]) -> str | None:
    """The second of the three first cells, when it only gives values after a parameters cell."""
    if len(cellules) != 3:
        return None
    try:
        avant, elle = (ast.parse(cellule).body for cellule in cellules[:2])
        for noeud in elle:
            ast.literal_eval(noeud.value if isinstance(noeud, ast.Assign) else "")
    except (SyntaxError, ValueError):
        return None
    declare = any(isinstance(noeud, ast.AnnAssign) for noeud in avant)
    return cellules[1] if declare and elle else None
