"""A mystery workbook with one sheet a channel is read as the long CSV is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st
from petit_mystere import load_mystere, new_grilles

from qualepref_lib.analyses.mystere import measure_conformite, measure_delais
from qualepref_lib.analyses.mystere_accords import measure_accords
from qualepref_lib.campagne import Campagne, load_campagne
from qualepref_lib.core.onglets import Onglets, lieu_de, numero_de
from qualepref_lib.core.refus import Refus
from qualepref_lib.registres import mystere as registre

Feuille = Sequence[Sequence[str]]

TETES_VISITE = ("Vague", "Test", "Date", "Testeur", "Codage", "Abouti", "Salut [visite.salut]")
TETES_COURRIEL = ("vague", "test", "date", "testeur", "abouti", "date réponse", "reponse",
                  "Délai (jours ouvrés)")  # fmt: skip
VISITES = (
    TETES_VISITE,
    ("V1", "A1", "2022-03-01", "T1", "", "oui", "oui"),
    ("V1", "A1", "2022-03-01", "T2", "double", "oui", "non"),
    ("V1", "A2", "01/03/2022", "T1", "", "oui", "sans objet"),
    ("V1", "A3", "2022-03-02", "T1", "", "non", ""),
    ("V1", "A4", "2022-03-03", "T1", "", "", ""),
)
COURRIELS = (
    TETES_COURRIEL,
    ("V1", "C1", "2022-03-01", "T1", "oui", "2022-03-04", "oui", ""),
    ("V1", "C2", "2022-03-01", "T1", "oui", "", "non", "sans objet"),
)
LONGUES = (
    ("V1", "A1", "visite", "2022-03-01", "T1", "", "oui", "", "visite.salut", "oui", ""),
    ("V1", "A1", "visite", "2022-03-01", "T2", "double", "oui", "", "visite.salut", "non", ""),
    ("V1", "A2", "visite", "2022-03-01", "T1", "", "oui", "", "visite.salut", "sans objet", ""),
    ("V1", "A3", "visite", "2022-03-02", "T1", "", "non", "", "", "", ""),
    ("V1", "C1", "courriel", "2022-03-01", "T1", "", "oui", "2022-03-04", "courriel.reponse",
     "oui", ""),
    ("V1", "C1", "courriel", "2022-03-01", "T1", "", "oui", "2022-03-04", "courriel.delai", "", ""),
    ("V1", "C2", "courriel", "2022-03-01", "T1", "", "oui", "", "courriel.reponse", "non", ""),
    ("V1", "C2", "courriel", "2022-03-01", "T1", "", "oui", "", "courriel.delai", "sans objet",
     ""),
)  # fmt: skip
COLONNES = ("vague", "test", "grille", "date", "testeur", "codage", "abouti", "date_reponse",
            "observation", "reponse", "valeur")  # fmt: skip


def _grilles() -> list[dict[str, Any]]:
    """The two small grids, their observations coded by grid as in the référentiel."""
    grilles = new_grilles()
    for grille in grilles:
        for observation in grille["observations"]:
            observation["code"] = f"{grille['code']}.{observation['code']}"
    return grilles


def _load_csv(racine: Path) -> Campagne:
    lignes = [dict(zip(COLONNES, ligne, strict=True)) for ligne in LONGUES]
    return load_mystere(racine, lignes, grilles=_grilles())


def _load_classeur(racine: Path, feuilles: Mapping[str, Feuille]) -> Campagne:
    """The same campaign, its CSV replaced by a workbook of these sheets."""
    dossier = _load_csv(racine).dossier
    (dossier / "mystere.csv").unlink()
    with xlsxwriter.Workbook(str(dossier / "mystere.xlsx")) as classeur:
        for nom, lignes in feuilles.items():
            feuille = classeur.add_worksheet(nom)
            for rang, ligne in enumerate(lignes):
                feuille.write_row(rang, 0, ligne)
    return load_campagne(dossier)


def test_the_workbook_says_what_the_csv_says(tmp_path: Path) -> None:
    """Tests, observations, double codings and figures are the same; a planned test is none."""
    plat = _load_csv(tmp_path / "csv")
    lu = _load_classeur(tmp_path / "xlsx", {"Visites": VISITES, "courriel": COURRIELS})
    for lire in (registre.tests_de, registre.observations_de, registre.doubles_de):
        un, autre = (lire(c).drop(columns="ligne", errors="ignore") for c in (plat, lu))
        pd.testing.assert_frame_equal(
            un.reset_index(drop=lire is not registre.tests_de),
            autre.reset_index(drop=lire is not registre.tests_de),
        )
    for mesurer in (measure_conformite, measure_delais, measure_accords):
        valeurs = [
            [(c.code, c.valeur) for c in (b if isinstance(b, tuple) else b())]
            for b in (mesurer(c).chiffres for c in (plat, lu))
        ]
        assert valeurs[0] == valeurs[1] != []


def test_a_figure_names_the_rows_of_its_sheet(tmp_path: Path) -> None:
    """In the register a figure made of a workbook says which sheet, and which rows of it."""
    lu = _load_classeur(tmp_path, {"Visites": VISITES, "Courriels": COURRIELS})
    lignes = {c.code: c.lignes for c in measure_conformite(lu).chiffres()}
    assert lignes["mystere.conformite.visite.salut"] == "Visites 2"
    assert lignes["mystere.conformite.courriel.reponse"] == "Courriels 2-3"


def test_a_sheet_of_long_rows_is_read_too(tmp_path: Path) -> None:
    """A sheet that has the columns of the CSV is read as it is; its name says the grid."""
    sans = [[v for n, v in zip(COLONNES, ligne, strict=True) if n != "grille"]
            for ligne in LONGUES if ligne[2] == "visite"]  # fmt: skip
    longues = [[n for n in COLONNES if n != "grille"], *sans]
    lu = _load_classeur(tmp_path, {"Visites": longues, "Courriels": COURRIELS})
    assert registre.tests_de(lu).groupby("grille").size().to_dict() == {"courriel": 2, "visite": 3}


@pytest.mark.parametrize(
    ("feuilles", "dits"),
    [
        (
            {"Visites": (TETES_VISITE, ("V1", "A1", "hier", "T1", "", "oui", "peut-être"),
                         ("V1", "A2", "2022-03-01", "T1", "", "oui", ""))},
            ["feuille Visites, ligne 2, colonne « date » : « hier »",
             "feuille Visites, ligne 2, colonne « Salut [visite.salut] » : « peut-être »",
             "feuille Visites, ligne 3, colonne « Salut [visite.salut] » : un critère observé"],
        ),
        (
            {"Visites": (TETES_VISITE, ("V1", "A1", "2022-03-01", "T1", "", "oui", "oui"),
                         ("V1", "A1", "2022-03-01", "T2", "", "oui", "oui"),
                         ("V1", "A2", "2022-03-01", "T1", "", "non", "oui"))},
            ["feuille Visites, ligne 3, colonne « testeur » : le test « A1 » a plusieurs testeurs",
             "feuille Visites, ligne 4, colonne « Salut [visite.salut] » : observation sur un"],
        ),
        (
            {"Visites": VISITES, "Courriel": (TETES_COURRIEL, (
                "V1", "C1", "2022-03-04", "T1", "oui", "2022-03-01", "oui", ""))},
            ["feuille Courriel, ligne 2, colonne « date_reponse » : la réponse précède la demande"],
        ),
        (
            {"Visites": VISITES, "Courrielss": COURRIELS},
            ["mystere.xlsx : « Courrielss » n’est pas le nom d’une grille. "
             "Vouliez-vous dire « Courriels »"],
        ),
        (
            {"Visites": [ligne[1:6] for ligne in VISITES]},
            ["feuille Visites, colonne « vague » : la colonne manque",
             "feuille Visites, colonne « visite.salut » : l’observation n’a pas de colonne"],
        ),
        (
            {"Visites": (TETES_VISITE, *2 * [("V1", "A1", "2022-03-01", "T1", "", "oui", "oui")])},
            ["feuille Visites, ligne 3, colonne « test » : « A1 / visite.salut » est déjà à la "
             "ligne 2 de mystere.xlsx, feuille Visites"],
        ),
    ],
    ids=["cellules", "testeurs", "dates", "onglet", "colonnes", "doublon"],
)  # fmt: skip
def test_what_is_wrong_is_told_where_it_is(
    tmp_path: Path, feuilles: Mapping[str, Feuille], dits: list[str]
) -> None:
    """A refusal names the sheet, its row and the heading of the cell, all at once."""
    with pytest.raises(Refus) as refus:
        _load_classeur(tmp_path, feuilles)
    for dit in dits:
        assert dit in str(refus.value)
    assert sum(p.compte for p in refus.value.problemes) == len(dits)


def test_other_sheets_are_told(tmp_path: Path) -> None:
    """Notes beside the grids are no problem, and the person knows that they are not read."""
    lu = _load_classeur(tmp_path, {"Visites": VISITES, "Notes": [["bonjour"]]})
    assert any("« Notes » n’est pas lue" in str(r) for r in lu.remarques)


@given(st.integers(0, 50), st.integers(1, 1_048_576), st.integers(0, 999))
def test_a_number_is_one_place(feuille: int, ligne: int, rang: int) -> None:
    """The number of a cell gives back its sheet, row and rank; it sorts as a person reads."""
    numero = numero_de(feuille, ligne, rang)
    assert lieu_de(numero) == (feuille, ligne, rang)
    assert (
        numero_de(feuille, ligne, rang) < numero_de(feuille, ligne + 1) < numero_de(feuille + 1, 1)
    )


def test_ranges_are_told_by_sheet() -> None:
    """Rows are written once, however many of their cells count."""
    onglets = Onglets(("Visites", "Appels"), (("a", "b"), ()))
    numeros = [numero_de(1, 3), numero_de(0, 7, 2), numero_de(0, 4, 1), numero_de(0, 4, 2)]
    assert onglets.plages(numeros) == "Visites 4, 7, Appels 3"
