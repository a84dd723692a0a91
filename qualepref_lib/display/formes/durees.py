"""Ranges of waits: from the median to the ninth decile of each line, both printed."""

from __future__ import annotations

from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from qualepref_lib.core.bilan import Bilan
from qualepref_lib.core.francais import nombre
from qualepref_lib.core.mesures import Durees
from qualepref_lib.display.formes.planche import (
    BLEU,
    GRIS,
    PALE,
    ROUGE,
    axe_libelles,
    couper,
    new_planche,
)
from qualepref_lib.display.lecture import neuvieme_decile

NOM = "Diagramme des durées"
_MEDIANE: dict[str, Any] = {"marker": "o", "markersize": 7, "color": BLEU, "linestyle": ""}
_DECILE: dict[str, Any] = {"marker": "|", "markersize": 11, "color": ROUGE, "linestyle": ""}
_DECILE |= {"markeredgewidth": 2.2}


def draw_durees(bilan: Bilan) -> Figure:
    """One row a line; a median that is not reached yet is said in words, on its row."""
    lignes = [(li.libelle, li.mesure) for li in bilan.lignes if isinstance(li.mesure, Durees)]
    libelles = [libelle for libelle, _ in lignes]
    figure, axes = new_planche(_hauteur(libelles))
    fins = [fin for _, m in lignes for fin in (m.mediane, neuvieme_decile(m)) if fin is not None]
    bout = max([*fins, 1e-9])
    for rang, (_, mesure) in enumerate(lignes):
        _draw_ligne(axes, rang, mesure, bout)
    axe_libelles(axes, libelles)
    axes.set_xlim(-0.08 * bout, 1.12 * bout)
    axes.xaxis.set_major_formatter(lambda x, _: nombre(x, 0 if bout > 5 else 1))
    axes.xaxis.set_major_locator(MaxNLocator(nbins=8, steps=[1, 2, 2.5, 5, 10]))
    axes.set_xlabel(lignes[0][1].unite)
    axes.grid(axis="x", color=PALE, linewidth=0.8)
    axes.set_axisbelow(True)
    _draw_legende(figure, [mesure for _, mesure in lignes])
    return figure


def _hauteur(libelles: list[str]) -> float:
    """Half-hours make many rows of one short label: they may stand closer than sentences do."""
    etages = max(couper(libelle).count("\n") + 1 for libelle in libelles)
    return 1.0 + max(0.27, 0.16 * etages + 0.1) * max(len(libelles), 2)


def _draw_ligne(axes: Axes, rang: int, mesure: Durees, bout: float) -> None:
    mediane, decile = mesure.mediane, neuvieme_decile(mesure)
    if mediane is None:
        texte = "médiane non atteinte" if mesure.n else "aucune mesure"
        axes.text(0, rang, texte, va="center", fontsize=8.5, fontstyle="italic", color=GRIS)
        return
    if decile is not None:
        axes.plot([mediane, decile], [rang, rang], color=GRIS, linewidth=2.4, zorder=2)
        axes.plot([decile], [rang], zorder=3, **_DECILE)
        _draw_valeur(axes, rang, decile, 7)
    elif decile_ouvert(mesure):
        axes.plot([mediane, bout], [rang, rang], color=GRIS, linewidth=1.4, linestyle=(0, (2, 2)))
        axes.plot([bout], [rang], marker=">", color=GRIS, markersize=6, clip_on=False)
    axes.plot([mediane], [rang], zorder=4, **_MEDIANE)
    _draw_valeur(axes, rang, mediane, -7)


def decile_ouvert(mesure: Durees) -> bool:
    """Whether the ninth decile exists but is not reached: too many items have no end yet."""
    return mesure.p90 is None and mesure.mediane is not None and mesure.en_cours > 0


def _draw_valeur(axes: Axes, rang: int, valeur: float, ecart: int) -> None:
    """The value outside the range, so that neither covers the other when both are close."""
    axes.annotate(
        nombre(valeur, 1),
        (valeur, rang),
        xytext=(ecart, 0),
        textcoords="offset points",
        ha="left" if ecart > 0 else "right",
        va="center",
        fontsize=8.5,
    )


def _draw_legende(figure: Figure, mesures: list[Durees]) -> None:
    poignees = [Line2D([], [], label="médiane", **_MEDIANE)]
    if any(neuvieme_decile(mesure) is not None for mesure in mesures):
        poignees.append(
            Line2D([], [], label="9e décile : neuf sur dix ne le dépassent pas", **_DECILE)
        )
    if any(decile_ouvert(mesure) for mesure in mesures):
        nom = "9e décile non atteint"
        poignees.append(
            Line2D([], [], color=GRIS, linestyle=(0, (2, 2)), marker=">", markersize=6, label=nom)
        )
    figure.legend(
        handles=poignees, loc="outside upper center", ncols=3, frameon=False, fontsize=8.5
    )
