"""What people wrote under « Autre »: a mapping reads it as an answer, its text is kept beside it.

It stands in a box that any text ticks, or in a cell where an unknown text stands for « Autre ».
A column of ours that ``precise`` a question receives it; where nobody wrote anything there is none.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from qualepref_lib.core.refus import sans_accent
from qualepref_lib.formats.brut import factorize
from qualepref_lib.formats.cellules import Colonne, formes_de
from qualepref_lib.formats.multiples import NON_COCHEES, Case, cut_reponses, serrer
from qualepref_lib.formats.reponses_associees import Lecture, case_de
from qualepref_lib.formats.tetes import forme_entete


def find_precisions(
    lecture: Lecture, colonnes: Mapping[str, Colonne], valeurs: Mapping[str, pd.Series]
) -> dict[str, pd.Series]:
    """The texts of each column that tells « Autre » and has no header of its own.

    ``valeurs`` are the cells of the other columns, as the file writes them.
    """
    lues = {}
    for nom, colonne in colonnes.items():
        precisee = colonnes.get(colonne.precise)
        if precisee is not None and nom not in valeurs:
            textes = _precise(lecture, precisee, valeurs.get(precisee.nom))
            if textes is not None and (textes != "").any():
                lues[nom] = textes
    return lues


def _precise(lecture: Lecture, colonne: Colonne, serie: pd.Series | None) -> pd.Series | None:
    dit, nom = lecture.dit, colonne.nom
    if nom in dit.cases and dit.libres:
        decochent = NON_COCHEES | {sans_accent(v) for v in dit.non_cochees}
        return _join_textes(lecture.brut, _boites(lecture, colonne), decochent)
    if serie is None or not dit.autres.get(nom):
        return None
    coupe = dit.separateurs[nom].strip() or " " if nom in dit.separateurs else ""
    leurs = (sans_accent(v) or v.strip() for v in dit.valeurs.get(nom, {}))
    return _find_textes(serie, coupe, {"", *formes_de(colonne), *leurs})


def _boites(lecture: Lecture, colonne: Colonne) -> list[Case]:
    """The boxes of a question that any text ticks; what the file has not was told already."""
    entetes = reversed([str(e) for e in lecture.brut.columns if e])
    connus = {forme_entete(entete): entete for entete in entetes}
    cases = [
        case_de(lecture.dit, valeur, connus[forme], colonne)
        for valeur, voulus in lecture.dit.cases[colonne.nom].items()
        for forme in map(forme_entete, voulus)
        if forme in connus
    ]
    return [case for case in cases if case.libre]


def _join_textes(
    brut: pd.DataFrame, cases: Sequence[Case], decochent: frozenset[str] = NON_COCHEES
) -> pd.Series:
    """What was written in the boxes that any text ticks; empty where they only say a plain yes."""
    textes = pd.Series("", index=brut.index, dtype=object)
    for case in cases:
        rangs, valeurs = factorize(brut[case.entete])
        dits = [str(v).strip() for v in valeurs]
        muets = {*decochent, *case.cochent}
        dits = ["" if (sans_accent(dit) or dit) in muets else dit for dit in dits]
        textes = _joindre(textes, np.array([*dits, ""], dtype=object)[rangs])
    return textes


def _find_textes(serie: pd.Series, coupe: str, formes: Iterable[str]) -> pd.Series:
    """What each cell holds that is no known answer: what was written under « Autre ».

    ``coupe`` is what separates several answers, empty where a cell holds one.
    """
    connues = frozenset(formes)
    serrees = {serrer(forme, coupe) for forme in connues} if coupe else connues
    rangs, valeurs = factorize(serie)
    dits = [_inconnus(str(v), coupe, serrees) for v in valeurs]
    return pd.Series(np.array([*dits, ""], dtype=object)[rangs], index=serie.index, dtype=object)


def _inconnus(valeur: str, coupe: str, connues: Iterable[str]) -> str:
    if not coupe:
        return "" if (sans_accent(valeur) or valeur.strip()) in connues else valeur.strip()
    lues = cut_reponses(valeur, coupe, connues)
    return " ; ".join(v for v in lues if serrer(sans_accent(v), coupe) not in connues)


def _joindre(textes: pd.Series, autres: npt.NDArray[np.object_]) -> pd.Series:
    """The texts of two boxes of one person, side by side."""
    lien = np.where((textes != "") & (autres != ""), " ; ", "")
    return textes + lien + autres
