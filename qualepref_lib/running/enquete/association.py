"""The mapping of a campaign's survey: proposed from the questionnaire, shown, confirmed, saved."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from qualepref_lib.campagne.arrivee import find_association
from qualepref_lib.campagne.dossiers import FICHE, find_campagne, find_edition, find_fichiers
from qualepref_lib.campagne.fiche import FicheCampagne
from qualepref_lib.core.arbre import load_arbre
from qualepref_lib.core.fiches import valider
from qualepref_lib.core.refus import Probleme, Refus, Releve
from qualepref_lib.formats.association import SUFFIXE, Association
from qualepref_lib.referentiel import Questionnaire, load_referentiel
from qualepref_lib.running.atomique import write_atomique
from qualepref_lib.running.enquete.choix import Choix
from qualepref_lib.running.enquete.dialogue import confirm
from qualepref_lib.running.enquete.ecriture import GENERAL, format_association
from qualepref_lib.running.enquete.proposition import (
    Proposition,
    load_export,
    propose,
    with_valeurs,
)

SOURCE = "enquete"


@dataclass(frozen=True)
class Ecrite:
    """The mapping that was written, the older one that was put aside, and what waits."""

    chemin: Path
    ancienne: Path | None
    attendus: int
    lue: bool


def load_proposition(
    campagne: str, chemin: Path, depuis: str | None, avant: int
) -> tuple[Path, Questionnaire, Proposition]:
    """The folder of the campaign, its questionnaire, and the points for its columns."""
    dossier = find_campagne(campagne)
    releve = Releve()
    arbre = load_arbre(dossier / FICHE, FICHE, releve)
    fiche = valider(arbre, FicheCampagne, FICHE, releve) if arbre else None
    lu = load_export(chemin, releve, avant)
    releve.refuser()
    assert fiche and lu, "whatever was not read was refused"
    questionnaire = load_referentiel(find_edition(dossier, fiche.edition)).questionnaire
    if questionnaire is None:
        raise Refus(Probleme("questionnaire.yaml", "l’édition n’a pas de questionnaire."))
    ancienne = _load_ancienne(depuis) if depuis else None
    source = fiche.sources.get(SOURCE)
    debut = source.debut.isoformat() if source and source.debut else ""
    return dossier, questionnaire, propose(*lu, questionnaire, ancienne, debut)


def _load_ancienne(campagne: str) -> Association:
    """The mapping of another campaign, waiting points or not: they are asked again."""
    chemin = find_association(find_campagne(campagne), SOURCE)
    nom = f"{campagne}/{SOURCE}{SUFFIXE}"
    if chemin is None:
        raise Refus(
            Probleme(nom, "cette campagne n’a pas d’association d’enquête.",
                     remede="retirer « --depuis », ou nommer une autre campagne.")
        )  # fmt: skip
    releve = Releve()
    arbre = load_arbre(chemin, nom, releve)
    lue = valider(arbre, Association, nom, releve) if arbre else None
    releve.refuser()
    assert lue is not None, "whatever was not read was refused"
    return lue


def ask(
    proposition: Proposition, questionnaire: Questionnaire, demander: Callable[[str, str], str]
) -> Proposition:
    """The proposal with every point confirmed: columns first, then the values of those kept."""
    colonnes = confirm(proposition.choix, questionnaire, demander)
    rang = len(colonnes)
    pleine = with_valeurs(replace(proposition, choix=tuple(colonnes)), questionnaire)
    valeurs = confirm(pleine.choix[rang:], questionnaire, demander)
    return replace(pleine, choix=(*colonnes, *valeurs))


def write_association(dossier: Path, chemin: Path, proposition: Proposition, relue: bool) -> Ecrite:
    """Save the mapping beside the data; an older one is renamed, never lost.

    Without ``relue`` somebody must still look at the whole.
    """
    choix = _coherents(proposition.choix)
    texte = format_association(choix, proposition.tete, () if relue else (GENERAL,))
    cible = dossier / f"{SOURCE}{SUFFIXE}"
    ancienne = None
    if cible.exists() and cible.read_text(encoding="utf-8", errors="replace") != texte:
        ancienne = _libre(dossier)
        cible.rename(ancienne)
    write_atomique(cible, texte.encode(), remplacer=True)
    attendus = sum(not c.sur for c in choix) + (not relue)
    fichiers = [f.resolve() for f in find_fichiers(dossier, SOURCE)]
    return Ecrite(cible, ancienne, attendus, fichiers == [chemin.resolve()])


def _coherents(choix: tuple[Choix, ...]) -> tuple[Choix, ...]:
    """A question that the analyst gave a column is no longer absent; one column each."""
    gardes: list[Choix] = []
    prises = {c.colonne for c in choix if c.sort in ("colonne", "case", "numero")}
    for point in choix:
        double = point.sort == "colonne" and any(
            g.sort == "colonne" and g.colonne == point.colonne for g in gardes
        )
        if (point.sort == "absente" and point.colonne in prises) or double:
            continue
        gardes.append(point)
    return tuple(gardes)


def _libre(dossier: Path) -> Path:
    """The first free name for the mapping that is put aside."""
    rang = 1
    while (chemin := dossier / f"{SOURCE}.association.ancienne-{rang}.yaml").exists():
        rang += 1
    return chemin
