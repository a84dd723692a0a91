"""What can go wrong with a chapter, whichever engine runs it."""

from __future__ import annotations

import errno
from collections.abc import Sequence
from dataclasses import dataclass

from qualepref_lib.core.refus import Refus


@dataclass(frozen=True)
class Panne:
    """A chapter that did not run to its end: which cell, what it said."""

    chapitre: str
    cellule: str
    message: str
    est_refus: bool = False

    @classmethod
    def de_cellule(cls, chapitre: str, cellule: str, ename: str, evalue: str) -> Panne:
        """What a cell raised; a refusal keeps its own words."""
        if ename == Refus.__name__:
            return cls(chapitre, cellule, evalue, est_refus=True)
        if ename == MemoryError.__name__ and not evalue:
            evalue = "la mémoire accordée au chapitre est dépassée"
        return cls(chapitre, cellule, f"{ename} — {evalue}" if evalue else ename)

    def __str__(self) -> str:
        return f"chapitre {self.chapitre}, cellule « {self.cellule} » : {self.message}"


class Echec(Exception):
    """At least one chapter failed; nothing was published."""

    def __init__(self, pannes: Sequence[Panne]) -> None:
        super().__init__(*pannes)
        self.pannes = tuple(pannes)

    def __str__(self) -> str:
        return "\n".join(["Le rapport n’a pas pu être fait :", *(f"  • {p}" for p in self.pannes)])


def dire_erreur_systeme(erreur: OSError) -> str:
    """What the system refused, in French; the old report is intact in any case."""
    causes = {
        errno.ENOSPC: "plus de place sur le disque",
        errno.EACCES: "accès refusé",
        errno.EPERM: "accès refusé",
        errno.EROFS: "le support est en lecture seule",
        errno.ENOMEM: "plus de mémoire",
    }
    cause = causes.get(erreur.errno or 0, f"lecture ou écriture impossible (code {erreur.errno})")
    lieu = f" ({erreur.filename})" if erreur.filename else ""
    return f"{cause}{lieu} ; rien n’a été remplacé."
