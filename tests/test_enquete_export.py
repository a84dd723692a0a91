"""A survey export is read as the tool wrote it, once somebody has confirmed what it means."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest
import xlsxwriter
from click.testing import CliRunner
from exports_enquete import (
    QUESTIONS,
    REPONSES,
    a_la_main,
    csv_de,
    formulaire,
    limesurvey,
    surveymonkey,
    tableaux,
)
from tableurs import cellule_ods, texte_ods, write_ods

from qualepref_lib.__main__ import cli
from qualepref_lib.analyses.satisfaction_participation import measure_completion
from qualepref_lib.campagne import Campagne, load_campagne
from qualepref_lib.core.mesures import Taux
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
    """The typed answers, whatever the lines of the file; only LimeSurvey tells the last page, and
    what was written under « Autre »."""
    cadre = campagne.tables["enquete"].cadre.drop(columns="derniere_page")
    return cadre.drop(columns=[c for c in cadre if c.endswith("_autre")]).reset_index(drop=True)


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
    envoyees = measure_completion(campagne).ligne("envoyees").mesure
    assert envoyees == Taux(len(REPONSES), len(REPONSES) + 3)
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


ENCODAGES = {
    "Windows": ("cp1252", ";"),
    "UTF-8 avec marque": ("utf-8-sig", ","),
    "UTF-16": ("utf-16", "\t"),
    "UTF-16 sans marque": ("utf-16-le", "\t"),
    "UTF-16 gros-boutiste": ("utf-16-be", ";"),
}


@pytest.mark.parametrize("encodage", ENCODAGES)
def test_every_encoding_gives_the_same_frame(
    encodage: str, attendu: pd.DataFrame, tmp_path: Path
) -> None:
    """The encoding and the separator of an export are found, with lines inside answers."""
    nom, separateur = ENCODAGES[encodage]
    dossier = new_campagne(tmp_path, csv_de(limesurvey("HTML"), separateur).encode(nom))
    associer(dossier)
    pd.testing.assert_frame_equal(cadre_de(load_campagne(dossier)), attendu)


def test_a_workbook_with_merged_questions(attendu: pd.DataFrame, tmp_path: Path) -> None:
    """In a workbook a question is merged over its answers, and the answer stands below it."""
    rangees = surveymonkey()
    chemin = tmp_path / "enquete.xlsx"
    with xlsxwriter.Workbook(chemin) as classeur:
        feuille = classeur.add_worksheet("Export")
        for y, rangee in enumerate(rangees):
            feuille.write_row(y, 0, rangee)
        debut = next(n for n, titre in enumerate(rangees[0]) if n and not titre)
        fin = next(n for n in range(debut, len(rangees[0])) if rangees[0][n])
        feuille.merge_range(0, debut - 1, 0, fin - 1, rangees[0][debut - 1])
    dossier = new_campagne(tmp_path, chemin.read_bytes(), ".xlsx")
    associer(dossier, ".xlsx")
    pd.testing.assert_frame_equal(cadre_de(load_campagne(dossier)), attendu)


def test_an_ods_of_a_form(attendu: pd.DataFrame, tmp_path: Path) -> None:
    """The same form downloaded as an ODS."""
    cellules = [[texte_ods(cellule) for cellule in rangee] for rangee in formulaire()]
    for rangee, reponse in zip(cellules[1:], REPONSES, strict=True):
        valeur = f'office:value-type="date" office:date-value="{reponse["date"]}T14:22:01"'
        rangee[0] = cellule_ods(valeur, reponse["date"])
    chemin = write_ods(tmp_path / "enquete.ods", {"Réponses": cellules})
    dossier = new_campagne(tmp_path, chemin.read_bytes(), ".ods")
    associer(dossier, ".ods")
    obtenu, voulu = cadre_de(load_campagne(dossier)), attendu.copy()
    # A paragraph of this ODS holds no line end: the comment keeps its words.
    for cadre in (obtenu, voulu):
        cadre["suggestions"] = cadre["suggestions"].map(lambda v: v and " ".join(v.split()))
    pd.testing.assert_frame_equal(obtenu, voulu)


def test_arrays_and_boxes_named_by_their_codes(attendu: pd.DataFrame, tmp_path: Path) -> None:
    """The lines of an array are questions; boxes may bear our codes; comments are left out."""
    dossier = new_campagne(tmp_path, csv_de(tableaux(), ";", True))
    texte = associer(dossier)
    assert '"QT[SQ001comment]. Votre avis sur : [Commentaire]"' in texte.partition("ignorees:")[2]
    pd.testing.assert_frame_equal(cadre_de(load_campagne(dossier)), attendu)


def test_labels_that_hold_the_separator(tmp_path: Path) -> None:
    """« permis de conduire, carte grise… » is one answer, though commas separate answers; any
    other text is what was written under « Autre », once that is confirmed."""
    rangees = formulaire()
    place = next(n for n, titre in enumerate(rangees[0]) if titre.startswith("Pour quels motifs"))
    titres = "permis de conduire, carte grise ou titre d'identité"
    rangees[1][place] = f"{titres}, demande de nationalité française, la fête, avec des amis"
    dossier = new_campagne(tmp_path, csv_de(rangees, ","))
    texte = associer(dossier)
    assert "un texte inconnu vaut autre" in texte
    assert cadre_de(load_campagne(dossier))["motifs"].iloc[0] == "nationalite|titres|autre"


@pytest.mark.parametrize(
    ("ecrite", "dite"),
    [("44265.6", "numéros de jour"), ("3/10/2021 2:22:01 PM", "AM et PM"),
     ("3/25/2021 14:22", ""), ("10/03/2021 14:22", "")],
)  # fmt: skip
def test_days_of_every_tool(ecrite: str, dite: str, tmp_path: Path) -> None:
    """A day number or an American date is told before it is read; a French one is simply read."""
    rangees = [rangee[:] for rangee in formulaire()]
    for rangee in rangees[1:]:
        rangee[0] = ecrite
    dossier = new_campagne(tmp_path, csv_de(rangees, ";"))
    texte = associer(dossier)
    assert (dite in texte.partition("colonnes:")[0]) if dite else "a_confirmer" not in texte
    jours = cadre_de(load_campagne(dossier))["date"].unique()
    voulu = "2021-03-25" if "/25/" in ecrite else "2021-03-10"
    assert [str(jour)[:10] for jour in jours] == [voulu]


def test_a_survey_without_days(tmp_path: Path) -> None:
    """LimeSurvey writes 1980 where it keeps no dates: the first day of the survey is proposed."""
    rangees = [rangee[:] for rangee in limesurvey("libellés")]
    for rangee in rangees[1:]:
        rangee[1] = "1980-01-01 00:00:00" if rangee[1] else ""
    dossier = new_campagne(tmp_path, csv_de(rangees, ";", True))
    assert "l’export n’a pas de jour" in associer(dossier)
    cadre = load_campagne(dossier).tables["enquete"].cadre
    assert set(cadre["date"]) == {pd.Timestamp(2021, 3, 10)} and len(cadre) == len(REPONSES)


def test_repeated_headers_are_numbered(tmp_path: Path) -> None:
    """Two columns under one wording are told apart by their rank, and never mixed."""
    rangees = [[*rangee, rangee[-1]] for rangee in formulaire()]
    dossier = new_campagne(tmp_path, csv_de(rangees, ","))
    texte = associer(dossier)
    assert "entetes_numerotes: oui" in texte
    assert f"{rangees[0][-1]} (2)" in texte.partition("colonnes:")[0]
    load_campagne(dossier)


def test_a_box_that_says_neither_yes_nor_no_is_refused(tmp_path: Path) -> None:
    """A text in a box is no tick unless the mapping says so: refused with its lines."""
    rangees = [rangee[:] for rangee in limesurvey("libellés", incompletes=0)]
    place = next(n for n, titre in enumerate(rangees[0]) if titre.endswith("[point numérique]"))
    rangees[3][place] = "peut-être"
    dossier = new_campagne(tmp_path, csv_de(rangees, ";"))
    associer(dossier)
    with pytest.raises(Refus) as refus:
        load_campagne(dossier)
    assert "« peut-être » ne dit pas si la case est cochée" in str(refus.value)
    assert "« cochees »" in str(refus.value)


def test_the_terminal_asks_then_writes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """At a terminal, one key accepts the codes of each question; the file is then read at once."""
    monkeypatch.setattr("qualepref_lib.running.enquete.commandes._terminal", lambda: True)
    dossier = new_campagne(tmp_path, EXPORTS["codes de réponse"])
    export = dossier / "enquete.csv"
    touches = "o\n" * 60
    commande = ["enquete", "associer", str(dossier), str(export)]
    lance = CliRunner().invoke(cli, commande, input=touches)
    assert lance.exit_code == 0, lance.output
    assert "t = oui pour toute la question" in lance.output
    assert "a_confirmer" not in (dossier / "enquete.association.yaml").read_text(encoding="utf-8")
    assert len(load_campagne(dossier).tables["enquete"].cadre) == len(REPONSES)


def test_refusing_at_the_terminal_writes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last question is whether to write: a no leaves the folder as it was."""
    monkeypatch.setattr("qualepref_lib.running.enquete.commandes._terminal", lambda: True)
    dossier = new_campagne(tmp_path, EXPORTS["libellés complets"])
    commande = ["enquete", "associer", str(dossier), str(dossier / "enquete.csv")]
    assert CliRunner().invoke(cli, commande, input="n\n").exit_code != 0
    assert not (dossier / "enquete.association.yaml").exists()


def test_a_hostile_header_stays_a_text(tmp_path: Path) -> None:
    """Quotes, control signs and YAML in a header or an answer make no other mapping."""
    rangees = [rangee[:] for rangee in formulaire()]
    rangees[0].append('x": y\x7f\u202e # {a: *b}')
    rangees[0].append("\t- |")
    rangees = [[*r, *(["1", "2"] if n else [])] for n, r in enumerate(rangees)]
    rangees[1][1], rangees[2][1] = "a@exemple.fr", "&ancre: [oui"
    dossier = new_campagne(tmp_path, csv_de(rangees, ","))
    texte = associer(dossier)
    assert "a@exemple.fr" not in texte and "&ancre: [oui" in texte
    with pytest.raises(Refus) as refus:
        load_campagne(dossier)
    dits = [p for p in refus.value.problemes if p.fichier == "enquete.csv"]
    assert len(dits) == len(refus.value.problemes) == 2


def test_an_export_without_mapping_says_what_to_do(tmp_path: Path) -> None:
    """Twenty missing columns have one remedy: the command that maps them."""
    dossier = new_campagne(tmp_path, EXPORTS["codes et libellés"])
    with pytest.raises(Refus) as refus:
        load_campagne(dossier)
    (probleme,) = refus.value.problemes
    assert "qualepref enquete associer essai enquete.csv" in probleme.remede
