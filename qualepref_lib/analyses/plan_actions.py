"""The action plan: what is done, what is late, which channel it touches.

Progress of an action changes no rate by itself: only re-rated criteria do (rules 3.7).
"""

from __future__ import annotations

import datetime as dt

import pandas as pd

from qualepref_lib.campagne import Campagne, new_bilan
from qualepref_lib.campagne.regles_plan import OUVERTES
from qualepref_lib.campagne.tables import STATUTS_ACTION
from qualepref_lib.core.bilan import Bilan, Ligne
from qualepref_lib.core.mesures import Effectif, Periode, Taux
from qualepref_lib.referentiel import GENERAL

SOURCE = "plan_actions"


def measure_avancement(campagne: Campagne) -> Bilan:
    """Done, late and open actions, out of the actions kept in the plan."""
    lignes: list[Ligne] = []
    if SOURCE in campagne.tables:
        cadre = campagne.tables[SOURCE].cadre
        retenues = cadre[cadre["statut"] != "abandonne"]
        parts = {
            "faites": ("Actions faites", retenues["statut"] == "fait"),
            "en_cours": ("Actions en cours", retenues["statut"] == "en_cours"),
            "a_faire": ("Actions à faire", retenues["statut"] == "a_faire"),
            "en_retard": ("Actions en retard", _en_retard(retenues, campagne)),
        }
        for code, (libelle, masque) in parts.items():
            rangs = tuple(int(i) for i in retenues.index[masque])
            lignes.append(Ligne(code, libelle, Taux(len(rangs), len(retenues)), rangs))
    return _bilan(
        campagne,
        "plan.avancement",
        "Avancement du plan d’actions",
        "État",
        "part = actions dans cet état ÷ actions du plan, hors abandonnées ; en retard = ouverte et "
        "échue avant la date de référence",
        lignes,
    )


def measure_actions(campagne: Campagne, en_retard: bool = False) -> Bilan:
    """Each action with its period and state; only the late ones when asked."""
    lignes = []
    if SOURCE in campagne.tables:
        cadre = campagne.tables[SOURCE].cadre
        retard = _en_retard(cadre, campagne)
        for numero, action in cadre[retard].iterrows() if en_retard else cadre.iterrows():
            lignes.append(_ligne_action(int(str(numero)), action, bool(retard[numero])))
    return _bilan(
        campagne,
        "plan.retards" if en_retard else "plan.actions",
        "Actions en retard" if en_retard else "Actions du plan",
        "Action",
        "en retard = ouverte et échue avant la date de référence",
        lignes,
        _dates_d_audit(campagne),
    )


def measure_actions_par_canal(campagne: Campagne) -> Bilan:
    """How many actions of the plan touch each channel."""
    lignes = []
    if SOURCE in campagne.tables:
        cadre = campagne.tables[SOURCE].cadre
        retenues = cadre[cadre["statut"] != "abandonne"]
        for canal in campagne.referentiel.canaux:
            if canal.code == GENERAL:
                continue
            touche = retenues["canaux"].map(lambda c, code=canal.code: code in c)
            rangs = tuple(int(i) for i in retenues.index[touche])
            lignes.append(Ligne(canal.code, canal.libelle, Effectif(len(rangs), "action"), rangs))
    return _bilan(
        campagne,
        "plan.canaux",
        "Actions du plan par canal",
        "Canal",
        "nombre d’actions non abandonnées qui citent le canal ; une action peut en citer plusieurs",
        lignes,
    )


def _en_retard(actions: pd.DataFrame, campagne: Campagne) -> pd.Series:
    jour = pd.Timestamp(campagne.fiche.date_reference)
    return actions["statut"].isin(OUVERTES) & (actions["echeance"] < jour)


def _ligne_action(numero: int, action: pd.Series, en_retard: bool) -> Ligne:
    return Ligne(
        code=_code(str(action["code"])),
        libelle=f"{action['code']} {action['libelle']}",
        mesure=Periode(
            debut=None if pd.isna(action["debut"]) else action["debut"].date(),
            fin=None if pd.isna(action["echeance"]) else action["echeance"].date(),
            avancement=None if pd.isna(action["avancement"]) else float(action["avancement"]) / 100,
        ),
        lignes=(numero,),
        groupe=str(action["responsable"] or "responsable à désigner"),
        statut="en retard" if en_retard else STATUTS_ACTION[action["statut"]],
    )


def _code(code: str) -> str:
    return "".join(c if c.isascii() and c.isalnum() else "-" for c in code.lower())


def _dates_d_audit(campagne: Campagne) -> tuple[tuple[dt.date, str], ...]:
    """The audits and the label, past or to come: what every due date is read against."""
    dates = [e for e in campagne.fiche.calendrier if e.genre == "audit" or e.code == "label"]
    return tuple((e.debut, e.libelle) for e in sorted(dates, key=lambda e: e.debut))


def _bilan(
    campagne: Campagne,
    code: str,
    titre: str,
    entete: str,
    formule: str,
    lignes: list[Ligne],
    dates: tuple[tuple[dt.date, str], ...] = (),
) -> Bilan:
    return new_bilan(
        campagne,
        SOURCE,
        code=code,
        titre=titre,
        entete=entete,
        entete_groupe="Responsable" if entete == "Action" else "",
        entetes_taux=("Actions", "Sur", "Part"),
        unite="action",
        formule=formule,
        dates=dates,
        lignes=lignes,
    )
