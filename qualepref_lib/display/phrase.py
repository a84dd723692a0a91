"""A Bilan in one or two sentences, each number linked to its entry in the register.

The grammar depends on the plan: a census states, a sample keeps its base, volunteers are « les
répondants », and a difference with an edition of unknown base is conditional. Nothing here says
« significatif » or « tous les usagers ».
"""

from __future__ import annotations

from collections.abc import Callable

from qualepref_lib.core.bilan import Bilan, Liste, Renvoi
from qualepref_lib.core.mesures import (
    Durees,
    Ecart,
    Effectif,
    Fourchette,
    Periode,
    Priorite,
    Score,
    Taux,
    TriCroise,
    VisAVis,
)
from qualepref_lib.display.blocs import Bloc, BlocPhrase, BlocRien
from qualepref_lib.display.lecture import est_carte, est_entonnoir
from qualepref_lib.display.montre import Montre
from qualepref_lib.display.phrases.actions import dire_periodes
from qualepref_lib.display.phrases.cartes import dire_carte
from qualepref_lib.display.phrases.croisements import dire_croisement
from qualepref_lib.display.phrases.durees import dire_durees
from qualepref_lib.display.phrases.ecarts import dire_ecart
from qualepref_lib.display.phrases.effectifs import dire_effectifs
from qualepref_lib.display.phrases.entonnoirs import dire_sites
from qualepref_lib.display.phrases.indicateurs import dire_indicateurs, est_indicateurs
from qualepref_lib.display.phrases.morceaux import Morceaux, dire
from qualepref_lib.display.phrases.projections import dire_fourchettes, dire_vis_a_vis
from qualepref_lib.display.phrases.resumes import resume
from qualepref_lib.display.phrases.scores import dire_priorites, dire_scores
from qualepref_lib.display.phrases.taux import dire_taux
from qualepref_lib.display.tableau import avis_manque, chiffres

__all__ = ["Phrase", "phrase", "resume", "texte_phrase"]

_NOMS: dict[type, Callable[[Bilan], Morceaux]] = {
    Taux: dire_taux,
    Ecart: dire_ecart,
    Effectif: dire_effectifs,
    Durees: dire_durees,
    TriCroise: dire_croisement,
    Periode: dire_periodes,
    Fourchette: dire_fourchettes,
    VisAVis: dire_vis_a_vis,
    Score: dire_scores,
    Priorite: dire_priorites,
}
"""Which sentence says each measure; a spread of answers is left to its table and chart."""


class Phrase(Montre):
    """The sentence of a bilan, or what is missing to say it."""

    def __init__(self, bilan: Bilan | Liste) -> None:
        self.bilan = bilan

    def bloc(self) -> Bloc:
        """The sentence as the report receives it."""
        if self.bilan.manque:
            return avis_manque(self.bilan)
        if not self.bilan.lignes:
            return BlocRien()
        if isinstance(self.bilan, Liste):
            return BlocPhrase(morceaux=tuple(_nommer(self.bilan)))
        morceaux = _dire(self.bilan)
        if not morceaux:
            return BlocRien()
        cites = {morceau.chiffre for morceau in morceaux}
        fiches = tuple(c for c in chiffres(self.bilan) if c.code in cites)
        return BlocPhrase(morceaux=tuple(morceaux), chiffres=fiches)


def phrase(bilan: Bilan | Liste) -> Phrase:
    """Say what a bilan found, or name the lines of a list."""
    return Phrase(bilan)


def _nommer(liste: Liste) -> Morceaux:
    """The lines of a list by their names: its table says the rest."""
    noms = [ligne[0].texte if isinstance(ligne[0], Renvoi) else ligne[0] for ligne in liste.lignes]
    return [dire(f"{liste.titre} : " + " ; ".join(f"« {nom} »" for nom in noms) + ".")]


def texte_phrase(bilan: Bilan) -> str:
    """The sentence as plain text, for alternative texts."""
    bloc = Phrase(bilan).bloc()
    return "".join(m.texte for m in bloc.morceaux) if isinstance(bloc, BlocPhrase) else ""


def _dire(bilan: Bilan) -> Morceaux:
    if est_carte(bilan):
        return dire_carte(bilan)
    if est_entonnoir(bilan):
        return dire_sites(bilan)
    if est_indicateurs(bilan):
        return dire_indicateurs(bilan)
    # A share that is weighted, or masked, is said as a share.
    genres = type(bilan.lignes[0].mesure).__mro__
    return next((_NOMS[genre](bilan) for genre in genres if genre in _NOMS), [])
