"""What every display object shares: the MIME bundle, made from one block."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

from qualepref_lib.core.francais import typographie
from qualepref_lib.display.blocs import (
    BLANC,
    MIME,
    Bloc,
    BlocAvis,
    BlocFiches,
    BlocGraphique,
    BlocPhrase,
    BlocTableau,
    FeuilleBloc,
)


class Montre(ABC):
    """Something a notebook cell ends with: it shows in JupyterLab and travels to the report."""

    @abstractmethod
    def bloc(self) -> Bloc:
        """The block that the report draws."""

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        from qualepref_lib.display.html import render_bloc

        bloc = self.bloc()
        paquet: dict[str, Any] = {
            MIME.format(genre=bloc.genre): bloc.model_dump(),
            "text/plain": texte_brut(bloc),
        }
        if bloc.genre != "rien":
            paquet["text/html"] = str(render_bloc(bloc))
        if isinstance(bloc, BlocGraphique):
            paquet["image/svg+xml"] = bloc.svg
        return paquet

    def __repr__(self) -> str:
        return texte_brut(self.bloc())


def texte_brut(bloc: Bloc) -> str:
    """The block as plain text, for terminals and logs."""
    if isinstance(bloc, BlocTableau):
        lignes = [[c.titre for c in bloc.grille.colonnes]]
        lignes += [[cellule.texte for cellule in ligne] for ligne in bloc.grille.lignes]
        return typographie("\n".join([bloc.titre, *(" | ".join(ligne) for ligne in lignes)]))
    if isinstance(bloc, BlocFiches):
        return typographie("\n\n".join([bloc.titre, *map(_texte_fiche, bloc.fiches)]))
    if isinstance(bloc, BlocGraphique):
        return typographie(f"{bloc.titre} — {bloc.alt}")
    if isinstance(bloc, BlocPhrase):
        return typographie("".join(morceau.texte for morceau in bloc.morceaux))
    return typographie(bloc.texte) if isinstance(bloc, BlocAvis) else ""


def _texte_fiche(fiche: FeuilleBloc) -> str:
    rubriques = (
        f"  {r.nom} : {' | '.join(c.texte for c in r.contenus) or BLANC}" for r in fiche.rubriques
    )
    return "\n".join([fiche.titre, *rubriques])
