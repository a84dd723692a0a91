"""A Bilan as a chart, with what a reader needs who cannot see it: a text and the data."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Literal

from qualepref_lib.core.bilan import Bilan, Ligne
from qualepref_lib.core.francais import pluriel, typographie
from qualepref_lib.core.mesures import Effectif, Periode, Repartition, Taux
from qualepref_lib.display.blocs import Bloc, BlocGraphique, BlocRien
from qualepref_lib.display.lecture import notice
from qualepref_lib.display.montre import Montre
from qualepref_lib.display.phrase import resume, texte_phrase
from qualepref_lib.display.tableau import chiffres, grille

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Forme = Literal["points", "barres", "likert", "gantt"]
ALT_MAX = 250


class Graphique(Montre):
    """The chart of a bilan; ``forme`` is deduced from what was measured unless it is given.

    Waits have a unit each and differences are few: they have a table, and no chart.
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

    Sentences are dropped from the end, whole, until it fits: half a number would be a lie.
    """
    compte = pluriel(len(bilan.lignes), "ligne")
    phrases = [f"{nom} : {bilan.titre}, {compte}."]
    if len(phrases[0]) > ALT_MAX - 10:  # a title that is too long is read beside the chart anyway
        phrases = [f"{nom} de {compte}, dont le titre et les données sont donnés à côté."]
    phrases += [p.strip() + "." for p in texte_phrase(bilan).rstrip(".").split(". ") if p.strip()]
    texte = phrases[0]
    for suite in phrases[1:]:
        if len(texte) + 1 + len(suite) > ALT_MAX - 10:
            break
        texte += " " + suite
    suite = f"{texte} {resume(bilan)}".rstrip()
    if texte == phrases[0] and len(suite) <= ALT_MAX - 10:
        texte = suite
    return typographie(texte)


def _forme(bilan: Bilan) -> Forme:
    mesure = bilan.lignes[0].mesure if bilan.lignes else None
    formes: dict[type, Forme] = {
        Taux: "points",
        Effectif: "barres",
        Repartition: "likert",
        Periode: "gantt",
    }
    return formes.get(type(mesure), "barres")


def _est_dessinable(bilan: Bilan, forme: Forme) -> bool:
    """Whether at least one line holds what this kind of chart draws."""
    return any(_a_de_quoi(ligne, forme) for ligne in bilan.lignes)


def _a_de_quoi(ligne: Ligne, forme: Forme) -> bool:
    mesure = ligne.mesure
    if isinstance(mesure, Taux):
        return forme in ("points", "barres") and mesure.observes > 0
    if isinstance(mesure, Effectif):
        return forme == "barres" and ligne.code != "total"
    if isinstance(mesure, Repartition):
        return forme == "likert" and mesure.base > 0
    return isinstance(mesure, Periode) and forme == "gantt" and mesure.fin is not None


def _dessiner(bilan: Bilan, forme: Forme) -> tuple[str, str]:
    """The kind of chart in French and its SVG; matplotlib is imported only when one is drawn."""
    import matplotlib

    from qualepref_lib.display.formes import barres, gantt, likert, planche, points

    formes: dict[str, tuple[str, Callable[[Bilan], Figure]]] = {
        "points": (points.NOM, points.draw_points),
        "barres": (barres.NOM, barres.draw_barres),
        "likert": (likert.NOM, likert.draw_likert),
        "gantt": (gantt.NOM, gantt.draw_gantt),
    }
    nom, draw = formes[forme]
    with matplotlib.rc_context(planche.STYLE):
        return nom, planche.svg(draw(bilan))
