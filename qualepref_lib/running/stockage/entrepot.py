"""A folder in a store: what it holds, taken and put. Every path is relative to it."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from qualepref_lib.core.refus import Probleme, Refus
from qualepref_lib.running.stockage.adresses import check_sans_secret
from qualepref_lib.running.stockage.erreurs import (
    dire_erreurs,
    fsspec_absent,
    pilote_absent,
    protocole_inconnu,
)

OBJETS = frozenset({"s3", "s3a", "gs", "gcs", "abfs", "az", "adl", "oss", "oci", "tos", "memory"})
"""Stores of objects: they have no folders to make, and making one might make a whole bucket."""
DEPOSE = ".depose-"
"""What is being written, aside; it is renamed to its own name last."""
HEURE = "%Y%m%dT%H%M%SZ"


class Entrepot:
    """A folder in a store. What fsspec raises is left as it is: see ``dire_erreurs``."""

    def __init__(self, fs: Any, chemin: str) -> None:
        self.fs, self.chemin = fs, chemin.rstrip("/") or chemin[:1]

    @property
    def parent(self) -> Entrepot | None:
        """The folder above, if there is one."""
        haut, barre, nom = self.chemin.rpartition("/")
        if not barre or not nom or haut.endswith((":", ":/")):  # the root, or a server
            return None
        return Entrepot(self.fs, haut or barre)

    def sous(self, relatif: str) -> Entrepot:
        """A folder below."""
        return Entrepot(self.fs, self._chemin(relatif))

    def contenu(self) -> Mapping[str, Mapping[str, Any]]:
        """What the folder holds, by name; raises :class:`FileNotFoundError` without a folder."""
        self.fs.invalidate_cache()
        trouves = {e["name"].rstrip("/"): e for e in self.fs.ls(self.chemin, detail=True)}
        debut = len(self.chemin.rstrip("/")) + 1 if self.chemin else 0
        siens = {nom[debut:].strip("/"): e for nom, e in trouves.items() if nom != self.chemin}
        return {nom: e for nom, e in siens.items() if nom}

    def fichiers(self) -> dict[str, tuple[Any, ...]]:
        """Every file below, by relative path: its size and what tells it from another version.

        Hidden files are left out, as they are on a disk. Empty where there is no folder.
        """
        trouves: dict[str, tuple[Any, ...]] = {}
        try:
            contenu = self.contenu()
        except (FileNotFoundError, NotADirectoryError):
            return trouves
        for nom, entree in contenu.items():
            if nom.startswith((".", "~")) and nom not in ("..", "."):
                continue
            if entree["type"] == "directory":
                trouves |= {f"{nom}/{f}": e for f, e in self.sous(nom).fichiers().items()}
            else:
                marques = ("size", "ETag", "etag", "md5", "mtime", "LastModified", "modify")
                trouves[nom] = tuple(str(entree[m]) for m in marques if m in entree)
        return trouves

    def correspondent(self, motif: str) -> list[str]:
        """The folders below that a pattern names, by relative path."""
        self.fs.invalidate_cache()
        trouves = self.fs.glob(self._chemin(motif), detail=True)
        debut = len(self._chemin(motif)) - len(motif)
        return sorted(
            nom[debut:].strip("/") for nom, e in trouves.items() if e["type"] == "directory"
        )

    def existe(self, nom: str) -> bool:
        """Whether a file or a folder is there now."""
        self.fs.invalidate_cache()
        return bool(self.fs.exists(self._chemin(nom)))

    def lire(self, nom: str) -> bytes | None:
        """The bytes of a file, or None where there is none."""
        try:
            return bytes(self.fs.cat_file(self._chemin(nom)))
        except FileNotFoundError:
            return None

    def prendre(self, noms: Iterable[str], dossier: Path) -> None:
        """Copy files into a local folder; raises :class:`Refus` for a path that would leave it."""
        ici = {nom: dossier / nom for nom in noms}
        for nom, cible in ici.items():
            if not cible.resolve().is_relative_to(dossier.resolve()):
                raise Refus(Probleme(nom, "ce chemin sort du dossier de la campagne."))
            cible.parent.mkdir(parents=True, exist_ok=True)
        if ici:
            self.fs.get([self._chemin(n) for n in ici], [str(cible) for cible in ici.values()])

    def envoyer(self, fichiers: Mapping[str, Path]) -> None:
        """Write files under their own names: for what nobody looks at yet."""
        for dossier in {self._chemin(nom).rpartition("/")[0] for nom in fichiers}:
            self._faire_dossier(dossier)
        if fichiers:
            self.fs.put([str(f) for f in fichiers.values()], [self._chemin(n) for n in fichiers])

    def poser(self, nom: str, octets: bytes) -> None:
        """Write a file aside, then give it its name: a reader finds the old one or the new one."""
        self._faire_dossier(self._chemin(nom).rpartition("/")[0])
        a_cote = self._chemin(_a_cote(nom))
        self.fs.pipe_file(a_cote, octets)
        self._renommer(a_cote, self._chemin(nom))

    def creer(self, nom: str, octets: bytes) -> bool:
        """Write a file unless it is there; False if it is. In one step where the store can."""
        self._faire_dossier(self._chemin(nom).rpartition("/")[0])
        try:
            self.fs.pipe_file(self._chemin(nom), octets, mode="create")
        except FileExistsError:
            return False
        return True

    def retirer(self, nom: str) -> None:
        """Remove a file or a folder; nothing where there is none."""
        if self.existe(nom):
            self.fs.rm(self._chemin(nom), recursive=True)

    def balayer(self, avant: dt.datetime) -> int:
        """Remove what a dead run was writing aside before this moment; how many files."""
        retires = 0
        for nom in self.contenu() if self.existe("") else ():
            date = nom.rpartition(DEPOSE)[2].partition("-")[0] if DEPOSE in nom else ""
            if date and date < avant.strftime(HEURE):
                self.retirer(nom)
                retires += 1
        return retires

    def _chemin(self, relatif: str) -> str:
        if not self.chemin or not relatif:
            return self.chemin or relatif
        return f"{self.chemin.rstrip('/')}/{relatif}"

    def _faire_dossier(self, chemin: str) -> None:
        siens = self.fs.protocol
        if not OBJETS.intersection([siens] if isinstance(siens, str) else siens):
            self.fs.makedirs(chemin, exist_ok=True)

    def _renommer(self, avant: str, apres: str) -> None:
        """In one step. Where a store copies instead, it puts the whole copy under the name."""
        from fsspec import AbstractFileSystem

        if type(self.fs).mv is AbstractFileSystem.mv:
            self.fs.cp_file(avant, apres)
            self.fs.rm_file(avant)
        else:
            self.fs.mv(avant, apres)


def open_entrepot(adresse: str) -> Entrepot:
    """The folder at an address, which may not exist yet.

    Raises :class:`Refus` for a protocol that nobody knows or a password in the address,
    ``Injoignable`` when the driver is not installed.
    """
    check_sans_secret(adresse)
    try:
        from fsspec.core import url_to_fs
        from fsspec.registry import known_implementations, registry
    except ImportError:
        raise fsspec_absent(adresse) from None
    for maillon in adresse.split("::"):
        protocole = maillon.split("://")[0]
        if protocole not in known_implementations and protocole not in registry:
            raise protocole_inconnu(adresse, protocole)
    with dire_erreurs(adresse):
        try:
            fs, chemin = url_to_fs(adresse)
        except ImportError as erreur:
            protocole, paquet = _pilote(adresse, erreur)
            raise pilote_absent(adresse, protocole, paquet) from None
    return Entrepot(fs, chemin)


def _pilote(adresse: str, erreur: ImportError) -> tuple[str, str]:
    """Which protocol of the chain misses its driver, and the package that it comes from."""
    from fsspec.registry import get_filesystem_class

    for maillon in adresse.split("::"):
        protocole = maillon.split("://")[0]
        try:
            get_filesystem_class(protocole)
        except ImportError as manque:
            cause = manque.__cause__
            nom = cause.name if isinstance(cause, ImportError) else manque.name
            return protocole, (nom or protocole).split(".")[0]
    return adresse.split("://")[0], (erreur.name or "le pilote").split(".")[0]


def _a_cote(nom: str) -> str:
    dossier, barre, seul = nom.rpartition("/")
    quand = dt.datetime.now(dt.UTC).strftime(HEURE)
    return f"{dossier}{barre}.{seul.lstrip('.')}{DEPOSE}{quand}-{secrets.token_hex(4)}"
