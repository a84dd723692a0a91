"""What the actions have moved between two editions: read, found stable, or left unknown."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import yaml
from petite_campagne import load_petite, questionnaire
from statsmodels.stats.proportion import confint_proportions_2indep

from qualepref_lib.campagne import Campagne, load_campagne
from qualepref_lib.constats import list_effets, list_ruptures, measure_editions, measure_effets
from qualepref_lib.constats.editions import Paire
from qualepref_lib.constats.effets_lus import read_tire
from qualepref_lib.core.bilan import Renvoi
from qualepref_lib.core.comparaisons import comparer_taux
from qualepref_lib.core.mesures import Ecart, Taux
from qualepref_lib.running.empreintes import hash_demande, hash_precedente

CRITERES = {
    "1": {
        "1.01": {"1.01.a": ["telephonie"], "1.01.b": ["telephonie"]},
        "1.02": {"1.02.a": ["internet"]},
    }
}
QUESTIONS = [
    {"code": "accueil", "libelle": "Accueil ?", "court": "Accueil", "genre": "echelle",
     "echelle": "satisfaction", "engagements": ["1.01"]},
    {"code": "site", "libelle": "Site ?", "court": "Site", "genre": "echelle",
     "echelle": "satisfaction", "engagements": ["1.02"]},
]  # fmt: skip


def action(code: str, criteres: str, **valeurs: str) -> dict[str, str]:
    """An action of the plan, done unless it is said otherwise."""
    commun = {"debut": "2022-01-10", "echeance": "2022-02-10", "statut": "fait", "canaux": ""}
    return {"code": code, "libelle": f"action {code}", "criteres": criteres} | commun | valeurs


def mystere(oui: int, non: int) -> list[dict[str, str]]:
    """Tests of one grid with one criterion."""
    reponses = ["oui"] * oui + ["non"] * non
    return [
        {"vague": "V1", "test": f"T{k:03d}", "grille": "appel", "date": "2022-03-01",
         "abouti": "oui", "observation": "salut", "reponse": r, "valeur": ""}
        for k, r in enumerate(reponses)
    ]  # fmt: skip


def enquete(satisfaits: int, autres: int) -> list[dict[str, str]]:
    """Answers to the survey, alike for both questions."""
    notes = ["très satisfait"] * satisfaits + ["pas du tout satisfait"] * autres
    return [
        {"reponse": f"R{k:03d}", "date": "2022-03-01", "accueil": n, "site": n}
        for k, n in enumerate(notes)
    ]


GRILLE = {
    "code": "appel", "libelle": "Appels", "canal": "telephonie",
    "observations": [{"code": "salut", "libelle": "Salut", "engagements": ["1.01"]}],
}  # fmt: skip


def edition(racine: Path, nom: str, notes: dict[str, str], **tables: Any) -> Campagne:
    """One edition under its own name, beside the others, with a référentiel of its own."""
    criteres = tables.pop("criteres", CRITERES)
    lignes = [{"critere": c, "cotation": n} for c, n in notes.items()]
    load_petite(
        racine / nom,
        {"autodiagnostic": lignes, **tables},
        criteres=criteres,
        grilles=[GRILLE],
        questionnaire=questionnaire(QUESTIONS, "accueil"),
        date_reference="2022-04-01",
    )
    finale = racine / "data"
    (finale / "campagnes").mkdir(parents=True, exist_ok=True)
    (finale / "referentiel").mkdir(exist_ok=True)
    (racine / nom / "referentiel" / "petite").rename(finale / "referentiel" / nom)
    dossier = finale / "campagnes" / nom
    (racine / nom / "campagnes" / "essai").rename(dossier)
    regler(dossier, code=nom, edition=nom, libelle=f"Édition {nom}")
    return load_campagne(dossier)


def regler(dossier: Path, **cles: Any) -> None:
    """Change some keys of a campaign's form."""
    fiche = dossier / "campagne.yaml"
    contenu = yaml.load(fiche.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    texte = yaml.safe_dump(contenu | cles, allow_unicode=True, default_style='"', sort_keys=False)
    fiche.write_text(texte, encoding="utf-8")


AVANT = {"1.01.a": "non réalisé", "1.01.b": "partiel", "1.02.a": "réalisé"}
APRES = {"1.01.a": "réalisé", "1.01.b": "partiel", "1.02.a": "partiel"}


def deux(racine: Path, **precisions: Any) -> Campagne:
    """This edition, which names the one before; ``avant`` and ``apres`` hold their tables."""
    avant, apres = precisions.get("avant", {}), precisions.get("apres", {})
    edition(racine, "hier", avant.pop("notes", AVANT), **avant)
    ici = edition(racine, "ce_jour", apres.pop("notes", APRES), **apres)
    regler(ici.dossier, precedente="hier")
    return load_campagne(ici.dossier)


def lectures(campagne: Campagne) -> dict[tuple[str, str], str]:
    """How each indicator of each action is read."""
    lues = {}
    for nom, indicateur, *_, lecture, _decelable in list_effets(campagne).lignes:
        assert isinstance(lecture, Renvoi)
        lues[str(nom).split(" action")[0], str(indicateur)] = lecture.texte
    return lues


COTATION = "Cotation de ses critères"


def test_the_criteria_of_an_action_are_a_census(tmp_path: Path) -> None:
    """One criterion up, one unchanged, one down: each plain difference is read as it is."""
    plan = [
        action("A1", "1.01.a"), action("A2", "1.01.b"), action("A3", "1.02.a"),
        action("A4", "1.01.a", statut="à faire"), action("A5", "1.01.a", statut="abandonné"),
    ]  # fmt: skip
    campagne = deux(tmp_path, apres={"plan_actions": plan})
    lues = {nom: texte for (nom, ou), texte in lectures(campagne).items() if ou == COTATION}
    assert lues == {"A1": "a progressé", "A2": "n’a pas bougé", "A3": "a reculé"}
    bilan = {li.code: li.mesure for li in measure_effets(campagne).lignes}
    assert bilan["progres"] == bilan["recul"] == bilan["stable"] == Taux(1, 3)


def test_a_census_has_no_interval_and_a_sample_has_newcombe_s(tmp_path: Path) -> None:
    """4 of 20 calls, then 18 of 20: statsmodels gives the same interval, Fisher the p-value."""
    campagne = deux(
        tmp_path,
        avant={"mystere": mystere(4, 16)},
        apres={"mystere": mystere(18, 2), "plan_actions": [action("A1", "1.01.a")]},
    )
    liste = list_effets(campagne)
    par_code = {c.code: c for c in liste.chiffres}
    assert par_code["effets.declare.a1"].intervalle == ""
    bas, haut = confint_proportions_2indep(18, 20, 4, 20, method="newcomb", compare="diff")
    attendu = f"[{100 * bas:.1f} ; {100 * haut:.1f}] points".replace(".", ",")
    assert par_code["effets.observe.salut"].intervalle == attendu
    assert lectures(campagne)["A1", "Observé en mystère : Salut"].startswith(
        "a progressé (p < 0,001"
    )


def test_a_small_sample_cannot_tell_and_says_what_it_could_see(tmp_path: Path) -> None:
    """From 10 of 20 to 13 of 20 nothing is proved; from 50 %, 16 of 20 would have been seen."""
    campagne = deux(
        tmp_path,
        avant={"mystere": mystere(10, 10)},
        apres={"mystere": mystere(13, 7), "plan_actions": [action("A1", "1.01.a")]},
    )
    rang = next(r for r in list_effets(campagne).lignes if "Salut" in str(r[1]))
    assert isinstance(rang[5], Renvoi)
    assert rang[5].texte == "on ne peut pas dire (intervalle trop large)"
    assert rang[6] == "+30 ou −30 points"  # the worked value of core/essais.py
    for favorables, touche_zero in ((15, True), (16, False)):
        bas, _ = confint_proportions_2indep(favorables, 20, 10, 20, method="newcomb")
        assert (bas <= 0) == touche_zero


def paire(k: int, n: int, avant: int, base: int) -> Paire:
    """One indicator in two editions."""
    return Paire("x", "X", frozenset(), "", Taux(k, n), Taux(avant, base))


@pytest.mark.parametrize(
    ("effectifs", "attendu"),
    [
        ((820, 1000, 815, 1000), "n’a pas bougé"),
        ((82, 100, 81, 100), "on ne peut pas dire"),
        ((900, 1000, 820, 1000), "a progressé"),
        ((5, 40, 30, 40), "a reculé"),
    ],
)
def test_stable_takes_an_interval_that_leaves_no_room(
    tmp_path: Path, effectifs: tuple[int, int, int, int], attendu: str
) -> None:
    """« It did not move » is a finding of its own: the whole interval within ten points of zero."""
    campagne = deux(tmp_path)
    p = paire(*effectifs)
    assert p.maintenant and p.avant
    effet = read_tire(campagne, "observe", p, comparer_taux(p.maintenant, p.avant))
    assert effet.lecture == attendu
    assert isinstance(effet.ligne and effet.ligne.mesure, Ecart)


def test_several_samples_are_judged_together(tmp_path: Path) -> None:
    """p = 0,03 alone would do; among three comparisons Holm asks for less: nobody can tell."""
    campagne = deux(
        tmp_path,
        avant={"mystere": mystere(9, 11), "enquete": enquete(50, 50)},
        apres={
            "mystere": mystere(16, 4),
            "enquete": enquete(51, 49),
            "plan_actions": [action("A1", "1.01.a"), action("A2", "1.02.a")],
        },
    )
    seule = comparer_taux(Taux(16, 20), Taux(9, 20)).test
    assert seule.p is not None and seule.p < 0.05
    lue = lectures(campagne)["A1", "Observé en mystère : Salut"]
    assert lue.startswith("on ne peut pas dire (changement non établi") and "3 comparaisons" in lue


def test_an_indicator_is_tied_by_engagement_and_channel(tmp_path: Path) -> None:
    """A2 touches another engagement, A3 another channel: the call speaks for A1 alone."""
    plan = [
        action("A1", "1.01.a", canaux="telephonie"),
        action("A2", "1.02.a"),
        action("A3", "1.01.b", canaux="internet"),
    ]
    campagne = deux(
        tmp_path,
        avant={"mystere": mystere(4, 16)},
        apres={"mystere": mystere(18, 2), "plan_actions": plan},
    )
    assert [nom for nom, ou in lectures(campagne) if "Salut" in ou] == ["A1"]


def test_another_wording_breaks_the_series(tmp_path: Path) -> None:
    """A criterion reworded, one new, one gone: all listed, none compared."""
    nouveaux = {"1": {"1.01": {"1.01.a": ["telephonie"], "1.01.c": ["telephonie"]},
                      "1.02": {"1.02.a": ["internet"]}}}  # fmt: skip
    notes = {"1.01.a": "réalisé", "1.01.c": "réalisé", "1.02.a": "réalisé"}
    plan = [action("A1", "1.01.a"), action("A2", "1.01.c"), action("A3", "1.02.a")]
    campagne = deux(tmp_path, apres={"notes": notes, "criteres": nouveaux, "plan_actions": plan})
    module = tmp_path / "data" / "referentiel" / "ce_jour" / "modules" / "1.yaml"
    texte = module.read_text(encoding="utf-8").replace("critère 1.02.a", "autre libellé")
    module.write_text(texte, encoding="utf-8")
    campagne = load_campagne(campagne.dossier)
    assert [(str(c).split()[0], r) for c, r in list_ruptures(campagne).lignes] == [
        ("1.01.c", "nouveau à cette édition"),
        ("1.02.a", "libellé changé"),
        ("1.01.b", "absent de cette édition"),
    ]
    lues = {nom: texte for (nom, ou), texte in lectures(campagne).items() if ou == COTATION}
    assert lues["A1"] == "a progressé"
    assert lues["A2"].startswith("on ne peut pas dire") and "1.02.a" in lues["A3"]


def test_surveys_collected_otherwise_do_not_compare(tmp_path: Path) -> None:
    """On line last time, by interview now: the question says nothing of the action."""
    campagne = deux(
        tmp_path,
        avant={"enquete": enquete(40, 60)},
        apres={"enquete": enquete(80, 20), "plan_actions": [action("A1", "1.01.a")]},
    )
    assert lectures(campagne)["A1", "Ressenti à l’enquête : Accueil"].startswith("a progressé")
    sources = {"plan": "tirage", "libelle": "enquete", "champ": "essai", "mode": "en face à face"}
    fiche = yaml.load(
        (campagne.dossier / "campagne.yaml").read_text(encoding="utf-8"), Loader=yaml.BaseLoader
    )
    regler(campagne.dossier, sources=fiche["sources"] | {"enquete": sources})
    lue = lectures(load_campagne(campagne.dossier))["A1", "Ressenti à l’enquête : Accueil"]
    assert lue == "on ne peut pas dire (mode de recueil changé)"


def test_one_file_in_two_editions_is_no_second_look(tmp_path: Path) -> None:
    """The same survey carried over unchanged shows no stability: it was asked once."""
    campagne = deux(
        tmp_path,
        avant={"enquete": enquete(40, 60)},
        apres={"enquete": enquete(40, 60), "plan_actions": [action("A1", "1.01.a")]},
    )
    lue = lectures(campagne)["A1", "Ressenti à l’enquête : Accueil"]
    assert lue == "on ne peut pas dire (même fichier aux deux éditions)"


def test_the_actions_of_the_plan_before_are_followed(tmp_path: Path) -> None:
    """Done then and no longer in the plan: followed under their edition; carried ones once."""
    hier = [action("A1", "1.01.a"), action("A2", "1.01.b", statut="en cours")]
    ici = [action("A1", "1.02.a") | {"libelle": "autre"}, action("A2", "1.01.b")]
    campagne = deux(tmp_path, avant={"plan_actions": hier}, apres={"plan_actions": ici})
    noms = list(dict.fromkeys(str(rang[0]) for rang in list_effets(campagne).lignes))
    assert noms == ["A1 autre", "A2 action A2", "A1 (hier) action A1"]


def test_ratings_kept_beside_stand_in_for_a_lost_edition(tmp_path: Path) -> None:
    """Without the folder, « cotation_precedente » is what the criteria were rated before."""
    ici = edition(tmp_path, "seule", {}, plan_actions=[action("A1", "1.01.a")], autodiagnostic=[
        {"critere": "1.01.a", "cotation": "réalisé", "cotation_precedente": "non réalisé"},
        {"critere": "1.01.b", "cotation": "", "cotation_precedente": "partiel"},
    ])  # fmt: skip
    regler(ici.dossier, precedente="perdue")
    campagne = load_campagne(ici.dossier)
    assert any("« perdue » est introuvable" in str(r) for r in campagne.remarques)
    assert lectures(campagne) == {("A1", COTATION): "a progressé"}
    (module,) = measure_editions(campagne).lignes
    assert [str(t) for t in module.mesure.cases.values()] == ["0,5 sur 2, 1 non évalué",
                                                              "1 sur 1, 2 non évalués"]  # fmt: skip


def test_without_any_edition_before_it_is_said(tmp_path: Path) -> None:
    """Nothing named, nothing kept: the chapter says what is missing, and does not fail."""
    campagne = edition(tmp_path, "seule", APRES, plan_actions=[action("A1", "1.01.a")])
    for bilan in (list_effets(campagne), measure_effets(campagne), measure_editions(campagne)):
        assert bilan.manque == "édition précédente (« precedente » dans campagne.yaml)"
        assert not bilan.lignes


def test_a_broken_edition_before_does_not_break_this_one(tmp_path: Path) -> None:
    """Its refusal is counted and named; this edition is read all the same."""
    campagne = deux(tmp_path, apres={"plan_actions": [action("A1", "1.01.a")]})
    avant = tmp_path / "data" / "campagnes" / "hier" / "autodiagnostic.csv"
    avant.write_text(avant.read_text(encoding="utf-8") + "9.99.z;réalisé\n", encoding="utf-8")
    manque = measure_effets(load_campagne(campagne.dossier)).manque
    assert "« hier » est refusée : 1 problème" in manque and "qualepref verifier hier" in manque


def test_a_campaign_does_not_follow_itself(tmp_path: Path) -> None:
    """Its own name as the edition before is refused, with the line."""
    ici = edition(tmp_path, "seule", APRES)
    regler(ici.dossier, precedente="seule")
    with pytest.raises(Exception, match="ne se précède pas elle-même"):
        load_campagne(ici.dossier)


def test_a_change_of_the_edition_before_is_a_change(tmp_path: Path) -> None:
    """The report is made again when the other folder moves: its hash is part of what is asked."""
    campagne = deux(tmp_path)
    une = hash_demande(tmp_path, campagne.dossier, [], {})
    assert hash_precedente(campagne.dossier)
    avant = tmp_path / "data" / "campagnes" / "hier" / "autodiagnostic.csv"
    texte = avant.read_text(encoding="utf-8").replace("partiel", "réalisé")
    avant.write_text(texte, encoding="utf-8")
    assert hash_demande(tmp_path, campagne.dossier, [], {}) != une


def test_the_rates_of_two_editions_by_hand(tmp_path: Path) -> None:
    """0 + 0,5 + 1 of 3 before, 1 + 0,5 + 0,5 of 3 now."""
    (module,) = measure_editions(deux(tmp_path)).lignes
    avant, maintenant = module.mesure.cases.values()
    assert (avant, maintenant) == (Taux(Fraction(3, 2), 3), Taux(2, 3))
