"""A tiny invented edition with its registers, and campaigns of calls and tickets read with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
from petite_campagne import Lignes, load_petite, write_fiche

from qualepref_lib.campagne import Campagne, Table
from qualepref_lib.core.bilan import Source


def _entrees(**libelles: str) -> list[dict[str, str]]:
    return [{"code": code, "libelle": libelle} for code, libelle in libelles.items()]


def _indicateur(code: str, seuils: Mapping[str, str], unite: str) -> dict[str, Any]:
    return {
        "code": code,
        "libelle": f"Indicateur {code}",
        "registre": code.split(".")[0],
        "unite": unite,
        "seuils": [{"depuis": d, "valeur": v, "source": "essai"} for d, v in seuils.items()],
        "cibles": [{"depuis": "2021-01-01", "valeur": "0.8", "source": "essai"}],
    }


REGISTRES: dict[str, Any] = {
    "canaux": _entrees(courrier="courrier", courriel="courriel"),
    "natures": _entrees(information="information", reclamation="réclamation"),
    "motifs_reclamation": _entrees(delai="délai"),
    "motifs_cloture": _entrees(repondu="répondu", sans_suite="sans suite"),
    "issues_appel": [
        {"code": "repondu", "libelle": "répondu", "agent": "true", "repondu": "true"},
        {"code": "abandonne", "libelle": "abandonné", "agent": "true"},
        {"code": "messagerie", "libelle": "messagerie", "agent": "true"},
        {"code": "svi", "libelle": "serveur vocal"},
    ],
    "files": _entrees(sans_rdv="sans rendez-vous", avec_rdv="avec rendez-vous"),
    "motifs_visite": _entrees(sejour="séjour", permis="permis", identite="identité"),
    "titres": _entrees(cni="carte d’identité"),
    "indicateurs": [
        _indicateur("appels.decroches", {}, ""),
        # The threshold is tightened in the middle of the year.
        _indicateur("appels.attente", {"2021-01-01": "30", "2022-03-15": "20"}, "secondes"),
        _indicateur("tickets.sans_rdv", {"2021-01-01": "20"}, "minutes"),
        _indicateur("tickets.avec_rdv", {"2021-01-01": "10"}, "minutes"),
    ],
}


def load_accueil(racine: Path, tables: Mapping[str, Lignes], **fiche: Any) -> Campagne:
    """Read ``tables`` against the little edition, on 1 April 2022 unless said otherwise."""
    write_fiche(racine / "referentiel" / "petite" / "registres.yaml", REGISTRES)
    return load_petite(racine, tables, **fiche)


def with_cadre(campagne: Campagne, source: str, cadre: pd.DataFrame) -> Campagne:
    """The campaign with a frame of its own for ``source``, as if read from a file."""
    table = Table(cadre, Source(f"{source}.csv", "0" * 64, source))
    return replace(campagne, tables={**campagne.tables, source: table})


def numeroter(lignes: list[dict[str, str]], nom: str) -> list[dict[str, str]]:
    """The rows with a number each."""
    return [{nom: f"N{rang:03d}", **ligne} for rang, ligne in enumerate(lignes, 1)]
