"""Consistency rules: each condition, raised once where it must be, silent where it must not."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest
from petite_campagne import load_petite, write_fiche

from qualepref_lib.campagne import Campagne, load_campagne
from qualepref_lib.coherence import VERIFICATIONS, list_coherence
from qualepref_lib.core.bilan import Renvoi
from qualepref_lib.core.refus import Refus
from qualepref_lib.referentiel.coherence import CONDITIONS, Condition

CRITERES = {
    "1": {
        "1.01": {"1.01.a": ["telephonie"], "1.01.b": ["telephonie"]},
        "1.02": {"1.02.a": ["internet"], "1.02.b": ["internet"]},
    }
}
TOUTES = [(objet, condition) for objet, admises in CONDITIONS.items() for condition in admises]


def regle(objet: str, condition: str, **reste: str) -> dict[str, str]:
    """One row of ``coherence.yaml``."""
    return {
        "code": f"{objet}-{condition}".replace("_", "-"),
        "objet": objet,
        "condition": condition,
        "phrase": "{code} ({libelle})",
        "gravite": "attention",
    } | reste


TABLES = {
    "autodiagnostic": [
        {"critere": "1.01.a", "cotation": "réalisé"},
        {"critere": "1.01.b", "cotation": "partiel"},
        {"critere": "1.02.a", "cotation": "réalisé"},
        {"critere": "1.02.b", "cotation": "sans objet", "motif": "rien à faire"},
    ],
    "verification": [
        {"critere": "1.01.a", "cotation": "partiel"},
        {"critere": "1.02.a", "cotation": "réalisé"},
    ],
    "preuves": [
        {"code": "P1", "libelle": "vieille", "criteres": "1.01.a 1.01.b",
         "date_effet": "2020-01-01", "validite_jours": "30"},
        {"code": "P2", "libelle": "perdue", "criteres": "1.01.b", "date_effet": "2022-01-01",
         "fichier": "perdue.pdf"},
        {"code": "P3", "libelle": "changée", "criteres": "1.01.b", "date_effet": "2022-01-01",
         "fichier": "campagne.yaml", "sha256": "0" * 64},
    ],
    "documents": [{"code": "D1", "libelle": "guide", "prochaine_revue": "2022-03-31"}],
    "entretiens": [
        {"code": "E1", "date": "2022-04-01", "fonction": "standard", "engagements": "1.01"}
    ],
    "plan_audit": [
        {"date": "2022-03-31", "debut": "09:00", "fin": "10:00", "activite": "passé",
         "engagements": "1.02"}
    ],
    "plan_actions": [
        {"code": "A01", "libelle": "afficher", "criteres": "1.01.b", "statut": "fait",
         "echeance": "2022-03-01", "responsable": "chef"},
        {"code": "A02", "libelle": "former", "criteres": "1.01.a", "statut": "fait",
         "echeance": "2022-03-01", "responsable": "chef"},
        {"code": "A03", "libelle": "tracer", "criteres": "", "statut": "en cours",
         "echeance": "2022-03-31", "responsable": ""},
    ],
    "controles": [
        {"code": "C1", "libelle": "relevé", "frequence_jours": "31", "dernier": "2022-01-01"}
    ],
    "usagers": [{"code": "U1", "date": "2022-01-01", "instance": "CLU", "objet": "des bancs"}],
}  # fmt: skip
LEVES = {
    ("critere", "realise_sans_preuve"): ["1.02.a"],
    ("critere", "preuve_perimee_seule"): ["1.01.a", "1.01.b"],
    ("critere", "sans_objet_sans_motif"): [],
    ("critere", "cotation_verifiee_plus_basse"): ["1.01.a"],
    ("preuve", "fichier_absent"): ["P2"],
    ("preuve", "fichier_modifie"): ["P3"],
    ("preuve", "perimee"): ["P1"],
    ("document", "revue_en_retard"): ["D1"],
    ("engagement", "sans_entretien"): ["1.02"],
    ("engagement", "sans_preuve"): ["1.02"],
    ("action", "faite_sans_recotation"): ["A01"],
    ("action", "en_retard"): ["A03"],
    ("action", "sans_responsable"): ["A03"],
    ("controle", "en_retard"): ["C1"],
    ("usager", "sans_reponse"): ["U1"],
}
"""What each condition raises in the campaign above."""


def campagne(racine: Path, *regles: dict[str, str]) -> Campagne:
    """The campaign above, under these rules."""
    load_petite(racine, TABLES, criteres=CRITERES)
    write_fiche(racine / "referentiel" / "petite" / "coherence.yaml", {"regles": list(regles)})
    return load_campagne(racine / "campagnes" / "essai")


def test_every_condition_is_known_and_looked_for() -> None:
    """A condition that a row may name is looked for, and nothing else is."""
    assert set(VERIFICATIONS) == set(TOUTES) == set(LEVES)
    assert {condition for _, condition in TOUTES} == set(get_args(Condition))


@pytest.mark.parametrize(("objet", "condition"), TOUTES)
def test_each_condition(tmp_path: Path, objet: str, condition: str) -> None:
    """Each condition raises the objects that it must, once, with the sentence of its row."""
    lignes = list_coherence(campagne(tmp_path, regle(objet, condition))).lignes
    assert [str(ligne[0]).split()[1] for ligne in lignes] == LEVES[objet, condition]
    for ligne in lignes:
        assert str(ligne[2]).startswith(str(ligne[0]).split()[1] + " (")


def test_the_gravest_come_first(tmp_path: Path) -> None:
    """Rows are sorted by severity, and keep the order of the file within one."""
    lue = campagne(
        tmp_path,
        regle("usager", "sans_reponse", gravite="information"),
        regle("document", "revue_en_retard", gravite="alerte"),
        regle("action", "en_retard"),
        regle("preuve", "perimee", gravite="alerte"),
    )
    gravites = [ligne[1] for ligne in list_coherence(lue).lignes]
    assert [g.texte for g in gravites if isinstance(g, Renvoi)] == [
        "alerte", "alerte", "attention", "information",
    ]  # fmt: skip
    assert [str(ligne[0]) for ligne in list_coherence(lue).lignes][:2] == [
        "document D1", "preuve P1",
    ]  # fmt: skip


def test_a_rule_without_its_source_is_told(tmp_path: Path) -> None:
    """A rule that cannot be applied is not a rule that raises nothing: the list says so."""
    lue = campagne(tmp_path, regle("preuve", "perimee"), regle("usager", "sans_reponse"))
    (lue.dossier / "preuves.csv").unlink()
    liste = list_coherence(load_campagne(lue.dossier))
    assert [str(ligne[0]) for ligne in liste.lignes] == ["observation U1"]
    assert "faute de preuves.csv" in liste.champ


def test_an_edition_without_rules(tmp_path: Path) -> None:
    """The file is optional: without it the list says what is missing."""
    lue = load_petite(tmp_path, TABLES, criteres=CRITERES)
    assert "coherence.yaml" in list_coherence(lue).manque


@pytest.mark.parametrize(
    ("faute", "dit"),
    [
        ({"condition": "perimée"}, "Vouliez-vous dire « perimee »"),
        ({"condition": "sans_reponse"}, "ne vaut pas pour « preuve »"),
        ({"objet": "preuves"}, "Vouliez-vous dire « preuve »"),
        ({"gravite": "alertes"}, "Vouliez-vous dire « alerte »"),
        ({"phrase": "{code} de {nom}"}, "« {nom} » n’est pas admis"),
        ({"phrase": "{code} {"}, "accolade"),
        ({"phrase": "{}"}, "n’est pas admis"),
        ({"seuil": "3"}, "n’est pas connue"),
    ],
)
def test_a_wrong_row_is_refused(tmp_path: Path, faute: dict[str, str], dit: str) -> None:
    """An unknown condition, object, severity or mark is refused, with the near-miss."""
    with pytest.raises(Refus) as refus:
        campagne(tmp_path, regle("preuve", "perimee") | faute)
    assert dit in str(refus.value) and "coherence.yaml" in str(refus.value)


def test_two_rules_do_not_share_a_code(tmp_path: Path) -> None:
    """A code names one rule."""
    with pytest.raises(Refus, match="de règle de cohérence « meme » est donné 2 fois"):
        campagne(
            tmp_path,
            regle("preuve", "perimee", code="meme"),
            regle("usager", "sans_reponse", code="meme"),
        )


def test_a_misspelt_file_is_told(tmp_path: Path) -> None:
    """``coherance.yaml`` would be lost in silence: its name is refused."""
    load_petite(tmp_path, TABLES, criteres=CRITERES)
    dossier = tmp_path / "referentiel" / "petite"
    write_fiche(dossier / "coherance.yaml", {"regles": [regle("preuve", "perimee")]})
    with pytest.raises(Refus, match=r"le renommer coherence\.yaml"):
        load_campagne(tmp_path / "campagnes" / "essai")
