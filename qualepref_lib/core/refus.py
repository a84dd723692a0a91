"""A refusal lists every problem at once: where, what, what is known, what to do.

Checks do not raise one by one; they report to a :class:`Releve`, which raises a single
:class:`Refus` at the end. A ``Refus`` prints itself the same way on the command line and in a
notebook cell, without a traceback: the person who reads it has a spreadsheet, not a debugger.
Whatever the files hold, what is printed stays short, on one line a problem, and harmless to a
terminal.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from qualepref_lib.core.francais import enumeration, nombre, pluriel

PROBLEMES_AFFICHES = 200
PROBLEMES_PAR_COLONNE = 50
CONNUS_AFFICHES = 12
LIGNES_AFFICHEES = 8
LONGUEUR_MONTREE = 60
TABLES = (".csv", ".xlsx", ".ods", ".xls")
"""Files whose cells were written by anybody."""


def sans_accent(texte: str) -> str:
    """Lower case, no accent, no doubled space: how two spellings of one word are compared.

    >>> sans_accent("  Réalisé ")
    'realise'
    """
    plat = unicodedata.normalize("NFKD", texte.replace("’", "'")).encode("ascii", "ignore").decode()
    return " ".join(plat.lower().replace("_", " ").split())


def extrait(valeur: object) -> str:
    """A value as a refusal shows it: one line, short, without invisible characters.

    >>> extrait("abc\\ndef"), len(extrait("x" * 1000)), extrait(["a"])
    ('abc def', 61, 'une liste')
    """
    if isinstance(valeur, list | tuple):
        return "une liste"
    if isinstance(valeur, dict):
        return "un groupe de clés"
    texte = " ".join(_visible(str(valeur)[: 4 * LONGUEUR_MONTREE]).split())
    return texte if len(texte) <= LONGUEUR_MONTREE else texte[:LONGUEUR_MONTREE] + "…"


def _visible(texte: str) -> str:
    """Control and reordering characters become spaces: they would rewrite what is around them."""
    return "".join(" " if unicodedata.category(c).startswith("C") else c for c in texte)


def proche(valeur: str, connus: Iterable[str]) -> str | None:
    """The known value that ``valeur`` most resembles, or None.

    >>> proche("réalise", ["réalisé", "partiel"])
    'réalisé'
    """
    if len(valeur) > 4 * LONGUEUR_MONTREE:
        return None
    par_forme = {sans_accent(connu): connu for connu in connus}
    trouves = difflib.get_close_matches(sans_accent(valeur), par_forme, n=1, cutoff=0.6)
    return par_forme[trouves[0]] if trouves else None


_RANG = re.compile(r"(\blignes? \d+)")


@dataclass(frozen=True)
class Probleme:
    """One thing that is wrong, and what the person can do about it. All texts are French.

    ``autres`` are the further lines where the same thing is wrong; ``compte`` is how many
    problems this one stands for.
    """

    fichier: str
    constat: str
    ligne: int | None = None
    colonne: str | None = None
    connus: tuple[str, ...] = ()
    voisin: str | None = None
    remede: str = ""
    autres: tuple[int, ...] = ()
    compte: int = 1

    def __post_init__(self) -> None:
        """What a table holds may be what somebody wrote: a refusal quotes no personal data."""
        if self.fichier.lower().endswith(TABLES):
            from qualepref_lib.core.masques import masquer

            # The number of a row is ours, however long: it is no number of a person's.
            dits = _RANG.split(self.constat)
            dits[::2] = [masquer(dit).texte for dit in dits[::2]]
            object.__setattr__(self, "constat", "".join(dits))

    def __str__(self) -> str:
        lieu = [self.fichier]
        if self.ligne is not None:
            lieu.append(self._lignes())
        if self.colonne:
            nature = "clé" if self.fichier.endswith((".yaml", ".yml")) else "colonne"
            lieu.append(f"{nature} « {extrait(self.colonne)} »")
        texte = " ".join([", ".join(lieu), ":", self.constat.rstrip(), *self._suites()])
        return "\n".join(_visible(ligne) for ligne in texte.splitlines())

    def _lignes(self) -> str:
        # One line of a file may stand for several rows: it is told once.
        lignes = list(dict.fromkeys(str(ligne) for ligne in (self.ligne, *self.autres)))
        if len(lignes) == 1:
            return f"ligne {self.ligne}"
        reste = len(lignes) - LIGNES_AFFICHEES
        if reste <= 1:
            return f"lignes {enumeration(lignes)}"
        return f"lignes {', '.join(lignes[:LIGNES_AFFICHEES])} … et {nombre(reste)} autres"

    def _suites(self) -> list[str]:
        suites = []
        if self.voisin:
            suites.append(f"Vouliez-vous dire « {extrait(self.voisin)} » ?")
        if self.connus:
            montres = ", ".join(extrait(connu) for connu in self.connus[:CONNUS_AFFICHES])
            reste = len(self.connus) - CONNUS_AFFICHES
            suite = f" … et {pluriel(reste, 'autre', 'autres')}" if reste > 0 else ""
            suites.append(f"Connu : {montres}{suite}.")
        if self.remede:
            suites.append(f"À faire : {self.remede}")
        return suites


class Refus(Exception):
    """What was given cannot be used; nothing was written. Holds at least one problem."""

    def __init__(self, *problemes: Probleme) -> None:
        super().__init__(*problemes)
        self.problemes = problemes

    def __str__(self) -> str:
        compte = sum(probleme.compte for probleme in self.problemes)
        entete = f"Refusé : {pluriel(compte, 'problème')} à corriger."
        montres = _sans_redite(self.problemes[:PROBLEMES_AFFICHES])
        lignes = [f"  • {probleme}" for probleme in montres]
        reste = sum(probleme.compte for probleme in self.problemes[PROBLEMES_AFFICHES:])
        if reste > 0:
            lignes.append(f"  … et {pluriel(reste, 'autre problème', 'autres problèmes')}.")
        return "\n".join([entete, *lignes])

    def _render_traceback_(self) -> list[str]:
        """What IPython shows instead of a traceback when a cell raises this."""
        return str(self).splitlines()


def _sans_redite(problemes: Iterable[Probleme]) -> Iterable[Probleme]:
    """The list of what is known, and what to do, are told once for each column of a file."""
    deja: set[tuple[str, str | None, str]] = set()
    for probleme in problemes:
        connu = (probleme.fichier, probleme.colonne, ", ".join(probleme.connus[:CONNUS_AFFICHES]))
        remede = (probleme.fichier, probleme.colonne, probleme.remede)
        yield replace(
            probleme,
            connus=() if connu in deja else probleme.connus,
            remede="" if remede in deja else probleme.remede,
        )
        deja |= {connu, remede}


Lieu = tuple[str, str | None]


@dataclass
class Releve:
    """Collects problems and remarks while checks go on; the only mutable thing of the checks.

    Beyond ``PROBLEMES_PAR_COLONNE`` in one column the rest is counted, not kept: a wrong column
    of a year's register must be told in a second.
    """

    problemes: list[Probleme] = field(default_factory=list)
    remarques: list[Probleme] = field(default_factory=list)
    tus: Counter[Lieu] = field(default_factory=Counter)
    _dits: Counter[Lieu] = field(default_factory=Counter)

    def plein(self, fichier: str, colonne: str | None) -> bool:
        """Whether enough has been told of this column."""
        return self._dits[(fichier, colonne)] >= PROBLEMES_PAR_COLONNE

    def signaler(self, fichier: str, constat: str, **precisions: object) -> None:
        """Note a problem that forbids using the file."""
        probleme = Probleme(fichier, constat, **precisions)  # type: ignore[arg-type]
        self.ajouter(probleme)

    def ajouter(self, probleme: Probleme) -> None:
        """Keep ``probleme``, or count it when its column has had enough."""
        lieu = (probleme.fichier, probleme.colonne)
        if self.plein(*lieu):
            self.taire(*lieu, probleme.compte)
        else:
            self._dits[lieu] += 1
            self.problemes.append(probleme)

    def taire(self, fichier: str, colonne: str | None, fois: int = 1) -> None:
        """Count problems of a column that is already full."""
        if fois:
            self.tus[(fichier, colonne)] += fois

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
            f"« {extrait(valeur)} » n’est pas {nature}.",
            connus=connus,
            voisin=proche(valeur, connus),
            **precisions,
        )

    def absorber(self, autre: Releve) -> None:
        """Add all that ``autre`` has noted."""
        self.problemes += autre.problemes
        self.remarques += autre.remarques
        self.tus.update(autre.tus)

    def refuser(self) -> None:
        """Raise the :class:`Refus` if there is anything to refuse."""
        if self.problemes:
            raise Refus(*self.problemes, *(_reste(lieu, fois) for lieu, fois in self.tus.items()))


def _reste(lieu: Lieu, fois: int) -> Probleme:
    quoi = "un autre problème n’est pas montré."
    if fois > 1:
        quoi = f"{nombre(fois)} autres problèmes ne sont pas montrés."
    return Probleme(lieu[0], quoi, colonne=lieu[1], compte=fois)


__all__ = ["Probleme", "Refus", "Releve", "enumeration", "extrait", "proche", "sans_accent"]
