"""``campagne.yaml``: which site, which edition, which calendar, and how each source was made."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from typing import Annotated, Literal, get_args

from pydantic import Field, field_validator, model_validator

from qualepref_lib.campagne.calendrier import (
    AVANT_AUDIT,
    Decalage,
    Echeance,
    check_distincts,
    completer,
)
from qualepref_lib.campagne.redressement import Redressement
from qualepref_lib.campagne.suivi import SuiviPlan
from qualepref_lib.core.bilan import Plan
from qualepref_lib.core.fiches import Fiche
from qualepref_lib.core.francais import nombre_court
from qualepref_lib.core.jours import ZONES, JoursOuvres
from qualepref_lib.core.valeurs import lire_heure
from qualepref_lib.referentiel.fiches import Part, PetitesCellules

JourSemaine = Literal["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"]
JOURS_SEMAINE: tuple[JourSemaine, ...] = get_args(JourSemaine)
PLAGE = r"^([01][0-9]|2[0-3]):[0-5][0-9]-([01][0-9]|2[0-3]):[0-5][0-9]$"


class Fermeture(Fiche):
    """Days on which the whole site is closed, apart from public holidays."""

    libelle: str
    debut: dt.date
    fin: dt.date | None = None

    @model_validator(mode="after")
    def _dans_l_ordre(self) -> Fermeture:
        if self.fin is not None and self.fin < self.debut:
            raise ValueError(f"« {self.libelle} » : la fin précède le début.")
        return self

    @property
    def jours(self) -> list[dt.date]:
        """Each day of the closure."""
        duree = ((self.fin or self.debut) - self.debut).days
        return [self.debut + dt.timedelta(days=rang) for rang in range(duree + 1)]


class ServiceSite(Fiche):
    """One service and how many agents it has: under five, its results are never shown alone."""

    libelle: str
    agents: int = Field(ge=0)


class Horaire(Fiche):
    """When one channel is open: the days of the week, and the spans of a day (08:30-12:00)."""

    canal: str
    jours: tuple[JourSemaine, ...] = Field(min_length=1)
    plages: tuple[Annotated[str, Field(pattern=PLAGE)], ...] = Field(min_length=1)

    @property
    def minutes(self) -> tuple[tuple[float, float], ...]:
        """The spans, in minutes since midnight."""
        bornes = [plage.split("-") for plage in self.plages]
        return tuple((lire_heure(debut), lire_heure(fin)) for debut, fin in bornes)


class Vague(Fiche):
    """One wave of mystery tests; ``repere`` makes it part of the baseline of charts.

    A baseline that does not begin with the first wave needs its written reason (``motif``).
    """

    code: str
    libelle: str
    debut: dt.date
    fin: dt.date
    repere: bool = False
    motif: str = ""

    @model_validator(mode="after")
    def _dans_l_ordre(self) -> Vague:
        if self.fin < self.debut:
            raise ValueError(f"« {self.libelle} » : la fin précède le début.")
        return self


class Site(Fiche):
    """Where the audit takes place. ``zone`` is the holiday zone: a department number."""

    libelle: str
    zone: str = ""
    fermetures: tuple[Fermeture, ...] = ()
    services: tuple[ServiceSite, ...] = ()
    horaires: tuple[Horaire, ...] = ()

    @field_validator("zone")
    @classmethod
    def _connue(cls, zone: str) -> str:
        if zone and zone not in ZONES:
            raise ValueError(f"« {zone} » n’est pas un numéro de département (57, 2A, 974…).")
        return zone

    @property
    def jours_ouvres(self) -> JoursOuvres:
        """The business days of the site."""
        chomes = frozenset(jour for fermeture in self.fermetures for jour in fermeture.jours)
        return JoursOuvres(self.zone, chomes)


class Repere(Fiche):
    """The declared baseline of a control chart: the period that later points are judged by.

    A baseline that replaces an older one needs its written reason (``motif``).
    """

    indicateur: str
    debut: dt.date
    fin: dt.date
    motif: str

    @model_validator(mode="after")
    def _dans_l_ordre(self) -> Repere:
        if self.fin < self.debut:
            raise ValueError(f"repère « {self.indicateur} » : la fin précède le début.")
        return self


class DeclarationSource(Fiche):
    """How one source was collected; ``plan`` (its design) limits what may be said of it.

    ``lignes_attendues`` is how many rows the export counted: a file with another number of rows
    was cut on the way, and is refused. ``sollicites`` is how many people could have answered.
    """

    plan: Plan = "recensement"
    libelle: str
    champ: str
    mode: str = ""
    debut: dt.date | None = None
    fin: dt.date | None = None
    lignes_attendues: int | None = Field(default=None, ge=0)
    sollicites: int | None = Field(default=None, gt=0)
    redressement: Redressement | None = None

    @model_validator(mode="after")
    def _dans_l_ordre(self) -> DeclarationSource:
        if self.debut is not None and self.fin is not None and self.fin < self.debut:
            raise ValueError(f"« {self.libelle} » : la fin précède le début.")
        return self


class EditionPubliee(Fiche):
    """A past figure known only by its publication: its value, and what is not known of it.

    What is known of how it was made (``mode``, ``population``, ``formulation``…) is said; what is
    left empty is unknown, and makes every comparison conditional.
    """

    indicateur: str
    annee: int
    valeur: Part
    source: str
    inconnus: tuple[str, ...] = ()
    base: int | None = Field(default=None, gt=0)
    bases_plausibles: tuple[Annotated[int, Field(gt=0)], ...] = ()
    base_retenue: int | None = Field(default=None, gt=0)
    mode: str = ""
    debut: dt.date | None = None
    fin: dt.date | None = None
    population: str = ""
    formulation: str = ""
    echelle: tuple[str, ...] = ()
    formule: str = ""
    ponderation: str = ""

    @field_validator("valeur")
    @classmethod
    def _est_une_part(cls, valeur: Fraction) -> Fraction:
        if not 0 <= valeur <= 1:
            raise ValueError(f"« {nombre_court(valeur)} » n’est pas une part de 0 à 1 : 0.84.")
        return valeur


class PieceRecue(Fiche):
    """A document of the list to provide, once it has been received."""

    piece: str
    remise_le: dt.date


class FicheCampagne(Fiche):
    """Everything ``campagne.yaml`` may say. ``demonstration`` marks data that are not real.

    ``precedente`` names the folder of the edition before: what actions have moved is read there.
    """

    code: str
    libelle: str
    site: Site
    edition: str
    demonstration: bool = False
    date_reference: dt.date
    modules: tuple[str, ...] = Field(min_length=1)
    niveau_confiance: float = Field(default=0.95, gt=0.5, lt=1)
    demarche: tuple[str, ...] = ()
    perimetre: str = ""
    logo: str = ""
    calendrier: tuple[Echeance, ...] = ()
    passages: tuple[Decalage, ...] = AVANT_AUDIT
    sources: dict[str, DeclarationSource] = Field(default_factory=dict)
    editions_publiees: tuple[EditionPubliee, ...] = ()
    pieces_recues: tuple[PieceRecue, ...] = ()
    reperes: tuple[Repere, ...] = ()
    vagues: tuple[Vague, ...] = ()
    precedente: str = ""
    suivi_plan: SuiviPlan = Field(default_factory=SuiviPlan)
    petites_cellules: PetitesCellules | None = None

    @model_validator(mode="after")
    def _passages_distincts(self) -> FicheCampagne:
        check_distincts(self.passages, "passages")
        return self

    @property
    def etapes(self) -> tuple[Echeance, ...]:
        """The calendar in the order of time, with what follows from it."""
        return completer(self.calendrier)

    def passages_de(self, etape: Echeance) -> tuple[int, ...]:
        """The offsets at which the report is run for a step, the earliest first."""
        if etape.passages is not None:
            return tuple(sorted(etape.passages))
        return () if etape.genre == "etape" else tuple(sorted(self.passages))

    def reperes_de(self, indicateur: str) -> tuple[Repere, ...]:
        """The baselines declared for one chart, the oldest first."""
        siens = [r for r in self.reperes if r.indicateur == indicateur]
        return tuple(sorted(siens, key=lambda r: r.debut))
