"""Workbooks to fill in, described once and written as XLSX and ODS: registers, mystery grids."""

from __future__ import annotations

from pathlib import Path

from qualepref_lib.running.classeurs.modele import Classeur


def format_classeur(classeur: Classeur, sortie: Path) -> bytes:
    """The bytes of the workbook in the format that the name of the file says."""
    if sortie.suffix.lower() == ".ods":
        from qualepref_lib.running.classeurs.ods import format_ods

        return format_ods(classeur)
    from qualepref_lib.running.classeurs.xlsx import format_xlsx

    return format_xlsx(classeur)
