"""Krippendorff's alpha from counted patterns of ratings, for one sample or thousands at once.

Units rated alike are one pattern: a resample is then a count of patterns, and a bootstrap a
product of matrices. Source: Krippendorff 2011, Computing Krippendorff's Alpha-Reliability.
"""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from qualepref_lib.core.codages import Entiers
from qualepref_lib.core.intervalles import Intervalle

Reels = npt.NDArray[np.float64]
Metrique = Literal["nominale", "ordinale", "intervalle"]

PART_INDEFINIE = 0.05
"""Above this share of resamples without a value, the bootstrap interval is not given."""

BLOC = 200


def values_of(categories: tuple[Any, ...], metrique: Metrique) -> Reels:
    """The number that each category stands for on an interval scale; zeros on another one.

    Raises ValueError when a category of an interval scale is not a number.
    """
    if metrique != "intervalle":
        return np.zeros(len(categories))
    valeurs = np.asarray(categories, dtype=np.float64)
    centrees: Reels = valeurs - valeurs.mean()  # the same alpha, without large squares
    return centrees


def alphas(motifs: Entiers, fois: Reels, metrique: Metrique, valeurs: Reels) -> Reels:
    """Alpha of each row of ``fois``: how many times each pattern of ratings is there.

    ``motifs`` is patterns × categories. The ordinal metric is the interval one between the
    mid-ranks of the categories, so that no matrix of coincidences has to be made.
    """
    par_motif = motifs.sum(axis=1)
    marges = fois @ motifs
    total = marges.sum(axis=1)
    if metrique == "nominale":
        observe = fois @ ((par_motif**2 - (motifs**2).sum(axis=1)) / (par_motif - 1))
        attendu = total**2 - (marges**2).sum(axis=1)
    else:
        v = valeurs[None, :]
        if metrique == "ordinale":
            v = marges.cumsum(axis=1) - marges / 2 - total[:, None] / 2
        dans = par_motif * (v**2 @ motifs.T) - (v @ motifs.T) ** 2
        observe = (fois * dans / (par_motif - 1)).sum(axis=1)
        attendu = total * (marges * v**2).sum(axis=1) - (marges * v).sum(axis=1) ** 2
    attendu[(marges > 0).sum(axis=1) < 2] = np.nan
    resultat: Reels = 1 - (total - 1) * observe / attendu
    return resultat


def resample(de: Entiers, motifs: int, grappes: Entiers | None, graine: int, tirages: int) -> Reels:
    """Resamples × patterns: units drawn again with replacement, or whole clusters of them.

    ``de`` is the pattern of each unit. Clusters are drawn by blocks, to keep the memory small.
    """
    hasard = np.random.default_rng(graine)
    if grappes is None:
        parts = np.bincount(de, minlength=motifs) / len(de)
        return hasard.multinomial(len(de), parts, size=tirages).astype(np.float64)
    contenu = np.zeros((grappes.max() + 1, motifs))
    np.add.at(contenu, (grappes, de), 1)
    parts = np.full(len(contenu), 1 / len(contenu))
    blocs = [min(BLOC, tirages - debut) for debut in range(0, tirages, BLOC)]
    tires = [hasard.multinomial(len(contenu), parts, size=bloc) @ contenu for bloc in blocs]
    return np.concatenate(tires)


def percentiles(valeurs: Reels, niveau: float) -> Intervalle | None:
    """The percentile interval; None when it has no width, or too many resamples no value."""
    definies = valeurs[~np.isnan(valeurs)]
    if len(definies) < (1 - PART_INDEFINIE) * len(valeurs):
        return None
    bas, haut = np.quantile(definies, [(1 - niveau) / 2, (1 + niveau) / 2])
    return (float(bas), float(haut)) if haut - bas > 1e-12 else None
