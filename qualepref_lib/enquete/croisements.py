"""The answers of a survey by sub-group: counts, what of them may be printed, shares.

Counts are made once for all the tables of a campaign; which of them are masked follows the number
of people, item by item, by the rules of :mod:`~qualepref_lib.enquete.masques`.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np
import numpy.typing as npt

from qualepref_lib.campagne import Campagne
from qualepref_lib.campagne.retenue import keep_reponse
from qualepref_lib.core.mesures import Taux, TauxMasque
from qualepref_lib.core.sondage import PlanSondage, proportion
from qualepref_lib.enquete.estimes import taux_redresse
from qualepref_lib.enquete.masques import Comptes, mask_chacun, mask_groupes, mask_item
from qualepref_lib.enquete.questions import modalites_de, question_de
from qualepref_lib.enquete.redressement import plan_redresse
from qualepref_lib.enquete.reponses import est_exprimee, exprimes, favorables, membres
from qualepref_lib.referentiel import Modalite
from qualepref_lib.referentiel.fiches import PetitesCellules

Codes = npt.NDArray[np.int64]
Masque = npt.NDArray[np.bool_]
Masques = tuple[frozenset[str], frozenset[str]]
"""The sub-groups whose base, and whose share, are not printed."""


def seuils_de(campagne: Campagne) -> PetitesCellules:
    """The thresholds of the campaign, else those of the edition."""
    return campagne.fiche.petites_cellules or campagne.referentiel.edition.petites_cellules


class Croisements:
    """The answers of a campaign by sub-group, each question read once."""

    def __init__(self, campagne: Campagne) -> None:
        self.campagne, self.seuils = campagne, seuils_de(campagne)
        self._items: dict[str, tuple[Masque, Masque]] = {}
        self._profils: dict[str, Masque] = {}
        self._comptes: dict[tuple[str, str], Comptes] = {}
        self._masques: dict[tuple[str, str], Masques] = {}

    @cached_property
    def plan(self) -> PlanSondage | None:
        """The design of the weighted answers; None when weighting is off."""
        return plan_redresse(self.campagne)

    def item(self, item: str) -> tuple[Masque, Masque]:
        """Which rows are in the base of an item, and which are favourable."""
        if item not in self._items:
            lus = exprimes(self.campagne, item), favorables(self.campagne, item)
            self._items[item] = lus
        return self._items[item]

    def profil(self, profil: str) -> Masque:
        """Row by sub-group: whether this person is in it."""
        if profil not in self._profils:
            dits = membres(self.campagne, profil)
            # Column by column in memory: sub-groups are counted one at a time.
            dits = dits[:, est_exprimee(self.campagne, profil)]
            self._profils[profil] = np.asfortranarray(dits)
        return self._profils[profil]

    def modalites(self, profil: str) -> list[Modalite]:
        """The sub-groups of a profile question."""
        return [m for m in modalites_de(self.campagne, profil) if not m.hors_base]

    def plusieurs(self, profil: str) -> bool:
        """Whether one person may be in several sub-groups."""
        return question_de(self.campagne, profil).genre == "multiple"

    def rangs(self, profil: str) -> Codes:
        """The sub-group of each row, −1 where it is not told; where they exclude each other."""
        appartient = self.profil(profil)
        return np.where(appartient.any(axis=1), appartient.argmax(axis=1), -1)

    def comptes(self, profil: str, item: str) -> Comptes:
        """The counts of each sub-group for one item."""
        if (profil, item) not in self._comptes:
            dans, ok = self.item(item)
            self._comptes[profil, item] = tuple(
                (m.code, _compte(siens), _compte(siens & dans), _compte(siens & ok))
                for m, siens in zip(self.modalites(profil), self.profil(profil).T, strict=True)
            )
        return self._comptes[profil, item]

    def typologie(self, profil: str) -> frozenset[str]:
        """The sub-groups of a profile question whose number of people is not printed anywhere."""
        appartient, seuil = self.profil(profil), self.seuils.cellule
        effectifs = [int(n) for n in appartient.sum(axis=0)]
        codes = [m.code for m in self.modalites(profil)]
        if not self.plusieurs(profil):
            return mask_groupes(tuple(zip(codes, effectifs, strict=True)), seuil)
        base = int(appartient.any(axis=1).sum())
        return frozenset(
            code
            for code, n in zip(codes, effectifs, strict=True)
            if 0 < n < seuil or 0 < base - n < seuil
        )

    def masques(self, profil: str, item: str) -> Masques:
        """The sub-groups whose base for ``item``, and whose share, are not printed."""
        if (profil, item) not in self._masques:
            self._masques[profil, item] = self._masquer(profil, item)
        return self._masques[profil, item]

    def _masquer(self, profil: str, item: str) -> Masques:
        comptes, tus = self.comptes(profil, item), self.typologie(profil)
        dans, ok = self.item(item)
        if self.plusieurs(profil):
            ensemble = (int(dans.sum()), int(ok.sum()))
            return mask_chacun(comptes, ensemble, tus, self.seuils.cellule, self.seuils.base)
        muets = ~self.profil(profil).any(axis=1)
        restes = (int(muets.sum()), int((dans & muets).sum()), int((ok & muets).sum()))
        return mask_item(comptes, restes, tus, self.seuils.cellule, self.seuils.base)

    def parts(self, profil: str, item: str) -> list[tuple[Modalite, Taux]]:
        """The share of favourable answers in each sub-group, masked where it must be.

        Masks follow the number of people. Where answers are weighted the share is, as its test
        is, and its base is not.
        """
        sans_base, sans_part = self.masques(profil, item)
        return [
            (
                modalite,
                taux_diffusable(n, f, code in sans_base, code in sans_part)
                if self.plan is None or code in sans_part
                else self._redressee(self.plan, profil, item, rang),
            )
            for rang, (modalite, (code, _, n, f)) in enumerate(
                zip(self.modalites(profil), self.comptes(profil, item), strict=True)
            )
        ]

    def _redressee(self, plan: PlanSondage, profil: str, item: str, rang: int) -> Taux:
        dans, ok = self.item(item)
        e = proportion(plan, ok, dans & self.profil(profil)[:, rang])
        return taux_redresse(self.campagne, e)


def _compte(qui: Masque) -> int:
    return int(np.count_nonzero(qui))


@keep_reponse
def croisements_de(campagne: Campagne) -> Croisements:
    """The sub-groups of a campaign, whose counts all its tables share."""
    return Croisements(campagne)


def taux_diffusable(n: int, f: int, sans_base: bool, sans_part: bool) -> Taux:
    """A share as it may be printed: whole, its base alone, or nothing of it."""
    if sans_base:
        return TauxMasque()
    return TauxMasque(base=n) if sans_part else Taux(f, n)
