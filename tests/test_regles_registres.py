"""The rows of the registers: what contradicts itself is refused at once, the doubtful remarked."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from petit_accueil import REGISTRES, load_accueil
from petite_campagne import write_edition, write_fiche, write_lignes

from qualepref_lib.campagne import Campagne, load_campagne
from qualepref_lib.campagne.regles import check_regles
from qualepref_lib.core.refus import Probleme, Refus, Releve

JUSTES: dict[str, dict[str, str]] = {
    "courriers": {
        "chrono": "2022-1", "date_reception": "01/03/2022", "canal": "courrier",
        "nature": "réclamation", "motif": "délai", "date_accuse": "02/03/2022",
        "date_reponse": "10/03/2022", "canal_reponse": "courriel", "cloture": "répondu",
    },
    "appels": {
        "date": "01/03/2022", "heure": "9h00", "issue": "répondu", "nombre": "", "attente": "20",
        "duree": "300", "transferts": "1",
    },
    "tickets": {
        "ticket": "A1", "date": "01/03/2022", "file": "sans_rdv", "motif": "permis",
        "pris": "9h00", "appele": "9h10", "fini": "9h20", "guichet": "3", "issue": "servi",
    },
    "titres": {
        "dossier": "D1", "titre": "cni", "date_depot": "01/03/2022", "date_decision": "10/03/2022",
    },
}  # fmt: skip
"""One row of each register that nothing is to be said of."""
NUMEROS = {"courriers": "chrono", "tickets": "ticket", "titres": "dossier"}

Ecart = dict[str, str]


def lire(racine: Path, source: str, *ecarts: Ecart) -> Campagne:
    """A register of right rows, each changed by its ``ecart``, and numbered in order."""
    lignes = []
    for rang, ecart in enumerate(ecarts, 1):
        numero = {NUMEROS[source]: f"N{rang}"} if source in NUMEROS else {}
        lignes.append(JUSTES[source] | numero | ecart)
    return load_accueil(racine, {source: lignes})


def problemes(racine: Path, source: str, *ecarts: Ecart) -> list[Probleme]:
    """What is refused, all at once."""
    with pytest.raises(Refus) as refus:
        lire(racine, source, *ecarts)
    return list(refus.value.problemes)


@pytest.mark.parametrize("source", JUSTES)
def test_a_right_row_is_silent(source: str, tmp_path: Path) -> None:
    """Nothing is said of a row that tells one story."""
    assert not lire(tmp_path, source, {}).remarques


# source, what is changed in the row, the column that is shown, words of the finding
REFUSES = [
    ("courriers", {"date_reponse": "28/02/2022"}, "date_reponse", "la réponse précède"),
    ("courriers", {"date_accuse": "28/02/2022"}, "date_accuse", "l’accusé de réception précède"),
    ("courriers", {"date_reponse": "", "canal_reponse": ""}, "cloture", "sans date de réponse"),
    ("appels", {"issue": "abandonné"}, "transferts", "qu’aucun agent n’a pris"),
    ("appels", {"attente": "-4"}, "attente", "hors des bornes"),
    ("tickets", {"appele": "8h59"}, "appele", "appelé avant d’être pris"),
    ("tickets", {"fini": "9h09"}, "fini", "finit avant d’être appelé"),
    ("tickets", {"appele": "", "fini": "8h00", "issue": "abandonne"}, "fini",
     "finit avant d’être pris"),
    ("tickets", {"appele": "", "fini": "", "issue": ""}, "issue", "ni heure d’appel ni issue"),
    ("tickets", {"appele": "", "fini": ""}, "appele", "« servi » sans heure d’appel"),
    ("tickets", {"appele": "", "fini": "", "issue": "absent"}, "appele", "« absent à l’appel »"),
    ("tickets", {"issue": "abandonne"}, "issue", "« parti avant l’appel » avec une heure d’appel"),
    ("tickets", {"issue": "en_attente"}, "issue", "« encore en attente » avec une heure d’appel"),
    ("titres", {"date_decision": "28/02/2022"}, "date_decision", "la décision précède le dépôt"),
]  # fmt: skip


@pytest.mark.parametrize(("source", "ecart", "colonne", "mots"), REFUSES)
def test_a_contradiction_is_refused(
    source: str, ecart: Ecart, colonne: str, mots: str, tmp_path: Path
) -> None:
    """A row that contradicts itself is refused with its line, its column and what to do."""
    (probleme,) = problemes(tmp_path, source, {}, ecart)
    assert (probleme.ligne, probleme.colonne) == (3, colonne)
    assert mots in probleme.constat and probleme.remede


REMARQUES = [
    ("courriers", {"date_accuse": "11/03/2022"}, "date_accuse", "postérieur à la réponse"),
    ("courriers", {"nature": "information"}, "motif", "qui n’en est pas une"),
    ("courriers", {"motif": ""}, "motif", "réclamation sans motif"),
    ("courriers", {"date_reponse": "", "cloture": ""}, "canal_reponse", "sans date de réponse"),
    ("courriers", {"cloture": "sans_suite"}, "cloture", "compte comme répondu"),
    ("courriers", {"date_reponse": "02/04/2022"}, "date_reponse", "réponse postérieure"),
    ("courriers", {"date_reception": "01/03/2018", "date_accuse": ""}, "date_reponse",
     "plus de 3 ans après"),
    ("courriers", {"date_reception": "02/04/2022", "date_accuse": "", "date_reponse": "",
                   "canal_reponse": "", "cloture": ""}, "date_reception", "ne compte pas encore"),
    ("appels", {"attente": "14401"}, "attente", "plus de 4 heures"),
    ("appels", {"duree": "90000"}, "duree", "plus de 4 heures"),
    ("appels", {"date": "02/04/2022"}, "date", "ne compte pas encore"),
    ("tickets", {"date": "02/04/2022"}, "date", "ne compte pas encore"),
    ("tickets", {"guichet": "3", "appele": "9h15", "fini": "9h30"}, "guichet",
     "sert déjà un autre ticket"),
    ("titres", {"date_decision": "02/04/2022"}, "date_decision", "décision postérieure"),
    ("titres", {"date_depot": "01/03/2018"}, "date_decision", "plus de 3 ans après"),
]  # fmt: skip


@pytest.mark.parametrize(("source", "ecart", "colonne", "mots"), REMARQUES)
def test_a_doubt_is_remarked(
    source: str, ecart: Ecart, colonne: str, mots: str, tmp_path: Path
) -> None:
    """A doubtful row is counted, and said with its line and its column; nothing else is said."""
    (remarque,) = lire(tmp_path, source, {}, ecart).remarques
    assert (remarque.ligne, remarque.colonne) == (3, colonne)
    assert mots in remarque.constat


def test_groups_of_calls(tmp_path: Path) -> None:
    """The times of a group are nobody's, a day told twice is doubtful, transfers do not exceed."""
    groupe = {"nombre": "5", "transferts": "9", "attente": "20000"}
    remarques = lire(tmp_path, "appels", {}, groupe).remarques
    assert [(r.colonne, r.ligne) for r in remarques] == [
        ("attente", 3), ("duree", 3), ("transferts", 3), ("nombre", 3),
    ]  # fmt: skip
    assert "moyenne d’un groupe" in remarques[0].constat
    seul = {"nombre": "5", "attente": "", "duree": ""}
    assert not lire(tmp_path / "seul", "appels", seul).remarques


def test_a_chrono_is_used_once_a_year(tmp_path: Path) -> None:
    """A number is refused twice in a year; the next year it is supposed to start again."""
    deux = problemes(tmp_path, "courriers", {"chrono": "7"}, {"chrono": "8"}, {"chrono": "7"})
    assert [(p.ligne, p.colonne) for p in deux] == [(4, "chrono")]
    assert deux[0].constat == "« 7 » est déjà à la ligne 2, la même année."
    an = {"chrono": "7", "date_reception": "01/12/2021", "date_accuse": ""}
    (remarque,) = lire(tmp_path / "an", "courriers", {"chrono": "7"}, an).remarques
    assert (remarque.ligne, remarque.colonne) == (3, "chrono")


def test_a_ticket_is_used_once_a_day_in_a_queue(tmp_path: Path) -> None:
    """The same number is another ticket the next day; in another queue it is remarked."""
    lendemain = {"ticket": "A1", "date": "02/03/2022"}
    assert not lire(tmp_path, "tickets", {"ticket": "A1"}, lendemain).remarques
    autre = {"ticket": "A1", "file": "avec_rdv", "guichet": "9"}
    (remarque,) = lire(tmp_path / "file", "tickets", {"ticket": "A1"}, autre).remarques
    assert (remarque.ligne, remarque.colonne) == (3, "ticket")
    meme = {"ticket": "A1", "guichet": "9"}
    (probleme,) = problemes(tmp_path / "deux", "tickets", {"ticket": "A1"}, meme)
    assert probleme.constat == "« A1 » est déjà à la ligne 2, le même jour dans la même file."


def test_a_file_is_used_once(tmp_path: Path) -> None:
    """Two rows of one application are refused."""
    (probleme,) = problemes(tmp_path, "titres", {"dossier": "D"}, {"dossier": "D"})
    assert (probleme.ligne, probleme.colonne) == (3, "dossier")


def test_still_waiting(tmp_path: Path) -> None:
    """Still waiting on the last day is a wait that goes on; on an earlier day it is doubtful."""
    attend = {"appele": "", "fini": "", "issue": "en_attente"}
    assert not lire(tmp_path, "tickets", attend).remarques
    (remarque,) = lire(tmp_path / "b", "tickets", attend, {"date": "02/03/2022"}).remarques
    assert (remarque.ligne, remarque.colonne) == (2, "issue")


def test_an_end_without_a_call(tmp_path: Path) -> None:
    """A ticket closed without a call is remarked, unless the person had left."""
    sans = {"appele": "", "issue": "en_attente"}
    (remarque,) = lire(tmp_path, "tickets", sans).remarques
    assert remarque.colonne == "fini"
    assert not lire(tmp_path / "b", "tickets", {"appele": "", "issue": "abandonne"}).remarques


def test_counters_are_free_when_the_last_one_is_done(tmp_path: Path) -> None:
    """A short service inside a long one hides it from its neighbour only, not from the third."""
    rangs = [("9h00", "10h00"), ("9h10", "9h15"), ("9h30", "9h40"), ("10h00", "10h05")]
    ecarts = [{"appele": a, "fini": f, "pris": "9h00"} for a, f in rangs]
    (remarque,) = lire(tmp_path, "tickets", *ecarts).remarques
    assert (remarque.ligne, remarque.autres) == (3, (4,))


def test_everything_is_listed_at_once(tmp_path: Path) -> None:
    """Contradictions of several registers and unreadable cells are all in one refusal."""
    tables = {
        "courriers": [JUSTES["courriers"] | {"date_reponse": "28/02/2022"},
                      JUSTES["courriers"] | {"chrono": "2", "date_reception": "31/02/2022"}],
        "appels": [JUSTES["appels"] | {"date": "hier"}, JUSTES["appels"] | {"issue": "abandonné"}],
        "tickets": [JUSTES["tickets"] | {"pris": "25h00"}, JUSTES["tickets"] | {"appele": "8h00"}],
        "titres": [JUSTES["titres"] | {"date_decision": "01/01/2022"}],
    }  # fmt: skip
    with pytest.raises(Refus) as refus:
        load_accueil(tmp_path, tables)
    lieux = {(p.fichier, p.ligne, p.colonne) for p in refus.value.problemes}
    assert lieux == {
        ("courriers.csv", 2, "date_reponse"), ("courriers.csv", 3, "date_reception"),
        ("appels.csv", 2, "date"), ("appels.csv", 3, "transferts"),
        ("tickets.csv", 2, "pris"), ("tickets.csv", 3, "appele"), ("tickets.csv", 3, "ticket"),
        ("titres.csv", 2, "date_decision"),
    }  # fmt: skip


@pytest.mark.parametrize("source", JUSTES)
def test_dates_lie_in_the_declared_period(source: str, tmp_path: Path) -> None:
    """A row received before or after the period that its source declares is refused."""
    write_fiche(tmp_path / "referentiel" / "petite" / "registres.yaml", REGISTRES)
    write_edition(tmp_path / "referentiel" / "petite")
    dossier = tmp_path / "campagnes" / "essai"
    periode = {"debut": "2022-03-02", "fin": "2022-03-05"}
    declaration = {"plan": "recensement", "libelle": source, "champ": "essai", **periode}
    fiche = {
        "code": "essai", "libelle": "Essai", "site": {"libelle": "Site"}, "edition": "petite",
        "date_reference": "2022-04-01", "modules": ["1"], "sources": {source: declaration},
    }  # fmt: skip
    write_fiche(dossier / "campagne.yaml", fiche)
    write_lignes(dossier / f"{source}.csv", [JUSTES[source]])
    with pytest.raises(Refus, match="avant la période déclarée"):
        load_campagne(dossier)
    declaration |= {"debut": "2022-02-01", "fin": "2022-02-28"}
    write_fiche(dossier / "campagne.yaml", fiche)
    with pytest.raises(Refus, match="après la période déclarée"):
        load_campagne(dossier)


def test_a_year_of_rows_is_quickly_checked(tmp_path: Path) -> None:
    """200 000 calls and 60 000 tickets go through their rules in the time of a breath."""
    vide = lire(tmp_path, "appels", {})
    debut = time.process_time()
    for source, cadre in (("appels", _appels(200_000)), ("tickets", _tickets(60_000))):
        _verifier(vide, source, cadre)
    assert time.process_time() - debut < 1.5


def _verifier(campagne: Campagne, source: str, cadre: pd.DataFrame) -> None:
    brut = pd.DataFrame(dict.fromkeys(cadre, "x"), index=cadre.index)
    check_regles(
        source, cadre, brut, campagne.referentiel, campagne.fiche, f"{source}.csv", Releve()
    )


def _jours(n: int) -> dict[str, object]:
    """The days of ``n`` rows, over a year."""
    return {"date": pd.date_range("2021-04-01", "2022-03-31").to_numpy()[np.arange(n) % 365]}


def _appels(n: int) -> pd.DataFrame:
    cadre = _jours(n)
    cadre |= {"heure": 600.0, "issue": "repondu", "nombre": np.nan, "attente": 10.0}
    return pd.DataFrame(cadre | {"duree": 60.0, "transferts": 0.0}, index=np.arange(2, n + 2))


def _tickets(n: int) -> pd.DataFrame:
    cadre = _jours(n) | {"ticket": [f"T{rang}" for rang in range(n)], "file": "sans_rdv"}
    cadre |= {"pris": 540.0, "appele": 560.0, "fini": 570.0, "guichet": "1", "issue": "servi"}
    return pd.DataFrame(cadre, index=np.arange(2, n + 2))
