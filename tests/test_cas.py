"""Every worked case of ``cas/*.yaml`` gives what its author computed by hand.

A case file names its trial (``épreuve``) ; a case gives its data and what an auditor expects to
read. Here each trial turns the data into a mapping of observed things, and only what the case
mentions is compared: an exact value as a fraction, an interval to the decimals written.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from petite_campagne import load_petite, questionnaire

from qualepref_lib.analyses import (
    autodiagnostic,
    mystere,
    plan_actions,
    satisfaction,
    satisfaction_evolution,
    satisfaction_participation,
    satisfaction_reponses,
)
from qualepref_lib.campagne import Campagne
from qualepref_lib.core.bilan import Bilan, Ligne, texte_intervalle
from qualepref_lib.core.intervalles import decider, exact, newcombe, wilson
from qualepref_lib.core.jours import JoursOuvres
from qualepref_lib.core.mesures import Durees, Ecart, Repartition, Taux
from qualepref_lib.core.refus import sans_accent

CAS = Path(__file__).parent / "cas"
AILLEURS = {
    "courriers": "test_courriers.py",
    "projection": "test_projection.py",
    "verbatims": "test_verbatims_masques.py",
}
"""The trials that another module of tests runs, beside the properties of the same rules."""
Observe = Mapping[str, Any]


def _cas() -> Iterator[Any]:
    for chemin in sorted(CAS.glob("*.yaml")):
        fichier = yaml.load(chemin.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
        for cas in fichier["cas"] if fichier["épreuve"] not in AILLEURS else ():
            yield pytest.param(fichier["épreuve"], cas, id=_identite(chemin, cas))


def _identite(chemin: Path, cas: dict[str, Any]) -> str:
    """A readable pytest id: pytest prints accents as escapes."""
    return f"{chemin.stem}: {sans_accent(cas['nom'])}"


@pytest.mark.parametrize(("epreuve", "cas"), list(_cas()))
def test_cas(epreuve: str, cas: dict[str, Any], tmp_path: Path) -> None:
    """What the library finds is what the case computed by hand."""
    observe = EPREUVES[epreuve](cas["donnees"], tmp_path)
    for nom, attendu in cas["attendu"].items():
        assert nom in observe, f"« {nom} » n'est pas observé ; observé : {sorted(observe)}"
        assert _accorde(attendu, observe[nom]), f"{nom} : attendu {attendu}, obtenu {observe[nom]}"


def test_chaque_fichier_a_des_cas() -> None:
    """Every family of rules has worked cases, and no two cases of a family share a name."""
    noms = [(p.values[0], p.values[1]["nom"]) for p in _cas()]
    assert {epreuve for epreuve, _ in noms} == set(EPREUVES)
    assert len(set(noms)) == len(noms)
    for epreuve, module in AILLEURS.items():
        assert f'"{epreuve}.yaml"' in Path(__file__).with_name(module).read_text(encoding="utf-8")


def _accorde(attendu: Any, obtenu: Any) -> bool:
    if attendu in ("aucun", "aucune"):
        return obtenu is None
    if isinstance(attendu, list):
        return len(attendu) == len(obtenu) and all(map(_accorde, attendu, obtenu))
    if isinstance(obtenu, float):
        decimales = len(attendu.partition(",")[2])
        return abs(obtenu - float(_fraction(attendu))) <= 0.5 * 10**-decimales + 1e-9
    if isinstance(obtenu, Fraction | int):
        return _fraction(attendu) == obtenu
    return bool(attendu == _espaces(str(obtenu)))


def _espaces(texte: str) -> str:
    return texte.replace("\u00a0", " ").replace("\u202f", " ")


def _fraction(texte: str) -> Fraction:
    haut, _, bas = texte.replace(",", ".").partition("/")
    return Fraction(haut) / Fraction(bas or 1)


def _cent(bornes: tuple[float, float]) -> list[float]:
    return [100 * float(borne) for borne in bornes]


def _eprouver_taux(donnees: dict[str, Any], racine: Path) -> Observe:
    nombres = {nom: _fraction(valeur) for nom, valeur in donnees.items()}
    taux = Taux(nombres["favorables"], int(nombres["observes"]), int(nombres.get("non_evalues", 0)))
    return {"taux": taux.valeur, "bornes": taux.bornes, "imprimé": str(taux),
            "en colonne": taux.pourcentage}  # fmt: skip


def _eprouver_intervalles(donnees: dict[str, Any], racine: Path) -> Observe:
    methode = donnees["methode"]
    n = {nom: _fraction(valeur) for nom, valeur in donnees.items() if nom != "methode"}
    k, base, niveau = int(n["favorables"]), int(n["observes"]), float(n.get("niveau", 0.95))
    if methode == "decision":
        return {"decision": decider(k, base, float(n["cible"]), niveau)}
    if methode == "newcombe":
        avant, base_avant = int(n["avant"]), int(n["observes_avant"])
        ecart = Taux(k, base).valeur - Taux(avant, base_avant).valeur  # type: ignore[operator]
        bornes = newcombe(k, base, avant, base_avant, niveau)
        return {"ecart": float(100 * ecart), "intervalle": _cent(bornes)}
    fonction = {"wilson": wilson, "exact": exact}[methode]
    return {"intervalle": _cent(fonction(k, base, niveau))}


_MESURES: dict[str, Callable[[Campagne], Bilan]] = {
    "points forts": autodiagnostic.measure_points_forts,
    "axes": autodiagnostic.measure_axes,
    "a verifier": autodiagnostic.measure_a_verifier,
}


def _eprouver_autodiagnostic(donnees: dict[str, Any], racine: Path) -> Observe:
    lignes = [
        {"critere": critere, "cotation": cotation, "motif": "m" if cotation == "sans objet" else ""}
        for critere, cotation in donnees["cotations"].items()
    ]
    campagne = load_petite(
        racine,
        {"autodiagnostic": lignes},
        criteres=donnees["criteres"],
        agregation=donnees.get("agregation", "criteres"),
        cible=donnees.get("cible", "").replace(",", "."),
    )
    par = donnees["par"]
    if par in _MESURES:
        bilan = _MESURES[par](campagne)
    else:
        bilan = autodiagnostic.measure_autodiagnostic(campagne, par=par)
    observe: dict[str, Any] = {"lignes": [ligne.code for ligne in bilan.lignes]}
    for ligne in bilan.lignes:
        taux = ligne.mesure
        assert isinstance(taux, Taux)
        observe[ligne.code] = str(taux)
        observe[f"{ligne.code} taux"] = taux.valeur
        observe[f"{ligne.code} bornes"] = taux.bornes
        observe[f"{ligne.code} état"] = ligne.statut
    return observe


def _grille(cible: str) -> dict[str, Any]:
    return {
        "code": "visite",
        "libelle": "Visites",
        "canal": "telephonie",
        "cibles": [{"depuis": "2020-01-01", "valeur": cible, "source": "cas d'essai"}],
        "observations": [
            {"code": "salut", "libelle": "Salut", "engagements": ["1.01"]},
            {"code": "attente", "libelle": "Attente", "genre": "mesure", "unite": "minutes",
             "maximum": "10"},
        ],
    }  # fmt: skip


def _lignes_mystere(tests: list[dict[str, str]]) -> Iterator[dict[str, str]]:
    menes = [test for test in tests for _ in range(int(test.get("fois", "1")))]
    for rang, test in enumerate(menes, 1):
        commun = {"vague": "V1", "test": f"T{rang:02d}", "grille": "visite", "date": "2022-03-01",
                  "abouti": test.get("abouti", "oui"), "observation": "", "reponse": "",
                  "valeur": ""}  # fmt: skip
        if commun["abouti"] == "non":
            yield commun
            continue
        yield commun | {"observation": "salut", "reponse": test["salut"]}
        colonne = "reponse" if test["attente"] == "sans objet" else "valeur"
        yield commun | {"observation": "attente", colonne: test["attente"]}


def _eprouver_mystere(donnees: dict[str, Any], racine: Path) -> Observe:
    cible = donnees.get("cible", "0,8").replace(",", ".")
    lignes = list(_lignes_mystere(donnees["tests"]))
    campagne = load_petite(racine, {"mystere": lignes}, grilles=[_grille(cible)])
    conformite = mystere.measure_conformite(campagne)
    salut = conformite.ligne("salut")
    observe = mystere.measure_observe(campagne)
    attente = mystere.measure_delais(campagne).ligne("attente").mesure
    assert isinstance(attente, Durees) and isinstance(salut.mesure, Taux)
    visite = observe.ligne("visite").mesure
    assert isinstance(visite, Taux)
    return {
        "tests aboutis": str(mystere.measure_joignabilite(campagne).ligne("visite").mesure),
        "conformité": str(salut.mesure),
        "décision": salut.statut,
        "intervalle": texte_intervalle(salut.mesure, conformite),
        "mesurés": attente.n,
        "sans mesure": attente.en_cours,
        "médiane": attente.mediane,
        "neuvième décile": attente.p90,
        "dans la cible": str(attente.dans_cible),
        "observations": str(visite),
        "observations intervalle": texte_intervalle(visite, observe),
    }


_QUESTIONS = [
    {"code": "accueil", "libelle": "Accueil ?", "court": "Accueil", "genre": "echelle",
     "echelle": "satisfaction"},
    {"code": "motifs", "libelle": "Motifs ?", "court": "Motifs", "genre": "multiple",
     "modalites": [{"code": "a", "libelle": "A"}, {"code": "b", "libelle": "B"}]},
]  # fmt: skip


def _eprouver_satisfaction(donnees: dict[str, Any], racine: Path) -> Observe:
    recues = [r for r in donnees["reponses"] for _ in range(int(r["fois"]))]
    lignes = [
        {"reponse": f"R{rang:03d}", "date": "2021-03-15", "accueil": r["accueil"],
         "motifs": r.get("motifs", "")}
        for rang, r in enumerate(recues, 1)
    ]  # fmt: skip
    publiee = donnees.get("publiee", {"valeur": "0.84", "annee": "2019", "bases": ["150"]})
    edition = {"indicateur": "accueil", "annee": publiee["annee"], "valeur": publiee["valeur"],
               "source": "cas", "bases_plausibles": publiee["bases"],
               "base_retenue": publiee.get("retenue", "150")}  # fmt: skip
    edition |= {"base": publiee["base"]} if "base" in publiee else {}
    campagne = load_petite(
        racine,
        {"enquete": lignes},
        questionnaire=questionnaire(_QUESTIONS, "accueil"),
        editions_publiees=[edition],
    )
    return _observer_satisfaction(campagne)


def _observer_satisfaction(campagne: Campagne) -> Observe:
    principale = satisfaction.measure_principale(campagne)
    taux = principale.ligne("accueil").mesure
    detail = satisfaction.measure_appreciations(campagne, "satisfaction").ligne("accueil").mesure
    motifs = satisfaction_reponses.measure_reponses(campagne, "motifs")
    accueil = satisfaction_reponses.measure_reponses(campagne, "accueil")
    evolution = satisfaction_evolution.measure_evolution(campagne)
    recues = satisfaction_participation.measure_participation(campagne)
    assert isinstance(taux, Taux) and isinstance(detail, Repartition)
    observe: dict[str, Any] = {
        "satisfaction": str(taux),
        "intervalle": texte_intervalle(taux, principale),
        "réponses": recues.ligne("total").mesure.n,  # type: ignore[union-attr]
        **detail.a_part,
        **{f"motif {ligne.libelle}": str(ligne.mesure) for ligne in motifs.lignes},
        "motifs dans l'ordre": [ligne.code for ligne in motifs.lignes],
        "réponses à l'accueil": [ligne.code for ligne in accueil.lignes],
        **{ligne.libelle: str(ligne.mesure) for ligne in accueil.lignes},
        "évolution": [ligne.code for ligne in evolution.lignes],
        "retenue": [ligne.code for ligne in evolution.lignes if ligne.statut],
        "bases connues": [ligne.code for ligne in evolution.lignes if _base_connue(ligne)],
    }
    for ligne in evolution.lignes:
        assert isinstance(ligne.mesure, Ecart)
        base = ligne.code.rpartition(".")[2]
        observe[f"écart {base}"] = float(100 * ligne.mesure.valeur)
        observe[f"intervalle {base}"] = _cent(ligne.mesure.intervalle)
    return observe


def _base_connue(ligne: Ligne) -> bool:
    return isinstance(ligne.mesure, Ecart) and ligne.mesure.base_connue


def _eprouver_plan(donnees: dict[str, Any], racine: Path) -> Observe:
    actions = [{"libelle": f"Action {a['code']}", "canaux": "", **a} for a in donnees["actions"]]
    campagne = load_petite(
        racine,
        {
            "plan_actions": actions,
            "autodiagnostic": [{"critere": "1.01.a", "cotation": "non réalisé"}],
        },
        date_reference=donnees["date_reference"],
        criteres={"1": {"1.01": {"1.01.a": ["telephonie", "internet"]}}},
    )
    avancement = plan_actions.measure_avancement(campagne)
    retards = plan_actions.measure_actions(campagne, en_retard=True)
    canaux = plan_actions.measure_actions_par_canal(campagne)
    declare = autodiagnostic.measure_autodiagnostic(campagne, par="ensemble")
    return {
        "en retard": [ligne.code for ligne in retards.lignes],
        "taux déclaré": str(declare.ligne("ensemble").mesure),
        **{ligne.code: str(ligne.mesure) for ligne in avancement.lignes},
        **{f"canal {ligne.code}": str(ligne.mesure) for ligne in canaux.lignes},
    }


def _eprouver_jours(donnees: dict[str, Any], racine: Path) -> Observe:
    fermetures = frozenset(map(dt.date.fromisoformat, donnees.get("fermetures", [])))
    jours = JoursOuvres(donnees["zone"], fermetures)
    reception = dt.date.fromisoformat(donnees["reception"])
    echeance = jours.echeance(reception, int(donnees["delai"]))
    observe: dict[str, Any] = {"échéance": echeance.isoformat()}
    if "reponse" in donnees:
        reponse = dt.date.fromisoformat(donnees["reponse"])
        (ecoules,) = jours.compter(*(np.array([j], "datetime64[D]") for j in (reception, reponse)))
        observe["jours ouvrés"] = int(ecoules)
        observe["dans le délai"] = "oui" if reponse <= echeance else "non"
    return observe


EPREUVES: dict[str, Callable[[dict[str, Any], Path], Observe]] = {
    "taux": _eprouver_taux,
    "intervalles": _eprouver_intervalles,
    "autodiagnostic": _eprouver_autodiagnostic,
    "mystere": _eprouver_mystere,
    "satisfaction": _eprouver_satisfaction,
    "plan": _eprouver_plan,
    "jours": _eprouver_jours,
}
