"""The register of mail on a given day: each letter with its due days, its delay and its states.

The register is told as it was known on the day: what was received later does not exist yet, what
was answered later is not answered yet.
"""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

from qualepref_lib.campagne import Campagne
from qualepref_lib.registres.delais import ECHUS, count_jours, find_delais, states_of
from qualepref_lib.registres.semaines import mondays_of

SOURCE = "courriers"
REPONDU = "repondu"
"""The closing reason that comes with an answer; any other closes a letter without one."""
PROCHE = 2
"""A letter due within this many business days is told before it is late."""
ECHEANCE = (
    "échéance = date de réception + délai fixé à cette date pour le canal et la nature, en jours "
    "ouvrés du site (ou en jours calendaires si la règle le dit), le jour de réception comptant "
    "pour zéro"
)
"""When a letter is due, in the words of a formula."""
HORS_BASE = (
    "hors de la base et comptés dans les états des envois : les envois sans réponse dont "
    "l’échéance n’est pas passée, les envois clos sans réponse, ceux pour lesquels aucun délai "
    "n’est fixé"
)
"""The letters that no kept-delay rate is out of."""
TENUS = (
    "taux = envois répondus au plus tard à l’échéance ÷ (envois répondus + envois sans réponse "
    "dont l’échéance est passée)"
)
"""The kept-delay rate (rules 3.6)."""
FORMULE_TENUS = f"{TENUS} ; {ECHEANCE} ; {HORS_BASE}"
"""The whole of it, as printed beside the rates."""


def suivre(campagne: Campagne, jour: dt.date | None = None) -> pd.DataFrame:
    """The letters received by ``jour`` (the reference date by default); index = line of the file.

    To the columns of the file, where an acknowledgement or an answer later than ``jour`` is NaT,
    it adds:

    - ``echeance``, ``echeance_accuse``: last days on time, datetime64 (NaT: no rule);
    - ``delai_fixe``, ``delai_fixe_accuse``: the delays they come from, in words (empty: no rule);
    - ``delai``: business days from reception to the answer, to ``jour`` while open; float, NaN when
      closed without an answer;
    - ``ouvert``: neither answered nor closed by ``jour``, bool;
    - ``etat``, ``etat_accuse``: keys of :data:`~qualepref_lib.registres.delais.ETATS`. An answer
      given before any acknowledgement is the acknowledgement.

    A closing without an answer has no date of its own: it holds on any day. Raises KeyError when
    the campaign has no register of mail. Rules 3.6.
    """
    le_jour = pd.Timestamp(jour or campagne.fiche.date_reference)
    cadre = campagne.tables[SOURCE].cadre
    cadre = cadre[cadre["date_reception"] <= le_jour].copy()
    clos = _clos_sans_reponse(cadre)
    for colonne in ("date_accuse", "date_reponse"):
        cadre[colonne] = cadre[colonne].where(cadre[colonne] <= le_jour)
    recus, reponses = cadre["date_reception"], cadre["date_reponse"]
    accuses = cadre[["date_accuse", "date_reponse"]].min(axis=1)
    for objet, suffixe, faits in (("reponse", "", reponses), ("accuse", "_accuse", accuses)):
        dus = find_delais(campagne, objet, recus, canal=cadre["canal"], nature=cadre["nature"])
        cadre[f"echeance{suffixe}"] = dus["echeance"]
        cadre[f"delai_fixe{suffixe}"] = dus["delai"]
        cadre[f"etat{suffixe}"] = states_of(faits, dus["echeance"], clos, le_jour)
    cadre["ouvert"] = reponses.isna() & ~clos
    cadre["delai"] = count_jours(campagne, recus, reponses.fillna(le_jour)).where(~clos)
    return cadre


def select_semaines_echues(envois: pd.DataFrame, jour: dt.date) -> pd.DataFrame:
    """The letters answered or past due of the weeks whose letters are all past due on ``jour``.

    ``envois`` are followed on that same day; ``lundi`` is added, the Monday of their reception. Of
    a younger week only the quick answers are known: its rate would be a high one for no reason.
    """
    lundis = mondays_of(envois["date_reception"])
    dernieres = envois["echeance"].groupby(lundis).transform("max")
    juges = (dernieres < pd.Timestamp(jour)) & envois["etat"].isin(ECHUS)
    return envois.assign(lundi=lundis)[juges]


def select_a_traiter(campagne: Campagne, envois: pd.DataFrame, jour: dt.date) -> pd.DataFrame:
    """The letters to deal with on ``jour``, the day on which ``envois`` are followed, in order.

    ``rang`` is added: 0 late, the most late first; 1 due within two business days; 2 neither, but
    its acknowledgement is past due. So are ``retard`` and ``reste``, the business days since and
    until the due day of the answer (float, NaN without a rule).
    """
    jours = pd.Series(pd.Timestamp(jour), index=envois.index)
    retard = count_jours(campagne, envois["echeance"], jours)
    reste = count_jours(campagne, jours, envois["echeance"])
    proche = (envois["etat"] == "en_cours") & (reste <= PROCHE)
    situations = [envois["etat"] == "en_retard", proche, envois["etat_accuse"] == "en_retard"]
    rang = np.select(situations, range(len(situations)), len(situations))
    attendu = envois["echeance"].where(rang < 2, envois["echeance_accuse"])
    cadre = envois.assign(rang=rang, retard=retard, reste=reste, attendu=attendu)
    cadre = cadre[rang < len(situations)]
    return cadre.sort_values(["rang", "attendu", "date_reception"], kind="stable")


def _clos_sans_reponse(cadre: pd.DataFrame) -> pd.Series:
    fermes = cadre["cloture"].notna() & (cadre["cloture"] != REPONDU)
    return fermes & cadre["date_reponse"].isna()
