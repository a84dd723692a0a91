"""A Bilan in one or two sentences, each number linked to its entry in the register.

The grammar depends on the plan: a census states, a sample keeps its base, volunteers are « les
répondants », and a difference with an edition of unknown base is conditional. Nothing here says
« significatif » or « tous les usagers ».
"""

from __future__ import annotations

from qualepref_lib.core.bilan import Bilan, Ligne, Liste, Renvoi, texte_intervalle
from qualepref_lib.core.francais import nombre, pluriel, pourcentage
from qualepref_lib.core.mesures import Durees, Ecart, Effectif, Periode, Taux
from qualepref_lib.display.blocs import Bloc, BlocPhrase, BlocRien, Morceau
from qualepref_lib.display.lecture import PARMI, niveau
from qualepref_lib.display.montre import Montre
from qualepref_lib.display.tableau import avis_manque, chiffres

Morceaux = list[Morceau]


class Phrase(Montre):
    """The sentence of a bilan, or what is missing to say it."""

    def __init__(self, bilan: Bilan | Liste) -> None:
        self.bilan = bilan

    def bloc(self) -> Bloc:
        """The sentence as the report receives it."""
        if self.bilan.manque:
            return avis_manque(self.bilan)
        if not self.bilan.lignes:
            return BlocRien()
        if isinstance(self.bilan, Liste):
            return BlocPhrase(morceaux=tuple(_nommer(self.bilan)))
        morceaux = _dire(self.bilan)
        if not morceaux:
            return BlocRien()
        return BlocPhrase(morceaux=tuple(morceaux), chiffres=chiffres(self.bilan))


def phrase(bilan: Bilan | Liste) -> Phrase:
    """Say what a bilan found, or name the lines of a list."""
    return Phrase(bilan)


def _nommer(liste: Liste) -> Morceaux:
    """The lines of a list by their names: its table says the rest."""
    noms = [ligne[0].texte if isinstance(ligne[0], Renvoi) else ligne[0] for ligne in liste.lignes]
    return [_dit(f"{liste.titre} : " + " ; ".join(f"« {nom} »" for nom in noms) + ".")]


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
        return _dire_avancement(bilan, evaluees)
    if any(li.statut == "contredit" for li in evaluees):
        return [*_dire_contredits(bilan, evaluees), *_dire_decisions(bilan)]
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
        nom = f"« {ligne.libelle} », " if entre_guillemets else f"{ligne.libelle} : "
        morceaux.append(_dit(f"{' ; ' if morceaux else ''}{nom}"))
        morceaux.append(_dit(str(ligne.mesure), bilan, ligne))
    return [*morceaux, _dit(".")]


def _dire_avancement(bilan: Bilan, lignes: list[Ligne]) -> Morceaux:
    """States that share out the whole, then the part of it that is late: nothing adds up twice."""
    etats = [ligne for ligne in lignes if ligne.code != EN_RETARD]
    retards = [ligne for ligne in lignes if ligne.code == EN_RETARD]
    morceaux = _enumerer(bilan, etats)
    for ligne in retards:
        morceaux[-1] = _dit(" ; parmi les actions ouvertes, en retard : ")
        morceaux += [_dit(str(ligne.mesure), bilan, ligne), _dit(".")]
    return morceaux


def _dire_contredits(bilan: Bilan, lignes: list[Ligne]) -> Morceaux:
    """The criteria that the tests contradict, by name: they are what is to be looked at."""
    contredits = [ligne for ligne in lignes if ligne.statut == "contredit"]
    debut = _majuscule(f"{PARMI[bilan.plan]}la cible est contredite pour ")
    return [_dit(debut), *_enumerer(bilan, contredits, entre_guillemets=True)]


EN_RETARD = "en_retard"
"""The line of late actions: a part of those that are open, not a state beside them."""

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
    "non démontré": "et les tests ne permettent pas de conclure pour {n}",
}
_NOMS = {
    "Module": ("module", "modules"),
    "Canal": ("canal", "canaux"),
    "Critère observé": ("critère", "critères"),
    "Question": ("question", "questions"),
    "Engagement": ("engagement", "engagements"),
}
"""What the lines of a bilan are called in a sentence, by the head of their column."""


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
        nombre_dit = pluriel(
            compte.mesure.favorables, *_NOMS.get(bilan.entete, ("ligne", "lignes"))
        )
        morceaux += [_dit(debut), _dit(f"{nombre_dit} sur {compte.mesure.observes}", bilan, compte)]
        morceaux.append(_dit(apres))
    if not morceaux:
        return []
    premier = morceaux[0].texte
    cibles = {li.cible for li in bilan.lignes if li.cible is not None}
    seule = pourcentage(min(cibles)) if len(cibles) == 1 else ""
    nom = f"La cible de {seule}" if seule else "La cible propre à chaque ligne"
    origine = f" ({bilan.reserve})" if bilan.reserve else ""
    morceaux[0] = _dit(f" {nom}{origine} est{premier}")
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
    hypothese = "" if ecart.base_connue else f" {retenue.libelle}{_fourchette(bilan)}"
    bas, haut = ecart.intervalle
    if bas <= 0 <= haut:
        sens = "on ne pourrait conclure ni à une hausse ni à une baisse"
    else:
        points = [nombre(100 * part) for part in sorted((abs(bas), abs(haut)))]
        sens = (
            f"{'la baisse' if haut < 0 else 'la hausse'} serait de {points[0]} à {points[1]} points"
        )
    morceaux = [
        _dit(f"{PARMI[bilan.plan]}satisfaits (« {ecart.sujet} ») : "),
        _dit(str(ecart.maintenant), bilan, retenue),
        _dit(", contre "),
        _dit(f"{pourcentage(retenue.reference)} publié en {retenue.groupe}", bilan, retenue),
        _dit(f"{inconnue}. Si les deux enquêtes étaient comparables, "),
        _dit(sens, bilan, retenue),
        _dit(f"{hypothese}."),
    ]
    if bilan.reserve:
        morceaux.append(_dit(f" À lire avec réserve : {bilan.reserve}."))
    return morceaux


def _fourchette(bilan: Bilan) -> str:
    """The widest difference over all the plausible bases: one hypothesis alone would be ours."""
    bornes = [
        b for li in bilan.lignes if isinstance(li.mesure, Ecart) for b in li.mesure.intervalle
    ]
    if len(bilan.lignes) < 2 or min(bornes) <= 0 <= max(bornes):
        return ""
    bas, haut = sorted((abs(min(bornes)), abs(max(bornes))))
    return (
        f" (de {nombre(100 * bas)} à {nombre(100 * haut)} points selon les hypothèses du chapitre)"
    )


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
