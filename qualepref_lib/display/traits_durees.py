"""The columns of waits and delays: what has an end, what has none yet, and how long."""

from __future__ import annotations

from qualepref_lib.core.bilan import Bilan, Ligne
from qualepref_lib.core.francais import nombre, nombre_court
from qualepref_lib.core.mesures import Durees
from qualepref_lib.display.lecture import SANS_MESURE, est_suivi, neuvieme_decile
from qualepref_lib.display.traits_base import Trait, chiffre, texte


def traits_durees(bilan: Bilan) -> list[Trait]:
    """Items with an end and without, median and ninth decile, target and share within it."""

    def mediane(ligne: Ligne) -> str:
        mesure = _durees(ligne)
        if mesure.mediane is None:
            return "non atteinte" if mesure.n else "–"
        return nombre(mesure.mediane, 1)

    def decile(ligne: Ligne) -> str:
        mesure = _durees(ligne)
        valeur = neuvieme_decile(mesure)
        if valeur is not None:
            return nombre(valeur, 1)
        attendu = mesure.n and mesure.p90 is None and est_suivi(mesure) and mesure.en_cours
        return "non atteint" if attendu else "–"

    def dans_cible(ligne: Ligne) -> str:
        taux = _durees(ligne).dans_cible
        return str(taux) if taux else "–"

    unite = _titre_unite(bilan)
    traits = [
        chiffre("Mesurés", bilan, lambda li: nombre_court(_durees(li).n)),
        chiffre(_titre_ouverts(bilan), bilan, lambda li: nombre_court(_durees(li).en_cours)),
        chiffre(f"Médiane{unite}", bilan, mediane),
        chiffre(f"9e décile{unite}", bilan, decile),
    ]
    if any(_durees(li).cible for li in bilan.lignes):
        traits.append(texte("Cible", lambda li: _durees(li).cible or "–"))
    if any(_durees(li).dans_cible for li in bilan.lignes):
        traits.append(chiffre("Dans la cible", bilan, dans_cible))
    return traits


def _titre_unite(bilan: Bilan) -> str:
    """`` (minutes)`` when the lines share a unit that their labels do not say themselves."""
    unites = {_durees(ligne).unite for ligne in bilan.lignes}
    (unite, *autres) = unites
    dite = any(f"({unite})" in ligne.libelle for ligne in bilan.lignes)
    return "" if autres or dite else f" ({unite})"


def _titre_ouverts(bilan: Bilan) -> str:
    """What the items without an end are called; several words when the lines do not agree."""
    mots = dict.fromkeys(_durees(ligne).ouverts for ligne in bilan.lignes)
    titre = " ou ".join(mots) or SANS_MESURE
    return titre[:1].upper() + titre[1:]


def _durees(ligne: Ligne) -> Durees:
    assert isinstance(ligne.mesure, Durees)
    return ligne.mesure
