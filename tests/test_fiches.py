"""Sheets: a heading each, in the outline of the report; a blank is seen; nothing acts."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from petite_campagne import load_petite
from test_frontiere import ATTAQUES, defauts

from qualepref_lib.analyses.cloture import list_cloture
from qualepref_lib.campagne import load_campagne
from qualepref_lib.constats import list_evaluation
from qualepref_lib.core.bilan import Chiffre, Renvoi, Source
from qualepref_lib.core.feuilles import Feuille, Liasse, Rubrique, new_rubrique
from qualepref_lib.core.refus import Refus
from qualepref_lib.display.blocs import MIME, BlocAvis, BlocFiches, lire_bloc
from qualepref_lib.display.fiches import Fiches
from qualepref_lib.display.html import render_bloc
from qualepref_lib.rapport.chapitre import Chapitre
from qualepref_lib.rapport.page import (
    Couverture,
    Page,
    build_chapitre,
    collect_registre,
    render_page,
)

SOURCE = Source("essai.csv", "0" * 64, "Source d’essai")
CHIFFRE = Chiffre("essai.a", "Essai — a", "1 sur 2", "a ÷ b", "1", "2", "", "essai.csv", "", "2")


def liasse(*titres: str, **autres: Any) -> Liasse:
    """Sheets that hold a text, a figure with its judgement, and a blank."""
    rubriques = (
        Rubrique("Exigence", ("Une exigence.",)),
        Rubrique("Déclaré", (Renvoi("écart : 1 sur 2", "essai.a", "ecart"), "un détail")),
        Rubrique("Appréciation"),
    )
    champs: dict[str, Any] = {
        "code": "essai.fiches",
        "titre": "Fiches d’essai",
        "champ": "un essai",
        "source": SOURCE,
        "feuilles": tuple(Feuille(titre, rubriques) for titre in titres),
        "chiffres": (CHIFFRE,),
    }
    return Liasse(**(champs | autres))


def chapitre(*contenus: Liasse | str, nom: str = "05_fiches", strict: bool = True) -> Chapitre:
    """A chapter of these contents; a text is a Markdown cell."""
    cellules = [new_markdown_cell("# Un chapitre")]
    for contenu in contenus:
        if isinstance(contenu, str):
            cellules.append(new_markdown_cell(contenu))
        else:
            sortie = new_output("execute_result", data=Fiches(contenu)._repr_mimebundle_())
            cellules.append(new_code_cell("", outputs=[sortie]))
    return build_chapitre(new_notebook(cells=cellules), nom, strict=strict)


def page(*chapitres: Chapitre) -> str:
    """The report made of these chapters."""
    return render_page(Page(Couverture("Essai"), chapitres, collect_registre(chapitres)))


def titres(html: str) -> list[tuple[int, str]]:
    """The level and the words of every heading."""
    trouves = re.findall(r"<h(\d)[^>]*>(.*?)</h\1>", html, flags=re.DOTALL)
    return [(int(niveau), re.sub("<[^>]+>", "", mots).strip()) for niveau, mots in trouves]


def test_aller_et_retour() -> None:
    """A cell hands over plain JSON; the report reads the same sheets back."""
    paquet = Fiches(liasse("Une"))._repr_mimebundle_()
    bloc = lire_bloc({MIME.format(genre="fiches"): paquet[MIME.format(genre="fiches")]})
    assert bloc == Fiches(liasse("Une")).bloc()
    assert "Appréciation : À compléter par l’auditeur" in paquet["text/plain"].replace(
        "\u00a0", " "
    )


@pytest.mark.parametrize(
    ("autres", "sorte"),
    [
        ({"manque": "constats (fichier constats.csv)"}, "non_evalue"),
        ({"a_completer": "les constats"}, "a_completer"),
        ({"feuilles": ()}, "rien_a_signaler"),
    ],
)
def test_sans_feuille(autres: dict[str, Any], sorte: str) -> None:
    """Without sheets a notice says why, as a table would."""
    bloc = Fiches(liasse("Une", **autres)).bloc()
    assert isinstance(bloc, BlocAvis) and bloc.sorte == sorte


def test_le_dessin() -> None:
    """A name and its texts, a sign and a word, a blank that is seen, a link to the figure."""
    html = str(render_bloc(Fiches(liasse("Une")).bloc(), liens=True))
    assert html.count("<dt>") == 3 and html.count("<dd") == 4
    assert '<dd class="blanc">À compléter par l’auditeur</dd>' in html
    assert 'href="#c-essai-a">écart : 1 sur 2</a>' in html and "✖" in html
    assert "<h3>Une</h3>" in html


def test_un_texte_vide_ne_laisse_pas_de_puce() -> None:
    """What is empty is dropped, so that the item is a blank and not an empty line."""
    assert new_rubrique("Fait", "", None, "dit").contenus == ("dit",)
    assert new_rubrique("Fait", "").contenus == ()


def test_les_titres_suivent_le_plan() -> None:
    """A sheet stands one level below the question that it answers, in a chapter as in a part."""
    html = page(
        chapitre("## Une question ?", liasse("Une", "Deux"), "## Une autre ?", liasse("Trois")),
        chapitre(liasse("Seule"), nom="06_seule"),
        chapitre("## Question ?", "### Détail ?", liasse("Quatre"), nom="06a_partie"),
    )
    vus = [t for t in titres(html) if t[1] in ("Une", "Deux", "Trois", "Quatre", "Seule")]
    assert vus == [(4, "Une"), (4, "Deux"), (4, "Trois"), (3, "Seule"), (6, "Quatre")]
    niveaux = [niveau for niveau, _ in titres(html)]
    assert all(b <= a + 1 for a, b in pairwise(niveaux))


def test_les_adresses_sont_uniques() -> None:
    """Two sheets of one title, or a sheet named as a question, have addresses of their own."""
    html = page(chapitre("## Une", liasse("Une", "Une"), liasse("Une")))
    adresses = re.findall(r' id="([^"]+)"', html)
    assert len(adresses) == len(set(adresses))
    assert {"ch-05-fiches-une", "ch-05-fiches-une-2", "ch-05-fiches-une-4"} <= set(adresses)


def test_un_chiffre_cite_a_sa_carte() -> None:
    """A sheet cannot print a number that the register does not know."""
    assert 'id="c-1"' in page(chapitre(liasse("Une")))
    with pytest.raises(Refus, match="sans être au registre"):
        page(chapitre(liasse("Une", chiffres=())))


def test_un_bloc_sans_rubrique_est_refuse() -> None:
    """A sheet without an item says nothing: the boundary refuses it."""
    bloc = Fiches(liasse("Une")).bloc().model_dump(mode="json")
    bloc["fiches"][0]["rubriques"] = []
    sortie = new_output("display_data", data={MIME.format(genre="fiches"): bloc})
    notebook = new_notebook(cells=[new_markdown_cell("# T"), new_code_cell("", outputs=[sortie])])
    with pytest.raises(Refus, match="bloc invalide"):
        build_chapitre(notebook, "05_fiches", strict=True)


@pytest.mark.parametrize("attaque", ATTAQUES, ids=range(len(ATTAQUES)))
def test_rien_n_agit(attaque: str) -> None:
    """Whatever a campaign writes in a sheet is read, and not obeyed."""
    texte = attaque.replace("@", "SENTINELLE")
    rubriques = (Rubrique(texte, (texte, Renvoi(texte, "", "bien"))),)
    html = page(chapitre(liasse(texte, feuilles=(Feuille(texte, rubriques),))))
    assert defauts(html) == []
    assert html.count("SENTINELLE") >= 4


# The closing minutes.


def test_cloture_absente(tmp_path: Path) -> None:
    """Without the file the minutes are blanks, to be filled with a pen."""
    lue = load_petite(tmp_path, {})
    (feuille,) = list_cloture(lue).feuilles
    blancs = [r.nom for r in feuille.rubriques if not r.contenus]
    assert blancs == ["Date de la réunion", "Fonctions présentes", "Conclusion de l’auditeur",
                      "Avis de l’audité", "Suites données"]  # fmt: skip
    assert not any(s.fichier == "cloture.yaml" for s in lue.fichiers)
    assert isinstance(Fiches(list_cloture(lue)).bloc(), BlocFiches)


def test_cloture_lue(tmp_path: Path) -> None:
    """What the auditor wrote is there, and the provenance names the file with its hash."""
    dossier = load_petite(tmp_path, {}).dossier
    (dossier / "cloture.yaml").write_text(
        'date: 13/04/2022\nfonctions_presentes: ["secrétaire général"]\n'
        "conclusion: La démarche est installée.\navis_audite:\n",
        encoding="utf-8",
    )
    lue = load_campagne(dossier)
    (feuille,) = list_cloture(lue).feuilles
    assert feuille.rubrique("Date de la réunion").contenus == ("13 avril 2022",)
    assert feuille.rubrique("Fonctions présentes").contenus == ("secrétaire général",)
    assert feuille.rubrique("Avis de l’audité").contenus == ()
    (source,) = [s for s in lue.fichiers if s.fichier == "cloture.yaml"]
    assert len(source.sha256) == 64 and list_cloture(lue).source == source


@pytest.mark.parametrize(
    ("nom", "texte", "attendu"),
    [
        ("cloture.yaml", "conclusions: x\n", "« conclusions » n’est pas connue"),
        ("cloture.yaml", "date: demain\n", "n’est pas une date"),
        ("cloture.yaml", "fonctions_presentes: un\n", "une liste était attendue"),
        ("clôture.yaml", "conclusion: x\n", "Vouliez-vous dire « cloture.yaml »"),
        ("cloture.yml", "conclusion: x\n", "le renommer cloture.yaml"),
    ],
)
def test_cloture_refusee(tmp_path: Path, nom: str, texte: str, attendu: str) -> None:
    """A misspelt key, a wrong value or a wrong name is told in French, not lost."""
    dossier = load_petite(tmp_path, {}).dossier
    (dossier / nom).write_text(texte, encoding="utf-8")
    with pytest.raises(Refus) as refus:
        load_campagne(dossier)
    assert attendu in str(refus.value)


# Chapter 3.


def test_feuille_d_evaluation(tmp_path: Path) -> None:
    """All that a peer needs is on the sheet, in order, and the appraisal waits for the auditor."""
    criteres = {"1": {"1.01": {"1.01.a": ["telephonie"], "1.01.b": ["telephonie"]}}}
    preuve = {"code": "P1", "libelle": "Une note", "criteres": "1.01.a", "date_effet": "2020-01-01",
              "validite_jours": "92"}  # fmt: skip
    entretien = {"code": "E1", "date": "2022-03-02", "fonction": "chef du standard",
                 "engagements": "1.01", "notes": "Une note d’entretien."}  # fmt: skip
    lue = load_petite(
        tmp_path,
        {
            "autodiagnostic": [{"critere": "1.01.a", "cotation": "réalisé"}],
            "preuves": [preuve],
            "entretiens": [entretien],
            "verification": [{"critere": "1.01.b", "cotation": ""}],
        },
        criteres=criteres,
    )
    (feuille,) = list_evaluation(lue).feuilles
    textes = {
        r.nom: [c.texte if isinstance(c, Renvoi) else c for c in r.contenus]
        for r in feuille.rubriques
    }
    assert list(textes) == [
        "Exigence", "Déclaré", "Prouvé", "Observé", "Ressenti", "Mesuré", "Critères", "Preuves",
        "Entretiens", "Points d’attention", "Cotation de l’auditeur",
        "Appréciation de l’auditeur",
    ]  # fmt: skip
    assert textes["Déclaré"] == ["fragile : 1 sur 1, 1 non évalué"]
    assert textes["Observé"][0].startswith("non évalué : il manque")
    assert textes["Critères"] == [
        "1.01.a critère 1.01.a : déclaré réalisé, non vérifié",
        "1.01.b critère 1.01.b : déclaré non évalué, non vérifié",
    ]
    assert textes["Preuves"] == ["périmée depuis le 03/04/2020 : P1 Une note"]
    assert textes["Entretiens"] == ["02/03/2022, chef du standard : Une note d’entretien."]
    assert textes["Cotation de l’auditeur"] == ["aucun critère vérifié"]
    assert textes["Appréciation de l’auditeur"] == []


def test_les_chiffres_de_chapitre_trois_ont_leur_carte() -> None:
    """On the demonstration, every figure of every sheet is in the register, and none is missing."""
    bloc = Fiches(list_evaluation(load_campagne("moselle_2022"))).bloc()
    assert isinstance(bloc, BlocFiches) and len(bloc.fiches) == 23
    cites = {c.chiffre for f in bloc.fiches for r in f.rubriques for c in r.contenus} - {""}
    assert cites == {c.code for c in bloc.chiffres}
