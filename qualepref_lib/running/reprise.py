"""What a new campaign takes over from an older one: what is still open, and what still proves.

Ratings start blank: the last one stands beside, to be seen and never counted. Findings stay until
they are lifted, actions until they are done or given up. Evidence comes with its files, and its
dates tell whether it is still fresh.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd

from qualepref_lib.campagne import Campagne
from qualepref_lib.campagne.regles_plan import OUVERTES
from qualepref_lib.running.ecriture import entetes_de, format_csv, format_lignes


def write_reports(ancienne: Campagne, dossier: Path) -> None:
    """Write into ``dossier`` the tables that ``ancienne`` hands over."""
    _write(ancienne, dossier, "autodiagnostic", _cotations(ancienne))
    _write(ancienne, dossier, "plan_actions", _actions(ancienne))
    _write(ancienne, dossier, "constats", _constats(ancienne))
    for source in ("preuves", "documents"):
        _write(ancienne, dossier, source, _cadre(ancienne, source))
    _copy_preuves(ancienne, dossier)


def _write(ancienne: Campagne, dossier: Path, source: str, cadre: pd.DataFrame) -> None:
    """The grid to fill is always there; a register only when it has something to hand over."""
    if cadre.empty and source not in ("autodiagnostic", "plan_actions"):
        return
    referentiel = ancienne.referentiel
    lignes = format_lignes(cadre, source, referentiel)
    octets = format_csv(entetes_de(source, referentiel), lignes)
    (dossier / f"{source}.csv").write_bytes(octets)


def _cadre(ancienne: Campagne, source: str) -> pd.DataFrame:
    """The rows of a source, or none under the same columns."""
    if source in ancienne.tables:
        return ancienne.tables[source].cadre
    return pd.DataFrame(columns=entetes_de(source, ancienne.referentiel))


def _cotations(ancienne: Campagne) -> pd.DataFrame:
    """A row for each criterion (and service) to rate again, its last rating beside the blank."""
    retenus = [
        code
        for code, module in ancienne.referentiel.module_de.items()
        if module in ancienne.fiche.modules
    ]
    cadre = _cadre(ancienne, "autodiagnostic")[["critere", "service", "cotation"]]
    absents = pd.DataFrame({"critere": [c for c in retenus if c not in set(cadre["critere"])]})
    tout = pd.concat([cadre.astype(object), absents.astype(object)])
    tout = tout[tout["critere"].isin(retenus)].rename(columns={"cotation": "cotation_precedente"})
    rangs = {code: rang for rang, code in enumerate(retenus)}
    tout = tout.sort_values("critere", key=lambda codes: codes.map(rangs), kind="stable")
    tout["libelle"] = tout["critere"].map(
        {code: critere.libelle for code, critere in ancienne.referentiel.criteres.items()}
    )
    return tout.reindex(columns=entetes_de("autodiagnostic", ancienne.referentiel))


def _actions(ancienne: Campagne) -> pd.DataFrame:
    """The open actions; what they waited for and that is done, or given up, holds them no more."""
    cadre = _cadre(ancienne, "plan_actions")
    restent = cadre[cadre["statut"].isin(OUVERTES)]
    codes = set(restent["code"])
    attend = [tuple(code for code in siens if code in codes) for siens in restent["depend_de"]]
    return restent.assign(depend_de=pd.Series(attend, index=restent.index, dtype=object))


def _constats(ancienne: Campagne) -> pd.DataFrame:
    """The open findings; a non-conformity without a status was not lifted."""
    cadre = _cadre(ancienne, "constats")
    types = ancienne.referentiel.edition.types_constat
    ecarts = [t.code for t in types if t.non_conformite]
    oublies = cadre["statut"].isna() & cadre["type"].isin(ecarts)
    return cadre[(cadre["statut"] == "ouvert") | oublies]


def _copy_preuves(ancienne: Campagne, dossier: Path) -> None:
    """The files that the evidence names, at the same place; one that is lost stays lost."""
    for fichier in _cadre(ancienne, "preuves")["fichier"].dropna().unique():
        relatif = fichier.replace("\\", "/")
        origine, copie = ancienne.dossier / relatif, dossier / relatif
        if origine.is_file():
            copie.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(origine, copie)
