"""A series in the order of time: a run of rates or counts, or a control chart with its limits."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from qualepref_lib.core.bilan import Bilan, Ligne
from qualepref_lib.core.francais import nombre_court
from qualepref_lib.core.mesures import PETITE_BASE, Effectif, Taux
from qualepref_lib.display.formes.planche import BLEU, GRIS, new_planche
from qualepref_lib.display.formes.serie_axes import (
    COULOIR,
    axe_periodes,
    axe_valeurs,
    range_legende,
)
from qualepref_lib.display.formes.serie_reperes import (
    centre,
    cible,
    draw_reperes,
    limites,
    sans_insecable,
)
from qualepref_lib.display.formes.serie_signaux import draw_signaux, new_couloirs, signaux
from qualepref_lib.display.lecture import est_carte

NOM = "Courbe"
HAUTEUR = 3.5


def draw_serie(bilan: Bilan) -> Figure:
    """One point a line, left to right; what was not observed leaves a gap."""
    lignes = _dessinees(bilan)
    valeurs = np.array([_valeur(ligne) for ligne in lignes])
    couloirs = new_couloirs(lignes, valeurs, np.array([centre(ligne) for ligne in lignes]))
    figure, axes = new_planche(HAUTEUR + COULOIR * len(couloirs))
    en_parts = isinstance(lignes[0].mesure, Taux)
    etendue = [*_etendue(lignes, valeurs), *(b for paire in _intervalles(bilan) for b in paire[1])]
    bandes = axe_valeurs(axes, etendue, en_parts, couloirs)
    axe_periodes(axes, [ligne.libelle for ligne in lignes])
    poignees = [
        *_draw_intervalles(axes, bilan),
        *_draw_valeurs(axes, lignes, valeurs, bilan),
        *draw_reperes(axes, lignes),
        *draw_signaux(axes, valeurs, couloirs, bandes),
    ]
    _draw_dernier(axes, lignes, valeurs)
    range_legende(figure, poignees)
    return figure


def _dessinees(bilan: Bilan) -> list[Ligne]:
    """The lines of a bilan that are points of its series; its total is not one of them."""
    return [
        li for li in bilan.lignes if isinstance(li.mesure, Taux | Effectif) and li.code != "total"
    ]


def _valeur(ligne: Ligne) -> float:
    """What is drawn of a line: points of percentage, or a count; NaN without a base."""
    mesure = ligne.mesure
    if isinstance(mesure, Effectif):
        return float(mesure.n)
    assert isinstance(mesure, Taux)
    return math.nan if mesure.valeur is None else 100 * float(mesure.valeur)


def _intervalles(bilan: Bilan) -> list[tuple[int, tuple[float, float]]]:
    """The place and the interval of each point of a sample; a control chart has limits instead."""
    if est_carte(bilan) or not bilan.est_echantillon:
        return []
    return [
        (rang, (100 * bas, 100 * haut))
        for rang, ligne in enumerate(_dessinees(bilan))
        if isinstance(ligne.mesure, Taux) and ligne.mesure.observes
        for bas, haut in [ligne.mesure.intervalle(bilan.niveau)]
    ]


def _draw_intervalles(axes: Axes, bilan: Bilan) -> list[Line2D]:
    """One stroke a point: how far its rate may be from the one that holds."""
    traits = _intervalles(bilan)
    for rang, bornes in traits:
        axes.plot([rang, rang], bornes, color=GRIS, linewidth=1.6, zorder=2)
    return [Line2D([], [], color=GRIS, linewidth=1.6, label="intervalle")] if traits else []


def _etendue(lignes: list[Ligne], valeurs: np.ndarray) -> Iterator[float]:
    """Everything that has to be inside the axis."""
    yield from (v for v in valeurs.tolist() if not math.isnan(v))
    for ligne in lignes:
        yield from (v for v in (*limites(ligne), centre(ligne)) if not math.isnan(v))
    part = cible(lignes)
    if part is not None:
        yield part


def _draw_valeurs(
    axes: Axes, lignes: list[Ligne], valeurs: np.ndarray, bilan: Bilan
) -> list[Line2D]:
    """The line and its points; those of a small base are hollow, no percentage stands on them."""
    rangs = np.arange(len(lignes))
    petites = np.array([_petite(ligne) for ligne in lignes]) & ~np.isnan(valeurs)
    signales = np.array([ligne.statut in signaux(lignes) for ligne in lignes])
    style: dict[str, Any] = {"color": BLEU, "marker": "o", "markersize": 4.2}
    creux = {"linestyle": "", "markerfacecolor": "white"}
    axes.plot(rangs, valeurs, color=BLEU, linewidth=1.3, zorder=3)
    pleins = ~petites & ~signales
    axes.plot(rangs[pleins], valeurs[pleins], linestyle="", zorder=4, **style)
    poignees = [Line2D([], [], label=_nom(bilan, lignes), **style)]
    if petites.any():
        vides = petites & ~signales
        axes.plot(rangs[vides], valeurs[vides], zorder=4, **style | creux)
        poignees.append(Line2D([], [], label=f"moins de {PETITE_BASE} cas", **style | creux))
    return poignees


def _petite(ligne: Ligne) -> bool:
    return isinstance(ligne.mesure, Taux) and ligne.mesure.petite_base


def _nom(bilan: Bilan, lignes: list[Ligne]) -> str:
    mesure = lignes[0].mesure
    if isinstance(mesure, Effectif):
        return mesure.noms or f"{mesure.nom}s"
    part = bilan.entetes_taux[2]
    return part[:1].lower() + part[1:]


def _draw_dernier(axes: Axes, lignes: list[Ligne], valeurs: np.ndarray) -> None:
    """The value of the last point, at the end of the line: the one that is asked for first."""
    connus = np.flatnonzero(~np.isnan(valeurs))
    if not len(connus):
        return
    rang = int(connus[-1])
    mesure = lignes[rang].mesure
    texte = nombre_court(mesure.n) if isinstance(mesure, Effectif) else ""
    texte = mesure.pourcentage if isinstance(mesure, Taux) else texte
    axes.annotate(
        sans_insecable(texte),
        (rang + 0.5, valeurs[rang]),
        xytext=(3, 0),
        textcoords="offset points",
        va="center",
        fontsize=9,
        fontweight="bold",
        color=BLEU,
        annotation_clip=False,
    )
