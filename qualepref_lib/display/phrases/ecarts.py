"""Sentences on differences with an earlier edition."""

from __future__ import annotations

from qualepref_lib.core.bilan import Bilan
from qualepref_lib.core.francais import nombre, pluriel, pourcentage
from qualepref_lib.core.mesures import Ecart, Taux
from qualepref_lib.display.lecture import PARMI
from qualepref_lib.display.phrases.morceaux import NOMS, Morceaux, dire, majuscule

ETABLIES = ("hausse établie", "baisse établie")
"""How the state of a change begins when a test, which it names, has established it."""


def dire_ecart(bilan: Bilan) -> Morceaux:
    """Conditional for a published edition: two surveys may differ by more than what they asked."""
    if all(ligne.reference is None for ligne in bilan.lignes):
        return _dire_changements(bilan)
    retenue = next((li for li in bilan.lignes if li.statut), bilan.lignes[0])
    ecart = retenue.mesure
    assert isinstance(ecart, Ecart) and retenue.reference is not None
    inconnue = "" if ecart.base_connue else ", base inconnue"
    hypothese = "" if ecart.base_connue else f" {retenue.libelle}{_fourchette(bilan)}"
    assert ecart.intervalle is not None, "a published edition is never known whole"
    bas, haut = ecart.intervalle
    if bas <= 0 <= haut:
        sens = "on ne pourrait conclure ni à une hausse ni à une baisse"
    else:
        points = [nombre(100 * part) for part in sorted((abs(bas), abs(haut)))]
        sens = (
            f"{'la baisse' if haut < 0 else 'la hausse'} serait de {points[0]} à {points[1]} points"
        )
    morceaux = [
        dire(f"{PARMI[bilan.plan]}satisfaits (« {ecart.sujet} ») : "),
        dire(str(ecart.maintenant), bilan, retenue),
        dire(", contre "),
        dire(f"{pourcentage(retenue.reference)} publié en {retenue.groupe}", bilan, retenue),
        dire(f"{inconnue}. Si les deux enquêtes étaient comparables, "),
        dire(sens, bilan, retenue),
        dire(f"{hypothese}."),
    ]
    if bilan.reserve:
        morceaux.append(dire(f" À lire avec réserve : {bilan.reserve}."))
    return morceaux


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


def _fourchette(bilan: Bilan) -> str:
    """The widest difference over all the plausible bases: one hypothesis alone would be ours."""
    bornes = [
        b for li in bilan.lignes if isinstance(li.mesure, Ecart) for b in li.mesure.intervalle or ()
    ]
    if len(bilan.lignes) < 2 or min(bornes) <= 0 <= max(bornes):
        return ""
    bas, haut = sorted((abs(min(bornes)), abs(max(bornes))))
    return (
        f" (de {nombre(100 * bas)} à {nombre(100 * haut)} points selon les hypothèses du chapitre)"
    )
