"""One edition of the référentiel: reading its folder, and checking that its codes agree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from qualepref_lib.core.fiches import Fiche, load_fiche
from qualepref_lib.core.refus import Releve
from qualepref_lib.referentiel.fiches import (
    Canal,
    Critere,
    Edition,
    Engagement,
    Grille,
    Lexique,
    Module,
    Observation,
    Piece,
    Pieces,
    Questionnaire,
    Terme,
)

F = TypeVar("F", bound=Fiche)


@dataclass(frozen=True)
class Referentiel:
    """One edition, read and checked: every code that it mentions exists."""

    edition: Edition
    modules: tuple[Module, ...]
    canaux: tuple[Canal, ...]
    questionnaire: Questionnaire | None
    grilles: tuple[Grille, ...]
    pieces: tuple[Piece, ...]
    lexique: tuple[Terme, ...]
    fichiers: tuple[Path, ...]

    @cached_property
    def engagements(self) -> dict[str, Engagement]:
        """Every engagement by its code, in the order of the modules."""
        return {e.code: e for module in self.modules for e in module.engagements}

    @cached_property
    def criteres(self) -> dict[str, Critere]:
        """Every criterion by its code."""
        return {c.code: c for e in self.engagements.values() for c in e.criteres}

    @cached_property
    def engagement_de(self) -> dict[str, str]:
        """The engagement of each criterion, by codes."""
        return {c.code: e.code for e in self.engagements.values() for c in e.criteres}

    @cached_property
    def module_de(self) -> dict[str, str]:
        """The module of each criterion, by codes."""
        return {c.code: m.code for m in self.modules for e in m.engagements for c in e.criteres}

    @cached_property
    def observations(self) -> dict[str, Observation]:
        """Every line of every mystery grid, by its code."""
        return {o.code: o for grille in self.grilles for o in grille.observations}

    @cached_property
    def libelles_canaux(self) -> dict[str, str]:
        """The label of each channel, in their order."""
        return {canal.code: canal.libelle for canal in self.canaux}


def load_referentiel(dossier: Path, releve: Releve | None = None) -> Referentiel:
    """Read the edition in ``dossier``.

    Raises :class:`~qualepref_lib.core.refus.Refus` with every problem of every file. When
    ``releve`` is given the problems are added to it first, so that a campaign can list them
    together with its own; the refusal is raised all the same, as nothing can be read without it.
    """
    releve = releve or Releve()
    lecture = _Lecture(dossier, releve)
    edition = lecture.une("edition.yaml", Edition)
    modules = lecture.toutes("modules", Module)
    canaux = sorted(lecture.toutes("canaux", Canal), key=lambda canal: canal.rang)
    grilles = lecture.toutes("mystere", Grille)
    questionnaire = lecture.une("questionnaire.yaml", Questionnaire, facultatif=True)
    pieces = lecture.une("pieces.yaml", Pieces, facultatif=True)
    lexique = lecture.une("lexique.yaml", Lexique, facultatif=True)
    releve.refuser()
    assert edition is not None
    referentiel = Referentiel(
        edition=edition,
        modules=tuple(modules),
        canaux=tuple(canaux),
        questionnaire=questionnaire,
        grilles=tuple(grilles),
        pieces=pieces.pieces if pieces else (),
        lexique=lexique.termes if lexique else (),
        fichiers=tuple(lecture.fichiers),
    )
    _verifier_codes(referentiel, dossier.name, releve)
    releve.refuser()
    return referentiel


class _Lecture:
    """Reads the files of one edition and remembers which."""

    def __init__(self, dossier: Path, releve: Releve) -> None:
        self.dossier, self.releve = dossier, releve
        self.fichiers: list[Path] = []

    def une(self, nom: str, modele: type[F], facultatif: bool = False) -> F | None:
        chemin = self.dossier / nom
        if facultatif and not chemin.exists():
            return None
        self.fichiers.append(chemin)
        return load_fiche(chemin, modele, f"référentiel {self.dossier.name}/{nom}", self.releve)

    def toutes(self, sous_dossier: str, modele: type[F]) -> list[F]:
        chemins = sorted((self.dossier / sous_dossier).glob("*.yaml"))
        lues = [self.une(f"{sous_dossier}/{chemin.name}", modele) for chemin in chemins]
        return [fiche for fiche in lues if fiche is not None]


def _verifier_codes(referentiel: Referentiel, nom: str, releve: Releve) -> None:
    """Every code is given once, and every code that is mentioned exists."""
    fichier = f"référentiel {nom}"
    for nature, codes in _codes_donnes(referentiel):
        for code, fois in Counter(codes).items():
            if fois > 1:
                releve.signaler(fichier, f"le code {nature} « {code} » est donné {fois} fois.")
    for nature, connus, mentions in _codes_mentionnes(referentiel):
        for lieu, code in mentions:
            if code not in connus:
                releve.signaler_inconnu(fichier, f"un code {nature} ({lieu})", code, sorted(connus))


def _codes_donnes(r: Referentiel) -> Iterable[tuple[str, list[str]]]:
    engagements = [e for m in r.modules for e in m.engagements]
    parties = r.questionnaire.parties if r.questionnaire else ()
    yield "de module", [m.code for m in r.modules]
    yield "d'engagement", [e.code for e in engagements]
    yield "de critère", [c.code for e in engagements for c in e.criteres]
    yield "de canal", [c.code for c in r.canaux]
    yield "de question", [q.code for p in parties for q in p.questions]
    yield "d'observation mystère", [o.code for g in r.grilles for o in g.observations]
    yield "de grille mystère", [g.code for g in r.grilles]
    yield "de pièce", [p.code for p in r.pieces]


def _codes_mentionnes(
    r: Referentiel,
) -> Iterable[tuple[str, Iterable[str], list[tuple[str, str]]]]:
    questions = list(r.questionnaire.questions.values()) if r.questionnaire else []
    yield (
        "de canal",
        r.libelles_canaux,
        [(f"critère {c.code}", canal) for c in r.criteres.values() for canal in c.canaux]
        + [(f"grille {g.code}", g.canal) for g in r.grilles]
        + [(f"question {q.code}", q.canal) for q in questions if q.canal],
    )
    yield (
        "d'engagement",
        r.engagements,
        [(f"question {q.code}", e) for q in questions for e in q.engagements]
        + [(f"observation {o.code}", e) for o in r.observations.values() for e in o.engagements]
        + [(f"pièce {p.code}", e) for p in r.pieces for e in p.engagements],
    )
    if r.questionnaire:
        yield (
            "d'échelle",
            {echelle.code for echelle in r.questionnaire.echelles},
            [(f"question {q.code}", q.echelle) for q in questions if q.echelle],
        )
        yield (
            "de question",
            r.questionnaire.questions,
            [("question_principale", r.questionnaire.question_principale)],
        )
