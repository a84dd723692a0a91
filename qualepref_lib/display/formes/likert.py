"""Diverging bars of a scale: favourable answers to the right, unfavourable to the left.

Answers come from the best to the worst; the middle one of an odd scale is neither, and stands
across the axis.
"""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from qualepref_lib.core.bilan import Bilan
from qualepref_lib.core.mesures import Repartition
from qualepref_lib.display.formes.couleurs import encre_sur, hachures, teintes
from qualepref_lib.display.formes.planche import (
    ENCRE,
    GRIS,
    axe_libelles,
    colonnes_legende,
    hauteur_pour,
    new_planche,
)

NOM = "Barres divergentes"
LISIBLE, LISIBLE_SERRE = 7, 9
"""Below this share, in points, a bar is too short for its printed percentage; on longer scales,
bars have narrow neighbours on both sides."""


def draw_likert(bilan: Bilan) -> Figure:
    """One bar a question; the answers go from the best to the worst, outlined and hatched."""
    lignes = [li for li in bilan.lignes if isinstance(li.mesure, Repartition) and li.mesure.base]
    libelles = [ligne.libelle for ligne in lignes]
    figure, axes = new_planche(hauteur_pour(libelles, socle=1.3))
    for rang, ligne in enumerate(lignes):
        assert isinstance(ligne.mesure, Repartition)
        _draw_barre(axes, rang, ligne.mesure)
    axe_libelles(axes, libelles)
    assert isinstance(lignes[0].mesure, Repartition)
    _draw_axe(axes, len(lignes[0].mesure.effectifs))
    _draw_legende(figure, axes, lignes[0].mesure)
    return figure


def _draw_axe(axes: Axes, degres: int) -> None:
    """The sides; shares are read on the axis only when nothing stands across its zero."""
    impaire = degres % 2 == 1
    axes.axvline(0, color=ENCRE, linewidth=1, **({"zorder": 0} if impaire else {}))
    if impaire:
        bout = 1.03 * max(abs(x) for x in axes.dataLim.intervalx)
        axes.set_xlim(-bout, bout)
        axes.set_xticks([])
        axes.set_xlabel("← défavorable    (réponse du milieu au centre)    favorable →")
        return
    axes.set_xlim(-100, 100)
    axes.set_xticks(range(-100, 101, 50), [f"{abs(n)} %" for n in range(-100, 101, 50)])
    axes.set_xlabel("← défavorable    part des réponses exprimées    favorable →")


def _draw_legende(figure: Figure, axes: Axes, mesure: Repartition) -> None:
    """The answers from the best to the worst, whatever the order in which they were drawn."""
    poignees, noms = axes.get_legend_handles_labels()
    rangs = [noms.index(nom) for nom in mesure.effectifs]
    figure.legend(
        [poignees[rang] for rang in rangs],
        [noms[rang] for rang in rangs],
        loc="outside upper center",
        ncols=4 if len(noms) == 4 else colonnes_legende(noms),
        frameon=False,
        fontsize=8.5,
        columnspacing=1.2,
    )


def _draw_barre(axes: Axes, rang: int, repartition: Repartition) -> None:
    degres = list(repartition.effectifs)
    parts = [100 * n / repartition.base for n in repartition.effectifs.values()]
    cote, impaire = divmod(len(degres), 2)
    depart = parts[cote] / 2 if impaire else 0.0
    if impaire:
        _draw_segment(axes, rang, -depart, parts[cote], cote, degres)
    # From the centre outwards on each side, so that the mildest answers touch the axis.
    droite = depart
    for i in range(cote - 1, -1, -1):
        _draw_segment(axes, rang, droite, parts[i], i, degres)
        droite += parts[i]
    gauche = -depart
    for i in range(cote + impaire, len(degres)):
        gauche -= parts[i]
        _draw_segment(axes, rang, gauche, parts[i], i, degres)


def _draw_segment(
    axes: Axes, rang: int, gauche: float, part: float, degre: int, degres: list[str]
) -> None:
    couleur = teintes(len(degres))[degre]
    axes.barh(
        rang,
        part,
        left=gauche,
        height=0.62,
        color=couleur,
        hatch=hachures(len(degres))[degre],
        edgecolor=GRIS,
        linewidth=0.6,
        label=degres[degre] if rang == 0 else None,
    )
    if part >= (LISIBLE if len(degres) == 4 else LISIBLE_SERRE):
        axes.text(
            gauche + part / 2,
            rang,
            f"{int(part + 0.5)} %",
            ha="center",
            va="center",
            fontsize=8,
            color=encre_sur(couleur),
            bbox={"facecolor": couleur, "edgecolor": "none", "pad": 1},
        )
