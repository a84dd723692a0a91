"""The demonstration survey and mystery wave, recounted without any of our analyses."""

from __future__ import annotations

import csv
import datetime as dt
import importlib
import re
from collections import Counter
from math import comb
from pathlib import Path

import pytest
import yaml

from qualepref_lib.core.masques import masquer

RACINE = Path(__file__).resolve().parents[1]
EDITION = RACINE / "data" / "referentiel" / "demonstration"
CAMPAGNE = RACINE / "data" / "campagnes" / "moselle_2022"
FAVORABLES = {"très satisfait", "plutôt satisfait"}
QUALITE_ECRITE = ("reponse_complete", "lisibilite", "identite", "referent", "signature")
Ligne = dict[str, str]


def _lire(nom: str) -> list[Ligne]:
    with (CAMPAGNE / nom).open(encoding="utf-8", newline="") as fichier:
        return list(csv.DictReader(fichier, delimiter=";"))


def _yaml(chemin: Path) -> dict:
    return yaml.load(chemin.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)


@pytest.fixture(scope="module")
def enquete() -> list[Ligne]:
    return _lire("enquete.csv")


@pytest.fixture(scope="module")
def mystere() -> list[Ligne]:
    return _lire("mystere.csv")


@pytest.fixture(scope="module")
def grilles() -> dict[str, dict]:
    lues = [_yaml(chemin) for chemin in sorted((EDITION / "mystere").glob("*.yaml"))]
    return {grille["code"]: grille for grille in lues}


@pytest.fixture(scope="module")
def modalites() -> dict[str, set[str] | None]:
    """The labels admitted for each question, None for a free text."""
    questionnaire = _yaml(EDITION / "questionnaire.yaml")
    echelles = {e["code"]: e["modalites"] for e in questionnaire["echelles"]}
    questions = [q for partie in questionnaire["parties"] for q in partie["questions"]]
    return {
        q["code"]: None
        if q["genre"] == "texte"
        else {m["libelle"] for m in q.get("modalites") or echelles[q["echelle"]]}
        for q in questions
    }


def _tests(mystere: list[Ligne], grille: str) -> dict[str, list[Ligne]]:
    tests: dict[str, list[Ligne]] = {}
    for ligne in mystere:
        if ligne["grille"] == grille and ligne["codage"] != "double":
            tests.setdefault(ligne["test"], []).append(ligne)
    return tests


def _reponses(mystere: list[Ligne], *observations: str) -> Counter[str]:
    return Counter(ligne["reponse"] for ligne in mystere if ligne["observation"] in observations)


def _au_plus(favorables: int, essais: int, part: float) -> float:
    """The chance of at most so many favourable tests if their true share were ``part``."""
    return sum(
        comb(essais, k) * part**k * (1 - part) ** (essais - k) for k in range(favorables + 1)
    )


def _part_favorable(enquete: list[Ligne], question: str) -> float:
    exprimes = [r[question] for r in enquete if r[question] not in ("", "sans opinion")]
    return sum(reponse in FAVORABLES for reponse in exprimes) / len(exprimes)


def test_171_answers_between_10_march_and_7_april_2021(enquete: list[Ligne]) -> None:
    """The survey holds 171 distinct answers, the first and the last day of it included."""
    dates = sorted(ligne["date"] for ligne in enquete)
    assert len(enquete) == len({ligne["reponse"] for ligne in enquete}) == 171
    assert (dates[0], dates[-1]) == ("2021-03-10", "2021-04-07")


def test_92_of_171_are_satisfied_with_reception(enquete: list[Ligne]) -> None:
    """Everyone answered on reception as a whole, and 92 of 171, 53.8 %, are favourable."""
    reponses = Counter(ligne["accueil_global"] for ligne in enquete)
    assert reponses[""] == reponses["sans opinion"] == 0
    assert sum(reponses[modalite] for modalite in FAVORABLES) == 92


def test_two_services_clearly_receive_most_visits(enquete: list[Ligne]) -> None:
    """Integration and the digital point come first, far before the third, with most visits."""
    services = Counter(s for ligne in enquete for s in ligne["services_visites"].split(" | "))
    (premier, n1), (second, n2), (_, n3) = services.most_common(3)
    assert premier == "direction de l'intégration et de l'immigration"
    assert second == "point numérique"
    assert n1 + n2 > services.total() / 2 and n2 >= 1.5 * n3


def test_the_wait_is_the_worst_item_and_courtesy_the_best(enquete: list[Ligne]) -> None:
    """Among the items rated on the satisfaction scale, waiting is last and courtesy first."""
    questions = [q for q in enquete[0] if FAVORABLES & {ligne[q] for ligne in enquete}]
    parts = {q: _part_favorable(enquete, q) for q in questions}
    assert min(parts, key=parts.__getitem__) == "attente"
    assert max(parts, key=parts.__getitem__) == "courtoisie"


def test_every_answer_is_one_of_the_questionnaire(
    enquete: list[Ligne], modalites: dict[str, set[str] | None]
) -> None:
    """The columns are the questions in their order, and each cell holds admitted labels."""
    assert list(enquete[0]) == ["reponse", "date", *modalites]
    for question, admises in modalites.items():
        donnees = {m for ligne in enquete for m in ligne[question].split(" | ") if m}
        assert admises is None or donnees <= admises, question


def test_some_suggestions_hold_invented_personal_data(enquete: list[Ligne]) -> None:
    """42 free texts: most hold nothing that points to someone, twelve are there to be masked."""
    textes = [ligne["suggestions"] for ligne in enquete if ligne["suggestions"]]
    assert len(textes) == 42 and max(Counter(textes).values()) <= 2
    masques = {texte: masquer(texte).genres for texte in textes if masquer(texte).genres}
    assert len(masques) == 12
    # Their telephone numbers are among those that are kept for works of fiction.
    fictifs = [t for t, genres in masques.items() if "telephone" in genres]
    assert fictifs and all(re.search(r"0?6[ .]39[ .]98", t) for t in fictifs)
    restants = [t for t in textes if t not in masques]
    assert not [t for t in restants if "@" in t or any(c.isdigit() for c in t)]


@pytest.mark.parametrize(
    ("grille", "tests", "non_aboutis"),
    [
        ("visite", 14, 0),
        ("appel", 20, 4),
        ("courrier", 8, 0),
        ("courriel", 12, 0),
        ("site", 6, 0),
        ("reseau_social", 6, 0),
    ],
)
def test_the_wave_has_its_number_of_tests(
    mystere: list[Ligne], grille: str, tests: int, non_aboutis: int
) -> None:
    """Each grid has the planned number of tests, and four calls reached nobody."""
    groupes = _tests(mystere, grille)
    assert len(groupes) == tests
    assert sum(lignes[0]["abouti"] == "non" for lignes in groupes.values()) == non_aboutis


def test_tests_are_made_on_business_days_of_the_wave(mystere: list[Ligne]) -> None:
    """Every test is of wave 2022-V1, from Monday to Friday, 21 February to 25 March 2022."""
    jours = {dt.date.fromisoformat(ligne["date"]) for ligne in mystere}
    assert {ligne["vague"] for ligne in mystere} == {"2022-V1"}
    assert (min(jours), max(jours)) == (dt.date(2022, 2, 21), dt.date(2022, 3, 25))
    assert all(jour.weekday() < 5 for jour in jours)


def test_a_reached_test_fills_its_whole_grid(
    mystere: list[Ligne], grilles: dict[str, dict]
) -> None:
    """A reached test has one row per observation of its grid; any other has a single empty one."""
    for code, grille in grilles.items():
        attendues = sorted(o["code"] for o in grille["observations"])
        for lignes in _tests(mystere, code).values():
            abouti = lignes[0]["abouti"] == "oui"
            assert sorted(ligne["observation"] for ligne in lignes) == (
                attendues if abouti else [""]
            )


def test_every_answer_is_known_to_the_grids(mystere: list[Ligne], grilles: dict[str, dict]) -> None:
    """A criterion says oui, non or sans objet; a measure has a number or says sans objet."""
    mesures = {
        o["code"]: o.get("genre") == "mesure" for g in grilles.values() for o in g["observations"]
    }
    for ligne in mystere:
        if ligne["abouti"] == "non":
            assert (ligne["reponse"], ligne["valeur"]) == ("", "")
        elif mesures[ligne["observation"]]:
            assert (ligne["reponse"] == "sans objet") != ligne["valeur"].isdigit()
        else:
            assert ligne["reponse"] in ("oui", "non", "sans objet") and not ligne["valeur"]
        assert ligne["scenario"] in grilles[ligne["grille"]]["scenarios"]


@pytest.mark.parametrize("grille", ["courrier", "courriel"])
def test_in_time_means_that_the_delay_is_within_the_maximum(
    mystere: list[Ligne], grilles: dict[str, dict], grille: str
) -> None:
    """« In time » and the measured delay agree; without an answer, its quality is sans objet."""
    delai = next(o for o in grilles[grille]["observations"] if o["code"] == f"{grille}.delai")
    for lignes in _tests(mystere, grille).values():
        dit = {ligne["observation"].split(".")[1]: ligne for ligne in lignes}
        jours = dit["delai"]["valeur"]
        a_temps = bool(jours) and int(jours) <= int(delai["maximum"])
        assert dit["reponse_delai"]["reponse"] == ("oui" if a_temps else "non")
        for qualite in dit.keys() & set(QUALITE_ECRITE):
            assert (dit[qualite]["reponse"] == "sans objet") == (not jours)


def test_14_faultless_greetings_prove_the_target(mystere: list[Ligne]) -> None:
    """14 greetings in 14 visits would happen in less than 5 % of cases at 80 %."""
    assert _reponses(mystere, "visite.salutation") == {"oui": 14}
    assert 0.8**14 < 0.05


@pytest.mark.parametrize(
    ("observations", "a_temps", "tests"),
    [
        (("courrier.reponse_delai",), 2, 8),
        (("courrier.reponse_delai", "courriel.reponse_delai"), 5, 20),
    ],
)
def test_the_delay_of_letters_contradicts_the_target(
    mystere: list[Ligne], observations: tuple[str, ...], a_temps: int, tests: int
) -> None:
    """2 letters of 8, 5 letters and e-mails of 20: so few would happen in less than 5 % at 80 %."""
    assert _reponses(mystere, *observations) == {"oui": a_temps, "non": tests - a_temps}
    assert _au_plus(a_temps, tests, 0.8) < 0.05


@pytest.mark.parametrize("source", ["enquete", "mystere"])
def test_the_scripts_remake_the_same_bytes(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, source: str
) -> None:
    """Running the script again gives the committed file, byte for byte, without a CR or a BOM."""
    monkeypatch.syspath_prepend(RACINE / "data" / "fabrique")
    ecrire = getattr(importlib.import_module(source), f"write_{source}")
    ecrire(tmp_path)
    octets = (tmp_path / f"{source}.csv").read_bytes()
    assert octets == (CAMPAGNE / f"{source}.csv").read_bytes()
    assert b"\r" not in octets and not octets.startswith(b"\xef\xbb\xbf")


def test_short_labels_fit_a_chart_and_codes_are_plain_words() -> None:
    """Question codes are short ASCII words, and no short label is longer than 32 characters."""
    questionnaire = _yaml(EDITION / "questionnaire.yaml")
    for question in (q for partie in questionnaire["parties"] for q in partie["questions"]):
        assert question["code"].isascii() and question["code"].isidentifier()
        assert question["code"].islower() and len(question["court"]) <= 32
