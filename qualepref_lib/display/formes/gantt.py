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
    BLEU,
    ENCRE,
    GRIS,
    LIKERT,
    PALE,
    ROUGE,
    axe_libelles,
    couper,
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
    _axe_mois(axes, lignes, [jour for jour, _ in bilan.dates])
    _draw_jours(axes, bilan)
    return figure


def _draw_jours(axes: Axes, bilan: Bilan) -> None:
    """The reference date, dashed, and the days marked, dotted, each with its name above."""
    dits = []
    if bilan.jour is not None:
        jour = float(date2num(bilan.jour))
        axes.axvline(jour, color=ENCRE, linewidth=1.2, linestyle=(0, (4, 3)), zorder=1)
        dits.append(f"ligne tiretée : {bilan.jour:%d/%m/%Y}, date de référence")
    for jour_marque, nom in bilan.dates:
        x = float(date2num(jour_marque))
        axes.axvline(x, color=BLEU, linewidth=1.1, linestyle=(0, (1, 1.6)), zorder=1)
        axes.annotate(
            couper(nom, 14), (x, -0.5), xytext=(0, 3), textcoords="offset points",
            ha="center", va="bottom", fontsize=8, color=BLEU, annotation_clip=False,
        )  # fmt: skip
    if bilan.dates:
        dits.append("lignes pointillées : " + ", ".join(f"{n} ({j:%d/%m})" for j, n in bilan.dates))
    axes.set_xlabel("\n".join(couper(dit, 58) for dit in dits))


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


def _axe_mois(axes: Axes, lignes: list[Ligne], dates: list[dt.date]) -> None:
    bornes = [
        date
        for li in lignes
        if isinstance(li.mesure, Periode)
        for date in (li.mesure.debut, li.mesure.fin)
        if date is not None
    ]
    if not bornes:
        return
    bornes += dates
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
