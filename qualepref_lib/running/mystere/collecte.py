"""Returned grids join what the campaign has: several testers' files become one source.

Nothing is overwritten: what is in the campaign stays as it was written, identical rows are kept
once, and rows that contradict each other are listed, each with its place. What the rules refuse
is refused before anything is written, so that a wave is never left unreadable.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from qualepref_lib.campagne import Campagne
from qualepref_lib.campagne.arrivee import find_association, load_arrivee
from qualepref_lib.campagne.regles import check_regles
from qualepref_lib.campagne.regles_tentatives import check_tentatives
from qualepref_lib.campagne.tables import colonnes_de
from qualepref_lib.core.francais import enumeration
from qualepref_lib.core.lieux import Lieu, situer
from qualepref_lib.core.refus import Probleme, Refus, Releve
from qualepref_lib.formats.cellules import Colonne
from qualepref_lib.formats.texte import load_texte
from qualepref_lib.running.mystere.affectation import TestPrevu
from qualepref_lib.running.mystere.rendus import (
    ESSAIS,
    TESTS,
    Rendue,
    Rendus,
    format_heure,
    format_valeur,
    load_rendu,
)

CLES = {TESTS: ("test", "testeur", "observation"), ESSAIS: ("test", "rang")}


@dataclass(frozen=True)
class Collecte:
    """What is to be written: the bytes of each source and how many rows; what must wait."""

    octets: Mapping[str, bytes]
    lignes: Mapping[str, int]
    attentes: tuple[str, ...] = ()


def collect(campagne: Campagne, tests: Sequence[TestPrevu], grilles: Sequence[Path]) -> Collecte:
    """The sources ``mystere`` and ``mystere_tentatives`` with what the grids add to them.

    Raises :class:`Refus` listing every wrong cell of every grid, every contradiction, or every
    rule that the whole would break.
    """
    releve, rendus = Releve(), Rendus()
    _check_cibles(campagne, releve)
    anciennes = {source: list(_deja(campagne, source)) for source in CLES}
    for chemin in grilles:
        load_rendu(campagne, tests, chemin, rendus, releve)
    releve.refuser()
    reunies = {s: _reunir(s, [*anciennes[s], *rendus.lignes[s]], releve) for s in CLES}
    releve.refuser()
    reunies[TESTS], attendent = _mettre_en_attente(reunies[TESTS])
    octets = {
        s: _format(campagne, s, len(anciennes[s]), lignes)
        for s, lignes in reunies.items()
        if lignes
    }
    _check_ensemble(campagne, octets, reunies)
    return Collecte(
        octets,
        {source: len(reunies[source]) for source in octets},
        (*_dire_attentes(attendent), *_dire_inacheves(rendus.inacheves)),
    )


def check_grilles(chemins: Sequence[Path]) -> None:
    """Raises :class:`Refus` when a file named is not there."""
    absents = [c for c in chemins if not c.exists()]
    if absents:
        raise Refus(*(Probleme(c.name, "ce fichier n’existe pas.") for c in absents))


def _check_cibles(campagne: Campagne, releve: Releve) -> None:
    """Only a plain CSV is added to: a workbook, or the export of another tool, is somebody's."""
    for source in CLES:
        fichier = campagne.source(source).fichier
        if source in campagne.tables and (
            fichier != f"{source}.csv" or find_association(campagne.dossier, source)
        ):
            releve.signaler(
                fichier,
                "les grilles ne s’ajoutent qu’à un CSV sans fichier d’association.",
                remede=f"enregistrer cette source sous le nom {source}.csv, aux colonnes de "
                "data/README.md, et retirer l’autre.",
            )


def _deja(campagne: Campagne, source: str) -> Iterator[Rendue]:
    """The rows that the campaign has, as the grids would write them: labels for codes."""
    if source not in campagne.tables:
        return
    colonnes = {c.nom: c for c in colonnes_de(source, campagne.referentiel)}
    table = campagne.tables[source]
    rangs = table.cadre.to_dict("records")
    for numero, rang in zip(table.cadre.index, rangs, strict=True):
        valeurs = {str(nom): _cellule(valeur, colonnes[str(nom)]) for nom, valeur in rang.items()}
        yield Rendue(valeurs, Lieu(table.source.fichier, int(numero)))


def _cellule(valeur: Any, colonne: Colonne) -> str:
    """A typed value as a person writes it: a code where codes are written, else its label."""
    if colonne.genre == "heure":
        return format_heure(valeur)
    texte = format_valeur(valeur)
    return texte if colonne.nature.startswith("un code ") else colonne.connus.get(texte, texte)


def _reunir(source: str, lignes: Sequence[Rendue], releve: Releve) -> list[Rendue]:
    """Each row once; two rows of one key that differ are a contradiction, told and left."""
    gardees: dict[tuple[str, ...], Rendue] = {}
    for ligne in lignes:
        cle = tuple(ligne.valeurs.get(nom, "") for nom in CLES[source])
        autre = gardees.setdefault(cle, ligne)
        for nom in sorted({*ligne.valeurs, *autre.valeurs}):
            un, deux = autre.valeurs.get(nom, ""), ligne.valeurs.get(nom, "")
            if un != deux:
                releve.ajouter(
                    Probleme(
                        ligne.lieu.fichier,
                        f"{' / '.join(filter(None, cle))} : « {deux} », et « {un} » dans "
                        f"{autre.lieu.fichier}, ligne {autre.lieu.ligne}.",
                        ligne=ligne.lieu.ligne,
                        colonne=nom,
                        remede="garder l’une des deux valeurs.",
                    )
                )
    return list(gardees.values())


def _mettre_en_attente(lignes: Sequence[Rendue]) -> tuple[list[Rendue], list[Rendue]]:
    """Second codings whose first one has not come back yet are no row: they wait for it."""
    premiers = {li.valeurs["test"] for li in lignes if li.valeurs.get("codage") != "double"}
    gardees = [li for li in lignes if li.valeurs["test"] in premiers]
    return gardees, [li for li in lignes if li.valeurs["test"] not in premiers]


def _dire_attentes(lignes: Sequence[Rendue]) -> Iterator[str]:
    tests = sorted({ligne.valeurs["test"] for ligne in lignes})
    if tests:
        fichiers = sorted({ligne.lieu.fichier.split(",")[0] for ligne in lignes})
        yield (
            f"En attente du premier codage : {enumeration(tests)}. "
            f"Redonner {enumeration(fichiers)} avec la grille du premier testeur."
        )


def _dire_inacheves(tests: Sequence[str]) -> Iterator[str]:
    if tests:
        yield (
            f"Commencés, pas encore conclus (« Abouti » est vide) : {enumeration(sorted(tests))}."
        )


def _format(campagne: Campagne, source: str, anciennes: int, lignes: Sequence[Rendue]) -> bytes:
    """The CSV of a source: the rows that it had, as they were written, then those that are new."""
    deja = None
    if anciennes:
        deja = load_texte(campagne.dossier / f"{source}.csv", source, Releve())
        assert deja is not None, "it was read a moment ago"
    noms = [colonne.nom for colonne in colonnes_de(source, campagne.referentiel)]
    entetes = [] if deja is None else [str(entete) for entete in deja.columns]
    plats = {entete.strip().lower() for entete in entetes}
    entetes += [nom for nom in noms if nom not in plats]
    tampon = io.StringIO()
    auteur = csv.DictWriter(tampon, entetes, restval="", delimiter=";", lineterminator="\n")
    auteur.writeheader()
    if deja is not None:
        auteur.writerows({str(k): v for k, v in rang.items()} for rang in deja.to_dict("records"))
    titres = {entete.strip().lower(): entete for entete in entetes}
    auteur.writerows(
        {titres[nom]: valeur for nom, valeur in ligne.valeurs.items()}
        for ligne in lignes[anciennes:]
    )
    return tampon.getvalue().encode()


def _check_ensemble(
    campagne: Campagne, octets: Mapping[str, bytes], lignes: Mapping[str, Sequence[Rendue]]
) -> None:
    """Every rule of the sources, on what is about to be written; told where each row stands."""
    releve, cadres, lieux = Releve(), {}, {}
    with TemporaryDirectory() as nom:
        for source, contenu in octets.items():
            chemin = Path(nom) / f"{source}.csv"
            chemin.write_bytes(contenu)
            arrivee = load_arrivee(chemin, colonnes_de(source, campagne.referentiel), releve)
            if arrivee is not None:
                cadres[source] = arrivee.cadre
                rangs = zip(arrivee.cadre.index, lignes[source], strict=True)
                lieux[chemin.name] = {int(numero): ligne.lieu for numero, ligne in rangs}
                check_regles(source, arrivee.cadre, arrivee.brut, campagne.referentiel,
                             campagne.fiche, chemin.name, releve)  # fmt: skip
    if not releve.problemes:
        check_tentatives(cadres, {source: f"{source}.csv" for source in octets}, releve)
    releve.problemes = [
        place for dit in releve.problemes for place in situer(dit, _lieux(lieux, dit.fichier))
    ]
    releve.refuser()


def _lieux(lieux: Mapping[str, Mapping[int, Lieu]], fichier: str) -> Callable[[int], Lieu | None]:
    return lieux.get(fichier, {}).get
