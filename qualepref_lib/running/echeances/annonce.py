"""Nobody is watching: each end is printed, a failure has its page, people get a message.

Nothing here may hide how a run ended: what cannot be written or sent is told in its turn, and
changes neither the report nor the exit code.
"""

from __future__ import annotations

from collections.abc import Callable, MutableMapping
from typing import Any

from qualepref_lib.core.refus import Refus
from qualepref_lib.running.echeances.execution import EPUISE, Suite
from qualepref_lib.running.echeances.messages import Reglages, load_reglages, send
from qualepref_lib.running.echeances.texte import texte_suite
from qualepref_lib.running.journal import ECHEC, FAIT, REFUSE, append_journal

NON_ENVOYE = "message non envoyé"
"""What the journal says of a message that did not leave."""


class Annonce:
    """Tells each end; settings come from the environment, and the password leaves it at once."""

    def __init__(self, environ: MutableMapping[str, str], echo: Callable[..., Any]) -> None:
        self.echo = echo
        self.reglages = Reglages()
        try:
            self.reglages = load_reglages(environ)
        except Refus as refus:
            echo(f"Aucun message ne sera envoyé. {refus}", err=True)

    def dire(self, suite: Suite) -> None:
        """Print, write the page of a failure, send the message."""
        for ligne in texte_suite(suite):
            self.echo(ligne, err=suite.resultat != FAIT)
        if suite.resultat in (REFUSE, ECHEC):
            self._ecrire_page(suite)
        if suite.resultat != EPUISE:
            for faute in send(self.reglages, suite):
                self._dire_non_envoye(suite, faute)

    def _ecrire_page(self, suite: Suite) -> None:
        from qualepref_lib.running.echeances.page_echec import write_page

        try:
            page = write_page(suite)
        except (OSError, Refus) as erreur:
            self.echo(f"  la page d’échec n’a pas pu être écrite : {erreur}", err=True)
            return
        self.echo(f"  page : {page}", err=True)

    def _dire_non_envoye(self, suite: Suite, faute: str) -> None:
        self.echo(f"  {NON_ENVOYE} : {faute}", err=True)
        try:
            append_journal(
                suite.etat.sortie.parent, campagne=suite.etat.nom,
                jour=suite.etat.jour.isoformat(), resultat=NON_ENVOYE, cause=faute,
            )  # fmt: skip
        except OSError as erreur:
            self.echo(f"  le journal n’a pas pu être écrit : {erreur.strerror}", err=True)
