"""The grids that testers return: each sheet is checked where it is, then becomes rows.

A row of a grid is a test; it gives one row of ``mystere`` for each observation, and one of
``mystere_tentatives`` for each attempt of a call. Every row keeps the place that it came from, so
that what a later check says of it is told in the grid.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from qualepref_lib.campagne import Campagne
from qualepref_lib.campagne.tables import ISSUES_TENTATIVE, OUI_NON, REPONSES_MYSTERE
from qualepref_lib.core.lieux import Lieu
from qualepref_lib.core.refus import Releve
from qualepref_lib.formats.cellules import Colonne
from qualepref_lib.formats.classeur import load_classeur
from qualepref_lib.formats.colonnes import check_colonnes
from qualepref_lib.referentiel import Grille, Observation
from qualepref_lib.running.mystere.affectation import TestPrevu
from qualepref_lib.running.mystere.grilles import (
    TENTATIVES,
    est_appel,
    est_ecrit,
    feuille_de,
    titre_de,
)

Ligne = dict[str, str]
Rang = Mapping[Any, Any]
TESTS, ESSAIS = "mystere", "mystere_tentatives"
_TESTEUR = re.compile(r"_(T\d+)\.(?:xlsx|ods|xls)$", re.IGNORECASE)


@dataclass(frozen=True)
class Rendue:
    """One row for a source, and where it stands: in a grid, or in the campaign."""

    valeurs: Ligne
    lieu: Lieu


@dataclass
class Rendus:
    """What grids give: rows by source, and the tests that are begun and not concluded yet."""

    lignes: dict[str, list[Rendue]] = field(default_factory=lambda: {TESTS: [], ESSAIS: []})
    inacheves: list[str] = field(default_factory=list)

    def add(self, source: str, valeurs: Ligne, lieu: Lieu) -> None:
        """One more row."""
        self.lignes[source].append(Rendue(valeurs, lieu))


def load_rendu(
    campagne: Campagne, tests: Sequence[TestPrevu], chemin: Path, rendus: Rendus, releve: Releve
) -> None:
    """Add the rows of one workbook to ``rendus``; every wrong cell goes to ``releve``."""
    trouve = _TESTEUR.search(chemin.name)
    if trouve is None:
        remede = "garder le nom donné à la grille : grille_VAGUE_T1.xlsx."
        releve.signaler(chemin.name, "le nom du fichier ne dit pas quel testeur.", remede=remede)
        return
    siens = [t for t in tests if t.testeur == trouve[1].upper()]
    if not siens:
        releve.signaler(chemin.name, f"{trouve[1]} n’est pas un testeur du plan de cette vague.")
    for grille in campagne.referentiel.grilles:
        prevus = {(t.test, t.codage): t for t in siens if t.grille == grille.code}
        if prevus:
            _load_feuille(grille, prevus, chemin, rendus, releve)


def format_heure(minutes: float) -> str:
    """An hour of the day as it is written; empty when it is not known.

    >>> format_heure(575.0), format_heure(float("nan"))
    ('09:35', '')
    """
    return "" if minutes != minutes else f"{int(minutes) // 60:02d}:{int(minutes) % 60:02d}"


def format_valeur(valeur: Any) -> str:
    """A typed cell as a person writes it; empty when there is nothing.

    >>> format_valeur(2.5), format_valeur(None), format_valeur(pd.Timestamp("2022-03-01"))
    ('2,5', '', '2022-03-01')
    """
    if valeur is None or valeur is pd.NaT or valeur != valeur:
        return ""
    if isinstance(valeur, pd.Timestamp):
        return str(valeur.date())
    return f"{valeur:g}".replace(".", ",") if isinstance(valeur, float) else str(valeur)


def _load_feuille(
    grille: Grille,
    prevus: Mapping[tuple[str, str], TestPrevu],
    chemin: Path,
    rendus: Rendus,
    releve: Releve,
) -> None:
    """One sheet: its cells are checked where they are, so a person finds them again."""
    nom = f"{chemin.name}, feuille {feuille_de(grille)}"
    brut = load_classeur(chemin, nom, releve, feuille_de(grille))
    if brut is None:
        return
    cadre = check_colonnes(brut, _colonnes(grille), nom, releve)
    # Records keep each cell as it was read: a row made a Series would turn None into NaN.
    for numero, rang in zip(cadre.index, cadre.to_dict("records"), strict=True):
        lieu = Lieu(nom, int(numero))
        _check_rang(grille, rang, lieu, releve)
        test = prevus.get((str(rang["test"]), rang["codage"] or ""))
        if test is None:
            constat = f"« {rang['test']} » n’est pas un test prévu pour ce testeur."
            releve.signaler(nom, constat, ligne=lieu.ligne, colonne="test")
        elif rang["abouti"]:
            _add_test(grille, test, rang, lieu, rendus)
        elif any(_notee(rang, o) for o in grille.observations):
            constat = "des observations sont notées, et « Abouti » est vide."
            releve.signaler(nom, constat, ligne=lieu.ligne, colonne="abouti",
                            remede="choisir oui ou non.")  # fmt: skip
        elif est_appel(grille) and any(rang[f"issue tentative {k}"] for k in _essais()):
            rendus.inacheves.append(test.test)


def _essais() -> range:
    return range(1, TENTATIVES + 1)


def _notee(rang: Rang, observation: Observation) -> bool:
    """Whether something was written for an observation."""
    valeur = rang[titre_de(observation)]
    return valeur is not None and valeur == valeur


def _check_rang(grille: Grille, rang: Rang, lieu: Lieu, releve: Releve) -> None:
    """A reached test answers every question; an attempt that has an hour has an outcome."""
    for observation in grille.observations:
        vide = observation.genre == "critere" and rang[titre_de(observation)] is None
        if rang["abouti"] == "oui" and vide:
            releve.signaler(
                lieu.fichier,
                "le test a abouti, et l’observation est vide (ou illisible).",
                ligne=lieu.ligne,
                colonne=observation.code,
                remede="choisir oui, non ou sans objet.",
            )
    for k in _essais() if est_appel(grille) else ():
        heure = rang[f"heure tentative {k}"]
        if heure == heure and not rang[f"issue tentative {k}"]:
            releve.signaler(
                lieu.fichier,
                "la tentative a une heure, et pas d’issue (ou une issue illisible).",
                ligne=lieu.ligne,
                colonne=f"issue tentative {k}",
                remede="choisir ce qui s’est passé, ou vider l’heure.",
            )


def _colonnes(grille: Grille) -> tuple[Colonne, ...]:
    fixes = [
        Colonne("test", requise=True, remplie=True),
        Colonne("codage"),
        Colonne("heure", "heure"),
    ]
    fixes += [Colonne(nom) for nom in ("date", "creneau", "service", "profil", "scenario")]
    fixes.append(Colonne("abouti", "code", True, False, OUI_NON, "oui ou non"))
    if est_ecrit(grille):
        fixes.append(Colonne("date_reponse", "date"))
    if est_appel(grille):
        for k in _essais():
            fixes.append(Colonne(f"heure tentative {k}", "heure"))
            fixes.append(Colonne(f"issue tentative {k}", "code", connus=ISSUES_TENTATIVE,
                                 nature="une issue de tentative"))  # fmt: skip
    for observation in grille.observations:
        if observation.genre == "mesure":
            fixes.append(Colonne(titre_de(observation), "nombre", mini=0))
        else:
            fixes.append(Colonne(titre_de(observation), "code", connus=REPONSES_MYSTERE,
                                 nature="une réponse admise"))  # fmt: skip
    return tuple(fixes)


def _add_test(grille: Grille, test: TestPrevu, rang: Rang, lieu: Lieu, rendus: Rendus) -> None:
    essais = list(_tentatives(test, rang)) if est_appel(grille) and not test.codage else []
    commun = {
        "vague": test.vague, "test": test.test, "grille": test.grille, "service": test.service,
        "date": test.date.isoformat(), "heure": format_heure(rang["heure"]),
        "creneau": test.creneau, "profil": test.profil, "testeur": test.testeur,
        "codage": test.codage, "scenario": test.scenario, "tentatives": str(max(1, len(essais))),
        "abouti": OUI_NON[rang["abouti"]], "date_reponse": format_valeur(rang.get("date_reponse")),
    }  # fmt: skip
    for essai in essais:
        rendus.add(ESSAIS, essai, lieu)
    if rang["abouti"] == "non":
        rendus.add(TESTS, commun, lieu)
        return
    for observation in grille.observations:
        notee = Lieu(lieu.fichier, lieu.ligne, observation.code)
        rendus.add(TESTS, commun | _reponse(observation, rang, commun), notee)


def _reponse(observation: Observation, rang: Rang, commun: Ligne) -> Ligne:
    """What one cell says: an answer, a number, or « sans objet » where nothing was measured."""
    valeur, notee = rang[titre_de(observation)], _notee(rang, observation)
    ligne = {"observation": observation.code}
    if observation.genre == "mesure" and notee:
        return ligne | {"valeur": format_valeur(float(valeur))}
    if observation.calcul and commun["date_reponse"]:
        return ligne  # counted from the days
    return ligne | {"reponse": REPONSES_MYSTERE[valeur if notee else "sans_objet"]}


def _tentatives(test: TestPrevu, rang: Rang) -> Iterator[Ligne]:
    faites = [k for k in _essais() if rang[f"issue tentative {k}"]]
    for numero, k in enumerate(faites, 1):
        yield {
            "test": test.test, "rang": str(numero), "date": test.date.isoformat(),
            "heure": format_heure(rang[f"heure tentative {k}"]),
            "issue": ISSUES_TENTATIVE[rang[f"issue tentative {k}"]],
        }  # fmt: skip
