"""What a notebook sees: one import, one load, then a measure and a display per cell."""

from qualepref_lib.analyses.autodiagnostic import (
    measure_a_verifier,
    measure_autodiagnostic,
    measure_axes,
    measure_cotations,
    measure_points_forts,
)
from qualepref_lib.analyses.methode import list_regles
from qualepref_lib.analyses.mystere import (
    measure_conformite,
    measure_delais,
    measure_joignabilite,
    measure_observe,
)
from qualepref_lib.analyses.plan_actions import (
    measure_actions,
    measure_actions_par_canal,
    measure_avancement,
)
from qualepref_lib.analyses.presentation import (
    list_calendrier,
    list_constats,
    list_engagements,
    list_identite,
    list_lexique,
    list_modules,
    list_pieces,
    list_sources,
)
from qualepref_lib.analyses.satisfaction import (
    measure_appreciations,
    measure_evolution,
    measure_participation,
    measure_principale,
    measure_reponses,
    measure_satisfaction,
)
from qualepref_lib.atelier.chargement import load_chapitre
from qualepref_lib.constats import list_canaux_et_plan, list_contradictions
from qualepref_lib.display.avis import a_completer
from qualepref_lib.display.graphique import Graphique
from qualepref_lib.display.phrase import phrase
from qualepref_lib.display.tableau import Tableau

__all__ = [
    "Graphique",
    "Tableau",
    "a_completer",
    "list_calendrier",
    "list_canaux_et_plan",
    "list_constats",
    "list_contradictions",
    "list_engagements",
    "list_identite",
    "list_lexique",
    "list_modules",
    "list_pieces",
    "list_regles",
    "list_sources",
    "load_chapitre",
    "measure_a_verifier",
    "measure_actions",
    "measure_actions_par_canal",
    "measure_appreciations",
    "measure_autodiagnostic",
    "measure_avancement",
    "measure_axes",
    "measure_conformite",
    "measure_cotations",
    "measure_delais",
    "measure_evolution",
    "measure_joignabilite",
    "measure_observe",
    "measure_participation",
    "measure_points_forts",
    "measure_principale",
    "measure_reponses",
    "measure_satisfaction",
    "phrase",
]
