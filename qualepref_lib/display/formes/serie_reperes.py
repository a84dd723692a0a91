"""What a series is read against: central line, control limits, target.

The limits change with the base of each point (p′ chart), so they are steps. A declared new
baseline breaks them: what was expected before says nothing of what comes after.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from qualepref_lib.core.bilan import Ligne
from qualepref_lib.core.francais import nombre, pourcentage
from qualepref_lib.core.mesures import Taux
from qualepref_lib.display.formes.planche import ENCRE, GRIS, ROUGE
from qualepref_lib.display.lecture import bornes_carte

_CENTRE: dict[str, Any] = {"color": ENCRE, "linewidth": 1.1}
_LIMITES: dict[str, Any] = {"color": GRIS, "linewidth": 1, "linestyle": (0, (5, 3))}
_CHANGEMENT: dict[str, Any] = {"color": GRIS, "linewidth": 1, "linestyle": (0, (1, 2))}
_CIBLE: dict[str, Any] = {"color": ROUGE, "linewidth": 1.3, "linestyle": (0, (7, 2, 1.5, 2))}


def centre(ligne: Ligne) -> float:
    """The central line at a point, in the unit of the axis: percentage points, or a count."""
    return math.nan if ligne.reference is None else _echelle(ligne) * float(ligne.reference)


def limites(ligne: Ligne) -> tuple[float, float]:
    """The control limits at a point, in the unit of the axis; NaN without any."""
    bas, haut = bornes_carte(ligne) or (math.nan, math.nan)
    return _echelle(ligne) * bas, _echelle(ligne) * haut


def cible(lignes: Sequence[Ligne]) -> float | None:
    """The target that all the lines share, in percentage points; None without one."""
    seule, *autres = {ligne.cible for ligne in lignes}
    return None if autres or seule is None else 100 * float(seule)


def draw_reperes(axes: Axes, lignes: Sequence[Ligne]) -> list[Line2D]:
    """Everything that a series is read against; the handles of the legend."""
    return [*_draw_carte(axes, lignes), *_draw_cible(axes, lignes)]


def sans_insecable(texte: str) -> str:
    """Ordinary spaces before signs: a font that stands in for ours may not have the others."""
    return texte.replace("\u00a0", " ")


def _echelle(ligne: Ligne) -> int:
    return 100 if isinstance(ligne.mesure, Taux) else 1


def _draw_carte(axes: Axes, lignes: Sequence[Ligne]) -> list[Line2D]:
    """Central line and limits, phase by phase, and where one phase follows another."""
    phases = [(debut, phase) for debut, phase in _phases(lignes) if phase[0].reference is not None]
    if not phases:
        return []
    for rang, (debut, phase) in enumerate(phases):
        fin = debut + len(phase) - 0.5
        axes.plot([debut - 0.5, fin], [centre(phase[0])] * 2, zorder=2, **_CENTRE)
        _draw_limites(axes, debut, phase)
        if rang:
            axes.axvline(debut - 0.5, zorder=1, **_CHANGEMENT)
    valeurs = dict.fromkeys(_dire(phase[0]) for _, phase in phases)
    poignees = [Line2D([], [], label=f"ligne centrale : {', puis '.join(valeurs)}", **_CENTRE)]
    if any(ligne.limites is not None for _, phase in phases for ligne in phase):
        poignees.append(Line2D([], [], label="limites de contrôle", **_LIMITES))
    if len(phases) > 1:
        poignees.append(Line2D([], [], label="changement de ligne centrale", **_CHANGEMENT))
    return poignees


def _phases(lignes: Sequence[Ligne]) -> Iterator[tuple[int, list[Ligne]]]:
    """Runs of lines with one central line, each with the rank of its first."""
    debut = 0
    for _, suite in groupby(lignes, key=lambda ligne: ligne.reference):
        phase = list(suite)
        yield debut, phase
        debut += len(phase)


def _draw_limites(axes: Axes, debut: int, phase: Sequence[Ligne]) -> None:
    """Steps, one a point; a point without limits leaves a gap."""
    bornes = np.array([limites(ligne) for ligne in phase])
    bords = debut - 0.5 + np.arange(len(phase) + 1)
    if not np.isnan(bornes).all():
        axes.stairs(bornes[:, 0], bords, baseline=None, **_LIMITES)
        axes.stairs(bornes[:, 1], bords, baseline=None, **_LIMITES)


def _draw_cible(axes: Axes, lignes: Sequence[Ligne]) -> list[Line2D]:
    part = cible(lignes)
    if part is None:
        return []
    axes.axhline(part, zorder=2, **_CIBLE)
    dite = pourcentage(part / 100, 0 if round(part, 6) % 1 == 0 else 1)
    return [Line2D([], [], label=f"cible : {sans_insecable(dite)}", **_CIBLE)]


def _dire(ligne: Ligne) -> str:
    """The central line as it is printed."""
    assert ligne.reference is not None
    if isinstance(ligne.mesure, Taux):
        return sans_insecable(pourcentage(ligne.reference))
    return nombre(ligne.reference, 1 if ligne.reference < 100 else 0)
