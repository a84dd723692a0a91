"""Reading the files of one edition: which there are, and which bear a wrong name."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

from qualepref_lib.core.fiches import Fiche, load_fiche
from qualepref_lib.core.fichiers import existe
from qualepref_lib.core.refus import Releve, proche

F = TypeVar("F", bound=Fiche)

ATTENDUS = (
    "edition.yaml",
    "questionnaire.yaml",
    "pieces.yaml",
    "lexique.yaml",
    "coherence.yaml",
    "registres.yaml",
    "themes.yaml",
)


class Lecture:
    """Reads the files of one edition and remembers which."""

    def __init__(self, dossier: Path, releve: Releve) -> None:
        self.dossier, self.releve = dossier, releve
        self.fichiers: list[Path] = []

    def une(self, nom: str, modele: type[F], facultatif: bool = False) -> F | None:
        """Read one file; None when it is refused, or optional and absent."""
        chemin = self.dossier / nom
        if facultatif and not existe(chemin):
            return None
        self.fichiers.append(chemin)
        return load_fiche(chemin, modele, f"référentiel {self.dossier.name}/{nom}", self.releve)

    def toutes(self, sous_dossier: str, modele: type[F], requis: bool = False) -> list[F]:
        """Read every file of a folder, in the order of their names."""
        chemins = sorted((self.dossier / sous_dossier).glob("*.yaml"))
        self._verifier_noms(sous_dossier)
        if requis and not chemins:
            self.releve.signaler(
                f"référentiel {self.dossier.name}/{sous_dossier}",
                "le dossier n’existe pas, ou ne contient aucun fichier .yaml.",
                remede="y mettre au moins un fichier.",
            )
        lues = [self.une(f"{sous_dossier}/{chemin.name}", modele) for chemin in chemins]
        return [fiche for fiche in lues if fiche is not None]

    def verifier_fichiers(self) -> None:
        """A file whose name is nearly an expected one would be lost in silence."""
        self._verifier_noms("")
        absents = [nom for nom in ATTENDUS if not existe(self.dossier / nom)]
        for chemin in sorted(self.dossier.glob("*.yaml")):
            voisin = proche(chemin.name, absents)
            if chemin.name not in ATTENDUS and voisin:
                self._signaler_nom(chemin.name, voisin)

    def _verifier_noms(self, sous_dossier: str) -> None:
        """``.yml``, ``.YAML`` and ``.yaml.txt`` are not read."""
        dossier = self.dossier / sous_dossier
        for chemin in sorted(dossier.iterdir()) if dossier.is_dir() else ():
            tige, _, suite = chemin.name.partition(".")
            if tige and suite != "yaml" and suite.lower().startswith(("yml", "yaml")):
                self._signaler_nom(f"{sous_dossier}/{chemin.name}".lstrip("/"), f"{tige}.yaml")

    def _signaler_nom(self, nom: str, voisin: str) -> None:
        self.releve.signaler(
            f"référentiel {self.dossier.name}/{nom}",
            "ce fichier n’est pas lu : son nom n’est pas celui qui est attendu.",
            voisin=voisin,
            remede=f"le renommer {voisin}.",
        )
