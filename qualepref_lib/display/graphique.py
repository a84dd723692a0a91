"""A Bilan as a chart, with what a reader needs who cannot see it: a text and the data."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from qualepref_lib.core.bilan import Bilan
from qualepref_lib.core.francais import pluriel, typographie
from qualepref_lib.display.aspects.aspect import Forme
from qualepref_lib.display.aspects.table import aspect_de
from qualepref_lib.display.blocs import Bloc, BlocGraphique, BlocRien
from qualepref_lib.display.lecture import noms_cases
from qualepref_lib.display.montre import Montre
from qualepref_lib.display.notices import notice
from qualepref_lib.display.phrase import texte_phrase
from qualepref_lib.display.tableau import chiffres, grille

if TYPE_CHECKING:
    from qualepref_lib.display.formes.catalogue import Dessin

ALT_MAX = 250


class Graphique(Montre):
    """The chart of a bilan; ``forme`` is deduced from what was measured unless it is given.

    A control chart is a series; a series of plain rates or counts is asked for. Waits of several
    units cannot share an axis and differences are few: they have a table, and no chart.
    """

    def __init__(self, bilan: Bilan, forme: Forme | None = None) -> None:
        self.bilan = bilan
        self.aspect = aspect_de(bilan)
        self.forme = forme or self.aspect.forme

    def bloc(self) -> Bloc:
        """The chart as the report receives it; nothing when there is nothing to draw."""
        if (
            self.bilan.manque
            or self.forme is None
            or not self.aspect.est_dessinable(self.bilan, self.forme)
        ):
            return BlocRien()
        dessin, image = _dessiner(self.bilan, self.forme)
        nom = self.aspect.noms.get(self.forme, dessin.nom)
        return BlocGraphique(
            titre=self.bilan.titre,
            alt=texte_alternatif(nom, self.bilan, dessin.repere),
            svg=image,
            grille=grille(self.bilan),
            notice=notice(self.bilan),
            chiffres=chiffres(self.bilan),
        )


def texte_alternatif(nom: str, bilan: Bilan, repere: str = "ligne") -> str:
    """Kind of chart, subject and message, in at most 250 characters.

    Sentences are dropped from the end, whole, until it fits: half a number would be a lie. A title
    that leaves no room for any message is read beside the chart anyway: it goes first.
    """
    aspect, compte = aspect_de(bilan), _compte(bilan, repere)
    phrases = [p.rstrip(".") + "." for p in _FIN_PHRASE.split(texte_phrase(bilan)) if p.strip(" .")]
    court = aspect.resumer(bilan)
    if aspect.entier and court and not _tient(" ".join([bilan.titre, compte, *phrases])):
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


def _compte(bilan: Bilan, repere: str) -> str:
    """What the chart shows: points in time, lines, or lines and columns."""
    reperes = pluriel(len(bilan.lignes), repere)
    cases = noms_cases(bilan)
    return f"{reperes} et {pluriel(len(cases), 'colonne')}" if cases else reperes


def _dessiner(bilan: Bilan, forme: Forme) -> tuple[Dessin, str]:
    """The kind of chart and its SVG; matplotlib is imported only when one is drawn."""
    import matplotlib

    from qualepref_lib.display.formes.catalogue import CATALOGUE
    from qualepref_lib.display.formes.planche import STYLE, svg

    dessin = CATALOGUE[forme]
    with matplotlib.rc_context(STYLE):
        return dessin, svg(dessin.draw(bilan))
