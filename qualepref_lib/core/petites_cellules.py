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

from qualepref_lib.core.systeme import Egalite, Systeme, build_systeme


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
    return _systeme(cellules, inconnues, code).bornes(code)


def _systeme(cellules: Cellules, inconnues: set[str], code: str) -> Systeme:
    return build_systeme(cellules.valeurs, cellules.egalites, inconnues, code)


def _devinee(cellules: Cellules, caches: set[str], exposees: set[str], largeur: int) -> str | None:
    """The sensitive cell that is told most precisely, if any is told too precisely."""
    largeurs = _largeurs(cellules, caches, cellules.sensibles - exposees, largeur)
    pires = [(vue, code) for code, vue in largeurs.items() if vue < largeur]
    return min(pires)[1] if pires else None


def _largeurs(
    cellules: Cellules, caches: set[str], codes: frozenset[str], plafond: int
) -> dict[str, int]:
    """How vague each cell is, up to ``plafond``: all those of one system in one program."""
    inconnues = {*caches, *cellules.tues} - cellules.sues
    largeurs = {code: 0 for code in codes if code not in inconnues}
    restes = sorted(codes - largeurs.keys())
    while restes:
        systeme = _systeme(cellules, inconnues, restes[0])
        ensemble = [code for code in restes if code in systeme.noms]
        restes = [code for code in restes if code not in systeme.noms]
        largeurs |= systeme.largeurs(ensemble, plafond)
    return largeurs


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
    systeme, gratuits = _systeme(cellules, libres, code), caches | cellules.tues
    couts = [0.0 if nom in gratuits else _cout(cellules, nom) for nom in systeme.noms]
    valeurs = [float(cellules.valeurs[nom]) for nom in systeme.noms]
    change = systeme.changement(np.array(valeurs), np.array(couts), code, pas)
    return frozenset(change) - gratuits - {code}


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
