"""Five lenses on an engagement: what is declared, proven, observed, felt and measured.

Which mystery criterion, question or indicator speaks for which engagement is data of the
référentiel; each lens is judged by its own declared rule (rules 3.8):

- *déclaré*, *prouvé* (a census): conforme from the target on, écart under the threshold of the
  axes of progress, the bounds deciding while criteria are open;
- *observé* (mystery): écart as soon as one criterion is contradicted, conforme when all are proven;
- *ressenti* (survey): écart when a whole interval is under the target, conforme when all are above;
- *mesuré* (registers): conforme when every indicator reaches its target, écart when one is under
  its declared threshold of alert.

In between a lens is *fragile*; without data it is *non évalué*, which is no judgement.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from qualepref_lib.analyses.autodiagnostic import measure_autodiagnostic
from qualepref_lib.analyses.mystere import measure_conformite
from qualepref_lib.analyses.preuves import measure_prouve
from qualepref_lib.analyses.satisfaction import measure_satisfaction
from qualepref_lib.campagne import Campagne
from qualepref_lib.constats.indicateurs import REGISTRES, indicateurs_de
from qualepref_lib.constats.regards import (
    Citation,
    Regard,
    Verdict,
    sort_citations,
    taux_de,
    worst,
)
from qualepref_lib.core.bilan import Bilan, Ligne
from qualepref_lib.core.francais import enumeration, pourcentage
from qualepref_lib.core.mesures import PETITE_BASE, Taux
from qualepref_lib.referentiel import Indicateur, cible_au

Lecture = Callable[[str], Regard]
"""What a lens says of the engagement with this code."""


def lectures(campagne: Campagne) -> tuple[Lecture, ...]:
    """The five lenses, in the order in which they are shown."""
    return (
        _recensement("déclaré", measure_autodiagnostic(campagne, par="engagement"), campagne),
        _recensement("prouvé", measure_prouve(campagne, par="engagement"), campagne),
        _observe(campagne),
        _ressenti(campagne),
        _mesure(campagne),
    )


def _recensement(nom: str, bilan: Bilan, campagne: Campagne) -> Lecture:
    """A lens that looked at every criterion: the target, the axes and the bounds decide."""
    edition, jour = campagne.referentiel.edition, campagne.fiche.date_reference
    cible = cible_au(edition.cibles, jour)
    haut = cible.valeur if cible else edition.point_fort_a_partir
    bas = edition.axe_en_dessous
    par_code = {ligne.code: ligne for ligne in bilan.lignes}

    def lire(code: str) -> Regard:
        ligne = par_code.get(code)
        if ligne is None or taux_de(ligne).valeur is None:
            return Regard(nom, manque=bilan.manque)
        mini, maxi = _bornes(taux_de(ligne))
        verdict: Verdict = "conforme" if mini >= haut else "écart" if maxi < bas else "fragile"
        motif = f"taux sous le seuil des axes de progrès, {pourcentage(bas)}"
        return Regard(nom, verdict, ((bilan, ligne),), motif, tenu=mini >= bas)

    return lire


def _observe(campagne: Campagne) -> Lecture:
    """The mystery criteria that speak for an engagement: the worst decides."""
    bilan, observations = measure_conformite(campagne), campagne.referentiel.observations
    verdicts = {li.code: DECISIONS[li.statut] for li in bilan.lignes if li.statut in DECISIONS}

    def lire(code: str) -> Regard:
        siennes = [
            (bilan, ligne)
            for ligne in bilan.lignes
            if ligne.code in verdicts and code in observations[ligne.code].engagements
        ]
        return _juger("observé", siennes, verdicts, bilan.manque, _dire_contredit)

    return lire


def _ressenti(campagne: Campagne) -> Lecture:
    """The questions that speak for an engagement, against the target of the survey."""
    bilan, questionnaire = measure_satisfaction(campagne), campagne.referentiel.questionnaire
    jour = campagne.fiche.date_reference
    propres = questionnaire.cibles if questionnaire else ()
    cible = cible_au(propres, jour) or cible_au(campagne.referentiel.edition.cibles, jour)
    questions = questionnaire.questions if questionnaire else {}
    verdicts = {
        ligne.code: _ressentir(taux_de(ligne), cible.valeur, bilan.niveau)
        for ligne in bilan.lignes
        if cible is not None and taux_de(ligne).observes
    }

    def dire(ligne: Ligne) -> str:
        assert cible is not None
        sous = f"tout l’intervalle est sous la cible de {pourcentage(cible.valeur)}"
        return f"« {ligne.libelle} » : {sous}"

    def lire(code: str) -> Regard:
        siennes = [
            (bilan, ligne)
            for ligne in bilan.lignes
            if ligne.code in verdicts and code in questions[ligne.code].engagements
        ]
        return _juger("ressenti", siennes, verdicts, bilan.manque, dire)

    return lire


def _mesure(campagne: Campagne) -> Lecture:
    """The indicators of the registers that speak for an engagement: the worst decides."""
    declares = {i.code: i for i in campagne.referentiel.registres.indicateurs}
    citations = [
        (bilan, ligne) for bilan, ligne in indicateurs_de(campagne) if taux_de(ligne).observes
    ]
    verdicts = {ligne.code: _mesurer(ligne, declares[ligne.code]) for _, ligne in citations}
    manque = enumeration([m for registre in REGISTRES if (m := campagne.manque(registre))])

    def lire(code: str) -> Regard:
        siennes = [c for c in citations if code in declares[c[1].code].engagements]
        attendu = any(code in i.engagements for i in declares.values())
        absent = manque if attendu and not siennes else ""
        return _juger("mesuré", siennes, verdicts, absent, _dire_sous_cible)

    return lire


def _juger(
    nom: str,
    citations: list[Citation],
    verdicts: dict[str, Verdict],
    manque: str,
    dire: Callable[[Ligne], str],
) -> Regard:
    """A lens of several lines: its worst line decides, and gives the reason."""
    rangees = sort_citations([c for c in citations if c[1].code in verdicts], verdicts)
    if not rangees:
        return Regard(nom, manque=manque)
    verdict = worst([verdicts[ligne.code] for _, ligne in rangees])
    return Regard(nom, verdict, rangees, dire(rangees[0][1]), tenu=verdict == "conforme")


DECISIONS: dict[str, Verdict] = {
    "contredit": "écart",
    "non démontré": "fragile",
    "prouvé": "conforme",
}


def _ressentir(taux: Taux, cible: Fraction, niveau: float) -> Verdict:
    bas, haut = taux.intervalle(niveau)
    return "écart" if haut < cible else "conforme" if bas >= cible else "fragile"


def _mesurer(ligne: Ligne, indicateur: Indicateur) -> Verdict:
    """A register holds everything: no interval, but a handful of rows proves little."""
    taux = taux_de(ligne)
    assert taux.valeur is not None
    if ligne.cible is None or taux.observes < PETITE_BASE:
        return "fragile" if ligne.cible is not None else "non évalué"
    if taux.valeur >= ligne.cible:
        return "conforme"
    alerte = ligne.cible if indicateur.alerte is None else indicateur.alerte
    return "écart" if taux.valeur < alerte else "fragile"


def _dire_contredit(ligne: Ligne) -> str:
    return f"« {ligne.libelle} » ({ligne.groupe}) : la cible de {_cible(ligne)} est contredite"


def _dire_sous_cible(ligne: Ligne) -> str:
    return f"« {ligne.libelle} » : {ligne.mesure}, pour une cible de {_cible(ligne)}"


def _cible(ligne: Ligne) -> str:
    return pourcentage(ligne.cible) if ligne.cible is not None else ""


def _bornes(taux: Taux) -> tuple[Fraction, Fraction]:
    valeur = taux.valeur or Fraction(0)
    return taux.bornes or (valeur, valeur)
