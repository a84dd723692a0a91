"""The plan projected: rates recomputed by hand, gains of one action alone, the shortest set."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from fractions import Fraction
from itertools import combinations
from pathlib import Path
from typing import Any, ClassVar

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from petite_campagne import load_petite, write_fiche

from qualepref_lib.actions import Projection, actions_de, criteres_de, projeter, tenues_au
from qualepref_lib.analyses.chemin import list_chemin_court
from qualepref_lib.analyses.projection import (
    measure_gains,
    measure_projection,
)
from qualepref_lib.analyses.simulation import list_rythmes, measure_simulation
from qualepref_lib.campagne import Campagne, load_campagne
from qualepref_lib.core.mesures import Fourchette, Taux, TriCroise
from qualepref_lib.cotations import cotations_de, grouper, taux_de
from qualepref_lib.display.phrase import texte_phrase

CAS = Path(__file__).parent / "cas" / "projection.yaml"
CRITERES = {"1": {"1.01": {f"1.01.{c}": ["telephonie"] for c in "abcde"}}}


def action(code: str, criteres: str, echeance: str, statut: str = "à faire") -> dict[str, str]:
    """A row of the plan."""
    return {"code": code, "libelle": f"action {code}", "criteres": criteres, "canaux": "",
            "responsable": "chef", "debut": "", "echeance": echeance, "statut": statut,
            "avancement": ""}  # fmt: skip


def essai(
    racine: Path,
    cotations: str,
    actions: list[dict[str, str]],
    cible: str = "",
    agregation: str = "criteres",
) -> Campagne:
    """Five criteria rated by a word each (r, p, n, s or a dash), audits in June and September."""
    mots = {"r": "réalisé", "p": "partiel", "n": "non réalisé", "s": "sans objet", "-": ""}
    lignes = [
        {"critere": f"1.01.{c}", "cotation": mots[m], "motif": "essai" if m == "s" else ""}
        for c, m in zip("abcde", cotations, strict=True)
    ]
    tables = {"autodiagnostic": lignes, "plan_actions": actions}
    campagne = load_petite(racine, tables, criteres=CRITERES, cible=cible, agregation=agregation)
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


def _cas() -> list[Any]:
    fichier = yaml.load(CAS.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    return [pytest.param(cas, id=str(rang)) for rang, cas in enumerate(fichier["cas"])]


@pytest.mark.parametrize("cas", _cas())
def test_cas_de_projection(cas: Mapping[str, Any], tmp_path: Path) -> None:
    """What the library projects is what the author of cas/projection.yaml computed by hand."""
    donnees = cas["donnees"]
    actions = [
        action(a["code"], "", "") | a
        | {"criteres": " ".join(f"1.01.{c}" for c in a.get("criteres", "").split())}
        for a in donnees["actions"]
    ]  # fmt: skip
    campagne = essai(tmp_path, donnees["cotations"], actions, cible=donnees.get("cible", ""))
    observe = _observer(campagne)
    for nom, attendu in cas["attendu"].items():
        assert observe[nom] == attendu, (cas["nom"], nom)


def _observer(campagne: Campagne) -> dict[str, Any]:
    """What a case may expect, said as it says it."""
    simulees = measure_simulation(campagne).lignes
    observe: dict[str, Any] = {}
    for mois, ligne in zip(("juin", "septembre"), simulees, strict=True):
        mesure = ligne.mesure
        assert isinstance(mesure, Fourchette)
        observe["coté"] = mesure.cote.fraction
        observe["simulation"] = "oui" if mesure.simule else "non"
        observe |= {f"{mois} {nom}": taux.fraction for nom, taux in mesure.cases.items()}
    observe["gains"] = [
        f"{li.code} {str(li.mesure.fraction).partition(' ')[0]}"
        for li in measure_gains(campagne).lignes
    ]
    chemin = [str(rang[0]) for rang in list_chemin_court(campagne).lignes]
    observe["chemin"] = [
        nom.partition(" : ")[0] if nom.startswith("auc") else nom.split()[0] for nom in chemin
    ]
    observe["rythmes"] = [
        f"{str(rang[0]).split()[0]} {str(rang[3]).removeprefix('× ')}"
        for rang in list_rythmes(campagne).lignes
    ]
    return observe


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


@st.composite
def plans(draw: st.DrawFn) -> list[dict[str, str]]:
    """Plans of one to five actions; each may wait for actions written before it: no circle."""
    combien = draw(st.integers(1, 5))
    lignes = []
    for k in range(combien):
        touches = draw(st.sets(st.sampled_from("abcde"), min_size=1, max_size=3))
        attend = draw(st.sets(st.integers(0, k - 1), max_size=2)) if k else set()
        echeance = draw(
            st.sampled_from(["", *(f"2022-{m:02d}-{k + 1:02d}" for m in (2, 5, 8, 10))])
        )
        statut = draw(st.sampled_from(["à faire", "en cours", "fait", "abandonné"]))
        criteres = " ".join(f"1.01.{c}" for c in sorted(touches))
        depend = " ".join(f"A{d}" for d in sorted(attend))
        lignes.append(action(f"A{k}", criteres, echeance, statut) | {"depend_de": depend})
    return lignes


class Main:
    """The rules of the projection, computed again on plain sets: the independent method."""

    POINTS: ClassVar = {"r": Fraction(1), "p": Fraction(1, 2), "n": Fraction(0)}

    def __init__(self, cotations: str, plan: list[dict[str, str]]) -> None:
        self.notes = dict(zip("abcde", cotations, strict=True))
        self.plan = {a["code"]: a for a in plan if a["statut"] != "abandonné"}
        self.ouvertes = {c for c, a in self.plan.items() if a["statut"] != "fait"}
        self.attend = {
            c: {d for d in a["depend_de"].split() if d in self.ouvertes}
            for c, a in self.plan.items()
        }

    def due(self, code: str) -> str:
        """The day on which it counts: « z » sorts after every date."""
        propre = self.plan[code]["echeance"] or "z"
        return max([propre, *(self.due(d) for d in self.attend[code])])

    def points(self, codes: set[str]) -> Fraction:
        """The points of the module once the criteria of these actions are kept."""
        gagnes = {c[-1] for code in codes for c in self.plan[code]["criteres"].split()}
        return sum(
            (Fraction(1) if c in gagnes else self.POINTS.get(n, Fraction(0))
             for c, n in self.notes.items()), Fraction(0))  # fmt: skip

    def base(self, codes: set[str]) -> int:
        """The criteria rated then."""
        gagnes = {c[-1] for code in codes for c in self.plan[code]["criteres"].split()}
        return sum(n != "-" or c in gagnes for c, n in self.notes.items())

    def taux(self, codes: set[str]) -> Taux:
        """The rate of the module."""
        return Taux(self.points(codes), self.base(codes))

    def faites(self) -> set[str]:
        """What is done."""
        return set(self.plan) - self.ouvertes

    def sans(self, code: str) -> set[str]:
        """All but one action and whatever waits for it, near or far."""
        perdues = {code}
        while plus := {c for c in self.ouvertes - perdues if self.attend[c] & perdues}:
            perdues |= plus
        return set(self.plan) - perdues

    def fermees(self) -> list[set[str]]:
        """Every set of open actions that holds what its actions wait for."""
        tous = sorted(self.ouvertes)
        ensembles = (set(e) for n in range(len(tous) + 1) for e in combinations(tous, n))
        return [e for e in ensembles if all(self.attend[c] <= e for c in e)]


@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(cotations=st.text("rpn-", min_size=5, max_size=5), plan=plans())
def test_bounds_gains_and_the_shortest_set_by_brute_force(
    cotations: str, plan: list[dict[str, str]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Bounds, due dates, gains and the shortest set: each checked against every subset."""
    campagne = essai(tmp_path_factory.mktemp("plan"), cotations, plan, cible="0.8")
    main = Main(cotations, plan)
    for ligne, jour in zip(
        measure_simulation(campagne).lignes, ("2022-06-01", "2022-09-01"), strict=True
    ):
        mesure = ligne.mesure
        assert isinstance(mesure, Fourchette)
        dues = main.faites() | {c for c in main.ouvertes if main.due(c) <= jour}
        assert mesure.tenu == main.taux(dues)
        assert (mesure.rien, mesure.tout) == (main.taux(main.faites()), main.taux(set(main.plan)))
        assert mesure.cote == main.taux(set())
    gains = {li.code.upper(): li.mesure.favorables for li in measure_gains(campagne).lignes}
    tout = main.points(set(main.plan))
    assert gains == {c: tout - main.points(main.sans(c)) for c in main.ouvertes}
    suffisent = [len(e) for e in main.fermees() if main.points(e | main.faites()) >= 4]
    lignes = [str(rang[0]) for rang in list_chemin_court(campagne).lignes]
    if not suffisent:
        assert "aucun ensemble" in lignes[0]
    elif not min(suffisent):
        assert "déjà atteint" in lignes[0]
    else:
        choisies = {nom.split()[0] for nom in lignes}
        assert len(choisies) == min(suffisent) and choisies in main.fermees()
        assert main.points(choisies | main.faites()) >= 4


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    cotations=st.text("rpns-", min_size=5, max_size=5),
    plan=plans(),
    agregation=st.sampled_from(["criteres", "engagements", "canaux"]),
)
def test_the_quick_projection_is_the_projection(
    cotations: str,
    plan: list[dict[str, str]],
    agregation: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """The rates that draws need are those of the frame rated again, whatever the roll-up."""
    campagne = essai(tmp_path_factory.mktemp("vite"), cotations, plan, "0.8", agregation=agregation)
    notes, actions = cotations_de(campagne), actions_de(campagne)
    for jour in (dt.date(2022, 3, 1), dt.date(2022, 6, 1), dt.date(2022, 9, 1)):
        gagnes = criteres_de(tenues_au(actions, jour))
        projetees = grouper(projeter(notes, campagne, gagnes), campagne, "module")
        for (_, _, avant), (_, _, apres) in zip(
            grouper(notes, campagne, "module"), projetees, strict=True
        ):
            lent = taux_de(apres, campagne, "module")
            assert Projection(avant, campagne, "module").taux(gagnes) == Taux(
                lent.favorables, lent.observes
            )


def test_the_demonstration_flags_mail() -> None:
    """Mail stays at 44 % at both audits: its one action is due in August; it matters most."""
    campagne = load_campagne("moselle_2022")
    canaux = {li.code: li.mesure for li in measure_projection(campagne, par="canal").lignes}
    dits = [t.pourcentage.replace("\xa0", " ") for t in canaux["courriers"].cases.values()]
    assert dits[:3] == ["44 %"] * 3 and dits[3] == "100 %"
    phrase = texte_phrase(measure_gains(campagne))
    assert phrase.startswith("Ce qui compte le plus : « A13") and phrase.count(" ; ") == 2
