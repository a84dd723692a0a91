"""The self-diagnosis: what the services declare, criterion by criterion.

It is a census: every criterion is looked at, so a rate has no confidence interval. What it has,
while some criteria are not assessed, is bounds: all of them fail, or all of them pass (rules 3.1).
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Literal

import pandas as pd

from qualepref_lib.campagne import Campagne
from qualepref_lib.core.bilan import Bilan, Ligne
from qualepref_lib.core.mesures import Repartition, Taux
from qualepref_lib.referentiel import GENERAL, cible_au

SOURCE = "autodiagnostic"
Axe = Literal["ensemble", "module", "canal", "engagement", "service"]

FORMULE = (
    "taux = points des critères évalués et applicables (réalisé 1, partiel 0,5, non réalisé 0) "
    "÷ nombre de ces critères"
)
_ENTETES = {
    "ensemble": "Ensemble",
    "module": "Module",
    "canal": "Canal",
    "engagement": "Engagement",
    "service": "Service",
}


def measure_autodiagnostic(campagne: Campagne, par: Axe = "module") -> Bilan:
    """The declared rate of each module, channel, engagement or service, with its bounds."""
    lignes = tuple(
        _ligne(code, libelle, groupe, campagne, par)
        for code, libelle, groupe in _groupes(campagne, par)
    )
    formule = _formule(campagne, par)
    return _bilan(campagne, f"autodiagnostic.{par}", _TITRES[par], _ENTETES[par], lignes, formule)


def measure_cotations(campagne: Campagne, par: Axe = "module") -> Bilan:
    """How many criteria are rated *réalisé*, *partiel*, … in each module, channel, …"""
    lignes = tuple(
        Ligne(code, libelle, _repartition(groupe, campagne), _numeros(groupe))
        for code, libelle, groupe in _groupes(campagne, par)
    )
    titre = f"Cotations déclarées{_TITRES[par].removeprefix('Taux déclaré')}"
    return _bilan(
        campagne,
        f"autodiagnostic.cotations.{par}",
        titre,
        _ENTETES[par],
        lignes,
        formule="part = critères portant cette cotation ÷ critères évalués et applicables",
    )


def measure_points_forts(campagne: Campagne) -> Bilan:
    """The engagements whose rate reaches the threshold of strengths declared by the edition."""
    seuil = campagne.referentiel.edition.point_fort_a_partir
    return _retenus(
        campagne, "points_forts", "Points forts déclarés", "point fort", lambda taux: taux >= seuil
    )


def measure_axes(campagne: Campagne) -> Bilan:
    """The engagements whose rate is under the threshold of the axes of progress."""
    seuil = campagne.referentiel.edition.axe_en_dessous
    return _retenus(
        campagne, "axes", "Axes de progrès déclarés", "axe de progrès", lambda taux: taux < seuil
    )


def measure_a_verifier(campagne: Campagne) -> Bilan:
    """The criteria not assessed yet, first those whose check would narrow the rates most.

    Assessing one criterion narrows the bounds of a group of N applicable criteria by exactly 1/N,
    so the most useful check is in the smallest group it counts in.
    """
    cotations = _cotations(campagne)
    ouverts = cotations[cotations["cotation"].isna()]
    tailles = {
        code: int(_applicables(groupe, campagne).sum())
        for code, _, groupe in _groupes(campagne, "canal")
    }
    tailles[GENERAL] = int(_applicables(cotations, campagne).sum())
    lignes = [_a_verifier(ouverts.loc[i], tailles, campagne) for i in ouverts.index]
    lignes.sort(key=lambda ligne: (-(ligne.mesure.valeur or 0), ligne.code))  # type: ignore[union-attr]
    return _bilan(
        campagne,
        "autodiagnostic.a_verifier",
        "Vérifications qui préciseraient le plus les taux",
        "Critère à évaluer",
        tuple(lignes),
        formule="largeur levée = 1 ÷ nombre de critères applicables du plus petit canal concerné "
        "(de l’ensemble, pour un critère général)",
        entete_groupe="Canal le plus précisé",
        entetes_taux=("Critère", "Critères du canal", "Largeur levée"),
    )


_TITRES = {
    "ensemble": "Taux déclaré, ensemble des modules",
    "module": "Taux déclaré par module",
    "canal": "Taux déclaré par canal",
    "engagement": "Taux déclaré par engagement",
    "service": "Taux déclaré par service",
}


def _ligne(code: str, libelle: str, groupe: pd.DataFrame, campagne: Campagne, par: Axe) -> Ligne:
    taux, cible = _taux(groupe, campagne, par), _cible(campagne, par, code)
    return Ligne(code, libelle, taux, _numeros(groupe), cible=cible, statut=_statut(taux, cible))


def _statut(taux: Taux, cible: Fraction | None) -> str:
    """Whether a census reaches its target: sure, unless open criteria may still decide it."""
    if cible is None or taux.valeur is None:
        return ""
    bas, haut = taux.bornes or (taux.valeur, taux.valeur)
    if bas >= cible:
        return "cible atteinte"
    return "cible non atteinte" if haut < cible else "à confirmer"


def _bilan(
    campagne: Campagne,
    code: str,
    titre: str,
    entete: str,
    lignes: tuple[Ligne, ...],
    formule: str = "",
    entete_groupe: str = "",
    entetes_taux: tuple[str, str, str] = ("Points", "Évalués", "Taux"),
) -> Bilan:
    declaration = campagne.fiche.sources.get(SOURCE)
    return Bilan(
        code=code,
        titre=titre,
        entete=entete,
        entete_groupe=entete_groupe,
        entetes_taux=entetes_taux,
        unite="critère",
        formule=formule or f"{FORMULE} ; {_SUITES['criteres']}",
        champ=declaration.champ if declaration else "critères des modules retenus",
        source=campagne.source(SOURCE),
        plan="recensement",
        lignes=lignes,
        manque=campagne.manque(SOURCE),
    )


_SUITES = {
    "criteres": "chaque critère compte une fois",
    "engagements": "puis moyenne des engagements",
    "canaux": "puis moyenne des canaux",
}


def _formule(campagne: Campagne, par: Axe) -> str:
    return f"{FORMULE} ; {_SUITES[_agregation(campagne, par)]}"


def _agregation(campagne: Campagne, par: Axe) -> str:
    """The roll-up of a group: the mean of one channel, or of one engagement, is itself."""
    agregation = campagne.referentiel.edition.agregation
    meme = {"engagements": "engagement", "canaux": "canal"}.get(agregation)
    return "criteres" if meme == par else agregation


def _cotations(campagne: Campagne) -> pd.DataFrame:
    """One row a criterion (and service): critere, engagement, module, canaux, cotation, service.

    A criterion of the retained modules without a row in the file is there too, not assessed:
    it is open, it does not vanish. The index is the line in the file, negative for those.
    """
    referentiel = campagne.referentiel
    retenus = [c for c, m in referentiel.module_de.items() if m in campagne.fiche.modules]
    colonnes = ["critere", "cotation", "service"]
    if SOURCE in campagne.tables:
        recues = campagne.tables[SOURCE].cadre[colonnes]
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


def _groupes(campagne: Campagne, par: Axe) -> list[tuple[str, str, pd.DataFrame]]:
    """The code, label and rows of each group; empty when the source is missing."""
    if SOURCE not in campagne.tables:
        return []
    cotations = _cotations(campagne)
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
    else:
        libelles = (
            {m.code: f"Module {m.code} — {m.libelle}" for m in campagne.modules}
            if par == "module"
            else {e.code: f"{e.code} {e.libelle}" for m in campagne.modules for e in m.engagements}
        )
        trouves = [(c, nom, cotations[cotations[par] == c]) for c, nom in libelles.items()]
    return [(code, nom, groupe) for code, nom, groupe in trouves if len(groupe)]


def _points(campagne: Campagne) -> dict[str, Fraction]:
    return {d.code: d.points for d in campagne.referentiel.edition.echelle if d.points is not None}


def _applicables(groupe: pd.DataFrame, campagne: Campagne) -> pd.Series:
    """The rows that are in the base or may still enter it: all but *sans objet*."""
    return groupe["cotation"].isna() | groupe["cotation"].isin(_points(campagne))


def _taux_simple(groupe: pd.DataFrame, campagne: Campagne) -> Taux:
    points = _points(campagne)
    comptes = groupe["cotation"].value_counts()
    presents = {code: int(n) for code, n in comptes.items() if code in points}
    return Taux(
        favorables=sum((points[code] * n for code, n in presents.items()), Fraction(0)),
        observes=sum(presents.values()),
        non_evalues=int(groupe["cotation"].isna().sum()),
    )


def _taux(groupe: pd.DataFrame, campagne: Campagne, par: Axe) -> Taux:
    """The rate of a group under the roll-up that the edition declares."""
    agregation = _agregation(campagne, par)
    if agregation == "criteres":
        return _taux_simple(groupe, campagne)
    if agregation == "engagements":
        parts = [_taux_simple(g, campagne) for _, g in groupe.groupby("engagement")]
    else:
        canaux = sorted({canal for liste in groupe["canaux"] for canal in liste})
        parts = [
            _taux_simple(groupe[groupe["canaux"].map(lambda x, c=c: c in x)], campagne)
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


def _repartition(groupe: pd.DataFrame, campagne: Campagne) -> Repartition:
    comptes = groupe["cotation"].value_counts()
    echelle = campagne.referentiel.edition.echelle
    dans = {d.libelle: int(comptes.get(d.code, 0)) for d in echelle if d.points is not None}
    hors = {d.libelle: int(comptes.get(d.code, 0)) for d in echelle if d.points is None}
    return Repartition(dans, hors | {"non évalué": int(groupe["cotation"].isna().sum())})


def _retenus(
    campagne: Campagne, code: str, titre: str, statut: str, retenir: Callable[[Fraction], bool]
) -> Bilan:
    lignes = []
    for nom, libelle, groupe in _groupes(campagne, "engagement"):
        taux = _taux_simple(groupe, campagne)
        if taux.valeur is not None and not taux.non_evalues and retenir(taux.valeur):
            lignes.append(Ligne(nom, libelle, taux, _numeros(groupe), statut=statut))
    if statut == "axe de progrès":
        lignes.sort(key=lambda ligne: (ligne.mesure.valeur, ligne.code))  # type: ignore[union-attr]
    return _bilan(campagne, f"autodiagnostic.{code}", titre, "Engagement", tuple(lignes))


def _a_verifier(rang: pd.Series, tailles: dict[str, int], campagne: Campagne) -> Ligne:
    referentiel = campagne.referentiel
    code = str(rang["critere"])
    # What is said everywhere has no rate of its own: it narrows the rate of the whole.
    taille, canal = min((tailles[c], c) for c in rang["canaux"])
    numero = int(str(rang.name))
    return Ligne(
        code=code if pd.isna(rang["service"]) else f"{code}.{numero}",
        libelle=f"{code} {referentiel.criteres[code].libelle.rstrip('.')}",
        mesure=Taux(Fraction(1), taille),
        lignes=(numero,) if numero > 0 else (),
        groupe=referentiel.libelles_canaux[canal],
    )


def _cible(campagne: Campagne, par: Axe, code: str) -> Fraction | None:
    """The target in force at the reference date: the group's own, else the edition's."""
    r, jour = campagne.referentiel, campagne.fiche.date_reference
    if par not in ("module", "canal", "ensemble"):
        return None
    propres = {m.code: m.cibles for m in r.modules} if par == "module" else {}
    propres |= {c.code: c.cibles for c in r.canaux} if par == "canal" else {}
    cible = cible_au(propres.get(code, ()), jour) or cible_au(r.edition.cibles, jour)
    return cible.valeur if cible else None


def _numeros(groupe: pd.DataFrame) -> tuple[int, ...]:
    return tuple(int(ligne) for ligne in groupe.index if int(ligne) > 0)
