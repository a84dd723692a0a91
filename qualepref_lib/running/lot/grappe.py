"""The same sites given to a Dask cluster: an existing engine, nothing home-made.

A worker has threads, and a process with threads must not fork: each of its threads has an
:class:`~qualepref_lib.running.lot.assistant.Assistant` that forks for it. The project is on a disk
that all see; the campaigns and the output too, or they are in a store
(:mod:`~qualepref_lib.running.lot.loin`). A site whose worker dies is given to another one by the
scheduler; the lock of its report, or its lease, keeps two workers from making it at once.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click

from qualepref_lib.running.lot.etats import ECHEC
from qualepref_lib.running.lot.unite import Resultat, Unite
from qualepref_lib.running.stockage.adresses import est_adresse

DELAI_CONNEXION_S = 10
DISPARU = "les ouvriers à qui ce site a été confié se sont arrêtés l’un après l’autre"


class GrappeInjoignable(click.ClickException):
    """No cluster: the package is missing, or nobody answers at the address."""

    exit_code = 3


class Grappe:
    """A cluster, by the address of its scheduler."""

    def __init__(self, adresse: str) -> None:
        self.adresse = adresse

    def run(self, unites: Sequence[Unite], finir: Callable[[Resultat], None]) -> None:
        """Make every report on the cluster; ``finir`` is told each end."""
        from qualepref_lib.running.empreintes import hash_outils

        with self._client() as client:
            from distributed import as_completed

            outils = hash_outils()
            promesses = {
                client.submit(faire_la_bas, unite.en_json, outils, pure=False): unite.nom
                for unite in unites
            }
            try:
                for promesse in as_completed(promesses, loop=client.loop):
                    finir(_resultat(promesse, promesses[promesse]))
            finally:
                client.cancel(list(promesses), force=True)

    def _client(self) -> Any:
        try:
            from distributed import Client
        except ImportError:
            message = "le paquet « distributed » manque : pip install 'qualepref[cluster]'."
            raise GrappeInjoignable(message) from None
        try:
            return Client(self.adresse, timeout=DELAI_CONNEXION_S, set_as_default=False)
        except (OSError, ValueError):  # a time-out is an OSError
            message = f"l’ordonnanceur {self.adresse} ne répond pas ; rien n’est lancé."
            raise GrappeInjoignable(message) from None


def _resultat(promesse: Any, nom: str) -> Resultat:
    """What came back; a site that killed every worker it was given to has failed."""
    if promesse.status == "finished":
        return Resultat(**promesse.result())
    erreur = promesse.exception() if promesse.status == "error" else None
    disparu = erreur is None or type(erreur).__name__ == "KilledWorker"
    return Resultat(nom, ECHEC, cause=DISPARU if disparu else f"{type(erreur).__name__} — {erreur}")


# On the workers.

_LIBRES: list[Any] = []
_CLE = threading.Lock()


def faire_la_bas(unite: dict[str, Any], outils: str) -> dict[str, Any]:
    """One site, on a worker: run by an assistant that is warm already, if there is one."""
    from dataclasses import asdict

    demande = Unite(**unite)
    if cause := _obstacle(demande, outils):
        return asdict(Resultat(demande.nom, ECHEC, cause=cause))
    aide = _prendre()
    try:
        resultat = aide.faire(demande)
    except OSError as erreur:
        cause = f"le processus des rapports s’est arrêté brutalement ({erreur})"
        return asdict(Resultat(demande.nom, ECHEC, cause=cause))
    with _CLE:
        _LIBRES.append(aide)
    return asdict(resultat)


def _obstacle(unite: Unite, outils: str) -> str:
    """Why this worker would not give the report that the others give; empty when it would."""
    from qualepref_lib.running.empreintes import hash_outils

    for chemin in (unite.racine, unite.dossier):
        if not est_adresse(chemin) and not Path(chemin).is_dir():
            return f"l’ouvrier ne voit pas {chemin} : il faut un disque partagé."
    if hash_outils() != outils:
        return "l’ouvrier n’a pas la même version de qualepref, de Python ou des bibliothèques."
    return ""


def _prendre() -> Any:
    from qualepref_lib.running.lot.assistant import Assistant

    with _CLE:
        while _LIBRES:
            aide = _LIBRES.pop()
            if aide.vivant:
                return aide
    return Assistant()
