"""Evidence: which day a proof stops proving, what a missing or changed file takes away."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from petite_campagne import load_petite

from qualepref_lib.analyses.documents import list_documents, measure_documents
from qualepref_lib.analyses.entretiens import list_conflits, list_non_couverts
from qualepref_lib.analyses.guide import list_guide
from qualepref_lib.analyses.preuves import (
    list_preuves,
    list_sans_preuve,
    measure_preuves,
    measure_prouve,
)
from qualepref_lib.campagne import Campagne, load_campagne
from qualepref_lib.core.bilan import Liste, Renvoi
from qualepref_lib.core.mesures import Effectif, Taux
from qualepref_lib.core.refus import Refus
from qualepref_lib.core.valeurs import lire_date
from qualepref_lib.couverture import list_couverture
from qualepref_lib.preuves import ETATS, preuves_de

CRITERES = {
    "1": {
        "1.01": {"1.01.a": ["telephonie"], "1.01.b": ["telephonie"]},
        "1.02": {"1.02.a": ["internet"], "1.02.b": ["internet"]},
    }
}
COTATIONS = [
    {"critere": "1.01.a", "cotation": "réalisé"},
    {"critere": "1.01.b", "cotation": "partiel"},
    {"critere": "1.02.a", "cotation": "réalisé"},
    {"critere": "1.02.b", "cotation": "non réalisé"},
]
CONTENU = b"Affiche relev\xc3\xa9e le 1er janvier.\n"


def preuve(code: str, criteres: str, effet: str = "2022-01-01", **reste: str) -> dict[str, str]:
    """One row of ``preuves.csv``."""
    return {"code": code, "libelle": f"pièce {code}", "criteres": criteres,
            "date_effet": effet, **reste}  # fmt: skip


def campagne(racine: Path, *preuves: dict[str, str], jour: str = "2022-04-01") -> Campagne:
    """A campaign of four rated criteria, and its proofs."""
    tables = {"autodiagnostic": COTATIONS} | ({"preuves": list(preuves)} if preuves else {})
    return load_petite(racine, tables, date_reference=jour, criteres=CRITERES)


def au(campagne: Campagne, jour: str) -> Campagne:
    """The same campaign, on another reference date."""
    fiche = campagne.fiche.model_copy(update={"date_reference": lire_date(jour)})
    return replace(campagne, fiche=fiche)


def textes(liste: Liste) -> list[list[str]]:
    """The rows of a list as plain texts."""
    return [[c.texte if isinstance(c, Renvoi) else c for c in rang] for rang in liste.lignes]


def etats(campagne: Campagne) -> dict[str, str]:
    """The state of each proof."""
    return {p.code: p.etat for p in preuves_de(campagne)}


def test_fresh_on_its_last_day_stale_the_day_after(tmp_path: Path) -> None:
    """A proof of 1 January valid 90 days holds on 1 April, and no longer on 2 April."""
    lue = campagne(tmp_path, preuve("P1", "1.01.a", validite_jours="90"))
    assert etats(lue) == {"P1": "fraîche"}
    demain = au(lue, "2022-04-02")
    assert etats(demain) == {"P1": "périmée"}
    (rang,) = textes(list_preuves(demain))
    assert rang[3] == "01/04/2022" and rang[-1] == "périmée depuis le 02/04/2022"


def test_validity_comes_from_the_criterion_by_default(tmp_path: Path) -> None:
    """Without its own validity a proof takes the criterion's; without either it never ends."""
    campagne(tmp_path, preuve("P1", "1.01.a"))
    module = tmp_path / "referentiel" / "petite" / "modules" / "1.yaml"
    texte = module.read_text(encoding="utf-8")
    module.write_text(
        texte.replace('"libelle": "critère 1.01.a"',
                      '"libelle": "critère 1.01.a"\n    "validite_jours": "31"'),
        encoding="utf-8",
    )  # fmt: skip
    lue = load_campagne(tmp_path / "campagnes" / "essai")
    assert lue.referentiel.criteres["1.01.a"].validite_jours == 31
    assert etats(au(lue, "2022-02-01")) == {"P1": "fraîche"}
    assert etats(au(lue, "2022-02-02")) == {"P1": "périmée"}
    sans_limite = campagne(tmp_path / "autre", preuve("P1", "1.01.a"), jour="2090-01-01")
    assert etats(sans_limite) == {"P1": "fraîche"}


def test_one_proof_for_many_criteria(tmp_path: Path) -> None:
    """A proof may be too old for one criterion and fresh for another: each keeps its own."""
    campagne(tmp_path, preuve("P1", "1.01.a 1.02.a"))
    module = tmp_path / "referentiel" / "petite" / "modules" / "1.yaml"
    texte = module.read_text(encoding="utf-8").replace(
        '"libelle": "critère 1.01.a"', '"libelle": "critère 1.01.a"\n    "validite_jours": "31"'
    )
    module.write_text(texte, encoding="utf-8")
    lue = load_campagne(tmp_path / "campagnes" / "essai")
    assert textes(list_preuves(lue))[0][-1] == "périmée pour 1.01.a"
    bilan = measure_prouve(lue, par="engagement")
    assert {li.code: str(li.mesure) for li in bilan.lignes} == {
        "1.01": "0 sur 2",
        "1.02": "1 sur 2",
    }


def test_proven_rate_keeps_the_base_of_the_declared_one(tmp_path: Path) -> None:
    """Only points fall: an unproven criterion stays in the base, and proves nothing."""
    lue = campagne(tmp_path, preuve("P1", "1.01.b"), preuve("P2", "1.02.b"))
    taux = measure_prouve(lue, par="ensemble").lignes[0].mesure
    assert isinstance(taux, Taux)
    assert (taux.favorables, taux.observes) == (Fraction(1, 2), 4)
    assert measure_prouve(lue, par="ensemble").lignes[0].lignes == (2, 3)
    assert [rang[0].split()[0] for rang in textes(list_sans_preuve(lue))] == ["1.01.a", "1.02.a"]


def test_open_criteria_keep_their_bounds(tmp_path: Path) -> None:
    """A criterion that is not rated is open, proof or not."""
    tables = {"autodiagnostic": COTATIONS[:3], "preuves": [preuve("P1", "1.01.a 1.02.b")]}
    lue = load_petite(tmp_path, tables, criteres=CRITERES)
    taux = measure_prouve(lue, par="ensemble").lignes[0].mesure
    assert isinstance(taux, Taux) and (taux.favorables, taux.observes) == (1, 3)
    assert taux.bornes == (Fraction(1, 4), Fraction(1, 2))


@pytest.fixture
def avec_fichier(tmp_path: Path) -> Campagne:
    """Three proofs; the first two name files, the second without a recorded hash."""
    lue = campagne(
        tmp_path,
        preuve("P1", "1.01.a", fichier="preuves/affiche.txt",
               sha256=hashlib.sha256(CONTENU).hexdigest().upper()),
        preuve("P2", "1.01.b", fichier=r"preuves\note.txt"),
        preuve("P3", "1.02.a", validite_jours="92"),
    )  # fmt: skip
    dossier = lue.dossier / "preuves"
    dossier.mkdir()
    (dossier / "affiche.txt").write_bytes(CONTENU)
    (dossier / "note.txt").write_bytes(b"note")
    return lue


def test_all_is_well(avec_fichier: Campagne) -> None:
    """Files in place, hashes right, dates fresh: everything claimed is proven."""
    assert set(etats(avec_fichier).values()) == {"fraîche"}
    assert str(measure_prouve(avec_fichier, "ensemble").lignes[0].mesure) == "2,5 sur 4"
    assert list_sans_preuve(avec_fichier).lignes == ()


def test_a_deleted_file_is_told_and_nothing_else_moves(avec_fichier: Campagne) -> None:
    """Deleting a file takes its criterion away, and only that one."""
    (avec_fichier.dossier / "preuves" / "note.txt").unlink()
    assert etats(avec_fichier) == {"P1": "fraîche", "P2": "fichier absent", "P3": "fraîche"}
    (rang,) = textes(list_sans_preuve(avec_fichier))
    assert rang[0].startswith("1.01.b") and rang[3] == "P2 : fichier absent"
    assert str(measure_prouve(avec_fichier, "ensemble").lignes[0].mesure) == "2 sur 4"


def test_one_changed_byte_is_told_with_both_hashes(avec_fichier: Campagne) -> None:
    """One byte changed: the recorded hash and the one found are both printed."""
    change = CONTENU.replace(b"1er", b"2er")
    (avec_fichier.dossier / "preuves" / "affiche.txt").write_bytes(change)
    assert etats(avec_fichier) == {"P1": "fichier modifié", "P2": "fraîche", "P3": "fraîche"}
    avant, apres = (hashlib.sha256(c).hexdigest()[:8] for c in (CONTENU, change))
    (rang,) = textes(list_preuves(avec_fichier, "fichier modifie"))
    assert rang[-1] == f"fichier modifié (empreinte {apres} au lieu de {avant})"
    assert str(measure_prouve(avec_fichier, "ensemble").lignes[0].mesure) == "1,5 sur 4"


def test_a_year_later_only_what_has_a_limit_is_stale(avec_fichier: Campagne) -> None:
    """Moving the audit date a year on makes the limited proof stale, and says since when."""
    plus_tard = au(avec_fichier, "2023-04-01")
    assert etats(plus_tard) == {"P1": "fraîche", "P2": "fraîche", "P3": "périmée"}
    (rang,) = textes(list_sans_preuve(plus_tard))
    assert rang[3] == "P3 : périmée depuis le 04/04/2022"
    comptes = {li.libelle: li.mesure for li in measure_preuves(plus_tard).lignes}
    assert all(isinstance(mesure, Effectif) for mesure in comptes.values())
    assert {nom: m.n for nom, m in comptes.items() if isinstance(m, Effectif)} == {
        "Total": 3, "fraîche": 2, "périmée": 1, "fichier absent": 0, "fichier modifié": 0,
    }  # fmt: skip


@pytest.mark.parametrize("nom", ["preuves", "preuves/" + "x" * 400, "preuves/\u0001"])
def test_what_is_no_file_is_an_absent_file(avec_fichier: Campagne, nom: str) -> None:
    """A folder, a name that no disk accepts: the proof is told absent, nothing fails."""
    cadre = avec_fichier.tables["preuves"].cadre
    cadre.loc[3, "fichier"] = nom
    assert etats(avec_fichier)["P2"] == "fichier absent"


def test_counts_agree_with_the_list(avec_fichier: Campagne) -> None:
    """The counts of states are those of the list, and their rows are those of the file."""
    (avec_fichier.dossier / "preuves" / "note.txt").unlink()
    bilan = measure_preuves(avec_fichier)
    par_etat = [len(list_preuves(avec_fichier, etat).lignes) for etat in ETATS]
    assert [li.mesure.n for li in bilan.lignes[1:]] == par_etat  # type: ignore[union-attr]
    assert bilan.ligne("fichier_absent").lignes == (3,)
    with pytest.raises(Refus, match="périmée"):
        list_preuves(avec_fichier, "perimé")


def test_without_a_register_nothing_is_said(tmp_path: Path) -> None:
    """No register is not « nothing is proven »: the rate is missing, and says what it needs."""
    bilan = measure_prouve(campagne(tmp_path))
    assert bilan.manque == "registre des preuves (fichier preuves.csv)" and not bilan.lignes
    assert list_sans_preuve(campagne(tmp_path)).manque


def test_coverage_counts_with_their_figures(tmp_path: Path) -> None:
    """Each engagement has its proofs, its interviews and its slots; each count has its card."""
    tables = {
        "autodiagnostic": COTATIONS,
        "preuves": [preuve("P1", "1.01.a"), preuve("P2", "1.01.b", validite_jours="1")],
        "entretiens": [
            {"code": "E1", "date": "2022-04-01", "fonction": "standard", "engagements": "1.01"},
            {"code": "E2", "date": "2022-04-02", "fonction": "standard", "engagements": "1.01"},
        ],
    }
    lue = load_petite(tmp_path, tables, criteres=CRITERES)
    liste = list_couverture(lue)
    assert [rang[1:] for rang in textes(liste)] == [
        ["1", "1", "1", "non évalué"],
        ["0", "0", "0", "non évalué"],
    ]
    cites = {c.chiffre for rang in liste.lignes for c in rang if isinstance(c, Renvoi)}
    assert cites <= {chiffre.code for chiffre in liste.chiffres}
    assert "plan_audit.csv" in liste.champ
    assert [rang[0] for rang in textes(list_non_couverts(lue))] == ["1.02 engagement 1.02"]


def test_guide_asks_the_unproven_first(tmp_path: Path) -> None:
    """What no proof shows is asked first; an engagement that nobody was given is not forgotten."""
    tables = {
        "autodiagnostic": [COTATIONS[0], *({**c, "service": "Courrier"} for c in COTATIONS[1:])],
        "preuves": [preuve("P1", "1.01.a")],
        "entretiens": [
            {"code": "E1", "date": "2022-04-01", "fonction": "standard", "engagements": "1.01"}
        ],
    }
    lue = load_petite(tmp_path, tables, criteres=CRITERES)
    rangs = {(r[0], r[1].split()[0]): r[2:] for r in textes(list_guide(lue))}
    assert rangs["standard", "1.01"] == ["1.01.b critère 1.01.b (partiel)"]
    assert rangs["Courrier", "1.02"][0].count(" ; ") == 1
    (seul,) = textes(list_guide(lue, "Standard"))
    assert seul[2:] == ["1.01.b critère 1.01.b (partiel)", "1.01.a critère 1.01.a (réalisé)"]
    with pytest.raises(Refus, match="standard"):
        list_guide(lue, "standart")


def test_overlapping_slots_are_told(tmp_path: Path) -> None:
    """Two slots that need one function at one time are a conflict; touching slots are not."""
    commun = {"date": "2022-04-11", "activite": "entretien", "engagements": "1.01"}
    plan = [
        {**commun, "debut": "9h00", "fin": "10h00", "fonction": "standard"},
        {**commun, "debut": "09:30", "fin": "10:30", "fonction": "standard"},
        {**commun, "debut": "10:30", "fin": "11:00", "fonction": "standard"},
        {**commun, "debut": "09:30", "fin": "10:30", "fonction": "courrier"},
    ]
    lue = load_petite(tmp_path, {"plan_audit": plan}, criteres=CRITERES)
    (conflit,) = textes(list_conflits(lue))
    assert conflit[1:] == ["09:00 – 10:00 entretien", "09:30 – 10:30 entretien", "standard"]


def test_document_is_overdue_the_day_after_its_review(tmp_path: Path) -> None:
    """On the day of its review a document is up to date; the day after it is overdue."""
    documents = [
        {"code": "D1", "libelle": "guide", "prochaine_revue": "2022-04-01"},
        {"code": "D2", "libelle": "charte", "prochaine_revue": ""},
    ]
    lue = load_petite(tmp_path, {"documents": documents}, criteres=CRITERES)
    assert [r[-1] for r in textes(list_documents(lue))] == ["à jour", "sans date de revue"]
    demain = au(lue, "2022-04-02")
    assert [r[-1] for r in textes(list_documents(demain))] == ["à revoir", "sans date de revue"]
    assert measure_documents(demain).ligne("a_revoir").lignes == (2,)
