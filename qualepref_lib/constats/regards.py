"""Five lenses on an engagement: what is declared, proven, observed, felt and measured.

Which mystery criterion and which question speaks for which engagement is data of the référentiel;
each lens is judged by its own declared rule (rules 3.8):

- *déclaré*, *prouvé* (a census): conforme from the target on, écart under the threshold of the
  axes of progress, the bounds deciding while criteria are open;
- *observé* (mystery): écart as soon as one criterion is contradicted, conforme when all are proven;
- *ressenti* (survey): écart when a whole interval is under the target, conforme when all are above.

In between a lens is *fragile*; without data it is *non évalué*, which is no judgement.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from qualepref_lib.analyses.autodiagnostic import measure_autodiagnostic
from qualepref_lib.analyses.mystere import measure_conformite
from qualepref_lib.analyses.preuves import measure_prouve
from qualepref_lib.analyses.satisfaction import measure_satisfaction
from qualepref_lib.campagne import Campagne
from qualepref_lib.core.bilan import Bilan, Ligne, Nuance, Renvoi
from qualepref_lib.core.francais import pourcentage
from qualepref_lib.core.mesures import Taux
from qualepref_lib.referentiel import cible_au

Verdict = Literal["conforme", "fragile", "écart", "non évalué"]
NUANCES: dict[Verdict, Nuance] = {
    "conforme": "bien",
    "fragile": "moyen",
    "écart": "ecart",
    "non évalué": "neutre",
}


@dataclass(frozen=True)
class Regard:
    """What one source says of one engagement: its verdict, and the lines behind it, worst first.

    ``tenu`` says that it holds the engagement for kept, at least in part; ``motif`` is the reason
    of a verdict, in words.
    """

    nom: str
    verdict: Verdict = "non évalué"
    bilan: Bilan | None = None
    lignes: tuple[Ligne, ...] = ()
    motif: str = ""
    tenu: bool = False

    @property
    def valeur(self) -> Fraction | None:
        """The rate of the line that decided."""
        return _taux(self.lignes[0]).valeur if self.lignes else None

    @property
    def citations(self) -> list[tuple[Bilan, Ligne]]:
        """Its lines with their bilan, for the register."""
        return [(self.bilan, ligne) for ligne in self.lignes] if self.bilan else []

    def renvoi(self, detail: bool = False) -> Renvoi:
        """Its verdict, linked to the figure that decided; with ``detail``, the figure is said."""
        if self.bilan is None or not self.lignes:
            return Renvoi(self.verdict, statut=NUANCES[self.verdict])
        texte = f"{self.verdict} : {self.lignes[0].mesure}" if detail else self.verdict
        return Renvoi(texte, self.bilan.identifiant(self.lignes[0]), NUANCES[self.verdict])


Lecture = Callable[[str], Regard]
"""What a lens says of the engagement with this code."""


def lectures(campagne: Campagne) -> tuple[Lecture, ...]:
    """The five lenses, in the order in which they are shown."""
    return (
        _recensement("déclaré", measure_autodiagnostic(campagne, par="engagement"), campagne),
        _recensement("prouvé", measure_prouve(campagne, par="engagement"), campagne),
        _observe(campagne),
        _ressenti(campagne),
        lambda _: Regard("mesuré"),  # the registers have no source yet
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
        if ligne is None or _taux(ligne).valeur is None:
            return Regard(nom, bilan=bilan)
        mini, maxi = _bornes(_taux(ligne))
        verdict: Verdict = "conforme" if mini >= haut else "écart" if maxi < bas else "fragile"
        motif = f"taux sous le seuil des axes de progrès, {pourcentage(bas)}"
        return Regard(nom, verdict, bilan, (ligne,), motif, tenu=mini >= bas)

    return lire


def _observe(campagne: Campagne) -> Lecture:
    """The mystery criteria that speak for an engagement: the worst decides."""
    bilan, observations = measure_conformite(campagne), campagne.referentiel.observations

    def lire(code: str) -> Regard:
        lignes = _rangees(
            bilan, lambda ligne: code in observations[ligne.code].engagements, DECISIONS
        )
        if not lignes:
            return Regard("observé", bilan=bilan)
        verdict = _pire([DECISIONS[ligne.statut] for ligne in lignes])
        motif = _motif(lignes[0], "la cible de {} est contredite")
        return Regard("observé", verdict, bilan, lignes, motif, tenu=verdict == "conforme")

    return lire


def _ressenti(campagne: Campagne) -> Lecture:
    """The questions that speak for an engagement, against the target of the survey."""
    bilan, questionnaire = measure_satisfaction(campagne), campagne.referentiel.questionnaire
    jour = campagne.fiche.date_reference
    propres = questionnaire.cibles if questionnaire else ()
    cible = cible_au(propres, jour) or cible_au(campagne.referentiel.edition.cibles, jour)
    questions = questionnaire.questions if questionnaire else {}
    decisions = {
        ligne.code: _ressentir(_taux(ligne), cible.valeur, bilan.niveau)
        for ligne in bilan.lignes
        if cible is not None and _taux(ligne).observes
    }

    def lire(code: str) -> Regard:
        siennes = [li for li in bilan.lignes if code in questions[li.code].engagements]
        lignes = tuple(
            sorted(
                (li for li in siennes if li.code in decisions),
                key=lambda li: (_RANGS[decisions[li.code]], _taux(li).valeur or 0, li.code),
            )
        )
        if not lignes or cible is None:
            return Regard("ressenti", bilan=bilan)
        verdict = _pire([decisions[ligne.code] for ligne in lignes])
        motif = f"« {lignes[0].libelle} » : tout l’intervalle est sous la cible de "
        motif += pourcentage(cible.valeur)
        return Regard("ressenti", verdict, bilan, lignes, motif, tenu=verdict == "conforme")

    return lire


_RANGS: dict[Verdict, int] = {"écart": 0, "fragile": 1, "conforme": 2, "non évalué": 3}
DECISIONS: dict[str, Verdict] = {
    "contredit": "écart",
    "non démontré": "fragile",
    "prouvé": "conforme",
}


def _rangees(
    bilan: Bilan, garder: Callable[[Ligne], bool], decisions: dict[str, Verdict]
) -> tuple[Ligne, ...]:
    """The lines kept that were decided, the worst first."""
    gardees = [ligne for ligne in bilan.lignes if ligne.statut in decisions and garder(ligne)]
    return tuple(
        sorted(
            gardees,
            key=lambda li: (_RANGS[decisions[li.statut]], _taux(li).valeur or 0, li.code),
        )
    )


def _pire(verdicts: Sequence[Verdict]) -> Verdict:
    return min(verdicts, key=_RANGS.__getitem__)


def _ressentir(taux: Taux, cible: Fraction, niveau: float) -> Verdict:
    bas, haut = taux.intervalle(niveau)
    return "écart" if haut < cible else "conforme" if bas >= cible else "fragile"


def _motif(ligne: Ligne, phrase: str) -> str:
    cible = pourcentage(ligne.cible) if ligne.cible is not None else ""
    return f"« {ligne.libelle} » ({ligne.groupe}) : {phrase.format(cible)}"


def _bornes(taux: Taux) -> tuple[Fraction, Fraction]:
    valeur = taux.valeur or Fraction(0)
    return taux.bornes or (valeur, valeur)


def _taux(ligne: Ligne) -> Taux:
    assert isinstance(ligne.mesure, Taux)
    return ligne.mesure
