"""What the rows of ``mystere.csv`` must respect: one test, its grid, its outcome, its answers.

A *problem* is a row that contradicts itself or its test: no honest figure can be made of it. A
*remark* is a row that the person should look at again. The rules of ``mystere_tentatives.csv`` are
in :mod:`~qualepref_lib.campagne.regles_tentatives`, those on who noted in
:mod:`~qualepref_lib.campagne.regles_codages`.
"""

from __future__ import annotations

import pandas as pd

from qualepref_lib.campagne.contexte import Contexte, Regle
from qualepref_lib.campagne.regles_codages import (
    codage_double,
    premier_codage,
    pseudonymes,
    signaler_par_test,
    un_seul_testeur,
)
from qualepref_lib.campagne.regles_communes import a_venir, annee_douteuse, connues
from qualepref_lib.campagne.regles_tentatives import REGLES_TENTATIVES, check_tentatives
from qualepref_lib.campagne.tables import REPONSES_MYSTERE
from qualepref_lib.core.refus import extrait, sans_accent
from qualepref_lib.formats.texte import INACHEVE

__all__ = ["REGLES", "REGLES_TENTATIVES", "check_tentatives"]

_DU_TEST = ("vague", "grille", "date", "abouti")
"""What every row of a test tells alike, whoever noted it."""
_DU_PREMIER_CODAGE = ("service", "heure", "creneau", "profil", "tentatives", "date_reponse")
"""What the rows of the first coding tell alike; a cell may be left empty."""


def _test_complet(c: Contexte) -> None:
    """A reached test answers its whole grid; the last of a file cut off mid-line does not."""
    tailles = {g.code: len(g.observations) for g in c.referentiel.grilles}
    aboutis = c.cadre[
        (c.cadre["abouti"] == "oui") & ~c.refusees("observation", "grille") & premier_codage(c)
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
    premier = premier_codage(c)
    for colonne in (*_DU_TEST, *_DU_PREMIER_CODAGE):
        valeurs = c.cadre[colonne]
        valeurs = valeurs if colonne in _DU_TEST else valeurs.where(premier)
        premieres = valeurs.groupby(c.cadre["test"]).transform("first")
        signaler_par_test(
            c,
            valeurs.notna() & premieres.notna() & (valeurs != premieres),
            colonne,
            "le test « {test} » n’a pas la même valeur sur toutes ses lignes.",
            "écrire la même valeur, ou donner un autre numéro au test.",
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
    un_seul_testeur,
    codage_double,
    _test_coherent,
    _observation_de_la_grille,
    _reponse_ou_valeur,
    _date_de_reponse,
    _vague_declaree,
    connues("date"),
    a_venir("date_reponse", "date de réponse"),
    annee_douteuse("date", "date_reponse"),
    pseudonymes,
    _test_complet,
)
