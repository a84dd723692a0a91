"""Median and 90th percentile of delays, counting those that have not ended yet.

A letter still open has waited at least as long as it has been open: leaving it out would make the
service look faster the more it leaves unanswered. The Kaplan-Meier estimator counts it for the
time that it has already waited. It is written out, in numpy: importing a statistics package for it
costs every notebook two seconds. The tests check it against statsmodels and published R results.

Sources: Kaplan and Meier, JASA 1958, 53:457-481; quantiles as R's ``quantile.survfit`` gives them.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from qualepref_lib.core.mesures import Durees, Taux

Temps = npt.NDArray[np.float64]
"""Times from the start to the end, or to now for what is still open; any unit, NaN if unknown."""
Ouverts = npt.NDArray[np.bool_]
"""Which of the times have no end yet (right-censored)."""

_TOLERANCE = float(np.sqrt(np.finfo(float).eps))
"""What two equal numbers may differ by once computed; R's ``survival`` takes the same."""


def courbe(durees: Temps, ouvert: Ouverts) -> tuple[Temps, Temps]:
    """The product-limit estimator: the times at which something ended, and the share beyond each.

    What is still open at the very time of an end is at risk of it: it left after. Times that
    differ by a rounding error only are one time. Unknown times (NaN) are left out.

    >>> [serie.tolist() for serie in courbe(np.array([5.0, 5, 8]), np.array([False, True, False]))]
    [[5.0, 8.0], [0.6666666666666667, 0.0]]
    """
    durees, ouvert = _connues(durees, ouvert)
    temps, rangs = _regrouper(durees)
    finis = np.bincount(rangs[~ouvert], minlength=len(temps))
    sortis = np.bincount(rangs, minlength=len(temps))
    a_risque = len(durees) - np.cumsum(sortis) + sortis
    survie = np.cumprod(1 - finis / a_risque)
    return temps[finis > 0], survie[finis > 0]


def quantile(durees: Temps, ouvert: Ouverts, p: float) -> float | None:
    """The time within which the share ``p`` has ended; None when so many have not ended yet.

    It is the first time at which the share still open is 1 − p or less. Where the curve stays
    level at 1 − p exactly, it is the middle of that level part, which stretches to the next end,
    or to the longest known time when there is none. With nothing open this is the ordinary
    quantile (``averaged_inverted_cdf`` of numpy; its median is the usual one).

    Raises ValueError unless 0 < p ≤ 1, and when the two arrays differ in length.

    >>> quantile(np.array([2.0, 3, 5, 9]), np.array([False, False, False, True]), 0.5)
    4.0
    >>> quantile(np.array([2.0, 3, 5, 9]), np.array([False, False, False, True]), 0.9) is None
    True
    """
    (valeur,) = _quantiles(durees, ouvert, (p,))
    return valeur


def resumer(
    durees: Temps,
    ouvert: Ouverts,
    unite: str,
    dans_cible: Taux | None = None,
    cible: str = "",
    ouverts: str = "en cours",
) -> Durees:
    """The spread of delays in ``unite``, what is open counted for the time it has waited.

    ``dans_cible`` and ``cible`` are the caller's: what is on time is not a matter of quantiles.
    ``ouverts`` is the word for what is open. Unknown times (NaN) are neither ended nor open.

    >>> str(resumer(np.array([2.0, 4, 8]), np.array([False, False, True]), "jours ouvrés"))
    'médiane 4,0 (jours ouvrés) ; 1 en cours'
    """
    mediane, p90 = _quantiles(durees, ouvert, (0.5, 0.9))
    _, encore = _connues(durees, ouvert)
    return Durees(
        n=int(np.count_nonzero(~encore)),
        mediane=mediane,
        p90=p90,
        unite=unite,
        dans_cible=dans_cible,
        cible=cible,
        en_cours=int(np.count_nonzero(encore)),
        ouverts=ouverts,
    )


def _quantiles(durees: Temps, ouvert: Ouverts, parts: tuple[float, ...]) -> list[float | None]:
    if not all(0 < p <= 1 for p in parts):
        raise ValueError(f"{parts} are not shares above 0, up to 1")
    durees, ouvert = _connues(durees, ouvert)
    temps, survie = courbe(durees, ouvert)
    if not len(temps):
        return [None] * len(parts)
    fins = np.append(temps[1:], durees.max())
    return [_lire(temps, survie, fins, 1 - p) for p in parts]


def _lire(temps: Temps, survie: Temps, fins: Temps, seuil: float) -> float | None:
    """Where the curve, whose steps stretch from ``temps`` to ``fins``, crosses ``seuil``."""
    atteints = np.flatnonzero(survie <= seuil + _TOLERANCE)
    if not len(atteints):
        return None
    rang = atteints[0]
    # As a product of fractions, 1/2 comes out as 0.5000000000000001: the level part is still there.
    palier = survie[rang] >= seuil - _TOLERANCE
    return float((temps[rang] + fins[rang]) / 2 if palier else temps[rang])


def _connues(durees: Temps, ouvert: Ouverts) -> tuple[Temps, Ouverts]:
    durees, ouvert = np.asarray(durees, "float64"), np.asarray(ouvert, "bool")
    if durees.shape != ouvert.shape:
        raise ValueError(f"{durees.size} times and {ouvert.size} states do not go together")
    connues = ~np.isnan(durees)
    return durees[connues], ouvert[connues]


def _regrouper(durees: Temps) -> tuple[Temps, npt.NDArray[np.intp]]:
    """The distinct times, in order, and which of them each duration is.

    Hours read as minutes carry thirds of seconds: two waits of 5 min 10 s may differ by 1e-14,
    and what ended would then be taken to end before, or after, what is open at that time.
    """
    temps, rangs = np.unique(durees, return_inverse=True)
    marge = _TOLERANCE * max(1.0, float(np.abs(temps).mean())) if len(temps) else 0.0
    nouveaux = np.diff(temps, prepend=-np.inf) > marge
    return temps[nouveaux], (np.cumsum(nouveaux) - 1)[rangs]
