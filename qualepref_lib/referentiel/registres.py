"""``registres.yaml``: what the registers of mail, calls, queues and titles are read against.

Lists of natures and outcomes, delays to keep and thresholds are the référentiel's, each with the
date from which it applies: a delay that changes in 2027 is one dated line.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Literal, TypeVar

from pydantic import Field

from qualepref_lib.core.fiches import Fiche
from qualepref_lib.referentiel.fiches import Cible, Code, Part, Provenance

Registre = Literal["courriers", "appels", "tickets", "titres"]


class Entree(Fiche):
    """One word of a list: a nature of letter, a motive of complaint, a kind of title."""

    code: Code
    libelle: str


class IssueAppel(Entree):
    """How a call ended. ``agent``: it asked for an agent; ``repondu``: an agent handled it."""

    agent: bool = False
    repondu: bool = False


class Delai(Fiche):
    """A number of days to keep from a date on, in business days unless ``ouvres`` is false."""

    depuis: dt.date
    jours: int = Field(gt=0, le=1000)
    ouvres: bool = True
    source: str


class RegleDelai(Fiche):
    """The delays of one kind of rows: an empty ``canal``, ``nature`` or ``titre`` is any.

    The most specific rule wins: channel and nature, then nature, then channel, then neither.
    """

    objet: Literal["reponse", "accuse", "titre"] = "reponse"
    canal: str = ""
    nature: str = ""
    titre: str = ""
    delais: tuple[Delai, ...] = Field(min_length=1)


class Indicateur(Fiche):
    """A headline figure of a register: its dated targets, and the engagements it speaks for.

    ``seuils`` are the dated values a measure must not exceed (``unite``); ``cibles`` the dated
    shares to reach. From ``alerte`` (a share) up to the target the indicator is fragile; without
    it, everything under the target is an écart.
    """

    code: Code
    libelle: str
    registre: Registre
    unite: str = ""
    seuils: tuple[Cible, ...] = ()
    cibles: tuple[Cible, ...] = ()
    alerte: Part | None = None
    engagements: tuple[str, ...] = ()
    provenance: Provenance = "demonstration"


class Registres(Fiche):
    """Everything ``registres.yaml`` may say."""

    canaux: tuple[Entree, ...] = ()
    natures: tuple[Entree, ...] = ()
    motifs_reclamation: tuple[Entree, ...] = ()
    motifs_cloture: tuple[Entree, ...] = ()
    issues_appel: tuple[IssueAppel, ...] = ()
    files: tuple[Entree, ...] = ()
    motifs_visite: tuple[Entree, ...] = ()
    titres: tuple[Entree, ...] = ()
    delais: tuple[RegleDelai, ...] = ()
    indicateurs: tuple[Indicateur, ...] = ()

    def indicateur(self, code: str) -> Indicateur | None:
        """The declared indicator with that code, if there is one."""
        return next((i for i in self.indicateurs if i.code == code), None)

    def delai(
        self, jour: dt.date, objet: str, *, canal: str = "", nature: str = "", titre: str = ""
    ) -> Delai | None:
        """The delay in force on ``jour`` for one kind of row; None when no rule speaks of it."""
        candidats = [
            regle
            for regle in self.delais
            if regle.objet == objet
            and regle.canal in ("", canal)
            and regle.nature in ("", nature)
            and regle.titre in ("", titre)
            and en_vigueur(regle.delais, jour) is not None
        ]
        precise = max(
            candidats, key=lambda r: (bool(r.nature), bool(r.canal), bool(r.titre)), default=None
        )
        return en_vigueur(precise.delais, jour) if precise else None


D = TypeVar("D", Delai, Cible)


def en_vigueur(dates: Iterable[D], jour: dt.date) -> D | None:
    """The dated value in force on ``jour``: the latest one that had started by then."""
    commencees = [d for d in dates if d.depuis <= jour]
    return max(commencees, key=lambda d: d.depuis, default=None)


def libelles(entrees: Iterable[Entree]) -> dict[str, str]:
    """The labels of a list, by their codes."""
    return {entree.code: entree.libelle for entree in entrees}
