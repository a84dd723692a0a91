"""Whether one tester notes differently from the others, on what they noted together.

Elsewhere a severe tester and a bad service look the same. The test is the exact sign test, visit by
visit: the criteria of one visit stand or fall together.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np

from qualepref_lib.core.codages import Entiers, Matrice
from qualepref_lib.core.comparaisons import dire_p, holm
from qualepref_lib.core.francais import typographie
from qualepref_lib.core.lecture_accords import MINIMUM
from qualepref_lib.core.mesures import Taux


@dataclass(frozen=True)
class Derive:
    """One tester against the others, on what they rated together.

    ``plus_favorable`` and ``plus_severe`` count the visits where the tester's ratings are above
    or below those of the others; ``p`` is the exact sign test of those two numbers.
    """

    testeur: str
    siens: Taux
    autres: Taux
    visites: int
    plus_favorable: int
    plus_severe: int
    p: float | None
    p_ajustee: float | None = None
    famille: int = 1


def comparer_testeurs(
    notes: Matrice,
    testeurs: Sequence[str],
    *,
    favorable: Any = "oui",
    defavorable: Any = "non",
    grappes: Sequence[Any] | None = None,
) -> tuple[Derive, ...]:
    """Compare each tester (a column) with the others on the units that both have rated.

    Ratings other than the two are left out. The p-values are adjusted (Holm) over the testers;
    with two testers there is one comparison, seen from both sides.
    """
    tableau = np.asarray(notes, dtype=object).reshape(-1, len(testeurs))
    oui, non = tableau == favorable, tableau == defavorable
    numeros = np.arange(len(tableau)) if grappes is None else _numeros(grappes)
    derives = [
        _comparer(nom, oui, oui | non, colonne, numeros) for colonne, nom in enumerate(testeurs)
    ]
    testees = [derive for derive in derives if derive.p is not None]
    famille = 1 if len(testees) == 2 else len(testees)
    ajustees = [d.p for d in derives] if famille == 1 else list(holm([d.p for d in derives]))
    return tuple(
        replace(derive, p_ajustee=p, famille=max(famille, 1))
        for derive, p in zip(derives, ajustees, strict=True)
    )


def dire_derive(derive: Derive, risque: float = 0.05) -> str:
    """The sentence about one tester; no test below ten visits.

    >>> dire_derive(Derive("T1", Taux(3, 4), Taux(2, 4), 4, 1, 0, 1.0))
    'T1\\xa0: favorable 3 sur 4, les autres 2 sur 4\\u202f; trop peu pour comparer.'
    """
    if not derive.visites:
        return typographie(f"{derive.testeur} : rien de noté en commun avec un autre.")
    petit = derive.visites < MINIMUM
    siens, autres = (t.fraction if petit else str(t) for t in (derive.siens, derive.autres))
    tete = f"{derive.testeur} : favorable {siens}, les autres {autres}"
    if petit or derive.p_ajustee is None:
        return typographie(f"{tete} ; trop peu pour comparer.")
    sens = "plus favorable" if derive.plus_favorable > derive.plus_severe else "plus sévère"
    verdict = f"note {sens} que les autres" if derive.p_ajustee < risque else "pas d’écart démontré"
    ajuste = f", ajusté pour {derive.famille} testeurs" if derive.famille > 1 else ""
    return typographie(
        f"{tete} ; plus favorable {derive.plus_favorable} fois, plus sévère {derive.plus_severe} "
        f"fois : {verdict} (test des signes, {dire_p(derive.p_ajustee)}{ajuste})."
    )


def _numeros(grappes: Sequence[Any]) -> Entiers:
    return np.unique(np.asarray(grappes), return_inverse=True)[1].reshape(-1).astype(np.int64)


def _comparer(testeur: str, oui: Any, notes: Any, colonne: int, numeros: Entiers) -> Derive:
    """One column against the rest: boolean matrices « favourable » and « rated »."""
    autres_n = notes.sum(axis=1) - notes[:, colonne]
    autres_oui = oui.sum(axis=1) - oui[:, colonne]
    commun = notes[:, colonne] & (autres_n > 0)
    ecarts = oui[commun, colonne] - autres_oui[commun] / autres_n[commun]
    # Criteria of one visit stand or fall together: the sign is that of the visit.
    signes = np.bincount(numeros[commun], weights=ecarts).round(9)
    plus, moins = int((signes > 0).sum()), int((signes < 0).sum())
    visites = len(set(numeros[commun].tolist()))
    return Derive(
        testeur,
        Taux(int(oui[commun, colonne].sum()), int(commun.sum())),
        Taux(int(autres_oui[commun].sum()), int(autres_n[commun].sum())),
        visites,
        plus,
        moins,
        _signes(plus, moins) if visites else None,
    )


def _signes(plus: int, moins: int) -> float:
    """The exact two-sided sign test: as unequal a split of ``plus + moins`` fair coins, or more."""
    lances = plus + moins
    queue = sum(math.comb(lances, k) for k in range(min(plus, moins) + 1))
    return float(min(Fraction(1), Fraction(2 * queue, 2**lances)))
