"""Registers put together: each letter once, blanks filled, contradictions told, nothing lost."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from python_calamine import load_workbook
from registre_essai import jour, make_rempli, write_campagne_essai

from qualepref_lib.campagne import load_campagne
from qualepref_lib.core.refus import Refus
from qualepref_lib.formats.texte import load_texte
from qualepref_lib.running.classeurs.ods import format_ods
from qualepref_lib.running.classeurs.xlsx import format_xlsx
from qualepref_lib.running.ecriture import format_csv
from qualepref_lib.running.registre.feuilles import SAISIES
from qualepref_lib.running.registre.fusion import Contradictions
from qualepref_lib.running.registre.lecture import load_cadre_de
from qualepref_lib.running.registre.reunion import write_reunion

Ligne = Mapping[str, str]
Reunir = Callable[..., Path]
COURRIEL = {"canal": "courriel", "nature": "information générale"}
A1: Ligne = {"chrono": "ACC-2022-0001", "date_reception": "2022-03-01", **COURRIEL}
A2: Ligne = {"chrono": "ACC-2022-0002", "date_reception": "2022-03-02", **COURRIEL}
B1: Ligne = {"chrono": "TIT-2022-0001", "date_reception": "2022-03-01", **COURRIEL}


@pytest.fixture
def dossier(tmp_path: Path) -> Path:
    """The campaign, with a folder beside it for the registers."""
    write_campagne_essai(tmp_path)
    (tmp_path / "registres").mkdir()
    return tmp_path / "registres"


def poser(dossier: Path, nom: str, *lignes: Ligne) -> Path:
    """Write a register as CSV, as the library does."""
    chemin = dossier / nom
    rangs = [[ligne.get(colonne, "") for colonne in SAISIES] for ligne in lignes]
    chemin.write_bytes(format_csv(SAISIES, rangs))
    return chemin


def reunir(dossier: Path, *chemins: Path, sortie: str = "reuni.csv", remplacer: bool = False):
    """Put registers together in the folder; answer with what was done."""
    campagne = load_cadre_de(str(dossier.parent / "campagnes" / "essai"))
    return write_reunion(chemins, dossier / sortie, campagne, remplacer)


def relire(dossier: Path, nom: str = "reuni.csv") -> list[dict[str, str]]:
    """The rows of the CSV, blanks left out."""
    from qualepref_lib.core.refus import Releve

    cadre = load_texte(dossier / nom, nom, Releve())
    assert cadre is not None
    return [{k: v for k, v in rang.items() if v} for rang in cadre.to_dict("records")]


def test_each_letter_once(dossier: Path) -> None:
    """A letter that is the same in two registers is kept once; the others are all there."""
    reunion, remarques = reunir(
        dossier, poser(dossier, "a.csv", A1, A2), poser(dossier, "b.csv", B1, A2)
    )
    assert relire(dossier) == [A1, B1, A2]
    assert (reunion.lues, reunion.repetees, reunion.completees) == (4, 1, ())
    assert remarques == []


def test_spelling_is_no_contradiction(dossier: Path) -> None:
    """A code and its label, a French and an ISO date, a service in capitals are the same value."""
    ici = {**A1, "service": "Accueil général", "date_reponse": "2022-03-03"}
    ailleurs = {**A1, "canal": "COURRIEL", "nature": "information",
                "date_reception": "01/03/2022", "service": "ACCUEIL GENERAL",
                "date_reponse": "3/3/2022"}  # fmt: skip
    reunion, _ = reunir(dossier, poser(dossier, "a.csv", ici), poser(dossier, "b.csv", ailleurs))
    assert relire(dossier) == [ici] and reunion.completees == ()


def test_blanks_are_filled_from_the_other_copy(dossier: Path) -> None:
    """Two copies that do not contradict one another make one letter with all that is known."""
    un = {**A1, "date_accuse": "2022-03-02"}
    deux = {**A1, "service": "Accueil", "date_reponse": "2022-03-04"}
    trois = {**A1, "canal_reponse": "courrier", "date_reponse": "2022-03-04"}
    chemins = [poser(dossier, f"{n}.csv", li) for n, li in enumerate((un, deux, trois))]
    reunion, _ = reunir(dossier, *chemins)
    assert relire(dossier) == [un | deux | trois]
    assert reunion.completees == ("ACC-2022-0001",)


def test_every_contradiction_is_told_and_nothing_is_written(dossier: Path) -> None:
    """Each cell that differs is told with both values, both files and both lines."""
    ici = poser(dossier, "a.csv", A2, {**A1, "date_reponse": "2022-03-03", "cle": "U1"})
    ailleurs = poser(dossier, "b.csv", {**A1, "canal": "courrier", "date_reponse": "2022-03-04"},
                     {**A2, "nature": "dossier"})  # fmt: skip
    avant = [chemin.read_bytes() for chemin in (ici, ailleurs)]
    with pytest.raises(Contradictions) as refus:
        reunir(dossier, ici, ailleurs)
    texte = str(refus.value)
    assert "3 contradictions" in texte
    assert "b.csv, ligne 2, colonne « canal » : chrono ACC-2022-0001 : « courrier » ici, " in texte
    assert "« courriel » dans a.csv, ligne 3." in texte
    assert "« 04/03/2022 » ici, « 03/03/2022 » dans a.csv, ligne 3." in texte
    assert "b.csv, ligne 3, colonne « nature » : chrono ACC-2022-0002" in texte
    assert sorted(p.name for p in dossier.iterdir()) == ["a.csv", "b.csv"]
    assert [chemin.read_bytes() for chemin in (ici, ailleurs)] == avant


def test_three_hundred_contradictions_are_all_told(dossier: Path) -> None:
    """However many they are, each one is there: each is to be settled by somebody."""
    lignes = [{**A1, "chrono": f"ACC-2022-{rang:04d}"} for rang in range(1, 301)]
    ici = poser(dossier, "a.csv", *lignes)
    ailleurs = poser(dossier, "b.csv", *({**ligne, "canal": "courrier"} for ligne in lignes))
    with pytest.raises(Contradictions) as refus:
        reunir(dossier, ici, ailleurs)
    assert all(ligne["chrono"] in str(refus.value) for ligne in lignes)


def test_looks_like_the_same_letter(dossier: Path) -> None:
    """The same key, day and nature under two numbers is remarked, and both are kept."""
    ici, ailleurs = {**A1, "cle": "U7"}, {**B1, "cle": "U7"}
    reunion, remarques = reunir(
        dossier, poser(dossier, "a.csv", ici, A2), poser(dossier, "b.csv", ailleurs)
    )
    assert len(reunion.cadre) == 3
    (remarque,) = remarques
    assert "ACC-2022-0001 et TIT-2022-0001 : même clé" in str(remarque)


def test_numbers_without_a_year_start_again_each_year(dossier: Path) -> None:
    """« 0001 » of 2021 and « 0001 » of 2022 are two letters; « 2022-0001 » is one."""
    un = {**A1, "chrono": "0001", "date_reception": "2021-03-01"}
    deux = {**A1, "chrono": "0001"}
    reunion, _ = reunir(dossier, poser(dossier, "a.csv", un), poser(dossier, "b.csv", deux))
    assert len(reunion.cadre) == 2
    faux = {**A1, "date_reception": "2021-03-01"}
    with pytest.raises(Contradictions, match="01/03/2021"):
        reunir(dossier, poser(dossier, "a.csv", A1), poser(dossier, "b.csv", faux), remplacer=True)


def test_workbooks_and_csv_together(dossier: Path) -> None:
    """XLSX, ODS and CSV make one register; the rows that nobody used are left out."""
    campagne = load_cadre_de(str(dossier.parent / "campagnes" / "essai"))
    typees = [{**li, "date_reception": jour(li["date_reception"])} for li in (A1, B1)]
    libre = {"chrono": "ACC-2022-0003"}
    (dossier / "a.xlsx").write_bytes(format_xlsx(make_rempli(campagne, [typees[0], libre])))
    (dossier / "b.ods").write_bytes(format_ods(make_rempli(campagne, [typees[1], libre])))
    poser(dossier, "c.csv", A2, {"chrono": "ACC-2022-0099"})
    chemins = [dossier / nom for nom in ("a.xlsx", "b.ods", "c.csv")]
    reunion, _ = reunir(dossier, *chemins)
    assert relire(dossier) == [A1, B1, A2] and reunion.libres == 3


@pytest.mark.parametrize("nom", ["reuni.xlsx", "reuni.ods"])
def test_result_may_be_a_workbook(dossier: Path, nom: str) -> None:
    """The workbook holds the letters and, for programs that do not compute, their due days."""
    reunir(dossier, poser(dossier, "a.csv", A2, A1), sortie=nom)
    entetes, *rangs = load_workbook(dossier / nom).get_sheet_by_name("Registre").to_python()
    lignes = [dict(zip(entetes, rang, strict=True)) for rang in rangs]
    assert [ligne["Chrono"] for ligne in lignes] == ["ACC-2022-0001", "ACC-2022-0002"]
    # Five business days after Tuesday the 1st of March.
    assert lignes[0]["Échéance"] == lignes[0]["Échéance accusé"] == jour("2022-03-08")


@pytest.mark.parametrize("nom", ["courriers.csv", "courriers.xlsx", "courriers.ods"])
def test_result_is_the_campaign_s_register(dossier: Path, nom: str) -> None:
    """The file that is written is read as the mail of the campaign, without any problem."""
    sortie = dossier.parent / "campagnes" / "essai" / nom
    reunir(dossier, poser(dossier, "a.csv", A1, A2), sortie=str(sortie))
    assert len(load_campagne(sortie.parent).tables["courriers"].cadre) == 2


def test_nothing_is_overwritten(dossier: Path) -> None:
    """An existing output is kept unless it is asked otherwise, an input always."""
    ici = poser(dossier, "a.csv", A1)
    vieux = poser(dossier, "reuni.csv", A2)
    with pytest.raises(Refus, match="existe déjà"):
        reunir(dossier, ici)
    assert relire(dossier) == [A2]
    with pytest.raises(Refus, match="est l’un des registres à réunir"):
        reunir(dossier, ici, vieux, remplacer=True)
    reunir(dossier, ici, remplacer=True)
    assert relire(dossier) == [A1]
    assert sorted(p.name for p in dossier.iterdir()) == ["a.csv", "reuni.csv"]


def test_empty_registers_make_nothing(dossier: Path) -> None:
    """Registers where nothing is written in yet are told: no empty file is written."""
    vieux = poser(dossier, "reuni.csv", A1)
    with pytest.raises(Refus, match="aucun envoi n’est inscrit"):
        reunir(dossier, poser(dossier, "a.csv", {"chrono": "ACC-2022-0001"}), remplacer=True)
    assert relire(dossier, vieux.name) == [A1]


def test_all_faults_of_all_files_are_told(dossier: Path) -> None:
    """A reply before reception, a number used twice, an unknown channel, a day that is none, a
    file that is not what its name says: one refusal lists them all."""
    poser(
        dossier,
        "a.csv",
        {**A1, "date_reponse": "2022-02-01"},
        A2,
        {**A2, "canal": "courrier"},
        {**B1, "canal": "pigeon"},
        {**B1, "chrono": "TIT-2022-0002", "date_reception": "31/02/2022"},
    )
    (dossier / "b.xlsx").write_bytes((dossier / "a.csv").read_bytes())
    with pytest.raises(Refus) as refus:
        reunir(dossier, dossier / "a.csv", dossier / "b.xlsx", dossier / "absent.ods")
    texte = str(refus.value)
    for mot in ("la réponse précède la réception", "ACC-2022-0002", "« pigeon »", "« 31/02/2022 »",
                "b.xlsx", "absent.ods", "n’existe pas"):  # fmt: skip
        assert mot in texte, texte
    assert not (dossier / "reuni.csv").exists()


def test_two_files_of_one_name_are_told_apart(dossier: Path) -> None:
    """Each office calls its file « courriers.csv »: a contradiction says which is which."""
    for nom in ("accueil", "titres"):
        (dossier / nom).mkdir()
    ici = poser(dossier / "accueil", "courriers.csv", A1)
    ailleurs = poser(dossier / "titres", "courriers.csv", {**A1, "canal": "courrier"})
    with pytest.raises(Contradictions) as refus:
        reunir(dossier, ici, ailleurs)
    assert str(ici) in str(refus.value) and str(ailleurs) in str(refus.value)
