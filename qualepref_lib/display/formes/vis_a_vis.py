"""A rate, and facing it the number of things that act on it, line by line."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from qualepref_lib.core.bilan import Bilan, Ligne
from qualepref_lib.core.mesures import VisAVis
from qualepref_lib.display.formes.planche import (
    BLEU,
    ENCRE,
    GRIS,
    LARGEUR,
    LIKERT,
    PALE,
    ROUGE,
    axe_libelles,
    axe_pourcentages,
    hauteur_pour,
)

NOM = "Diagramme en vis-à-vis"
LARGEUR_LIBELLE = 26


def draw_vis_a_vis(bilan: Bilan) -> Figure:
    """On the left the rates with their target, on the right the counts; one line for both."""
    lignes = [ligne for ligne in bilan.lignes if isinstance(ligne.mesure, VisAVis)]
    libelles = [ligne.libelle for ligne in lignes]
    hauteur = hauteur_pour(libelles, LARGEUR_LIBELLE, socle=1.1)
    figure = Figure(figsize=(LARGEUR, hauteur), layout="constrained")
    gauche, droite = figure.subplots(1, 2, sharey=True, width_ratios=(3, 2))
    for axes in (gauche, droite):
        for cote in ("top", "right", "left"):
            axes.spines[cote].set_visible(False)
        axes.tick_params(axis="y", length=0)
    axe_libelles(gauche, libelles, LARGEUR_LIBELLE)
    _draw_taux(gauche, lignes)
    _draw_nombres(droite, lignes, bilan)
    return figure


def _draw_taux(axes: Axes, lignes: list[Ligne]) -> None:
    axe_pourcentages(axes)
    axes.set_title("Taux", loc="left", fontsize=9.5)
    for rang, ligne in enumerate(lignes):
        taux = _mesure(ligne).taux
        if taux.valeur is None:
            continue
        x = 100 * float(taux.valeur)
        axes.plot([x], [rang], marker="o", markersize=7, color=BLEU)
        axes.annotate(
            taux.pourcentage.replace("\u00a0", " "),
            (x, rang),
            xytext=(0, 7),
            textcoords="offset points",
            ha="center",
            fontsize=8.5,
            color=ENCRE,
        )
        if ligne.cible is not None:
            cible = 100 * float(ligne.cible)
            axes.plot([cible, cible], [rang - 0.3, rang + 0.3], color=ROUGE, linewidth=1.6)
    if any(ligne.cible is not None for ligne in lignes):
        axes.set_xlabel("trait vertical : cible")


def _draw_nombres(axes: Axes, lignes: list[Ligne], bilan: Bilan) -> None:
    nombres = [_mesure(ligne).effectif.n for ligne in lignes]
    axes.set_title(bilan.entetes_taux[0], loc="left", fontsize=9.5)
    axes.barh(
        range(len(nombres)), nombres, height=0.5, color=LIKERT[1], edgecolor=GRIS, linewidth=0.6
    )
    axes.set_xlim(0, max([*nombres, 1]) * 1.15)
    axes.set_xticks([])
    axes.spines["bottom"].set_color(PALE)
    for rang, nombre in enumerate(nombres):
        axes.annotate(
            str(nombre),
            (nombre, rang),
            xytext=(4, 0),
            textcoords="offset points",
            va="center",
            fontsize=9,
            fontweight="bold",
        )


def _mesure(ligne: Ligne) -> VisAVis:
    assert isinstance(ligne.mesure, VisAVis)
    return ligne.mesure
