"""Editions of a survey in their order: joined where they compare, broken where they do not.

A full line joins two editions that are comparable, a dotted one those that are with a reserve;
between editions that do not compare there is no line, and the break is written on the drawing. A
point without an interval is a figure of which only the value was published.
"""

from __future__ import annotations

import itertools
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from qualepref_lib.core.bilan import Bilan, Ligne
from qualepref_lib.core.francais import nombre
from qualepref_lib.core.mesures import Score
from qualepref_lib.display.formes.planche import BLEU, ENCRE, GRIS, PALE, new_planche

NOM = "Suite d’éditions"
HAUTEUR = 3.4
RUPTURE, RESERVE = "rupture", "avec réserve"
GRAVITE = {RUPTURE: 2, RESERVE: 1}


def draw_editions(bilan: Bilan) -> Figure:
    """One point a line, left to right, with its interval and its value."""
    lignes = lignes_editions(bilan)
    figure, axes = new_planche(HAUTEUR)
    axes.set_ylim(0, 104)
    axes.set_yticks(range(0, 101, 20), [f"{n} %" for n in range(0, 101, 20)])
    axes.grid(axis="y", color=PALE, linewidth=0.8)
    axes.set_axisbelow(True)
    axes.set_xlim(-0.6, len(lignes) - 0.4)
    axes.set_xticks(range(len(lignes)), [_nom(ligne) for ligne in lignes])
    liens = {_draw_lien(axes, rang, *paire) for rang, paire in enumerate(_paires(lignes))}
    for rang, ligne in enumerate(lignes):
        _draw_point(axes, rang, ligne)
    _draw_legende(figure, liens, lignes)
    return figure


def lignes_editions(bilan: Bilan) -> list[Ligne]:
    """The lines that have a value to draw."""
    return [
        li
        for li in bilan.lignes
        if isinstance(li.mesure, Score)
        and li.mesure.valeur is not None
        and not li.mesure.petite_base
    ]


def _paires(lignes: list[Ligne]) -> list[tuple[Ligne, Ligne]]:
    return list(itertools.pairwise(lignes))


def _draw_lien(axes: Axes, rang: int, avant: Ligne, apres: Ligne) -> str:
    """The line between two editions, or the break; what it was is answered, for the legend."""
    verdict = max((avant.statut, apres.statut), key=lambda s: GRAVITE.get(s, 0))
    if verdict == RUPTURE:
        x = rang + 0.5
        axes.plot([x - 0.03, x - 0.03], [4, 92], color=ENCRE, linewidth=1)
        axes.plot([x + 0.03, x + 0.03], [4, 92], color=ENCRE, linewidth=1)
        axes.text(x, 95, "rupture de série", ha="center", va="bottom", fontsize=8.5, color=ENCRE)
        return RUPTURE
    reserve = verdict == RESERVE
    axes.plot(
        [rang, rang + 1],
        [_valeur(avant), _valeur(apres)],
        color=GRIS if reserve else BLEU,
        linewidth=1.3,
        linestyle=(0, (1, 2)) if reserve else "-",
        zorder=2,
    )
    return RESERVE if reserve else "comparable"


def _draw_point(axes: Axes, rang: int, ligne: Ligne) -> None:
    score, y = ligne.mesure, _valeur(ligne)
    assert isinstance(score, Score)
    if score.etendue is not None:
        axes.plot([rang, rang], list(score.etendue), color=BLEU, linewidth=2.4, zorder=3)
    creux = score.n is None
    axes.plot(
        rang, y, marker="o", markersize=8, zorder=4, linestyle="", markeredgecolor=BLEU,
        markerfacecolor="white" if creux else BLEU,
    )  # fmt: skip
    axes.annotate(
        f"{nombre(y, score.decimales)} %", (rang, y), xytext=(9, 0), textcoords="offset points",
        va="center", fontsize=9.5, fontweight="bold", color=BLEU,
    )  # fmt: skip


def _draw_legende(figure: Figure, liens: set[str], lignes: list[Ligne]) -> None:
    poignees = []
    if "comparable" in liens:
        poignees.append(Line2D([], [], color=BLEU, label="éditions comparables"))
    if RESERVE in liens:
        points: dict[str, Any] = {"color": GRIS, "linestyle": (0, (1, 2))}
        poignees.append(Line2D([], [], label="à comparer avec réserve", **points))
    if any(isinstance(li.mesure, Score) and li.mesure.n is None for li in lignes):
        creux: dict[str, Any] = {"marker": "o", "linestyle": "", "markerfacecolor": "white"}
        nom = "valeur publiée, base inconnue"
        poignees.append(Line2D([], [], label=nom, markeredgecolor=BLEU, **creux))
    if any(isinstance(li.mesure, Score) and li.mesure.etendue for li in lignes):
        poignees.append(Line2D([], [], color=BLEU, linewidth=2.4, label="intervalle"))
    if poignees:
        figure.legend(
            handles=poignees, loc="outside lower center", ncols=min(3, len(poignees)),
            frameon=False, fontsize=8.5,
        )  # fmt: skip


def _nom(ligne: Ligne) -> str:
    score = ligne.mesure
    assert isinstance(score, Score)
    base = "base inconnue" if score.n is None else f"n = {score.base}"
    return f"{ligne.libelle}\n{base}"


def _valeur(ligne: Ligne) -> float:
    assert isinstance(ligne.mesure, Score)
    return float(ligne.mesure.valeur or 0)
