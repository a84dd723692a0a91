"""How a sample was drawn, and the variance that this design gives to a linearised estimate.

The variance is that of the totals of the primary units within each stratum, with the finite
population correction when their number in the population is given (« ultimate clusters »), then
that of the next stages where they are described. Rows outside of a domain count as zeros: their
units are still part of the design.

Source: C.-E. Särndal, B. Swensson and J. Wretman, *Model Assisted Survey Sampling*, 1992, § 5.5;
T. Lumley, *Complex Surveys*, 2010, chapter 2.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from qualepref_lib.core.sondage.poids import Nombres, verifies

Codes = npt.NDArray[np.int64]
Solitaires = Literal["refuser", "centrer", "negliger"]
"""What to do with a stratum of a single unit: refuse, centre it on the whole, or leave it out."""


class StrateSolitaire(ValueError):
    """A stratum holds a single primary unit: its variance cannot be estimated."""


@dataclass(frozen=True)
class PlanSondage:
    """The weights, strata and primary units of a sample, one value a row.

    ``fpc`` is, on each row, how many primary units its stratum holds in the population (or the
    share of them that was drawn, where no value is above 1). The same cluster name in two strata
    is two clusters. ``calage`` are the margins that the weights were calibrated on: what they
    explain has no variance left; ``poids_avant`` are the weights before a post-stratification.
    ``suite`` is the next stage of a draw in several stages, whose strata are the units of this one;
    it only counts where the population of this stage is known.
    """

    poids: Any
    strates: Any = None
    grappes: Any = None
    fpc: Any = None
    solitaires: Solitaires = "refuser"
    calage: tuple[Any, ...] = ()
    poids_avant: Any = None
    suite: PlanSondage | None = None
    _strates: Codes = field(init=False, repr=False, compare=False)
    _grappes: Codes = field(init=False, repr=False, compare=False)
    _population: Nombres | None = field(init=False, repr=False, compare=False)
    _calage: tuple[Codes, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        w = verifies(self.poids)
        if not (w > 0).any():
            raise ValueError("no row has a weight")
        strates = _codes(self.strates, len(w), "strata")
        grappes = _codes(self.grappes, len(w), "clusters")
        if self.strates is not None and self.grappes is not None:
            grappes = _codes(strates * (int(grappes.max()) + 1) + grappes, len(w), "clusters")
        elif self.grappes is None:
            grappes = np.arange(len(w), dtype=np.int64)
        for nom, valeur in (("poids", w), ("_strates", strates), ("_grappes", grappes)):
            object.__setattr__(self, nom, valeur)
        object.__setattr__(self, "_population", self._lire_fpc())
        marges = tuple(_codes(marge, len(w), "margins") for marge in self.calage)
        object.__setattr__(self, "_calage", marges)

    @property
    def n(self) -> int:
        """How many rows have a weight."""
        return int((self.poids > 0).sum())

    @property
    def degres(self) -> int:
        """The degrees of freedom: primary units minus strata, among the rows that have a weight."""
        return self.degres_de(np.ones(len(self.poids), dtype=bool))

    def degres_de(self, domaine: npt.NDArray[np.bool_]) -> int:
        """The degrees of freedom left to a domain: its primary units minus its strata."""
        dans = domaine & (self.poids > 0)
        unites = np.count_nonzero(np.bincount(self._grappes[dans]))
        return int(unites - np.count_nonzero(np.bincount(self._strates[dans])))

    def variance(self, z: Any) -> Nombres:
        """The covariance of the sums of the columns of ``z`` (rows × estimates, weights in).

        Raises :class:`StrateSolitaire` for a stratum of one unit, unless the design says otherwise.
        """
        z = np.asarray(z, dtype=np.float64)
        z = self._residus(z.reshape(len(self.poids), -1))
        return self._variance(z, np.ones(len(self.poids)))

    def _variance(self, z: Nombres, part: Nombres) -> Nombres:
        """The variance of this stage and the next ones; ``part`` is what the stages before it drew
        of the unit that each row is in."""
        strate, unites, par_strate = self._unites()
        totaux = np.column_stack(
            [np.bincount(unites, weights=colonne, minlength=len(strate)) for colonne in z.T]
        )
        sommes = np.column_stack(
            [np.bincount(strate, weights=c, minlength=len(par_strate)) for c in totaux.T]
        )
        moyennes = sommes / par_strate[:, None]
        seules = (par_strate == 1) & (self._non_tires(par_strate) > 0)
        if seules.any():
            self._traiter_solitaires(seules)
            moyennes[seules] = (
                totaux.mean(axis=0) if self.solitaires == "centrer" else sommes[seules]
            )
        avant = np.zeros(len(par_strate))
        avant[self._strates] = part
        echelle = np.sqrt(self._echelle(par_strate) * avant)[strate]
        ecarts = (totaux - moyennes[strate]) * echelle[:, None]
        variance = np.asarray(ecarts.T @ ecarts)
        if self.suite is None or self._population is None:
            return variance
        tirees = (par_strate / self._population)[self._strates]
        return np.asarray(variance + self.suite._variance(z, part * tirees))

    def _unites(self) -> tuple[Codes, Codes, Codes]:
        """The stratum of each primary unit, the unit of each row, the units of each stratum."""
        if self.grappes is None:
            strate, unites = self._strates, self._grappes
        else:
            _, premiers, unites = np.unique(self._grappes, return_index=True, return_inverse=True)
            strate = self._strates[premiers]
        return strate, unites.astype(np.int64), np.bincount(strate)

    def _non_tires(self, par_strate: Codes) -> Nombres:
        """The share of the units of each stratum that was not drawn; 1 without a population."""
        if self._population is None:
            return np.ones(len(par_strate))
        return 1 - par_strate / self._population

    def _echelle(self, par_strate: Codes) -> Nombres:
        libres = np.where(par_strate > 1, par_strate / np.maximum(par_strate - 1, 1), 1.0)
        return np.asarray(self._non_tires(par_strate) * libres)

    def _traiter_solitaires(self, seules: npt.NDArray[np.bool_]) -> None:
        if self.solitaires == "refuser":
            combien = int(seules.sum())
            raise StrateSolitaire(f"{combien} strata hold a single primary unit")

    def _lire_fpc(self) -> Nombres | None:
        if self.fpc is None:
            return None
        fpc = np.asarray(self.fpc, dtype=np.float64)
        if fpc.shape != self.poids.shape or not (np.isfinite(fpc) & (fpc > 0)).all():
            raise ValueError("the population of a stratum is a number above zero, on each row")
        _, _, par_strate = self._unites()
        bas, haut = np.full(len(par_strate), np.inf), np.zeros(len(par_strate))
        np.minimum.at(bas, self._strates, fpc)
        np.maximum.at(haut, self._strates, fpc)
        if (bas != haut).any():
            raise ValueError("a stratum has one population: its rows say several")
        population = par_strate / haut if (fpc <= 1).all() else haut
        if (population < par_strate - 1e-9).any():
            raise ValueError("a stratum holds more units in the sample than in the population")
        return np.asarray(population)

    def _residus(self, z: Nombres) -> Nombres:
        """What the margins do not explain, where the weights were calibrated on them."""
        if not self.calage:
            return z
        dans = self.poids > 0
        w = np.where(dans, self.poids, 1.0)
        q = np.ones(len(w)) if self.poids_avant is None else verifies(self.poids_avant)
        q = np.where(dans, q, 0.0)
        y = z / w[:, None]
        return np.asarray(np.where(dans[:, None], w[:, None] * _residus(y, self._calage, q), 0.0))


def _residus(y: Nombres, codes: tuple[Codes, ...], q: Nombres) -> Nombres:
    """The residuals of the least squares of ``y`` on the margins, with the weights ``q``."""
    tailles = [int(code.max()) + 1 for code in codes]
    debuts = np.cumsum([0, *tailles[:-1]])
    normale = np.block(
        [
            [
                np.bincount(a * nb + b, weights=q, minlength=na * nb).reshape(na, nb)
                for b, nb in zip(codes, tailles, strict=True)
            ]
            for a, na in zip(codes, tailles, strict=True)
        ]
    )
    second = np.vstack(
        [
            np.column_stack([np.bincount(a, weights=q * c, minlength=na) for c in y.T])
            for a, na in zip(codes, tailles, strict=True)
        ]
    )
    effets = np.linalg.pinv(normale) @ second
    ajuste = sum(effets[debut + code] for debut, code in zip(debuts, codes, strict=True))
    return np.asarray(y - ajuste)


def _codes(valeurs: Any, n: int, quoi: str) -> Codes:
    """Names, numbers or codes as ranks from 0; one class when there is none."""
    if valeurs is None:
        return np.zeros(n, dtype=np.int64)
    brut = np.asarray(valeurs)
    if brut.shape != (n,):
        raise ValueError(f"{quoi}: one value a row is expected")
    absents = brut != brut if brut.dtype.kind in "fO" else np.zeros(n, dtype=bool)
    if np.any(absents) or (brut.dtype.kind == "O" and any(v is None for v in brut)):
        raise ValueError(f"{quoi}: a value is missing")
    if brut.dtype.kind in "iu" and n and int(brut.max()) - int(brut.min()) <= 4 * n:
        return _serrer(brut.astype(np.int64) - int(brut.min()))
    _, rangs = np.unique(brut.astype(str) if brut.dtype.kind == "O" else brut, return_inverse=True)
    return rangs.astype(np.int64)


def _serrer(codes: Codes) -> Codes:
    """Codes without gaps, in the same order: a count is enough, where a sort would be long."""
    presents = np.bincount(codes) > 0
    return np.asarray((np.cumsum(presents) - 1)[codes])
