"""What is masked cannot be worked out from what is printed: checked by another program.

The reader is a linear program written here on its own (``linprog`` on the whole table, no
component, no integer): it finds the least and the most that each masked cell can be.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from qualepref_lib.core.petites_cellules import Cellules, fermer, masquer_cellules
from qualepref_lib.core.systeme import Egalite

SEUIL = 5
LARGEUR = SEUIL - 1
comptes = st.one_of(st.integers(0, 9), st.integers(0, 60))


def deviner(valeurs: dict[str, int], egalites: list[Egalite], inconnues: set[str], code: str):
    """The interval that an attacker gives a cell, from every total that is printed."""
    noms = list(valeurs)
    matrice = np.zeros((len(egalites), len(noms)))
    for i, (total, parts) in enumerate(egalites):
        matrice[i, noms.index(total)] += 1
        for part in parts:
            matrice[i, noms.index(part)] -= 1
    bornes = [(0, None) if n in inconnues else (valeurs[n], valeurs[n]) for n in noms]
    resultats = []
    for sens in (1, -1):
        couts = np.zeros(len(noms))
        couts[noms.index(code)] = sens
        lu = linprog(couts, A_eq=matrice, b_eq=np.zeros(len(egalites)), bounds=bornes)
        resultats.append(sens * lu.fun if lu.status == 0 else np.inf)
    return resultats


def tableau(cases: list[list[int]], prefixe: str = "") -> tuple[dict[str, int], list[Egalite]]:
    """A two-way table with both margins and its grand total."""
    lignes, colonnes = len(cases), len(cases[0])
    valeurs, egalites = {}, []
    for i in range(lignes):
        codes = [f"{prefixe}{i}.{j}" for j in range(colonnes)]
        valeurs |= dict(zip(codes, cases[i], strict=True)) | {f"{prefixe}l{i}": sum(cases[i])}
        egalites.append((f"{prefixe}l{i}", tuple(codes)))
    for j in range(colonnes):
        codes = [f"{prefixe}{i}.{j}" for i in range(lignes)]
        valeurs[f"{prefixe}c{j}"] = sum(valeurs[c] for c in codes)
        egalites.append((f"{prefixe}c{j}", tuple(codes)))
    valeurs[f"{prefixe}t"] = sum(map(sum, cases))
    egalites.append((f"{prefixe}t", tuple(f"{prefixe}l{i}" for i in range(lignes))))
    egalites.append((f"{prefixe}t", tuple(f"{prefixe}c{j}" for j in range(colonnes))))
    return valeurs, egalites


def petites(valeurs: dict[str, int], sues: frozenset[str]) -> frozenset[str]:
    """What is under the threshold, zero being nobody."""
    return frozenset(c for c, n in valeurs.items() if 0 < n < SEUIL and c not in sues)


def verifier(valeurs: dict[str, int], egalites: list[Egalite], sues: frozenset[str]) -> None:
    """Every small cell keeps a wide interval, every other masked cell is not known exactly."""
    cellules = Cellules(valeurs, tuple(egalites), petites(valeurs, sues), sues=sues)
    masques = masquer_cellules(cellules, LARGEUR)
    assert cellules.sensibles <= masques.caches
    assert not masques.caches & sues
    assert not masques.complementaires or cellules.sensibles
    for code in masques.caches - masques.exposees:
        bas, haut = deviner(valeurs, egalites, set(masques.caches), code)
        assert haut - bas > 0.5, (code, bas, haut, masques)
        if code in cellules.sensibles:
            assert haut - bas > LARGEUR - 0.5, (code, bas, haut, masques)
    # What is exposed is so whatever is hidden: the totals that are known elsewhere say it.
    for code in masques.exposees:
        bas, haut = deviner(valeurs, egalites, set(valeurs) - sues, code)
        assert haut - bas < LARGEUR, (code, bas, haut)


tables = st.integers(2, 5).flatmap(
    lambda c: st.lists(st.lists(comptes, min_size=c, max_size=c), min_size=2, max_size=5)
)


@settings(max_examples=60, deadline=None)
@given(tables)
def test_un_tableau_a_deux_marges_ne_livre_rien(cases: list[list[int]]) -> None:
    """In a table with both margins no masked cell can be recovered, nor told within a few units."""
    valeurs, egalites = tableau(cases)
    verifier(valeurs, egalites, frozenset({"t"}))


@settings(max_examples=30, deadline=None)
@given(st.lists(comptes, min_size=2, max_size=9))
def test_une_typologie_ne_livre_rien(effectifs: list[int]) -> None:
    """In a list whose total is known, the smallest other numbers are masked with the small one."""
    codes = [f"g{i}" for i in range(len(effectifs))]
    valeurs = dict(zip(codes, effectifs, strict=True)) | {"t": sum(effectifs)}
    verifier(valeurs, [("t", tuple(codes))], frozenset({"t"}))


@settings(max_examples=25, deadline=None)
@given(st.lists(st.lists(comptes, min_size=2, max_size=3), min_size=2, max_size=4))
def test_des_sous_totaux_ne_livrent_rien(familles: list[list[int]]) -> None:
    """Sub-totals of a hierarchy do not give a cell away, nor does the cell give them."""
    valeurs: dict[str, int] = {}
    egalites: list[Egalite] = []
    for i, famille in enumerate(familles):
        codes = [f"{i}.{j}" for j in range(len(famille))]
        valeurs |= dict(zip(codes, famille, strict=True)) | {f"s{i}": sum(famille)}
        egalites.append((f"s{i}", tuple(codes)))
    valeurs["t"] = sum(map(sum, familles))
    egalites.append(("t", tuple(f"s{i}" for i in range(len(familles)))))
    verifier(valeurs, egalites, frozenset({"t"}))


@settings(max_examples=25, deadline=None)
@given(st.data(), st.integers(2, 4))
def test_deux_tableaux_qui_partagent_une_marge_ne_livrent_rien(data, groupes: int) -> None:
    """Two items crossed with one profile share its numbers of people: masked in one, not in the
    other, they would be printed."""
    ligne = st.lists(comptes, min_size=2, max_size=2)
    un = data.draw(st.lists(ligne, min_size=groupes, max_size=groupes))
    parts = [data.draw(st.integers(0, sum(paire))) for paire in un]
    deux = [[part, sum(paire) - part] for part, paire in zip(parts, un, strict=True)]
    valeurs, egalites = tableau(un, "a")
    autres, suite = tableau(deux, "b")
    # The margins of rows are the same cells: equal, total by total.
    liens: list[Egalite] = [(f"al{i}", (f"bl{i}",)) for i in range(groupes)]
    verifier(valeurs | autres, egalites + suite + liens, frozenset({"at", "bt"}))


def test_rien_n_est_masque_sans_petite_cellule() -> None:
    """A table of large numbers, zeros included, is printed whole."""
    valeurs, egalites = tableau([[0, 12], [30, 5]])
    masques = masquer_cellules(
        Cellules(valeurs, tuple(egalites), petites(valeurs, frozenset())), LARGEUR
    )
    assert not masques.caches


def test_un_zero_seul_n_est_pas_masque_mais_il_peut_proteger() -> None:
    """A zero is nobody: it is masked only where it hides somebody, here alone in its column."""
    valeurs, egalites = tableau([[4, 0, 9], [0, 6, 7]])
    sues = frozenset(valeurs) - {f"{i}.{j}" for i in range(2) for j in range(3)}
    masques = masquer_cellules(Cellules(valeurs, tuple(egalites), frozenset({"0.0"}), sues=sues), 4)
    assert "1.0" in masques.complementaires


def test_le_masque_est_le_meme_deux_fois() -> None:
    """The choice of complements does not depend on chance, nor on what was masked before."""
    valeurs, egalites = tableau([[3, 9, 14], [7, 2, 22], [11, 30, 8]])
    cellules = Cellules(valeurs, tuple(egalites), petites(valeurs, frozenset({"t"})))
    assert masquer_cellules(cellules, LARGEUR) == masquer_cellules(cellules, LARGEUR)


def test_cacher_une_base_cache_sa_part() -> None:
    """A share is nothing without its base: hiding a cell hides those it carries away."""
    cellules = Cellules({"n": 9, "f": 4, "u": 5}, (("n", ("f", "u")),), frozenset({"n"}),
                        entraine={"n": ("f",), "f": ("u",)})  # fmt: skip
    assert fermer({"n"}, cellules) == {"n", "f", "u"}


def test_le_complement_coute_peu() -> None:
    """One small cell in a plain table costs three others, the fewest that two margins need."""
    valeurs, egalites = tableau([[3, 40, 50], [60, 20, 70], [80, 90, 30]])
    sues = frozenset({"t"})
    masques = masquer_cellules(
        Cellules(valeurs, tuple(egalites), petites(valeurs, sues), sues=sues), LARGEUR
    )
    assert len(masques.complementaires) == 3


@pytest.mark.parametrize("effectifs", [[4], [2, 0, 0], [1, 1]])
def test_ce_qui_ne_peut_etre_protege_est_dit(effectifs: list[int]) -> None:
    """When everybody is in one small group the total says it, and the mask says so."""
    codes = [f"g{i}" for i in range(len(effectifs))]
    valeurs = dict(zip(codes, effectifs, strict=True)) | {"t": sum(effectifs)}
    cellules = Cellules(valeurs, (("t", tuple(codes)),), petites(valeurs, frozenset({"t"})),
                        sues=frozenset({"t"}))  # fmt: skip
    assert masquer_cellules(cellules, LARGEUR).exposees
