"""The published notebooks: where they are, which are asked for, what parameters they take."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qualepref_lib.atelier.parametres import Parametre, check_parametres, read_parametres
from qualepref_lib.campagne import sha256
from qualepref_lib.core.refus import Probleme, Refus, proche
from qualepref_lib.running.racine import find_racine, list_chemins

__all__ = ["Carnet", "check_donnes", "find_racine", "list_chemins", "load_carnets"]


@dataclass(frozen=True)
class Carnet:
    """One chapter: its file, and the parameters that its tagged cell declares."""

    chemin: Path
    parametres: Mapping[str, Parametre]

    @property
    def nom(self) -> str:
        """``03a_autodiagnostic``: also the order of the chapter in the report."""
        return self.chemin.stem

    @property
    def sha256(self) -> str:
        """The hash of the notebook's source, for the provenance."""
        return sha256(self.chemin)


def load_carnets(racine: Path, choisis: Sequence[str] = ()) -> list[Carnet]:
    """The chapters of the report; only those asked for, by name or by number (``03a``)."""
    chemins = list_chemins(racine)
    noms = {c.stem: c for c in chemins} | {c.stem.split("_")[0]: c for c in chemins}
    inconnus = [nom for nom in choisis if nom not in noms]
    if inconnus:
        connus = tuple(c.stem for c in chemins)
        raise Refus(
            *(
                Probleme("notebooks", f"aucun chapitre « {nom} ».", connus=connus,
                         voisin=proche(nom, connus))
                for nom in inconnus
            )
        )  # fmt: skip
    retenus = sorted({noms[nom] for nom in choisis}) if choisis else chemins
    return [Carnet(chemin, _parametres(chemin)) for chemin in retenus]


def check_donnes(carnets: Sequence[Carnet], donnes: Mapping[str, Any]) -> None:
    """Refuse parameters that no chapter knows, or of the wrong type."""
    connus: dict[str, Parametre] = {}
    for carnet in carnets:
        connus |= carnet.parametres
    problemes = check_parametres(donnes, connus, "paramètre du rapport")
    if problemes:
        raise Refus(*problemes)


def _parametres(chemin: Path) -> dict[str, Parametre]:
    cellules = json.loads(chemin.read_text(encoding="utf-8"))["cells"]
    declares: dict[str, Parametre] = {}
    for cellule in cellules:
        if "parameters" in cellule["metadata"].get("tags", []):
            declares |= read_parametres("".join(cellule["source"]))
    return declares
