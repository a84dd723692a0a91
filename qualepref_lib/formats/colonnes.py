"""What each column must hold, and the check that turns text into typed columns.

A :class:`Colonne` says the rule once; :func:`check_colonnes` applies every rule to every cell and
reports all that is wrong. Values are checked once per distinct value, so a million rows cost
little more than their distinct contents.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import pandas as pd

from qualepref_lib.core.refus import Releve, proche, sans_accent

Genre = Literal["texte", "code", "codes", "date", "nombre"]


@dataclass(frozen=True)
class Colonne:
    """One column: its name, its kind, whether it must be there, be filled, and what is known.

    ``connus`` maps each admitted code to its label; the file may hold either. ``nature`` is how a
    refusal names it (« un code de critère »). ``mini`` and ``maxi`` bound a number.
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


class Illisible(ValueError):
    """A cell that cannot be read; ``str()`` is the French finding."""


def check_colonnes(
    brut: pd.DataFrame, colonnes: tuple[Colonne, ...], nom: str, releve: Releve
) -> pd.DataFrame:
    """Type the columns of ``brut`` (all text); problems and remarks go to ``releve``.

    Returns one column per :class:`Colonne`, in their order, same index: text and codes as str
    (None when empty), ``codes`` as tuples of str, dates as datetime64, numbers as float64.
    """
    presentes = _reconnaitre(list(brut.columns), colonnes, nom, releve)
    typees = {}
    for colonne in colonnes:
        entete = presentes.get(colonne.nom)
        cellules = brut[entete] if entete else pd.Series("", index=brut.index, dtype=str)
        typees[colonne.nom] = _typer(cellules, colonne, nom, releve, absente=entete is None)
    return pd.DataFrame(typees, index=brut.index)


def _reconnaitre(
    entetes: list[str], colonnes: tuple[Colonne, ...], nom: str, releve: Releve
) -> dict[str, str]:
    """Which header stands for which column; spelling may differ in case, accents and spaces."""
    par_forme = {sans_accent(entete): entete for entete in entetes}
    presentes = {
        c.nom: par_forme[sans_accent(c.nom)] for c in colonnes if sans_accent(c.nom) in par_forme
    }
    inconnus = [entete for entete in entetes if entete not in presentes.values()]
    absentes = [c.nom for c in colonnes if c.nom not in presentes]
    for entete in inconnus:
        _signaler_entete(entete, absentes, nom, releve)
    for colonne in colonnes:
        if colonne.requise and colonne.nom not in presentes:
            releve.signaler(
                nom,
                "la colonne manque.",
                ligne=1,
                colonne=colonne.nom,
                connus=tuple(entetes),
                voisin=proche(colonne.nom, inconnus),
                remede="ajouter la colonne ou corriger son nom dans l'en-tête.",
            )
    return presentes


def _signaler_entete(entete: str, absentes: list[str], nom: str, releve: Releve) -> None:
    voisin = proche(entete, absentes)
    if voisin:
        releve.signaler(nom, "la colonne n'est pas connue.", ligne=1, colonne=entete, voisin=voisin)
    else:
        releve.remarquer(nom, "la colonne n'est pas utilisée.", ligne=1, colonne=entete or "(vide)")


def _typer(
    cellules: pd.Series, colonne: Colonne, nom: str, releve: Releve, *, absente: bool
) -> pd.Series:
    lire = _LECTEURS[colonne.genre]
    lus: dict[str, Any] = {"": () if colonne.genre == "codes" else None}
    faux: dict[str, str] = {}
    for valeur in cellules.unique():
        if valeur:
            try:
                lus[valeur] = lire(valeur, colonne)
            except Illisible as erreur:
                faux[valeur], lus[valeur] = str(erreur), lus[""]
    for ligne, valeur in cellules[cellules.isin(list(faux))].items():
        _signaler_cellule(nom, int(str(ligne)), colonne, valeur, faux[valeur], releve)
    if colonne.remplie and not absente:
        for ligne in cellules.index[cellules == ""]:
            releve.signaler(
                nom,
                "la cellule est vide.",
                ligne=int(ligne),
                colonne=colonne.nom,
                remede="la remplir.",
            )
    return _serie(cellules, lus, colonne)


def _serie(cellules: pd.Series, lus: dict[str, Any], colonne: Colonne) -> pd.Series:
    if colonne.genre == "date":
        return pd.to_datetime(cellules.map(lus), format="ISO8601")
    if colonne.genre == "nombre":
        return cellules.map(lus).astype("float64")
    return pd.Series([lus[valeur] for valeur in cellules], index=cellules.index, dtype=object)


def _signaler_cellule(
    nom: str, ligne: int, colonne: Colonne, valeur: str, constat: str, releve: Releve
) -> None:
    connus = tuple(libelle or code for code, libelle in colonne.connus.items())
    if colonne.nature.startswith("un code"):
        connus = tuple(colonne.connus)
    releve.signaler(
        nom,
        constat,
        ligne=ligne,
        colonne=colonne.nom,
        connus=connus,
        voisin=proche(valeur, connus) if connus else None,
    )


def _lire_texte(valeur: str, colonne: Colonne) -> str:
    return valeur


def _lire_code(valeur: str, colonne: Colonne) -> str:
    formes = {sans_accent(libelle): code for code, libelle in colonne.connus.items() if libelle}
    formes |= {sans_accent(code): code for code in colonne.connus}
    code = formes.get(sans_accent(valeur))
    if code is None:
        raise Illisible(f"« {valeur} » n'est pas {colonne.nature}.")
    return code


def _lire_codes(valeur: str, colonne: Colonne) -> tuple[str, ...]:
    coupe = [v.strip() for v in re.split(r"[ ,]+" if colonne.separateur == " " else r"\|", valeur)]
    return tuple(_lire_code(v, colonne) for v in coupe if v)


def _lire_nombre(valeur: str, colonne: Colonne) -> float:
    plat = re.sub(r"[\s\u00a0\u202f]", "", valeur).replace(",", ".").removesuffix("%")
    try:
        nombre = float(plat)
    except ValueError:
        raise Illisible(f"« {valeur} » n'est pas un nombre.") from None
    if not _entre(nombre, colonne.mini, colonne.maxi):
        raise Illisible(f"« {valeur} » est hors des bornes ({_bornes(colonne)}).")
    return nombre


def _entre(nombre: float, mini: float | None, maxi: float | None) -> bool:
    bas = float("-inf") if mini is None else mini
    haut = float("inf") if maxi is None else maxi
    return bas <= nombre <= haut and nombre not in (float("inf"), float("-inf"))


def _bornes(colonne: Colonne) -> str:
    bornes = []
    if colonne.mini is not None:
        bornes.append(f"au moins {colonne.mini:g}")
    if colonne.maxi is not None:
        bornes.append(f"au plus {colonne.maxi:g}")
    return ", ".join(bornes) or "fini"


_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]\d{1,2}:\d{2}.*)?$")
_FRANCAISE = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?: \d{1,2}:\d{2}.*)?$")


def lire_date(valeur: str) -> dt.date:
    """A day written ``AAAA-MM-JJ`` or ``jj/mm/aaaa``, an hour after it ignored.

    >>> lire_date("29/03/2022"), lire_date("2022-03-29 10:15")
    (datetime.date(2022, 3, 29), datetime.date(2022, 3, 29))
    """
    if trouve := _ISO.match(valeur):
        annee, mois, jour = (int(g) for g in trouve.groups())
    elif trouve := _FRANCAISE.match(valeur):
        jour, mois, annee = (int(g) for g in trouve.groups())
    else:
        raise Illisible(f"« {valeur} » n'est pas une date (attendu : jj/mm/aaaa ou AAAA-MM-JJ).")
    try:
        return dt.date(annee, mois, jour)
    except ValueError:
        raise Illisible(f"« {valeur} » n'existe pas dans le calendrier.") from None


def _lire_date(valeur: str, colonne: Colonne) -> str:
    return lire_date(valeur).isoformat()


_LECTEURS: dict[str, Callable[[str, Colonne], Any]] = {
    "texte": _lire_texte,
    "code": _lire_code,
    "codes": _lire_codes,
    "date": _lire_date,
    "nombre": _lire_nombre,
}
