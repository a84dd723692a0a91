"""A column's rule, and the reader of its cells: text in, typed value out, or the French finding."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from qualepref_lib.core.francais import enumeration
from qualepref_lib.core.refus import extrait, sans_accent
from qualepref_lib.core.valeurs import Illisible, lire_date, lire_heure, lire_nombre

Genre = Literal["texte", "code", "codes", "date", "heure", "nombre"]
Lecteur = Callable[[str], Any]

_REMEDES = {
    "code": "écrire l’une des valeurs connues.",
    "codes": "n’écrire que des valeurs connues.",
    "date": "écrire la date comme 29/03/2022 ou 2022-03-29.",
    "heure": "écrire l’heure comme 09:05 ou 9h05.",
    "nombre": "écrire un nombre seul, sans unité ni texte.",
}
# What a spreadsheet makes of a code such as 1.10 or 1.01: a number, or a day.
_TABLEUR = re.compile(
    r"[0-9]+[.,][0-9]|[0-9]+|[0-9]{1,2}[/-][0-9]{1,2}([/-][0-9]{2,4})?|[a-zéû]{3,4}\.?-[0-9]{2}"
)


@dataclass(frozen=True)
class Colonne:
    """One column: its name, its kind, whether it must be there, be filled, and what is known.

    ``connus`` maps each admitted code to its label; the file may hold either. ``nature`` is how a
    refusal names it (« un code de critère »). ``mini`` and ``maxi`` bound a number, ``entier``
    wants it whole.
    """

    nom: str
    genre: Genre = "texte"
    requise: bool = False
    remplie: bool = False
    connus: Mapping[str, str] = field(default_factory=dict)
    nature: str = ""
    mini: float | None = None
    maxi: float | None = None
    separateur: str = " "
    entier: bool = False

    @property
    def montres(self) -> tuple[str, ...]:
        """What a refusal lists as known: codes where codes are written, labels elsewhere."""
        if self.nature.startswith("un code"):
            return tuple(self.connus)
        return tuple(libelle or code for code, libelle in self.connus.items())

    def remede(self, valeur: str) -> str:
        """What to do about a wrong value."""
        if self.nature.startswith("un code") and _TABLEUR.fullmatch(valeur.lower()):
            return "mettre la colonne au format Texte dans le tableur, puis réécrire le code."
        return _REMEDES.get(self.genre, "")

    def fautive(self, valeur: str) -> str:
        """The part of the cell that is not known: the first wrong one of several codes."""
        if self.genre != "codes":
            return valeur
        formes = _formes(self)
        return next((v for v in couper(valeur, self) if sans_accent(v) not in formes), valeur)


def lecteur_de(colonne: Colonne) -> Lecteur:
    """The function that reads one cell of ``colonne``; it raises :class:`Illisible`."""
    return _LECTEURS[colonne.genre](colonne)


def couper(valeur: str, colonne: Colonne) -> list[str]:
    """The codes that one cell holds."""
    coupe = r"[\s,;]+" if colonne.separateur == " " else r"\|"
    return [v.strip() for v in re.split(coupe, valeur) if v.strip()]


def _formes(colonne: Colonne) -> dict[str, str]:
    formes = {sans_accent(libelle): code for code, libelle in colonne.connus.items() if libelle}
    return formes | {sans_accent(code): code for code in colonne.connus}


def _texte(colonne: Colonne) -> Lecteur:
    return lambda valeur: valeur


def _code(colonne: Colonne) -> Lecteur:
    formes = _formes(colonne)

    def lire(valeur: str) -> str:
        code = formes.get(sans_accent(valeur))
        if code is None:
            raise Illisible(f"« {extrait(valeur)} » n’est pas {colonne.nature}.")
        return code

    return lire


def _codes(colonne: Colonne) -> Lecteur:
    formes = _formes(colonne)

    def lire(valeur: str) -> tuple[str, ...]:
        parties = couper(valeur, colonne)
        fausses = list(dict.fromkeys(p for p in parties if sans_accent(p) not in formes))
        if len(fausses) > 1:
            vues = enumeration([f"« {extrait(p)} »" for p in fausses[:8]])
            raise Illisible(f"{vues} : aucun n’est {colonne.nature}.")
        if fausses:
            raise Illisible(f"« {extrait(fausses[0])} » n’est pas {colonne.nature}.")
        return tuple(dict.fromkeys(formes[sans_accent(p)] for p in parties))

    return lire


def _date(colonne: Colonne) -> Lecteur:
    return lambda valeur: lire_date(valeur).isoformat()


def _heure(colonne: Colonne) -> Lecteur:
    return lire_heure


def _nombre(colonne: Colonne) -> Lecteur:
    def lire(valeur: str) -> float:
        nombre = lire_nombre(valeur)
        if colonne.entier and nombre != int(nombre):
            raise Illisible(f"« {extrait(valeur)} » n’est pas un nombre entier.")
        if not _entre(nombre, colonne.mini, colonne.maxi):
            raise Illisible(f"« {extrait(valeur)} » est hors des bornes ({_bornes(colonne)}).")
        return nombre

    return lire


def _entre(nombre: float, mini: float | None, maxi: float | None) -> bool:
    return (mini is None or mini <= nombre) and (maxi is None or nombre <= maxi)


def _bornes(colonne: Colonne) -> str:
    bornes = []
    if colonne.mini is not None:
        bornes.append(f"au moins {colonne.mini:g}")
    if colonne.maxi is not None:
        bornes.append(f"au plus {colonne.maxi:g}")
    return ", ".join(bornes)


_LECTEURS: dict[Genre, Callable[[Colonne], Lecteur]] = {
    "texte": _texte,
    "code": _code,
    "codes": _codes,
    "date": _date,
    "heure": _heure,
    "nombre": _nombre,
}
