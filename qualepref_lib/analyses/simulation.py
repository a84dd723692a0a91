"""Will we be ready on the day? The pace seen so far, drawn again for what is left to do.

Nothing is assumed of the actions but this: each one left will take, for the time planned, one of
the paces already seen in this plan, drawn at random. A pace is the time taken divided by the time
planned; an action under way is taken to go on as it has gone. With too few actions to learn from
there is no simulation, and only the bounds are given (rules 3.7).
"""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from qualepref_lib.actions import (
    SOURCE,
    Action,
    Projection,
    actions_de,
    criteres_de,
    dues_le,
    jalons,
    manque_projection,
    sort_dependances,
    source_projetee,
    tenues_au,
)
from qualepref_lib.campagne import Campagne, new_bilan
from qualepref_lib.campagne.listes import new_liste
from qualepref_lib.core.bilan import Bilan, Ligne, Liste
from qualepref_lib.core.francais import date_courte, enumeration, nombre, pluriel
from qualepref_lib.core.mesures import Fourchette, Taux
from qualepref_lib.cotations import (
    Axe,
    cible_de,
    cotations_de,
    formule_de,
    grouper,
    numeros,
)

RYTHMES_MIN = 5
"""With fewer paces than this, drawing among them would only repeat one or two stories."""

POINTS_MAX = 20
"""Months that the curve follows one by one."""

DECILES = (Fraction(1, 10), Fraction(1, 2), Fraction(9, 10))
JAMAIS = np.iinfo(np.int64).max
"""The day of what has no end in sight: no due date, or what it waits for has none."""


@dataclass(frozen=True)
class Rythme:
    """The pace of one action: days taken, or that it would take, for the days planned."""

    action: Action
    prevus: int
    pris: float
    vu: str

    @property
    def facteur(self) -> float:
        """1: as planned; 2: twice as long."""
        return self.pris / self.prevus


def measure_simulation(campagne: Campagne, par: Axe = "module") -> Bilan:
    """Where each rate may stand at each audit date, and the chance that its target is reached.

    The lines are those of the trajectory, under the same codes: one figure has one card.
    """
    bilan = measure_trajectoire(campagne, par)
    jours = set(jalons(campagne).values())
    # A wide table: « Module 1 » names the group, the other tables say the rest of its name.
    lignes = tuple(
        replace(ligne, groupe=ligne.groupe.partition(" — ")[0])
        for ligne in bilan.lignes
        if isinstance(ligne.mesure, Fourchette) and ligne.mesure.jour in jours
    )
    return replace(bilan, lignes=lignes)


def measure_trajectoire(campagne: Campagne, par: Axe = "module") -> Bilan:
    """The same month after month, until the plan ends: what the curve is drawn from."""
    manque, suivi = manque_projection(campagne), campagne.fiche.suivi_plan
    lignes: list[Ligne] = []
    if not manque:
        actions, rythmes = actions_de(campagne), rythmes_de(campagne)
        fins = None
        if len(rythmes) >= RYTHMES_MIN:
            jour = campagne.fiche.date_reference
            fins = simuler(actions, rythmes, jour, suivi.graine, suivi.tirages)
        lignes = _lignes(campagne, par, actions, _dates(campagne, actions), fins)
    return new_bilan(
        campagne,
        SOURCE,
        code=f"trajectoire.{par}",
        titre=f"Taux projeté par {par}, mois après mois et aux dates d’audit",
        entete="Date",
        entete_groupe={"module": "Module", "canal": "Canal"}.get(par, "Ensemble"),
        unite="critère",
        source=source_projetee(campagne),
        formule=f"{formule_de(campagne, par)} ; {_BORNES} ; {dire_hypothese(campagne)}",
        reserve=dire_hypothese(campagne),
        lignes=lignes,
        manque=manque,
        si_vide="Aucune date d’audit à venir dans le calendrier de la campagne.",
    )


def _dates(campagne: Campagne, actions: Sequence[Action]) -> dict[str, dt.date]:
    """Today, the audits, and the first of each month until the last due date, by their names.

    A long plan is followed every so many months: a curve of twenty points is read, one of sixty
    is not.
    """
    jour, audits = campagne.fiche.date_reference, jalons(campagne)
    dues = [d for d in dues_le(actions).values() if d is not None]
    fin = max([jour, *dues, *audits.values()])
    rang = jour.year * 12 + jour.month
    mois: list[dt.date] = []
    while not mois or mois[-1] < fin:
        mois.append(dt.date(rang // 12, rang % 12 + 1, 1))
        rang += 1
    pas = math.ceil(len(mois) / POINTS_MAX)
    noms: dict[dt.date, list[str]] = {}
    for nom, audit in audits.items():  # two audits on one day are one point
        noms.setdefault(audit, []).append(nom)
    autres = {jour, *mois[pas - 1 :: pas], mois[-1] if fin > jour else jour} - noms.keys()
    dits = {enumeration(siens): audit for audit, siens in noms.items()}
    dits |= {date_courte(d): d for d in autres}
    return dict(sorted(dits.items(), key=lambda dite: dite[1]))


def list_rythmes(campagne: Campagne) -> Liste:
    """What the simulation learns from: each action whose pace was seen."""
    rythmes = rythmes_de(campagne)
    return new_liste(
        campagne,
        SOURCE,
        code="simulation.rythmes",
        titre="Rythmes observés, dont la simulation se sert",
        champ="actions faites dont l’achèvement est daté, et actions commencées dont l’avancement "
        "est connu",
        colonnes=("Action", "Durée prévue", "Ce qui s’est vu", "Rythme"),
        lignes=tuple(
            (r.action.nom, pluriel(r.prevus, "jour"), r.vu, f"× {nombre(r.facteur, 2)}")
            for r in rythmes
        ),
    )


def rythmes_de(campagne: Campagne) -> list[Rythme]:
    """The pace of each action that is done on a known day, or under way with some progress."""
    jour = campagne.fiche.date_reference
    vus = (_rythme(action, jour) for action in actions_de(campagne))
    return [rythme for rythme in vus if rythme is not None]


def _rythme(action: Action, jour: dt.date) -> Rythme | None:
    if action.debut is None or action.echeance is None:
        return None
    prevus = max((action.echeance - action.debut).days, 1)
    if action.statut == "fait" and action.fait_le is not None and action.fait_le <= jour:
        pris = max((action.fait_le - action.debut).days, 1)
        return Rythme(action, prevus, pris, f"faite en {pluriel(pris, 'jour')}")
    ecoules = (jour - action.debut).days
    if action.statut != "en_cours" or ecoules < 1 or not action.avancement:
        return None
    au_bout = 100 * ecoules / action.avancement
    vu = f"{action.avancement:g} % en {pluriel(ecoules, 'jour')}"
    return Rythme(action, prevus, au_bout, vu)


def simuler(
    actions: Sequence[Action], rythmes: Iterable[Rythme], jour: dt.date, graine: int, tirages: int
) -> dict[str, npt.NDArray[np.int64]]:
    """The day (ordinal) on which each open action ends, draw by draw; the same for a seed.

    Draws follow the codes, so that neither the order of the file nor a dependency changes them.
    """
    facteurs = np.sort(np.array([r.facteur for r in rythmes]))
    rangees = sort_dependances(actions)
    tires = {}
    for rang, action in enumerate(sorted(rangees, key=lambda a: a.code)):
        hasard = np.random.default_rng([graine, rang])
        tires[action.code] = facteurs[hasard.integers(len(facteurs), size=tirages)]
    fins: dict[str, npt.NDArray[np.int64]] = {}
    for action in rangees:
        depart = np.full(tirages, _depart(action, jour), dtype=np.int64)
        for code in sorted(action.attend):
            depart = np.maximum(depart, fins[code])
        reste = _reste(action, jour)
        duree = np.ceil((reste or 0) * tires[action.code]).astype(np.int64)
        sans_fin = (depart == JAMAIS) | (reste is None)
        fins[action.code] = np.where(sans_fin, JAMAIS, np.where(sans_fin, 0, depart) + duree)
    return fins


def _depart(action: Action, jour: dt.date) -> int:
    """What has begun goes on today; what has not begins on its day, today at the soonest."""
    debut = jour if action.statut == "en_cours" or action.debut is None else action.debut
    return max(debut, jour).toordinal()


def _reste(action: Action, jour: dt.date) -> float | None:
    """The planned days that are left; None when nothing says how many were planned."""
    if action.echeance is None:
        return None
    if action.debut is None:
        prevus = (action.echeance - jour).days
        if prevus < 1:
            return None
    else:
        prevus = max((action.echeance - action.debut).days, 1)
    fait = (action.avancement or 0) / 100 if action.statut == "en_cours" else 0
    return prevus * (1 - fait)


_BORNES = (
    "coté : la cotation de ce jour ; rien de plus : seuls les critères des actions déjà faites "
    "passent à leur meilleure cotation ; tout fait : ceux de toutes les actions ; échéances "
    "tenues : ceux des actions faites ou dues à cette date"
)


def dire_hypothese(campagne: Campagne) -> str:
    """The assumption of the simulation with its base, or why there is none."""
    rythmes, suivi = rythmes_de(campagne), campagne.fiche.suivi_plan
    faites = sum(not r.action.ouverte for r in rythmes)
    base = (
        f"{pluriel(len(rythmes), 'rythme observé', 'rythmes observés')} "
        f"({pluriel(faites, 'action faite et datée', 'actions faites et datées')}, "
        f"{len(rythmes) - faites} en cours)"
    )
    if len(rythmes) < RYTHMES_MIN:
        return (
            f"pas de simulation : {base}, il en faut {RYTHMES_MIN} ; seules les bornes sont données"
        )
    milieu = nombre(float(np.median([r.facteur for r in rythmes])), 2)
    return (
        "hypothèse de la simulation : chaque action qui reste prend, pour la durée prévue qui lui "
        f"reste, l’un des {base} ; rythme médian × {milieu} ; une action non commencée part à sa "
        "date de début, au plus tôt aujourd’hui, et après celles qu’elle attend ; les rythmes sont "
        f"tirés indépendamment ; {nombre(suivi.tirages)} tirages, graine {suivi.graine}"
    )


def _lignes(
    campagne: Campagne,
    par: Axe,
    actions: Sequence[Action],
    dates: Mapping[str, dt.date],
    fins: Mapping[str, npt.NDArray[np.int64]] | None,
) -> list[Ligne]:
    """A line for each group and each date, group after group."""
    issues = {nom: _issues(actions, fins, jour) for nom, jour in dates.items()} if fins else {}
    lignes = []
    for code, libelle, groupe in grouper(cotations_de(campagne), campagne, par):
        projection = Projection(groupe, campagne, par)
        cible = cible_de(campagne, par, code)
        for nom, jour in dates.items():
            simule, chance = _simule(projection, issues.get(nom), cible.valeur if cible else None)
            mesure = Fourchette(
                jour,
                cote=projection.taux(frozenset()),
                rien=projection.taux(criteres_de(a for a in actions if not a.ouverte)),
                tenu=projection.taux(criteres_de(tenues_au(actions, jour))),
                tout=projection.taux(criteres_de(actions)),
                simule=simule,
                chance=chance,
            )
            lignes.append(
                Ligne(
                    f"{code}.{jour:%Y-%m-%d}",
                    nom,
                    mesure,
                    numeros(groupe),
                    groupe=libelle,
                    cible=cible.valeur if cible else None,
                )
            )
    return lignes


def _issues(
    actions: Sequence[Action], fins: Mapping[str, npt.NDArray[np.int64]], jour: dt.date
) -> Counter[frozenset[str]]:
    """How many draws win each set of criteria by that day."""
    ouvertes = [a for a in actions if a.ouverte]
    deja = criteres_de(a for a in actions if not a.ouverte)
    if not ouvertes:
        return Counter({deja: 1})
    faites = np.column_stack([fins[a.code] <= jour.toordinal() for a in ouvertes])
    rangees, fois = np.unique(faites, axis=0, return_counts=True)
    issues: Counter[frozenset[str]] = Counter()
    for rangee, combien in zip(rangees, fois, strict=True):
        gagnes = criteres_de(a for a, fini in zip(ouvertes, rangee, strict=True) if fini)
        issues[deja | gagnes] += int(combien)
    return issues


def _simule(
    projection: Projection, issues: Counter[frozenset[str]] | None, cible: Fraction | None
) -> tuple[tuple[Taux, Taux, Taux] | None, Taux | None]:
    """The deciles of the rate over the draws, and the draws that reach the target."""
    if issues is None:
        return None, None
    taux: Counter[Taux] = Counter()
    for criteres, fois in issues.items():
        taux[projection.taux(criteres)] += fois
    ranges = sorted(taux, key=lambda t: t.valeur or 0)
    total = sum(taux.values())
    bas, milieu, haut = (_quantile(ranges, taux, part) for part in DECILES)
    atteignent = sum(n for t, n in taux.items() if cible is not None and (t.valeur or 0) >= cible)
    return (bas, milieu, haut), Taux(atteignent, total) if cible is not None else None


def _quantile(ranges: Sequence[Taux], fois: Mapping[Taux, int], part: Fraction) -> Taux:
    """The smallest rate that at least this share of the draws do not exceed."""
    voulus, vus = math.ceil(part * sum(fois.values())), 0
    for taux in ranges:
        vus += fois[taux]
        if vus >= voulus:
            break
    return taux
