"""A Liasse as sheets: one under the other, each with a heading, its items and its blanks."""

from __future__ import annotations

from qualepref_lib.core.feuilles import Feuille, Liasse
from qualepref_lib.display.blocs import (
    Bloc,
    BlocAvis,
    BlocFiches,
    ChiffreBloc,
    FeuilleBloc,
    RubriqueBloc,
)
from qualepref_lib.display.montre import Montre
from qualepref_lib.display.notices import notice_liste
from qualepref_lib.display.tableau import avis_manque, cellule


class Fiches(Montre):
    """The sheets of a bundle; in a notebook, what a cell ends with."""

    def __init__(self, contenu: Liasse) -> None:
        self.contenu = contenu

    def bloc(self) -> Bloc:
        """The sheets as the report receives them, or why there is none."""
        liasse = self.contenu
        if liasse.manque:
            return avis_manque(liasse)
        if liasse.a_completer:
            return BlocAvis(sorte="a_completer", texte=liasse.a_completer)
        if not liasse.feuilles:
            return BlocAvis(sorte="rien_a_signaler", texte=f"{liasse.titre} : aucun.")
        return BlocFiches(
            titre=liasse.titre,
            fiches=tuple(_feuille(feuille) for feuille in liasse.feuilles),
            notice=notice_liste(liasse),
            chiffres=tuple(ChiffreBloc.de(chiffre) for chiffre in liasse.chiffres),
        )


def _feuille(feuille: Feuille) -> FeuilleBloc:
    return FeuilleBloc(
        titre=feuille.titre,
        rubriques=tuple(
            RubriqueBloc(nom=r.nom, contenus=tuple(cellule(texte) for texte in r.contenus))
            for r in feuille.rubriques
        ),
    )
