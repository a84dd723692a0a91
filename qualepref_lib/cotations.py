"""What a rating of criteria amounts to: groups of criteria, their points, the declared roll-up.

The self-diagnosis rates every criterion, and so does the auditor; both are read here the same way.
A rating is a census: it has bounds while criteria are open, never an interval (rules 3.1).
"""

from __future__ import annotations

from fractions import Fraction
from typing import Literal

import pandas as pd

from qualepref_lib.campagne import Campagne
from qualepref_lib.core.bilan import Ligne
from qualepref_lib.core.mesures import Repartition, Taux
from qualepref_lib.referentiel import GENERAL, Cible, cible_au

DECLARE = "autodiagnostic"
"""The source of what the services declare."""

ACQUIS = "acquis"
"""Column of a frame of ratings: false where the rating stays in the base but earns no point."""

Axe = Literal["ensemble", "module", "canal", "engagement", "service"]

FORMULE = (
    "taux = points des critères évalués et applicables (réalisé 1, partiel 0,5, non réalisé 0) "
    "÷ nombre de ces critères"
)
_SUITES = {
    "criteres": "chaque critère compte une fois",
    "engagements": "puis moyenne des engagements",
    "canaux": "puis moyenne des canaux",
}


FORMULE_CRITERES = f"{FORMULE} ; {_SUITES['criteres']}"


def formule_de(campagne: Campagne, par: Axe) -> str:
    """The formula of a rate, with the roll-up that applies to this kind of group."""
    return f"{FORMULE} ; {_SUITES[agregation_de(campagne, par)]}"


def agregation_de(campagne: Campagne, par: Axe) -> str:
    """The roll-up of a group: the mean of one channel, or of one engagement, is itself."""
    agregation = campagne.referentiel.edition.agregation
    meme = {"engagements": "engagement", "canaux": "canal"}.get(agregation)
    return "criteres" if meme == par else agregation


def cotations_de(campagne: Campagne, source: str = DECLARE) -> pd.DataFrame:
    """One row a criterion (and service): critere, engagement, module, canaux, cotation, service.

    A criterion of the retained modules without a row in the file is there too, not assessed:
    it is open, it does not vanish. The index is the line in the file, negative for those.
    """
    referentiel = campagne.referentiel
    retenus = [c for c, m in referentiel.module_de.items() if m in campagne.fiche.modules]
    colonnes = ["critere", "cotation", "service"]
    if source in campagne.tables:
        recues = campagne.tables[source].cadre[colonnes]
    else:
        recues = pd.DataFrame(columns=colonnes)
    recues = recues[recues["critere"].isin(retenus)]
    absents = [c for c in retenus if c not in set(recues["critere"])]
    ajoutees = pd.DataFrame(
        {"critere": absents, "cotation": None, "service": None},
        index=range(-len(absents), 0),
        dtype=object,
    )
    tout = pd.concat([recues.astype(object), ajoutees])
    tout["engagement"] = tout["critere"].map(referentiel.engagement_de)
    tout["module"] = tout["critere"].map(referentiel.module_de)
    tout["canaux"] = tout["critere"].map({c: referentiel.criteres[c].canaux for c in retenus})
    return tout


def groupes(
    campagne: Campagne, par: Axe, source: str = DECLARE
) -> list[tuple[str, str, pd.DataFrame]]:
    """The code, label and rows of each group; empty when the source is missing."""
    if source not in campagne.tables:
        return []
    return grouper(cotations_de(campagne, source), campagne, par)


def grouper(
    cotations: pd.DataFrame, campagne: Campagne, par: Axe
) -> list[tuple[str, str, pd.DataFrame]]:
    """The code, label and rows of each group of a frame of ratings; groups without row are out."""
    r = campagne.referentiel
    if par == "ensemble":
        return [("ensemble", "Ensemble des modules retenus", cotations)]
    if par == "canal":
        canaux = [(c.code, c.libelle) for c in r.canaux if c.code != GENERAL]
        membre = cotations["canaux"].map
        trouves = [(c, nom, cotations[membre(lambda x, c=c: c in x)]) for c, nom in canaux]
    elif par == "service":
        noms = sorted(cotations["service"].dropna().unique())
        codes = {nom: f"s{rang:02d}" for rang, nom in enumerate(noms, 1)}
        trouves = [(codes[nom], nom, cotations[cotations["service"] == nom]) for nom in noms]
        # Without them the lines would not add up to the whole, and nobody would see it.
        trouves.append(("s00", "service non indiqué", cotations[cotations["service"].isna()]))
    else:
        libelles = (
            {m.code: f"Module {m.code} — {m.libelle}" for m in campagne.modules}
            if par == "module"
            else {e.code: f"{e.code} {e.libelle}" for m in campagne.modules for e in m.engagements}
        )
        trouves = [(c, nom, cotations[cotations[par] == c]) for c, nom in libelles.items()]
    return [(code, nom, groupe) for code, nom, groupe in trouves if len(groupe)]


def points_de(campagne: Campagne) -> dict[str, Fraction]:
    """What each step of the scale is worth; a step that leaves the base is not there."""
    return {d.code: d.points for d in campagne.referentiel.edition.echelle if d.points is not None}


def applicables(groupe: pd.DataFrame, campagne: Campagne) -> pd.Series:
    """The rows that are in the base or may still enter it: all but *sans objet*."""
    return groupe["cotation"].isna() | groupe["cotation"].isin(points_de(campagne))


def taux_simple(groupe: pd.DataFrame, campagne: Campagne) -> Taux:
    """The rate of a group where each row counts once, whatever the roll-up."""
    points = points_de(campagne)
    evalues = groupe[groupe["cotation"].isin(points)]
    gagnes = evalues[evalues[ACQUIS].astype(bool)] if ACQUIS in evalues else evalues
    comptes = gagnes["cotation"].value_counts()
    return Taux(
        favorables=sum((points[str(code)] * int(n) for code, n in comptes.items()), Fraction(0)),
        observes=len(evalues),
        non_evalues=int(groupe["cotation"].isna().sum()),
    )


def taux_de(groupe: pd.DataFrame, campagne: Campagne, par: Axe) -> Taux:
    """The rate of a group under the roll-up that the edition declares."""
    agregation = agregation_de(campagne, par)
    if agregation == "criteres":
        return taux_simple(groupe, campagne)
    if agregation == "engagements":
        parts = [taux_simple(g, campagne) for _, g in groupe.groupby("engagement")]
    else:
        canaux = sorted({canal for liste in groupe["canaux"] for canal in liste})
        parts = [
            taux_simple(groupe[groupe["canaux"].map(lambda x, c=c: c in x)], campagne)
            for c in canaux
        ]
    return moyenne(parts)


def moyenne(parts: list[Taux]) -> Taux:
    """The mean of several rates, itself a rate out of their number; bounds are the mean bounds.

    >>> moyenne([Taux(1, 2), Taux(3, 3)]).valeur
    Fraction(3, 4)
    """
    evalues = [taux for taux in parts if taux.valeur is not None]
    bornes = [taux.bornes or (taux.valeur, taux.valeur) for taux in parts if taux.total]
    extremes = None
    if any(taux.non_evalues for taux in parts):
        bas, haut = (sum((Fraction(b[i] or 0) for b in bornes), Fraction(0)) for i in (0, 1))
        extremes = (bas / len(bornes), haut / len(bornes))
    return Taux(
        favorables=sum((taux.valeur or Fraction(0) for taux in evalues), Fraction(0)),
        observes=len(evalues),
        non_evalues=sum(taux.non_evalues for taux in parts),
        bornes_declarees=extremes,
    )


def repartition_de(groupe: pd.DataFrame, campagne: Campagne) -> Repartition:
    """How many rows of a group carry each step of the scale."""
    comptes = groupe["cotation"].value_counts()
    echelle = campagne.referentiel.edition.echelle
    dans = {d.libelle: int(comptes.get(d.code, 0)) for d in echelle if d.points is not None}
    hors = {d.libelle: int(comptes.get(d.code, 0)) for d in echelle if d.points is None}
    return Repartition(dans, hors | {"non évalué": int(groupe["cotation"].isna().sum())})


def new_ligne(code: str, libelle: str, groupe: pd.DataFrame, campagne: Campagne, par: Axe) -> Ligne:
    """The line of a group: its rate, and whether the target of the group is reached."""
    taux, cible = taux_de(groupe, campagne, par), _cible(campagne, par, code)
    return Ligne(code, libelle, taux, numeros(groupe), cible=cible, statut=_statut(taux, cible))


def _statut(taux: Taux, cible: Fraction | None) -> str:
    """Whether a census reaches its target: sure, unless open criteria may still decide it."""
    if cible is None or taux.valeur is None:
        return ""
    bas, haut = taux.bornes or (taux.valeur, taux.valeur)
    if bas >= cible:
        return "cible atteinte"
    return "cible non atteinte" if haut < cible else "à confirmer"


def origine_des_cibles(campagne: Campagne, par: Axe, codes: list[str]) -> str:
    """The text that sets the targets of these groups; empty when they have none."""
    cibles = [cible_de(campagne, par, code) for code in codes]
    return " ; ".join(dict.fromkeys(cible.source for cible in cibles if cible))


def _cible(campagne: Campagne, par: Axe, code: str) -> Fraction | None:
    cible = cible_de(campagne, par, code)
    return cible.valeur if cible else None


def cible_de(campagne: Campagne, par: Axe, code: str) -> Cible | None:
    """The target in force at the reference date: the group's own, else the edition's."""
    r, jour = campagne.referentiel, campagne.fiche.date_reference
    if par not in ("module", "canal", "ensemble"):
        return None
    propres = {m.code: m.cibles for m in r.modules} if par == "module" else {}
    propres |= {c.code: c.cibles for c in r.canaux} if par == "canal" else {}
    return cible_au(propres.get(code, ()), jour) or cible_au(r.edition.cibles, jour)


def numeros(groupe: pd.DataFrame) -> tuple[int, ...]:
    """The lines of the file that a group was read from."""
    return tuple(int(ligne) for ligne in groupe.index if int(ligne) > 0)
