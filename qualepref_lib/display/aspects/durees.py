"""How waits and delays are shown: what has an end, what has none yet, and how long."""

from __future__ import annotations

from qualepref_lib.core.bilan import Bilan, Ligne
from qualepref_lib.core.francais import nombre, nombre_court
from qualepref_lib.display.aspects.aspect import Aspect
from qualepref_lib.display.colonnes import Trait, chiffre, texte
from qualepref_lib.display.lecture import SANS_MESURE, est_suivi, neuvieme_decile
from qualepref_lib.display.phrases.durees import dire_durees, duree


def _traits(bilan: Bilan) -> list[Trait]:
    """Items with an end and without, median and ninth decile, target and share within it."""

    def mediane(ligne: Ligne) -> str:
        mesure = duree(ligne)
        if mesure.mediane is None:
            return "non atteinte" if mesure.n else "–"
        return nombre(mesure.mediane, 1)

    def decile(ligne: Ligne) -> str:
        mesure = duree(ligne)
        valeur = neuvieme_decile(mesure)
        if valeur is not None:
            return nombre(valeur, 1)
        attendu = mesure.n and mesure.p90 is None and est_suivi(mesure) and mesure.en_cours
        return "non atteint" if attendu else "–"

    def dans_cible(ligne: Ligne) -> str:
        taux = duree(ligne).dans_cible
        return str(taux) if taux else "–"

    unite = _titre_unite(bilan)
    traits = [
        chiffre("Mesurés", bilan, lambda li: nombre_court(duree(li).n)),
        chiffre(_titre_ouverts(bilan), bilan, lambda li: nombre_court(duree(li).en_cours)),
        chiffre(f"Médiane{unite}", bilan, mediane),
        chiffre(f"9e décile{unite}", bilan, decile),
    ]
    if any(duree(li).cible for li in bilan.lignes):
        traits.append(texte("Cible", lambda li: duree(li).cible or "–"))
    if any(duree(li).dans_cible for li in bilan.lignes):
        traits.append(chiffre("Dans la cible", bilan, dans_cible))
    return traits


def _titre_unite(bilan: Bilan) -> str:
    """`` (minutes)`` when the lines share a unit that their labels do not say themselves."""
    unites = {duree(ligne).unite for ligne in bilan.lignes}
    (unite, *autres) = unites
    dite = any(f"({unite})" in ligne.libelle for ligne in bilan.lignes)
    return "" if autres or dite else f" ({unite})"


def _titre_ouverts(bilan: Bilan) -> str:
    """What the items without an end are called; several words when the lines do not agree."""
    mots = dict.fromkeys(duree(ligne).ouverts for ligne in bilan.lignes)
    titre = " ou ".join(mots) or SANS_MESURE
    return titre[:1].upper() + titre[1:]


def _lire(bilan: Bilan, ligne: Ligne) -> str:
    mesure = duree(ligne)
    suivis = mesure.en_cours if est_suivi(mesure) else 0
    compte = f", compte tenu de {nombre_court(suivis)} {mesure.ouverts}" if suivis else ""
    if mesure.mediane is None:
        non_atteinte = f"« {ligne.libelle} » : la médiane n’est pas atteinte{compte}."
        return non_atteinte if mesure.n else ""
    mediane = f"{nombre_court(round(mesure.mediane, 1))} {mesure.unite}"
    if suivis:
        return f"« {ligne.libelle} » : la moitié ne dépasse pas {mediane}{compte}."
    combien = f"la moitié des {nombre_court(mesure.n)} mesures"
    return f"« {ligne.libelle} » : {combien} ne dépasse pas {mediane}."


def _resumer(bilan: Bilan) -> str:
    """The range of the medians; nothing where units differ."""
    durees = [duree(ligne) for ligne in bilan.lignes]
    medianes = [m.mediane for m in durees if m.mediane is not None]
    if not medianes or len({m.unite for m in durees}) > 1:
        return ""
    bas, haut = nombre(min(medianes), 1), nombre(max(medianes), 1)
    if bas == haut:
        return f"Médiane de {haut} {durees[0].unite}."
    return f"Médianes de {bas} à {haut} {durees[0].unite}."


def _meme_unite(bilan: Bilan) -> bool:
    """Waits of several units cannot share an axis."""
    return len({duree(ligne).unite for ligne in bilan.lignes}) <= 1


DUREES = Aspect(
    traits=_traits,
    lire=_lire,
    dire=dire_durees,
    resumer=_resumer,
    formes={"durees": lambda ligne: duree(ligne).mediane is not None},
    meme_axe=_meme_unite,
)
