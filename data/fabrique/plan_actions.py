"""plan_actions.csv: the actions of the two demonstration campaigns.

The actions are written in actions_2022.yaml and actions_2026.yaml. Their channels are those of
their criteria, so that the two columns cannot disagree.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from commun import ICI, load_criteres, load_rangs, load_yaml, write_csv

COLONNES = (
    "code",
    "libelle",
    "origine",
    "criteres",
    "canaux",
    "responsable",
    "debut",
    "echeance",
    "statut",
    "avancement",
    "fait_le",
    "preuve_attendue",
    "preuve_fournie",
    "depend_de",
)


def write_plan_actions(dossier: Path, en_cours: bool = False) -> None:
    """Write plan_actions.csv in ``dossier``; ``en_cours`` gives the fictional plan of 2026."""
    fichier = "actions_2026.yaml" if en_cours else "actions_2022.yaml"
    canaux = {critere.code: critere.canaux for critere in load_criteres()}
    rangs = load_rangs()
    actions = load_yaml(ICI / fichier)["actions"]
    lignes = [_ligne(action, canaux, rangs) for action in actions]
    write_csv(dossier / "plan_actions.csv", COLONNES, lignes)


def _ligne(
    action: Mapping[str, Any], canaux: Mapping[str, Iterable[str]], rangs: list[str]
) -> dict[str, str]:
    touches = {canal for code in action["criteres"] for canal in canaux[code]}
    return {
        **action,
        "criteres": " ".join(action["criteres"]),
        "canaux": " ".join(canal for canal in rangs if canal in touches),
        "fait_le": action.get("fait_le", ""),
        "preuve_fournie": action.get("preuve_fournie", ""),
        "depend_de": " ".join(action.get("depend_de", ())),
    }
