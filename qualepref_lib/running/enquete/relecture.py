"""The review sheet of free texts: what was masked, and a column to mask more or not to quote.

It shows the texts already masked: whoever reviews them learns nothing that the report hides. Its
file is an input of the campaign, read back by every chapter. Making it again keeps what was
decided; the sheet before it is kept beside.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from qualepref_lib.running.click_fr import parler_francais
from qualepref_lib.running.options import option_format, option_sortie

if TYPE_CHECKING:
    from qualepref_lib.campagne import Campagne
    from qualepref_lib.running.classeurs.modele import Classeur

parler_francais()

CHAMPS = ("reponse", "question", "genres", "texte", "decision", "a_masquer")
_LARGEURS = {"genres": 26, "texte": 90, "decision": 20, "a_masquer": 34}
CARACTERES = 32_000
"""A cell of a workbook holds no more."""
AMORCES = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula in a CSV."""
_CONSIGNES = (
    ("Ce qu’il faut faire", "Lire chaque texte. Ce qui mène à une personne est déjà remplacé par "
     "une marque entre crochets ; aucun dépistage automatique n’est parfait."),
    ("decision", "« garder » : tel quel. « masquer davantage » : ce qui est écrit dans a_masquer, "
     "ou tout le texte si cette colonne est vide. « ne pas citer » : il compte, mais n’est jamais "
     "montré."),
    ("a_masquer", "Les mots à masquer, tels qu’ils sont dans le texte ; plusieurs sont séparés "
     "par « | »."),
    ("Ensuite", "Enregistrer ce classeur sous ce nom, dans le dossier de la campagne : il est lu "
     "à chaque rapport. Rien de ce qui est masqué ne peut être démasqué ici."),
)  # fmt: skip


@dataclass(frozen=True)
class Feuille:
    """What was written: where, how many texts, how many hold a mask, and the sheet before it."""

    chemin: Path
    textes: int
    masques: int
    avant: Path | None = None


@click.command()
@click.argument("campagne")
@option_format("extension", "xlsx", "ods", "csv")
@option_sortie("la feuille", "le dossier de la campagne")
def relire(campagne: str, extension: str, sortie: Path | None) -> None:
    """Faire la feuille de relecture des réponses libres d’une CAMPAGNE.

    Chaque texte y est déjà masqué. La personne qui relit peut masquer davantage ou interdire de
    citer, jamais démasquer. La feuille va dans le dossier de la campagne, où elle est lue ; la
    refaire garde ce qui est décidé, et garde l’ancienne à côté.

    \b
    Exemple :
      qualepref enquete relire moselle_2022
      qualepref enquete relire moselle_2022 --format ods
    """
    from qualepref_lib.campagne import load_campagne
    from qualepref_lib.core.francais import pluriel

    lue = load_campagne(campagne)
    ecrite = write_relecture(lue, sortie or lue.dossier, extension)
    if ecrite is None:
        click.echo("Aucune réponse libre à relire ; rien n’est écrit.")
        return
    if ecrite.avant:
        click.echo(f"L’ancienne feuille est gardée : {ecrite.avant}")
    combien = pluriel(ecrite.textes, "réponse libre", "réponses libres")
    click.echo(f"À relire : {ecrite.chemin} ({combien}, dont {ecrite.masques} avec un masque)")


def write_relecture(campagne: Campagne, dossier: Path, extension: str) -> Feuille | None:
    """Write the review sheet in ``dossier``; None when nobody wrote anything."""
    from qualepref_lib.campagne.dossiers import find_fichiers
    from qualepref_lib.enquete.verbatims import RELECTURE, verbatims_de
    from qualepref_lib.running.atomique import write_atomique

    verbatims = verbatims_de(campagne)
    if not verbatims:
        return None
    lignes = make_lignes(campagne)
    chemin = dossier / f"{RELECTURE}.{extension}"
    octets = format_relecture(campagne, lignes, chemin)
    avant = None
    for ancien in find_fichiers(dossier, RELECTURE):  # two of them would be refused
        avant = ancien.with_name(f"{ancien.name}.avant")
        shutil.copy2(ancien, avant)
    write_atomique(chemin, octets, remplacer=True)
    for ancien in find_fichiers(dossier, RELECTURE):
        if ancien != chemin:
            ancien.unlink()
    return Feuille(chemin, len(verbatims), sum(bool(v.genres) for v in verbatims), avant)


def make_lignes(campagne: Campagne) -> list[tuple[str, ...]]:
    """The rows of the sheet: texts with masks first, then in the order of the file."""
    from qualepref_lib.campagne.tables import DECISIONS_RELECTURE
    from qualepref_lib.core.masques import MARQUES
    from qualepref_lib.enquete.verbatims import decisions_de, verbatims_de

    decisions = decisions_de(campagne)
    lignes: list[tuple[str, ...]] = []
    for v in sorted(verbatims_de(campagne), key=lambda v: (not v.genres, v.question, v.ligne)):
        decision, mots = decisions.get((v.reponse, v.question), ("", ""))
        genres = ", ".join(dict.fromkeys(MARQUES[g] for g in v.genres))
        libelle = DECISIONS_RELECTURE.get(decision, "")
        lignes.append((v.reponse, v.question, genres, v.texte[:CARACTERES], libelle, mots))
    return lignes


def format_relecture(campagne: Campagne, lignes: Sequence[tuple[str, ...]], chemin: Path) -> bytes:
    """The bytes of the sheet, in the format that its name says; no cell of it is a formula."""
    if chemin.suffix.lower() == ".csv":
        from qualepref_lib.running.ecriture import format_csv

        return format_csv(CHAMPS, [[_sans_formule(c) for c in ligne] for ligne in lignes])
    from qualepref_lib.running.classeurs import format_classeur

    return format_classeur(_classeur(campagne, lignes), chemin)


def _sans_formule(texte: str) -> str:
    """A text that a spreadsheet opens as a text: a quote before what begins as a formula."""
    return f"'{texte}" if texte.startswith(AMORCES) else texte


def _classeur(campagne: Campagne, lignes: Sequence[tuple[str, ...]]) -> Classeur:
    from qualepref_lib.campagne.tables import DECISIONS_RELECTURE
    from qualepref_lib.enquete.verbatims import RELECTURE
    from qualepref_lib.running.classeurs.modele import (
        ENTETE,
        Champ,
        Classeur,
        Controle,
        Feuillet,
        Plage,
    )

    liste = Controle(
        "liste",
        "Liste_decisions",
        titre="Valeur refusée",
        message="Choisir une valeur de la liste déroulante.",
    )
    champs = (
        *(Champ(nom, nom, _LARGEURS.get(nom, 14)) for nom in CHAMPS[:-2]),
        Champ("decision", "decision", _LARGEURS["decision"], "saisie", liste),
        Champ("a_masquer", "a_masquer", _LARGEURS["a_masquer"], "saisie"),
    )
    choix = tuple((libelle,) for libelle in DECISIONS_RELECTURE.values())
    listes = Feuillet("Listes", (Champ("decisions", "Décisions", 26),), choix)
    consignes = Feuillet(
        "Consignes",
        (Champ("rubrique", "Consignes", 24, "titre"), Champ("texte", "Relecture", 90, "prose")),
        _CONSIGNES,
    )
    return Classeur(
        titre=f"Relecture des réponses libres — {campagne.fiche.code}",
        date=campagne.fiche.date_reference,
        feuillets=(Feuillet(RELECTURE, champs, tuple(lignes), figees=1), listes, consignes),
        plages=(Plage("Liste_decisions", "Listes", "A", ENTETE + 1, ENTETE + len(choix)),),
    )
