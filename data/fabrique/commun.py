"""What the scripts of the demonstration share: where the data are, the référentiel, writing CSV.

The scripts read the YAML files themselves, every scalar as text, so that they depend on nothing
but PyYAML: the demonstration can be remade, and audited, without the library that it exercises.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import yaml

ICI = Path(__file__).resolve().parent
EDITION = ICI.parent / "referentiel" / "demonstration"


class Critere(NamedTuple):
    """A criterion: its code, and what it counts in."""

    code: str
    module: str
    engagement: str
    canaux: tuple[str, ...]


def load_yaml(chemin: Path) -> Any:
    """The content of a YAML file, every scalar as text: « 1.10 » stays « 1.10 »."""
    return yaml.load(chemin.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)


def load_criteres() -> list[Critere]:
    """Every criterion of the demonstration edition, in its order."""
    modules = [load_yaml(chemin) for chemin in sorted((EDITION / "modules").glob("*.yaml"))]
    return [
        Critere(c["code"], module["code"], engagement["code"], tuple(c["canaux"]))
        for module in modules
        for engagement in module.get("engagements", ())
        for c in engagement["criteres"]
    ]


def load_rangs() -> list[str]:
    """The channel codes in their order of display."""
    canaux = [load_yaml(chemin) for chemin in (EDITION / "canaux").glob("*.yaml")]
    return [canal["code"] for canal in sorted(canaux, key=lambda canal: int(canal["rang"]))]


def write_csv(chemin: Path, colonnes: tuple[str, ...], lignes: Iterable[Mapping[str, str]]) -> None:
    """Write a campaign's file: UTF-8, « ; », one line feed at each end of line."""
    chemin.parent.mkdir(parents=True, exist_ok=True)
    with chemin.open("w", encoding="utf-8", newline="") as fichier:
        ecrivain = csv.DictWriter(fichier, colonnes, delimiter=";", lineterminator="\n")
        ecrivain.writeheader()
        ecrivain.writerows(lignes)
