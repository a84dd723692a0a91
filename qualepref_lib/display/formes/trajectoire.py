"""Rates to come as steps: what is due, between what nothing and everything would give.

A rate jumps on the day on which an action is due, and stays until the next: steps, never slopes.
Each group has its own panel, so that lines never cross and greys are enough to read them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import groupby
from typing import Any

from matplotlib.axes import Axes
from matplotlib.dates import MonthLocator, date2num
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter, MultipleLocator

from qualepref_lib.core.bilan import Bilan, Ligne
from qualepref_lib.core.francais import date_courte
from qualepref_lib.core.mesures import Fourchette, Taux
from qualepref_lib.display.formes.gantt import nom_mois
from qualepref_lib.display.formes.planche import (
    BLEU,
    ENCRE,
    GRIS,
    LARGEUR,
    PALE,
    ROUGE,
    couper,
)

NOM = "Courbes en escalier"
PANNEAU, LEGENDE = 2.3, 0.9
BORNES, SIMULE = "#E6E6E6", "#A9BEDC"
PAR_TIRETS = (0, (2, 1.5))
JALONS: dict[str, Any] = {"color": GRIS, "linewidth": 0.8, "linestyle": (0, (1, 2))}


def draw_trajectoire(bilan: Bilan) -> Figure:
    """One panel a group, one above the other, on the same days."""
    groupes = [(nom, list(lignes)) for nom, lignes in groupby(bilan.lignes, key=lambda x: x.groupe)]
    figure = Figure(figsize=(LARGEUR, LEGENDE + PANNEAU * len(groupes)), layout="constrained")
    panneaux = figure.subplots(len(groupes), sharex=True, squeeze=False)[:, 0]
    bas = min(_bas(ligne) for ligne in bilan.lignes)
    for axes, (nom, lignes) in zip(panneaux, groupes, strict=True):
        axes.set_title(couper(nom, 80), loc="left", fontsize=9.5)
        _draw_groupe(axes, lignes)
        axes.set_ylim(max(bas - 6, -1), 101.5)
    _axe_jours(panneaux[-1], bilan)
    figure.legend(
        handles=_legende(bilan.lignes),
        loc="outside lower center",
        ncols=2,
        frameon=False,
        fontsize=8.5,
    )
    return figure


def _est_jalon(ligne: Ligne) -> bool:
    """True for an audit; another day is named by its date alone."""
    return ligne.libelle != date_courte(_mesure(ligne).jour)


def _bas(ligne: Ligne) -> float:
    parts = [100 * float(taux.valeur or 0) for nom, taux in _cases(ligne) if nom != "chance"]
    return min([*parts, 100 * float(ligne.cible)] if ligne.cible is not None else parts)


def _cases(ligne: Ligne) -> list[tuple[str, Taux]]:
    return list(_mesure(ligne).cases.items())


def _mesure(ligne: Ligne) -> Fourchette:
    assert isinstance(ligne.mesure, Fourchette)
    return ligne.mesure


def _draw_groupe(axes: Axes, lignes: Sequence[Ligne]) -> None:
    mesures = [_mesure(ligne) for ligne in lignes]
    jours = [float(date2num(m.jour)) for m in mesures]
    jours.append(jours[-1] + _marge(jours))  # the last step is seen to its end

    def serie(lire: Callable[[Fourchette], Taux]) -> list[float]:
        parts = [100 * float(lire(m).valeur or 0) for m in mesures]
        return [*parts, parts[-1]]

    rien, tout = serie(lambda m: m.rien), serie(lambda m: m.tout)
    axes.fill_between(jours, rien, tout, step="post", facecolor=BORNES, linewidth=0)
    if all(m.simule for m in mesures):
        bas, milieu, haut = (serie(lambda m, k=k: m.simule[k]) for k in range(3))  # type: ignore[misc]
        axes.fill_between(jours, bas, haut, step="post", facecolor=SIMULE, linewidth=0)
        axes.step(jours, milieu, where="post", color=ENCRE, linewidth=1.2, linestyle=PAR_TIRETS)
    axes.plot(jours, serie(lambda m: m.cote), color=GRIS, linewidth=1.2, linestyle=(0, (1, 1.5)))
    axes.step(jours, serie(lambda m: m.tenu), where="post", color=BLEU, linewidth=2)
    if lignes[0].cible is not None:
        axes.axhline(
            100 * float(lignes[0].cible), color=ROUGE, linewidth=1.2, linestyle=(0, (7, 3))
        )
    _draw_jalons(axes, lignes)
    _axe_taux(axes)


def _draw_jalons(axes: Axes, lignes: Sequence[Ligne]) -> None:
    """The audits: a thin line, and the rate that is expected on that day if due dates are kept."""
    for ligne in lignes:
        if not _est_jalon(ligne):
            continue
        mesure = _mesure(ligne)
        jour, taux = float(date2num(mesure.jour)), mesure.tenu
        axes.axvline(jour, **JALONS)
        axes.plot([jour], [100 * float(taux.valeur or 0)], marker="o", markersize=5, color=BLEU)
        axes.annotate(
            taux.pourcentage.replace("\u00a0", " "),
            (jour, 100 * float(taux.valeur or 0)),
            xytext=(4, -11),
            textcoords="offset points",
            fontsize=8.5,
            color=BLEU,
            fontweight="bold",
        )


def _axe_taux(axes: Axes) -> None:
    for cote in ("top", "right", "left"):
        axes.spines[cote].set_visible(False)
    axes.tick_params(axis="y", length=0)
    axes.yaxis.set_major_locator(MultipleLocator(10))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda y, _: f"{y:.0f} %"))
    axes.grid(axis="y", color=PALE, linewidth=0.7)
    axes.set_axisbelow(True)


def _axe_jours(axes: Axes, bilan: Bilan) -> None:
    jours = [float(date2num(_mesure(ligne).jour)) for ligne in bilan.lignes]
    axes.set_xlim(min(jours) - 2, max(jours) + 1.5 * _marge(jours))
    axes.xaxis.set_major_locator(MonthLocator())
    axes.xaxis.set_major_formatter(FuncFormatter(lambda x, _: nom_mois(x)))
    noms = dict.fromkeys(li.libelle for li in bilan.lignes if _est_jalon(li))
    if noms:
        traits = "ligne pointillée" if len(noms) == 1 else "lignes pointillées"
        axes.set_xlabel(couper(f"{traits} : {', '.join(noms)}", 90), fontsize=8.5)


def _marge(jours: Sequence[float]) -> float:
    """How far, in days, the last step goes on."""
    return max(6.0, 0.06 * (max(jours) - min(jours)))


def _legende(lignes: Sequence[Ligne]) -> list[Line2D | Patch]:
    simule = all(_mesure(ligne).simule for ligne in lignes)
    poignees: list[Line2D | Patch] = [
        Line2D([], [], color=BLEU, linewidth=2, label="échéances tenues"),
        Patch(facecolor=BORNES, label="de rien de plus à tout fait"),
        Line2D([], [], color=GRIS, linewidth=1.2, linestyle=(0, (1, 1.5)), label="coté ce jour"),
    ]
    if simule:
        poignees += [
            Line2D(
                [], [], linestyle=PAR_TIRETS, color=ENCRE, linewidth=1.2, label="médiane simulée"
            ),
            Patch(facecolor=SIMULE, label="huit tirages sur dix"),
        ]
    if any(ligne.cible is not None for ligne in lignes):
        poignees.append(
            Line2D([], [], color=ROUGE, linewidth=1.2, linestyle=(0, (7, 3)), label="cible")
        )
    return poignees
