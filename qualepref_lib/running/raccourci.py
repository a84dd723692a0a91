"""The report that is already what it would be: found without importing what makes reports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from qualepref_lib.campagne.dossiers import find_campagne
from qualepref_lib.core.refus import Refus
from qualepref_lib.running.depot import retirer_echec
from qualepref_lib.running.empreintes import PAGE, hash_demande, is_a_jour
from qualepref_lib.running.journal import INCHANGE, append_journal
from qualepref_lib.running.racine import find_racine


def find_page(
    campagne: str, chapitres: Sequence[str], parametres: Mapping[str, Any], sortie: Path | None
) -> Path | None:
    """The page of the report, when its inputs are those it was made of; the journal says so.

    None in any other case: what is wrong with the request is told by the run itself.
    """
    try:
        racine, dossier = find_racine(), find_campagne(campagne)
        lieu = sortie or racine / "reports" / dossier.name
        if not (lieu / PAGE).exists():
            return None
        if not is_a_jour(lieu, hash_demande(racine, dossier, chapitres, parametres)):
            return None
    except (Refus, OSError):
        return None
    append_journal(
        lieu.parent, campagne=dossier.name, parametres=dict(parametres),
        duree_s=0.0, resultat=INCHANGE, cause="",
    )  # fmt: skip
    retirer_echec(lieu)
    return lieu / PAGE
