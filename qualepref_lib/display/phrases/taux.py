"""Sentences on rates: which stand out, and what the plan lets be said of them."""

from __future__ import annotations

from qualepref_lib.core.bilan import Bilan, Ligne
from qualepref_lib.core.mesures import PETITE_BASE, Taux, TauxMasque
from qualepref_lib.display.lecture import PARMI
from qualepref_lib.display.phrases.decisions import dire_decisions
from qualepref_lib.display.phrases.morceaux import (
    Morceaux,
    avec_intervalle,
    dire,
    enumerer,
    majuscule,
)

EN_RETARD = "en_retard"
"""The line of late actions: a part of those that are open, not a state beside them."""

PEU = 3
"""Up to this many lines, a sentence says them all rather than the extremes."""

REPONSE = "Réponse"
"""The head of the first column where lines are the answers to one question."""

_PLUS_CITES = {REPONSE: "réponses les plus données", "Thème": "thèmes les plus présents"}
"""Lists of which the last says nothing: what is said of their first lines, by their head."""

_RETENUS = {"point fort", "axe de progrès"}
"""States that select the lines of a bilan: its sentence names them all."""


def dire_taux(bilan: Bilan) -> Morceaux:
    """Rates: all of them when they are few, else the extremes; then the decisions on targets."""
    evaluees = [li for li in bilan.lignes if isinstance(li.mesure, Taux) and li.mesure.observes]
    if not evaluees:
        return []
    if len(evaluees) == 1:
        (seule,) = evaluees
        sujet = dire(f"{PARMI[bilan.plan]}« {seule.libelle} » : ")
        return [sujet, *avec_intervalle(bilan, seule), dire(".")]
    if {li.statut for li in evaluees} <= _RETENUS:
        return [dire(f"{bilan.titre} : "), *enumerer(bilan, evaluees, entre_guillemets=True)]
    if bilan.unite == "point":
        return [dire("Ce qui compte le plus : "), *enumerer(bilan, evaluees[:PEU], True)]
    if bilan.unite == "action":
        return _dire_avancement(bilan, evaluees)
    if bilan.entete in _PLUS_CITES:
        return _dire_citations(bilan, evaluees)
    if any(li.statut == "contredit" for li in evaluees):
        return [*_dire_contredits(bilan, evaluees), *dire_decisions(bilan)]
    if len(evaluees) <= PEU:
        noms = enumerer(bilan, evaluees)
        if PARMI[bilan.plan]:
            noms = [dire(PARMI[bilan.plan]), *noms]
        noms[0] = dire(majuscule(noms[0].texte))
        return [*noms, *dire_decisions(bilan)]
    return [*_dire_extremes(bilan, evaluees), *dire_decisions(bilan)]


def _dire_citations(bilan: Bilan, evaluees: list[Ligne]) -> Morceaux:
    """The answers given most: which one comes last says nothing. Lines of several groups have not
    one base: each group is said apart."""
    morceaux: Morceaux = []
    for groupe in dict.fromkeys(ligne.groupe for ligne in evaluees):
        siennes = [ligne for ligne in evaluees if ligne.groupe == groupe]
        premieres = sorted(siennes, key=lambda ligne: -valeur(ligne))[:PEU]
        ou = f" ({groupe})" if groupe else ""
        parmi = "" if morceaux else PARMI[bilan.plan]
        debut = majuscule(f"{parmi}{_PLUS_CITES[bilan.entete]}{ou} : ")
        morceaux += [dire(f" {debut}" if morceaux else debut)]
        morceaux += enumerer(bilan, premieres, entre_guillemets=True)
    return morceaux


def _dire_extremes(bilan: Bilan, evaluees: list[Ligne]) -> Morceaux:
    comparees = lignes_comparees(evaluees)
    haut = max(comparees, key=valeur)
    bas = min(comparees, key=valeur)
    morceaux: Morceaux = []
    if valeur(haut) == valeur(bas):
        debut = f"{PARMI[bilan.plan]}le taux est le même pour chaque ligne ; « {haut.libelle} » : "
        morceaux = [dire(majuscule(debut)), dire(str(haut.mesure), bilan, haut)]
    else:
        debut = f"{PARMI[bilan.plan]}le plus haut est « {haut.libelle} » : "
        morceaux = [dire(majuscule(debut)), dire(str(haut.mesure), bilan, haut)]
        morceaux += [
            dire(f" ; le plus bas, « {bas.libelle} » : "),
            dire(str(bas.mesure), bilan, bas),
        ]
    restes = ""
    if len(comparees) < len(evaluees):
        restes = f" Les lignes de moins de {PETITE_BASE} cas ne sont pas comparées."
    if any(isinstance(ligne.mesure, TauxMasque) for ligne in bilan.lignes):
        restes += " Les lignes masquées ne sont pas comparées."
    return [*morceaux, dire(f".{restes}")]


def lignes_comparees(evaluees: list[Ligne]) -> list[Ligne]:
    """The lines whose rates may be set against each other: those of a small base are left out.

    All of them when fewer than two have enough base: a sentence on counts is better than none.
    """
    assez = [ligne for ligne in evaluees if _base(ligne) >= PETITE_BASE]
    return assez if len(assez) >= 2 else evaluees


def _dire_avancement(bilan: Bilan, lignes: list[Ligne]) -> Morceaux:
    """States that share out the whole, then the part of it that is late: nothing adds up twice."""
    etats = [ligne for ligne in lignes if ligne.code != EN_RETARD]
    retards = [ligne for ligne in lignes if ligne.code == EN_RETARD]
    morceaux = enumerer(bilan, etats)
    for ligne in retards:
        morceaux[-1] = dire(" ; parmi les actions ouvertes, en retard : ")
        morceaux += [dire(str(ligne.mesure), bilan, ligne), dire(".")]
    return morceaux


def _dire_contredits(bilan: Bilan, lignes: list[Ligne]) -> Morceaux:
    """The criteria that the tests contradict, by name: they are what is to be looked at."""
    contredits = [ligne for ligne in lignes if ligne.statut == "contredit"]
    debut = majuscule(f"{PARMI[bilan.plan]}la cible est contredite pour ")
    return [dire(debut), *enumerer(bilan, contredits, entre_guillemets=True)]


def _base(ligne: Ligne) -> int:
    return ligne.mesure.observes if isinstance(ligne.mesure, Taux) else 0


def valeur(ligne: Ligne) -> float:
    """The rate of a line, zero without a base: what lines are compared by."""
    assert isinstance(ligne.mesure, Taux)
    return float(ligne.mesure.valeur or 0)
