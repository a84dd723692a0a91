"""What people came for and who they are: the share of each answer to a question."""

from __future__ import annotations

from qualepref_lib.campagne import Campagne
from qualepref_lib.core.bilan import Bilan, Ligne
from qualepref_lib.core.mesures import Taux
from qualepref_lib.enquete.bilans import new_bilan_enquete
from qualepref_lib.enquete.questions import SOURCE, modalites_de, question_de
from qualepref_lib.enquete.reponses import compter, exprimes, numeros, portent

A_MODALITES = ("choix", "multiple", "echelle")


def measure_reponses(campagne: Campagne, question: str) -> Bilan:
    """The share of each answer to one question; several answers are possible where it allows."""
    q = question_de(campagne, question)
    plusieurs = q.genre == "multiple" and "plusieurs réponses" not in q.libelle
    suite = " (plusieurs réponses possibles)" if plusieurs else ""
    lisible = SOURCE in campagne.tables and q.genre in A_MODALITES
    lignes = _lignes(campagne, question) if lisible else []
    return new_bilan_enquete(
        campagne,
        question,
        titre=q.libelle + suite,
        entete="Réponse",
        formule="part = réponses portant cette modalité ÷ personnes ayant répondu à la question",
        lignes=sorted(lignes, key=_moins_cites),
        entetes_taux=("Citations", "Base", "Part"),
        si_vide="" if q.genre in A_MODALITES else f"« {q.court} » n’a pas de réponses à choisir.",
    )


def _lignes(campagne: Campagne, question: str) -> list[Ligne]:
    """One line a modality of the base; *sans opinion* is not one of them."""
    effectifs = compter(campagne, question)
    base = int(exprimes(campagne, question).sum())
    lignes = []
    for rang, modalite in enumerate(modalites_de(campagne, question)):
        if not modalite.hors_base:
            taux = Taux(int(effectifs[rang]), base)
            cites = numeros(campagne, portent(campagne, question, rang))
            lignes.append(Ligne(modalite.code, modalite.libelle, taux, cites))
    return lignes


def _moins_cites(ligne: Ligne) -> float:
    assert isinstance(ligne.mesure, Taux)
    return -float(ligne.mesure.favorables)
