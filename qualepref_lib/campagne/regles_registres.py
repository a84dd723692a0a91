"""What the rows of the registers must respect together: mail and titles here, and all by source."""

from __future__ import annotations

from qualepref_lib.campagne.contexte import Contexte, Regle, unique
from qualepref_lib.campagne.regles_accueil import APPELS, TICKETS
from qualepref_lib.campagne.regles_audit import ordre
from qualepref_lib.campagne.regles_communes import (
    a_venir,
    annee_douteuse,
    cles_de,
    connues,
    repetes,
)

REPONDU, RECLAMATION = "repondu", "reclamation"


def _accuse_apres_reponse(c: Contexte) -> None:
    c.remarquer(
        c.cadre["date_accuse"] > c.cadre["date_reponse"],
        "date_accuse",
        "l’accusé de réception est postérieur à la réponse, qui en tient lieu.",
    )


def _chrono_d_une_autre_annee(c: Contexte) -> None:
    """Numbering that starts again each year is fine; a number typed again two years on is not."""
    cles = cles_de(c, "chrono", "date_reception", annees=True).drop_duplicates()
    doubles = cles[cles["chrono"].duplicated()].index
    c.remarquer(
        c.cadre.index.to_series().isin(doubles),
        "chrono",
        "ce numéro sert déjà une autre année : on suppose que la numérotation recommence chaque "
        "année.",
    )


def _cloture(c: Contexte) -> None:
    """A closing reason and an answer date say the same thing."""
    cloture = c.cadre["cloture"]
    c.signaler(
        (cloture == REPONDU) & c.vides("date_reponse"),
        "cloture",
        "clos comme répondu, sans date de réponse.",
        "écrire la date de la réponse, ou un autre motif de clôture.",
    )
    c.remarquer(
        cloture.notna() & (cloture != REPONDU) & c.cadre["date_reponse"].notna(),
        "cloture",
        "clos sans réponse, mais une date de réponse est écrite : l’envoi compte comme répondu.",
    )
    c.remarquer(
        c.cadre["canal_reponse"].notna() & c.vides("date_reponse"),
        "canal_reponse",
        "un canal de réponse, sans date de réponse : l’envoi compte comme sans réponse.",
    )


def _motif_de_reclamation(c: Contexte) -> None:
    reclamation = c.cadre["nature"] == RECLAMATION
    c.remarquer(
        ~reclamation & ~c.refusees("nature") & c.cadre["motif"].notna(),
        "motif",
        "un motif de réclamation sur un envoi qui n’en est pas une : il n’est pas compté.",
    )
    c.remarquer(reclamation & c.vides("motif"), "motif", "réclamation sans motif.")


REGLES_REGISTRES: dict[str, tuple[Regle, ...]] = {
    "courriers": (
        repetes("chrono", "la même année", "date_reception", annees=True),
        _chrono_d_une_autre_annee,
        connues("date_reception"),
        ordre("date_reception", "date_reponse", "la réponse précède la réception."),
        ordre("date_reception", "date_accuse", "l’accusé de réception précède la réception."),
        _accuse_apres_reponse,
        a_venir("date_reponse", "réponse"),
        annee_douteuse("date_reception", "date_reponse"),
        _cloture,
        _motif_de_reclamation,
    ),
    "appels": APPELS,
    "tickets": TICKETS,
    "titres": (
        unique("dossier"),
        connues("date_depot"),
        ordre("date_depot", "date_decision", "la décision précède le dépôt."),
        a_venir("date_decision", "décision"),
        annee_douteuse("date_depot", "date_decision"),
    ),
}
"""The rules of each register, in the order in which they are told."""
