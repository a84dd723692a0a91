"""Where the sources agree or not: several Bilans in, leads for the auditor out.

A contradiction is a lead, never a finding: only the auditor qualifies (rules 3.8).
"""

from qualepref_lib.constats.croisement import (
    Croisement,
    compare_regards,
    list_contradictions,
    list_convergences,
    list_matrice,
)
from qualepref_lib.constats.editions import list_ruptures, measure_editions
from qualepref_lib.constats.effets import list_effets, measure_effets
from qualepref_lib.constats.evaluation import list_evaluation
from qualepref_lib.constats.indicateurs import list_indicateurs
from qualepref_lib.constats.paires import (
    Constat,
    compare_declare_observe,
    measure_canaux_et_plan,
)
from qualepref_lib.constats.regards import Regard, Verdict
from qualepref_lib.constats.vigilance import list_vigilance, measure_vigilance

__all__ = [
    "Constat",
    "Croisement",
    "Regard",
    "Verdict",
    "compare_declare_observe",
    "compare_regards",
    "list_contradictions",
    "list_convergences",
    "list_effets",
    "list_evaluation",
    "list_indicateurs",
    "list_matrice",
    "list_ruptures",
    "list_vigilance",
    "measure_canaux_et_plan",
    "measure_editions",
    "measure_effets",
    "measure_vigilance",
]
