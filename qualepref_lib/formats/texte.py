"""Delimited text as French offices export it: `;` or `,`, UTF-8 or Windows, BOM, quoted newlines.

The reader never guesses silently and never stops at the first fault: an empty file, a workbook
renamed ``.csv``, a cut-off last line, a quote that swallows the rest are each named in French. A
row whose number of cells is wrong is told, then left out of the frame: its cells may stand under
another header, and checking them would only add noise to a file that is refused anyway.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from qualepref_lib.core.fichiers import load_octets
from qualepref_lib.core.francais import pluriel
from qualepref_lib.core.refus import Releve
from qualepref_lib.formats.encodage import decoder

SEPARATEURS = ";\t,|"
INACHEVE = "inacheve"
"""Key in ``DataFrame.attrs``: whether the file ends in the middle of a line."""

# Excel reads this first line as an instruction; so do we.
_SEP = re.compile(r'"?sep=([;\t,|])"?\s*$', re.IGNORECASE)
# A comment may be long; the standard limit (128 kB) would say that the quote is never closed.
csv.field_size_limit(10**8)


@dataclass(frozen=True)
class _Lignes:
    """The rows of a file, each with the number of the line on which it begins."""

    separateur: str
    entete: tuple[int, list[str]]
    corps: list[tuple[int, list[str]]]


def load_texte(chemin: Path, nom: str, releve: Releve) -> pd.DataFrame | None:
    """Read a delimited file as text: one string column per header, index = line in the file.

    Problems go to ``releve`` under ``nom``; None when no table can be read at all. Cells are
    stripped; an empty cell is the empty string.
    """
    octets = load_octets(chemin, nom, releve)
    texte = None if octets is None else decoder(octets, nom, releve)
    if texte is None:
        return None
    lignes = _decouper(texte, nom, releve)
    if lignes is None:
        return None
    cadre = _tableau(lignes, nom, releve)
    cadre.attrs[INACHEVE] = not texte.endswith(("\n", "\r"))
    return cadre


def separateur(entete: str) -> str:
    """The separator of a header line: the one that cuts it most; ``;`` when none does.

    >>> separateur("critere;cotation;motif"), separateur("critere,cotation"), separateur("a")
    (';', ',', ';')
    """
    return max(SEPARATEURS, key=lambda s: (entete.count(s), -SEPARATEURS.index(s)))


def _decouper(texte: str, nom: str, releve: Releve) -> _Lignes | None:
    premiere = next((ligne for ligne in texte.splitlines() if ligne.strip()), "")
    impose = _SEP.match(premiere)
    coupe = impose.group(1) if impose else separateur(premiere)
    lignes: list[tuple[int, list[str]]] = []
    lecteur = csv.reader(io.StringIO(texte, newline=""), delimiter=coupe, strict=True)
    debut = 1
    try:
        for cellules in lecteur:
            nettes = [cellule.strip() for cellule in cellules]
            if any(nettes):
                lignes.append((debut, nettes))
            debut = lecteur.line_num + 1
    except csv.Error as erreur:
        _signaler_guillemet(str(erreur), debut, nom, releve)
        return None
    if impose:
        lignes = lignes[1:]
    if not lignes:
        releve.signaler(nom, "le fichier est vide.", remede="l’exporter à nouveau.")
        return None
    entetes = lignes[0][1]
    while not entetes[-1]:
        entetes.pop()
    return _Lignes(coupe, lignes[0], lignes[1:])


def _signaler_guillemet(erreur: str, ligne: int, nom: str, releve: Releve) -> None:
    if "expected after" in erreur:
        constat = "un guillemet est suivi d’un texte : il est mal fermé, ou il en manque un."
        remede = 'dans un texte entre guillemets, doubler chaque guillemet ("").'
    else:
        constat = "un guillemet ouvert n’est pas refermé : le fichier est peut-être tronqué."
        remede = "fermer le guillemet, ou exporter à nouveau le fichier entier."
    releve.signaler(nom, constat, ligne=ligne, remede=remede)


def _tableau(lignes: _Lignes, nom: str, releve: Releve) -> pd.DataFrame:
    numero_entete, entetes = lignes.entete
    largeur = len(entetes)
    gardees, numeros = [], []
    ecarts: dict[int, list[int]] = {}
    for numero, cellules in lignes.corps:
        if len(cellules) < largeur or any(cellules[largeur:]):
            ecarts.setdefault(len(cellules), []).append(numero)
            continue
        _verifier_guillemets(cellules, lignes.separateur, numero, nom, releve)
        gardees.append(cellules[:largeur])
        numeros.append(numero)
    for trouve, fautives in ecarts.items():
        _signaler_largeur(fautives, trouve, lignes, nom, releve)
    _signaler_doublons(entetes, numero_entete, nom, releve)
    cadre = pd.DataFrame(gardees, columns=entetes, dtype=str)
    cadre.index = pd.Index(numeros, name="ligne", dtype="int64")
    return cadre.loc[:, ~cadre.columns.duplicated()]


def _verifier_guillemets(
    cellules: list[str], coupe: str, numero: int, nom: str, releve: Releve
) -> None:
    """A cell that holds a whole row of the file: an unclosed quote met the next one."""
    avalee = len(cellules) > 2 and any(
        "\n" in cellule
        and any(ligne.count(coupe) >= len(cellules) - 1 for ligne in cellule.splitlines())
        for cellule in cellules
    )
    if avalee:
        releve.signaler(
            nom,
            "une cellule contient des lignes entières du fichier : un guillemet n’est pas refermé.",
            ligne=numero,
            remede="fermer le guillemet à la fin de son texte.",
        )


def _signaler_doublons(entetes: list[str], ligne: int, nom: str, releve: Releve) -> None:
    for entete, fois in Counter(entetes).items():
        if fois > 1:
            releve.signaler(
                nom,
                f"la colonne est présente {fois} fois.",
                ligne=ligne,
                colonne=entete or "(sans nom)",
                remede="n’en garder qu’une, ou lui donner un autre nom.",
            )


def _signaler_largeur(
    fautives: list[int], trouve: int, lignes: _Lignes, nom: str, releve: Releve
) -> None:
    attendu = len(lignes.entete[1])
    constat = f"la ligne a {pluriel(trouve, 'cellule')}, l’en-tête en a {attendu}."
    if trouve < attendu:
        remede = "compléter la ligne, ou exporter à nouveau le fichier entier."
        if fautives[-1] == lignes.corps[-1][0]:
            constat += " Le fichier est peut-être tronqué."
    else:
        remede = "entourer de guillemets un texte qui contient le séparateur, ou en retirer un."
        if lignes.separateur == ",":
            constat += " Le séparateur est la virgule : un texte ou un nombre en contient une."
            remede = "enregistrer en CSV avec le point-virgule."
        elif len(fautives) == len(lignes.corps):
            constat += " La première ligne n’est peut-être pas l’en-tête."
            remede = "ne laisser aucun titre au-dessus de l’en-tête."
    releve.signaler(nom, constat, ligne=fautives[0], autres=tuple(fautives[1:]), remede=remede)
