"""What the draws come to: the criteria won by a day, and the rates that they give."""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from qualepref_lib.actions.plan import Action, criteres_de
from qualepref_lib.actions.projection import Projection
from qualepref_lib.core.mesures import Taux

DECILES = (Fraction(1, 10), Fraction(1, 2), Fraction(9, 10))

Fins = Mapping[str, npt.NDArray[np.int64]]
"""By open action, the day (ordinal) on which it ends, draw by draw."""
Issues = Counter[frozenset[str]]
"""How many draws win each set of criteria."""


def issues_au(actions: Sequence[Action], fins: Fins, jour: dt.date) -> Issues:
    """How many draws win each set of criteria by that day."""
    ouvertes = [a for a in actions if a.ouverte]
    deja = criteres_de(a for a in actions if not a.ouverte)
    if not ouvertes:
        return Counter({deja: 1})
    faites = np.column_stack([fins[a.code] <= jour.toordinal() for a in ouvertes])
    rangees, fois = np.unique(faites, axis=0, return_counts=True)
    issues: Issues = Counter()
    for rangee, combien in zip(rangees, fois, strict=True):
        gagnes = criteres_de(a for a, fini in zip(ouvertes, rangee, strict=True) if fini)
        issues[deja | gagnes] += int(combien)
    return issues


def taux_simules(
    projection: Projection, issues: Issues | None, cible: Fraction | None
) -> tuple[tuple[Taux, Taux, Taux] | None, Taux | None]:
    """The deciles of the rate over the draws, and the draws that reach the target."""
    if issues is None:
        return None, None
    taux: Counter[Taux] = Counter()
    for criteres, fois in issues.items():
        taux[projection.taux(criteres)] += fois
    ranges = sorted(taux, key=lambda t: t.valeur or 0)
    total = sum(taux.values())
    bas, milieu, haut = (_quantile(ranges, taux, part) for part in DECILES)
    atteignent = sum(n for t, n in taux.items() if cible is not None and (t.valeur or 0) >= cible)
    return (bas, milieu, haut), Taux(atteignent, total) if cible is not None else None


def _quantile(ranges: Sequence[Taux], fois: Mapping[Taux, int], part: Fraction) -> Taux:
    """The smallest rate that at least this share of the draws do not exceed."""
    voulus, vus = math.ceil(part * sum(fois.values())), 0
    for taux in ranges:
        vus += fois[taux]
        if vus >= voulus:
            break
    return taux
