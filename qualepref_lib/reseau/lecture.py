"""The files of many sites, read together: all of them, or a refusal that lists every fault."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from qualepref_lib.core.fiches import load_fiche
from qualepref_lib.core.refus import Releve
from qualepref_lib.reseau.agregat import Agregat

MOTIF = "agregat_*.json"


@dataclass(frozen=True)
class Recu:
    """One file that was read, and what it holds."""

    chemin: Path
    agregat: Agregat


def find_agregats(chemins: Sequence[Path], releve: Releve) -> list[Path]:
    """The files named, and those that the folders named hold; an empty folder is a problem."""
    trouves: dict[Path, Path] = {}
    for chemin in chemins:
        siens = sorted(chemin.rglob(MOTIF)) if chemin.is_dir() else [chemin]
        if not siens:
            releve.signaler(
                chemin.name,
                f"le dossier ne contient aucun fichier {MOTIF}.",
                remede="y mettre les fichiers que les sites ont faits avec "
                "« qualepref reseau exporter ».",
            )
        trouves |= {sien.resolve(): sien for sien in siens}
    return list(trouves.values())


def load_agregats(chemins: Sequence[Path]) -> tuple[Recu, ...]:
    """Read every file; raises :class:`Refus` that lists what is wrong in all of them.

    Two files of one campaign are refused: one of them is out of date, and nobody could say which.
    """
    releve = Releve()
    recus: list[Recu] = []
    deja: dict[str, Path] = {}
    for chemin in find_agregats(chemins, releve):
        agregat = load_fiche(chemin, Agregat, chemin.name, releve)
        if agregat is None:
            continue
        avant = deja.setdefault(agregat.campagne, chemin)
        if avant != chemin:
            releve.signaler(
                chemin.name,
                f"la campagne « {agregat.campagne} » est déjà dans {avant.name}.",
                colonne="campagne",
                remede="ne garder que le fichier le plus récent.",
            )
        recus.append(Recu(chemin, agregat))
    releve.refuser()
    return tuple(sorted(recus, key=lambda recu: (recu.agregat.site, recu.agregat.campagne)))
