"""Filled grids come back: what they say joins the campaign, or is refused where it stands."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from click.testing import CliRunner
from tableurs import texte_ods, write_ods

from qualepref_lib.__main__ import cli
from qualepref_lib.campagne import Campagne, load_campagne
from qualepref_lib.core.refus import Refus, Releve
from qualepref_lib.formats.classeur import load_classeur
from qualepref_lib.running.mystere.affectation import Demande, TestPrevu, assign
from qualepref_lib.running.mystere.collecte import collect
from qualepref_lib.running.mystere.grilles import feuille_de, write_grilles
from qualepref_lib.running.mystere.plan import write_plan

RACINE = Path(__file__).parents[1]


def remplir(chemin: Path, campagne: Campagne, cellules: dict[str, dict[str, str]]) -> None:
    """Write the grid again as a person leaves it: ``cellules`` by test, then by heading.

    « * » is every observation; a test that is not named is not filled in.
    """
    feuilles = {}
    for grille in campagne.referentiel.grilles:
        brut = load_classeur(chemin, chemin.name, Releve(), feuille_de(grille))
        if brut is not None:
            feuilles[feuille_de(grille)] = brut
    livre = xlsxwriter.Workbook(chemin)
    for nom, brut in feuilles.items():
        feuille = livre.add_worksheet(nom)
        feuille.write_row(0, 0, list(brut.columns))
        for rang, (_, ligne) in enumerate(brut.iterrows(), 1):
            dites = cellules.get(ligne["Test"], {})
            for colonne, entete in enumerate(brut.columns):
                defaut = dites.get("*", "") if "[" in entete else ""
                feuille.write_string(rang, colonne, dites.get(entete, defaut) or ligne[entete])
    livre.close()


@pytest.fixture
def vague(tmp_path: Path) -> tuple[Campagne, tuple[TestPrevu, ...], Path]:
    """A small wave of calls and letters in a copy of the demonstration, its grid for T1."""
    shutil.copytree(RACINE / "data", tmp_path / "data")
    campagne = load_campagne(tmp_path / "data" / "campagnes" / "moselle_2022")
    voulue = Demande(
        "2022-V2", dt.date(2022, 3, 21), dt.date(2022, 3, 25), {"appel": 2, "courrier": 1}, 1,
        {"appel": ("standard",), "courrier": ("CERT",)},
    )  # fmt: skip
    tests = assign(campagne, voulue)
    (grille,) = write_grilles(campagne, tests, tmp_path / "grilles", "xlsx")
    return campagne, tests, grille


BON = {
    "2022-V2-appel-01": {
        "Abouti": "oui", "*": "oui", "Heure tentative 1": "09:10", "Issue tentative 1": "occupé",
        "Heure tentative 2": "09:40", "Issue tentative 2": "quelqu’un a répondu",
    },
    "2022-V2-appel-02": {"Abouti": "non", "Issue tentative 1": "sans réponse"},
}  # fmt: skip


def _bon(campagne: Campagne) -> dict[str, dict[str, str]]:
    """The good answers, with a number for each measure of a call."""
    (appel,) = [g for g in campagne.referentiel.grilles if g.code == "appel"]
    mesures = {
        f"{o.libelle} ({o.unite}) [{o.code}]": "3"
        for o in appel.observations if o.genre == "mesure"
    }  # fmt: skip
    return BON | {"2022-V2-appel-01": BON["2022-V2-appel-01"] | mesures}


def test_filled_grids_become_rows(vague: tuple, tmp_path: Path) -> None:
    """What was filled in is added to what the campaign has, which stays; it reads back clean."""
    campagne, tests, grille = vague
    remplir(grille, campagne, _bon(campagne))
    plan = write_plan(tmp_path / "plan.csv", tests)
    avant = len(campagne.tables["mystere"].cadre)
    fait = CliRunner().invoke(
        cli, ["mystere", "collecter", str(grille), "-c", str(campagne.dossier), "--vague",
              "2022-V2", "--plan", str(plan)],
    )  # fmt: skip
    assert fait.exit_code == 0, fait.output
    relue = load_campagne(campagne.dossier)
    cadre = relue.tables["mystere"].cadre
    neuves = cadre[cadre["vague"] == "2022-V2"]
    (appel,) = [g for g in campagne.referentiel.grilles if g.code == "appel"]
    assert len(neuves) == len(appel.observations) + 1 and len(cadre) == avant + len(neuves)
    essais = relue.tables["mystere_tentatives"].cadre
    siens = essais[essais["test"].str.startswith("2022-V2")]
    assert list(siens["issue"]) == ["occupe", "joint", "sans_reponse"]
    # Collected a second time, nothing is added.
    encore = collect(relue, tests, [grille])
    assert encore.lignes["mystere"] == len(cadre)


def test_a_grid_filled_in_ods_gives_the_same_rows(vague: tuple, tmp_path: Path) -> None:
    """LibreOffice's own format is collected as Excel's is: the same rows, the same attempts."""
    campagne, tests, grille = vague
    remplir(grille, campagne, _bon(campagne))
    feuilles = {}
    for sorte in campagne.referentiel.grilles:
        brut = load_classeur(grille, grille.name, Releve(), feuille_de(sorte))
        if brut is not None:
            rangees = [list(brut.columns), *brut.to_numpy().tolist()]
            feuilles[feuille_de(sorte)] = [[texte_ods(c) for c in rangee] for rangee in rangees]
    ods = write_ods(tmp_path / "grille_T1.ods", feuilles)
    en_xlsx, en_ods = (collect(campagne, tests, [fichier]) for fichier in (grille, ods))
    assert en_ods.lignes == en_xlsx.lignes and en_ods.lignes["mystere"]


def test_what_is_wrong_in_a_grid_is_listed_with_its_place(vague: tuple) -> None:
    """A word that no list has, a blank on a reached test, a text for a number: all at once."""
    campagne, tests, grille = vague
    (appel,) = [g for g in campagne.referentiel.grilles if g.code == "appel"]
    mesure = next(o for o in appel.observations if o.genre == "mesure")
    fautes = _bon(campagne)
    fautes["2022-V2-appel-01"] |= {
        "Abouti": "oui", "*": "peut-être",
        f"{mesure.libelle} ({mesure.unite}) [{mesure.code}]": "trois",
    }  # fmt: skip
    remplir(grille, campagne, fautes)
    with pytest.raises(Refus) as refus:
        collect(campagne, tests, [grille])
    texte = str(refus.value)
    assert "peut-être" in texte and "trois" in texte and "Appels téléphoniques" in texte
    inconnu = grille.with_name("resultats.xlsx")
    shutil.copy(grille, inconnu)
    with pytest.raises(Refus, match="quel testeur"):
        collect(campagne, tests, [inconnu])


def test_two_grids_that_disagree_are_refused(vague: tuple, tmp_path: Path) -> None:
    """Two copies of one grid with two answers: both are named, neither is taken."""
    campagne, tests, grille = vague
    autre = tmp_path / "copie" / grille.name
    autre.parent.mkdir()
    shutil.copy(grille, autre)
    remplir(grille, campagne, _bon(campagne))
    differente = _bon(campagne)
    differente["2022-V2-appel-01"] |= {"*": "non"}
    remplir(autre, campagne, differente)
    with pytest.raises(Refus) as refus:
        collect(campagne, tests, [grille, autre])
    assert "« non », et « oui »" in str(refus.value)


def _fichiers(dossier: Path) -> dict[str, bytes]:
    return {c.name: c.read_bytes() for c in sorted(dossier.iterdir()) if c.is_file()}


def test_what_the_rules_refuse_is_never_written(vague: tuple, tmp_path: Path) -> None:
    """A reply before its request is told in the grid, and the campaign stays as it was."""
    campagne, tests, grille = vague
    (lettre,) = [t for t in tests if t.grille == "courrier"]
    (courrier,) = [g for g in campagne.referentiel.grilles if g.code == "courrier"]
    vides = {f"{o.libelle} ({o.unite}) [{o.code}]": "" for o in courrier.observations
             if o.genre == "mesure"}  # fmt: skip
    faute = {lettre.test: {"Abouti": "oui", "*": "oui", "Date réponse": "2022-03-01"} | vides}
    remplir(grille, campagne, faute)
    plan, avant = write_plan(tmp_path / "plan.csv", tests), _fichiers(campagne.dossier)
    fait = CliRunner().invoke(
        cli, ["mystere", "collecter", str(grille), "-c", str(campagne.dossier), "--vague",
              "2022-V2", "--plan", str(plan)],
    )  # fmt: skip
    assert fait.exit_code == 1
    dit = (
        f"{grille.name}, feuille Courriers, ligne 2, colonne « date_reponse » : la réponse précède"
    )
    assert isinstance(fait.exception, Refus) and dit in str(fait.exception)
    assert _fichiers(campagne.dossier) == avant


def test_an_attempt_with_an_hour_has_an_outcome(vague: tuple) -> None:
    """An hour without an outcome is told; a call begun and not concluded is told as such."""
    campagne, tests, grille = vague
    remplir(grille, campagne, {"2022-V2-appel-02": {"Issue tentative 1": "occupé"}})
    faite = collect(campagne, tests, [grille])
    assert faite.lignes["mystere"] == len(campagne.tables["mystere"].cadre)
    (attente,) = faite.attentes
    assert "pas encore conclus" in attente and "2022-V2-appel-02" in attente
    remplir(grille, campagne, {"2022-V2-appel-01": {"Heure tentative 1": "09:10"}})
    with pytest.raises(Refus, match=r"Appels téléphoniques, ligne 2, colonne « issue tentative 1"):
        collect(campagne, tests, [grille])


def test_a_reached_call_ends_with_its_last_attempt(vague: tuple) -> None:
    """A call said reached, whose last attempt found a busy line, is refused in the grid."""
    campagne, tests, grille = vague
    faux = _bon(campagne)
    faux["2022-V2-appel-01"] |= {"Issue tentative 2": "occupé"}
    remplir(grille, campagne, faux)
    with pytest.raises(Refus) as refus:
        collect(campagne, tests, [grille])
    assert f"{grille.name}, feuille Appels téléphoniques, ligne 2, colonne « abouti »" in str(
        refus.value
    )


def test_a_second_coding_waits_for_the_first(tmp_path: Path) -> None:
    """The second tester may return the grid first: its codings wait, and are told."""
    shutil.copytree(RACINE / "data", tmp_path / "data")
    campagne = load_campagne(tmp_path / "data" / "campagnes" / "moselle_2022")
    jours = dt.date(2022, 3, 21), dt.date(2022, 3, 25)
    tests = assign(campagne, Demande("2022-V2", *jours, {"courrier": 2}, 2, doubles=2))
    un, deux = write_grilles(campagne, tests, tmp_path / "grilles", "xlsx")
    for chemin in (un, deux):
        tous = {t.test: {"Abouti": "oui", "*": "oui"} for t in tests}
        (courrier,) = [g for g in campagne.referentiel.grilles if g.code == "courrier"]
        mesures = {f"{o.libelle} ({o.unite}) [{o.code}]": "3" for o in courrier.observations
                   if o.genre == "mesure"}  # fmt: skip
        remplir(chemin, campagne, {test: dites | mesures for test, dites in tous.items()})
    deja, taille = len(campagne.tables["mystere"].cadre), len(courrier.observations)
    seule = collect(campagne, tests, [deux])
    assert seule.lignes["mystere"] == deja + taille
    assert "En attente du premier codage" in seule.attentes[0] and deux.name in seule.attentes[0]
    ensemble = collect(campagne, tests, [deux, un])
    assert ensemble.lignes["mystere"] == deja + 4 * taille and not ensemble.attentes


def test_what_the_campaign_has_stays_as_written(vague: tuple) -> None:
    """A column of the site's own is kept, in Windows text too; the new rows leave it empty."""
    campagne, tests, grille = vague
    chemin = campagne.dossier / "mystere.csv"
    lignes = chemin.read_text(encoding="utf-8").splitlines()
    annotees = [lignes[0] + ";À revoir", *(f"{ligne};déjà vu" for ligne in lignes[1:])]
    chemin.write_text("\r\n".join(annotees) + "\r\n", encoding="cp1252", newline="")
    remplir(grille, campagne, _bon(campagne))
    faite = collect(load_campagne(campagne.dossier), tests, [grille])
    ecrites = faite.octets["mystere"].decode().splitlines()
    assert [ligne.split(";")[:16] for ligne in ecrites[: len(lignes)]] == [
        ligne.split(";") for ligne in annotees
    ]
    assert "déjà vu" not in "".join(ecrites[len(lignes) :])


def test_grids_join_a_plain_csv_only(vague: tuple) -> None:
    """A campaign whose tests are in a workbook is told how to go on; two sources would be one."""
    campagne, tests, grille = vague
    tables = dict(campagne.tables)
    table = tables["mystere"]
    ailleurs: Any = type(table)(table.cadre, type(table.source)("mystere.xlsx", "", "x"))
    autre = type(campagne)(**{**vars(campagne), "tables": tables | {"mystere": ailleurs}})
    with pytest.raises(Refus, match=r"mystere\.xlsx : les grilles ne s’ajoutent qu’à un CSV"):
        collect(autre, tests, [grille])
