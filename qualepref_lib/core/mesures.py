"""What can be found: a rate and its base, a spread of answers, waits, a count.

A number never travels without its base, so none of these is a float. Each knows its
numerator and denominator, and prints itself as a French auditor would read it aloud.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from types import MappingProxyType

from qualepref_lib.core.francais import date_courte, nombre, nombre_court, pluriel, pourcentage
from qualepref_lib.core.intervalles import Intervalle, wilson

PETITE_BASE = 10
"""Below this many observations, counts are printed and no percentage (rules 3.1)."""


@dataclass(frozen=True)
class Taux:
    """``favorables`` out of ``observes``, and how many are not assessed yet.

    ``favorables`` may end in a half: a criterion rated *partiel* is worth half a point.
    ``bornes_declarees`` replaces the bounds where the rate is a mean of rates.
    """

    favorables: Fraction | int
    observes: int
    non_evalues: int = 0
    bornes_declarees: tuple[Fraction, Fraction] | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "favorables", Fraction(self.favorables))
        if not 0 <= self.favorables <= self.observes:
            raise ValueError(f"{self.favorables} of {self.observes} is not a rate")

    @property
    def valeur(self) -> Fraction | None:
        """The rate, exact, or None when nothing applicable was observed."""
        return Fraction(self.favorables) / self.observes if self.observes else None

    @property
    def bornes(self) -> tuple[Fraction, Fraction] | None:
        """Where the rate ends up if all open items fail, or all pass; None without open items."""
        if not self.non_evalues or self.bornes_declarees:
            return self.bornes_declarees
        favorables = Fraction(self.favorables)
        return (favorables / self.total, (favorables + self.non_evalues) / self.total)

    @property
    def total(self) -> int:
        """Assessed and open items together: what the base will be once all are assessed."""
        return self.observes + self.non_evalues

    @property
    def petite_base(self) -> bool:
        """True when a percentage would promise more than the base holds."""
        return self.observes < PETITE_BASE

    def intervalle(self, niveau: float = 0.95) -> Intervalle:
        """The Wilson interval, for samples only: a census has bounds, no interval."""
        return wilson(float(self.favorables), self.observes, niveau)

    @property
    def fraction(self) -> str:
        """``39 sur 159``: the numerator and the denominator, without the percentage.

        >>> Taux(39, 159).fraction
        '39 sur 159'
        """
        return f"{nombre_court(self.favorables)} sur {nombre_court(self.observes)}"

    @property
    def pourcentage(self) -> str:
        """The percentage alone, for a column whose neighbours hold the base; counts when small.

        >>> Taux(39, 159).pourcentage, Taux(2, 2).pourcentage, Taux(0, 0).pourcentage
        ('25\\xa0%', '2 sur 2', 'sans objet')
        """
        if self.valeur is None:
            return "non évalué" if self.non_evalues else "sans objet"
        return self.fraction if self.petite_base else pourcentage(self.valeur)

    def __str__(self) -> str:
        """The rate with its base, and its bounds if anything is open.

        >>> str(Taux(39, 159)), str(Taux(2, 2)), str(Taux(0, 0))
        ('39 sur 159 (25\\xa0%)', '2 sur 2', 'sans objet')
        >>> str(Taux(14, 18, 3))
        '14 sur 18 (78\\xa0%, entre 67\\xa0% et 81\\xa0%)'
        """
        if self.valeur is None or self.petite_base:
            reste = f", {pluriel(self.non_evalues, 'non évalué')}" if self.non_evalues else ""
            return (self.fraction if self.observes else self.pourcentage) + reste
        return f"{self.fraction} ({pourcentage(self.valeur)}{self._entre()})"

    def _entre(self) -> str:
        if self.bornes is None:
            return ""
        return f", entre {pourcentage(self.bornes[0])} et {pourcentage(self.bornes[1])}"


@dataclass(frozen=True)
class Repartition:
    """How many items carry each label (modality, status); ``a_part`` are outside the base."""

    effectifs: Mapping[str, int]
    a_part: Mapping[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "effectifs", MappingProxyType(dict(self.effectifs)))
        object.__setattr__(self, "a_part", MappingProxyType(dict(self.a_part)))

    @property
    def base(self) -> int:
        """The number of items that the shares are out of."""
        return sum(self.effectifs.values())

    def taux(self, *modalites: str) -> Taux:
        """The share of some of the labels.

        >>> Repartition({"oui": 3, "non": 9}).taux("oui")
        Taux(favorables=Fraction(3, 1), observes=12, non_evalues=0, bornes_declarees=None)
        """
        return Taux(Fraction(sum(self.effectifs.get(m, 0) for m in modalites)), self.base)

    def __str__(self) -> str:
        return " ; ".join(f"{nom} : {n}" for nom, n in self.effectifs.items())


@dataclass(frozen=True)
class Durees:
    """Waits or delays, in ``unite``; ``en_cours`` have no end yet and are not among the ``n``.

    ``ouverts`` says what those are. A median of None while ``n`` is not zero is one that is not
    reached yet: more than half of the items are still open.
    """

    n: int
    mediane: float | None
    p90: float | None
    unite: str
    dans_cible: Taux | None = None
    cible: str = ""
    en_cours: int = 0
    ouverts: str = "sans mesure"

    def __str__(self) -> str:
        """The spread, the share in target with its base, and what has no measure.

        >>> str(Durees(4, 7.5, 10.7, "minutes", Taux(3, 4), "10 au plus", en_cours=1))
        'médiane 7,5, 9e décile 10,7 (minutes) ; 3 sur 4 dans la cible ; 1 sans mesure'
        """
        if not self.n and not self.en_cours:
            return "aucune mesure"
        sans = f" ; {self.en_cours} {self.ouverts}" if self.en_cours else ""
        dans = "" if self.dans_cible is None else f" ; {self.dans_cible} dans la cible"
        if self.mediane is None:
            return ("médiane non atteinte" if self.n else "aucune mesure") + dans + sans
        decile = "" if self.p90 is None else f", 9e décile {nombre(self.p90, 1)}"
        return f"médiane {nombre(self.mediane, 1)}{decile} ({self.unite}){dans}{sans}"


@dataclass(frozen=True)
class TriCroise:
    """A rate for each column of a two-way table: hours × weekdays, items × groups."""

    cases: Mapping[str, Taux]

    def __post_init__(self) -> None:
        object.__setattr__(self, "cases", MappingProxyType(dict(self.cases)))

    def __str__(self) -> str:
        return " ; ".join(f"{nom} : {taux}" for nom, taux in self.cases.items())


@dataclass(frozen=True)
class Effectif:
    """A plain count of things."""

    n: int
    nom: str
    noms: str | None = None

    def __str__(self) -> str:
        return pluriel(self.n, self.nom, self.noms)


@dataclass(frozen=True)
class Ecart:
    """The difference of two rates of ``sujet``, in share (−0.30 is 30 points down).

    Without ``base_connue`` the base of ``avant`` is a hypothesis: only its rate was published.
    """

    maintenant: Taux
    avant: Taux
    intervalle: Intervalle
    base_connue: bool = False
    sujet: str = ""

    @property
    def valeur(self) -> Fraction:
        """Now minus before."""
        assert self.maintenant.valeur is not None and self.avant.valeur is not None
        return self.maintenant.valeur - self.avant.valeur

    def __str__(self) -> str:
        """The difference and its interval, in points, signs kept.

        >>> str(Ecart(Taux(10, 20), Taux(9, 20), (-0.24, 0.33)))
        '5 points [\u221224 ; 33]'
        """
        bas, haut = self.intervalle
        return f"{nombre(100 * self.valeur)} points [{nombre(100 * bas)} ; {nombre(100 * haut)}]"


@dataclass(frozen=True)
class Score:
    """A number that is not a share of counts: a mean, a balance, a correlation, a weighted share.

    ``n`` is its unweighted base, None where only the value was published; ``etendue`` its
    interval, in its own unit, where it has one. Under ten observations no value is printed.
    """

    valeur: float | None
    n: int | None
    unite: str = ""
    decimales: int = 0
    etendue: Intervalle | None = None

    @property
    def petite_base(self) -> bool:
        """True when a number would promise more than the base holds."""
        return self.n is not None and self.n < PETITE_BASE

    @property
    def base(self) -> str:
        """The base as a column prints it."""
        return "inconnue" if self.n is None else nombre_court(self.n)

    @property
    def texte(self) -> str:
        """The value with its unit; a word where there is none to print.

        >>> Score(53.84, 171, "%").texte, Score(0.524, 40, decimales=2).texte, Score(1.0, 3).texte
        ('54\xa0%', '0,52', 'moins de 10 réponses')
        """
        if self.n == 0 or (self.valeur is None and not self.petite_base):
            return "sans objet"
        if self.petite_base:
            return f"moins de {PETITE_BASE} réponses"
        assert self.valeur is not None
        unite = f"\u00a0{self.unite}" if self.unite else ""
        return f"{nombre(self.valeur, self.decimales)}{unite}"

    @property
    def intervalle(self) -> str:
        """``[46 ; 61] %``, empty without an interval."""
        if self.etendue is None or self.petite_base or self.valeur is None:
            return ""
        bas, haut = (nombre(borne, self.decimales) for borne in self.etendue)
        return f"[{bas} ; {haut}]" + (f" {self.unite}" if self.unite else "")

    def __str__(self) -> str:
        """The value with its base.

        >>> str(Score(-12.4, 171, "points"))
        '\u221212\xa0points (n\\xa0=\\xa0171)'
        >>> str(Score(84, None, "%"))
        '84\xa0% (base inconnue)'
        """
        base = "base inconnue" if self.n is None else f"n\u00a0=\u00a0{self.base}"
        return f"{self.texte} ({base})"


@dataclass(frozen=True)
class Priorite:
    """An item of a survey: how much it goes with the whole, and how satisfied people are of it."""

    importance: Score
    satisfaction: Taux

    def __str__(self) -> str:
        return f"satisfaction {self.satisfaction}, lien avec l’ensemble {self.importance}"


@dataclass(frozen=True)
class Periode:
    """The planned span of an action, and how far it is (a share, as declared by its owner)."""

    debut: dt.date | None
    fin: dt.date | None
    avancement: float | None = None

    def __str__(self) -> str:
        if self.fin is None:
            return "sans échéance"
        return f"pour le {date_courte(self.fin)}"


Mesure = Periode | Taux | Repartition | TriCroise | Durees | Effectif | Ecart | Score | Priorite
