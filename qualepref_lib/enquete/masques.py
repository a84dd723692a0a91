"""Which of the counts of one item are not printed: small ones, and what would give them away.

Sub-groups that share everybody out are bound by totals, and what those give away is computed
exactly (``core.petites_cellules``); those that overlap have their complement only.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from qualepref_lib.core.petites_cellules import Cellules, masquer_cellules
from qualepref_lib.core.systeme import Egalite

COUT_BASE = 5.0
"""What a reader loses with the base of a sub-group, in shares."""

Comptes = tuple[tuple[str, int, int, int], ...]
"""By sub-group: its code, how many people, how many in the base, how many favourable."""


def mask_chacun(
    comptes: Comptes, ensemble: tuple[int, int], tus: frozenset[str], seuil: int, plancher: int
) -> tuple[frozenset[str], frozenset[str]]:
    """The masks of sub-groups that overlap: no total adds them up, but each has its complement.

    Everybody's answers are known, so those of the people outside of a sub-group are what is left.
    """
    dans, ok = ensemble
    sans_base, sans_part = set(tus), set(tus)
    for code, _, n, f in comptes:
        if any(0 < x < seuil for x in (n, dans - n)):
            sans_base.add(code)
        petites = any(0 < x < seuil for x in (f, n - f, ok - f, dans - ok - (n - f)))
        if petites or 0 < n < plancher:
            sans_part.add(code)
    return frozenset(sans_base), frozenset(sans_base | sans_part)


@lru_cache(maxsize=256)
def mask_groupes(effectifs: tuple[tuple[str, int], ...], seuil: int) -> frozenset[str]:
    """The sub-groups, by code and number of people, whose number is not printed."""
    valeurs = dict(effectifs) | {"": sum(n for _, n in effectifs)}
    cellules = Cellules(
        valeurs,
        (("", tuple(code for code, _ in effectifs)),),
        frozenset(code for code, n in effectifs if 0 < n < seuil),
        sues=frozenset({""}),
    )
    return masquer_cellules(cellules, seuil - 1).caches


@lru_cache(maxsize=1024)
def mask_item(
    comptes: Comptes, muets: tuple[int, int, int], tus: frozenset[str], seuil: int, plancher: int
) -> tuple[frozenset[str], frozenset[str]]:
    """The masks of one item; ``muets`` are the people without profile, ``tus`` hidden groups."""
    cellules = _cellules(comptes, muets, tus, seuil, plancher)
    caches = masquer_cellules(cellules, seuil - 1).caches if cellules.sensibles else frozenset()
    sans_base = {code for code, *_ in comptes if code in tus or f"n {code}" in caches}
    sans_part = {code for code, *_ in comptes if code in sans_base or f"f {code}" in caches}
    return frozenset(sans_base), frozenset(sans_part)


def _cellules(
    comptes: Comptes, muets: tuple[int, int, int], tus: frozenset[str], seuil: int, plancher: int
) -> Cellules:
    """Everybody, by sub-group: in the base or not, favourable or not; totals are known."""
    rangs = (*comptes, (" ", *muets))
    codes = [code for code, *_ in rangs]
    valeurs: dict[str, int] = {}
    for code, total, n, f in rangs:
        valeurs |= {f"N {code}": total, f"n {code}": n, f"f {code}": f}
        valeurs |= {f"u {code}": n - f, f"o {code}": total - n}
    totaux = {c: sum(valeurs[f"{c} {code}"] for code in codes) for c in "fuo"}
    totaux["N"] = sum(valeurs[f"N {code}"] for code, *_ in comptes)
    egalites: list[Egalite] = [
        egalite
        for code in codes
        for egalite in (
            (f"N {code}", (f"n {code}", f"o {code}")),
            (f"n {code}", (f"f {code}", f"u {code}")),
        )
    ]
    egalites += [(f"{c} total", tuple(f"{c} {code}" for code in codes)) for c in "fuo"]
    egalites.append(("N total", tuple(f"N {code}" for code, *_ in comptes)))
    montres = [code for code, *_ in comptes if code not in tus]
    return Cellules(
        valeurs | {f"{c} total": n for c, n in totaux.items()},
        tuple(egalites),
        frozenset(_sensibles(comptes, seuil, plancher)),
        tues=frozenset(_jamais(codes, tus)),
        sues=frozenset([*(f"{c} total" for c in totaux), "N  ", *(f"N {c}" for c in montres)]),
        entraine={f"n {c}": (f"f {c}", f"u {c}") for c in codes}
        | {f"f {c}": (f"u {c}",) for c in codes}
        | {f"u {c}": (f"f {c}",) for c in codes},
        couts={f"n {c}": COUT_BASE for c in codes},
    )


def _sensibles(comptes: Comptes, seuil: int, plancher: int) -> Iterator[str]:
    for code, total, n, f in comptes:
        if 0 < total < seuil:
            yield f"N {code}"
        if 0 < n < seuil:
            yield f"n {code}"
        if 0 < n < plancher or 0 < f < seuil or 0 < n - f < seuil:
            yield f"f {code}"
            yield f"u {code}"


def _jamais(codes: list[str], tus: frozenset[str]) -> Iterator[str]:
    """What no table prints: non-answers, people without profile, groups that are not told."""
    yield from (f"o {code}" for code in codes)
    for code in (*tus, " "):
        yield from (f"{c} {code}" for c in "nfu")
    yield from (f"N {code}" for code in tus)
