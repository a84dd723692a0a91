"""Workbooks written by hand, from the published formats: what the reader must not take from us.

XlsxWriter writes the XLSX of the tests; nothing that writes an XLS, or an ODS as LibreOffice does
(errors, formulas without result), is among our packages.
"""

from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

_ESPACES = {
    "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
    "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
    "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
    "calcext": "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0",
}


def texte_ods(texte: str) -> str:
    """A cell of text."""
    return (
        f'<table:table-cell office:value-type="string"><text:p>{escape(texte)}</text:p>'
        "</table:table-cell>"
    )


def cellule_ods(attributs: str, texte: str | None = "") -> str:
    """A cell with these attributes; without a paragraph when ``texte`` is None."""
    dedans = "" if texte is None else f"<text:p>{escape(texte)}</text:p>"
    return f"<table:table-cell {attributs}>{dedans}</table:table-cell>"


def write_ods(
    chemin: Path, feuilles: dict[str, list[list[str]]], depuis_1904: bool = False
) -> Path:
    """An ODS whose rows are cells made by the functions above."""
    espaces = " ".join(f'xmlns:{nom}="{adresse}"' for nom, adresse in _ESPACES.items())
    tables = "".join(
        f'<table:table table:name="{escape(nom)}">'
        + "".join(f"<table:table-row>{''.join(rangee)}</table:table-row>" for rangee in rangees)
        + "</table:table>"
        for nom, rangees in feuilles.items()
    )
    zero = '<table:null-date table:date-value="1904-01-01"/>' if depuis_1904 else ""
    contenu = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {espaces} '
        f'office:version="1.3"><office:body><office:spreadsheet><table:calculation-settings>{zero}'
        f"</table:calculation-settings>{tables}</office:spreadsheet></office:body>"
        "</office:document-content>"
    )
    genre = "application/vnd.oasis.opendocument.spreadsheet"
    manifeste = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{genre}"/>'
        "</manifest:manifest>"
    )
    with zipfile.ZipFile(chemin, "w") as archive:
        archive.writestr("mimetype", genre)
        archive.writestr("content.xml", contenu)
        archive.writestr("META-INF/manifest.xml", manifeste)
    return chemin


DATE_XLS, HEURE_XLS = 14, 21
"""Built-in number formats of Excel: a day, an hour with its seconds."""


def write_xls(
    chemin: Path,
    rangees: list[list[object]],
    nom: str = "Feuil1",
    *,
    depuis_1904: bool = False,
    cle: bool = False,
) -> Path:
    """An XLS of one sheet ([MS-XLS]). A tuple is a number and its format, bytes are an error.

    ``cle`` says that a password locks the file.
    """
    formats = (0, DATE_XLS, HEURE_XLS)
    tete = _bof(5)
    if cle:
        tete += _enregistrement(0x2F, b"\x01\x00" * 27)
    tete += _enregistrement(0x42, struct.pack("<H", 1200))
    tete += _enregistrement(0x22, struct.pack("<H", int(depuis_1904)))
    tete += b"".join(_enregistrement(0xE0, struct.pack("<HH16x", 0, f)) for f in formats)
    fin = _enregistrement(0x0A, b"")
    etiquette = struct.pack("<BB", len(nom), 1) + nom.encode("utf-16-le")
    debut = len(tete) + 4 + 6 + len(etiquette) + len(fin)
    tete += _enregistrement(0x85, struct.pack("<IH", debut, 0) + etiquette) + fin
    cellules = b"".join(
        _cellule_xls(ligne, colonne, valeur, formats)
        for ligne, rangee in enumerate(rangees)
        for colonne, valeur in enumerate(rangee)
        if valeur != ""
    )
    chemin.write_bytes(_ole(tete + _bof(16) + cellules + fin))
    return chemin


def _enregistrement(genre: int, contenu: bytes) -> bytes:
    return struct.pack("<HH", genre, len(contenu)) + contenu


def _bof(genre: int) -> bytes:
    return _enregistrement(0x809, struct.pack("<HHHHII", 0x600, genre, 0, 1997, 0, 6))


def _cellule_xls(ligne: int, colonne: int, valeur: object, formats: tuple[int, ...]) -> bytes:
    lieu = struct.pack("<HH", ligne, colonne)
    if isinstance(valeur, bytes):  # a formula whose result is this error
        resultat = b"\x02\x00" + valeur + b"\x00\x00\x00\xff\xff"
        return _enregistrement(0x06, lieu + struct.pack("<H", 0) + resultat + b"\x00" * 8)
    if isinstance(valeur, bool):
        return _enregistrement(0x205, lieu + struct.pack("<HBB", 0, valeur, 0))
    if isinstance(valeur, str):
        lettres = struct.pack("<HB", len(valeur), 1) + valeur.encode("utf-16-le")
        return _enregistrement(0x204, lieu + struct.pack("<H", 0) + lettres)
    nombre, genre = valeur if isinstance(valeur, tuple) else (valeur, 0)
    return _enregistrement(0x203, lieu + struct.pack("<Hd", formats.index(genre), nombre))


def _ole(flux: bytes) -> bytes:
    """The stream « Workbook » in a compound file ([MS-CFB]): one table, one directory."""
    flux = flux.ljust(4096, b"\x00")
    secteurs = -(-len(flux) // 512)
    table = [0xFFFFFFFD, 0xFFFFFFFE, *range(3, secteurs + 2), 0xFFFFFFFE]
    tete = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 16
    tete += struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    tete += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    tete += struct.pack("<109I", 0, *[0xFFFFFFFF] * 108)
    dossier = _entree("Root Entry", 5, 0xFFFFFFFE, 0, 1) + _entree("Workbook", 2, 2, len(flux))
    sortie = io.BytesIO()
    sortie.write(tete)
    sortie.write(struct.pack("<128I", *table, *[0xFFFFFFFF] * (128 - len(table))))
    sortie.write(dossier.ljust(512, b"\x00"))
    sortie.write(flux.ljust(secteurs * 512, b"\x00"))
    return sortie.getvalue()


def _entree(nom: str, genre: int, debut: int, taille: int, enfant: int = 0xFFFFFFFF) -> bytes:
    lettres = nom.encode("utf-16-le") + b"\x00\x00"
    entree = lettres.ljust(64, b"\x00") + struct.pack("<HBB", len(lettres), genre, 1)
    entree += struct.pack("<III", 0xFFFFFFFF, 0xFFFFFFFF, enfant) + b"\x00" * 36
    return entree + struct.pack("<IQ", debut, taille)
