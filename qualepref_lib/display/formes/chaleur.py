"""Heat map of a two-way table: lines across, cases down, each cell with its printed rate.

The tint follows the printed percentage by classes of round bounds, so a legend of swatches says
exactly which numbers share a tint; a cell of a small base has none, a percentage would promise
more than it holds.
"""

from __future__ import annotations

from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch, PathPatch
from matplotlib.path import Path
from matplotlib.transforms import Affine2D

from qualepref_lib.core.bilan import Bilan
from qualepref_lib.core.francais import round_half_up
from qualepref_lib.core.mesures import PETITE_BASE, Taux, TauxMasque, TriCroise
from qualepref_lib.display.formes.couleurs import BLANC, SEQUENCE, encre_sur
from qualepref_lib.display.formes.planche import (
    ENCRE,
    GRIS,
    colonnes_legende,
    couper,
    new_planche,
)
from qualepref_lib.display.lecture import noms_cases

NOM = "Carte de chaleur"
RANG, LARGEUR_LIBELLE = 0.34, 26
"""Inches of a row; letters of a row's label before it is cut in two."""
PLACE, TETE_PENCHEE = 72, 34
"""Letters of the width that all columns share, and of the head of one when it leans."""
PAS = (5, 10, 20, 50)
"""Widths of a class, in points of percentage: the first one that gives few enough classes."""


def draw_chaleur(bilan: Bilan) -> Figure:
    """One row a line of the bilan, one column a case; darker is higher."""
    croises = [(li.libelle, li.mesure) for li in bilan.lignes if isinstance(li.mesure, TriCroise)]
    cases = noms_cases(bilan)
    libelles = [couper(libelle, LARGEUR_LIBELLE) for libelle, _ in croises]
    figure, axes = new_planche(_hauteur(libelles, cases))
    classes = _classes([t for _, mesure in croises for t in mesure.cases.values()])
    _draw_cases(axes, [mesure for _, mesure in croises], cases, classes)
    _draw_axes(axes, libelles, cases)
    _draw_legende(figure, classes, _a_de_petites([mesure for _, mesure in croises]))
    return figure


def _hauteur(libelles: list[str], cases: tuple[str, ...]) -> float:
    etages = max(libelle.count("\n") + 1 for libelle in libelles)
    textes = [_tete(case, cases).split("\n") for case in cases]
    tetes = 0.14 * max(len(lignes) - 1 for lignes in textes)
    if _penchees(cases):  # a letter is about 0.065 inch wide, and leans
        tetes += 0.045 * max(len(ligne) for lignes in textes for ligne in lignes)
    return 0.8 + tetes + max(RANG, 0.16 * etages + 0.1) * len(libelles)


def _classes(taux: list[Taux]) -> list[tuple[int, int]]:
    """The bounds of the classes, round and of one width, that hold every printed percentage."""
    parts = [part for t in taux if (part := _part(t)) is not None]
    if not parts:
        return []
    for pas in PAS:
        bas = min(min(parts) // pas * pas, 100 - pas)
        haut = min(max(parts) // pas * pas + pas, 100)
        if (haut - bas) // pas <= len(SEQUENCE):
            break
    return [(debut, debut + pas) for debut in range(bas, haut, pas)]


def _part(taux: Taux | None) -> int | None:
    """The percentage as printed; None under the small base."""
    if taux is None or taux.valeur is None or taux.petite_base:
        return None
    return int(round_half_up(100 * taux.valeur))


def _teinte(part: int | None, classes: list[tuple[int, int]]) -> str:
    """The tint of a printed percentage: classes go from the lightest to the darkest."""
    if part is None:
        return BLANC
    rang = next((i for i, (_, fin) in enumerate(classes) if part < fin), len(classes) - 1)
    return _teintes(len(classes))[rang]


def _teintes(combien: int) -> list[str]:
    """As many tints as classes, spread over the whole scale."""
    if combien == 1:
        return [SEQUENCE[2]]
    return [SEQUENCE[round(i * (len(SEQUENCE) - 1) / (combien - 1))] for i in range(combien)]


def _draw_cases(
    axes: Axes, mesures: list[TriCroise], cases: tuple[str, ...], classes: list[tuple[int, int]]
) -> None:
    """The printed texts, then the cells of each tint in one stroke: apart, they weigh twice."""
    cellules: dict[str, list[Path]] = {}
    for rang, mesure in enumerate(mesures):
        for colonne, case in enumerate(cases):
            taux = mesure.cases.get(case)
            fond = _teinte(_part(taux), classes)
            coin = Affine2D().scale(0.96, 0.92).translate(colonne - 0.48, rang - 0.46)
            cellules.setdefault(fond, []).append(Path.unit_rectangle().transformed(coin))
            axes.text(
                colonne,
                rang,
                _texte(taux, len(cases)),
                ha="center",
                va="center",
                fontsize=8.5 if len(cases) <= 8 else 7.5,
                color=encre_sur(fond),
            )
    for fond, traces in cellules.items():
        ensemble = Path.make_compound_path(*traces)
        axes.add_patch(PathPatch(ensemble, facecolor=fond, edgecolor=GRIS, linewidth=0.4))


def _texte(taux: Taux | None, colonnes: int) -> str:
    """The percentage; the counts alone under the small base, a dash without any."""
    if taux is None or (taux.valeur is None and not isinstance(taux, TauxMasque)):
        return "–"
    texte = taux.pourcentage.replace("\u00a0", " ")
    return texte.replace(" sur ", "/").replace(" %", "") if colonnes > 10 else texte


def _penchees(cases: tuple[str, ...]) -> bool:
    """Whether the heads must lean: one of their words is wider than its column."""
    return max(len(mot) for case in cases for mot in case.split()) > PLACE // len(cases)


def _tete(case: str, cases: tuple[str, ...]) -> str:
    """The head of a column, on as many lines as it needs."""
    return couper(case, TETE_PENCHEE if _penchees(cases) else PLACE // len(cases))


def _draw_axes(axes: Axes, libelles: list[str], cases: tuple[str, ...]) -> None:
    """Cases above, as heads of columns; no frame, the cells have one."""
    axes.set_xlim(-0.5, len(cases) - 0.5)
    axes.set_ylim(len(libelles) - 0.5, -0.5)
    axes.set_yticks(range(len(libelles)), libelles)
    axes.xaxis.tick_top()
    penche: dict[str, Any] = {"rotation": 40, "ha": "left", "rotation_mode": "anchor"}
    axes.set_xticks(
        range(len(cases)),
        [_tete(case, cases) for case in cases],
        fontsize=8.5,
        **penche if _penchees(cases) else {},
    )
    axes.tick_params(axis="x", length=0)
    axes.spines["bottom"].set_visible(False)


def _a_de_petites(mesures: list[TriCroise]) -> bool:
    return any(0 < t.observes < PETITE_BASE for m in mesures for t in m.cases.values())


def _draw_legende(figure: Figure, classes: list[tuple[int, int]], petites: bool) -> None:
    """A swatch a class, with the percentages it holds."""
    noms = [f"{bas}–{fin - 1 if fin < 100 else 100} %" for bas, fin in classes]
    poignees = [
        Patch(facecolor=teinte, edgecolor=GRIS, linewidth=0.4, label=nom)
        for teinte, nom in zip(_teintes(len(classes)) if classes else [], noms, strict=True)
    ]
    if petites:
        nom = f"moins de {PETITE_BASE} cas"
        poignees.append(Patch(facecolor=BLANC, edgecolor=GRIS, linewidth=0.4, label=nom))
    if poignees:
        figure.legend(
            handles=poignees,
            loc="outside lower center",
            ncols=colonnes_legende([str(poignee.get_label()) for poignee in poignees]),
            frameon=False,
            fontsize=8.5,
            labelcolor=ENCRE,
            columnspacing=1.2,
            handlelength=1.6,
        )
