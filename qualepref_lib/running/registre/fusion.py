"""Registers of several services put together; nothing is lost, nothing is decided in silence.

Two rows are one letter when they have the same chrono (and, where the chrono does not say the
year, were received the same year). Cells are then compared one by one: a blank is filled by the
other copy, two different values are a contradiction, and contradictions forbid the whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pandas as pd

from qualepref_lib.core.francais import enumeration, pluriel
from qualepref_lib.core.refus import Probleme, Refus, extrait, sans_accent
from qualepref_lib.running.registre.feuilles import SAISIES
from qualepref_lib.running.registre.lecture import Exemplaire

ANNEE = r"(?<!\d)(?:19|20)\d\d(?!\d)"
FICHIER, LIGNE, CLE, FORME = "_fichier", "_ligne", "_cle", "_forme"
QUASI_DOUBLONS = ("cle", "date_reception", "nature")


class Contradictions(Refus):
    """Two copies say different things of one letter. Every one is told: each is to be settled."""

    def __str__(self) -> str:
        compte = pluriel(len(self.problemes), "contradiction")
        remede = "À faire : corriger l’un des registres, puis recommencer. Rien n’est écrit."
        return "\n".join(
            [
                f"Refusé : {compte} entre les registres.",
                *(f"  • {p}" for p in self.problemes),
                remede,
            ]
        )


@dataclass(frozen=True)
class Reunion:
    """The letters of several registers, each once: text columns ``SAISIES``, in order of reception.

    ``lues`` rows were read, ``libres`` unused ones left out; ``repetees`` letters were in several
    copies, of which those of ``completees`` filled blanks of one another.
    """

    cadre: pd.DataFrame
    lues: int
    libres: int
    repetees: int
    completees: tuple[str, ...] = ()
    remarques: tuple[Probleme, ...] = ()


def merge(exemplaires: Sequence[Exemplaire]) -> Reunion:
    """Put registers together; raises :class:`Contradictions` with every cell that differs."""
    tout = _empiler(exemplaires)
    repetes = tout[tout[CLE].duplicated(keep=False)]
    contradictions = [p for colonne in SAISIES for p in _contredits(repetes, colonne)]
    if contradictions:
        raise Contradictions(*sorted(contradictions, key=lambda p: (p.fichier, p.ligne or 0)))
    simples = tout[~tout[CLE].duplicated(keep=False)]
    cadre = pd.concat([simples[list(SAISIES)], _reunir(repetes)], ignore_index=True)
    cadre = cadre.sort_values(["date_reception", "chrono"], ignore_index=True)
    return Reunion(
        cadre=cadre,
        lues=len(tout),
        libres=sum(e.libres for e in exemplaires),
        repetees=repetes[CLE].nunique(),
        completees=_completees(repetes),
        remarques=tuple(_quasi_doublons(cadre)),
    )


def _empiler(exemplaires: Sequence[Exemplaire]) -> pd.DataFrame:
    """All rows with where they come from, and the key that says which are one letter."""
    cadres = [
        e.cadre.assign(**{FICHIER: e.nom, LIGNE: e.cadre.index.to_numpy()}) for e in exemplaires
    ]
    tout = pd.concat(cadres, ignore_index=True)
    datee = tout["chrono"].str.contains(ANNEE, regex=True)
    annee = tout["date_reception"].str[:4].where(~datee, "")
    tout[CLE] = tout["chrono"] + "\n" + annee
    return tout


def _reunir(repetes: pd.DataFrame) -> pd.DataFrame:
    """One row for each letter: of each column the first value that is written."""
    if repetes.empty:
        return repetes[list(SAISIES)]
    ecrites = repetes[[CLE, *SAISIES]]
    ecrites = ecrites.where(ecrites != "")
    return ecrites.groupby(CLE, sort=False)[list(SAISIES)].first().fillna("")


def _completees(repetes: pd.DataFrame) -> tuple[str, ...]:
    """The chronos of which the copies are not all the same."""
    formes = repetes.assign(service=repetes["service"].map(sans_accent))
    distinctes = formes.drop_duplicates([CLE, *SAISIES])
    return tuple(distinctes.loc[distinctes[CLE].duplicated(), "chrono"].unique())


def _contredits(repetes: pd.DataFrame, colonne: str) -> Iterator[Probleme]:
    """The cells of a column that differ from the first one written for the same letter."""
    ecrites = repetes[repetes[colonne] != ""]
    # A service is typed by hand: its case and its accents decide nothing.
    formes = ecrites[colonne].map(sans_accent) if colonne == "service" else ecrites[colonne]
    ecrites = ecrites.assign(**{FORME: formes})
    premieres = ecrites.groupby(CLE, sort=False)[FORME].transform("first")
    rivales = ecrites[ecrites[FORME] != premieres]
    if rivales.empty:
        return
    premiers = ecrites.drop_duplicates(CLE).set_index(CLE)
    for rang in rivales.to_dict("records"):
        yield _contradiction(rang, premiers.loc[rang[CLE]].to_dict(), colonne)


def _contradiction(rang: dict[str, object], premier: dict[str, object], colonne: str) -> Probleme:
    ici, autre = (_montrer(str(r[colonne])) for r in (rang, premier))
    return Probleme(
        str(rang[FICHIER]),
        f"chrono {extrait(rang['chrono'])} : « {ici} » ici, « {autre} » dans {premier[FICHIER]}, "
        f"ligne {premier[LIGNE]}.",
        ligne=int(str(rang[LIGNE])),
        colonne=colonne,
    )


def _montrer(valeur: str) -> str:
    """A value as people write it: a day in the French way."""
    if re.fullmatch(r"\d{4}-\d\d-\d\d", valeur):
        return "/".join(reversed(valeur.split("-")))
    return extrait(valeur)


def _quasi_doublons(cadre: pd.DataFrame) -> Iterator[Probleme]:
    """Letters that look like one letter written in twice, under two numbers."""
    avec_cle = cadre[cadre["cle"] != ""]
    proches = avec_cle[avec_cle.duplicated(list(QUASI_DOUBLONS), keep=False)]
    for (_, jour, nature), groupe in proches.groupby(list(QUASI_DOUBLONS), sort=False):
        chronos = [extrait(chrono) for chrono in groupe["chrono"]]
        yield Probleme(
            "réunion",
            f"{enumeration(chronos)} : même clé, reçus le {_montrer(str(jour))}, même nature "
            f"({nature}) ; c’est peut-être le même envoi inscrit {len(chronos)} fois.",
        )
