"""Delimited text as French offices export it: `;` or `,`, UTF-8 or Windows, BOM, quoted newlines.

The reader never guesses silently and never stops at the first fault: an empty file, a workbook
renamed ``.csv``, a cut-off last line, a wrong encoding are each named in French.
"""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pandas as pd

from qualepref_lib.core.refus import Releve

SEPARATEURS = ";\t,|"
_MOJIBAKE = re.compile("Ã[©¨ªà§®´»¢¯ ]|â€™|Ã\u00a0|\ufffd")
# A DOS export (cp850) read as Windows text: its « é è ê à ç » become these characters, which
# no French word holds next to a letter.
_DOS = re.compile("[a-z][‚Šˆ…‡][a-z]", re.IGNORECASE)


def load_texte(chemin: Path, nom: str, releve: Releve) -> pd.DataFrame | None:
    """Read a delimited file as text: one string column per header, index = line in the file.

    Problems go to ``releve`` under ``nom``; None when no table can be read at all. Cells are
    stripped; an empty cell is the empty string.
    """
    texte = _decoder(chemin.read_bytes(), nom, releve)
    if texte is None:
        return None
    if not texte.strip():
        releve.signaler(nom, "le fichier est vide.", remede="l'exporter à nouveau.")
        return None
    lignes = _decouper(texte, nom, releve)
    return _tableau(lignes, nom, releve) if lignes else None


def _decoder(octets: bytes, nom: str, releve: Releve) -> str | None:
    if octets.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        releve.signaler(
            nom,
            "le fichier est un classeur (Excel ou LibreOffice), pas un CSV.",
            remede="l'enregistrer au format CSV (point-virgule, UTF-8).",
        )
        return None
    if octets.startswith((b"\xff\xfe", b"\xfe\xff")):
        return octets.decode("utf-16", errors="replace")
    texte: str | None
    try:
        texte = octets.decode("utf-8-sig")
    except UnicodeDecodeError as erreur:
        texte = _decoder_windows(octets, octets[: erreur.start].count(b"\n") + 1, nom, releve)
    if texte is not None and (faute := _MOJIBAKE.search(texte) or _DOS.search(texte)):
        _signaler_encodage(nom, texte[: faute.start()].count("\n") + 1, faute.group(), releve)
        return None
    if texte is not None and "\x00" in texte:
        releve.signaler(nom, "le fichier contient des octets nuls : ce n'est pas un texte.")
        return None
    return texte


def _decoder_windows(octets: bytes, ligne: int, nom: str, releve: Releve) -> str | None:
    try:
        return octets.decode("cp1252")
    except UnicodeDecodeError as erreur:
        _signaler_encodage(nom, ligne, f"octet 0x{octets[erreur.start]:02x}", releve)
        return None


def _signaler_encodage(nom: str, ligne: int, exemple: str, releve: Releve) -> None:
    releve.signaler(
        nom,
        f"l'encodage est faux : « {exemple} » n'est pas une lettre française.",
        ligne=ligne,
        connus=("UTF-8", "Windows-1252"),
        remede="rouvrir le fichier d'origine et l'enregistrer en CSV UTF-8.",
    )


def separateur(entete: str) -> str:
    """The separator of a header line: the one that cuts it most; ``;`` when none does.

    >>> separateur("critere;cotation;motif"), separateur("critere,cotation"), separateur("a")
    (';', ',', ';')
    """
    return max(SEPARATEURS, key=lambda s: (entete.count(s), -SEPARATEURS.index(s)))


def _decouper(texte: str, nom: str, releve: Releve) -> list[tuple[int, list[str]]]:
    """The rows with the number of the line on which each begins."""
    entete = texte.lstrip().splitlines()[0]
    lecteur = csv.reader(io.StringIO(texte, newline=""), delimiter=separateur(entete), strict=True)
    lignes: list[tuple[int, list[str]]] = []
    debut = 1
    try:
        for cellules in lecteur:
            if any(cellule.strip() for cellule in cellules):
                lignes.append((debut, [cellule.strip() for cellule in cellules]))
            debut = lecteur.line_num + 1
    except csv.Error:
        releve.signaler(
            nom,
            "un guillemet ouvert n'est pas refermé : le fichier est peut-être tronqué.",
            ligne=debut,
            remede="fermer le guillemet, ou exporter à nouveau le fichier entier.",
        )
        return []
    return lignes


def _tableau(lignes: list[tuple[int, list[str]]], nom: str, releve: Releve) -> pd.DataFrame:
    (_, entetes), corps = lignes[0], lignes[1:]
    while entetes and not entetes[-1]:
        entetes = entetes[:-1]
    largeur = len(entetes)
    gardees = []
    for numero, cellules in corps:
        trop = [cellule for cellule in cellules[largeur:] if cellule]
        if len(cellules) < largeur or trop:
            _signaler_largeur(nom, numero, len(cellules), largeur, numero == lignes[-1][0], releve)
        gardees.append((cellules + [""] * largeur)[:largeur])
    doublons = sorted({e for e in entetes if entetes.count(e) > 1})
    for entete in doublons:
        releve.signaler(nom, "la colonne est présente deux fois.", ligne=1, colonne=entete)
    cadre = pd.DataFrame(gardees, columns=entetes, dtype=str)
    cadre.index = pd.Index([numero for numero, _ in corps], name="ligne")
    return cadre.loc[:, ~cadre.columns.duplicated()]


def _signaler_largeur(
    nom: str, numero: int, trouve: int, attendu: int, derniere: bool, releve: Releve
) -> None:
    court = trouve < attendu
    suite = " Le fichier est peut-être tronqué." if court and derniere else ""
    releve.signaler(
        nom,
        f"la ligne a {trouve} cellules, l'en-tête en a {attendu}.{suite}",
        ligne=numero,
        remede="compléter la ligne, ou entourer de guillemets un texte qui contient le séparateur.",
    )
