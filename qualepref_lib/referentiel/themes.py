"""``themes.yaml``: the dictionary by which free texts are sorted, and how they may be quoted.

A theme is a code, a label and expressions: words in order, where ``*`` stands for any letters
(``attent*``). What an exclusion matches is set aside first: « salle d'attente » is not a wait. The
dictionary says what a text speaks of, never what its author feels: « pas d'attente » is about
waiting.
"""

from __future__ import annotations

import re
from functools import cached_property

from pydantic import Field, field_validator

from qualepref_lib.core.fiches import Fiche
from qualepref_lib.core.refus import extrait, sans_accent
from qualepref_lib.referentiel.fiches import Code, Provenance

LETTRES_MIN = 3
"""A word cut by « * » keeps at least this many letters: « a* » would be every theme at once."""


class Theme(Fiche):
    """One subject that people write about; its expressions are read without accents or case."""

    code: Code
    libelle: str
    canal: str = ""
    engagements: tuple[str, ...] = ()
    expressions: tuple[str, ...] = Field(min_length=1)
    exclusions: tuple[str, ...] = ()
    provenance: Provenance = "demonstration"

    @field_validator("expressions", "exclusions")
    @classmethod
    def _lisibles(cls, expressions: tuple[str, ...]) -> tuple[str, ...]:
        for expression in expressions:
            check_expression(expression)
        return expressions

    @cached_property
    def modele(self) -> re.Pattern[str]:
        """What a text must hold, in the form that :func:`mots_de` gives it."""
        return compiler(self.expressions)

    @cached_property
    def ecarte(self) -> re.Pattern[str]:
        """What is set aside before."""
        return compiler(self.exclusions)

    def concerne(self, mots: str) -> bool:
        """Whether the words of a text speak of this theme."""
        reste = self.ecarte.sub(" ", mots) if self.exclusions else mots
        return bool(self.modele.search(reste))


class Themes(Fiche):
    """The themes, and the rules of quotation.

    No text is quoted when fewer than ``base_citations`` were read, nor one longer than
    ``longueur_citation`` characters, nor one that holds a ``sensibles`` expression: what may tell
    who wrote it, or something intimate. ``mots_vides`` are never proposed as a new theme.
    """

    citations: int = Field(default=2, ge=0, le=10)
    base_citations: int = Field(default=20, ge=1)
    longueur_citation: int = Field(default=140, ge=20, le=400)
    sensibles: tuple[str, ...] = ()
    mots_vides: tuple[str, ...] = ()
    themes: tuple[Theme, ...] = ()

    @field_validator("sensibles")
    @classmethod
    def _lisibles(cls, expressions: tuple[str, ...]) -> tuple[str, ...]:
        for expression in expressions:
            check_expression(expression)
        return expressions

    def themes_de(self, texte: str) -> tuple[Theme, ...]:
        """The themes that a text speaks of, in the order of the dictionary."""
        mots = mots_de(texte)
        return tuple(theme for theme in self.themes if theme.concerne(mots))

    @cached_property
    def _intime(self) -> re.Pattern[str]:
        return compiler(self.sensibles)

    def est_sensible(self, texte: str) -> bool:
        """Whether a text holds an expression that forbids quoting it."""
        return bool(self.sensibles) and bool(self._intime.search(mots_de(texte)))


def mots_de(texte: str) -> str:
    """The words of a text, without accents, one space between two; marks of masks are no words.

    >>> mots_de("L’accueil, à l’Hôtel : [nom] !")
    'l accueil a l hotel'
    """
    return " ".join(re.findall(r"[a-z0-9]+", _plat(re.sub(r"\[[^\[\]]*\]", " ", texte))))


def check_expression(expression: str) -> None:
    """Raise ValueError, in French, for an expression that matches nothing or everything."""
    mots = [m for m in _decoupe(expression) if m.strip("*")]
    if not mots:
        raise ValueError(f"« {extrait(expression)} » : l’expression est vide, écrire un mot.")
    for mot in mots:
        if "*" in mot and len(mot.replace("*", "")) < LETTRES_MIN:
            raise ValueError(
                f"« {extrait(expression)} » : garder au moins {LETTRES_MIN} lettres avec « * »."
            )


def compiler(expressions: tuple[str, ...]) -> re.Pattern[str]:
    """The pattern of a list of expressions, for texts in the form of :func:`mots_de`."""
    choix = [" ".join(m.replace("*", "[a-z0-9]*") for m in _decoupe(e)) for e in expressions]
    return re.compile(rf"\b(?:{'|'.join(choix)})\b")


def _decoupe(expression: str) -> list[str]:
    return re.findall(r"[a-z0-9*]+", _plat(expression))


def _plat(texte: str) -> str:
    return sans_accent(texte.replace("œ", "oe").replace("Œ", "Oe"))
