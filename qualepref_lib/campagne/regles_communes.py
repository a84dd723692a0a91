"""Rules that several registers share: a number used once, dates that fit the period and the day.

A *problem* is a row that contradicts itself or its file: no honest figure can be made of it. A
*remark* is a row that is counted, or not counted yet, and that the person should look at again.
"""

from __future__ import annotations

import pandas as pd

from qualepref_lib.campagne.contexte import Contexte, Regle
from qualepref_lib.core.refus import extrait

ANNEES_MAX = 3
"""Beyond this many years between two dates of one row, a year was mistyped more often than not."""


def repetes(colonne: str, quand: str, *autour: str, annees: bool = False) -> Regle:
    """``colonne`` is not repeated within the columns ``autour``; ``quand`` says it in French.

    With ``annees``, a date among ``autour`` counts as its year.
    """

    def regle(c: Contexte) -> None:
        cles = cles_de(c, colonne, *autour, annees=annees)
        repetees = cles[cles.duplicated(keep=False)]
        premieres = repetees.reset_index().groupby(list(cles))["ligne"].transform("first")
        for ligne, valeur, premiere in zip(
            repetees.index, repetees[colonne], premieres, strict=True
        ):
            if ligne != premiere:
                c.releve.signaler(
                    c.nom,
                    f"« {extrait(valeur)} » est déjà à la ligne {premiere}, {quand}.",
                    ligne=int(ligne),
                    colonne=colonne,
                    remede="garder une seule de ces lignes, ou corriger le numéro.",
                )

    return regle


def cles_de(c: Contexte, *colonnes: str, annees: bool = False) -> pd.DataFrame:
    """The columns that tell rows apart, without the rows where one of them is not known."""
    cles = c.cadre[list(colonnes)].rename_axis("ligne").dropna()
    for nom in cles.select_dtypes("datetime") if annees else ():
        cles[nom] = cles[nom].dt.year
    return cles


def connues(reception: str) -> Regle:
    """Rows lie within the declared period of their source; later than today they do not count."""

    def regle(c: Contexte) -> None:
        dates, declaration = c.cadre[reception], c.fiche.sources.get(c.source)
        remede = "corriger la date, ou la période de la source dans campagne.yaml."
        if declaration and declaration.debut:
            debut = declaration.debut
            constat = f"la date est avant la période déclarée (début le {debut:%d/%m/%Y})."
            c.signaler(dates < pd.Timestamp(debut), reception, constat, remede)
        if declaration and declaration.fin:
            fin = declaration.fin
            constat = f"la date est après la période déclarée (fin le {fin:%d/%m/%Y})."
            c.signaler(dates > pd.Timestamp(fin), reception, constat, remede)
        jour = c.fiche.date_reference
        c.remarquer(
            dates > pd.Timestamp(jour),
            reception,
            f"date postérieure à la date de référence ({jour:%d/%m/%Y}) : la ligne ne compte pas "
            "encore.",
        )

    return regle


def a_venir(colonne: str, quoi: str) -> Regle:
    """What is dated after the reference date is not done yet on that day."""

    def regle(c: Contexte) -> None:
        jour = c.fiche.date_reference
        c.remarquer(
            c.cadre[colonne] > pd.Timestamp(jour),
            colonne,
            f"{quoi} postérieure à la date de référence ({jour:%d/%m/%Y}) : elle ne compte pas "
            "encore.",
        )

    return regle


def annee_douteuse(avant: str, apres: str) -> Regle:
    """More than three years between the two dates of a row: is the year right?"""

    def regle(c: Contexte) -> None:
        limite = c.cadre[avant] + pd.DateOffset(years=ANNEES_MAX)
        c.remarquer(
            c.cadre[apres] > limite,
            apres,
            f"plus de {ANNEES_MAX} ans après la colonne « {avant} » : l’année est-elle juste ?",
        )

    return regle
