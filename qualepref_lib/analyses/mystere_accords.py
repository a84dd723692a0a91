"""How far two testers who saw the same thing noted the same thing.

Tests noted twice say how much the ratings depend on who rates. Criteria of one test stand or fall
together, so the margins are those of as many tests, not of as many criteria. Testers are told by
their pseudonym only (rules 3.5).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from qualepref_lib.campagne import Campagne
from qualepref_lib.campagne.listes import new_liste
from qualepref_lib.campagne.tables import REPONSES_MYSTERE
from qualepref_lib.core.accords import Accord, accord_brut
from qualepref_lib.core.bilan import Bilan, Chiffre, Ligne, Liste, Renvoi
from qualepref_lib.core.derives import Derive, comparer_testeurs, dire_derive
from qualepref_lib.core.francais import nombre, nombre_court, pluriel
from qualepref_lib.core.lecture_accords import MINIMUM, LectureAccord, lire_accord
from qualepref_lib.registres.mystere import SOURCE, dire_lue, doubles_de, grilles_de, slug_of
from qualepref_lib.registres.mystere_criteres import new_bilan_mystere

REPONSES = tuple(REPONSES_MYSTERE.values())
_BRUT = (
    "paires de notes identiques ÷ paires de notes données au même critère du même test abouti par "
    "deux testeurs ; « sans objet » est une note comme une autre"
)
_AUCUN = "aucun test noté par deux testeurs (colonne « codage » : double)"


@dataclass(frozen=True, eq=False)
class _Notes:
    """The ratings of tests noted twice: criteria of tests × testers, None where one did not rate.

    ``tests`` is the test of each row of ``notes``, ``lignes`` the lines of the file they are from.
    """

    notes: npt.NDArray[np.object_]
    testeurs: tuple[str, ...]
    tests: npt.NDArray[np.object_]
    lignes: tuple[int, ...]


def measure_accords(campagne: Campagne) -> Liste:
    """By grid: the tests noted twice, the raw agreement, the coefficient to read and what it says.

    Without a test noted twice there is no row, and the scope says why.
    """
    lues = _lectures(campagne)
    bruts = new_bilan_mystere(
        campagne,
        [Ligne(code, nom, accord_brut(n.notes), n.lignes) for code, nom, n, _ in lues],
        code="mystere.accords",
        titre="Notes identiques de deux testeurs",
        unite="paire de notes",
        formule=_BRUT,
        grappes=True,
    )
    coefficients = {
        code: _chiffre(campagne, code, nom, notes, lecture.lu)
        for code, nom, notes, lecture in lues
        if lecture.lu is not None
    }
    return new_liste(
        campagne,
        SOURCE,
        code="mystere.accords",
        titre="Deux testeurs notent-ils pareil ?",
        colonnes=("Grille", "Tests en double", "Notes identiques", "Coefficient lu", "Lecture"),
        lignes=_lignes_accords(bruts, coefficients, lues),
        champ=_champ(campagne, bool(lues)),
        chiffres=(*bruts.chiffres(), *coefficients.values()),
    )


def list_coefficients(campagne: Campagne) -> Liste:
    """Every coefficient of each grid, the one that is read and the others, with their margins.

    Below ten tests noted twice no coefficient is told: see :func:`measure_accords`.
    """
    rangees, chiffres = [], []
    for code, nom, notes, lecture in _lectures(campagne):
        for accord in lecture.accords:
            if accord.independantes < MINIMUM:
                continue
            chiffre = _chiffre(campagne, code, nom, notes, accord)
            chiffres.append(chiffre)
            rangees.append(
                (
                    nom,
                    accord.coefficient,
                    Renvoi(chiffre.valeur, chiffre.code),
                    chiffre.intervalle or "–",
                    accord.methode,
                    "celui qu’on lit" if accord == lecture.lu else "pour mémoire",
                )
            )
    return new_liste(
        campagne,
        SOURCE,
        code="mystere.coefficients",
        titre="Tous les coefficients d’accord",
        colonnes=("Grille", "Coefficient", "Valeur", "Intervalle", "Marge calculée par", "Lecture"),
        lignes=rangees,
        champ=_champ(campagne, bool(rangees)),
        chiffres=chiffres,
        si_vide=f"Aucune grille n’a {MINIMUM} tests notés en double : aucun coefficient.",
    )


def list_testeurs(campagne: Campagne) -> Liste:
    """Whether one tester notes differently from the others, on what they noted together.

    Only on tests noted twice: elsewhere a severe tester and a bad service look the same.
    """
    doubles = doubles_de(campagne)
    notes = _load_notes(doubles)
    derives: tuple[Derive, ...] = ()
    if notes.testeurs:
        derives = comparer_testeurs(notes.notes, notes.testeurs, grappes=notes.tests.tolist())
    bilan = _parts(campagne, derives, doubles)
    return new_liste(
        campagne,
        SOURCE,
        code="mystere.testeurs",
        titre="Un testeur note-t-il autrement que les autres ?",
        colonnes=("Testeur", "Tests en commun", "Ses notes favorables", "Celles des autres",
                  "Lecture"),
        lignes=_lignes_testeurs(bilan, derives),
        champ=_champ(campagne, bool(derives)),
        chiffres=bilan.chiffres(),
    )  # fmt: skip


def _load_notes(doubles: pd.DataFrame) -> _Notes:
    """The rows of :func:`~qualepref_lib.registres.mystere.doubles_de` as a matrix."""
    unites = doubles.groupby(["test", "observation"], sort=False)
    rangs = unites.ngroup().to_numpy()
    colonnes, testeurs = pd.factorize(doubles["testeur"], sort=True)
    connus = colonnes >= 0
    notes = np.full((unites.ngroups, len(testeurs)), None, dtype=object)
    notes[rangs[connus], colonnes[connus]] = doubles["reponse"].to_numpy(dtype=object)[connus]
    tests = np.full(unites.ngroups, None, dtype=object)
    tests[rangs] = doubles["test"].to_numpy(dtype=object)
    return _Notes(
        notes, tuple(str(t) for t in testeurs), tests, tuple(doubles.index[connus].tolist())
    )


def _lectures(campagne: Campagne) -> list[tuple[str, str, _Notes, LectureAccord]]:
    """The tests noted twice, by grid: its code and wording, the ratings, their reading."""
    doubles = doubles_de(campagne)
    lues = []
    for grille in grilles_de(campagne, doubles):
        notes = _load_notes(doubles[doubles["grille"] == grille.code])
        lues.append((grille.code, grille.libelle, notes, _lire(campagne, notes)))
    return lues


def _lire(campagne: Campagne, notes: _Notes) -> LectureAccord:
    niveau = campagne.fiche.niveau_confiance
    return lire_accord(notes.notes, REPONSES, grappes=notes.tests.tolist(), niveau=niveau)


def _champ(campagne: Campagne, lus: bool) -> str:
    if lus:
        return f"{dire_lue(campagne)} ; tests aboutis notés en double"
    return f"{dire_lue(campagne)} ; {_AUCUN}"


def _lignes_accords(
    bruts: Bilan,
    coefficients: dict[str, Chiffre],
    lues: list[tuple[str, str, _Notes, LectureAccord]],
) -> Iterator[tuple[str | Renvoi, ...]]:
    for code, nom, notes, lecture in lues:
        brut = bruts.ligne(code)
        lu = coefficients.get(code)
        yield (
            nom,
            nombre_court(len(set(notes.tests.tolist()))),
            Renvoi(str(brut.mesure), bruts.identifiant(brut)),
            Renvoi(str(lecture.lu), lu.code) if lu else "aucun",
            lecture.phrase,
        )


def _chiffre(campagne: Campagne, code: str, nom: str, notes: _Notes, lu: Accord) -> Chiffre:
    """The register entry of a coefficient: it has a base, but is no rate."""
    source = campagne.source(SOURCE)
    entre = ""
    if lu.intervalle is not None:
        entre = "[{} ; {}]".format(*(nombre(borne, 2) for borne in lu.intervalle))
    return Chiffre(
        code=f"mystere.accords.{code}.{slug_of(lu.coefficient)}",
        libelle=f"Accord de deux testeurs — {nom} — {lu.coefficient}",
        valeur="sans objet" if lu.valeur is None else nombre(lu.valeur, 2),
        formule=f"{lu.coefficient} ; {lu.methode}, marges calculées par test ; {_BRUT}",
        numerateur="",
        denominateur=f"{pluriel(lu.n_unites, 'critère noté', 'critères notés')} en double",
        intervalle=entre,
        fichier=source.fichier,
        sha256=source.sha256,
        lignes=source.plages(notes.lignes),
    )


def _parts(campagne: Campagne, derives: tuple[Derive, ...], doubles: pd.DataFrame) -> Bilan:
    """The two rates of each tester, as figures."""
    lignes = []
    for derive in derives:
        code = slug_of(derive.testeur)
        sien = doubles["testeur"] == derive.testeur
        siennes = tuple(doubles.index[sien].tolist())
        lignes.append(Ligne(code, derive.testeur, derive.siens, siennes))
        des_autres = doubles.index[doubles["test"].isin(doubles.loc[sien, "test"]) & ~sien]
        nom = f"les autres, sur les mêmes critères que {derive.testeur}"
        lignes.append(Ligne(f"{code}.autres", nom, derive.autres, tuple(des_autres.tolist())))
    return new_bilan_mystere(
        campagne,
        lignes,
        code="mystere.testeurs",
        titre="Notes favorables, par testeur",
        unite="note",
        formule="part = notes « oui » ÷ notes « oui » ou « non », sur les critères des tests "
        "aboutis que le testeur et un autre ont notés tous deux ; comparaison par le test des "
        "signes, test par test, ajusté par Holm au-delà de deux testeurs",
        grappes=True,
    )


def _lignes_testeurs(
    bilan: Bilan, derives: tuple[Derive, ...]
) -> Iterator[tuple[str | Renvoi, ...]]:
    for derive in derives:
        code = slug_of(derive.testeur)
        parts = [bilan.ligne(c) for c in (code, f"{code}.autres")]
        yield (
            derive.testeur,
            nombre_court(derive.visites),
            *(Renvoi(str(ligne.mesure), bilan.identifiant(ligne)) for ligne in parts),
            dire_derive(derive),
        )
