"""A refusal lists every problem at once: where, what, what is known, what to do.

Checks do not raise one by one; they report to a :class:`Releve`, which raises a single
:class:`Refus` at the end. A ``Refus`` prints itself the same way on the command line and in a
notebook cell, without a traceback: the person who reads it has a spreadsheet, not a debugger.
"""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field

from qualepref_lib.core.francais import enumeration, pluriel

PROBLEMES_AFFICHES = 200
CONNUS_AFFICHES = 12


def sans_accent(texte: str) -> str:
    """Lower case, no accent, no doubled space: how two spellings of one word are compared.

    >>> sans_accent("  Réalisé ")
    'realise'
    """
    plat = unicodedata.normalize("NFKD", texte.replace("’", "'")).encode("ascii", "ignore").decode()
    return " ".join(plat.lower().replace("_", " ").split())


def proche(valeur: str, connus: Iterable[str]) -> str | None:
    """The known value that ``valeur`` most resembles, or None.

    >>> proche("réalise", ["réalisé", "partiel"])
    'réalisé'
    """
    par_forme = {sans_accent(connu): connu for connu in connus}
    trouves = difflib.get_close_matches(sans_accent(valeur), par_forme, n=1, cutoff=0.6)
    return par_forme[trouves[0]] if trouves else None


@dataclass(frozen=True)
class Probleme:
    """One thing that is wrong, and what the person can do about it. All texts are French."""

    fichier: str
    constat: str
    ligne: int | None = None
    colonne: str | None = None
    connus: tuple[str, ...] = ()
    voisin: str | None = None
    remede: str = ""

    def __str__(self) -> str:
        lieu = [self.fichier]
        if self.ligne is not None:
            lieu.append(f"ligne {self.ligne}")
        if self.colonne:
            lieu.append(f"colonne « {self.colonne} »")
        return " ".join([", ".join(lieu), ":", self.constat.rstrip(), *self._suites()])

    def _suites(self) -> list[str]:
        suites = []
        if self.voisin:
            suites.append(f"Vouliez-vous dire « {self.voisin} » ?")
        if self.connus:
            montres = ", ".join(self.connus[:CONNUS_AFFICHES])
            reste = len(self.connus) - CONNUS_AFFICHES
            suites.append(f"Connu : {montres}{f' … et {reste} autres' if reste > 0 else ''}.")
        if self.remede:
            suites.append(f"À faire : {self.remede}")
        return suites


class Refus(Exception):
    """What was given cannot be used; nothing was written. Holds at least one problem."""

    def __init__(self, *problemes: Probleme) -> None:
        super().__init__(*problemes)
        self.problemes = problemes

    def __str__(self) -> str:
        entete = f"Refusé : {pluriel(len(self.problemes), 'problème')} à corriger."
        lignes = [f"  • {probleme}" for probleme in self.problemes[:PROBLEMES_AFFICHES]]
        reste = len(self.problemes) - PROBLEMES_AFFICHES
        if reste > 0:
            lignes.append(f"  … et {pluriel(reste, 'autre problème', 'autres problèmes')}.")
        return "\n".join([entete, *lignes])

    def _render_traceback_(self) -> list[str]:
        """What IPython shows instead of a traceback when a cell raises this."""
        return str(self).splitlines()


@dataclass
class Releve:
    """Collects problems and remarks while checks go on; the only mutable thing of the checks."""

    problemes: list[Probleme] = field(default_factory=list)
    remarques: list[Probleme] = field(default_factory=list)

    def signaler(self, fichier: str, constat: str, **precisions: object) -> None:
        """Note a problem that forbids using the file."""
        self.problemes.append(Probleme(fichier, constat, **precisions))  # type: ignore[arg-type]

    def remarquer(self, fichier: str, constat: str, **precisions: object) -> None:
        """Note something the person should know, and that does not forbid anything."""
        self.remarques.append(Probleme(fichier, constat, **precisions))  # type: ignore[arg-type]

    def signaler_inconnu(
        self, fichier: str, nature: str, valeur: str, connus: Iterable[str], **precisions: object
    ) -> None:
        """Note a value that is not one of the known ones, with the nearest of them."""
        connus = tuple(connus)
        self.signaler(
            fichier,
            f"« {valeur} » n'est pas {nature}.",
            connus=connus,
            voisin=proche(valeur, connus),
            **precisions,
        )

    def refuser(self) -> None:
        """Raise the :class:`Refus` if there is anything to refuse."""
        if self.problemes:
            raise Refus(*self.problemes)


__all__ = ["Probleme", "Refus", "Releve", "enumeration", "proche", "sans_accent"]
