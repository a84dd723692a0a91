"""The documents to provide before the audit: due when, received or not.

The référentiel lists them; the campaign says which came (``pieces.csv``). A document that is not
in the file is expected all the same.
"""

from __future__ import annotations

import datetime as dt

import pandas as pd

from qualepref_lib.campagne import Campagne, new_bilan
from qualepref_lib.core.bilan import Bilan, Ligne
from qualepref_lib.core.mesures import Periode, Taux
from qualepref_lib.referentiel import Piece

SOURCE = "pieces"
RECUE = "recue"


def measure_pieces(campagne: Campagne) -> Bilan:
    """Each document to provide with its due date and its state at the reference date."""
    recues = _recues(campagne)
    lignes = []
    for piece in campagne.referentiel.pieces:
        statut, rang = recues.get(piece.code, ("a_fournir", 0))
        limite = _limite(campagne, piece)
        lignes.append(
            Ligne(
                code=piece.code.lower(),
                libelle=piece.libelle,
                mesure=Periode(None, limite),
                lignes=(rang,) if rang else (),
                groupe=piece.detenteur,
                statut=_etat(statut, limite, campagne.fiche.date_reference),
            )
        )
    return _bilan(campagne, "pieces.liste", "Pièces à fournir par l’audité", lignes)


def measure_pieces_recues(campagne: Campagne) -> Bilan:
    """How many of the documents to provide have come."""
    recues = _recues(campagne)
    rangs = tuple(rang for statut, rang in recues.values() if statut == RECUE and rang)
    total = len(campagne.referentiel.pieces)
    ligne = Ligne("recues", "Pièces reçues", Taux(len(rangs), total), rangs)
    return _bilan(campagne, "pieces.recues", "Pièces reçues", [ligne] if total else [])


def _bilan(campagne: Campagne, code: str, titre: str, lignes: list[Ligne]) -> Bilan:
    return new_bilan(
        campagne,
        SOURCE,
        code=code,
        titre=titre,
        entete="Pièce",
        entete_groupe="Détenteur",
        unite="pièce",
        formule="reçue = remise complète ; date limite = date de l’audit moins le délai "
        "que fixe le référentiel",
        champ="pièces que demande l’édition du référentiel",
        lignes=lignes,
        manque="",
    )


def _recues(campagne: Campagne) -> dict[str, tuple[str, int]]:
    """The state of each document that the campaign speaks of, and the row that says it."""
    if SOURCE not in campagne.tables:
        return {}
    cadre: pd.DataFrame = campagne.tables[SOURCE].cadre
    rangs = zip(cadre["piece"], cadre["statut"], cadre.index, strict=True)
    return {piece: (statut, int(rang)) for piece, statut, rang in rangs}


def _etat(statut: str, limite: dt.date | None, jour: dt.date) -> str:
    if statut == RECUE:
        return "reçue"
    if statut == "incomplete":
        return "incomplète"
    return "non reçue" if limite is not None and limite < jour else "à fournir"


def _limite(campagne: Campagne, piece: Piece) -> dt.date | None:
    """So many days before the next audit, at the reference date."""
    jour = campagne.fiche.date_reference
    audits = [e.debut for e in campagne.fiche.calendrier if e.genre == "audit" and e.debut >= jour]
    return min(audits) - dt.timedelta(days=piece.jours_avant) if audits else None
