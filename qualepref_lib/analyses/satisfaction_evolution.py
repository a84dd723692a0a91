"""What changed: against a published edition, against a whole one, month after month.

A past edition known only by its published rate has no base: the difference is given for each
plausible one, and every sentence made of it is conditional (rules 3.4, comparability guard).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import pandas as pd

from qualepref_lib.campagne import Campagne, EditionPubliee
from qualepref_lib.core.bilan import Bilan, Ligne, Liste, Nuance, Renvoi
from qualepref_lib.core.francais import enumeration, mois, round_half_up
from qualepref_lib.core.intervalles import newcombe, wilson
from qualepref_lib.core.mesures import Ecart, Score, Taux, TauxMasque
from qualepref_lib.enquete.bilans import est_echantillon, etendue_de, new_bilan_enquete
from qualepref_lib.enquete.diffusion import avec_regle, masquer_parts
from qualepref_lib.enquete.editions import (
    DIMENSIONS,
    INCONNU,
    RUPTURE,
    Examen,
    annee_de,
    edition_de,
    edition_publiee,
    examiner,
)
from qualepref_lib.enquete.opinions import T2B, comptes_de, ligne_taux
from qualepref_lib.enquete.questions import SOURCE, question_de, questionnaire_de
from qualepref_lib.enquete.reponses import cadre_de, exprimes, numeros

RETENUE = "hypothèse retenue"
_NUANCES: dict[str, Nuance] = {"comparable": "bien", "avec réserve": "moyen", "rupture": "ecart"}


@dataclass(frozen=True)
class Passee:
    """One past edition of the main question: its examination, and its bases, known or plausible."""

    examen: Examen
    valeur: Fraction
    bases: tuple[int, ...]
    connue: bool
    retenue: int | None
    inconnus: tuple[str, ...] = ()

    @property
    def reserve(self) -> str:
        """What is unknown of it, as declared, or as the examination found it."""
        if self.inconnus:
            return f"on ignore, pour {self.examen.avant.nom}, {enumeration(self.inconnus)}"
        return self.examen.raison


def measure_evolution(campagne: Campagne) -> Bilan:
    """The main question against each past edition, one line a known or plausible base."""
    principale = questionnaire_de(campagne).question_principale
    question = question_de(campagne, principale)
    passees = _passees(campagne, principale)
    lignes: list[Ligne] = []
    if SOURCE in campagne.tables:
        actuelle = ligne_taux(campagne, question)
        lignes = [li for passee in passees for li in _ecarts(campagne, actuelle, passee)]
    return new_bilan_enquete(
        campagne,
        "evolution",
        titre="Évolution depuis l’édition publiée",
        entete="Hypothèse",
        formule="écart = taux de cette édition − taux publié ; intervalle de Newcombe",
        lignes=lignes,
        reserve=" ; ".join(p.reserve for p in passees if p.reserve),
        si_vide="Aucune édition antérieure n’est déclarée : il n’y a pas d’évolution à dire.",
    )


def list_comparabilite(campagne: Campagne) -> Liste:
    """What is known of each past edition beside this one, and the verdict on each dimension."""
    principale = questionnaire_de(campagne).question_principale
    examens = [passee.examen for passee in _passees(campagne, principale)]
    return Liste(
        code="satisfaction.comparabilite",
        titre="Tableau de comparabilité des éditions",
        champ="éditions antérieures déclarées dans campagne.yaml, question principale",
        source=campagne.source(SOURCE),
        colonnes=("Ce qui est comparé", "Édition antérieure", "Cette édition", "Verdict"),
        lignes=tuple(ligne for examen in examens for ligne in _lignes_examen(examen)),
        manque=campagne.manque(SOURCE),
    )


def measure_enquetes(campagne: Campagne) -> Bilan:
    """The rate of the main question, edition after edition; a break is a state of its line."""
    principale = questionnaire_de(campagne).question_principale
    passees = _passees(campagne, principale)
    lignes = [_ligne_edition(campagne, passee) for passee in passees]
    if SOURCE in campagne.tables:
        fav, base = comptes_de(campagne, principale)
        lus = numeros(campagne, exprimes(campagne, principale))
        annee = annee_de(campagne)
        score = _score(campagne, fav, base)
        lignes.append(Ligne(f"edition.{annee}", annee, score, lus, statut="cette édition"))
    lignes.sort(key=lambda li: li.libelle)
    return new_bilan_enquete(
        campagne,
        "editions",
        titre=f"D’une édition à l’autre : {question_de(campagne, principale).court}",
        entete="Édition",
        formule=T2B,
        lignes=lignes,
        reserve=" ; ".join(p.reserve for p in passees if p.reserve),
    )


def measure_mois(campagne: Campagne, question: str = "") -> Bilan:
    """The satisfaction rate of a question by month of answer; the main one unless it is named."""
    code = question or questionnaire_de(campagne).question_principale
    lignes = list(_lignes_mois(campagne, code)) if SOURCE in campagne.tables else []
    bilan = new_bilan_enquete(
        campagne,
        f"mois.{code}",
        titre=f"Mois par mois : {question_de(campagne, code).court}",
        entete="Mois",
        formule=T2B,
        lignes=lignes,
    )
    return avec_regle(campagne, bilan)


def _lignes_mois(campagne: Campagne, question: str) -> Iterator[Ligne]:
    periodes = cadre_de(campagne)["date"].dt.to_period("M")
    rangs, valeurs = pd.factorize(periodes, sort=True)
    base = exprimes(campagne, question)
    parts = masquer_parts(campagne, question, rangs.astype(np.int64), len(valeurs))
    for rang, (periode, taux) in enumerate(zip(valeurs, parts, strict=True)):
        dans = base & (rangs == rang)
        nom = mois(periode.to_timestamp().date())
        lignes = () if isinstance(taux, TauxMasque) else numeros(campagne, dans)
        yield Ligne(str(periode), nom, taux, lignes)


def _passees(campagne: Campagne, question: str) -> list[Passee]:
    """Every past edition of a question, the oldest first; a whole one replaces its publication."""
    maintenant = edition_de(campagne, question)
    entieres: dict[str, Passee] = {}
    lues, avant = {campagne.fiche.code}, campagne.precedente.campagne
    while avant is not None and avant.fiche.code not in lues:  # editions that name each other end
        entieres |= {p.examen.avant.nom: p for p in _entiere(avant, question, campagne)}
        lues.add(avant.fiche.code)
        avant = avant.precedente.campagne
    publiees = [
        _publiee(edition, examiner(edition_publiee(edition), maintenant))
        for edition in campagne.fiche.editions_publiees
        if edition.indicateur == question and str(edition.annee) not in entieres
    ]
    return sorted([*publiees, *entieres.values()], key=lambda p: p.examen.avant.nom)


def _publiee(edition: EditionPubliee, examen: Examen) -> Passee:
    return Passee(
        examen=examen,
        valeur=edition.valeur,
        bases=(edition.base,) if edition.base else edition.bases_plausibles,
        connue=edition.base is not None,
        retenue=edition.base_retenue,
        inconnus=edition.inconnus,
    )


def _entiere(avant: Campagne, question: str, campagne: Campagne) -> list[Passee]:
    """The previous edition in full; nothing when it has no such question, or no answer to it."""
    questionnaire = avant.referentiel.questionnaire
    if SOURCE not in avant.tables or questionnaire is None:
        return []
    q = questionnaire.questions.get(question)
    if q is None or q.genre != "echelle":
        return []
    fav, base = comptes_de(avant, question)
    examen = examiner(edition_de(avant, question), edition_de(campagne, question))
    return [Passee(examen, Fraction(fav, base), (base,), True, None)] if base else []


def _ecarts(campagne: Campagne, actuelle: Ligne, passee: Passee) -> Iterator[Ligne]:
    """One line a base of the past edition; nothing where nobody answered now."""
    taux, nom = actuelle.mesure, passee.examen.avant.nom
    if not isinstance(taux, Taux) or not taux.observes:
        return
    for base in passee.bases:
        avant = Taux(round_half_up(passee.valeur * base), base)
        intervalle = newcombe(
            float(taux.favorables),
            taux.observes,
            float(avant.favorables),
            base,
            campagne.fiche.niveau_confiance,
        )
        si = "" if passee.connue else "si "
        yield Ligne(
            code=f"{actuelle.code}.{nom}.{base}",
            libelle=f"{si}l’édition {nom} comptait {base} réponses",
            mesure=Ecart(taux, avant, intervalle, passee.connue, actuelle.libelle),
            lignes=actuelle.lignes,
            reference=passee.valeur,
            groupe=nom,
            statut=_statut(passee, base),
        )


def _statut(passee: Passee, base: int) -> str:
    """The hypothesis that sentences use; where the base is known, a verdict that settles it."""
    if passee.examen.verdict == RUPTURE:
        return RUPTURE
    if passee.connue:
        return passee.examen.verdict if passee.examen.verdict == "comparable" else ""
    return RETENUE if base == passee.retenue else ""


def _ligne_edition(campagne: Campagne, passee: Passee) -> Ligne:
    nom, connue = passee.examen.avant.nom, passee.connue
    base = passee.bases[0] if connue else None
    score = Score(100 * float(passee.valeur), None, "%")
    if base is not None:
        score = _score(campagne, round_half_up(passee.valeur * base), base)
    return Ligne(f"edition.{nom}", nom, score, statut=passee.examen.verdict)


def _score(campagne: Campagne, fav: Fraction | int, base: int) -> Score:
    """A rate in per cent with its Wilson interval, as a point of the series of editions."""
    if not base:
        return Score(None, 0, "%")
    bornes = (100 * b for b in wilson(float(fav), base, campagne.fiche.niveau_confiance))
    etendue = etendue_de(campagne, *bornes) if est_echantillon(campagne) else None
    return Score(100 * float(fav) / base, base, "%", 0, etendue)


def _lignes_examen(examen: Examen) -> Iterator[tuple[str | Renvoi, ...]]:
    nom = examen.avant.nom
    for dimension, libelle in DIMENSIONS.items():
        verdict = examen.verdicts[dimension]
        dit = (examen.avant.dit(dimension), examen.maintenant.dit(dimension))
        yield (
            f"{libelle[:1].upper()}{libelle[1:]} ({nom})",
            dit[0] or INCONNU,
            dit[1] or INCONNU,
            Renvoi(verdict, statut=_NUANCES[verdict]),
        )
    yield (f"En tout ({nom})", "–", "–", Renvoi(examen.verdict, statut=_NUANCES[examen.verdict]))
