"""What a notebook sees: one import, one load, then a measure and a display per cell."""

from qualepref_lib.analyses.appels import (
    measure_affluence_appels,
    measure_attente_appels,
    measure_decroches,
    measure_issues_appels,
    measure_suivi_appels,
    measure_transferts,
)
from qualepref_lib.analyses.autodiagnostic import (
    measure_a_verifier,
    measure_autodiagnostic,
    measure_axes,
    measure_cotations,
    measure_points_forts,
)
from qualepref_lib.analyses.cloture import list_cloture
from qualepref_lib.analyses.constats import (
    list_constats,
    list_fiches_ecart,
    measure_constats,
    measure_recapitulatif,
)
from qualepref_lib.analyses.controles import (
    list_controles,
    list_decisions,
    list_usagers,
    measure_controles,
    measure_decisions,
    measure_usagers,
)
from qualepref_lib.analyses.courriers import (
    list_retards,
    measure_accuses,
    measure_delais_courriers,
    measure_delais_tenus,
    measure_etats_courriers,
    measure_motifs,
    measure_reclamations,
)
from qualepref_lib.analyses.courriers_semaines import (
    measure_arriere_courriers,
    measure_suivi_courriers,
)
from qualepref_lib.analyses.documents import (
    list_documents,
    measure_documents,
)
from qualepref_lib.analyses.entretiens import (
    list_conflits,
    list_entretiens,
    list_non_couverts,
    list_plan_audit,
    measure_creneaux_par_engagement,
    measure_entretiens,
    measure_entretiens_par_engagement,
)
from qualepref_lib.analyses.guichets import (
    measure_guichets,
)
from qualepref_lib.analyses.guide import (
    list_guide,
)
from qualepref_lib.analyses.methode import list_regles
from qualepref_lib.analyses.mystere import (
    measure_conformite,
    measure_delais,
    measure_joignabilite,
    measure_observe,
)
from qualepref_lib.analyses.mystere_accords import (
    list_coefficients,
    list_testeurs,
    measure_accords,
)
from qualepref_lib.analyses.mystere_axes import (
    measure_conformite_par,
    measure_issues_tentatives,
    measure_joignabilite_par_tentative,
)
from qualepref_lib.analyses.mystere_decisions import (
    list_suffisance,
    measure_decisions_mystere,
    measure_suffisance,
    measure_tests_requis,
)
from qualepref_lib.analyses.mystere_suivi import list_suivi_mesures, measure_suivi_vagues
from qualepref_lib.analyses.mystere_vagues import (
    list_changements,
    list_vagues,
    measure_vagues,
)
from qualepref_lib.analyses.pieces import measure_pieces, measure_pieces_recues
from qualepref_lib.analyses.plan_actions import (
    measure_actions,
    measure_actions_par_canal,
    measure_avancement,
)
from qualepref_lib.analyses.presentation import (
    list_calendrier,
    list_engagements,
    list_identite,
    list_lexique,
    list_modules,
    list_sources,
)
from qualepref_lib.analyses.preuves import (
    list_preuves,
    list_sans_preuve,
    measure_preuves,
    measure_preuves_par_engagement,
    measure_prouve,
)
from qualepref_lib.analyses.projection import (
    list_chemin_court,
    measure_gains,
    measure_projection,
)
from qualepref_lib.analyses.satisfaction import (
    measure_appreciations,
    measure_evolution,
    measure_participation,
    measure_principale,
    measure_reponses,
    measure_satisfaction,
)
from qualepref_lib.analyses.tickets import (
    measure_affluence_tickets,
    measure_attente_par_heure,
    measure_attentes,
    measure_issues_tickets,
    measure_rendez_vous,
)
from qualepref_lib.analyses.titres import (
    measure_arriere_titres,
    measure_delais_titres,
    measure_titres_tenus,
)
from qualepref_lib.analyses.verification import (
    list_divergences,
    list_ecart_verification,
    measure_verifie,
)
from qualepref_lib.atelier.chargement import load_chapitre
from qualepref_lib.coherence import (
    list_coherence,
)
from qualepref_lib.constats import (
    list_canaux_et_plan,
    list_contradictions,
    list_convergences,
    list_evaluation,
    list_indicateurs,
    list_matrice,
)
from qualepref_lib.couverture import (
    list_couverture,
)
from qualepref_lib.display.avis import a_completer
from qualepref_lib.display.fiches import Fiches
from qualepref_lib.display.graphique import Graphique
from qualepref_lib.display.phrase import phrase
from qualepref_lib.display.tableau import Tableau

__all__ = [
    "Fiches",
    "Graphique",
    "Tableau",
    "a_completer",
    "list_calendrier",
    "list_canaux_et_plan",
    "list_changements",
    "list_chemin_court",
    "list_cloture",
    "list_coefficients",
    "list_coherence",
    "list_conflits",
    "list_constats",
    "list_contradictions",
    "list_controles",
    "list_convergences",
    "list_couverture",
    "list_decisions",
    "list_divergences",
    "list_documents",
    "list_ecart_verification",
    "list_engagements",
    "list_entretiens",
    "list_evaluation",
    "list_fiches_ecart",
    "list_guide",
    "list_identite",
    "list_indicateurs",
    "list_lexique",
    "list_matrice",
    "list_modules",
    "list_non_couverts",
    "list_plan_audit",
    "list_preuves",
    "list_regles",
    "list_retards",
    "list_sans_preuve",
    "list_sources",
    "list_suffisance",
    "list_suivi_mesures",
    "list_testeurs",
    "list_usagers",
    "list_vagues",
    "load_chapitre",
    "measure_a_verifier",
    "measure_accords",
    "measure_accuses",
    "measure_actions",
    "measure_actions_par_canal",
    "measure_affluence_appels",
    "measure_affluence_tickets",
    "measure_appreciations",
    "measure_arriere_courriers",
    "measure_arriere_titres",
    "measure_attente_appels",
    "measure_attente_par_heure",
    "measure_attentes",
    "measure_autodiagnostic",
    "measure_avancement",
    "measure_axes",
    "measure_conformite",
    "measure_conformite_par",
    "measure_constats",
    "measure_controles",
    "measure_cotations",
    "measure_creneaux_par_engagement",
    "measure_decisions",
    "measure_decisions_mystere",
    "measure_decroches",
    "measure_delais",
    "measure_delais_courriers",
    "measure_delais_tenus",
    "measure_delais_titres",
    "measure_documents",
    "measure_entretiens",
    "measure_entretiens_par_engagement",
    "measure_etats_courriers",
    "measure_evolution",
    "measure_gains",
    "measure_guichets",
    "measure_issues_appels",
    "measure_issues_tentatives",
    "measure_issues_tickets",
    "measure_joignabilite",
    "measure_joignabilite_par_tentative",
    "measure_motifs",
    "measure_observe",
    "measure_participation",
    "measure_pieces",
    "measure_pieces_recues",
    "measure_points_forts",
    "measure_preuves",
    "measure_preuves_par_engagement",
    "measure_principale",
    "measure_projection",
    "measure_prouve",
    "measure_recapitulatif",
    "measure_reclamations",
    "measure_rendez_vous",
    "measure_reponses",
    "measure_satisfaction",
    "measure_suffisance",
    "measure_suivi_appels",
    "measure_suivi_courriers",
    "measure_suivi_vagues",
    "measure_tests_requis",
    "measure_titres_tenus",
    "measure_transferts",
    "measure_usagers",
    "measure_vagues",
    "measure_verifie",
    "phrase",
]
