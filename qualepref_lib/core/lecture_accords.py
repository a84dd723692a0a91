"""Which coefficient of agreement to read, in words.

No scale of words (« bon », « excellent ») is put on a coefficient: those in use, Landis and
Koch's (1977) first, are conventions that their authors called arbitrary.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from qualepref_lib.core.accords import (
    GRAINE,
    Accord,
    Poids,
    ac1,
    alpha,
    kappa_cohen,
    kappa_fleiss,
)
from qualepref_lib.core.codages import Codage, Matrice, load_codage
from qualepref_lib.core.francais import nombre, pluriel, pourcentage, typographie
from qualepref_lib.core.krippendorff import Metrique

MINIMUM = 10
"""Below this many visits rated twice, the counts are said and no coefficient."""

PART_DOMINANTE = 0.8
"""From this share of one same word on, kappa is not read (a convention of the house).

The paradox is Feinstein and Cicchetti's (1990); they give no threshold, so both are printed.
"""


@dataclass(frozen=True)
class LectureAccord:
    """The coefficient to read (None: only the counts), all that were computed, the sentence."""

    lu: Accord | None
    accords: tuple[Accord, ...]
    phrase: str


def lire_accord(
    notes: Matrice,
    categories: Sequence[Any] | None = None,
    *,
    ordonnees: bool = False,
    grappes: Sequence[Any] | None = None,
    niveau: float = 0.95,
    nom: str = "test",
    noms: str | None = None,
    graine: int = GRAINE,
) -> LectureAccord:
    """Choose what to read: counts, raw agreement, AC1, kappa (two coders) or alpha (more).

    ``categories`` are all that could be given, in their order if ``ordonnees`` (quadratic
    weights, ordinal alpha). ``nom`` is what was rated twice: the visit when ``grappes`` is given.

    >>> lire_accord([["oui", "oui"]] * 6, ["oui", "non"]).phrase
    '2 testeurs, 6 tests en double, notes identiques\\xa0: 6 sur 6. C’est trop peu pour un \
coefficient (il en faut 10)\\xa0: seuls ces effectifs se lisent.'
    """
    lues = load_codage(notes, categories, grappes, ordonnees)
    doubles = lues.en_double
    if not len(doubles.rangs):
        vide = "Rien n’a été noté par deux testeurs : l’accord ne se mesure pas."
        return LectureAccord(None, (), typographie(vide))
    accords = _mesurer(lues, ordonnees, niveau, graine)
    kappa, ac = accords[0], accords[1]
    mot, part = _dominante(doubles)
    lu: Accord | None = None
    if kappa.independantes < MINIMUM:
        suite = (
            f"C’est trop peu pour un coefficient (il en faut {MINIMUM}) : "
            "seuls ces effectifs se lisent."
        )
    elif part == 1:
        suite = (
            f"Toutes les notes sont « {mot} » : aucun coefficient ne sépare alors l’accord du "
            "hasard, il est sans objet ; l’accord brut reste."
        )
    elif part >= PART_DOMINANTE and ac.valeur is not None:
        lu, suite = ac, f"{_dire(ac)} {_ecarter(kappa, mot, part)}"
    else:
        lu = kappa if kappa.n_codeurs == 2 else accords[2]
        suite = _dire(lu)
    return LectureAccord(lu, accords, typographie(f"{_dire_brut(kappa, nom, noms)} {suite}"))


def _mesurer(
    lues: Codage, ordonnees: bool, niveau: float, graine: int
) -> tuple[Accord, Accord, Accord]:
    """Kappa (Cohen's for two coders, else Fleiss'), AC1, alpha."""
    poids: Poids = "quadratique" if ordonnees else "aucun"
    metrique: Metrique = "ordinale" if ordonnees else "nominale"
    deux = lues.en_double.rangs.shape[1] == 2
    return (
        kappa_cohen(lues, poids=poids, niveau=niveau)
        if deux
        else kappa_fleiss(lues, niveau=niveau),
        ac1(lues, niveau=niveau),
        alpha(lues, metrique, niveau=niveau, graine=graine),
    )


def _dominante(doubles: Codage) -> tuple[Any, float]:
    fois = doubles.effectifs.sum(axis=0)
    return doubles.categories[int(fois.argmax())], float(fois.max() / fois.sum())


def _dire_brut(accord: Accord, nom: str, noms: str | None) -> str:
    brut = accord.brut.fraction if accord.independantes < MINIMUM else str(accord.brut)
    quoi = "notes identiques" if accord.n_codeurs == 2 else "paires de notes identiques"
    visites = pluriel(accord.independantes, nom, noms)
    return f"{pluriel(accord.n_codeurs, 'testeur')}, {visites} en double, {quoi} : {brut}."


def _dire(accord: Accord) -> str:
    texte = f"On lit : {accord} ; 1 est l’accord parfait, 0 celui du hasard."
    if accord.intervalle is None:
        return texte + " Sa marge ne se calcule pas" + _marge_brute(accord)
    if accord.intervalle[0] <= 0:
        return texte + " L’intervalle contient 0 : l’accord ne se distingue pas du hasard."
    return texte


def _marge_brute(accord: Accord) -> str:
    """The margin of the raw agreement where it has one: two coders, independent units."""
    if accord.n_codeurs != 2 or accord.n_grappes is not None:
        return "."
    bas, haut = (pourcentage(borne) for borne in accord.brut.intervalle())
    return f" ; celle de l’accord brut va de {bas} à {haut} (Wilson)."


def _ecarter(kappa: Accord, mot: Any, part: float) -> str:
    valeur = "sans objet" if kappa.valeur is None else nombre(kappa.valeur, 2)
    return (
        f"Le {kappa.coefficient} ({valeur}) ne se lit pas ici : {pourcentage(part)} des notes "
        f"sont « {mot} », et il s’effondre alors au moindre désaccord."
    )
