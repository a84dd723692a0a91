"""``echec.html``: why the report could not be made, for whoever opens the folder.

It stands beside the old report, which is intact, and the next report that succeeds takes it away.
"""

from __future__ import annotations

import base64
import hashlib
import os
from collections.abc import Sequence
from pathlib import Path

from jinja2 import FileSystemLoader
from markupsafe import Markup

from qualepref_lib.core.francais import date_longue, pluriel
from qualepref_lib.display.html import environnement
from qualepref_lib.rapport import typographie
from qualepref_lib.rapport.page import feuille_de_style
from qualepref_lib.running.depot import ECHEC, RAPPORT, verrou
from qualepref_lib.running.echeances.execution import Suite
from qualepref_lib.running.echeances.passages import dire_passages
from qualepref_lib.running.journal import REFUSE

_ICI = Path(__file__).parent


def write_page(suite: Suite) -> Path:
    """Write the page beside the report, in one step; raises ``depot.Occupe`` if a run is at it."""
    sortie = suite.etat.sortie
    sortie.parent.mkdir(parents=True, exist_ok=True)
    with verrou(sortie):
        # Built beside the folder: whatever happens, the folder holds the page or does not.
        provisoire = sortie.with_name(f".{sortie.name}.echec-{os.getpid()}")
        try:
            with provisoire.open("wb") as fichier:
                fichier.write(render_page(suite).encode())
                fichier.flush()
                os.fsync(fichier.fileno())
            sortie.mkdir(exist_ok=True)
            provisoire.replace(sortie / ECHEC)
        finally:
            provisoire.unlink(missing_ok=True)
    return sortie / ECHEC


def render_page(suite: Suite) -> str:
    """One self-contained page, in the style of the report."""
    style = feuille_de_style()
    gabarit = environnement().overlay(loader=FileSystemLoader(_ICI)).get_template("echec.html.j2")
    etat = suite.etat
    html = gabarit.render(
        nom=etat.nom,
        mentions=_mentions(suite),
        demonstration=etat.fiche is not None and etat.fiche.demonstration,
        ancien=RAPPORT if (etat.sortie / RAPPORT).exists() else "",
        causes=_causes(suite.cause),
        refuse=suite.resultat == REFUSE,
        reste=pluriel(suite.reste, "essai") if suite.reste else "",
        style=Markup(style),
        condense=base64.b64encode(hashlib.sha256(style.encode()).digest()).decode(),
    )
    return typographie.appliquer(html).strip() + "\n"


def _mentions(suite: Suite) -> list[tuple[str, Sequence[str]]]:
    etat = suite.etat
    mentions: list[tuple[str, Sequence[str]]] = [("Campagne", [etat.libelle])]
    if etat.fiche is not None:
        mentions.append(("Site", [etat.fiche.site.libelle]))
    mentions.append(("Essai du", [f"{date_longue(etat.jour)} (n° {suite.essai.numero} du jour)"]))
    if suite.passages:
        mentions.append(("Passages dus", dire_passages(suite.passages)))
    return mentions


def _causes(cause: str) -> list[str]:
    """The lines of the cause; its first one introduces the others when there are several."""
    return [ligne.strip().removeprefix("• ") for ligne in cause.splitlines() if ligne.strip()]
