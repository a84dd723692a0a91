"""The list of the day as a page: what to put on a shared folder each morning.

Apart from :mod:`~qualepref_lib.running.registre.retards`, for the style of the report is slow to
import, and a terminal has no use for it.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from jinja2 import FileSystemLoader
from markupsafe import Markup

from qualepref_lib.core.bilan import Liste
from qualepref_lib.core.francais import date_longue, typographie
from qualepref_lib.display.html import LIGNES_AFFICHEES, environnement, render_bloc
from qualepref_lib.display.tableau import Tableau
from qualepref_lib.rapport import typographie as page_francaise
from qualepref_lib.rapport.page import feuille_de_style
from qualepref_lib.running.registre.retards import (
    RIEN,
    situations_de,
    text_comptes,
    text_envois,
    text_registre,
)

_ICI = Path(__file__).parent


def render_retards(liste: Liste, jour: dt.date, site: str, demonstration: bool) -> str:
    """One self-contained page, in the style of the report; a table for each situation."""
    style = feuille_de_style()
    gabarit = environnement().overlay(loader=FileSystemLoader(_ICI)).get_template(
        "retards.html.j2"
    )  # fmt: skip
    html = gabarit.render(
        titre=typographie(liste.titre),
        site=site,
        jour=date_longue(jour),
        registre=text_registre(liste),
        demonstration=demonstration,
        resume=text_comptes(liste) if liste.lignes else RIEN,
        parties=[
            (nom, [render_bloc(Tableau(p).bloc()) for p in lots]) for nom, lots in _parties(liste)
        ],
        style=Markup(style),
        condense=base64.b64encode(hashlib.sha256(style.encode()).digest()).decode(),
    )
    return page_francaise.appliquer(html).strip() + "\n"


def _parties(liste: Liste) -> Iterable[tuple[str, list[Liste]]]:
    """The rows of each situation, in the order of the list, in tables that can be read."""
    situations = situations_de(liste)
    for situation in dict.fromkeys(situations):
        lignes = [li for li, s in zip(liste.lignes, situations, strict=True) if s == situation]
        lots = [lignes[i : i + LIGNES_AFFICHEES] for i in range(0, len(lignes), LIGNES_AFFICHEES)]
        nom = situation[:1].upper() + situation[1:]
        suites = [""] + [f" (suite {rang})" for rang in range(1, len(lots))]
        yield (
            nom,
            [
                replace(liste, titre=f"{nom}{suite} : {text_envois(lot)}", lignes=tuple(lot))
                for suite, lot in zip(suites, lots, strict=True)
            ],
        )
