"""Gantt of the actions: the span of each, its state in words, the reference date."""

from __future__ import annotations

import datetime as dt

from matplotlib.axes import Axes
from matplotlib.dates import MonthLocator, date2num
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from qualepref_lib.core.bilan import Bilan, Ligne
from qualepref_lib.core.mesures import Periode
from qualepref_lib.display.formes.planche import (
    ENCRE,
    GRIS,
    LIKERT,
    PALE,
    ROUGE,
    axe_libelles,
    hauteur_pour,
    new_planche,
)
from qualepref_lib.display.periodes import MOIS

NOM = "Diagramme de Gantt"
LARGEUR_LIBELLE = 44
_TEINTES = {"fait": LIKERT[0], "en retard": ROUGE, "en cours": LIKERT[1]}


def draw_gantt(bilan: Bilan) -> Figure:
    """One bar an action from its start to its due date, with its state printed beside it."""
    lignes = [ligne for ligne in bilan.lignes if _fin(ligne) is not None]
    libelles = [ligne.libelle for ligne in lignes]
    figure, axes = new_planche(hauteur_pour(libelles, LARGEUR_LIBELLE))
    for rang, ligne in enumerate(lignes):
        _draw_action(axes, rang, ligne)
    axe_libelles(axes, libelles, LARGEUR_LIBELLE)
    _axe_mois(axes, lignes)
    if bilan.jour is not None:
        axes.axvline(float(date2num(bilan.jour)), color=ENCRE, linewidth=1.2, linestyle=(0, (4, 3)))
        axes.set_xlabel(f"ligne tiretée : {bilan.jour:%d/%m/%Y}, date de référence")
    return figure


def _draw_action(axes: Axes, rang: int, ligne: Ligne) -> None:
    fin = _fin(ligne)
    assert fin is not None and isinstance(ligne.mesure, Periode)
    debut = ligne.mesure.debut or fin
    gauche, droite = float(date2num(debut)), float(date2num(fin))
    axes.barh(
        rang,
        max(droite - gauche, 2),
        left=gauche,
        height=0.5,
        color=_TEINTES.get(ligne.statut, PALE),
        edgecolor=GRIS,
        linewidth=0.6,
        hatch="//" if ligne.statut == "en retard" else "",
    )
    axes.annotate(
        ligne.statut,
        (droite, rang),
        xytext=(5, 0),
        textcoords="offset points",
        va="center",
        fontsize=8,
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.8},
    )


def _axe_mois(axes: Axes, lignes: list[Ligne]) -> None:
    bornes = [
        date
        for li in lignes
        if isinstance(li.mesure, Periode)
        for date in (li.mesure.debut, li.mesure.fin)
        if date is not None
    ]
    if not bornes:
        return
    marge = (max(bornes) - min(bornes)) * 0.18
    axes.set_xlim(float(date2num(min(bornes))) - 3, float(date2num(max(bornes) + marge)) + 6)
    axes.xaxis.set_major_locator(MonthLocator())
    axes.xaxis.set_major_formatter(FuncFormatter(lambda x, _: nom_mois(x)))
    axes.grid(axis="x", color=PALE, linewidth=0.8)
    axes.set_axisbelow(True)


def nom_mois(x: float) -> str:
    """The month of a day of matplotlib, with its year in January."""
    jour = dt.date(1970, 1, 1) + dt.timedelta(days=int(x))
    annee = f"\n{jour.year}" if jour.month == 1 else ""
    return MOIS[jour.month - 1] + annee


def _fin(ligne: Ligne) -> dt.date | None:
    return ligne.mesure.fin if isinstance(ligne.mesure, Periode) else None
