"""A mapping file reads another tool's export as it is, and tells all that it leaves unsaid."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from qualepref_lib.campagne import Campagne, load_campagne
from qualepref_lib.core.refus import Refus

RACINE = Path(__file__).parents[1]
MODELE = RACINE / "data" / "campagnes" / "moselle_2022"

EXPORT = """\
Autocommutateur du site;;;;
Export du 01/04/2022;;;;
Horodatage;Statut;Temps d'attente;Poste;Durée totale
01/03/2022 09:12:05;ANSWERED;00:25;4012;03:10
01/03/2022 09:40:00;NO ANSWER;01:40;4012;
02/03/2022 10:05:30;Ivr;;4000;00:45
"""
ASSOCIATION = """\
lignes_avant: 2
colonnes:
  date: Horodatage
  heure: Horodatage
  issue: Statut
  attente: "Temps d’attente"
  duree: ["duree totale"]
valeurs:
  issue: {answered: repondu, "NO ANSWER": abandonne, IVR: svi}
unites:
  attente: "mm:ss"
  duree: "mm:ss"
constantes:
  service: standard
ignorees: [Poste]
"""


def lire(
    tmp_path: Path, export: str, association: str, nom: str = "appels", suite: str = ".csv"
) -> Campagne:
    """A campaign that holds nothing but one export and its mapping."""
    dossier = tmp_path / "campagnes" / "essai"
    dossier.mkdir(parents=True)
    shutil.copytree(RACINE / "data" / "referentiel", tmp_path / "referentiel")
    fiche = (MODELE / "campagne.yaml").read_text(encoding="utf-8")
    fiche = fiche.replace("code: moselle_2022", "code: essai")
    (dossier / "campagne.yaml").write_text(fiche, encoding="utf-8")
    (dossier / f"{nom}{suite}").write_text(export, encoding="cp1252")
    (dossier / f"{nom}.association.yaml").write_text(association, encoding="utf-8")
    return load_campagne(dossier)


def refuser(tmp_path: Path, export: str, association: str) -> str:
    """The whole text of the refusal."""
    with pytest.raises(Refus) as refus:
        lire(tmp_path, export, association)
    return str(refus.value)


def test_an_export_is_read_without_editing_it(tmp_path: Path) -> None:
    """Title rows, one column for day and hour, foreign words, mm:ss: all become ours."""
    campagne = lire(tmp_path, EXPORT, ASSOCIATION)
    cadre = campagne.tables["appels"].cadre
    assert list(cadre["issue"]) == ["repondu", "abandonne", "svi"]
    assert list(cadre["date"].dt.strftime("%Y-%m-%d")) == ["2022-03-01"] * 2 + ["2022-03-02"]
    assert list(cadre["heure"]) == pytest.approx([9 * 60 + 12 + 5 / 60, 580, 605.5])
    assert list(cadre["attente"][:2]) == [25, 100] and cadre["attente"].isna().iloc[2]
    assert list(cadre["duree"][[4, 6]]) == [190, 45]
    assert set(cadre["service"]) == {"standard"}
    # The line of the file, as a person finds it again: two titles, the header, then the rows.
    assert list(cadre.index) == [4, 5, 6]
    assert not campagne.remarques


def test_the_mapping_is_part_of_the_provenance(tmp_path: Path) -> None:
    """Another mapping makes other figures: its file and hash are told with the others."""
    campagne = lire(tmp_path, EXPORT, ASSOCIATION)
    (source,) = [f for f in campagne.fichiers if f.fichier == "appels.association.yaml"]
    assert len(source.sha256) == 64


def test_nothing_is_guessed_in_silence(tmp_path: Path) -> None:
    """A column of theirs that is neither mapped nor ignored is remarked, by name."""
    association = ASSOCIATION.replace("ignorees: [Poste]\n", "")
    dites = [str(r) for r in lire(tmp_path, EXPORT, association).remarques]
    assert any("Poste" in dite and "ignor" in dite for dite in dites)


def test_every_problem_of_a_mapping_is_listed_at_once(tmp_path: Path) -> None:
    """A header that is not there, a column that is not ours, a value without its code: together."""
    association = (
        ASSOCIATION.replace("issue: Statut", "issue: Status")
        .replace('attente: "Temps d’attente"', 'atente: "Temps d’attente"')
        .replace("service: standard", "servise: standard")
    )
    texte = refuser(tmp_path, EXPORT, association)
    assert "« Status »" in texte and "Statut" in texte
    assert "« atente »" in texte and "« servise »" in texte


def test_a_value_without_a_code_is_refused_with_its_lines(tmp_path: Path) -> None:
    """A status that the mapping does not tell is listed with the lines that hold it."""
    export = EXPORT + "03/03/2022 11:00:00;TRANSFERED;00:10;4012;00:30\n"
    texte = refuser(tmp_path, export, ASSOCIATION)
    assert "TRANSFERED" in texte and "ligne 7" in texte


@pytest.mark.parametrize(
    ("unite", "cellule", "secondes"),
    [("mm:ss", "01:40", 100), ("hh:mm:ss", "00:01:40", 100), ("ms", "100000", 100),
     ("min", "1,5", 90), ("s", "100", 100)],
)  # fmt: skip
def test_a_duration_comes_to_the_unit_of_the_column(
    unite: str, cellule: str, secondes: float, tmp_path: Path
) -> None:
    """However the tool writes a wait, calls wait in seconds."""
    export = f"date;heure;issue;attente\n2022-03-01;09:00;repondu;{cellule}\n"
    campagne = lire(tmp_path, export, f'unites:\n  attente: "{unite}"\n')
    assert list(campagne.tables["appels"].cadre["attente"]) == [secondes]


def test_a_wrong_duration_is_refused(tmp_path: Path) -> None:
    """Seconds beyond sixty or a plain number where a clock is said are told, not read anyhow."""
    for cellule in ("01:75", "100"):
        export = f"date;heure;issue;attente\n2022-03-01;09:00;repondu;{cellule}\n"
        dossier = tmp_path / cellule.replace(":", "")
        dossier.mkdir()
        assert cellule in refuser(dossier, export, 'unites:\n  attente: "mm:ss"\n')


@pytest.mark.parametrize("plage", ["8h - 9h", "08:00-09:00", "09:00 à 10:00", "8 - 9h"])
def test_a_slot_is_no_hour(plage: str, tmp_path: Path) -> None:
    """A slot read as an hour would be its end: it is refused, unless it is declared."""
    export = f"date;heure;issue\n2022-03-01;{plage};repondu\n"
    dossiers = [tmp_path / nom for nom in ("tue", "dite")]
    for dossier in dossiers:
        dossier.mkdir()
    assert "est une plage, pas une heure" in refuser(dossiers[0], export, "{}\n")
    campagne = lire(dossiers[1], export, "plages: [heure]\n")
    debut = 540 if plage.startswith("09") else 480
    assert list(campagne.tables["appels"].cadre["heure"]) == [debut]
