"""How the figures are computed, told with the dials of the campaign."""

from __future__ import annotations

from qualepref_lib.campagne import Campagne
from qualepref_lib.core.bilan import Liste, Source
from qualepref_lib.core.francais import date_longue, enumeration, nombre_court, pourcentage
from qualepref_lib.referentiel import Edition

Rangs = tuple[tuple[str, str], ...]


def list_regles(campagne: Campagne) -> Liste:
    """How each kind of figure is computed, with the dials of this campaign."""
    edition, niveau = campagne.referentiel.edition, pourcentage(campagne.fiche.niveau_confiance)
    return Liste(
        code="annexes.regles",
        titre="Règles de calcul",
        champ="tous les chiffres de ce rapport",
        source=Source("edition.yaml", "", edition.libelle),
        colonnes=("Chiffre", "Règle"),
        lignes=(*_declare(edition), *_cibles(edition), *_echantillons(niveau), *_audit()),
    )


def _declare(edition: Edition) -> Rangs:
    points = enumeration(
        [f"{d.libelle} {nombre_court(d.points)}" for d in edition.echelle if d.points is not None]
    )
    return (
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
        (
            "Petites bases",
            "au-dessous de 10 observations, pas de pourcentage ni de 9e décile : les effectifs, et "
            "l’intervalle ou les bornes, qui disent le peu qu’ils prouvent",
        ),
        (
            "Point fort, axe de progrès",
            f"taux d’un engagement d’au moins {pourcentage(edition.point_fort_a_partir)}, ou "
            f"inférieur à {pourcentage(edition.axe_en_dessous)}, tous ses critères étant évalués",
        ),
    )


def _cibles(edition: Edition) -> Rangs:
    return tuple(
        (
            f"Cible de {pourcentage(cible.valeur)}",
            f"{cible.source}, en vigueur depuis le {date_longue(cible.depuis)}",
        )
        for cible in edition.cibles
    )


def _echantillons(niveau: str) -> Rangs:
    return (
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
    )


def _audit() -> Rangs:
    return (
        (
            "Taux prouvé",
            "même base que le taux déclaré ; un critère ne garde ses points que s’il a au moins "
            "une preuve existante et fraîche",
        ),
        (
            "Preuve fraîche",
            "date d’effet augmentée de la validité (celle de la preuve, sinon du critère, sinon "
            "sans limite), au plus tôt à la date de référence ; fichier présent, inchangé",
        ),
        (
            "Taux vérifié",
            "cotations de l’auditeur ; un critère qu’il n’a pas vérifié est non évalué ; l’écart "
            "avec le déclaré ne porte que sur les critères cotés des deux côtés",
        ),
        ("Action en retard", "ouverte, et d’échéance antérieure à la date de référence"),
    )
