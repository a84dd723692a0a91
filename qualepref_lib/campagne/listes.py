"""The two shapes of a register: a list of its rows, and the counts of its states."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from qualepref_lib.campagne.bilans import new_bilan
from qualepref_lib.campagne.modele import Campagne
from qualepref_lib.campagne.sources import SOURCES
from qualepref_lib.core.bilan import Bilan, Ligne, Liste
from qualepref_lib.core.mesures import Effectif
from qualepref_lib.core.refus import sans_accent


def new_liste(campagne: Campagne, source: str, **contenu: Any) -> Liste:
    """A :class:`Liste` of ``source`` with its scope, its file, and what is missing.

    ``contenu`` gives the rest (code, titre, colonnes, lignes, …) and may override those.
    """
    declaration = campagne.fiche.sources.get(source)
    cadre: dict[str, Any] = {
        "champ": declaration.champ if declaration else SOURCES[source].champ,
        "source": campagne.source(source),
        "manque": campagne.manque(source),
    }
    chiffres = tuple(contenu.get("chiffres", ()))
    return Liste(**(cadre | contenu | {"lignes": tuple(contenu["lignes"]), "chiffres": chiffres}))


def new_comptes(
    campagne: Campagne,
    source: str,
    etats: Mapping[str, Iterable[int]],
    noms: tuple[str, str],
    **contenu: Any,
) -> Bilan:
    """How many rows of ``source`` there are, then how many are in each state.

    ``etats`` gives the rows of each state; ``noms`` is what a row is called, one and several.
    """
    rangs = {etat: tuple(lignes) for etat, lignes in etats.items()}
    tous = tuple(ligne for lignes in rangs.values() for ligne in lignes)
    lignes = [Ligne("total", "Total", Effectif(len(tous), *noms), tous)] + [
        Ligne(code_etat(etat), etat, Effectif(len(r), *noms), r) for etat, r in rangs.items()
    ]
    absente = source not in campagne.tables
    cadre: dict[str, Any] = {
        "unite": noms[0],
        "entete": "État",
        "formule": "nombre de lignes du fichier dans cet état à la date de référence",
    }
    return new_bilan(campagne, source, **(cadre | contenu), lignes=() if absente else lignes)


def code_etat(etat: str) -> str:
    """The code of a state, made of its words.

    >>> code_etat("fichier modifié")
    'fichier_modifie'
    """
    return sans_accent(etat).replace(" ", "_")
