"""A survey export is read as the tool wrote it, once somebody has confirmed what it means."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner
from exports_enquete import (
    QUESTIONS,
    REPONSES,
    a_la_main,
    csv_de,
    formulaire,
    limesurvey,
    surveymonkey,
)

from qualepref_lib.__main__ import cli
from qualepref_lib.campagne import Campagne, load_campagne
from qualepref_lib.core.refus import Refus
from qualepref_lib.running.enquete.association import ask, load_proposition, write_association
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
    """The typed answers, whatever the lines of the file; only LimeSurvey tells the last page."""
    cadre = campagne.tables["enquete"].cadre.drop(columns="derniere_page")
    return cadre.reset_index(drop=True)


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


def test_exact_proposals_are_read_at_once(tmp_path: Path) -> None:
    """Where every header and answer has our words, nothing waits for anybody."""
    dossier = new_campagne(tmp_path, EXPORTS["libellés complets"])
    assert "a_confirmer" not in associer(dossier)
    assert len(load_campagne(dossier).tables["enquete"].cadre) == len(REPONSES)


def test_what_is_not_sure_is_refused_until_confirmed(tmp_path: Path) -> None:
    """Bare codes tell a rank, not a meaning: nothing is read before somebody has looked."""
    dossier = new_campagne(tmp_path, EXPORTS["codes partout"])
    texte = associer(dossier, confirmer=False)
    assert "AO01 = tres_satisfait, AO02 = plutot_satisfait" in texte
    with pytest.raises(Refus) as refus:
        load_campagne(dossier)
    assert "à confirmer" in str(refus.value) and "a_confirmer" in str(refus.value)


def test_incomplete_answers_are_counted_apart(tmp_path: Path) -> None:
    """An answer that was never sent is no answer: told with the count, left out of the frame."""
    dossier = new_campagne(tmp_path, EXPORTS["libellés complets"])
    associer(dossier)
    campagne = load_campagne(dossier)
    (dite,) = [str(r) for r in campagne.remarques if "incomplètes" in str(r)]
    assert f"3 sur {len(REPONSES) + 3}" in dite
    cadre = campagne.tables["enquete"].cadre
    assert cadre.attrs["incompletes"] == 3 and set(cadre["derniere_page"]) == {4}
    association = dossier / "enquete.association.yaml"
    texte = association.read_text(encoding="utf-8")
    garde = texte.replace('  entete: "Date de soumission"', '  entete: "Date de soumission"\n'
                          "  incompletes: gardees")  # fmt: skip
    garde = garde.replace('date: "Date de soumission"', 'date: "Date de lancement"')
    garde = garde.replace('  - "Date de lancement"  # colonne de l’outil\n', "")
    association.write_text(garde, encoding="utf-8")
    assert len(load_campagne(dossier).tables["enquete"].cadre) == len(REPONSES) + 3


def test_personal_columns_are_set_aside(tmp_path: Path) -> None:
    """Addresses of people and machines are ignored, by their name or by what they hold."""
    rangees = limesurvey("libellés")
    rangees = [[*r, "Contact" if n == 0 else f"u{n}@exemple.fr"] for n, r in enumerate(rangees)]
    dossier = new_campagne(tmp_path, csv_de(rangees, ",", True))
    texte = associer(dossier)
    ignorees = texte.partition("ignorees:")[2]
    assert '"Adresse IP"  # donnée personnelle' in ignorees
    assert '"Contact"  # donnée personnelle' in ignorees
    assert "exemple.fr" not in texte and "192.0.2.7" not in texte
    cadre = load_campagne(dossier).tables["enquete"].cadre
    dits = cadre.astype(str).to_csv()
    assert "exemple.fr" not in dits and "192.0.2" not in dits


def test_an_older_mapping_is_kept(tmp_path: Path) -> None:
    """A new proposal never takes the place of the old one: it is renamed, and said."""
    dossier = new_campagne(tmp_path, EXPORTS["libellés complets"])
    premiere = associer(dossier)
    assert not list(dossier.glob("*ancienne*"))
    chemin = dossier / "enquete.association.yaml"
    chemin.write_text(premiere + "# relue\n", encoding="utf-8")
    associer(dossier)
    (ancienne,) = dossier.glob("*ancienne*")
    assert ancienne.read_text(encoding="utf-8") == premiere + "# relue\n"
    assert not [f for f in dossier.iterdir() if f.name.startswith(".")]
    assert not [r for r in load_campagne(dossier).remarques if "ancienne" in str(r)]


def test_a_mapping_serves_the_next_campaign(tmp_path: Path) -> None:
    """With an older mapping, what was confirmed once is not asked again."""
    dossier = new_campagne(tmp_path, EXPORTS["codes partout"])
    associer(dossier)
    suivante = tmp_path / "campagnes" / "suivante"
    suivante.mkdir()
    for nom in ("campagne.yaml", "enquete.csv"):
        texte = (dossier / nom).read_text(encoding="utf-8").replace("code: essai", "code: suivante")
        (suivante / nom).write_text(texte, encoding="utf-8")
    export = suivante / "enquete.csv"
    _, questionnaire, lue = load_proposition(str(suivante), export, str(dossier), 0)
    pleine = with_valeurs(lue, questionnaire)
    assert [c.point for c in pleine.choix if not c.sur] == []
    write_association(suivante, export, pleine, True)
    pd.testing.assert_frame_equal(
        cadre_de(load_campagne(suivante)), cadre_de(load_campagne(dossier))
    )


def test_the_analyst_answers_each_doubt(tmp_path: Path) -> None:
    """A near miss is asked; another question may be named, a slip is told, a column left out."""
    rangees = formulaire()
    rangees[0][1] = "À quel titre êtes-vous venu à la préfecture ?"
    rangees = [[*r, "Observations" if n == 0 else "rien à dire"] for n, r in enumerate(rangees)]
    dossier = new_campagne(tmp_path, csv_de(rangees, ","))
    export = dossier / "enquete.csv"
    _, questionnaire, lue = load_proposition(str(dossier), export, None, 0)
    demandes: list[str] = []
    reponses = iter(["type_usage", "type_usager", "i"])

    def demander(question: str, defaut: str) -> str:
        demandes.append(question)
        return next(reponses)

    confirmee = ask(lue, questionnaire, demander)
    assert "proche à" in demandes[0] and demandes[0] == demandes[1]
    assert "Observations" in demandes[2] and len(demandes) == 3
    write_association(dossier, export, confirmee, True)
    assert not [r for r in load_campagne(dossier).remarques if "Observations" in str(r)]


def test_the_command_shows_every_column(tmp_path: Path) -> None:
    """On a stream that is no terminal, the proposal is printed and waits for somebody."""
    dossier = new_campagne(tmp_path, EXPORTS["formulaire"])
    export = dossier / "enquete.csv"
    lance = CliRunner().invoke(cli, ["enquete", "associer", str(dossier), str(export)])
    assert lance.exit_code == 0, lance.output
    assert all(f"→ {q.code}" in lance.output for q in QUESTIONS)
    assert "1 point à confirmer" in lance.output
    with pytest.raises(Refus):
        load_campagne(dossier)
    CliRunner().invoke(cli, ["enquete", "associer", str(dossier), str(export), "--oui"])
    assert len(load_campagne(dossier).tables["enquete"].cadre) == len(REPONSES)
