"""One source as it came: its file read as text, mapped, counted, then typed column by column."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from qualepref_lib.campagne.dossiers import FICHE
from qualepref_lib.campagne.feuilles_mystere import ONGLETS, SOURCE, find_grilles, load_feuilles
from qualepref_lib.campagne.fiche import DeclarationSource
from qualepref_lib.campagne.numerotes import NUMERO, keep_servies
from qualepref_lib.core.arbre import Arbre
from qualepref_lib.core.fichiers import existe
from qualepref_lib.core.francais import nombre, pluriel
from qualepref_lib.core.onglets import Onglets
from qualepref_lib.core.refus import Releve
from qualepref_lib.formats import classeur
from qualepref_lib.formats.application import apply_association
from qualepref_lib.formats.association import SUFFIXE, FichierAssociation, load_association
from qualepref_lib.formats.brut import LIGNE_ENTETE, LIGNES_LUES
from qualepref_lib.formats.cellules import Colonne
from qualepref_lib.formats.colonnes import check_colonnes
from qualepref_lib.formats.comptages import check_plages, take_debuts, unfold_compteurs
from qualepref_lib.formats.extensions import EXTENSIONS
from qualepref_lib.formats.tetes import UNE_LIGNE
from qualepref_lib.formats.texte import load_texte
from qualepref_lib.referentiel import Referentiel

REGISTRE_NUMEROTE, ENQUETE = "courriers", "enquete"


@dataclass(frozen=True)
class Arrivee:
    """A source that was read: its cells as text and as typed values.

    ``entete_juste`` tells whether every column is what it says: rules that look at several cells
    would only repeat what a broken header already said. ``onglets`` are those of a workbook read
    over several sheets, whose rows are numbered by them.
    """

    brut: pd.DataFrame
    cadre: pd.DataFrame
    entete_juste: bool
    onglets: Onglets | None = None


def find_association(dossier: Path, source: str) -> Path | None:
    """The mapping file of a source, when it has one."""
    chemin = dossier / f"{source}{SUFFIXE}"
    return chemin if existe(chemin) else None


def load_arrivee(
    chemin: Path, colonnes: tuple[Colonne, ...] | None, releve: Releve
) -> Arrivee | None:
    """Read the file of a source, a CSV or a workbook, with its mapping when it has one.

    Without ``colonnes`` (the référentiel cannot be read) the file itself is still looked at.
    Problems go to ``releve``; None when no table comes of it.
    """
    association = find_association(chemin.parent, chemin.stem)
    fichier = load_association(association, association.name, releve) if association else None
    brut = _load_brut(chemin, fichier, colonnes or (), releve)
    # Headers that a mapping that cannot be read would have renamed are no problem of their own.
    if brut is None or colonnes is None or (association and not fichier):
        return None
    juste = True
    if fichier:
        check_plages(fichier, colonnes, releve)
        deplie = unfold_compteurs(brut, fichier, colonnes, chemin.name, releve)
        if deplie is None:
            return None
        associe = apply_association(deplie, fichier, colonnes, chemin.name, releve)
        brut = take_debuts(associe.brut, fichier.association.plages)
        colonnes, juste = associe.colonnes, associe.juste
    if chemin.stem == REGISTRE_NUMEROTE and NUMERO in brut.columns.str.lower():
        brut, _ = keep_servies(brut)
    cadre = check_colonnes(brut, colonnes, chemin.name, releve)
    entete = brut.attrs[LIGNE_ENTETE]
    if chemin.stem == ENQUETE and association is None:
        _conseiller(chemin, entete, releve)
    juste &= not any(p.ligne == entete and p.fichier == chemin.name for p in releve.problemes)
    return Arrivee(brut, cadre, juste)


def load_par_feuille(
    chemin: Path, colonnes: tuple[Colonne, ...], referentiel: Referentiel, releve: Releve
) -> Arrivee | None:
    """Read a mystery workbook that has one sheet a channel.

    Problems go to ``releve``; None when it is not such a workbook, or cannot be read.
    """
    plat = chemin.stem != SOURCE or chemin.suffix not in EXTENSIONS
    if plat or find_association(chemin.parent, chemin.stem):
        return None
    grilles = find_grilles(chemin, referentiel, releve)
    brut = load_feuilles(chemin, grilles, colonnes, releve) if grilles else None
    if brut is None:
        return None
    cadre = check_colonnes(brut, colonnes, chemin.name, releve)
    return Arrivee(brut, cadre, True, brut.attrs[ONGLETS])


def _conseiller(chemin: Path, entete: int, releve: Releve) -> None:
    """The export of a survey tool has none of our headers: one remedy, not twenty."""
    absentes = [p for p in releve.problemes if p.ligne == entete and "colonne manque" in p.constat]
    if len(absentes) < 5:
        return
    releve.problemes[:] = [p for p in releve.problemes if p not in absentes]
    releve.signaler(
        chemin.name,
        f"l’en-tête n’est pas celui du questionnaire : {len(absentes)} colonnes manquent.",
        ligne=entete,
        remede="si c’est l’export d’un outil d’enquête, l’associer au questionnaire : "
        f"qualepref enquete associer {chemin.parent.name} {chemin.name}",
    )


def _load_brut(
    chemin: Path, fichier: FichierAssociation | None, colonnes: tuple[Colonne, ...], releve: Releve
) -> pd.DataFrame | None:
    requises = [colonne.nom for colonne in colonnes if colonne.requise]
    tete = fichier.association.tete if fichier else UNE_LIGNE
    feuille = fichier.association.feuille if fichier else ""
    if chemin.suffix in EXTENSIONS:
        attendus = fichier.attendus(requises) if fichier else requises
        return classeur.load_classeur(
            chemin, chemin.name, releve, feuille or None, attendus=attendus, tete=tete
        )
    if feuille and fichier:
        releve.remarquer(
            fichier.nom,
            f"{chemin.name} n’a pas de feuilles : « {feuille} » ne sert à rien.",
            ligne=fichier.arbre.ligne(("feuille",)),
            colonne="feuille",
        )
    return load_texte(chemin, chemin.name, releve, tete=tete)


def check_lignes(
    arrivee: Arrivee,
    nom: str,
    declaration: DeclarationSource | None,
    arbre: Arbre | None,
    releve: Releve,
) -> None:
    """The file holds as many rows as the declaration says that the export counted."""
    attendues = declaration.lignes_attendues if declaration else None
    lues = int(arrivee.brut.attrs[LIGNES_LUES])
    if attendues is None or lues == attendues:
        return
    dit = f"{pluriel(lues, 'ligne lue', 'lignes lues')}, {nombre(attendues)} attendues"
    if lues < attendues:
        constat = f"{dit} : le fichier est sans doute tronqué."
        remede = "exporter à nouveau le fichier entier"
    else:
        constat = f"{dit} : des lignes sont en trop, ou la déclaration est d’un autre export."
        remede = "vérifier le fichier"
    ou = arbre.ligne(("sources", Path(nom).stem, "lignes_attendues")) if arbre else None
    dans = f"{FICHE}, ligne {ou}" if ou else FICHE
    releve.signaler(nom, constat, remede=f"{remede}, ou corriger « lignes_attendues » ({dans}).")
