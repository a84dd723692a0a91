"""What the site sent: a :class:`Campagne` that was checked, or a complete refusal.

The names are found when they are asked for: whoever only looks for a campaign's folder does not
wait for pandas.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from qualepref_lib.campagne.bilans import new_bilan
    from qualepref_lib.campagne.calendrier import Echeance
    from qualepref_lib.campagne.dossiers import find_campagne
    from qualepref_lib.campagne.fiche import EditionPubliee, FicheCampagne
    from qualepref_lib.campagne.lecture import load_campagne, sha256
    from qualepref_lib.campagne.modele import Campagne, Table
    from qualepref_lib.campagne.sources import SOURCES

__all__ = [
    "SOURCES",
    "Campagne",
    "Echeance",
    "EditionPubliee",
    "FicheCampagne",
    "Table",
    "find_campagne",
    "load_campagne",
    "new_bilan",
    "sha256",
]

_OU = {
    "SOURCES": "sources",
    "Campagne": "modele",
    "Echeance": "calendrier",
    "EditionPubliee": "fiche",
    "FicheCampagne": "fiche",
    "Table": "modele",
    "find_campagne": "dossiers",
    "load_campagne": "lecture",
    "new_bilan": "bilans",
    "sha256": "lecture",
}


def __getattr__(nom: str) -> Any:
    if nom in _OU:
        return getattr(import_module(f"{__name__}.{_OU[nom]}"), nom)
    raise AttributeError(f"module {__name__!r} has no attribute {nom!r}")
