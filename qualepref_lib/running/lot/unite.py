"""One site of a batch: its report, made in a child of a warm process, and how that ended."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from qualepref_lib.core.refus import Refus
from qualepref_lib.running.fourche import Dire, Fin, Message, Travail
from qualepref_lib.running.lot.etats import ECHEC, FAIT, REFUSE
from qualepref_lib.running.pannes import Echec, dire_erreur_systeme
from qualepref_lib.running.stockage.adresses import est_adresse

ATTENTE_S = 20.0
"""How long to wait for a run that is being stopped to let go of the same report."""
CHAPITRES_AU_PLUS = 60
"""A site may take this many times what a chapter may."""


@dataclass(frozen=True)
class Unite:
    """The report of one site: all that a process, here or on another machine, needs to know.

    ``dossier`` and ``sortie`` are folders, or addresses in a store; ``lot`` tells the batch.
    """

    nom: str
    dossier: str
    sortie: str
    racine: str
    parametres: Mapping[str, Any] = field(default_factory=dict)
    tout: bool = False
    delai_s: float = 600.0
    memoire_mo: int = 0
    simultanes: int = 1
    lot: str = ""

    @property
    def en_json(self) -> dict[str, Any]:
        """As plain values, to be sent."""
        return asdict(self) | {"parametres": dict(self.parametres)}


def amorcer_stockages(unites: Iterable[Unite]) -> None:
    """Import what speaks to the stores of these sites, if any, for the children too."""
    adresses = {lieu for u in unites for lieu in (u.dossier, u.sortie) if est_adresse(lieu)}
    if adresses:
        from qualepref_lib.running.stockage.a_part import amorcer

        amorcer(adresses)


@dataclass(frozen=True)
class Resultat:
    """How a site ended."""

    nom: str
    etat: str
    duree_s: float = 0.0
    cause: str = ""


def prechauffer() -> None:
    """Import all that a report needs, once, so that each child finds it done."""
    import qualepref_lib.atelier  # noqa: F401  (what the notebooks import)
    from qualepref_lib.running import chaud, fabrication  # noqa: F401
    from qualepref_lib.running.empreintes import hash_outils

    hash_outils()
    chaud.prechauffer()


def faire(unite: Unite) -> Resultat:
    """Make the report of one site; whatever goes wrong is the result, never raised."""
    if est_adresse(unite.dossier) or est_adresse(unite.sortie):
        from qualepref_lib.running.lot.loin import faire_loin

        return faire_loin(unite)
    from qualepref_lib.running.fabrication import Demande, make_rapport
    from qualepref_lib.running.moteur import Limites

    debut = time.monotonic()
    os.environ["QUALEPREF_RACINE"] = unite.racine
    limites = Limites(unite.delai_s, unite.memoire_mo, unite.simultanes)
    demande = Demande(
        unite.dossier, (), unite.parametres, Path(unite.sortie), tout=unite.tout,
        limites=limites, attente_s=ATTENTE_S,
    )  # fmt: skip
    etat, cause = FAIT, ""
    try:
        make_rapport(demande)
    except Refus as refus:
        etat, cause = REFUSE, str(refus)
    except Echec as echec:
        refuse = all(panne.est_refus for panne in echec.pannes)
        etat, cause = (REFUSE if refuse else ECHEC), str(echec)
    except OSError as erreur:
        etat, cause = ECHEC, dire_erreur_systeme(erreur)
    except Exception as erreur:
        etat, cause = ECHEC, f"{type(erreur).__name__} — {erreur}"
    return Resultat(unite.nom, etat, round(time.monotonic() - debut, 2), cause)


def en_travail(unite: Unite) -> Travail:
    """The same as the work of a child."""
    return Travail(unite.nom, partial(_vivre, unite), CHAPITRES_AU_PLUS * unite.delai_s)


def _vivre(unite: Unite, dire: Dire) -> None:
    # Stopped from outside, it removes what it was building and stops its own children.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    dire(**asdict(faire(unite)))


class Ecoute:
    """Turns what a child says, and how it ends, into one result for each site."""

    def __init__(self, finir: Callable[[Resultat], None]) -> None:
        self._finir = finir
        self._dits: dict[str, Resultat] = {}
        self._debuts: dict[str, float] = {}

    def commencer(self, nom: str) -> None:
        """The child of ``nom`` starts."""
        self._debuts[nom] = time.monotonic()

    def entendre(self, nom: str, dit: Message | Fin) -> None:
        """A child says something; its death is its last word."""
        if not isinstance(dit, Fin):
            if "etat" in dit:
                self._dits[nom] = Resultat(**dit)
            return
        duree = round(time.monotonic() - self._debuts[nom], 2)
        cause = "le temps accordé au site est dépassé" if dit.trop_long else (
            f"le processus du site s’est arrêté brutalement ({dit.cause})"
        )  # fmt: skip
        self._finir(self._dits.pop(nom, Resultat(nom, ECHEC, duree, cause)))
