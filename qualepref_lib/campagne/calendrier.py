"""The calendar of a campaign: its steps, and how long before each one the report is run.

A step that the label knows has a kind of its own: an audit, a committee, or a mere step. Audits and
committees read the report, so it is run before each of them; nothing is run for the rest unless
the campaign says so.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Sequence
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from qualepref_lib.core.fiches import Fiche

Genre = Literal["audit", "comite", "etape"]
Decalage = Annotated[int, Field(ge=-400, le=400)]
"""Days from the step to the run: −30 is thirty days before."""
AVANT_AUDIT: tuple[int, ...] = (-30, -7, -1)
"""When the report is run before each audit and committee, unless the campaign says otherwise."""

ETAPES: dict[str, tuple[str, Genre]] = {
    "enquete": ("Enquête de satisfaction", "etape"),
    "mystere": ("Enquêtes mystère", "etape"),
    "autodiagnostic": ("Auto-diagnostic", "etape"),
    "plan": ("Plan d’actions", "etape"),
    "copil": ("Comité de pilotage", "comite"),
    "clu": ("Comité local des usagers", "comite"),
    "ct": ("Comité technique", "comite"),
    "csa": ("Comité social d’administration", "comite"),
    "pieces": ("Demande des pièces à l’audité", "etape"),
    "audit_interne": ("Audit interne", "audit"),
    "audit_externe": ("Audit externe", "audit"),
    "label": ("Labellisation", "etape"),
    "surveillance": ("Audit de surveillance", "audit"),
}
"""The steps of the approach: how each is called, and of what kind it is."""


class Echeance(Fiche):
    """One date of the calendar, or a period when ``fin`` is given.

    ``passages`` are the days, counted from ``debut``, at which the report is run for it.
    """

    code: str
    libelle: str
    debut: dt.date
    fin: dt.date | None = None
    precision: Literal["jour", "mois", "trimestre"] = "jour"
    genre: Genre = "etape"
    passages: tuple[Decalage, ...] | None = None

    @model_validator(mode="before")
    @classmethod
    def _completer(cls, valeurs: Any) -> Any:
        """A step that the label knows need not say its name nor its kind."""
        if not isinstance(valeurs, dict) or not isinstance(valeurs.get("code"), str):
            return valeurs
        connue = etape_de(valeurs["code"])
        if connue is None:
            return valeurs
        return {"libelle": connue[0], "genre": connue[1]} | valeurs

    @model_validator(mode="after")
    def _dans_l_ordre(self) -> Echeance:
        if self.fin is not None and self.fin < self.debut:
            raise ValueError(f"« {self.libelle} » : la fin précède le début.")
        check_distincts(self.passages or (), self.libelle)
        return self

    @property
    def dernier_jour(self) -> dt.date:
        """The day after which it is past."""
        return self.fin or self.debut


def etape_de(code: str) -> tuple[str, Genre] | None:
    """What the label knows of a code: ``copil`` and ``copil_2022_02`` are both a committee.

    >>> etape_de("copil_2022_02"), etape_de("copilote")
    (('Comité de pilotage', 'comite'), None)
    """
    for connu, etape in ETAPES.items():
        if code == connu or code.startswith(f"{connu}_"):
            return etape
    return None


def check_distincts(decalages: Sequence[int], quoi: str) -> None:
    """Raise a French ``ValueError`` when the same run is declared twice."""
    doubles = sorted({d for d in decalages if decalages.count(d) > 1})
    if doubles:
        raise ValueError(f"« {quoi} » : le passage {doubles[0]} est écrit deux fois.")


def completer(etapes: Sequence[Echeance]) -> tuple[Echeance, ...]:
    """The steps in the order of time, with the request for documents when nobody declared it.

    The list of documents to provide goes out a month before the internal audit.
    """
    codes = {etape.code for etape in etapes}
    interne = next((e for e in etapes if e.code == "audit_interne"), None)
    toutes = list(etapes)
    if interne is not None and "pieces" not in codes:
        toutes.append(_demande_des_pieces(interne))
    return tuple(sorted(toutes, key=lambda e: (e.debut, e.dernier_jour, e.code)))


def _demande_des_pieces(interne: Echeance) -> Echeance:
    """As precise as the audit is: a month when only its month is known."""
    libelle, genre = ETAPES["pieces"]
    return Echeance(
        code="pieces",
        libelle=libelle,
        genre=genre,
        debut=mois_avant(interne.debut),
        fin=mois_avant(interne.fin) if interne.fin and interne.precision != "jour" else None,
        precision=interne.precision,
    )


def mois_avant(jour: dt.date) -> dt.date:
    """The same day of the month before, or its last day.

    >>> mois_avant(dt.date(2022, 4, 1)).isoformat(), mois_avant(dt.date(2022, 3, 31)).isoformat()
    ('2022-03-01', '2022-02-28')
    """
    annee, mois = (jour.year, jour.month - 1) if jour.month > 1 else (jour.year - 1, 12)
    return dt.date(annee, mois, min(jour.day, calendar.monthrange(annee, mois)[1]))
