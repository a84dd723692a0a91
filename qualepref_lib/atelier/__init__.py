"""What a notebook sees: one import, one load, then a measure and a display per cell."""

from qualepref_lib.analyses.appels import (
    measure_affluence_appels,
    measure_decroches,
    measure_issues_appels,
    measure_suivi_appels,
)
from qualepref_lib.analyses.appels_attente import measure_attente_appels, measure_transferts
from qualepref_lib.analyses.autodiagnostic import (
    measure_a_verifier,
    measure_autodiagnostic,
    measure_axes,
    measure_cotations,
    measure_points_forts,
)
from qualepref_lib.analyses.chemin import (
    list_chemin_court,
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
    measure_accuses,
    measure_delais_courriers,
    measure_delais_tenus,
    measure_etats_courriers,
)
from qualepref_lib.analyses.courriers_ouverts import list_retards, measure_ouverts
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
from qualepref_lib.analyses.guichets import list_heures_chargees, measure_guichets
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
from qualepref_lib.analyses.profils import (
    list_masques,
    list_tests_items,
    list_tests_profils,
    measure_comparaisons,
    measure_items_par_profil,
    measure_profils,
)
from qualepref_lib.analyses.projection import (
    measure_gains,
    measure_projection,
)
from qualepref_lib.analyses.reclamations import measure_motifs, measure_reclamations
from qualepref_lib.analyses.satisfaction import (
    list_items,
    measure_appreciations,
    measure_moyennes,
    measure_nets,
    measure_principale,
    measure_sans_opinion,
    measure_satisfaction,
    measure_satisfaction_partie,
)
from qualepref_lib.analyses.satisfaction_evolution import (
    list_comparabilite,
    measure_enquetes,
    measure_evolution,
    measure_mois,
)
from qualepref_lib.analyses.satisfaction_fidelite import measure_fidelite
from qualepref_lib.analyses.satisfaction_notes import measure_notes, measure_repartition_notes
from qualepref_lib.analyses.satisfaction_participation import (
    measure_completion,
    measure_participation,
    measure_remplissage,
    measure_taux_participation,
)
from qualepref_lib.analyses.satisfaction_priorites import measure_priorites
from qualepref_lib.analyses.satisfaction_redressement import (
    list_marges,
    measure_poids,
)
from qualepref_lib.analyses.satisfaction_redresses import list_redresses, measure_redresses
from qualepref_lib.analyses.satisfaction_reponses import measure_reponses
from qualepref_lib.analyses.simulation import (
    list_rythmes,
    measure_simulation,
    measure_trajectoire,
)
from qualepref_lib.analyses.tickets import (
    measure_affluence_tickets,
    measure_attente_par_heure,
    measure_attentes,
)
from qualepref_lib.analyses.titres import (
    measure_arriere_titres,
    measure_delais_titres,
    measure_titres_tenus,
)
from qualepref_lib.analyses.verbatims import (
    list_citations,
    list_mots_sans_theme,
    measure_masques,
    measure_relecture,
    measure_sans_theme,
    measure_themes,
)
from qualepref_lib.analyses.verification import (
    list_divergences,
    list_ecart_verification,
    measure_verifie,
)
from qualepref_lib.analyses.visites import measure_issues_tickets, measure_rendez_vous
from qualepref_lib.atelier.chargement import load_chapitre
from qualepref_lib.coherence import (
    list_coherence,
)
from qualepref_lib.constats import (
    list_contradictions,
    list_convergences,
    list_effets,
    list_evaluation,
    list_indicateurs,
    list_matrice,
    list_ruptures,
    list_vigilance,
    measure_canaux_et_plan,
    measure_editions,
    measure_effets,
    measure_vigilance,
)
from qualepref_lib.couverture import (
    list_couverture,
)
from qualepref_lib.display.avis import a_completer
from qualepref_lib.display.fiches import Fiches
from qualepref_lib.display.graphique import Graphique
from qualepref_lib.display.phrase import phrase
from qualepref_lib.display.tableau import Tableau
