"""How shares side by side are shown: spreads of answers, and two-way tables of rates."""

from __future__ import annotations

from collections.abc import Callable

from qualepref_lib.core.bilan import Bilan, Ligne
from qualepref_lib.core.francais import nombre_court, pourcentage
from qualepref_lib.core.mesures import Repartition, TauxMasque, TriCroise
from qualepref_lib.display.aspects.aspect import Aspect
from qualepref_lib.display.blocs import Cellule, Colonne
from qualepref_lib.display.colonnes import Trait, chiffre
from qualepref_lib.display.lecture import lire_taux, noms_cases
from qualepref_lib.display.phrases.croisements import cases_comparees, dire_croisement


def _traits_repartition(bilan: Bilan) -> list[Trait]:
    """One column an answer, then the base of the shares, then what is outside of it."""
    premiere = _repartition(bilan.lignes[0])
    traits = [
        chiffre(modalite, bilan, _lire_part(modalite), modalite) for modalite in premiere.effectifs
    ]
    traits.append(
        (
            Colonne(titre="Base", genre="nombre"),
            lambda li: Cellule(texte=nombre_court(_repartition(li).base)),
        )
    )
    for modalite in premiere.a_part:
        traits.append((Colonne(titre=modalite, genre="nombre"), _cellule_a_part(modalite)))
    return traits


def _cellule_a_part(modalite: str) -> Callable[[Ligne], Cellule]:
    return lambda ligne: Cellule(texte=nombre_court(_repartition(ligne).a_part[modalite]))


def _lire_part(modalite: str) -> Callable[[Ligne], str]:
    return lambda ligne: _part(ligne, modalite)


def _part(ligne: Ligne, modalite: str) -> str:
    repartition = _repartition(ligne)
    taux = repartition.taux(modalite)
    effectif = nombre_court(repartition.effectifs[modalite])
    if taux.valeur is None or taux.petite_base:
        return effectif
    return f"{effectif} ({pourcentage(taux.valeur)})"


def _traits_croisement(bilan: Bilan) -> list[Trait]:
    """One column a case of the two-way table, in the order of its lines."""
    return [_trait_case(bilan, nom) for nom in noms_cases(bilan)]


def _trait_case(bilan: Bilan, nom: str) -> Trait:
    """A column of a two-way table: counts and rate together, since it has one column a case."""

    def dessin(ligne: Ligne) -> Cellule:
        taux = _croisement(ligne).cases.get(nom)
        if taux is None:
            return Cellule(texte="–")
        dit = taux.observes or taux.non_evalues or isinstance(taux, TauxMasque)
        texte = str(taux) if dit else "–"
        return Cellule(texte=texte, chiffre=bilan.identifiant(ligne, nom))

    return Colonne(titre=nom, genre="nombre"), dessin


def _lire_repartition(bilan: Bilan, ligne: Ligne) -> str:
    quoi = _COMPTES.get(bilan.unite, "réponses exprimées")
    base = nombre_court(_repartition(ligne).base)
    return f"« {ligne.libelle} » : les parts sont calculées sur {base} {quoi}."


_COMPTES = {
    "critère": "critères évalués",
    "appel": "appels",
    "courrier": "courriers",
    "envoi": "envois",
    "demande": "demandes",
    "ticket": "tickets",
    "titre": "titres",
    "test": "tests",
    "test abouti": "tests aboutis",
    "tentative": "tentatives",
    "observation": "observations",
}
"""What the shares of a spread are out of, by the unit of the bilan; else, answers."""


def _lire_croisement(bilan: Bilan, ligne: Ligne) -> str:
    """The first cell that has a base, as it is read."""
    lus = [(nom, taux) for nom, taux in _croisement(ligne).cases.items() if taux.observes]
    if not lus:
        return ""
    nom, taux = lus[0]
    return f"« {ligne.libelle} », « {nom} » : {lire_taux(bilan, taux)}."


def _resumer_croisement(bilan: Bilan) -> str:
    """The range of the cells that have enough base."""
    valeurs = [case.valeur for case in cases_comparees(bilan)]
    if not valeurs:
        return "Aucune case n’a assez de cas pour un pourcentage."
    bas, haut = pourcentage(min(valeurs)), pourcentage(max(valeurs))
    return f"De {bas} à {haut} selon les cases."


def _repartition(ligne: Ligne) -> Repartition:
    assert isinstance(ligne.mesure, Repartition)
    return ligne.mesure


def _croisement(ligne: Ligne) -> TriCroise:
    assert isinstance(ligne.mesure, TriCroise)
    return ligne.mesure


REPARTITION = Aspect(
    traits=_traits_repartition,
    lire=_lire_repartition,
    formes={"likert": lambda ligne: _repartition(ligne).base > 0},
)
"""A spread of answers has no sentence: its table and its chart say it."""

TRI_CROISE = Aspect(
    traits=_traits_croisement,
    lire=_lire_croisement,
    dire=dire_croisement,
    resumer=_resumer_croisement,
    formes={
        "chaleur": lambda ligne: any(taux.observes for taux in _croisement(ligne).cases.values())
    },
)
