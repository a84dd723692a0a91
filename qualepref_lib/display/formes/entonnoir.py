"""Funnel plot: each site at its base, between limits that close in as the base grows.

Sites within the limits are hollow dots without a name: the table beside names them all. Those
beyond are full diamonds, named: shape and fill tell them apart without colour.
"""

from __future__ import annotations

from itertools import pairwise

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FixedLocator, NullLocator

from qualepref_lib.core.bilan import Bilan, Ligne
from qualepref_lib.core.francais import nombre, pourcentage
from qualepref_lib.core.mesures import Taux
from qualepref_lib.display.formes.planche import BLEU, ENCRE, GRIS, PALE, ROUGE, couper, new_planche
from qualepref_lib.display.lecture import bornes_carte, est_hors_limites

NOM = "Entonnoir"
ETENDUE_LOG = 8
"""When the largest base is so many times the smallest, bases are on a logarithmic axis."""
NOMMES = 12
"""Beyond so many sites outside the limits, names would cover each other: the table has them."""


def draw_entonnoir(bilan: Bilan) -> Figure:
    """One dot a site; the common rate as a line, the limits as two curves."""
    lignes = sorted((li for li in bilan.lignes if li.limites is not None), key=_base)
    figure, axes = new_planche(4.2)
    _draw_axes(axes, lignes, bilan.unite)
    _draw_limites(axes, lignes)
    dehors = [ligne for ligne in lignes if est_hors_limites(ligne)]
    dedans = [ligne for ligne in lignes if not est_hors_limites(ligne)]
    axes.plot(*_places(dedans), "o", markersize=5, markerfacecolor="none", color=BLEU)
    axes.plot(*_places(dehors), "D", markersize=6, color=ROUGE)
    if len(dehors) <= NOMMES:
        _nommer(axes, dehors, _base(lignes[-1]))
    _draw_legende(axes, lignes, bool(dehors))
    return figure


def _draw_axes(axes: Axes, lignes: list[Ligne], unite: str) -> None:
    petite, grande = _base(lignes[0]), _base(lignes[-1])
    if grande > ETENDUE_LOG * petite:
        axes.set_xscale("log")
        axes.set_xlim(petite / 1.3, grande * 1.3)
        pas = [n * 10**p for p in range(9) for n in (1, 2, 5)]
        reperes = [n for n in pas if petite / 1.3 <= n <= grande * 1.3]
        axes.xaxis.set_major_locator(FixedLocator(reperes))
        axes.xaxis.set_minor_locator(NullLocator())
    else:
        marge = max(1, 0.06 * (grande - petite))
        axes.set_xlim(max(0, petite - marge), grande + marge)
    axes.xaxis.set_major_formatter(lambda x, _: nombre(x).replace("\u202f", " "))
    axes.yaxis.set_major_formatter(lambda y, _: f"{y:g} %".replace(".", ","))
    axes.set_ylim(*_etendue(lignes))
    axes.set_xlabel(f"base du site (unité : {unite})")
    axes.grid(axis="y", color=PALE, linewidth=0.8)
    axes.set_axisbelow(True)


def _etendue(lignes: list[Ligne]) -> tuple[float, float]:
    """What is worth showing of 0 to 100 %: the sites and their limits, and a little around."""
    valeurs = [_part(ligne) for ligne in lignes]
    valeurs += [100 * borne for ligne in lignes for borne in bornes_carte(ligne) or ()]
    bas, haut = min(valeurs), max(valeurs)
    marge = max(2.0, 0.08 * (haut - bas))
    return max(-2.0, bas - marge), min(104.0, haut + marge)


def _draw_limites(axes: Axes, lignes: list[Ligne]) -> None:
    bases = [_base(ligne) for ligne in lignes]
    bornes = [bornes_carte(ligne) or (0.0, 1.0) for ligne in lignes]
    for rang in (0, 1):
        courbe = [100 * borne[rang] for borne in bornes]
        axes.plot(bases, courbe, color=GRIS, linewidth=1, linestyle=(0, (5, 3)))
    assert lignes[0].reference is not None
    axes.axhline(100 * float(lignes[0].reference), color=ENCRE, linewidth=1.1)


def _nommer(axes: Axes, dehors: list[Ligne], grande: int) -> None:
    """A name beside each dot, on the side where there is room; two close dots share no line."""
    ordre = sorted(dehors, key=lambda li: (_part(li), _base(li)))
    decalages = {id(ligne): 0 for ligne in ordre}
    haut = axes.get_ylim()[1] - axes.get_ylim()[0]
    for avant, ligne in pairwise(ordre):
        if _part(ligne) - _part(avant) < 0.045 * haut:
            decalages[id(ligne)] = decalages[id(avant)] + 10
    for ligne in ordre:
        gauche = _base(ligne) > 0.6 * grande
        axes.annotate(
            couper(ligne.libelle, 30),
            (_base(ligne), _part(ligne)),
            xytext=(-7 if gauche else 7, decalages[id(ligne)]),
            textcoords="offset points",
            ha="right" if gauche else "left",
            va="center",
            color=ENCRE,
            fontsize=8,
        )


def _draw_legende(axes: Axes, lignes: list[Ligne], dehors: bool) -> None:
    assert lignes[0].reference is not None
    commun = pourcentage(lignes[0].reference, 1).replace("\u00a0", " ")
    poignees = [
        Line2D([], [], color=ENCRE, linewidth=1.1, label=f"taux commun : {commun}"),
        Line2D([], [], color=GRIS, linewidth=1, linestyle=(0, (5, 3)), label="limites à 99,8 %"),
    ]
    rond = {"marker": "o", "markerfacecolor": "none", "color": BLEU, "linestyle": "none"}
    poignees.append(Line2D([], [], label="site dans les limites", **rond))  # type: ignore[arg-type]
    if dehors:
        losange = {"marker": "D", "color": ROUGE, "linestyle": "none"}
        poignees.append(Line2D([], [], label="site au-delà", **losange))  # type: ignore[arg-type]
    axes.legend(
        handles=poignees, loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=len(poignees),
        frameon=False, fontsize=8.5,
    )  # fmt: skip


def _places(lignes: list[Ligne]) -> tuple[list[int], list[float]]:
    return [_base(ligne) for ligne in lignes], [_part(ligne) for ligne in lignes]


def _base(ligne: Ligne) -> int:
    assert isinstance(ligne.mesure, Taux)
    return ligne.mesure.observes


def _part(ligne: Ligne) -> float:
    assert isinstance(ligne.mesure, Taux) and ligne.mesure.valeur is not None
    return 100 * float(ligne.mesure.valeur)
