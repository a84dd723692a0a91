"""The columns of a table: which ones depends on what was measured, and each draws its cells."""

from __future__ import annotations

from collections.abc import Callable

from qualepref_lib.core.bilan import Bilan, Ligne, texte_bornes, texte_intervalle
from qualepref_lib.core.francais import date_courte, nombre, nombre_court, pourcentage
from qualepref_lib.core.mesures import (
    PETITE_BASE,
    Durees,
    Ecart,
    Effectif,
    Periode,
    Repartition,
    Taux,
)
from qualepref_lib.display.blocs import Cellule, Colonne
from qualepref_lib.display.lecture import cellule_statut, niveau

Trait = tuple[Colonne, Callable[[Ligne], Cellule]]
"""A column and how to draw its cell from a line."""


def traits_de(bilan: Bilan) -> list[Trait]:
    """The columns of a bilan, in order: its lines, then what was measured, then the state."""
    traits: list[Trait] = [_texte(bilan.entete, lambda ligne: ligne.libelle)]
    if bilan.entete_groupe:
        traits.append(_texte(bilan.entete_groupe, lambda ligne: ligne.groupe))
    mesures = [ligne.mesure for ligne in bilan.lignes]
    if isinstance(mesures[0], Taux):
        traits += _traits_taux(bilan)
    elif isinstance(mesures[0], Repartition):
        traits += _traits_repartition(bilan, mesures[0])
    elif isinstance(mesures[0], Durees):
        traits += _traits_durees(bilan)
    elif isinstance(mesures[0], Ecart):
        traits += _traits_ecart(bilan)
    elif isinstance(mesures[0], Periode):
        traits += _traits_periode()
    else:
        traits.append(_nombre("Nombre", bilan, lambda ligne: nombre_court(_effectif(ligne).n)))
    if any(ligne.statut for ligne in bilan.lignes):
        traits.append((Colonne(titre="État"), lambda ligne: cellule_statut(ligne.statut)))
    return traits


def _texte(titre: str, lire: Callable[[Ligne], str]) -> Trait:
    return Colonne(titre=titre), lambda ligne: Cellule(texte=lire(ligne))


def _nombre(titre: str, bilan: Bilan, lire: Callable[[Ligne], str], modalite: str = "") -> Trait:
    def dessin(ligne: Ligne) -> Cellule:
        return Cellule(texte=lire(ligne), chiffre=bilan.identifiant(ligne, modalite))

    return Colonne(titre=titre, genre="nombre"), dessin


def _traits_taux(bilan: Bilan) -> list[Trait]:
    """Numerator, base and rate always stand side by side: no rate without its base."""
    favorables, base, part = bilan.entetes_taux
    traits = [
        _nombre(favorables, bilan, lambda li: nombre_court(_taux(li).favorables)),
        _nombre(base, bilan, lambda li: nombre_court(_taux(li).observes)),
    ]
    if not all(_taux(ligne).petite_base for ligne in bilan.lignes):
        traits.append(_nombre(part, bilan, lambda li: _taux_seul(_taux(li))))
    taux = [_taux(ligne) for ligne in bilan.lignes]
    if any(t.non_evalues for t in taux):
        traits.append(_nombre("Non évalués", bilan, lambda li: str(_taux(li).non_evalues)))
        traits.append(_nombre("Bornes", bilan, lambda li: texte_bornes(_taux(li)) or "–"))
    if bilan.est_echantillon:
        titre = f"Intervalle à {niveau(bilan)}"
        traits.append(_nombre(titre, bilan, lambda li: texte_intervalle(_taux(li), bilan) or "–"))
    if any(ligne.cible is not None for ligne in bilan.lignes):
        traits.append((Colonne(titre="Cible", genre="nombre"), _cellule_cible))
    return traits


def _taux_seul(taux: Taux) -> str:
    """The percentage; under ten observations a dash, since the counts stand beside it."""
    if taux.valeur is None:
        return taux.pourcentage
    return "–" if taux.petite_base else pourcentage(taux.valeur)


def _traits_repartition(bilan: Bilan, premiere: Repartition) -> list[Trait]:
    traits = [
        _nombre(modalite, bilan, _lire_part(modalite), modalite) for modalite in premiere.effectifs
    ]
    traits.append(
        (
            Colonne(titre="Base", genre="nombre"),
            lambda li: Cellule(texte=str(_repartition(li).base)),
        )
    )
    for modalite in premiere.a_part:
        traits.append((Colonne(titre=modalite, genre="nombre"), _cellule_a_part(modalite)))
    return traits


def _cellule_cible(ligne: Ligne) -> Cellule:
    return Cellule(texte=pourcentage(ligne.cible) if ligne.cible is not None else "–")


def _cellule_a_part(modalite: str) -> Callable[[Ligne], Cellule]:
    return lambda ligne: Cellule(texte=str(_repartition(ligne).a_part[modalite]))


def _lire_part(modalite: str) -> Callable[[Ligne], str]:
    return lambda ligne: _part(ligne, modalite)


def _part(ligne: Ligne, modalite: str) -> str:
    repartition = _repartition(ligne)
    taux = repartition.taux(modalite)
    if taux.valeur is None or taux.petite_base:
        return str(repartition.effectifs[modalite])
    return f"{repartition.effectifs[modalite]} ({pourcentage(taux.valeur)})"


def _traits_durees(bilan: Bilan) -> list[Trait]:
    def decimale(valeur: float | None) -> str:
        return "–" if valeur is None else nombre(valeur, 1)

    def neuvieme(ligne: Ligne) -> str:
        # Nine in ten of fewer than ten is no more than the longest.
        return decimale(_durees(ligne).p90 if _durees(ligne).n >= PETITE_BASE else None)

    def dans_cible(ligne: Ligne) -> str:
        taux = _durees(ligne).dans_cible
        return str(taux) if taux else "–"

    return [
        _nombre("Mesurés", bilan, lambda li: str(_durees(li).n)),
        _nombre("Sans mesure", bilan, lambda li: str(_durees(li).en_cours)),
        _nombre("Médiane", bilan, lambda li: decimale(_durees(li).mediane)),
        _nombre("9e décile", bilan, neuvieme),
        _texte("Cible", lambda li: _durees(li).cible or "–"),
        _nombre("Dans la cible", bilan, dans_cible),
    ]


def _traits_ecart(bilan: Bilan) -> list[Trait]:
    def publie(ligne: Ligne) -> str:
        if ligne.reference is None:
            return "–"
        reserve = "" if _ecart(ligne).base_connue else " (base inconnue)"
        return pourcentage(ligne.reference) + reserve

    def intervalle(ligne: Ligne) -> str:
        bas, haut = _ecart(ligne).intervalle
        return f"[{nombre(100 * bas, 1)} ; {nombre(100 * haut, 1)}]"

    return [
        _nombre("Cette édition", bilan, lambda li: str(_ecart(li).maintenant)),
        _nombre("Édition publiée", bilan, publie),
        _nombre("Écart en points", bilan, lambda li: nombre(100 * _ecart(li).valeur, 1)),
        _nombre(f"Intervalle à {niveau(bilan)}", bilan, intervalle),
    ]


def _traits_periode() -> list[Trait]:
    def avancement(ligne: Ligne) -> str:
        part = _periode(ligne).avancement
        return "–" if part is None else pourcentage(part)

    def echeance(ligne: Ligne) -> str:
        fin = _periode(ligne).fin
        return date_courte(fin) if fin else "sans échéance"

    return [_texte("Échéance", echeance), _texte("Avancement", avancement)]


def _taux(ligne: Ligne) -> Taux:
    assert isinstance(ligne.mesure, Taux)
    return ligne.mesure


def _repartition(ligne: Ligne) -> Repartition:
    assert isinstance(ligne.mesure, Repartition)
    return ligne.mesure


def _durees(ligne: Ligne) -> Durees:
    assert isinstance(ligne.mesure, Durees)
    return ligne.mesure


def _ecart(ligne: Ligne) -> Ecart:
    assert isinstance(ligne.mesure, Ecart)
    return ligne.mesure


def _effectif(ligne: Ligne) -> Effectif:
    assert isinstance(ligne.mesure, Effectif)
    return ligne.mesure


def _periode(ligne: Ligne) -> Periode:
    assert isinstance(ligne.mesure, Periode)
    return ligne.mesure
