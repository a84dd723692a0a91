"""A column's rule, and the reader of its cells: text in, typed value out, or the French finding."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from qualepref_lib.core.francais import enumeration
from qualepref_lib.core.refus import extrait, sans_accent
from qualepref_lib.core.valeurs import (
    ERREUR_DE_TABLEUR,
    ORIGINE,
    SECONDES,
    Illisible,
    lire_date,
    lire_duree,
    lire_heure,
    lire_nombre,
)

Genre = Literal["texte", "code", "codes", "date", "heure", "nombre"]
Lecteur = Callable[[str], Any]

NON_CALCULEE = "=(non calculée)"
"""What the frame of a workbook holds where a formula has no stored value."""

_REMEDES = {
    "code": "écrire l’une des valeurs connues.",
    "codes": "n’écrire que des valeurs connues.",
    "date": "écrire la date comme 29/03/2022 ou 2022-03-29.",
    "heure": "écrire l’heure comme 09:05 ou 9h05.",
    "nombre": "écrire un nombre seul, sans unité ni texte.",
}
_HORLOGE = re.compile("[0-9]+:[0-9]{2}(:[0-9]{2})?")
# What a spreadsheet makes of a code such as 1.10 or 1.01: a number, or a day.
_TABLEUR = re.compile(
    r"[0-9]+[.,][0-9]|[0-9]+|[0-9]{1,2}[/-][0-9]{1,2}([/-][0-9]{2,4})?|[a-zéû]{3,4}\.?-[0-9]{2}"
)


@dataclass(frozen=True)
class Colonne:
    """One column: its name, its kind, whether it must be there, be filled, and what is known.

    ``connus`` maps each admitted code to its label; the file may hold either. ``nature`` is how a
    refusal names it (« un code de critère »). ``mini`` and ``maxi`` bound a number, ``entier``
    wants it whole; ``unite`` is the unit of a number that is a duration. A column that is not
    ``lue`` is there for the person who fills the file in: whatever it holds is no problem.

    ``categories`` keeps the cells as a pandas Categorical of the known codes, in their order
    (``degres`` when the order means something), rather than as texts: a survey has a million
    rows and a few answers.

    ``precise`` names the column whose answer « Autre » this free text tells: such a column is in
    the frame only where the file, or its mapping, has something to put there.

    The last four say how one file writes the column, when a mapping file describes it: the
    header that is shown (``titre``), the unit of its durations, what to do about a wrong value,
    and what else a wrong value may have been meant for.
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
    unite: Literal["s", "min", "h"] = "s"
    lue: bool = True
    categories: Literal["", "nominales", "degres"] = ""
    precise: str = ""
    titre: str = ""
    unite_lue: str = ""
    conseil: str = ""
    voisins: tuple[str, ...] = ()

    @property
    def montre(self) -> str:
        """How a refusal names the column: its header in the file, with our name beside it."""
        return f"{self.titre} (pour {self.nom})" if self.titre else self.nom

    @property
    def montres(self) -> tuple[str, ...]:
        """What a refusal lists as known: codes where codes are written, labels elsewhere."""
        if self.nature.startswith("un code"):
            return tuple(self.connus)
        return tuple(libelle or code for code, libelle in self.connus.items())

    def remede(self, valeur: str) -> str:
        """What to do about a wrong value."""
        if ERREUR_DE_TABLEUR.fullmatch(valeur):
            return "corriger la formule dans le tableur, ou écrire la valeur à sa place."
        if valeur == NON_CALCULEE:
            return "ouvrir le classeur dans le tableur, l’enregistrer, puis recommencer."
        if self.conseil:
            return self.conseil
        if self.nature.startswith("un code") and _TABLEUR.fullmatch(valeur.lower()):
            return "mettre la colonne au format Texte dans le tableur, puis réécrire le code."
        if self.genre == "nombre" and _HORLOGE.fullmatch(valeur):
            unites = f"« unites: {{{self.nom}: … }} »"
            return f"écrire un nombre seul, ou dire {unites} dans un fichier .association.yaml."
        return _REMEDES.get(self.genre, "")

    def fautive(self, valeur: str) -> str:
        """The part of the cell that is not known: the first wrong one of several codes."""
        if self.genre != "codes":
            return valeur
        formes = formes_de(self)
        return next((v for v in couper(valeur, self) if sans_accent(v) not in formes), valeur)


def lecteur_de(colonne: Colonne, origine: dt.date = ORIGINE) -> Lecteur:
    """The function that reads one cell of ``colonne``; it raises :class:`Illisible`.

    ``origine`` is day zero of the workbook that the cell comes from.
    """
    if not colonne.lue:
        return _texte(colonne)
    lire = _date(origine) if colonne.genre == "date" else _LECTEURS[colonne.genre](colonne)

    def lire_cellule(valeur: str) -> Any:
        if ERREUR_DE_TABLEUR.fullmatch(valeur):
            raise Illisible(f"« {valeur} » est une erreur de formule, pas une valeur.")
        if valeur == NON_CALCULEE:
            raise Illisible(
                "la formule n’a pas de valeur enregistrée : un programme a écrit le classeur, "
                "aucun tableur ne l’a encore calculé."
            )
        return lire(valeur)

    return lire_cellule


def couper(valeur: str, colonne: Colonne) -> list[str]:
    """The codes that one cell holds."""
    coupe = r"[\s,;]+" if colonne.separateur == " " else r"\|"
    return [v.strip() for v in re.split(coupe, valeur) if v.strip()]


def formes_de(colonne: Colonne) -> dict[str, str]:
    """The code for each form in which a cell may write it: the code itself, or its label."""
    formes = {sans_accent(libelle): code for code, libelle in colonne.connus.items() if libelle}
    return formes | {sans_accent(code): code for code in colonne.connus}


def _texte(colonne: Colonne) -> Lecteur:
    return lambda valeur: valeur


def _code(colonne: Colonne) -> Lecteur:
    formes = formes_de(colonne)

    def lire(valeur: str) -> str:
        code = formes.get(sans_accent(valeur))
        if code is None:
            raise Illisible(f"« {extrait(valeur)} » n’est pas {colonne.nature}.")
        return code

    return lire


def _codes(colonne: Colonne) -> Lecteur:
    formes = formes_de(colonne)

    def lire(valeur: str) -> tuple[str, ...]:
        parties = couper(valeur, colonne)
        if not formes:  # codes that only the table itself knows
            return tuple(dict.fromkeys(parties))
        fausses = list(dict.fromkeys(p for p in parties if sans_accent(p) not in formes))
        if len(fausses) > 1:
            vues = enumeration([f"« {extrait(p)} »" for p in fausses[:8]])
            raise Illisible(f"{vues} : aucun n’est {colonne.nature}.")
        if fausses:
            raise Illisible(f"« {extrait(fausses[0])} » n’est pas {colonne.nature}.")
        return tuple(dict.fromkeys(formes[sans_accent(p)] for p in parties))

    return lire


def _date(origine: dt.date) -> Lecteur:
    return lambda valeur: lire_date(valeur, origine).isoformat()


def _heure(colonne: Colonne) -> Lecteur:
    return lire_heure


def _nombre(colonne: Colonne) -> Lecteur:
    def lire(valeur: str) -> float:
        nombre = _lire_nombre(valeur, colonne)
        if colonne.entier and nombre != int(nombre):
            raise Illisible(f"« {extrait(valeur)} » n’est pas un nombre entier.")
        if not _entre(nombre, colonne.mini, colonne.maxi):
            raise Illisible(f"« {extrait(valeur)} » est hors des bornes ({_bornes(colonne)}).")
        return nombre

    return lire


def _lire_nombre(valeur: str, colonne: Colonne) -> float:
    if colonne.unite_lue:
        # Twelve decimals: what is left of a tenth of a second is no part of the data.
        return round(lire_duree(valeur, colonne.unite_lue) / SECONDES[colonne.unite], 12)
    return lire_nombre(valeur)


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
    "heure": _heure,
    "nombre": _nombre,
}
