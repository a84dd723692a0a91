"""A zip whose bytes depend on its contents only."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping

_DATE = (1980, 1, 1, 0, 0, 0)
"""The first day a zip can hold: the day of writing would change the bytes."""
MIMETYPE = "mimetype"


def pack(fichiers: Mapping[str, bytes]) -> bytes:
    """The zip of ``fichiers``, in their order; a ``mimetype`` is stored as it is (OpenDocument)."""
    tampon = io.BytesIO()
    with zipfile.ZipFile(tampon, "w") as paquet:
        for nom, octets in fichiers.items():
            entree = zipfile.ZipInfo(nom, _DATE)
            entree.external_attr = 0o600 << 16
            entree.compress_type = zipfile.ZIP_STORED if nom == MIMETYPE else zipfile.ZIP_DEFLATED
            paquet.writestr(entree, octets)
    return tampon.getvalue()


def repack(octets: bytes, changes: Mapping[str, Callable[[bytes], bytes]]) -> bytes:
    """The same zip with some of its files changed."""
    with zipfile.ZipFile(io.BytesIO(octets)) as paquet:
        fichiers = {nom: paquet.read(nom) for nom in paquet.namelist()}
    for nom, change in changes.items():
        fichiers[nom] = change(fichiers[nom])
    return pack(fichiers)
