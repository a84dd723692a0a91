"""A bilan of one source: what it says of its rows is what the campaign declares of them."""

from __future__ import annotations

from typing import Any

from qualepref_lib.campagne.modele import Campagne
from qualepref_lib.campagne.sources import SOURCES
from qualepref_lib.core.bilan import Bilan


def new_bilan(campagne: Campagne, source: str, /, **contenu: Any) -> Bilan:
    """A :class:`Bilan` of ``source`` with its scope, design, file, level and reference date.

    ``contenu`` gives the rest (code, titre, unite, formule, lignes, …) and may override those.
    """
    declaration = campagne.fiche.sources.get(source)
    cadre: dict[str, Any] = {
        "champ": declaration.champ if declaration else SOURCES[source].champ,
        "plan": declaration.plan if declaration else "recensement",
        "source": campagne.source(source),
        "niveau": campagne.fiche.niveau_confiance,
        "jour": campagne.fiche.date_reference,
        "manque": campagne.manque(source),
    }
    return Bilan(**(cadre | contenu | {"lignes": tuple(contenu["lignes"])}))
