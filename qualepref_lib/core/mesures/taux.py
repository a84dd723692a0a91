"""A rate and its base; one that is weighted; one that may not be printed."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from qualepref_lib.core.francais import nombre, nombre_court, pluriel, pourcentage
from qualepref_lib.core.intervalles import Intervalle, wilson
from qualepref_lib.core.mesures.mesure import Mesure, Termes, with_erreur

PETITE_BASE = 10
"""Below this many observations, counts are printed and no percentage (rules 3.1)."""


@dataclass(frozen=True)
class Taux(Mesure):
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
        entre = f", {self.bornes_lues}" if self.bornes_lues else ""
        return f"{self.fraction} ({pourcentage(self.valeur)}{entre})"

    @property
    def bornes_lues(self) -> str:
        """``entre 67 % et 81 %`` while items are open, nothing otherwise."""
        if self.bornes is None:
            return ""
        return f"entre {pourcentage(self.bornes[0])} et {pourcentage(self.bornes[1])}"

    def intervalle_lu(self, niveau: float | None) -> str:
        """``[46 ; 61] %``, nothing without a level or a base.

        Below ten observations the interval is kept though the percentage is not: it is what tells
        the reader how little ten observations say.
        """
        if niveau is None or not self.observes:
            return ""
        bas, haut = self.intervalle(niveau)
        return f"[{nombre(100 * bas)} ; {nombre(100 * haut)}] %"

    def termes(self, niveau: float | None, reference: Fraction | None = None) -> Termes:
        """Numerator and base, with the interval of a sample or the bounds of what is open."""
        intervalle = self.intervalle_lu(niveau) or self.bornes_lues
        return Termes(nombre_court(self.favorables), nombre_court(self.observes), intervalle)


@dataclass(frozen=True)
class TauxRedresse(Taux):
    """A share by weights: ``observes`` is its unweighted base, ``favorables`` its share of it.

    ``erreur`` is its linearised standard error and ``etendue`` its interval, as shares; neither
    counts of people nor weights can be read back from what is printed.
    """

    erreur: float = 0.0
    etendue: Intervalle = (0.0, 1.0)

    def intervalle(self, niveau: float = 0.95) -> Intervalle:
        """The interval of the design, at the level that it was made for."""
        return self.etendue

    @property
    def erreur_type(self) -> str:
        """The standard error, in points.

        >>> TauxRedresse(6, 12, erreur=0.1432).erreur_type
        '14,3\xa0points'
        """
        return "–" if self.petite_base else f"{nombre(100 * self.erreur, 1)}\u00a0points"

    def termes(self, niveau: float | None, reference: Fraction | None = None) -> Termes:
        """The unweighted base, the interval and the standard error; it has no numerator."""
        bornes = with_erreur(self.intervalle_lu(niveau), self.erreur_type)
        return Termes("", nombre_court(self.observes), bornes)

    @property
    def fraction(self) -> str:
        """The share with its base: there is no count to print."""
        return str(self)

    @property
    def pourcentage(self) -> str:
        """The weighted percentage; a word under ten observations."""
        if self.valeur is None:
            return "sans objet"
        return f"moins de {PETITE_BASE} réponses" if self.petite_base else pourcentage(self.valeur)

    def __str__(self) -> str:
        """The weighted percentage and the unweighted base.

        >>> str(TauxRedresse(6, 12)), str(TauxRedresse(3, 6))
        ('50\xa0% (redressé, base 12)', 'moins de 10 réponses (base 6)')
        """
        mot = "" if self.valeur is None or self.petite_base else "redressé, "
        return f"{self.pourcentage} ({mot}base {nombre_court(self.observes)})"


MASQUE = "masqué"
"""What is printed in the place of a count that could tell who a person is (rules 3.4)."""


@dataclass(frozen=True)
class TauxMasque(Taux):
    """A share that is not to be printed, too few people being behind it; it holds no value.

    ``base`` is kept where the number of people may be told though their answers may not.
    """

    favorables: Fraction | int = 0
    observes: int = 0
    base: int | None = None

    @property
    def base_lue(self) -> str:
        """The base as it may be printed."""
        return MASQUE if self.base is None else nombre_court(self.base)

    def termes(self, niveau: float | None, reference: Fraction | None = None) -> Termes:
        """The word, and the base where it may be told."""
        return Termes(MASQUE, self.base_lue)

    @property
    def fraction(self) -> str:
        """Nothing of the count."""
        return MASQUE

    @property
    def pourcentage(self) -> str:
        """Nothing of the share."""
        return MASQUE

    def __str__(self) -> str:
        """The word, with the base where it may be told.

        >>> str(TauxMasque()), str(TauxMasque(base=12))
        ('masqué', 'masqué (base 12)')
        """
        return MASQUE if self.base is None else f"{MASQUE} (base {nombre_court(self.base)})"
