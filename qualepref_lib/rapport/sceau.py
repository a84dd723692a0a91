"""The print of a page, at its foot: same inputs, same print, and who receives it can check it."""

from __future__ import annotations

import dataclasses
import hashlib

from qualepref_lib.rapport.page import Page, render_page

NEUTRE = "0" * 64
"""What stands in the page for its print while the print is computed."""


def render_scellee(page: Page) -> tuple[str, str]:
    """The HTML of a page with its print, and the print.

    It is the SHA-256 of the page that has zeros in its place: writing them back is checking it.
    """
    texte = render_page(dataclasses.replace(page, empreinte=NEUTRE))
    empreinte = hashlib.sha256(texte.encode()).hexdigest()
    return texte.replace(_mention(NEUTRE), _mention(empreinte)), empreinte


def _mention(empreinte: str) -> str:
    """As the page prints it: its beginning stands out."""
    return f"<strong>{empreinte[:12]}</strong>{empreinte[12:]}"
