"""Where a campaign stands in its calendar: what was run for it, when, and what is missing.

Two witnesses are heard, the journal and the mark beside the report: either is enough, so that
neither a lost report folder nor a broken journal makes a run happen twice.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qualepref_lib.campagne.dossiers import FICHE, find_campagne
from qualepref_lib.campagne.fiche import FicheCampagne
from qualepref_lib.core.fiches import load_fiche
from qualepref_lib.core.refus import Refus, Releve
from qualepref_lib.running.echeances.marque import Essai, load_essai, load_marque
from qualepref_lib.running.echeances.passages import Passage, find_dus, is_finie, list_passages
from qualepref_lib.running.journal import ECHEC, FAIT, INTERROMPU, REFUSE, load_journal

MANQUE = "manqué"
"""A due run that nobody made before the campaign was finished."""
RATES = (REFUSE, ECHEC, INTERROMPU)
"""The ends that count as a failed attempt of the day."""


@dataclass(frozen=True)
class Etat:
    """A campaign and its calendar on a day. ``refus`` is why its form cannot be read."""

    nom: str
    dossier: Path
    sortie: Path
    jour: dt.date
    fiche: FicheCampagne | None
    refus: Refus | None
    journal: tuple[dict[str, Any], ...]
    faits: dict[str, dt.date]

    @property
    def libelle(self) -> str:
        """The campaign as people call it."""
        return self.fiche.libelle if self.fiche else self.nom

    @property
    def appel(self) -> str:
        """How a command names it: by its name, or by its path when it is elsewhere."""
        chez_nous = self.sortie.parents[1] / "data" / "campagnes" / self.nom == self.dossier
        return self.nom if chez_nous else str(self.dossier)

    @property
    def passages(self) -> tuple[Passage, ...]:
        """Every run that the calendar asks for."""
        return list_passages(self.fiche) if self.fiche else ()

    @property
    def finie(self) -> bool:
        """Whether nothing is awaited any more."""
        return self.fiche is not None and is_finie(self.fiche, self.jour)

    @property
    def sans_rapport(self) -> tuple[Passage, ...]:
        """What was due by this day and was never run."""
        return find_dus(self.passages, frozenset(self.faits), self.jour)

    @property
    def dus(self) -> tuple[Passage, ...]:
        """What is to be run now."""
        return () if self.finie else self.sans_rapport

    def essais_rates(self, jour: dt.date) -> int:
        """How many attempts of a day have failed."""
        rates = [li for li in self.journal if li.get("resultat") in RATES]
        return sum(essai is not None and essai.jour == jour for essai in map(load_essai, rates))

    @property
    def dernier_rate(self) -> dict[str, Any] | None:
        """The last line of the day that tells of a failed attempt."""
        siens = [li for li in self.journal if li.get("resultat") in RATES]
        siens = [li for li in siens if (e := load_essai(li)) is not None and e.jour == self.jour]
        return siens[-1] if siens else None

    @property
    def suivie(self) -> bool:
        """Whether the calendar was ever at work for it: then what was missed must be told."""
        return any(load_essai(ligne) for ligne in self.journal)

    @property
    def manques(self) -> tuple[Passage, ...]:
        """What a finished campaign was never run for, and has not been told yet."""
        if not (self.finie and self.suivie):
            return ()
        dits = {c for e in _essais(self.journal, MANQUE) for c in e.passages}
        return tuple(p for p in self.sans_rapport if p.code not in dits)


def load_etats(racine: Path, noms: Sequence[str], jour: dt.date) -> list[Etat]:
    """The campaigns named, or every one of the project; a broken form is a state, not an error."""
    dossiers = [find_campagne(nom) for nom in noms]
    if not noms:
        dossiers = sorted(f.parent for f in (racine / "data" / "campagnes").glob(f"*/{FICHE}"))
    journal = load_journal(racine / "reports")
    return [_load_etat(racine, dossier, jour, journal) for dossier in dict.fromkeys(dossiers)]


def _load_etat(
    racine: Path, dossier: Path, jour: dt.date, journal: Iterable[dict[str, Any]]
) -> Etat:
    fiche, refus = load_calendrier(dossier)
    sortie = racine / "reports" / dossier.name
    siennes = tuple(ligne for ligne in journal if ligne.get("campagne") == dossier.name)
    faits = {code: e.jour for e in _essais(siennes, FAIT) for code in e.passages}
    return Etat(
        dossier.name, dossier, sortie, jour, fiche, refus, siennes, load_marque(sortie) | faits
    )


def load_calendrier(dossier: Path) -> tuple[FicheCampagne | None, Refus | None]:
    """The form of a campaign alone, or why it is refused; its tables are left unread."""
    releve = Releve()
    fiche = load_fiche(dossier / FICHE, FicheCampagne, FICHE, releve)
    if fiche is not None:
        codes = [etape.code for etape in fiche.calendrier]
        for code in sorted({c for c in codes if codes.count(c) > 1}):
            constat = f"l’étape « {code} » est plusieurs fois dans le calendrier."
            remede = "donner à chaque étape son propre code."
            releve.signaler(FICHE, constat, colonne="calendrier", remede=remede)
    return (None, Refus(*releve.problemes)) if releve.problemes else (fiche, None)


def _essais(journal: Iterable[dict[str, Any]], resultat: str) -> list[Essai]:
    lignes = (ligne for ligne in journal if ligne.get("resultat") == resultat)
    return [essai for essai in map(load_essai, lignes) if essai is not None]
