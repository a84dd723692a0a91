"""Talking to a store from a child: drivers have threads, and a process that forks must have none.

The child is forked before any driver starts a thread and ends with its answer. Where nothing is to
be forked (Windows, a process that has threads already) the same is done in place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import asdict
from functools import partial
from typing import Any

from qualepref_lib.core.refus import Probleme, Refus
from qualepref_lib.running import chaud
from qualepref_lib.running.depot import Occupe
from qualepref_lib.running.fourche import Dire, Fin, Fratrie, Travail
from qualepref_lib.running.stockage.erreurs import Injoignable

GENRES = {genre.__name__: genre for genre in (Refus, Injoignable, Occupe)}


def amorcer(adresses: Iterable[str]) -> None:
    """Import the drivers of these addresses: their threads only start with the first request.

    One that is missing, or unknown, is told by whoever uses it.
    """
    for adresse in adresses:
        for maillon in adresse.split("::"):
            with suppress(ImportError, ValueError):
                from fsspec import get_filesystem_class

                get_filesystem_class(maillon.split("://")[0])


def run_a_part(adresse: str, faire: Callable[[], Any], delai_s: float) -> Any:
    """What ``faire`` answers (plain JSON) or raises (a :class:`Refus`), without its threads.

    A store that has not answered after ``delai_s`` seconds is ``Injoignable``.
    """
    if not chaud.est_possible():
        return faire()
    amorcer([adresse])
    dits: list[dict[str, Any]] = []
    with Fratrie() as fratrie:
        fratrie.lancer(Travail("stockage", partial(_repondre, faire), delai_s))
        while fratrie:
            for _, dit in fratrie.ecouter():
                if isinstance(dit, Fin):
                    return _lire(adresse, dits, dit, delai_s)
                dits.append(dit)
    raise AssertionError("a child always ends")


def _repondre(faire: Callable[[], Any], dire: Dire) -> None:
    try:
        reponse = faire()
    except Refus as refus:
        genre = type(refus).__name__
        dire(genre=genre, problemes=[asdict(p) for p in refus.problemes])
    else:
        dire(reponse=reponse)


def _lire(adresse: str, dits: list[dict[str, Any]], fin: Fin, delai_s: float) -> Any:
    for dit in dits:
        if "reponse" in dit:
            return dit["reponse"]
        if "problemes" in dit:
            raise GENRES.get(dit["genre"], Refus)(*(_probleme(p) for p in dit["problemes"]))
    if fin.trop_long:
        constat = f"le stockage ne répond pas en {delai_s:g} s."
        raise Injoignable(Probleme(adresse, constat, remede="vérifier l’adresse et le réseau."))
    dernier = dits[-1] if dits else {}
    cause = f"{dernier.get('ename', '')} {dernier.get('evalue', '')}".strip() or fin.cause
    raise Injoignable(Probleme(adresse, f"le stockage a échoué : {cause}."))


def _probleme(lu: dict[str, Any]) -> Probleme:
    return Probleme(**lu | {nom: tuple(lu[nom]) for nom in ("connus", "autres")})
