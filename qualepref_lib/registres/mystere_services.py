"""What is told of services and testers without telling who they are (rules 3.5).

A handful of tests in a service of three people would say who was visited. Services with fewer than
five agents, and those whose number of agents is not declared, are told together.
"""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from qualepref_lib.campagne.fiche import ServiceSite
from qualepref_lib.campagne.regles_codages import PSEUDONYME
from qualepref_lib.core.refus import sans_accent

AGENTS_MIN = 5
"""The fewest agents that a group of services may have to be shown by itself."""
AUTRES = "autres services (moins de 5 agents, ou effectif non déclaré)"
ENSEMBLE = "ensemble des services"
REGROUPEMENT = (
    f"les services de moins de {AGENTS_MIN} agents, ou dont le nombre d’agents n’est pas déclaré "
    "dans la fiche de campagne, sont réunis pour que nul agent ne soit reconnu ; le plus petit des "
    f"autres s’y joint tant que leur réunion ne compte pas {AGENTS_MIN} agents déclarés ; sans "
    "aucun effectif déclaré, seul l’ensemble est montré"
)
"""The rule of the merging, for the formula of what is told by service."""


def merge_services(services: pd.Series, declares: Iterable[ServiceSite]) -> pd.Series:
    """The service to show for each test: its declared name, or the group that hides it.

    Same index; :data:`ENSEMBLE` everywhere when no number of agents is declared, or when a single
    group would be left. Two spellings that differ by accents or capitals are one service.

    >>> sites = [ServiceSite(libelle="Accueil", agents=12), ServiceSite(libelle="Régie", agents=5)]
    >>> merge_services(pd.Series(["accueil", "Regie"]), sites).tolist()
    ['Accueil', 'Régie']
    """
    noms = services.astype(object).where(services.notna(), "")
    codes = {nom: sans_accent(str(nom)) for nom in noms.unique()}
    montres = _grouper(set(codes.values()), declares)
    return noms.map({nom: montres[code] for nom, code in codes.items()}).astype(object)


def _grouper(codes: set[str], declares: Iterable[ServiceSite]) -> dict[str, str]:
    """What each service present is shown as."""
    noms = {sans_accent(s.libelle): s.libelle for s in declares}
    agents: dict[str, int] = {}
    for service in declares:  # declared twice, the smaller number is the safe one
        code = sans_accent(service.libelle)
        agents[code] = min(service.agents, agents.get(code, service.agents))
    seuls = sorted(
        (code for code in codes if agents.get(code, 0) >= AGENTS_MIN),
        key=lambda code: (agents[code], code),
    )
    reunis = [code for code in codes if code not in seuls]
    while reunis and seuls and sum(agents.get(code, 0) for code in reunis) < AGENTS_MIN:
        reunis.append(seuls.pop(0))
    if len(seuls) + bool(reunis) < 2 and reunis:
        return dict.fromkeys(codes, ENSEMBLE)
    return {code: noms[code] for code in seuls} | dict.fromkeys(reunis, AUTRES)


def name_testeurs(testeurs: pd.Series) -> pd.Series:
    """The pseudonym of each tester; what looks like a name becomes « testeur n° 1 », 2, 3…

    A pseudonym has a figure (``T3``, ``testeur 12``) or three letters at most. Empty stays empty.

    >>> name_testeurs(pd.Series(["T1", "Camille Exemple", "T1"])).tolist()
    ['T1', 'testeur n° 1', 'T1']
    """
    vus = sorted(str(nom) for nom in testeurs.dropna().unique())
    caches = [nom for nom in vus if not PSEUDONYME.fullmatch(nom)]
    noms = {nom: nom for nom in vus}
    noms |= {nom: f"testeur n° {rang}" for rang, nom in enumerate(caches, 1)}
    return testeurs.astype(object).map(noms)
