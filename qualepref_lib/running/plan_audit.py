"""A first audit plan, to be edited: meetings, then one slot for each group of engagements.

Engagements of one heading that the same function answers for are met together, three at most in a
slot of an hour. Every engagement of the retained modules is in exactly one slot.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from qualepref_lib.analyses.guide import SANS_FONCTION, services_de
from qualepref_lib.campagne import Campagne
from qualepref_lib.core.francais import date_longue
from qualepref_lib.core.refus import Probleme, Refus
from qualepref_lib.referentiel import Engagement

COLONNES = ("date", "debut", "fin", "activite", "engagements", "fonction", "lieu")
DEMI_JOURNEES = ((9 * 60, 12 * 60 + 30), (14 * 60, 17 * 60 + 30))
OUVERTURE, SYNTHESE, CLOTURE = 30, 45, 45
PAR_CRENEAU = 3


@dataclass(frozen=True)
class Creneau:
    """One slot: its day, its times in minutes since midnight, what is done with whom."""

    date: dt.date
    debut: int
    fin: int
    activite: str
    engagements: tuple[str, ...] = ()
    fonction: str = ""
    lieu: str = ""

    @property
    def cellules(self) -> tuple[str, ...]:
        """The row of ``plan_audit.csv``."""
        heures = (f"{m // 60:02d}:{m % 60:02d}" for m in (self.debut, self.fin))
        codes = " ".join(self.engagements)
        return (
            self.date.isoformat(), *heures, self.activite, codes, self.fonction, self.lieu
        )  # fmt: skip


@dataclass(frozen=True)
class _Travail:
    """Something to find a place for."""

    activite: str
    duree: int
    engagements: tuple[str, ...] = ()
    fonction: str = ""


def make_plan_audit(campagne: Campagne, jours: Iterable[dt.date]) -> tuple[Creneau, ...]:
    """The slots of an audit held on ``jours`` (business days of the site): as many as it takes.

    Raises :class:`Refus` when the days are too few, saying what is left without a place.
    """
    travaux = _travaux(campagne)
    creneaux: list[Creneau] = []
    places = _places(jours)
    jour, debut, fin = _place(places, travaux)
    for rang, travail in enumerate(travaux):
        while debut + travail.duree > fin:
            jour, debut, fin = _place(places, travaux[rang:])
        creneaux.append(_poser(travail, jour, debut))
        debut += travail.duree
    return tuple(creneaux)


def _places(jours: Iterable[dt.date]) -> Iterator[tuple[dt.date, int, int]]:
    return ((jour, debut, fin) for jour in jours for debut, fin in DEMI_JOURNEES)


def _place(
    places: Iterator[tuple[dt.date, int, int]], restent: list[_Travail]
) -> tuple[dt.date, int, int]:
    """The next half-day; a refusal when there is none left."""
    trouvee = next(places, None)
    if trouvee is None:
        heures = -(-sum(travail.duree for travail in restent) // 60)
        raise Refus(
            Probleme(
                "plan d’audit",
                f"les jours donnés ne suffisent pas : il reste {heures} h à placer.",
                remede="donner plus de jours, ou ne pas les compter.",
            )
        )
    return trouvee


def _poser(travail: _Travail, jour: dt.date, debut: int) -> Creneau:
    fin = debut + travail.duree
    return Creneau(jour, debut, fin, travail.activite, travail.engagements, travail.fonction)


def _travaux(campagne: Campagne) -> list[_Travail]:
    """The opening meeting, one work for each group of engagements, the closing meeting."""
    return [
        _Travail("Réunion d’ouverture", OUVERTURE),
        *(travail for module in campagne.modules for travail in _module(campagne, module.code)),
        _Travail("Synthèse des auditeurs", SYNTHESE),
        _Travail("Réunion de clôture", CLOTURE),
    ]


def _module(campagne: Campagne, module: str) -> Iterator[_Travail]:
    """The works of one module, heading by heading, function by function."""
    services = services_de(campagne)
    engagements = next(m.engagements for m in campagne.modules if m.code == module)

    def cle(engagement: Engagement) -> tuple[str, str]:
        return engagement.rubrique, services.get(engagement.code, SANS_FONCTION)

    rubriques = list(dict.fromkeys(e.rubrique for e in engagements))
    ranges = sorted(engagements, key=lambda e: (rubriques.index(e.rubrique), cle(e)[1], e.code))
    for (rubrique, fonction), groupe in groupby(ranges, key=cle):
        codes = [e.code for e in groupe]
        for lot in _lots(codes):
            titre = f"Entretien et preuves : {rubrique or f'module {module}'}"
            yield _Travail(titre, 60 if len(lot) > 1 else 45, lot, fonction)


def _lots(codes: list[str]) -> Iterator[tuple[str, ...]]:
    """As few lots as it takes, of sizes that differ by one at most."""
    combien = -(-len(codes) // PAR_CRENEAU)
    for rang in range(combien):
        debut, fin = (len(codes) * r // combien for r in (rang, rang + 1))
        yield tuple(codes[debut:fin])


def find_debut(campagne: Campagne) -> dt.date:
    """The first day of the next audit of the calendar; a refusal when there is none."""
    jour = campagne.fiche.date_reference
    audits = [e.debut for e in campagne.fiche.calendrier if e.genre == "audit" and e.debut >= jour]
    if not audits:
        constat = f"le calendrier n’a pas d’audit à partir du {date_longue(jour)}."
        remede = "donner le premier jour avec --debut, ou inscrire l’audit au calendrier."
        raise Refus(Probleme("campagne.yaml", constat, colonne="calendrier", remede=remede))
    return min(audits)


def texte_plan(creneaux: Iterable[Creneau]) -> str:
    """The plan as the text of ``plan_audit.csv``."""
    tampon = io.StringIO()
    auteur = csv.writer(tampon, delimiter=";", lineterminator="\n")
    auteur.writerows([COLONNES, *(creneau.cellules for creneau in creneaux)])
    return tampon.getvalue()


def write_plan_audit(campagne: Campagne, creneaux: Iterable[Creneau]) -> Path:
    """Write ``plan_audit.csv`` in the campaign; an existing plan is never touched."""
    chemin = campagne.dossier / "plan_audit.csv"
    try:
        # With a BOM, Excel opens it in UTF-8 without asking.
        with chemin.open("x", encoding="utf-8-sig", newline="") as fichier:
            fichier.write(texte_plan(creneaux))
    except FileExistsError:
        remede = "le corriger à la main, ou le renommer avant d’en faire un autre."
        raise Refus(
            Probleme("plan_audit.csv", "ce plan existe déjà ; rien n’est modifié.", remede=remede)
        ) from None
    return chemin
