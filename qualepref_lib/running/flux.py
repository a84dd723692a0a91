"""The standard streams of the cells: what Python writes there, and what is written below it.

A stock kernel also captures what programs, C libraries and ``os.write`` send to the descriptors 1
and 2. It reads them with a thread; here they are a file in memory that grows, read whenever Python
writes, shows or ends a cell. No thread, and a flood blocks nobody.
"""

from __future__ import annotations

import io
import os
import tempfile
from typing import Any, Protocol


class Fil(Protocol):
    """Where messages are kept."""

    messages: list[dict[str, Any]]


class Flux(io.TextIOBase):
    """Standard output or error of the cells: text becomes a message when it is flushed.

    A kernel's streams wait too, so what a cell writes on both keeps the order of a stock run.
    """

    errors = None

    def __init__(self, fil: Fil, nom: str, descripteur: int) -> None:
        self._fil, self.name = fil, nom
        self._attente: list[str] = []
        self._dessous = _Dessous(descripteur)

    @property
    def encoding(self) -> str:  # type: ignore[override]
        """What a kernel says."""
        return "UTF-8"

    def write(self, texte: str) -> int:
        """Keep a piece of text, after what came from below in the meantime."""
        if not isinstance(texte, str):
            raise TypeError(f"write() argument must be str, not {type(texte)}")
        self._puiser()
        self._attente.append(texte)
        return len(texte)

    def flush(self) -> None:
        """Send what was written since the last time."""
        self._puiser()
        texte, self._attente = "".join(self._attente), []
        if texte:
            contenu = {"name": self.name, "text": texte}
            self._fil.messages.append({"msg_type": "stream", "content": contenu})

    def fileno(self) -> int:
        """The descriptor from before the capture, as a kernel gives it."""
        return self._dessous.origine

    def writable(self) -> bool:
        """Always."""
        return True

    def rendre(self) -> None:
        """Put the descriptor back."""
        self._dessous.rendre()

    def _puiser(self) -> None:
        if octets := self._dessous.lire():
            self._attente.append(octets.decode(errors="replace"))


class _Dessous:
    """What is written to a descriptor without Python knowing."""

    def __init__(self, descripteur: int) -> None:
        self._descripteur, self._lu = descripteur, 0
        self.origine = os.dup(descripteur)
        self._fichier = _en_memoire()
        os.dup2(self._fichier, descripteur)

    def lire(self) -> bytes:
        """What came since the last time."""
        taille = os.fstat(self._fichier).st_size
        if taille <= self._lu:
            return b""
        octets = os.pread(self._fichier, taille - self._lu, self._lu)
        self._lu += len(octets)
        return octets

    def rendre(self) -> None:
        """Put the descriptor back as it was."""
        os.dup2(self.origine, self._descripteur)


def _en_memoire() -> int:
    """A file without a name that several may append to; in memory where the system can."""
    if hasattr(os, "memfd_create"):
        fichier: int = os.memfd_create("flux")
    else:
        with tempfile.TemporaryFile() as provisoire:
            fichier = os.dup(provisoire.fileno())
    _ajouter_seulement(fichier)
    return fichier


def _ajouter_seulement(fichier: int) -> None:
    """Two programs that write at once never write over each other."""
    import fcntl

    fcntl.fcntl(fichier, fcntl.F_SETFL, fcntl.fcntl(fichier, fcntl.F_GETFL) | os.O_APPEND)
