"""Numbers that are not a share of counts: means, balances, correlations."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from qualepref_lib.core.francais import nombre, nombre_court
from qualepref_lib.core.intervalles import Intervalle
from qualepref_lib.core.mesures.mesure import Mesure, Termes, with_erreur
from qualepref_lib.core.mesures.taux import MASQUE, PETITE_BASE, Taux


@dataclass(frozen=True)
class Score(Mesure):
    """A number that is not a share of counts: a mean, a balance, a correlation, a weighted share.

    ``n`` is its unweighted base, None where only the value was published; ``etendue`` its
    interval and ``erreur`` its standard error, in its own unit, where it has them. Under ten
    observations no value is printed.
    """

    valeur: float | None
    n: int | None
    unite: str = ""
    decimales: int = 0
    etendue: Intervalle | None = None
    erreur: float | None = None

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

    @property
    def erreur_type(self) -> str:
        """``3,9``: the standard error, with one more decimal than the value; empty without one."""
        if self.erreur is None or self.petite_base or self.valeur is None:
            return ""
        return nombre(self.erreur, self.decimales + 1)

    def __str__(self) -> str:
        """The value with its base.

        >>> str(Score(-12.4, 171, "points"))
        '\u221212\xa0points (n\\xa0=\\xa0171)'
        >>> str(Score(84, None, "%"))
        '84\xa0% (base inconnue)'
        """
        base = "base inconnue" if self.n is None else f"n\u00a0=\u00a0{self.base}"
        return f"{self.texte} ({base})"

    def termes(self, niveau: float | None, reference: Fraction | None = None) -> Termes:
        """The unweighted base, the interval and the error that it has; it has no numerator."""
        return Termes("", self.base, with_erreur(self.intervalle, self.erreur_type))


@dataclass(frozen=True)
class ScoreMasque(Score):
    """A score that is not to be printed, too few people being behind it; it holds no value.

    ``n`` is kept: it is the base of the whole, which is told elsewhere.
    """

    valeur: float | None = None
    n: int | None = None

    @property
    def texte(self) -> str:
        """Nothing of the value.

        >>> str(ScoreMasque(n=94, unite="%")), ScoreMasque(n=3).texte
        ('masqué (n\xa0=\xa094)', 'masqué')
        """
        return MASQUE


@dataclass(frozen=True)
class Priorite(Mesure):
    """An item of a survey: how much it goes with the whole, and how satisfied people are of it."""

    importance: Score
    satisfaction: Taux

    def __str__(self) -> str:
        return f"satisfaction {self.satisfaction}, lien avec l’ensemble {self.importance}"

    def termes(self, niveau: float | None, reference: Fraction | None = None) -> Termes:
        """Those of the importance; the satisfaction has its own card elsewhere."""
        return self.importance.termes(niveau)
