"""`qualepref registre retards`: what to answer today, as text and as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from qualepref_lib.core.bilan import Liste, Renvoi
from qualepref_lib.core.francais import pluriel, typographie
from qualepref_lib.core.refus import Probleme, Refus

SITUATION = "Situation"
"""The column that says why a letter is in the list."""
RIEN = "Rien en retard, rien à répondre bientôt, aucun accusé de réception à envoyer."


def check_presente(liste: Liste) -> None:
    """Raise the :class:`Refus` of a campaign without a register: no list is not an empty list."""
    if liste.manque:
        remede = "y mettre le registre, ou en faire un avec « qualepref registre nouveau »."
        raise Refus(Probleme("campagne", f"il manque {liste.manque}.", remede=remede))


def texte_retards(liste: Liste) -> str:
    """The list in aligned columns, under the day and what it holds."""
    titre, pied = typographie(liste.titre), typographie(f"Registre : {text_registre(liste)}.")
    if not liste.lignes:
        return f"{titre}\n{RIEN}\n\n{pied}\n"
    rangs = [list(liste.colonnes), *_textes(liste)]
    largeurs = [max(len(rang[i]) for rang in rangs) for i in range(len(liste.colonnes))]
    droite = [all(_est_nombre(rang[i]) for rang in rangs[1:]) for i in range(len(largeurs))]
    lignes = [_aligner(rang, largeurs, droite) for rang in rangs]
    trait = "  ".join("─" * largeur for largeur in largeurs)
    return (
        "\n".join([titre, text_comptes(liste), "", lignes[0], trait, *lignes[1:], "", pied]) + "\n"
    )


def csv_retards(liste: Liste) -> str:
    """The list as the text of a CSV, for a spreadsheet or another program."""
    tampon = io.StringIO()
    csv.writer(tampon, delimiter=";", lineterminator="\n").writerows(
        [liste.colonnes, *_textes(liste)]
    )
    return tampon.getvalue()


def text_registre(liste: Liste) -> str:
    """Which files were read, and how far they go."""
    return f"{liste.source} — {liste.champ}"


def text_envois(lignes: Sequence[object]) -> str:
    """How many letters these are."""
    return pluriel(len(lignes), "envoi")


def text_comptes(liste: Liste) -> str:
    """How many rows there are in each situation."""
    situations = situations_de(liste)
    comptes = [f"{nom} : {situations.count(nom)}" for nom in dict.fromkeys(situations)]
    return typographie(f"{text_envois(situations)} — {' ; '.join(comptes)}.")


def situations_de(liste: Liste) -> list[str]:
    """The situation of each row."""
    rang = liste.colonnes.index(SITUATION)
    return [_texte(ligne[rang]) for ligne in liste.lignes]


def _textes(liste: Liste) -> list[list[str]]:
    return [[_texte(contenu) for contenu in ligne] for ligne in liste.lignes]


def _texte(contenu: str | Renvoi) -> str:
    """A cell as plain text, on one line."""
    texte = contenu.texte if isinstance(contenu, Renvoi) else contenu
    return " ".join(texte.split())


def _est_nombre(texte: str) -> bool:
    return not texte or texte.lstrip("-−").replace(",", "").isdigit()


def _aligner(rang: list[str], largeurs: list[int], droite: list[bool]) -> str:
    cellules = (
        texte.rjust(largeur) if a_droite else texte.ljust(largeur)
        for texte, largeur, a_droite in zip(rang, largeurs, droite, strict=True)
    )
    return "  ".join(cellules).rstrip()
