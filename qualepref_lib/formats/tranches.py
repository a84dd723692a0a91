"""A block of delimited text as columns: Arrow cuts it, and finds the distinct cells of each column.

Arrow works in the thread that calls it, and lets the others run. Cells are read as bytes; the
distinct ones, and the columns of texts, are decoded here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from qualepref_lib.core.fichiers import find_mojibake
from qualepref_lib.formats.debuts import Coupe
from qualepref_lib.formats.guillemets import Bloc, Delicat, check_octets, is_avalee

# No cell holds a null: such a text was left to the careful reader.
_BORDS = re.compile(r"\s\0|\0\s|\A\s|\s\Z")
_SERREE, _LIBRE = pa.dictionary(pa.int32(), pa.binary()), pa.binary()


@dataclass(frozen=True)
class Tranche:
    """Whole rows as columns.

    ``serrees`` holds, by rank of column, the rank of each cell among the distinct ones, and those;
    ``libres`` the texts of the other columns. ``lignes`` is the line of each row from the first
    one, 0; ``hauteur`` how many lines there are.
    """

    serrees: dict[int, tuple[Any, list[bytes]]]
    libres: dict[int, Any]
    lignes: Any
    hauteur: int


def read_tranche(bloc: Bloc, coupe: Coupe, libres: frozenset[int]) -> Tranche:
    """Cut whole rows, the columns ``libres`` as texts; raises :class:`Delicat` or a decode error.

    Several may be cut at once, in threads.
    """
    cite = check_octets(bloc, coupe.signe)
    colonnes = _couper(bloc, coupe, libres, cite)
    lignes = np.arange(len(colonnes[0]), dtype=np.int64)
    hauteur = bloc.hauteur() if cite else len(lignes)
    if hauteur != len(lignes):
        internes = _lignes_internes(colonnes, coupe)
        if internes.sum() != hauteur - len(lignes):
            raise Delicat
        lignes[1:] += np.cumsum(internes)[:-1]
    serrees, textes = {}, {}
    for rang, colonne in enumerate(colonnes):
        if rang in libres:
            textes[rang] = _lire(colonne, coupe.encodage)
        else:
            serrees[rang] = (colonne.indices.to_numpy(), colonne.dictionary.to_pylist())
    return Tranche(serrees, textes, lignes, hauteur)


def _couper(bloc: Bloc, coupe: Coupe, libres: frozenset[int], cite: bool) -> Sequence[pa.Array]:
    """The columns; an empty line is a row of empty cells."""
    noms = [str(rang) for rang in range(coupe.largeur)]
    genres = {nom: _LIBRE if rang in libres else _SERREE for rang, nom in enumerate(noms)}
    try:
        tableau = pyarrow.csv.read_csv(
            pa.BufferReader(pa.py_buffer(bloc.octets).slice(0, bloc.fin)),
            pyarrow.csv.ReadOptions(use_threads=False, block_size=bloc.fin + 1, column_names=noms),
            pyarrow.csv.ParseOptions(
                delimiter=coupe.signe,
                quote_char='"' if cite else False,
                newlines_in_values=cite,
                ignore_empty_lines=False,
            ),
            pyarrow.csv.ConvertOptions(
                column_types=genres, null_values=[], strings_can_be_null=False, check_utf8=False
            ),
            # Arrow's own reserve more address space than the limit of a chapter may leave.
            memory_pool=pa.system_memory_pool(),
        )
    except pa.ArrowInvalid:
        raise Delicat from None
    if any(colonne.num_chunks != 1 for colonne in tableau.columns):
        raise Delicat
    return [colonne.chunk(0) for colonne in tableau.columns]


def _lignes_internes(colonnes: Sequence[pa.Array], coupe: Coupe) -> Any:
    """How many line ends the cells of each row hold."""
    internes = np.zeros(len(colonnes[0]), dtype=np.int64)
    for colonne in colonnes:
        serree = isinstance(colonne, pa.DictionaryArray)
        cellules = colonne.dictionary if serree else colonne
        retours = pc.count_substring(cellules, "\n").to_numpy()
        if retours.any():
            coupees = cellules.filter(pa.array(retours > 0)).to_pylist()
            if is_avalee(coupees, coupe.signe, coupe.largeur):
                raise Delicat
            internes += retours[colonne.indices.to_numpy()] if serree else retours
    return internes


def _lire(colonne: pa.Array, encodage: str) -> Any:
    """The texts of a column, stripped."""
    textes = colonne.view(pa.string())
    if pc.all(pc.string_is_ascii(textes)).as_py():
        return pc.utf8_trim_whitespace(textes).to_numpy(zero_copy_only=False)
    joints = b"\0".join(colonne.to_pylist()).decode(encodage)
    check_lettres(joints, encodage)
    lus = joints.split("\0")
    if _BORDS.search(joints):
        lus = [texte.strip() for texte in lus]
    return np.array(lus, dtype=object)


def check_lettres(texte: str, encodage: str) -> None:
    """Letters that do not look French: the careful reader says which."""
    if find_mojibake(texte, windows=encodage == "cp1252"):
        raise Delicat
