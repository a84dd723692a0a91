"""How rates are shown: terms, bounds, interval and target side by side, points on a line."""

from __future__ import annotations

from dataclasses import replace

from qualepref_lib.core.bilan import Bilan, Ligne, texte_intervalle
from qualepref_lib.core.francais import nombre_court, pluriel, pourcentage
from qualepref_lib.core.mesures import Taux, TauxMasque, TauxRedresse
from qualepref_lib.display.aspects.aspect import Aspect
from qualepref_lib.display.colonnes import Trait, chiffre, trait_cible
from qualepref_lib.display.lecture import lire_taux, niveau
from qualepref_lib.display.phrases.indicateurs import dire_indicateurs
from qualepref_lib.display.phrases.taux import dire_taux, lignes_comparees, valeur


def _traits(bilan: Bilan) -> list[Trait]:
    """Numerator, base and rate always stand side by side: no rate without its base.

    A weighted rate has no numerator to print: its standard error stands there instead.
    """
    favorables, base, part = bilan.entetes_taux
    taux = [_taux(ligne) for ligne in bilan.lignes]
    redresses = any(isinstance(t, TauxRedresse) for t in taux)
    traits = [] if redresses else [chiffre(favorables, bilan, lambda li: _numerateur(_taux(li)))]
    traits.append(chiffre(base, bilan, lambda li: _base(_taux(li))))
    if redresses or not all(t.petite_base for t in taux):
        traits.append(chiffre(part, bilan, lambda li: _taux_seul(_taux(li))))
    if redresses:
        traits.append(chiffre("Erreur type", bilan, lambda li: _erreur(_taux(li))))
    if any(t.non_evalues for t in taux):
        traits.append(chiffre("Non évalués", bilan, lambda li: str(_taux(li).non_evalues)))
        traits.append(chiffre("Bornes", bilan, lambda li: _taux(li).bornes_lues or "–"))
    if bilan.est_echantillon:
        titre = f"Intervalle à {niveau(bilan)}"
        traits.append(chiffre(titre, bilan, lambda li: texte_intervalle(_taux(li), bilan) or "–"))
    if any(ligne.cible is not None for ligne in bilan.lignes):
        traits.append(trait_cible())
    return traits


def _numerateur(taux: Taux) -> str:
    return taux.fraction if isinstance(taux, TauxMasque) else nombre_court(taux.favorables)


def _base(taux: Taux) -> str:
    return taux.base_lue if isinstance(taux, TauxMasque) else nombre_court(taux.observes)


def _taux_seul(taux: Taux) -> str:
    """The percentage; under ten observations a dash, since the counts stand beside it."""
    if taux.valeur is None or isinstance(taux, TauxRedresse):
        return taux.pourcentage
    return "–" if taux.petite_base else pourcentage(taux.valeur)


def _erreur(taux: Taux) -> str:
    return taux.erreur_type if isinstance(taux, TauxRedresse) else "–"


def _lire(bilan: Bilan, ligne: Ligne) -> str:
    return f"« {ligne.libelle} » : {lire_taux(bilan, _taux(ligne))}."


def _resumer(bilan: Bilan) -> str:
    """The lowest and the highest; nothing where they are the same, or where there is none."""
    taux = [li for li in bilan.lignes if _taux(li).observes]
    if not taux:
        return ""
    comparees = lignes_comparees(taux)
    bas, haut = min(comparees, key=valeur), max(comparees, key=valeur)
    if valeur(bas) == valeur(haut):
        return ""
    de, a = (_taux(ligne).pourcentage for ligne in (bas, haut))
    return f"Du plus bas au plus haut : de {de} à {a}."


def _resumer_indicateurs(bilan: Bilan) -> str:
    """How many reach their target; as any rates when none has one."""
    jugees = [ligne for ligne in bilan.lignes if ligne.statut]
    atteintes = sum(ligne.statut == "cible atteinte" for ligne in jugees)
    if not jugees:
        return _resumer(bilan)
    if not atteintes:
        return f"Aucune cible atteinte sur {pluriel(len(jugees), 'indicateur')}."
    return f"Cible atteinte pour {pluriel(atteintes, 'indicateur')} sur {len(jugees)}."


def _observe(ligne: Ligne) -> bool:
    return _taux(ligne).observes > 0


def _taux(ligne: Ligne) -> Taux:
    assert isinstance(ligne.mesure, Taux)
    return ligne.mesure


TAUX = Aspect(
    traits=_traits,
    lire=_lire,
    dire=dire_taux,
    resumer=_resumer,
    formes={"points": _observe, "barres": _observe, "serie": _observe},
)


def en_indicateurs(aspect: Aspect) -> Aspect:
    """Headline rates: each is named with its target, and half of them would pass for all."""
    return replace(aspect, dire=dire_indicateurs, resumer=_resumer_indicateurs, entier=True)
