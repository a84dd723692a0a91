"""A warm process at the service of another one, which may have threads: it forks in its place.

Whoever needs reports starts this module and writes one site a line on its standard input, as JSON;
each answer is one line on its standard output. When the input closes, because whoever asked is
gone, what was under way is stopped and the process ends: no orphan.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from contextlib import suppress
from dataclasses import asdict
from types import FrameType
from typing import Any

from qualepref_lib.running.chaud import stay_alone
from qualepref_lib.running.fourche import Fratrie
from qualepref_lib.running.lot.unite import (
    Ecoute,
    Resultat,
    Unite,
    amorcer_stockages,
    en_travail,
    faire,
    prechauffer,
)


class Parti(Exception):
    """Whoever asked is gone."""


class Assistant:
    """The same process, seen by whoever asks. One question at a time."""

    def __init__(self) -> None:
        self._processus = subprocess.Popen(
            [sys.executable, "-m", __name__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,
        )

    @property
    def vivant(self) -> bool:
        """Whether it can still answer."""
        return self._processus.poll() is None

    def faire(self, unite: Unite) -> Resultat:
        """The result of one site; raises :class:`OSError` when the process is dead."""
        entree, sortie = self._processus.stdin, self._processus.stdout
        assert entree and sortie, "both were asked for"
        entree.write(json.dumps(unite.en_json).encode() + b"\n")
        entree.flush()
        ligne = sortie.readline()
        if not ligne:
            self._processus.wait()
            raise BrokenPipeError(f"code {self._processus.returncode}")
        return Resultat(**json.loads(ligne))

    def fermer(self) -> None:
        """Let it end; what it was doing is stopped."""
        assert self._processus.stdin and self._processus.stdout
        with suppress(OSError):
            self._processus.stdin.close()
        self._processus.wait()
        self._processus.stdout.close()


def servir() -> None:
    """The life of the process."""
    entree, reponses = os.dup(0), os.dup(1)
    # What a library might print goes to the error stream, and nothing reads what is ours.
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(2, 1)
    signal.signal(signal.SIGTERM, _partir)
    prechauffer()
    reste = b""
    with suppress(Parti):
        while recu := os.read(entree, 65536):
            *lignes, reste = (reste + recu).split(b"\n")
            for ligne in lignes:
                resultat = _faire(Unite(**json.loads(ligne)), entree)
                os.write(reponses, json.dumps(asdict(resultat)).encode() + b"\n")


def _faire(unite: Unite, entree: int) -> Resultat:
    from qualepref_lib.running import chaud

    if not chaud.est_possible():
        return faire(unite)
    amorcer_stockages([unite])
    finis: list[Resultat] = []
    ecoute = Ecoute(finis.append)
    with Fratrie(temoin=entree) as fratrie:
        ecoute.commencer(unite.nom)
        fratrie.lancer(en_travail(unite))
        while fratrie:
            for nom, dit in fratrie.ecouter():
                ecoute.entendre(nom, dit)
            if fratrie.abandonnee:
                raise Parti
    return finis[0]


def _partir(numero: int, cadre: FrameType | None) -> Any:
    raise Parti


if __name__ == "__main__":
    stay_alone()
    servir()
