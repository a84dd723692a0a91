"""An export that is already added up is read as it is: by hour or by day, a column an outcome."""

from __future__ import annotations

from pathlib import Path

import pytest
from test_association import lire, refuser

from qualepref_lib.analyses.appels import measure_indicateurs_appels, measure_issues_appels
from qualepref_lib.campagne import Campagne
from qualepref_lib.core.mesures import Effectif, Taux

EXPORT = """\
Jour;Tranche;Présentés;Traités;Messagerie;Renvoi;Taux
03/01/2022;08h00-09h00;20;12;5;1;60 %
03/01/2022;09h00-10h00;1 200;1 000;100;;83 %
03/01/2022;10h00-11h00;0;0;0;0;
04/01/2022;8h - 9h;2;1;0;0;50 %
"""
ASSOCIATION = """\
colonnes: {date: Jour, heure: Tranche}
plages: [heure]
compteurs:
  colonne: issue
  effectifs: {repondu: traites, messagerie: [Messagerie, Renvoi]}
  total: Présentés
  reste: abandonne
ignorees: [Taux]
"""


def comptes(campagne: Campagne) -> dict[str, int]:
    """How many calls ended in each way, as the chapter prints it."""
    mesures = {ligne.code: ligne.mesure for ligne in measure_issues_appels(campagne).lignes}
    return {code: m.n for code, m in mesures.items() if isinstance(m, Effectif) and m.n}


def test_a_column_an_outcome(tmp_path: Path) -> None:
    """Each count becomes a row of that many calls, under the line it came from; zero makes none."""
    campagne = lire(tmp_path, EXPORT, ASSOCIATION)
    cadre = campagne.tables["appels"].cadre
    lus = [(i, *ligne) for i, *ligne in cadre[["heure", "issue", "nombre"]].itertuples()]
    assert lus == [
        (2, 480, "repondu", 12), (2, 480, "messagerie", 6), (2, 480, "abandonne", 2),
        (3, 540, "repondu", 1000), (3, 540, "messagerie", 100), (3, 540, "abandonne", 100),
        (5, 480, "repondu", 1), (5, 480, "abandonne", 1),
    ]  # fmt: skip
    assert not campagne.remarques


def test_the_rates_are_those_of_the_counts(tmp_path: Path) -> None:
    """Answered ÷ asking for an agent: 1,013 of the 1,222 calls that the exchange presents."""
    campagne = lire(tmp_path, EXPORT, ASSOCIATION)
    ligne = measure_indicateurs_appels(campagne).ligne("appels.decroches")
    assert ligne.mesure == Taux(1013, 1222)
    assert ligne.lignes == (2, 2, 2, 3, 3, 3, 5, 5)
    assert comptes(campagne) == {
        "total": 1222, "repondu": 1013, "abandonne": 103, "messagerie": 106
    }  # fmt: skip


def test_it_equals_the_same_calls_in_rows(tmp_path: Path) -> None:
    """The same file with a row an outcome gives the same figures."""
    rangs = [("08:00", "repondu", 12), ("08:00", "messagerie", 6), ("08:00", "abandonne", 2)]
    long = "date;heure;issue;nombre\n" + "".join(
        f"2022-01-03;{heure};{issue};{n}\n" for heure, issue, n in rangs
    )
    large = "\n".join(EXPORT.splitlines()[:2]) + "\n"
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    un, deux = lire(tmp_path / "a", large, ASSOCIATION), lire(tmp_path / "b", long, "{}\n")
    assert comptes(un) == comptes(deux)


def test_by_day_without_an_hour(tmp_path: Path) -> None:
    """Daily totals have no hour, and need none."""
    export = "Jour;Reçus;Traités\n03/01/2022;30;21\n04/01/2022;10;10\n"
    association = (
        "colonnes: {date: Jour}\ncompteurs:\n  colonne: issue\n  effectifs: {repondu: Traités}\n"
        "  total: Reçus\n  reste: abandonne\n"
    )
    campagne = lire(tmp_path, export, association)
    assert comptes(campagne) == {"total": 40, "repondu": 31, "abandonne": 9}
    assert campagne.tables["appels"].cadre["heure"].isna().all()


@pytest.mark.parametrize(
    ("export", "association", "dits"),
    [
        pytest.param(EXPORT.replace(";12;", ";douze;"), ASSOCIATION,
                     ["ligne 2", "« Traités »", "« douze » n’est pas un compte"], id="words"),
        pytest.param(EXPORT.replace(";12;", ";-12;"), ASSOCIATION, ["« -12 »"], id="negative"),
        pytest.param(EXPORT.replace(";12;", ";12,5;"), ASSOCIATION, ["« 12,5 »"], id="half"),
        pytest.param(EXPORT.replace(";12;", ";22;"), ASSOCIATION,
                     ["ligne 2", "les compteurs font 28, et le total 20"], id="beyond the total"),
        pytest.param(EXPORT, ASSOCIATION.replace("  reste: abandonne\n", ""),
                     ["ligne 2", "les compteurs font 18, et le total 20"], id="not the total"),
        pytest.param(EXPORT, ASSOCIATION.replace("traites", "Traité"),
                     ["« Traité » n’est pas un en-tête", "Vouliez-vous dire « Traités »"],
                     id="unknown header"),
        pytest.param(EXPORT, ASSOCIATION.replace("[Taux]", "[Taux, Renvoi]"),
                     ["« Renvoi » compte, et il est déjà ignoré"], id="ignored"),
        pytest.param(EXPORT, ASSOCIATION.replace("[Messagerie, Renvoi]", "[Messagerie, Traités]"),
                     ["« Traités » compte, et il est déjà compté"], id="twice"),
        pytest.param(EXPORT, ASSOCIATION.replace("{repondu:", "{repondue:"),
                     ["« repondue » n’est pas une issue d’appel"], id="unknown outcome"),
        pytest.param(EXPORT, ASSOCIATION.replace("colonne: issue", "colonne: isue"),
                     ["« isue »", "« issue »"], id="unknown column"),
        pytest.param(EXPORT, ASSOCIATION.replace("heure: Tranche", "heure: Tranche, nombre: Taux"),
                     ["« nombre » est déjà dite par les compteurs"], id="told twice"),
        pytest.param(EXPORT, ASSOCIATION.replace("  total: Présentés\n", ""),
                     ["« reste » demande un « total »"], id="rest of nothing"),
        pytest.param(EXPORT, ASSOCIATION.replace("[heure]", "[date]"),
                     ["« date » n’est pas une de nos colonnes d’heure"], id="slot of a day"),
        pytest.param(EXPORT, ASSOCIATION.replace("plages: [heure]\n", ""),
                     ["« 08h00-09h00 » est une plage, pas une heure", "plages"], id="slot unsaid"),
        pytest.param(EXPORT.replace("8h - 9h", "9h - 8h"), ASSOCIATION,
                     ["ligne 5", "« 9h - 8h » est une plage"], id="slot backwards"),
    ],
)  # fmt: skip
def test_nothing_is_guessed(export: str, association: str, dits: list[str], tmp_path: Path) -> None:
    """What is no count, no header, no outcome or no slot is refused with where it stands."""
    texte = refuser(tmp_path, export, association)
    for dit in dits:
        assert dit in texte, texte


def test_a_source_that_counts_nothing(tmp_path: Path) -> None:
    """Tickets are one by one: counters are refused there, in words."""
    association = "compteurs: {colonne: issue, effectifs: {servi: servis}}\n"
    export = "ticket;date;file;pris;appele;servis\nA1;2022-03-01;sans_rdv;09:00;09:05;1\n"
    with pytest.raises(Exception, match="pas de lignes qui comptent pour plusieurs"):
        lire(tmp_path, export, association, nom="tickets")
