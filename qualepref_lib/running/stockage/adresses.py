"""Addresses of folders in a store, taken apart as text: fsspec itself is not imported here."""

from __future__ import annotations

import glob
import re
from pathlib import Path

from qualepref_lib.core.refus import Probleme, Refus

ADRESSE = re.compile(r"[a-z][a-z0-9+.]+(://|::)", re.IGNORECASE)
"""Two letters at least: ``C://`` is a disk."""
SECRET = re.compile(r"://[^/@:]*:[^/@]*@")
TRANSPARENTS = frozenset({"simplecache", "filecache", "blockcache", "cached"})
"""They have no path of their own: the next link of the chain has it."""


def est_adresse(texte: str | Path | None) -> bool:
    """Whether this names a folder in a store rather than on a disk.

    >>> est_adresse("s3://audits/campagnes/metz_2027"), est_adresse("data/campagnes")
    (True, False)
    >>> est_adresse("zip://metz_2027::s3://audits/envoi.zip"), est_adresse("C:/audits")
    (True, False)
    """
    return isinstance(texte, str) and ADRESSE.match(texte) is not None


def enfant(adresse: str, nom: str) -> str:
    """The address of what is below another one, by its relative path.

    >>> enfant("s3://audits/campagnes/", "metz_2027")
    's3://audits/campagnes/metz_2027'
    >>> enfant("zip://::s3://audits/envoi.zip", "metz_2027")
    'zip://metz_2027::s3://audits/envoi.zip'
    >>> enfant("simplecache::s3://audits", "metz_2027")
    'simplecache::s3://audits/metz_2027'
    """
    tete, lien, suite = adresse.partition("::")
    if lien and tete.split("://")[0] in TRANSPARENTS:
        return f"{tete}::{enfant(suite, nom)}"
    if "://" not in tete:
        tete += "://"
    joint = "" if tete.endswith("://") else "/"
    return f"{tete if not joint else tete.rstrip('/')}{joint}{nom}{lien}{suite}"


def parent(adresse: str) -> str:
    """The address of the folder above.

    >>> parent("s3://audits/rapports/metz_2027"), parent("memory://metz_2027")
    ('s3://audits/rapports', 'memory://')
    """
    tete, lien, suite = adresse.partition("::")
    if lien and tete.split("://")[0] in TRANSPARENTS:
        return f"{tete}::{parent(suite)}"
    protocole, separe, chemin = tete.partition("://")
    return f"{protocole}{separe}{chemin.rstrip('/').rpartition('/')[0]}{lien}{suite}"


def nom_de(adresse: str) -> str:
    """The last name of an address.

    >>> nom_de("sftp://serveur/audits/metz_2027/"), nom_de("zip://metz_2027::s3://audits/e.zip")
    ('metz_2027', 'metz_2027')
    """
    tete, lien, suite = adresse.partition("::")
    if lien and (tete.split("://")[0] in TRANSPARENTS or not tete.partition("://")[2]):
        return nom_de(suite)
    return tete.partition("://")[2].rstrip("/").rpartition("/")[2]


def couper_motif(adresse: str) -> tuple[str, str]:
    """The folder that a pattern starts from, and the pattern below it; empty when there is none.

    >>> couper_motif("s3://audits/*/campagnes/*_2027"), couper_motif("s3://audits/metz")
    (('s3://audits', '*/campagnes/*_2027'), ('s3://audits/metz', ''))
    """
    tete, lien, suite = adresse.partition("::")
    if lien and tete.split("://")[0] in TRANSPARENTS:
        base, motif = couper_motif(suite)
        return f"{tete}::{base}", motif
    protocole, separe, chemin = tete.partition("://")
    morceaux = chemin.split("/")
    rang = next((i for i, m in enumerate(morceaux) if glob.has_magic(m)), None)
    if rang is None:
        return adresse, ""
    base = f"{protocole}{separe}{'/'.join(morceaux[:rang])}{lien}{suite}"
    return base, "/".join(morceaux[rang:])


def check_sans_secret(adresse: str) -> None:
    """Raise the :class:`Refus` of an address that holds a password: pages and journals print it."""
    if SECRET.search(adresse):
        montree = SECRET.sub("://…@", adresse)
        raise Refus(
            Probleme(
                montree,
                "un mot de passe n’a pas sa place dans une adresse, qui s’imprime.",
                remede="le mettre dans la configuration de fsspec (~/.config/fsspec/) ou dans une "
                "variable d’environnement : FSSPEC_SFTP_PASSWORD…",
            )
        )
