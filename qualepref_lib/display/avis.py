"""The visible blank: what only a human may say, until the input file holds it."""

from __future__ import annotations

from qualepref_lib.display.blocs import Bloc, BlocAvis
from qualepref_lib.display.montre import Montre


class Avis(Montre):
    """A blank « à compléter par l'auditeur »."""

    def __init__(self, texte: str) -> None:
        self.texte = texte

    def bloc(self) -> Bloc:
        """The blank as the report receives it."""
        return BlocAvis(sorte="a_completer", texte=self.texte)


def a_completer(texte: str) -> Avis:
    """Leave room for what the auditor has to write: ``texte`` says what."""
    return Avis(texte)
