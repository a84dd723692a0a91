"""The style sheet that the report and the pages beside it share."""

from __future__ import annotations

from pathlib import Path


def feuille_de_style() -> str:
    """The one style sheet of a page."""
    chemin = Path(__file__).parent / "templates" / "qualepref" / "style.css"
    return chemin.read_text(encoding="utf-8")
