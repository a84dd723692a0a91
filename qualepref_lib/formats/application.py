"""A mapping applied to the raw frame of its source: their columns become ours, or are told."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pandas as pd

from qualepref_lib.core.refus import Releve, sans_accent
from qualepref_lib.formats.association import FichierAssociation
from qualepref_lib.formats.brut import LETTRES
from qualepref_lib.formats.cellules import Colonne
from qualepref_lib.formats.entetes import check_sans_nom
from qualepref_lib.formats.precisions import find_precisions
from qualepref_lib.formats.rapprochement import Rapprochement
from qualepref_lib.formats.reponses_associees import Lecture, keep_completes, new_numeros
from qualepref_lib.formats.traduction import Traduction


@dataclass(frozen=True)
class Associe:
    """A raw frame under our names, and our columns as this file writes them.

    The columns that could not be found are not among them: they were told. ``juste`` says that
    there were none.
    """

    brut: pd.DataFrame
    colonnes: tuple[Colonne, ...]
    juste: bool


def apply_association(
    brut: pd.DataFrame,
    fichier: FichierAssociation,
    colonnes: tuple[Colonne, ...],
    nom: str,
    releve: Releve,
) -> Associe:
    """Apply the mapping to ``brut``; problems go to ``releve`` under the file that has them.

    Each step tells what it finds and lets the others run.
    """
    avant, par_nom = len(releve.problemes), {c.nom: c for c in colonnes}
    check_sans_nom(brut, nom, releve)
    rapprochement = Rapprochement(Lecture(brut, fichier, nom, releve), par_nom)
    origines, numeros = rapprochement.origines, new_numeros(brut)
    brut = keep_completes(Lecture(brut, fichier, nom, releve))
    traduction = Traduction(Lecture(brut, fichier, nom, releve), par_nom)
    valeurs = {n: _joindre(brut, entetes) for n, entetes in origines.items()}
    valeurs |= dict.fromkeys(fichier.association.numerotees, numeros.loc[brut.index])
    valeurs |= traduction.constantes()
    precisions = find_precisions(Lecture(brut, fichier, nom, releve), par_nom, valeurs)
    valeurs = {n: traduction.traduire(n, serie) for n, serie in valeurs.items()}
    valeurs |= traduction.cases() | precisions
    cadre = pd.DataFrame(valeurs, index=brut.index)
    lettres = brut.attrs.get(LETTRES, {})
    ici = {n: lettres.get(entetes[0], "") for n, entetes in origines.items()}
    cadre.attrs = dict(brut.attrs) | {LETTRES: ici}
    perdues = rapprochement.perdues | traduction.perdues
    gardees = [_decrire(c, origines.get(c.nom, ()), fichier) for c in colonnes
               if c.nom not in perdues]  # fmt: skip
    return Associe(cadre, tuple(gardees), len(releve.problemes) == avant)


def _joindre(brut: pd.DataFrame, entetes: tuple[str, ...]) -> pd.Series:
    """Their cells, those of several columns joined by a space."""
    serie = brut[entetes[0]]
    for entete in entetes[1:]:
        serie = serie.astype(str) + " " + brut[entete].astype(str)
    return serie.str.strip() if len(entetes) > 1 else serie


def _decrire(colonne: Colonne, entetes: tuple[str, ...], fichier: FichierAssociation) -> Colonne:
    """Our column as this file writes it: what a refusal names, and what it advises."""
    dit, nom = fichier.association, colonne.nom
    conseil = ""
    if colonne.genre in ("code", "codes") and entetes:
        conseil = f"associer cette valeur sous « valeurs > {nom} » dans {fichier.nom}."
    elif nom in dit.unites:
        conseil = f"corriger la durée, ou l’unité « unites > {nom} » dans {fichier.nom}."
    titre = " + ".join(entetes)
    return replace(
        colonne,
        titre="" if sans_accent(titre) == sans_accent(nom) else titre,
        unite_lue=dit.unites.get(nom, ""),
        conseil=conseil,
        voisins=tuple(dit.valeurs.get(nom, {})),
    )
