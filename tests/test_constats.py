"""Findings: laid out as the auditor wrote them; drafts qualify nothing; what is open stays."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from conftest import Projet
from petite_campagne import write_fiche, write_lignes

from qualepref_lib.analyses.constats import (
    list_constats,
    list_fiches_ecart,
    measure_constats,
    measure_recapitulatif,
)
from qualepref_lib.campagne import Campagne, load_campagne
from qualepref_lib.constats import list_evaluation
from qualepref_lib.core.mesures import Effectif, Repartition
from qualepref_lib.core.refus import Refus
from qualepref_lib.running.creation import write_campagne
from qualepref_lib.running.propositions import write_propositions

RACINE = Path(__file__).parents[1]
FAIT = {"statut": "ouvert", "fait": "Un fait.", "engagement": "1.17"}
CONSTATS = [
    FAIT | {"numero": "1", "type": "non-conformité mineure", "critere": "1.17.a"},
    FAIT
    | {
        "numero": "2",
        "type": "point fort",
        "engagement": "1.15",
        "critere": "1.15.a",
        "statut": "levé",
    },
    FAIT | {"numero": "3", "type": "non-conformité majeure", "cause": "Une cause.", "statut": ""},
    FAIT | {"numero": "4", "type": "piste d'amélioration", "statut": ""},
]


@pytest.fixture
def racine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project that holds the demonstration edition, and no campaign."""
    shutil.copytree(RACINE / "data" / "referentiel", tmp_path / "data" / "referentiel")
    # The root of a project is known by its chapters: without one, it would be the real project.
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "notebooks" / "01_essai.ipynb").write_text("{}", encoding="utf-8")
    monkeypatch.setenv("QUALEPREF_RACINE", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def campagne(racine: Path, **tables: list[Any]) -> Campagne:
    """A campaign on the demonstration edition."""
    dossier = racine / "data" / "campagnes" / "essai"
    plans = {"mystere": "mystère", "enquete": "volontaires"}
    fiche = {
        "code": "essai",
        "libelle": "Essai",
        "site": {"libelle": "Un site"},
        "edition": "demonstration",
        "date_reference": "2022-04-01",
        "modules": ["1"],
        "sources": {
            s: {"plan": plans.get(s, "recensement"), "libelle": s, "champ": "essai"} for s in tables
        },
    }
    write_fiche(dossier / "campagne.yaml", fiche)
    for source, lignes in tables.items():
        write_lignes(dossier / f"{source}.csv", lignes)
    return load_campagne(dossier)


def lire(chemin: Path) -> list[Mapping[str, str]]:
    """The rows of a CSV that the library wrote."""
    with chemin.open(encoding="utf-8-sig", newline="") as fichier:
        return list(csv.DictReader(fichier, delimiter=";"))


def test_compte_par_type(racine: Path) -> None:
    """Each type of the edition has its count, with the rows of its findings; none is a zero."""
    bilan = measure_constats(campagne(racine, constats=CONSTATS))
    comptes = {li.code: (li.mesure.n, li.lignes) for li in bilan.lignes
               if isinstance(li.mesure, Effectif)}  # fmt: skip
    assert comptes == {
        "pf": (1, (3,)),
        "pa": (1, (5,)),
        "ps": (0, ()),
        "nc_mineure": (1, (2,)),
        "nc_majeure": (1, (4,)),
    }


def test_recapitulatif(racine: Path) -> None:
    """By engagement each finding counts once; by channel, once in each of its criterion."""
    lue = campagne(racine, constats=CONSTATS)
    par_engagement = measure_recapitulatif(lue)
    assert [li.code for li in par_engagement.lignes] == ["1.15", "1.17"]
    mesure = par_engagement.ligne("1.17").mesure
    assert isinstance(mesure, Repartition)
    assert mesure.effectifs["non-conformité mineure"] == 1 and mesure.base == 3
    canaux = {li.code: li.mesure.base for li in measure_recapitulatif(lue, par="canal").lignes
              if isinstance(li.mesure, Repartition)}  # fmt: skip
    assert canaux["courriers"] == 3 and canaux["internet"] == 1
    assert "telephonie" not in canaux


def test_liste_des_constats(racine: Path) -> None:
    """The list says the type with its sign, the criterion or the engagement, and the status."""
    lignes = list_constats(campagne(racine, constats=CONSTATS)).lignes
    assert lignes[0] == ("1", "✖ non-conformité mineure", "1.17.a", "Un fait.", "–", "ouvert")
    assert lignes[2][2:] == ("1.17", "Un fait.", "–", "–")
    assert lignes[1][-1] == "levé"


def test_sans_constat_un_blanc(racine: Path) -> None:
    """Before the auditor has written, the list and the sheets are a blank, and no count."""
    lue = campagne(racine)
    assert list_constats(lue).a_completer and list_fiches_ecart(lue).a_completer
    assert "constats.csv" in measure_constats(lue).manque


def test_fiches_d_ecart(racine: Path) -> None:
    """Each non-conformity has its sheet, and what is not written is left for the auditor."""
    liasse = list_fiches_ecart(campagne(racine, constats=CONSTATS))
    assert [f.titre for f in liasse.feuilles] == ["Fiche d’écart n° 1", "Fiche d’écart n° 3"]
    premiere, seconde = liasse.feuilles
    assert [r.nom for r in premiere.rubriques] == [
        "Engagement", "Exigence", "Critère", "Fait constaté", "Preuve", "Gravité",
        "Analyse des causes", "Correction", "Action corrective", "Responsable", "Échéance",
        "Preuve attendue", "Avis de l’auditeur", "Vérification", "Statut",
    ]  # fmt: skip
    assert premiere.rubrique("Gravité").contenus == ("non-conformité mineure",)
    assert premiere.rubrique("Analyse des causes").contenus == ()
    assert seconde.rubrique("Analyse des causes").contenus == ("Une cause.",)


# Drafts for the auditor.

MYSTERE = [
    {"vague": "V", "test": f"T{i}", "grille": "courrier", "date": "2022-03-01", "abouti": "oui",
     "observation": "courrier.accuse", "reponse": "non"}
    for i in range(14)
]  # fmt: skip
PERIMEE = {
    "autodiagnostic": [{"critere": "1.17.a", "cotation": "réalisé"}],
    "preuves": [{"code": "P1", "libelle": "Une preuve", "criteres": "1.17.a",
                 "date_effet": "2020-01-01", "validite_jours": "92"}],
}  # fmt: skip


def test_brouillons(racine: Path) -> None:
    """Drafts come from facts; none has a type, and each says where its rows are."""
    campagne(racine, mystere=MYSTERE, **PERIMEE)
    chemin, n = write_propositions("essai")
    assert chemin is not None and chemin.name == "constats_proposes.csv"
    rangs = lire(chemin)
    assert len(rangs) == n
    assert {r["type"] for r in rangs} == {""} and {r["statut"] for r in rangs} == {"proposé"}
    contredit = next(r for r in rangs if "accusé de réception" in r["fait"])
    assert contredit["engagement"] == "1.17" and contredit["preuve"] == "mystere.csv, lignes 2-15"
    perime = next(r for r in rangs if r["critere"] == "1.17.a")
    assert "P1 périmée" in perime["fait"] and perime["preuve"] == "preuves.csv, ligne 2"


def test_un_brouillon_n_est_jamais_un_constat(racine: Path) -> None:
    """The file of drafts is no source and no surprise; recopied as it is, it is refused."""
    campagne(racine, mystere=MYSTERE)
    chemin, _ = write_propositions("essai")
    assert chemin is not None
    lue = load_campagne("essai")
    assert "constats" not in lue.tables
    assert not [r for r in lue.remarques if "proposes" in str(r)]
    shutil.copy(chemin, chemin.with_name("constats.csv"))
    with pytest.raises(Refus, match="colonne « type »"):
        load_campagne("essai")


def test_le_travail_de_l_auditeur_reste(racine: Path) -> None:
    """The same drafts are written once; an edited file is kept, and the new one gets a number."""
    campagne(racine, mystere=MYSTERE)
    chemin, _ = write_propositions("essai")
    assert chemin is not None and write_propositions("essai")[0] == chemin
    garde = chemin.read_text(encoding="utf-8-sig").replace(";;1.17", ";point sensible;1.17", 1)
    chemin.write_text(garde, encoding="utf-8")
    autre, _ = write_propositions("essai")
    assert autre is not None and autre.name == "constats_proposes_2.csv"
    assert chemin.read_text(encoding="utf-8") == garde
    assert not list(chemin.parent.glob(".constats*"))


def test_rien_a_proposer(racine: Path) -> None:
    """Without a fact there is no draft, and no file."""
    lue = campagne(racine, autodiagnostic=[{"critere": "1.17.a", "cotation": "réalisé"}])
    assert write_propositions("essai") == (None, 0)
    assert not list(lue.dossier.glob("constats*"))


def test_commande(projet: Projet) -> None:
    """`proposer-constats` says where the drafts are and what to do with them."""
    fait = projet.run("proposer-constats", "moselle_2022")
    assert fait.returncode == 0, fait.stderr
    assert "constats_proposes.csv" in fait.stdout and "avec un type" in fait.stdout
    assert projet.run("proposer-constats", "inconnue").returncode == 1


# Carry-over: a new edition keeps what is open.


@pytest.fixture
def reprise(racine: Path) -> Path:
    """A campaign made from another one that has ratings, evidence and findings."""
    dossier = racine / "data" / "campagnes" / "essai"
    (dossier / "preuves").mkdir(parents=True)
    (dossier / "preuves" / "a.txt").write_text("la preuve", encoding="utf-8")
    preuve = {"code": "P1", "libelle": "Une preuve", "criteres": "1.17.a 1.17.b",
              "date_effet": "2022-01-01", "validite_jours": "92", "nature": "directe",
              "fichier": "preuves/a.txt"}  # fmt: skip
    perdue = preuve | {"code": "P2", "fichier": "preuves/perdue.txt", "nature": ""}
    document = {"code": "D1", "libelle": "Un document", "prochaine_revue": "2022-09-01"}
    campagne(
        racine,
        constats=CONSTATS,
        preuves=[preuve, perdue],
        documents=[document],
        autodiagnostic=[
            {"critere": "1.17.a", "cotation": "partiel", "service": "courrier"},
            {"critere": "1.17.a", "cotation": "réalisé", "service": "cabinet"},
            {"critere": "1.17.b", "cotation": ""},
        ],
    )
    return write_campagne("suivante", "essai")


def test_les_constats_ouverts_restent(reprise: Path) -> None:
    """Open findings are carried; a non-conformity without a status was not lifted."""
    rangs = lire(reprise / "constats.csv")
    assert [r["numero"] for r in rangs] == ["1", "3"]
    assert rangs[0]["type"] == "non-conformité mineure" and rangs[0]["statut"] == "ouvert"


def test_la_cotation_precedente_se_voit_et_ne_compte_pas(reprise: Path) -> None:
    """Ratings are blank, the last one stands beside, and chapter 3 shows it."""
    rangs = lire(reprise / "autodiagnostic.csv")
    vus = {(r["critere"], r["service"]): r["cotation_precedente"] for r in rangs}
    assert vus[("1.17.a", "courrier")] == "partiel" and vus[("1.17.a", "cabinet")] == "réalisé"
    assert vus[("1.17.b", "")] == "" and vus[("1.01.a", "")] == ""
    assert not any(r["cotation"] for r in rangs)
    lue = load_campagne(reprise)
    feuille = next(f for f in list_evaluation(lue).feuilles if f.titre.startswith("1.17"))
    criteres = [str(c) for c in feuille.rubrique("Critères").contenus]
    assert "à l’édition précédente partiel (courrier) et réalisé (cabinet)" in criteres[0]
    assert "précédente" not in criteres[1]
    assert "non évalué" in str(feuille.rubrique("Déclaré").contenus[0])


def test_les_preuves_suivent_avec_leurs_fichiers(reprise: Path) -> None:
    """Evidence and documents are carried, and the files that the evidence names."""
    assert [r["code"] for r in lire(reprise / "preuves.csv")] == ["P1", "P2"]
    assert lire(reprise / "preuves.csv")[0]["nature"] == "directe"
    assert lire(reprise / "documents.csv")[0]["prochaine_revue"] == "2022-09-01"
    assert (reprise / "preuves" / "a.txt").read_text(encoding="utf-8") == "la preuve"
    assert not (reprise / "preuves" / "perdue.txt").exists()


def test_une_action_reprise_n_attend_plus_ce_qui_est_fait(racine: Path) -> None:
    """Open actions are carried with their links; those to what is done or given up are undone."""
    commun = {"criteres": "1.17.a", "echeance": "2022-09-01"}
    campagne(
        racine,
        plan_actions=[
            commun | {"code": "A1", "libelle": "a", "statut": "fait", "depend_de": ""},
            commun | {"code": "A2", "libelle": "b", "statut": "abandonné", "depend_de": ""},
            commun | {"code": "A3", "libelle": "c", "statut": "en cours", "depend_de": "A1 A2"},
            commun | {"code": "A4", "libelle": "d", "statut": "à faire", "depend_de": "A1 A3"},
        ],
    )
    suivante = write_campagne("suivante", "essai")
    rangs = {r["code"]: r["depend_de"] for r in lire(suivante / "plan_actions.csv")}
    assert rangs == {"A3": "", "A4": "A3"}
    lue = load_campagne(suivante)
    assert lue.fiche.precedente == "essai"
    assert lue.precedente.campagne is not None
    assert lue.precedente.campagne.fiche.code == "essai"


def test_une_reprise_sans_registre(racine: Path) -> None:
    """A campaign without evidence or findings hands over none: no empty file is left behind."""
    campagne(racine, autodiagnostic=[{"critere": "1.17.a", "cotation": "réalisé"}])
    suivante = write_campagne("suivante", "essai")
    assert sorted(f.name for f in suivante.iterdir()) == [
        "autodiagnostic.csv",
        "campagne.yaml",
        "plan_actions.csv",
    ]
    assert load_campagne(suivante).tables.keys() == {"autodiagnostic"}
