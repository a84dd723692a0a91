"""The shortest message of a bilan, where a whole sentence does not fit: alternative texts."""

from __future__ import annotations

from qualepref_lib.core.bilan import Bilan, Ligne
from qualepref_lib.core.francais import enumeration, nombre, nombre_court, pluriel, pourcentage
from qualepref_lib.core.mesures import Durees, Effectif, Priorite, Taux, TriCroise
from qualepref_lib.display.lecture import est_carte, est_serie
from qualepref_lib.display.phrases.cartes import dire_signaux
from qualepref_lib.display.phrases.croisements import cases_comparees
from qualepref_lib.display.phrases.effectifs import effectif
from qualepref_lib.display.phrases.indicateurs import est_indicateurs
from qualepref_lib.display.phrases.morceaux import majuscule
from qualepref_lib.display.phrases.scores import A_FAIRE
from qualepref_lib.display.phrases.taux import lignes_comparees, valeur


def resume(bilan: Bilan) -> str:
    """The shortest message of a bilan; empty where nothing can be said in a few words."""
    if not bilan.lignes:
        return ""
    if est_carte(bilan):
        return "".join(morceau.texte for morceau in dire_signaux(bilan))
    mesure = bilan.lignes[0].mesure
    if isinstance(mesure, TriCroise):
        return _resume_croisement(bilan)
    if isinstance(mesure, Durees):
        return _resume_durees(bilan)
    if isinstance(mesure, Priorite):
        return _resume_priorites(bilan)
    if isinstance(mesure, Effectif) and est_serie(bilan):
        return _resume_serie(bilan)
    atteints = _resume_indicateurs(bilan) if est_indicateurs(bilan) else ""
    return atteints or _resume_taux(bilan)


def _resume_taux(bilan: Bilan) -> str:
    taux = [li for li in bilan.lignes if isinstance(li.mesure, Taux) and li.mesure.observes]
    if not taux:
        return ""
    comparees = lignes_comparees(taux)
    bas, haut = min(comparees, key=valeur), max(comparees, key=valeur)
    if valeur(bas) == valeur(haut):
        return ""
    return f"Du plus bas au plus haut : de {_pct(bas)} à {_pct(haut)}."


def _resume_priorites(bilan: Bilan) -> str:
    """What comes first, by name; nothing where no item was placed there."""
    for statut in tuple(A_FAIRE)[:2]:
        noms = [f"« {li.libelle} »" for li in bilan.lignes if li.statut == statut]
        if noms:
            return f"{majuscule(statut)} : {enumeration(noms[:3])}."
    return ""


def _resume_indicateurs(bilan: Bilan) -> str:
    """How many reach their target; nothing when none has one."""
    jugees = [ligne for ligne in bilan.lignes if ligne.statut]
    atteintes = sum(ligne.statut == "cible atteinte" for ligne in jugees)
    if not jugees:
        return ""
    if not atteintes:
        return f"Aucune cible atteinte sur {pluriel(len(jugees), 'indicateur')}."
    return f"Cible atteinte pour {pluriel(atteintes, 'indicateur')} sur {len(jugees)}."


def _resume_croisement(bilan: Bilan) -> str:
    valeurs = [case.valeur for case in cases_comparees(bilan)]
    if not valeurs:
        return "Aucune case n’a assez de cas pour un pourcentage."
    bas, haut = pourcentage(min(valeurs)), pourcentage(max(valeurs))
    return f"De {bas} à {haut} selon les cases."


def _resume_durees(bilan: Bilan) -> str:
    durees = [li.mesure for li in bilan.lignes if isinstance(li.mesure, Durees)]
    medianes = [m.mediane for m in durees if m.mediane is not None]
    if not medianes or len({m.unite for m in durees}) > 1:
        return ""
    bas, haut = nombre(min(medianes), 1), nombre(max(medianes), 1)
    if bas == haut:
        return f"Médiane de {haut} {durees[0].unite}."
    return f"Médianes de {bas} à {haut} {durees[0].unite}."


def _resume_serie(bilan: Bilan) -> str:
    dernier, haut = effectif(bilan.lignes[-1]), max(effectif(li) for li in bilan.lignes)
    return f"Dernier point : {nombre_court(dernier)} ; le plus haut : {nombre_court(haut)}."


def _pct(ligne: Ligne) -> str:
    assert isinstance(ligne.mesure, Taux)
    return ligne.mesure.pourcentage
