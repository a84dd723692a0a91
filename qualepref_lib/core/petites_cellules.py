"""Small cells of shared tables: what must not be printed so that nobody is recognised.

Hiding the small cells is not enough: a total gives a lone hidden cell away. Others are hidden with
it until what a reader can deduce is too vague. What is deduced is computed exactly: each hidden
cell is the smallest and the largest whole number that all the totals allow (integer programs), in
one table or in several that share margins.

Which others: those that cost the reader least, found by the smallest change of the table that
moves the cell to protect (Fischetti and Salazar 2003); then each one that proves useless is shown
again. Nothing is drawn by chance.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

Egalite = tuple[str, tuple[str, ...]]
"""A total and its parts."""


@dataclass(frozen=True)
class Cellules:
    """Counts bound by totals, by their codes.

    ``sensibles`` must stay vague; ``tues`` are printed nowhere; ``sues`` are printed whatever
    happens (the totals of the whole survey). Hiding a cell hides those that it ``entraine``: a
    share is nothing without its base.
    """

    valeurs: Mapping[str, int]
    egalites: tuple[Egalite, ...]
    sensibles: frozenset[str]
    tues: frozenset[str] = frozenset()
    sues: frozenset[str] = frozenset()
    entraine: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    couts: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Masques:
    """What is not to be printed, in ``primaires`` (small) and ``complementaires`` (the others).

    ``exposees`` are sensitive cells that the totals known elsewhere give away whatever is hidden.
    """

    primaires: frozenset[str]
    complementaires: frozenset[str]
    exposees: frozenset[str] = frozenset()

    @property
    def caches(self) -> frozenset[str]:
        """All that is not printed."""
        return self.primaires | self.complementaires


def masquer_cellules(cellules: Cellules, largeur: int) -> Masques:
    """The cells to hide so that each sensitive one keeps an interval of at least ``largeur``.

    >>> lignes = {"a": 2, "b": 9, "c": 30, "total": 41}
    >>> table = Cellules(lignes, (("total", ("a", "b", "c")),), frozenset({"a"}))
    >>> sorted(masquer_cellules(table, 4).caches)
    ['a', 'b']
    """
    primaires = fermer(cellules.sensibles, cellules)
    if not primaires:
        return Masques(frozenset(), frozenset())
    caches, exposees = set(primaires), set[str]()
    while devinee := _devinee(cellules, caches, exposees, largeur):
        ajout = _complement(cellules, caches, devinee, largeur)
        if ajout:
            caches |= fermer(ajout, cellules)
        else:
            exposees.add(devinee)
    _remontrer(cellules, caches, primaires, exposees, largeur)
    return Masques(primaires, frozenset(caches) - primaires, frozenset(exposees))


def fermer(codes: Iterable[str], cellules: Cellules) -> frozenset[str]:
    """These cells and all those that hiding them hides."""
    fermes, restes = set[str](), list(codes)
    while restes:
        code = restes.pop()
        if code not in fermes and code not in cellules.sues:
            fermes.add(code)
            restes += cellules.entraine.get(code, ())
    return frozenset(fermes)


def intervalle(cellules: Cellules, caches: Iterable[str], code: str) -> tuple[int, int]:
    """The least and the most that a reader of what is printed can believe of one cell."""
    inconnues = {*caches, *cellules.tues} - cellules.sues
    valeur = cellules.valeurs[code]
    if code not in inconnues:
        return valeur, valeur
    noms, matrice, droite = _composante(cellules, inconnues, code)
    if len(matrice) == 1 and (matrice[0] < 0).all():  # parts of one known total
        reste = round(-droite[0])
        return (reste if len(noms) == 1 else 0), reste
    bas, haut = (_optimum(noms.index(code), matrice, droite, sens) for sens in (1, -1))
    return bas, haut


def _devinee(cellules: Cellules, caches: set[str], exposees: set[str], largeur: int) -> str | None:
    """The sensitive cell that is told most precisely, if any is told too precisely."""
    largeurs = _largeurs(cellules, caches, cellules.sensibles - exposees, largeur)
    pires = [(vue, code) for code, vue in largeurs.items() if vue < largeur]
    return min(pires)[1] if pires else None


def _largeurs(
    cellules: Cellules, caches: set[str], codes: frozenset[str], plafond: int
) -> dict[str, int]:
    """How vague each cell is, up to ``plafond``: all those of one component in one program."""
    inconnues = {*caches, *cellules.tues} - cellules.sues
    largeurs = {code: 0 for code in codes if code not in inconnues}
    restes = sorted(codes - largeurs.keys())
    while restes:
        noms, matrice, droite = _composante(cellules, inconnues, restes[0])
        ensemble = [code for code in restes if code in noms]
        restes = [code for code in restes if code not in noms]
        if len(matrice) == 1 and (matrice[0] < 0).all():  # parts of one known total
            vue = 0 if len(noms) == 1 else round(-droite[0])
            largeurs |= dict.fromkeys(ensemble, min(vue, plafond))
            continue
        rangs = [noms.index(code) for code in ensemble]
        trouvees = _ecarts_possibles(matrice, droite, rangs, plafond)
        largeurs |= dict(zip(ensemble, trouvees, strict=True))
    return largeurs


def _ecarts_possibles(
    matrice: npt.NDArray[np.float64],
    droite: npt.NDArray[np.float64],
    rangs: list[int],
    plafond: int,
) -> list[int]:
    """For each of some unknown counts, how far apart two of its possible values can be.

    Two copies of the table for each count, one high and one low; the sum of the differences, each
    up to ``plafond``, is as large as can be, and as the copies are apart each one is.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import coo_array, csc_array, eye_array, hstack, kron, vstack

    s, (m, n) = len(rangs), matrice.shape
    copies = kron(eye_array(2 * s), coo_array(matrice))
    ecarts = coo_array(
        (
            np.tile([1.0, -1.0], s),
            (np.repeat(np.arange(s), 2), np.arange(2 * s) * n + np.repeat(rangs, 2)),
        ),
        shape=(s, 2 * s * n),
    )
    haut = hstack([copies, coo_array((2 * s * m, s))])
    bas = hstack([ecarts, -eye_array(s)])
    couts = np.concatenate([np.zeros(2 * s * n), -np.ones(s)])
    bornes = np.concatenate([np.full(2 * s * n, np.inf), np.full(s, float(plafond))])
    egal = np.concatenate([np.tile(droite, 2 * s), np.zeros(s)])
    trouve = milp(
        couts,
        integrality=np.ones(len(couts)),
        bounds=Bounds(0, bornes),
        constraints=LinearConstraint(
            csc_array(vstack([haut, bas])),
            egal,
            np.concatenate([egal[: 2 * s * m], np.full(s, np.inf)]),
        ),
    )
    return [round(x) for x in trouve.x[2 * s * n :]]


def _complement(cellules: Cellules, caches: set[str], code: str, largeur: int) -> frozenset[str]:
    """The cheapest cells to hide for ``code`` to move far enough; nothing when none would do."""
    bas, haut = intervalle(cellules, caches, code)
    valeur = cellules.valeurs[code]
    for pas in (bas + largeur - valeur, haut - largeur - valeur, 1, -1):
        if pas and valeur + pas >= 0:
            ajout = _deplacement(cellules, caches, code, pas)
            if ajout:
                return ajout
    return frozenset()


def _deplacement(cellules: Cellules, caches: set[str], code: str, pas: int) -> frozenset[str]:
    """The cells still printed that must change when ``code`` changes by ``pas``."""
    libres = {code} | (set(cellules.valeurs) - cellules.sues)
    noms, matrice, _ = _composante(cellules, libres, code)
    rang, n = noms.index(code), len(noms)
    gratuits = caches | cellules.tues
    couts = np.array([0.0 if nom in gratuits else _cout(cellules, nom) for nom in noms])
    couts = couts + 1e-6 * np.arange(1, n + 1)  # one optimum, the same on every machine
    valeurs = np.array([cellules.valeurs[nom] for nom in noms], dtype=float)
    if len(matrice) == 1 and (matrice[0] < 0).all():
        change = _echange(valeurs, couts, rang, pas)
    else:
        change = _plus_petit_changement(matrice, valeurs, couts, rang, pas)
    retenus = (nom for nom, c in zip(noms, change, strict=True) if c)
    return frozenset(retenus) - gratuits - {code}


def _echange(
    valeurs: npt.NDArray[np.float64], couts: npt.NDArray[np.float64], rang: int, pas: int
) -> npt.NDArray[np.bool_]:
    """Within one total: the cheapest other parts that can give, or take, what the cell moves by."""
    change, reste = np.zeros(len(valeurs), dtype=bool), abs(pas)
    for autre in np.argsort(couts, kind="stable"):
        peut = min(reste, valeurs[autre]) if pas > 0 else reste
        if autre != rang and peut > 0:
            change[autre] = True
            reste -= int(peut)
    return change if not reste else np.zeros(len(valeurs), dtype=bool)


def _plus_petit_changement(
    matrice: npt.NDArray[np.float64],
    valeurs: npt.NDArray[np.float64],
    couts: npt.NDArray[np.float64],
    rang: int,
    pas: int,
) -> npt.NDArray[np.bool_]:
    """Which cells change in the cheapest change that keeps every total and moves the cell."""
    from scipy.optimize import linprog

    n = len(valeurs)
    # Each change is the difference of a rise and a fall, both paid.
    bornes: list[tuple[float, float | None]] = [(0.0, None)] * n + [(0.0, v) for v in valeurs]
    bornes[rang] = (max(pas, 0), max(pas, 0))
    bornes[n + rang] = (max(-pas, 0), max(-pas, 0))
    trouve = linprog(
        np.concatenate([couts, couts]),
        A_eq=np.hstack([matrice, -matrice]),
        b_eq=np.zeros(len(matrice)),
        bounds=bornes,
        method="highs-ds",
    )
    if not trouve.success:
        return np.zeros(n, dtype=bool)
    return np.asarray(np.abs(trouve.x[:n] - trouve.x[n:]) > 1e-7)


def _remontrer(
    cellules: Cellules,
    caches: set[str],
    primaires: frozenset[str],
    exposees: set[str],
    largeur: int,
) -> None:
    """Print again, the dearest first, each cell whose hiding protects nothing."""
    for code in sorted(caches - primaires, key=lambda c: (-_cout(cellules, c), c)):
        groupe = {code}
        while suite := {c for c in caches - groupe if groupe & set(cellules.entraine.get(c, ()))}:
            groupe |= suite
        reste = caches - groupe
        utile = code not in caches or bool(groupe & primaires)
        if not utile and _devinee(cellules, reste, exposees, largeur) is None:
            caches -= groupe


def _cout(cellules: Cellules, code: str) -> float:
    """What the reader loses with a cell: one cell, a little more when it counts many people."""
    return cellules.couts.get(code, 1.0) * (1.0 + 0.01 * cellules.valeurs[code])


def _composante(
    cellules: Cellules, inconnues: set[str], code: str
) -> tuple[list[str], npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """The unknown cells bound to ``code`` by a chain of totals, and the equations they are in."""
    lies, equations, restes = {code}, [], list(cellules.egalites)
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
    noms = [c for c in cellules.valeurs if c in lies]
    rang = {nom: i for i, nom in enumerate(noms)}
    matrice = np.zeros((len(equations), len(noms)))
    droite = np.zeros(len(equations))
    for i, (total, parts) in enumerate(equations):
        for nom, signe in ((total, 1.0), *((p, -1.0) for p in parts)):
            if nom in rang:
                matrice[i, rang[nom]] += signe
            else:
                droite[i] -= signe * cellules.valeurs[nom]
    return noms, matrice, droite


def _optimum(
    rang: int, matrice: npt.NDArray[np.float64], droite: npt.NDArray[np.float64], sens: int
) -> int:
    """The least (``sens`` 1) or the most (−1) that one unknown count can be."""
    from scipy.optimize import Bounds, LinearConstraint, milp

    n = matrice.shape[1]
    couts = np.zeros(n)
    couts[rang] = sens
    trouve = milp(
        couts,
        integrality=np.ones(n),
        bounds=Bounds(0, np.inf),
        constraints=LinearConstraint(matrice, droite, droite) if len(matrice) else (),
    )
    if not trouve.success:  # unbounded: no total holds it
        return 10**9
    return round(float(sens * trouve.fun))
