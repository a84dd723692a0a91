"""What the attempts of the mystery tests must respect, alone and beside the tests they are of."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from qualepref_lib.campagne.contexte import Contexte, Regle
from qualepref_lib.campagne.regles_communes import connues
from qualepref_lib.core.francais import nombre_court, pluriel
from qualepref_lib.core.refus import Releve, extrait

TESTS, TENTATIVES = "mystere", "mystere_tentatives"
JOINT = "joint"


def _rangs(c: Contexte) -> None:
    """The attempts of a test are numbered from 1, each once, without a gap."""
    cadre = c.cadre.rename_axis("ligne").dropna(subset=["test", "rang"])
    cles = cadre[["test", "rang"]]
    repetes = cadre[cles.duplicated(keep=False)].reset_index()
    premieres = repetes.groupby(["test", "rang"])["ligne"].transform("first")
    for ligne, test, rang, premiere in zip(
        repetes["ligne"], repetes["test"], repetes["rang"], premieres, strict=True
    ):
        if ligne != premiere:
            c.releve.signaler(
                c.nom,
                f"la tentative {nombre_court(rang)} du test « {extrait(test)} » est déjà à la "
                f"ligne {premiere}.",
                ligne=int(ligne),
                colonne="rang",
                remede="garder une seule de ces lignes, ou corriger le rang.",
            )
    par_test = cadre.groupby("test")["rang"]
    trous = par_test.transform("max") != par_test.transform("nunique")
    c.remarquer(
        trous.reindex(c.cadre.index, fill_value=False) & ~c.refusees("rang"),
        "rang",
        "les tentatives du test ne se suivent pas de 1 en 1.",
    )


def _apres_abouti(c: Contexte) -> None:
    """Once someone was reached there is nothing left to try; attempts come in order of time."""
    cadre = c.cadre.dropna(subset=["test", "rang"])
    joints = cadre[cadre["issue"] == JOINT].groupby("test")["rang"].min()
    c.signaler(
        (cadre["rang"] > cadre["test"].map(joints)).reindex(c.cadre.index, fill_value=False),
        "rang",
        "tentative faite après celle qui a abouti.",
        "corriger le rang ou l’issue, ou donner un autre numéro au test.",
    )
    ordre = cadre.sort_values(["test", "rang"], kind="stable")
    avant = ordre.groupby("test")["date"].cummax()
    c.remarquer(
        (ordre["date"] < avant).reindex(c.cadre.index, fill_value=False),
        "date",
        "la date précède celle d’une tentative antérieure du même test.",
    )


REGLES_TENTATIVES: tuple[Regle, ...] = (_rangs, _apres_abouti, connues("date"))


def check_tentatives(
    tables: Mapping[str, pd.DataFrame],
    noms: Mapping[str, str],
    releve: Releve,
    propres: bool = True,
) -> None:
    """Check the attempts against the tests: nothing to do unless both files are there.

    ``tables`` are the typed frames by source (index = line of the file), ``noms`` the names of
    their files. An attempt is of a known test; a test reached someone if and only if its last
    attempt did; a test whose attempts are counted has as many as it says. When a file has a problem
    of its own (not ``propres``) only the first is looked at: an unreadable cell is no outcome.
    """
    if TESTS not in tables or TENTATIVES not in tables:
        return
    tests = tables[TESTS].dropna(subset=["test"])
    tests = tests.rename_axis("ligne").reset_index().groupby("test", sort=False).first()
    tentatives = tables[TENTATIVES].dropna(subset=["test", "rang"])
    _inconnus(tentatives, tests, noms, releve)
    if not propres:
        return
    dernieres = tentatives.sort_values("rang", kind="stable").groupby("test").last()
    lues = tests.join(dernieres[["issue"]], how="inner").join(
        tentatives.groupby("test")["rang"].max().rename("faites")
    )
    _issues(lues, noms[TESTS], releve)
    _comptes(lues, noms[TESTS], releve)


def _inconnus(
    tentatives: pd.DataFrame, tests: pd.DataFrame, noms: Mapping[str, str], releve: Releve
) -> None:
    inconnus = tentatives[~tentatives["test"].isin(tests.index)]
    for test, siennes in inconnus.groupby("test", sort=False):
        lignes = [int(ligne) for ligne in siennes.index]
        releve.signaler(
            noms[TENTATIVES],
            f"le test « {extrait(test)} » n’est pas dans {noms[TESTS]}.",
            ligne=lignes[0],
            autres=tuple(lignes[1:]),
            colonne="test",
            remede="corriger le numéro du test, ou ajouter le test.",
        )


def _issues(lues: pd.DataFrame, nom: str, releve: Releve) -> None:
    """Reached, and its last attempt, tell the same."""
    connues_ = lues.dropna(subset=["abouti", "issue"])
    joint = connues_["issue"] == JOINT
    for quoi, fautifs in (
        ("abouti, mais sa dernière tentative n’est pas « joint »",
         connues_[(connues_["abouti"] == "oui") & ~joint]),
        ("non abouti, mais sa dernière tentative est « joint »",
         connues_[(connues_["abouti"] == "non") & joint]),
    ):  # fmt: skip
        for test, ligne in fautifs["ligne"].items():
            releve.signaler(
                nom,
                f"le test « {extrait(test)} » est dit {quoi}.",
                ligne=int(ligne),
                colonne="abouti",
                remede="corriger l’issue de la tentative, ou la colonne abouti.",
            )


def _comptes(lues: pd.DataFrame, nom: str, releve: Releve) -> None:
    """The column ``tentatives``, where it is filled, counts the attempts that are listed."""
    faux = lues[lues["tentatives"].notna() & (lues["tentatives"] != lues["faites"])]
    for test, ligne, dites, faites in zip(
        faux.index, faux["ligne"], faux["tentatives"], faux["faites"], strict=True
    ):
        releve.signaler(
            nom,
            f"le test « {extrait(test)} » dit {pluriel(dites, 'tentative')}, mais en a "
            f"{nombre_court(faites)} dans le fichier des tentatives.",
            ligne=int(ligne),
            colonne="tentatives",
            remede="corriger le nombre, ou compléter les tentatives.",
        )
