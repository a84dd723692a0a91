"""How the figures are computed, told with the dials of the campaign."""

from __future__ import annotations

from qualepref_lib.campagne import Campagne
from qualepref_lib.core.bilan import Liste, Source
from qualepref_lib.core.francais import enumeration, nombre_court, pourcentage


def list_regles(campagne: Campagne) -> Liste:
    """How each kind of figure is computed, with the dials of this campaign."""
    edition, niveau = campagne.referentiel.edition, pourcentage(campagne.fiche.niveau_confiance)
    points = enumeration(
        [f"{d.libelle} {nombre_court(d.points)}" for d in edition.echelle if d.points is not None]
    )
    lignes = (
        (
            "Taux déclaré",
            f"points des critères évalués et applicables ({points}) ÷ leur nombre ; arrondi à "
            "l’unité, la demie vers le haut",
        ),
        (
            "Bornes",
            "taux si tous les critères non évalués échouaient, puis s’ils réussissaient tous ; un "
            "recensement n’a pas d’intervalle de confiance",
        ),
        ("Petites bases", "au-dessous de 10 observations, seuls les effectifs sont imprimés"),
        (
            "Point fort, axe de progrès",
            f"taux d’un engagement d’au moins {pourcentage(edition.point_fort_a_partir)}, ou "
            f"inférieur à {pourcentage(edition.axe_en_dessous)}, tous ses critères étant évalués",
        ),
        ("Intervalle d’une proportion", f"méthode de Wilson, au niveau de {niveau}"),
        (
            "Décision face à une cible",
            f"prouvé si la borne exacte inférieure à {niveau} atteint la cible, contredit si la "
            "borne supérieure est au-dessous, non démontré sinon",
        ),
        (
            "Satisfaction",
            "T2B-exprimes, version 1 : réponses favorables ÷ réponses exprimées ; « sans opinion » "
            "et absences de réponse sont comptées à part",
        ),
        (
            "Écart entre deux éditions",
            f"intervalle de Newcombe au niveau de {niveau} ; conditionnel quand la base de l’autre "
            "édition est inconnue",
        ),
        ("Action en retard", "ouverte, et d’échéance antérieure à la date de référence"),
    )
    return Liste(
        code="annexes.regles",
        titre="Règles de calcul",
        champ="tous les chiffres de ce rapport",
        source=Source("edition.yaml", "", edition.libelle),
        colonnes=("Chiffre", "Règle"),
        lignes=lignes,
    )
