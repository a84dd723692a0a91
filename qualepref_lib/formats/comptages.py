"""Exports that are already added up: a row an hour or a day, and a column for each outcome.

Each count becomes a row of ours that stands for as many things (``nombre``), so that what follows
reads added-up files and files of one row a call in the same way. Nothing is guessed: a header that
is not there, a cell that is no count, a total that the counts do not make are all told.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pandas as pd

from qualepref_lib.core.francais import nombre
from qualepref_lib.core.refus import Releve, extrait, proche, sans_accent
from qualepref_lib.core.valeurs import Illisible, lire_entier, lire_plage
from qualepref_lib.formats.association import Compteurs, FichierAssociation
from qualepref_lib.formats.cellules import Colonne, lecteur_de

NOMBRE = "nombre"
"""Our column that says how many things a row stands for."""


def unfold_compteurs(
    brut: pd.DataFrame,
    fichier: FichierAssociation,
    colonnes: Sequence[Colonne],
    nom: str,
    releve: Releve,
) -> pd.DataFrame | None:
    """The raw frame with a row for each count that is not zero, under the line it came from.

    The frame itself when the mapping tells of no counters; None when they cannot be read, which
    ``releve`` says.
    """
    dit = fichier.association.compteurs
    if dit is None:
        return brut
    avant = len(releve.problemes)
    entetes = {sans_accent(str(entete)): str(entete) for entete in brut.columns if entete}
    _check_colonne(dit, fichier, {c.nom: c for c in colonnes}, releve)
    _check_entetes(dit, fichier, entetes, nom, releve)
    if len(releve.problemes) > avant:
        return None
    comptes = {e: _lire(brut[entetes[sans_accent(e)]], nom, releve) for e in dit.entetes}
    effectifs = {v: np.sum([comptes[e] for e in tous], axis=0) for v, tous in dit.effectifs.items()}
    if dit.total:
        ecart = comptes[dit.total] - np.sum(list(effectifs.values()), axis=0)
        _check_total(dit, comptes[dit.total], ecart, brut.index, nom, releve)
        effectifs |= {dit.reste: ecart} if dit.reste else {}
    if len(releve.problemes) > avant:
        return None
    siens = [entetes[sans_accent(e)] for e in dit.entetes]
    return _unfold(brut.drop(columns=siens), dit.colonne, effectifs)


def take_debuts(brut: pd.DataFrame, plages: Iterable[str]) -> pd.DataFrame:
    """The frame with the start of each slot (``08:00``) in the columns ``plages``.

    What is no slot stays, for the check of the column to tell.
    """
    neuf = brut.assign(**{nom: brut[nom].map(_debut) for nom in plages if nom in brut.columns})
    neuf.attrs = dict(brut.attrs)
    return neuf


def check_plages(fichier: FichierAssociation, colonnes: Sequence[Colonne], releve: Releve) -> None:
    """Only an hour of ours may be written as a slot."""
    heures = [c.nom for c in colonnes if c.genre == "heure"]
    for nom in fichier.association.plages:
        if nom not in heures:
            constat = f"« {extrait(nom)} » n’est pas une de nos colonnes d’heure."
            _signaler(fichier, ("plages",), constat, releve, heures, nom)


def _debut(valeur: str) -> str:
    try:
        minutes = lire_plage(valeur)
    except Illisible:
        return valeur
    return f"{int(minutes // 60):02d}:{int(minutes % 60):02d}"


def _check_colonne(
    dit: Compteurs, fichier: FichierAssociation, colonnes: Mapping[str, Colonne], releve: Releve
) -> None:
    """The counters tell the values of one coded column of ours, and nothing else tells them."""
    colonne, ici = colonnes.get(dit.colonne), ("compteurs", "colonne")
    if NOMBRE not in colonnes:
        constat = "cette source n’a pas de lignes qui comptent pour plusieurs."
        _signaler(fichier, ("compteurs",), constat, releve)
        return
    if colonne is None or colonne.genre != "code":
        constat = f"« {extrait(dit.colonne)} » n’est pas une colonne de codes de cette source."
        codees = [c.nom for c in colonnes.values() if c.genre == "code"]
        _signaler(fichier, ici, constat, releve, codees, dit.colonne)
        return
    for cle, valeurs in (("effectifs", tuple(dit.effectifs)), ("reste", (dit.reste,))):
        for valeur in filter(None, valeurs):
            try:
                lecteur_de(colonne)(valeur)
            except Illisible as erreur:
                ici = ("compteurs", cle)
                _signaler(fichier, ici, str(erreur), releve, colonne.montres, valeur)
    for autre in (dit.colonne, NOMBRE):
        for groupe in ("colonnes", "valeurs", "constantes"):
            if autre in getattr(fichier.association, groupe):
                constat = f"la colonne « {autre} » est déjà dite par les compteurs."
                _signaler(fichier, (groupe, autre), constat, releve)


def _check_entetes(
    dit: Compteurs,
    fichier: FichierAssociation,
    entetes: Mapping[str, str],
    nom: str,
    releve: Releve,
) -> None:
    """Each counter is in the file, counts once, and serves for nothing else."""
    a = fichier.association
    pris = {sans_accent(e): "ignoré" for e in a.ignorees}
    pris |= {sans_accent(e): "associé" for tous in a.colonnes.values() for e in tous}
    for entete in dit.entetes:
        forme, ici = sans_accent(entete), ("compteurs", "effectifs")
        if forme not in entetes:
            constat = f"« {extrait(entete)} » n’est pas un en-tête de {nom}."
            _signaler(fichier, ici, constat, releve, entetes.values(), entete)
        elif forme in pris:
            constat = f"« {extrait(entete)} » compte, et il est déjà {pris[forme]}."
            _signaler(fichier, ici, constat, releve)
        pris.setdefault(forme, "compté")


def _check_total(
    dit: Compteurs,
    totaux: np.ndarray,
    ecarts: np.ndarray,
    lignes: pd.Index,
    nom: str,
    releve: Releve,
) -> None:
    """The counts make the total, or no more than it where the rest has a name."""
    for rang in np.flatnonzero((ecarts < 0) if dit.reste else (ecarts != 0)):
        fait, dits = nombre(int(totaux[rang] - ecarts[rang])), nombre(int(totaux[rang]))
        releve.signaler(
            nom,
            f"les compteurs font {fait}, et le total {dits}.",
            ligne=int(lignes[rang]),
            colonne=dit.total,
            remede="corriger le compte, ou dire dans l’association ce que le total compte d’autre.",
        )


def _signaler(
    fichier: FichierAssociation,
    chemin: tuple[str, ...],
    constat: str,
    releve: Releve,
    connus: Iterable[str] = (),
    valeur: str = "",
) -> None:
    connus = tuple(connus)
    releve.signaler(
        fichier.nom,
        constat,
        ligne=fichier.arbre.ligne(chemin),
        colonne=" > ".join(chemin),
        connus=connus,
        voisin=proche(valeur, connus),
        remede="corriger l’association.",
    )


def _lire(serie: pd.Series, nom: str, releve: Releve) -> np.ndarray:
    """The counts of one column; a blank is zero, and what is no count is told with its lines."""
    lus: dict[str, int] = {}
    for valeur in serie.unique():
        lus[valeur] = _compte(valeur)
        if lus[valeur] < 0:
            premiere, *autres = map(int, serie.index[serie == valeur])
            releve.signaler(
                nom,
                f"« {extrait(valeur)} » n’est pas un compte.",
                ligne=premiere,
                autres=tuple(autres),
                colonne=str(serie.name),
                remede="écrire un nombre entier, zéro ou plus.",
            )
    return np.asarray(serie.map(lus), dtype="int64")


def _compte(valeur: str) -> int:
    """A whole number, or −1."""
    try:
        return max(lire_entier(valeur), -1) if valeur else 0
    except Illisible:
        return -1


def _unfold(brut: pd.DataFrame, colonne: str, effectifs: Mapping[str, np.ndarray]) -> pd.DataFrame:
    """One row for each line and value that counts something, in the order of the lines."""
    comptes = np.column_stack(list(effectifs.values()))
    rangs, valeurs = np.nonzero(comptes)
    noms = np.array(list(effectifs), dtype=object)
    deplie = brut.iloc[rangs].assign(
        **{
            colonne: noms[valeurs],
            NOMBRE: comptes[rangs, valeurs].astype(str),
        }
    )
    deplie.attrs = dict(brut.attrs)
    return deplie
