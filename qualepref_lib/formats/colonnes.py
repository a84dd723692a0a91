"""What each column must hold, and the check that turns text into typed columns.

A :class:`Colonne` says the rule once; :func:`check_colonnes` applies every rule to every cell and
reports all that is wrong. Values are read once per distinct value, and a wrong value is told once
with all its lines, so a million rows cost little more than their distinct contents.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from qualepref_lib.core.categories import translate
from qualepref_lib.core.refus import Probleme, Releve, proche
from qualepref_lib.core.valeurs import ORIGINE, Illisible, lire_date
from qualepref_lib.formats.brut import INCOMPLETES, LETTRES, ORIGINE_DES_JOURS, factorize
from qualepref_lib.formats.cellules import Colonne, lecteur_de
from qualepref_lib.formats.entetes import find_entetes

DISTINCTES = 5_000
"""Beyond this many distinct days with their hours, the days are read apart from the hours."""

_HEURE = re.compile(r"[0-9]{1,2}[:h][0-9]{2}")
# A formula that failed (#N/A, Err:502) or was never computed (=…); the rest is read as it is.
_SUSPECTS = ("#", "E", "=")

__all__ = ["Colonne", "Illisible", "check_colonnes", "lire_date"]


def check_colonnes(
    brut: pd.DataFrame, colonnes: tuple[Colonne, ...], nom: str, releve: Releve
) -> pd.DataFrame:
    """Type the columns of ``brut`` (all text); problems and remarks go to ``releve``.

    Returns one column per :class:`Colonne` (but those that only tell what « Autre » was, where
    the file has none), in their order, same index: text and codes as str
    (None when empty), ``codes`` as tuples of str, dates as datetime64, hours (in minutes since
    midnight) and numbers as float64.
    """
    presentes = find_entetes(brut, colonnes, nom, releve)
    typees = {}
    for colonne in colonnes:
        entete = presentes.get(colonne.nom)
        absente = entete is None
        if absente and colonne.precise:
            continue
        cellules = pd.Series("", index=brut.index, dtype=str) if absente else brut[entete]
        if colonne.genre == "texte" and not colonne.categories and is_sure(cellules):
            typees[colonne.nom] = cellules.astype(object)
            continue
        if colonne.remplie and not absente:
            _verifier_remplie(cellules, colonne, nom, releve)
        lettre = brut.attrs.get(LETTRES, {}).get(entete, "")
        origine = brut.attrs.get(ORIGINE_DES_JOURS, ORIGINE)
        typees[colonne.nom] = _typer(cellules, colonne, lettre, origine, nom, releve)
    cadre = pd.DataFrame(typees, index=brut.index, copy=False)
    cadre.attrs = {cle: brut.attrs[cle] for cle in (INCOMPLETES,) if cle in brut.attrs}
    return cadre


def _verifier_remplie(cellules: pd.Series, colonne: Colonne, nom: str, releve: Releve) -> None:
    vides = tuple(int(ligne) for ligne in cellules.index[cellules == ""])
    if vides:
        releve.signaler(
            nom,
            "la cellule est vide.",
            ligne=vides[0],
            autres=vides[1:],
            colonne=colonne.montre,
            remede="la remplir.",
        )


def _typer(
    cellules: pd.Series, colonne: Colonne, lettre: str, origine: Any, nom: str, releve: Releve
) -> pd.Series:
    """Read each distinct value once, then give every cell its own."""
    rangs, valeurs = factorize(cellules)
    if colonne.genre == "date" and len(valeurs) > DISTINCTES:
        return _typer_jours(cellules, colonne, lettre, origine, nom, releve)
    lus, faux = read_valeurs(valeurs, colonne, origine)
    for rang, constat in faux.items():
        if releve.plein(nom, colonne.montre):
            releve.taire(nom, colonne.montre)
        elif lignes := [int(ligne) for ligne in cellules.index[rangs == rang]]:
            releve.ajouter(_probleme(valeurs[rang], constat, lignes, lettre, colonne, nom))
    if colonne.categories:
        return pd.Series(new_categories(rangs, lus, colonne), index=cellules.index)
    tableau = _tableau(lus, colonne)
    # The type is said: from text, pandas would make strings whose empty cells are NaN, not None.
    return pd.Series(tableau[rangs], index=cellules.index, dtype=tableau.dtype)


def is_sure(cellules: pd.Series) -> bool:
    """Whether texts may stand as they are: none is empty, or suspect of being no text at all.

    Joined, they are searched at once; where one of them holds a null, the answer may be a wrong no.
    """
    if isinstance(cellules.dtype, pd.CategoricalDtype):
        return False
    joints = "\0".join(["", *cellules.to_numpy(dtype=object), ""])
    return not any(f"\0{signe}" in joints for signe in ("\0", *_SUSPECTS))


def _typer_jours(
    cellules: pd.Series, colonne: Colonne, lettre: str, origine: Any, nom: str, releve: Releve
) -> pd.Series:
    """Days with their hours are nearly all distinct: what is read is the day, and the rest apart.

    A day or an hour that cannot be read gives the whole cell back to the ordinary way.
    """
    textes = cellules.astype(object)
    jours, _, suites = zip(*(texte.partition(" ") for texte in textes), strict=True)
    rangs, valeurs = pd.factorize(np.array(jours, dtype=object))
    lus, faux = read_valeurs(valeurs, colonne, origine)
    apres, heures = pd.factorize(np.array(suites, dtype=object))
    justes = np.array([not h or _HEURE.match(h) is not None for h in heures], dtype=bool)[apres]
    for rang in faux:
        justes &= rangs != rang
    serie = pd.Series(_tableau(lus, colonne)[rangs], index=cellules.index)
    if not justes.all():
        restes = textes[~justes]
        for valeur in restes.unique():
            _, fausses = read_valeurs([valeur], colonne, origine)
            lignes = [int(ligne) for ligne in restes.index[restes == valeur]]
            for constat in fausses.values():
                releve.ajouter(_probleme(valeur, constat, lignes, lettre, colonne, nom))
        serie[~justes] = pd.NaT
    return serie


def read_valeurs(
    valeurs: Sequence[str], colonne: Colonne, origine: Any = ORIGINE
) -> tuple[list[Any], dict[int, str]]:
    """Each distinct value as the column types it, and what is wrong with some, by their rank."""
    lire = lecteur_de(colonne, origine)
    vide: Any = () if colonne.genre == "codes" else None
    if colonne.genre == "texte":
        lus: list[Any] = [valeur or None for valeur in valeurs]
        suspects = [rang for rang, v in enumerate(valeurs) if v[:1] in _SUSPECTS]
    else:
        lus, suspects = [vide] * len(valeurs), [rang for rang, v in enumerate(valeurs) if v]
    faux: dict[int, str] = {}
    for rang in suspects:
        try:
            lus[rang] = lire(valeurs[rang]) if valeurs[rang] else vide
        except Illisible as erreur:
            lus[rang] = vide
            faux[rang] = str(erreur)
    return lus, faux


def new_categories(rangs: Any, lus: Sequence[Any], colonne: Colonne) -> pd.Categorical:
    """The cells as ranks among the known codes, or among the combinations of them that are there.

    The codes of a combination are in the order of the questionnaire, joined by « | ».
    """
    codes: Sequence[str] = list(colonne.connus)
    if colonne.genre == "codes":
        ordre = {code: n for n, code in enumerate(codes)}
        groupes = [tuple(sorted({ordre[c] for c in lu})) for lu in lus]
        codes = ["|".join(codes[n] for n in g) for g in sorted({g for g in groupes if g})]
        lus = ["|".join(list(ordre)[n] for n in groupe) for groupe in groupes]
    places = {code: n for n, code in enumerate(codes)}
    genre = pd.CategoricalDtype(codes, ordered=colonne.categories == "degres")
    codes_lus = translate(rangs, [places.get(lu, -1) for lu in lus])
    return pd.Categorical.from_codes(codes_lus, dtype=genre)


def _tableau(lus: list[Any], colonne: Colonne) -> Any:
    """The distinct values as an array of the column's type."""
    if colonne.genre == "date":
        return pd.to_datetime(pd.Series(lus, dtype=object), format="ISO8601").to_numpy()
    if colonne.genre in ("nombre", "heure"):
        return np.array(lus, dtype="float64")
    return pd.Series(lus, dtype=object).to_numpy()


def _probleme(
    valeur: str, constat: str, lignes: list[int], lettre: str, colonne: Colonne, nom: str
) -> Probleme:
    connus = colonne.montres
    if lettre:  # a person finds a cell of a workbook by its address
        lieu = f"cellule {lettre}{lignes[0]}" if len(lignes) == 1 else f"colonne {lettre}"
        constat = f"{constat.removesuffix('.')} ({lieu})."
    return Probleme(
        nom,
        constat,
        ligne=lignes[0],
        autres=tuple(lignes[1:]),
        colonne=colonne.montre,
        connus=connus,
        voisin=proche(colonne.fautive(valeur), (*connus, *colonne.voisins)) if connus else None,
        remede=colonne.remede(valeur),
    )
