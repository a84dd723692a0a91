"""What a rule on the rows of a source may look at, and the rules that several sources share.

A rule reads the typed frame, where a cell that was refused is empty; ``brut`` tells an empty cell
from a refused one, so that no rule repeats what the column check already said.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from qualepref_lib.campagne.fiche import FicheCampagne
from qualepref_lib.core.refus import Probleme, Releve, extrait
from qualepref_lib.referentiel import Referentiel

JOURS_MONTRES = 20


@dataclass(frozen=True)
class Contexte:
    """What a rule may look at."""

    source: str
    cadre: pd.DataFrame
    brut: pd.DataFrame
    referentiel: Referentiel
    fiche: FicheCampagne
    nom: str
    releve: Releve

    def vides(self, colonne: str) -> pd.Series:
        """The rows whose cell is really empty, not one that was refused."""
        lues = self.cadre[colonne].isna()
        if colonne in self.brut.columns and lues.any():
            return lues & (self.brut[colonne] == "")
        return lues

    def refusees(self, *colonnes: str) -> pd.Series:
        """The rows where one of ``colonnes`` held something that could not be read."""
        refus = pd.Series(False, index=self.cadre.index)
        for colonne in colonnes:
            refus |= self.cadre[colonne].isna() & ~self.vides(colonne)
        return refus

    def signaler(self, masque: Any, colonne: str, constat: str, remede: str) -> None:
        """One problem for all the rows of ``masque``."""
        if lignes := _lignes(masque):
            self.releve.signaler(
                self.nom, constat, ligne=lignes[0], autres=tuple(lignes[1:]),
                colonne=colonne, remede=remede,
            )  # fmt: skip

    def remarquer(self, masque: Any, colonne: str, constat: str) -> None:
        """One remark for all the rows of ``masque``."""
        if lignes := _lignes(masque):
            self.releve.remarquer(
                self.nom, constat, ligne=lignes[0], autres=tuple(lignes[1:]), colonne=colonne
            )


Regle = Callable[[Contexte], None]


def _lignes(masque: pd.Series) -> list[int]:
    return [int(ligne) for ligne in masque.index[masque]]


def unique(*colonnes: str) -> Regle:
    """No two rows share the values of ``colonnes``; a cell that was refused has no value."""

    def regle(c: Contexte) -> None:
        if len(colonnes) == 1 and _tous_distincts(c.cadre[colonnes[0]]):
            return
        cles = c.cadre.loc[~c.refusees(*colonnes), list(colonnes)].dropna(subset=colonnes[:1])
        repetees = cles[cles.duplicated(keep=False)]
        groupes: dict[tuple[str, ...], list[int]] = {}
        for ligne, *cle in repetees.itertuples():
            groupes.setdefault(tuple(v if isinstance(v, str) else "" for v in cle), []).append(
                ligne
            )
        for valeurs, lignes in groupes.items():
            c.releve.ajouter(_doublon(c.nom, colonnes[0], valeurs, lignes))

    return regle


def _tous_distincts(valeurs: pd.Series) -> bool:
    """Whether a column surely repeats nothing: equal values have equal hashes, and none are equal.

    Three times faster than looking for what is repeated, which is seldom there.
    """
    hachages = np.fromiter(map(hash, valeurs.to_numpy(dtype=object)), np.int64, len(valeurs))
    hachages.sort()
    return bool((hachages[1:] != hachages[:-1]).all())


def _doublon(nom: str, colonne: str, cle: Iterable[str], lignes: list[int]) -> Probleme:
    valeur = " / ".join(extrait(v) for v in cle if v)
    return Probleme(
        nom,
        f"« {valeur} » est déjà à la ligne {lignes[0]}.",
        ligne=lignes[1],
        autres=tuple(lignes[2:]),
        colonne=colonne,
        remede="garder une seule de ces lignes.",
    )


def dans_la_periode(c: Contexte) -> None:
    """A row dated outside the declared period of its source is a fault of one or the other."""
    declaration = c.fiche.sources.get(c.source)
    debut, fin = (declaration.debut, declaration.fin) if declaration else (None, None)
    remede = "corriger la date, ou la période de la source dans campagne.yaml."
    if debut is not None:
        constat = f"la date est avant la période déclarée (début le {debut:%d/%m/%Y})."
        _signaler_jours(c, c.cadre["date"] < pd.Timestamp(debut), constat, remede)
    if fin is not None:
        constat = f"la date est après la période déclarée (fin le {fin:%d/%m/%Y})."
        _signaler_jours(c, c.cadre["date"] > pd.Timestamp(fin), constat, remede)
    else:
        limite = c.fiche.date_reference
        c.remarquer(
            c.cadre["date"] > pd.Timestamp(limite),
            "date",
            f"date postérieure à la date de référence ({limite:%d/%m/%Y}).",
        )


def _signaler_jours(c: Contexte, dehors: pd.Series, constat: str, remede: str) -> None:
    jours = c.cadre["date"][dehors].unique()
    c.releve.taire(c.nom, "date", max(0, len(jours) - JOURS_MONTRES))
    for jour in jours[:JOURS_MONTRES]:
        c.signaler(
            dehors & (c.cadre["date"] == jour), "date", f"{jour:%d/%m/%Y} : {constat}", remede
        )
