"""Whether two testers who saw the same thing noted the same thing, beyond chance.

Every function takes ``notes``, a matrix units × coders of category codes where None (or NaN)
is a missing rating, or a ``Codage``, which is such a matrix already read. Rows of one visit are
not independent: ``grappes`` names the visit of each row, and the margins of error are then those
of as many visits, not of as many rows.

Undefined coefficients (ratings that do not vary) have the value None, « sans objet ». A margin
of zero would promise certainty after a few units without a disagreement: there is none then.

Sources: Cohen 1960, 1968; Fleiss, Cohen and Everitt 1969 (standard error); Fleiss 1971;
Gwet 2008 and 2014 (AC1, variances, missing ratings); Krippendorff 2011 (alpha). A variance by
clusters sums the same linearised terms by cluster (Taylor linearisation).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any, Literal

import numpy as np

from qualepref_lib.core.codages import Codage, Entiers, Matrice, load_codage
from qualepref_lib.core.francais import nombre
from qualepref_lib.core.intervalles import Intervalle
from qualepref_lib.core.krippendorff import (
    Metrique,
    Reels,
    alphas,
    percentiles,
    resample,
    values_of,
)
from qualepref_lib.core.mesures import Taux

Poids = Literal["aucun", "lineaire", "quadratique"]

TIRAGES = 2000
GRAINE = 2011


@dataclass(frozen=True)
class Accord:
    """A coefficient of agreement: 1 is perfect, 0 what chance would give; None, « sans objet ».

    ``n_unites`` counts the units that two coders or more have rated, ``n_grappes`` the visits
    that they come from when those are given; ``brut`` counts the pairs of ratings that are the
    same, out of all pairs made within a unit.
    """

    coefficient: str
    valeur: float | None
    intervalle: Intervalle | None
    n_unites: int
    n_codeurs: int
    brut: Taux
    methode: str = ""
    n_grappes: int | None = None

    @property
    def independantes(self) -> int:
        """How many independent things were rated twice: visits if known, else units."""
        return self.n_unites if self.n_grappes is None else self.n_grappes

    def __str__(self) -> str:
        """The name, the value, the interval.

        >>> str(Accord("kappa de Cohen", 0.4, (0.18, 0.62), 50, 2, Taux(35, 50)))
        'kappa de Cohen 0,40 [0,18 ; 0,62]'
        >>> str(Accord("kappa de Cohen", None, None, 12, 2, Taux(12, 12)))
        'kappa de Cohen sans objet'
        """
        if self.valeur is None:
            return f"{self.coefficient} sans objet"
        if self.intervalle is None:
            return f"{self.coefficient} {nombre(self.valeur, 2)}"
        bas, haut = self.intervalle
        entre = f"[{nombre(bas, 2)} ; {nombre(haut, 2)}]"
        return f"{self.coefficient} {nombre(self.valeur, 2)} {entre}"


def accord_brut(notes: Matrice | Codage) -> Taux:
    """The pairs of ratings of one unit that are the same, out of all such pairs.

    >>> str(accord_brut([["oui", "oui"], ["oui", "non"], ["non", None]]))
    '1 sur 2'
    """
    return load_codage(notes).en_double.brut


def kappa_cohen(
    notes: Matrice | Codage,
    categories: Sequence[Any] | None = None,
    *,
    poids: Poids = "aucun",
    grappes: Sequence[Any] | None = None,
    niveau: float = 0.95,
) -> Accord:
    """Cohen's kappa of two coders, weighted if asked, with its large-sample interval.

    ``categories`` is the scale in its order; it must be given for weights on words. Units that
    one coder did not rate are left out. Raises ValueError for more than two coders.

    >>> tableau = [["a", "a"]] * 20 + [["a", "b"]] * 5 + [["b", "a"]] * 10 + [["b", "b"]] * 15
    >>> str(kappa_cohen(tableau))
    'kappa de Cohen 0,40 [0,15 ; 0,65]'
    """
    lues = load_codage(notes, categories, grappes, ordonnees=poids != "aucun").en_double
    if lues.rangs.shape[1] > 2:
        raise ValueError(f"Cohen's kappa compares two coders, not {lues.rangs.shape[1]}")
    nom = "kappa de Cohen" if poids == "aucun" else f"kappa de Cohen pondéré ({_FRANCAIS[poids]})"
    methode = "erreur type de Fleiss, Cohen et Everitt (1969)"
    if not len(lues.rangs) or np.ptp(lues.rangs) == 0:
        return _accord(nom, None, None, lues, methode)
    un, autre = lues.rangs.T
    w = _poids(len(lues.categories), poids)
    lignes, colonnes = (np.bincount(x, minlength=len(w)) / len(un) for x in (un, autre))
    observe, attendu = w[un, autre].mean(), lignes @ w @ colonnes
    kappa = (observe - attendu) / (1 - attendu)
    termes = w[un, autre] - ((w @ colonnes)[un] + (lignes @ w)[autre]) * (1 - kappa)
    termes = (termes - termes.mean()) / (1 - attendu)
    marge = _marge(termes, lues.grappes, niveau, asymptotique=True)
    return _accord(nom, kappa, _autour(kappa, marge), lues, methode)


def kappa_fleiss(
    notes: Matrice | Codage,
    categories: Sequence[Any] | None = None,
    *,
    grappes: Sequence[Any] | None = None,
    niveau: float = 0.95,
) -> Accord:
    """Fleiss' kappa of two coders or more, missing ratings allowed, with Gwet's interval."""
    lues = load_codage(notes, categories, grappes)
    parts = _parts(lues)
    return _corriger("kappa de Fleiss", lues, parts @ parts.mean(axis=0), niveau)


def ac1(
    notes: Matrice | Codage,
    categories: Sequence[Any] | None = None,
    *,
    grappes: Sequence[Any] | None = None,
    niveau: float = 0.95,
) -> Accord:
    """Gwet's AC1 of two coders or more, missing ratings allowed, with Gwet's interval.

    ``categories`` are all that could be given, which counts here: with oui and non declared,
    twelve « oui » twice are an AC1 of 1; undeclared, there is one category and no AC1.

    >>> tableau = [["oui", "oui"]] * 118 + [["oui", "non"]] * 5 + [["non", "oui"]] * 2
    >>> str(ac1(tableau))
    'AC1 de Gwet 0,94 [0,90 ; 0,99]'
    """
    lues = load_codage(notes, categories, grappes)
    parts = _parts(lues)
    if len(lues.categories) < 2:
        return _accord("AC1 de Gwet", None, None, lues.en_double, _GWET)
    hasard = parts @ (1 - parts.mean(axis=0)) / (len(lues.categories) - 1)
    return _corriger("AC1 de Gwet", lues, hasard, niveau)


def alpha(
    notes: Matrice | Codage,
    metrique: Metrique = "nominale",
    categories: Sequence[Any] | None = None,
    *,
    grappes: Sequence[Any] | None = None,
    niveau: float = 0.95,
    graine: int = GRAINE,
    tirages: int = TIRAGES,
) -> Accord:
    """Krippendorff's alpha of two coders or more, missing ratings allowed.

    The interval is a percentile bootstrap over units (over ``grappes`` if given): units are
    drawn again with replacement and alpha computed anew, its chance term included. ``intervalle``
    needs numbers, ``ordinale`` numbers or the ``categories`` in their order.
    """
    lues = load_codage(notes, categories, grappes, ordonnees=metrique == "ordinale").en_double
    nom = "alpha de Krippendorff" + ("" if metrique == "nominale" else f" ({_FRANCAIS[metrique]})")
    methode = f"rééchantillonnage par centiles, {tirages} tirages, graine {graine}"
    if not len(lues.rangs) or np.ptp(lues.rangs[lues.rangs >= 0]) == 0:
        return _accord(nom, None, None, lues, methode)
    motifs, de = np.unique(lues.effectifs, axis=0, return_inverse=True)
    de = de.reshape(-1)
    valeurs = values_of(lues.categories, metrique)
    fois = np.bincount(de, minlength=len(motifs))[None, :].astype(np.float64)
    vue = float(alphas(motifs, fois, metrique, valeurs)[0])
    retires = resample(de, len(motifs), lues.grappes, graine, tirages)
    intervalle = percentiles(alphas(motifs, retires, metrique, valeurs), niveau)
    return _accord(nom, vue, intervalle, lues, methode)


_GWET = "variance de Gwet (2008, 2014)"
_FRANCAIS = {
    "lineaire": "poids linéaires",
    "quadratique": "poids quadratiques",
    "ordinale": "échelle ordonnée",
    "intervalle": "échelle d’intervalle",
}


def _accord(
    nom: str, valeur: float | None, intervalle: Intervalle | None, lues: Codage, methode: str
) -> Accord:
    unites, codeurs = lues.rangs.shape
    visites = None if lues.grappes is None else len(set(lues.grappes.tolist()))
    vue = None if valeur is None else float(valeur)
    return Accord(nom, vue, intervalle, unites, codeurs, lues.brut, methode, visites)


def _poids(categories: int, poids: Poids) -> Reels:
    if poids == "aucun":
        return np.eye(categories)
    pas = np.abs(np.subtract.outer(np.arange(categories), np.arange(categories)))
    ecart: Reels = pas / max(categories - 1, 1)
    return 1 - (ecart if poids == "lineaire" else ecart**2)


def _parts(lues: Codage) -> Reels:
    """Units × categories: the share of the unit's ratings; singly rated units count as well."""
    effectifs = lues.effectifs
    parts: Reels = effectifs / np.maximum(effectifs.sum(axis=1, keepdims=True), 1)
    return parts


def _corriger(nom: str, lues: Codage, hasard: Reels, niveau: float) -> Accord:
    """Agreement less chance; ``hasard`` is what each unit brings to the chance agreement."""
    effectifs, doubles = lues.effectifs, lues.en_double
    notes = effectifs.sum(axis=1)
    paires = notes * (notes - 1)
    if not paires.any() or (attendu := hasard.mean()) >= 1 - 1e-12:
        return _accord(nom, None, None, doubles, _GWET)
    # A unit rated once says nothing of agreement: the others stand for it, n / n' each.
    echelle = len(notes) / (paires > 0).sum() * (paires > 0)
    accords = (effectifs * (effectifs - 1)).sum(axis=1) / np.maximum(paires, 1)
    termes = echelle * (accords - attendu) / (1 - attendu)
    valeur = termes.mean()
    termes = termes - 2 * (1 - valeur) * (hasard - attendu) / (1 - attendu) - valeur
    return _accord(
        nom, valeur, _autour(valeur, _marge(termes, lues.grappes, niveau)), doubles, _GWET
    )


def _marge(
    termes: Reels, grappes: Entiers | None, niveau: float, asymptotique: bool = False
) -> float:
    """Half the interval: of the sum of the linearised ``termes``, by cluster if there are.

    Student's quantile and n − 1, as Gwet; the normal one and n for a large-sample error.
    """
    unites = len(termes)
    if grappes is not None:
        termes, asymptotique = np.bincount(grappes, weights=termes).astype(np.float64), False
    erreur = math.sqrt(float((termes**2).sum())) / unites
    if asymptotique:
        return NormalDist().inv_cdf((1 + niveau) / 2) * erreur
    libres = len(termes) - 1
    if libres < 1:
        return math.nan
    from scipy.special import stdtrit

    return float(stdtrit(libres, (1 + niveau) / 2)) * erreur * math.sqrt(1 + 1 / libres)


def _autour(valeur: float, marge: float) -> Intervalle | None:
    if math.isnan(marge) or marge < 1e-12:
        return None
    return (max(-1.0, float(valeur - marge)), min(1.0, float(valeur + marge)))
