"""The sites of a batch on this machine: one warm process, a forked child a site."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import replace

from qualepref_lib.running import chaud
from qualepref_lib.running.fourche import Fratrie
from qualepref_lib.running.lot.unite import (
    Ecoute,
    Resultat,
    Unite,
    amorcer_stockages,
    en_travail,
    faire,
    prechauffer,
)


def run_ici(
    unites: Sequence[Unite],
    simultanees: int | None,
    finir: Callable[[Resultat], None],
) -> None:
    """Make every report, ``simultanees`` at a time (one a processor); ``finir`` is told each end.

    A site is one child, its chapters are children of that child: several sites side by side
    leave no processor idle, and what a site holds is given back when it ends. Where a process
    cannot be forked safely the sites follow one another, on stock kernels.
    """
    processeurs = simultanees or len(os.sched_getaffinity(0)) if chaud.est_possible() else 1
    if not chaud.est_possible():
        for unite in unites:
            finir(faire(unite))
        return
    prechauffer()
    amorcer_stockages(unites)
    de_front = max(1, min(processeurs, len(unites)))
    attente = deque(replace(u, simultanes=max(1, processeurs // de_front)) for u in unites)
    ecoute = Ecoute(finir)
    with Fratrie() as fratrie:
        while attente or fratrie:
            while attente and len(fratrie) < de_front:
                unite = attente.popleft()
                ecoute.commencer(unite.nom)
                fratrie.lancer(en_travail(unite))
            for nom, dit in fratrie.ecouter():
                ecoute.entendre(nom, dit)
