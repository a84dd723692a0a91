"""The charts by name: what each is called in French, and what draws it.

Importing this imports matplotlib: it is done when a chart is drawn, and not before.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from matplotlib.figure import Figure

from qualepref_lib.core.bilan import Bilan
from qualepref_lib.display.aspects.aspect import Forme
from qualepref_lib.display.formes import (
    barres,
    chaleur,
    durees,
    editions,
    entonnoir,
    gantt,
    likert,
    points,
    quadrants,
    serie,
    trajectoire,
    vis_a_vis,
)


class Dessin(NamedTuple):
    """A kind of chart; ``repere`` is what its alternative text counts."""

    nom: str
    draw: Callable[[Bilan], Figure]
    repere: str = "ligne"


CATALOGUE: dict[Forme, Dessin] = {
    "points": Dessin(points.NOM, points.draw_points),
    "barres": Dessin(barres.NOM, barres.draw_barres),
    "likert": Dessin(likert.NOM, likert.draw_likert),
    "gantt": Dessin(gantt.NOM, gantt.draw_gantt),
    "serie": Dessin(serie.NOM, serie.draw_serie, repere="point"),
    "chaleur": Dessin(chaleur.NOM, chaleur.draw_chaleur),
    "durees": Dessin(durees.NOM, durees.draw_durees),
    "entonnoir": Dessin(entonnoir.NOM, entonnoir.draw_entonnoir),
    "trajectoire": Dessin(trajectoire.NOM, trajectoire.draw_trajectoire),
    "vis_a_vis": Dessin(vis_a_vis.NOM, vis_a_vis.draw_vis_a_vis),
    "quadrants": Dessin(quadrants.NOM, quadrants.draw_quadrants),
    "editions": Dessin(editions.NOM, editions.draw_editions),
}
