"""Quadrants of priorities: satisfaction across, importance up, each item by its name.

The four corners are named on the drawing; the shape of a point says its corner again, so that the
chart holds in black and white. Names are set where they cover neither a point nor another name.
"""

from __future__ import annotations

from statistics import median
from typing import NamedTuple

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from qualepref_lib.core.bilan import Bilan, Ligne
from qualepref_lib.core.francais import nombre
from qualepref_lib.core.mesures import Priorite
from qualepref_lib.display.formes.planche import BLEU, ENCRE, GRIS, PALE, couper, new_planche

NOM = "Quadrants de priorités"
HAUTEUR, LARGEUR_TRACE, HAUTEUR_TRACE = 5.4, 430.0, 300.0
"""Inches of the chart; points of its drawing, which names are placed by."""
PAR_LETTRE, PAR_LIGNE, ESPACE = 4.5, 9.5, 6.0
MARQUES = {
    "à traiter d’abord": ("s", BLEU),
    "piste à vérifier": ("s", BLEU),
    "à améliorer ensuite": ("^", "white"),
    "à conserver": ("o", BLEU),
    "rien d’urgent": ("o", "white"),
}
"""The shape and the inside of a point, by the state of its line."""


class Boite(NamedTuple):
    """A box on the drawing, in points: left, bottom, right, top."""

    gauche: float
    bas: float
    droite: float
    haut: float

    def touche(self, autre: Boite) -> bool:
        """Whether two boxes share more than an edge."""
        return (
            self.gauche < autre.droite
            and autre.gauche < self.droite
            and self.bas < autre.haut
            and autre.bas < self.haut
        )


def draw_quadrants(bilan: Bilan) -> Figure:
    """One point a line that was placed; the cuts are the medians of the lines."""
    lignes = lignes_placees(bilan)
    figure, axes = new_planche(HAUTEUR)
    xs, ys = [_x(li) for li in lignes], [_y(li) for li in lignes]
    bornes = _cadrer(axes, xs, ys)
    axes.axvline(median(xs), color=GRIS, linewidth=1, linestyle=(0, (5, 3)))
    axes.axhline(median(ys), color=GRIS, linewidth=1, linestyle=(0, (5, 3)))
    _draw_coins(axes, {li.statut for li in lignes})
    for x, y, ligne in zip(xs, ys, lignes, strict=True):
        marque, fond = MARQUES.get(ligne.statut, ("D", "white"))
        axes.plot(
            x, y, marker=marque, markersize=7, markerfacecolor=fond, markeredgecolor=BLEU,
            linestyle="", zorder=4,
        )  # fmt: skip
    _draw_noms(axes, lignes, xs, ys, bornes)
    axes.set_xlabel("satisfaction : part de réponses favorables (médiane en tirets)")
    axes.set_ylabel("importance : lien avec l’ensemble")
    return figure


def lignes_placees(bilan: Bilan) -> list[Ligne]:
    """The lines that have a corner: those of a small base have none."""
    return [li for li in bilan.lignes if isinstance(li.mesure, Priorite) and li.statut]


def _cadrer(axes: Axes, xs: list[float], ys: list[float]) -> tuple[float, float, float, float]:
    """Room around the points for their names; the axes do not start at zero, and say so."""
    marge_x = max(8.0, 0.28 * (max(xs) - min(xs)))
    marge_y = max(0.06, 0.16 * (max(ys) - min(ys)))
    bornes = (
        min(xs) - marge_x,
        max(xs) + marge_x,
        min(ys) - marge_y,
        max(ys) + marge_y,
    )
    axes.set_xlim(*bornes[:2])
    axes.set_ylim(*bornes[2:])
    axes.xaxis.set_major_formatter(lambda v, _: f"{nombre(v)} %" if 0 <= v <= 100 else "")
    axes.yaxis.set_major_formatter(lambda v, _: nombre(v, 2) if -1 <= v <= 1 else "")
    axes.grid(color=PALE, linewidth=0.6)
    axes.set_axisbelow(True)
    return bornes


def _draw_coins(axes: Axes, statuts: set[str]) -> None:
    """The name of each corner, in the corner."""
    premier = "piste à vérifier" if "piste à vérifier" in statuts else "à traiter d’abord"
    coins = (
        (0.005, 0.995, "left", "top", premier),
        (0.995, 0.995, "right", "top", "à conserver"),
        (0.005, 0.005, "left", "bottom", "à améliorer ensuite"),
        (0.995, 0.005, "right", "bottom", "rien d’urgent"),
    )
    for x, y, ha, va, texte in coins:
        axes.text(
            x, y, texte, transform=axes.transAxes, ha=ha, va=va, fontsize=9.5,
            fontweight="bold", color=GRIS,
        )  # fmt: skip


def _draw_noms(
    axes: Axes,
    lignes: list[Ligne],
    xs: list[float],
    ys: list[float],
    bornes: tuple[float, float, float, float],
) -> None:
    gauche, droite, bas, haut = bornes
    points = [
        (
            (x - gauche) / (droite - gauche) * LARGEUR_TRACE,
            (y - bas) / (haut - bas) * HAUTEUR_TRACE,
        )
        for x, y in zip(xs, ys, strict=True)
    ]
    prises = [Boite(px - 5, py - 5, px + 5, py + 5) for px, py in points]
    prises += [
        Boite(0, HAUTEUR_TRACE - 14, 110, HAUTEUR_TRACE),
        Boite(LARGEUR_TRACE - 80, HAUTEUR_TRACE - 14, LARGEUR_TRACE, HAUTEUR_TRACE),
        Boite(0, 0, 120, 14),
        Boite(LARGEUR_TRACE - 80, 0, LARGEUR_TRACE, 14),
    ]
    for ligne, x, y, (px, py) in zip(lignes, xs, ys, points, strict=True):
        texte = couper(ligne.libelle, 22)
        dx, dy, boite = _placer(px, py, texte, prises)
        prises.append(boite)
        loin = max(abs(dx) - demi_largeur(texte), abs(dy) - demi_hauteur(texte)) > 2 * ESPACE
        axes.annotate(
            texte, (x, y), xytext=(dx, dy), textcoords="offset points", ha="center", va="center",
            fontsize=8, color=ENCRE, linespacing=1.05, zorder=5,
            bbox={"boxstyle": "square,pad=0.05", "facecolor": "white", "edgecolor": "none"},
            arrowprops={"arrowstyle": "-", "color": GRIS, "linewidth": 0.6} if loin else None,
        )  # fmt: skip


def _placer(px: float, py: float, texte: str, prises: list[Boite]) -> tuple[float, float, Boite]:
    """The nearest free place for a name: its centre from the point, and its box."""
    demi_l, demi_h = demi_largeur(texte), demi_hauteur(texte)
    dernier = (0.0, 0.0, Boite(px, py, px, py))
    for pas in range(7):
        recul = ESPACE + 11 * pas
        cotes, hauts = recul + demi_l, recul + demi_h
        for dx, dy in (
            (cotes, 0.0), (-cotes, 0.0), (0.0, hauts), (0.0, -hauts),
            (cotes, hauts), (-cotes, hauts), (cotes, -hauts), (-cotes, -hauts),
        ):  # fmt: skip
            x, y = px + dx, py + dy
            boite = Boite(x - demi_l, y - demi_h, x + demi_l, y + demi_h)
            dernier = (dx, dy, boite)
            dedans = boite.gauche >= 0 and boite.droite <= LARGEUR_TRACE
            dedans &= boite.bas >= 0 and boite.haut <= HAUTEUR_TRACE
            if dedans and not any(boite.touche(prise) for prise in prises):
                return dernier
    return dernier


def demi_largeur(texte: str) -> float:
    """Half the width of a name, in points."""
    return max(len(rangee) for rangee in texte.split("\n")) * PAR_LETTRE / 2


def demi_hauteur(texte: str) -> float:
    """Half its height."""
    return len(texte.split("\n")) * PAR_LIGNE / 2


def _x(ligne: Ligne) -> float:
    assert isinstance(ligne.mesure, Priorite)
    return 100 * float(ligne.mesure.satisfaction.valeur or 0)


def _y(ligne: Ligne) -> float:
    assert isinstance(ligne.mesure, Priorite)
    return float(ligne.mesure.importance.valeur or 0)
