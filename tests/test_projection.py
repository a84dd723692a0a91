"""The plan projected: rates recomputed by hand, gains of one action alone, the shortest set."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from petite_campagne import load_petite, write_fiche

from qualepref_lib.analyses.chemin import list_chemin_court
from qualepref_lib.analyses.projection import (
    measure_gains,
    measure_projection,
)
from qualepref_lib.campagne import Campagne, load_campagne
from qualepref_lib.core.mesures import Taux, TriCroise
from qualepref_lib.display.phrase import texte_phrase

CRITERES = {"1": {"1.01": {f"1.01.{c}": ["telephonie"] for c in "abcde"}}}


def action(code: str, criteres: str, echeance: str, statut: str = "à faire") -> dict[str, str]:
    """A row of the plan."""
    return {"code": code, "libelle": f"action {code}", "criteres": criteres, "canaux": "",
            "responsable": "chef", "debut": "", "echeance": echeance, "statut": statut,
            "avancement": ""}  # fmt: skip


def essai(racine: Path, cotations: str, actions: list[dict[str, str]], cible: str = "") -> Campagne:
    """Five criteria rated by a word each (r, p, n, s or a dash), audits in June and September."""
    mots = {"r": "réalisé", "p": "partiel", "n": "non réalisé", "s": "sans objet", "-": ""}
    lignes = [
        {"critere": f"1.01.{c}", "cotation": mots[m], "motif": "essai" if m == "s" else ""}
        for c, m in zip("abcde", cotations, strict=True)
    ]
    tables = {"autodiagnostic": lignes, "plan_actions": actions}
    campagne = load_petite(racine, tables, criteres=CRITERES, cible=cible)
    fiche = campagne.fiche.model_dump(mode="json")
    fiche["calendrier"] = [
        {"code": "ai", "libelle": "Audit interne", "debut": "2022-06-01", "genre": "audit"},
        {"code": "label", "libelle": "Label", "debut": "2022-09-01"},
        {"code": "copil", "libelle": "Comité", "debut": "2022-07-01", "genre": "comite"},
    ]
    garde = ("code", "libelle", "edition", "date_reference", "modules", "calendrier")
    contenu = {nom: fiche[nom] for nom in garde} | {"site": {"libelle": "Site d'essai"}}
    write_fiche(campagne.dossier / "campagne.yaml", contenu)
    return load_campagne(campagne.dossier)


def cases(campagne: Campagne) -> list[str]:
    """The projected rates of the module, in the order of the dates."""
    (ligne,) = measure_projection(campagne).lignes
    assert isinstance(ligne.mesure, TriCroise)
    return [taux.fraction for taux in ligne.mesure.cases.values()]


PLAN = [
    action("A", "1.01.b", "2022-05-15"),
    action("B", "1.01.b 1.01.c", "2022-08-01"),
    action("C", "1.01.e", ""),
    action("D", "1.01.d", "2022-05-01", "abandonné"),
]


def test_a_projected_rate_by_hand(tmp_path: Path) -> None:
    """a réalisé, b non, c partiel, d sans objet, e non: 1,5 of 4; then 2,5 in June (b), 3 in
    September (c), 4 with everything; what is abandoned or sans objet changes nothing."""
    campagne = essai(tmp_path, "rnpsn", PLAN)
    assert cases(campagne) == ["1,5 sur 4", "2,5 sur 4", "3 sur 4", "4 sur 4"]
    (ligne,) = measure_projection(campagne).lignes
    assert list(ligne.mesure.cases)[1:3] == ["Audit interne (01/06/2022)", "Label (01/09/2022)"]


def test_the_gain_of_an_action_is_what_no_other_wins(tmp_path: Path) -> None:
    """A shares b with B and wins nothing alone; B alone wins the half of c; C wins e."""
    gains = {li.code: li.mesure for li in measure_gains(essai(tmp_path, "rnpsn", PLAN)).lignes}
    assert gains == {"c": Taux(1, 4), "b": Taux(Fraction(1, 2), 4), "a": Taux(0, 4)}
    assert list(gains) == ["c", "b", "a"]


def test_done_actions_wait_for_their_rating(tmp_path: Path) -> None:
    """Today's rate is the rated one: a done action shows from the first projection on."""
    campagne = essai(tmp_path, "nnnnn", [action("A", "1.01.a", "2022-01-15", "fait")])
    assert cases(campagne) == ["0 sur 5", "1 sur 5", "1 sur 5", "1 sur 5"]
    assert measure_gains(campagne).lignes == ()


def test_the_shortest_set_by_hand(tmp_path: Path) -> None:
    """For 80 % of 5 from 2: B and C win two; no single action does."""
    plan = [action("A", "1.01.c", "2022-05-01"), action("B", "1.01.c 1.01.d", "2022-06-01"),
            action("C", "1.01.e", "2022-07-01")]  # fmt: skip
    liste = list_chemin_court(essai(tmp_path, "rrnnn", plan, cible="0.8"))
    assert [rang[0] for rang in liste.lignes] == ["B action B"]
    liste = list_chemin_court(essai(tmp_path / "cent", "rrnnn", plan, cible="1"))
    assert [rang[0] for rang in liste.lignes] == ["B action B", "C action C"]


def test_it_is_said_when_no_set_suffices_or_none_is_needed(tmp_path: Path) -> None:
    """The whole plan may stop short, and the target may be reached already."""
    court = list_chemin_court(essai(tmp_path, "rnnnn", PLAN[:1], cible="0.8"))
    assert "aucun ensemble n’y suffit" in court.lignes[0][0] and "2 sur 5" in court.lignes[0][0]
    fait = list_chemin_court(essai(tmp_path / "fait", "rrrrn", PLAN, cible="0.8"))
    assert "déjà atteint" in fait.lignes[0][0]


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    cotations=st.text("rpn-", min_size=5, max_size=5),
    touches=st.lists(
        st.sets(st.sampled_from("abcde"), min_size=1, max_size=3), min_size=1, max_size=4
    ),
)  # fmt: skip
def test_the_shortest_set_is_the_shortest(
    cotations: str, touches: list[set[str]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """No smaller set reaches the target: checked against every subset of the plan."""
    plan = [
        action(f"A{k}", " ".join(f"1.01.{c}" for c in sorted(siens)), f"2022-05-{k + 1:02d}")
        for k, siens in enumerate(touches)
    ]
    campagne = essai(tmp_path_factory.mktemp("plan"), cotations, plan, cible="0.8")
    points = {"r": 1.0, "p": 0.5, "n": 0.0, "-": 0.0}

    def atteint(choisies: tuple[int, ...]) -> bool:
        gagnes = {c for k in choisies for c in touches[k]}
        total = sum(
            1.0 if c in gagnes else points[m] for c, m in zip("abcde", cotations, strict=True)
        )
        return total >= 4

    tailles = [
        n for n in range(len(plan) + 1) if any(map(atteint, combinations(range(len(plan)), n)))
    ]
    lignes = list_chemin_court(campagne).lignes
    if not tailles:
        assert "aucun ensemble" in lignes[0][0]
    elif tailles[0] == 0:
        assert "déjà atteint" in lignes[0][0]
    else:
        assert len(lignes) == tailles[0]
        assert atteint(tuple(int(rang[0][1]) for rang in lignes))


def test_the_demonstration_flags_mail() -> None:
    """Mail stays at 44 % at both audits: its one action is due in August; it matters most."""
    campagne = load_campagne("moselle_2022")
    canaux = {li.code: li.mesure for li in measure_projection(campagne, par="canal").lignes}
    dits = [t.pourcentage.replace("\xa0", " ") for t in canaux["courriers"].cases.values()]
    assert dits[:3] == ["44 %"] * 3 and dits[3] == "100 %"
    phrase = texte_phrase(measure_gains(campagne))
    assert phrase.startswith("Ce qui compte le plus : « A13") and phrase.count(" ; ") == 2
