"""The actions of the plan: what leads somewhere, what it would win, and at which pace."""

from qualepref_lib.actions.plan import (
    SOURCE,
    Action,
    actions_de,
    criteres_de,
    dues_le,
    jalons,
    sans,
    sort_dependances,
    tenues_au,
)
from qualepref_lib.actions.projection import (
    Portion,
    Projection,
    ferme,
    manque_projection,
    projeter,
    source_projetee,
)
from qualepref_lib.actions.rythmes import JAMAIS, RYTHMES_MIN, Rythme, rythmes_de, simuler
from qualepref_lib.actions.tirages import Fins, Issues, issues_au, taux_simules

__all__ = [
    "JAMAIS",
    "RYTHMES_MIN",
    "SOURCE",
    "Action",
    "Fins",
    "Issues",
    "Portion",
    "Projection",
    "Rythme",
    "actions_de",
    "criteres_de",
    "dues_le",
    "ferme",
    "issues_au",
    "jalons",
    "manque_projection",
    "projeter",
    "rythmes_de",
    "sans",
    "simuler",
    "sort_dependances",
    "source_projetee",
    "taux_simules",
    "tenues_au",
]
