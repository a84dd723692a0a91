"""A survey export is read as the tool wrote it, once somebody has confirmed what it means."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest
from exports_enquete import a_la_main, csv_de, formulaire, limesurvey, surveymonkey

from qualepref_lib.campagne import Campagne, load_campagne
from qualepref_lib.running.enquete.association import load_proposition, write_association
from qualepref_lib.running.enquete.proposition import with_valeurs

RACINE = Path(__file__).parents[1]
MODELE = RACINE / "data" / "campagnes" / "moselle_2022"


def new_campagne(racine: Path, contenu: bytes | str, suite: str = ".csv") -> Path:
    """A campaign that holds nothing but the file of its survey."""
    dossier = racine / "campagnes" / "essai"
    dossier.mkdir(parents=True)
    shutil.copytree(RACINE / "data" / "referentiel", racine / "referentiel")
    fiche = (MODELE / "campagne.yaml").read_text(encoding="utf-8")
    fiche = fiche.replace("code: moselle_2022", "code: essai")
    (dossier / "campagne.yaml").write_text(fiche, encoding="utf-8")
    octets = contenu.encode() if isinstance(contenu, str) else contenu
    (dossier / f"enquete{suite}").write_bytes(octets)
    return dossier


def associer(dossier: Path, suite: str = ".csv", confirmer: bool = True) -> str:
    """Propose and save the mapping, every point taken as confirmed; its text."""
    _, questionnaire, proposition = load_proposition(
        str(dossier), dossier / f"enquete{suite}", None, 0
    )
    pleine = with_valeurs(proposition, questionnaire)
    ecrite = write_association(dossier, dossier / f"enquete{suite}", pleine, True)
    texte = ecrite.chemin.read_text(encoding="utf-8")
    if confirmer and "a_confirmer:" in texte:
        avant, _, apres = texte.partition("a_confirmer:\n")
        lignes = apres.splitlines(keepends=True)
        rang = next((n for n, ligne in enumerate(lignes) if not ligne.startswith("  -")), 0)
        ecrite.chemin.write_text(avant + "".join(lignes[rang:]), encoding="utf-8")
    return texte


def cadre_de(campagne: Campagne) -> pd.DataFrame:
    """The typed answers, whatever the lines of the file."""
    return campagne.tables["enquete"].cadre.reset_index(drop=True)


@pytest.fixture(scope="module")
def attendu(tmp_path_factory: pytest.TempPathFactory) -> pd.DataFrame:
    """The frame that the file written by hand gives."""
    return cadre_de(load_campagne(new_campagne(tmp_path_factory.mktemp("main"), a_la_main())))


EXPORTS = {
    "libellés complets": csv_de(limesurvey("libellés"), ",", True),
    "codes de question": csv_de(limesurvey("codes"), ",", True),
    "codes partout": csv_de(limesurvey("codes", codees=True, francais=False), ";", True),
    "codes et libellés": csv_de(limesurvey("codes et libellés"), ";", True),
    "codes de réponse": csv_de(limesurvey("codes et libellés", codees=True), ";", True),
    "titres HTML": csv_de(limesurvey("HTML"), ",", True),
    "formulaire": csv_de(formulaire(), ","),
    "formulaire à points-virgules": csv_de(formulaire(";"), "\t"),
    "deux lignes d’en-tête": csv_de(surveymonkey(), ","),
}


@pytest.mark.parametrize("export", EXPORTS)
def test_every_export_gives_the_same_frame(
    export: str, attendu: pd.DataFrame, tmp_path: Path
) -> None:
    """Whatever the tool and its options, the same answers give the same typed frame."""
    dossier = new_campagne(tmp_path, EXPORTS[export])
    associer(dossier)
    pd.testing.assert_frame_equal(cadre_de(load_campagne(dossier)), attendu)
