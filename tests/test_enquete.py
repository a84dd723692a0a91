"""The survey: how answers are read, counted, weighted, compared; each figure against its own way.

References: fractions by hand, scipy for correlations and Student's quantile; the statistics
themselves are checked against R in ``test_sondage.py``.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from petite_enquete import PAS, PAS_DU_TOUT, PLUTOT, QUESTIONS, SANS, TRES, load_enquete, reponses
from scipy import stats

from qualepref_lib.analyses.satisfaction import (
    list_items,
    measure_moyennes,
    measure_nets,
    measure_sans_opinion,
    measure_satisfaction,
)
from qualepref_lib.analyses.satisfaction_evolution import (
    list_comparabilite,
    measure_enquetes,
    measure_evolution,
    measure_mois,
)
from qualepref_lib.analyses.satisfaction_fidelite import measure_fidelite
from qualepref_lib.analyses.satisfaction_notes import measure_notes, measure_repartition_notes
from qualepref_lib.analyses.satisfaction_participation import (
    measure_completion,
    measure_taux_participation,
)
from qualepref_lib.analyses.satisfaction_priorites import measure_priorites
from qualepref_lib.analyses.satisfaction_redressement import list_marges, measure_poids
from qualepref_lib.analyses.satisfaction_redresses import list_redresses, measure_redresses
from qualepref_lib.campagne import Campagne, Table
from qualepref_lib.core.bilan import Bilan, Ligne
from qualepref_lib.core.mesures import Priorite, Repartition, Score, Taux
from qualepref_lib.core.plages import plages
from qualepref_lib.core.rangs import Rangs
from qualepref_lib.core.refus import Refus
from qualepref_lib.display.graphique import Graphique
from qualepref_lib.display.phrase import resume, texte_phrase
from qualepref_lib.display.tableau import Tableau
from qualepref_lib.enquete import reponses as lues
from qualepref_lib.enquete.redressement import poids_de
from qualepref_lib.referentiel.questionnaire import Question

MARGES = {"questions": ["profil"], "source": "comptage", "date": "2022-01-01"}
DEUX_GROUPES = reponses(
    (30, {"profil": "groupe A", "accueil": TRES}),
    (30, {"profil": "groupe A", "accueil": PAS}),
    (36, {"profil": "groupe B", "accueil": PLUTOT}),
    (4, {"profil": "groupe B", "accueil": PAS_DU_TOUT}),
)


def _score(ligne: Ligne) -> Score:
    assert isinstance(ligne.mesure, Score)
    return ligne.mesure


def _redresse(parts: dict[str, str], **suite: Any) -> dict[str, Any]:
    return {"redressement": {"marges": [MARGES | {"parts": parts}]} | suite}


def _joints(codes: object) -> str | None:
    """The combination of a cell as a category is named; None for an empty cell."""
    if isinstance(codes, str):  # joined by the reader already
        return codes
    return "|".join(codes) or None if isinstance(codes, tuple) else None


def _categories(campagne: Campagne) -> Campagne:
    """The same campaign, its answers stored as categories, combinations joined."""
    cadre = campagne.tables["enquete"].cadre.copy()
    questionnaire = campagne.referentiel.questionnaire
    assert questionnaire is not None
    for q in questionnaire.questions.values():
        if q.genre == "multiple":
            cadre[q.code] = pd.Categorical([_joints(t) for t in cadre[q.code]])
        elif q.genre in ("choix", "echelle"):
            connus = [m.code for m in questionnaire.modalites(q)]
            cadre[q.code] = pd.Categorical(cadre[q.code], categories=connus)
    table = Table(cadre, campagne.tables["enquete"].source)
    return replace(campagne, tables=MappingProxyType({**campagne.tables, "enquete": table}))


@settings(max_examples=80, deadline=None)
@given(
    taille=st.tuples(st.sampled_from([1, 2, 5, 14, 15, 16, 21, 127, 128, 300]),
                     st.sampled_from([1, 3, 14, 15, 20, 127, 140])),
    graine=st.integers(0, 1000),
    pese=st.booleans(),
)  # fmt: skip
def test_counts_are_those_of_a_loop(taille: tuple[int, int], graine: int, pese: bool) -> None:
    """Codes of any size, with or without weights: what a loop over the rows would count."""
    hasard, (na, nb) = np.random.default_rng(graine), taille
    types = [np.min_scalar_type(-n) for n in taille]
    a, b = (hasard.integers(-1, n, 400).astype(g) for n, g in zip(taille, types, strict=True))
    poids = hasard.integers(1, 9, 400).astype(np.float64) if pese else None
    attendus, croises = np.zeros(na), np.zeros((na, nb))
    for i, j, p in zip(a.tolist(), b.tolist(), np.ones(400) if poids is None else poids,
                       strict=True):  # fmt: skip
        if i >= 0:
            attendus[i] += p
            if j >= 0:
                croises[i, j] += p
    assert (lues.compter_codes(a, na, poids) == attendus).all()
    assert (lues.croiser(a, na, b, nb, poids) == croises).all()


def test_an_answer_that_comes_back_is_refused(tmp_path: Path) -> None:
    """Two rows under one number are one answer too many, and both lines are told."""
    lignes = reponses((5, {"accueil": TRES}))
    lignes[4]["reponse"] = lignes[1]["reponse"]
    with pytest.raises(Refus, match=r"ligne 6.*« R0002 » est déjà à la ligne 3"):
        load_enquete(tmp_path, lignes)


_REPONSE = st.fixed_dictionaries(
    {
        "profil": st.sampled_from(["", "groupe A", "groupe B"]),
        "motifs": st.sampled_from(["", "motif X", "motif X | motif Y", "sans motif"]),
        "accueil": st.sampled_from(["", TRES, PLUTOT, PAS, PAS_DU_TOUT, SANS]),
        "attente": st.sampled_from(["", TRES, PAS, SANS]),
    }
)


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(donnees=st.lists(_REPONSE, min_size=1, max_size=30))
def test_both_storages_count_the_same(tmp_path: Path, donnees: list[dict[str, str]]) -> None:
    """Text and tuples, or categories: the same codes and counts, which are those of the file."""
    objets = load_enquete(tmp_path, reponses(*((1, d) for d in donnees)))
    categories = _categories(objets)
    for question in ("profil", "accueil", "attente"):
        assert (lues.codes_de(objets, question) == lues.codes_de(categories, question)).all()
    for question in ("profil", "motifs", "accueil"):
        comptes = lues.compter(objets, question)
        assert (comptes == lues.compter(categories, question)).all()
        assert (comptes == lues.membres(categories, question).sum(axis=0)).all()
        for lire in (lues.exprimes, lues.remplies):
            assert (lire(objets, question) == lire(categories, question)).all()
    assert lues.compter(objets, "motifs")[0] == sum("motif X" in d["motifs"] for d in donnees)
    assert lues.exprimes(objets, "motifs").sum() == sum("motif X" in d["motifs"] for d in donnees)
    satisfaits = sum(d["accueil"] in (TRES, PLUTOT) for d in donnees)
    assert lues.favorables(categories, "accueil").sum() == satisfaits


def test_rows_are_kept_small_and_read_the_same() -> None:
    """Rows packed as bits read as a tuple, and print the ranges that a tuple prints."""
    index, masque = np.arange(2, 12), np.array([True, True, False] * 3 + [True])
    rangs = Rangs(index, masque)
    assert rangs == (2, 3, 5, 6, 8, 9, 11) and len(rangs) == 7 and rangs[1:3] == (3, 5)
    assert plages(rangs) == plages(tuple(rangs)) == "2-3, 5-6, 8-9, 11"


def test_an_item_has_its_rate_balance_mean_and_silent_answers(tmp_path: Path) -> None:
    """12 very, 3 rather, 3 rather not, 2 not at all, 4 no opinion, 1 blank: by hand, and scipy."""
    campagne = load_enquete(
        tmp_path,
        reponses(
            (12, {"accueil": TRES}), (3, {"accueil": PLUTOT}), (3, {"accueil": PAS}),
            (2, {"accueil": PAS_DU_TOUT}), (4, {"accueil": SANS}), (1, {}),
        ),
    )  # fmt: skip
    assert measure_satisfaction(campagne).ligne("accueil").mesure == Taux(15, 20)
    assert measure_sans_opinion(campagne).ligne("accueil").mesure == Taux(5, 25)
    net = _score(measure_nets(campagne).ligne("accueil"))
    assert (net.valeur, net.n) == (pytest.approx(50), 20)
    notes = [4] * 12 + [3] * 3 + [2] * 3 + [1] * 2
    moyenne = _score(measure_moyennes(campagne).ligne("accueil"))
    assert moyenne.valeur == pytest.approx(np.mean(notes))
    bornes = stats.t.interval(0.95, 19, np.mean(notes), stats.sem(notes))
    assert moyenne.etendue == pytest.approx(bornes)
    liste = list_items(campagne)
    assert [len(ligne) for ligne in liste.lignes] == [6] * len(liste.lignes)


def test_completion_counts_pages_and_parts(tmp_path: Path) -> None:
    """Six of ten reached the last page; participation is out of the people declared."""
    lignes = reponses((6, {"accueil": TRES}), (4, {"profil": "groupe A"}))
    pages = [{**ligne, "derniere_page": "4" if n < 6 else "2"} for n, ligne in enumerate(lignes)]
    campagne = load_enquete(tmp_path, pages, {"sollicites": "40"})
    completion = measure_completion(campagne)
    assert completion.ligne("derniere_page").mesure == Taux(6, 10)
    assert not completion.est_echantillon
    assert measure_taux_participation(campagne).ligne("ensemble").mesure == Taux(10, 40)


def test_marks_have_the_readings_that_are_asked(tmp_path: Path) -> None:
    """5 promoters, 3 passives, 2 detractors: NPS 30; effort: the mean, and its three classes."""
    notes = ["10", "9", "9", "10", "9", "7", "8", "8", "6", "0"]
    efforts = ["7", "5", "6", "4", "4", "1", "2", "5", "", ""]
    paires = zip(notes, efforts, strict=True)
    campagne = load_enquete(tmp_path, reponses(*((1, {"nps": n, "effort": e}) for n, e in paires)))
    nps = _score(measure_notes(campagne).ligne("nps"))
    points = [100] * 5 + [0] * 3 + [-100] * 2
    assert nps.valeur == pytest.approx(30) and nps.n == 10
    bornes = stats.t.interval(0.95, 9, np.mean(points), stats.sem(points))
    assert nps.etendue == pytest.approx((max(-100, bornes[0]), min(100, bornes[1])))
    effort = _score(measure_notes(campagne).ligne("effort"))
    assert effort.valeur == pytest.approx(34 / 8) and effort.texte == "moins de 10 réponses"
    parts = measure_repartition_notes(campagne, "effort").ligne("effort").mesure
    assert isinstance(parts, Repartition)
    assert list(parts.effectifs.values()) == [4, 2, 2] and parts.a_part == {"sans réponse": 2}


@pytest.mark.parametrize(
    "fautive",
    [
        {"genre": "note"},
        {"genre": "note", "lecture": "nps", "mini": 1, "maxi": 10},
        {"genre": "note", "mini": 5, "maxi": 5},
        {"genre": "choix", "lecture": "nps"},
    ],
)
def test_a_mark_without_its_bounds_is_refused(fautive: dict[str, Any]) -> None:
    """A mark has bounds, those of its reading; other kinds of questions have none."""
    with pytest.raises(ValueError):
        Question(code="q", libelle="q", court="q", **fautive)


def test_a_mark_out_of_its_bounds_is_refused(tmp_path: Path) -> None:
    """11 out of 10 is told with its line."""
    with pytest.raises(Refus) as refus:
        load_enquete(tmp_path, reponses((1, {"nps": "11"})))
    assert "hors des bornes" in str(refus.value) and "ligne 2" in str(refus.value)


def test_weights_hold_the_margins_and_move_the_rate(tmp_path: Path) -> None:
    """Half A (50 % satisfied), half B (90 %): 70 %, where the answers as they come say 66 %."""
    campagne = load_enquete(tmp_path, DEUX_GROUPES, _redresse({"a": "0.5", "b": "0.5"}))
    poids = poids_de(campagne)
    assert poids is not None and poids.sum() == pytest.approx(100)
    assert poids[:60].sum() == pytest.approx(50)
    assert measure_satisfaction(campagne).ligne("accueil").mesure == Taux(66, 100)
    redresse = _score(measure_redresses(campagne).ligne("accueil"))
    assert redresse.valeur == pytest.approx(70) and redresse.n == 100
    # Post-stratified variance by hand: Σ W² s² ÷ n of each stratum, n ÷ (n − 1) over the whole.
    variance = 100 / 99 * (0.25 * 0.25 / 60 + 0.25 * 0.09 / 40)
    demi = stats.t.ppf(0.975, 99) * np.sqrt(variance) / 0.21
    logit = np.log(0.7 / 0.3)
    bornes = [100 / (1 + np.exp(-(logit + s * demi))) for s in (-1, 1)]
    assert redresse.etendue == pytest.approx(bornes)
    kish = 100 * (60 * (50 / 60) ** 2 + 40 * (50 / 40) ** 2) / 100**2
    assert _score(measure_poids(campagne).ligne("kish")).valeur == pytest.approx(kish)
    marges = list_marges(campagne)
    assert [tuple(c.texte for c in ligne[1:4]) for ligne in marges.lignes] == [  # type: ignore[union-attr]
        ("60,0\xa0%", "50,0\xa0%", "50,0\xa0%"),
        ("40,0\xa0%", "50,0\xa0%", "50,0\xa0%"),
    ]
    assert {c.chiffre for ligne in marges.lignes for c in ligne[1:4]} == {  # type: ignore[union-attr]
        c.code for c in marges.chiffres
    }


def test_weighting_is_off_by_default(tmp_path: Path) -> None:
    """Without a declaration nothing is weighted, and it is said."""
    campagne = load_enquete(tmp_path, DEUX_GROUPES)
    assert poids_de(campagne) is None and not measure_redresses(campagne).lignes
    for dit in (measure_redresses(campagne), list_redresses(campagne)):
        assert "n’est pas redressée" in Tableau(dit).bloc().texte  # type: ignore[union-attr]


def test_crossed_margins_post_stratify(tmp_path: Path) -> None:
    """One margin on two questions crossed: four cells, each at its share."""
    lignes = reponses(
        (20, {"profil": "groupe A", "sexe": "femme"}),
        (10, {"profil": "groupe A", "sexe": "homme"}),
        (10, {"profil": "groupe B", "sexe": "femme"}),
        (10, {"profil": "groupe B", "sexe": "homme"}),
    )
    parts = {"a|f": "0.3", "a|h": "0.2", "b|f": "0.3", "b|h": "0.2"}
    marge = MARGES | {"questions": ["profil", "sexe"], "parts": parts}
    declaration = {"methode": "post-stratification", "marges": [marge]}
    poids = poids_de(load_enquete(tmp_path, lignes, {"redressement": declaration}))
    assert poids is not None
    assert [poids[a:b].sum() for a, b in ((0, 20), (20, 30), (30, 40), (40, 50))] == pytest.approx(
        [15, 10, 15, 10]
    )


@pytest.mark.parametrize(
    ("redressement", "dit"),
    [
        ({"parts": {"a": "0.5", "c": "0.5"}}, "« c » n’est pas une réponse à « Profil »"),
        ({"parts": {"a": "0.5", "b": "0.4"}}, "les parts font 0,9, pas 1"),
        ({"parts": {"a": "0.5", "b": "1.5"}}, "une part va de 0 à 1"),
        ({"parts": {"a|f": "0.5", "b": "0.5"}}, "une réponse à chacune des questions profil"),
        ({"questions": ["profile"], "parts": {"a": "0.5", "b": "0.5"}}, "dire « profil » ?"),
        ({"questions": ["motifs"], "parts": {"x": "0.5", "y": "0.5"}}, "pas une marge"),
        ({"parts": {"a": "1", "b": "0"}}, "« groupe B » a des réponses (40)"),
        ({"parts": {"a": "0.95", "b": "0.05"}, "ecretage": "1.2"}, "écrêtage à 1,2 fois"),
        ({"parts": {"a": "0.02", "b": "0.98"}, "effectif_minimal": "50"}, "sous le plancher de 50"),
        ({"parts": {"a": "0.5", "b": "0.5"}, "effectif_minimal": "10"}, "au moins 30"),
    ],
)  # fmt: skip
def test_a_weighting_that_cannot_hold_is_refused(
    tmp_path: Path, redressement: dict[str, Any], dit: str
) -> None:
    """Unknown answers, shares that do not add up, empty cells, a cap or a floor out of reach."""
    marge = MARGES | {k: v for k, v in redressement.items() if k in ("parts", "questions")}
    suite = {k: v for k, v in redressement.items() if k not in ("parts", "questions")}
    with pytest.raises(Refus) as refus:
        load_enquete(tmp_path, DEUX_GROUPES, {"redressement": {"marges": [marge]} | suite})
    assert dit in str(refus.value) and "campagne.yaml" in str(refus.value)


def test_all_that_is_wrong_in_a_weighting_is_told_at_once(tmp_path: Path) -> None:
    """An empty cell of one margin does not hide that of another; a census is not weighted."""
    vide = reponses((40, {"profil": "groupe A", "sexe": "femme"}))
    marges = [
        MARGES | {"parts": {"a": "0.5", "b": "0.5"}},
        MARGES | {"questions": ["sexe"], "parts": {"f": "0.5", "h": "0.5"}},
    ]
    source = {"plan": "recensement", "redressement": {"marges": marges}}
    with pytest.raises(Refus) as refus:
        load_enquete(tmp_path, vide, source)
    for dit in ("« groupe B »", "« homme »", "un recensement ne se redresse pas"):
        assert dit in str(refus.value)


_OPINION = st.sampled_from([TRES, PLUTOT, PAS, PAS_DU_TOUT, SANS, ""])
_OPINIONS = st.lists(_OPINION, min_size=40, max_size=40)


@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(accueil=_OPINIONS, attente=_OPINIONS)
def test_importance_is_the_rank_correlation(
    tmp_path: Path, accueil: list[str], attente: list[str]
) -> None:
    """Spearman and Kendall of scipy on the people who expressed themselves on both questions."""
    paires = list(zip(accueil, attente, strict=True))
    campagne = load_enquete(
        tmp_path, reponses(*((1, {"accueil": a, "attente": b}) for a, b in paires))
    )
    rang = {TRES: 4, PLUTOT: 3, PAS: 2, PAS_DU_TOUT: 1}
    lus = [(rang[a], rang[b]) for a, b in paires if a in rang and b in rang]
    for methode, attendu in (("spearman", stats.spearmanr), ("kendall", stats.kendalltau)):
        mesure = measure_priorites(campagne, methode=methode).ligne("attente").mesure  # type: ignore[arg-type]
        assert isinstance(mesure, Priorite) and mesure.importance.n == len(lus)
        a, b = ([p[i] for p in lus] for i in (0, 1))
        if len(set(a)) < 2 or len(set(b)) < 2:
            assert mesure.importance.valeur is None
        else:
            valeur = attendu(a, b).statistic
            assert mesure.importance.valeur == pytest.approx(valeur, abs=1e-9)


@pytest.mark.parametrize(("fois", "statut"), [(1, "piste à vérifier"), (2, "à traiter d’abord")])
def test_under_a_hundred_answers_a_priority_is_a_lead(
    tmp_path: Path, fois: int, statut: str
) -> None:
    """60 answers give a lead to check, 120 a priority; neither is ever called a lever."""
    groupes = (
        (20 * fois, {"accueil": TRES, "attente": PAS, "ecoute": TRES}),
        (30 * fois, {"accueil": PAS, "attente": PAS_DU_TOUT, "ecoute": PLUTOT}),
        (10 * fois, {"accueil": PLUTOT, "attente": PAS, "ecoute": PLUTOT}),
    )
    bilan = measure_priorites(load_enquete(tmp_path, reponses(*groupes)))
    assert bilan.ligne("attente").statut == statut
    textes = texte_phrase(bilan) + str(Graphique(bilan).bloc()) + str(Tableau(bilan).bloc())
    assert not any(mot in textes.lower() for mot in ("levier", "driver", "déterminant"))
    assert ("peu nombreuses" in texte_phrase(bilan)) == (fois == 1)
    assert f"{statut.capitalize()} : « Attente »." in resume(bilan)


def test_alpha_of_a_part_stands_on_complete_answers(tmp_path: Path) -> None:
    """Three items: alpha by its own formula with numpy, on the 45 people who answered them all."""
    groupes = (
        (15, {"accueil": TRES, "attente": TRES, "ecoute": PLUTOT}),
        (15, {"accueil": PAS, "attente": PLUTOT, "ecoute": PAS}),
        (15, {"accueil": PAS_DU_TOUT, "attente": PAS, "ecoute": PLUTOT}),
        (5, {"accueil": TRES, "attente": SANS, "ecoute": TRES}),
    )
    bilan = measure_fidelite(load_enquete(tmp_path, reponses(*groupes)))
    x = np.repeat([[4, 4, 3], [2, 3, 2], [1, 2, 3]], 15, axis=0)
    attendu = 1.5 * (1 - x.var(axis=0, ddof=1).sum() / x.sum(axis=1).var(ddof=1))
    score = _score(bilan.lignes[0])
    assert score.valeur == pytest.approx(attendu) and score.n == 45
    assert "grandit avec le nombre de questions" in bilan.reserve


PASSEE = reponses((126, {"accueil": TRES}), (24, {"accueil": PAS}))
ACTUELLE = reponses((92, {"accueil": PLUTOT}), (79, {"accueil": PAS}))
MEMES = {"mode": "en ligne", "champ": "usagers de l'accueil"}
MARS = {"debut": "2022-03-01", "fin": "2022-03-31"}


def _deux_editions(racine: Path, avant: dict[str, Any], apres: dict[str, Any]) -> Campagne:
    """The survey of 2020 in a campaign of its own, and that of 2022 which names it."""
    jour = [{**ligne, "date": "2020-03-02"} for ligne in PASSEE]
    mars = {"debut": "2020-03-01", "fin": "2020-03-31"}
    load_enquete(racine, jour, MEMES | mars | avant, nom="ancienne")
    fiche = {"precedente": "ancienne"}
    return load_enquete(racine, ACTUELLE, MEMES | MARS | apres, fiche, nom="nouvelle")


def test_two_whole_editions_that_compare_are_said(tmp_path: Path) -> None:
    """Same mode, months, question: 92/171 against 126/150 is down by 20 to 39 points."""
    campagne = _deux_editions(tmp_path, {}, {})
    evolution = measure_evolution(campagne)
    (ligne,) = evolution.lignes
    assert ligne.statut == "comparable" and not evolution.reserve
    texte = texte_phrase(evolution)
    assert "Les deux éditions se comparent : la baisse est de 20 à 39 points." in texte
    assert "serait" not in texte and "significati" not in texte
    assert [li.statut for li in measure_enquetes(campagne).lignes] == [
        "comparable",
        "cette édition",
    ]
    assert {f.fichier for f in campagne.fichiers} >= {"ancienne/enquete.csv"}


def test_another_mode_breaks_the_series(tmp_path: Path) -> None:
    """On paper then on line: the two figures are given, their difference is not."""
    campagne = _deux_editions(tmp_path, {"mode": "sur papier"}, {})
    evolution = measure_evolution(campagne)
    assert evolution.lignes[0].statut == "rupture"
    texte = texte_phrase(evolution)
    assert (
        "ne se comparent pas" in texte and "points" not in texte and "le mode de recueil" in texte
    )
    svg = str(Graphique(measure_enquetes(campagne)).bloc().svg)  # type: ignore[union-attr]
    assert "rupture de série" in svg
    verdicts = {ligne[0]: ligne[3].texte for ligne in list_comparabilite(campagne).lignes}  # type: ignore[union-attr]
    assert verdicts["Le mode de recueil (2020)"] == verdicts["En tout (2020)"] == "rupture"


def test_another_season_or_an_unknown_mode_leaves_a_reserve(tmp_path: Path) -> None:
    """June against March, a mode that nobody wrote down: the sentence stays conditional."""
    campagne = _deux_editions(tmp_path, {"mode": ""}, {"debut": "2022-02-01", "fin": "2022-03-31"})
    texte = texte_phrase(measure_evolution(campagne))
    assert "Si les deux enquêtes étaient comparables, la baisse serait de 20 à 39 points" in texte
    assert "la période" in texte and "on ignore, pour 2020, le mode de recueil" in texte


def test_a_campaign_is_not_its_own_previous_edition(tmp_path: Path) -> None:
    """A loop is refused, with the key to mend."""
    with pytest.raises(Refus) as refus:
        load_enquete(tmp_path, ACTUELLE, fiche={"precedente": "essai"})
    assert "ne se précède pas elle-même" in str(refus.value)


def test_months_share_out_the_answers(tmp_path: Path) -> None:
    """Each expressed answer is in one month; the months are in order."""
    lignes = reponses((20, {"accueil": TRES}), (15, {"accueil": PAS}))
    dates = ["2022-02-10"] * 12 + ["2022-03-02"] * 23
    datees = [{**ligne, "date": jour} for ligne, jour in zip(lignes, dates, strict=True)]
    mois = measure_mois(load_enquete(tmp_path, datees))
    assert [(li.libelle, li.mesure) for li in mois.lignes] == [
        ("février 2022", Taux(12, 12)),
        ("mars 2022", Taux(Fraction(8), 23)),
    ]


def test_everything_bears_a_missing_or_a_silent_survey(tmp_path: Path) -> None:
    """No file, or a file where nobody answers anything: no crash, and no number out of nothing."""
    muette = load_enquete(tmp_path, reponses((3, {})))
    absente = replace(muette, tables=MappingProxyType({}))
    mesures: list[Any] = [
        measure_satisfaction, measure_nets, measure_moyennes, measure_sans_opinion,
        measure_enquetes, measure_evolution, measure_mois, measure_fidelite, measure_notes,
        measure_completion, measure_priorites, measure_redresses, measure_poids,
        measure_taux_participation,
    ]  # fmt: skip
    for campagne in (muette, absente):
        for mesure in mesures:
            bilan: Bilan = mesure(campagne)
            for montre in (Tableau(bilan), Graphique(bilan)):
                montre.bloc()
            assert "nan" not in texte_phrase(bilan).split()
        Tableau(list_items(campagne)).bloc()
        Tableau(list_marges(campagne)).bloc()
        Tableau(list_redresses(campagne)).bloc()
    assert len(QUESTIONS) == 8
