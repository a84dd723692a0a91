"""Can two editions of a survey be compared? What is known of each, side by side.

A difference of mode, population, wording, scale or formula breaks the series: the two figures do
not measure one thing. Another season or another weighting leaves a reserve. What is not known of
an edition is a reserve too, and is named (rules 3.4).
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Literal

from qualepref_lib.campagne import Campagne, EditionPubliee
from qualepref_lib.core.francais import enumeration, mois
from qualepref_lib.core.refus import sans_accent
from qualepref_lib.enquete.opinions import FORMULE
from qualepref_lib.enquete.questions import SOURCE, modalites_de, question_de

Comparabilite = Literal["comparable", "avec réserve", "rupture"]
COMPARABLE, RESERVE, RUPTURE = "comparable", "avec réserve", "rupture"
INCONNU = "inconnu"
SANS = "aucune"
"""The weighting of an edition that has none."""

DIMENSIONS = {
    "mode": "le mode de recueil",
    "periode": "la période",
    "population": "la population interrogée",
    "formulation": "la formulation de la question",
    "echelle": "l’échelle de réponse",
    "formule": "la formule du taux",
    "ponderation": "la pondération",
}
"""What is compared, in the words of a reserve."""
ROMPENT = frozenset({"mode", "population", "formulation", "echelle", "formule"})
"""The dimensions of which a difference breaks the series; the others leave a reserve."""


@dataclass(frozen=True)
class Edition:
    """How the figure of one question was made in one edition; an empty text is unknown."""

    nom: str
    mode: str = ""
    periode: str = ""
    population: str = ""
    formulation: str = ""
    echelle: str = ""
    formule: str = ""
    ponderation: str = ""

    def dit(self, dimension: str) -> str:
        """What is known of a dimension."""
        texte: str = getattr(self, dimension)
        return texte


@dataclass(frozen=True)
class Examen:
    """The verdict on two editions, dimension by dimension."""

    avant: Edition
    maintenant: Edition
    verdicts: dict[str, Comparabilite]

    @property
    def verdict(self) -> Comparabilite:
        """The worst of the verdicts."""
        graves: tuple[Comparabilite, ...] = ("rupture", "avec réserve")
        return next((v for v in graves if v in self.verdicts.values()), "comparable")

    @property
    def inconnus(self) -> list[str]:
        """What is not known of one of the two editions."""
        return [
            nom
            for dimension, nom in DIMENSIONS.items()
            if not (self.avant.dit(dimension) and self.maintenant.dit(dimension))
        ]

    @property
    def differents(self) -> list[str]:
        """What is known to differ."""
        return [
            nom
            for dimension, nom in DIMENSIONS.items()
            if self.verdicts[dimension] != COMPARABLE and nom not in self.inconnus
        ]

    @property
    def raison(self) -> str:
        """Why the verdict is not « comparable », in French; empty when it is."""
        morceaux = []
        if self.differents:
            morceaux.append(f"ont changé depuis {self.avant.nom} : {enumeration(self.differents)}")
        if self.inconnus:
            morceaux.append(f"on ignore, pour {self.avant.nom}, {enumeration(self.inconnus)}")
        return " ; ".join(morceaux)


def examiner(avant: Edition, maintenant: Edition) -> Examen:
    """Compare two editions on every dimension."""
    return Examen(avant, maintenant, {d: _verdict(d, avant, maintenant) for d in DIMENSIONS})


def edition_de(campagne: Campagne, question: str, nom: str = "") -> Edition:
    """How the figure of a question was made in the survey of a campaign."""
    declaration = campagne.fiche.sources.get(SOURCE)
    q = question_de(campagne, question)
    return Edition(
        nom=nom or annee_de(campagne),
        mode=declaration.mode if declaration else "",
        periode=_periode(declaration.debut, declaration.fin) if declaration else "",
        population=declaration.champ if declaration else "",
        formulation=q.libelle,
        echelle=" / ".join(m.libelle for m in modalites_de(campagne, question)),
        formule=FORMULE,
        ponderation=SANS,  # the rates that are compared count each answer for one
    )


def edition_publiee(edition: EditionPubliee) -> Edition:
    """What is known of an edition known by its publication."""
    return Edition(
        nom=str(edition.annee),
        mode=edition.mode,
        periode=_periode(edition.debut, edition.fin),
        population=edition.population,
        formulation=edition.formulation,
        echelle=" / ".join(edition.echelle),
        formule=edition.formule,
        ponderation=edition.ponderation,
    )


def annee_de(campagne: Campagne) -> str:
    """The year that a survey is called by: that of its last day, or of its reference date."""
    declaration = campagne.fiche.sources.get(SOURCE)
    fin = declaration and (declaration.fin or declaration.debut)
    return str((fin or campagne.fiche.date_reference).year)


def _verdict(dimension: str, avant: Edition, maintenant: Edition) -> Comparabilite:
    textes = [sans_accent(e.dit(dimension)) for e in (avant, maintenant)]
    if not all(textes):
        return "avec réserve"
    if dimension == "periode":  # the year differs, always: the season is what is compared
        textes = [" ".join(re.sub("[0-9]", "", t).split()) for t in textes]
    if textes[0] == textes[1]:
        return "comparable"
    return "rupture" if dimension in ROMPENT else "avec réserve"


def _periode(debut: dt.date | None, fin: dt.date | None) -> str:
    """« mars 2021 à avril 2021 »: the months, which are what two years may have in common."""
    return " à ".join(dict.fromkeys(mois(jour) for jour in (debut, fin) if jour))
