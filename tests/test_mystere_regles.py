"""The rows of the mystery files: every bad row is listed, with what to do."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from petit_mystere import load_mystere, new_lignes

from qualepref_lib.campagne import regles
from qualepref_lib.campagne.regles_mystere import REGLES_TENTATIVES, check_tentatives
from qualepref_lib.core.refus import Refus, Releve

DEUX = new_lignes(
    [{"salut": "oui", "double": "non"}, {"reponse": "oui", "jours": "2022-03-01 2022-03-03"}]
)[0]
"""Rows 2 and 3: test T001, noted twice; rows 4 and 5: test T002, an e-mail and its delay."""
VAGUES = [{"code": "V1", "libelle": "Printemps", "debut": "2022-03-01", "fin": "2022-03-31"}]


def _charger(racine: Path, changes: dict[int, dict[str, str]], **options: Any) -> list[str]:
    """The problems of the rows once changed (by line of the file), or their remarks if none."""
    lignes = [li | changes.get(rang, {}) for rang, li in enumerate(DEUX, 2)]
    ajoutees = [c for rang, c in changes.items() if rang > len(DEUX) + 1]
    options = {nom: v for nom, v in options.items() if v}
    try:
        campagne = load_mystere(racine, lignes + ajoutees, **options)
    except Refus as refus:
        return [f"PROBLÈME {p}" for p in refus.problemes]
    return [f"remarque {r}" for r in campagne.remarques]


def test_les_lignes_justes_passent(tmp_path: Path) -> None:
    """A test noted twice and a delay computed from its dates are read without a word."""
    assert _charger(tmp_path, {}, vagues=VAGUES) == []


SECOND = {"date_reponse": "2022-02-28"}
TARD = {"date_reponse": "2022-07-04"}
VIDE = {"date_reponse": ""}
FAUTES: list[tuple[dict[int, dict[str, str]], str, str]] = [
    ({3: {"codage": ""}}, "ligne 3, colonne « testeur »",
     "le test « T001 » a plusieurs testeurs (A1 et A2) sans codage double."),
    ({3: {"testeur": "A1"}}, "ligne 3, colonne « testeur »",
     "le codage double du test « T001 » est du même testeur que le premier."),
    ({2: {"codage": "double"}}, "lignes 2 et 3, colonne « codage »",
     "le test « T001 » a un codage double, mais pas de premier codage."),
    ({3: {"testeur": ""}}, "ligne 3, colonne « testeur »",
     "le test « T001 » est noté en double, mais on ne sait pas par qui."),
    ({2: {"testeur": ""}}, "ligne 2, colonne « testeur »",
     "le test « T001 » est noté en double, mais on ne sait pas par qui."),
    ({3: {"codage": "triple"}}, "ligne 3, colonne « codage »", "« triple » n’est pas un codage."),
    ({4: SECOND, 5: SECOND}, "lignes 4 et 5, colonne « date_reponse »",
     "la réponse précède la demande."),
    ({5: {"date_reponse": "2022-03-04"}}, "ligne 5, colonne « date_reponse »",
     "le test « T002 » n’a pas la même valeur sur toutes ses lignes."),
    ({4: VIDE, 5: VIDE}, "ligne 5, colonne « valeur »",
     "un délai de réponse attend un nombre, ou la date de la réponse."),
    ({4: {"service": "Accueil"}, 5: {"service": "Régie"}}, "ligne 5, colonne « service »",
     "le test « T002 » n’a pas la même valeur sur toutes ses lignes."),
    ({2: {"observation": "reponse"}}, "ligne 2, colonne « observation »",
     "l’observation n’est pas de la grille « visite » que dit la ligne."),
    ({2: {"reponse": ""}}, "ligne 2, colonne « reponse »",
     "un critère observé attend une réponse."),
    ({6: DEUX[1]}, "ligne 6, colonne « test »", "« T001 / salut / A2 » est déjà à la ligne 3."),
    ({6: DEUX[0]}, "ligne 6, colonne « test »", "« T001 / salut » est déjà à la ligne 2."),
]  # fmt: skip
REMARQUES: list[tuple[dict[int, dict[str, str]], str, str]] = [
    ({2: {"date_reponse": "2022-03-02"}}, "ligne 2, colonne « date_reponse »",
     "date de réponse sur une grille sans délai de réponse en jours : elle n’est pas lue."),
    ({5: {"valeur": "4"}}, "ligne 5, colonne « valeur »",
     "le délai écrit n’est pas le nombre de jours ouvrés entre la demande et la réponse"),
    ({5: {"reponse": "sans objet"}}, "ligne 5, colonne « reponse »",
     "délai « sans objet » alors que la réponse est datée : il n’est pas calculé."),
    ({2: {"testeur": "Camille Exemple"}}, "ligne 2, colonne « testeur »",
     "ce testeur semble nommé"),
    ({4: TARD, 5: TARD}, "lignes 4 et 5, colonne « date_reponse »",
     "date de réponse postérieure à la date de référence (30/06/2022)"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("nature", "changes", "lieu", "constat"),
    [("PROBLÈME", *faute) for faute in FAUTES] + [("remarque", *autre) for autre in REMARQUES],
    ids=range(len(FAUTES) + len(REMARQUES)),
)
def test_une_ligne_fausse(
    tmp_path: Path, nature: str, changes: dict[int, dict[str, str]], lieu: str, constat: str
) -> None:
    """Each bad row is told with its line, its column and what is wrong with it, and only that."""
    (dit,) = _charger(tmp_path, changes)
    assert dit.startswith(f"{nature} mystere.csv, {lieu} : {constat}")


def test_la_vague_declaree(tmp_path: Path) -> None:
    """A test lies within the days of its declared wave; an undeclared wave is remarked."""
    ailleurs = {rang: {"vague": "V9"} for rang in (4, 5)}
    (dit,) = _charger(tmp_path / "a", ailleurs, vagues=VAGUES)
    assert dit.startswith("remarque") and "vague qui n’est pas déclarée" in dit
    tard = {rang: {"date": "2022-04-04", "date_reponse": "2022-04-05"} for rang in (4, 5)}
    (dit,) = _charger(tmp_path / "b", tard, vagues=VAGUES)
    assert "la date est hors de la vague « Printemps » (du 01/03/2022 au 31/03/2022)." in dit


def test_toutes_les_fautes_sont_dites_ensemble(tmp_path: Path) -> None:
    """Several bad rows are listed in one refusal, none hides another."""
    changes = {
        3: {"codage": ""},
        4: {"date_reponse": "2022-02-28"},
        5: {"date_reponse": "2022-02-28"},
        6: DEUX[0] | {"test": "T009", "observation": "reponse"},
        7: DEUX[1] | {"test": "T010"},
        8: DEUX[0] | {"test": "T011", "reponse": ""},
    }
    texte = "\n".join(_charger(tmp_path, changes))
    for attendu in (
        "sans codage double", "précède la demande", "n’est pas de la grille",
        "pas de premier codage", "attend une réponse",
    ):  # fmt: skip
        assert attendu in texte, texte


def test_beaucoup_de_tests_fautifs_sont_comptes(tmp_path: Path) -> None:
    """Beyond ten tests with two testers, the others are counted, not printed."""
    lignes = new_lignes([{"fois": "30", "salut": "oui", "double": "oui"}])[0]
    with pytest.raises(Refus) as leve:
        load_mystere(tmp_path, [li | {"codage": ""} for li in lignes])
    assert str(leve.value).startswith("Refusé : 30 problèmes")
    assert "20 autres problèmes ne sont pas montrés" in str(leve.value)


@pytest.fixture
def _tentatives_lues(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(regles._REGLES, "mystere_tentatives", REGLES_TENTATIVES)


def _tentative(
    rang: str, issue: str, date: str = "2022-03-01", test: str = "T001"
) -> dict[str, str]:
    return {"test": test, "rang": rang, "date": date, "issue": issue}


TENTATIVES: list[tuple[list[dict[str, str]], str, str]] = [
    ([_tentative("1", "occupe"), _tentative("2", "joint")], "", ""),
    ([_tentative("1", "occupe"), _tentative("1", "joint")], "PROBLÈME ligne 3, colonne « rang »",
     "la tentative 1 du test « T001 » est déjà à la ligne 2."),
    ([_tentative("1", "occupe"), _tentative("3", "joint")],
     "remarque lignes 2 et 3, colonne « rang »",
     "les tentatives du test ne se suivent pas de 1 en 1."),
    ([_tentative("1", "joint"), _tentative("2", "occupe")], "PROBLÈME ligne 3, colonne « rang »",
     "tentative faite après celle qui a abouti."),
    ([_tentative("1", "occupe"), _tentative("2", "joint", "2022-02-28")],
     "remarque ligne 3, colonne « date »",
     "la date précède celle d’une tentative antérieure du même test."),
    ([_tentative("1", "")], "PROBLÈME ligne 2, colonne « issue »", "la cellule est vide."),
    ([_tentative("1", "perdu")], "PROBLÈME ligne 2, colonne « issue »",
     "« perdu » n’est pas une issue de tentative."),
]  # fmt: skip


@pytest.mark.usefixtures("_tentatives_lues")
@pytest.mark.parametrize(("tentatives", "lieu", "constat"), TENTATIVES, ids=range(len(TENTATIVES)))
def test_une_tentative_fausse(
    tmp_path: Path, tentatives: list[dict[str, str]], lieu: str, constat: str
) -> None:
    """Attempts are ranked once each, in order, with an outcome, and end when someone is reached."""
    try:
        dits = [f"remarque {r}" for r in load_mystere(tmp_path, DEUX, tentatives).remarques]
    except Refus as refus:
        dits = [f"PROBLÈME {p}" for p in refus.problemes]
    assert len(dits) == bool(lieu), dits
    for dit in dits:
        assert dit.replace("mystere_tentatives.csv, ", "").startswith(f"{lieu} : {constat}")


def _croiser(tests: list[tuple[Any, ...]], tentatives: list[tuple[Any, ...]]) -> list[str]:
    """The problems of tests (number, reached, attempts) beside attempts (test, rank, outcome)."""
    cadres = {
        "mystere": pd.DataFrame(tests, columns=["test", "abouti", "tentatives"]),
        "mystere_tentatives": pd.DataFrame(tentatives, columns=["test", "rang", "issue"]),
    }
    for cadre in cadres.values():
        cadre.index = pd.RangeIndex(2, len(cadre) + 2, name="ligne")
    releve = Releve()
    noms = {code: f"{code}.csv" for code in cadres}
    check_tentatives(cadres, noms, releve)
    check_tentatives({"mystere": cadres["mystere"]}, noms, releve)
    return [str(p) for p in releve.problemes]


def test_les_tentatives_et_les_tests_se_repondent() -> None:
    """An attempt is of a known test, the last one says if it was reached, and all are counted."""
    tentatives = [("T1", 1.0, "occupe"), ("T1", 2.0, "joint"), ("T2", 1.0, "occupe")]
    assert _croiser([("T1", "oui", 2.0), ("T2", "non", None), ("T3", "oui", 1.0)], tentatives) == []
    dits = _croiser([("T1", "non", 3.0), ("T1", "non", 3.0)], tentatives)
    assert [dit.partition(" À faire")[0] for dit in dits] == [
        "mystere_tentatives.csv, ligne 4, colonne « test » : le test « T2 » n’est pas dans "
        "mystere.csv.",
        "mystere.csv, ligne 2, colonne « abouti » : le test « T1 » est dit non abouti, mais sa "
        "dernière tentative est « joint ».",
        "mystere.csv, ligne 2, colonne « tentatives » : le test « T1 » dit 3 tentatives, mais en "
        "a 2 dans le fichier des tentatives.",
    ]
    (dit,) = _croiser([("T1", "oui", 2.0), ("T2", "oui", 1.0)], tentatives)
    assert "« T2 » est dit abouti, mais sa dernière tentative n’est pas « joint »" in dit


def test_une_tentative_d_un_test_inconnu_est_dite_avec_le_reste(tmp_path: Path) -> None:
    """An attempt of an unknown test is listed beside the other problems of its file."""
    tentatives = [
        {"test": "T001", "rang": "1", "date": "2022-03-01", "issue": ""},
        {"test": "T999", "rang": "1", "date": "2022-03-01", "issue": "joint"},
    ]
    with pytest.raises(Refus) as refus:
        load_mystere(tmp_path, DEUX, tentatives)
    dits = [str(p) for p in refus.value.problemes]
    assert len(dits) == 2 and "ligne 2, colonne « issue » : la cellule est vide" in dits[0]
    assert "ligne 3, colonne « test » : le test « T999 » n’est pas dans mystere.csv" in dits[1]
