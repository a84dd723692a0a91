"""What cannot be true together: the rules of the edition, applied to everything that was received.

A rule that lacks its source is not applied, and the list says so: silence would read as a pass.
What is raised is a lead for the auditor, never a finding.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pandas as pd

from qualepref_lib.analyses import controles, documents
from qualepref_lib.analyses.entretiens import cites_ou_a_venir
from qualepref_lib.analyses.plan_actions import measure_actions
from qualepref_lib.analyses.verification import paires_de
from qualepref_lib.campagne import Campagne
from qualepref_lib.campagne.listes import code_etat
from qualepref_lib.core.bilan import Bilan, Liste, Nuance, Renvoi, Source
from qualepref_lib.core.francais import enumeration
from qualepref_lib.core.masques import masquer
from qualepref_lib.cotations import DECLARE, cotations_de, points_de
from qualepref_lib.enquete.verbatims import load_noms
from qualepref_lib.preuves import (
    ABSENT,
    MODIFIE,
    Preuve,
    par_critere,
    preuves_de,
    sans_preuve,
)
from qualepref_lib.referentiel import Regle

Objets = Iterator[tuple[str, str]]
"""The code and the label of each object that a condition raises."""

OBJETS = {
    "critere": "critère",
    "preuve": "preuve",
    "document": "document",
    "engagement": "engagement",
    "action": "action",
    "controle": "contrôle",
    "usager": "observation",
}
GRAVITES: dict[str, Nuance] = {"alerte": "ecart", "attention": "moyen", "information": "neutre"}
"""The severities, the gravest first."""


@dataclass(frozen=True)
class Verification:
    """How one condition is looked for: the sources it needs, and the objects it raises.

    With ``au_moins_une``, one of the sources is enough.
    """

    sources: tuple[str, ...]
    chercher: Callable[[Campagne], Objets]
    au_moins_une: bool = False

    def manques(self, campagne: Campagne) -> list[str]:
        """The files without which the rule says nothing."""
        absents = [f"{s}.csv" for s in self.sources if s not in campagne.tables]
        return [] if self.au_moins_une and len(absents) < len(self.sources) else absents


def list_coherence(campagne: Campagne) -> Liste:
    """What the rules raise, the gravest first."""
    regles = campagne.referentiel.coherence
    rang = {gravite: n for n, gravite in enumerate(GRAVITES)}
    appliquees = [r for r in regles if not VERIFICATIONS[r.objet, r.condition].manques(campagne)]
    trouves = [
        (regle, code, libelle)
        for regle in sorted(appliquees, key=lambda r: rang[r.gravite])
        for code, libelle in VERIFICATIONS[regle.objet, regle.condition].chercher(campagne)
    ]
    return Liste(
        code="coherence.signalements",
        titre="Signalements de cohérence",
        champ=_champ(campagne, len(regles) - len(appliquees)),
        source=Source("coherence.yaml", "", campagne.referentiel.edition.libelle),
        colonnes=("Objet", "Gravité", "Signalement", "Règle"),
        lignes=tuple(_rang(*trouve) for trouve in trouves),
        manque="" if regles else "règles de cohérence (fichier coherence.yaml du référentiel)",
    )


def _rang(regle: Regle, code: str, libelle: str) -> tuple[str | Renvoi, ...]:
    phrase = regle.phrase.format(code=code, libelle=libelle.rstrip("."))
    gravite = Renvoi(regle.gravite, statut=GRAVITES[regle.gravite])
    return (f"{OBJETS[regle.objet]} {code}", gravite, phrase, regle.code)


def _champ(campagne: Campagne, ecartees: int) -> str:
    champ = "règles de l’édition, à la date de référence ; des pistes, pas des constats"
    if not ecartees:
        return champ
    absents = {
        fichier
        for regle in campagne.referentiel.coherence
        for fichier in VERIFICATIONS[regle.objet, regle.condition].manques(campagne)
    }
    return f"{champ} ; des règles n’ont pas pu être appliquées, faute de " + enumeration(
        sorted(absents)
    )


def _criteres(campagne: Campagne, codes: pd.Series) -> Objets:
    for code in dict.fromkeys(codes):
        yield code, campagne.referentiel.criteres[code].libelle


def _realise_sans_preuve(campagne: Campagne) -> Objets:
    """Rated at the top of the scale, and no proof of the register exists for it."""
    preuves = preuves_de(campagne)
    entier = max(points_de(campagne).values())
    tenus = [code for code, points in points_de(campagne).items() if points == entier]
    sans = sans_preuve(campagne, preuves)
    existent = {c for c, servent in par_critere(preuves).items() if any(p.intacte for p in servent)}
    return _criteres(
        campagne, sans["critere"][sans["cotation"].isin(tenus) & ~sans["critere"].isin(existent)]
    )


def _preuve_perimee_seule(campagne: Campagne) -> Objets:
    """Claimed, and every proof that exists for it has gone stale."""
    preuves = preuves_de(campagne)
    sans = sans_preuve(campagne, preuves)
    existent = {c for c, servent in par_critere(preuves).items() if any(p.intacte for p in servent)}
    return _criteres(campagne, sans["critere"][sans["critere"].isin(existent)])


def _sans_objet_sans_motif(campagne: Campagne) -> Objets:
    cadre = campagne.tables[DECLARE].cadre
    hors = cadre["cotation"].notna() & ~cadre["cotation"].isin(points_de(campagne))
    return _criteres(campagne, cadre["critere"][hors & cadre["motif"].isna()])


def _verifiee_plus_basse(campagne: Campagne) -> Objets:
    points, paires = points_de(campagne), paires_de(campagne)
    baisse = paires["verifie"].map(points) < paires["declare"].map(points)
    return _criteres(campagne, paires["critere"][baisse])


def _preuves(juger: Callable[[Preuve], bool]) -> Callable[[Campagne], Objets]:
    return lambda campagne: ((p.code, p.libelle) for p in preuves_de(campagne) if juger(p))


def _rangs(
    source: str, mesurer: Callable[[Campagne], Bilan], *etats: str, nom: str = "libelle"
) -> Callable[[Campagne], Objets]:
    """The rows of a register that its analysis counts in one of ``etats``."""

    def chercher(campagne: Campagne) -> Objets:
        bilan, cadre = mesurer(campagne), campagne.tables[source].cadre
        noms = load_noms(campagne)  # what users wrote is quoted without what leads to them
        for etat in etats:
            for numero in bilan.ligne(code_etat(etat)).lignes:
                libelle = masquer(str(cadre[nom][numero]), noms).texte
                yield str(cadre["code"][numero]), libelle

    return chercher


def _sans_entretien(campagne: Campagne) -> Objets:
    cites = cites_ou_a_venir(campagne)
    return (e for e in _engagements(campagne) if e[0] not in cites)


def _engagement_sans_preuve(campagne: Campagne) -> Objets:
    """None of its criteria is named by any proof of the register."""
    engagement_de = campagne.referentiel.engagement_de
    servis = {engagement_de[c] for c in par_critere(preuves_de(campagne))}
    return (e for e in _engagements(campagne) if e[0] not in servis)


def _engagements(campagne: Campagne) -> Objets:
    return ((e.code, e.libelle) for module in campagne.modules for e in module.engagements)


def _faite_sans_recotation(campagne: Campagne) -> Objets:
    """Done, while a criterion that it was to fix is still rated under the top of the scale."""
    points, cotations = points_de(campagne), cotations_de(campagne)
    entier = max(points.values())
    basses = set(cotations["critere"][cotations["cotation"].map(points) < entier])
    cadre = campagne.tables["plan_actions"].cadre
    for action in cadre[cadre["statut"] == "fait"].itertuples():
        if basses.intersection(action.criteres):
            yield action.code, action.libelle


def _actions_en_retard(campagne: Campagne) -> Objets:
    cadre = campagne.tables["plan_actions"].cadre
    for ligne in measure_actions(campagne, en_retard=True).lignes:
        yield cadre["code"][ligne.lignes[0]], cadre["libelle"][ligne.lignes[0]]


def _actions_sans_responsable(campagne: Campagne) -> Objets:
    cadre = campagne.tables["plan_actions"].cadre
    orphelines = cadre[(cadre["statut"] != "abandonne") & cadre["responsable"].isna()]
    return ((a.code, a.libelle) for a in orphelines.itertuples())


VERIFICATIONS: dict[tuple[str, str], Verification] = {
    ("critere", "realise_sans_preuve"): Verification((DECLARE, "preuves"), _realise_sans_preuve),
    ("critere", "preuve_perimee_seule"): Verification((DECLARE, "preuves"), _preuve_perimee_seule),
    ("critere", "sans_objet_sans_motif"): Verification((DECLARE,), _sans_objet_sans_motif),
    ("critere", "cotation_verifiee_plus_basse"): Verification(
        (DECLARE, "verification"), _verifiee_plus_basse
    ),
    ("preuve", "fichier_absent"): Verification(("preuves",), _preuves(lambda p: p.etat == ABSENT)),
    ("preuve", "fichier_modifie"): Verification(
        ("preuves",), _preuves(lambda p: p.etat == MODIFIE)
    ),
    ("preuve", "perimee"): Verification(("preuves",), _preuves(lambda p: bool(p.perimees))),
    ("document", "revue_en_retard"): Verification(
        ("documents",), _rangs("documents", documents.measure_documents, documents.A_REVOIR)
    ),
    ("engagement", "sans_entretien"): Verification(
        ("entretiens", "plan_audit"), _sans_entretien, au_moins_une=True
    ),
    ("engagement", "sans_preuve"): Verification(("preuves",), _engagement_sans_preuve),
    ("action", "faite_sans_recotation"): Verification(
        ("plan_actions", DECLARE), _faite_sans_recotation
    ),
    ("action", "en_retard"): Verification(("plan_actions",), _actions_en_retard),
    ("action", "sans_responsable"): Verification(("plan_actions",), _actions_sans_responsable),
    ("controle", "en_retard"): Verification(
        ("controles",),
        _rangs("controles", controles.measure_controles, controles.EN_RETARD, controles.JAMAIS),
    ),
    ("usager", "sans_reponse"): Verification(
        ("usagers",),
        _rangs("usagers", controles.measure_usagers, controles.SANS_REPONSE, nom="objet"),
    ),
}
"""Every condition that a rule may name, and how it is looked for."""
