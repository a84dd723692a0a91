"""The rows of the référentiel: what each YAML file of an edition may hold."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from fractions import Fraction
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from qualepref_lib.core.fiches import Fiche

Provenance = Literal["source", "demonstration"]
Part = Annotated[Fraction, BeforeValidator(lambda v: Fraction(str(v)))]
"""A share between 0 and 1, kept exact: 0.8 is four fifths, not a binary neighbour."""

Code = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._-]*$")]
"""A code that becomes the identity of a figure: its anchor in the report is made of it."""

GENERAL = "general"
"""The channel of what is said everywhere: it has no rate of its own in the published figures."""


class Cible(Fiche):
    """A share or a delay to reach, from a date on, and the text that sets it."""

    depuis: dt.date
    valeur: Part
    source: str


class Critere(Fiche):
    """One thing to check. ``canaux`` are all the channels it counts in."""

    code: Code
    libelle: str
    canaux: tuple[str, ...] = Field(min_length=1)
    preuves: tuple[str, ...] = ()
    validite_jours: int | None = None
    provenance: Provenance = "demonstration"


class Engagement(Fiche):
    """A commitment of the label; it is verified by evidence and interviews."""

    code: Code
    libelle: str
    exigence: str
    rubrique: str = ""
    provenance: Provenance = "demonstration"
    criteres: tuple[Critere, ...] = Field(min_length=1)


class Module(Fiche):
    """A chapter of the label. The ones that a site did not retain have a name only."""

    code: Code
    libelle: str
    obligatoire: bool = False
    condition: str = ""
    provenance: Provenance = "demonstration"
    cibles: tuple[Cible, ...] = ()
    engagements: tuple[Engagement, ...] = ()


class Canal(Fiche):
    """A way users reach the prefecture."""

    code: Code
    libelle: str
    rang: int
    provenance: Provenance = "demonstration"
    cibles: tuple[Cible, ...] = ()


class Degre(Fiche):
    """One step of the rating scale; ``points`` is None where the step leaves the base."""

    code: str
    libelle: str
    points: Part | None = None
    signe: str = "–"
    motif_obligatoire: bool = False


class TypeConstat(Fiche):
    """One way of qualifying a finding. ``non_conformite`` ones have a fiche d'écart.

    ``action_attendue``: the plan should have an action for it; by default, for non-conformities.
    """

    code: Code
    libelle: str
    signe: str = "–"
    non_conformite: bool = False
    action_attendue: bool | None = None

    @property
    def appelle_action(self) -> bool:
        """Whether such a finding, while it is open, should have an action in the plan."""
        return self.non_conformite if self.action_attendue is None else self.action_attendue


class PetitesCellules(Fiche):
    """What may be printed of few people: no ``cellule`` below, no share on a smaller ``base``."""

    cellule: int = Field(default=5, ge=2, le=50)
    base: int = Field(default=10, ge=2, le=100)


class Edition(Fiche):
    """The edition itself: its name, its scale and its declared ways of counting."""

    code: str
    libelle: str
    avertissement: str = ""
    source: str = ""
    echelle: tuple[Degre, ...] = Field(min_length=2)
    agregation: Literal["criteres", "engagements", "canaux"] = "criteres"
    point_fort_a_partir: Part
    axe_en_dessous: Part
    cibles: tuple[Cible, ...] = ()
    types_constat: tuple[TypeConstat, ...] = ()
    petites_cellules: PetitesCellules = PetitesCellules()


class Observation(Fiche):
    """One line of a mystery grid: a yes/no criterion, or a measure with its unit and target.

    ``calcul: delai_ouvre`` measures itself: business days from the test to its answer.
    """

    code: Code
    libelle: str
    genre: Literal["critere", "mesure"] = "critere"
    unite: str = ""
    maximum: Part | None = None
    calcul: Literal["", "delai_ouvre"] = ""
    engagements: tuple[str, ...] = ()
    provenance: Provenance = "demonstration"


class Grille(Fiche):
    """What a tester notes on one channel. ``cibles`` are shares of conforming tests."""

    code: Code
    libelle: str
    canal: str
    scenarios: tuple[str, ...] = ()
    cibles: tuple[Cible, ...] = ()
    observations: tuple[Observation, ...] = Field(min_length=1)


class Piece(Fiche):
    """A document that the audited site provides before the audit."""

    code: str
    libelle: str
    detenteur: str
    jours_avant: int = 30
    engagements: tuple[str, ...] = ()
    provenance: Provenance = "demonstration"


class Terme(Fiche):
    """One entry of the glossary that the report prints."""

    terme: str
    definition: str


class Pieces(Fiche):
    """``pieces.yaml``."""

    pieces: tuple[Piece, ...]


class Lexique(Fiche):
    """``lexique.yaml``."""

    termes: tuple[Terme, ...]


def cible_au(cibles: Iterable[Cible], jour: dt.date) -> Cible | None:
    """The target in force on ``jour``: the latest one that had started by then."""
    en_vigueur = [cible for cible in cibles if cible.depuis <= jour]
    return max(en_vigueur, key=lambda cible: cible.depuis, default=None)
