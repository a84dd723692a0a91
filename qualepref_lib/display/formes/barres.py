"""Horizontal bars of counts or shares, longest first unless time gives the order."""

from __future__ import annotations

from collections import Counter

from matplotlib.figure import Figure

from qualepref_lib.core.bilan import Bilan, Ligne
from qualepref_lib.core.francais import nombre_court
from qualepref_lib.core.mesures import Effectif, Taux, TauxRedresse
from qualepref_lib.display.formes.planche import (
    BLEU,
    axe_libelles,
    hauteur_pour,
    new_planche,
)

NOM = "Diagramme en barres"


def draw_barres(bilan: Bilan) -> Figure:
    """One bar a line, its value printed at its end; a ``total`` line is left to the table."""
    lignes = [ligne for ligne in bilan.lignes if ligne.code != "total"]
    libelles = _libelles(lignes)
    figure, axes = new_planche(hauteur_pour(libelles, socle=0.4))
    valeurs = [_valeur(ligne) for ligne in lignes]
    barres = axes.barh(range(len(lignes)), valeurs, color=BLEU, height=0.6)
    axes.bar_label(barres, labels=[_texte(ligne) for ligne in lignes], padding=4, fontsize=8.5)
    axe_libelles(axes, libelles)
    axes.set_xlim(0, 1.32 * max([*valeurs, 1]))
    axes.set_xticks([])
    axes.spines["bottom"].set_visible(False)
    return figure


def _libelles(lignes: list[Ligne]) -> list[str]:
    """The labels of the bars, with their group where two bars have one label."""
    fois = Counter(ligne.libelle for ligne in lignes)
    return [
        f"{li.libelle} ({li.groupe})" if fois[li.libelle] > 1 and li.groupe else li.libelle
        for li in lignes
    ]


def _valeur(ligne: Ligne) -> float:
    mesure = ligne.mesure
    if isinstance(mesure, Effectif):
        return mesure.n
    assert isinstance(mesure, Taux)
    if isinstance(mesure, TauxRedresse):  # weighted shares have no counts to compare
        return 100 * float(mesure.valeur or 0)
    return float(mesure.favorables)


def _texte(ligne: Ligne) -> str:
    mesure = ligne.mesure
    if isinstance(mesure, Effectif):
        return nombre_court(mesure.n)
    return str(mesure).replace("\u00a0", " ")
