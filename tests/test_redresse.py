"""A weighted survey, from the file to the chapters: every figure against R, and what is said of it.

The answers are those of 600 people to the public ``bfi`` items, raked on two questions; the same
is done in ``attendus/sondage.R`` with the *survey* package, which gives the values expected here.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml
from conftest import Projet
from petite_campagne import write_fiche
from petite_enquete import PAS, PAS_DU_TOUT, PLUTOT, SANS, TRES, load_enquete, reponses

from qualepref_lib.analyses.profils import (
    list_tests_profils,
    measure_items_par_profil,
    measure_profils,
)
from qualepref_lib.analyses.satisfaction import list_items, measure_moyennes, measure_nets
from qualepref_lib.analyses.satisfaction_fidelite import measure_fidelite
from qualepref_lib.analyses.satisfaction_notes import measure_notes
from qualepref_lib.analyses.satisfaction_participation import measure_participation
from qualepref_lib.analyses.satisfaction_priorites import measure_priorites
from qualepref_lib.analyses.satisfaction_redresses import list_redresses, measure_redresses
from qualepref_lib.campagne import Campagne, load_campagne
from qualepref_lib.core.bilan import Renvoi
from qualepref_lib.core.mesures import Priorite, Score, Taux, TauxMasque, TauxRedresse, TriCroise
from qualepref_lib.display.blocs import BlocTableau
from qualepref_lib.display.graphique import Graphique
from qualepref_lib.display.phrase import texte_phrase
from qualepref_lib.display.tableau import Tableau

ATTENDUS = Path(__file__).parent / "attendus"
DEGRES = {4: TRES, 3: PLUTOT, 2: PAS, 1: PAS_DU_TOUT}
NOTE = (1, 1, 2, 3, 3, 4)
MARGES = [
    {"questions": ["profil"], "parts": {"a": "0.35", "b": "0.65"}},
    {"questions": ["sexe"], "parts": {"f": "0.5", "h": "0.5"}},
]
COLONNES = ["A2", "A3", "A4", "A5", "C1", "gender", "education"]


def _lire_attendus() -> dict[str, float]:
    with (ATTENDUS / "sondage.csv").open(encoding="utf-8", newline="") as fichier:
        return {ligne["nom"]: float(ligne["valeur"]) for ligne in csv.DictReader(fichier)}


R = _lire_attendus()


def _lignes() -> Iterator[tuple[int, dict[str, str]]]:
    """The public answers as our survey writes them; twelve people have no opinion of the wait."""
    bfi = pd.read_csv(ATTENDUS / "bfi.csv")[COLONNES].dropna().astype(int).head(600)
    for rang, (a2, a3, a4, a5, c1, sexe, etudes) in enumerate(bfi.itertuples(index=False), 1):
        muet = rang % 50 == 7
        yield (
            1,
            {
                "profil": "groupe A" if etudes <= 3 else "groupe B",
                "sexe": "homme" if sexe == 1 else "femme",
                "accueil": DEGRES[NOTE[a2 - 1]],
                "attente": SANS if muet else DEGRES[NOTE[a3 - 1]],
                "ecoute": DEGRES[NOTE[a5 - 1]],
                "nps": str(2 * a4 - 2),
                "effort": str(c1 + 1),
            },
        )


@pytest.fixture(scope="module")
def campagne(tmp_path_factory: pytest.TempPathFactory) -> Campagne:
    """The survey, its weights declared."""
    marges = [m | {"source": "comptage", "date": "2022-01-01"} for m in MARGES]
    source = {"redressement": {"marges": marges}}
    return load_enquete(tmp_path_factory.mktemp("bfi"), reponses(*_lignes()), source)


@pytest.fixture(scope="module")
def sans_poids(tmp_path_factory: pytest.TempPathFactory) -> Campagne:
    """The same answers, without weights."""
    return load_enquete(tmp_path_factory.mktemp("bfi"), reponses(*_lignes()))


def _accorde(nom: str, valeurs: Sequence[float], echelle: float = 1) -> None:
    """Equal to what R gave, to a relative 1e-6, in its unit."""
    for rang, valeur in enumerate(valeurs, 1):
        assert valeur / echelle == pytest.approx(R[f"{nom}.{rang}"], rel=1e-6), (nom, rang)


def _dit(score: Any) -> list[float]:
    """Value, error, bounds."""
    assert isinstance(score, Score) and score.etendue is not None
    return [score.valeur or 0.0, score.erreur or 0.0, *score.etendue]


def _taux(mesure: Any) -> list[float]:
    assert isinstance(mesure, TauxRedresse)
    return [float(mesure.valeur or 0), mesure.erreur, *mesure.etendue]


def test_weighted_shares_and_balances_equal_r(campagne: Campagne) -> None:
    """svyciprop; the balance is 2p − 1, and so are its error (twice) and its bounds."""
    favorables = measure_redresses(campagne).ligne("accueil").mesure
    _accorde("enquete.oui", _dit(favorables), 100)
    nets = _dit(measure_redresses(campagne, "nets").ligne("accueil").mesure)
    p, e, bas, haut = (R[f"enquete.oui.{i}"] for i in range(1, 5))
    attendus = [100 * x for x in (2 * p - 1, 2 * e, 2 * bas - 1, 2 * haut - 1)]
    assert nets == pytest.approx(attendus, rel=1e-6)


def test_weighted_means_and_marks_equal_r(campagne: Campagne) -> None:
    """svymean and confint: a scale, a scale that twelve people left out, an NPS, an effort."""
    moyennes, notes = (measure_redresses(campagne, nom) for nom in ("moyennes", "notes"))
    _accorde("enquete.moyenne", _dit(moyennes.ligne("accueil").mesure))
    _accorde("enquete.attente", _dit(moyennes.ligne("attente").mesure))
    assert moyennes.ligne("attente").mesure.n == 588  # type: ignore[union-attr]
    _accorde("enquete.points", _dit(notes.ligne("nps").mesure))
    _accorde("enquete.effort", _dit(notes.ligne("effort").mesure))


def test_weighted_alpha_equals_r(campagne: Campagne) -> None:
    """svycralpha for its value, svycontrast on the moments of the answers for its error."""
    (ligne,) = measure_redresses(campagne, "fidelite").lignes
    score = ligne.mesure
    assert isinstance(score, Score) and score.n == 588
    assert score.valeur == pytest.approx(R["enquete.alpha"], rel=1e-6)
    _accorde("enquete.alpha.contraste", _dit(score))


def test_weighted_priorities_equal_r(campagne: Campagne) -> None:
    """Spearman: svyvar of the weighted mid-ranks; error: delta method on svymean of the table."""
    mesure = measure_priorites(campagne).ligne("ecoute").mesure
    assert isinstance(mesure, Priorite)
    assert mesure.importance.valeur == pytest.approx(R["enquete.spearman.svyvar"], rel=1e-6)
    _accorde("enquete.spearman", _dit(mesure.importance))
    favorables = measure_redresses(campagne).ligne("ecoute").mesure
    assert isinstance(favorables, Score) and favorables.valeur is not None
    assert float(mesure.satisfaction.valeur or 0) == pytest.approx(favorables.valeur / 100)


def test_weighted_shares_of_profiles_equal_r_and_their_test(campagne: Campagne) -> None:
    """svyby, svytable and svychisq: the share and the test of one table tell one story."""
    lignes = {li.code: li.mesure for li in measure_profils(campagne).lignes}
    a, b = (_taux(lignes[f"profil.{code}"]) for code in "ab")
    _accorde("enquete.by", [a[0], b[0], a[1], b[1]])
    _accorde("enquete.table", [a[0], b[0]])
    _accorde("enquete.by.a", a[2:])
    croise = measure_items_par_profil(campagne, "profil").ligne("accueil").mesure
    assert isinstance(croise, TriCroise) and croise.cases["groupe A"] == lignes["profil.a"]
    profil = next(rang for rang in list_tests_profils(campagne).lignes if rang[0] == "Profil")
    assert profil[2] == "khi-deux de Rao-Scott, second ordre"
    p = min(1.0, R["enquete.raoscott.2"] * len(list_tests_profils(campagne).lignes))
    assert 0.1 < R["enquete.raoscott.2"] <= float(str(profil[4]).replace(",", ".")) <= p


def test_bases_stay_numbers_of_people(campagne: Campagne, sans_poids: Campagne) -> None:
    """Weights move shares, never the number of people behind them, nor what is masked."""
    avec, sans = (measure_profils(c).lignes for c in (campagne, sans_poids))
    assert [li.mesure.observes for li in avec] == [li.mesure.observes for li in sans]  # type: ignore[union-attr]
    assert all(type(li.mesure) is Taux for li in sans)
    for nom, mesure in (("moyennes", measure_moyennes), ("notes", measure_notes)):
        redresses = measure_redresses(campagne, nom)  # type: ignore[arg-type]
        assert [li.mesure.n for li in redresses.lignes] == [  # type: ignore[union-attr]
            li.mesure.n for li in mesure(campagne).lignes  # type: ignore[union-attr]
        ]  # fmt: skip


def test_what_is_not_weighted_says_so(campagne: Campagne, sans_poids: Campagne) -> None:
    """Each table of estimates tells whether it is weighted; nothing is told when nothing is."""
    non, oui = "non redressé, chaque réponse compte pour une", "enquête redressée"
    for bilan in (measure_nets(campagne), measure_fidelite(campagne), list_items(campagne)):
        assert non in bilan.champ
    for bilan in (measure_profils(campagne), measure_priorites(campagne)):
        assert oui in bilan.champ and non not in bilan.champ
    assert "redress" not in measure_participation(campagne).champ  # it counts what was received
    for bilan in (measure_nets(sans_poids), measure_profils(sans_poids)):
        assert "redress" not in bilan.champ + bilan.formule
    assert "redress" not in measure_priorites(sans_poids, methode="kendall").reserve


def test_kendall_is_not_weighted_and_tells_why(campagne: Campagne, sans_poids: Campagne) -> None:
    """A pair of people has no agreed weight: tau-b is the plain one, and its note says so."""
    avec, sans = (measure_priorites(c, methode="kendall") for c in (campagne, sans_poids))
    assert [li.mesure for li in avec.lignes] == [li.mesure for li in sans.lignes]
    bloc = Tableau(avec).bloc()
    assert isinstance(bloc, BlocTableau)
    assert "redressés" in bloc.notice.lecture and "paires de personnes" in bloc.notice.lecture


def test_the_list_shows_each_figure_without_and_with_its_weights(campagne: Campagne) -> None:
    """Three shares, three balances, three means, two marks, one alpha; all are in the register."""
    liste = list_redresses(campagne)
    assert [str(rang[1]) for rang in liste.lignes].count("Taux net") == 3
    assert len(liste.lignes) == 12
    registre = {c.code: c for c in liste.chiffres}
    for rang in liste.lignes:
        for cellule in rang[2:]:
            assert isinstance(cellule, Renvoi) and cellule.chiffre in registre
        fiche = registre[rang[3].chiffre]  # type: ignore[union-attr]
        assert fiche.denominateur == rang[6].texte and "Taylor" in fiche.formule  # type: ignore[union-attr]
        assert f"erreur type\u00a0: {rang[4].texte}" in fiche.intervalle  # type: ignore[union-attr]
    # Without weights the list gives what the detailed table gives.
    egale = next(r for r in liste.lignes if r[:2] == ("Accueil", "Note moyenne"))
    assert egale[2].texte == measure_moyennes(campagne).ligne("accueil").mesure.texte  # type: ignore[union-attr]


def test_equal_margins_change_nothing(tmp_path: Path) -> None:
    """Margins that the answers already have: shares, means and alpha are those without weights."""
    lignes = reponses(
        (30, {"profil": "groupe A", "accueil": TRES, "ecoute": PLUTOT, "nps": "9"}),
        (20, {"profil": "groupe A", "accueil": PAS, "ecoute": PAS, "nps": "3"}),
        (50, {"profil": "groupe B", "accueil": PLUTOT, "ecoute": TRES, "nps": "8"}),
    )
    marge = {"questions": ["profil"], "parts": {"a": "0.5", "b": "0.5"}, "source": "comptage",
             "date": "2022-01-01"}  # fmt: skip
    avec = load_enquete(tmp_path / "a", lignes, {"redressement": {"marges": [marge]}})
    sans = load_enquete(tmp_path / "s", lignes)
    for rang in list_redresses(avec).lignes:
        assert rang[2].texte == rang[3].texte  # type: ignore[union-attr]
    priorites = [measure_priorites(c).ligne("ecoute").mesure for c in (avec, sans)]
    a, b = (m.importance.valeur for m in priorites if isinstance(m, Priorite))
    assert a == pytest.approx(b)
    assert float(measure_profils(avec).ligne("profil.a").mesure.valeur) == pytest.approx(0.6)  # type: ignore[union-attr]


def test_a_masked_share_stays_masked_when_weighted(tmp_path: Path) -> None:
    """A count of people under five is masked with weights as without."""
    lignes = reponses(
        (40, {"profil": "groupe A", "sexe": "femme", "accueil": TRES}),
        (27, {"profil": "groupe A", "sexe": "homme", "accueil": PAS}),
        (30, {"profil": "groupe B", "sexe": "femme", "accueil": TRES}),
        (3, {"profil": "groupe B", "sexe": "homme", "accueil": PAS}),
    )
    marge = {"questions": ["sexe"], "parts": {"f": "0.5", "h": "0.5"}, "source": "comptage",
             "date": "2022-01-01"}  # fmt: skip
    avec = load_enquete(tmp_path / "a", lignes, {"redressement": {"marges": [marge]}})
    sans = load_enquete(tmp_path / "s", lignes)
    masques = [
        [isinstance(li.mesure, TauxMasque) for li in measure_profils(c).lignes]
        for c in (avec, sans)
    ]
    assert masques[0] == masques[1] and any(masques[0])


def test_a_weighted_table_prints_no_count_of_answers(campagne: Campagne) -> None:
    """Base, weighted share, error, interval: a favourable count would be of no weighted share."""
    bloc = Tableau(measure_profils(campagne)).bloc()
    assert isinstance(bloc, BlocTableau)
    titres = [c.titre for c in bloc.grille.colonnes]
    assert titres == ["Sous-groupe", "Profil", "Base non pondérée", "Part redressée", "Erreur type",
                      "Intervalle à 95\u00a0%"]  # fmt: skip
    fiches = {c.code: c for c in bloc.chiffres}
    fiche = fiches["profils.principale.profil.a"]
    assert fiche.numerateur == "" and "(redressé, base" in fiche.valeur
    assert "sur" not in fiche.valeur and "Taylor" in fiche.formule


def test_weighted_sentences_keep_to_the_design(campagne: Campagne) -> None:
    """For volunteers: the respondents, not the users; nothing is « significatif »."""
    for bilan in (measure_profils(campagne), measure_priorites(campagne),
                  measure_items_par_profil(campagne, "profil")):  # fmt: skip
        texte = texte_phrase(bilan).lower()
        assert "usagers" not in texte and "significatif" not in texte
        Graphique(bilan).bloc()
    dite = texte_phrase(measure_profils(campagne))
    assert "parmi les répondants" in dite.lower() and "(redressé, base" in dite


def test_the_chapters_of_a_weighted_campaign_tell_it(projet: Projet) -> None:
    """The demonstration, weighted by how people came: its chapters run, and each table says
    whether it is weighted; the margin is the profile, so its shares do not move, the whole does."""
    fiche = projet.campagne / "campagne.yaml"
    contenu = yaml.safe_load(fiche.read_text("utf-8"))
    parts = {"sans_rendez_vous": "0.25", "rendez_vous_ligne": "0.45", "rendez_vous_autre": "0.15",
             "convocation": "0.15"}  # fmt: skip
    marge = {"questions": ["mode_venue"], "parts": parts, "source": "comptage",
             "date": "2021-03-01"}  # fmt: skip
    contenu["sources"]["enquete"]["redressement"] = {"marges": [marge]}
    write_fiche(fiche, contenu)
    chapitres = ("03c", "03k", "03m", "03n")
    choix = [mot for nom in chapitres for mot in ("--chapitre", nom)]
    fait = projet.run("rapport", "moselle_2022", *choix, "--sortie", str(projet.sortie))
    assert fait.returncode == 0, fait.stderr
    page = (projet.sortie / "rapport_audit.html").read_text("utf-8")
    texte = " ".join(re.sub("<[^>]+>", " ", page).replace("\u00a0", " ").split())
    for dit in (
        "Ce que le redressement change",
        "Part redressée",
        "non redressé, chaque réponse compte pour une",
        "enquête redressée, bases non pondérées",
        "khi-deux de Rao-Scott",
        "bases non pondérées",
    ):
        assert dit in texte, dit
    lue = load_campagne(projet.campagne)
    ensemble = measure_redresses(lue).ligne("accueil_global").mesure
    assert isinstance(ensemble, Score) and ensemble.valeur is not None
    # By hand: the weighted whole is the mean of the groups, weighted by what they should be.
    cadre = lue.tables["enquete"].cadre
    oui = cadre["accueil_global"].isin(["tres_satisfait", "plutot_satisfait"])
    dits = cadre["accueil_global"].isin(
        ["tres_satisfait", "plutot_satisfait", "plutot_pas_satisfait", "pas_du_tout_satisfait"]
    )
    venue = cadre["mode_venue"].astype(str)
    connus = venue.isin(parts)
    poids = venue.map({m: float(p) * connus.sum() / (venue == m).sum() for m, p in parts.items()})
    poids = poids.fillna(1.0)
    attendu = 100 * (poids * (oui & dits)).sum() / (poids * dits).sum()
    assert ensemble.valeur == pytest.approx(attendu)
    assert f"{ensemble.texte.replace(chr(160), ' ')}" in texte


def test_a_weighted_share_of_nobody_is_nothing() -> None:
    """No one, or fewer than ten: a word, never a percentage."""
    assert str(TauxRedresse(0, 0)) == "sans objet (base 0)"
    assert TauxRedresse(Fraction(5, 2), 9).pourcentage == "moins de 10 réponses"
