"""Where the plan leads: the rate at each audit date if the actions are done when they are due.

An action done changes no rate by itself: only re-rated criteria do. The projection says what the
rates *would* be if the criteria that the actions touch were then rated as kept. Nothing more done,
and everything done, are its two ends (rules 3.7).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from fractions import Fraction

import pandas as pd

from qualepref_lib.campagne import Campagne, new_bilan
from qualepref_lib.campagne.listes import new_liste
from qualepref_lib.core.bilan import Bilan, Ligne, Liste
from qualepref_lib.core.francais import date_courte, enumeration, pluriel
from qualepref_lib.core.mesures import Taux, TriCroise
from qualepref_lib.cotations import (
    DECLARE,
    Axe,
    applicables,
    cible_de,
    cotations_de,
    formule_de,
    grouper,
    numeros,
    points_de,
    taux_de,
)

SOURCE = "plan_actions"
OUVERTES = ("a_faire", "en_cours")
AUJOURDHUI, TENU = "aujourd’hui", "plan tenu en entier"
REGLE = (
    "les critères des actions faites, et des actions ouvertes dues à cette date, passent à leur "
    "meilleure cotation ; une action n’y change rien tant que ses critères ne sont pas recotés"
)


@dataclass(frozen=True)
class _Action:
    """What the projection needs of an action."""

    code: str
    libelle: str
    criteres: frozenset[str]
    echeance: dt.date | None
    ouverte: bool
    ligne: int


def measure_projection(campagne: Campagne, par: Axe = "module") -> Bilan:
    """The rate of each group today, at each audit date, and with the whole plan done."""
    lignes = []
    if not _manque(campagne):
        cotations, actions = cotations_de(campagne), _actions(campagne)
        jours = _jours(campagne)
        projetees = {AUJOURDHUI: cotations} | {
            nom: _projeter(cotations, campagne, _dues(actions, jour)) for nom, jour in jours.items()
        }
        projetees[TENU] = _projeter(cotations, campagne, _dues(actions, dt.date.max))
        groupes = {nom: grouper(cadre, campagne, par) for nom, cadre in projetees.items()}
        for rang, (code, libelle, groupe) in enumerate(groupes[AUJOURDHUI]):
            cases = {n: _ferme(taux_de(g[rang][2], campagne, par)) for n, g in groupes.items()}
            cible = cible_de(campagne, par, code)
            lignes.append(
                Ligne(
                    code,
                    libelle,
                    TriCroise(cases),
                    numeros(groupe),
                    cible=cible.valeur if cible else None,
                )
            )
    return new_bilan(
        campagne,
        SOURCE,
        code=f"projection.{par}",
        titre=f"Taux projeté par {par} si les échéances du plan sont tenues",
        entete={"module": "Module", "canal": "Canal"}.get(par, "Ensemble"),
        unite="critère",
        formule=f"{formule_de(campagne, par)} ; {REGLE}",
        lignes=lignes,
        manque=_manque(campagne),
    )


def measure_gains(campagne: Campagne) -> Bilan:
    """What each open action would win that no other would: the points lost if it alone failed."""
    lignes: list[Ligne] = []
    if not _manque(campagne):
        cotations, actions = cotations_de(campagne), _actions(campagne)
        ouvertes = [a for a in actions if a.ouverte]
        tout = _criteres(actions)
        base = int(applicables(cotations, campagne).sum())
        complet = _points(cotations, campagne, tout)
        for action in ouvertes:
            sans = _criteres(a for a in actions if a is not action)
            gain = complet - _points(cotations, campagne, sans)
            echeance = date_courte(action.echeance) if action.echeance else "sans échéance"
            lignes.append(
                Ligne(_slug(action.code), f"{action.code} {action.libelle}", Taux(gain, base),
                      (action.ligne,), groupe=echeance)
            )  # fmt: skip
        lignes.sort(key=lambda li: (-_gain(li), li.code))
    return new_bilan(
        campagne,
        SOURCE,
        code="projection.gains",
        titre="Ce que chaque action ouverte ferait gagner",
        entete="Action",
        entete_groupe="Échéance",
        entetes_taux=("Points gagnés", "Critères", "Gain de taux"),
        unite="point",
        formule="gain = points de cotation avec toutes les actions − points sans celle-ci, ÷ "
        "critères applicables ; un critère que deux actions touchent n’est gagné par aucune seule",
        lignes=lignes,
        manque=_manque(campagne),
        si_vide="Aucune action ouverte : le plan est fait, ou vide.",
    )


def list_chemin_court(campagne: Campagne) -> Liste:
    """The fewest open actions that bring every module to its target; the earliest due of them.

    When the whole plan would not, it is said, with how far it goes.
    """
    manque = _manque(campagne)
    lignes: list[tuple[str, ...]] = []
    if not manque:
        cotations, actions = cotations_de(campagne), _actions(campagne)
        hors = _hors_d_atteinte(campagne, cotations, actions)
        if campagne.referentiel.edition.agregation != "criteres":
            # A mean of means is no sum of points: the choice below would be wrong.
            lignes = [("non calculé : l’édition fait la moyenne de taux, pas de points", "–", "–")]
        elif hors:
            lignes = [(f"aucun ensemble n’y suffit : {hors}", "–", "–")]
        else:
            choisies = _choisir(campagne, cotations, actions)
            lignes = [_rang(action) for action in choisies]
            lignes = lignes or [("aucune : chaque module a déjà atteint sa cible", "–", "–")]
    return new_liste(
        campagne,
        SOURCE,
        code="projection.chemin",
        titre="Les actions qui suffisent pour que chaque module atteigne sa cible",
        colonnes=("Action", "Échéance", "Critères touchés"),
        lignes=tuple(lignes),
        manque=manque,
    )


def _manque(campagne: Campagne) -> str:
    manques = [m for source in (DECLARE, SOURCE) if (m := campagne.manque(source))]
    return enumeration(manques)


def _actions(campagne: Campagne) -> list[_Action]:
    cadre = campagne.tables[SOURCE].cadre
    return [
        _Action(
            code=rang["code"],
            libelle=rang["libelle"],
            criteres=frozenset(rang["criteres"]),
            echeance=None if pd.isna(rang["echeance"]) else rang["echeance"].date(),
            ouverte=rang["statut"] in OUVERTES,
            ligne=int(ligne),
        )
        for ligne, rang in zip(cadre.index, cadre.to_dict("records"), strict=True)
        if rang["statut"] != "abandonne"
    ]


def _jours(campagne: Campagne) -> dict[str, dt.date]:
    """The audit dates still to come, and the label's, by their label."""
    jour = campagne.fiche.date_reference
    dates = [e for e in campagne.fiche.calendrier if e.genre == "audit" or e.code == "label"]
    return {
        f"{e.libelle} ({date_courte(e.debut)})": e.debut
        for e in sorted(dates, key=lambda e: e.debut)
        if (e.fin or e.debut) >= jour
    }


def _dues(actions: Iterable[_Action], jour: dt.date) -> frozenset[str]:
    """The criteria of the actions that are done, or due by that day."""
    dues = (
        a for a in actions
        if not a.ouverte or jour == dt.date.max or (a.echeance and a.echeance <= jour)
    )  # fmt: skip
    return _criteres(dues)


def _criteres(actions: Iterable[_Action]) -> frozenset[str]:
    return frozenset(c for action in actions for c in action.criteres)


def _projeter(
    cotations: pd.DataFrame, campagne: Campagne, criteres: Collection[str]
) -> pd.DataFrame:
    """The ratings with those criteria rated at their best; what is *sans objet* stays out."""
    points = points_de(campagne)
    meilleure = max(points, key=lambda code: points[code])
    projetees = cotations.copy()
    touches = projetees["critere"].isin(criteres) & applicables(projetees, campagne)
    projetees.loc[touches, "cotation"] = meilleure
    return projetees


def _points(cotations: pd.DataFrame, campagne: Campagne, criteres: Collection[str]) -> Fraction:
    points = points_de(campagne)
    comptes = _projeter(cotations, campagne, criteres)["cotation"].value_counts()
    return sum((points[str(c)] * int(n) for c, n in comptes.items() if c in points), Fraction(0))


def _ferme(taux: Taux) -> Taux:
    """The rate on what is rated: the bounds of open criteria are told with the declared rate."""
    return Taux(taux.favorables, taux.observes)


def _hors_d_atteinte(campagne: Campagne, cotations: pd.DataFrame, actions: list[_Action]) -> str:
    """The modules that even the whole plan leaves under their target, with how far they go.

    A criterion that is still open and that no action touches is counted as missed.
    """
    projetees = _projeter(cotations, campagne, _criteres(actions))
    _, besoins = _gains_par_critere(campagne, projetees)
    restent = []
    for code, libelle, groupe in grouper(projetees, campagne, "module"):
        if besoins.get(code):
            taux = taux_de(groupe, campagne, "module")
            restent.append(f"« {libelle} » irait à {Taux(taux.favorables, taux.total)}")
    return enumeration(restent)


def _choisir(campagne: Campagne, cotations: pd.DataFrame, actions: list[_Action]) -> list[_Action]:
    """The smallest set, by whole-number programming: exact whatever the size of the plan.

    A criterion is won when one of its actions is chosen; each module needs so many points. Among
    sets of one size the earliest due dates win: they weigh less than one action in all.
    """
    import numpy as np
    from scipy.optimize import Bounds, LinearConstraint, milp

    ouvertes = sorted((a for a in actions if a.ouverte), key=lambda a: (_fin(a), a.code))
    deja = _projeter(cotations, campagne, _criteres(a for a in actions if not a.ouverte))
    gains, besoins = _gains_par_critere(campagne, deja)
    criteres = sorted(_criteres(ouvertes) & set(gains))
    n, m = len(ouvertes), len(criteres)
    if not any(besoins.values()):
        return []
    lignes, bas = [], []
    for rang, critere in enumerate(criteres):  # chosen actions − criterion ≥ 0
        lignes.append([float(critere in a.criteres) for a in ouvertes]
                      + [-float(k == rang) for k in range(m)])  # fmt: skip
        bas.append(0.0)
    for module, besoin in besoins.items():
        gagnes = [float(gains[c][1]) if gains[c][0] == module else 0.0 for c in criteres]
        lignes.append([0.0] * n + gagnes)
        bas.append(float(besoin) - 1e-9)
    couts = [1 + rang / (n * n + 1) for rang in range(n)] + [0.0] * m
    contraintes = LinearConstraint(np.array(lignes), lb=np.array(bas))
    trouve = milp(couts, constraints=contraintes, integrality=np.ones(n + m), bounds=Bounds(0, 1))
    return [a for a, pris in zip(ouvertes, trouve.x, strict=False) if pris > 0.5]


def _gains_par_critere(
    campagne: Campagne, cotations: pd.DataFrame
) -> tuple[dict[str, tuple[str, Fraction]], dict[str, Fraction]]:
    """What each criterion would win in its module, and what each module needs."""
    points = points_de(campagne)
    plein = max(points.values())
    gains: dict[str, tuple[str, Fraction]] = {}
    besoins: dict[str, Fraction] = {}
    for code, _, groupe in grouper(cotations, campagne, "module"):
        retenus = groupe[applicables(groupe, campagne)]
        valeurs = [points.get(c, Fraction(0)) for c in retenus["cotation"]]
        for critere, valeur in zip(retenus["critere"], valeurs, strict=True):
            deja = gains.get(critere, (code, Fraction(0)))[1]
            gains[critere] = (code, deja + plein - valeur)
        cible = cible_de(campagne, "module", code)
        if cible:
            besoin = cible.valeur * plein * len(retenus) - sum(valeurs, Fraction(0))
            besoins[code] = max(Fraction(0), besoin)
    return gains, besoins


def _rang(action: _Action) -> tuple[str, str, str]:
    echeance = date_courte(action.echeance) if action.echeance else "sans échéance"
    nombre = pluriel(len(action.criteres), "critère")
    return f"{action.code} {action.libelle}", echeance, nombre


def _fin(action: _Action) -> dt.date:
    return action.echeance or dt.date.max


def _gain(ligne: Ligne) -> Fraction:
    assert isinstance(ligne.mesure, Taux)
    return Fraction(ligne.mesure.favorables)


def _slug(code: str) -> str:
    return "".join(c if c.isascii() and c.isalnum() else "-" for c in code.lower())
