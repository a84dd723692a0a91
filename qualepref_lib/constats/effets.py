"""Did the actions move what they should have moved, from one edition to the next?

An action speaks to its criteria, and through them to the observations, questions and indicators
that the référentiel ties to the same engagements and channels. For each: it moved, it did not, or
nobody can tell, with the smallest change that could have been seen. A change after an action is no
proof that the action made it: the sentence says « après », never « grâce à ».
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from statistics import NormalDist
from typing import Literal

from qualepref_lib.actions import SOURCE, Action, actions_de
from qualepref_lib.campagne import Campagne, new_bilan
from qualepref_lib.campagne.listes import code_etat, new_liste
from qualepref_lib.constats.chiffres import quoted
from qualepref_lib.constats.editions import (
    Paire,
    cotations_avant,
    paires_declarees,
    paires_mesurees,
    paires_observees,
    paires_ressenties,
)
from qualepref_lib.core.bilan import Bilan, Ligne, Liste, Nuance, Renvoi, Source
from qualepref_lib.core.comparaisons import Comparaison, ajuster_comparaisons, comparer_taux
from qualepref_lib.core.essais import ecart_detectable
from qualepref_lib.core.francais import enumeration, nombre, pourcentage
from qualepref_lib.core.mesures import PETITE_BASE, Ecart, Taux
from qualepref_lib.cotations import DECLARE

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

_SENS_CONTRAIRES = "mouvements contraires"
_NATURES = {
    "declare": ("Cotation de ses critères", "recensement"),
    "observe": ("Observé en mystère", "mystère"),
    "ressenti": ("Ressenti à l’enquête", "volontaires"),
    "mesure": ("Mesuré par les registres", "recensement"),
}


@dataclass(frozen=True)
class Effet:
    """One indicator that an action should move: how it is read, why, and its line if it has one."""

    nature: str
    libelle: str
    lecture: Lecture
    pourquoi: str = ""
    ligne: Ligne | None = None
    decelable: str = "–"


def list_effets(campagne: Campagne) -> Liste:
    """For each action begun, each indicator it should move, before and now, and how it is read."""
    effets = _effets(campagne)
    bilans = _bilans(campagne, effets)
    return new_liste(
        campagne,
        SOURCE,
        code="effets.actions",
        titre="Ce qui a bougé depuis l’édition précédente, action par action",
        champ=_champ(campagne),
        colonnes=("Action", "Indicateur", "Avant", "Maintenant", "Écart", "Lecture",
                  "Plus petit écart décelable"),
        lignes=tuple(
            _rang(action, effet, bilans) for action, siens in effets for effet in siens
        ),
        manque=manque_effets(campagne),
        chiffres=quoted(
            (bilans[e.nature], e.ligne) for _, siens in effets for e in siens if e.ligne
        ),
    )  # fmt: skip


def measure_effets(campagne: Campagne) -> Bilan:
    """How many actions moved something, nothing, or cannot be told."""
    effets = _effets(campagne)
    verdicts = {action.ligne: _verdict(siens) for action, siens in effets}
    etats = dict.fromkeys((HAUSSE, BAISSE, _SENS_CONTRAIRES, STABLE, INCONNU))
    lignes = []
    for etat in etats:
        rangs = tuple(rang for rang, verdict in verdicts.items() if verdict == etat)
        if rangs or etat in (HAUSSE, STABLE, INCONNU):
            libelle = _DITS[etat]
            lignes.append(Ligne(code_etat(etat), libelle, Taux(len(rangs), len(verdicts)), rangs))
    return new_bilan(
        campagne,
        SOURCE,
        code="effets.bilan",
        titre="Effet des actions depuis l’édition précédente",
        entete="Effet",
        unite="action",
        entetes_taux=("Actions", "Sur", "Part"),
        champ=_champ(campagne),
        formule="part = actions commencées dans cet état ÷ actions commencées ; "
        + _regle(campagne),
        lignes=lignes if verdicts else [],
        manque=manque_effets(campagne),
        si_vide="Aucune action commencée.",
    )


_DITS = {
    HAUSSE: "Un indicateur au moins a progressé, aucun n’a reculé",
    BAISSE: "Un indicateur au moins a reculé, aucun n’a progressé",
    _SENS_CONTRAIRES: "Des indicateurs ont progressé, d’autres ont reculé",
    STABLE: "Rien n’a bougé",
    INCONNU: "On ne peut pas dire",
}


def manque_effets(campagne: Campagne) -> str:
    """What is missing to compare: the plan, or the edition before and the ratings kept of it."""
    if manque := campagne.manque(SOURCE):
        return manque
    return "" if cotations_avant(campagne) is not None else campagne.precedente.manque


def _actions(campagne: Campagne) -> list[Action]:
    """The actions begun: something may have come of them. What is only planned moved nothing."""
    return [action for action in actions_de(campagne) if action.statut != "a_faire"]


def _effets(campagne: Campagne) -> list[tuple[Action, list[Effet]]]:
    """The effects of each action begun, tests of all samples adjusted together."""
    if manque_effets(campagne):
        return []
    avant = cotations_avant(campagne)
    precedente = campagne.precedente.campagne
    autres: dict[str, list[Paire]] = {}
    if precedente is not None:
        autres = {
            "observe": list(paires_observees(campagne, precedente)),
            "ressenti": list(paires_ressenties(campagne, precedente)),
            "mesure": list(paires_mesurees(campagne, precedente)),
        }
    actions = _actions(campagne)
    touchees = {
        nature: [p for p in paires if any(_touche(a, p, campagne) for a in actions)]
        for nature, paires in autres.items()
    }
    lus = _lire_tout(campagne, touchees)
    resultat = []
    for action in actions:
        effets = [
            _effet_declare(campagne, action, paires_declarees(campagne, action.criteres, avant))
        ]
        effets += [
            lus[nature, paire.code]
            for nature, paires in touchees.items()
            for paire in paires
            if _touche(action, paire, campagne)
        ]
        resultat.append((action, effets))
    return resultat


def _touche(action: Action, paire: Paire, campagne: Campagne) -> bool:
    """Through an engagement of its criteria, and on one of its channels where there is one."""
    engagements = {campagne.referentiel.engagement_de[c] for c in action.criteres}
    ailleurs = paire.canal and action.canaux and paire.canal not in action.canaux
    return bool(engagements & paire.engagements) and not ailleurs


def _lire_tout(
    campagne: Campagne, touchees: Mapping[str, Sequence[Paire]]
) -> dict[tuple[str, str], Effet]:
    """Each indicator read once, whatever the number of actions that touch it."""
    niveau = campagne.fiche.niveau_confiance
    tirees = [
        (nature, paire)
        for nature in ("observe", "ressenti")
        for paire in touchees.get(nature, ())
        if paire.comparable
    ]
    comparaisons = ajuster_comparaisons(
        [
            comparer_taux(p.maintenant, p.avant, niveau, p.libelle)
            for _, p in tirees
            if p.maintenant and p.avant
        ]
    )
    lus = {
        (nature, paire.code): _effet_tire(campagne, nature, paire, comparaison)
        for (nature, paire), comparaison in zip(tirees, comparaisons, strict=True)
    }
    for nature, paires in touchees.items():
        for paire in paires:
            if (nature, paire.code) not in lus:
                lus[nature, paire.code] = _effet_compte(nature, paire)
    return lus


def _effet_declare(
    campagne: Campagne, action: Action, taux: tuple[Taux, Taux, tuple[int, ...]] | None
) -> Effet:
    """Its own criteria, rated in both editions: a census, where any difference is one."""
    nom = _NATURES["declare"][0]
    if taux is None:
        codes = enumeration(sorted(action.criteres)) or "aucun critère lié"
        return Effet("declare", nom, INCONNU, f"rien de comparable ({codes})")
    maintenant, avant, lignes = taux
    ligne = Ligne(action.slug, action.nom, Ecart(maintenant, avant, None, True, nom), lignes)
    return Effet("declare", nom, _sens(ligne), ligne=ligne)


def _effet_compte(nature: str, paire: Paire) -> Effet:
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


def _effet_tire(campagne: Campagne, nature: str, paire: Paire, comparaison: Comparaison) -> Effet:
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


def _verdict(effets: Iterable[Effet]) -> str:
    """What is said of an action: what moved first, then what stayed, then what is not known."""
    lectures = {effet.lecture for effet in effets}
    if {HAUSSE, BAISSE} <= lectures:
        return _SENS_CONTRAIRES
    return next(lecture for lecture in (HAUSSE, BAISSE, STABLE, INCONNU) if lecture in lectures)


def _bilans(
    campagne: Campagne, effets: Sequence[tuple[Action, Sequence[Effet]]]
) -> dict[str, Bilan]:
    """The differences by their nature: one bilan for each way of knowing."""
    bilans = {}
    for nature, (titre, plan) in _NATURES.items():
        lignes = {e.ligne.code: e.ligne for _, siens in effets for e in siens
                  if e.nature == nature and e.ligne}  # fmt: skip
        tire = plan != "recensement"
        niveau = pourcentage(round(campagne.fiche.niveau_confiance, 4))
        suite = (
            f" ; intervalle de Newcombe à {niveau}" if tire else " ; recensement, sans intervalle"
        )
        bilans[nature] = new_bilan(
            campagne,
            SOURCE,
            code=f"effets.{nature}",
            titre=f"Depuis l’édition précédente — {titre}",
            entete="Action" if nature == "declare" else "Indicateur",
            unite="action",
            plan=_plan(campagne, nature, plan),
            source=_source(campagne, nature),
            champ=_champ(campagne),
            formule=f"écart = taux de cette édition − taux de la précédente{suite} ; "
            f"{_regle(campagne)}",
            lignes=lignes.values(),
        )
    return bilans


def _plan(campagne: Campagne, nature: str, defaut: str) -> str:
    declaration = campagne.fiche.sources.get(
        {"observe": "mystere", "ressenti": "enquete"}.get(nature, "")
    )
    return declaration.plan if declaration else defaut


def _source(campagne: Campagne, nature: str) -> Source:
    code = {"declare": DECLARE, "observe": "mystere", "ressenti": "enquete"}.get(nature)
    if code is None:
        return Source("registres", "", "Registres des deux éditions")
    source = campagne.source(code)
    return replace(source, libelle=f"{source.libelle}, et édition précédente")


def _rang(action: Action, effet: Effet, bilans: Mapping[str, Bilan]) -> tuple[str | Renvoi, ...]:
    titre = _NATURES[effet.nature][0]
    nom = titre if effet.nature == "declare" else f"{titre} : {effet.libelle}"
    lecture = Renvoi(
        f"{effet.lecture} ({effet.pourquoi})" if effet.pourquoi else effet.lecture,
        statut=NUANCES[effet.lecture],
    )
    if effet.ligne is None:
        return action.nom, nom, "–", "–", "–", lecture, effet.decelable
    ecart = effet.ligne.mesure
    assert isinstance(ecart, Ecart)
    chiffre = bilans[effet.nature].identifiant(effet.ligne)
    return (
        action.nom,
        nom,
        Renvoi(str(ecart.avant), chiffre),
        Renvoi(str(ecart.maintenant), chiffre),
        Renvoi(str(ecart), chiffre),
        lecture,
        effet.decelable,
    )


def _champ(campagne: Campagne) -> str:
    precedente = campagne.precedente.campagne
    nom = (
        precedente.fiche.libelle
        if precedente
        else "cotations gardées dans la colonne « cotation_precedente »"
    )
    return f"actions commencées ; édition précédente : {nom}"


def _regle(campagne: Campagne) -> str:
    utile = pourcentage(campagne.fiche.suivi_plan.ecart_utile)
    return (
        "critères, observations, questions et indicateurs de même code et de même libellé ; "
        "recensement : tout écart est un mouvement ; échantillon : « a progressé » ou « a reculé » "
        "si le test, ajusté par Holm sur toutes les comparaisons, l’établit, « n’a pas bougé » si "
        f"tout l’intervalle tient à moins de {utile} de zéro, « on ne peut pas dire » sinon ; un "
        "mouvement qui suit une action ne prouve pas qu’elle en soit la cause"
    )
