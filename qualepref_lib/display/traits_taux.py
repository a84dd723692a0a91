"""The columns of rates: their terms, their bounds, their target, the limits of a control chart."""

from __future__ import annotations

from qualepref_lib.core.bilan import Bilan, Ligne, texte_bornes, texte_intervalle
from qualepref_lib.core.francais import nombre, nombre_court, pourcentage
from qualepref_lib.core.mesures import Taux, TauxMasque, TauxRedresse
from qualepref_lib.display.blocs import Cellule, Colonne
from qualepref_lib.display.lecture import bornes_carte, niveau
from qualepref_lib.display.traits_base import Trait, chiffre


def traits_taux(bilan: Bilan) -> list[Trait]:
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
        traits.append(chiffre("Bornes", bilan, lambda li: texte_bornes(_taux(li)) or "–"))
    if bilan.est_echantillon:
        titre = f"Intervalle à {niveau(bilan)}"
        traits.append(chiffre(titre, bilan, lambda li: texte_intervalle(_taux(li), bilan) or "–"))
    if any(ligne.cible is not None for ligne in bilan.lignes):
        traits.append((Colonne(titre="Cible", genre="nombre"), _cellule_cible))
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


def _cellule_cible(ligne: Ligne) -> Cellule:
    return Cellule(texte=pourcentage(ligne.cible) if ligne.cible is not None else "–")


def traits_carte() -> list[Trait]:
    """What a control chart draws: its central line and its limits, line by line."""

    def centre(ligne: Ligne) -> Cellule:
        if ligne.reference is None:
            return Cellule(texte="–")
        if isinstance(ligne.mesure, Taux):
            return Cellule(texte=pourcentage(ligne.reference, 1))
        return Cellule(texte=nombre(ligne.reference, 1))

    return [
        (Colonne(titre="Ligne centrale", genre="nombre"), centre),
        trait_limites(),
    ]


def trait_limites() -> Trait:
    """The limits of each line, in the unit of its measure."""

    def limites(ligne: Ligne) -> Cellule:
        bornes = bornes_carte(ligne)
        if bornes is None:
            return Cellule(texte="–")
        echelle, unite = (100, " %") if isinstance(ligne.mesure, Taux) else (1, "")
        bas, haut = (nombre(echelle * borne, 1) for borne in bornes)
        return Cellule(texte=f"[{bas} ; {haut}]{unite}")

    return (Colonne(titre="Limites", genre="nombre"), limites)


def _taux(ligne: Ligne) -> Taux:
    assert isinstance(ligne.mesure, Taux)
    return ligne.mesure
