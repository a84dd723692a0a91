"""When each row of a register is due: the dated delays of the référentiel on the site's calendar.

A rule is looked up once for each distinct kind of rows and period, never row by row.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Hashable, Iterable

import numpy as np
import pandas as pd

from qualepref_lib.campagne import Campagne
from qualepref_lib.core.francais import pluriel
from qualepref_lib.core.jours import Jours
from qualepref_lib.referentiel import Delai, Registres

ETATS = {
    "tenu": "répondu dans le délai",
    "hors_delai": "répondu hors délai",
    "en_retard": "en retard, sans réponse",
    "en_cours": "en cours, délai non échu",
    "clos": "clos sans réponse",
    "sans_regle": "sans délai fixé",
}
"""The states of a row on a day, and their names; each row is in one of them, and only one."""

ECHUS = ("tenu", "hors_delai", "en_retard")
"""The states that a kept-delay rate is out of: answered, or unanswered past due (rules 3.6)."""


def find_delais(
    campagne: Campagne, objet: str, departs: pd.Series, **genres: pd.Series
) -> pd.DataFrame:
    """The last day on time of each row (``echeance``), and the delay it is made of in words
    (``delai``: « 15 jours ouvrés »); NaT and empty where no rule speaks of the row.

    ``departs`` are the days on which the count starts (datetime64), ``genres`` the columns that
    choose the rule (``canal``, ``nature``, ``titre``), all of the same index. The delay is the one
    in force on the day of departure; business days are those of the site (rules 3.6).
    """
    jours = departs.to_numpy().astype("datetime64[D]")
    regles, rangs = _regles(campagne.referentiel.registres, objet, jours, genres)
    durees = np.array([regle.jours if regle else 0 for regle in regles], "int64")[rangs]
    ouvres = np.array([regle.ouvres if regle else True for regle in regles], bool)[rangs]
    textes = np.array([_texte(regle) for regle in regles], object)[rangs]
    dues = campagne.fiche.site.jours_ouvres.echeances(jours, durees)
    dues = np.where(ouvres, dues, jours + durees)
    dues = np.where(durees > 0, dues, np.datetime64("NaT", "D"))
    colonnes = {"echeance": dues.astype("datetime64[us]"), "delai": textes}
    return pd.DataFrame(colonnes, index=departs.index)


def states_of(
    faits: pd.Series, echeances: pd.Series, clos: pd.Series, jour: pd.Timestamp
) -> pd.Series:
    """The state (a key of :data:`ETATS`) of each row on ``jour``.

    ``faits`` are the days on which it was answered (NaT: not by ``jour``), ``clos`` says which rows
    were closed without an answer. Due on the day itself is not late yet.
    """
    fait = faits.notna()
    conditions = {
        "clos": clos & ~fait,
        "sans_regle": echeances.isna(),
        "tenu": fait & (faits <= echeances),
        "hors_delai": fait,
        "en_retard": echeances < jour,
    }
    etats = np.select(list(conditions.values()), list(conditions), "en_cours")
    return pd.Series(etats, index=faits.index, dtype=object)


def count_jours(campagne: Campagne, debuts: pd.Series, fins: pd.Series) -> pd.Series:
    """The business days of the site from each ``debut`` to its ``fin``; float, NaN where missing.

    The first day counts for zero (rules 3.6).
    """
    jours = [serie.to_numpy().astype("datetime64[D]") for serie in (debuts, fins)]
    return pd.Series(campagne.fiche.site.jours_ouvres.compter(*jours), index=debuts.index)


def text_delai(delais: Iterable[str]) -> str:
    """What a group of rows is held to: its delay when it has only one.

    >>> text_delai(["5 jours ouvrés", "5 jours ouvrés"]), text_delai(["5 jours", "8 jours"])
    ('5 jours ouvrés au plus', 'délai propre à chacun')
    """
    connus = {delai for delai in delais if delai}
    if not connus:
        return ""
    return f"{connus.pop()} au plus" if len(connus) == 1 else "délai propre à chacun"


def _regles(
    registres: Registres, objet: str, jours: Jours, genres: dict[str, pd.Series]
) -> tuple[list[Delai | None], np.ndarray]:
    """The distinct rules, and the rank among them of each row's."""
    debuts = sorted({d.depuis for r in registres.delais if r.objet == objet for d in r.delais})
    periodes = np.searchsorted(np.array(debuts, "datetime64[D]"), jours, side="right")
    colonnes = {nom: serie.to_numpy() for nom, serie in genres.items()}
    cles = pd.DataFrame({**colonnes, "periode": periodes})
    rangs = cles.groupby(list(cles), sort=False, dropna=False).ngroup().to_numpy()
    distinctes = cles.drop_duplicates().to_dict("records")  # in the order of the group numbers
    return [_regle(registres, objet, debuts, dict(cle)) for cle in distinctes], rangs


def _regle(
    registres: Registres, objet: str, debuts: list[dt.date], cle: dict[Hashable, object]
) -> Delai | None:
    """The rule of one kind of rows: the same all along a period between two dated values."""
    periode = int(str(cle.pop("periode")))
    if not periode:
        return None
    genres = {str(nom): str(valeur) for nom, valeur in cle.items()}
    return registres.delai(debuts[periode - 1], objet, **genres)


def _texte(regle: Delai | None) -> str:
    if regle is None:
        return ""
    return pluriel(regle.jours, *(("jour ouvré", "jours ouvrés") if regle.ouvres else ("jour",)))
