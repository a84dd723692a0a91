"""Sentences on differences with an earlier edition."""

from __future__ import annotations

from qualepref_lib.core.bilan import Bilan, Ligne
from qualepref_lib.core.francais import nombre, pluriel, pourcentage
from qualepref_lib.core.mesures import Ecart, Taux
from qualepref_lib.display.lecture import PARMI
from qualepref_lib.display.phrases.morceaux import NOMS, Morceaux, dire, majuscule

COMPARABLE, RUPTURE = "comparable", "rupture"
"""The states of a difference whose editions were examined: it may be said, or it may not."""
ETABLIES = ("hausse établie", "baisse établie")
"""How the state of a change begins when a test, which it names, has established it."""


def dire_ecart(bilan: Bilan) -> Morceaux:
    """One sentence an edition: said, conditional, or that the two do not compare."""
    if all(ligne.reference is None for ligne in bilan.lignes):
        return _dire_changements(bilan)
    morceaux: Morceaux = []
    for groupe in dict.fromkeys(ligne.groupe for ligne in bilan.lignes):
        siennes = [ligne for ligne in bilan.lignes if ligne.groupe == groupe]
        if morceaux:
            morceaux.append(dire(" "))
        morceaux += _dire_edition(bilan, siennes)
    if bilan.reserve:
        morceaux.append(dire(f" À lire avec réserve : {bilan.reserve}."))
    return morceaux


def _dire_edition(bilan: Bilan, lignes: list[Ligne]) -> Morceaux:
    """This edition and a past one; what may be said of their difference depends on the verdict."""
    retenue = next((li for li in lignes if li.statut), lignes[0])
    ecart = retenue.mesure
    assert isinstance(ecart, Ecart) and retenue.reference is not None
    publie = "" if ecart.base_connue else ", base inconnue"
    morceaux = [
        dire(f"{PARMI[bilan.plan]}satisfaits (« {ecart.sujet} ») : "),
        dire(str(ecart.maintenant), bilan, retenue),
        dire(", contre "),
        dire(_avant(retenue, ecart), bilan, retenue),
    ]
    if retenue.statut == RUPTURE:
        return [
            *morceaux,
            dire(f"{publie}. Les deux éditions ne se comparent pas : l’écart n’est pas dit."),
        ]
    if retenue.statut == COMPARABLE:
        return [
            *morceaux,
            dire(". Les deux éditions se comparent : "),
            dire(_sens(ecart, sur=True), bilan, retenue),
            dire("."),
        ]
    hypothese = "" if ecart.base_connue else f" {retenue.libelle}{_fourchette(lignes)}"
    return [
        *morceaux,
        dire(f"{publie}. Si les deux enquêtes étaient comparables, "),
        dire(_sens(ecart), bilan, retenue),
        dire(f"{hypothese}."),
    ]


def _avant(ligne: Ligne, ecart: Ecart) -> str:
    """What is known of the past edition: a published share, or its counts."""
    assert ligne.reference is not None
    if ecart.base_connue:
        return f"{ecart.avant} en {ligne.groupe}"
    return f"{pourcentage(ligne.reference)} publié en {ligne.groupe}"


def _sens(ecart: Ecart, sur: bool = False) -> str:
    """Up, down, or neither, by the interval; in the conditional unless the editions compare."""
    assert ecart.intervalle is not None, "a past edition of a survey is never known whole"
    bas, haut = ecart.intervalle
    if bas <= 0 <= haut:
        peut = "peut" if sur else "pourrait"
        return f"on ne {peut} conclure ni à une hausse ni à une baisse"
    points = [nombre(100 * part) for part in sorted((abs(bas), abs(haut)))]
    verbe = "est" if sur else "serait"
    return f"{'la baisse' if haut < 0 else 'la hausse'} {verbe} de {points[0]} à {points[1]} points"


def _dire_changements(bilan: Bilan) -> Morceaux:
    """What a named test has established, line by line; what it has not is counted."""
    morceaux: Morceaux = []
    comptes = bilan.comptes()
    for statut, compte in comptes.items():
        assert isinstance(compte.mesure, Taux)
        debut = f" ; {statut}" if morceaux else majuscule(statut)
        if not statut.startswith(ETABLIES):
            nom = pluriel(compte.mesure.favorables, *NOMS.get(bilan.entete, ("ligne", "lignes")))
            texte = f"{nom} sur {compte.mesure.observes}"
            morceaux += [dire(f"{debut} pour "), dire(texte, bilan, compte)]
            continue
        for rang, ligne in enumerate(li for li in bilan.lignes if li.statut == statut):
            morceaux.append(dire(f"{debut} : " if not rang else ", "))
            morceaux += [dire(f"« {ligne.libelle} », "), dire(str(ligne.mesure), bilan, ligne)]
    return [*morceaux, dire(".")] if morceaux else []


def _fourchette(lignes: list[Ligne]) -> str:
    """The widest difference over all the plausible bases: one hypothesis alone would be ours."""
    bornes = [
        b for li in lignes if isinstance(li.mesure, Ecart) for b in li.mesure.intervalle or ()
    ]
    if len(lignes) < 2 or min(bornes) <= 0 <= max(bornes):
        return ""
    bas, haut = sorted((abs(min(bornes)), abs(max(bornes))))
    return (
        f" (de {nombre(100 * bas)} à {nombre(100 * haut)} points selon les hypothèses du chapitre)"
    )
