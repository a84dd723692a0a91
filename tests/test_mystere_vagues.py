"""Waves of mystery tests: comparisons and charts agree with independent computations."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from petit_mystere import load_mystere, new_grilles, new_lignes
from scipy.stats import fisher_exact
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import confint_proportions_2indep

from qualepref_lib.analyses.mystere_suivi import list_suivi_mesures, measure_suivi_vagues
from qualepref_lib.analyses.mystere_vagues import (
    BAISSE,
    HAUSSE,
    NON_ETABLIE,
    list_changements,
    list_vagues,
    measure_vagues,
)
from qualepref_lib.campagne import Campagne
from qualepref_lib.core.bilan import Renvoi
from qualepref_lib.core.mesures import Ecart
from qualepref_lib.core.refus import Refus

CRITERES = ("a", "b", "c", "d", "e")
VAGUES = {
    "V1": (20, {"a": 5, "b": 18, "c": 20, "d": 10, "e": 14}),
    "V2": (22, {"a": 21, "b": 17, "c": 22, "d": 19, "e": 14}),
}
"""Tests of each wave, and how many are conforming by criterion."""


def _lignes(vagues: dict[str, tuple[int, dict[str, int]]]) -> list[dict[str, str]]:
    return [
        {"vague": vague, "test": f"{vague}-{rang}", "grille": "visite",
         "date": f"2022-{mois:02d}-01", "abouti": "oui", "observation": critere,
         "reponse": "oui" if rang < oui[critere] else "non", "valeur": ""}
        for mois, (vague, (tests, oui)) in enumerate(vagues.items(), 1)
        for rang in range(tests)
        for critere in oui
    ]  # fmt: skip


@pytest.fixture(scope="module")
def deux(tmp_path_factory: pytest.TempPathFactory) -> Campagne:
    """A campaign of two waves of five criteria."""
    return load_mystere(
        tmp_path_factory.mktemp("deux"), _lignes(VAGUES), grilles=new_grilles(criteres=CRITERES)
    )


def test_chaque_ecart_est_celui_de_newcombe(deux: Campagne) -> None:
    """The difference of each criterion has the Newcombe interval of statsmodels."""
    (n, avant), (m, apres) = VAGUES.values()
    bilan = measure_vagues(deux)
    assert [ligne.code for ligne in bilan.lignes] == list(CRITERES)
    for ligne in bilan.lignes:
        ecart = ligne.mesure
        assert isinstance(ecart, Ecart) and ecart.base_connue
        k, j = apres[ligne.code], avant[ligne.code]
        assert float(ecart.valeur) == pytest.approx(k / m - j / n)
        attendu = confint_proportions_2indep(k, m, j, n, method="newcomb", compare="diff")
        assert ecart.intervalle == pytest.approx(attendu)
        assert len(ligne.lignes) == n + m


def test_la_famille_est_ajustee_par_holm(deux: Campagne) -> None:
    """What is established is what Fisher's test of scipy shows after Holm's of statsmodels."""
    (n, avant), (m, apres) = VAGUES.values()
    p = [
        fisher_exact([[apres[c], m - apres[c]], [avant[c], n - avant[c]]]).pvalue for c in CRITERES
    ]
    rejet, ajustees, *_ = multipletests(p, 0.05, "holm")
    etablie = f"{HAUSSE} (test exact de Fisher, Holm)"
    attendus = [etablie if r else NON_ETABLIE for r in rejet]
    assert [ligne.statut for ligne in measure_vagues(deux).lignes] == attendus
    assert set(attendus) == {etablie, NON_ETABLIE}
    assert p[3] < 0.05 < ajustees[3], "one change that only the adjustment takes for chance"
    liste = list_vagues(deux)
    assert "test exact de Fisher" in liste.champ and "Holm sur 5 comparaisons" in liste.champ
    dits = [str(ligne[5]) for ligne in liste.lignes]
    for dit, ajustee in zip(dits, ajustees, strict=True):
        lue = re.match(r"p (?:=|<) (\d,\d+)", dit)
        assert lue and float(lue[1].replace(",", ".")) == pytest.approx(ajustee, abs=0.001)
    assert "les 5 critères comparés" in measure_vagues(deux).formule


def test_seuls_les_criteres_communs_se_comparent(tmp_path: Path) -> None:
    """A criterion that only one of the two last waves observed is not compared."""
    vagues = {
        "V0": (4, {"b": 4, "c": 1}),
        "V1": (5, {"a": 3, "b": 4}),
        "V2": (6, {"b": 2, "c": 6}),
    }
    campagne = load_mystere(tmp_path, _lignes(vagues), grilles=new_grilles(criteres=CRITERES))
    bilan = measure_vagues(campagne)
    assert [ligne.code for ligne in bilan.lignes] == ["b"]
    assert "« V1 » (5 tests), « V2 » (6 tests)" in bilan.champ and "V0" not in bilan.champ
    assert "ajustée par Holm sur 1 critère comparé," in bilan.formule


def test_une_grande_vague_passe_au_khi_deux(tmp_path: Path) -> None:
    """Beyond four thousand tests of one criterion, the chi-square stands in and is named."""
    vagues = {"V1": (2001, {"a": 1000, "b": 2001}), "V2": (2001, {"a": 1200, "b": 2001})}
    campagne = load_mystere(tmp_path, _lignes(vagues), grilles=new_grilles(criteres=("a", "b")))
    statuts = [ligne.statut for ligne in measure_vagues(campagne).lignes]
    dits = [str(ligne[5]) for ligne in list_vagues(campagne).lignes]
    assert "khi-deux de Pearson" in dits[0]
    assert statuts == [f"{HAUSSE} (khi-deux de Pearson, Holm)", NON_ETABLIE]


def _huit_vagues(racine: Path, reperes: int, derniere: int) -> Campagne:
    """Eight monthly waves of twenty tests, the first ones declared as the baseline."""
    oui = [15, 17, 14, 18, 16, 15, 17, derniere]
    vagues = {f"V{rang}": (20, {"a": n}) for rang, n in enumerate(oui, 1)}
    declarees = [
        {"code": code, "libelle": f"Vague {code}", "debut": f"2022-{rang:02d}-01",
         "fin": f"2022-{rang:02d}-28", "repere": "true" if rang <= reperes else "false"}
        for rang, code in enumerate(vagues, 1)
    ]  # fmt: skip
    return load_mystere(
        racine, _lignes(vagues), jour="2022-12-31", grilles=new_grilles(criteres=("a",)),
        vagues=declarees,
    )  # fmt: skip


def test_la_carte_des_vagues_a_le_repere_declare(tmp_path: Path) -> None:
    """The p′ chart of the waves is Laney’s, computed step by step on the declared baseline."""
    bilan = measure_suivi_vagues(_huit_vagues(tmp_path, reperes=7, derniere=4))
    oui = np.array([15, 17, 14, 18, 16, 15, 17, 4])
    p = oui[:7].sum() / 140
    sigma = np.sqrt(p * (1 - p) / 20)
    etendue = np.abs(np.diff((oui[:7] / 20 - p) / sigma)).mean() / 1.128
    for ligne in bilan.lignes:
        assert ligne.reference is not None and float(ligne.reference) == pytest.approx(p)
        attendu = (max(0, p - 3 * sigma * etendue), min(1, p + 3 * sigma * etendue))
        assert ligne.limites == pytest.approx(attendu)
    assert [ligne.statut for ligne in bilan.lignes] == [""] * 7 + ["au-delà des limites"]
    assert bilan.lignes[-1].libelle == "Vague V8" and not bilan.est_echantillon


def test_les_mesures_ont_une_carte_xmr(tmp_path: Path) -> None:
    """The XmR chart of a measure is that of its medians, by hand: Wheeler's 2.66 mean ranges."""
    attentes = {"V1": (6, 8, 7), "V2": (5, 9, 10), "V3": (8, 8, 8), "V4": (7, 3, 9),
                "V5": (9, 10, 4), "V6": (6, 5, 7), "V7": (30, 20, 25)}  # fmt: skip
    (visite,) = [g for g in new_grilles() if g["code"] == "visite"]
    visite["observations"].append(
        {"code": "attente", "libelle": "Attente", "genre": "mesure", "unite": "minutes"}
    )
    lignes = [
        {"vague": vague, "test": f"{vague}-{rang}", "grille": "visite",
         "date": f"2022-{mois:02d}-01", "abouti": "oui", "observation": observation,
         "reponse": "oui" if observation == "salut" else "",
         "valeur": str(minutes) if observation == "attente" else ""}
        for mois, (vague, valeurs) in enumerate(attentes.items(), 1)
        for rang, minutes in enumerate(valeurs)
        for observation in ("salut", "attente")
    ]  # fmt: skip
    declarees = [
        {"code": v, "libelle": v, "debut": f"2022-{mois:02d}-01", "fin": f"2022-{mois:02d}-28",
         "repere": str(v != "V7").lower()}
        for mois, v in enumerate(attentes, 1)
    ]  # fmt: skip
    campagne = load_mystere(tmp_path, lignes, jour="2022-12-31", grilles=[visite], vagues=declarees)
    rangees = [[getattr(c, "texte", c) for c in li] for li in list_suivi_mesures(campagne).lignes]
    # Medians 7, 9, 8, 7, 9, 6: their mean is 46/6, their moving ranges 2, 1, 1, 2, 3.
    centre, marge = 46 / 6, 2.66 * 9 / 5
    attendu = f"[{centre - marge:.1f} ; {centre + marge:.1f}]".replace(".", ",")
    assert [r[4] for r in rangees] == ["7,0", "9,0", "8,0", "7,0", "9,0", "6,0", "25,0"]
    assert {r[5].replace("\u202f", " ").replace("\u00a0", " ") for r in rangees} == {attendu}
    assert [r[6] for r in rangees] == ["–"] * 6 + ["au-delà des limites"]


def test_un_nouveau_repere_se_motive(tmp_path: Path) -> None:
    """A baseline that leaves the first wave out is refused without its reason, which is printed."""
    lignes = _lignes({"V1": (3, {"a": 2}), "V2": (3, {"a": 3})})
    grilles = new_grilles(criteres=("a",))
    vagues = [
        {"code": code, "libelle": code, "debut": f"2022-0{mois}-01", "fin": f"2022-0{mois}-28",
         "repere": str(code == "V2").lower()}
        for mois, code in enumerate(("V1", "V2"), 1)
    ]  # fmt: skip
    with pytest.raises(Refus, match="laisse de côté les premières vagues, sans dire pourquoi"):
        load_mystere(tmp_path / "sans", lignes, grilles=grilles, vagues=vagues)
    vagues[1]["motif"] = "nouvel accueil ouvert en février"
    campagne = load_mystere(tmp_path / "avec", lignes, grilles=grilles, vagues=vagues)
    assert "nouvel accueil ouvert en février" in measure_suivi_vagues(campagne).formule
    with pytest.raises(Refus, match="« V2 » est déclarée deux fois"):
        load_mystere(tmp_path / "deux", lignes, grilles=grilles, vagues=[*vagues, vagues[1]])


def test_une_baisse_se_dit_baisse(tmp_path: Path) -> None:
    """An established change says its side; only those are told to who reads one page."""
    grilles = new_grilles(criteres=("a", "b"))
    vagues = {"V1": (20, {"a": 20, "b": 10}), "V2": (20, {"a": 2, "b": 11})}
    liste = list_changements(load_mystere(tmp_path, _lignes(vagues), grilles=grilles))
    ((critere, *_, lecture),) = liste.lignes
    assert isinstance(lecture, Renvoi) and lecture.statut == "ecart"
    assert (critere, lecture.texte) == ("A", f"{BAISSE} (test exact de Fisher, Holm)")
    assert [chiffre.code for chiffre in liste.chiffres] == ["mystere.vagues.a"]
    stable = {"V1": (20, {"a": 10, "b": 10}), "V2": (20, {"a": 9, "b": 11})}
    calme = list_changements(load_mystere(tmp_path / "x", _lignes(stable), grilles=grilles))
    assert not calme.lignes and "sur 2 critères comparés" in calme.si_vide
    une = load_mystere(tmp_path / "y", _lignes({"V1": (4, {"a": 4, "b": 4})}), grilles=grilles)
    assert "Une seule vague" in list_changements(une).si_vide


def test_peu_de_vagues_n_ont_pas_de_limites(tmp_path: Path) -> None:
    """With five waves of baseline, or eight waves without one, nothing is judged."""
    for reperes in (0, 5):
        bilan = measure_suivi_vagues(_huit_vagues(tmp_path / str(reperes), reperes, derniere=4))
        assert len(bilan.lignes) == 8
        assert {(ligne.limites, ligne.statut) for ligne in bilan.lignes} == {(None, "")}


def test_une_grille_se_suit_seule(tmp_path: Path) -> None:
    """The chart of one grid reads its own observations only."""
    lignes = new_lignes([{"fois": "3", "salut": "oui"}, {"fois": "2", "reponse": "non"}])[0]
    campagne = load_mystere(tmp_path, lignes)
    vues = [str(measure_suivi_vagues(campagne, grille).lignes[0].mesure)
            for grille in ("", "visite", "courriel")]  # fmt: skip
    assert vues == ["3 sur 5", "3 sur 3", "0 sur 2"]
