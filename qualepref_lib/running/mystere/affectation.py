"""Who tests what, where and when: drawn from a seed, balanced, and blind.

Within each channel every factor is even within one: service, weekday and slot (as far as the
opening hours allow), scenario, profile, tester; testers are even over the whole wave too, and each
tester meets each service and each scenario as often as the others. Days are then exchanged between
tests, which moves no count, until no tester meets one service twice on one day if that can be had.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from random import Random

from qualepref_lib.campagne import Campagne
from qualepref_lib.core.refus import Probleme, Refus
from qualepref_lib.referentiel import Grille
from qualepref_lib.running.mystere.calendrier import Case, choose_cases, find_cases
from qualepref_lib.running.mystere.coloriage import colour, shuffle

ECHANGES = 4000
"""How many exchanges of days are tried before what is left is told."""


@dataclass(frozen=True)
class TestPrevu:
    """One row of the plan: a test, and who makes it; the tester never sees the target."""

    __test__ = False  # a mystery test, not one of pytest's

    vague: str
    test: str
    grille: str
    service: str
    date: dt.date
    creneau: str
    profil: str
    testeur: str
    codage: str
    scenario: str


@dataclass(frozen=True)
class Demande:
    """What a wave is planned for: its days, its people, how many tests on each grid.

    ``services`` are those to test, by grid.
    """

    vague: str
    debut: dt.date
    fin: dt.date
    effectifs: Mapping[str, int]
    testeurs: int
    services: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    profils: tuple[str, ...] = ()
    doubles: int = 0
    graine: int = 1


@dataclass(frozen=True)
class _Charges:
    """How many tests each tester and each service has so far, over the whole wave."""

    testeurs: Counter[int] = field(default_factory=Counter)
    services: Counter[str] = field(default_factory=Counter)


def assign(campagne: Campagne, demande: Demande) -> tuple[TestPrevu, ...]:
    """The tests of a wave, by grid and date.

    Raises :class:`Refus` listing every grid that cannot be tested on those days.
    """
    problemes = _impossibles(campagne, demande)
    if problemes:
        raise Refus(*problemes)
    hasard = Random(f"{demande.vague} {demande.graine}")
    charges = _Charges()
    tests: list[TestPrevu] = []
    for grille in _grilles(campagne, demande):
        tests += _assign_grille(campagne, demande, grille, charges, hasard)
    tests = _separer(tests, hasard)
    simples = sorted(tests, key=lambda t: (list(demande.effectifs).index(t.grille), t.date, t.test))
    numerotes = _numeroter(simples)
    return (*numerotes, *_doubler(numerotes, demande, hasard))


def conflits(tests: Sequence[TestPrevu]) -> list[tuple[TestPrevu, TestPrevu]]:
    """Pairs of tests in which one tester meets one service twice on a day, or is in two places."""
    vus: dict[tuple[object, ...], TestPrevu] = {}
    paires = []
    for test in tests:
        for cle in _cles(test):
            if cle in vus:
                paires.append((vus[cle], test))
            vus.setdefault(cle, test)
    return paires


def _cles(test: TestPrevu) -> list[tuple[object, ...]]:
    cles: list[tuple[object, ...]] = []
    if test.creneau:  # what has no hour is written or read: nobody meets anybody
        cles = [(test.testeur, test.date, test.creneau)]
        if test.service:
            cles.append((test.testeur, test.date, "service", test.service))
    return cles


def _grilles(campagne: Campagne, demande: Demande) -> list[Grille]:
    par_code = {g.code: g for g in campagne.referentiel.grilles}
    return [par_code[code] for code, n in demande.effectifs.items() if n]


def _impossibles(campagne: Campagne, demande: Demande) -> list[Probleme]:
    site = campagne.fiche.site
    return [
        Probleme(
            "plan de la vague",
            f"« {grille.libelle} » : aucun jour ouvert entre le {demande.debut:%d/%m/%Y} et le "
            f"{demande.fin:%d/%m/%Y}.",
            remede="changer les dates, ou « site.horaires » dans campagne.yaml.",
        )
        for grille in _grilles(campagne, demande)
        if not find_cases(site, grille.canal, demande.debut, demande.fin)
    ]


def _assign_grille(
    campagne: Campagne, demande: Demande, grille: Grille, charges: _Charges, hasard: Random
) -> list[TestPrevu]:
    """The tests of one grid: what one grid has too many of, the next has too few of."""
    n = demande.effectifs[grille.code]
    cases = find_cases(campagne.fiche.site, grille.canal, demande.debut, demande.fin)
    choisies = shuffle(choose_cases(cases, n, hasard), hasard)
    services = sorted(demande.services.get(grille.code) or ("",), key=lambda s: charges.services[s])
    scenarios = grille.scenarios or ("",)
    profils = demande.profils or ("",)
    s = shuffle([i % len(services) for i in range(n)], hasard)
    charges.services.update(services[i] for i in s)
    creneaux = {c: i for i, c in enumerate(sorted({case.creneau for case in choisies}))}
    par_creneau = [creneaux[case.creneau] for case in choisies]
    sc = colour(list(zip(s, par_creneau, strict=True)), len(scenarios), hasard)
    couleurs = colour(list(zip(s, sc, strict=True)), demande.testeurs, hasard)
    t = _repartir(couleurs, demande.testeurs, charges.testeurs)
    pr = colour(list(zip(t, s, strict=True)), len(profils), hasard)
    return [
        _test(
            demande, grille, i, choisies[i], services[s[i]], scenarios[sc[i]], profils[pr[i]], t[i]
        )
        for i in range(n)
    ]


def _test(
    demande: Demande,
    grille: Grille,
    rang: int,
    case: Case,
    service: str,
    scenario: str,
    profil: str,
    testeur: int,
) -> TestPrevu:
    return TestPrevu(
        vague=demande.vague,
        test=f"{grille.code}-{rang:03d}",
        grille=grille.code,
        service=service,
        date=case.jour,
        creneau=case.creneau,
        profil=profil,
        testeur=f"T{testeur + 1}",
        codage="",
        scenario=scenario,
    )


def _repartir(couleurs: Sequence[int], k: int, charges: Counter[int]) -> list[int]:
    """Colours become testers: the colours used most go to those who have had the fewest tests."""
    fois = Counter(couleurs)
    ordre = sorted(range(k), key=lambda c: (-fois[c], c))
    libres = sorted(range(k), key=lambda t: (charges[t], t))
    qui = dict(zip(ordre, libres, strict=True))
    testeurs = [qui[c] for c in couleurs]
    charges.update(testeurs)
    return testeurs


def _separer(tests: list[TestPrevu], hasard: Random) -> list[TestPrevu]:
    """Exchange days between tests of one grid until nobody is in two places, or tries are out."""
    restent = len(conflits(tests))
    for _ in range(ECHANGES):
        if not restent:
            break
        i = tests.index(conflits(tests)[0][1])
        pareils = [j for j, t in enumerate(tests) if t.grille == tests[i].grille and j != i]
        if not pareils:
            break
        j = pareils[int(hasard.random() * len(pareils))]
        essai = list(tests)
        essai[i] = replace(tests[i], date=tests[j].date, creneau=tests[j].creneau)
        essai[j] = replace(tests[j], date=tests[i].date, creneau=tests[i].creneau)
        if len(conflits(essai)) <= restent:
            tests, restent = essai, len(conflits(essai))
    return tests


def _numeroter(tests: Sequence[TestPrevu]) -> list[TestPrevu]:
    """Numbers in the order of the days, of this wave alone: two waves share a file."""
    rangs: Counter[str] = Counter()
    numerotes = []
    for test in tests:
        rangs[test.grille] += 1
        numero = f"{test.vague}-{test.grille}-{rangs[test.grille]:02d}"
        numerotes.append(replace(test, test=numero))
    return numerotes


def _doubler(tests: Sequence[TestPrevu], demande: Demande, hasard: Random) -> list[TestPrevu]:
    """The tests that a second tester rates too, drawn among those that leave a trace to rate."""
    ecrits = [t for t in tests if not t.creneau] if demande.testeurs > 1 else []
    tires = {t.test for t in shuffle(ecrits, hasard)[: demande.doubles]}
    charges: Counter[str] = Counter()
    doubles = []
    for test in ecrits:
        if test.test in tires:
            autres = [f"T{k + 1}" for k in range(demande.testeurs) if f"T{k + 1}" != test.testeur]
            qui = min(autres, key=lambda t: (charges[t], t))
            charges[qui] += 1
            doubles.append(replace(test, testeur=qui, codage="double"))
    return doubles
