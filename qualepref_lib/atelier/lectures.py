"""What a chapter reads of its campaign, noted while it runs.

A run that changes one file has only its chapters to run again, if one knows which they are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from qualepref_lib.campagne import Campagne, Table
from qualepref_lib.campagne.cloture import CLOTURE
from qualepref_lib.core.bilan import Source

TOUT = "*"
"""Read: the folder itself, or the list of all that it holds."""
AVANT = "precedente"
"""Read: the edition before."""
FICHIER = "./"
"""Before the name of a file of the folder that is no table."""
PRESENCE = "?"
"""After the code of a source: only whether it is there was asked."""
_LUS: set[str] = set()


def lus() -> list[str]:
    """What was read since the campaign was loaded: sources by their codes, and the codes above."""
    return sorted(_LUS)


def forget_lus() -> None:
    """Start again: what is read from now on is the chapter's."""
    _LUS.clear()


def follow(campagne: Campagne) -> Campagne:
    """The same campaign, which notes what is read of it."""
    champs = {nom: getattr(campagne, nom) for nom in campagne.__dataclass_fields__}
    return CampagneSuivie(**champs | {"tables": _Tables(campagne.tables)})


class CampagneSuivie(Campagne):
    """A campaign that notes what else than tables is looked at.

    Its own methods look at the folder to find one thing in it: only that thing is noted.
    """

    def __getattribute__(self, nom: str) -> Any:
        if nom in ("fichiers", "remarques", "dossier"):
            _LUS.add(TOUT)
        if nom == "cloture":
            _LUS.add(FICHIER + CLOTURE)
        if nom == AVANT:
            return _noter_seul(AVANT, super().__getattribute__, nom)
        return super().__getattribute__(nom)

    @property
    def source_fiche(self) -> Source:
        """``campagne.yaml``, on which every chapter depends anyway."""
        source: Source = _noter_seul("", lambda: super(CampagneSuivie, self).source_fiche)
        return source

    def chemin(self, nom: str) -> Path:
        """The path of one file, noted."""
        chemin: Path = _noter_seul(FICHIER + nom, super().chemin, nom)
        return chemin

    def fichier(self, nom: str, libelle: str) -> Source:
        """One file as a source, noted."""
        source: Source = _noter_seul(FICHIER + nom, super().fichier, nom, libelle)
        return source


def _noter_seul(code: str, lire: Callable[..., Any], *donnes: str) -> Any:
    """Read by ``lire``, and note ``code`` instead of all that it looked at on its way."""
    avant = set(_LUS)
    try:
        return lire(*donnes)
    finally:
        _LUS.intersection_update(avant)
        _LUS.update({code} - {""})


class _Tables(Mapping[str, Table]):
    """Tables that note which were asked for, absent ones included."""

    def __init__(self, tables: Mapping[str, Table]) -> None:
        self._tables = tables

    def __getitem__(self, code: str) -> Table:
        _LUS.add(code)
        return self._tables[code]

    def __contains__(self, code: object) -> bool:
        _LUS.add(f"{code}{PRESENCE}")
        return code in self._tables

    def __iter__(self) -> Iterator[str]:
        _LUS.add(TOUT)
        return iter(self._tables)

    def __len__(self) -> int:
        _LUS.add(TOUT)
        return len(self._tables)
