"""The columns of a table: which ones depends on what was measured, and each draws its cells."""

from __future__ import annotations

from qualepref_lib.core.bilan import Bilan, Ligne
from qualepref_lib.core.francais import date_courte, nombre, nombre_court, pourcentage
from qualepref_lib.core.mesures import (
    Durees,
    Ecart,
    Effectif,
    Fourchette,
    Periode,
    Priorite,
    Repartition,
    Score,
    Taux,
    TriCroise,
    VisAVis,
)
from qualepref_lib.display.blocs import Colonne
from qualepref_lib.display.lecture import cellule_statut, est_carte, est_entonnoir, niveau
from qualepref_lib.display.traits_base import Trait, chiffre, texte
from qualepref_lib.display.traits_durees import traits_durees
from qualepref_lib.display.traits_parts import traits_croisement, traits_repartition
from qualepref_lib.display.traits_projection import traits_fourchette, traits_vis_a_vis
from qualepref_lib.display.traits_scores import traits_priorites, traits_scores
from qualepref_lib.display.traits_taux import trait_limites, traits_carte, traits_taux


def traits_de(bilan: Bilan) -> list[Trait]:
    """The columns of a bilan, in order: its lines, then what was measured, then the state."""
    traits: list[Trait] = [texte(bilan.entete, lambda ligne: ligne.libelle)]
    if bilan.entete_groupe:
        traits.append(texte(bilan.entete_groupe, lambda ligne: ligne.groupe))
    traits += _traits_mesure(bilan)
    if est_carte(bilan):
        traits += traits_carte()
    elif est_entonnoir(bilan):
        traits.append(trait_limites())
    if any(ligne.statut for ligne in bilan.lignes):
        titre = "Signal" if est_carte(bilan) else "État"
        traits.append((Colonne(titre=titre), lambda ligne: cellule_statut(ligne.statut)))
    return traits


def _traits_mesure(bilan: Bilan) -> list[Trait]:
    """The columns of what was measured; the lines of a bilan are all of one kind."""
    mesure = bilan.lignes[0].mesure
    if isinstance(mesure, Taux):
        return traits_taux(bilan)
    if isinstance(mesure, Repartition):
        return traits_repartition(bilan, mesure)
    if isinstance(mesure, TriCroise):
        return traits_croisement(bilan)
    if isinstance(mesure, Durees):
        return traits_durees(bilan)
    if isinstance(mesure, Ecart):
        return _traits_ecart(bilan)
    if isinstance(mesure, Periode):
        return _traits_periode()
    if isinstance(mesure, Fourchette):
        return traits_fourchette(bilan)
    if isinstance(mesure, VisAVis):
        return traits_vis_a_vis(bilan)
    if isinstance(mesure, Score):
        return traits_scores(bilan)
    if isinstance(mesure, Priorite):
        return traits_priorites(bilan)
    return [chiffre("Nombre", bilan, lambda ligne: nombre_court(_effectif(ligne).n))]


def _traits_ecart(bilan: Bilan) -> list[Trait]:
    def publie(ligne: Ligne) -> str:
        if ligne.reference is None:
            return "–"
        reserve = "" if _ecart(ligne).base_connue else " (base inconnue)"
        return pourcentage(ligne.reference) + reserve

    def intervalle(ligne: Ligne) -> str:
        bornes = _ecart(ligne).intervalle
        if bornes is None:
            return "–"
        bas, haut = bornes
        return f"[{nombre(100 * bas, 1)} ; {nombre(100 * haut, 1)}]"

    deux_mesures = all(ligne.reference is None for ligne in bilan.lignes)
    avant = [
        chiffre("Cette édition", bilan, lambda li: str(_ecart(li).maintenant)),
        chiffre("Édition publiée", bilan, publie),
    ]
    if deux_mesures:
        avant = [
            chiffre("Avant", bilan, lambda li: str(_ecart(li).avant)),
            chiffre("Maintenant", bilan, lambda li: str(_ecart(li).maintenant)),
        ]
    ecart = chiffre("Écart en points", bilan, lambda li: nombre(100 * _ecart(li).valeur, 1))
    if all(_ecart(ligne).intervalle is None for ligne in bilan.lignes):
        return [*avant, ecart]
    return [*avant, ecart, chiffre(f"Intervalle à {niveau(bilan)}", bilan, intervalle)]


def _traits_periode() -> list[Trait]:
    def avancement(ligne: Ligne) -> str:
        part = _periode(ligne).avancement
        return "–" if part is None else pourcentage(part)

    def echeance(ligne: Ligne) -> str:
        fin = _periode(ligne).fin
        return date_courte(fin) if fin else "sans échéance"

    return [texte("Échéance", echeance), texte("Avancement", avancement)]


def _ecart(ligne: Ligne) -> Ecart:
    assert isinstance(ligne.mesure, Ecart)
    return ligne.mesure


def _effectif(ligne: Ligne) -> Effectif:
    assert isinstance(ligne.mesure, Effectif)
    return ligne.mesure


def _periode(ligne: Ligne) -> Periode:
    assert isinstance(ligne.mesure, Periode)
    return ligne.mesure
