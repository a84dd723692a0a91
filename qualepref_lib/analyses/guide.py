"""The interview guide: whom to meet, about what, and what to ask first.

It is generated from the scope: every criterion of the retained modules is asked of someone. What
no valid proof shows is asked first, since there the interview is all there is.
"""

from __future__ import annotations

from collections import Counter

import pandas as pd

from qualepref_lib.campagne import Campagne
from qualepref_lib.campagne.listes import new_liste
from qualepref_lib.core.bilan import Liste
from qualepref_lib.core.refus import Probleme, Refus, proche, sans_accent
from qualepref_lib.cotations import cotations_de, points_de
from qualepref_lib.preuves import preuves_de, prouves
from qualepref_lib.referentiel import Engagement

SOURCE = "entretiens"
SANS_FONCTION = "fonction à désigner"


COLONNES = ("Fonction", "Engagement", "À demander d’abord", "À confirmer")


def list_guide(campagne: Campagne, fonction: str = "") -> Liste:
    """For each function, its engagements and what to ask, the unproven criteria first.

    ``fonction`` keeps one guide only, to print for one interview; it then holds what is to be
    confirmed too, which would fill ten pages of the report.
    """
    guide = fonctions_de(campagne)
    if fonction:
        guide = {_connue(fonction, guide): guide[_connue(fonction, guide)]}
    cotations, prouvees = cotations_de(campagne), prouves(preuves_de(campagne))
    engagements = campagne.referentiel.engagements
    return new_liste(
        campagne,
        SOURCE,
        code="entretiens.guide",
        titre="Guide d’entretien",
        champ="critères des modules retenus ; d’abord ceux qu’aucune preuve valable ne montre",
        colonnes=COLONNES[: 4 if fonction else 3],
        lignes=(
            (
                qui,
                f"{code} {engagements[code].libelle}",
                *_questions(engagements[code], cotations, prouvees, campagne),
            )[: 4 if fonction else 3]
            for qui, codes in guide.items()
            for code in codes
        ),
        manque="",
    )


def fonctions_de(campagne: Campagne) -> dict[str, list[str]]:
    """The engagements of each function; those that nobody was given go to the service that rated.

    The functions are those of the interviews, then of the audit plan.
    """
    ordre = [e.code for module in campagne.modules for e in module.engagements]
    guide: dict[str, list[str]] = {}
    for source in ("entretiens", "plan_audit"):
        if source in campagne.tables:
            for rang in campagne.tables[source].cadre.itertuples():
                if rang.fonction and rang.engagements:
                    guide.setdefault(rang.fonction, []).extend(rang.engagements)
    donnes = {code for codes in guide.values() for code in codes}
    services = services_de(campagne)
    for code in ordre:
        if code not in donnes:
            guide.setdefault(services.get(code, SANS_FONCTION), []).append(code)
    return {qui: [code for code in ordre if code in codes] for qui, codes in guide.items()}


def services_de(campagne: Campagne) -> dict[str, str]:
    """The service that rated most criteria of each engagement, where services are named."""
    cotations = cotations_de(campagne).dropna(subset=["service"])
    return {
        str(code): Counter(groupe["service"]).most_common(1)[0][0]
        for code, groupe in cotations.groupby("engagement")
    }


def _connue(fonction: str, guide: dict[str, list[str]]) -> str:
    formes = {sans_accent(connue): connue for connue in guide}
    if sans_accent(fonction) not in formes:
        constat = f"« {fonction} » n’est pas une fonction rencontrée."
        connus = tuple(guide)
        voisin = proche(fonction, connus)
        raise Refus(Probleme("list_guide", constat, connus=connus, voisin=voisin))
    return formes[sans_accent(fonction)]


def _questions(
    engagement: Engagement, cotations: pd.DataFrame, prouvees: set[str], campagne: Campagne
) -> tuple[str, str]:
    """What to ask first, then what to confirm, each with how the service rated it."""
    degres = {d.code: d.libelle for d in campagne.referentiel.edition.echelle}
    points = points_de(campagne)
    d_abord: list[str] = []
    ensuite: list[str] = []
    for critere in engagement.criteres:
        codes = cotations.loc[cotations["critere"] == critere.code, "cotation"].dropna().unique()
        dits = " et ".join(degres[code] for code in codes) or "non évalué"
        applicable = not len(codes) or any(code in points for code in codes)
        question = f"{critere.code} {critere.libelle.rstrip('.')} ({dits})"
        confirmer = critere.code in prouvees or not applicable
        (ensuite if confirmer else d_abord).append(question)
    return " ; ".join(d_abord) or "–", " ; ".join(ensuite) or "–"
