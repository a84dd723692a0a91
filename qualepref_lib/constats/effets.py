"""Did the actions move what they should have moved, from one edition to the next?

Each indicator moved, did not, or nobody can tell, with the smallest change that could have been
seen. A change after an action is no proof that the action made it: the sentence says « après »,
never « grâce à ».
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import groupby

from qualepref_lib.actions import SOURCE, Action
from qualepref_lib.campagne import Campagne, new_bilan
from qualepref_lib.campagne.listes import new_liste
from qualepref_lib.constats.actions_suivies import Suivie, actions_suivies, manque_effets
from qualepref_lib.constats.chiffres import quoted
from qualepref_lib.constats.effets_lus import (
    BAISSE,
    CONTRAIRES,
    DECLARE_ICI,
    HAUSSE,
    INCONNU,
    NUANCES,
    STABLE,
    Effet,
    verdict_de,
)
from qualepref_lib.core.bilan import Bilan, Ligne, Liste, Renvoi, Source
from qualepref_lib.core.francais import nombre_court, pluriel, pourcentage
from qualepref_lib.core.mesures import Ecart, Taux
from qualepref_lib.cotations import DECLARE

_NATURES = {
    "declare": (DECLARE_ICI, "recensement"),
    "observe": ("Observé en mystère", "mystère"),
    "ressenti": ("Ressenti à l’enquête", "volontaires"),
    "mesure": ("Mesuré par les registres", "recensement"),
}


def list_effets(campagne: Campagne) -> Liste:
    """For each action begun, each indicator it should move, before and now, and how it is read."""
    suivies = actions_suivies(campagne)
    bilans = _bilans(campagne, suivies)
    return new_liste(
        campagne,
        SOURCE,
        code="effets.actions",
        titre="Ce qui a bougé depuis l’édition précédente, action par action",
        champ=_champ(campagne),
        colonnes=("Action", "Indicateur", "Avant", "Maintenant", "Écart", "Lecture",
                  "Plus petit écart décelable"),
        lignes=tuple(
            _rang(action, effet, bilans) for action, siens in suivies for effet in _reunir(siens)
        ),
        manque=manque_effets(campagne),
        chiffres=quoted(
            (bilans[e.nature], e.ligne) for _, siens in suivies for e in siens if e.ligne
        ),
    )  # fmt: skip


def measure_effets(campagne: Campagne) -> Bilan:
    """How many actions moved something, nothing, or cannot be told."""
    verdicts = [(action.ligne, verdict_de(siens)) for action, siens in actions_suivies(campagne)]
    lignes = []
    for etat, (code, libelle) in _ETATS.items():
        rangs = [rang for rang, verdict in verdicts if verdict == etat]
        if rangs or etat in (HAUSSE, STABLE, INCONNU):
            connus = tuple(rang for rang in rangs if rang)
            lignes.append(Ligne(code, libelle, Taux(len(rangs), len(verdicts)), connus))
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


_ETATS = {
    HAUSSE: ("progres", "Un indicateur au moins a progressé, aucun n’a reculé"),
    BAISSE: ("recul", "Un indicateur au moins a reculé, aucun n’a progressé"),
    CONTRAIRES: ("contraires", "Des indicateurs ont progressé, d’autres ont reculé"),
    STABLE: ("stable", "Rien n’a bougé"),
    INCONNU: ("inconnu", "On ne peut pas dire"),
}


def _bilans(campagne: Campagne, suivies: Sequence[Suivie]) -> dict[str, Bilan]:
    """The differences by their nature: one bilan for each way of knowing."""
    bilans = {}
    for nature, (titre, plan) in _NATURES.items():
        lignes = {e.ligne.code: e.ligne for _, siens in suivies for e in siens
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


def _reunir(effets: Sequence[Effet]) -> Iterator[Effet]:
    """Indicators that cannot be told for one and the same reason share a row."""
    for (nature, pourquoi, _), groupe in groupby(
        effets, key=lambda e: (e.nature, e.pourquoi, None if e.ligne is None else id(e))
    ):
        reunis = list(groupe)
        if len(reunis) == 1:
            yield reunis[0]
        else:
            yield Effet(nature, pluriel(len(reunis), "indicateur"), INCONNU, pourquoi)


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
        Renvoi(_dire_ecart(ecart), chiffre),
        lecture,
        effet.decelable,
    )


def _dire_ecart(ecart: Ecart) -> str:
    """The difference in points; on a handful of criteria the points gained or lost, no share."""
    if not ecart.maintenant.petite_base or ecart.intervalle is not None:
        return str(ecart)
    if ecart.maintenant.observes != ecart.avant.observes:
        return "–"
    gagnes = Fraction(ecart.maintenant.favorables) - Fraction(ecart.avant.favorables)
    signe = "+" if gagnes > 0 else ""
    return f"{signe}{nombre_court(gagnes)} sur {ecart.maintenant.observes}"


def _champ(campagne: Campagne) -> str:
    precedente = campagne.precedente.campagne
    nom = (
        precedente.fiche.libelle
        if precedente
        else "cotations gardées dans la colonne « cotation_precedente »"
    )
    return f"actions commencées, de ce plan et du précédent ; édition précédente : {nom}"


def _regle(campagne: Campagne) -> str:
    utile = pourcentage(campagne.fiche.suivi_plan.ecart_utile)
    return (
        "critères, observations, questions et indicateurs de même code et de même libellé ; "
        "recensement : tout écart est un mouvement ; échantillon : « a progressé » ou « a reculé » "
        "si le test, ajusté par Holm sur toutes les comparaisons, l’établit, « n’a pas bougé » si "
        f"tout l’intervalle tient à moins de {utile} de zéro, « on ne peut pas dire » sinon ; un "
        "mouvement qui suit une action ne prouve pas qu’elle en soit la cause"
    )
