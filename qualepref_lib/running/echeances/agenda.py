"""The calendar as a file that LibreOffice, Thunderbird and Outlook read (RFC 5545).

Every event lasts whole days. Its identity comes from the campaign and the code, never from the
date: a step that is moved is moved in the reader's calendar too. The same day and the same data
give the same bytes.
"""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from icalendar import Alarm, Calendar, Event

from qualepref_lib.analyses.plan_actions import SOURCE as PLAN
from qualepref_lib.campagne import load_campagne
from qualepref_lib.campagne.calendrier import Echeance
from qualepref_lib.campagne.regles_plan import OUVERTES
from qualepref_lib.campagne.tables import STATUTS_ACTION
from qualepref_lib.core.francais import date_longue
from qualepref_lib.running.atomique import write_atomique
from qualepref_lib.running.echeances.etat import Etat, load_etats
from qualepref_lib.running.echeances.passages import dire_quand

DOMAINE = "qualepref.invalid"
"""The end of each identity: no real domain owns these events."""
GENRES = {"audit": "Audit", "comite": "Comité", "etape": "Étape"}
RAPPEL = dt.timedelta(days=-7, hours=9)
"""A week before, at nine."""


@dataclass(frozen=True)
class Evenement:
    """One event of the calendar, from ``debut`` to ``fin`` included."""

    identite: str
    titre: str
    texte: str
    categorie: str
    debut: dt.date
    fin: dt.date
    certain: bool = True
    rappel: bool = False


def write_agenda(racine: Path, noms: Sequence[str], jour: dt.date, chemin: Path) -> int:
    """Write the calendar file of the campaigns, in one step; answer with its number of events.

    Raises the ``Refus`` of the first campaign that cannot be read: an agenda with a hole in it
    would be believed.
    """
    etats = [e for e in load_etats(racine, noms, jour) if noms or not e.finie]
    evenements = [evenement for etat in etats for evenement in list_evenements(etat)]
    write_atomique(chemin, render_agenda(evenements, jour), remplacer=True)
    return len(evenements)


def list_evenements(etat: Etat) -> Iterator[Evenement]:
    """The steps, the due runs and the open actions of a campaign."""
    if etat.refus is not None:
        raise etat.refus
    assert etat.fiche is not None
    for etape in etat.fiche.etapes:
        yield _etape(etat, etape)
    for passage in etat.passages:
        yield Evenement(
            f"passage-{passage.etape.code}{passage.decalage:+d}.{etat.nom}",
            f"Rapport Qual-e-Pref : {passage.etape.libelle}, {passage.delai}",
            f"{etat.libelle}\nLe rapport est refait ce jour : "
            f"{passage.etape.libelle}, {dire_quand(passage.etape)}.",
            "Passage",
            passage.jour,
            passage.jour,
        )
    yield from _actions(etat)


def render_agenda(evenements: Sequence[Evenement], jour: dt.date) -> bytes:
    """The bytes of the calendar file; its stamps are the reference day's."""
    agenda = Calendar()
    agenda.add("prodid", "-//qualepref//echeances//FR")
    agenda.add("version", "2.0")
    agenda.add("calscale", "GREGORIAN")
    for evenement in evenements:
        agenda.add_component(_composant(evenement, jour))
    octets: bytes = agenda.to_ical()
    return octets


def _etape(etat: Etat, etape: Echeance) -> Evenement:
    certain = etape.precision == "jour"
    # A period known by its month would cover the whole of it: its first day stands for it.
    fin = etape.dernier_jour if certain else etape.debut
    titre = etape.libelle if certain else f"{etape.libelle} (jour à préciser)"
    return Evenement(
        f"etape-{etape.code}.{etat.nom}",
        titre,
        f"{etat.libelle}\n{etape.libelle} : {dire_quand(etape)}.",
        GENRES[etape.genre],
        etape.debut,
        fin,
        certain,
        rappel=etape.genre != "etape",
    )


def _actions(etat: Etat) -> Iterator[Evenement]:
    """The due date of each open action that has one."""
    campagne = load_campagne(etat.appel)
    if PLAN not in campagne.tables:
        return
    cadre: Any = campagne.tables[PLAN].cadre
    for _, action in cadre[cadre["statut"].isin(OUVERTES) & cadre["echeance"].notna()].iterrows():
        echeance = action["echeance"].date()
        qui = "à désigner" if pd.isna(action["responsable"]) else action["responsable"]
        yield Evenement(
            f"action-{action['code']}.{etat.nom}",
            f"Action {action['code']} : {action['libelle']}",
            f"{etat.libelle}\nÉchéance : {date_longue(echeance)}\n"
            f"Responsable : {qui or 'à désigner'}\nÉtat : {STATUTS_ACTION[action['statut']]}",
            "Action",
            echeance,
            echeance,
            rappel=True,
        )


def _composant(evenement: Evenement, jour: dt.date) -> Event:
    titre = _lisible(evenement.titre)
    composant = Event()
    composant.add("uid", f"{_identite(evenement.identite)}@{DOMAINE}")
    composant.add("dtstamp", dt.datetime.combine(jour, dt.time(), dt.UTC))
    composant.add("dtstart", evenement.debut)
    composant.add("dtend", evenement.fin + dt.timedelta(days=1))
    composant.add("summary", titre)
    composant.add("description", _lisible(evenement.texte))
    composant.add("categories", ["Qual-e-Pref", evenement.categorie])
    composant.add("status", "CONFIRMED" if evenement.certain else "TENTATIVE")
    composant.add("transp", "TRANSPARENT")
    if evenement.rappel:
        rappel = Alarm()
        rappel.add("action", "DISPLAY")
        rappel.add("description", titre)
        rappel.add("trigger", RAPPEL)
        composant.add_component(rappel)
    return composant


def _identite(texte: str) -> str:
    """Letters, digits and a few signs, whatever an action is called; two stay two."""
    return "".join(
        c if c.isascii() and (c.isalnum() or c in "-._+") else f"={ord(c):x}=" for c in texte
    )


def _lisible(texte: str) -> str:
    """No control sign but the line break, which the format writes as two visible ones."""
    return "".join(
        c if c == "\n" or not unicodedata.category(c).startswith("C") else " " for c in texte
    )
