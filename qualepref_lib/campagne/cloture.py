"""``cloture.yaml``: what was said at the closing meeting, for the minutes of chapter 6.

The file is optional, and so is each of its keys: what is not there is a blank of the minutes.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from qualepref_lib.campagne.fiche import FicheCampagne
from qualepref_lib.core.arbre import load_arbre
from qualepref_lib.core.fiches import Fiche, valider
from qualepref_lib.core.fichiers import existe
from qualepref_lib.core.refus import Releve, sans_accent

CLOTURE = "cloture.yaml"


class Cloture(Fiche):
    """The closing meeting: who was there (functions, never names) and what was concluded."""

    date: dt.date | None = None
    fonctions_presentes: tuple[str, ...] | None = None
    conclusion: str | None = None
    avis_audite: str | None = None
    suites: str | None = None


def load_cloture(dossier: Path, fiche: FicheCampagne | None, releve: Releve) -> Cloture:
    """Read the closing minutes in ``dossier``; blank minutes when the file is not there."""
    _verifier_nom(dossier, releve)
    if not existe(dossier / CLOTURE):
        return Cloture()
    arbre = load_arbre(dossier / CLOTURE, CLOTURE, releve)
    cloture = valider(arbre, Cloture, CLOTURE, releve) if arbre else None
    debuts = [etape.debut for etape in fiche.calendrier] if fiche else []
    if arbre and cloture and cloture.date and debuts and cloture.date < min(debuts):
        releve.signaler(
            CLOTURE,
            f"la clôture est avant le début de la campagne ({min(debuts):%d/%m/%Y}).",
            ligne=arbre.ligne(("date",)),
            colonne="date",
            remede="corriger la date, ou le calendrier de campagne.yaml.",
        )
    return cloture or Cloture()


def _verifier_nom(dossier: Path, releve: Releve) -> None:
    """``clôture.yaml``, ``cloture.yml`` or ``Cloture.yaml.txt`` would be lost in silence."""
    for chemin in sorted(dossier.iterdir()):
        tige, _, suite = chemin.name.partition(".")
        proche = sans_accent(tige) == "cloture" and suite.lower().startswith(("yaml", "yml", "txt"))
        if proche and chemin.name != CLOTURE:
            releve.signaler(
                chemin.name,
                "ce fichier n’est pas lu : son nom n’est pas celui qui est attendu.",
                voisin=CLOTURE,
                remede=f"le renommer {CLOTURE}.",
            )
