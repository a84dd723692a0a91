"""What the site sent: a :class:`Campagne` that was checked, or a complete refusal."""

from qualepref_lib.campagne.bilans import new_bilan
from qualepref_lib.campagne.fiche import Echeance, EditionPubliee, FicheCampagne
from qualepref_lib.campagne.lecture import Campagne, Table, find_campagne, load_campagne, sha256
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
