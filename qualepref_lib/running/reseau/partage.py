"""`qualepref reseau exporter`: the one small file that a site sends, readable by its sender."""

from __future__ import annotations

import json
from pathlib import Path

from qualepref_lib.atelier.chargement import load_chapitre
from qualepref_lib.core.refus import Probleme, Refus
from qualepref_lib.reseau.agregat import Agregat
from qualepref_lib.reseau.partage import measure_agregat
from qualepref_lib.running.atomique import write_atomique


def write_agregat(
    nom: str, sortie: Path | None = None, date_reference: str = ""
) -> tuple[Path, Agregat]:
    """Write what the campaign ``nom`` shares; answer with the path and what is in it.

    Raises :class:`Refus` when the campaign is refused, or gives nothing to share.
    """
    agregat = measure_agregat(load_chapitre(nom, date_reference=date_reference))
    if not agregat.indicateurs:
        raise Refus(
            Probleme(
                agregat.campagne,
                "la campagne ne donne aucun indicateur à partager.",
                remede="lancer « qualepref verifier » pour savoir ce qui manque.",
            )
        )
    chemin = sortie or Path(f"agregat_{agregat.campagne}.json")
    contenu = agregat.model_dump(mode="json", exclude_none=True, exclude_defaults=True)
    texte = json.dumps(contenu, ensure_ascii=False, indent=1)
    write_atomique(chemin, (texte + "\n").encode(), remplacer=True)
    return chemin, agregat
