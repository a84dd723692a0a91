"""A Bilan as a chart, with what a reader needs who cannot see it: a text and the data."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Literal

from qualepref_lib.core.bilan import Bilan, Ligne
from qualepref_lib.core.francais import pluriel, typographie
from qualepref_lib.core.mesures import (
    Durees,
    Effectif,
    Fourchette,
    Periode,
    Priorite,
    Repartition,
    Score,
    Taux,
    TriCroise,
    VisAVis,
)
from qualepref_lib.display.blocs import Bloc, BlocGraphique, BlocRien
from qualepref_lib.display.lecture import est_carte, est_entonnoir, noms_cases, notice
from qualepref_lib.display.montre import Montre
from qualepref_lib.display.phrase import resume, texte_phrase
from qualepref_lib.display.phrases.indicateurs import est_indicateurs
from qualepref_lib.display.tableau import chiffres, grille

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Forme = Literal[
    "points", "barres", "likert", "gantt", "serie", "chaleur", "durees", "entonnoir",
    "trajectoire", "vis_a_vis", "quadrants", "editions",
]  # fmt: skip
ALT_MAX = 250
NOM_COURBE, NOM_CARTE = "Courbe", "Carte de contrôle"
"""What a series is called, without control limits and with them."""


class Graphique(Montre):
    """The chart of a bilan; ``forme`` is deduced from what was measured unless it is given.

    A control chart is a series; a series of plain rates or counts is asked for. Waits of several
    units cannot share an axis and differences are few: they have a table, and no chart.
    """

    def __init__(self, bilan: Bilan, forme: Forme | None = None) -> None:
        self.bilan = bilan
        self.forme = forme or _forme(bilan)

    def bloc(self) -> Bloc:
        """The chart as the report receives it; nothing when there is nothing to draw."""
        if self.bilan.manque or not _est_dessinable(self.bilan, self.forme):
            return BlocRien()
        nom, image = _dessiner(self.bilan, self.forme)
        return BlocGraphique(
            titre=self.bilan.titre,
            alt=texte_alternatif(nom, self.bilan),
            svg=image,
            grille=grille(self.bilan),
            notice=notice(self.bilan),
            chiffres=chiffres(self.bilan),
        )


def texte_alternatif(nom: str, bilan: Bilan) -> str:
    """Kind of chart, subject and message, in at most 250 characters.

    Sentences are dropped from the end, whole, until it fits: half a number would be a lie. A title
    that leaves no room for any message is read beside the chart anyway: it goes first.
    """
    compte = _compte(nom, bilan)
    phrases = [p.rstrip(".") + "." for p in _FIN_PHRASE.split(texte_phrase(bilan)) if p.strip(" .")]
    court = resume(bilan)
    if est_indicateurs(bilan) and court and not _tient(" ".join([bilan.titre, compte, *phrases])):
        phrases = [court]  # half of the targets would pass for all of them
    sans_titre = f"{nom} de {compte}, dont le titre et les données sont donnés à côté."
    for debut in (f"{nom} : {bilan.titre}, {compte}.", sans_titre):
        texte = debut
        for suite in phrases:
            if not _tient(f"{texte} {suite}"):
                break
            texte += f" {suite}"
        if texte == debut and _tient(f"{debut} {court}"):
            texte = f"{debut} {court}".rstrip()
        if texte != debut or (_tient(debut) and not (phrases or court)):
            break
    return typographie(texte)


# A full stop ends a sentence only before a capital: « semaine du 31 janv. 2022 » goes on.
_FIN_PHRASE = re.compile(r"(?<=\.) (?=[A-ZÀÂÇÉÈÊÎÔÛ«])")


def _tient(texte: str) -> bool:
    """Whether a text fits, with room for the spaces of French typography."""
    return len(texte) <= ALT_MAX - 10


def _compte(nom: str, bilan: Bilan) -> str:
    """What the chart shows: lines, cells, or points in time."""
    if nom in (NOM_COURBE, NOM_CARTE):
        return pluriel(len(bilan.lignes), "point")
    lignes = pluriel(len(bilan.lignes), "ligne")
    cases = noms_cases(bilan)
    return f"{lignes} et {pluriel(len(cases), 'colonne')}" if cases else lignes


def _forme(bilan: Bilan) -> Forme:
    mesure = bilan.lignes[0].mesure if bilan.lignes else None
    formes: dict[type, Forme] = {
        Taux: "points",
        Effectif: "barres",
        Repartition: "likert",
        Periode: "gantt",
        TriCroise: "chaleur",
        Durees: "durees",
        Fourchette: "trajectoire",
        VisAVis: "vis_a_vis",
        Priorite: "quadrants",
        Score: "editions",
    }
    if est_entonnoir(bilan):
        return "entonnoir"
    if est_carte(bilan):
        return "serie"
    return next((formes[genre] for genre in type(mesure).__mro__ if genre in formes), "barres")


def _est_dessinable(bilan: Bilan, forme: Forme) -> bool:
    """Whether at least one line holds what this kind of chart draws."""
    unites = {li.mesure.unite for li in bilan.lignes if isinstance(li.mesure, Durees)}
    if forme in ("quadrants", "editions"):
        return sum(_a_de_quoi(ligne, forme) for ligne in bilan.lignes) >= 2
    return len(unites) <= 1 and any(_a_de_quoi(ligne, forme) for ligne in bilan.lignes)


def _a_de_quoi(ligne: Ligne, forme: Forme) -> bool:
    mesure = ligne.mesure
    if isinstance(mesure, Taux):
        if forme == "entonnoir":
            return ligne.limites is not None
        return forme in ("points", "barres", "serie") and mesure.observes > 0
    if isinstance(mesure, Effectif):
        return forme in ("barres", "serie") and ligne.code != "total"
    if isinstance(mesure, Repartition):
        return forme == "likert" and mesure.base > 0
    if isinstance(mesure, TriCroise):
        return forme == "chaleur" and any(taux.observes for taux in mesure.cases.values())
    if isinstance(mesure, Durees):
        return forme == "durees" and mesure.mediane is not None
    if isinstance(mesure, Fourchette):
        return forme == "trajectoire" and mesure.tout.observes > 0
    if isinstance(mesure, VisAVis):
        return forme == "vis_a_vis"
    if isinstance(mesure, Priorite):
        return forme == "quadrants" and bool(ligne.statut)
    if isinstance(mesure, Score):
        en_parts = forme == "editions" and mesure.unite == "%"
        return en_parts and mesure.valeur is not None and not mesure.petite_base
    return isinstance(mesure, Periode) and forme == "gantt" and mesure.fin is not None


def _dessiner(bilan: Bilan, forme: Forme) -> tuple[str, str]:
    """The kind of chart in French and its SVG; matplotlib is imported only when one is drawn."""
    import matplotlib

    from qualepref_lib.display.formes import (
        barres,
        chaleur,
        durees,
        editions,
        entonnoir,
        gantt,
        likert,
        planche,
        points,
        quadrants,
        serie,
        trajectoire,
        vis_a_vis,
    )

    formes: dict[str, tuple[str, Callable[[Bilan], Figure]]] = {
        "points": (points.NOM, points.draw_points),
        "barres": (barres.NOM, barres.draw_barres),
        "likert": (likert.NOM, likert.draw_likert),
        "gantt": (gantt.NOM, gantt.draw_gantt),
        "serie": (NOM_CARTE if est_carte(bilan) else NOM_COURBE, serie.draw_serie),
        "chaleur": (chaleur.NOM, chaleur.draw_chaleur),
        "durees": (durees.NOM, durees.draw_durees),
        "entonnoir": (entonnoir.NOM, entonnoir.draw_entonnoir),
        "trajectoire": (trajectoire.NOM, trajectoire.draw_trajectoire),
        "vis_a_vis": (vis_a_vis.NOM, vis_a_vis.draw_vis_a_vis),
        "quadrants": (quadrants.NOM, quadrants.draw_quadrants),
        "editions": (editions.NOM, editions.draw_editions),
    }
    nom, draw = formes[forme]
    with matplotlib.rc_context(planche.STYLE):
        return nom, planche.svg(draw(bilan))
