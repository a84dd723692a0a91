"""Drawing what to check: the same draw again, and exactly what the sample allows to say."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import json
import math
import re
from collections import Counter
from itertools import islice, pairwise
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from petite_campagne import load_petite
from scipy.stats import hypergeom

from qualepref_lib.__main__ import cli
from qualepref_lib.campagne import load_campagne
from qualepref_lib.core.intervalles import borne_haute
from qualepref_lib.core.jours import JoursOuvres
from qualepref_lib.core.refus import Refus
from qualepref_lib.core.tirage import au_plus, dire, draw
from qualepref_lib.running.plan_audit import (
    Creneau,
    make_plan_audit,
    texte_plan,
    write_plan_audit,
)
from qualepref_lib.running.tirage import make_tirage, write_tirage


@pytest.mark.parametrize(("malades", "taille"), [(1, 95), (2, 78), (5, 45), (10, 25)])
def test_published_sample_sizes(malades: int, taille: int) -> None:
    """The formula of Cannon and Roe (1982), 95 %, a herd of 100: as many, all sound, rule out."""
    publiee = (1 - 0.05 ** (1 / malades)) * (100 - (malades - 1) / 2)
    assert math.ceil(publiee - 1e-9) == taille
    assert au_plus(0, taille, 100) == malades - 1
    assert au_plus(0, taille - 1, 100) == malades


@given(st.data())
def test_bound_is_scipy_s(data: st.DataObject) -> None:
    """The bound is the last number of faults that scipy's hypergeometric law does not rule out."""
    population = data.draw(st.integers(2, 300))
    tires = data.draw(st.integers(1, population - 1))
    ecarts = data.draw(st.integers(0, tires))
    borne = au_plus(ecarts, tires, population)
    assert ecarts <= borne <= population - (tires - ecarts)
    # A hair around 5 %: scipy computes in floating point, and ties are exact with us.
    assert borne == ecarts or hypergeom.cdf(ecarts, population, borne, tires) > 0.05 - 1e-9
    if borne < population - (tires - ecarts):
        assert hypergeom.cdf(ecarts, population, borne + 1, tires) <= 0.05 + 1e-9


def test_bound_of_a_large_population_is_clopper_pearson() -> None:
    """Against a population without end the finite bound joins the exact binomial one."""
    fini = au_plus(0, 20, 10**6) / 10**6
    assert fini == pytest.approx(borne_haute(0, 20), abs=1e-4)
    assert au_plus(0, 20, 340) / 340 < fini


def test_the_sentence_never_rounds_down_onto_the_bound() -> None:
    """« moins de X % » is true of the bound itself, whole percentages included."""
    phrase = dire(0, 20, 340, nom="courriers")
    assert phrase.replace("\u00a0", " ") == (
        "Tirage au hasard de 20 courriers parmi 340 : si l’on n’y trouve aucun écart, on peut "
        "affirmer à 95 % que moins de 14 % de l’ensemble est en écart (au plus 45 sur 340)."
    )
    for population in range(2, 120):
        for tires in range(1, population):
            texte = dire(0, tires, population).replace("\u00a0", " ").replace("\u202f", "")
            trouve = re.search(r"moins de (\d+) % .*au plus (\d+) sur", texte)
            assert trouve and 100 * int(trouve[2]) < int(trouve[1]) * population <= 100 * population


def test_everything_seen_or_everything_wrong() -> None:
    """A complete draw has no margin; a draw where all is wrong allows nothing."""
    assert "sans marge" in dire(0, 5, 5)
    assert "on ne peut rien affirmer" in dire(3, 3, 50)


def test_the_draw_can_be_made_again() -> None:
    """The same seed draws the same rows, on every Python: these are written down."""
    assert draw(340, 5, 2022) == (25, 103, 156, 164, 333)
    assert draw(340, 5, 2022) != draw(340, 5, 2023)
    assert draw(12, 12, 1) == tuple(range(12))


def test_every_row_has_the_same_chance() -> None:
    """Over two thousand seeds each of ten rows is drawn about three times in ten."""
    fois = Counter(rang for graine in range(2000) for rang in draw(10, 3, graine))
    assert min(fois.values()) > 520 and max(fois.values()) < 680


@pytest.fixture
def liste(tmp_path: Path) -> Path:
    """A register of 40 letters, with a cell that holds a line break."""
    chemin = tmp_path / "courriers.csv"
    rangs = [
        ["numero", "objet"],
        *([f"C{n:02d}", "a\nb" if n == 1 else "objet"] for n in range(40)),
    ]
    with chemin.open("w", encoding="utf-8", newline="") as fichier:
        csv.writer(fichier, delimiter=";").writerows(rangs)
    return chemin


def test_the_record_says_how_to_draw_again(liste: Path, tmp_path: Path) -> None:
    """Rows drawn are copied with their line; the record holds seed, frame, hash, method."""
    tirage = make_tirage(5, liste, 2022, nom="courriers")
    sortie = tmp_path / "tirage.csv"
    proces_verbal = json.loads(write_tirage(tirage, sortie).read_text(encoding="utf-8"))
    assert proces_verbal["sha256"] == hashlib.sha256(liste.read_bytes()).hexdigest()
    assert proces_verbal["graine"] == 2022 and proces_verbal["population"] == 40
    assert proces_verbal["lignes"] == list(tirage.lignes) and len(proces_verbal["phrases"]) == 3
    assert "sans remise" in proces_verbal["methode"]
    with sortie.open(encoding="utf-8-sig", newline="") as fichier:
        rangs = list(csv.DictReader(fichier, delimiter=";"))
    assert [int(rang["ligne"]) for rang in rangs] == list(tirage.lignes)
    assert [rang["numero"] for rang in rangs] == list(tirage.cadre["numero"])


def test_a_draw_is_made_once(liste: Path, tmp_path: Path) -> None:
    """Drawing again into the same file is refused, and the first draw is intact."""
    sortie = tmp_path / "tirage.csv"
    write_tirage(make_tirage(5, liste, 1), sortie)
    avant = sortie.read_bytes()
    with pytest.raises(Refus, match="existe déjà"):
        write_tirage(make_tirage(5, liste, 2), sortie)
    assert sortie.read_bytes() == avant
    with pytest.raises(Refus, match="procès-verbal"):
        write_tirage(make_tirage(5, liste, 2), tmp_path / "autre.json")


@pytest.mark.parametrize("tires", [0, -1, 41])
def test_a_draw_larger_than_its_frame_is_refused(liste: Path, tires: int) -> None:
    """Nobody draws none, or more than there is."""
    with pytest.raises(Refus, match="donner un nombre de 1 à 40"):
        make_tirage(tires, liste, 1)


def test_tirer_on_the_command_line(liste: Path) -> None:
    """The command prints the record and the sentences; a wrong level is a wrong command."""
    commande = ["tirer", "5", "--parmi", str(liste), "--graine", "2022", "--nom", "courriers"]
    fait = CliRunner().invoke(cli, commande)
    assert fait.exit_code == 0 and "parmi 40" in fait.output and "graine" in fait.output
    assert CliRunner().invoke(cli, [*commande, "--niveau", "2"]).exit_code == 2


JOURS = JoursOuvres("57")


def test_the_plan_covers_every_engagement_once() -> None:
    """The generated plan opens, meets every engagement once, closes; slots never overlap."""
    campagne = load_campagne("moselle_2022")
    creneaux = make_plan_audit(campagne, JOURS.suivants(dt.date(2022, 4, 9)))
    cites = [code for creneau in creneaux for code in creneau.engagements]
    attendus = [e.code for module in campagne.modules for e in module.engagements]
    assert sorted(cites) == sorted(attendus)
    assert (creneaux[0].activite, creneaux[-1].activite) == (
        "Réunion d’ouverture", "Réunion de clôture",
    )  # fmt: skip
    assert creneaux[0].date == dt.date(2022, 4, 11)
    assert all(c.fin - c.debut in (45, 60) for c in creneaux if c.engagements)
    for avant, apres in pairwise(creneaux):
        assert (avant.date, avant.fin) <= (apres.date, apres.debut)


def test_the_plan_is_read_back(tmp_path: Path) -> None:
    """What is written is a plan that the campaign reads; it is never overwritten."""
    criteres = {"1": {f"1.0{n}": {f"1.0{n}.a": ["telephonie"]} for n in range(1, 8)}}
    lue = load_petite(tmp_path, {}, criteres=criteres)
    creneaux = make_plan_audit(lue, JOURS.suivants(dt.date(2022, 4, 11)))
    assert [len(c.engagements) for c in creneaux if c.engagements] == [2, 2, 3]
    write_plan_audit(lue, creneaux)
    relue = load_campagne(lue.dossier)
    assert len(relue.tables["plan_audit"].cadre) == len(creneaux) and not relue.remarques
    with pytest.raises(Refus, match="existe déjà"):
        write_plan_audit(lue, creneaux)
    assert texte_plan([Creneau(dt.date(2022, 4, 11), 545, 600, "a;b")]).endswith(
        '2022-04-11;09:05;10:00;"a;b";;;\n'
    )


def test_too_few_days_are_refused(tmp_path: Path) -> None:
    """Days given that do not hold the audit are refused, with what is left."""
    criteres = {"1": {f"1.{n:02d}": {f"1.{n:02d}.a": ["telephonie"]} for n in range(1, 40)}}
    lue = load_petite(tmp_path, {}, criteres=criteres)
    with pytest.raises(Refus, match=r"il reste \d+ h à placer"):
        make_plan_audit(lue, islice(JOURS.suivants(dt.date(2022, 4, 11)), 1))


def test_an_audit_is_not_planned_on_a_holiday() -> None:
    """In Moselle the audit that starts on Good Friday 2022 opens on the Tuesday after Easter."""
    campagne = load_campagne("moselle_2022")
    creneaux = make_plan_audit(campagne, JOURS.suivants(dt.date(2022, 4, 15)))
    assert creneaux[0].date == dt.date(2022, 4, 19)


def test_plan_audit_on_the_command_line() -> None:
    """Without a day the calendar gives it; a wrong day is a wrong command, in French."""
    fait = CliRunner().invoke(cli, ["plan-audit", "moselle_2022"])
    assert fait.exit_code == 0 and "2022-04-01;09:00;09:30" in fait.output
    faux = CliRunner().invoke(cli, ["plan-audit", "moselle_2022", "--debut", "demain"])
    assert faux.exit_code == 2 and "n’est pas une date" in faux.output
