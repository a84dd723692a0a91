"""Reading a campaign's folder: everything is checked together, and refused together.

``load_campagne`` answers with a :class:`Campagne` whose tables hold typed values that respect
every rule, or raises a :class:`~qualepref_lib.core.refus.Refus` that lists every problem of every
file. A source whose file is not there is no problem: its chapters say what is missing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from types import MappingProxyType

from qualepref_lib.campagne.arrivee import (
    Arrivee,
    check_lignes,
    find_association,
    load_arrivee,
    load_par_feuille,
)
from qualepref_lib.campagne.cloture import CLOTURE, load_cloture
from qualepref_lib.campagne.dossiers import (
    FICHE,
    find_campagne,
    find_edition,
    find_fichiers,
    find_precedente,
)
from qualepref_lib.campagne.fiche import FicheCampagne
from qualepref_lib.campagne.modele import Campagne, Table
from qualepref_lib.campagne.noms import check_noms
from qualepref_lib.campagne.regles import check_regles
from qualepref_lib.campagne.regles_relecture import check_relecture
from qualepref_lib.campagne.regles_tentatives import check_tentatives
from qualepref_lib.campagne.sources import SOURCES
from qualepref_lib.campagne.tables import colonnes_de
from qualepref_lib.campagne.verification import check_fiche
from qualepref_lib.core.arbre import Arbre, load_arbre
from qualepref_lib.core.bilan import Source
from qualepref_lib.core.fiches import valider
from qualepref_lib.core.lieux import situer
from qualepref_lib.core.onglets import Onglets
from qualepref_lib.core.refus import Refus, Releve
from qualepref_lib.formats.brut import EMPREINTE
from qualepref_lib.referentiel import Referentiel, load_referentiel

EDITION_PRECEDENTE = "Édition précédente"
"""What the files of the edition before are called among those that were read."""


def load_campagne(nom: str | Path) -> Campagne:
    """Read and check everything that the campaign ``nom`` (a name or a folder) holds.

    Raises :class:`Refus` listing every problem at once: a broken ``campagne.yaml`` or a broken
    référentiel does not hide what is wrong in the CSV files.
    """
    dossier = find_campagne(nom)
    releve = Releve()
    arbre = load_arbre(dossier / FICHE, FICHE, releve)
    fiche = valider(arbre, FicheCampagne, FICHE, releve) if arbre else None
    referentiel = _load_referentiel(dossier, arbre, releve)
    check_noms(dossier, {code: s.libelle for code, s in SOURCES.items()}, releve)
    if arbre and fiche and referentiel:
        check_fiche(fiche, arbre, referentiel, dossier, releve)
    arrivees = _load_arrivees(dossier, arbre, fiche, referentiel, releve)
    cloture = load_cloture(dossier, fiche, releve)
    releve.refuser()
    assert fiche and referentiel, "whatever was not read was refused"
    tables = {code: _table(dossier, code, lue, fiche) for code, lue in arrivees.items()}
    return Campagne(
        fiche=fiche,
        referentiel=referentiel,
        dossier=dossier,
        tables=MappingProxyType(tables),
        fichiers=_fichiers(dossier, referentiel, tables) + _fichiers_precedents(dossier, fiche),
        remarques=tuple(releve.remarques),
        cloture=cloture,
    )


def _fichiers_precedents(dossier: Path, fiche: FicheCampagne) -> tuple[Source, ...]:
    """The files of the edition before, which some chapters compare with; none when it is absent."""
    avant = find_precedente(dossier, fiche.precedente) if fiche.precedente else None
    if avant is None:
        return ()
    chemins = [avant / FICHE, *(c for code in SOURCES for c in find_fichiers(avant, code))]
    return tuple(
        Source(f"{avant.name}/{c.name}", sha256(c), EDITION_PRECEDENTE)
        for c in chemins
        if c.is_file()
    )


def _load_referentiel(dossier: Path, arbre: Arbre | None, releve: Releve) -> Referentiel | None:
    """The edition that the file names, even when the rest of the file is refused."""
    edition = arbre.valeurs.get("edition") if arbre else None
    if not isinstance(edition, str):
        return None
    propre = Releve()
    try:
        return load_referentiel(find_edition(dossier, edition), propre)
    except Refus as refus:
        releve.absorber(Releve(list(refus.problemes)))
        return None
    finally:
        releve.remarques += propre.remarques


def _load_arrivees(
    dossier: Path,
    arbre: Arbre | None,
    fiche: FicheCampagne | None,
    referentiel: Referentiel | None,
    releve: Releve,
) -> dict[str, Arrivee]:
    arrivees = {}
    for code in SOURCES:
        for chemin in find_fichiers(dossier, code)[:1]:  # two were refused by their names
            arrivee = _load_arrivee(chemin, code, arbre, fiche, referentiel, releve)
            if arrivee is not None and not arrivee.cadre.empty:
                arrivees[code] = arrivee
    noms = {code: find_fichiers(dossier, code)[0].name for code in arrivees}
    fautifs = {probleme.fichier for probleme in releve.problemes}
    propres = not fautifs & set(noms.values())
    justes = {code: lue.cadre for code, lue in arrivees.items() if lue.entete_juste}
    check_tentatives(justes, noms, releve, propres=propres)
    if propres:
        check_relecture(justes, noms, releve)
    for code, arrivee in arrivees.items():
        if arrivee.onglets:
            _situer(arrivee.onglets, noms[code], releve)
    return arrivees


def _situer(onglets: Onglets, nom: str, releve: Releve) -> None:
    """What was told of the numbered rows of a workbook is told of the rows of its sheets."""
    for liste in (releve.problemes, releve.remarques):
        liste[:] = [
            place
            for dit in liste
            for place in (situer(dit, partial(onglets.lieu, nom)) if dit.fichier == nom else [dit])
        ]


def _load_arrivee(
    chemin: Path,
    code: str,
    arbre: Arbre | None,
    fiche: FicheCampagne | None,
    referentiel: Referentiel | None,
    releve: Releve,
) -> Arrivee | None:
    """One file, checked as far as what was read before it allows."""
    propre = Releve()  # cross-cell rules would only repeat what a broken header already said
    colonnes = None if referentiel is None else colonnes_de(code, referentiel)
    arrivee = None
    if colonnes is not None and referentiel is not None:
        arrivee = load_par_feuille(chemin, colonnes, referentiel, propre)
    if arrivee is None and not propre.problemes:
        arrivee = load_arrivee(chemin, colonnes, propre)
    if arrivee and referentiel:
        check_lignes(
            arrivee, chemin.name, fiche.sources.get(code) if fiche else None, arbre, propre
        )
        if arrivee.cadre.empty and not propre.problemes:
            propre.remarquer(
                chemin.name, "le fichier n’a que son en-tête : la source est comptée absente."
            )
        elif fiche is not None and arrivee.entete_juste:
            check_regles(code, arrivee.cadre, arrivee.brut, referentiel, fiche, chemin.name, propre)
    releve.absorber(propre)
    return arrivee


def _table(dossier: Path, code: str, arrivee: Arrivee, fiche: FicheCampagne) -> Table:
    chemin = find_fichiers(dossier, code)[0]
    declaration = fiche.sources.get(code)
    libelle = declaration.libelle if declaration else SOURCES[code].libelle
    empreinte = arrivee.brut.attrs.get(EMPREINTE) or sha256(chemin)
    source = Source(chemin.name, empreinte, libelle, arrivee.onglets)
    return Table(arrivee.cadre, source)


def _fichiers(
    dossier: Path, referentiel: Referentiel, tables: Mapping[str, Table]
) -> tuple[Source, ...]:
    """Every file that was read, with its hash: what the provenance prints."""
    fiche = Source(FICHE, sha256(dossier / FICHE), "Fiche de la campagne")
    edition = [
        Source(
            f"referentiel/{c.relative_to(c.parents[_profondeur(c)]).as_posix()}",
            sha256(c),
            "Référentiel",
        )
        for c in referentiel.fichiers
    ]
    cloture = dossier / CLOTURE
    autres = (
        [Source(CLOTURE, sha256(cloture), "Procès-verbal de clôture")] if cloture.exists() else []
    )
    associations = [
        Source(chemin.name, sha256(chemin), "Association des colonnes")
        for chemin in (find_association(dossier, code) for code in tables)
        if chemin
    ]
    lues = (table.source for table in tables.values())
    return (fiche, *lues, *associations, *autres, *edition)


def _profondeur(chemin: Path) -> int:
    """How many folders stand between an edition's file and the folder of editions."""
    return 1 if (chemin.parent / "edition.yaml").exists() else 2


def sha256(chemin: Path) -> str:
    """The SHA-256 of a file's bytes, in hexadecimal."""
    with chemin.open("rb") as fichier:
        return hashlib.file_digest(fichier, "sha256").hexdigest()
