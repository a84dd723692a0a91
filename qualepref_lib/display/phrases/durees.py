"""Sentences on waits and delays: the line that fares worst, and what has no end yet.

Lines of several units cannot be compared by their lengths: the target least often kept is named.
Lines of one unit can: median and ninth decile of the worst one are said.
"""

from __future__ import annotations

import math

from qualepref_lib.core.bilan import Bilan, Ligne
from qualepref_lib.core.francais import nombre, nombre_court
from qualepref_lib.core.mesures import PETITE_BASE, Durees
from qualepref_lib.display.lecture import est_suivi, neuvieme_decile
from qualepref_lib.display.phrases.morceaux import Morceaux, dire


def dire_durees(bilan: Bilan) -> Morceaux:
    """The worst line: by its target where units or targets differ, else by its median."""
    suivies = [li for li in bilan.lignes if duree(li).n or duree(li).en_cours]
    unites = {duree(li).unite for li in suivies}
    if len(unites) != 1 or any(li.groupe for li in bilan.lignes):
        return _dire_cible(bilan)
    assez = [li for li in suivies if _suivis(li) >= PETITE_BASE] or suivies
    cibles = {duree(li).cible for li in assez}
    if len(cibles) > 1 and all(duree(li).dans_cible for li in assez):
        pire = min(assez, key=_part_dans_cible)
        debut = f"La cible la moins souvent tenue est « {pire.libelle} » ({duree(pire).cible}) : "
    else:
        pire = max(assez, key=_rang)
        seule = len(suivies) == 1
        debut = f"« {pire.libelle} » : " if seule else f"Le plus long : « {pire.libelle} », "
    return [dire(debut), dire(_texte(duree(pire)), bilan, pire), dire(f".{_rappel(duree(pire))}")]


def _dire_cible(bilan: Bilan) -> Morceaux:
    """The measure that respects its target least often."""
    jugees = [li for li in bilan.lignes if duree(li).dans_cible]
    if not jugees:
        return []
    pire = min(jugees, key=_part_dans_cible)
    mesure = duree(pire)
    precisions = ", ".join(p for p in (pire.groupe.lower(), mesure.cible) if p)
    return [
        dire(f"La cible la moins souvent tenue est « {pire.libelle} »"),
        dire(f" ({precisions}) : " if precisions else " : "),
        dire(str(mesure.dans_cible), bilan, pire),
        dire(" dans la cible."),
    ]


def _texte(mesure: Durees) -> str:
    """Median, ninth decile, share in target, open items: as printed in the register."""
    decile = neuvieme_decile(mesure)
    morceaux = [
        "médiane non atteinte"
        if mesure.mediane is None
        else f"médiane {nombre(mesure.mediane, 1)}"
        + (f", 9e décile {nombre(decile, 1)}" if decile is not None else "")
        + f" ({mesure.unite})"
    ]
    if mesure.dans_cible is not None:
        morceaux.append(f"{mesure.dans_cible} dans la cible")
    if mesure.en_cours:
        morceaux.append(f"{nombre_court(mesure.en_cours)} {mesure.ouverts}")
    return " ; ".join(morceaux)


def _rappel(mesure: Durees) -> str:
    """What is open is not left out, or the median would be that of the quickest."""
    if not mesure.en_cours or not est_suivi(mesure):
        return ""
    return " Ce qui n’est pas terminé compte pour le temps déjà écoulé."


def duree(ligne: Ligne) -> Durees:
    """The spread of a line."""
    assert isinstance(ligne.mesure, Durees)
    return ligne.mesure


def _suivis(ligne: Ligne) -> int:
    return duree(ligne).n + (duree(ligne).en_cours if est_suivi(duree(ligne)) else 0)


def _rang(ligne: Ligne) -> tuple[float, float]:
    """A median that is not reached is longer than any that is; then the ninth decile counts."""
    mesure = duree(ligne)
    mediane = math.inf if mesure.mediane is None and mesure.n else mesure.mediane or 0.0
    return mediane, math.inf if mesure.p90 is None else mesure.p90


def _part_dans_cible(ligne: Ligne) -> float:
    taux = duree(ligne).dans_cible
    return 1.0 if taux is None or taux.valeur is None else float(taux.valeur)
