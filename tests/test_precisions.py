"""What people wrote under « Autre »: kept from any export, screened, sorted, quoted like others."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest
from conftest import Projet
from exports_enquete import QUESTIONS, a_la_main, csv_de, formulaire, limesurvey
from petite_campagne import load_petite, questionnaire, write_fiche
from test_enquete_export import associer, new_campagne

from qualepref_lib.analyses.verbatims import (
    list_citations,
    list_mots_sans_theme,
    measure_masques,
    measure_sans_theme,
    measure_themes,
)
from qualepref_lib.campagne import Campagne, load_campagne
from qualepref_lib.core.mesures import Taux
from qualepref_lib.core.refus import Refus
from qualepref_lib.display.graphique import Graphique
from qualepref_lib.display.phrase import texte_phrase
from qualepref_lib.enquete.verbatims import precisions_de, verbatims_de
from qualepref_lib.running.enquete.relecture import write_relecture

THEMES = {
    "base_citations": "3",
    "citations": "2",
    "themes": [
        {"code": "attente", "libelle": "Attente", "expressions": ["attent*", "file"]},
        {"code": "titres", "libelle": "Titres", "expressions": ["carte grise", "permis"]},
    ],
}
QUESTIONS_PETITES = [
    {"code": "accueil", "libelle": "Accueil ?", "court": "Accueil", "genre": "echelle",
     "echelle": "satisfaction"},
    {"code": "motifs", "libelle": "Pourquoi ?", "court": "Motifs", "genre": "multiple",
     "modalites": [{"code": "titre", "libelle": "un titre"},
                   {"code": "autre", "libelle": "autre"}]},
    {"code": "venue", "libelle": "Comment ?", "court": "Venue", "genre": "choix",
     "modalites": [{"code": "pied", "libelle": "à pied"}, {"code": "autre", "libelle": "autre"}]},
    {"code": "libre", "libelle": "Un mot ?", "court": "Un mot", "genre": "texte"},
]  # fmt: skip


def _campagne(racine: Path, precisions: list[str], libres: list[str] = []) -> Campagne:  # noqa: B006
    """A tiny campaign whose respondents wrote these texts under « Autre », and in their words."""
    write_fiche(racine / "referentiel" / "petite" / "themes.yaml", THEMES)
    combien = max(len(precisions), len(libres))
    lignes = [
        {"reponse": f"R{i}", "date": "2021-03-10", "accueil": "très satisfait", "motifs": "autre",
         "venue": "à pied", "libre": ([*libres, *[""] * combien])[i],
         "motifs_autre": ([*precisions, *[""] * combien])[i]}
        for i in range(combien)
    ]  # fmt: skip
    fiche = questionnaire(QUESTIONS_PETITES, "accueil")
    return load_petite(racine, {"enquete": lignes}, questionnaire=fiche)


def test_each_question_has_its_themes_and_its_base(tmp_path: Path) -> None:
    """Two of three precisions speak of titles, one of two opinions of the wait: two bases."""
    lue = _campagne(
        tmp_path,
        ["refaire ma carte grise", "permis perdu", "rien de spécial"],
        ["trop d'attente", "merci"],
    )
    bilan = measure_themes(lue)
    assert [(li.code, li.groupe, li.mesure) for li in bilan.lignes] == [
        ("attente", "Un mot", Taux(1, 2)),
        ("motifs_autre.titres", "Motifs, « autre »", Taux(2, 3)),
    ]
    assert bilan.entete_groupe == "Question"
    assert [(li.code, li.mesure) for li in measure_sans_theme(lue).lignes] == [
        ("sans_theme", Taux(1, 2)),
        ("motifs_autre.sans_theme", Taux(1, 3)),
    ]
    assert {c.code for c in bilan.chiffres()} == {
        "verbatims.themes.attente", "verbatims.themes.motifs_autre.titres",
    }  # fmt: skip
    dite = texte_phrase(bilan)
    assert "(Un mot) : « Attente », 1 sur 2" in dite
    assert "(Motifs, « autre ») : « Titres », 2 sur 3" in dite
    Graphique(bilan, forme="barres").bloc()


def test_without_such_texts_nothing_changes(tmp_path: Path) -> None:
    """A survey that keeps none has neither the column, nor a column of questions in its tables."""
    sans = _campagne(tmp_path, ["", ""], ["trop d'attente", "une file"])
    assert [(li.code, li.groupe) for li in measure_themes(sans).lignes] == [("attente", "")]
    assert list_citations(sans).colonnes == ("Thème", "Réponse")
    assert list_mots_sans_theme(sans).colonnes == ("Mot", "Réponses")
    chemin = sans.dossier / "enquete.csv"
    rangees = [r[:-1] for r in csv.reader(chemin.open(encoding="utf-8"), delimiter=";")]
    chemin.write_text("\n".join(";".join(r) for r in rangees) + "\n", encoding="utf-8")
    assert precisions_de(load_campagne(sans.dossier)) == ()
    assert "motifs_autre" not in load_campagne(sans.dossier).tables["enquete"].cadre


def test_they_are_screened_and_reviewed_like_others(tmp_path: Path) -> None:
    """A phone is masked, the review sheet holds them, and what it masks stays masked."""
    lue = _campagne(tmp_path, ["rappeler au 06 39 98 00 00", "voir mon ami Zorglub"])
    textes = [v.texte for v in verbatims_de(lue)]
    assert textes == ["rappeler au [téléphone]", "voir mon ami Zorglub"]
    assert [str(li.mesure) for li in measure_masques(lue).lignes] == ["1 marque"]
    feuille = write_relecture(lue, lue.dossier, "csv")
    assert feuille is not None and feuille.textes == 2
    relue = feuille.chemin.read_text("utf-8-sig")
    assert "R1;motifs_autre;" in relue and "06 39" not in relue
    relue = relue.replace("Zorglub;;", "Zorglub;masquer davantage;Zorglub")
    feuille.chemin.write_text(relue, "utf-8")
    assert [v.texte for v in verbatims_de(load_campagne(lue.dossier))] == [
        "rappeler au [téléphone]", "voir mon ami [masqué à la relecture]",
    ]  # fmt: skip


def test_their_quotations_follow_the_same_rules(tmp_path: Path) -> None:
    """A base for each question: three precisions may be quoted, two opinions may not."""
    lue = _campagne(
        tmp_path,
        ["refaire une carte grise", "mon permis de conduire", "permis n° 123456 789"],
        ["une attente interminable", "une file trop longue"],
    )
    liste = list_citations(lue)
    assert liste.colonnes == ("Thème", "Question", "Réponse")
    assert liste.lignes == (
        ("Titres", "Motifs, « autre »", "« mon permis de conduire »"),
        ("Titres", "Motifs, « autre »", "« refaire une carte grise »"),
    )


def test_one_question_alone_may_be_asked_for(tmp_path: Path) -> None:
    """By the name of its column; a question of choices is no free text."""
    lue = _campagne(tmp_path, ["permis perdu"], ["trop d'attente"])
    (ligne,) = measure_themes(lue, "motifs_autre").lignes
    assert (ligne.code, ligne.mesure) == ("titres", Taux(1, 1))
    for nom in ("motifs", "inconnue_autre"):
        with pytest.raises(Refus):
            measure_themes(lue, nom)


def test_limesurvey_boxes_keep_what_was_written(tmp_path: Path) -> None:
    """« Autre » is ticked by any text: the text is kept beside the answer; a plain yes is none."""
    rangees = limesurvey("libellés")
    place = next(n for n, t in enumerate(rangees[0])
                 if t.startswith("Pour quels motifs") and t.endswith("[Autre]"))  # fmt: skip
    for rang, texte in enumerate(["retirer ma carte grise", "Oui", "", "N/A"], 1):
        rangees[rang][place] = texte
    dossier = new_campagne(tmp_path, csv_de(rangees, ",", True))
    associer(dossier)
    lue = load_campagne(dossier)
    cadre = lue.tables["enquete"].cadre
    assert cadre["motifs_autre"].iloc[:4].tolist() == ["retirer ma carte grise", None, None, None]
    assert [("autre" in str(c)) for c in cadre["motifs"].iloc[:4]] == [True, True, False, False]
    assert any(v.question == "services_visites_autre" for v in verbatims_de(lue))


def test_a_cell_of_several_answers_keeps_the_unknown_one(tmp_path: Path) -> None:
    """A form writes all answers in one cell: what is none of ours, commas included, is the text."""
    rangees = formulaire()
    place = next(n for n, titre in enumerate(rangees[0]) if titre.startswith("Pour quels motifs"))
    rangees[1][place] = "demande de nationalité française, la fête, avec des amis"
    dossier = new_campagne(tmp_path, csv_de(rangees, ","))
    associer(dossier)
    cadre = load_campagne(dossier).tables["enquete"].cadre
    assert cadre["motifs_autre"].iloc[0] == "la fête, avec des amis"
    assert cadre["motifs"].iloc[0] == "nationalite|autre"


def test_the_other_column_of_a_single_choice_is_read(tmp_path: Path) -> None:
    """LimeSurvey writes it beside the question, under « [Autre] »."""
    rangees = limesurvey("libellés")
    libelle = next(q.libelle for q in QUESTIONS if q.code == "mode_venue")
    place = rangees[0].index(libelle)
    for rang, rangee in enumerate(rangees):
        dit = {0: f"{libelle} [Autre]", 1: "en navette fluviale"}.get(rang, "")
        rangee.insert(place + 1, dit)
    dossier = new_campagne(tmp_path, csv_de(rangees, ",", True))
    texte = associer(dossier)
    assert "mode_venue_autre:" in texte
    cadre = load_campagne(dossier).tables["enquete"].cadre
    assert cadre["mode_venue_autre"].dropna().tolist() == ["en navette fluviale"]
    sans = load_campagne(new_campagne(tmp_path / "sans", a_la_main())).tables["enquete"].cadre
    assert cadre["mode_venue"].tolist() == sans["mode_venue"].tolist()


def test_the_chapter_tells_them_with_their_base(projet: Projet) -> None:
    """The demonstration with precisions: the real chapter has their lines, and no raw number."""
    chemin = projet.campagne / "enquete.csv"
    entete, *lignes = list(csv.reader(chemin.open(encoding="utf-8-sig"), delimiter=";"))
    textes = iter([*["attente trop longue au guichet"] * 12, "appeler le 06 39 98 00 00"])
    rang = entete.index("motifs")
    neuves = [
        [*ligne, next(textes, "") if "autre motif" in ligne[rang] else ""] for ligne in lignes
    ]
    attendus = sum(bool(ligne[-1]) for ligne in neuves)
    sortie = io.StringIO(newline="")
    csv.writer(sortie, delimiter=";", lineterminator="\n").writerows(
        [[*entete, "motifs_autre"], *neuves]
    )
    chemin.write_text(sortie.getvalue(), "utf-8")
    fait = projet.run(
        "rapport", "moselle_2022", "--chapitre", "03l", "--sortie", str(projet.sortie)
    )
    assert fait.returncode == 0, fait.stderr
    page = (projet.sortie / "rapport_audit.html").read_text("utf-8")
    texte = " ".join(re.sub("<[^>]+>", " ", page).replace("\u00a0", " ").split())
    court = next(q.court for q in QUESTIONS if q.code == "motifs")
    assert attendus >= 3 and f"{court}, « autre »" in texte
    themes = {li.code: li.mesure for li in measure_themes(load_campagne(projet.campagne)).lignes}
    siens = [m for code, m in themes.items() if code.startswith("motifs_autre.")]
    assert siens and all(m.observes == attendus for m in siens)  # type: ignore[union-attr]
    assert "06 39 98 00 00" not in page
