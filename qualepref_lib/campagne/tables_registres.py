"""The tables of the registers: mail, calls, queue tickets, titles.

No requester is named: ``cle`` is an opaque key that only tells two letters of one person apart.
"""

from __future__ import annotations

from collections.abc import Callable

from qualepref_lib.formats.colonnes import Colonne
from qualepref_lib.referentiel import Referentiel, libelles

ISSUES_TICKET = {
    "servi": "servi",
    "absent": "absent à l’appel",
    "abandonne": "parti avant l’appel",
    "en_attente": "encore en attente",
}


def _courriers(r: Referentiel) -> tuple[Colonne, ...]:
    listes = r.registres
    canaux, natures = libelles(listes.canaux), libelles(listes.natures)
    motifs, clotures = libelles(listes.motifs_reclamation), libelles(listes.motifs_cloture)
    return (
        Colonne("chrono", requise=True, remplie=True),
        Colonne("date_reception", "date", True, True),
        Colonne("canal", "code", True, True, canaux, "un canal de courrier"),
        Colonne("nature", "code", True, True, natures, "une nature de courrier"),
        Colonne("motif", "code", connus=motifs, nature="un motif de réclamation"),
        Colonne("service"),
        Colonne("cle"),
        Colonne("date_accuse", "date"),
        Colonne("date_reponse", "date", requise=True),
        Colonne("canal_reponse", "code", connus=canaux, nature="un canal de courrier"),
        Colonne("cloture", "code", connus=clotures, nature="un motif de clôture"),
        # What the workbook computes for the person who fills it in; never read.
        Colonne("echeance"),
    )


def _appels(r: Referentiel) -> tuple[Colonne, ...]:
    issues = libelles(r.registres.issues_appel)
    return (
        Colonne("date", "date", True, True),
        # Empty where the exchange only counts by day: such rows are in no hour.
        Colonne("heure", "heure"),
        Colonne("issue", "code", True, True, issues, "une issue d’appel"),
        # One row a call, or one row for several calls of an hour or a day.
        Colonne("nombre", "nombre", mini=1, entier=True),
        Colonne("service"),
        Colonne("attente", "nombre", mini=0),
        Colonne("duree", "nombre", mini=0),
        Colonne("transferts", "nombre", mini=0, entier=True),
    )


def _tickets(r: Referentiel) -> tuple[Colonne, ...]:
    files, motifs = libelles(r.registres.files), libelles(r.registres.motifs_visite)
    return (
        Colonne("ticket", requise=True, remplie=True),
        Colonne("date", "date", True, True),
        Colonne("file", "code", True, True, files, "une file"),
        Colonne("motif", "code", connus=motifs, nature="un motif de visite"),
        Colonne("pris", "heure", True, True),
        Colonne("appele", "heure", True),
        Colonne("fini", "heure"),
        Colonne("guichet"),
        Colonne("issue", "code", connus=ISSUES_TICKET, nature="une issue de ticket"),
    )


def _titres(r: Referentiel) -> tuple[Colonne, ...]:
    titres = libelles(r.registres.titres)
    return (
        Colonne("dossier", requise=True, remplie=True),
        Colonne("titre", "code", True, True, titres, "un titre"),
        Colonne("date_depot", "date", True, True),
        Colonne("date_decision", "date", requise=True),
        Colonne("service"),
    )


COLONNES_REGISTRES: dict[str, Callable[[Referentiel], tuple[Colonne, ...]]] = {
    "courriers": _courriers,
    "appels": _appels,
    "tickets": _tickets,
    "titres": _titres,
}
