"""The axes of a series: periods that can be read, whatever their number, and round values."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from qualepref_lib.core.francais import nombre
from qualepref_lib.display.formes.planche import GRIS, PALE, colonnes_legende, couper
from qualepref_lib.display.formes.serie_signaux import Bandes, Couloir
from qualepref_lib.display.periodes import abreger, est_semaine

LARGEUR_UTILE = 450
"""Points (1/72 inch) between the ends of the axis."""
PAR_LETTRE = 5.0
"""Points that a letter of the axis takes on average, at this size."""
LETTRES = 14
ETENDUE_MIN = 10
"""Points of percentage that the axis covers at least: noise must not fill the chart."""
HAUTEUR_TRACE, COULOIR = 2.5, 0.24
"""Inches of the drawing between the lanes of signals, and of each lane."""


def axe_periodes(axes: Axes, libelles: Sequence[str]) -> None:
    """One tick a point, and as many labels as do not touch; the year stands where it changes."""
    periodes = [abreger(libelle) for libelle in libelles]
    textes = [couper(court, LETTRES) for court, _ in periodes]
    pas = _pas(textes)
    rangs = range(0, len(textes), pas)
    axes.set_xlim(-0.5, max(len(textes) - 0.5, 0.5))
    _draw_crans(axes, len(textes))
    axes.set_xticks(list(rangs), _etiquettes(periodes, textes, rangs), fontsize=8.5)
    if not any("\n" in texte for texte in textes):
        # Aligned on what is written, not on its top: accents would make the labels dance.
        axes.tick_params(axis="x", pad=22)
        for etiquette in axes.get_xticklabels():
            etiquette.set_verticalalignment("baseline")
    if any(est_semaine(libelle) for libelle in libelles):
        axes.set_xlabel("premier jour de la semaine", fontsize=8.5)


def _draw_crans(axes: Axes, combien: int) -> None:
    """A notch a point under the axis, in one stroke: as ticks of their own they weigh a third."""
    x = np.repeat(np.arange(combien, dtype=float), 3)
    y = np.tile([0.0, -0.012, np.nan], combien)
    axes.plot(x, y, transform=axes.get_xaxis_transform(), color=GRIS, linewidth=0.7, clip_on=False)


def _etiquettes(
    periodes: Sequence[tuple[str, str]], textes: Sequence[str], rangs: Sequence[int]
) -> list[str]:
    """The labels that are printed, each with a second line: the year where it changes, or none."""
    etiquettes = []
    annee_dite = ""
    for rang in rangs:
        annee = periodes[rang][1]
        nouvelle = annee != annee_dite and textes[rang] != annee
        etiquettes.append(f"{textes[rang]}\n{annee if nouvelle else ' '}")
        annee_dite = annee or annee_dite
    return etiquettes


def _pas(textes: Sequence[str]) -> int:
    """Every how many points a label stands: the widest one must not touch its neighbours."""
    lettres = max(len(morceau) for texte in textes for morceau in texte.split("\n"))
    place = LARGEUR_UTILE / len(textes)
    return max(1, math.ceil((lettres * PAR_LETTRE + 8) / place))


def axe_valeurs(
    axes: Axes, etendue: Collection[float], en_parts: bool, couloirs: Sequence[Couloir]
) -> Bandes:
    """A vertical axis of round values around what is drawn, then room for the lanes of signals.

    Shares stay between 0 and 100 %; counts start at zero, a backlog is read by its height.
    """
    bas, haut = _bornes(etendue, en_parts)
    bandes = Bandes(bas, haut, COULOIR / HAUTEUR_TRACE * (haut - bas))
    dessus = sum(couloir.dessus for couloir in couloirs)
    axes.set_ylim(
        bas - bandes.pas * (len(couloirs) - dessus),
        haut + bandes.pas * dessus,
    )
    graduations = [g for g in _graduations(bas, haut) if bas <= g <= haut]
    unite = " %" if en_parts else ""
    axes.set_yticks(graduations, [f"{nombre(g)}{unite}" for g in graduations])
    axes.grid(axis="y", color=PALE, linewidth=0.7)
    axes.set_axisbelow(True)
    return bandes


def _bornes(etendue: Collection[float], en_parts: bool) -> tuple[float, float]:
    """The ends of the axis, a little beyond what is drawn."""
    bas, haut = min(etendue, default=0.0), max(etendue, default=0.0)
    if not en_parts:
        return min(bas, 0.0), max(1.08 * haut, 1.0)
    manque = max(ETENDUE_MIN - (haut - bas), 0) / 2
    # Around what is drawn, moved inside the scale rather than cut at its end.
    bas, haut = bas - manque, haut + manque
    decalage = max(-bas, 0) - max(haut - 100, 0)
    bas, haut = bas + decalage, haut + decalage
    marge = 0.06 * max(haut - bas, ETENDUE_MIN)
    return max(bas - marge, -1.5), min(haut + marge, 101.5)


def _graduations(bas: float, haut: float) -> list[float]:
    localisateur = MaxNLocator(nbins=7, steps=[1, 2, 5, 10], integer=True)
    return [float(g) for g in localisateur.tick_values(bas, haut)]


def range_legende(figure: Figure, poignees: list[Line2D]) -> None:
    """A legend above the chart, on as many columns as its longest name lets fit."""
    figure.legend(
        handles=poignees,
        loc="outside upper center",
        ncols=colonnes_legende([str(poignee.get_label()) for poignee in poignees]),
        frameon=False,
        fontsize=8.5,
        columnspacing=1.4,
        handlelength=2.4,
    )
