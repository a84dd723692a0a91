"""What stands under a table, a chart or a sheet: how to read it, of whom, from where."""

from __future__ import annotations

from qualepref_lib.core.bilan import Bilan, Liste
from qualepref_lib.core.feuilles import Liasse
from qualepref_lib.display.aspects.table import aspect_de
from qualepref_lib.display.blocs import Notice

GRAPPES = " Pas d’intervalle : plusieurs observations viennent d’un même test."


def notice(bilan: Bilan) -> Notice:
    """Reading, scope and source of a bilan: its first line read aloud, then what holds for all."""
    aspect = aspect_de(bilan)
    lecture = aspect.lire(bilan, bilan.lignes[0]) if bilan.lignes else ""
    lecture += (GRAPPES if bilan.grappes else "") + aspect.rappel
    return Notice(lecture=lecture.strip(), champ=bilan.champ, source=str(bilan.source))


def notice_liste(liste: Liste | Liasse) -> Notice:
    """Scope and source of a list, or of a bundle of sheets."""
    return Notice(champ=liste.champ, source=str(liste.source))
