"""What is told when a wave is planned: what it can prove, what it cannot see, what to declare."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from qualepref_lib.campagne import Campagne
from qualepref_lib.core.ecarts_detectables import dire_ecarts
from qualepref_lib.core.essais import PlanEssais, dire_part, plan_essais, puissance, taille_pour
from qualepref_lib.core.francais import enumeration, nombre, pluriel, typographie
from qualepref_lib.referentiel import Grille, cible_au
from qualepref_lib.registres.mystere import tests_de
from qualepref_lib.running.mystere.affectation import Demande, TestPrevu, conflits

SOURCE = "mystere"
FAUTES_MONTREES = 4
N_MAX = 200
"""Beyond this many tests a table is no longer read."""
CHANCE = 0.8
"""The chance of proving that a plan is said to aim at, where it tells how many tests it takes."""


def texte_tailles(
    campagne: Campagne, demande: Demande, confiance: float, entiere: bool = False
) -> Iterator[str]:
    """What the wave can prove, for whoever pays for it: one table for each target in force.

    ``entiere``: the table has every number of tests, not only those where something changes.
    """
    par_cible: dict[float, list[Grille]] = {}
    for grille in campagne.referentiel.grilles:
        cible = cible_au(grille.cibles, demande.debut)
        if cible and demande.effectifs.get(grille.code):
            par_cible.setdefault(float(cible.valeur), []).append(grille)
    for valeur, grilles in par_cible.items():
        prevus = sorted({demande.effectifs[g.code] for g in grilles})
        plan = plan_essais(valeur, confiance, max(N_MAX, *prevus))
        noms = enumeration([g.libelle[:1].lower() + g.libelle[1:] for g in grilles])
        yield typographie(f"Cible de {dire_part(valeur)} : {noms}.")
        yield plan.phrase
        yield from texte_table(plan, prevus, entiere)
        for n in prevus:
            yield _dire_chances(plan, n, confiance)
        yield (
            "Un « sans objet », ou un test qui n’aboutit pas, ne compte pas : prévoir quelques "
            "tests de plus."
        )
        yield from _dire_ecarts(campagne, demande, grilles, valeur)
        yield ""


def texte_table(plan: PlanEssais, prevus: Sequence[int], entiere: bool = False) -> Iterator[str]:
    """For each number of tests, how many faults prove, leave open, contradict: all cases."""
    utiles = {n for taille in plan.tailles[:FAUTES_MONTREES] for n in (taille - 1, taille)}
    utiles |= {n for n in prevus if n <= plan.n_max}
    tailles = range(1, max(utiles, default=0) + 1) if entiere else sorted(utiles - {0})
    yield _rangee("tests", "prouvé", "non démontré", "contredit")
    for n in tailles:
        tolere, contredit = plan.tolere[n], plan.contredit[n]
        fin = n + 1 if contredit is None else contredit
        yield _rangee(str(n), _fautes(0, tolere), _fautes(tolere + 1, fin - 1), _fautes(fin, n))


def texte_equilibre(tests: Sequence[TestPrevu]) -> Iterator[str]:
    """How even the wave is, and what could not be avoided."""
    simples = [t for t in tests if not t.codage]
    for nom in ("testeur", "service"):
        comptes = Counter(getattr(t, nom) for t in simples)
        yield f"Par {nom} : " + ", ".join(
            f"{k or 'non dit'} {n}" for k, n in sorted(comptes.items())
        )
    doubles = len(tests) - len(simples)
    if doubles:
        yield f"Seconds codages : {doubles}."
    for premier, second in conflits(simples):
        yield (
            f"Inévitable avec ces dates : {second.testeur} fait {premier.test} et {second.test} le "
            f"{second.date:%d/%m/%Y}."
        )


def texte_fiche(campagne: Campagne, demande: Demande) -> Iterator[str]:
    """What campaign.yaml lacks for the tests of this wave to be read."""
    debut, fin = demande.debut, demande.fin
    if demande.vague not in {vague.code for vague in campagne.fiche.vagues}:
        yield (
            "À ajouter dans campagne.yaml, sous « vagues » : "
            f'- {{code: "{demande.vague}", libelle: "…", debut: {debut}, fin: {fin}}}'
        )
    declaration = campagne.fiche.sources.get(SOURCE)
    if declaration is None:
        return
    if declaration.fin and fin > declaration.fin:
        yield f"À changer dans campagne.yaml : sources, {SOURCE}, fin: {fin} (ou plus tard)."
    if declaration.debut and debut < declaration.debut:
        yield f"À changer dans campagne.yaml : sources, {SOURCE}, debut: {debut} (ou plus tôt)."


def _rangee(*cases: str) -> str:
    largeurs = (8, 18, 18, 18)
    return "  " + "".join(c.ljust(n) for c, n in zip(cases, largeurs, strict=True)).rstrip()


def _fautes(de: int, a: int) -> str:
    """A span of numbers of faults: « 1 à 5 fautes »; a dash when there is none.

    >>> _fautes(0, 0), _fautes(1, 5), _fautes(3, 2)
    ('0 faute', '1 à 5 fautes', '–')
    """
    if a < de:
        return "–"
    return pluriel(a, "faute") if a == de else f"{de} à {pluriel(a, 'faute')}"


def _dire_chances(plan: PlanEssais, n: int, confiance: float) -> str:
    """How likely the wave is to prove what is true: a proof needs more than a good service."""
    vrai = (1 + plan.cible) / 2
    if n > plan.n_max or plan.cible >= 1:
        return f"{pluriel(n, 'test')} par canal."
    fois = nombre(100 * puissance(n, plan.cible, vrai, confiance))
    texte = (
        f"{pluriel(n, 'test')} par canal : un service qui fait vraiment {dire_part(vrai)} le "
        f"prouverait {fois} fois sur 100"
    )
    il_faut = taille_pour(plan.cible, vrai, CHANCE, confiance, plan.n_max)
    suite = f" ; 80 fois sur 100 avec {pluriel(il_faut, 'test')}" if il_faut else ""
    return typographie(f"{texte}{suite}.")


def _dire_ecarts(
    campagne: Campagne, demande: Demande, grilles: Sequence[Grille], cible: float
) -> Iterator[str]:
    """What will be seen of a change since the last wave, or at the next one if it is the first."""
    tests = tests_de(campagne)
    aboutis = Counter(tests.loc[tests["abouti"], "grille"])
    famille = sum(
        o.genre == "critere"
        for g in campagne.referentiel.grilles
        if demande.effectifs.get(g.code)
        for o in g.observations
    )
    tailles: dict[tuple[int, int], list[str]] = {}
    for grille in grilles:
        n = demande.effectifs[grille.code]
        tailles.setdefault((aboutis[grille.code] or n, n), []).append(grille.libelle)
    niveau = campagne.fiche.niveau_confiance
    for (avant, apres), noms in tailles.items():
        yield f"{enumeration(noms)}. {dire_ecarts(avant, apres, cible, famille, niveau)}"
