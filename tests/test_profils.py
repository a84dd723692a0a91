"""Cross-tabs by profile: what is printed gives nobody away, and the tests are named and right.

Reference for the p-values: scipy and statsmodels, called here on the counts of the files.
"""

from __future__ import annotations

import json
import random
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from petite_campagne import load_petite, questionnaire, write_fiche
from scipy.optimize import linprog
from scipy.stats import chi2_contingency
from statsmodels.stats.multitest import multipletests

from qualepref_lib.analyses.profils import (
    list_masques,
    list_tests_items,
    list_tests_profils,
    measure_comparaisons,
    measure_items_par_profil,
    measure_profils,
)
from qualepref_lib.analyses.satisfaction_evolution import measure_mois
from qualepref_lib.analyses.satisfaction_redressement import list_marges
from qualepref_lib.analyses.satisfaction_reponses import measure_reponses
from qualepref_lib.campagne import Campagne, load_campagne
from qualepref_lib.core.bilan import Bilan
from qualepref_lib.core.mesures import Taux, TauxMasque, TauxRedresse, TriCroise
from qualepref_lib.core.sondage import rao_scott
from qualepref_lib.display.graphique import Graphique
from qualepref_lib.display.phrase import phrase, texte_phrase
from qualepref_lib.display.tableau import Tableau
from qualepref_lib.enquete.comparaisons import compare_profils, profils_de
from qualepref_lib.enquete.croisements import Croisements, seuils_de
from qualepref_lib.enquete.redressement import plan_de

REPONSES = {
    1: "très satisfait", 0: "pas du tout satisfait", -1: "sans opinion", -2: "",
}  # fmt: skip


@pytest.fixture(scope="module")
def demonstration() -> Campagne:
    """The demonstration campaign, read once."""
    return load_campagne("moselle_2022")


def _campagne(racine: Path, gens: list[tuple[str, int]], groupes: int) -> Campagne:
    """A survey of one item whose respondents are (sub-group or nothing, answer)."""
    modalites = [{"code": f"g{i}", "libelle": f"groupe {i}"} for i in range(groupes)]
    questions = [
        {"code": "profil", "libelle": "Qui ?", "court": "Profil", "genre": "choix",
         "modalites": modalites},
        {"code": "item", "libelle": "Accueil ?", "court": "Accueil", "genre": "echelle",
         "echelle": "satisfaction"},
    ]  # fmt: skip
    lignes = [
        {"reponse": f"R{i}", "date": "2021-03-10", "profil": f"groupe {g}" if g else "",
         "item": REPONSES[r]}
        for i, (g, r) in enumerate(gens, 1)
    ]  # fmt: skip
    return load_petite(racine, {"enquete": lignes}, questionnaire=questionnaire(questions, "item"))


profils = st.integers(2, 5).flatmap(
    lambda k: st.tuples(
        st.just(k),
        st.lists(
            st.tuples(st.integers(0, 14), st.integers(0, 14), st.integers(0, 3)),
            min_size=k + 1, max_size=k + 1,
        ),
    )
)  # fmt: skip


@settings(max_examples=25, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
@given(profils)
def test_rien_de_masque_ne_se_deduit_de_tout_ce_qui_est_imprime(tmp_path_factory, tire) -> None:
    """From the typology, the cross-tab and the overall figures together, no small count follows."""
    k, rangs = tire
    noms = ["", *map(str, range(k))]
    gens = [
        (nom, reponse)
        for nom, (f, u, o) in zip(noms, rangs, strict=True)
        for reponse in [1] * f + [0] * u + [-1] * o
    ]
    if not any(nom for nom, _ in gens):
        return
    random.Random(1).shuffle(gens)
    lue = _campagne(tmp_path_factory.mktemp("c"), gens, k)
    typologie = {li.code: li.mesure for li in measure_reponses(lue, "profil").lignes}
    croise = {m.code: taux for m, taux in Croisements(lue).parts("profil", "item")}
    _attaquer(rangs, typologie, croise, lue)


def _attaquer(rangs, typologie, croise, lue: Campagne) -> None:
    """Unknown: favourable, unfavourable, other, for each group and for the people without one."""
    k = len(rangs) - 1
    n = 3 * (k + 1)
    egal, droite = [], []

    def imposer(poids: dict[int, int], total: int) -> None:
        ligne = np.zeros(n)
        for rang, poids_ in poids.items():
            ligne[rang] = poids_
        egal.append(ligne)
        droite.append(total)

    for c in range(3):  # the overall figures are printed elsewhere
        imposer({3 * g + c: 1 for g in range(k + 1)}, sum(r[c] for r in rangs))
    imposer(dict.fromkeys(range(3), 1), sum(rangs[0]))  # so is the number who told no profile
    for g in range(1, k + 1):
        total, taux = typologie[f"g{g - 1}"], croise[f"g{g - 1}"]
        if not isinstance(total, TauxMasque):
            imposer({3 * g + c: 1 for c in range(3)}, int(total.favorables))
        base = taux.base if isinstance(taux, TauxMasque) else taux.observes
        if base is not None:
            imposer({3 * g: 1, 3 * g + 1: 1}, base)
        if not isinstance(taux, TauxMasque):
            imposer({3 * g: 1}, int(taux.favorables))
    favorables, defavorables = sum(r[0] for r in rangs), sum(r[1] for r in rangs)
    for g in range(1, k + 1):
        for c in range(2):
            if not 0 < rangs[g][c] < 5:
                continue
            bornes = []
            for sens in (1, -1):
                couts = np.zeros(n)
                couts[3 * g + c] = sens
                lu = linprog(couts, A_eq=np.array(egal), b_eq=np.array(droite), bounds=(0, None))
                assert lu.status == 0
                bornes.append(sens * lu.fun)
            # Nothing can be hidden of a survey in which nearly nobody, or one group, answered so.
            seuls = sum(r[c] for r in rangs)
            autres = [g2 for g2 in range(k + 1) if g2 != g and sum(rangs[g2])]
            if seuls >= 5 and min(favorables, defavorables) >= 10 and len(autres) >= 2:
                assert bornes[1] - bornes[0] > 0.5, (rangs, g, c, bornes)


def test_les_seuils_sont_respectes(demonstration: Campagne) -> None:
    """No count of people under the threshold, no share on a small base, in any table."""
    seuils = seuils_de(demonstration)
    croisements = Croisements(demonstration)
    for profil in profils_de(demonstration):
        for ligne in measure_reponses(demonstration, profil.code).lignes:
            taux = ligne.mesure
            assert isinstance(taux, TauxMasque) or not 0 < taux.favorables < seuils.cellule
        for item in ("accueil_global", "telephone", "aide_numerique"):
            for _, taux in croisements.parts(profil.code, item):
                if isinstance(taux, TauxMasque) or not taux.observes:
                    continue
                assert taux.observes >= seuils.base
                for compte in (taux.favorables, taux.observes - taux.favorables):
                    assert compte == 0 or compte >= seuils.cellule


def test_une_campagne_declare_ses_seuils(tmp_path: Path) -> None:
    """Thresholds are data: a stricter campaign masks more."""
    gens = [("0", 1)] * 8 + [("0", 0)] * 8 + [("1", 1)] * 20 + [("1", 0)] * 20 + [("2", 1)] * 30
    lue = _campagne(tmp_path, gens + [("2", 0)] * 30, 3)
    assert not list_masques(lue).lignes
    fiche = lue.dossier / "campagne.yaml"
    fiche.write_text(fiche.read_text("utf-8") + "petites_cellules: {cellule: 9, base: 20}\n")
    assert list_masques(load_campagne(lue.dossier)).lignes


def test_le_registre_ne_tient_rien_de_ce_qui_est_masque(demonstration: Campagne) -> None:
    """The card of a masked figure has no numerator, denominator or row; nor has its sentence."""
    for bilan in (
        measure_profils(demonstration),
        measure_items_par_profil(demonstration, "type_usager"),
        measure_reponses(demonstration, "type_usager"),
    ):
        masques = [c for c in bilan.chiffres() if c.valeur.startswith("masqué")]
        assert masques
        for fiche in masques:
            assert fiche.numerateur == "masqué" and not fiche.intervalle and not fiche.lignes
            assert fiche.denominateur == "masqué" or "base" in fiche.valeur
        assert not [c for c in bilan.chiffres() if c.lignes]
        dit = json.dumps(Tableau(bilan).bloc().model_dump(), default=str, ensure_ascii=False)
        assert "masqué" in dit and "« élu ou agent d’une collectivité » : 4" not in texte_phrase(
            bilan
        )


def test_un_masque_ne_porte_aucune_valeur() -> None:
    """A masked share holds nothing that a display could print by mistake."""
    masque = TauxMasque(base=12)
    assert (masque.favorables, masque.observes, masque.valeur) == (0, 0, None)
    assert str(masque) == "masqué (base 12)" and masque.pourcentage == "masqué"


def test_les_tests_sont_ceux_de_scipy(demonstration: Campagne) -> None:
    """Chi-square of Pearson on the printed groups, the others as one; Holm over the family."""
    rangs = list_tests_profils(demonstration).lignes
    cadre = demonstration.tables["enquete"].cadre
    ok = cadre["accueil_global"].isin(["tres_satisfait", "plutot_satisfait"])
    # Two sub-groups of the way of coming are masked: they are one group.
    groupes = (
        cadre["mode_venue"].astype(object).replace(["rendez_vous_autre", "convocation"], "masques")
    )
    groupes = groupes.fillna("masques")
    table = [[int((ok & (groupes == g)).sum()), int((~ok & (groupes == g)).sum())]
             for g in groupes.unique()]  # fmt: skip
    p = chi2_contingency(table, correction=False).pvalue
    premiere = dict(zip(("profil", "sous", "test", "n", "p", "lu"), rangs[-1], strict=True))
    assert premiere["profil"] == "Mode de venue" and premiere["test"] == "khi-deux de Pearson"
    assert p * len(rangs) < 0.001 and premiere["p"] == "< 0,001"
    assert str(premiere["lu"].texte) == "différence établie"


def test_holm_est_celui_de_statsmodels(demonstration: Campagne) -> None:
    """All the comparisons of a family are adjusted together, and their number is printed."""
    from qualepref_lib.analyses import profils as module

    principale = module._principale(demonstration)
    faites = compare_profils(demonstration, [principale])
    attendues = multipletests([c.test.p for c in faites], method="holm")[1]
    assert np.allclose([c.test.p_ajustee for c in faites], attendues)
    assert f"{len(faites)} comparaisons" in list_tests_profils(demonstration).champ
    assert {c.test.famille for c in faites} == {len(faites)}


def test_une_enquete_redressee_est_testee_par_rao_scott(tmp_path: Path) -> None:
    """With weights, the test is Rao and Scott's of the second order; bases stay unweighted.

    Reference: ``rao_scott``, itself checked against R ``survey::svychisq`` (tests/test_sondage.py).
    """
    gens = [("0", 1)] * 40 + [("0", 0)] * 25 + [("1", 1)] * 20 + [("1", 0)] * 35
    _campagne(tmp_path, gens, 2)
    fiche = tmp_path / "campagnes" / "essai" / "campagne.yaml"
    contenu = yaml.safe_load(fiche.read_text("utf-8"))
    marge = {"questions": ["profil"], "source": "comptage", "date": "2021-01-01",
             "parts": {"g0": "0.3", "g1": "0.7"}}  # fmt: skip
    contenu["sources"]["enquete"]["redressement"] = {"marges": [marge]}
    write_fiche(fiche, contenu)
    lue = load_campagne(fiche.parent)
    ((_, _, test, n, p, _),) = list_tests_profils(lue).lignes
    groupes = np.array([int(g) for g, _ in gens])
    attendu = rao_scott(plan_de(lue), groupes, np.array([r for _, r in gens]))
    assert (test, n) == ("khi-deux de Rao-Scott, second ordre", "120")
    assert p == f"{attendu.p:.3f}".replace(".", ",") and attendu.p > 0.001
    # The margin is the profile itself: one weight a group, and so the share of its answers.
    lus = [li.mesure for li in measure_profils(lue).lignes]
    assert [(round(65 * 55 * float(m.valeur)), m.observes) for m in lus] == [
        (40 * 55, 65), (20 * 65, 55),
    ]  # fmt: skip
    assert all(isinstance(m, TauxRedresse) for m in lus)


def test_les_marges_d_un_redressement_sont_masquees(tmp_path: Path) -> None:
    """The share that a small class had before weighting would tell its number: it is masked."""
    gens = [("0", 1)] * 60 + [("1", 0)] * 30 + [("2", 1)] * 4
    _campagne(tmp_path, gens, 3)
    fiche = tmp_path / "campagnes" / "essai" / "campagne.yaml"
    contenu = yaml.safe_load(fiche.read_text("utf-8"))
    marge = {"questions": ["profil"], "source": "comptage", "date": "2021-01-01",
             "parts": {"g0": "0.6", "g1": "0.35", "g2": "0.05"}}  # fmt: skip
    contenu["sources"]["enquete"]["redressement"] = {"marges": [marge]}
    write_fiche(fiche, contenu)
    marges = list_marges(load_campagne(fiche.parent))
    avant = {rang[1].chiffre: rang[1].texte for rang in marges.lignes}
    assert list(avant.values()).count("masqué") == 2
    assert "sont masqués les nombres de moins de 5 personnes" in marges.champ
    # The card of a masked share says so too: « sans objet » would say that there was no answer.
    fiches = {c.code: c for c in marges.chiffres if c.code in avant}
    assert {c.valeur for c in fiches.values()} == {
        "masqué (n\u00a0=\u00a094)",
        "63,8\u00a0% (n\u00a0=\u00a094)",
    }
    for code, texte in avant.items():
        assert fiches[code].valeur.startswith(texte) and not fiches[code].intervalle


def test_un_mois_de_peu_de_reponses_est_masque(tmp_path: Path) -> None:
    """Months are sub-groups: neither a small one nor its complement is told."""
    gens = [("0", 1)] * 30 + [("0", 0)] * 30
    _campagne(tmp_path, gens, 2)
    chemin = tmp_path / "campagnes" / "essai" / "enquete.csv"
    texte = chemin.read_text("utf-8")
    for rang, mois in ((1, "04"), (2, "04"), (40, "04"), (41, "05"), (3, "05")):
        texte = texte.replace(f"R{rang};2021-03-10", f"R{rang};2021-{mois}-10")
    chemin.write_text(texte, "utf-8")
    mesures = [li.mesure for li in measure_mois(load_campagne(chemin.parent)).lignes]
    assert [isinstance(m, TauxMasque) for m in mesures[1:]] == [True, True]


def test_une_difference_n_est_etablie_que_par_un_test_nomme(demonstration: Campagne) -> None:
    """A line that says « établie » names its test; nothing says « significatif » or « tous »."""
    for liste in (list_tests_profils(demonstration), list_tests_items(demonstration)):
        for rang in liste.lignes:
            assert any(nom in str(rang[-4]) for nom in ("khi-deux", "Fisher", "Rao-Scott"))
    textes = [
        json.dumps(vue.bloc().model_dump(), default=str, ensure_ascii=False).lower()
        for vue in (
            phrase(measure_profils(demonstration)),
            phrase(measure_comparaisons(demonstration)),
            Tableau(list_tests_items(demonstration)),
        )
    ]
    assert not [t for t in textes if "significati" in t or "tous les usagers" in t]
    assert "parmi les répondants" in textes[0]


def test_une_p_valeur_ne_rend_pas_un_effectif_masque(demonstration: Campagne) -> None:
    """A sub-group whose share is masked has no test of its own."""
    caches = Croisements(demonstration).masques("motifs", "accueil_global")[1]
    libelles = {m.libelle for m in Croisements(demonstration).modalites("motifs")
                if m.code in caches}  # fmt: skip
    testes = " ".join(str(rang) for rang in list_tests_profils(demonstration).lignes)
    assert libelles and not [libelle for libelle in libelles if libelle in testes]


def test_l_ordre_ne_range_pas_ce_qui_est_masque(demonstration: Campagne) -> None:
    """Lines sorted by their counts would rank the masked ones: these come last."""
    lignes = measure_reponses(demonstration, "type_usager").lignes
    masques = [isinstance(li.mesure, TauxMasque) for li in lignes]
    assert masques == sorted(masques) and any(masques)
    comptes = [li.mesure.favorables for li in lignes if not isinstance(li.mesure, TauxMasque)]
    assert all(a >= b for a, b in pairwise(comptes))


def test_le_graphique_dit_masque(demonstration: Campagne) -> None:
    """A masked cell of the chart prints the word, and has no tint and no length."""
    bilan: Bilan = measure_items_par_profil(demonstration, "mode_venue")
    assert isinstance(bilan.lignes[0].mesure, TriCroise)
    image = Graphique(bilan, forme="chaleur")._repr_mimebundle_()["image/svg+xml"]
    assert "masqué" in image or "<path" in image


def test_sans_enquete_les_tableaux_disent_ce_qui_manque(tmp_path: Path) -> None:
    """A campaign without survey has its notices, not an error."""
    question = {"code": "item", "libelle": "?", "court": "?", "genre": "echelle"}
    questions = questionnaire([question | {"echelle": "satisfaction"}], "item")
    lue = load_petite(tmp_path, {}, questionnaire=questions)
    for mesure in (measure_profils, list_tests_profils, list_tests_items, list_masques):
        assert mesure(lue).manque


def test_tout_est_montre_d_une_grande_enquete(tmp_path: Path) -> None:
    """Where nobody is few, nothing is masked."""
    gens = [(str(g), r) for g in range(3) for r in (0, 1) for _ in range(40)]
    lue = _campagne(tmp_path, gens, 3)
    assert [str(li.mesure) for li in measure_profils(lue).lignes] == ["40 sur 80 (50\xa0%)"] * 3
    assert not list_masques(lue).lignes
    assert all(isinstance(li.mesure, Taux) for li in measure_profils(lue).lignes)
