"""The register opened in LibreOffice: it computes what the library computes, and loses nothing."""

from __future__ import annotations

import datetime as dt
import itertools
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from python_calamine import load_workbook
from registre_essai import CANAUX, NATURES, load_essai, make_rempli

from qualepref_lib.campagne import Campagne
from qualepref_lib.core.jours import JoursOuvres
from qualepref_lib.running.classeurs.ods import format_ods
from qualepref_lib.running.classeurs.xlsx import format_xlsx
from qualepref_lib.running.registre.feuilles import SAISIES

# The days off of Moselle as published (Code du travail, articles L3133-1 and L3134-13), with the
# declared closure of the site, from which a due day of 2022 may depend.
CHOMES = [
    "2022-01-01", "2022-04-15", "2022-04-18", "2022-05-01", "2022-05-08", "2022-05-26",
    "2022-05-27", "2022-06-06", "2022-07-14", "2022-08-15", "2022-11-01", "2022-11-11",
    "2022-12-25", "2022-12-26", "2023-01-01", "2023-04-07", "2023-04-10",
]  # fmt: skip
PIECES = ("xlsx", "ods")
Cellules = dict[str, Any]
# Relative to the day of the test: what was typed, then the state that must be shown. The delay of
# a letter is 15 business days, that of an e-mail 3; of an acknowledgement 5 and 2.
ETATS = [
    ({}, "", ""),
    ({"reception": 60}, "en retard", "en retard"),
    ({"reception": 60, "accuse": 59}, "en retard", "dans le délai"),
    ({"reception": 60, "reponse": 58}, "répondu dans le délai", "dans le délai"),
    ({"reception": 60, "reponse": 0}, "répondu hors délai", "hors délai"),
    ({"reception": 60, "accuse": 40, "reponse": 58}, "répondu dans le délai", "dans le délai"),
    ({"reception": 60, "cloture": "transmis à une autre administration"}, "clos sans réponse", ""),
    ({"reception": 60, "cloture": "réponse envoyée"}, "à vérifier", ""),
    ({"reception": 0}, "à répondre", "à envoyer"),
    ({"reception": 0, "canal": "courrier", "accuse": 0}, "à répondre", "dans le délai"),
    (
        {"reception": 0, "canal": "courrier recommandé", "nature": "réclamation"},
        "échéance proche",
        "à envoyer",
    ),
    ({"reception": 60, "reponse": 70}, "à vérifier", ""),
    ({"reception": 60, "reponse": -2}, "à vérifier", ""),
    ({"reception": -2}, "à vérifier", ""),
    ({"reception": 60, "nature": None}, "à compléter", ""),
    ({"reception": 60, "canal": "pigeon"}, "à vérifier", ""),
    ({"reception": 60, "canal": "formulaire en ligne"}, "sans délai fixé", "en retard"),
    ({"reception": 60, "canal": "formulaire en ligne", "reponse": 50}, "répondu", "hors délai"),
]


def soffice() -> str:
    """The program, or a skip that says what to install; where CI is true, a failure."""
    trouve = shutil.which("soffice") or shutil.which("libreoffice")
    if trouve is None:
        message = "LibreOffice manque : sudo apt install libreoffice-calc"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    return trouve


def convertir(programme: str, fichier: Path, extension: str) -> Path:
    """Open a workbook in LibreOffice and save it in another format."""
    sortie = fichier.parent / f"vers_{extension}"
    profil = (fichier.parent / "profil").as_uri()
    commande = [programme, "--headless", f"-env:UserInstallation={profil}"]
    commande += ["--convert-to", extension, "--outdir", str(sortie), str(fichier)]
    subprocess.run(commande, check=True, capture_output=True, timeout=240)
    return sortie / f"{fichier.stem}.{extension}"


def lire(fichier: Path) -> list[Cellules]:
    """The rows of the sheet « Registre »: heading to value, blanks left out."""
    entetes, *rangs = load_workbook(fichier).get_sheet_by_name("Registre").to_python()
    return [{str(e): v for e, v in zip(entetes, rang, strict=True) if v != ""} for rang in rangs]


def recus(campagne: Campagne) -> list[dict[str, Any]]:
    """A letter a day of 2022, week-ends and days off included, and every kind on the hard days."""
    genres = list(itertools.product(CANAUX.values(), NATURES.values()))
    jours = [dt.date(2022, 1, 1) + dt.timedelta(days=rang) for rang in range(365)]
    tous = [(jour, *genres[rang % len(genres)]) for rang, jour in enumerate(jours)]
    for dur in ("2022-02-28", "2022-04-13", "2022-04-15", "2022-06-30", "2022-12-21", "2022-12-26"):
        tous += [(dt.date.fromisoformat(dur), *genre) for genre in genres]
    return [
        {"chrono": f"2022-{rang:04d}", "date_reception": jour, "canal": canal, "nature": nature,
         "service": "Accueil & titres", "cle": f"U{rang:04d}",
         "date_reponse": jour + dt.timedelta(days=rang % 30) if rang % 3 else None}
        for rang, (jour, canal, nature) in enumerate(tous, start=1)
    ]  # fmt: skip


def relatifs() -> list[dict[str, Any]]:
    """The letters of ``ETATS``, e-mails about nothing special unless it is said otherwise."""
    lignes = []
    for rang, (dit, *_) in enumerate(ETATS, start=1):
        ligne: dict[str, Any] = {"chrono": f"E-{rang:04d}"}
        if dit:
            ligne |= {"canal": "courriel", "nature": "suggestion"}
        for nom in ("reception", "accuse", "reponse"):
            if nom in dit:
                ligne[f"date_{nom}"] = dt.date.today() - dt.timedelta(days=dit[nom])
        ligne |= {nom: dit[nom] for nom in ("canal", "nature", "cloture") if nom in dit}
        lignes.append(ligne)
    return lignes


@pytest.fixture(scope="module")
def campagne(tmp_path_factory: pytest.TempPathFactory) -> Campagne:
    """A site in Moselle whose delays change during the year."""
    return load_essai(tmp_path_factory.mktemp("campagne"))


@pytest.fixture(scope="module")
def ouverts(
    campagne: Campagne, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, list[Cellules]]:
    """The register of each format, opened in LibreOffice and saved in the other one."""
    programme = soffice()
    dossier = tmp_path_factory.mktemp("classeurs")
    classeur = make_rempli(campagne, [*recus(campagne), *relatifs()])
    (dossier / "registre.xlsx").write_bytes(format_xlsx(classeur))
    (dossier / "registre.ods").write_bytes(format_ods(classeur))
    vers = {"xlsx": "ods", "ods": "xlsx"}
    for nom in PIECES:
        assert not any("Échéance" in ligne for ligne in lire(dossier / f"registre.{nom}"))
    return {nom: lire(convertir(programme, dossier / f"registre.{nom}", vers[nom]))
            for nom in PIECES}  # fmt: skip


def due(jour: dt.date, jours: int) -> dt.date:
    """Reception + N business days, by numpy and the published days off."""
    jour_du = np.busday_offset(jour, jours, roll="backward", holidays=CHOMES).item()
    assert isinstance(jour_du, dt.date)
    return jour_du


def attendue(jour: dt.date, canal: str, nature: str) -> dt.date | None:
    """The due day that the delays of ``registre_essai`` give, written out by hand."""
    if (canal, nature) == ("courrier recommandé", "réclamation"):
        tard = jour >= dt.date(2022, 9, 1)
        return due(jour, 1) if tard else jour + dt.timedelta(days=30)
    if nature == "réclamation" and jour >= dt.date(2022, 3, 1):
        return due(jour, 10)
    if nature == "dossier" and jour >= dt.date(2022, 5, 1):
        return due(jour, 40)
    if canal == "courrier":
        return due(jour, 15)
    if canal == "courriel":
        return due(jour, 3 if jour >= dt.date(2022, 7, 1) else 5)
    return None


@pytest.mark.parametrize("piece", PIECES)
def test_due_days_are_those_of_the_rules(
    piece: str, ouverts: dict[str, list[Cellules]], campagne: Campagne
) -> None:
    """Received on any day of 2022, every letter is due in LibreOffice on the day of rules 3.6."""
    faites = recus(campagne)
    for dit, ligne in zip(faites, ouverts[piece], strict=False):
        voulue = attendue(dit["date_reception"], dit["canal"], dit["nature"])
        assert ligne.get("Échéance") == voulue, dit
        jours = 5
        if dit["canal"] == "courriel" and dit["date_reception"] >= dt.date(2022, 4, 1):
            jours = 2
        assert ligne["Échéance accusé"] == due(dit["date_reception"], jours), dit


@pytest.mark.parametrize("piece", PIECES)
def test_due_days_are_those_of_the_library(
    piece: str, ouverts: dict[str, list[Cellules]], campagne: Campagne
) -> None:
    """The sheet and core/jours agree on every row: the list of the day says what one reads here."""
    jours: JoursOuvres = campagne.fiche.site.jours_ouvres
    codes = {libelle: code for code, libelle in (CANAUX | NATURES).items()}
    for dit, ligne in zip(recus(campagne), ouverts[piece], strict=False):
        regle = campagne.referentiel.registres.delai(
            dit["date_reception"], "reponse", canal=codes[dit["canal"]], nature=codes[dit["nature"]]
        )
        if regle is None or not regle.ouvres:
            continue
        assert ligne["Échéance"] == jours.echeance(dit["date_reception"], regle.jours)


@pytest.mark.parametrize("piece", PIECES)
def test_states_are_told_in_words(piece: str, ouverts: dict[str, list[Cellules]]) -> None:
    """Each letter has its state of the day, and its acknowledgement its own."""
    lignes = [ligne for ligne in ouverts[piece] if str(ligne["Chrono"]).startswith("E-")]
    vus = [(ligne.get("État", ""), ligne.get("État accusé", "")) for ligne in lignes]
    assert vus == [(etat, accuse) for _, etat, accuse in ETATS]


@pytest.mark.parametrize("piece", PIECES)
def test_round_trip_loses_nothing(
    piece: str, ouverts: dict[str, list[Cellules]], campagne: Campagne
) -> None:
    """What was typed is read back the same after LibreOffice saved it in the other format."""
    titres = dict(zip(SAISIES, ("Chrono", "Date réception", "Canal", "Nature", "Motif", "Service",
                                "Clé", "Date accusé", "Date réponse", "Canal réponse", "Clôture"),
                      strict=True))  # fmt: skip
    typees = [*recus(campagne), *relatifs()]
    assert len(ouverts[piece]) == len(typees)
    for dit, ligne in zip(typees, ouverts[piece], strict=True):
        saisie = {titres[nom]: valeur for nom, valeur in dit.items() if valeur is not None}
        assert {t: v for t, v in ligne.items() if t in titres.values()} == saisie


def test_both_formats_show_the_same(ouverts: dict[str, list[Cellules]]) -> None:
    """XLSX and ODS are one register: every cell, typed or computed, is the same in both."""
    assert ouverts["xlsx"] == ouverts["ods"]


def test_the_only_service_writes_itself(campagne: Campagne, tmp_path: Path) -> None:
    """In a service's own register its name comes with the letter, unless another one is typed."""
    recue = {"date_reception": dt.date(2022, 3, 1), "canal": "courriel", "nature": "dossier"}
    lignes = [{"chrono": "A-1", **recue}, {"chrono": "A-2", **recue, "service": "Titres"},
              {"chrono": "A-3"}]  # fmt: skip
    (tmp_path / "r.ods").write_bytes(format_ods(make_rempli(campagne, lignes, service="Accueil")))
    lues = lire(convertir(soffice(), tmp_path / "r.ods", "xlsx"))
    assert [ligne.get("Service") for ligne in lues] == ["Accueil", "Titres", None]
