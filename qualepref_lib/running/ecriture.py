"""Writing the CSV files of a campaign, as offices open them and as the library reads them."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterable, Sequence

import pandas as pd

from qualepref_lib.campagne.tables import colonnes_de
from qualepref_lib.formats.colonnes import Colonne
from qualepref_lib.referentiel import Referentiel


def entetes_de(source: str, referentiel: Referentiel) -> list[str]:
    """The names of the columns of a source, but those that an export alone may bring."""
    return [c.nom for c in colonnes_de(source, referentiel) if not c.precise]


def format_csv(entetes: Sequence[str], lignes: Iterable[Sequence[str]]) -> bytes:
    """The bytes of a CSV. With a BOM, Excel opens it in UTF-8 without asking."""
    texte = io.StringIO(newline="")
    csv.writer(texte, delimiter=";", lineterminator="\n").writerows([entetes, *lignes])
    return texte.getvalue().encode("utf-8-sig")


def format_lignes(cadre: pd.DataFrame, source: str, referentiel: Referentiel) -> list[list[str]]:
    """The rows of a checked frame, as its file writes them."""
    colonnes = [c for c in colonnes_de(source, referentiel) if not c.precise]
    return [[format_cellule(rang[c.nom], c) for c in colonnes] for _, rang in cadre.iterrows()]


def format_cellule(valeur: object, colonne: Colonne) -> str:
    """A typed value as the file writes it: a label where people write labels, else the code."""
    if isinstance(valeur, tuple):
        return (" | " if colonne.separateur == "|" else " ").join(valeur)
    if valeur is None or valeur != valeur:  # a missing number or date differs from itself
        return ""
    if isinstance(valeur, dt.date):
        return valeur.strftime("%Y-%m-%d")
    if isinstance(valeur, float):
        return f"{valeur:g}".replace(".", ",")
    if colonne.genre == "code" and not colonne.nature.startswith("un code"):
        return colonne.connus.get(str(valeur), "") or str(valeur)
    return str(valeur)
