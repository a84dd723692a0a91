"""The weight of each answer, where the campaign declares how its sample is to be weighted."""

from __future__ import annotations

from qualepref_lib.campagne import Campagne
from qualepref_lib.enquete.questions import SOURCE
from qualepref_lib.enquete.reponses import Nombres


def poids_de(campagne: Campagne) -> Nombres | None:
    """One weight a row, in the order of the frame; None when weighting is off, the default."""
    declaration = campagne.fiche.sources.get(SOURCE)
    if declaration is None or getattr(declaration, "redressement", None) is None:
        return None
    raise NotImplementedError("weighting is declared but not read yet")
