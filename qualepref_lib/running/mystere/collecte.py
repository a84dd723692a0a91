"""Filled-in grids come back: sheets become rows, several testers' files become one source.

Nothing is overwritten: what is in the campaign stays, identical rows are kept once, and rows that
contradict each other are listed, each with its file, and nothing is written.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from qualepref_lib.campagne import Campagne
from qualepref_lib.campagne.tables import (
    ISSUES_TENTATIVE,
    OUI_NON,
    REPONSES_MYSTERE,
    colonnes_de,
)
from qualepref_lib.core.refus import Probleme, Refus, Releve
from qualepref_lib.formats.cellules import Colonne
from qualepref_lib.formats.classeur import load_classeur
from qualepref_lib.formats.colonnes import check_colonnes
from qualepref_lib.referentiel import Grille
from qualepref_lib.running.mystere.affectation import TestPrevu
from qualepref_lib.running.mystere.grilles import (
    TENTATIVES,
    est_appel,
    est_ecrit,
    feuille_de,
    titre_de,
)

Ligne = dict[str, str]
CLES = {"mystere": ("test", "testeur", "observation"), "mystere_tentatives": ("test", "rang")}
_TESTEUR = re.compile(r"_(T\d+)\.(?:xlsx|ods|xls)$", re.IGNORECASE)


@dataclass
class Releves:
    """The rows of the two sources, each with the file that it came from."""

    lignes: dict[str, list[tuple[str, Ligne]]] = field(
        default_factory=lambda: {source: [] for source in CLES}
    )

    def add(self, source: str, fichier: str, ligne: Ligne) -> None:
        """One more row."""
        self.lignes[source].append((fichier, ligne))


def collect(
    campagne: Campagne, tests: Sequence[TestPrevu], grilles: Sequence[Path]
) -> Mapping[str, list[Ligne]]:
    """The rows of ``mystere`` and ``mystere_tentatives`` with what the grids add to them.

    Raises :class:`Refus` listing every wrong cell of every grid, and every contradiction.
    """
    releve, releves = Releve(), Releves()
    for source in CLES:
        for ligne in _deja(campagne, source):
            releves.add(source, campagne.source(source).fichier, ligne)
    for chemin in grilles:
        _load_grille(campagne, tests, chemin, releves, releve)
    releve.refuser()
    reunies = {s: _reunir(s, lignes, releve) for s, lignes in releves.lignes.items()}
    releve.refuser()
    return reunies


def format_source(campagne: Campagne, source: str, lignes: Sequence[Ligne]) -> bytes:
    """The CSV of a source, every column that may be filled."""
    entetes = [colonne.nom for colonne in colonnes_de(source, campagne.referentiel)]
    tampon = io.StringIO()
    auteur = csv.DictWriter(tampon, entetes, restval="", delimiter=";", lineterminator="\n")
    auteur.writeheader()
    auteur.writerows({nom: ligne.get(nom, "") for nom in entetes} for ligne in lignes)
    return tampon.getvalue().encode()


def _deja(campagne: Campagne, source: str) -> Iterator[Ligne]:
    """The rows that the campaign has, as they are read: labels where codes have one."""
    if source not in campagne.tables:
        return
    colonnes = {c.nom: c for c in colonnes_de(source, campagne.referentiel)}
    for rang in campagne.tables[source].cadre.to_dict("records"):
        yield {str(nom): _cellule(valeur, colonnes[str(nom)]) for nom, valeur in rang.items()}


def _cellule(valeur: Any, colonne: Colonne) -> str:
    """A typed value as a person writes it: a code where codes are written, else its label."""
    if colonne.genre == "heure":
        return _heure(valeur)
    if colonne.nature.startswith("un code "):
        return _texte(valeur)
    texte = _texte(valeur)
    return colonne.connus.get(texte, texte)


def _texte(valeur: Any) -> str:
    if valeur is None or valeur is pd.NaT or valeur != valeur:
        return ""
    if isinstance(valeur, pd.Timestamp):
        return str(valeur.date())
    if isinstance(valeur, float):
        return f"{valeur:g}".replace(".", ",")
    return str(valeur)


def _load_grille(
    campagne: Campagne,
    tests: Sequence[TestPrevu],
    chemin: Path,
    releves: Releves,
    releve: Releve,
) -> None:
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
            _load_feuille(grille, prevus, chemin, releves, releve)


def _load_feuille(
    grille: Grille,
    prevus: Mapping[tuple[str, str], TestPrevu],
    chemin: Path,
    releves: Releves,
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
        _check_vides(grille, rang, int(numero), nom, releve)
        test = prevus.get((str(rang["test"]), rang["codage"] or ""))
        if test is None:
            constat = f"« {rang['test']} » n’est pas un test prévu pour ce testeur."
            releve.signaler(nom, constat, ligne=int(numero), colonne="test")
        elif rang["abouti"]:
            _add_test(grille, test, rang, nom, releves)
        elif any(rang[titre_de(o)] is not None and rang[titre_de(o)] == rang[titre_de(o)]
                 for o in grille.observations):  # fmt: skip
            constat = "des observations sont notées, et « Abouti » est vide."
            remede = "choisir oui ou non."
            releve.signaler(nom, constat, ligne=int(numero), colonne="abouti", remede=remede)


def _check_vides(
    grille: Grille, rang: Mapping[Any, Any], numero: int, nom: str, releve: Releve
) -> None:
    """A reached test answers every question: a blank is not a « sans objet » that nobody said."""
    for observation in grille.observations:
        vide = observation.genre == "critere" and rang[titre_de(observation)] is None
        if rang["abouti"] == "oui" and vide:
            releve.signaler(
                nom,
                "le test a abouti, et l’observation est vide (ou illisible).",
                ligne=numero,
                colonne=observation.code,
                remede="choisir oui, non ou sans objet.",
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
        for rang in range(1, TENTATIVES + 1):
            issues = ISSUES_TENTATIVE
            fixes.append(Colonne(f"heure tentative {rang}", "heure"))
            fixes.append(Colonne(f"issue tentative {rang}", "code", connus=issues,
                                 nature="une issue de tentative"))  # fmt: skip
    for observation in grille.observations:
        if observation.genre == "mesure":
            fixes.append(Colonne(titre_de(observation), "nombre", mini=0))
        else:
            fixes.append(Colonne(titre_de(observation), "code", connus=REPONSES_MYSTERE,
                                 nature="une réponse admise"))  # fmt: skip
    return tuple(fixes)


def _add_test(
    grille: Grille, test: TestPrevu, rang: Mapping[Any, Any], nom: str, releves: Releves
) -> None:
    essais = list(_tentatives(test, rang)) if est_appel(grille) and not test.codage else []
    commun = {
        "vague": test.vague, "test": test.test, "grille": test.grille, "service": test.service,
        "date": test.date.isoformat(), "heure": _heure(rang["heure"]), "creneau": test.creneau,
        "profil": test.profil, "testeur": test.testeur, "codage": test.codage,
        "scenario": test.scenario, "tentatives": str(max(1, len(essais))),
        "abouti": OUI_NON[rang["abouti"]],
        "date_reponse": _texte(rang.get("date_reponse")),
    }  # fmt: skip
    for essai in essais:
        releves.add("mystere_tentatives", nom, essai)
    if rang["abouti"] == "non":
        releves.add("mystere", nom, commun)
        return
    for observation in grille.observations:
        valeur = rang[titre_de(observation)]
        absente = valeur is None or valeur != valeur
        ligne = commun | {"observation": observation.code}
        if observation.genre == "mesure" and not absente:
            ligne["valeur"] = _texte(float(valeur))
        elif observation.calcul and commun["date_reponse"]:
            ligne["valeur"] = ""  # counted from the days
        else:
            ligne["reponse"] = REPONSES_MYSTERE["sans_objet" if absente else valeur]
        releves.add("mystere", nom, ligne)


def _tentatives(test: TestPrevu, rang: Mapping[Any, Any]) -> Iterator[Ligne]:
    numero = 0
    for essai in range(1, TENTATIVES + 1):
        issue = rang[f"issue tentative {essai}"]
        if issue:
            numero += 1
            yield {
                "test": test.test, "rang": str(numero), "date": test.date.isoformat(),
                "heure": _heure(rang[f"heure tentative {essai}"]),
                "issue": ISSUES_TENTATIVE[issue],
            }  # fmt: skip


def _heure(minutes: float) -> str:
    if minutes != minutes:
        return ""
    return f"{int(minutes) // 60:02d}:{int(minutes) % 60:02d}"


def _reunir(source: str, lignes: list[tuple[str, Ligne]], releve: Releve) -> list[Ligne]:
    """Each row once; two rows of one key that differ are a contradiction, told and left."""
    gardees: dict[tuple[str, ...], tuple[str, Ligne]] = {}
    for fichier, ligne in lignes:
        cle = tuple(ligne.get(nom, "") for nom in CLES[source])
        if cle not in gardees:
            gardees[cle] = (fichier, ligne)
            continue
        ailleurs, autre = gardees[cle]
        for nom in sorted({*ligne, *autre}):
            un, deux = autre.get(nom, ""), ligne.get(nom, "")
            if un != deux:
                releve.ajouter(
                    Probleme(
                        fichier,
                        f"{' / '.join(filter(None, cle))} : « {deux} », "
                        f"et « {un} » dans {ailleurs}.",
                        colonne=nom,
                        remede="garder l’une des deux valeurs.",
                    )
                )
    return [ligne for _, ligne in gardees.values()]


def check_grilles(chemins: Sequence[Path]) -> None:
    """Raises :class:`Refus` when a file named is not there."""
    absents = [c for c in chemins if not c.exists()]
    if absents:
        raise Refus(*(Probleme(c.name, "ce fichier n’existe pas.") for c in absents))
