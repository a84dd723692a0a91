"""Two editions side by side, indicator by indicator: what compares, and what broke the series.

A criterion, a mystery observation, a question or an indicator compares with itself when its code
and its wording are the same, asked and counted the same way; anything else is a break in the
series, with its reason (rules 3.1, 3.4).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from qualepref_lib.analyses.mystere import measure_conformite
from qualepref_lib.analyses.satisfaction import measure_satisfaction
from qualepref_lib.campagne import Campagne, new_bilan
from qualepref_lib.campagne.listes import new_liste
from qualepref_lib.constats.indicateurs import indicateurs_de
from qualepref_lib.core.bilan import Bilan, Ligne, Liste
from qualepref_lib.core.mesures import Taux, TriCroise
from qualepref_lib.cotations import (
    DECLARE,
    Axe,
    cotations_de,
    formule_de,
    grouper,
    numeros,
    points_de,
    taux_de,
)
from qualepref_lib.referentiel import cible_au

PRECEDENTE, CETTE = "édition précédente", "cette édition"
LIBELLE, NOUVEAU, DISPARU = "libellé changé", "nouveau à cette édition", "absent de cette édition"
ECHELLE = "échelle de cotation changée"


@dataclass(frozen=True)
class Paire:
    """One indicator in both editions: its rates, or why it does not compare."""

    code: str
    libelle: str
    engagements: frozenset[str]
    canal: str
    maintenant: Taux | None = None
    avant: Taux | None = None
    lignes: Sequence[int] = ()
    rupture: str = ""

    @property
    def comparable(self) -> bool:
        """True when both editions have a base."""
        deux = (self.maintenant, self.avant)
        return not self.rupture and all(t is not None and t.observes for t in deux)


def cotations_avant(campagne: Campagne) -> pd.DataFrame | None:
    """The ratings of the edition before: its own, else those that this edition kept beside its own.

    None when neither is there.
    """
    precedente = campagne.precedente.campagne
    if precedente is not None:
        return cotations_de(precedente) if DECLARE in precedente.tables else None
    if DECLARE not in campagne.tables:
        return None
    gardees = campagne.tables[DECLARE].cadre["cotation_precedente"]
    if gardees.isna().all():
        return None
    ici = cotations_de(campagne)
    return ici.assign(cotation=gardees.reindex(ici.index).astype(object))


def measure_editions(campagne: Campagne, par: Axe = "module") -> Bilan:
    """The declared rate of the edition before beside this one's, each on its own criteria."""
    avant = cotations_avant(campagne)
    manque = campagne.manque(DECLARE) or ("" if avant is not None else campagne.precedente.manque)
    lignes = []
    if avant is not None and not manque:
        gardees = {code: groupe for code, _, groupe in grouper(avant, campagne, par)}
        for code, libelle, groupe in grouper(cotations_de(campagne), campagne, par):
            cases = {CETTE: taux_de(groupe, campagne, par)}
            if code in gardees:
                cases = {PRECEDENTE: taux_de(gardees[code], campagne, par), **cases}
            lignes.append(Ligne(code, libelle, TriCroise(cases), numeros(groupe)))
    return new_bilan(
        campagne,
        DECLARE,
        code=f"effets.editions.{par}",
        titre=f"Taux déclaré par {par}, d’une édition à l’autre",
        entete={"module": "Module", "canal": "Canal"}.get(par, "Ensemble"),
        unite="critère",
        formule=f"{formule_de(campagne, par)} ; chaque édition sur ses propres critères",
        lignes=lignes,
        manque=manque,
    )


def ruptures_de(campagne: Campagne) -> dict[str, tuple[str, str]]:
    """The criteria that do not compare with the edition before: their wording, and why."""
    precedente = campagne.precedente.campagne
    if precedente is None:
        return {}  # ratings that were kept beside the new ones are of the same edition
    ici, la = campagne.referentiel.criteres, precedente.referentiel.criteres
    ruptures = {}
    for code in dict.fromkeys((*ici, *la)):
        if code not in la:
            ruptures[code] = (ici[code].libelle, NOUVEAU)
        elif code not in ici:
            ruptures[code] = (la[code].libelle, DISPARU)
        elif ici[code].libelle != la[code].libelle:
            ruptures[code] = (ici[code].libelle, LIBELLE)
        elif points_de(campagne) != points_de(precedente):
            ruptures[code] = (ici[code].libelle, ECHELLE)
    return ruptures


def list_ruptures(campagne: Campagne) -> Liste:
    """The criteria whose series is broken, with the reason: no difference counts them."""
    return new_liste(
        campagne,
        DECLARE,
        code="effets.ruptures",
        titre="Ruptures de série : critères qui ne se comparent pas",
        champ="critères des deux éditions du référentiel",
        colonnes=("Critère", "Rupture"),
        lignes=tuple(
            (f"{code} {libelle}", raison)
            for code, (libelle, raison) in ruptures_de(campagne).items()
        ),
        manque=campagne.precedente.manque,
    )


def paires_declarees(
    campagne: Campagne, criteres: frozenset[str], avant: pd.DataFrame | None
) -> tuple[Taux, Taux, tuple[int, ...]] | None:
    """The rates, now and before, of the criteria rated in both editions, and their lines now."""
    if avant is None or DECLARE not in campagne.tables:
        return None
    points, ruptures = points_de(campagne), ruptures_de(campagne)
    ici = cotations_de(campagne)
    cadres = [
        cadre[cadre["critere"].isin(criteres - ruptures.keys()) & cadre["cotation"].isin(points)]
        for cadre in (ici, avant)
    ]
    communs = set(cadres[0]["critere"]) & set(cadres[1]["critere"])
    if not communs:
        return None
    maintenant, hier = (cadre[cadre["critere"].isin(communs)] for cadre in cadres)
    lignes = tuple(int(ligne) for ligne in maintenant.index)
    return _taux(maintenant, points), _taux(hier, points), lignes


def _taux(cadre: pd.DataFrame, points: Mapping[str, object]) -> Taux:
    return Taux(sum(points[c] for c in cadre["cotation"]), len(cadre))  # type: ignore[misc]


def paires_observees(campagne: Campagne, avant: Campagne) -> Iterator[Paire]:
    """The yes/no criteria of the mystery grids."""
    ici, la = _par_code(measure_conformite(campagne)), _par_code(measure_conformite(avant))
    hier = {o.code: (g.code, o) for g in avant.referentiel.grilles for o in g.observations}
    raison = _meme_source(campagne, avant, "mystere")
    for grille in campagne.referentiel.grilles:
        for o in grille.observations:
            if o.genre != "critere":
                continue
            connue = hier.get(o.code)
            meme = connue and connue[0] == grille.code and connue[1].libelle == o.libelle
            rupture = raison or ("" if meme else LIBELLE if connue else NOUVEAU)
            yield _paire(o.code, o.libelle, o.engagements, grille.canal, ici, la, rupture)


def paires_ressenties(campagne: Campagne, avant: Campagne) -> Iterator[Paire]:
    """The scale questions of the survey."""
    ici, la = _par_code(measure_satisfaction(campagne)), _par_code(measure_satisfaction(avant))
    questionnaires = campagne.referentiel.questionnaire, avant.referentiel.questionnaire
    if questionnaires[0] is None:
        return
    raison = _meme_source(campagne, avant, "enquete") or _meme_recueil(campagne, avant)
    hier = questionnaires[1].questions if questionnaires[1] else {}
    for q in questionnaires[0].questions.values():
        if q.genre != "echelle":
            continue
        connue = hier.get(q.code)
        memes = [
            [m.libelle for m in siennes.modalites(question)]
            for siennes, question in zip(questionnaires, (q, connue), strict=True)
            if siennes is not None and question is not None
        ]
        meme = connue and connue.libelle == q.libelle and memes[0] == memes[1]
        rupture = raison or ("" if meme else LIBELLE if connue else NOUVEAU)
        yield _paire(q.code, q.court, q.engagements, q.canal, ici, la, rupture)


def paires_mesurees(campagne: Campagne, avant: Campagne) -> Iterator[Paire]:
    """The headline indicators of the registers."""
    ici = {ligne.code: ligne for _, ligne in indicateurs_de(campagne)}
    la = {ligne.code: ligne for _, ligne in indicateurs_de(avant)}
    jours = campagne.fiche.date_reference, avant.fiche.date_reference
    registres = campagne.referentiel.registres, avant.referentiel.registres
    for i in registres[0].indicateurs:
        connu = registres[1].indicateur(i.code)
        rupture = _meme_source(campagne, avant, i.registre)
        if connu is None or connu.libelle != i.libelle or connu.unite != i.unite:
            rupture = rupture or (LIBELLE if connu else NOUVEAU)
        elif _seuil(i.seuils, jours[0]) != _seuil(connu.seuils, jours[1]):
            rupture = rupture or "seuil changé"
        elif i.registre in ("courriers", "titres") and registres[0].delais != registres[1].delais:
            rupture = rupture or "délais changés"
        yield _paire(i.code, i.libelle, i.engagements, "", ici, la, rupture)


def _seuil(seuils: tuple, jour: object) -> object:  # type: ignore[type-arg]
    seuil = cible_au(seuils, jour)  # type: ignore[arg-type]
    return seuil.valeur if seuil else None


def _meme_source(campagne: Campagne, avant: Campagne, source: str) -> str:
    """Why a source says nothing of a change: one edition lacks it, or both hold the same file."""
    if source not in campagne.tables:
        return f"il manque {campagne.manque(source)}"
    if source not in avant.tables:
        return f"il manque {avant.manque(source)} à l’édition précédente"
    memes = {c.tables[source].source.sha256 for c in (campagne, avant)}
    return "même fichier aux deux éditions" if len(memes) == 1 else ""


def _meme_recueil(campagne: Campagne, avant: Campagne) -> str:
    """Two surveys collected in different ways do not compare: who answers is not the same."""
    declarations = [c.fiche.sources.get("enquete") for c in (campagne, avant)]
    plans = {d.plan for d in declarations if d}
    modes = {d.mode for d in declarations if d}
    return "mode de recueil changé" if len(plans) > 1 or len(modes) > 1 else ""


def _par_code(bilan: Bilan) -> dict[str, Ligne]:
    return {ligne.code: ligne for ligne in bilan.lignes}


def _paire(
    code: str,
    libelle: str,
    engagements: tuple[str, ...],
    canal: str,
    ici: Mapping[str, Ligne],
    la: Mapping[str, Ligne],
    rupture: str,
) -> Paire:
    maintenant, avant = (cote.get(code) for cote in (ici, la))
    if not rupture and (maintenant is None or avant is None):
        rupture = "sans observation à l’une des éditions"
    return Paire(
        code,
        libelle,
        frozenset(engagements),
        canal,
        maintenant=_mesure(maintenant),
        avant=_mesure(avant),
        lignes=maintenant.lignes if maintenant else (),
        rupture=rupture,
    )


def _mesure(ligne: Ligne | None) -> Taux | None:
    return ligne.mesure if ligne is not None and isinstance(ligne.mesure, Taux) else None
