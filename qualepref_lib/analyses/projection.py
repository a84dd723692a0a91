"""Where the plan leads: the rate at each audit date if the actions are done when they are due.

An action done changes no rate by itself: only re-rated criteria do. The projection says what the
rates *would* be if the criteria that the actions touch were then rated as kept. Nothing more done,
and everything done, are its two ends (rules 3.7).
"""

from __future__ import annotations

from collections.abc import Collection
from fractions import Fraction

import pandas as pd

from qualepref_lib.actions import (
    SOURCE,
    actions_de,
    criteres_de,
    ferme,
    jalons,
    manque_projection,
    projeter,
    sans,
    source_projetee,
    tenues_au,
)
from qualepref_lib.campagne import Campagne, new_bilan
from qualepref_lib.core.bilan import Bilan, Ligne
from qualepref_lib.core.francais import date_courte
from qualepref_lib.core.mesures import Taux, TriCroise
from qualepref_lib.cotations import (
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

AUJOURDHUI, TENU = "aujourd’hui", "plan tenu en entier"
REGLE = (
    "les critères des actions faites, et des actions ouvertes dues à cette date, passent à leur "
    "meilleure cotation ; une action en retard y compte pour faite, une action due avant celle "
    "qu’elle attend ne compte qu’avec elle ; rien ne change tant que les critères ne sont pas "
    "recotés"
)


def measure_projection(campagne: Campagne, par: Axe = "module") -> Bilan:
    """The rate of each group today, at each audit date, and with the whole plan done."""
    lignes = []
    if not manque_projection(campagne):
        cotations, actions = cotations_de(campagne), actions_de(campagne)
        faites = {nom: tenues_au(actions, jour) for nom, jour in jalons(campagne).items()}
        faites[TENU] = list(actions)
        projetees = {AUJOURDHUI: cotations} | {
            nom: projeter(cotations, campagne, criteres_de(siennes))
            for nom, siennes in faites.items()
        }
        groupes = {nom: grouper(cadre, campagne, par) for nom, cadre in projetees.items()}
        for rang, (code, libelle, groupe) in enumerate(groupes[AUJOURDHUI]):
            cases = {n: ferme(taux_de(g[rang][2], campagne, par)) for n, g in groupes.items()}
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
        source=source_projetee(campagne),
        unite="critère",
        formule=f"{formule_de(campagne, par)} ; {REGLE}",
        lignes=lignes,
        manque=manque_projection(campagne),
    )


def measure_gains(campagne: Campagne) -> Bilan:
    """What each open action would win that no other would: the points lost if it alone failed."""
    lignes: list[Ligne] = []
    if not manque_projection(campagne):
        cotations, actions = cotations_de(campagne), actions_de(campagne)
        ouvertes = [a for a in actions if a.ouverte]
        tout = criteres_de(actions)
        base = int(applicables(cotations, campagne).sum())
        complet = _points(cotations, campagne, tout)
        for action in ouvertes:
            autres = criteres_de(sans(actions, action))
            gain = complet - _points(cotations, campagne, autres)
            echeance = date_courte(action.echeance) if action.echeance else "sans échéance"
            lignes.append(
                Ligne(action.slug, action.nom, Taux(gain, base),
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
        formule="gain = points de cotation avec toutes les actions − points sans celle-ci, ni "
        "celles qui l’attendent, ÷ critères applicables ; un critère que deux actions touchent "
        "n’est gagné par aucune seule",
        lignes=lignes,
        manque=manque_projection(campagne),
        si_vide="Aucune action ouverte : le plan est fait, ou vide.",
    )


def _points(cotations: pd.DataFrame, campagne: Campagne, criteres: Collection[str]) -> Fraction:
    points = points_de(campagne)
    comptes = projeter(cotations, campagne, criteres)["cotation"].value_counts()
    return sum((points[str(c)] * int(n) for c, n in comptes.items() if c in points), Fraction(0))


def _gain(ligne: Ligne) -> Fraction:
    assert isinstance(ligne.mesure, Taux)
    return Fraction(ligne.mesure.favorables)
