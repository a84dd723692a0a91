"""A Bilan in one or two sentences, each number linked to its entry in the register.

The grammar depends on the plan: a census states, a sample keeps its base, volunteers are « les
répondants », and a difference with an edition of unknown base is conditional. Nothing here says
« significatif » or « tous les usagers ».
"""

from __future__ import annotations

from qualepref_lib.core.bilan import Bilan, Liste, Renvoi
from qualepref_lib.display.aspects.table import aspect_de
from qualepref_lib.display.blocs import Bloc, BlocPhrase, BlocRien
from qualepref_lib.display.montre import Montre
from qualepref_lib.display.phrases.morceaux import Morceaux, dire
from qualepref_lib.display.tableau import avis_manque, chiffres


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
        morceaux = aspect_de(self.bilan).dire(self.bilan)
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


def resume(bilan: Bilan) -> str:
    """The shortest message of a bilan; empty where nothing can be said in a few words."""
    return aspect_de(bilan).resumer(bilan)
