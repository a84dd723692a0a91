"""The header of an export: one row or two, wordings with HTML tags, the same wording twice.

Some survey tools write the question in one row and the answer below it, one column an answer; the
two are read as one header, ``question [réponse]``, which is how the other tools write it.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from qualepref_lib.core.refus import sans_accent

SANS_REPONSE = frozenset(
    ["response", "reponse", "open-ended response", "reponse ouverte", "answer", "value", "valeur"]
)
"""What stands in the second row below a question that has one column."""

_BALISE = re.compile(r"<[^<>]{0,500}>")


@dataclass(frozen=True)
class Tete:
    """Where a header stands: the lines above it, its rows, and whether repeats are numbered."""

    avant: int = 0
    lignes: int = 1
    numerotee: bool = False

    def entetes(self, rangees: Sequence[Sequence[str]]) -> list[str]:
        """One header per column, from the rows that make it."""
        unes = [texte.strip() for texte in rangees[0]]
        if len(rangees) > 1:
            unes = join_entetes(rangees[0], rangees[1])
        while unes and not unes[-1]:
            unes.pop()
        return number_entetes(unes) if self.numerotee else unes


UNE_LIGNE = Tete()
"""The ordinary header: the first row of the file."""


def join_entetes(haut: Sequence[str], bas: Sequence[str]) -> list[str]:
    """Two rows as one: a question stands above its first answer only, and holds for the next.

    >>> join_entetes(["Id", "Motifs", "", "Avis"], ["", "séjour", "autre", "Response"])
    ['Id', 'Motifs [séjour]', 'Motifs [autre]', 'Avis']
    """
    joints, question = [], ""
    largeur = max(len(haut), len(bas))
    for rang in range(largeur):
        dessus = haut[rang].strip() if rang < len(haut) else ""
        dessous = bas[rang].strip() if rang < len(bas) else ""
        question = dessus or question
        if not dessus and not dessous:
            joints.append("")
        elif not dessous or sans_accent(dessous) in SANS_REPONSE:
            joints.append(question)
        else:
            joints.append(f"{question} [{dessous}]" if question else dessous)
    return joints


def number_entetes(entetes: Sequence[str]) -> list[str]:
    """The second of equal headers is followed by (2), the third by (3).

    >>> number_entetes(["Avis", "Date", "Avis"])
    ['Avis', 'Date', 'Avis (2)']
    """
    vus: Counter[str] = Counter()
    numerotes = []
    for entete in entetes:
        vus[entete] += bool(entete)
        numerotes.append(f"{entete} ({vus[entete]})" if vus[entete] > 1 else entete)
    return numerotes


def nettoyer_entete(entete: str) -> str:
    """The words of a header, without tags, entities or doubled spaces.

    >>> nettoyer_entete("<p>Temps&nbsp;d&rsquo;attente<br/>sur place</p>")
    'Temps d’attente sur place'
    """
    nu = _BALISE.sub(" ", html.unescape(_BALISE.sub(" ", entete)))
    return " ".join(nu.split())


def forme_entete(entete: str) -> str:
    """How two headers are compared: their words, without case or accents."""
    return sans_accent(nettoyer_entete(entete))
