"""How many lines reach their target, in words that say what the decision rests on."""

from __future__ import annotations

from qualepref_lib.core.bilan import Bilan
from qualepref_lib.core.francais import pluriel, pourcentage
from qualepref_lib.core.mesures import Taux
from qualepref_lib.display.phrases.morceaux import NOMS, Morceaux, dire

_DECISIONS = {
    "cible atteinte": "atteinte pour {n}",
    "cible non atteinte": "non atteinte pour {n}",
    "à confirmer": "à confirmer, des critères restant à évaluer, pour {n}",
    "prouvé": "prouvée pour {n}",
    "contredit": "contredite pour {n}",
    "non démontré": "et les tests ne permettent pas de conclure pour {n}",
}


def dire_decisions(bilan: Bilan) -> Morceaux:
    """How many lines reach their target, each count linked to its own figure."""
    comptes = bilan.comptes()
    dits = [(statut, modele) for statut, modele in _DECISIONS.items() if statut in comptes]
    morceaux: Morceaux = []
    for statut, modele in dits:
        avant, apres = modele.split("{n}")
        compte = comptes[statut]
        debut = f"{', ' if morceaux else ' '}{avant}"
        assert isinstance(compte.mesure, Taux)
        nombre_dit = pluriel(compte.mesure.favorables, *NOMS.get(bilan.entete, ("ligne", "lignes")))
        morceaux += [dire(debut), dire(f"{nombre_dit} sur {compte.mesure.observes}", bilan, compte)]
        morceaux.append(dire(apres))
    if not morceaux:
        return []
    premier = morceaux[0].texte
    cibles = {li.cible for li in bilan.lignes if li.cible is not None}
    seule = pourcentage(min(cibles)) if len(cibles) == 1 else ""
    nom = f"La cible de {seule}" if seule else "La cible propre à chaque ligne"
    origine = f" ({bilan.reserve})" if bilan.reserve else ""
    morceaux[0] = dire(f" {nom}{origine} est{premier}")
    return [*morceaux, dire(".")]
