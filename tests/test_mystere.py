"""The mystery tests: worked cases, and what holds whatever the tests and their order."""

from __future__ import annotations

import dataclasses
import datetime as dt
from fractions import Fraction
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from petit_mystere import load_cas, load_mystere, new_grilles, new_lignes
from statsmodels.stats.inter_rater import cohens_kappa
from test_cas import _accorde, _espaces

from qualepref_lib.analyses import (
    mystere,
    mystere_accords,
    mystere_axes,
    mystere_decisions,
    mystere_suivi,
    mystere_vagues,
)
from qualepref_lib.campagne import Campagne, Table, load_campagne
from qualepref_lib.core.bilan import Bilan, Ligne, Liste, Renvoi
from qualepref_lib.core.essais import plan_essais
from qualepref_lib.core.mesures import Durees, Effectif, Repartition, Taux
from qualepref_lib.core.refus import sans_accent
from qualepref_lib.registres import mystere as cadres
from qualepref_lib.registres.mystere_services import AUTRES, ENSEMBLE

CAS = yaml.load(
    (Path(__file__).parent / "cas" / "mystere.yaml").read_text(encoding="utf-8"),
    Loader=yaml.BaseLoader,
)["suite"]
PROFIL = settings(max_examples=40, deadline=None, derandomize=True)
AXES: tuple[mystere_axes.Axe, ...] = ("service", "creneau", "profil", "jour")


def _texte(cellule: str | Renvoi) -> str:
    return _espaces(cellule if isinstance(cellule, str) else cellule.texte)


def _lignes(bilan: Bilan) -> list[str]:
    return [_espaces(f"{ligne.libelle} : {ligne.mesure}") for ligne in bilan.lignes]


def _mesure(bilan: Bilan, code: str = "") -> Any:
    """The measure of one line, of the first one without a code; None when there is none."""
    trouvees = [ligne for ligne in bilan.lignes if code in ("", ligne.code)]
    return trouvees[0].mesure if trouvees else None


def observe(campagne: Campagne) -> dict[str, Any]:
    """What the library finds in the tests of a worked case."""
    salut = [li for li in mystere.measure_conformite(campagne).lignes if li.code == "salut"]
    delais = _mesure(mystere.measure_delais(campagne))
    decisions = mystere_decisions.measure_decisions_mystere(campagne)
    suffisance = mystere_decisions.list_suffisance(campagne).lignes
    accords = mystere_accords.measure_accords(campagne).lignes
    vagues = mystere_vagues.measure_vagues(campagne)
    tentatives = _mesure(mystere_axes.measure_joignabilite_par_tentative(campagne))
    trouve: dict[str, Any] = {
        "tests aboutis": str(_mesure(mystere.measure_joignabilite(campagne), "visite")),
        "champ": _espaces(mystere.measure_conformite(campagne).champ),
        "décisions": str(_mesure(decisions)),
        "décisions visite": str(_mesure(decisions, "visite")),
        "décisions courriel": str(_mesure(decisions, "courriel")),
        "manque": _ou_rien(_mesure(mystere_decisions.measure_suffisance(campagne), "salut")),
        "vagues": [vague.code for vague in cadres.vagues_de(campagne)],
        "évolution": _ou_rien(_mesure(vagues, "salut")),
        "établie": vagues.lignes[0].statut if vagues.lignes else None,
        "si vide": vagues.si_vide,
        "issues": str(_mesure(mystere_axes.measure_issues_tentatives(campagne))),
    }
    for axe in AXES:
        trouve[f"par {axe}"] = _lignes(mystere_axes.measure_conformite_par(campagne, axe))
    if salut:
        trouve |= {"conformité": str(salut[0].mesure), "décision": salut[0].statut}
    if suffisance:
        trouve |= {"ce qu'il aurait fallu": _texte(suffisance[0][4]),
                   "vague nouvelle": _texte(suffisance[0][5])}  # fmt: skip
    if accords:
        trouve |= {"tests en double": accords[0][1], "notes identiques": _texte(accords[0][2])}
    if isinstance(tentatives, Repartition):
        trouve |= {"tentatives": str(tentatives), **tentatives.a_part}
    if isinstance(delais, Durees):
        trouve |= {"délai": delais.mediane, "mesurés": delais.n, "sans mesure": delais.en_cours,
                   "dans la cible": str(delais.dans_cible)}  # fmt: skip
    return trouve


def _ou_rien(mesure: object) -> str | None:
    return None if mesure is None else _espaces(str(mesure)).replace("−", "-")


@pytest.mark.parametrize("cas", CAS, ids=[sans_accent(cas["nom"]) for cas in CAS])
def test_cas(cas: dict[str, Any], tmp_path: Path) -> None:
    """What the library finds in a mystery survey is what the case computed by hand."""
    trouve = observe(load_cas(tmp_path, cas["donnees"]))
    for nom, attendu in cas["attendu"].items():
        assert nom in trouve, f"« {nom} » n'est pas observé ; observé : {sorted(trouve)}"
        assert _accorde(attendu, trouve[nom]), f"{nom} : attendu {attendu}, obtenu {trouve[nom]}"


@pytest.fixture(scope="module")
def modele(tmp_path_factory: pytest.TempPathFactory) -> Campagne:
    """A campaign whose tests the properties replace by theirs."""
    services = [
        {"libelle": nom, "agents": n} for nom, n in (("Accueil", "12"), ("Titres", "6"), ("R", "2"))
    ]
    return load_mystere(
        tmp_path_factory.mktemp("modele"),
        new_lignes([{"salut": "oui"}])[0],
        grilles=new_grilles(criteres=("salut", "ecoute", "badge")),
        site={"services": services},
    )


@st.composite
def _un_test(draw: st.DrawFn) -> dict[str, Any]:
    reponses = st.sampled_from(["oui", "non", "sans_objet"])
    return {
        "vague": draw(st.sampled_from(["V1", "V2"])),
        "service": draw(st.sampled_from([None, "Accueil", "accueil", "Titres", "R", "Inconnu"])),
        "date": pd.Timestamp(2022, 3, draw(st.integers(1, 28))),
        "heure": draw(st.sampled_from([np.nan, 540.0, 599.0, 840.0])),
        "creneau": draw(st.sampled_from([None, "09h-10h", "matin"])),
        "profil": draw(st.sampled_from([None, "senior"])),
        "tentatives": draw(st.sampled_from([np.nan, 1.0, 2.0, 6.0])),
        "abouti": draw(st.booleans()),
        "reponses": [draw(reponses) for _ in range(3)],
        "double": draw(st.none() | reponses),
    }


TESTS = st.lists(_un_test(), min_size=1, max_size=14)


def _charger(modele: Campagne, tests: list[dict[str, Any]], ordre: int = 0) -> Campagne:
    """The campaign of these tests, their rows shuffled when ``ordre`` is not zero."""
    lignes = [ligne for rang, test in enumerate(tests) for ligne in _rangees(f"T{rang}", test)]
    table = modele.tables["mystere"]
    cadre = pd.DataFrame(lignes).reindex(columns=table.cadre.columns)
    cadre["date_reponse"] = pd.to_datetime(cadre["date_reponse"])
    cadre.index = pd.RangeIndex(2, len(cadre) + 2, name="ligne")
    if ordre:
        cadre = cadre.sample(frac=1, random_state=ordre)
    tables = {"mystere": Table(cadre, table.source)}
    return dataclasses.replace(modele, tables=MappingProxyType(tables))


def _rangees(code: str, test: dict[str, Any]) -> list[dict[str, Any]]:
    repris = ("vague", "service", "date", "heure", "creneau", "profil", "tentatives")
    commun = {nom: test[nom] for nom in repris} | {
        "test": code, "grille": "visite", "testeur": "A1", "abouti": "non", "codage": None,
        "scenario": None, "observation": None, "reponse": None, "valeur": np.nan,
        "date_reponse": None,
    }  # fmt: skip
    if not test["abouti"]:
        return [commun]
    notes = zip(("salut", "ecoute", "badge"), test["reponses"], strict=True)
    lignes = [commun | {"abouti": "oui", "observation": o, "reponse": r} for o, r in notes]
    if test["double"]:
        second = {"testeur": "A2", "codage": "double", "reponse": test["double"]}
        lignes.append(lignes[0] | second)
    return lignes


def _compter(tests: list[dict[str, Any]]) -> tuple[int, int]:
    """Conforming and applicable observations of the latest wave, test by test."""
    derniere = _derniere(tests)
    notes = [n for t in tests if t["abouti"] and t["vague"] == derniere for n in t["reponses"]]
    return notes.count("oui"), notes.count("oui") + notes.count("non")


def _derniere(tests: list[dict[str, Any]]) -> str:
    debuts = {v: min(t["date"] for t in tests if t["vague"] == v) for v in ("V1", "V2")
              if any(t["vague"] == v for t in tests)}  # fmt: skip
    return max(debuts, key=lambda v: (debuts[v], v))


@PROFIL
@given(tests=TESTS)
def test_les_groupes_partagent_le_total(modele: Campagne, tests: list[dict[str, Any]]) -> None:
    """The observations by service, slot, weekday or profile add up to those of the latest wave."""
    campagne = _charger(modele, tests)
    attendu = _compter(tests)
    for axe in AXES:
        bilan = mystere_axes.measure_conformite_par(campagne, axe)
        mesures = [li.mesure for li in bilan.lignes if isinstance(li.mesure, Taux)]
        lignes = [n for li in bilan.lignes for n in li.lignes]
        somme = (sum(t.favorables for t in mesures), sum(t.observes for t in mesures))
        if bilan.lignes:
            assert somme == attendu, axe
            assert len(lignes) == len(set(lignes)) == attendu[1]
        assert not bilan.est_echantillon, "pooled criteria of one test are not independent"
    canaux = [li.mesure for li in mystere.measure_observe(campagne).lignes]
    assert sum(t.observes for t in canaux) == attendu[1]  # type: ignore[union-attr]


@PROFIL
@given(tests=TESTS)
def test_aucun_petit_service_ne_se_lit(modele: Campagne, tests: list[dict[str, Any]]) -> None:
    """No group of services shown holds fewer than five declared agents, nor the name of one."""
    agents = {"accueil": 12, "titres": 6, "r": 2, "inconnu": 0, "": 0}
    campagne = _charger(modele, tests)
    montres = cadres.tests_de(campagne)["service"]
    vrais = {f"T{rang}": (test["service"] or "").lower() for rang, test in enumerate(tests)}
    for nom, siens in montres.groupby(montres):
        presents = {vrais[test] for test in siens.index}
        assert nom in ("Accueil", "Titres", AUTRES, ENSEMBLE)
        if nom != ENSEMBLE:
            assert sum(agents[service] for service in presents) >= 5


@PROFIL
@given(tests=TESTS, ordre=st.integers(1, 50))
def test_l_ordre_des_lignes_est_indifferent(
    modele: Campagne, tests: list[dict[str, Any]], ordre: int
) -> None:
    """The rows of a file may come in any order: the figures are the same."""
    droit, mele = _charger(modele, tests), _charger(modele, tests, ordre)
    for mesurer in (
        mystere.measure_joignabilite, mystere.measure_conformite, mystere.measure_observe,
        mystere_axes.measure_joignabilite_par_tentative, mystere_axes.measure_conformite_par,
        mystere_decisions.measure_decisions_mystere, mystere_vagues.measure_vagues,
        mystere_suivi.measure_suivi_vagues,
    ):  # fmt: skip
        assert _figures(mesurer(droit)) == _figures(mesurer(mele)), mesurer.__name__
    for lister in (mystere_accords.measure_accords, mystere_accords.list_testeurs):
        assert lister(droit).lignes == lister(mele).lignes


def _figures(bilan: Bilan) -> list[tuple[str, str, str]]:
    return [(li.code, str(li.mesure), li.statut) for li in bilan.lignes]


@PROFIL
@given(tests=TESTS)
def test_les_tests_en_double(modele: Campagne, tests: list[dict[str, Any]]) -> None:
    """Double ratings are those of two testers on one test, and never weigh on a headline figure."""
    campagne = _charger(modele, tests)
    sans = _charger(modele, [test | {"double": None} for test in tests])
    for mesurer in (mystere.measure_joignabilite, mystere.measure_conformite):
        assert _figures(mesurer(campagne)) == _figures(mesurer(sans))
    doubles, derniere = cadres.doubles_de(campagne), _derniere(tests)
    attendus = {
        f"T{rang}"
        for rang, t in enumerate(tests)
        if t["double"] and t["abouti"] and t["vague"] == derniere
    }
    assert set(doubles["test"]) == attendus
    assert set(doubles["testeur"]) <= {"A1", "A2"}


@pytest.mark.parametrize("cible", [0.7, 0.8, 0.9, 0.95])
def test_tests_manquants(cible: float) -> None:
    """The faultless tests that lack are those of the whole-number plan of the same target."""
    plan = plan_essais(cible, n_max=120)
    for fautes, total in enumerate(plan.tailles):
        for faits in range(max(fautes, 1), total):
            vu = Ligne("a", "a", Taux(faits - fautes, faits), cible=Fraction(str(cible)))
            assert mystere_decisions.find_manque(vu, 0.95) == total - faits


def test_sans_fichier(tmp_path: Path) -> None:
    """Without a file every analysis says what is missing, and none fails."""
    campagne = load_mystere(tmp_path, new_lignes([{"salut": "oui"}])[0])
    vide = dataclasses.replace(campagne, tables=MappingProxyType({}))
    for lire in _toutes():
        resultat = lire(vide)
        assert "mystere" in resultat.manque and not resultat.lignes, resultat.code
    assert (
        cadres.tests_de(vide).empty
        and cadres.observations_de(vide).empty
        and cadres.doubles_de(vide).empty
    )


def test_aucun_test_encore(tmp_path: Path) -> None:
    """Before its first test, or when none reached someone, a wave has no figure but its tests."""
    lignes = new_lignes([{"fois": "3", "abouti": "non"}])[0]
    for jour in ("2022-02-01", "2022-06-30"):
        campagne = load_mystere(tmp_path / jour, lignes, jour=jour)
        for lire in _toutes():
            assert not lire(campagne).manque or "tentatives" in lire(campagne).manque
        assert not mystere.measure_conformite(campagne).lignes
        assert bool(mystere.measure_joignabilite(campagne).lignes) == (jour == "2022-06-30")


def _toutes() -> list[Any]:
    return [
        mystere.measure_joignabilite, mystere.measure_conformite, mystere.measure_observe,
        lambda c: mystere.measure_observe(c, par="engagement"), mystere.measure_delais,
        mystere_axes.measure_joignabilite_par_tentative, mystere_axes.measure_issues_tentatives,
        *(lambda c, axe=axe: mystere_axes.measure_conformite_par(c, axe) for axe in AXES),
        mystere_decisions.measure_decisions_mystere, mystere_decisions.measure_suffisance,
        mystere_decisions.list_suffisance, mystere_vagues.measure_vagues,
        mystere_vagues.list_vagues, mystere_vagues.list_changements,
        mystere_suivi.measure_suivi_vagues,
        mystere_suivi.list_suivi_mesures, mystere_decisions.measure_tests_requis,
        mystere_accords.measure_accords, mystere_accords.list_testeurs,
        mystere_accords.list_coefficients,
    ]  # fmt: skip


def test_chaque_renvoi_est_au_registre(tmp_path: Path) -> None:
    """Every figure that a list quotes has its entry, and the entries of one code are the same."""
    tests = [
        {"fois": "12", "salut": "oui", "double": "oui", "date": "2021-11-02", "vague": "V1"},
        {"fois": "11", "salut": "oui", "double": "oui", "vague": "V2"},
        {"fois": "3", "salut": "non", "double": "oui", "vague": "V2"},
    ]  # fmt: skip
    campagne = load_mystere(tmp_path, new_lignes(tests)[0])
    registre = {c.code: c for c in mystere.measure_conformite(campagne).chiffres()}
    for lister in (
        mystere_decisions.list_suffisance, mystere_vagues.list_vagues,
        mystere_accords.measure_accords, mystere_accords.list_testeurs,
        mystere_accords.list_coefficients,
    ):  # fmt: skip
        liste: Liste = lister(campagne)
        cites = {
            c.chiffre for li in liste.lignes for c in li if isinstance(c, Renvoi) and c.chiffre
        }
        assert liste.lignes and cites and cites <= {c.code for c in liste.chiffres}
        assert all(len(li) == len(liste.colonnes) for li in liste.lignes)
        for chiffre in liste.chiffres:
            assert registre.setdefault(chiffre.code, chiffre) == chiffre


def test_tous_les_coefficients_sont_dits(tmp_path: Path) -> None:
    """Kappa, AC1 and alpha are told with their margins; statsmodels has the same kappa."""
    oui_non = (
        [("oui", "oui")] * 8 + [("oui", "non")] * 3 + [("non", "oui")] * 2 + [("non",) * 2] * 7
    )
    tests = [{"salut": un, "double": deux} for un, deux in oui_non]
    liste = mystere_accords.list_coefficients(load_mystere(tmp_path, new_lignes(tests)[0]))
    lus = {str(li[1]): (li[2].texte, str(li[5])) for li in liste.lignes}
    assert list(lus) == ["kappa de Cohen", "AC1 de Gwet", "alpha de Krippendorff"]
    attendu = cohens_kappa([[8, 3], [2, 7]]).kappa
    assert lus["kappa de Cohen"] == (f"{attendu:.2f}".replace(".", ","), "celui qu’on lit")
    assert {lecture for _, lecture in lus.values()} == {"celui qu’on lit", "pour mémoire"}
    peu = load_mystere(tmp_path / "peu", new_lignes(tests[:9])[0])
    assert not mystere_accords.list_coefficients(peu).lignes


def test_un_nom_de_testeur_n_est_jamais_ecrit(tmp_path: Path) -> None:
    """A tester who is named is told by a number, and the person who sends the file is told."""
    tests = [{"fois": "12", "salut": "oui", "double": "non"}]
    lignes = [li | {"testeur": "Camille Exemple" if li["codage"] else "A1"}
              for li in new_lignes(tests)[0]]  # fmt: skip
    campagne = load_mystere(tmp_path, lignes)
    liste = mystere_accords.list_testeurs(campagne)
    assert [li[0] for li in liste.lignes] == ["A1", "testeur n° 1"]
    assert "Camille" not in str(liste) + str(mystere_accords.measure_accords(campagne))
    assert any("pseudonyme" in str(r) for r in campagne.remarques)
    assert "note plus sévère que les autres" in _texte(liste.lignes[1][4])


def test_la_demonstration_garde_ses_resultats() -> None:
    """The figures of the demonstration are those counted by hand in its file."""
    campagne = load_campagne("moselle_2022")
    conformite = mystere.measure_conformite(campagne)
    salut = conformite.ligne("visite.salutation")
    assert (str(salut.mesure), salut.statut) == ("14 sur 14 (100\xa0%)", "prouvé")
    assert _mesure(mystere.measure_joignabilite(campagne), "visite") == Taux(14, 14)
    assert not mystere_vagues.measure_vagues(campagne).lignes or len(campagne.fiche.vagues) > 1
    assert isinstance(_mesure(mystere_decisions.measure_decisions_mystere(campagne)), Repartition)
    manque = mystere_decisions.measure_suffisance(campagne).lignes
    assert all(isinstance(ligne.mesure, Effectif) for ligne in manque)
    assert campagne.fiche.date_reference >= dt.date(2022, 4, 1)
