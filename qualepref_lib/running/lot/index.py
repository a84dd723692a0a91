"""The page that lists every site of a batch: its state, its time, its failure, its report."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from qualepref_lib.core.francais import nombre_court, pluriel
from qualepref_lib.rapport import typographie
from qualepref_lib.rapport.style import feuille_de_style
from qualepref_lib.running.depot import RAPPORT
from qualepref_lib.running.lot.etats import A_FAIRE, ECHEC, FAIT, INCHANGE, REFUSE, EtatSite, Lot

SIGNES = {"neutre": "○", "bien": "✔", "ecart": "✖"}
STATUTS = {A_FAIRE: "neutre", FAIT: "bien", INCHANGE: "bien", REFUSE: "ecart", ECHEC: "ecart"}
MOTS = {A_FAIRE: "à faire", FAIT: "fait", INCHANGE: "inchangé", REFUSE: "refusé", ECHEC: "en échec"}
LIGNES_DE_CAUSE = 24
_ICI = Path(__file__).parent


def render_index(lot: Lot, sortie: Path) -> str:
    """The page, self-contained, in the style of the reports."""
    style = feuille_de_style()
    html = (
        _modeles()
        .get_template("index.html.j2")
        .render(
            resume=resume(lot),
            fini=A_FAIRE not in lot.compter(),
            parametres=[(nom, str(valeur)) for nom, valeur in sorted(lot.parametres.items())],
            lignes=[_ligne(site, sortie) for site in lot.sites.values()],
            SIGNES=SIGNES,
            style=Markup(style),
            condense=base64.b64encode(hashlib.sha256(style.encode()).digest()).decode(),
        )
    )
    return typographie.appliquer(html).strip() + "\n"


def _modeles() -> Environment:
    """Its own: a batch in which nothing changed does not wait for what draws reports."""
    return Environment(
        loader=FileSystemLoader(_ICI),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )


def resume(lot: Lot) -> str:
    """« 120 sites : 118 faits, 2 refusés. »"""
    noms = {FAIT: "fait", INCHANGE: "inchangé", REFUSE: "refusé"}
    comptes = []
    for etat, n in lot.compter().items():
        comptes.append(pluriel(n, noms[etat]) if etat in noms else f"{n} {MOTS[etat]}")
    return f"{pluriel(len(lot.sites), 'site')} : {', '.join(comptes)}."


def duree(secondes: float) -> str:
    """« 1,3 s »; nothing when nothing was done."""
    return f"{nombre_court(round(secondes, 1))} s" if secondes >= 0.05 else ""


def _ligne(site: EtatSite, sortie: Path) -> dict[str, object]:
    """A row; an older report stays linked when the new one failed, and the page says so."""
    la = (sortie / site.nom / RAPPORT).is_file()
    return {
        "nom": site.nom,
        "lien": quote(f"{site.nom}/{RAPPORT}") if la else "",
        "ancien": la and site.etat not in (FAIT, INCHANGE),
        "statut": STATUTS[site.etat],
        "etat": MOTS[site.etat],
        "duree": duree(site.duree_s),
        "cause": _abreger([li.strip() for li in site.cause.splitlines() if li.strip()]),
    }


def _abreger(lignes: list[str]) -> list[str]:
    """The page stays a page: a long refusal is told whole by the command that checks one site."""
    if len(lignes) <= LIGNES_DE_CAUSE:
        return lignes
    suite = f"… et {pluriel(len(lignes) - LIGNES_DE_CAUSE, 'ligne')} : qualepref verifier."
    return [*lignes[:LIGNES_DE_CAUSE], suite]
