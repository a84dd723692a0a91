"""The sub-groups of a survey compared: which tests are made, on which rows, adjusted together.

Chi-square or Fisher; Rao-Scott where the answers are weighted. Rules 3.3 and 3.4.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from qualepref_lib.campagne import Campagne
from qualepref_lib.campagne.retenue import keep_reponse
from qualepref_lib.core.comparaisons import SANS_OBJET, Test, ajuster, comparer_tableau
from qualepref_lib.core.sondage import rao_scott
from qualepref_lib.enquete.croisements import Codes, Croisements, croisements_de
from qualepref_lib.enquete.questions import SOURCE, questionnaire_de
from qualepref_lib.referentiel import Question

RAO_SCOTT = "khi-deux de Rao-Scott, second ordre"


@dataclass(frozen=True)
class Comparaison:
    """One test: an item between the sub-groups of a profile, or one of them and all the others."""

    item: Question
    profil: Question
    sous_groupe: str
    test: Test


def profils_de(campagne: Campagne) -> list[Question]:
    """The questions of the first part that sort people: who they are and why they came."""
    questions = questionnaire_de(campagne).parties[0].questions
    return [q for q in questions if q.genre in ("choix", "multiple")]


def profils_lus(campagne: Campagne) -> list[Question]:
    """The same where there are answers to sort; none otherwise."""
    return profils_de(campagne) if SOURCE in campagne.tables else []


def compare_profils(campagne: Campagne, items: Sequence[Question]) -> list[Comparaison]:
    """The tests of a family, adjusted together; those that compare nothing are left out."""
    faites = [
        Comparaison(item, profil, sous_groupe, test)
        for item in items
        for profil in profils_lus(campagne)
        for sous_groupe, test in _tests_de(campagne, item.code, profil.code)
    ]
    faites = [c for c in faites if c.test.p is not None]
    tests = ajuster([c.test for c in faites])
    return [replace(c, test=test) for c, test in zip(faites, tests, strict=True)]


@keep_reponse
def _tests_de(campagne: Campagne, item: str, profil: str) -> tuple[tuple[str, Test], ...]:
    """The tests of one item by one profile, before any adjustment: several tables print them."""
    croisements = croisements_de(campagne)
    return tuple(
        (sous_groupe, _tester(croisements, item, groupes))
        for sous_groupe, groupes in _partages(croisements, item, profil)
    )


def _partages(croisements: Croisements, item: str, profil: str) -> Iterator[tuple[str, Codes]]:
    """How rows are shared out, for each test: once for sub-groups that exclude each other, else
    each sub-group against the others.

    Only what is printed is tested: sub-groups whose share is masked are one group with those who
    did not tell their profile, whose numbers are what the totals leave. No p-value can then be
    turned back into a masked count.
    """
    _, caches = croisements.masques(profil, item)
    modalites = croisements.modalites(profil)
    if croisements.plusieurs(profil):
        appartient = croisements.profil(profil)
        for k, modalite in enumerate(modalites):
            if modalite.code not in caches:
                yield modalite.libelle, appartient[:, k].astype(np.int64)
        return
    montres = [k for k, m in enumerate(modalites) if m.code not in caches]
    if len(montres) >= 2:
        groupe_de = np.full(len(modalites) + 1, len(modalites) if caches else -1)
        groupe_de[montres] = montres
        yield "", groupe_de[croisements.rangs(profil)]


def _tester(croisements: Croisements, item: str, groupes: Codes) -> Test:
    """Chi-square or Fisher on the counts; Rao-Scott when the answers are weighted."""
    dans, ok = croisements.item(item)
    plan = croisements.plan
    retenues = dans & (groupes >= 0)
    if plan is not None:
        lu = rao_scott(plan, groupes, np.where(retenues, ok.astype(np.int64), -1))
        if np.isnan(lu.p):
            return Test(SANS_OBJET, None, None, lu.n)
        return Test(RAO_SCOTT, lu.p, None, lu.n)
    taille = int(groupes.max(initial=-1)) + 1
    cases = groupes[retenues] * 2 + ok[retenues]
    table = np.bincount(cases, minlength=2 * taille).reshape(taille, 2)
    return _comparer_comptes(tuple(map(tuple, table.tolist())))


@lru_cache(maxsize=1024)
def _comparer_comptes(table: tuple[tuple[int, ...], ...]) -> Test:
    return comparer_tableau(table)
