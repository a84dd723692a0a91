"""`qualepref registre retards`: what to answer today, as text, as CSV, as a page."""

from __future__ import annotations

import base64
import csv
import datetime as dt
import hashlib
import io
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from jinja2 import FileSystemLoader
from markupsafe import Markup

from qualepref_lib.core.bilan import Liste, Renvoi
from qualepref_lib.core.francais import date_longue, pluriel, typographie
from qualepref_lib.core.refus import Probleme, Refus
from qualepref_lib.display.html import LIGNES_AFFICHEES, environnement, render_bloc
from qualepref_lib.display.tableau import Tableau
from qualepref_lib.rapport import typographie as page_francaise
from qualepref_lib.rapport.page import feuille_de_style

SITUATION = "Situation"
"""The column that says why a letter is in the list."""
RIEN = "Rien en retard, rien à répondre bientôt, aucun accusé de réception à envoyer."
_ICI = Path(__file__).parent


def check_presente(liste: Liste) -> None:
    """Raise the :class:`Refus` of a campaign without a register: no list is not an empty list."""
    if liste.manque:
        remede = "y mettre le registre, ou en faire un avec « qualepref registre nouveau »."
        raise Refus(Probleme("campagne", f"il manque {liste.manque}.", remede=remede))


def texte_retards(liste: Liste) -> str:
    """The list in aligned columns, under the day and what it holds."""
    titre = typographie(liste.titre)
    if not liste.lignes:
        return f"{titre}\n{RIEN}\n"
    rangs = [list(liste.colonnes), *_textes(liste)]
    largeurs = [max(len(rang[i]) for rang in rangs) for i in range(len(liste.colonnes))]
    droite = [all(_est_nombre(rang[i]) for rang in rangs[1:]) for i in range(len(largeurs))]
    lignes = [_aligner(rang, largeurs, droite) for rang in rangs]
    trait = "  ".join("─" * largeur for largeur in largeurs)
    return "\n".join([titre, _compter(liste), "", lignes[0], trait, *lignes[1:]]) + "\n"


def csv_retards(liste: Liste) -> str:
    """The list as the text of a CSV, for a spreadsheet or another program."""
    tampon = io.StringIO()
    csv.writer(tampon, delimiter=";", lineterminator="\n").writerows(
        [liste.colonnes, *_textes(liste)]
    )
    return tampon.getvalue()


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
        demonstration=demonstration,
        resume=_compter(liste) if liste.lignes else RIEN,
        parties=[
            (nom, [render_bloc(Tableau(p).bloc()) for p in lots]) for nom, lots in _parties(liste)
        ],
        style=Markup(style),
        condense=base64.b64encode(hashlib.sha256(style.encode()).digest()).decode(),
    )
    return page_francaise.appliquer(html).strip() + "\n"


def _parties(liste: Liste) -> Iterable[tuple[str, list[Liste]]]:
    """The rows of each situation, in the order of the list, in tables that can be read."""
    situations = _situations(liste)
    for situation in dict.fromkeys(situations):
        lignes = [li for li, s in zip(liste.lignes, situations, strict=True) if s == situation]
        lots = [lignes[i : i + LIGNES_AFFICHEES] for i in range(0, len(lignes), LIGNES_AFFICHEES)]
        nom = situation[:1].upper() + situation[1:]
        suites = [""] + [f" (suite {rang})" for rang in range(1, len(lots))]
        yield (
            nom,
            [
                replace(liste, titre=f"{nom}{suite} : {_envois(lot)}", lignes=tuple(lot))
                for suite, lot in zip(suites, lots, strict=True)
            ],
        )


def _envois(lignes: Sequence[object]) -> str:
    return pluriel(len(lignes), "envoi")


def _compter(liste: Liste) -> str:
    """How many rows there are in each situation."""
    situations = _situations(liste)
    comptes = [f"{nom} : {situations.count(nom)}" for nom in dict.fromkeys(situations)]
    return typographie(f"{_envois(situations)} — {' ; '.join(comptes)}.")


def _situations(liste: Liste) -> list[str]:
    """The situation of each row."""
    rang = liste.colonnes.index(SITUATION)
    return [_texte(ligne[rang]) for ligne in liste.lignes]


def _textes(liste: Liste) -> list[list[str]]:
    return [[_texte(contenu) for contenu in ligne] for ligne in liste.lignes]


def _texte(contenu: str | Renvoi) -> str:
    """A cell as plain text, on one line."""
    texte = contenu.texte if isinstance(contenu, Renvoi) else contenu
    return " ".join(texte.split())


def _est_nombre(texte: str) -> bool:
    return not texte or texte.lstrip("-−").replace(",", "").isdigit()


def _aligner(rang: list[str], largeurs: list[int], droite: list[bool]) -> str:
    cellules = (
        texte.rjust(largeur) if a_droite else texte.ljust(largeur)
        for texte, largeur, a_droite in zip(rang, largeurs, droite, strict=True)
    )
    return "  ".join(cellules).rstrip()
