"""Drawing n of N things to check, so that anyone can draw the same again, and what that allows.

The population is finite and known, so the bound is exact: it comes from the hypergeometric law,
whose terms are whole numbers. Nothing is approximated, and nothing is imported for it.
"""

from __future__ import annotations

import math
import random
from fractions import Fraction

from qualepref_lib.core.francais import nombre, pluriel, pourcentage

METHODE = (
    "tirage aléatoire simple sans remise : random.Random(graine) de Python donne à chaque ligne, "
    "dans l’ordre du fichier, un nombre random() ; les n plus petits sont tirés"
)


def draw(population: int, tires: int, graine: int) -> tuple[int, ...]:
    """The ranks drawn, from 0, in increasing order.

    ``random.sample`` may change from one Python to the next; the sequence of ``random()`` is the
    one thing that Python promises to keep, so the draw rests on it alone.

    >>> draw(10, 3, 2022) == draw(10, 3, 2022), len(set(draw(10, 10, 1)))
    (True, 10)
    """
    hasard = random.Random(graine)
    numeros = [hasard.random() for _ in range(population)]
    return tuple(sorted(sorted(range(population), key=lambda rang: (numeros[rang], rang))[:tires]))


def au_plus(ecarts: int, tires: int, population: int, niveau: float = 0.95) -> int:
    """The most faults that the population may hold, given those of the sample, at this level.

    More faults than that would have shown ``ecarts`` or fewer with a chance of at most
    1 − ``niveau``.

    >>> au_plus(0, 45, 100), au_plus(0, 44, 100), au_plus(0, 100, 100)
    (4, 5, 0)
    """
    risque = 1 - Fraction(str(niveau))
    bas, haut = ecarts, population - (tires - ecarts)
    while bas < haut:
        milieu = (bas + haut + 1) // 2
        possible = _possible(ecarts, tires, population, milieu, risque)
        bas, haut = (milieu, haut) if possible else (bas, milieu - 1)
    return bas


def _possible(ecarts: int, tires: int, population: int, mauvais: int, risque: Fraction) -> bool:
    """Whether ``mauvais`` faults would show at most ``ecarts`` more often than ``risque``."""
    cas = sum(
        math.comb(mauvais, k) * math.comb(population - mauvais, tires - k)
        for k in range(ecarts + 1)
    )
    # Cross products: reducing a fraction of numbers this long would take longer than the sum.
    return cas * risque.denominator > risque.numerator * math.comb(population, tires)


def dire(
    ecarts: int, tires: int, population: int, niveau: float = 0.95, nom: str = "lignes"
) -> str:
    """What may be said when ``ecarts`` of the things drawn are at fault.

    >>> dire(0, 20, 20, nom="courriers")
    'Les 20 courriers sont dans le tirage : ce que l’on y compte est exact, sans marge.'
    """
    if tires == population:
        debut = f"Les {nombre(tires)} {nom} sont dans le tirage"
        return f"{debut} : ce que l’on y compte est exact, sans marge."
    si = (
        f"si l’on y trouve {pluriel(ecarts, 'écart')}"
        if ecarts
        else "si l’on n’y trouve aucun écart"
    )
    debut = f"Tirage au hasard de {nombre(tires)} {nom} parmi {nombre(population)} : {si}"
    borne = au_plus(ecarts, tires, population, niveau)
    if borne == population:
        return f"{debut}, on ne peut rien affirmer de l’ensemble."
    sur = pourcentage(Fraction(str(niveau)), 0 if round(niveau * 100, 6) % 1 == 0 else 1)
    # Strictly less: the first whole percentage above the bound, never rounded down onto it.
    moins = nombre(100 * borne // population + 1)
    return (
        f"{debut}, on peut affirmer à {sur} que moins de {moins}\u00a0% de l’ensemble est en écart "
        f"(au plus {nombre(borne)} sur {nombre(population)})."
    )
