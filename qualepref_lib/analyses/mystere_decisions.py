"""What the mystery tests prove, channel by channel, and what it would have taken to prove more.

A decision is taken once, on all the tests of the wave: testing until a target is proved would prove
it too often. So the tests that are lacking are those to plan for a new wave (rules 3.3, 3.5).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from qualepref_lib.campagne import Campagne
from qualepref_lib.campagne.listes import new_liste
from qualepref_lib.core.bilan import Bilan, Ligne, Liste, Renvoi
from qualepref_lib.core.essais import plan_essais
from qualepref_lib.core.francais import pluriel
from qualepref_lib.core.intervalles import decider
from qualepref_lib.core.mesures import Effectif, Repartition, Taux
from qualepref_lib.referentiel import cible_au
from qualepref_lib.registres.mystere import SOURCE, dire_lue, grilles_de, observations_de
from qualepref_lib.registres.mystere_criteres import (
    CONFORMITE,
    PREMIER_CODAGE,
    dire_part,
    formule_decision,
    measure_criteres,
    new_bilan_mystere,
    risque_de,
)

DECISIONS = ("prouvé", "non démontré", "contredit")
SANS_CIBLE = "sans cible"
FAUTES_MONTREES = 4
"""With no fault, one, two and three."""
TESTS_MAX = 400
"""Enough tests for three faults at a target of 98 %; beyond, nobody plans them."""
PLAFOND = 1_000_000
"""Beyond this many tests, nobody would plan them."""

_PRUDENCE = (
    "à prévoir dans une vague nouvelle, de taille fixée d’avance : ajouter des tests jusqu’à ce "
    "que la cible soit prouvée la prouverait trop souvent"
)


def measure_decisions_mystere(campagne: Campagne) -> Bilan:
    """How many criteria of each grid are proved, contradicted, or neither, against their target."""
    criteres = measure_criteres(campagne, observations_de(campagne))
    grilles = {ligne.groupe: "" for ligne in criteres}
    codes = {g.libelle: g.code for g in campagne.referentiel.grilles}
    sans_cible = any(not ligne.statut for ligne in criteres)
    lignes = [
        _ligne(codes[nom], nom, [li for li in criteres if li.groupe == nom], sans_cible)
        for nom in grilles
    ]
    if len(lignes) > 1:
        lignes.insert(0, _ligne("ensemble", "Ensemble des canaux", criteres, sans_cible))
    risque = dire_part(risque_de(campagne))
    return new_bilan_mystere(
        campagne,
        lignes,
        code="mystere.decisions",
        titre="Ce que prouvent les tests, par canal",
        entete="Grille",
        unite="critère",
        formule="nombre de critères de chaque décision ÷ critères observés qui ont une cible ; "
        f"{formule_decision(campagne)} ; chaque décision, prise seule, a au plus {risque} de "
        f"chances de prouver, ou de contredire, à tort ; {PREMIER_CODAGE}",
        grappes=True,
        si_vide="Aucun critère n’a été observé sur un test abouti.",
    )


def measure_tests_requis(campagne: Campagne) -> Bilan:
    """For each target of the grids tested, the smallest numbers of tests that prove it.

    With no fault, then one, two and three: what a reader needs to see why few tests prove little.
    """
    grilles = grilles_de(campagne, observations_de(campagne))
    cibles = {cible_au(grille.cibles, campagne.fiche.date_reference) for grille in grilles}
    niveau = campagne.fiche.niveau_confiance
    lignes, insuffisants = [], []
    for cible in sorted({cible.valeur for cible in cibles if cible}):
        tailles = plan_essais(float(cible), niveau, TESTS_MAX).tailles[:FAUTES_MONTREES]
        nom = dire_part(cible)
        for fautes, tests in enumerate(tailles):
            dites = pluriel(fautes, "faute au plus", "fautes au plus") if fautes else "aucune faute"
            code = f"cible-{nom.split(chr(160))[0].replace(',', '-')}.{fautes}"
            lignes.append(Ligne(code, f"Cible de {nom}, {dites}", Effectif(tests, "test")))
        if tailles and tailles[0] > 1:
            moins = pluriel(tailles[0] - 1, "test")
            insuffisants.append(f"{moins} sans faute ne prouvent pas {nom}")
    return new_bilan_mystere(
        campagne,
        lignes,
        code="mystere.requis",
        titre="Combien de tests prouvent une cible",
        entete="Ce qui est observé",
        formule="plus petit nombre de tests dont la borne basse exacte (Clopper et Pearson, d’un "
        f"seul côté, à {dire_part(niveau)}) atteint la cible avec ce nombre de fautes",
        champ=" ; ".join(["tests où le critère s’applique", *insuffisants]),
        si_vide="Aucun critère observé n’a de cible qu’un nombre de tests raisonnable prouverait.",
    )


def measure_suffisance(campagne: Campagne) -> Bilan:
    """Of each criterion « non démontré », how many more faultless tests would have proved it.

    A criterion that no number of tests can prove (target of 100 %) has no line.
    """
    return _new_suffisance(campagne, _indecis(campagne))


def _new_suffisance(campagne: Campagne, indecis: list[Ligne]) -> Bilan:
    lignes = [
        Ligne(ligne.code, ligne.libelle, Effectif(manque, "test"), ligne.lignes, ligne.groupe)
        for ligne in indecis
        if (manque := find_manque(ligne, campagne.fiche.niveau_confiance)) is not None
    ]
    return new_bilan_mystere(
        campagne,
        lignes,
        code="mystere.suffisance",
        titre="Tests sans faute qui auraient manqué pour prouver la cible",
        entete="Critère observé",
        formule="plus petit nombre de tests sans faute qui, ajoutés aux tests faits et à leurs "
        f"fautes, prouveraient la cible ; {CONFORMITE} ; {formule_decision(campagne)} ; "
        f"{_PRUDENCE} ; {PREMIER_CODAGE}",
        si_vide="Aucun critère observé n’est resté « non démontré ».",
    )


def list_suffisance(campagne: Campagne) -> Liste:
    """The criteria « non démontré »: what was seen, and what would have proved their target."""
    indecis = _indecis(campagne)
    bilan = _new_suffisance(campagne, indecis)
    constats = new_bilan_mystere(
        campagne, indecis, code="mystere.conformite", titre="Critères observés, toutes grilles",
        formule=f"{CONFORMITE} ; {formule_decision(campagne)} ; {PREMIER_CODAGE}",
    )  # fmt: skip
    cites = {f"{constats.code}.{ligne.code}" for ligne in indecis}
    return new_liste(
        campagne,
        SOURCE,
        code="mystere.suffisance",
        titre="Ce qu’il aurait fallu pour prouver les critères non démontrés",
        colonnes=(
            "Critère observé", "Grille", "Constaté", "Cible", "Ce qui l’aurait prouvée",
            "Vague nouvelle sans faute",
        ),
        lignes=_lignes_suffisance(campagne, indecis, bilan),
        champ=f"{dire_lue(campagne)} ; {_PRUDENCE}",
        chiffres=(
            *(c for c in constats.chiffres() if c.code in cites),
            *bilan.chiffres(),
        ),
    )  # fmt: skip


def find_manque(ligne: Ligne, niveau: float) -> int | None:
    """How many faultless tests, added to those of a criterion, prove its target; None: none can.

    >>> from fractions import Fraction
    >>> find_manque(Ligne("a", "a", Taux(18, 20), cible=Fraction(4, 5)), 0.95)
    10
    >>> find_manque(Ligne("a", "a", Taux(13, 13), cible=Fraction(1)), 0.95) is None
    True
    """
    taux = ligne.mesure
    assert isinstance(taux, Taux) and ligne.cible is not None
    return _manque(int(taux.favorables), taux.observes, float(ligne.cible), niveau)


def _manque(favorables: int, tests: int, cible: float, niveau: float) -> int | None:
    """By halving: one more faultless test never lowers the exact lower bound."""

    def prouve(de_plus: int) -> bool:
        return decider(favorables + de_plus, tests + de_plus, cible, niveau) == "prouvé"

    if cible >= 1 or not prouve(PLAFOND):
        return None
    bas, haut = -1, PLAFOND
    while haut - bas > 1:
        milieu = (bas + haut) // 2
        bas, haut = (bas, milieu) if prouve(milieu) else (milieu, haut)
    return haut


def _ligne(code: str, libelle: str, criteres: Iterable[Ligne], sans_cible: bool) -> Ligne:
    siens = list(criteres)
    statuts = [ligne.statut for ligne in siens]
    effectifs = {decision: statuts.count(decision) for decision in DECISIONS}
    a_part = {SANS_CIBLE: statuts.count("")} if sans_cible else {}
    numeros = tuple(sorted(n for ligne in siens for n in ligne.lignes))
    return Ligne(code, libelle, Repartition(effectifs, a_part), numeros)


def _indecis(campagne: Campagne) -> list[Ligne]:
    lignes = measure_criteres(campagne, observations_de(campagne))
    return [ligne for ligne in lignes if ligne.statut == "non démontré"]


def _lignes_suffisance(
    campagne: Campagne, indecis: list[Ligne], bilan: Bilan
) -> Iterator[tuple[str | Renvoi, ...]]:
    connus = {ligne.code: ligne for ligne in bilan.lignes}
    for ligne in indecis:
        taux, cible = ligne.mesure, ligne.cible
        assert isinstance(taux, Taux) and cible is not None
        manque = connus.get(ligne.code)
        impossible = f"{dire_part(cible)} ne se prouve pas par des tests"
        neuve = _manque(0, 0, float(cible), campagne.fiche.niveau_confiance)
        yield (
            ligne.libelle,
            ligne.groupe,
            Renvoi(str(taux), f"mystere.conformite.{ligne.code}"),
            dire_part(cible),
            impossible
            if manque is None
            else Renvoi(_dire(taux, manque), bilan.identifiant(manque)),
            "–" if neuve is None else pluriel(neuve, "test"),
        )


def _dire(taux: Taux, manque: Ligne) -> str:
    """``10 tests de plus, sans faute : 30 en tout, dont 2 fautes``."""
    assert isinstance(manque.mesure, Effectif)
    de_plus, fautes = manque.mesure.n, taux.observes - int(taux.favorables)
    total = f"{pluriel(taux.observes + de_plus, 'test')} en tout"
    dont = f", dont {pluriel(fautes, 'faute')}" if fautes else ""
    return f"{pluriel(de_plus, 'test')} de plus, sans faute ({total}{dont})"
