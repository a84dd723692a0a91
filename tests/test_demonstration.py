"""The demonstration data hold the published facts; recomputed here without our library.

Only csv and yaml are used, so that a fault of the library cannot hide a fault of the data.
"""

from __future__ import annotations

import csv
import datetime as dt
import subprocess
import sys
from collections.abc import Callable
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

DATA = Path(__file__).resolve().parents[1] / "data"
EDITION = DATA / "referentiel" / "demonstration"
CAMPAGNES = ("moselle_2022", "moselle_2026_en_cours")
POINTS = {"réalisé": Fraction(1), "partiel": Fraction(1, 2), "non réalisé": Fraction(0)}
REFERENCE = dt.date(2022, 4, 1)

Lignes = list[dict[str, str]]


@cache
def _modules() -> list[dict[str, Any]]:
    fichiers = sorted((EDITION / "modules").glob("*.yaml"))
    return [yaml.load(f.read_text(encoding="utf-8"), Loader=yaml.BaseLoader) for f in fichiers]


@cache
def _criteres() -> dict[str, dict[str, Any]]:
    return {
        c["code"]: {**c, "module": m["code"], "engagement": e["code"]}
        for m in _modules()
        for e in m.get("engagements", [])
        for c in e["criteres"]
    }


def _lignes(campagne: str, source: str) -> Lignes:
    chemin = DATA / "campagnes" / campagne / f"{source}.csv"
    with chemin.open(encoding="utf-8", newline="") as fichier:
        return list(csv.DictReader(fichier, delimiter=";"))


def _taux(garder: Callable[[dict[str, Any]], bool]) -> Fraction:
    """Points over the number of applicable criteria among those to keep, in 2022."""
    criteres = _criteres()
    points = [
        POINTS[ligne["cotation"]]
        for ligne in _lignes("moselle_2022", "autodiagnostic")
        if ligne["cotation"] in POINTS and garder(criteres[ligne["critere"]])
    ]
    return sum(points, Fraction(0)) / len(points)


def _arrondi(taux: Fraction) -> int:
    return int(100 * taux + Fraction(1, 2))


def _par_engagement() -> dict[str, Fraction]:
    codes = [e["code"] for m in _modules() for e in m.get("engagements", [])]
    return {code: _taux(lambda c, code=code: c["engagement"] == code) for code in codes}


def test_modules_et_engagements() -> None:
    """The label has seven modules; the first has 20 engagements, the second 3, the others none."""
    assert [m["code"] for m in _modules()] == ["1", "2", "3", "4", "5", "6", "7"]
    assert [len(m.get("engagements", [])) for m in _modules()] == [20, 3, 0, 0, 0, 0, 0]


@pytest.mark.parametrize(("module", "publie"), [("1", 70), ("2", 75)])
def test_taux_des_modules(module: str, publie: int) -> None:
    """The rate of a module is the published one, rounded half up."""
    assert _arrondi(_taux(lambda c: c["module"] == module)) == publie


@pytest.mark.parametrize(
    ("canal", "publie"),
    [
        ("internet", 85),
        ("reseaux_sociaux", 77),
        ("telephonie", 73),
        ("accueil_physique", 70),
        ("courriers", 44),
    ],
)
def test_taux_des_canaux(canal: str, publie: int) -> None:
    """The rate of a channel counts every criterion that names it, and is the published one."""
    assert _arrondi(_taux(lambda c: canal in c["canaux"])) == publie


def test_points_forts() -> None:
    """An engagement whose applicable criteria are all met is a strength: the six of the minutes."""
    forts = [code for code, taux in _par_engagement().items() if taux == 1]
    assert forts == ["1.03", "1.04", "1.07", "1.10", "1.11", "1.15"]


def test_axes_de_progres() -> None:
    """An engagement strictly under one half is an axis of progress: the five of the minutes."""
    axes = [code for code, taux in _par_engagement().items() if taux < Fraction(1, 2)]
    assert axes == ["1.05", "1.06", "1.09", "1.14", "1.17"]


def test_base_de_chaque_canal() -> None:
    """Every published channel has at least 13 criteria that are assessable on this site."""
    applicables = [
        _criteres()[ligne["critere"]]
        for ligne in _lignes("moselle_2022", "autodiagnostic")
        if ligne["cotation"] in POINTS
    ]
    for canal in ("internet", "reseaux_sociaux", "telephonie", "accueil_physique", "courriers"):
        assert sum(canal in c["canaux"] for c in applicables) >= 13, canal


@pytest.mark.parametrize("campagne", CAMPAGNES)
def test_chaque_critere_une_fois(campagne: str) -> None:
    """A self-diagnosis lists every criterion of the edition once, in its order."""
    assert [li["critere"] for li in _lignes(campagne, "autodiagnostic")] == list(_criteres())


@pytest.mark.parametrize("campagne", CAMPAGNES)
def test_motifs_et_commentaires(campagne: str) -> None:
    """A criterion without object has its reason; one that is not fully met has a comment."""
    for ligne in _lignes(campagne, "autodiagnostic"):
        assert bool(ligne["motif"]) == (ligne["cotation"] == "sans objet"), ligne
        assert bool(ligne["commentaire"]) == (ligne["cotation"] not in ("réalisé", "sans objet")), (
            ligne
        )


def test_criteres_non_evalues() -> None:
    """Nothing is left open in 2022; the campaign in progress has 6 to 10 open criteria."""
    ouverts = {
        campagne: [
            _criteres()[ligne["critere"]]
            for ligne in _lignes(campagne, "autodiagnostic")
            if not ligne["cotation"]
        ]
        for campagne in CAMPAGNES
    }
    assert not ouverts["moselle_2022"]
    assert 6 <= len(ouverts["moselle_2026_en_cours"]) <= 10
    canaux = {canal for c in ouverts["moselle_2026_en_cours"] for canal in c["canaux"]}
    assert len(canaux) == 6


def test_seize_actions() -> None:
    """The plan has 16 actions, of which the steering committee added the last."""
    actions = _lignes("moselle_2022", "plan_actions")
    assert [a["code"] for a in actions] == [f"A{n:02d}" for n in range(1, 17)]
    assert [a["code"] for a in actions if a["origine"] == "COPIL"] == ["A16"]


def test_une_seule_action_sur_les_courriers() -> None:
    """Exactly one action touches mail, and it takes every mail criterion that is not fully met."""
    actions = _lignes("moselle_2022", "plan_actions")
    courriers = [a for a in actions if "courriers" in a["canaux"].split()]
    assert [a["code"] for a in courriers] == ["A13"]
    restants = {
        ligne["critere"]
        for ligne in _lignes("moselle_2022", "autodiagnostic")
        if ligne["cotation"] in ("partiel", "non réalisé")
        and "courriers" in _criteres()[ligne["critere"]]["canaux"]
    }
    assert set(courriers[0]["criteres"].split()) == restants


@pytest.mark.parametrize("campagne", CAMPAGNES)
def test_actions_utiles(campagne: str) -> None:
    """An action is linked to criteria that still have something to gain, on their channels."""
    cotations = {li["critere"]: li["cotation"] for li in _lignes(campagne, "autodiagnostic")}
    for action in _lignes(campagne, "plan_actions"):
        codes = action["criteres"].split()
        assert codes
        assert all(cotations[c] not in ("réalisé", "sans objet") for c in codes), action
        attendus = {canal for c in codes for canal in _criteres()[c]["canaux"]}
        assert set(action["canaux"].split()) == attendus, action


def test_avancement_du_plan() -> None:
    """On 1 April 2022: 5 actions done, 6 under way, 5 to do, and 3 of the open ones are late."""
    actions = _lignes("moselle_2022", "plan_actions")
    statuts = [a["statut"] for a in actions]
    assert [statuts.count(s) for s in ("fait", "en cours", "à faire")] == [5, 6, 5]
    echues = [a for a in actions if dt.date.fromisoformat(a["echeance"]) < REFERENCE]
    assert [a["code"] for a in echues if a["statut"] != "fait"] == ["A06", "A10", "A14"]
    clu = next(a for a in actions if "CLU" in a["libelle"])
    assert (clu["echeance"], clu["statut"]) == ("2022-03-29", "fait")


def _projete(jour: str, garder: Callable[[dict[str, Any]], bool]) -> str:
    """The rate once the criteria of the actions done, or due by then, are rated at the top.

    No open action of the demonstration waits for one that is due later than itself.
    """
    gagnes = {
        critere
        for a in _lignes("moselle_2022", "plan_actions")
        for critere in a["criteres"].split()
        if a["statut"] == "fait" or a["echeance"] <= jour
    }
    criteres = _criteres()
    points = [
        Fraction(1) if ligne["critere"] in gagnes else POINTS[ligne["cotation"]]
        for ligne in _lignes("moselle_2022", "autodiagnostic")
        if ligne["cotation"] in POINTS and garder(criteres[ligne["critere"]])
    ]
    return f"{float(sum(points, Fraction(0))):g} sur {len(points)}"


def test_taux_projetes() -> None:
    """At each audit, recomputed from the CSV alone: the two modules, and mail, which stays at 44 %
    until its only action, due in August."""
    from qualepref_lib.analyses.projection import measure_projection
    from qualepref_lib.campagne import load_campagne

    campagne = load_campagne("moselle_2022")
    gardes: dict[str, dict[str, Callable[[dict[str, Any]], bool]]] = {
        "module": {m: lambda c, m=m: c["module"] == m for m in ("1", "2")},
        "canal": {"courriers": lambda c: "courriers" in c["canaux"]},
    }
    for par, groupes in gardes.items():
        lignes = {li.code: li.mesure for li in measure_projection(campagne, par=par).lignes}
        for code, garder in groupes.items():
            cases = lignes[code].cases
            lus = {nom.partition("(")[2][:10]: taux.fraction for nom, taux in cases.items()}
            for jour in ("2022-04-01", "2022-06-01", "2022-09-01"):
                annee, mois, j = jour.split("-")
                attendu = _projete(jour, garder).replace(".", ",")
                assert lus[f"{j}/{mois}/{annee}"] == attendu, (code, jour)
    assert _projete("2022-06-01", gardes["module"]["1"]) == "80 sur 94"
    assert _projete("2022-06-01", gardes["canal"]["courriers"]) == "7 sur 16"


def test_les_liens_du_plan_sont_dans_l_ordre() -> None:
    """An action of the plan waits for none that is due later, and each proof is in the register."""
    preuves = {p["code"] for p in _lignes("moselle_2022", "preuves")}
    echeances = {a["code"]: a["echeance"] for a in _lignes("moselle_2022", "plan_actions")}
    for action in _lignes("moselle_2022", "plan_actions"):
        assert all(echeances[d] <= action["echeance"] for d in action["depend_de"].split())
        assert set(action["preuve_fournie"].split()) <= preuves
        assert (action["statut"] == "fait") == bool(action["fait_le"])
        assert action["fait_le"] <= REFERENCE.isoformat()


def test_le_script_refait_les_fichiers(tmp_path: Path) -> None:
    """Running data/fabrique again gives every committed CSV byte for byte."""
    subprocess.run([sys.executable, "-B", str(DATA / "fabrique"), str(tmp_path)], check=True)
    refaits = {f.relative_to(tmp_path): f.read_bytes() for f in tmp_path.rglob("*.csv")}
    dossiers = [DATA / "campagnes" / campagne for campagne in CAMPAGNES]
    commis = {
        f.relative_to(DATA / "campagnes"): f.read_bytes() for d in dossiers for f in d.glob("*.csv")
    }
    assert set(refaits) == set(commis)
    assert [str(nom) for nom in commis if refaits[nom] != commis[nom]] == []
