"""Dot plot of rates: the target as a line, bounds or interval as a whisker."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from qualepref_lib.core.bilan import Bilan, Ligne
from qualepref_lib.core.mesures import Taux
from qualepref_lib.display.formes.planche import (
    BLEU,
    ENCRE,
    GRIS,
    ROUGE,
    axe_libelles,
    axe_pourcentages,
    hauteur_pour,
    new_planche,
)

NOM = "Diagramme en points"


def draw_points(bilan: Bilan) -> Figure:
    """One row a line of the bilan, its rate as a dot with the printed value."""
    lignes = [li for li in bilan.lignes if isinstance(li.mesure, Taux) and li.mesure.observes]
    libelles = [ligne.libelle for ligne in lignes]
    figure, axes = new_planche(hauteur_pour(libelles))
    axe_pourcentages(axes)
    axe_libelles(axes, libelles)
    for rang, ligne in enumerate(lignes):
        _draw_ligne(axes, rang, ligne, bilan)
    _draw_cible(axes, lignes)
    return figure


def _draw_ligne(axes: Axes, rang: int, ligne: Ligne, bilan: Bilan) -> None:
    taux = ligne.mesure
    assert isinstance(taux, Taux) and taux.valeur is not None
    etendue = taux.intervalle(bilan.niveau) if bilan.est_echantillon else taux.bornes
    fin = 100 * float(taux.valeur)
    if etendue is not None:
        bas, haut = (100 * float(borne) for borne in etendue)
        axes.plot([bas, haut], [rang, rang], color=GRIS, linewidth=3, solid_capstyle="butt")
    axes.plot([fin], [rang], marker="o", markersize=7, color=BLEU)
    axes.annotate(
        taux.pourcentage.replace("\u00a0", " "),
        (fin, rang),
        xytext=(0, 7),
        textcoords="offset points",
        ha="center",
        color=ENCRE,
        fontsize=8.5,
    )


def _draw_cible(axes: Axes, lignes: list[Ligne]) -> None:
    """The target: one dashed line when it is the same for all, a tick a row otherwise."""
    cibles = {ligne.cible for ligne in lignes if ligne.cible is not None}
    if len(cibles) == 1 and all(ligne.cible is not None for ligne in lignes):
        (cible,) = cibles
        axes.axvline(100 * float(cible), color=ROUGE, linewidth=1.2, linestyle=(0, (5, 3)))
        axes.set_xlabel(f"ligne tiretée : cible de {100 * float(cible):g} %".replace(".", ","))
        return
    for rang, ligne in enumerate(lignes):
        if ligne.cible is not None:
            x = 100 * float(ligne.cible)
            axes.plot([x, x], [rang - 0.3, rang + 0.3], color=ROUGE, linewidth=1.6)
    if cibles:
        axes.set_xlabel("trait vertical : cible de la ligne")
