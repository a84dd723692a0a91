"""A lease on the report of one site, so that two batches do not make it both at the same time.

A store has no lock that the death of its holder frees. A lease says who holds it and until when;
it is taken over, and that is said, once it is over, when its holder was a process of this machine
that is gone, or when it is the same batch that comes back for the site. Two batches that both
believe to hold it still publish a whole report each: the last one stays.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import secrets
import socket
from dataclasses import asdict, dataclass, field

from qualepref_lib.core.refus import Probleme
from qualepref_lib.running.depot import Occupe
from qualepref_lib.running.stockage.entrepot import Entrepot
from qualepref_lib.running.vivants import debut_de, est_vivant, machine


def _maintenant() -> dt.datetime:
    return dt.datetime.now(dt.UTC).replace(microsecond=0)


@dataclass(frozen=True)
class Bail:
    """Who makes the report of a site, for which batch, and until when at most."""

    lot: str
    fin: str
    pid: int = field(default_factory=os.getpid)
    debut: str = field(default_factory=lambda: debut_de(os.getpid()))
    machine: str = field(default_factory=machine)
    hote: str = field(default_factory=socket.gethostname)
    jeton: str = field(default_factory=lambda: secrets.token_hex(8))

    @classmethod
    def new(cls, lot: str, duree_s: float) -> Bail:
        """A lease held by this process."""
        return cls(lot, (_maintenant() + dt.timedelta(seconds=duree_s)).isoformat())

    @property
    def octets(self) -> bytes:
        """As the store keeps it."""
        return json.dumps(asdict(self)).encode()

    def prendre(self, entrepot: Entrepot, site: str) -> str:
        """Take the lease of a site; answer with what to say, when it was somebody else's.

        Raises :class:`Occupe` while another run holds it.
        """
        nom = _fichier(site)
        if entrepot.creer(nom, self.octets):
            return ""
        ancien = _lire(entrepot.lire(nom))
        cause = _cause(ancien, self) if ancien else "il était illisible"
        if cause is None:
            assert ancien is not None
            raise Occupe(_occupe(site, ancien))
        entrepot.poser(nom, self.octets)
        if (pris := _lire(entrepot.lire(nom))) != self and pris is not None:
            raise Occupe(_occupe(site, pris))
        return f"verrou de {site} repris : {cause}."

    def rendre(self, entrepot: Entrepot, site: str) -> None:
        """Give it back, unless another run has taken it over."""
        if _lire(entrepot.lire(_fichier(site))) == self:
            entrepot.retirer(_fichier(site))


def sweep_baux(entrepot: Entrepot) -> int:
    """Remove the leases that hold no more, whatever the batch that comes next; how many."""
    moi, retires = Bail.new(secrets.token_hex(8), 0), 0
    for nom in entrepot.contenu():
        if not (nom.startswith(".") and nom.endswith(".verrou")):
            continue
        ancien = _lire(entrepot.lire(nom))
        if ancien is None or _cause(ancien, moi):
            entrepot.retirer(nom)
            retires += 1
    return retires


def _fichier(site: str) -> str:
    return f".{site}.verrou"


def _lire(octets: bytes | None) -> Bail | None:
    try:
        lu = Bail(**json.loads(octets or b""))
        dt.datetime.fromisoformat(lu.fin)
    except (ValueError, TypeError):
        return None
    return lu


def _cause(ancien: Bail, nouveau: Bail) -> str | None:
    """Why an older lease holds no more; None while it does."""
    if ancien.machine == nouveau.machine and not est_vivant(ancien.pid, ancien.debut):
        return f"son processus ({ancien.pid}) n’existe plus"
    if ancien.lot == nouveau.lot:
        return f"le même lot l’avait confié à {ancien.hote}"
    if dt.datetime.fromisoformat(ancien.fin) < _maintenant():
        return f"il était échu depuis le {ancien.fin}"
    return None


def _occupe(site: str, bail: Bail) -> Probleme:
    return Probleme(
        site,
        f"une autre exécution est en cours pour cette sortie, sur {bail.hote} "
        f"(processus {bail.pid}), jusqu’au {bail.fin} au plus.",
        remede=f"attendre qu’elle finisse, ou enlever {_fichier(site)} si elle n’existe plus.",
    )
