"""How many tests a wave needs to prove a target, and what it can say once they are made.

The decision is that of :func:`qualepref_lib.core.intervalles.decider` (rules 3.3), turned over:
the exact lower bound reaches the target if and only if so many favourable tests would be rare
at the target. Binomial terms are whole numbers here, so a bound met exactly is met, and no
rounding can move a wave from one side to the other.

The smallest sizes are those of Wilks (1941) and of acceptance sampling: 59 faultless tests for
95 %, 29 for 90 %, 14 for 80 %, at 95 % confidence.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from qualepref_lib.core.francais import enumeration, pluriel, pourcentage, typographie
from qualepref_lib.core.intervalles import Decision

Issue = Decision | Literal[""]


@dataclass(frozen=True)
class PlanEssais:
    """What every wave of up to ``n_max`` tests can prove of a target.

    ``tolere[n]`` is the most faults with which n tests still prove it (−1: none does);
    ``contredit[n]``, the fewest that contradict it (None: not even n faults do).
    """

    cible: float
    confiance: float
    tolere: tuple[int, ...]
    contredit: tuple[int | None, ...]

    @property
    def n_max(self) -> int:
        """The largest wave looked at."""
        return len(self.tolere) - 1

    @property
    def tailles(self) -> tuple[int, ...]:
        """The smallest wave that proves the target with 0, 1, 2… faults; as far as ``n_max``.

        >>> plan_essais(0.8, n_max=40).tailles
        (14, 22, 30, 37)
        """
        return tuple(self.tolere.index(c) for c in range(max(self.tolere) + 1))

    def taille(self, fautes: int) -> int | None:
        """The smallest wave that proves the target in spite of ``fautes``; None above n_max."""
        return self.tailles[fautes] if fautes < len(self.tailles) else None

    def issue(self, tests: int, fautes: int) -> Decision:
        """What so many tests with so many faults say of the target.

        Raises ValueError when there are more faults than tests, or more tests than ``n_max``.
        """
        if not 0 <= fautes <= tests <= self.n_max:
            raise ValueError(f"{fautes} faults in {tests} tests, at most {self.n_max}")
        if fautes <= self.tolere[tests]:
            return "prouvé"
        seuil = self.contredit[tests]
        return "non démontré" if seuil is None or fautes < seuil else "contredit"

    def tableau(self, tests: Sequence[int], fautes: Sequence[int]) -> tuple[tuple[Issue, ...], ...]:
        """Rows: numbers of tests; columns: faults; "" where there would be more faults than tests.

        >>> plan_essais(0.8).tableau([13, 14], [0, 1])
        (('non démontré', 'non démontré'), ('prouvé', 'non démontré'))
        """
        return tuple(tuple(self.issue(n, f) if f <= n else "" for f in fautes) for n in tests)

    @property
    def phrase(self) -> str:
        """What to plan, said to whoever pays for the tests."""
        if not self.tailles:
            suite = f"{pluriel(self.n_max, 'test')} ne suffisent pas, même sans aucune faute."
            return typographie(f"{self._tete} {suite}")
        sans, *avec = self.tailles[:4]
        fautes = [f"{n} avec {pluriel(c, 'faute')} au plus" for c, n in enumerate(avec, start=1)]
        choix = enumeration([f"{pluriel(sans, 'test')} sans aucune faute", *fautes], "ou")
        moins = f" {pluriel(sans - 1, 'test')} sans faute ne suffisent pas." if sans > 2 else ""
        return typographie(f"{self._tete} il faut {choix}.{moins}")

    @property
    def _tete(self) -> str:
        return (
            f"Pour prouver {dire_part(self.cible)} avec {dire_part(self.confiance)} de confiance,"
        )


def plan_essais(cible: float, confiance: float = 0.95, n_max: int = 200) -> PlanEssais:
    """The plan of a target (a share above 0, at most 1) at this confidence.

    A target of 100 % is never proved, and one fault contradicts it. Raises ValueError for a
    target or a confidence that is no share.

    >>> print(plan_essais(0.8, n_max=40).phrase.replace("\\xa0", " "))
    Pour prouver 80 % avec 95 % de confiance, il faut 14 tests sans aucune faute, 22 avec \
1 faute au plus, 30 avec 2 fautes au plus ou 37 avec 3 fautes au plus. 13 tests sans faute ne \
suffisent pas.
    """
    p, risque = exact(cible), 1 - exact(confiance)
    if not 0 < p <= 1 or not 0 < risque < 1:
        raise ValueError(f"target {cible} or confidence {confiance} is not a share")
    seuils = [_seuils(n, p, risque) for n in range(n_max + 1)]
    return PlanEssais(cible, confiance, tuple(s[0] for s in seuils), tuple(s[1] for s in seuils))


def issue(favorables: int, tests: int, cible: float, confiance: float = 0.95) -> Decision:
    """The decision of a finished wave, in whole numbers.

    >>> issue(14, 14, 0.8), issue(13, 13, 0.8), issue(18, 20, 0.8), issue(3, 12, 0.8)
    ('prouvé', 'non démontré', 'non démontré', 'contredit')
    """
    tolere, contredit = _seuils(tests, exact(cible), 1 - exact(confiance))
    fautes = tests - favorables
    if fautes <= tolere:
        return "prouvé"
    return "non démontré" if contredit is None or fautes < contredit else "contredit"


def issue_connue(
    favorables: int, faits: int, prevus: int, cible: float, confiance: float = 0.95
) -> Issue:
    """The decision of the planned wave if the tests still to do cannot change it, else "".

    The wave is judged on all its ``prevus`` tests, as planned: stopping at the first favourable
    look would prove too often. Raises ValueError when the numbers do not fit each other.

    >>> issue_connue(21, 21, 22, 0.8), issue_connue(0, 2, 14, 0.8), issue_connue(14, 14, 22, 0.8)
    ('prouvé', '', '')
    """
    if not 0 <= favorables <= faits <= prevus:
        raise ValueError(f"{favorables} favourable of {faits} done, {prevus} planned")
    au_pire = issue(favorables, prevus, cible, confiance)
    au_mieux = issue(favorables + prevus - faits, prevus, cible, confiance)
    return au_pire if au_pire == au_mieux else ""


def puissance(tests: int, cible: float, vrai: float, confiance: float = 0.95) -> float:
    """The chance that so many tests prove the target when the true share is ``vrai``.

    >>> round(puissance(14, 0.8, 0.95), 3)
    0.488
    """
    tolere, _ = _seuils(tests, exact(cible), 1 - exact(confiance))
    echoue = 1 - exact(vrai)
    return float(sum((_terme(f, tests, echoue) for f in range(tolere + 1)), Fraction(0)))


def taille_pour(
    cible: float, vrai: float, chance: float = 0.8, confiance: float = 0.95, n_max: int = 200
) -> int | None:
    """The smallest wave that proves the target with this chance, if the true share is ``vrai``.

    The chance goes up in saw teeth: a slightly larger wave may have a little less. None when no
    wave up to ``n_max`` has it.
    """
    utiles = (n for n in range(1, n_max + 1) if puissance(n, cible, vrai, confiance) >= chance)
    return next(utiles, None)


def exact(part: float) -> Fraction:
    """0.8 is four fifths, not the binary number next to it."""
    return Fraction(str(part))


def dire_part(part: float) -> str:
    """A share with the decimals it has, three at most: 80 %, 97,5 %."""
    exacte = exact(part)
    decimales = next((d for d in range(3) if (100 * 10**d * exacte).denominator == 1), 3)
    return pourcentage(exacte, decimales)


def _terme(k: int, n: int, p: Fraction) -> Fraction:
    return math.comb(n, k) * p**k * (1 - p) ** (n - k)


def _seuils(n: int, cible: Fraction, risque: Fraction) -> tuple[int, int | None]:
    """The most faults that prove, the fewest that contradict, among n tests.

    Proved: so few faults have at most the chance ``risque`` when the share is just ``cible``.
    Contradicted: so many have less than it.
    """
    a, b = cible.numerator, cible.denominator
    rates = [math.comb(n, f) * (b - a) ** f * a ** (n - f) for f in range(n + 1)]
    plafond, tolere, somme = risque * b**n, -1, 0
    for fautes, rare in enumerate(rates):
        somme += rare
        if somme > plafond:
            break
        tolere = fautes
    contredit, somme = None, 0
    for fautes in range(n, -1, -1):
        somme += rates[fautes]
        if somme >= plafond:
            break
        contredit = fautes
    return tolere, contredit
