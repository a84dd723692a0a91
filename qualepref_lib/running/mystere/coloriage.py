"""Equitable colouring: spreading k levels over things that have two attributes already.

De Werra (1971): the edges of a bipartite multigraph can be coloured with any number k of colours
so that, at each vertex and in the whole, no two colours differ by more than one. Here an edge is
a test, its ends are two of its attributes, a colour is a level of a third: each service gets as
many tests of one tester as of another, each scenario too, and the wave as well.

Two colours at a time are dealt again along trails, alternating: what a trail crosses it leaves
even, and each vertex is the end of one open trail at most. The sum of the squares of the counts
falls each time, so it ends.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import combinations
from random import Random
from typing import TypeVar

Sommet = tuple[int, int]
Arete = tuple[int, int]
T = TypeVar("T")


def shuffle(elements: Sequence[T], hasard: Random) -> list[T]:
    """The elements in a drawn order, which rests on ``random()`` alone.

    The sequence of ``random()`` is what Python promises to keep from one version to the next.
    """
    numeros = [hasard.random() for _ in elements]
    return [elements[i] for i in sorted(range(len(elements)), key=lambda i: (numeros[i], i))]


def colour(aretes: Sequence[Arete], k: int, hasard: Random) -> list[int]:
    """A colour from 0 to k − 1 for each edge (left, right): even within one, everywhere.

    >>> couleurs = colour([(0, 0), (0, 1), (1, 0), (1, 1)], 2, Random(1))
    >>> couleurs[0] == couleurs[3] != couleurs[1] == couleurs[2]
    True
    """
    couleurs = [0] * len(aretes)
    for rang, i in enumerate(shuffle(range(len(aretes)), hasard)):
        couleurs[i] = rang % k
    juste = False
    while not juste:
        juste = True
        for a, b in combinations(range(k), 2):
            deux = [i for i, couleur in enumerate(couleurs) if couleur in (a, b)]
            if not _egales(aretes, couleurs, deux, a):
                _partager(aretes, couleurs, deux, (a, b))
                juste = False
    return couleurs


def _bouts(arete: Arete) -> tuple[Sommet, Sommet]:
    """The two vertices of an edge: the left ones and the right ones are told apart."""
    return (0, arete[0]), (1, arete[1])


def _egales(aretes: Sequence[Arete], couleurs: Sequence[int], deux: Sequence[int], a: int) -> bool:
    """Whether colour ``a`` and the other one differ by one at most, at each vertex and in all."""
    ecarts: Counter[Sommet] = Counter()
    for i in deux:
        signe = 1 if couleurs[i] == a else -1
        for sommet in (*_bouts(aretes[i]), (2, 0)):
            ecarts[sommet] += signe
    return all(abs(ecart) <= 1 for ecart in ecarts.values())


def _partager(
    aretes: Sequence[Arete], couleurs: list[int], deux: Sequence[int], paire: tuple[int, int]
) -> None:
    """Deal two colours again, alternating along trails; open trails first, one per odd vertex."""
    restent: dict[Sommet, list[int]] = defaultdict(list)
    for i in deux:
        for sommet in _bouts(aretes[i]):
            restent[sommet].append(i)
    vues: set[int] = set()
    degres = Counter({sommet: len(siennes) for sommet, siennes in restent.items()})
    premiere = 0
    for impair in (True, False):
        for sommet in list(restent):
            while degres[sommet] % 2 if impair else degres[sommet]:
                chemin = _suivre(aretes, restent, degres, vues, sommet)
                for rang, i in enumerate(chemin):
                    couleurs[i] = paire[(premiere + rang) % 2]
                # One colour too many in an odd trail: the next odd trail begins with the other.
                premiere = (premiere + len(chemin)) % 2


def _suivre(
    aretes: Sequence[Arete],
    restent: dict[Sommet, list[int]],
    degres: Counter[Sommet],
    vues: set[int],
    depart: Sommet,
) -> list[int]:
    """A trail from ``depart``, as far as there are edges that were not walked yet."""
    chemin, ici = [], depart
    while degres[ici]:
        i = restent[ici].pop()
        if i in vues:
            continue
        vues.add(i)
        chemin.append(i)
        gauche, droite = _bouts(aretes[i])
        degres[gauche] -= 1
        degres[droite] -= 1
        ici = droite if ici == gauche else gauche
    return chemin
