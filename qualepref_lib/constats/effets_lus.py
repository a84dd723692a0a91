"""How one indicator is read from one edition to the next: it moved, it did not, nobody can tell.

On a census any difference is one. On a sample it takes a test, adjusted with all the others; and
« it did not move » takes an interval that leaves no room for a change that would matter.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from statistics import NormalDist
from typing import Literal

from qualepref_lib.actions import Action
from qualepref_lib.campagne import Campagne
from qualepref_lib.constats.editions import Paire
from qualepref_lib.core.bilan import Ligne, Nuance
from qualepref_lib.core.comparaisons import Comparaison
from qualepref_lib.core.ecarts_detectables import ecart_detectable
from qualepref_lib.core.francais import enumeration, nombre, pourcentage
from qualepref_lib.core.mesures import PETITE_BASE, Ecart, Taux

Lecture = Literal["a progressé", "a reculé", "n’a pas bougé", "on ne peut pas dire"]
HAUSSE: Lecture = "a progressé"
BAISSE: Lecture = "a reculé"
STABLE: Lecture = "n’a pas bougé"
INCONNU: Lecture = "on ne peut pas dire"
NUANCES: dict[Lecture, Nuance] = {
    HAUSSE: "bien",
    BAISSE: "ecart",
    STABLE: "moyen",
    INCONNU: "neutre",
}
EXACT_MAX = 1000
"""Up to so many rows of each edition, the smallest change is sought result by result; beyond, by
the normal approximation, which gives the same to the point."""

CONTRAIRES = "mouvements contraires"
DECLARE_ICI = "Cotation de ses critères"


@dataclass(frozen=True)
class Effet:
    """One indicator that an action should move: how it is read, why, and its line if it has one."""

    nature: str
    libelle: str
    lecture: Lecture
    pourquoi: str = ""
    ligne: Ligne | None = None
    decelable: str = "–"


def read_declare(action: Action, taux: tuple[Taux, Taux, tuple[int, ...]] | None) -> Effet:
    """Its own criteria, rated in both editions: a census, where any difference is one."""
    nom = DECLARE_ICI
    if taux is None:
        codes = enumeration(sorted(action.criteres)) or "aucun critère lié"
        return Effet("declare", nom, INCONNU, f"rien de comparable ({codes})")
    maintenant, avant, lignes = taux
    ligne = Ligne(action.slug, action.nom, Ecart(maintenant, avant, None, True, nom), lignes)
    return Effet("declare", nom, _sens(ligne), ligne=ligne)


def read_compte(nature: str, paire: Paire) -> Effet:
    """A register that holds everything: the plain difference; a handful of rows says nothing."""
    if not paire.comparable or paire.maintenant is None or paire.avant is None:
        raison = paire.rupture or "aucune observation à l’une des éditions"
        return Effet(nature, paire.libelle, INCONNU, raison)
    ecart = Ecart(paire.maintenant, paire.avant, None, True, paire.libelle)
    ligne = Ligne(paire.code, paire.libelle, ecart, paire.lignes)
    if min(paire.maintenant.observes, paire.avant.observes) < PETITE_BASE:
        return Effet(nature, paire.libelle, INCONNU, f"moins de {PETITE_BASE} lignes", ligne)
    lecture = STABLE if abs(ecart.valeur) < 0.005 else _sens(ligne)
    return Effet(nature, paire.libelle, lecture, ligne=ligne)


def read_tire(campagne: Campagne, nature: str, paire: Paire, comparaison: Comparaison) -> Effet:
    """A sample: moved if a test says so, still if the whole interval is small, else unknown."""
    niveau = campagne.fiche.niveau_confiance
    utile = float(campagne.fiche.suivi_plan.ecart_utile)
    ecart, test = comparaison.ecart, comparaison.test
    assert ecart is not None and ecart.intervalle is not None
    bas, haut = ecart.intervalle
    ligne = Ligne(paire.code, paire.libelle, ecart, paire.lignes)
    decelable = _dire_decelable(ecart.avant, ecart.maintenant, niveau)
    new_effet = partial(Effet, nature, paire.libelle, ligne=ligne, decelable=decelable)
    if test.significatif(round(1 - niveau, 10)) and not bas <= 0 <= haut:
        return new_effet(_sens(ligne), str(test))
    if -utile <= bas and haut <= utile:
        return new_effet(STABLE, f"tout l’intervalle est à moins de {pourcentage(utile)}")
    raison = "intervalle trop large" if bas <= 0 <= haut else f"changement non établi, {test}"
    return new_effet(INCONNU, raison)


def _sens(ligne: Ligne) -> Lecture:
    assert isinstance(ligne.mesure, Ecart)
    valeur = ligne.mesure.valeur
    return STABLE if valeur == 0 else HAUSSE if valeur > 0 else BAISSE


def _dire_decelable(avant: Taux, maintenant: Taux, niveau: float) -> str:
    """The smallest rise and the smallest fall that these two samples could show, in points."""
    n, m, base = avant.observes, maintenant.observes, float(avant.valeur or 0)
    if max(n, m) > EXACT_MAX:
        z, prudente = NormalDist().inv_cdf((1 + niveau) / 2), (base * n + 1) / (n + 2)
        points = z * math.sqrt(prudente * (1 - prudente) * (1 / n + 1 / m))
        hausse: float | None = points
        baisse: float | None = -points
    else:
        detectable = ecart_detectable(n, m, base, niveau)
        hausse, baisse = detectable.points_hausse, detectable.points_baisse
    dits = [
        f"+{nombre(100 * hausse)}" if hausse is not None and base + hausse <= 1 else "",
        nombre(100 * baisse) if baisse is not None and base + baisse >= 0 else "",
    ]
    return f"{enumeration([d for d in dits if d], 'ou')} points" if any(dits) else "aucun"


def verdict_de(effets: Iterable[Effet]) -> str:
    """What is said of an action: what moved first, then what stayed, then what is not known."""
    lectures = {effet.lecture for effet in effets}
    if {HAUSSE, BAISSE} <= lectures:
        return CONTRAIRES
    return next(lecture for lecture in (HAUSSE, BAISSE, STABLE, INCONNU) if lecture in lectures)
