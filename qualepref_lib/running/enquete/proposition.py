"""The proposal of a mapping: an export and a questionnaire in, points to confirm out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pandas as pd

from qualepref_lib.core.refus import Releve, sans_accent
from qualepref_lib.formats.association import Association
from qualepref_lib.formats.brut import factorize
from qualepref_lib.formats.classeur import load_classeur
from qualepref_lib.formats.extensions import EXTENSIONS
from qualepref_lib.formats.tetes import SANS_REPONSE, Tete, forme_entete
from qualepref_lib.formats.texte import load_texte
from qualepref_lib.referentiel import Questionnaire
from qualepref_lib.running.enquete.choix import Choix
from qualepref_lib.running.enquete.colonnes import propose_colonnes
from qualepref_lib.running.enquete.groupes import Colonne, new_colonne
from qualepref_lib.running.enquete.intitules import mots
from qualepref_lib.running.enquete.systeme import COMPLET
from qualepref_lib.running.enquete.valeurs import REPRIS, is_jour, propose_jours, propose_valeurs

PAGE = "derniere_page"
SANS_DATE = "1980-01-01"
"""What LimeSurvey writes as the day of every answer when the survey keeps no dates."""


@dataclass(frozen=True)
class Proposition:
    """An export as it was read, and the points that make its mapping."""

    brut: pd.DataFrame
    tete: Tete
    choix: tuple[Choix, ...] = ()
    repris: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    autres: Mapping[str, str] = field(default_factory=dict)

    def valeurs(self, entete: str) -> list[str]:
        """The distinct cells of one column."""
        return [str(v) for v in factorize(self.brut[entete])[1]]


def load_export(chemin: Path, releve: Releve, avant: int = 0) -> tuple[pd.DataFrame, Tete] | None:
    """Read an export; one header row or two, repeated headers or not, as the file shows."""
    for tete in _tetes(chemin, avant):
        propre = Releve()
        brut = _load(chemin, propre, tete)
        if brut is not None and not (propre.problemes and tete.lignes == 1 and not tete.numerotee):
            break
    releve.absorber(propre)
    return None if brut is None or propre.problemes else (brut, tete)


def _tetes(chemin: Path, avant: int) -> Sequence[Tete]:
    vue = _load(chemin, Releve(), Tete(avant, 1, True))
    deux = vue is not None and len(vue) > 0 and _is_seconde(vue)
    lignes = 2 if deux else 1
    return Tete(avant, lignes), Tete(avant, lignes, True)


def _is_seconde(vue: pd.DataFrame) -> bool:
    """Whether the first row continues the header: « Response » below a question, or an answer
    below no question at all."""
    premiere = [str(v) for v in vue.iloc[0]]
    if any(sans_accent(v) in SANS_REPONSE for v in premiere):
        return True
    return "" in vue.columns and not premiere[0] and bool(str(vue[""].iloc[0]))


def _load(chemin: Path, releve: Releve, tete: Tete) -> pd.DataFrame | None:
    if chemin.suffix.lower() in EXTENSIONS:
        return load_classeur(chemin, chemin.name, releve, tete=tete)
    return load_texte(chemin, chemin.name, releve, tete=tete)


def propose(
    brut: pd.DataFrame,
    tete: Tete,
    questionnaire: Questionnaire,
    ancienne: Association | None = None,
    debut: str = "",
) -> Proposition:
    """The points for every column, then for the values of those that are questions.

    ``debut`` is the first day of the survey, for an export without any.
    """
    autres = ancienne.autres if ancienne else {}
    base = Proposition(brut, tete, (), _valeurs_reprises(ancienne), autres)
    colonnes = [new_colonne(str(e), base.valeurs(str(e))) for e in brut.columns if e]
    choix = propose_colonnes(colonnes, questionnaire, _reprises(ancienne))
    choix += _suites_reprises(ancienne, [c.entete for c in colonnes])
    choix = _entetes(tete) + _roles(colonnes, choix, base, debut)
    return replace(base, choix=tuple(choix))


def with_valeurs(proposition: Proposition, questionnaire: Questionnaire) -> Proposition:
    """The same with the points of the values, for the columns that were kept."""
    suite: list[Choix] = []
    for choix in proposition.choix:
        if choix.sort != "colonne":
            continue
        valeurs = proposition.valeurs(choix.entete)
        question = questionnaire.questions.get(choix.colonne)
        if question:
            repris = proposition.repris.get(choix.colonne, {})
            deja = choix.colonne in proposition.autres
            suite += propose_valeurs(question, valeurs, questionnaire, repris, deja)
        elif choix.colonne == "date":
            suite += propose_jours("date", valeurs)
    return replace(proposition, choix=(*proposition.choix, *suite))


def _entetes(tete: Tete) -> list[Choix]:
    points = []
    if tete.lignes > 1:
        points.append(
            Choix("entete", "question, puis réponse", True, cible="l’en-tête a deux lignes")
        )
    if tete.numerotee:
        cible = "les en-têtes répétés sont numérotés"
        points.append(Choix("entete", "plusieurs en-têtes sont égaux", True, cible=cible))
    return points


def _roles(
    colonnes: Sequence[Colonne], choix: Sequence[Choix], base: Proposition, debut: str
) -> list[Choix]:
    """The columns of the tool that become ours: the number, the day, what is complete."""
    roles = {c.pourquoi: c.entete for c in choix if c.sort == "role"}
    deja = {c.colonne for c in choix}
    complets = any(c.sort == "complete" for c in choix)
    autres = [c for c in choix if c.sort != "role"]
    points = [] if "reponse" in deja else [_numero(roles, base)]
    jour = "envoi" if "envoi" in roles and "date" not in roles else "date"
    if "date" not in deja:
        points += _jour(roles, jour, base, debut)
    if not complets:
        points += _complets(roles, base)
    if "page" in roles and PAGE not in deja:
        points.append(Choix("colonne", "dernière page atteinte", True, roles["page"], PAGE))
    pris = {c.entete for c in points}
    points += [
        Choix("ignoree", "colonne de l’outil", True, entete)
        for entete in roles.values()
        if entete not in pris
    ]
    rang = {c.entete: n for n, c in enumerate(colonnes)}
    return sorted([*points, *autres], key=lambda c: rang.get(c.entete, len(rang)))


def _numero(roles: Mapping[str, str], base: Proposition) -> Choix:
    entete = roles.get("numero", "")
    if entete:
        cellules = base.brut[entete]
        if not cellules.duplicated().any() and not (cellules == "").any():
            return Choix("colonne", "numéro de la réponse", True, entete, "reponse")
    return Choix("numero", "aucune colonne ne numérote les réponses", True, colonne="reponse")


def _jour(roles: Mapping[str, str], role: str, base: Proposition, debut: str) -> list[Choix]:
    entete = roles.get(role, "")
    valeurs = [v for v in base.valeurs(entete) if v] if entete else []
    if valeurs and not all(v.startswith(SANS_DATE) for v in valeurs):
        lisibles = any(is_jour(v) for v in valeurs) or bool(list(propose_jours("date", valeurs)))
        return [Choix("colonne", "jour de la réponse", lisibles, entete, "date")]
    constat = "l’export n’a pas de jour : celui du début de l’enquête"
    return [Choix("absente", constat, False, colonne="date", cible=debut)]


def _complets(roles: Mapping[str, str], base: Proposition) -> list[Choix]:
    if "statut" in roles:
        oui = [v for v in base.valeurs(roles["statut"]) if mots(v) in COMPLET]
        if oui:
            return [
                Choix(
                    "complete", "état de la réponse", True, roles["statut"], cible=" | ".join(oui)
                )
            ]
    if "envoi" in roles:
        return [Choix("complete", "jour d’envoi de la réponse", True, roles["envoi"])]
    return []


def _reprises(ancienne: Association | None) -> dict[str, Choix]:
    """What an older mapping says of each header, by its form."""
    if ancienne is None:
        return {}
    reprises = {forme_entete(e): Choix("ignoree", REPRIS, True, e) for e in ancienne.ignorees}
    for colonne, entetes in ancienne.colonnes.items():
        reprises |= {forme_entete(e): Choix("colonne", REPRIS, True, e, colonne) for e in entetes}
    for colonne, cases in ancienne.cases.items():
        for cible, entetes in cases.items():
            reprises |= {
                forme_entete(e): Choix("case", REPRIS, True, e, colonne, cible=cible)
                for e in entetes
            }
    return reprises


def _suites_reprises(ancienne: Association | None, entetes: Sequence[str]) -> list[Choix]:
    """What an older mapping says besides: the free texts, the whole answers."""
    if ancienne is None:
        return []
    libres = {forme_entete(e) for e in ancienne.libres}
    points = [Choix("libre", REPRIS, True, e) for e in entetes if forme_entete(e) in libres]
    if regle := ancienne.completes:
        cible = " | ".join(regle.valeurs)
        points += [
            Choix("complete", REPRIS, True, e, cible=cible)
            for e in entetes
            if forme_entete(e) == forme_entete(regle.entete)
        ]
    return points


def _valeurs_reprises(ancienne: Association | None) -> dict[str, dict[str, str]]:
    valeurs = ancienne.valeurs if ancienne else {}
    return {
        colonne: {sans_accent(v): cible for v, cible in table.items()}
        for colonne, table in valeurs.items()
    }
