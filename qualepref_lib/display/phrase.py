"""A Bilan in one or two sentences, each number linked to its entry in the register.

The grammar depends on the plan: a census states, a sample keeps its base, volunteers are « les
répondants », and a difference with an edition of unknown base is conditional. Nothing here says
« significatif » or « tous les usagers ».
"""

from __future__ import annotations

from qualepref_lib.core.bilan import Bilan, Ligne, texte_intervalle
from qualepref_lib.core.francais import nombre, pourcentage
from qualepref_lib.core.mesures import Durees, Ecart, Effectif, Periode, Taux
from qualepref_lib.display.blocs import Bloc, BlocPhrase, BlocRien, Morceau
from qualepref_lib.display.lecture import PARMI, niveau
from qualepref_lib.display.montre import Montre
from qualepref_lib.display.tableau import chiffres

Morceaux = list[Morceau]


class Phrase(Montre):
    """The sentence of a bilan; nothing when the table already says that its source is missing."""

    def __init__(self, bilan: Bilan) -> None:
        self.bilan = bilan

    def bloc(self) -> Bloc:
        """The sentence as the report receives it."""
        if self.bilan.manque or not self.bilan.lignes:
            return BlocRien()
        morceaux = _dire(self.bilan)
        if not morceaux:
            return BlocRien()
        return BlocPhrase(morceaux=tuple(morceaux), chiffres=chiffres(self.bilan))


def phrase(bilan: Bilan) -> Phrase:
    """Say what a bilan found."""
    return Phrase(bilan)


def texte_phrase(bilan: Bilan) -> str:
    """The sentence as plain text, for alternative texts."""
    bloc = Phrase(bilan).bloc()
    return "".join(m.texte for m in bloc.morceaux) if isinstance(bloc, BlocPhrase) else ""


def resume(bilan: Bilan) -> str:
    """The shortest message of a bilan, where a whole sentence does not fit."""
    taux = [li for li in bilan.lignes if isinstance(li.mesure, Taux) and li.mesure.observes]
    if not taux:
        return ""
    bas, haut = min(taux, key=_valeur), max(taux, key=_valeur)
    if _valeur(bas) == _valeur(haut):
        return ""
    return f"Du plus bas au plus haut : de {_pct(bas)} à {_pct(haut)}."


def _dire(bilan: Bilan) -> Morceaux:
    mesure = bilan.lignes[0].mesure
    if isinstance(mesure, Taux):
        return _dire_taux(bilan)
    if isinstance(mesure, Ecart):
        return _dire_ecart(bilan)
    if isinstance(mesure, Effectif):
        return _dire_effectifs(bilan)
    if isinstance(mesure, Durees):
        return _dire_durees(bilan)
    if isinstance(mesure, Periode):
        un_seul_etat = len(bilan.comptes()) == 1
        return _dire_actions(bilan) if un_seul_etat else _dire_comptes(bilan)
    return []


def _dit(texte: str, bilan: Bilan | None = None, ligne: Ligne | None = None) -> Morceau:
    code = bilan.identifiant(ligne) if bilan and ligne else ""
    return Morceau(texte=texte, chiffre=code)


def _avec_intervalle(bilan: Bilan, ligne: Ligne) -> Morceaux:
    taux = ligne.mesure
    assert isinstance(taux, Taux)
    morceaux = [_dit(str(taux), bilan, ligne)]
    intervalle = texte_intervalle(taux, bilan)
    if intervalle:
        morceaux.append(_dit(f", intervalle de confiance à {niveau(bilan)} {intervalle}"))
    return morceaux


def _dire_taux(bilan: Bilan) -> Morceaux:
    evaluees = [li for li in bilan.lignes if isinstance(li.mesure, Taux) and li.mesure.observes]
    if not evaluees:
        return []
    if len(evaluees) == 1:
        (seule,) = evaluees
        sujet = _dit(f"{PARMI[bilan.plan]}« {seule.libelle} » : ")
        return [sujet, *_avec_intervalle(bilan, seule), _dit(".")]
    if {li.statut for li in evaluees} <= _RETENUS:
        return [_dit(f"{bilan.titre} : "), *_enumerer(bilan, evaluees, entre_guillemets=True)]
    if bilan.unite == "action":
        return _enumerer(bilan, evaluees)
    if len(evaluees) <= PEU:
        parmi = [_dit(PARMI[bilan.plan])] if PARMI[bilan.plan] else []
        return [*parmi, *_enumerer(bilan, evaluees), *_dire_decisions(bilan)]
    haut = max(evaluees, key=_valeur)
    bas = min(evaluees, key=_valeur)
    morceaux: Morceaux = []
    if _valeur(haut) == _valeur(bas):
        debut = f"{PARMI[bilan.plan]}le taux est le même pour chaque ligne ; « {haut.libelle} » : "
        morceaux = [_dit(_majuscule(debut)), _dit(str(haut.mesure), bilan, haut)]
    else:
        debut = f"{PARMI[bilan.plan]}le plus haut est « {haut.libelle} » : "
        morceaux = [_dit(_majuscule(debut)), _dit(str(haut.mesure), bilan, haut)]
        morceaux += [
            _dit(f" ; le plus bas, « {bas.libelle} » : "),
            _dit(str(bas.mesure), bilan, bas),
        ]
    return [*morceaux, _dit("."), *_dire_decisions(bilan)]


def _enumerer(bilan: Bilan, lignes: list[Ligne], entre_guillemets: bool = False) -> Morceaux:
    morceaux: Morceaux = []
    for ligne in lignes:
        nom = f"« {ligne.libelle} » " if entre_guillemets else f"{ligne.libelle} : "
        morceaux.append(_dit(f"{' ; ' if morceaux else ''}{nom}"))
        texte = f"({ligne.mesure})" if entre_guillemets else str(ligne.mesure)
        morceaux.append(_dit(texte, bilan, ligne))
    return [*morceaux, _dit(".")]


PEU = 3
"""Up to this many lines, a sentence says them all rather than the extremes."""

_RETENUS = {"point fort", "axe de progrès"}
"""States that select the lines of a bilan: its sentence names them all."""

_DECISIONS = {
    "cible atteinte": "atteinte pour {n}",
    "cible non atteinte": "non atteinte pour {n}",
    "à confirmer": "à confirmer, des critères restant à évaluer, pour {n}",
    "prouvé": "prouvée pour {n}",
    "contredit": "contredite pour {n}",
    "non démontré": "non démontrée, faute de tests assez nombreux ou assez bons, pour {n}",
}


def _dire_decisions(bilan: Bilan) -> Morceaux:
    """How many lines reach their target, each count linked to its own figure."""
    comptes = bilan.comptes()
    dits = [(statut, modele) for statut, modele in _DECISIONS.items() if statut in comptes]
    morceaux: Morceaux = []
    for statut, modele in dits:
        avant, apres = modele.split("{n}")
        compte = comptes[statut]
        debut = f"{', ' if morceaux else ' '}{avant}"
        assert isinstance(compte.mesure, Taux)
        morceaux += [_dit(debut), _dit(compte.mesure.fraction, bilan, compte), _dit(apres)]
    if not morceaux:
        return []
    premier = morceaux[0].texte
    cibles = {li.cible for li in bilan.lignes if li.cible is not None}
    seule = pourcentage(min(cibles)) if len(cibles) == 1 else ""
    nom = f"La cible de {seule}" if seule else "La cible de chaque ligne"
    morceaux[0] = _dit(f" {nom} est{premier}")
    return [*morceaux, _dit(".")]


def _dire_actions(bilan: Bilan) -> Morceaux:
    """Actions that share one state, by name, each with its due date."""
    morceaux = [_dit(f"{bilan.titre} : ")]
    for rang, ligne in enumerate(bilan.lignes):
        morceaux.append(_dit(f"{' ; ' if rang else ''}« {ligne.libelle} », "))
        morceaux.append(_dit(str(ligne.mesure), bilan, ligne))
    return [*morceaux, _dit(".")]


def _dire_comptes(bilan: Bilan) -> Morceaux:
    """How many lines are in each state."""
    morceaux: Morceaux = []
    for statut, compte in bilan.comptes().items():
        assert isinstance(compte.mesure, Taux)
        morceaux.append(_dit(f"{' ; ' if morceaux else ''}{statut} : "))
        morceaux.append(_dit(compte.mesure.fraction, bilan, compte))
    if not morceaux:
        return []
    morceaux[0] = _dit(_majuscule(morceaux[0].texte))
    return [*morceaux, _dit(".")]


def _dire_ecart(bilan: Bilan) -> Morceaux:
    """Always conditional: two surveys may differ by more than what they asked."""
    retenue = next((li for li in bilan.lignes if li.statut), bilan.lignes[0])
    ecart = retenue.mesure
    assert isinstance(ecart, Ecart) and retenue.reference is not None
    inconnue = "" if ecart.base_connue else ", base inconnue"
    hypothese = "" if ecart.base_connue else f"et {retenue.libelle}, "
    bas, haut = ecart.intervalle
    if bas <= 0 <= haut:
        sens = "on ne pourrait conclure ni à une hausse ni à une baisse"
    else:
        points = [nombre(100 * part) for part in sorted((abs(bas), abs(haut)))]
        sens = (
            f"{'la baisse' if haut < 0 else 'la hausse'} serait de {points[0]} à {points[1]} points"
        )
    morceaux = [
        _dit(f"{PARMI[bilan.plan]}« {ecart.sujet} » : "),
        _dit(str(ecart.maintenant), bilan, retenue),
        _dit(f", contre {pourcentage(retenue.reference)} publié en {retenue.groupe}{inconnue}. "),
        _dit(f"Si les deux enquêtes étaient comparables, {hypothese}"),
        _dit(sens, bilan, retenue),
        _dit("."),
    ]
    if bilan.reserve:
        morceaux.append(_dit(f" À lire avec réserve : {bilan.reserve}."))
    return morceaux


def _dire_effectifs(bilan: Bilan) -> Morceaux:
    haut, bas = max(bilan.lignes, key=_effectif), min(bilan.lignes, key=_effectif)
    if bilan.lignes[0].code == "total":
        return [
            _dit("En tout : "),
            _dit(str(bilan.lignes[0].mesure), bilan, bilan.lignes[0]),
            _dit("."),
        ]
    return [
        _dit(f"Le plus : « {haut.libelle} », "),
        _dit(str(haut.mesure), bilan, haut),
        _dit(f" ; le moins : « {bas.libelle} », "),
        _dit(str(bas.mesure), bilan, bas),
        _dit("."),
    ]


def _effectif(ligne: Ligne) -> int:
    return ligne.mesure.n if isinstance(ligne.mesure, Effectif) else 0


def _dire_durees(bilan: Bilan) -> Morceaux:
    """The measure that respects its target least often."""
    jugees = [li for li in bilan.lignes if isinstance(li.mesure, Durees) and li.mesure.dans_cible]
    if not jugees:
        return []
    pire = min(jugees, key=_part_dans_cible)
    mesure = pire.mesure
    assert isinstance(mesure, Durees)
    return [
        _dit(f"La cible la moins souvent tenue est « {pire.libelle} »"),
        _dit(f" ({pire.groupe.lower()}, {mesure.cible}) : "),
        _dit(str(mesure.dans_cible), bilan, pire),
        _dit(" dans la cible."),
    ]


def _part_dans_cible(ligne: Ligne) -> float:
    assert isinstance(ligne.mesure, Durees) and ligne.mesure.dans_cible
    return float(ligne.mesure.dans_cible.valeur or 0)


def _valeur(ligne: Ligne) -> float:
    assert isinstance(ligne.mesure, Taux)
    return float(ligne.mesure.valeur or 0)


def _pct(ligne: Ligne) -> str:
    assert isinstance(ligne.mesure, Taux)
    return ligne.mesure.pourcentage


def _majuscule(texte: str) -> str:
    return texte[:1].upper() + texte[1:]
