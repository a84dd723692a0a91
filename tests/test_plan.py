"""The action plan: what its rows must respect together, and what is to be looked at in it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from petite_campagne import load_petite

from qualepref_lib.analyses.plan_actions import measure_actions
from qualepref_lib.campagne import Campagne, load_campagne
from qualepref_lib.constats import list_vigilance, measure_canaux_et_plan, measure_vigilance
from qualepref_lib.core.bilan import Renvoi
from qualepref_lib.core.mesures import Effectif, VisAVis
from qualepref_lib.core.refus import Refus
from qualepref_lib.display.phrase import texte_phrase

CRITERES = {
    "1": {
        "1.01": {"1.01.a": ["telephonie"], "1.01.b": ["internet"]},
        "1.02": {"1.02.a": ["courriers"], "1.02.b": ["courriers"]},
    }
}


def ligne(code: str, **valeurs: str) -> dict[str, str]:
    """A row of the plan that nothing is to be said of."""
    complete = {
        "code": code, "libelle": f"action {code}", "origine": "COPIL", "criteres": "1.01.a",
        "canaux": "telephonie", "responsable": "chef", "debut": "2022-01-10",
        "echeance": "2022-09-30", "statut": "en cours", "avancement": "50", "fait_le": "",
        "preuve_attendue": "note", "preuve_fournie": "", "depend_de": "",
    }  # fmt: skip
    return complete | valeurs


def lire(racine: Path, *plan: dict[str, str], **tables: list[dict[str, str]]) -> Campagne:
    """A small campaign with this plan, seen on 1 April 2022, every group aiming at 80 %."""
    notes = tables.pop("autodiagnostic", [{"critere": "1.01.a", "cotation": "réalisé"}])
    return load_petite(
        racine,
        {"plan_actions": list(plan), "autodiagnostic": notes, **tables},
        criteres=CRITERES,
        cible="0.8",
        date_reference="2022-04-01",
    )


def refus(racine: Path, *plan: dict[str, str]) -> str:
    """What the person reads when the plan is refused."""
    with pytest.raises(Refus) as leve:
        lire(racine, *plan)
    return str(leve.value)


def remarques(racine: Path, *plan: dict[str, str]) -> list[str]:
    """What is remarked of the plan."""
    return [str(r) for r in lire(racine, *plan).remarques if r.fichier == "plan_actions.csv"]


# What is refused.


def test_every_wrong_dependency_is_told_at_once(tmp_path: Path) -> None:
    """Two unknown codes and two circles: four problems in one refusal, with rows and near miss."""
    texte = refus(
        tmp_path,
        ligne("A01", depend_de="A2"),
        ligne("A02", depend_de="A03"),
        ligne("A03", depend_de="A04, A99"),
        ligne("A04", depend_de="A02"),
        ligne("A05", depend_de="A05"),
    )
    assert "4 problèmes" in texte
    assert "ligne 2, colonne « depend_de » : « A2 » n’est pas le code d’une action du plan" in texte
    assert "Vouliez-vous dire « A02 » ?" in texte and "« A99 »" in texte
    assert "lignes 3, 4 et 5" in texte
    assert "dépendance circulaire : A02 → A03 → A04 → A02" in texte
    assert "ligne 6, colonne « depend_de » : l’action dépend d’elle-même : A05 → A05" in texte


def test_an_end_is_of_what_is_done(tmp_path: Path) -> None:
    """A day of completion on an open action contradicts its status."""
    texte = refus(tmp_path, ligne("A01", fait_le="2022-03-01"))
    assert "colonne « fait_le » : date d’achèvement d’une action qui n’est pas faite" in texte


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(liens=st.lists(st.sets(st.integers(0, 4), max_size=2), min_size=5, max_size=5))
def test_a_plan_is_refused_if_and_only_if_it_goes_round(
    liens: list[set[int]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Whatever the links: refused when some action can be reached from itself, read otherwise."""

    def atteint(depart: int) -> set[int]:
        vus: set[int] = set()
        reste = list(liens[depart])
        while reste:
            if (n := reste.pop()) not in vus:
                vus.add(n)
                reste += liens[n]
        return vus

    plan = [
        ligne(f"A{k}", depend_de=" ".join(f"A{n}" for n in sorted(siens)))
        for k, siens in enumerate(liens)
    ]
    tourne = any(k in atteint(k) for k in range(5))
    racine = tmp_path_factory.mktemp("cercle")
    if tourne:
        assert "dépend" in refus(racine, *plan)
    else:
        assert len(lire(racine, *plan).tables["plan_actions"].cadre) == 5


# What is remarked.


@pytest.mark.parametrize(
    ("plan", "attendu"),
    [
        ([ligne("A01", avancement="100")], "100 % d’une action qui n’est pas faite"),
        ([ligne("A01", statut="fait", avancement="60")], "au-dessous de 100 %"),
        ([ligne("A01", statut="à faire", avancement="10")], "avancement n’est pas nul"),
        ([ligne("A01", debut="2022-06-01")], "début est après la date de référence (01/04/2022)"),
        ([ligne("A01", echeance="")], "action ouverte sans échéance"),
        (
            [ligne("A01", statut="fait", avancement="100", fait_le="2021-12-01")],
            "achèvement antérieur au début prévu",
        ),
        (
            [ligne("A01", statut="fait", avancement="100", fait_le="2022-05-01")],
            "achèvement postérieur à la date de référence",
        ),
        (
            [ligne("A01"), ligne("A02", statut="fait", avancement="100", depend_de="A01")],
            "ligne 3, colonne « depend_de » : action faite avant celle dont elle dépend (A01)",
        ),
        (
            [ligne("A01"), ligne("A02", echeance="2022-05-01", depend_de="A01")],
            "échéance antérieure à celle de l’action dont elle dépend (A01)",
        ),
        (
            [ligne("A01", statut="abandonné"), ligne("A02", depend_de="A01")],
            "dépend d’une action abandonnée (A01)",
        ),
    ],
)
def test_what_is_doubtful_is_remarked(
    tmp_path: Path, plan: list[dict[str, str]], attendu: str
) -> None:
    """A row that can be read, but should be looked at again, is a remark, never a refusal."""
    assert [r for r in remarques(tmp_path, *plan) if attendu in r]


def test_a_plan_in_order_is_not_remarked(tmp_path: Path) -> None:
    """Dates, status and progress that tell one story leave nothing to say."""
    plan = [
        ligne("A01", statut="fait", avancement="100", fait_le="2022-02-01"),
        ligne("A02", depend_de="A01"),
        ligne("A03", echeance="2022-10-31", depend_de="A02"),
    ]
    assert remarques(tmp_path, *plan) == []


# What is to be looked at.


def vigilances(campagne: Campagne) -> list[tuple[str, str]]:
    """The object (its code) and the kind of each point."""
    points = []
    for objet, nature, *_ in list_vigilance(campagne).lignes:
        assert isinstance(nature, Renvoi)
        points.append((str(objet).split()[0], nature.texte))
    return points


def test_each_kind_of_point_is_raised_where_it_should(tmp_path: Path) -> None:
    """One plan with one of each: the gravest first, and nothing else."""
    plan = [
        ligne("A01", echeance="2022-03-31"),
        ligne("A02", echeance="2022-05-01"),
        ligne("A03", responsable=""),
        ligne("A04", echeance=""),
        ligne("A05", criteres=""),
        ligne("A06", preuve_attendue=""),
        ligne("A07", statut="fait", avancement="100", preuve_fournie=""),
        ligne("A08", statut="fait", avancement="100", criteres="1.01.b", preuve_fournie="note"),
        ligne("A09", depend_de="A01"),
        ligne("A10", statut="abandonné", responsable="", echeance="2022-01-31"),
    ]
    notes = [
        {"critere": "1.01.a", "cotation": "réalisé"},
        {"critere": "1.01.b", "cotation": "partiel"},
        {"critere": "1.02.a", "cotation": "réalisé"},
        {"critere": "1.02.b", "cotation": "non réalisé"},
    ]
    campagne = lire(tmp_path, *plan, autodiagnostic=notes)
    assert vigilances(campagne) == [
        ("A01", "en retard"),
        ("Canal", "canal sans action"),
        ("Canal", "canal sans action"),
        ("A07", "faite sans preuve"),
        ("A08", "faite mais à recoter"),
        ("A09", "attend une action en retard"),
        ("A02", "échéance proche"),
        ("A03", "sans responsable"),
        ("A04", "sans échéance"),
        ("A05", "sans critère"),
        ("A06", "sans preuve attendue"),
    ]
    total = measure_vigilance(campagne).ligne("total").mesure
    assert total == Effectif(11, "point")


@pytest.mark.parametrize(("echeance", "proche"), [("2022-05-01", True), ("2022-05-02", False)])
def test_soon_is_the_declared_horizon(tmp_path: Path, echeance: str, proche: bool) -> None:
    """Thirty days by default, the last one included."""
    dites = [nature for _, nature in vigilances(lire(tmp_path, ligne("A01", echeance=echeance)))]
    assert ("échéance proche" in dites) == proche


def constat(numero: str, **valeurs: str) -> dict[str, str]:
    """A finding of the auditor."""
    propre = {"numero": numero, "type": "non-conformité", "engagement": "1.02", "critere": "",
              "fait": "un fait", "statut": "ouvert"}  # fmt: skip
    return propre | valeurs


def test_a_finding_is_taken_up_by_its_number_its_criterion_or_its_engagement(
    tmp_path: Path,
) -> None:
    """Named in an origin, touched by its criterion, or (without one) by its engagement."""
    plan = [
        ligne("A01", origine="constat C-1, COPIL", criteres="1.01.a"),
        ligne("A02", criteres="1.02.a", canaux="courriers"),
    ]
    constats = [
        constat("C-1", critere="1.02.b"),
        constat("C-10", critere="1.02.b"),
        constat("C-2", critere="1.02.a"),
        constat("C-3", engagement="1.02"),
        constat("C-4", critere="1.02.b", statut="levé"),
        constat("C-5", critere="1.02.b", type="point fort"),
    ]
    campagne = avec_types(tmp_path, plan, constats)
    sans = [p[0] for p in list_vigilance(campagne).lignes if "Constat" in str(p[0])]
    assert sans == ["Constat C-10"]


def avec_types(
    racine: Path, plan: list[dict[str, str]], constats: list[dict[str, str]]
) -> Campagne:
    """The small campaign, whose edition knows two types of findings."""
    campagne = lire(racine, *plan)
    edition = racine / "referentiel" / "petite" / "edition.yaml"
    types = (
        'types_constat:\n- {code: "nc", libelle: "non-conformité", non_conformite: "true"}\n'
        '- {code: "pf", libelle: "point fort"}\n'
    )
    edition.write_text(edition.read_text(encoding="utf-8") + types, encoding="utf-8")
    entetes = list(constats[0])
    lignes = [";".join(entetes), *(";".join(c[e] for e in entetes) for c in constats)]
    (campagne.dossier / "constats.csv").write_text("\n".join(lignes) + "\n", encoding="utf-8")
    return load_campagne(campagne.dossier)


def test_a_proof_that_quotes_the_register_must_be_there(tmp_path: Path) -> None:
    """Codes of evidence are looked up; a proof told in words is not."""
    preuves = [
        {"code": "PR01", "libelle": "note", "criteres": "1.01.a", "date_effet": "2022-03-01"}
    ]
    faite = {"statut": "fait", "avancement": "100"}
    plan = [
        ligne("A01", preuve_fournie="PR01", **faite),
        ligne("A02", preuve_fournie="PR01, PR02", **faite),
        ligne("A03", preuve_fournie="photographie du 2 mars", **faite),
    ]
    campagne = lire(tmp_path, *plan, preuves=preuves)
    dites = [(objet, nature) for objet, nature in vigilances(campagne) if objet != "Canal"]
    assert dites == [("A02", "preuve introuvable")]


def test_a_low_channel_with_one_open_action_is_flagged(tmp_path: Path) -> None:
    """Under the target with one open action: few; with two: under way; done ones do not count."""
    notes = [
        {"critere": "1.01.a", "cotation": "non réalisé"},
        {"critere": "1.01.b", "cotation": "réalisé"},
        {"critere": "1.02.a", "cotation": "réalisé"},
        {"critere": "1.02.b", "cotation": "partiel"},
    ]
    plan = [
        ligne("A01"),
        ligne("A02"),
        ligne("A03", canaux="courriers"),
        ligne("A04", canaux="courriers", statut="fait", avancement="100"),
    ]
    bilan = measure_canaux_et_plan(lire(tmp_path, *plan, autodiagnostic=notes))
    assert {li.code: li.statut for li in bilan.lignes} == {
        "telephonie": "actions engagées",
        "courriers": "peu d’actions",
        "internet": "cible atteinte",
    }
    courriers = bilan.ligne("courriers").mesure
    assert isinstance(courriers, VisAVis) and courriers.effectif.n == 1
    assert "« Canal courriers », 1,5 sur 2, 1 action ouverte" in texte_phrase(bilan)


def test_the_demonstration_says_what_to_look_at() -> None:
    """Mail is flagged first (44 %, one action); the gantt knows both audits and the label."""
    campagne = load_campagne("moselle_2022")
    dite = texte_phrase(measure_canaux_et_plan(campagne)).replace("\u00a0", " ")
    assert "« Courriers et courriels », 7 sur 16 (44 %), 1 action ouverte" in dite
    assert [nom for _, nom in measure_actions(campagne).dates] == [
        "Audit interne", "Audit externe", "Labellisation visée"
    ]  # fmt: skip
    natures = [nature for _, nature in vigilances(campagne)]
    assert natures.count("en retard") == 3 and natures.count("faite mais à recoter") == 5
