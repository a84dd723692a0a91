"""Which coefficient of agreement to read, in words; and whether one tester notes differently.

No scale of words (« bon », « excellent ») is put on a coefficient: those in use, Landis and
Koch's (1977) first, are conventions that their authors called arbitrary.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np

from qualepref_lib.core.accords import (
    GRAINE,
    Accord,
    Poids,
    ac1,
    alpha,
    kappa_cohen,
    kappa_fleiss,
)
from qualepref_lib.core.codages import Codage, Entiers, Matrice, load_codage
from qualepref_lib.core.comparaisons import dire_p, holm
from qualepref_lib.core.francais import nombre, pluriel, pourcentage, typographie
from qualepref_lib.core.krippendorff import Metrique
from qualepref_lib.core.mesures import Taux

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


@dataclass(frozen=True)
class Derive:
    """One tester against the others, on what they rated together.

    ``plus_favorable`` and ``plus_severe`` count the visits where the tester's ratings are above
    or below those of the others; ``p`` is the exact sign test of those two numbers.
    """

    testeur: str
    siens: Taux
    autres: Taux
    visites: int
    plus_favorable: int
    plus_severe: int
    p: float | None
    p_ajustee: float | None = None
    famille: int = 1


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


def comparer_testeurs(
    notes: Matrice,
    testeurs: Sequence[str],
    *,
    favorable: Any = "oui",
    defavorable: Any = "non",
    grappes: Sequence[Any] | None = None,
) -> tuple[Derive, ...]:
    """Compare each tester (a column) with the others on the units that both have rated.

    Ratings other than the two are left out. The p-values are adjusted (Holm) over the testers;
    with two testers there is one comparison, seen from both sides.
    """
    tableau = np.asarray(notes, dtype=object).reshape(-1, len(testeurs))
    oui, non = tableau == favorable, tableau == defavorable
    numeros = np.arange(len(tableau)) if grappes is None else _numeros(grappes)
    derives = [
        _comparer(nom, oui, oui | non, colonne, numeros) for colonne, nom in enumerate(testeurs)
    ]
    testees = [derive for derive in derives if derive.p is not None]
    famille = 1 if len(testees) == 2 else len(testees)
    ajustees = [d.p for d in derives] if famille == 1 else list(holm([d.p for d in derives]))
    return tuple(
        replace(derive, p_ajustee=p, famille=max(famille, 1))
        for derive, p in zip(derives, ajustees, strict=True)
    )


def dire_derive(derive: Derive, risque: float = 0.05) -> str:
    """The sentence about one tester; no test below ten visits.

    >>> dire_derive(Derive("T1", Taux(3, 4), Taux(2, 4), 4, 1, 0, 1.0))
    'T1\\xa0: favorable 3 sur 4, les autres 2 sur 4\\u202f; trop peu pour comparer.'
    """
    if not derive.visites:
        return typographie(f"{derive.testeur} : rien de noté en commun avec un autre.")
    petit = derive.visites < MINIMUM
    siens, autres = (t.fraction if petit else str(t) for t in (derive.siens, derive.autres))
    tete = f"{derive.testeur} : favorable {siens}, les autres {autres}"
    if petit or derive.p_ajustee is None:
        return typographie(f"{tete} ; trop peu pour comparer.")
    sens = "plus favorable" if derive.plus_favorable > derive.plus_severe else "plus sévère"
    verdict = f"note {sens} que les autres" if derive.p_ajustee < risque else "pas d’écart démontré"
    ajuste = f", ajusté pour {derive.famille} testeurs" if derive.famille > 1 else ""
    return typographie(
        f"{tete} ; plus favorable {derive.plus_favorable} fois, plus sévère {derive.plus_severe} "
        f"fois : {verdict} (test des signes, {dire_p(derive.p_ajustee)}{ajuste})."
    )


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


def _numeros(grappes: Sequence[Any]) -> Entiers:
    return np.unique(np.asarray(grappes), return_inverse=True)[1].reshape(-1).astype(np.int64)


def _comparer(testeur: str, oui: Any, notes: Any, colonne: int, numeros: Entiers) -> Derive:
    """One column against the rest: boolean matrices « favourable » and « rated »."""
    autres_n = notes.sum(axis=1) - notes[:, colonne]
    autres_oui = oui.sum(axis=1) - oui[:, colonne]
    commun = notes[:, colonne] & (autres_n > 0)
    ecarts = oui[commun, colonne] - autres_oui[commun] / autres_n[commun]
    # Criteria of one visit stand or fall together: the sign is that of the visit.
    signes = np.bincount(numeros[commun], weights=ecarts).round(9)
    plus, moins = int((signes > 0).sum()), int((signes < 0).sum())
    visites = len(set(numeros[commun].tolist()))
    return Derive(
        testeur,
        Taux(int(oui[commun, colonne].sum()), int(commun.sum())),
        Taux(int(autres_oui[commun].sum()), int(autres_n[commun].sum())),
        visites,
        plus,
        moins,
        _signes(plus, moins) if visites else None,
    )


def _signes(plus: int, moins: int) -> float:
    """The exact two-sided sign test: as unequal a split of ``plus + moins`` fair coins, or more."""
    lances = plus + moins
    queue = sum(math.comb(lances, k) for k in range(min(plus, moins) + 1))
    return float(min(Fraction(1), Fraction(2 * queue, 2**lances)))
