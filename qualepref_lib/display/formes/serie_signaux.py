"""Signals of a series: a marker of their own, and the word that says which, in lanes apart.

A lane holds one kind of signal on one side of the central line. In a lane, words that would touch
become one word over a bracket, so none overlaps another, whatever the number of points.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from qualepref_lib.core.bilan import Ligne
from qualepref_lib.display.formes.planche import ENCRE, GRIS, LIKERT, ROUGE
from qualepref_lib.display.lecture import NUANCES

PAR_LETTRE, LARGEUR_UTILE = 5.0, 450
"""Points (1/72 inch) of a letter of these words, and between the ends of the axis."""
_COURTS = {"au-delà des limites": "hors limites", "série de huit du même côté": "série de huit"}
_MARQUES = (("D", ROUGE), ("s", LIKERT[3]), ("^", ENCRE), ("P", GRIS))


@dataclass(frozen=True)
class Couloir:
    """One lane: the state it names, its side, its place from the chart, the ranks of its points."""

    statut: str
    dessus: bool
    place: int
    points: tuple[int, ...]


@dataclass(frozen=True)
class Bandes:
    """Where the lanes are, in the unit of the axis: they begin at its ends, ``pas`` high each."""

    bas: float
    haut: float
    pas: float

    def niveau(self, couloir: Couloir, part: float) -> float:
        """A height in a lane: 0 is its side towards the chart, 1 the other one."""
        ecart = (couloir.place + part) * self.pas
        return self.haut + ecart if couloir.dessus else self.bas - ecart


def signaux(lignes: Sequence[Ligne]) -> tuple[str, ...]:
    """The states that are signals, those of control charts first; a target that is met is none."""
    presents = {ligne.statut for ligne in lignes if ligne.statut}
    ranges = [s for s in (*_COURTS, *sorted(presents - set(_COURTS))) if s in presents]
    return tuple(s for s in ranges if NUANCES.get(s) != "bien")


def new_couloirs(
    lignes: Sequence[Ligne], valeurs: np.ndarray, centres: np.ndarray
) -> list[Couloir]:
    """The lanes that a series needs; a point without a value is in none."""
    couloirs: list[Couloir] = []
    for statut in signaux(lignes):
        siens = np.array([ligne.statut == statut for ligne in lignes]) & ~np.isnan(valeurs)
        dessous = valeurs < centres
        for dessus, points in ((True, siens & ~dessous), (False, siens & dessous)):
            if points.any():
                place = sum(c.dessus == dessus for c in couloirs)
                rangs = tuple(int(r) for r in np.flatnonzero(points))
                couloirs.append(Couloir(statut, dessus, place, rangs))
    return couloirs


def draw_signaux(
    axes: Axes, valeurs: np.ndarray, couloirs: Sequence[Couloir], bandes: Bandes
) -> list[Line2D]:
    """The marked points and the words of their lanes; the handles of the legend."""
    statuts = dict.fromkeys(couloir.statut for couloir in couloirs)
    poignees = []
    for rang, statut in enumerate(statuts):
        marque, couleur = _MARQUES[min(rang, len(_MARQUES) - 1)]
        rangs = [r for c in couloirs if c.statut == statut for r in c.points]
        style: dict[str, Any] = {
            "linestyle": "",
            "marker": marque,
            "markersize": 6.5,
            "color": couleur,
        }
        axes.plot(rangs, valeurs[rangs], **style, zorder=5, markeredgecolor="white")
        poignees.append(Line2D([], [], **style, label=statut))
    for couloir in couloirs:
        for points in _grouper(couloir, len(valeurs)):
            _draw_mot(axes, couloir, points, valeurs, bandes)
    return poignees


def mot(statut: str) -> str:
    """The short word of a state, beside its points."""
    return _COURTS.get(statut, statut)


def _grouper(couloir: Couloir, combien: int) -> list[list[int]]:
    """The points of a lane that share one word: neighbours, and those whose words would touch."""
    demi = _demi_largeur(couloir, combien)
    groupes = [[point] for point in couloir.points]
    rang = 0
    while rang + 1 < len(groupes):
        gauche, droite = groupes[rang], groupes[rang + 1]
        voisins = droite[0] - gauche[-1] == 1
        if voisins or _fin(gauche, demi, combien) > _debut(droite, demi, combien):
            groupes[rang : rang + 2] = [gauche + droite]
            rang = max(rang - 1, 0)  # the wider word may touch the one before
        else:
            rang += 1
    return groupes


def _demi_largeur(couloir: Couloir, combien: int) -> float:
    """Half of the width of a lane's word, in points of the series."""
    return (len(mot(couloir.statut)) * PAR_LETTRE + 8) / 2 * combien / LARGEUR_UTILE


def _milieu(groupe: list[int], demi: float, combien: int) -> float:
    """Where a word is centred: over its points, but inside the chart."""
    milieu = (groupe[0] + groupe[-1]) / 2
    return max(min(milieu, combien - 0.5 - demi), demi - 0.5)


def _debut(groupe: list[int], demi: float, combien: int) -> float:
    return min(_milieu(groupe, demi, combien) - demi, groupe[0] - 0.3)


def _fin(groupe: list[int], demi: float, combien: int) -> float:
    return max(_milieu(groupe, demi, combien) + demi, groupe[-1] + 0.3)


def _draw_mot(
    axes: Axes, couloir: Couloir, points: list[int], valeurs: np.ndarray, bandes: Bandes
) -> None:
    """A word; a dotted line leads to it from a point alone, a bracket gathers several."""
    crochet = bandes.niveau(couloir, 0.2)
    style: dict[str, Any] = {"color": GRIS, "linewidth": 0.8, "zorder": 2.5}
    if len(points) == 1:
        (x,) = points
        axes.plot([x, x], [valeurs[x], crochet], linestyle=(0, (1, 2)), **style)
    else:
        axes.plot([points[0] - 0.3, points[-1] + 0.3], [crochet, crochet], **style)
        pied = bandes.niveau(couloir, 0)
        crans = np.tile([pied, crochet, np.nan], len(points))
        axes.plot(np.repeat(points, 3), crans, **style)
    demi = _demi_largeur(couloir, len(valeurs))
    axes.text(
        _milieu(points, demi, len(valeurs)),
        bandes.niveau(couloir, 0.62),
        mot(couloir.statut),
        ha="center",
        va="center",
        fontsize=8.5,
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.6},
        zorder=6,
    )
