"""The registers that are still being kept: read on the spot, for the list of the day.

The register of an audit stops with its period; the one that offices share goes on. The list of the
day is made of what they hold now: nothing is copied, nothing is written.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from qualepref_lib.campagne import Campagne, Table
from qualepref_lib.campagne.arrivee import load_arrivee
from qualepref_lib.campagne.dossiers import find_fichiers
from qualepref_lib.campagne.noms import check_noms
from qualepref_lib.campagne.regles import check_regles
from qualepref_lib.campagne.sources import SOURCES
from qualepref_lib.campagne.tables import colonnes_de
from qualepref_lib.core.bilan import Source
from qualepref_lib.core.refus import Probleme, Refus, Releve
from qualepref_lib.running.registre.fusion import merge
from qualepref_lib.running.registre.lecture import COURRIERS, load_cadre_de, load_exemplaires
from qualepref_lib.running.registre.reunion import NOM, check_reunion

LIBELLE = SOURCES[COURRIERS].libelle


def load_tenus(nom: str, chemins: Sequence[Path]) -> tuple[Campagne, list[Probleme]]:
    """The campaign ``nom`` with the register as it is kept, and what is to be looked at again.

    The register is made of ``chemins`` put together, or is the campaign's own when there are none.
    Raises :class:`Refus` when a file is refused, or when two registers contradict each other.
    """
    campagne = load_cadre_de(nom)
    releve = Releve()
    if chemins:
        # What the audit declares of its own extract is not what these hold.
        sources = {code: s for code, s in campagne.fiche.sources.items() if code != COURRIERS}
        fiche = campagne.fiche.model_copy(update={"sources": sources})
        campagne = replace(campagne, fiche=fiche)
        table = _reunir(chemins, campagne, releve)
    else:
        table = _load_sien(campagne, releve)
    releve.refuser()
    # A shared register that is still blank is a register; a source that is has nothing to tell.
    la = table is not None and (chemins or len(table.cadre))
    tables = MappingProxyType({COURRIERS: table} if table and la else {})
    return replace(campagne, tables=tables), releve.remarques


def _reunir(chemins: Sequence[Path], campagne: Campagne, releve: Releve) -> Table | None:
    """Several registers as one; the rows of the whole are checked again, as when it is written."""
    exemplaires = load_exemplaires(chemins, campagne, releve)
    releve.refuser()
    reunion = merge(exemplaires)
    releve.remarques += reunion.remarques
    if not reunion.lues + reunion.libres:
        constat = "aucun envoi n’est inscrit dans ces registres."
        raise Refus(Probleme(NOM, constat, remede="vérifier que ce sont les bons fichiers."))
    noms = ", ".join(exemplaire.nom for exemplaire in exemplaires)
    return Table(check_reunion(reunion.cadre, campagne), Source(noms, "", LIBELLE))


def _load_sien(campagne: Campagne, releve: Releve) -> Table | None:
    """The register in the folder of the campaign, whatever is wrong in its other files."""
    trouves = find_fichiers(campagne.dossier, COURRIERS)
    if len(trouves) != 1:
        check_noms(campagne.dossier, {code: s.libelle for code, s in SOURCES.items()}, releve)
        releve.remarques.clear()
        return None
    (chemin,) = trouves
    arrivee = load_arrivee(chemin, colonnes_de(COURRIERS, campagne.referentiel), releve)
    if arrivee is None:
        return None
    if arrivee.entete_juste:
        check_regles(
            COURRIERS, arrivee.cadre, arrivee.brut, campagne.referentiel, campagne.fiche,
            chemin.name, releve,
        )  # fmt: skip
    declaration = campagne.fiche.sources.get(COURRIERS)
    libelle = declaration.libelle if declaration else LIBELLE
    return Table(arrivee.cadre, Source(chemin.name, "", libelle))
