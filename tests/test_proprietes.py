"""What holds whatever the numbers: bounds, intervals, decisions, formats, sentences, reading.

The references are independent of the library: statsmodels and scipy for intervals, ``decimal`` for
rounding, ``csv`` for writing the files that the reader reads back.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import tempfile
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.stats import binom
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from qualepref_lib.core.bilan import Bilan, Ligne, Plan, Source
from qualepref_lib.core.francais import MOINS, nombre, round_half_up, typographie
from qualepref_lib.core.intervalles import decider, exact, newcombe, wilson
from qualepref_lib.core.mesures import (
    Durees,
    Ecart,
    Effectif,
    Mesure,
    Periode,
    Repartition,
    Taux,
)
from qualepref_lib.core.plages import plages
from qualepref_lib.core.refus import Releve
from qualepref_lib.cotations import moyenne
from qualepref_lib.display.blocs import BlocPhrase
from qualepref_lib.display.graphique import texte_alternatif
from qualepref_lib.display.lecture import PARMI
from qualepref_lib.display.phrase import phrase, texte_phrase
from qualepref_lib.formats.texte import load_texte

settings.register_profile(
    "qualepref",
    max_examples=100,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("qualepref")

NIVEAUX = st.sampled_from([0.8, 0.9, 0.95, 0.99])
POINTS = st.sampled_from([Fraction(0), Fraction(1, 2), Fraction(1)])
PRECISION = 1e-9


@st.composite
def un_taux(draw: st.DrawFn, minimum: int = 0) -> Taux:
    """A rate of the self-diagnosis: half points, open criteria."""
    observes = draw(st.integers(minimum, 200))
    demis = draw(st.integers(0, 2 * observes))
    return Taux(Fraction(demis, 2), observes, draw(st.integers(0, 40)))


@st.composite
def une_proportion(draw: st.DrawFn, minimum: int = 1) -> tuple[int, int]:
    """A number of favourable cases out of a base."""
    observes = draw(st.integers(minimum, 400))
    return draw(st.integers(0, observes)), observes


@given(un_taux())
def test_les_bornes_contiennent_le_taux(taux: Taux) -> None:
    """A rate lies between its bounds, and they are shares."""
    if taux.bornes is None:
        assert not taux.non_evalues
        return
    bas, haut = taux.bornes
    assert 0 <= bas <= haut <= 1
    if taux.valeur is not None:
        assert bas <= taux.valeur <= haut


@given(un_taux(), POINTS)
def test_evaluer_un_critere_resserre_les_bornes(taux: Taux, points: Fraction) -> None:
    """Assessing one open criterion narrows the bounds by exactly 1/N, inside the former ones."""
    if not taux.non_evalues:
        return
    avant, largeur = taux.bornes, Fraction(1, taux.total)
    assert avant is not None
    apres = Taux(taux.favorables + points, taux.observes + 1, taux.non_evalues - 1)
    bas, haut = apres.bornes or (apres.valeur, apres.valeur)
    assert bas is not None and haut is not None
    assert avant[0] <= bas <= haut <= avant[1]
    assert (avant[1] - avant[0]) - (haut - bas) == largeur


@given(st.lists(un_taux(), min_size=1, max_size=6))
def test_la_moyenne_est_entre_les_parts(parts: list[Taux]) -> None:
    """The mean of rates is the mean of their values, between its own bounds."""
    moyen = moyenne(parts)
    valeurs = [taux.valeur for taux in parts if taux.valeur is not None]
    assert moyen.valeur == (sum(valeurs, Fraction(0)) / len(valeurs) if valeurs else None)
    if moyen.bornes is not None and moyen.valeur is not None:
        assert 0 <= moyen.bornes[0] <= moyen.valeur <= moyen.bornes[1] <= 1


@given(une_proportion(), NIVEAUX)
def test_wilson_est_celui_de_statsmodels(proportion: tuple[int, int], niveau: float) -> None:
    """Wilson's interval holds the rate, stays a share, and is that of statsmodels."""
    k, n = proportion
    bas, haut = wilson(k, n, niveau)
    assert 0 <= bas <= k / n + PRECISION and k / n <= haut + PRECISION and haut <= 1
    attendu = proportion_confint(k, n, alpha=1 - niveau, method="wilson")
    assert (bas, haut) == pytest.approx(attendu, abs=PRECISION)


@given(une_proportion(), NIVEAUX)
def test_exact_est_celui_de_statsmodels(proportion: tuple[int, int], niveau: float) -> None:
    """The exact interval is that of statsmodels (Clopper-Pearson, by the beta quantile)."""
    k, n = proportion
    attendu = proportion_confint(k, n, alpha=1 - niveau, method="beta")
    assert exact(k, n, niveau) == pytest.approx(attendu, abs=1e-7)


@given(une_proportion(), une_proportion(), NIVEAUX)
def test_newcombe_est_celui_de_statsmodels(
    apres: tuple[int, int], avant: tuple[int, int], niveau: float
) -> None:
    """The interval of a difference is that of statsmodels, and changes sign with the order."""
    bas, haut = newcombe(*apres, *avant, niveau)
    attendu = confint_proportions_2indep(
        *apres, *avant, method="newcomb", compare="diff", alpha=1 - niveau
    )
    assert (bas, haut) == pytest.approx(attendu, abs=PRECISION)
    assert newcombe(*avant, *apres, niveau) == pytest.approx((-haut, -bas), abs=PRECISION)


RANGS = ["contredit", "non démontré", "prouvé"]


@given(st.integers(1, 150), st.integers(1, 19), NIVEAUX)
def test_decider_est_monotone(observes: int, vingtiemes: int, niveau: float) -> None:
    """One more favourable test never makes a decision worse."""
    cible = vingtiemes / 20
    rangs = [RANGS.index(decider(k, observes, cible, niveau)) for k in range(observes + 1)]
    assert rangs == sorted(rangs)


@given(une_proportion(), st.integers(1, 19), NIVEAUX)
def test_decider_suit_la_loi_binomiale(
    proportion: tuple[int, int], vingtiemes: int, niveau: float
) -> None:
    """« Prouvé » iff so many successes would be rare at the target; « contredit » iff so few."""
    (k, n), cible, risque = proportion, vingtiemes / 20, 1 - niveau
    autant, aussi_peu = binom.sf(k - 1, n, cible), binom.cdf(k, n, cible)
    if min(abs(autant - risque), abs(aussi_peu - risque)) < 1e-6:
        return  # on the line, the last binary digit decides
    attendu = "prouvé" if autant < risque else "contredit" if aussi_peu < risque else RANGS[1]
    assert decider(k, n, cible, niveau) == attendu


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=60))
def test_typographie_est_idempotente(texte: str) -> None:
    """French spaces put twice are the same as put once."""
    assert typographie(typographie(texte)) == typographie(texte)


@given(st.text(alphabet="aé1 \u00a0\u202f:;!?%€«»'’.,()", max_size=40))
def test_typographie_est_idempotente_sur_la_ponctuation(texte: str) -> None:
    """The same where punctuation is everywhere."""
    assert typographie(typographie(texte)) == typographie(texte)


@given(
    st.integers(-(10**9), 10**9), st.sampled_from([1, 2, 4, 8, 10, 200, 1000]), st.integers(0, 3)
)
def test_nombre_arrondit_la_demie_vers_le_haut(haut: int, bas: int, decimales: int) -> None:
    """A number is rounded as ``decimal`` rounds half up, with a comma and a real minus."""
    attendu = (Decimal(haut) / Decimal(bas)).quantize(Decimal(1).scaleb(-decimales), ROUND_HALF_UP)
    assert round_half_up(Fraction(haut, bas), decimales) == Fraction(attendu)
    imprime = nombre(Fraction(haut, bas), decimales)
    lu = imprime.replace("\u202f", "").replace(",", ".").replace(MOINS, "-")
    assert Decimal(lu) == attendu
    assert "-" not in imprime and "." not in imprime and " " not in imprime
    assert len(lu.partition(".")[2]) == decimales


@given(st.lists(st.integers(1, 300)))
def test_plages_aller_et_retour(lignes: list[int]) -> None:
    """Row numbers written as ranges give back the same rows, in order."""
    relues: list[int] = []
    for plage in filter(None, plages(tuple(lignes)).split(", ")):
        debut, _, fin = plage.partition("-")
        relues += range(int(debut), int(fin or debut) + 1)
    assert relues == sorted(set(lignes))


# No character whose Windows byte continues a UTF-8 letter: that file would be two texts at once.
CELLULES = st.text(alphabet="abzéèêàçÉ09 ;,|\t\"\n.-'", max_size=12)
TABLES = st.lists(st.tuples(st.from_regex(r"[a-z]{1,4}", fullmatch=True), CELLULES, CELLULES))


@given(
    TABLES.filter(bool),
    st.sampled_from(["utf-8", "utf-8-sig", "cp1252", "utf-16"]),
    st.sampled_from(";,\t|"),
    st.sampled_from(["\n", "\r\n"]),
)
def test_lecture_independante_de_la_forme(
    lignes: list[tuple[str, str, str]], encodage: str, separateur: str, fin: str
) -> None:
    """The same table, whatever its encoding, BOM, separator and line ends."""
    tampon = io.StringIO(newline="")
    auteur = csv.writer(tampon, delimiter=separateur, lineterminator=fin)
    auteur.writerows([("critere", "cotation", "motif"), *lignes])
    releve = Releve()
    with tempfile.TemporaryDirectory() as dossier:
        chemin = Path(dossier) / "essai.csv"
        chemin.write_bytes(tampon.getvalue().encode(encodage))
        lu = load_texte(chemin, "essai.csv", releve)
    assert not releve.problemes
    assert lu is not None and list(lu.columns) == ["critere", "cotation", "motif"]
    attendu = [[cellule.strip() for cellule in ligne] for ligne in lignes]
    assert lu.to_numpy().tolist() == attendu
    sauts = [sum(cellule.count("\n") for cellule in ligne) for ligne in lignes]
    assert list(lu.index) == [2 + rang + sum(sauts[:rang]) for rang in range(len(lignes))]


SOURCE = Source("essai.csv", "0" * 64, "Source d’essai")
PLANS: list[Plan] = ["recensement", "tirage", "volontaires", "quotas", "mystère"]
JOURS = st.dates(dt.date(2020, 1, 1), dt.date(2030, 1, 1))


@st.composite
def un_ecart(draw: st.DrawFn) -> Ecart:
    """A difference with its interval."""
    (k, n), (k2, n2) = draw(une_proportion()), draw(une_proportion())
    intervalle = newcombe(k, n, k2, n2)
    return Ecart(Taux(k, n), Taux(k2, n2), intervalle, draw(st.booleans()))


@st.composite
def des_durees(draw: st.DrawFn) -> Durees:
    """Waits with a target."""
    (k, n), mediane = draw(une_proportion()), draw(st.floats(0, 500))
    dans = Taux(k, n) if draw(st.booleans()) else None
    return Durees(n, mediane, mediane * 1.5, "minutes", dans, "10 au plus", draw(st.integers(0, 9)))


MESURES: dict[str, st.SearchStrategy[Mesure]] = {
    "taux": un_taux(),
    "repartition": st.fixed_dictionaries(
        {"favorable": st.integers(0, 99), "défavorable": st.integers(0, 99)}
    ).map(Repartition),
    "durees": des_durees(),
    "effectif": st.builds(Effectif, st.integers(0, 10**5), st.just("réponse")),
    "ecart": un_ecart(),
    "periode": st.builds(Periode, JOURS, JOURS, st.floats(0, 1)),
}
STATUTS = {
    "taux": ["", "cible atteinte", "cible non atteinte", "à confirmer", "prouvé", "contredit",
             "non démontré", "point fort", "axe de progrès"],
    "periode": ["à faire", "en cours", "fait", "en retard"],
    "ecart": ["", "hypothèse retenue"],
}  # fmt: skip


@st.composite
def un_bilan(draw: st.DrawFn) -> Bilan:
    """A bilan of any kind of measure, under any design, with neutral words."""
    sorte = draw(st.sampled_from(sorted(MESURES)))
    statuts = st.sampled_from(STATUTS.get(sorte, [""]))
    cibles = st.sampled_from([None, Fraction(4, 5), Fraction(9, 10)])
    lignes = tuple(
        Ligne(
            code=f"l{rang}",
            libelle=f"ligne {'abcdefg'[rang]}",
            mesure=mesure,
            lignes=(rang + 2,),
            groupe="groupe",
            cible=draw(cibles),
            reference=Fraction(21, 25),
            statut=draw(statuts),
        )
        for rang, mesure in enumerate(draw(st.lists(MESURES[sorte], min_size=1, max_size=7)))
    )
    return Bilan(
        code="essai.bilan",
        titre=draw(st.sampled_from(["Titre", "Un titre d’essai " * 20])),
        unite=draw(st.sampled_from(["critère", "test", "réponse", "action"])),
        formule="a ÷ b",
        champ="champ",
        source=SOURCE,
        plan=draw(st.sampled_from(PLANS)),
        lignes=lignes,
        niveau=draw(NIVEAUX),
        grappes=draw(st.booleans()),
    )


INTERDITS = re.compile(r"\bles usagers\b|\btou(s|te|tes)\b|\bsignificati", re.IGNORECASE)
NOMBRE = re.compile(r"\d+(?:[\u202f\u00a0,]\d+)*")


@given(un_bilan())
def test_une_phrase_ne_generalise_pas(bilan: Bilan) -> None:
    """No sentence speaks of all users, nor of significance, whatever the numbers."""
    assert not INTERDITS.search(texte_phrase(bilan))


@given(un_bilan())
def test_une_phrase_commence_et_finit(bilan: Bilan) -> None:
    """A sentence ends with a full stop, and rates of a sample begin with whom they speak of."""
    texte = texte_phrase(bilan)
    if not texte:
        return
    assert texte.endswith(".") and ".." not in texte
    retenus = bilan.lignes[0].statut in ("point fort", "axe de progrès") or bilan.unite == "action"
    if isinstance(bilan.lignes[0].mesure, Taux | Ecart) and not retenus:
        assert texte.startswith(PARMI[bilan.plan])


@given(un_bilan())
def test_chaque_nombre_lie_est_au_registre(bilan: Bilan) -> None:
    """A linked run quotes a figure of the block, and prints only numbers of that figure."""
    bloc = phrase(bilan).bloc()
    if not isinstance(bloc, BlocPhrase):
        return
    registre = {chiffre.code: chiffre for chiffre in bloc.chiffres}
    for morceau in bloc.morceaux:
        if not morceau.chiffre:
            continue
        fiche = registre[morceau.chiffre]
        dits = " | ".join([fiche.valeur, fiche.numerateur, fiche.denominateur, fiche.intervalle])
        assert set(NOMBRE.findall(morceau.texte)) <= set(NOMBRE.findall(dits)), morceau


@given(un_bilan(), st.sampled_from(["Diagramme en points", "Barres divergentes"]))
def test_le_texte_alternatif_tient(bilan: Bilan, nom: str) -> None:
    """The alternative text names the chart in 30 to 250 characters, and cuts no sentence."""
    alt = texte_alternatif(nom, bilan)
    assert alt.startswith(nom) and 30 <= len(alt) <= 250
    assert alt.endswith(".")
