"""A drawing board: one matplotlib Figure without pyplot, and its SVG, the same bytes every time.

Colours are readable for every colour vision and never carry meaning alone. Without pyplot there is
no global state; with a fixed salt, no date and no metadata, two runs give the same SVG.
"""

from __future__ import annotations

import io
import math
import re
import textwrap
from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from qualepref_lib.display.formes.allegement import POLICES, alleger

BLEU, ROUGE, ENCRE, GRIS, PALE = "#000091", "#E1000F", "#1E1E1E", "#666666", "#DDDDDD"
LIKERT = ("#00478F", "#7FA6D6", "#E1995C", "#8C3B00")
"""From the best to the worst answer."""
HACHURES = ("", "", "//", "\\\\")
LARGEUR, RANGEE = 7.2, 96
"""Inches of a chart, and letters that fit across it in a legend."""
STYLE: dict[Any, Any] = {
    "svg.hashsalt": "qualepref",
    # Text stays text: glyph outlines made charts four times heavier. DejaVu is wider than the
    # fonts that stand in for it, so a label laid out with it never overflows with them.
    "svg.fonttype": "none",
    "font.family": ["DejaVu Sans"],
    "font.size": 9.0,
    "axes.edgecolor": GRIS,
    "axes.labelcolor": ENCRE,
    "text.color": ENCRE,
    "xtick.color": ENCRE,
    "ytick.color": ENCRE,
    "hatch.linewidth": 0.6,
    "path.simplify": True,
}


def new_planche(hauteur: float) -> tuple[Figure, Axes]:
    """A figure of the report's width and its axes, frame reduced to what is read."""
    figure = Figure(figsize=(LARGEUR, hauteur), layout="constrained")
    axes = figure.add_subplot()
    for cote in ("top", "right", "left"):
        axes.spines[cote].set_visible(False)
    axes.tick_params(axis="y", length=0)
    return figure, axes


def hauteur_pour(libelles: list[str], largeur: int = 34, socle: float = 1.0) -> float:
    """The height, in inches, that gives each row the room of the longest label."""
    etages = max((couper(libelle, largeur).count("\n") + 1 for libelle in libelles), default=1)
    return socle + max(0.4, 0.16 * etages + 0.1) * max(len(libelles), 2)


def couper(libelle: str, largeur: int = 34) -> str:
    """A label on as many lines as it needs, with curly apostrophes: nothing of it is cut."""
    libelle = re.sub(r"(?<=\w)'(?=\w)", "’", libelle)
    return "\n".join(textwrap.wrap(libelle, largeur)) or libelle


def axe_pourcentages(axes: Axes) -> None:
    """A horizontal axis from 0 to 100 %."""
    axes.set_xlim(-4, 104)
    axes.set_xticks(range(0, 101, 20), [f"{n} %" for n in range(0, 101, 20)])
    axes.grid(axis="x", color=PALE, linewidth=0.8)
    axes.set_axisbelow(True)


def axe_libelles(axes: Axes, libelles: list[str], largeur: int = 34) -> None:
    """One label a row, the first at the top."""
    axes.set_yticks(range(len(libelles)), [couper(libelle, largeur) for libelle in libelles])
    axes.set_ylim(len(libelles) - 0.5, -0.5)


def colonnes_legende(noms: Sequence[str], au_plus: int = 4) -> int:
    """How many columns a legend has: one row when it holds, else even rows of its longest name.

    A sample colour and its gap take about the room of six letters.
    """
    if sum(len(nom) + 6 for nom in noms) <= RANGEE:
        return len(noms)
    largeur = max(1, min(au_plus, RANGEE // (max(len(nom) for nom in noms) + 6)))
    rangees = math.ceil(len(noms) / largeur)
    return math.ceil(len(noms) / rangees)


def svg(figure: Figure) -> str:
    """The figure as SVG text: no metadata, no date, no indentation, coordinates of two decimals."""
    tampon = io.StringIO()
    figure.savefig(tampon, format="svg", metadata={"Date": None, "Creator": None})
    texte = re.sub(r"\s*<metadata>.*?</metadata>", "", tampon.getvalue(), flags=re.DOTALL)
    texte = re.sub(r"<\?xml.*?\?>\s*|<!DOCTYPE.*?>\s*", "", texte, flags=re.DOTALL)
    return alleger(texte.replace("'DejaVu Sans'", POLICES))
