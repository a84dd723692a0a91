"""What the sentences of a survey may say depends on how its answers came to be there.

For any answers: volunteers are never « les usagers », nothing is « tous » or « significatif », a
census has no interval, only people drawn by lot speak for the population; and every number of a
sentence is one of the register, or of what the campaign declares.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from petite_enquete import PAS, PAS_DU_TOUT, PLUTOT, SANS, TRES, load_enquete, reponses

from qualepref_lib.analyses.profils import measure_items_par_profil, measure_profils
from qualepref_lib.analyses.satisfaction import (
    measure_appreciations,
    measure_moyennes,
    measure_nets,
    measure_principale,
    measure_satisfaction,
)
from qualepref_lib.analyses.satisfaction_evolution import (
    measure_enquetes,
    measure_evolution,
    measure_mois,
)
from qualepref_lib.analyses.satisfaction_fidelite import measure_fidelite
from qualepref_lib.analyses.satisfaction_notes import measure_notes
from qualepref_lib.analyses.satisfaction_participation import (
    measure_completion,
    measure_participation,
)
from qualepref_lib.analyses.satisfaction_priorites import measure_priorites
from qualepref_lib.analyses.satisfaction_redressement import measure_poids
from qualepref_lib.analyses.satisfaction_redresses import list_redresses, measure_redresses
from qualepref_lib.analyses.satisfaction_reponses import measure_reponses
from qualepref_lib.campagne import Campagne
from qualepref_lib.core.bilan import Bilan
from qualepref_lib.display.blocs import BlocPhrase
from qualepref_lib.display.graphique import Graphique
from qualepref_lib.display.phrase import phrase, texte_phrase
from qualepref_lib.display.tableau import Tableau

MESURES: tuple[Callable[[Campagne], Bilan], ...] = (
    measure_participation, measure_completion, measure_satisfaction, measure_principale,
    measure_nets, measure_moyennes, measure_evolution, measure_enquetes, measure_mois,
    measure_fidelite, measure_notes, measure_priorites, measure_redresses, measure_poids,
    lambda c: measure_appreciations(c, "satisfaction"),
    lambda c: measure_reponses(c, "profil"),
    lambda c: measure_reponses(c, "motifs"),
)  # fmt: skip
PLANS = ("volontaires", "tirage", "quotas", "recensement")
INTERDITS = re.compile(
    r"\b(les|des) usagers\b|\btou(s|te|tes)\b|\bsignificati|\bdrivers?\b|\bleviers?\b",
    re.IGNORECASE,
)
NOMBRE = re.compile(r"\d+(?:[\u202f\u00a0]\d{3})*(?:,\d+)?")
DECLARES = {"2022", "2019", "84", "95", "100", "150", "300", "10"}
"""Years, published rate, level, plausible bases, small base, floor of a priority: all declared."""
EDITION = {
    "indicateur": "accueil",
    "annee": "2019",
    "valeur": "0.84",
    "source": "essai",
    "bases_plausibles": ["100", "150", "300"],
    "base_retenue": "150",
    "inconnus": ["le mode"],
}
_AVIS = st.sampled_from([TRES, PLUTOT, PAS, PAS_DU_TOUT, SANS, ""])
_REPONSE = st.fixed_dictionaries(
    {
        "profil": st.sampled_from(["groupe A", "groupe B", ""]),
        "motifs": st.sampled_from(["motif X", "motif Y", "motif X | motif Y", ""]),
        "accueil": _AVIS,
        "attente": _AVIS,
        "ecoute": _AVIS,
        "nps": st.sampled_from(["0", "7", "9", "10", ""]),
    }
)
_DONNEES = st.lists(st.tuples(st.integers(1, 60), _REPONSE), min_size=1, max_size=6)


def _phrases(campagne: Campagne) -> list[tuple[Bilan, str]]:
    """The sentence and the alternative text of each bilan."""
    textes = []
    for mesure in MESURES:
        bilan = mesure(campagne)
        graphique = Graphique(bilan).bloc()
        textes.append((bilan, f"{texte_phrase(bilan)} {getattr(graphique, 'alt', '')}"))
    return textes


def _nombres(texte: str) -> set[str]:
    return {re.sub("[\u202f\u00a0]", "", n) for n in NOMBRE.findall(texte)}


@pytest.mark.parametrize("plan", PLANS)
@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(donnees=_DONNEES)
def test_no_sentence_says_more_than_its_design(
    tmp_path: Path, plan: str, donnees: list[tuple[int, dict[str, str]]]
) -> None:
    """No forbidden word, whatever the answers; no interval on a census; « parmi les répondants »
    wherever volunteers are compared; the population only where people were drawn by lot."""
    source: dict[str, Any] = {"plan": plan, "champ": "essai"}
    fiche = {"editions_publiees": [EDITION]}
    campagne = load_enquete(tmp_path, reponses(*donnees), source, fiche)
    for bilan, texte in _phrases(campagne):
        assert not INTERDITS.search(texte), texte
        assert plan != "recensement" or "intervalle" not in texte, texte
        assert plan == "tirage" or "population" not in texte, texte
        if plan == "volontaires" and "le plus haut" in texte:
            assert "répondants" in texte or bilan.plan == "recensement", texte


@settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(donnees=_DONNEES, plan=st.sampled_from(PLANS))
def test_every_number_of_a_sentence_is_in_the_register(
    tmp_path: Path, donnees: list[tuple[int, dict[str, str]]], plan: str
) -> None:
    """A number that is said equals one of a figure of that bilan, or one that was declared."""
    fiche = {"editions_publiees": [EDITION]}
    campagne = load_enquete(tmp_path, reponses(*donnees), {"plan": plan}, fiche)
    for mesure in MESURES:
        bilan = mesure(campagne)
        bloc = phrase(bilan).bloc()
        if not isinstance(bloc, BlocPhrase):
            continue
        registre = DECLARES.copy()
        for c in bilan.chiffres():
            entree = (c.valeur, c.numerateur, c.denominateur, c.intervalle, c.libelle)
            registre |= _nombres(" ".join(entree))
        for ligne in bilan.lignes:
            registre |= _nombres(ligne.libelle)
        dits = _nombres("".join(m.texte for m in bloc.morceaux))
        assert dits <= registre, (bilan.code, dits - registre)
        cites = {m.chiffre for m in bloc.morceaux if m.chiffre}
        assert cites <= {c.code for c in bilan.chiffres()}


REDRESSEES: tuple[Callable[[Campagne], Bilan], ...] = (
    *MESURES,
    measure_profils,
    lambda c: measure_items_par_profil(c, "profil"),
    lambda c: measure_items_par_profil(c, "motifs"),
    lambda c: measure_redresses(c, "nets"),
    lambda c: measure_redresses(c, "moyennes"),
    lambda c: measure_redresses(c, "notes"),
    lambda c: measure_redresses(c, "fidelite"),
    lambda c: measure_priorites(c, methode="kendall"),
)
MARGE = {"questions": ["profil"], "parts": {"a": "0.4", "b": "0.6"}, "source": "comptage",
         "date": "2022-01-01"}  # fmt: skip


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(donnees=_DONNEES, plan=st.sampled_from(PLANS[:3]))
def test_weighted_sentences_keep_to_the_same_rules(
    tmp_path: Path, donnees: list[tuple[int, dict[str, str]]], plan: str
) -> None:
    """With weights, on any answers: no forbidden word, no number that is not in the register, and
    a display for each table; what nobody answered has a word, never « nan »."""
    # Enough of both groups for the weights to be admitted, whatever comes besides.
    socle = [(60, {"profil": "groupe A"}), (60, {"profil": "groupe B"})]
    donnees = [(min(fois, 20), donnee) for fois, donnee in donnees]
    source = {"plan": plan, "redressement": {"marges": [MARGE]}}
    campagne = load_enquete(tmp_path, reponses(*socle, *donnees), source)
    for mesure in REDRESSEES:
        bilan = mesure(campagne)
        vues = [json.dumps(v(bilan).bloc().model_dump(), default=str) for v in (Tableau, Graphique)]
        texte = texte_phrase(bilan)
        assert not INTERDITS.search(texte), texte
        assert not [v for v in (*vues, texte) if re.search(r"\b(nan|inf)\b", v)], bilan.code
        registre = DECLARES.copy()
        for c in bilan.chiffres():
            registre |= _nombres(f"{c.valeur} {c.numerateur} {c.denominateur} {c.intervalle}")
        for ligne in bilan.lignes:
            registre |= _nombres(ligne.libelle)
        assert _nombres(texte) <= registre, (bilan.code, _nombres(texte) - registre)
    Tableau(list_redresses(campagne)).bloc()


def test_people_drawn_by_lot_speak_for_the_population(tmp_path: Path) -> None:
    """92 of 171 by lot: 46 to 61 % in the population; volunteers speak for themselves."""
    lignes = reponses((92, {"accueil": TRES}), (79, {"accueil": PAS}))
    tirage = load_enquete(tmp_path, lignes, {"plan": "tirage"})
    texte = texte_phrase(measure_principale(tirage))
    assert "dans la population visée, entre 46 et 61 % (intervalle à 95" in texte
    volontaires = load_enquete(tmp_path, lignes, {"plan": "volontaires"})
    texte = texte_phrase(measure_principale(volontaires))
    assert texte.startswith("Parmi les répondants") and "population" not in texte
