"""The register as a workbook: what it holds, what one may type in it, how it reads back."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from python_calamine import load_workbook
from registre_essai import CANAUX, DELAIS, NATURES, load_essai, make_rempli

from qualepref_lib.campagne import Campagne
from qualepref_lib.campagne.tables import colonnes_de
from qualepref_lib.core.refus import Releve
from qualepref_lib.formats.classeur import load_classeur
from qualepref_lib.formats.colonnes import check_colonnes
from qualepref_lib.running.classeurs.apparence import APPARENCES, COULEURS
from qualepref_lib.running.classeurs.modele import Classeur
from qualepref_lib.running.classeurs.ods import format_ods
from qualepref_lib.running.classeurs.xlsx import format_xlsx
from qualepref_lib.running.registre.creation import chrono, write_registre
from qualepref_lib.running.registre.feuilles import SAISIES

Ecrire = Callable[[Classeur], bytes]
ECRIRE: dict[str, Ecrire] = {"xlsx": format_xlsx, "ods": format_ods}
FEUILLES = ["Registre", "Délais", "Jours fériés", "Listes", "Mode d’emploi"]
TYPEE = {
    "chrono": "2022-0001",
    "date_reception": dt.date(2022, 4, 13),
    "canal": "courriel",
    "nature": "réclamation",
    "motif": "délai de traitement",
    "service": "L’accueil & les <titres>",
    "cle": "U0412",
    "date_accuse": dt.date(2022, 4, 14),
    "date_reponse": dt.date(2022, 4, 19),
    "canal_reponse": "courrier",
    "cloture": "réponse envoyée",
}


@pytest.fixture(scope="module")
def campagne(tmp_path_factory: pytest.TempPathFactory) -> Campagne:
    """A site in Moselle."""
    return load_essai(tmp_path_factory.mktemp("campagne"))


def xml(octets: bytes, fichier: str) -> str:
    """One file of a workbook."""
    with zipfile.ZipFile(io.BytesIO(octets)) as paquet:
        return paquet.read(fichier).decode()


@pytest.mark.parametrize("nom", ECRIRE)
def test_same_register_same_bytes(nom: str, campagne: Campagne) -> None:
    """Nothing of the clock nor of the machine is in the file."""
    octets = [ECRIRE[nom](make_rempli(campagne, [TYPEE])) for _ in range(2)]
    assert octets[0] == octets[1]
    with zipfile.ZipFile(io.BytesIO(octets[0])) as paquet:
        assert {entree.date_time[0] for entree in paquet.infolist()} == {1980}


@pytest.mark.parametrize("nom", ECRIRE)
def test_headings_read_back_as_the_columns(nom: str, campagne: Campagne, tmp_path: Path) -> None:
    """The French headings are those that the reader of the campaign knows, and none is missing."""
    fichier = tmp_path / f"essai.{nom}"
    fichier.write_bytes(ECRIRE[nom](make_rempli(campagne, [TYPEE])))
    releve = Releve()
    brut = load_classeur(fichier, fichier.name, releve)
    colonnes = [c for c in colonnes_de("courriers", campagne.referentiel) if c.nom in SAISIES]
    assert brut is not None and len(colonnes) == len(SAISIES)
    cadre = check_colonnes(brut, tuple(colonnes), fichier.name, releve)
    assert releve.problemes == []
    (lue,) = cadre.to_dict("records")
    assert lue["canal"] == "courriel" and lue["nature"] == "reclamation"
    assert lue["cloture"] == "repondu" and lue["service"] == TYPEE["service"]
    assert str(lue["date_reponse"])[:10] == "2022-04-19"


@pytest.mark.parametrize("nom", ECRIRE)
def test_sheets_hold_the_rules(nom: str, campagne: Campagne, tmp_path: Path) -> None:
    """Delays with their dates, the thirteen days off of Moselle over four years, the lists."""
    fichier = tmp_path / f"essai.{nom}"
    fichier.write_bytes(ECRIRE[nom](make_rempli(campagne, [TYPEE])))
    classeur = load_workbook(fichier)
    assert classeur.sheet_names == FEUILLES
    delais = classeur.get_sheet_by_name("Délais").to_python()[1:]
    assert len(delais) == sum(len(regle["delais"]) for regle in DELAIS)
    assert ["réponse", "courriel", "toutes", dt.date(2022, 7, 1), 3] in [d[:5] for d in delais]
    feries = classeur.get_sheet_by_name("Jours fériés").to_python()[1:]
    jours = {rang[0]: rang for rang in feries if rang[0]}
    assert len(jours) == 4 * 13 + 1  # four years, one closure
    assert {d.year for d in jours} == {2021, 2022, 2023, 2024}
    assert jours[dt.date(2022, 4, 15)][1:3] == ["vendredi", "Vendredi saint"]
    assert jours[dt.date(2022, 5, 27)][3] == "fermeture déclarée dans la campagne"
    assert dt.date(2022, 12, 26) in jours and dt.date(2022, 7, 14) in jours
    listes = list(zip(*classeur.get_sheet_by_name("Listes").to_python()[1:], strict=True))
    assert [v for v in listes[0] if v] == list(CANAUX.values())
    assert [v for v in listes[1] if v] == list(NATURES.values())


@pytest.mark.parametrize("nom", ECRIRE)
def test_no_personal_data_is_asked_for(nom: str, campagne: Campagne, tmp_path: Path) -> None:
    """No column is for a name or an address, and the workbook says that none may be written."""
    fichier = tmp_path / f"essai.{nom}"
    fichier.write_bytes(ECRIRE[nom](make_rempli(campagne, [TYPEE])))
    classeur = load_workbook(fichier)
    entetes = classeur.get_sheet_by_name("Registre").to_python()[0]
    assert not re.search("nom|adresse|mél|téléphone|usager|demandeur", " ".join(entetes), re.I)
    aide = str(classeur.get_sheet_by_name("Mode d’emploi").to_python())
    assert "Aucune donnée personnelle" in aide and "code sans signification" in aide


def test_what_one_may_type_in_xlsx(campagne: Campagne) -> None:
    """Lists, days within the years of the register and after reception, opaque keys; in French."""
    octets = format_xlsx(make_rempli(campagne, [TYPEE]))
    feuille = xml(octets, "xl/worksheets/sheet1.xml")
    controles = re.findall(r"<dataValidation .*?</dataValidation>", feuille)
    assert len(controles) == 10
    assert "<formula1>DATE(2021,1,1)</formula1><formula2>DATE(2023,12,31)</formula2>" in feuille
    assert feuille.count("<formula1>MAX(DATE(2021,1,1),$B2)</formula1>") == 2
    for liste in ("canaux", "natures", "motifs", "clotures", "services"):
        assert f"<formula1>Liste_{liste}</formula1>" in feuille
    assert all('error="' in controle for controle in controles)
    assert "Ni nom, ni adresse" in feuille
    assert "<sheetProtection" in feuille and "password" not in feuille
    assert '<pane xSplit="1" ySplit="1"' in feuille and "<autoFilter" in feuille
    assert 'orientation="landscape"' in feuille and 'fitToHeight="0"' in feuille
    assert "_xlnm.Print_Titles" in xml(octets, "xl/workbook.xml")
    assert "<dc:language>fr-FR</dc:language>" in xml(octets, "docProps/core.xml")


def test_what_one_may_type_in_ods(campagne: Campagne) -> None:
    """The same in OpenDocument."""
    octets = format_ods(make_rempli(campagne, [TYPEE]))
    contenu = xml(octets, "content.xml")
    assert "cell-content-is-between(DATE(2021;1;1),DATE(2023;12;31))" in contenu
    assert contenu.count("cell-content-is-between(MAX(DATE(2021;1;1);[.$B2]),") == 2
    for liste in ("canaux", "natures", "motifs", "clotures", "services"):
        assert f"cell-content-is-in-list(Liste_{liste})" in contenu
    assert contenu.count('table:protected="true"') == len(FEUILLES)
    assert 'style:cell-protect="none"' in contenu and "protection-key" not in contenu
    assert "<table:table-header-rows>" in contenu and "display-filter-buttons" in contenu
    assert 'style:print-orientation="landscape"' in xml(octets, "styles.xml")
    assert "<dc:language>fr-FR</dc:language>" in xml(octets, "meta.xml")
    assert '"VerticalSplitPosition" config:type="int">1<' in xml(octets, "settings.xml")


@pytest.mark.parametrize("vue", [*COULEURS.values(), *APPARENCES.values()])
def test_colours_can_be_read(vue: object) -> None:
    """Every text contrasts with its ground by 4.5 to 1 at least (WCAG 2, 1.4.3)."""

    def clarte(couleur: str) -> float:
        parts = [int(couleur[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        lineaires = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * lineaires[0] + 0.7152 * lineaires[1] + 0.0722 * lineaires[2]

    clartes = sorted((clarte(vue.texte), clarte(vue.fond or "#FFFFFF")))  # type: ignore[attr-defined]
    assert (clartes[1] + 0.05) / (clartes[0] + 0.05) >= 4.5


@pytest.mark.parametrize("nom", ECRIRE)
def test_new_register_is_numbered(nom: str, campagne: Campagne, tmp_path: Path) -> None:
    """Every row has its number, and the name of the only service comes by itself."""
    donnes = [chrono(2023, rang, "ACC") for rang in range(1, 13)]
    fichier = write_registre(campagne, tmp_path / f"r.{nom}", 2023, donnes, "Accueil")
    registre, *_ = (load_workbook(fichier).get_sheet_by_name(f).to_python() for f in FEUILLES)
    chronos = [rang[0] for rang in registre[1:]]
    assert chronos == [f"ACC-2023-{rang:04d}" for rang in range(1, 13)]
    assert {cellule for rang in registre[1:] for cellule in rang[1:]} == {""}
    formule = {"xlsx": 'IF($B2="","","Accueil")', "ods": "of:=IF([.$B2]=&quot;&quot;;"}[nom]
    feuille = {"xlsx": "xl/worksheets/sheet1.xml", "ods": "content.xml"}[nom]
    assert formule in xml(fichier.read_bytes(), feuille)
