"""What a file that bears the name of a workbook really is, from its bytes."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from qualepref_lib.core.refus import Releve
from qualepref_lib.formats.encodage import nature

Genre = Literal["xlsx", "ods", "xls"]

TAILLE_ADMISE = 1_500_000_000
"""Bytes of a workbook once it is unfolded; a register of a year has a tenth of that."""

_ENREGISTRER = "l’ouvrir dans le tableur et l’enregistrer au format .xlsx ou .ods."
_ABIME = "le classeur est abîmé ou incomplet : la copie s’est peut-être arrêtée en chemin."
_PROTEGE = "le classeur est protégé par un mot de passe."
REMEDE_ABIME = "vérifier qu’il s’ouvre dans le tableur, l’y enregistrer à nouveau."
REMEDE_PROTEGE = "l’enregistrer sans mot de passe d’ouverture."


@dataclass(frozen=True)
class Contenant:
    """The bytes of a workbook and its format, whatever its extension says."""

    octets: bytes
    genre: Genre

    def load_partie(self, nom: str) -> bytes:
        """One part of an XLSX or ODS; empty when there is none by that name."""
        with zipfile.ZipFile(io.BytesIO(self.octets)) as archive:
            return archive.read(nom) if nom in archive.namelist() else b""


def open_contenant(octets: bytes, nom: str, releve: Releve) -> Contenant | None:
    """The workbook that ``octets`` are; None, and a problem under ``nom``, when they are none."""
    if octets.startswith(b"\xd0\xcf\x11\xe0"):
        return _ole(octets, nom, releve)
    if octets.startswith(b"PK"):
        return _zip(octets, nom, releve)
    if not octets.strip():
        releve.signaler(nom, "le fichier est vide.", remede="l’exporter à nouveau.")
    elif quoi := nature(octets):
        releve.signaler(nom, f"le fichier est {quoi}, pas un classeur.", remede=_ENREGISTRER)
    elif b"\x00" not in octets[:4000] or octets.startswith((b"\xff\xfe", b"\xfe\xff")):
        releve.signaler(
            nom,
            "le fichier est un texte (un CSV, sans doute), pas un classeur.",
            remede=f"le renommer {Path(nom).stem}.csv.",
        )
    else:
        signaler_abime(nom, releve)
    return None


def signaler_abime(nom: str, releve: Releve) -> None:
    """Note that nobody can open the workbook."""
    releve.signaler(nom, _ABIME, remede=REMEDE_ABIME)


def signaler_protege(nom: str, releve: Releve) -> None:
    """Note that a password is needed."""
    releve.signaler(nom, _PROTEGE, remede=REMEDE_PROTEGE)


def _ole(octets: bytes, nom: str, releve: Releve) -> Contenant | None:
    """An old Excel workbook, or a new one that a password locks; the directory tells."""
    flux = {f: f.encode("utf-16-le") + b"\x00" for f in ("EncryptedPackage", "Workbook", "Book")}
    if flux["EncryptedPackage"] in octets:
        signaler_protege(nom, releve)
    elif flux["Workbook"] in octets or flux["Book"] in octets:
        return Contenant(octets, "xls")
    else:
        constat = "le fichier est un ancien document Office, pas un classeur, ou il est abîmé."
        releve.signaler(nom, constat, remede=_ENREGISTRER)
    return None


def _zip(octets: bytes, nom: str, releve: Releve) -> Contenant | None:
    try:
        with zipfile.ZipFile(io.BytesIO(octets)) as archive:
            noms = set(archive.namelist())
            taille = sum(partie.file_size for partie in archive.infolist())
            chiffre = "content.xml" in noms and _chiffre(archive)
            texte = "mimetype" in noms and b"opendocument.text" in archive.read("mimetype")
    except Exception:  # a damaged archive breaks its reader in a dozen ways
        signaler_abime(nom, releve)
        return None
    if taille > TAILLE_ADMISE:
        releve.signaler(
            nom,
            "le classeur se développe sans fin : il est piégé ou abîmé.",
            remede="exporter à nouveau les données.",
        )
    elif chiffre:
        signaler_protege(nom, releve)
    elif "xl/workbook.xml" in noms:
        return Contenant(octets, "xlsx")
    elif "content.xml" in noms and not texte:
        return Contenant(octets, "ods")
    else:
        releve.signaler(nom, f"le fichier est {_autre(noms)}.", remede=_ENREGISTRER)
    return None


def _chiffre(archive: zipfile.ZipFile) -> bool:
    """Whether an ODS asks for a password."""
    return b"encryption-data" in archive.read("META-INF/manifest.xml")


def _autre(noms: set[str]) -> str:
    """What an archive is when it is no workbook that can be read here."""
    if "xl/workbook.bin" in noms:
        return "un classeur binaire (.xlsb), que nous ne lisons pas"
    if "content.xml" in noms or any(nom.startswith("word/") for nom in noms):
        return "un document de traitement de texte, pas un classeur"
    if any(nom.startswith("Index/") and nom.endswith(".iwa") for nom in noms):
        return "un classeur Numbers, que nous ne lisons pas"
    return "une archive ZIP, pas un classeur"
