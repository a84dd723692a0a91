"""Chapter 3, engagement by engagement: all that a peer auditor needs to fill its appraisal.

The requirement, the five lenses with their figures, how each criterion is rated, the evidence and
its state, who was met, what to look at; then what the auditor says, or the blank for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from qualepref_lib.analyses.verification import measure_verifie
from qualepref_lib.campagne import Campagne
from qualepref_lib.constats.chiffres import quoted
from qualepref_lib.constats.croisement import SOURCES_CROISEES, Croisement, compare_regards
from qualepref_lib.constats.lectures import DECISIONS
from qualepref_lib.constats.regards import NUANCES, Regard
from qualepref_lib.core.bilan import Bilan, Ligne, Nuance, Renvoi, Source
from qualepref_lib.core.feuilles import Feuille, Liasse, Rubrique, new_rubrique
from qualepref_lib.core.francais import date_courte, enumeration
from qualepref_lib.core.mesures import Taux
from qualepref_lib.cotations import DECLARE
from qualepref_lib.preuves import FRAICHE, PERIMEE, Preuve, preuves_de
from qualepref_lib.referentiel import Critere, Engagement

VERIFICATION = "verification"
_ETATS: dict[str, Nuance] = {FRAICHE: "bien", PERIMEE: "moyen"}
_D_UNE_LIGNE = ("déclaré", "prouvé")
"""The lenses that rest on one rate: it is said beside the verdict."""
_SOURCES = (*SOURCES_CROISEES, "entretiens", VERIFICATION, "constats")


def list_evaluation(campagne: Campagne) -> Liasse:
    """One sheet for each engagement of the retained modules."""
    verifie = measure_verifie(campagne, par="engagement")
    fonds = _Fonds(campagne, preuves_de(campagne), verifie)
    croises = compare_regards(campagne)
    cites = [c for croise in croises for regard in croise.regards for c in regard.citations]
    cites += [(verifie, ligne) for ligne in verifie.lignes if _evalue(ligne)]
    presentes = [f"{s}.csv" for s in _SOURCES if s in campagne.tables]
    return Liasse(
        code="evaluation.engagements",
        titre="Évaluation des engagements",
        champ="engagements des modules retenus",
        source=Source(", ".join(presentes) or "aucun fichier", "", "Sources de l’audit"),
        feuilles=tuple(fonds.feuille(croise) for croise in croises),
        chiffres=quoted(cites),
    )


@dataclass(frozen=True)
class _Fonds:
    """What the sheets draw from: the campaign, the state of its evidence, the verified rates."""

    campagne: Campagne
    preuves: tuple[Preuve, ...]
    verifie: Bilan

    def feuille(self, croise: Croisement) -> Feuille:
        """The sheet of one engagement."""
        e = croise.engagement
        return Feuille(
            f"{e.code} {e.libelle}",
            (
                Rubrique("Exigence", (e.exigence,)),
                *(Rubrique(r.nom.capitalize(), tuple(_dire(r))) for r in croise.regards),
                Rubrique("Critères", tuple(self._critere(c) for c in e.criteres)),
                Rubrique("Preuves", self._preuves(e)),
                Rubrique("Entretiens", self._entretiens(e)),
                Rubrique("Points d’attention", (croise.fait or "aucune contradiction relevée",)),
                Rubrique("Cotation de l’auditeur", self._verifie(e) or ("aucun critère vérifié",)),
                new_rubrique("Appréciation de l’auditeur", *self._appreciation(e)),
            ),
        )

    def _critere(self, critere: Critere) -> str:
        """How a criterion is rated: by the service, last time, by the auditor."""
        dit = self._cotations(DECLARE, critere, "cotation") or "non évalué"
        avant = self._cotations(DECLARE, critere, "cotation_precedente")
        vu = self._cotations(VERIFICATION, critere, "cotation")
        morceaux = [f"déclaré {dit}", f"vérifié {vu}" if vu else "non vérifié"]
        if avant:
            morceaux.insert(1, f"à l’édition précédente {avant}")
        return f"{critere.code} {critere.libelle.rstrip('.')} : {', '.join(morceaux)}"

    def _cotations(self, source: str, critere: Critere, colonne: str) -> str:
        """The ratings of one criterion in one source, with who gave them when there are several."""
        if source not in self.campagne.tables:
            return ""
        cadre = self.campagne.tables[source].cadre
        siennes = cadre[(cadre["critere"] == critere.code) & cadre[colonne].notna()]
        libelles = {d.code: d.libelle for d in self.campagne.referentiel.edition.echelle}
        if len(siennes) == 1:
            return libelles[siennes[colonne].iloc[0]]
        return enumeration(
            [
                libelles[rang[colonne]] + (f" ({rang['service']})" if rang["service"] else "")
                for _, rang in siennes.iterrows()
            ]
        )

    def _preuves(self, engagement: Engagement) -> tuple[str | Renvoi, ...]:
        if manque := self.campagne.manque("preuves"):
            return (f"non évalué : il manque {manque}",)
        codes = {c.code for c in engagement.criteres}
        siennes = [p for p in self.preuves if codes & set(p.limites)]
        return tuple(
            Renvoi(f"{p.detail} : {p.code} {p.libelle}", statut=_ETATS.get(p.etat, "ecart"))
            for p in siennes
        ) or ("aucune preuve au registre",)

    def _entretiens(self, engagement: Engagement) -> tuple[str, ...]:
        if manque := self.campagne.manque("entretiens"):
            return (f"non évalué : il manque {manque}",)
        cadre = self.campagne.tables["entretiens"].cadre
        siens = cadre[[engagement.code in codes for codes in cadre["engagements"]]]
        return tuple(_entretien(rang) for _, rang in siens.iterrows()) or ("aucun entretien",)

    def _verifie(self, engagement: Engagement) -> tuple[str | Renvoi, ...]:
        """The rate of the criteria that the auditor has rated, if any."""
        return tuple(
            Renvoi(str(ligne.mesure), self.verifie.identifiant(ligne))
            for ligne in self.verifie.lignes
            if ligne.code == engagement.code and _evalue(ligne)
        )

    def _appreciation(self, engagement: Engagement) -> Iterator[str | Renvoi]:
        """The findings of the auditor; blank until there is one: a rate is no appraisal."""
        if "constats" in self.campagne.tables:
            types = {t.code: t.libelle for t in self.campagne.referentiel.edition.types_constat}
            cadre = self.campagne.tables["constats"].cadre
            for _, rang in cadre[cadre["engagement"] == engagement.code].iterrows():
                yield f"constat {rang['numero']}, {types[rang['type']]} : {rang['fait']}"


def _dire(regard: Regard) -> Iterator[str | Renvoi]:
    """The verdict of a lens, then each of its lines when there are several."""
    if regard.manque:
        yield Renvoi(f"non évalué : il manque {regard.manque}", statut="neutre")
    elif regard.nom in _D_UNE_LIGNE or not regard.citations:
        yield regard.renvoi(detail=True)
    else:
        yield Renvoi(regard.verdict, statut=NUANCES[regard.verdict])
        for bilan, ligne in regard.citations:
            yield Renvoi(_detail(ligne), bilan.identifiant(ligne))


def _detail(ligne: Ligne) -> str:
    groupe = f" ({ligne.groupe})" if ligne.groupe else ""
    decision = f", {ligne.statut}" if ligne.statut in DECISIONS else ""
    return f"« {ligne.libelle} »{groupe} : {ligne.mesure}{decision}"


def _entretien(rang: pd.Series) -> str:
    service = f" ({rang['service']})" if rang["service"] else ""
    notes = f" : {rang['notes']}" if rang["notes"] else ""
    return f"{date_courte(rang['date'].date())}, {rang['fonction']}{service}{notes}"


def _evalue(ligne: Ligne) -> bool:
    return isinstance(ligne.mesure, Taux) and ligne.mesure.valeur is not None
