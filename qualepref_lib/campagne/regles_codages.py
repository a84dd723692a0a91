"""Who noted a mystery test: one tester, or two who say so, each told by a pseudonym."""

from __future__ import annotations

import re
from dataclasses import replace

import pandas as pd

from qualepref_lib.campagne.contexte import Contexte, unique
from qualepref_lib.core.francais import enumeration
from qualepref_lib.core.refus import extrait

TESTS_MONTRES = 10
DOUBLE = "double"
PSEUDONYME = re.compile(r"[A-Za-zÀ-ÿ]{1,3}|[A-Za-zÀ-ÿ]{0,10}[ ._-]?\d{1,6}")
"""What a tester may be called: ``T3``, ``testeur 12``, ``AB``; anything longer may be a name."""


def premier_codage(c: Contexte) -> pd.Series:
    """The rows of the first coding; one whose coding could not be read is of none."""
    return (c.cadre["codage"] != DOUBLE) & ~c.refusees("codage")


def signaler_par_test(
    c: Contexte, masque: pd.Series, colonne: str, constat: str, remede: str
) -> None:
    """One problem a test for the rows of ``masque``; ``{test}`` in ``constat`` is its number."""
    fautives = c.cadre["test"][masque & c.cadre["test"].notna()]
    tests = fautives.unique()
    c.releve.taire(c.nom, colonne, max(0, len(tests) - TESTS_MONTRES))
    for test in tests[:TESTS_MONTRES]:
        lignes = [int(ligne) for ligne in fautives.index[fautives == test]]
        c.releve.signaler(
            c.nom,
            constat.format(test=extrait(test)),
            ligne=lignes[0],
            autres=tuple(lignes[1:]),
            colonne=colonne,
            remede=remede,
        )


def un_seul_testeur(c: Contexte) -> None:
    """Two testers on one test are a double coding, and say so; else each row is written once."""
    premier = c.cadre[premier_codage(c)].dropna(subset=["test", "testeur"])
    testeurs = premier.groupby("test")["testeur"].unique()
    plusieurs = testeurs[testeurs.map(len) > 1]
    c.releve.taire(c.nom, "testeur", max(0, len(plusieurs) - TESTS_MONTRES))
    for test, noms in plusieurs.iloc[:TESTS_MONTRES].items():
        c.signaler(
            (c.cadre["test"] == test) & c.cadre["testeur"].isin(noms[1:]) & premier_codage(c),
            "testeur",
            f"le test « {extrait(test)} » a plusieurs testeurs "
            f"({enumeration([extrait(nom) for nom in noms])}) sans codage double.",
            "écrire « double » dans la colonne codage des lignes du second testeur, ou donner un "
            "autre numéro à son test.",
        )
    sans_codeur = (c.cadre["codage"] == DOUBLE) & c.cadre["testeur"].isna()
    dites = c.cadre["test"].isin(plusieurs.index) | c.refusees("codage") | sans_codeur
    codeurs = c.cadre["testeur"].where(c.cadre["codage"] == DOUBLE, "").fillna("")
    seules = c.cadre.assign(codeur=codeurs)[~dites]
    brutes = c.brut[~dites.to_numpy()]
    unique("test", "observation", "codeur")(replace(c, cadre=seules, brut=brutes))


def codage_double(c: Contexte) -> None:
    """A double coding is that of another tester, beside the first one, and both are named."""
    cadre, premier = c.cadre, premier_codage(c)
    double = cadre["codage"] == DOUBLE
    premiers = cadre[premier].groupby("test")["testeur"].first()
    signaler_par_test(
        c,
        double & ~cadre["test"].isin(premiers.index),
        "codage",
        "le test « {test} » a un codage double, mais pas de premier codage.",
        "ajouter les lignes du premier testeur, ou vider la colonne codage.",
    )
    signaler_par_test(
        c,
        double & cadre["testeur"].notna() & (cadre["testeur"] == cadre["test"].map(premiers)),
        "testeur",
        "le codage double du test « {test} » est du même testeur que le premier.",
        "écrire le pseudonyme du second testeur, ou retirer ces lignes.",
    )
    signaler_par_test(
        c,
        cadre["test"].isin(cadre.loc[double, "test"].unique()) & c.vides("testeur"),
        "testeur",
        "le test « {test} » est noté en double, mais on ne sait pas par qui.",
        "écrire le pseudonyme du testeur sur chacune de ces lignes.",
    )


def pseudonymes(c: Contexte) -> None:
    """A tester is told by a pseudonym; what may be a name is never printed."""
    noms = c.cadre["testeur"].dropna().unique()
    douteux = [nom for nom in noms if not PSEUDONYME.fullmatch(nom)]
    c.remarquer(
        c.cadre["testeur"].isin(douteux),
        "testeur",
        "ce testeur semble nommé : un pseudonyme (T1, T2…) est attendu, et le rapport n’écrira que "
        "« testeur n° 1 », 2, 3…",
    )
