"""The rows of the référentiel: what each YAML file of an edition may hold."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from fractions import Fraction
from functools import cached_property
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, model_validator

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


BORNES_NOTE = {"nps": (0, 10), "effort": (1, 7)}
"""The marks of the readings that fix their own: recommendation, and effort."""


class Modalite(Fiche):
    """One possible answer; ``favorable`` ones make the satisfaction rate."""

    code: Code
    libelle: str
    favorable: bool = False
    hors_base: bool = False


PRECISION = "_autre"
"""How the name of a column ends that holds what people wrote under « Autre »."""


class Question(Fiche):
    """One question of the survey. ``genre`` says how it is answered and read.

    A ``note`` is a whole number from ``mini`` to ``maxi``; ``lecture`` says what is made of it:
    ``nps`` (0 to 10), ``effort`` (1 to 7, from the hardest to the easiest), or its plain mean.
    ``ensemble`` marks a question on the whole: it is no item among the priorities.
    """

    code: Code
    libelle: str
    court: str
    genre: Literal["choix", "multiple", "echelle", "note", "texte"]
    echelle: str = ""
    mini: int | None = None
    maxi: int | None = None
    lecture: Literal["", "nps", "effort"] = ""
    ensemble: bool = False
    modalites: tuple[Modalite, ...] = ()
    canal: str = ""
    engagements: tuple[str, ...] = ()
    provenance: Provenance = "demonstration"

    @model_validator(mode="after")
    def _note_bornee(self) -> Question:
        attendues = BORNES_NOTE.get(self.lecture)
        if self.genre != "note":
            if self.lecture or self.mini is not None or self.maxi is not None:
                raise ValueError(f"« {self.code} » : mini, maxi et lecture sont d’une note.")
        elif attendues and (self.mini, self.maxi) not in ((None, None), attendues):
            bas, haut = attendues
            raise ValueError(f"« {self.code} » : {self.lecture} va de {bas} à {haut}.")
        elif not attendues and (self.mini is None or self.maxi is None or self.mini >= self.maxi):
            raise ValueError(f"« {self.code} » : une note a ses bornes, mini puis maxi.")
        return self

    @property
    def bornes(self) -> tuple[int, int]:
        """The lowest and the highest mark of a note."""
        connues = BORNES_NOTE.get(self.lecture)
        if connues:
            return connues
        assert self.mini is not None and self.maxi is not None
        return (self.mini, self.maxi)


class Partie(Fiche):
    """One of the parts of the questionnaire."""

    code: str
    libelle: str
    questions: tuple[Question, ...] = Field(min_length=1)


class EchelleReponse(Fiche):
    """A list of answers shared by several questions, from the best to the worst."""

    code: Code
    libelle: str
    modalites: tuple[Modalite, ...] = Field(min_length=2)


class Questionnaire(Fiche):
    """The satisfaction survey. ``cibles`` are shares of satisfied answers, if they have their own.

    A share of satisfied people is not a share of criteria that are met: the target of the edition
    only stands in for it.
    """

    code: str
    libelle: str
    question_principale: str
    cibles: tuple[Cible, ...] = ()
    echelles: tuple[EchelleReponse, ...] = ()
    parties: tuple[Partie, ...] = Field(min_length=1)

    @cached_property
    def questions(self) -> dict[str, Question]:
        """Every question by its code, in the order of the questionnaire."""
        return {q.code: q for partie in self.parties for q in partie.questions}

    @cached_property
    def precisions(self) -> dict[str, Question]:
        """By the name of its column, what « Autre » may be precised of: questions of choices.

        A name that is the code of another question is left to that question.
        """
        choix = [q for q in self.questions.values() if q.genre in ("choix", "multiple")]
        noms = {f"{q.code}{PRECISION}": q for q in choix}
        return {nom: q for nom, q in noms.items() if nom not in self.questions}

    def modalites(self, question: Question) -> tuple[Modalite, ...]:
        """The answers of a question: its own, or those of the scale it names."""
        echelles = {echelle.code: echelle.modalites for echelle in self.echelles}
        return question.modalites or echelles.get(question.echelle, ())


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
