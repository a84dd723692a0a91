"""What became of each site of a batch, kept beside the reports so that a run can be resumed."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from qualepref_lib.core.refus import Probleme, Refus
from qualepref_lib.running.lot.sites import Site

A_FAIRE, FAIT, INCHANGE, REFUSE, ECHEC = "à faire", "fait", "inchangé", "refusé", "échec"
BONS = (FAIT, INCHANGE)
ETATS = (A_FAIRE, FAIT, INCHANGE, REFUSE, ECHEC)
FICHIER = ".lot.json"


@dataclass(frozen=True)
class EtatSite:
    """One site: its folder, how its report ended, how long it took, why it failed."""

    nom: str
    dossier: str
    etat: str = A_FAIRE
    duree_s: float = 0.0
    cause: str = ""


@dataclass
class Lot:
    """A batch: what was asked, and the state of each site, by name."""

    parametres: Mapping[str, Any]
    tout: bool = False
    sites: dict[str, EtatSite] = field(default_factory=dict)
    jeton: str = field(default_factory=lambda: secrets.token_hex(8))

    @classmethod
    def new(cls, sites: Iterable[Site], parametres: Mapping[str, Any], tout: bool) -> Lot:
        """A batch in which nothing is done yet; its ``jeton`` tells it from another one."""
        etats = {s.nom: EtatSite(s.nom, str(s.dossier)) for s in sites}
        return cls(parametres, tout, etats)

    def finir(self, nom: str, etat: str, duree_s: float, cause: str) -> EtatSite:
        """Note how a site ended."""
        self.sites[nom] = replace(self.sites[nom], etat=etat, duree_s=duree_s, cause=cause)
        return self.sites[nom]

    def compter(self) -> dict[str, int]:
        """How many sites there are in each state, those that are empty left out."""
        etats = [site.etat for site in self.sites.values()]
        return {etat: etats.count(etat) for etat in ETATS if etat in etats}


def write_lot(lot: Lot, sortie: Path) -> None:
    """Keep the state of the batch, whole or not at all."""
    contenu = {
        "parametres": dict(lot.parametres),
        "tout": lot.tout,
        "jeton": lot.jeton,
        "sites": [asdict(site) for site in lot.sites.values()],
    }
    write_entier(sortie / FICHIER, json.dumps(contenu, ensure_ascii=False, indent=1))


def load_lot(sortie: Path) -> Lot:
    """The last batch of ``sortie``; raises :class:`Refus` when there is none."""
    try:
        lu = json.loads((sortie / FICHIER).read_text(encoding="utf-8"))
        sites = [EtatSite(**site) for site in lu["sites"]]
        return Lot(
            lu["parametres"], lu["tout"], {site.nom: site for site in sites}, lu.get("jeton", "")
        )
    except (OSError, ValueError, KeyError, TypeError):
        constat = "aucun lot à reprendre ici."
        remede = "lancer le lot sans --reprendre, ou nommer sa --sortie."
        raise Refus(Probleme(sortie.name, constat, remede=remede)) from None


def write_entier(chemin: Path, texte: str) -> None:
    """The whole file or the old one, whatever happens meanwhile."""
    provisoire = chemin.with_name(f".{chemin.name.lstrip('.')}.tmp")
    provisoire.write_text(texte, encoding="utf-8", newline="\n")
    provisoire.replace(chemin)
