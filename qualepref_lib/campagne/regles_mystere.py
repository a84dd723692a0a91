"""What the rows of ``mystere.csv`` must respect: one test, its grid, its outcome, its answers.

A *problem* is a row that contradicts itself or its test: no honest figure can be made of it. A
*remark* is a row that the person should look at again. The rules of ``mystere_tentatives.csv`` are
in :mod:`~qualepref_lib.campagne.regles_tentatives`.
"""

from __future__ import annotations

import re
from dataclasses import replace

import pandas as pd

from qualepref_lib.campagne.contexte import Contexte, Regle, unique
from qualepref_lib.campagne.regles_communes import a_venir, annee_douteuse, connues
from qualepref_lib.campagne.regles_tentatives import REGLES_TENTATIVES, check_tentatives
from qualepref_lib.campagne.tables import REPONSES_MYSTERE
from qualepref_lib.core.francais import enumeration
from qualepref_lib.core.refus import extrait, sans_accent
from qualepref_lib.formats.texte import INACHEVE

__all__ = ["PSEUDONYME", "REGLES", "REGLES_TENTATIVES", "check_tentatives"]

TESTS_MONTRES = 10
DOUBLE = "double"
PSEUDONYME = re.compile(r"[A-Za-zÀ-ÿ]{1,3}|[A-Za-zÀ-ÿ]{0,10}[ ._-]?\d{1,6}")
"""What a tester may be called: ``T3``, ``testeur 12``, ``AB``; anything longer may be a name."""

_DU_TEST = ("vague", "grille", "date", "abouti")
"""What every row of a test tells alike, whoever noted it."""
_DU_PREMIER_CODAGE = ("service", "heure", "creneau", "profil", "tentatives", "date_reponse")
"""What the rows of the first coding tell alike; a cell may be left empty."""


def _premier_codage(c: Contexte) -> pd.Series:
    """The rows of the first coding; one whose coding could not be read is of none."""
    return (c.cadre["codage"] != DOUBLE) & ~c.refusees("codage")


def _par_test(c: Contexte, masque: pd.Series, colonne: str, constat: str, remede: str) -> None:
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


def _test_complet(c: Contexte) -> None:
    """A reached test answers its whole grid; the last of a file cut off mid-line does not."""
    tailles = {g.code: len(g.observations) for g in c.referentiel.grilles}
    aboutis = c.cadre[
        (c.cadre["abouti"] == "oui") & ~c.refusees("observation", "grille") & _premier_codage(c)
    ]
    par_test = aboutis.groupby("test")
    lacunes = par_test["grille"].first().map(tailles) > par_test["observation"].nunique()
    incomplets = set(lacunes.index[lacunes])
    if c.brut.attrs.get(INACHEVE) and c.cadre["test"].iloc[-1] in incomplets:
        c.releve.signaler(
            c.nom,
            f"le fichier finit au milieu d’une ligne et le test « "
            f"{extrait(c.cadre['test'].iloc[-1])} » est incomplet : il est sans doute tronqué.",
            ligne=int(c.cadre.index[-1]),
            remede="exporter à nouveau le fichier entier.",
        )
    elif incomplets and not c.releve.problemes:
        premieres = aboutis[aboutis["test"].isin(incomplets)].drop_duplicates("test")
        c.remarquer(
            c.cadre.index.to_series().isin(premieres.index),
            "observation",
            "le test n’a pas toutes les observations de sa grille.",
        )


def _observation_de_la_grille(c: Contexte) -> None:
    """An observation belongs to the grid of its row; a reached test says something."""
    grille_de = {o.code: g.code for g in c.referentiel.grilles for o in g.observations}
    cadre = c.cadre
    attendues = cadre["observation"].map(grille_de)
    fausses = cadre["grille"].notna() & attendues.notna() & (attendues != cadre["grille"])
    for grille in cadre.loc[fausses, "grille"].unique():
        c.signaler(
            fausses & (cadre["grille"] == grille),
            "observation",
            f"l’observation n’est pas de la grille « {grille} » que dit la ligne.",
            "corriger la grille ou l’observation.",
        )
    c.signaler(
        (cadre["abouti"] == "oui") & c.vides("observation"),
        "observation",
        "test abouti sans observation.",
        "écrire ce qui a été observé, ou « non » dans la colonne abouti.",
    )
    c.signaler(
        (cadre["abouti"] == "non") & cadre["observation"].notna(),
        "observation",
        "observation sur un test qui n’a pas abouti.",
        "vider l’observation, ou écrire « oui » dans la colonne abouti.",
    )


def _test_coherent(c: Contexte) -> None:
    """All the rows of one test tell the same grid, day and outcome."""
    premier = _premier_codage(c)
    for colonne in (*_DU_TEST, *_DU_PREMIER_CODAGE):
        valeurs = c.cadre[colonne]
        valeurs = valeurs if colonne in _DU_TEST else valeurs.where(premier)
        premieres = valeurs.groupby(c.cadre["test"]).transform("first")
        _par_test(
            c,
            valeurs.notna() & premieres.notna() & (valeurs != premieres),
            colonne,
            "le test « {test} » n’a pas la même valeur sur toutes ses lignes.",
            "écrire la même valeur, ou donner un autre numéro au test.",
        )


def _un_seul_testeur(c: Contexte) -> None:
    """Two testers on one test are a double coding, and say so; else each row is written once."""
    premier = c.cadre[_premier_codage(c)].dropna(subset=["test", "testeur"])
    testeurs = premier.groupby("test")["testeur"].unique()
    plusieurs = testeurs[testeurs.map(len) > 1]
    c.releve.taire(c.nom, "testeur", max(0, len(plusieurs) - TESTS_MONTRES))
    for test, noms in plusieurs.iloc[:TESTS_MONTRES].items():
        c.signaler(
            (c.cadre["test"] == test) & c.cadre["testeur"].isin(noms[1:]) & _premier_codage(c),
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


def _codage_double(c: Contexte) -> None:
    """A double coding is that of another tester, beside the first one, and both are named."""
    cadre, premier = c.cadre, _premier_codage(c)
    double = cadre["codage"] == DOUBLE
    premiers = cadre[premier].groupby("test")["testeur"].first()
    _par_test(
        c,
        double & ~cadre["test"].isin(premiers.index),
        "codage",
        "le test « {test} » a un codage double, mais pas de premier codage.",
        "ajouter les lignes du premier testeur, ou vider la colonne codage.",
    )
    _par_test(
        c,
        double & cadre["testeur"].notna() & (cadre["testeur"] == cadre["test"].map(premiers)),
        "testeur",
        "le codage double du test « {test} » est du même testeur que le premier.",
        "écrire le pseudonyme du second testeur, ou retirer ces lignes.",
    )
    _par_test(
        c,
        cadre["test"].isin(cadre.loc[double, "test"].unique()) & c.vides("testeur"),
        "testeur",
        "le test « {test} » est noté en double, mais on ne sait pas par qui.",
        "écrire le pseudonyme du testeur sur chacune de ces lignes.",
    )


def _reponse_ou_valeur(c: Contexte) -> None:
    """A criterion has an answer; a measure has a value, or the day of the reply to compute it."""
    observations = c.referentiel.observations
    genres = c.cadre["observation"].map({code: o.genre for code, o in observations.items()})
    choix = ", ".join(REPONSES_MYSTERE.values())
    c.signaler(
        (genres == "critere") & c.vides("reponse"),
        "reponse",
        "un critère observé attend une réponse.",
        f"écrire l’une des réponses : {choix}.",
    )
    calcul = _se_calcule(c)
    manquantes = (genres == "mesure") & c.vides("valeur") & (c.cadre["reponse"] != "sans_objet")
    c.signaler(
        manquantes & ~calcul,
        "valeur",
        "une mesure attend un nombre.",
        "écrire la mesure, ou « sans objet » dans la colonne reponse.",
    )
    datees = _reponse_du_test(c).notna() | c.refusees("date_reponse")
    c.signaler(
        manquantes & calcul & ~datees,
        "valeur",
        "un délai de réponse attend un nombre, ou la date de la réponse.",
        "écrire la date dans la colonne date_reponse, ou « sans objet » dans la colonne reponse si "
        "aucune réponse n’est venue.",
    )


def _date_de_reponse(c: Contexte) -> None:
    """A reply follows its request, on a channel that has replies; a delay is that of its dates."""
    cadre, reponses = c.cadre, c.cadre["date_reponse"]
    c.signaler(
        reponses < cadre["date"],
        "date_reponse",
        "la réponse précède la demande.",
        "corriger l’une des deux dates.",
    )
    ecrites = [g.code for g in c.referentiel.grilles if any(map(_en_jours, g.observations))]
    c.remarquer(
        reponses.notna() & cadre["grille"].notna() & ~cadre["grille"].isin(ecrites),
        "date_reponse",
        "date de réponse sur une grille sans délai de réponse en jours : elle n’est pas lue.",
    )
    datee, calcul = _reponse_du_test(c), _se_calcule(c)
    c.remarquer(
        calcul & datee.notna() & (cadre["reponse"] == "sans_objet"),
        "reponse",
        "délai « sans objet » alors que la réponse est datée : il n’est pas calculé.",
    )
    jours = [
        serie.where(calcul).to_numpy().astype("datetime64[D]") for serie in (cadre["date"], datee)
    ]
    comptes = c.fiche.site.jours_ouvres.compter(*jours)  # NaN where there is nothing to compare
    ecrits = calcul & cadre["valeur"].notna() & (datee >= cadre["date"])
    c.remarquer(
        ecrits & (cadre["valeur"] != comptes),
        "valeur",
        "le délai écrit n’est pas le nombre de jours ouvrés entre la demande et la réponse : c’est "
        "lui qui est lu.",
    )


def _vague_declaree(c: Contexte) -> None:
    """Where waves are declared, a test is of one of them, and within its days."""
    cadre = c.cadre
    codes = [vague.code for vague in c.fiche.vagues]
    if codes:
        c.remarquer(
            cadre["vague"].notna() & ~cadre["vague"].isin(codes),
            "vague",
            "vague qui n’est pas déclarée dans campagne.yaml.",
        )
    for vague in c.fiche.vagues:
        debut, fin = pd.Timestamp(vague.debut), pd.Timestamp(vague.fin)
        dehors = cadre["date"].notna() & ~cadre["date"].between(debut, fin)
        c.signaler(
            dehors & (cadre["vague"] == vague.code),
            "date",
            f"la date est hors de la vague « {extrait(vague.libelle)} » (du {vague.debut:%d/%m/%Y} "
            f"au {vague.fin:%d/%m/%Y}).",
            "corriger la date ou la vague, ou les jours de la vague dans campagne.yaml.",
        )


def _pseudonymes(c: Contexte) -> None:
    """A tester is told by a pseudonym; what may be a name is never printed."""
    noms = c.cadre["testeur"].dropna().unique()
    douteux = [nom for nom in noms if not PSEUDONYME.fullmatch(nom)]
    c.remarquer(
        c.cadre["testeur"].isin(douteux),
        "testeur",
        "ce testeur semble nommé : un pseudonyme (T1, T2…) est attendu, et le rapport n’écrira que "
        "« testeur n° 1 », 2, 3…",
    )


def _en_jours(observation: object) -> bool:
    """Whether an observation is a delay of reply: computed from dates, or counted in days."""
    unite = sans_accent(getattr(observation, "unite", ""))
    return getattr(observation, "calcul", "") == "delai_ouvre" or unite.startswith("jour")


def _se_calcule(c: Contexte) -> pd.Series:
    codes = [k for k, o in c.referentiel.observations.items() if o.calcul == "delai_ouvre"]
    return c.cadre["observation"].isin(codes)


def _reponse_du_test(c: Contexte) -> pd.Series:
    """The day of the reply, wherever it stands among the rows of the test."""
    return c.cadre["date_reponse"].groupby(c.cadre["test"]).transform("first")


REGLES: tuple[Regle, ...] = (
    _un_seul_testeur,
    _codage_double,
    _test_coherent,
    _observation_de_la_grille,
    _reponse_ou_valeur,
    _date_de_reponse,
    _vague_declaree,
    connues("date"),
    a_venir("date_reponse", "date de réponse"),
    annee_douteuse("date", "date_reponse"),
    _pseudonymes,
    _test_complet,
)
