"""The auditor's ratings: alone, and beside the services' on the criteria that both rated."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

from petite_campagne import load_petite

from qualepref_lib.analyses.controles import (
    list_controles,
    list_decisions,
    list_usagers,
    measure_controles,
)
from qualepref_lib.analyses.verification import (
    list_divergences,
    list_ecart_verification,
    measure_verifie,
)
from qualepref_lib.campagne import Campagne
from qualepref_lib.core.bilan import Liste, Renvoi
from qualepref_lib.core.mesures import Taux

CRITERES = {
    "1": {
        "1.01": {"1.01.a": ["telephonie"], "1.01.b": ["telephonie"]},
        "1.02": {"1.02.a": ["internet", "telephonie"], "1.02.b": ["internet"]},
    }
}
DECLARE = [("1.01.a", "réalisé"), ("1.01.b", "réalisé"), ("1.02.a", "sans objet"),
           ("1.02.b", "non réalisé")]  # fmt: skip


def rangs(couples: list[tuple[str, ...]]) -> list[dict[str, str]]:
    """Rows of ratings: criterion, rating, and the service when there is a third."""
    return [
        {"critere": c, "cotation": v, "motif": "parce que" if v == "sans objet" else "",
         "service": reste[0] if reste else ""}
        for c, v, *reste in couples
    ]  # fmt: skip


def campagne(racine: Path, vus: list[tuple[str, ...]], dits: list[tuple[str, ...]]) -> Campagne:
    """A campaign with both ratings."""
    tables = {"autodiagnostic": rangs(dits), "verification": rangs(vus)}
    return load_petite(racine, tables, criteres=CRITERES)


def textes(liste: Liste) -> list[list[str]]:
    """The rows of a list as plain texts."""
    return [[c.texte if isinstance(c, Renvoi) else c for c in rang] for rang in liste.lignes]


def test_what_was_not_verified_is_open(tmp_path: Path) -> None:
    """One criterion verified out of four: the rate has bounds, and the three others are open."""
    lue = campagne(tmp_path, [("1.01.a", "partiel")], list(DECLARE))
    taux = measure_verifie(lue, "ensemble").lignes[0].mesure
    assert isinstance(taux, Taux)
    assert (taux.favorables, taux.observes, taux.non_evalues) == (Fraction(1, 2), 1, 3)
    assert taux.bornes == (Fraction(1, 8), Fraction(7, 8))


def test_two_rates_on_the_same_criteria_only(tmp_path: Path) -> None:
    """What one side did not rate, or rated sans objet, is in neither of the two rates."""
    vus = [("1.01.a", "partiel"), ("1.02.a", "réalisé"), ("1.02.b", "partiel")]
    liste = list_ecart_verification(campagne(tmp_path, vus, list(DECLARE)), "engagement")
    assert textes(liste) == [
        ["1.01 engagement 1.01", "1 sur 1", "0,5 sur 1", "−0,5 point sur 1 critère"],
        ["1.02 engagement 1.02", "0 sur 1", "0,5 sur 1", "+0,5 point sur 1 critère"],
    ]
    fiches = {chiffre.code: chiffre for chiffre in liste.chiffres}
    cites = [c.chiffre for rang in liste.lignes for c in rang if isinstance(c, Renvoi)]
    assert set(cites) <= set(fiches) and len(fiches) == len(liste.chiffres)
    assert fiches["verification.declare.engagement.1.01"].fichier == "autodiagnostic.csv"
    assert fiches["verification.verifie.engagement.1.01"].lignes == "2"


def test_a_large_base_is_told_in_points_of_percentage(tmp_path: Path) -> None:
    """From ten criteria on, the gap is the difference of the two percentages."""
    codes = [f"1.01.{chr(97 + n)}" for n in range(10)]
    criteres = {"1": {"1.01": {code: ["telephonie"] for code in codes}}}
    dits = rangs([(code, "réalisé") for code in codes])
    vus = rangs([(code, "réalisé" if n else "non réalisé") for n, code in enumerate(codes)])
    lue = load_petite(tmp_path, {"autodiagnostic": dits, "verification": vus}, criteres=criteres)
    assert textes(list_ecart_verification(lue, "module"))[0][-1] == "−10 points"


def test_divergences_begin_with_what_was_lowered(tmp_path: Path) -> None:
    """Lowered first, then contested sans objet, then raised; agreement is not listed."""
    vus = [("1.01.a", "partiel"), ("1.01.b", "réalisé"), ("1.02.a", "réalisé"),
           ("1.02.b", "partiel")]  # fmt: skip
    lus = textes(list_divergences(campagne(tmp_path, vus, list(DECLARE))))
    assert [(r[0].split()[0], r[2], r[3], r[4]) for r in lus] == [
        ("1.01.a", "réalisé", "partiel", "plus bas"),
        ("1.02.a", "sans objet", "réalisé", "applicable selon l’auditeur"),
        ("1.02.b", "non réalisé", "partiel", "plus haut"),
    ]


def test_a_rating_without_a_service_answers_to_each(tmp_path: Path) -> None:
    """The auditor's rating meets each service's; one that names a service meets that one only."""
    dits = [("1.01.a", "réalisé", "Accueil"), ("1.01.a", "partiel", "Standard"),
            ("1.01.b", "réalisé", "Accueil"), ("1.01.b", "réalisé", "Standard")]  # fmt: skip
    vus = [("1.01.a", "partiel"), ("1.01.b", "partiel", "standard")]
    lus = textes(list_divergences(campagne(tmp_path, vus, dits)))
    assert [(r[0].split()[0], r[1]) for r in lus] == [("1.01.a", "Accueil"), ("1.01.b", "Standard")]


def test_without_the_auditor_nothing_is_compared(tmp_path: Path) -> None:
    """No rating of the auditor: the lists say what is missing."""
    lue = load_petite(tmp_path, {"autodiagnostic": rangs(list(DECLARE))}, criteres=CRITERES)
    attendu = "cotations de l’auditeur (fichier verification.csv)"
    assert list_divergences(lue).manque == list_ecart_verification(lue).manque == attendu
    assert measure_verifie(lue).manque == attendu


def test_checks_answers_and_decisions_are_late_the_day_after(tmp_path: Path) -> None:
    """On the due day nothing is late; a check never done is; an answer to come is not given."""
    controle = {"libelle": "relevé", "frequence_jours": "31", "resultat": "conforme"}
    tables = {
        "controles": [
            {"code": "C1", "dernier": "2022-03-01", **controle},
            {"code": "C2", "dernier": "2022-02-28", **controle},
            {"code": "C3", "dernier": "", **controle},
            {"code": "C4", "dernier": "2022-02-28", **controle, "frequence_jours": "999999999"},
        ],
        "usagers": [
            {"code": "U1", "date": "2022-01-01", "instance": "CLU", "objet": "bancs",
             "reponse": "posés", "date_reponse": "2022-04-01"},
            {"code": "U2", "date": "2022-01-02", "instance": "CLU", "objet": "plan",
             "reponse": "fait", "date_reponse": "2022-04-02"},
            {"code": "U3", "date": "2022-01-03", "instance": "CLU", "objet": "file"},
        ],
        "decisions": [
            {"code": "D1", "date": "2022-01-01", "comite": "COPIL", "decision": "a",
             "echeance": "2022-04-01", "statut": "ouverte"},
            {"code": "D2", "date": "2022-01-01", "comite": "COPIL", "decision": "b",
             "echeance": "2022-03-31", "statut": "ouverte"},
            {"code": "D3", "date": "2022-01-01", "comite": "COPIL", "decision": "c",
             "echeance": "2022-03-31", "statut": "faite"},
        ],
    }  # fmt: skip
    lue = load_petite(tmp_path, tables, criteres=CRITERES)
    assert [r[-1] for r in textes(list_controles(lue))] == [
        "à jour", "en retard", "jamais fait", "à jour",
    ]  # fmt: skip
    assert [r[-1] for r in textes(list_usagers(lue))] == ["répondu", "sans réponse", "sans réponse"]
    assert [r[-1] for r in textes(list_decisions(lue))] == ["ouverte", "en retard", "faite"]
    assert measure_controles(lue).ligne("en_retard").lignes == (3,)
