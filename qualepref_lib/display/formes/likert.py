"""Diverging bars of the survey: favourable answers to the right, unfavourable to the left."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from qualepref_lib.core.bilan import Bilan
from qualepref_lib.core.mesures import Repartition
from qualepref_lib.display.formes.planche import (
    ENCRE,
    GRIS,
    HACHURES,
    LIKERT,
    axe_libelles,
    hauteur_pour,
    new_planche,
)

NOM = "Barres divergentes"
LISIBLE = 7
"""Below this share, in points, a bar is too short for its printed percentage."""


def draw_likert(bilan: Bilan) -> Figure:
    """One bar a question; the answers go from the best to the worst, outlined and hatched."""
    lignes = [li for li in bilan.lignes if isinstance(li.mesure, Repartition) and li.mesure.base]
    libelles = [ligne.libelle for ligne in lignes]
    figure, axes = new_planche(hauteur_pour(libelles, socle=1.3))
    for rang, ligne in enumerate(lignes):
        assert isinstance(ligne.mesure, Repartition)
        _draw_barre(axes, rang, ligne.mesure)
    axe_libelles(axes, libelles)
    axes.axvline(0, color=ENCRE, linewidth=1)
    axes.set_xlim(-100, 100)
    axes.set_xticks(range(-100, 101, 50), [f"{abs(n)} %" for n in range(-100, 101, 50)])
    axes.set_xlabel("← défavorable    part des réponses exprimées    favorable →")
    _draw_legende(figure, axes, lignes[0].mesure)
    return figure


def _draw_legende(figure: Figure, axes: Axes, mesure: object) -> None:
    """The answers from the best to the worst, whatever the order in which they were drawn."""
    assert isinstance(mesure, Repartition)
    poignees, noms = axes.get_legend_handles_labels()
    rangs = [noms.index(nom) for nom in mesure.effectifs]
    figure.legend(
        [poignees[rang] for rang in rangs],
        [noms[rang] for rang in rangs],
        loc="outside upper center",
        ncols=4,
        frameon=False,
        fontsize=8.5,
        columnspacing=1.2,
    )


def _draw_barre(axes: Axes, rang: int, repartition: Repartition) -> None:
    modalites = list(repartition.effectifs)
    milieu = len(modalites) // 2
    parts = [100 * n / repartition.base for n in repartition.effectifs.values()]
    # From the centre outwards on each side, so that the mildest answers touch the axis.
    depart = 0.0
    for i in range(milieu - 1, -1, -1):
        _draw_segment(axes, rang, depart, parts[i], i, modalites[i])
        depart += parts[i]
    depart = 0.0
    for i in range(milieu, len(modalites)):
        depart -= parts[i]
        _draw_segment(axes, rang, depart, parts[i], i, modalites[i])


def _draw_segment(
    axes: Axes, rang: int, gauche: float, part: float, degre: int, modalite: str
) -> None:
    axes.barh(
        rang,
        part,
        left=gauche,
        height=0.62,
        color=LIKERT[degre % len(LIKERT)],
        hatch=HACHURES[degre % len(HACHURES)],
        edgecolor=GRIS,
        linewidth=0.6,
        label=modalite if rang == 0 else None,
    )
    if part >= LISIBLE:
        fonce = degre in (0, len(LIKERT) - 1)
        axes.text(
            gauche + part / 2,
            rang,
            f"{int(part + 0.5)} %",
            ha="center",
            va="center",
            fontsize=8,
            color="white" if fonce else ENCRE,
            bbox={"facecolor": LIKERT[degre % len(LIKERT)], "edgecolor": "none", "pad": 1},
        )
