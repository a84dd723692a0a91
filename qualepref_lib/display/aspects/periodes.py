"""How planned spans are shown: due date and progress, actions by name, a Gantt chart."""

from __future__ import annotations

from qualepref_lib.core.bilan import Bilan, Ligne
from qualepref_lib.core.francais import date_courte, pourcentage
from qualepref_lib.core.mesures import Periode
from qualepref_lib.display.aspects.aspect import Aspect
from qualepref_lib.display.colonnes import Trait, texte
from qualepref_lib.display.phrases.actions import dire_periodes


def _traits(bilan: Bilan) -> list[Trait]:
    return [texte("Échéance", _echeance), texte("Avancement", _avancement)]


def _avancement(ligne: Ligne) -> str:
    part = _periode(ligne).avancement
    return "–" if part is None else pourcentage(part)


def _echeance(ligne: Ligne) -> str:
    fin = _periode(ligne).fin
    return date_courte(fin) if fin else "sans échéance"


def _periode(ligne: Ligne) -> Periode:
    assert isinstance(ligne.mesure, Periode)
    return ligne.mesure


PERIODE = Aspect(
    traits=_traits,
    dire=dire_periodes,
    formes={"gantt": lambda ligne: _periode(ligne).fin is not None},
)
