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
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from qualepref_lib.core.fichiers import load_octets
from qualepref_lib.core.francais import pluriel
from qualepref_lib.core.refus import Releve
from qualepref_lib.formats.blocs import load_blocs
from qualepref_lib.formats.brut import (
    INACHEVE,
    LIGNE_ENTETE,
    LIGNES_LUES,
    check_doublons,
    nettoyer,
    new_cadre,
)
from qualepref_lib.formats.encodage import decoder
from qualepref_lib.formats.separateurs import find_separateur, first_ligne, separateur
from qualepref_lib.formats.tetes import UNE_LIGNE, Tete

__all__ = ["INACHEVE", "load_texte", "separateur"]

_FIN_DE_LIGNE = re.compile(r"\r\n|\r|\n")
# Excel reads this first line as an instruction; so do we.
_SEP = re.compile(r'"?sep=([;\t,|])"?\s*$', re.IGNORECASE)
# A comment may be long; the standard limit (128 kB) would say that the quote is never closed.
csv.field_size_limit(10**8)


@dataclass(frozen=True)
class _Corps:
    """Rows, the lines on which they begin, and whether a row runs over several lines."""

    numeros: Sequence[int]
    rangees: Sequence[list[str]]
    plusieurs: bool

    def garder(self, rangs: Iterable[int]) -> _Corps:
        """The same with the rows of these ranks only."""
        rangs = list(rangs)
        numeros = [self.numeros[rang] for rang in rangs]
        return _Corps(numeros, [self.rangees[rang] for rang in rangs], self.plusieurs)


@dataclass(frozen=True)
class _Lignes:
    """The rows of a file, each with the number of the line on which it begins."""

    separateur: str
    entete: tuple[int, list[str]]
    corps: _Corps


def load_texte(
    chemin: Path, nom: str, releve: Releve, *, tete: Tete = UNE_LIGNE
) -> pd.DataFrame | None:
    """Read a delimited file as text: one string column per header, index = line in the file.

    ``tete`` tells where the header is. Problems go to ``releve`` under ``nom``; None when no table
    can be read at all. Cells are stripped; an empty cell is the empty string.
    """
    if (cadre := load_blocs(chemin, tete)) is not None:
        return cadre
    octets = load_octets(chemin, nom, releve)
    texte = None if octets is None else decoder(octets, nom, releve)
    if texte is None:
        return None
    lignes = _decouper(_apres(texte, tete.avant), tete, nom, releve)
    if lignes is None:
        return None
    cadre = _tableau(lignes, nom, releve)
    cadre.attrs[LIGNE_ENTETE] = lignes.entete[0]
    cadre.attrs[LIGNES_LUES] = len(lignes.corps.numeros)
    cadre.attrs[INACHEVE] = not texte.endswith(("\n", "\r"))
    return cadre


def _decouper(texte: str, tete: Tete, nom: str, releve: Releve) -> _Lignes | None:
    """The rows that hold anything; the first, or the first two, are the header."""
    impose = _SEP.match(first_ligne(texte))
    coupe = impose.group(1) if impose else find_separateur(texte)
    tout = _couper(texte, coupe, tete.avant, nom, releve)
    if tout is None:
        return None
    pleines = [rang for rang, cellules in enumerate(tout.rangees) if _remplie(cellules)]
    if impose:
        pleines = pleines[1:]
    if not pleines:
        releve.signaler(nom, "le fichier est vide.", remede="l’exporter à nouveau.")
        return None
    entetes = tete.entetes([tout.rangees[rang] for rang in pleines[: tete.lignes]])
    entete = (tout.numeros[pleines[0]], entetes)
    return _Lignes(coupe, entete, tout.garder(pleines[tete.lignes :]))


def _remplie(cellules: list[str]) -> bool:
    """Whether a row holds anything; most do in their first cell, and that is quickly seen."""
    return bool(cellules) and (bool(cellules[0].strip()) or any(map(str.strip, cellules)))


def _apres(texte: str, lignes_avant: int) -> str:
    """What follows the first lines, whatever the character that ends a line."""
    debut = 0
    for _ in range(lignes_avant):
        fin = _FIN_DE_LIGNE.search(texte, debut)
        if fin is None:
            return ""
        debut = fin.end()
    return texte[debut:]


def _couper(texte: str, coupe: str, lignes_avant: int, nom: str, releve: Releve) -> _Corps | None:
    """The rows with their lines; None when a quote makes it unsure."""
    lecteur = csv.reader(io.StringIO(texte, newline=""), delimiter=coupe, strict=True)
    try:
        rangees = list(lecteur)
    except csv.Error:
        return _couper_pas_a_pas(texte, coupe, lignes_avant, nom, releve)
    if lecteur.line_num != len(rangees):  # a quoted text runs over several lines
        return _couper_pas_a_pas(texte, coupe, lignes_avant, nom, releve)
    return _Corps(range(lignes_avant + 1, lignes_avant + len(rangees) + 1), rangees, False)


def _couper_pas_a_pas(
    texte: str, coupe: str, lignes_avant: int, nom: str, releve: Releve
) -> _Corps | None:
    """The same, row by row: only so does the line of each one, and of a fault, come to light."""
    lecteur = csv.reader(io.StringIO(texte, newline=""), delimiter=coupe, strict=True)
    numeros, rangees = [lignes_avant + 1], []
    try:
        for cellules in lecteur:
            rangees.append(cellules)
            numeros.append(lignes_avant + lecteur.line_num + 1)
    except csv.Error as erreur:
        _signaler_guillemet(str(erreur), numeros[-1], nom, releve)
        return None
    return _Corps(numeros[:-1], rangees, True)


def _signaler_guillemet(erreur: str, ligne: int, nom: str, releve: Releve) -> None:
    if "expected after" in erreur:
        constat = "un guillemet est suivi d’un texte : il est mal fermé, ou il en manque un."
        remede = 'dans un texte entre guillemets, doubler chaque guillemet ("").'
    else:
        constat = "un guillemet ouvert n’est pas refermé : le fichier est peut-être tronqué."
        remede = "fermer le guillemet, ou exporter à nouveau le fichier entier."
    releve.signaler(nom, constat, ligne=ligne, remede=remede)


def _tableau(lignes: _Lignes, nom: str, releve: Releve) -> pd.DataFrame:
    """The rows of the right width as a frame; the others are told."""
    numero_entete, entetes = lignes.entete
    corps = _de_la_largeur(lignes, nom, releve)
    if corps.plusieurs:
        for numero, cellules in zip(corps.numeros, corps.rangees, strict=True):
            _verifier_guillemets(cellules, lignes.separateur, numero, nom, releve)
    check_doublons(entetes, numero_entete, nom, releve)
    colonnes = [[rangee[rang] for rangee in corps.rangees] for rang in range(len(entetes))]
    return new_cadre([nettoyer(colonne) for colonne in colonnes], entetes, corps.numeros)


def _de_la_largeur(lignes: _Lignes, nom: str, releve: Releve) -> _Corps:
    """The rows as wide as the header, or wider by empty cells; the others are told."""
    largeur, corps = len(lignes.entete[1]), lignes.corps
    if not set(map(len, corps.rangees)) - {largeur}:
        return corps
    gardees: list[int] = []
    ecarts: dict[int, list[int]] = {}
    for rang, cellules in enumerate(corps.rangees):
        if len(cellules) < largeur or any(map(str.strip, cellules[largeur:])):
            ecarts.setdefault(len(cellules), []).append(corps.numeros[rang])
        else:
            gardees.append(rang)
    for trouve, fautives in ecarts.items():
        _signaler_largeur(fautives, trouve, lignes, nom, releve)
    return corps.garder(gardees)


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


def _signaler_largeur(
    fautives: list[int], trouve: int, lignes: _Lignes, nom: str, releve: Releve
) -> None:
    attendu = len(lignes.entete[1])
    constat = f"la ligne a {pluriel(trouve, 'cellule')}, l’en-tête en a {attendu}."
    if trouve < attendu:
        remede = "compléter la ligne, ou exporter à nouveau le fichier entier."
        if fautives[-1] == lignes.corps.numeros[-1]:
            constat += " Le fichier est peut-être tronqué."
    else:
        remede = "entourer de guillemets un texte qui contient le séparateur, ou en retirer un."
        if lignes.separateur == ",":
            constat += " Le séparateur est la virgule : un texte ou un nombre en contient une."
            remede = "enregistrer en CSV avec le point-virgule."
        elif len(fautives) == len(lignes.corps.numeros):
            constat += " La première ligne n’est peut-être pas l’en-tête."
            remede = "ne laisser aucun titre au-dessus de l’en-tête."
    releve.signaler(nom, constat, ligne=fautives[0], autres=tuple(fautives[1:]), remede=remede)
