"""Whole numbers bound by totals: what a reader who knows some of them can say of the others.

Integer and linear programs over the unknown counts that a chain of totals binds together. Where
they are the parts of one known total the answer needs no program, and is given at once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Egalite = tuple[str, tuple[str, ...]]
"""A total and its parts."""
Nombres = npt.NDArray[np.float64]
SANS_BORNE = 10**9
"""What stands for infinity: no total holds the count."""


class Systeme(NamedTuple):
    """Unknown counts by name, and their equations: ``matrice`` × counts = ``droite``."""

    noms: list[str]
    matrice: Nombres
    droite: Nombres

    @property
    def total_seul(self) -> int | None:
        """The total that all the unknown share out, where that is their only equation."""
        if len(self.matrice) != 1 or not (self.matrice[0] < 0).all():
            return None
        return round(-float(self.droite[0]))

    def bornes(self, nom: str) -> tuple[int, int]:
        """The least and the most that one count can be."""
        if (total := self.total_seul) is not None:
            return (total if len(self.noms) == 1 else 0), total
        return self._optimum(nom, 1), self._optimum(nom, -1)

    def largeurs(self, noms: Sequence[str], plafond: int) -> dict[str, int]:
        """For each of some counts, how far apart two of its possible values can be, capped."""
        if (total := self.total_seul) is not None:
            return dict.fromkeys(noms, min(0 if len(self.noms) == 1 else total, plafond))
        trouvees = self._ecarts([self.noms.index(nom) for nom in noms], plafond)
        return dict(zip(noms, trouvees, strict=True))

    def changement(self, valeurs: Nombres, couts: Nombres, nom: str, pas: int) -> set[str]:
        """The counts that change in the cheapest change that moves ``nom`` by ``pas``.

        ``valeurs`` are the true counts; every total is kept. Empty when nothing can move it.
        """
        rang = self.noms.index(nom)
        couts = couts + 1e-6 * np.arange(1, len(couts) + 1)  # one optimum, on every machine
        if self.total_seul is not None:
            change = _echange(valeurs, couts, rang, pas)
        else:
            change = self._plus_petit_changement(valeurs, couts, rang, pas)
        return {autre for autre, bouge in zip(self.noms, change, strict=True) if bouge}

    def _ecarts(self, rangs: list[int], plafond: int) -> list[int]:
        """The differences of all those counts in one program.

        Two copies of the table for each count, one high and one low; the sum of the differences,
        each up to ``plafond``, is as large as can be, and as the copies are apart each one is.
        """
        from scipy.optimize import Bounds, LinearConstraint, milp
        from scipy.sparse import coo_array, csc_array, eye_array, hstack, kron, vstack

        s, (m, n) = len(rangs), self.matrice.shape
        copies = kron(eye_array(2 * s), coo_array(self.matrice))
        places = (np.repeat(np.arange(s), 2), np.arange(2 * s) * n + np.repeat(rangs, 2))
        ecarts = coo_array((np.tile([1.0, -1.0], s), places), shape=(s, 2 * s * n))
        haut = hstack([copies, coo_array((2 * s * m, s))])
        bas = hstack([ecarts, -eye_array(s)])
        couts = np.concatenate([np.zeros(2 * s * n), -np.ones(s)])
        bornes = np.concatenate([np.full(2 * s * n, np.inf), np.full(s, float(plafond))])
        egal = np.concatenate([np.tile(self.droite, 2 * s), np.zeros(s)])
        plus = np.concatenate([egal[: 2 * s * m], np.full(s, np.inf)])
        trouve = milp(
            couts,
            integrality=np.ones(len(couts)),
            bounds=Bounds(0, bornes),
            constraints=LinearConstraint(csc_array(vstack([haut, bas])), egal, plus),
        )
        return [round(x) for x in trouve.x[2 * s * n :]]

    def _plus_petit_changement(
        self, valeurs: Nombres, couts: Nombres, rang: int, pas: int
    ) -> npt.NDArray[np.bool_]:
        """Which counts change in the cheapest change that keeps every total and moves one."""
        from scipy.optimize import linprog

        n = len(valeurs)
        # Each change is the difference of a rise and a fall, both paid.
        bornes: list[tuple[float, float | None]] = [(0.0, None)] * n + [(0.0, v) for v in valeurs]
        bornes[rang] = (max(pas, 0), max(pas, 0))
        bornes[n + rang] = (max(-pas, 0), max(-pas, 0))
        trouve = linprog(
            np.concatenate([couts, couts]),
            A_eq=np.hstack([self.matrice, -self.matrice]),
            b_eq=np.zeros(len(self.matrice)),
            bounds=bornes,
            method="highs-ds",
        )
        if not trouve.success:
            return np.zeros(n, dtype=bool)
        return np.asarray(np.abs(trouve.x[:n] - trouve.x[n:]) > 1e-7)

    def _optimum(self, nom: str, sens: int) -> int:
        """The least (``sens`` 1) or the most (−1) that one unknown count can be."""
        from scipy.optimize import Bounds, LinearConstraint, milp

        n = self.matrice.shape[1]
        couts = np.zeros(n)
        couts[self.noms.index(nom)] = sens
        egalites = LinearConstraint(self.matrice, self.droite, self.droite)
        trouve = milp(
            couts,
            integrality=np.ones(n),
            bounds=Bounds(0, np.inf),
            constraints=egalites if len(self.matrice) else (),
        )
        return round(float(sens * trouve.fun)) if trouve.success else SANS_BORNE


def _echange(valeurs: Nombres, couts: Nombres, rang: int, pas: int) -> npt.NDArray[np.bool_]:
    """Within one total: the cheapest other parts that give, or take, what the count moves by."""
    change, reste = np.zeros(len(valeurs), dtype=bool), abs(pas)
    for autre in np.argsort(couts, kind="stable"):
        peut = min(reste, valeurs[autre]) if pas > 0 else reste
        if autre != rang and peut > 0:
            change[autre] = True
            reste -= int(peut)
    return change if not reste else np.zeros(len(valeurs), dtype=bool)


def build_systeme(
    valeurs: Mapping[str, int], egalites: Sequence[Egalite], inconnues: set[str], code: str
) -> Systeme:
    """The unknown counts bound to ``code`` by a chain of totals, and the equations they are in."""
    lies, equations, restes = {code}, [], list(egalites)
    agrandie = True
    while agrandie:
        agrandie = False
        for egalite in list(restes):
            total, parts = egalite
            siennes = {c for c in (total, *parts) if c in inconnues}
            if siennes & lies:
                lies |= siennes
                equations.append(egalite)
                restes.remove(egalite)
                agrandie = True
    noms = [c for c in valeurs if c in lies]
    rang = {nom: i for i, nom in enumerate(noms)}
    matrice, droite = np.zeros((len(equations), len(noms))), np.zeros(len(equations))
    for i, (total, parts) in enumerate(equations):
        for nom, signe in ((total, 1.0), *((p, -1.0) for p in parts)):
            if nom in rang:
                matrice[i, rang[nom]] += signe
            else:
                droite[i] -= signe * valeurs[nom]
    return Systeme(noms, matrice, droite)
