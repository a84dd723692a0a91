"""Triangulation: each lens has its rule, and a lead is raised when sources disagree or agree."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from petite_campagne import load_petite, questionnaire

from qualepref_lib.campagne import Campagne, load_campagne
from qualepref_lib.constats import (
    Croisement,
    compare_declare_observe,
    compare_regards,
    list_contradictions,
    list_convergences,
    list_matrice,
)
from qualepref_lib.core.bilan import Bilan, Ligne, Liste, Renvoi, Source
from qualepref_lib.core.mesures import Taux
from qualepref_lib.display.blocs import BlocAvis, BlocTableau
from qualepref_lib.display.html import render_bloc
from qualepref_lib.display.tableau import Tableau

CRITERES = {"1": {"1.01": {f"1.01.{x}": ["telephonie"] for x in "abcde"}}}
NOMS = ("déclaré", "prouvé", "observé", "ressenti", "mesuré")


def campagne(
    racine: Path,
    declare: str = "",
    prouves: int | None = None,
    tests: tuple[int, int] | None = None,
    reponses: tuple[int, int] | None = None,
    **edition: Any,
) -> Campagne:
    """One engagement of five criteria: ratings (``r p n`` or a dot), proofs, tests, answers."""
    mots = {"r": "réalisé", "p": "partiel", "n": "non réalisé", ".": ""}
    tables: dict[str, Any] = {}
    if declare:
        tables["autodiagnostic"] = [
            {"critere": f"1.01.{x}", "cotation": mots[c]}
            for x, c in zip("abcde", declare, strict=True)
        ]
    if prouves is not None:
        tables["preuves"] = [
            {"code": f"P{x}", "libelle": "Une preuve", "criteres": f"1.01.{x}",
             "date_effet": "2022-03-01" if rang < prouves else "2000-01-01", "validite_jours": "92"}
            for rang, x in enumerate("abcde")
        ]  # fmt: skip
    if tests:
        tables["mystere"] = [
            {"vague": "V1", "test": f"T{i}", "grille": "appel", "date": "2022-03-01",
             "abouti": "oui", "observation": "appel.salut",
             "reponse": "oui" if i < tests[0] else "non"}
            for i in range(tests[1])
        ]  # fmt: skip
    if reponses:
        tables["enquete"] = [
            {"reponse": f"R{i}", "date": "2022-03-01",
             "accueil": "très satisfait" if i < reponses[0] else "pas du tout satisfait"}
            for i in range(reponses[1])
        ]  # fmt: skip
    observation = {"code": "appel.salut", "libelle": "L’agent salue", "engagements": ["1.01"]}
    grille = {
        "code": "appel",
        "libelle": "Appels",
        "canal": "telephonie",
        "cibles": [{"depuis": "2020-01-01", "valeur": "0.8", "source": "essai"}],
        "observations": [observation],
    }
    question = {"code": "accueil", "libelle": "L’accueil ?", "court": "Accueil",
                "genre": "echelle", "echelle": "satisfaction", "engagements": ["1.01"]}  # fmt: skip
    reglages = {
        "criteres": CRITERES,
        "cible": "0.8",
        "grilles": [grille],
        "questionnaire": questionnaire([question], "accueil"),
    }
    return load_petite(racine, tables, **(reglages | edition))


def croise(lue: Campagne) -> Croisement:
    """The only engagement of a campaign under its lenses."""
    (seul,) = compare_regards(lue)
    return seul


def verdicts(lue: Campagne) -> dict[str, str]:
    """The word of each lens."""
    return {r.nom: r.verdict for r in croise(lue).regards}


def mots(liste: Liste) -> list[list[str]]:
    """The rows of a list as plain texts."""
    return [[c.texte if isinstance(c, Renvoi) else c for c in ligne] for ligne in liste.lignes]


@pytest.mark.parametrize(
    ("declare", "verdict", "tenu"),
    [
        ("rrrrn", "conforme", True),  # 4 sur 5, the target itself
        ("rrrpn", "fragile", True),  # 3,5 sur 5
        ("rrpnn", "fragile", True),  # 2,5 sur 5: the threshold is not under itself
        ("rrnnn", "écart", False),  # 2 sur 5
        ("rrrr.", "conforme", True),  # between 4 and 5 sur 5
        ("rr...", "fragile", False),  # between 2 and 5 sur 5: the open ones may still decide
        ("nn.rr", "fragile", False),  # 2 sur 4, but between 2 and 3 sur 5: not surely kept
        (".....", "non évalué", False),
    ],
)
def test_declare(tmp_path: Path, declare: str, verdict: str, tenu: bool) -> None:
    """A census is judged by its bounds: conforme from the target, écart under the axes."""
    regard = croise(campagne(tmp_path, declare)).regards[0]
    assert (regard.nom, regard.verdict, regard.tenu) == ("déclaré", verdict, tenu)


@pytest.mark.parametrize(
    ("prouves", "verdict"),
    [(5, "conforme"), (4, "conforme"), (3, "fragile"), (2, "écart"), (0, "écart")],
)
def test_prouve(tmp_path: Path, prouves: int, verdict: str) -> None:
    """The proven lens has the rule of the declared one, on the criteria with a valid proof."""
    assert verdicts(campagne(tmp_path, "rrrrr", prouves))["prouvé"] == verdict


@pytest.mark.parametrize(
    ("tests", "verdict"),
    [((14, 14), "conforme"), ((18, 20), "fragile"), ((13, 13), "fragile"), ((2, 14), "écart")],
)
def test_observe(tmp_path: Path, tests: tuple[int, int], verdict: str) -> None:
    """What is observed follows the exact decision: proven, not proven, contradicted."""
    assert verdicts(campagne(tmp_path, tests=tests))["observé"] == verdict


@pytest.mark.parametrize(
    ("reponses", "verdict"),
    [((95, 100), "conforme"), ((80, 100), "fragile"), ((50, 100), "écart")],
)
def test_ressenti(tmp_path: Path, reponses: tuple[int, int], verdict: str) -> None:
    """What is felt is judged by its whole interval against the target."""
    assert verdicts(campagne(tmp_path, reponses=reponses))["ressenti"] == verdict


def test_la_cible_de_l_enquete_prime(tmp_path: Path) -> None:
    """A survey may have a target of its own; the edition's only stands in for it."""
    fiche = questionnaire(
        [{"code": "accueil", "libelle": "L’accueil ?", "court": "Accueil", "genre": "echelle",
          "echelle": "satisfaction", "engagements": ["1.01"]}],
        "accueil",
    )  # fmt: skip
    fiche["cibles"] = [{"depuis": "2020-01-01", "valeur": "0.5", "source": "essai"}]
    lue = campagne(tmp_path, reponses=(50, 100), questionnaire=fiche)
    assert verdicts(lue)["ressenti"] == "fragile"


def test_sans_donnees_rien_n_est_juge(tmp_path: Path) -> None:
    """A lens without data says « non évalué », which is no judgement, and raises nothing."""
    lue = campagne(tmp_path, "rrrrr")
    assert verdicts(lue) == dict.fromkeys(NOMS, "non évalué") | {"déclaré": "conforme"}
    for liste in (list_contradictions(lue), list_convergences(lue)):
        assert "mystere.csv" in liste.manque and "enquete.csv" in liste.manque
        assert isinstance(Tableau(liste).bloc(), BlocAvis)


def test_contradiction(tmp_path: Path) -> None:
    """Declared at the target, contradicted by the tests: a lead with both figures."""
    lue = campagne(tmp_path, "rrrrr", tests=(2, 14))
    liste = list_contradictions(lue)
    assert mots(liste) == [
        [
            "1.01 engagement 1.01",
            "déclaré : 5 sur 5",
            "observé : 2 sur 14 (14\u00a0%)",
            "Conforme selon le déclaré, mais en écart selon l’observé (« L’agent salue » "
            "(Appels) : la cible de 80\u00a0% est contredite).",
        ]
    ]
    fiches = {c.code: c for c in liste.chiffres}
    assert fiches["mystere.conformite.appel.salut"].lignes == "2-15"
    assert fiches["autodiagnostic.engagement.1.01"].lignes == "2-6"
    assert not list_convergences(lue).lignes


def test_declare_a_moitie_suffit(tmp_path: Path) -> None:
    """An engagement that is no axis of progress is held for kept in part."""
    lue = campagne(tmp_path, "rrrnn", reponses=(50, 100))
    assert "Tenu en partie selon le déclaré" in mots(list_contradictions(lue))[0][-1]


def test_realise_sans_preuve_est_une_contradiction(tmp_path: Path) -> None:
    """What is declared and what is proven may contradict each other."""
    lue = campagne(tmp_path, "rrrrr", prouves=0, reponses=(80, 100))
    assert mots(list_contradictions(lue))[0][2] == "prouvé : 0 sur 5"


def test_convergence(tmp_path: Path) -> None:
    """A gap that two sources see, and none denies, is a confirmed weakness, no contradiction."""
    lue = campagne(tmp_path, "rnnnn", tests=(2, 14))
    assert not list_contradictions(lue).lignes
    (rang,) = mots(list_convergences(lue))
    assert rang[1:3] == ["déclaré : 1 sur 5", "observé : 2 sur 14 (14\u00a0%)"]
    assert rang[3].startswith("En écart selon le déclaré (")


def test_declare_et_prouve_sont_une_seule_source(tmp_path: Path) -> None:
    """Little declared is little proven: that alone confirms nothing."""
    lue = campagne(tmp_path, "rnnnn", prouves=5, reponses=(80, 100))
    assert verdicts(lue)["prouvé"] == verdicts(lue)["déclaré"] == "écart"
    assert not list_convergences(lue).lignes and not list_contradictions(lue).lignes


def test_matrice(tmp_path: Path) -> None:
    """The matrix says a sign and a word, readable in grey and aloud, each with its figure."""
    bloc = Tableau(list_matrice(campagne(tmp_path, "rrrrr", tests=(2, 14)))).bloc()
    assert isinstance(bloc, BlocTableau)
    assert [c.titre for c in bloc.grille.colonnes[1:]] == [n.capitalize() for n in NOMS]
    cellules = dict(zip(NOMS, bloc.grille.lignes[0][1:], strict=True))
    assert (cellules["déclaré"].texte, cellules["déclaré"].statut) == ("conforme", "bien")
    assert cellules["observé"].chiffre == "mystere.conformite.appel.salut"
    assert (cellules["mesuré"].texte, cellules["mesuré"].chiffre) == ("non évalué", "")
    page = render_bloc(bloc, liens=True)
    assert '<b aria-hidden="true">✖</b>' in page
    assert 'href="#c-mystere-conformite-appel-salut">écart</a>' in page


def test_rang_des_pistes(tmp_path: Path) -> None:
    """The most gaps come first, then the widest; a list may be cut, and says so."""
    lue = load_campagne("moselle_2022")
    croises = {c.engagement.code: c for c in compare_regards(lue)}
    liste = list_contradictions(lue)
    codes = [rang[0].split()[0] for rang in mots(liste)]
    rangs = [(-len(croises[code].ecarts), -croises[code].largeur) for code in codes]
    assert rangs == sorted(rangs)
    coupe = list_contradictions(lue, au_plus=2)
    assert [r[0] for r in mots(coupe)] == [r[0] for r in mots(liste)[:2]]
    assert f"2 montrés sur {len(codes)}" in coupe.champ


def test_la_demonstration_leve_le_courrier_et_le_telephone() -> None:
    """Mail and the telephone are raised, each engagement in one list; the website is in none."""
    lue = load_campagne("moselle_2022")
    contredits = {rang[0].split()[0] for rang in mots(list_contradictions(lue))}
    confirmes = {rang[0].split()[0] for rang in mots(list_convergences(lue))}
    assert {"1.14", "1.17"} <= confirmes
    assert {"1.13", "1.18"} <= contredits
    assert not {"1.15", "1.16"} & (contredits | confirmes)
    assert not contredits & confirmes


def test_declare_face_a_observe() -> None:
    """Two bilans alone: declared at the target where a criterion is contradicted."""
    source = Source("a.csv", "", "A")
    champs: dict[str, Any] = {"titre": "T", "unite": "u", "formule": "f", "champ": "c",
                              "source": source, "plan": "recensement"}  # fmt: skip
    dits = (Ligne("1.01", "un", Taux(4, 5)), Ligne("1.02", "deux", Taux(1, 5)))
    declare = Bilan("d", lignes=dits, **champs)
    vu = Ligne("o", "vu", Taux(1, 14), groupe="G", cible=Taux(4, 5).valeur, statut="contredit")
    observe = Bilan("o", lignes=(vu,), **champs)
    (constat,) = compare_declare_observe(declare, observe, {"o": ("1.01", "1.02")})
    assert (constat.engagement, constat.type, constat.second) == ("1.01", "", vu)
