"""The Bilan: the common currency between what computes and what shows.

Every analysis answers with one, every display accepts one, and the register of figures is
read off them. A printed number that is not a :class:`Chiffre` of some bilan is a defect.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal

from qualepref_lib.core.mesures import Ecart, Mesure, Taux
from qualepref_lib.core.onglets import Onglets
from qualepref_lib.core.plages import plages, reunir
from qualepref_lib.core.refus import sans_accent

Plan = Literal["recensement", "tirage", "volontaires", "quotas", "mystère"]
"""How the rows came to be there; it limits what may be said of them (rules 3.3)."""

Nuance = Literal["", "bien", "moyen", "ecart", "neutre"]
"""How a word judges; a display turns it into a sign, never into a tint alone."""


@dataclass(frozen=True)
class Source:
    """The file a bilan was computed from: its name in the campaign, its SHA-256, its label.

    ``onglets`` are the sheets of a workbook that is read over several of them.
    """

    fichier: str
    sha256: str
    libelle: str
    onglets: Onglets | None = None

    def __str__(self) -> str:
        return f"{self.libelle} ({self.fichier})"

    def plages(self, lignes: Sequence[int]) -> str:
        """Row numbers as ranges, where a person finds them again."""
        return self.onglets.plages(lignes) if self.onglets else plages(lignes)


@dataclass(frozen=True)
class Chiffre:
    """One entry of the register of figures: what a printed number is made of."""

    code: str
    libelle: str
    valeur: str
    formule: str
    numerateur: str
    denominateur: str
    intervalle: str
    fichier: str
    sha256: str
    lignes: str


@dataclass(frozen=True)
class Ligne:
    """One measured thing: its code, its label, the measure, the rows of the source it came from.

    ``cible`` is the share to reach, ``reference`` an earlier published share; both optional.
    ``statut`` is a word that judges the line against a declared rule (``atteint``, ``prouvé``…).
    ``limites`` are those of a control chart, in the unit of the measure (a share for a rate);
    ``reference`` is then its central line.
    """

    code: str
    libelle: str
    mesure: Mesure
    lignes: Sequence[int] = ()
    groupe: str = ""
    cible: Fraction | None = None
    reference: Fraction | None = None
    statut: str = ""
    limites: tuple[float, float] | None = None


@dataclass(frozen=True)
class Bilan:
    """What an analysis found, with everything needed to print it honestly.

    ``manque`` says, in French, which input is absent; the bilan then has no line and every
    display answers with the same « non évalué » notice instead of failing. ``grappes`` says that a
    line pools several rows of one unit (all the criteria of a test): they are not independent, so
    the simple interval would promise too much and is not given. ``reserve`` is what stands between
    the figures and a plain reading of them; ``entete_groupe`` names the column of groups, if any,
    ``entetes_taux`` those of numerator, base and rate;
    ``jour`` is the reference date where states depend on it; ``dates`` are days that a calendar
    marks, with their names; ``si_vide`` says what no line means.
    """

    code: str
    titre: str
    unite: str
    formule: str
    champ: str
    source: Source
    plan: Plan
    lignes: tuple[Ligne, ...]
    entete: str = "Libellé"
    entete_groupe: str = ""
    entetes_taux: tuple[str, str, str] = ("Favorables", "Base", "Taux")
    reserve: str = ""
    niveau: float = 0.95
    manque: str = ""
    grappes: bool = False
    jour: dt.date | None = None
    dates: tuple[tuple[dt.date, str], ...] = ()
    si_vide: str = ""

    def __post_init__(self) -> None:
        codes = [ligne.code for ligne in self.lignes]
        if len(set(codes)) != len(codes):
            raise ValueError(f"bilan {self.code}: two lines share a code")

    @property
    def est_echantillon(self) -> bool:
        """True when an interval has a meaning: independent rows that are not all there is."""
        return self.plan != "recensement" and not self.grappes

    def ligne(self, code: str) -> Ligne:
        """The line with that code; KeyError if there is none."""
        for ligne in self.lignes:
            if ligne.code == code:
                return ligne
        raise KeyError(code)

    def identifiant(self, ligne: Ligne, modalite: str = "") -> str:
        """The identity of a figure: stable between runs, used as its anchor in the report."""
        morceaux = [self.code, ligne.code] + ([_slug(modalite)] if modalite else [])
        return ".".join(morceaux)

    def comptes(self) -> dict[str, Ligne]:
        """How many lines carry each status, as lines of their own: sentences count them."""
        if any(isinstance(li.mesure, Ecart) and li.reference is not None for li in self.lignes):
            return {}  # hypotheses are not results: counting them says nothing
        statuts = dict.fromkeys(ligne.statut for ligne in self.lignes if ligne.statut)
        return {
            statut: Ligne(
                code=f"statut.{_slug(statut)}",
                libelle=statut,
                mesure=Taux(sum(li.statut == statut for li in self.lignes), len(self.lignes)),
                lignes=reunir([li.lignes for li in self.lignes if li.statut == statut]),
            )
            for statut in statuts
        }

    def chiffres(self) -> tuple[Chiffre, ...]:
        """Every figure of this bilan, for the register."""
        comptes = [
            replace(self._chiffre(li, li.mesure), intervalle="") for li in self.comptes().values()
        ]
        return (*(c for ligne in self.lignes for c in self._chiffres(ligne)), *comptes)

    def _chiffres(self, ligne: Ligne) -> list[Chiffre]:
        if ligne.mesure.dit_son_groupe:  # « Module 1 » of its whole name
            groupe = ligne.groupe.partition(" — ")[0]
            ligne = replace(ligne, libelle=f"{groupe}, {ligne.libelle}")
        return [self._chiffre(ligne, part, nom) for nom, part in ligne.mesure.parts.items()]

    def _chiffre(self, ligne: Ligne, mesure: Mesure, modalite: str = "") -> Chiffre:
        termes = mesure.termes(self.niveau if self.est_echantillon else None, ligne.reference)
        libelle = f"{self.titre} — {ligne.libelle}" + (f" — {modalite}" if modalite else "")
        return Chiffre(
            code=self.identifiant(ligne, modalite),
            libelle=libelle,
            valeur=str(mesure),
            formule=self.formule,
            numerateur=termes.numerateur,
            denominateur=termes.denominateur,
            intervalle=termes.intervalle,
            fichier=self.source.fichier,
            sha256=self.source.sha256,
            lignes=self.source.plages(ligne.lignes),
        )


@dataclass(frozen=True)
class Renvoi:
    """A figure quoted in a list: its printed text, and the code of its register entry.

    ``statut`` is the nuance of a text that judges; a judgement without a figure has no code.
    """

    texte: str
    chiffre: str = ""
    statut: Nuance = ""


@dataclass(frozen=True)
class Liste:
    """Facts told in words: a calendar, a glossary, the leads that bilans raise together.

    ``lignes`` are rows of as many texts as there are ``colonnes``; the first names the row.
    A text that quotes a figure is a :class:`Renvoi`, and ``chiffres`` holds the entries quoted.
    ``si_vide`` says what no line means; ``a_completer`` names what only the auditor may write, and
    that is still blank.
    """

    code: str
    titre: str
    champ: str
    source: Source
    colonnes: tuple[str, ...]
    lignes: tuple[tuple[str | Renvoi, ...], ...]
    manque: str = ""
    a_completer: str = ""
    chiffres: tuple[Chiffre, ...] = ()
    si_vide: str = ""


def _slug(texte: str) -> str:
    return "-".join("".join(c if c.isalnum() else " " for c in sans_accent(texte)).split())


def texte_intervalle(taux: Taux, bilan: Bilan) -> str:
    """``[46 ; 61] %`` for a sample, nothing for a census or an empty base."""
    return taux.intervalle_lu(bilan.niveau if bilan.est_echantillon else None)
