"""A lens on an engagement: its verdict, and the figures behind it, the worst first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from qualepref_lib.core.bilan import Bilan, Ligne, Nuance, Renvoi
from qualepref_lib.core.mesures import Taux

Verdict = Literal["conforme", "fragile", "écart", "non évalué"]
NUANCES: dict[Verdict, Nuance] = {
    "conforme": "bien",
    "fragile": "moyen",
    "écart": "ecart",
    "non évalué": "neutre",
}
Citation = tuple[Bilan, Ligne]
"""A line, and the bilan that it comes from."""

_RANGS: dict[Verdict, int] = {"écart": 0, "fragile": 1, "conforme": 2, "non évalué": 3}


@dataclass(frozen=True)
class Regard:
    """What one lens says of one engagement: its verdict, and what it rests on, worst first.

    ``tenu`` says that it holds the engagement for kept, at least in part; ``motif`` is the reason
    of a verdict, in words; ``manque`` names the missing input of a lens that has none.
    """

    nom: str
    verdict: Verdict = "non évalué"
    citations: tuple[Citation, ...] = ()
    motif: str = ""
    tenu: bool = False
    manque: str = ""

    @property
    def lignes(self) -> tuple[Ligne, ...]:
        """The lines it rests on."""
        return tuple(ligne for _, ligne in self.citations)

    @property
    def valeur(self) -> Fraction | None:
        """The rate of the line that decided."""
        return taux_de(self.lignes[0]).valeur if self.citations else None

    def renvoi(self, detail: bool = False) -> Renvoi:
        """Its verdict, linked to the figure that decided; with ``detail``, the figure is said."""
        if not self.citations:
            return Renvoi(self.verdict, statut=NUANCES[self.verdict])
        bilan, ligne = self.citations[0]
        texte = f"{self.verdict} : {ligne.mesure}" if detail else self.verdict
        return Renvoi(texte, bilan.identifiant(ligne), NUANCES[self.verdict])


def worst(verdicts: Sequence[Verdict]) -> Verdict:
    """The worst of several verdicts."""
    return min(verdicts, key=_RANGS.__getitem__)


def sort_citations(
    citations: Sequence[Citation], verdicts: dict[str, Verdict]
) -> tuple[Citation, ...]:
    """Lines by their verdict (``verdicts``, by code), the worst first, then by rate and code."""

    def rang(citation: Citation) -> tuple[int, Fraction, str]:
        ligne = citation[1]
        return _RANGS[verdicts[ligne.code]], taux_de(ligne).valeur or Fraction(0), ligne.code

    return tuple(sorted(citations, key=rang))


def taux_de(ligne: Ligne) -> Taux:
    """The rate of a line: every lens rests on rates."""
    assert isinstance(ligne.mesure, Taux)
    return ligne.mesure
