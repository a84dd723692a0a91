"""Which sign separates the cells of a text: the one that cuts its header and its rows alike.

A question may hold commas and semicolons of its own, between quotes or not; counting signs in the
header would then choose the wrong one, and every row after it would be refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

SEPARATEURS = ";\t,|"
LIGNES_VUES = 40
DEBUT_VU = 100_000
"""Characters that are looked at: enough for a header of two hundred questions."""

_ENTRE_GUILLEMETS = re.compile(r'"[^"]*"')


def separateur(entete: str, suite: Sequence[str] = ()) -> str:
    """The separator of a header, given the rows that follow; ``;`` when none cuts it.

    >>> separateur("critere;cotation;motif"), separateur("critere,cotation"), separateur("a")
    (';', ',', ';')
    >>> separateur('id;"Oui, non, peut-être"'), separateur("id;Oui, non, peut-être", ["1;a"])
    (';', ';')
    """
    return max(SEPARATEURS, key=lambda s: (*_accord(s, entete, suite), -SEPARATEURS.index(s)))


def find_separateur(texte: str) -> str:
    """The separator of a whole text."""
    rangees = list(_rangees(texte))
    return separateur(rangees[0], rangees[1:]) if rangees else SEPARATEURS[0]


def first_ligne(texte: str) -> str:
    """The first line of a text that holds anything."""
    return next((ligne for ligne in texte[:DEBUT_VU].splitlines() if ligne.strip()), "")


def _accord(signe: str, entete: str, suite: Sequence[str]) -> tuple[float, int]:
    """The share of the rows that ``signe`` cuts as it cuts the header, and into how many."""
    attendu = _compte(signe, entete)
    if not attendu:
        return 0.0, 0
    justes = sum(_compte(signe, rangee) == attendu for rangee in suite)
    return (justes / len(suite) if suite else 1.0), attendu


def _compte(signe: str, rangee: str) -> int:
    return _ENTRE_GUILLEMETS.sub("", rangee).count(signe)


def _rangees(texte: str) -> Iterator[str]:
    """The first rows that hold anything: a quoted text may run over several lines."""
    rangee, vues = "", 0
    for ligne in texte[:DEBUT_VU].splitlines():
        rangee = f"{rangee} {ligne}" if rangee else ligne
        if rangee.count('"') % 2 or not rangee.strip():
            continue
        yield rangee
        rangee, vues = "", vues + 1
        if vues > LIGNES_VUES:
            return
    if rangee.strip():
        yield rangee
