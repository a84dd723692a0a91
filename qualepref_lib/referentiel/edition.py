"""One edition of the référentiel: reading its folder, and checking that its codes agree."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from qualepref_lib.core.refus import Releve
from qualepref_lib.referentiel.codes import check_codes
from qualepref_lib.referentiel.coherence import Coherence, Regle
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
    Terme,
)
from qualepref_lib.referentiel.lecture import Lecture
from qualepref_lib.referentiel.questionnaire import Questionnaire
from qualepref_lib.referentiel.registres import Registres
from qualepref_lib.referentiel.themes import Themes


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
    coherence: tuple[Regle, ...]
    registres: Registres
    fichiers: tuple[Path, ...]
    themes: Themes = field(default_factory=Themes)

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
    releve = releve if releve is not None else Releve()
    lecture = Lecture(dossier, releve)
    edition = lecture.une("edition.yaml", Edition)
    modules = lecture.toutes("modules", Module, requis=True)
    canaux = sorted(lecture.toutes("canaux", Canal, requis=True), key=lambda canal: canal.rang)
    grilles = lecture.toutes("mystere", Grille)
    questionnaire = lecture.une("questionnaire.yaml", Questionnaire, facultatif=True)
    pieces = lecture.une("pieces.yaml", Pieces, facultatif=True)
    lexique = lecture.une("lexique.yaml", Lexique, facultatif=True)
    coherence = lecture.une("coherence.yaml", Coherence, facultatif=True)
    registres = lecture.une("registres.yaml", Registres, facultatif=True)
    themes = lecture.une("themes.yaml", Themes, facultatif=True)
    lecture.verifier_fichiers()
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
        coherence=coherence.regles if coherence else (),
        registres=registres or Registres(),
        fichiers=tuple(lecture.fichiers),
        themes=themes or Themes(),
    )
    check_codes(referentiel, dossier.name, releve)
    releve.refuser()
    return referentiel
