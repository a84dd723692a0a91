"""`qualepref registre fusionner`: read the registers, put them together, write the result whole."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from pathlib import Path

import pandas as pd

from qualepref_lib.campagne import Campagne
from qualepref_lib.core.francais import enumeration, nombre, pluriel
from qualepref_lib.core.refus import Probleme, Refus, Releve
from qualepref_lib.registres.delais import find_delais
from qualepref_lib.running.atomique import check_libre, write_atomique
from qualepref_lib.running.classeurs import format_classeur
from qualepref_lib.running.classeurs.modele import Valeur
from qualepref_lib.running.ecriture import format_csv
from qualepref_lib.running.registre.cadrage import Cadrage
from qualepref_lib.running.registre.creation import find_services
from qualepref_lib.running.registre.feuilles import SAISIES, make_classeur
from qualepref_lib.running.registre.fusion import Reunion, merge
from qualepref_lib.running.registre.lecture import check_registre, load_exemplaires

FORMATS = (".csv", ".xlsx", ".ods")
COMPLETES_MONTRES = 50
NOM = "réunion des registres"


def write_reunion(
    chemins: Sequence[Path], sortie: Path, campagne: Campagne, remplacer: bool = False
) -> tuple[Reunion, list[Probleme]]:
    """Put the registers of ``chemins`` together in ``sortie``; answer with it and the remarks.

    Raises :class:`Refus` when a file is refused, when copies contradict one another, when the
    output exists (unless ``remplacer``) or is one of the inputs: nothing is written then.
    """
    _verifier_sortie(chemins, sortie, remplacer)
    releve = Releve()
    exemplaires = load_exemplaires(chemins, campagne, releve)
    releve.refuser()
    reunion = merge(exemplaires)
    if reunion.cadre.empty:
        constat = "aucun envoi n’est inscrit dans ces registres ; rien n’est écrit."
        raise Refus(Probleme(NOM, constat, remede="vérifier que ce sont les bons fichiers."))
    # Copies that are each in order may make a row that is not, once put together.
    typees = check_reunion(reunion.cadre, campagne)
    write_atomique(sortie, _octets(reunion.cadre, typees, campagne, sortie), remplacer)
    return reunion, [*releve.remarques, *reunion.remarques]


def check_reunion(cadre: pd.DataFrame, campagne: Campagne) -> pd.DataFrame:
    """The typed rows of registers put together; refuses those that are not in order."""
    releve = Releve()
    typees = check_registre(cadre.set_axis(cadre.index + 2), NOM, campagne, releve)
    releve.refuser()
    assert typees is not None, "whatever was not read was refused"
    return typees


def phrases(reunion: Reunion, registres: int) -> Iterator[str]:
    """What was read, what was left out and what was completed, in French."""
    lues = pluriel(reunion.lues, "ligne lue", "lignes lues")
    yield f"{lues} dans {pluriel(registres, 'registre')}."
    if reunion.libres:
        yield f"Lignes numérotées restées libres, laissées de côté : {nombre(reunion.libres)}."
    if egales := reunion.repetees - len(reunion.completees):
        yield f"Envois présents plusieurs fois, identiques : {nombre(egales)}."
    if reunion.completees:
        montres = list(reunion.completees[:COMPLETES_MONTRES])
        if reste := len(reunion.completees) - len(montres):
            montres.append(pluriel(reste, "autre"))
        yield f"Envois complétés d’un registre à l’autre : {enumeration(montres)}."


def _verifier_sortie(chemins: Sequence[Path], sortie: Path, remplacer: bool) -> None:
    if any(chemin.exists() and sortie.resolve() == chemin.resolve() for chemin in chemins):
        constat = "la sortie est l’un des registres à réunir ; rien n’est écrit."
        raise Refus(Probleme(str(sortie), constat, remede="donner un autre nom à la sortie."))
    if not remplacer:
        check_libre(sortie)


def _octets(cadre: pd.DataFrame, typees: pd.DataFrame, campagne: Campagne, sortie: Path) -> bytes:
    if sortie.suffix.lower() == ".csv":
        return format_csv(SAISIES, cadre.itertuples(index=False))
    recus = typees["date_reception"]
    cadrage = Cadrage(
        referentiel=campagne.referentiel,
        site=campagne.fiche.site,
        annees=(recus.min().year, recus.max().year),
        services=_services(cadre, campagne),
        titre=f"Registres réunis des courriers — {campagne.fiche.site.libelle}",
    )
    return format_classeur(make_classeur(cadrage, _rangs(cadre, typees, campagne)), sortie)


def _services(cadre: pd.DataFrame, campagne: Campagne) -> tuple[str, ...]:
    vus = sorted({nom for nom in cadre["service"] if nom})
    return tuple(dict.fromkeys([*find_services(campagne), *vus]))


def _rangs(
    cadre: pd.DataFrame, typees: pd.DataFrame, campagne: Campagne
) -> list[tuple[Valeur, ...]]:
    """The rows of the workbook: what was typed, then the due days as the library computes them."""
    genres = {"canal": typees["canal"], "nature": typees["nature"]}
    dues = {
        objet: _jours(find_delais(campagne, objet, typees["date_reception"], **genres)["echeance"])
        for objet in ("accuse", "reponse")
    }
    dates = [nom for nom in SAISIES if nom.startswith("date_")]
    colonnes: dict[str, list[Valeur]] = {
        nom: _jours(typees[nom]) if nom in dates else [texte or None for texte in cadre[nom]]
        for nom in SAISIES
    }
    vides: list[Valeur] = [None] * len(cadre)
    # The states depend on the day: they are left for the workbook to compute.
    calculees = [dues["accuse"], vides, dues["reponse"], vides]
    return list(zip(*colonnes.values(), *calculees, strict=True))


def _jours(serie: pd.Series) -> list[Valeur]:
    jours: list[Valeur] = []
    for jour in serie.dt.date:
        jours.append(jour if isinstance(jour, dt.date) and not pd.isna(jour) else None)
    return jours
