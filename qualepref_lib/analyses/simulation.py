"""Will we be ready on the day? The pace seen so far, drawn again for what is left to do.

Nothing is assumed of the actions but this: each one left will take, for the time planned, one of
the paces already seen in this plan, drawn at random. A pace is the time taken divided by the time
planned; an action under way is taken to go on as it has gone. With too few actions to learn from
there is no simulation, and only the bounds are given (rules 3.7). The drawing is in ``actions``.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from qualepref_lib.actions import (
    RYTHMES_MIN,
    SOURCE,
    Action,
    Fins,
    Projection,
    actions_de,
    criteres_de,
    dues_le,
    issues_au,
    jalons,
    manque_projection,
    rythmes_de,
    simuler,
    source_projetee,
    taux_simules,
    tenues_au,
)
from qualepref_lib.campagne import Campagne, new_bilan
from qualepref_lib.campagne.listes import new_liste
from qualepref_lib.core.bilan import Bilan, Ligne, Liste
from qualepref_lib.core.francais import date_courte, enumeration, nombre, pluriel
from qualepref_lib.core.mesures import Fourchette
from qualepref_lib.cotations import (
    Axe,
    cible_de,
    cotations_de,
    formule_de,
    grouper,
    numeros,
)

POINTS_MAX = 20
"""Months that the curve follows one by one."""


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
    fins: Fins | None,
) -> list[Ligne]:
    """A line for each group and each date, group after group."""
    issues = {nom: issues_au(actions, fins, jour) for nom, jour in dates.items()} if fins else {}
    lignes = []
    for code, libelle, groupe in grouper(cotations_de(campagne), campagne, par):
        projection = Projection(groupe, campagne, par)
        trouvee = cible_de(campagne, par, code)
        cible = trouvee.valeur if trouvee else None
        for nom, jour in dates.items():
            simule, chance = taux_simules(projection, issues.get(nom), cible)
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
                    cible=cible,
                )
            )
    return lignes
