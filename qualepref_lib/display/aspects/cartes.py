"""What limits change in the aspect of a bilan: control charts, and funnels of sites."""

from __future__ import annotations

from dataclasses import replace

from qualepref_lib.core.bilan import Ligne
from qualepref_lib.core.francais import nombre, pourcentage
from qualepref_lib.core.mesures import Taux
from qualepref_lib.display.aspects.aspect import Aspect
from qualepref_lib.display.blocs import Cellule, Colonne
from qualepref_lib.display.colonnes import Trait
from qualepref_lib.display.lecture import bornes_carte
from qualepref_lib.display.phrases.cartes import dire_carte, resumer_carte
from qualepref_lib.display.phrases.entonnoirs import dire_sites

SIGNAL = (
    " Un point signalé sort de la variation ordinaire : il appelle une explication, il ne dit pas"
    " à lui seul si le service est devenu meilleur ou moins bon."
)
"""How a control chart is read: a signal asks for a cause, it is no verdict."""

ENTONNOIR = (
    " Un site au-delà des limites appelle une question : public, saison, façon de compter. La place"
    " d’un site parmi les autres n’est pas un classement."
)
"""How a funnel is read: distance from the common rate, given the base, and nothing else."""


def en_carte(aspect: Aspect) -> Aspect:
    """A measure as a control chart: a series with its central line, its limits and its signals."""
    return replace(
        aspect,
        suite=lambda: [(Colonne(titre="Ligne centrale", genre="nombre"), _centre), _LIMITES],
        etat="Signal",
        rappel=SIGNAL,
        dire=dire_carte,
        resumer=resumer_carte,
        formes={"serie": aspect.formes["serie"], **aspect.formes},
        noms={"serie": "Carte de contrôle"},
    )


def en_entonnoir(aspect: Aspect) -> Aspect:
    """A rate as a funnel: sites about their common rate, which no short form could compare."""
    return replace(
        aspect,
        suite=lambda: [_LIMITES],
        rappel=ENTONNOIR,
        dire=dire_sites,
        resumer=lambda bilan: "",
        formes={"entonnoir": lambda ligne: ligne.limites is not None, **aspect.formes},
    )


def _centre(ligne: Ligne) -> Cellule:
    if ligne.reference is None:
        return Cellule(texte="–")
    if isinstance(ligne.mesure, Taux):
        return Cellule(texte=pourcentage(ligne.reference, 1))
    return Cellule(texte=nombre(ligne.reference, 1))


def _limites(ligne: Ligne) -> Cellule:
    """The limits of a line, in the unit of its measure."""
    bornes = bornes_carte(ligne)
    if bornes is None:
        return Cellule(texte="–")
    echelle, unite = (100, " %") if isinstance(ligne.mesure, Taux) else (1, "")
    bas, haut = (nombre(echelle * borne, 1) for borne in bornes)
    return Cellule(texte=f"[{bas} ; {haut}]{unite}")


_LIMITES: Trait = (Colonne(titre="Limites", genre="nombre"), _limites)
