"""Screenshots of a page for a person to look at: ``python captures.py FILE OUTDIR``.

Light at 1200 px cut in pieces, the top in dark mode and at 320 px, and the printed pages as PDF.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from playwright.sync_api import Browser, Page

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import portes

HAUTEUR = 2400


def hauteurs(total: int, nombre: int | None = None) -> list[tuple[int, int]]:
    """The top and height of each piece of a page, the first ``nombre`` or all.

    >>> hauteurs(5000), hauteurs(5000, 1)
    ([(0, 2400), (2400, 2400), (4800, 200)], [(0, 2400)])
    """
    hauts = range(0, max(total, 1), HAUTEUR)[:nombre]
    return [(haut, min(HAUTEUR, total - haut)) for haut in hauts]


def write_morceaux(page: Page, dossier: Path, nom: str, nombre: int | None) -> list[Path]:
    """Saves the page from top to bottom as ``nom_01.png``, ``nom_02.png``…"""
    largeur: int = page.evaluate("document.documentElement.scrollWidth")
    total: int = page.evaluate("document.documentElement.scrollHeight")
    chemins = []
    for rang, (haut, hauteur) in enumerate(hauteurs(total, nombre), start=1):
        chemins.append(dossier / f"{nom}_{rang:02}.png")
        zone = {"x": 0, "y": haut, "width": largeur, "height": hauteur}
        page.screenshot(path=chemins[-1], full_page=True, clip=zone)  # type: ignore[arg-type]
    return chemins


def write_captures(navigateur: Browser, fichier: Path, dossier: Path) -> list[Path]:
    """Saves every view of the page and answers with their paths."""
    dossier.mkdir(parents=True, exist_ok=True)
    chemins = []
    for nom, mode, nombre in (
        ("clair", "clair", None),
        ("sombre", "sombre", 1),
        ("320", "320 px", 2),
    ):
        with portes.open_page(navigateur, fichier, portes.MODES[mode]) as (page, _, _):
            chemins += write_morceaux(page, dossier, nom, nombre)
    with portes.open_page(navigateur, fichier, portes.MODES["imprimé"]) as (page, _, _):
        page.pdf(path=dossier / "papier.pdf", prefer_css_page_size=True, format="A4")
    return [*chemins, dossier / "papier.pdf"]


def main() -> None:
    """The command line."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("fichier", type=Path)
    options.add_argument("dossier", type=Path)
    choix = options.parse_args()
    with portes.open_navigateur() as navigateur:
        for chemin in write_captures(navigateur, choix.fichier, choix.dossier):
            print(chemin)


if __name__ == "__main__":
    main()
