"""The floor of the obvious: one script that computes and draws all that the chapters show.

``python benchmarks/script_simple.py CAMPAGNE`` reads the campaign once, runs the cells of every
chapter one after the other in one process, and draws each result as the report would hold it
(table, SVG, sentence). No kernel, no isolation, no page: only what any script would have to do.
"""

from __future__ import annotations

import ast
import json
import sys
from pathlib import Path

from qualepref_lib.atelier.chargement import keep_campagne
from qualepref_lib.running.carnets import Carnet, find_racine, load_carnets


def run(carnet: Carnet, campagne: str) -> int:
    """Run the cells of one chapter; answer with how many results were drawn."""
    noms: dict[str, object] = {"__name__": "__main__"}
    cellules = json.loads(carnet.chemin.read_text(encoding="utf-8"))["cells"]
    codes = [c for c in cellules if c["cell_type"] == "code"]
    dessines = 0
    for rang, cellule in enumerate(codes):
        dessines += _montrer("".join(cellule["source"]), noms)
        if rang == 0 and "campagne" in carnet.parametres:
            noms["campagne"] = campagne
    return dessines


def _montrer(source: str, noms: dict[str, object]) -> int:
    """Run one cell; its last expression is drawn, as a notebook would."""
    arbre = ast.parse(source)
    dernier = arbre.body.pop() if arbre.body and isinstance(arbre.body[-1], ast.Expr) else None
    exec(compile(arbre, "<cellule>", "exec"), noms)
    if dernier is None:
        return 0
    valeur = eval(compile(ast.Expression(dernier.value), "<cellule>", "eval"), noms)
    dessiner = getattr(valeur, "_repr_mimebundle_", None)
    return int(dessiner is not None and bool(dessiner()))


def main(campagne: str) -> None:
    """All the chapters."""
    keep_campagne(campagne)
    carnets = load_carnets(find_racine())
    dessines = sum(run(carnet, campagne) for carnet in carnets)
    print(f"{len(carnets)} chapitres, {dessines} résultats dessinés ({Path.cwd().name})")


if __name__ == "__main__":
    main(sys.argv[1])
