"""A wave is planned to prove, drawn even and blind, and its grids come back as they were filled."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from pathlib import Path
from random import Random

import pytest
from click.testing import CliRunner

from qualepref_lib.__main__ import cli
from qualepref_lib.campagne import Campagne, load_campagne
from qualepref_lib.core.essais import plan_essais
from qualepref_lib.core.refus import Refus, Releve
from qualepref_lib.formats.classeur import load_classeur
from qualepref_lib.running.mystere.affectation import Demande, TestPrevu, assign, conflits
from qualepref_lib.running.mystere.annonce import texte_table
from qualepref_lib.running.mystere.etat import texte_etat
from qualepref_lib.running.mystere.grilles import feuille_de, write_grilles
from qualepref_lib.running.mystere.plan import (
    effectifs_de,
    load_plan,
    services_de,
    write_plan,
)

RACINE = Path(__file__).parents[1]
FERIES = {dt.date(2022, 4, 15), dt.date(2022, 4, 18), dt.date(2022, 5, 26), dt.date(2022, 6, 6)}
"""The public holidays of Moselle that fall on a weekday in April, May and June 2022."""


@pytest.fixture(scope="module")
def campagne() -> Campagne:
    """The demonstration, read once."""
    return load_campagne("moselle_2022")


def demande(graine: int, n: int = 14, testeurs: int = 4, **autres: object) -> Demande:
    """A wave of spring 2022, with n tests on each grid."""
    grilles = ("visite", "appel", "courrier", "courriel", "formulaire", "site", "reseau_social")
    return Demande(
        "2022-V2", dt.date(2022, 4, 11), dt.date(2022, 6, 10), dict.fromkeys(grilles, n), testeurs,
        dict.fromkeys(grilles, ("accueil", "standard", "titres")), ("seul", "parent"),
        graine=graine, **autres,
    )  # fmt: skip


def ecart(valeurs: list[str], niveaux: int) -> int:
    """The widest gap between two counts, a level never drawn included."""
    comptes = list(Counter(valeurs).values())
    return max(comptes) - (min(comptes) if len(comptes) == niveaux else 0)


def test_the_smallest_wave_that_proves(campagne: Campagne) -> None:
    """Fourteen faultless tests prove 80 %; twenty-two with one fault; a number given wins."""
    jour = dt.date(2022, 5, 2)
    assert set(effectifs_de(campagne, jour, 0, 0.95, {}).values()) == {14}
    assert set(effectifs_de(campagne, jour, 1, 0.95, {}).values()) == {22}
    assert effectifs_de(campagne, jour, 0, 0.95, {"appel": 30}) == {"appel": 30}
    with pytest.raises(Refus, match="« apel » n’est pas une grille") as refus:
        effectifs_de(campagne, jour, 0, 0.95, {"apel": 3, "site": 2})
    assert "appel" in str(refus.value)


def test_a_hundred_waves_are_even(campagne: Campagne) -> None:
    """Whatever the seed, each factor of each channel is even within one, testers in all too."""
    for graine in range(100):
        hasard = Random(graine)
        n, testeurs = 5 + int(hasard.random() * 20), 2 + int(hasard.random() * 4)
        tests = assign(campagne, demande(graine, n, testeurs))
        assert len(tests) == 7 * n and len({t.test for t in tests}) == 7 * n
        assert ecart([t.testeur for t in tests], testeurs) <= 1
        for grille in campagne.referentiel.grilles:
            siens = [t for t in tests if t.grille == grille.code]
            jours = [str(t.date.weekday()) for t in siens]
            niveaux = {
                "testeur": testeurs, "service": 3, "profil": 2, "scenario": len(grille.scenarios)
            }  # fmt: skip
            for nom, combien in niveaux.items():
                valeurs = [getattr(t, nom) for t in siens]
                assert ecart(valeurs, min(n, combien)) <= 1, (graine, grille.code, nom)
            assert ecart(jours, 5) <= 1, (graine, grille.code)


def test_days_off_and_hours_are_respected(campagne: Campagne) -> None:
    """Nobody tests on a holiday of Moselle, on a week-end, or while the doors are shut."""
    tests = assign(campagne, demande(3, 40))
    assert not {t.date for t in tests} & FERIES
    assert all(t.date.weekday() < 5 for t in tests)
    for test in tests:
        if test.grille == "visite":
            assert test.creneau in {
                "08h30-09h", "09h-10h", "10h-11h", "11h-12h", "13h30-14h", "14h-15h", "15h-15h30",
            }  # fmt: skip
    assert {t.creneau for t in tests if t.grille == "courrier"} == {""}


def test_the_same_seed_draws_the_same_wave(campagne: Campagne) -> None:
    """A draw can be made again; another seed gives another wave."""
    assert assign(campagne, demande(5)) == assign(campagne, demande(5))
    assert assign(campagne, demande(5)) != assign(campagne, demande(6))


def test_no_tester_is_in_two_places(campagne: Campagne) -> None:
    """In two months nobody meets one service twice on a day, nor has two tests in one hour."""
    assert conflits(assign(campagne, demande(7))) == []


def test_doubles_are_rated_by_somebody_else(campagne: Campagne) -> None:
    """A test rated twice is one that leaves a trace, and the second tester is another."""
    tests = assign(campagne, demande(2, doubles=6))
    doubles = [t for t in tests if t.codage == "double"]
    simples = {t.test: t for t in tests if not t.codage}
    assert len(doubles) == 6
    assert all(simples[t.test].testeur != t.testeur and not t.creneau for t in doubles)


def test_a_plan_is_drawn_once(campagne: Campagne, tmp_path: Path) -> None:
    """The plan reads back as it was drawn, and a second draw does not replace it."""
    tests = assign(campagne, demande(1))
    chemin = write_plan(tmp_path / "plan.csv", tests)
    assert load_plan(chemin) == tests
    with pytest.raises(Refus, match="existe déjà"):
        write_plan(chemin, tests)
    with pytest.raises(Refus, match="aucun plan"):
        load_plan(tmp_path / "autre.csv")


def test_services_tested_before_are_tested_again(campagne: Campagne) -> None:
    """Without a choice, each channel tests the services that it tested in the waves before."""
    assert services_de(campagne, ())["appel"] == ("direction de l'intégration et de l'immigration",
                                                  "standard")  # fmt: skip
    assert services_de(campagne, ("CERT",))["appel"] == ("CERT",)


@pytest.mark.parametrize("extension", ["xlsx", "ods"])
def test_grids_are_blind(campagne: Campagne, extension: str, tmp_path: Path) -> None:
    """One workbook a tester, one sheet a channel; no target, no limit, no past result."""
    tests = assign(campagne, demande(1, 4, 2))
    chemins = write_grilles(campagne, tests, tmp_path, extension)
    assert [c.name for c in chemins] == [f"grille_2022-V2_T{k}.{extension}" for k in (1, 2)]
    releve = Releve()
    for grille in campagne.referentiel.grilles:
        brut = load_classeur(chemins[0], "grille", releve, feuille_de(grille))
        assert brut is not None and not releve.problemes
        attendus = [t for t in tests if t.grille == grille.code and t.testeur == "T1"]
        assert sorted(brut["Test"]) == sorted(t.test for t in attendus)
        entetes = " ".join(brut.columns)
        assert all(f"[{o.code}]" in entetes for o in grille.observations)
        for mot in ("cible", "80", "au plus", "maximum", "conforme"):
            assert mot not in entetes.lower()
    page = chemins[0].with_suffix(".html").read_text(encoding="utf-8").lower()
    assert "compté d’après la date de réponse" in page
    assert not [mot for mot in ("cible", "80 %", "maximum", "conforme") if mot in page]
    with pytest.raises(Refus, match="existe"):
        write_grilles(campagne, tests, tmp_path, extension)


def test_an_answer_is_known_only_when_nothing_can_change_it(campagne: Campagne) -> None:
    """None of 14 visits saw the results displayed: two more cannot change that; a done wave can."""

    def passe(numero: str) -> TestPrevu:
        jour = dt.date(2022, 3, 1)
        return TestPrevu("2022-V1", numero, "visite", "", jour, "", "", "T1", "", "")

    faites = [passe(f"V{n:02d}") for n in range(1, 15)]
    dit = "\n".join(texte_etat(campagne, faites))
    assert "14 tests faits sur 14" in dit and "déjà connue" not in dit
    dit = "\n".join(texte_etat(campagne, [*faites, passe("V15"), passe("V16")]))
    connues = [ligne for ligne in dit.splitlines() if "déjà connue" in ligne]
    (affiches,) = [ligne for ligne in connues if "0 oui sur 14, 2 tests à faire" in ligne]
    assert "contredite" in affiches
    # 14 of 14 would prove 80 %, but two faults among the two to come would not.
    assert not any("14 oui sur 14" in ligne for ligne in connues)


@pytest.mark.parametrize(("cible", "confiance"), [(0.8, 0.95), (0.9, 0.9), (0.5, 0.95), (1, 0.95)])
def test_the_whole_table_has_every_case_once(cible: float, confiance: float) -> None:
    """Each number of faults of each wave is in one column, that of its decision."""
    plan, issues = plan_essais(cible, confiance, 40), ("prouvé", "non démontré", "contredit")
    _, *rangees = texte_table(plan, [40], entiere=True)
    assert len(rangees) == 40
    for n, rangee in enumerate(rangees, 1):
        taille, *colonnes = re.split(r"\s{2,}", rangee.replace("\u00a0", " ").strip())
        assert int(taille) == n
        dites = [
            (decision, f)
            for decision, texte in zip(issues, colonnes, strict=True)
            for f in _bornes(texte)
        ]
        assert dites == [(plan.issue(n, f), f) for f in range(n + 1)]


def _bornes(texte: str) -> range:
    """The numbers of faults of « 1 à 5 fautes », « 2 fautes » or « – »."""
    nombres = [int(n) for n in re.findall(r"\d+", texte)]
    return range(nombres[0], nombres[-1] + 1) if nombres else range(0)


def test_planning_on_the_command_line(tmp_path: Path) -> None:
    """The whole table is printed, the plan written; wrong options are told in French."""
    commande = ["mystere", "plan", "moselle_2022", "--vague", "2022-V2", "--debut", "2022-05-02",
                "--fin", "2022-05-31", "--sortie", str(tmp_path)]  # fmt: skip
    fait = CliRunner().invoke(cli, commande)
    assert fait.exit_code == 0, fait.output
    assert "14 tests sans aucune faute" in fait.output
    assert "14      0 faute           1 à 5 fautes      6 à 14 fautes\n" in fait.output
    # 0.9^14 = 22.9 %: a service at 90 % is proved by 14 tests less than one time in four.
    assert "90 % le prouverait 23 fois sur 100" in fait.output.replace("\u00a0", " ")
    assert '{code: "2022-V2", libelle: "…", debut: 2022-05-02, fin: 2022-05-31}' in fait.output
    assert "sources, mystere, fin: 2022-05-31" in fait.output
    assert (tmp_path / "plan.csv").exists()
    faux = CliRunner().invoke(cli, [*commande, "--nombre", "appel"])
    assert faux.exit_code == 2 and "grille=nombre" in faux.output
    inverse = [*commande[:-4], "2022-04-01", *commande[-3:]]
    assert CliRunner().invoke(cli, inverse).exit_code == 2
