"""Arrivals against counters at work: whether the counters follow the people who come.

Both are averages per day of opening, by half-hour. Counters are counted and never named, so that
nobody can be recognised behind one. An open counter that has nobody leaves no trace in the file:
it is not seen. Rules 3.6.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pandas as pd

from qualepref_lib.campagne import Campagne
from qualepref_lib.campagne.listes import new_liste
from qualepref_lib.core.bilan import Chiffre, Liste, Renvoi
from qualepref_lib.core.francais import nombre, nombre_court, pluriel
from qualepref_lib.core.plages import plages
from qualepref_lib.registres.heures import code_demi_heure, libelle_demi_heure
from qualepref_lib.registres.seuils import numeros
from qualepref_lib.registres.tickets import SOURCE, count_guichets, suivre

_OUVERTURE = "jours d’ouverture (jours où au moins un ticket a été pris)"
_VENUS = "tickets pris dans la demi-heure"
_OCCUPES = "guichets ayant reçu quelqu’un dans la demi-heure, comptés chaque jour"
_COLONNES = {
    "arrivees": (
        "Arrivées par jour d’ouverture",
        f"{_VENUS} ÷ {_OUVERTURE}",
    ),
    "guichets": ("Guichets en activité par jour d’ouverture", f"{_OCCUPES} ÷ {_OUVERTURE}"),
    "charge": ("Arrivées par guichet en activité", f"{_VENUS} ÷ {_OCCUPES}"),
}
"""The three averages: the head of their column, their formula."""

PREMIERES = 3
"""How many half-hours a sentence names."""
Termes = tuple[int, int]
"""Numerator and denominator of an average; a denominator of zero is one that is not known."""


def measure_guichets(campagne: Campagne) -> Liste:
    """Arrivals beside counters at work, by half-hour, on average per day of opening.

    A counter is at work in a half-hour when it had someone in it, from the call to the end of the
    ticket. Quotes one figure for each average, with its two terms.
    """
    tickets = suivre(campagne) if SOURCE in campagne.tables else None
    lignes = [] if tickets is None else _demi_heures(campagne, tickets)
    liste = new_liste(
        campagne,
        SOURCE,
        code="tickets.guichets",
        titre="Arrivées et guichets en activité, par demi-heure",
        colonnes=("Demi-heure", *(titre for titre, _ in _COLONNES.values())),
        lignes=((nom, *map(_citer, chiffres)) for nom, chiffres in lignes),
        chiffres=tuple(c for _, chiffres in lignes for c in chiffres if c is not None),
    )
    return liste if tickets is None else replace(liste, champ=liste.champ + _sans_guichet(tickets))


def list_heures_chargees(campagne: Campagne) -> Liste:
    """The half-hours in which a counter at work has most people arriving, the first three."""
    tickets = suivre(campagne) if SOURCE in campagne.tables else pd.DataFrame()
    charges = {
        rang: Fraction(*termes["charge"])
        for rang, termes in (_compter(tickets) if len(tickets) else ())
        if all(termes["charge"])
    }
    premieres = sorted(charges, key=lambda rang: (-charges[rang], rang))[:PREMIERES]
    return new_liste(
        campagne,
        SOURCE,
        code="tickets.heures_chargees",
        titre="Demi-heures où il arrive le plus de monde pour un guichet en activité",
        colonnes=("Demi-heure",),
        lignes=[(libelle_demi_heure(rang),) for rang in premieres],
    )


def _sans_guichet(tickets: pd.DataFrame) -> str:
    """How many calls do not say their counter: they are behind none of those counted."""
    sans = int((tickets["appele"].notna() & tickets["guichet"].isna()).sum())
    return f" ; {pluriel(sans, 'appel')} sans guichet indiqué" if sans else ""


def _demi_heures(
    campagne: Campagne, tickets: pd.DataFrame
) -> list[tuple[str, tuple[Chiffre | None, ...]]]:
    """Each half-hour between the first and the last with arrivals or service, and its figures."""
    lignes = []
    for rang, termes in _compter(tickets):
        siens = numeros(tickets[tickets["demi_heure"] == rang])
        chiffres = (_chiffre(campagne, rang, nom, t, siens) for nom, t in termes.items())
        lignes.append((libelle_demi_heure(rang), tuple(chiffres)))
    return lignes


def _compter(tickets: pd.DataFrame) -> list[tuple[int, dict[str, Termes]]]:
    """The terms of the three averages in each half-hour."""
    jours = int(tickets["date"].nunique())
    venus = tickets["demi_heure"].value_counts()
    ouverts = count_guichets(tickets)["demi_heure"].value_counts()
    releves = jours if len(ouverts) else 0  # a file that names no counter tells of none
    presents = [*venus.index, *ouverts.index]
    comptes = []
    for rang in range(min(presents), max(presents) + 1) if presents else ():
        n, g = int(venus.get(rang, 0)), int(ouverts.get(rang, 0))
        comptes.append((rang, {"arrivees": (n, jours), "guichets": (g, releves), "charge": (n, g)}))
    return comptes


def _chiffre(
    campagne: Campagne, rang: int, nom: str, termes: Termes, lignes: tuple[int, ...]
) -> Chiffre | None:
    haut, bas = termes
    if not bas:
        return None
    titre, formule = _COLONNES[nom]
    source = campagne.source(SOURCE)
    return Chiffre(
        code=f"tickets.guichets.{code_demi_heure(rang)}.{nom}",
        libelle=f"{titre} — {libelle_demi_heure(rang)}",
        valeur=nombre(haut / bas, 1),
        formule=formule,
        numerateur=nombre_court(haut),
        denominateur=nombre_court(bas),
        intervalle="",
        fichier=source.fichier,
        sha256=source.sha256,
        lignes=plages(lignes),
    )


def _citer(chiffre: Chiffre | None) -> str | Renvoi:
    return "–" if chiffre is None else Renvoi(chiffre.valeur, chiffre.code)
