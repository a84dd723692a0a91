"""How what is to come is shown: a rate and its range, a rate beside what acts on it."""

from __future__ import annotations

from collections.abc import Callable

from qualepref_lib.core.bilan import Bilan, Ligne
from qualepref_lib.core.francais import nombre_court
from qualepref_lib.core.mesures import Fourchette, Taux, VisAVis
from qualepref_lib.display.aspects.aspect import Aspect
from qualepref_lib.display.blocs import Cellule, Colonne
from qualepref_lib.display.colonnes import Trait, chiffre, trait_cible
from qualepref_lib.display.lecture import lire_telle
from qualepref_lib.display.phrases.projections import dire_fourchettes, dire_vis_a_vis

TITRES = {
    "coté": "Coté ce jour",
    "rien de plus": "Rien de plus",
    "1er décile simulé": "Simulé, 1er décile",
    "9e décile simulé": "9e décile",
    "échéances tenues": "Échéances tenues",
    "tout fait": "Tout fait",
}
"""The columns of a range, in order; the median is drawn, and left to the register."""


def _traits_fourchette(bilan: Bilan) -> list[Trait]:
    """From the least to the most, then the base, the target, and the chance to reach it."""
    traits = [
        chiffre(titre, bilan, _lire(nom), nom)
        for nom, titre in TITRES.items()
        if any(nom in _fourchette(ligne).cases for ligne in bilan.lignes)
    ]
    traits.append((Colonne(titre="Critères", genre="nombre"), _cellule_base))
    if any(ligne.cible is not None for ligne in bilan.lignes):
        traits.append(trait_cible())
    chances = [c for ligne in bilan.lignes if (c := _fourchette(ligne).chance) is not None]
    if chances:
        titre = f"Chance ({nombre_court(chances[0].observes)} tirages)"
        traits.append(chiffre(titre, bilan, _lire("chance"), "chance"))
    return traits


def _traits_vis_a_vis(bilan: Bilan) -> list[Trait]:
    """The rate with its base, the target, then the count."""
    traits = [chiffre(bilan.entetes_taux[2], bilan, lambda li: str(_vis_a_vis(li).taux), "taux")]
    if any(ligne.cible is not None for ligne in bilan.lignes):
        traits.append(trait_cible())
    titre = bilan.entetes_taux[0]
    traits.append(
        chiffre(titre, bilan, lambda li: nombre_court(_vis_a_vis(li).effectif.n), "nombre")
    )
    return traits


def _lire(nom: str) -> Callable[[Ligne], str]:
    def lire(ligne: Ligne) -> str:
        taux = _fourchette(ligne).cases.get(nom)
        return taux.pourcentage if taux is not None else "–"

    return lire


def _cellule_base(ligne: Ligne) -> Cellule:
    """The criteria rated: how many there are grows as open ones are rated."""
    mesure = _fourchette(ligne)
    bases: list[Taux] = [mesure.cote, mesure.tout]
    bas, haut = (nombre_court(taux.observes) for taux in bases)
    return Cellule(texte=bas if bas == haut else f"{bas} à {haut}")


def _lire_fourchette(bilan: Bilan, ligne: Ligne) -> str:
    """One day of one group, from what is rated today to what everything done would give."""
    cases = _fourchette(ligne).cases
    noms = ", ".join(f"{nom} {taux.pourcentage}" for nom, taux in cases.items())
    return f"« {ligne.groupe} », « {ligne.libelle} » : {noms}."


def _fourchette(ligne: Ligne) -> Fourchette:
    assert isinstance(ligne.mesure, Fourchette)
    return ligne.mesure


def _vis_a_vis(ligne: Ligne) -> VisAVis:
    assert isinstance(ligne.mesure, VisAVis)
    return ligne.mesure


FOURCHETTE = Aspect(
    traits=_traits_fourchette,
    lire=_lire_fourchette,
    dire=dire_fourchettes,
    formes={"trajectoire": lambda ligne: _fourchette(ligne).tout.observes > 0},
)
VIS_A_VIS = Aspect(
    traits=_traits_vis_a_vis,
    lire=lire_telle,
    dire=dire_vis_a_vis,
    formes={"vis_a_vis": lambda ligne: True},
)
