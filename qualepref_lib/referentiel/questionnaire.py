"""The satisfaction survey of an edition: ``questionnaire.yaml``, its questions, their answers."""

from __future__ import annotations

from functools import cached_property
from typing import Literal

from pydantic import Field, model_validator

from qualepref_lib.core.fiches import Fiche
from qualepref_lib.referentiel.fiches import Cible, Code, Provenance

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
