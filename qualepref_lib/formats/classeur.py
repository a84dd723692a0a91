"""Workbooks (XLSX, XLS, ODS) read into the same all-text frame that a CSV gives.

calamine reads the values. What it shows as an empty cell without being one (a formula that
failed, one that was never calculated, the cells under a merged one) comes from
:mod:`~qualepref_lib.formats.invisibles`. No sheet and no header is guessed: where two readings
are possible the file is refused with both.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import TypeVar

import pandas as pd

from qualepref_lib.core.fichiers import load_octets
from qualepref_lib.core.refus import Releve, extrait
from qualepref_lib.formats.biff import scan_feuille
from qualepref_lib.formats.contenant import (
    Contenant,
    open_contenant,
    signaler_abime,
    signaler_protege,
)
from qualepref_lib.formats.feuilles_classeur import Feuille, choose_feuille
from qualepref_lib.formats.invisibles import find_invisibles
from qualepref_lib.formats.tableau_classeur import find_tetes, format_cellules, new_tableau
from qualepref_lib.formats.tetes import UNE_LIGNE, Tete

CELLULES_ADMISES = 60_000_000
"""Cells of the rectangle that holds every value; beyond, one cell stands far from the table."""

T = TypeVar("T")


def load_classeur(
    chemin: Path,
    nom: str,
    releve: Releve,
    feuille: str | None = None,
    *,
    attendus: Iterable[str] = (),
    tete: Tete = UNE_LIGNE,
) -> pd.DataFrame | None:
    """Read a workbook as text: one string column per header, index = row in the sheet.

    The sheet is ``feuille``; without it, the one called like the file, else the first that holds
    the headers ``attendus``, else the first. ``tete`` tells where the header is; empty rows
    before it need not be counted. Problems go to ``releve`` under ``nom``;
    None when no table can be read at all. A formula without result is
    :data:`~qualepref_lib.formats.cellules.NON_CALCULEE`, one that failed shows its error.
    """
    octets = load_octets(chemin, nom, releve)
    contenant = None if octets is None else open_contenant(octets, nom, releve)
    if contenant is None:
        return None

    def lire() -> pd.DataFrame | None:
        return _load(contenant, nom, releve, feuille, tuple(attendus), tete)

    return _essayer(lire, contenant, nom, releve)


def list_feuilles(chemin: Path) -> tuple[str, ...]:
    """The sheets of cells of a workbook that are shown; none when it cannot be opened."""
    from python_calamine import load_workbook

    muet = Releve()  # whoever reads a sheet after this says what is wrong with the file
    octets = load_octets(chemin, chemin.name, muet)
    contenant = None if octets is None else open_contenant(octets, chemin.name, muet)
    if contenant is None:
        return ()

    def lire() -> tuple[str, ...]:
        with load_workbook(io.BytesIO(contenant.octets)) as classeur:
            metas = enumerate(classeur.sheets_metadata)
            feuilles = [Feuille.of(meta, rang) for rang, meta in metas]
        return tuple(f.nom for f in feuilles if f.tableau and f.visible)

    return _essayer(lire, contenant, chemin.name, muet) or ()


def _essayer(lire: Callable[[], T], contenant: Contenant, nom: str, releve: Releve) -> T | None:
    """What ``lire`` answers; a workbook that breaks its reader is a damaged workbook."""
    from python_calamine import PasswordError

    try:
        return lire()
    except PasswordError:
        signaler_protege(nom, releve)
    except (MemoryError, AssertionError):
        raise
    except Exception:
        _signaler_illisible(contenant, nom, releve)
    except BaseException as erreur:
        # A fault inside calamine is no ordinary exception of Python.
        if type(erreur).__name__ != "PanicException":
            raise
        _signaler_illisible(contenant, nom, releve)
    return None


def _signaler_illisible(contenant: Contenant, nom: str, releve: Releve) -> None:
    if contenant.genre == "xls" and scan_feuille(contenant.octets, "").protege:
        signaler_protege(nom, releve)
    else:
        signaler_abime(nom, releve)


def _load(
    contenant: Contenant,
    nom: str,
    releve: Releve,
    voulue: str | None,
    attendus: tuple[str, ...],
    tete: Tete,
) -> pd.DataFrame | None:
    from python_calamine import load_workbook

    with load_workbook(io.BytesIO(contenant.octets)) as classeur:
        feuilles = [Feuille.of(meta, rang) for rang, meta in enumerate(classeur.sheets_metadata)]
        vues = {f.nom: find_invisibles(contenant, f.nom, f.rang) for f in feuilles if f.tableau}
        # A reader lays out the whole rectangle: this must be known before it begins.
        if trop := [f for f, vue in vues.items() if vue.etendue > CELLULES_ADMISES]:
            _signaler_etendue(trop[0], nom, releve)
            return None
        lire = cache(classeur.get_sheet_by_name)

        def tetes(feuille: str) -> list[list[str]]:
            return find_tetes(lire(feuille), tete.avant)

        choisie = choose_feuille(feuilles, tetes, nom, releve, voulue, attendus)
        if choisie is None:
            return None
        feuille, vue = lire(choisie), vues[choisie]
        cellules = format_cellules(feuille, vue, tete.avant)
        fusions = [*(feuille.merged_cell_ranges or ()), *vue.fusions]
        return new_tableau(cellules, vue, fusions, nom, releve, attendus, tete)


def _signaler_etendue(feuille: str, nom: str, releve: Releve) -> None:
    releve.signaler(
        nom,
        f"la feuille « {extrait(feuille)} » s’étend trop loin : une cellule isolée est remplie "
        "très loin du tableau.",
        remede="supprimer les colonnes et les lignes qui suivent le tableau, puis enregistrer.",
    )
