"""What may be printed of the sub-groups of a survey: the same everywhere, for every table.

The typology of a profile question (how many people of each sort) is decided first; a sort that is
not told there is not told anywhere. Then, for each item, the shares by sub-group: a small count
among favourable or unfavourable answers, a base too small for a share, and what would give one of
them away, are masked. People who did not say their profile are no group that anyone recognises:
they are never printed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from qualepref_lib.campagne import Campagne
from qualepref_lib.core.bilan import Bilan
from qualepref_lib.core.mesures import Taux, TauxMasque, TriCroise
from qualepref_lib.enquete.croisements import Codes, croisements_de, seuils_de, taux_diffusable
from qualepref_lib.enquete.masques import mask_groupes, mask_item
from qualepref_lib.enquete.questions import SOURCE
from qualepref_lib.enquete.reponses import (
    exprimes,
    favorables,
)

REGLE = (
    "sont masqués les nombres de moins de {cellule} personnes, les parts sur moins de {base}, et "
    "ce qui permettrait de les retrouver par différence"
)


def dire_regle(campagne: Campagne) -> str:
    """The rule of masking in words, to be printed with the formula."""
    seuils = seuils_de(campagne)
    return REGLE.format(cellule=seuils.cellule, base=seuils.base)


def mask_typologie(campagne: Campagne, bilan: Bilan, profil: str) -> Bilan:
    """The bilan of a profile question as it may be shared: small numbers masked, no row told.

    Rows listed beside those of another table would tell which answers are one person's.
    """
    tus = croisements_de(campagne).typologie(profil) if SOURCE in campagne.tables else frozenset()
    lignes = tuple(
        replace(li, mesure=TauxMasque() if li.code in tus else li.mesure, lignes=())
        for li in bilan.lignes
    )
    # The order told by counts would rank what is masked.
    lignes = tuple(sorted(lignes, key=lambda li: isinstance(li.mesure, TauxMasque)))
    return avec_regle(campagne, replace(bilan, lignes=lignes))


def avec_regle(campagne: Campagne, bilan: Bilan) -> Bilan:
    """The bilan with the rule of masking under it, where something of it is masked."""
    mesures = [ligne.mesure for ligne in bilan.lignes]
    cases = [taux for m in mesures if isinstance(m, TriCroise) for taux in m.cases.values()]
    if not any(isinstance(taux, TauxMasque) for taux in (*mesures, *cases)):
        return bilan
    return replace(bilan, champ=f"{bilan.champ} ; {dire_regle(campagne)}")


def masquer_classes(campagne: Campagne, effectifs: Sequence[int]) -> list[bool]:
    """Which of the classes that share everybody out are too small, or protect one that is."""
    rangs = tuple((str(rang), n) for rang, n in enumerate(effectifs))
    tues = mask_groupes(rangs, seuils_de(campagne).cellule)
    return [code in tues for code, _ in rangs]


def masquer_parts(campagne: Campagne, item: str, groupes: Codes, nombre: int) -> list[Taux]:
    """The share of favourable answers in each group of rows (months, waves), masked like others.

    How many people are in each group is printed elsewhere; −1 is no group.
    """
    seuils = seuils_de(campagne)
    dans, ok = exprimes(campagne, item), favorables(campagne, item)
    lus = [groupes == rang for rang in (*range(nombre), -1)]
    rangs = [
        (str(rang), int(g.sum()), int((g & dans).sum()), int((g & ok).sum()))
        for rang, g in enumerate(lus)
    ]
    *comptes, (_, *muets) = rangs
    sans_base, sans_part = mask_item(
        tuple(comptes), (muets[0], muets[1], muets[2]), frozenset(), seuils.cellule, seuils.base
    )
    return [
        taux_diffusable(n, f, code in sans_base, code in sans_part) for code, _, n, f in comptes
    ]
