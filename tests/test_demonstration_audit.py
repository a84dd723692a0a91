"""The audit of the demonstration holds what it is said to hold; recounted without our library.

Only csv, hashlib and yaml are used, so that a fault of the library cannot hide a fault of the data.
"""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import re
import subprocess
import sys
from collections import Counter
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml

RACINE = Path(__file__).resolve().parents[1]
DATA = RACINE / "data"
EDITION = DATA / "referentiel" / "demonstration"
CAMPAGNE = DATA / "campagnes" / "moselle_2022"
REFERENCE = dt.date(2022, 4, 1)
POINTS = {"réalisé": 2, "partiel": 1, "non réalisé": 0}
TABLES = {
    "preuves": 45,
    "documents": 11,
    "entretiens": 8,
    "plan_audit": 12,
    "verification": 40,
    "constats": 6,
    "pieces": 18,
    "controles": 8,
    "usagers": 10,
    "decisions": 8,
}
CONDITIONS = {
    "critere": (
        *("realise_sans_preuve", "preuve_perimee_seule"),
        *("sans_objet_sans_motif", "cotation_verifiee_plus_basse"),
    ),
    "preuve": ("fichier_absent", "fichier_modifie", "perimee"),
    "document": ("revue_en_retard",),
    "engagement": ("sans_entretien", "sans_preuve"),
    "action": ("faite_sans_recotation", "en_retard", "sans_responsable"),
    "controle": ("en_retard",),
    "usager": ("sans_reponse",),
}
PERSONNE = re.compile(r"\bM\.\s|\bMM\.|\bM(?:me|mes|lle)\b|\b(?:Monsieur|Madame|Mademoiselle)\b")

Ligne = dict[str, str]


@cache
def _lire(source: str) -> list[Ligne]:
    with (CAMPAGNE / f"{source}.csv").open(encoding="utf-8", newline="") as fichier:
        return list(csv.DictReader(fichier, delimiter=";"))


def _yaml(chemin: Path) -> Any:
    return yaml.load(chemin.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)


@cache
def _criteres() -> dict[str, dict[str, Any]]:
    """Every criterion of the edition, with its engagement."""
    modules = [_yaml(chemin) for chemin in sorted((EDITION / "modules").glob("*.yaml"))]
    engagements = [e for module in modules for e in module.get("engagements", ())]
    return {c["code"]: {**c, "engagement": e["code"]} for e in engagements for c in e["criteres"]}


def _engagements() -> set[str]:
    return {critere["engagement"] for critere in _criteres().values()}


def _jour(texte: str) -> dt.date:
    return dt.date.fromisoformat(texte)


def _fraiche(preuve: Ligne, critere: str, jour: dt.date = REFERENCE) -> bool:
    """Design 3.2: the evidence's own validity first, then the criterion's, else no limit."""
    jours = preuve["validite_jours"] or _criteres()[critere].get("validite_jours", "")
    return not jours or _jour(preuve["date_effet"]) + dt.timedelta(int(jours)) >= jour


def _etat(preuve: Ligne) -> str:
    """What became of the file that the evidence names."""
    chemin = CAMPAGNE / preuve["fichier"]
    if not preuve["fichier"]:
        return "sans fichier"
    if not chemin.is_file():
        return "absent"
    empreinte = hashlib.sha256(chemin.read_bytes()).hexdigest()
    return "intact" if empreinte == preuve["sha256"] else "modifié"


def _perimees(jour: dt.date) -> list[str]:
    """The evidence that no longer proves any of its criteria on ``jour``."""
    return [
        preuve["code"]
        for preuve in _lire("preuves")
        if not any(_fraiche(preuve, c, jour) for c in preuve["criteres"].split())
    ]


def _prouves() -> set[str]:
    """The criteria with at least one evidence that is fresh and whose file is as deposited."""
    return {
        critere
        for preuve in _lire("preuves")
        if _etat(preuve) in ("intact", "sans fichier")
        for critere in preuve["criteres"].split()
        if _fraiche(preuve, critere)
    }


def _declares(*cotations: str) -> set[str]:
    return {li["critere"] for li in _lire("autodiagnostic") if li["cotation"] in cotations}


def _cites(source: str) -> set[str]:
    return {code for ligne in _lire(source) for code in ligne["engagements"].split()}


@pytest.mark.parametrize(("source", "lignes"), TABLES.items())
def test_effectifs(source: str, lignes: int) -> None:
    """Each table has its announced number of rows, and no row twice."""
    assert len(_lire(source)) == lignes
    assert len({tuple(li.values()) for li in _lire(source)}) == lignes


@pytest.mark.parametrize("source", TABLES)
def test_codes_connus(source: str) -> None:
    """Every criterion and engagement that a row cites exists in the edition."""
    for ligne in _lire(source):
        criteres = f"{ligne.get('criteres', '')} {ligne.get('critere', '')}".split()
        engagements = f"{ligne.get('engagements', '')} {ligne.get('engagement', '')}".split()
        assert set(criteres) <= set(_criteres()), ligne
        assert set(engagements) <= _engagements(), ligne


@pytest.mark.parametrize("source", TABLES)
def test_jours_ouvres(source: str) -> None:
    """What was done was done on a weekday, and by the reference date."""
    faites = ("date_effet", "date_depot", "derniere_revue", "date_reponse", "dernier", "remise_le")
    for ligne in _lire(source):
        for colonne in (*faites, "date"):
            if jour := ligne.get(colonne):
                assert _jour(jour).weekday() < 5, ligne
                assert source == "plan_audit" or _jour(jour) <= REFERENCE, ligne


def test_etat_des_fichiers() -> None:
    """Twelve evidence files are there; one has changed since its deposit; one more is lost."""
    etats = {preuve["code"]: _etat(preuve) for preuve in _lire("preuves")}
    assert Counter(etats.values()) == {"sans fichier": 32, "intact": 11, "modifié": 1, "absent": 1}
    assert etats["PR40"] == "modifié"
    assert etats["PR36"] == "absent"
    nommes = {preuve["fichier"] for preuve in _lire("preuves")}
    presents = {f"preuves/{f.name}" for f in (CAMPAGNE / "preuves").iterdir()}
    assert presents == nommes - {"", "preuves/PR36_note_telephone.txt"}


def test_textes_des_preuves() -> None:
    """An evidence file is a short UTF-8 text, with plain line feeds, that says it is fictional."""
    for chemin in (CAMPAGNE / "preuves").iterdir():
        contenu = chemin.read_bytes()
        assert contenu.decode("utf-8").startswith("Document fictif, établi pour la démonstration.")
        assert b"\r" not in contenu
        assert contenu.endswith(b"\n")
        assert len(contenu) < 1000


def test_preuves_perimees() -> None:
    """Six are stale; one more lasts until the reference date itself, and not a day longer."""
    perimees = ["PR03", "PR24", "PR30", "PR32", "PR34", "PR43"]
    assert _perimees(REFERENCE) == perimees
    assert _perimees(REFERENCE + dt.timedelta(1)) == sorted([*perimees, "PR35"])
    for preuve in _lire("preuves"):
        etats = {_fraiche(preuve, c) for c in preuve["criteres"].split()}
        assert len(etats) == 1, "an evidence is fresh, or stale, for all that it serves"


def test_criteres_prouves() -> None:
    """Of 93 criteria declared met or partly met, 65 have evidence and 56 are proven."""
    declares = _declares("réalisé", "partiel")
    servis = {c for preuve in _lire("preuves") for c in preuve["criteres"].split()}
    assert (len(declares), len(declares & servis), len(declares & _prouves())) == (93, 65, 56)
    perdus = sorted(declares & servis - _prouves())
    perimes, sans_fichier = ["1.01.c", "1.09.a", "1.13.b", "1.13.d", "2.01.b"], ["1.14.c", "1.14.d"]
    assert perdus == sorted([*perimes, *sans_fichier, "1.17.b", "1.17.d"])


def test_couverture_par_les_preuves() -> None:
    """One engagement has no evidence at all; mail tracking and telephone use have none that holds.

    The website, where the minutes see a strength, is proven throughout.
    """
    servis = {_criteres()[c]["engagement"] for p in _lire("preuves") for c in p["criteres"].split()}
    assert _engagements() - servis == {"1.20"}
    prouves = {_criteres()[c]["engagement"] for c in _prouves()}
    assert _engagements() - prouves == {"1.14", "1.17", "1.20"}
    site = {code for code, c in _criteres().items() if c["engagement"] == "1.15"}
    assert site <= _prouves()


def test_entretiens() -> None:
    """Interviews took place in March, with functions; five engagements have not been covered."""
    jours = [_jour(li["date"]) for li in _lire("entretiens")]
    assert jours == sorted(jours)
    assert dt.date(2022, 3, 7) <= jours[0] <= jours[-1] <= dt.date(2022, 3, 31)
    assert _engagements() - _cites("entretiens") == {"1.06", "1.15", "1.16", "1.19", "1.20"}


def test_plan_audit() -> None:
    """Two days of slots in order, without overlap; 1.04 and 1.20 have none."""
    creneaux = [(li["date"], li["debut"], li["fin"]) for li in _lire("plan_audit")]
    assert {jour for jour, _, _ in creneaux} == {"2022-04-12", "2022-04-13"}
    assert creneaux == sorted(creneaux)
    assert all(debut < fin for _, debut, fin in creneaux)
    assert all(a[0] < b[0] or a[2] <= b[1] for a, b in pairwise(creneaux))
    assert _engagements() - _cites("plan_audit") == {"1.04", "1.20"}


def test_documents_a_revoir() -> None:
    """The procedure sheets of the telephone and of mail are overdue for review."""
    en_retard = [d["code"] for d in _lire("documents") if _jour(d["prochaine_revue"]) < REFERENCE]
    assert en_retard == ["DOC08", "DOC09"]


def test_cotations_de_l_auditeur() -> None:
    """The auditor agrees on 31 criteria of 40, is lower on 8, each with its reason, higher on 1."""
    declarees = {li["critere"]: li for li in _lire("autodiagnostic")}
    ecarts: dict[int, list[str]] = {}
    for ligne in _lire("verification"):
        declaree = declarees[ligne["critere"]]
        assert ligne["service"] == declaree["service"]
        assert bool(ligne["motif"]) == (ligne["cotation"] == "sans objet")
        avant, apres = (POINTS.get(li["cotation"], -1) for li in (declaree, ligne))
        signe = (apres > avant) - (apres < avant)
        ecarts.setdefault(signe, []).append(ligne["critere"])
        assert signe == 0 or ligne["commentaire"]
    assert len(ecarts[0]) == 31
    plus_bas = ["1.01.c", "1.07.c", "1.12.b", "1.13.d", "1.14.c", "1.17.d", "1.18.a", "2.02.e"]
    assert ecarts[-1] == plus_bas
    assert ecarts[1] == ["1.01.d"]


def test_constats() -> None:
    """Six open findings; the two minor non-conformities, mail and telephone, have their form."""
    constats = _lire("constats")
    assert [c["numero"] for c in constats] == [f"2022-{n:02d}" for n in range(1, 7)]
    assert {c["statut"] for c in constats} == {"ouvert"}
    attendus = {"point fort": 2, "piste d'amélioration": 1, "point sensible": 1}
    types = Counter(c["type"] for c in constats)
    assert types == attendus | {"non-conformité mineure": 2}
    ecarts = [c for c in constats if c["type"] == "non-conformité mineure"]
    assert [c["engagement"] for c in ecarts] == ["1.17", "1.14"]
    for ecart in ecarts:
        vides = [colonne for colonne, valeur in ecart.items() if not valeur]
        assert vides == ["verification"], "what is still to be verified is not written beforehand"


def test_faits_des_constats() -> None:
    """The figures that the findings quote are those of the mystery wave."""
    mystere = _lire("mystere")

    def oui(observation: str) -> tuple[int, int]:
        reponses = Counter(li["reponse"] for li in mystere if li["observation"] == observation)
        return reponses["oui"], reponses["oui"] + reponses["non"]

    sonneries = [int(li["valeur"]) for li in mystere if li["observation"] == "appel.sonneries"]
    appels = {li["test"]: li["abouti"] for li in mystere if li["grille"] == "appel"}
    assert (sum(n >= 5 for n in sonneries), len(sonneries)) == (9, 16)
    assert (list(appels.values()).count("non"), len(appels)) == (4, 20)
    assert oui("courrier.reponse_delai") == (2, 8)
    assert oui("courriel.reponse_delai") == (3, 12)
    assert oui("visite.attente_annoncee") == (4, 12)


def test_preuves_des_constats() -> None:
    """What a finding cites exists: evidence, documents, interviews."""
    cites = re.findall(r"\b(?:PR|DOC|ENT)\d\d\b", " ".join(c["preuve"] for c in _lire("constats")))
    connus = {li["code"] for s in ("preuves", "documents", "entretiens") for li in _lire(s)}
    assert cites
    assert set(cites) <= connus


def test_pieces() -> None:
    """Of 20 documents asked for: 14 received, 1 incomplete, 3 to come, 2 of which nothing is said.

    The received ones are dated by early March, but for the wave that ended on the 25th.
    """
    pieces = {p["piece"]: p for p in _lire("pieces")}
    statuts = Counter(p["statut"] for p in pieces.values())
    assert statuts == {"reçue": 14, "à fournir": 3, "incomplète": 1}
    assert {f"P{n:02d}" for n in range(1, 21)} - set(pieces) == {"P17", "P19"}
    assert [c for c, p in pieces.items() if p["statut"] == "à fournir"] == ["P04", "P09", "P10"]
    assert pieces["P18"]["statut"] == "incomplète"
    assert [c for c, p in pieces.items() if p["remise_le"] > "2022-03-04"] == ["P06"]
    assert all(bool(p["remise_le"]) == (p["statut"] != "à fournir") for p in pieces.values())


def test_controles_en_retard() -> None:
    """Two periodic checks are late: information of the public, pending mail."""
    en_retard = [
        c["code"]
        for c in _lire("controles")
        if _jour(c["dernier"]) + dt.timedelta(int(c["frequence_jours"])) < REFERENCE
    ]
    assert en_retard == ["CI01", "CI02"]


def test_usagers_sans_reponse() -> None:
    """Three observations have no answer, all about mail or the telephone; four came to the CLU."""
    usagers = _lire("usagers")
    ouverts = [u for u in usagers if not u["reponse"]]
    assert [u["code"] for u in ouverts] == ["U05", "U09", "U10"]
    assert {u["engagement"] for u in ouverts} == {"1.14", "1.17"}
    assert all(bool(u["reponse"]) == bool(u["date_reponse"]) for u in usagers)
    assert all(u["date"] <= u["date_reponse"] for u in usagers if u["reponse"])
    clu = [u for u in usagers if u["instance"] == "CLU"]
    assert len(clu) == 4
    assert {u["date"] for u in clu} == {"2022-03-29"}


def test_decisions() -> None:
    """Decisions of the two committees; one is late, and one adds the sixteenth action."""
    decisions = _lire("decisions")
    assert Counter((d["comite"], d["date"]) for d in decisions) == {
        ("COPIL", "2022-02-03"): 6,
        ("CLU", "2022-03-29"): 2,
    }
    assert Counter(d["statut"] for d in decisions) == {"faite": 3, "ouverte": 5}
    assert [d["code"] for d in decisions if "A16" in d["decision"]] == ["DEC03"]
    tard = [
        d["code"]
        for d in decisions
        if d["statut"] == "ouverte" and _jour(d["echeance"]) < REFERENCE
    ]
    assert tard == ["DEC04"]


def test_cloture_vide() -> None:
    """Nothing of the closing minutes is written before the audit."""
    cloture = _yaml(CAMPAGNE / "cloture.yaml")
    attendues = ["date", "fonctions_presentes", "conclusion", "avis_audite", "suites"]
    assert list(cloture) == attendues
    assert not any(cloture.values())


def test_regles_de_coherence() -> None:
    """Each condition is used once, on its object, with a sentence that names what it is about."""
    regles = _yaml(EDITION / "coherence.yaml")["regles"]
    employees = [(r["objet"], r["condition"]) for r in regles]
    assert sorted(employees) == sorted((o, c) for o, liste in CONDITIONS.items() for c in liste)
    assert len({r["code"] for r in regles}) == len(regles)
    for regle in regles:
        assert re.findall(r"{(\w+)}", regle["phrase"]) == ["code", "libelle"], regle
        assert regle["gravite"] in ("alerte", "attention", "information")
        assert regle["provenance"] in ("source", "demonstration")


def test_le_script_refait_tout(tmp_path: Path) -> None:
    """Running data/fabrique again gives every CSV of the audit and every evidence file."""
    subprocess.run([sys.executable, "-B", str(DATA / "fabrique"), str(tmp_path)], check=True)
    refait = tmp_path / "moselle_2022"
    noms = [Path(f"{table}.csv") for table in TABLES]
    noms += [f.relative_to(CAMPAGNE) for f in (CAMPAGNE / "preuves").iterdir()]
    assert [n for n in noms if (refait / n).read_bytes() != (CAMPAGNE / n).read_bytes()] == []
    assert len(list((refait / "preuves").iterdir())) == 12


def test_preuves_gardees_telles_quelles() -> None:
    """Git changes no byte of an evidence file: a changed line end would change its hash."""
    regles = (RACINE / ".gitattributes").read_text(encoding="utf-8").splitlines()
    assert "data/campagnes/**/preuves/* -text" in regles


def test_aucun_nom_de_personne() -> None:
    """No title of a person is in the demonstration, but that of nobody, which the report masks."""
    dossiers = (CAMPAGNE, DATA / "campagnes" / "moselle_2026_en_cours", EDITION, DATA / "fabrique")
    textes = [f for d in dossiers for f in d.rglob("*") if f.suffix in (".csv", ".yaml", ".txt")]
    assert len(textes) > 40
    lus = {f.name: f.read_text(encoding="utf-8").replace("Mme Untel", "") for f in textes}
    trouves = {nom: PERSONNE.findall(texte) for nom, texte in lus.items()}
    assert {nom: mots for nom, mots in trouves.items() if mots} == {}
