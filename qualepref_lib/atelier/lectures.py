"""What a chapter reads of its campaign, noted while it runs.

A run that changes one file has only its chapters to run again, if one knows which they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from qualepref_lib.campagne import Campagne, Table

TOUT = "*"
"""Read: the folder itself, or the list of all that it holds."""
_LUS: set[str] = set()


def lus() -> list[str]:
    """The codes of the sources read since the campaign was loaded, or :data:`TOUT`."""
    return sorted(_LUS)


def forget_lus() -> None:
    """Start again: what is read from now on is the chapter's."""
    _LUS.clear()


def follow(campagne: Campagne) -> Campagne:
    """The same campaign, which notes what is read of it."""
    champs = {nom: getattr(campagne, nom) for nom in campagne.__dataclass_fields__}
    return CampagneSuivie(**champs | {"tables": _Tables(campagne.tables)})


class CampagneSuivie(Campagne):
    """A campaign that notes when something that depends on every file is looked at."""

    def __getattribute__(self, nom: str) -> Any:
        if nom in ("fichiers", "remarques", "dossier"):
            _LUS.add(TOUT)
        return super().__getattribute__(nom)


class _Tables(Mapping[str, Table]):
    """Tables that note which were asked for, absent ones included."""

    def __init__(self, tables: Mapping[str, Table]) -> None:
        self._tables = tables

    def __getitem__(self, code: str) -> Table:
        _LUS.add(code)
        return self._tables[code]

    def __contains__(self, code: object) -> bool:
        _LUS.add(str(code))
        return code in self._tables

    def __iter__(self) -> Iterator[str]:
        _LUS.add(TOUT)
        return iter(self._tables)

    def __len__(self) -> int:
        _LUS.add(TOUT)
        return len(self._tables)
