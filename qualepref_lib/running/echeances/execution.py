"""Run what is due, once, however often and from however many places it is asked.

One process at a time holds the lock; for each campaign one report serves every due run that waits.
The report is made at the day it is made: a run that catches up says what is known then, and is
marked as such. A failed run is tried again at the next call, ``ESSAIS_PAR_JOUR`` times a day.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from qualepref_lib.core.refus import Refus
from qualepref_lib.running.depot import verrou
from qualepref_lib.running.echeances.etat import MANQUE, Etat, load_etats
from qualepref_lib.running.echeances.marque import (
    Essai,
    begin_essai,
    end_essai,
    find_interrompu,
    load_marque,
)
from qualepref_lib.running.echeances.passages import Passage
from qualepref_lib.running.journal import (
    ECHEC,
    FAIT,
    INTERROMPU,
    OCCUPE,
    REFUSE,
    append_journal,
    resultat_de,
)

ESSAIS_PAR_JOUR = 3
"""How many times a day a failing run is tried: enough for a passing trouble, not a hammer."""
VERROU = "echeances-du-jour"
"""What the lock is called; no campaign may bear a name with a hyphen."""
EPUISE = "en attente"
"""A failing run that waits for tomorrow."""
CODES = {FAIT: 0, REFUSE: 1, ECHEC: 3, INTERROMPU: 3, OCCUPE: 3, MANQUE: 3}
"""The exit code that each end calls for."""

Faire = Callable[[Etat, Essai], Path]
"""Makes the report of a campaign for an attempt."""


@dataclass(frozen=True)
class Suite:
    """How the due runs of a campaign ended. ``reste`` is how many attempts the day still has."""

    etat: Etat
    essai: Essai
    resultat: str
    cause: str = ""
    code: int = 0
    reste: int = 0

    @property
    def passages(self) -> tuple[Passage, ...]:
        """The due runs it is about."""
        return tuple(p for p in self.etat.passages if p.code in self.essai.passages)


def make_du(etat: Etat, essai: Essai) -> Path:
    """The report of a due run, at the day of the attempt."""
    from qualepref_lib.running.fabrication import Demande, make_rapport

    parametres = {"date_reference": essai.jour.isoformat()}
    return make_rapport(Demande(etat.appel, (), parametres, etat.sortie, essai=essai))


def execute(
    racine: Path,
    noms: Sequence[str],
    jour: dt.date,
    faire: Faire = make_du,
    dire: Callable[[Suite], None] = lambda suite: None,
) -> list[Suite]:
    """Run what is due on ``jour``; ``dire`` hears of each end as it comes.

    Raises ``depot.Occupe`` when another process is at it: it does what there is to do.
    """
    depot = racine / "reports"
    depot.mkdir(parents=True, exist_ok=True)
    suites = []
    with verrou(depot / VERROU):
        for etat in load_etats(racine, noms, jour):
            for suite in _executer(etat, faire):
                dire(suite)
                suites.append(suite)
    return suites


def _executer(etat: Etat, faire: Faire) -> Iterator[Suite]:
    """What one campaign calls for: at most one report."""
    try:
        etat = _relever(etat)
        if interrompue := _reprendre(etat):
            yield interrompue
            etat = _relire(etat)
        if etat.manques:
            yield _consigner(etat, MANQUE, "la campagne est terminée.", etat.manques)
        elif etat.refus is not None or etat.dus:
            yield _essayer(etat, faire)
    except OSError as erreur:
        # The journal itself cannot be written: nothing is kept, everything is told.
        essai = _essai(etat)
        reste = max(0, ESSAIS_PAR_JOUR - essai.numero)
        yield Suite(etat, essai, ECHEC, _dire_erreur(erreur), CODES[ECHEC], reste)


def _essayer(etat: Etat, faire: Faire) -> Suite:
    rates = etat.essais_rates(etat.jour)
    if rates >= ESSAIS_PAR_JOUR:
        dernier = etat.dernier_rate or {}
        code = CODES.get(str(dernier.get("resultat")), CODES[ECHEC])
        return Suite(etat, _essai(etat), EPUISE, str(dernier.get("cause", "")), code)
    if etat.refus is not None:
        return _consigner(etat, REFUSE, str(etat.refus), ())
    essai = _essai(etat)
    try:
        begin_essai(etat.sortie, essai)
        return _faire(etat, essai, faire)
    finally:
        end_essai(etat.sortie)


def _faire(etat: Etat, essai: Essai, faire: Faire) -> Suite:
    """Make the report; whatever is raised, the mark says whether it was put in place."""
    reste = ESSAIS_PAR_JOUR - essai.numero
    try:
        faire(etat, essai)
    except Exception as erreur:
        if _est_marque(etat, essai):
            cause = f"le rapport est en place, mais : {_dire_erreur(erreur)}"
            return Suite(etat, essai, FAIT, cause)
        resultat = _resultat(erreur)
        return Suite(etat, essai, resultat, _dire_erreur(erreur), CODES[resultat], reste)
    return Suite(etat, essai, FAIT)


def _resultat(erreur: Exception) -> str:
    """A refusal raised in a cell is still a refusal."""
    pannes = getattr(erreur, "pannes", ())
    if pannes and all(panne.est_refus for panne in pannes):
        return REFUSE
    return resultat_de(erreur)


def _dire_erreur(erreur: Exception) -> str:
    if isinstance(erreur, Refus) or hasattr(erreur, "pannes"):
        return str(erreur)
    if isinstance(erreur, OSError):
        lieu = Path(str(erreur.filename)).name if erreur.filename else ""
        return f"lecture ou écriture impossible ({erreur.strerror}{' : ' + lieu if lieu else ''})."
    return f"échec inattendu : {type(erreur).__name__} — {erreur}"


def _essai(etat: Etat) -> Essai:
    """The next attempt: all that is due, and what of it is late."""
    retards = tuple(p.code for p in etat.dus if p.jour < etat.jour)
    codes = tuple(p.code for p in etat.dus)
    return Essai(etat.jour, codes, retards, etat.essais_rates(etat.jour) + 1)


def _consigner(etat: Etat, resultat: str, cause: str, passages: Sequence[Passage]) -> Suite:
    """Write in the journal an end that no run has written, and tell it."""
    essai = replace(_essai(etat), passages=tuple(p.code for p in passages), rattrapes=())
    _ecrire(etat, essai, resultat, cause)
    reste = max(0, ESSAIS_PAR_JOUR - essai.numero)
    return Suite(etat, essai, resultat, cause, CODES[resultat], reste)


def _ecrire(etat: Etat, essai: Essai, resultat: str, cause: str) -> None:
    append_journal(
        etat.sortie.parent, campagne=etat.nom, **essai.entree, parametres={}, duree_s=0.0,
        resultat=resultat, cause=cause,
    )  # fmt: skip


def _reprendre(etat: Etat) -> Suite | None:
    """A run of before that was stopped without a word is told, and counts as an attempt."""
    essai = find_interrompu(etat.sortie)
    if essai is None:
        return None
    suite = None
    deja_dit = etat.essais_rates(essai.jour) >= essai.numero
    if not deja_dit and not set(essai.passages) <= set(etat.faits):
        cause = "l’exécution a été arrêtée brutalement (machine éteinte, processus tué)."
        _ecrire(etat, essai, INTERROMPU, cause)
        suite = Suite(etat, essai, INTERROMPU, cause)
    end_essai(etat.sortie)
    return suite


def _relever(etat: Etat) -> Etat:
    """A report that is marked, and that the journal does not know: its line is written now."""
    au_journal = {
        code
        for ligne in etat.journal
        if ligne.get("resultat") == FAIT and isinstance(ligne.get("passages"), list)
        for code in ligne["passages"]
        if isinstance(code, str)
    }
    oublies: dict[dt.date, list[str]] = {}
    for code, jour in sorted(load_marque(etat.sortie).items()):
        if code not in au_journal:
            oublies.setdefault(jour, []).append(code)
    for jour, codes in sorted(oublies.items()):
        _ecrire(etat, Essai(jour, tuple(codes)), FAIT, "ligne ajoutée après coup.")
    return _relire(etat) if oublies else etat


def _relire(etat: Etat) -> Etat:
    racine = etat.sortie.parent.parent
    return load_etats(racine, [etat.appel], etat.jour)[0]


def _est_marque(etat: Etat, essai: Essai) -> bool:
    return set(essai.passages) <= set(load_marque(etat.sortie))
