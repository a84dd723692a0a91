"""The report of a site in a store: what a reader finds there is one report, whole.

A store has no rename of a folder. So each report is a folder of its own, never written again,
``<site>/versions/<moment>-<empreinte>/``, and ``<site>/rapport_audit.html``, which names it (the
page prints its *empreinte*), comes last, in one step:

1. every file of the new version, then their sizes are read back;
2. the page, written aside and renamed (an object store copies it whole under its name);
3. what the next run remembers: ``.<site>.memoire.zip`` and ``.<site>.empreinte``, each in one step.

Stopped after any of these, the page is the old one or the new one, and its version is whole. The
same report made again is the same version: what is there of it is not written again. Older versions
go a day after they were replaced, once nobody can still be reading them.
"""

from __future__ import annotations

import datetime as dt
import io
import json
import secrets
import zipfile
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path

from qualepref_lib.core.refus import Probleme, Refus
from qualepref_lib.running.depot import ECHEC, RAPPORT
from qualepref_lib.running.journal import JOURNAL
from qualepref_lib.running.stockage.entrepot import HEURE, Entrepot
from qualepref_lib.running.stockage.erreurs import Injoignable

VERSIONS = "versions"
GARDE = dt.timedelta(days=1)
"""How long a version stays after another one has taken its place."""


def check_place(entrepot: Entrepot, site: str) -> None:
    """Raise the :class:`Refus` of a folder that holds something else than a report of ours."""
    try:
        noms = set(entrepot.sous(site).contenu()) - {VERSIONS, ECHEC}
    except (FileNotFoundError, NotADirectoryError):
        return
    if RAPPORT not in noms and any(not nom.startswith(".") for nom in noms):
        constat = "le dossier de sortie existe et ne contient pas de rapport."
        raise Refus(Probleme(site, constat, remede="choisir un dossier vide ou à créer."))


def load_dernier(entrepot: Entrepot, site: str, sortie: Path) -> None:
    """Fetch what tells whether the report is up to date: its page, what it was made of."""
    sortie.mkdir(parents=True, exist_ok=True)
    page = entrepot.lire(f"{site}/{RAPPORT}")
    empreinte = entrepot.lire(_empreinte(site))
    if page is not None and empreinte is not None:
        (sortie / RAPPORT).write_bytes(page)
        sortie.with_name(_empreinte(site)).write_bytes(empreinte)


def load_memoire(entrepot: Entrepot, site: str, sortie: Path) -> None:
    """Fetch the chapters of the last run; a broken archive is as good as none."""
    octets = entrepot.lire(_memoire(site))
    dossier = sortie.with_name(f".{sortie.name}.memoire")
    dossier.mkdir(exist_ok=True)
    try:
        with zipfile.ZipFile(io.BytesIO(octets or b"")) as archive:
            for nom in archive.namelist():
                if "/" not in nom and "\\" not in nom and nom not in ("", ".", ".."):
                    (dossier / nom).write_bytes(archive.read(nom))
    except zipfile.BadZipFile:
        return


def write_rapport_distant(entrepot: Entrepot, site: str, sortie: Path) -> None:
    """Put the finished report of ``sortie`` in the store, in the order that the module states."""
    remplacee = entrepot.lire(f"{site}/{RAPPORT}") or b""
    version = _write_version(entrepot, site, sortie)
    entrepot.poser(f"{site}/{RAPPORT}", (sortie / RAPPORT).read_bytes())
    entrepot.poser(_memoire(site), _archiver(sortie.with_name(f".{sortie.name}.memoire")))
    empreinte = sortie.with_name(_empreinte(site))
    if empreinte.is_file():
        entrepot.poser(_empreinte(site), empreinte.read_bytes())
    _retirer_anciennes(entrepot.sous(site), version, remplacee.decode(errors="replace"))


def write_journal_distant(entrepot: Entrepot, sortie: Path) -> None:
    """Put the lines of this run in the store: it cannot add to a file, each run has its own."""
    journal = sortie.parent / JOURNAL
    if journal.is_file():
        nom = f"{_maintenant().strftime(HEURE)}-{sortie.name}-{secrets.token_hex(4)}.jsonl"
        entrepot.poser(f"journal/{nom}", journal.read_bytes())


def _write_version(entrepot: Entrepot, site: str, sortie: Path) -> str:
    """Write what the store has not of this version, then read the sizes back; its name."""
    empreinte = json.loads((sortie / "provenance.json").read_text(encoding="utf-8"))["empreinte"]
    version = _nommer(entrepot.sous(f"{site}/{VERSIONS}"), empreinte[:16])
    place = entrepot.sous(f"{site}/{VERSIONS}/{version}")
    fichiers = {f.relative_to(sortie).as_posix(): f for f in sortie.rglob("*") if f.is_file()}
    place.envoyer(_manquent(place, fichiers))
    if reste := _manquent(place, fichiers):
        constat = "le stockage n’a pas gardé tout le rapport ; l’ancien reste."
        raise Injoignable(Probleme(site, constat, connus=tuple(sorted(reste))))
    return version


def _nommer(versions: Entrepot, court: str) -> str:
    """The folder of a version: the one that is there, or one of this moment."""
    try:
        siennes = [nom for nom in versions.contenu() if nom.endswith(f"-{court}")]
    except (FileNotFoundError, NotADirectoryError):
        siennes = []
    return min(siennes, default=f"{_maintenant().strftime(HEURE)}-{court}")


def _manquent(place: Entrepot, fichiers: Mapping[str, Path]) -> dict[str, Path]:
    """The files that are not there, or of another size."""
    la = place.fichiers()
    tailles = {nom: str(fichier.stat().st_size) for nom, fichier in fichiers.items()}
    return {n: f for n, f in fichiers.items() if n not in la or la[n][:1] != (tailles[n],)}


def _archiver(dossier: Path) -> bytes:
    tampon = io.BytesIO()
    with zipfile.ZipFile(tampon, "w", zipfile.ZIP_DEFLATED) as archive:
        for fichier in sorted(dossier.iterdir()) if dossier.is_dir() else ():
            archive.write(fichier, fichier.name)
    return tampon.getvalue()


def _retirer_anciennes(place: Entrepot, version: str, remplacee: str) -> None:
    """Remove the versions whose successor has been there for a day.

    Never ours, nor that of the page ``remplacee``, which prints its name.
    """
    limite = _maintenant() - GARDE
    noms = sorted(place.sous(VERSIONS).contenu())
    for nom, suivante in pairwise(noms):
        gardee = nom == version or nom.rpartition("-")[2] in remplacee
        if not gardee and suivante.partition("-")[0] < limite.strftime(HEURE):
            place.retirer(f"{VERSIONS}/{nom}")
    place.balayer(limite)


def _maintenant() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def _memoire(site: str) -> str:
    return f".{site}.memoire.zip"


def _empreinte(site: str) -> str:
    return f".{site}.empreinte"
