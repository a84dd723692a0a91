"""What `qualepref echeances` prints: what is due, what was run for it, what is missing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

from qualepref_lib.campagne.calendrier import Echeance
from qualepref_lib.campagne.dossiers import find_fichiers
from qualepref_lib.campagne.sources import SOURCES
from qualepref_lib.core.francais import (
    date_courte,
    date_longue,
    enumeration,
    nombre,
    pluriel,
    typographie,
)
from qualepref_lib.running.depot import ECHEC as PAGE_ECHEC
from qualepref_lib.running.echeances.etat import MANQUE, Etat
from qualepref_lib.running.echeances.execution import EPUISE, ESSAIS_PAR_JOUR, Suite
from qualepref_lib.running.echeances.passages import Passage, dire_passages, dire_quand
from qualepref_lib.running.journal import ECHEC, FAIT, INTERROMPU, OCCUPE, REFUSE

DERNIERES = 10
"""How many of the last runs are shown."""
ABSENTES = 4
"""How many absent sources are named."""


def texte_etats(etats: Sequence[Etat]) -> Iterator[str]:
    """Each campaign in turn, then what is due altogether."""
    for etat in etats:
        yield from _texte_etat(etat)
        yield ""
    dus = sum(len(etat.dus) for etat in etats)
    if dus:
        yield f"{pluriel(dus, 'passage')} à exécuter : qualepref echeances --executer"
    elif etats:
        yield "Rien n’est dû."


def texte_dernieres(journal: Sequence[dict[str, Any]]) -> Iterator[str]:
    """The last runs that the journal tells of, the latest first."""
    if not journal:
        yield "Aucune exécution au journal (reports/journal.jsonl)."
        return
    yield "Dernières exécutions (reports/journal.jsonl) :"
    for ligne in reversed(journal[-DERNIERES:]):
        yield "  " + _texte_ligne(ligne)


def texte_suite(suite: Suite) -> Iterator[str]:
    """How the due runs of a campaign ended, on a few lines."""
    quoi = dire_suite(suite)
    nom = suite.etat.nom
    if suite.resultat == FAIT:
        yield f"{nom} : rapport fait pour {quoi}."
        if suite.essai.rattrapes:
            yield f"  rattrapé : {pluriel(len(suite.essai.rattrapes), 'passage')} en retard."
        if suite.cause:
            yield f"  remarque — {suite.cause}"
        return
    yield f"{nom} : {_DITS.get(suite.resultat, suite.resultat)} — {quoi}."
    yield from (f"  {ligne.strip()}" for ligne in suite.cause.splitlines() if ligne.strip())
    if suite.resultat == EPUISE:
        yield f"  {ESSAIS_PAR_JOUR} essais aujourd’hui ; le prochain, demain."
    elif suite.reste:
        yield f"  nouvel essai au prochain appel ({suite.reste} encore aujourd’hui)."
    elif suite.resultat in (REFUSE, ECHEC):
        yield f"  {ESSAIS_PAR_JOUR} essais aujourd’hui ; le prochain, demain."


def dire_suite(suite: Suite) -> str:
    """What the runs of a campaign were for; its form, when it cannot be read."""
    return enumeration(dire_passages(suite.passages)) or "campagne.yaml"


_DITS = {
    EPUISE: "le rapport n’a toujours pas pu être fait",
    OCCUPE: "une autre exécution tient le rapport",
    MANQUE: "passages manqués",
    REFUSE: "données refusées, le rapport n’est pas fait",
    ECHEC: "le rapport n’a pas pu être fait",
    INTERROMPU: "une exécution précédente a été interrompue",
}


def _texte_etat(etat: Etat) -> Iterator[str]:
    yield typographie(f"{etat.nom} — {etat.libelle} (au {date_longue(etat.jour)})")
    if etat.refus is not None:
        yield from (f"  {ligne}" for ligne in str(etat.refus).splitlines())
        return
    assert etat.fiche is not None
    if not etat.passages:
        yield "  Aucun passage prévu : inscrire l’audit au calendrier de campagne.yaml."
    if etat.finie:
        yield "  Campagne terminée : plus rien n’est exécuté."
    for etape in etat.fiche.etapes:
        yield typographie(f"  {etape.libelle}, {dire_quand(etape)}{_situer(etape, etat.jour)}")
        for passage in (p for p in etat.passages if p.etape == etape):
            jour, suite = date_courte(passage.jour), _situation(etat, passage)
            yield f"    {passage.delai:<6} {jour}  {suite}"
    if (etat.sortie / PAGE_ECHEC).exists():
        yield f"  Le dernier essai a échoué : reports/{etat.nom}/{PAGE_ECHEC}"
    if not etat.finie and (absentes := _absentes(etat)):
        yield f"  Sources absentes : {absentes}."


def _situer(etape: Echeance, jour: dt.date) -> str:
    if etape.dernier_jour < jour:
        return " (passé)"
    return " (en cours)" if etape.debut <= jour else ""


def _situation(etat: Etat, passage: Passage) -> str:
    fait = etat.faits.get(passage.code)
    if fait is not None:
        quand = date_courte(fait)
        return f"fait le {quand}" if fait <= passage.jour else f"rattrapé le {quand}"
    if passage.jour > etat.jour:
        return "à venir"
    if etat.finie:
        return "manqué"
    retard = (etat.jour - passage.jour).days
    return f"à faire, en retard de {pluriel(retard, 'jour')}" if retard else "à faire aujourd’hui"


def _absentes(etat: Etat) -> str:
    """The sources that no file brings; a report says « non évalué » in their place."""
    sans = [s.libelle for code, s in SOURCES.items() if not find_fichiers(etat.dossier, code)]
    reste = len(sans) - ABSENTES
    if reste <= 1:
        return enumeration(sans)
    return f"{', '.join(sans[:ABSENTES])} et {reste} autres (qualepref verifier {etat.nom})"


def _texte_ligne(ligne: dict[str, Any]) -> str:
    quand, duree = _quand(ligne.get("quand")), ligne.get("duree_s")
    mots = [quand, str(ligne.get("campagne", "")), str(ligne.get("resultat", ""))]
    if passages := ligne.get("passages"):
        noms = [str(p) for p in passages] if isinstance(passages, list) else []
        mots.append(" ".join(noms[:2]) + (f" (+{len(noms) - 2})" if len(noms) > 2 else ""))
    if isinstance(duree, int | float) and duree:
        mots.append(f"{nombre(duree, 1)} s")
    cause = " ".join(str(ligne.get("cause") or "").split())
    texte = "  ".join(mot for mot in mots if mot)
    return f"{texte}  {cause[:100]}{'…' if len(cause) > 100 else ''}".rstrip()


def _quand(texte: object) -> str:
    """When a line was written, by the clock of the reader."""
    try:
        return f"{dt.datetime.fromisoformat(str(texte)).astimezone():%d/%m/%Y %H:%M}"
    except (ValueError, OverflowError):
        return "date illisible"
