"""The noun of this room: how one kind of bilan is shown, from its columns to its chart."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from qualepref_lib.core.bilan import Bilan, Ligne
from qualepref_lib.display.colonnes import Trait
from qualepref_lib.display.phrases.morceaux import Morceaux

Forme = Literal[
    "points", "barres", "likert", "gantt", "serie", "chaleur", "durees", "entonnoir",
    "trajectoire", "vis_a_vis", "quadrants", "editions",
]  # fmt: skip


def _sans_texte(*_: object) -> str:
    return ""


def _sans_phrase(_: Bilan) -> Morceaux:
    return []


def _toujours(_: Bilan) -> bool:
    return True


@dataclass(frozen=True)
class Aspect:
    """How the bilans of one kind are shown: adding a measure is writing one of these.

    ``traits`` are the columns of what was measured, ``suite`` those that come after it and
    ``etat`` the head of the column of states. ``lire`` reads one line aloud under the table, and
    ``rappel`` says how the whole is to be read; ``dire`` is the sentence, ``resumer`` its shortest
    form, for alternative texts (empty where nothing can be said in a few words); ``entier`` that a
    sentence cut short would mislead, so that the short form replaces it.

    ``formes`` are the charts that can draw it, each with the lines that hold what it draws; the
    first is drawn unless another is asked for, ``noms`` those that have another name here. A chart
    needs ``lignes_min`` lines, and ``meme_axe`` says whether they can share an axis. Without
    ``formes`` there is a table, and no chart.
    """

    traits: Callable[[Bilan], list[Trait]]
    suite: Callable[[], list[Trait]] = list
    etat: str = "État"
    lire: Callable[[Bilan, Ligne], str] = _sans_texte
    rappel: str = ""
    dire: Callable[[Bilan], Morceaux] = _sans_phrase
    resumer: Callable[[Bilan], str] = _sans_texte
    entier: bool = False
    formes: Mapping[Forme, Callable[[Ligne], bool]] = field(default_factory=dict)
    noms: Mapping[Forme, str] = field(default_factory=dict)
    lignes_min: int = 1
    meme_axe: Callable[[Bilan], bool] = _toujours

    @property
    def forme(self) -> Forme | None:
        """The chart that is drawn unless another is asked for; None for a table alone."""
        return next(iter(self.formes), None)

    def est_dessinable(self, bilan: Bilan, forme: Forme) -> bool:
        """Whether enough lines hold what a chart of this form draws."""
        if forme not in self.formes or not self.meme_axe(bilan):
            return False
        return sum(map(self.formes[forme], bilan.lignes)) >= self.lignes_min
