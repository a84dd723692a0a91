"""What the respondents say in their own words: themes, quotations, what was masked.

Themes come from the dictionary of the référentiel; a text may speak of several, or of none. A
quotation shows a text that speaks of one theme, holds nothing masked and nothing that tells who
wrote it; which ones are shown does not depend on chance. What was written under « Autre » goes
through the same screening, dictionary and rules, question by question. Rules 3.4.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from qualepref_lib.campagne import Campagne
from qualepref_lib.campagne.listes import new_liste
from qualepref_lib.core.bilan import Bilan, Ligne, Liste
from qualepref_lib.core.francais import nombre
from qualepref_lib.core.masques import MARQUES
from qualepref_lib.core.mesures import Effectif, Taux
from qualepref_lib.enquete.bilans import RECUES, new_bilan_reponses
from qualepref_lib.enquete.groupes_libres import (
    LONGUEUR_MIN,
    RECURRENCE,
    SANS_THEME,
    GroupeLibre,
    find_citables,
    find_mots_recurrents,
    groupes_libres,
    sort_by_theme,
)
from qualepref_lib.enquete.questions import SOURCE
from qualepref_lib.enquete.verbatims import (
    RELECTURE,
    Verbatim,
    verbatims_de,
)

LUES = ("Réponses", "Lues", "Part")
AUCUNE = "Aucune réponse libre n’a été écrite."


def measure_themes(campagne: Campagne, question: str = "") -> Bilan:
    """How many texts speak of each theme, out of those that were read; the rest is told.

    What was written under « Autre » has its own lines and its own base, question by question.
    """
    groupes = groupes_libres(campagne, question)
    lignes = [ligne for groupe in groupes for ligne in _lignes_themes(campagne, groupe)]
    return new_bilan_reponses(
        campagne,
        code="verbatims.themes",
        titre="De quoi parlent les réponses libres (plusieurs thèmes possibles)",
        entete="Thème",
        entete_groupe=next(iter(_entete(groupes)), ""),
        entetes_taux=LUES,
        formule="part = réponses libres qui contiennent une expression du thème ÷ réponses libres "
        "lues ; le dictionnaire dit de quoi l’on parle, pas ce qu’on en pense",
        lignes=lignes,
        si_vide=AUCUNE,
    )


def _lignes_themes(campagne: Campagne, groupe: GroupeLibre) -> list[Ligne]:
    """The themes of a group, from the most to the least present."""
    classes, base = sort_by_theme(campagne, groupe), len(groupe.verbatims)
    presents = [t for t in campagne.referentiel.themes.themes if classes[t.code]]
    presents.sort(key=lambda t: (-len(classes[t.code]), t.code))
    return [
        _ligne(groupe.code_de(t.code), t.libelle, classes[t.code], base, groupe.libelle)
        for t in presents
    ]


def measure_sans_theme(campagne: Campagne, question: str = "") -> Bilan:
    """How many texts speak of none of the themes: what the dictionary does not see."""
    groupes = groupes_libres(campagne, question)
    libelle = "réponses libres sans aucun thème"
    lignes = [
        _ligne(
            groupe.code_de(SANS_THEME),
            f"{libelle}, {groupe.libelle}" if groupe.libelle else libelle,
            sort_by_theme(campagne, groupe)[SANS_THEME],
            len(groupe.verbatims),
        )
        for groupe in groupes
    ]
    return new_bilan_reponses(
        campagne,
        code="verbatims.reste",
        titre="Réponses libres sans thème",
        entete="Réponses libres",
        entetes_taux=LUES,
        formule="part = réponses libres qui ne contiennent aucune expression du dictionnaire ÷ "
        "réponses libres lues",
        lignes=lignes,
        si_vide=AUCUNE,
    )


def measure_masques(campagne: Campagne, question: str = "") -> Bilan:
    """How many items of each kind were masked; the items themselves are nowhere."""
    verbatims = verbatims_de(campagne, question)
    fois = Counter(genre for v in verbatims for genre in v.genres)
    lignes = [
        Ligne(genre, marque, Effectif(fois[genre], "marque"))
        for genre, marque in MARQUES.items()
        if fois[genre]
    ]
    return new_bilan_reponses(
        campagne,
        code="verbatims.masques",
        titre="Données personnelles masquées dans les réponses libres",
        entete="Nature",
        unite="marque",
        plan=RECUES,
        formule="nombre de passages remplacés par une marque, avant toute écriture ; le dépistage "
        "automatique n’est pas parfait, une personne le relit",
        lignes=lignes,
        si_vide="Aucune donnée personnelle n’a été dépistée dans les réponses libres.",
    )


def measure_relecture(campagne: Campagne, question: str = "") -> Bilan:
    """How many texts a person has reviewed, and what was decided."""
    verbatims = verbatims_de(campagne, question)
    groupes = {
        "relus": ("relus par une personne", [v for v in verbatims if v.decision]),
        "masquer": ("masqués davantage", [v for v in verbatims if v.decision == "masquer"]),
        "exclure": ("à ne pas citer", [v for v in verbatims if v.decision == "exclure"]),
    }
    lignes = [
        _ligne(code, libelle, retenus, len(verbatims))
        for code, (libelle, retenus) in groupes.items()
        if verbatims
    ]
    return new_bilan_reponses(
        campagne,
        code="verbatims.relecture",
        titre="Relecture des réponses libres",
        entete="Réponses libres",
        entetes_taux=LUES,
        plan=RECUES,
        formule=f"part = réponses libres dont {RELECTURE}.csv porte cette décision ÷ réponses "
        "libres lues",
        lignes=lignes,
        si_vide=AUCUNE,
    )


def list_citations(campagne: Campagne, question: str = "") -> Liste:
    """A few safe quotations of each theme; none of a question of which too few texts were read."""
    dictionnaire, groupes = campagne.referentiel.themes, groupes_libres(campagne, question)
    lignes: list[tuple[str, ...]] = []
    for groupe in groupes:
        if len(groupe.verbatims) >= dictionnaire.base_citations:
            citables = find_citables(campagne, groupe)
            for theme in dictionnaire.themes:
                for texte in citables.get(theme.code, ())[: dictionnaire.citations]:
                    lignes.append((theme.libelle, *_nomme(groupe), f"« {texte} »"))
    return new_liste(
        campagne,
        SOURCE,
        code="verbatims.citations",
        titre="Quelques réponses, telles qu’elles ont été écrites",
        champ=f"réponses d’un seul thème, sans rien de masqué, de {nombre(LONGUEUR_MIN)} à "
        f"{nombre(dictionnaire.longueur_citation)} caractères ; les plus courtes de chaque "
        f"thème ; aucune en deçà de {nombre(dictionnaire.base_citations)} réponses lues",
        colonnes=("Thème", *_entete(groupes), "Réponse"),
        lignes=lignes,
    )


def list_mots_sans_theme(campagne: Campagne, question: str = "") -> Liste:
    """The words that come back in texts without theme: what the dictionary could learn."""
    groupes = groupes_libres(campagne, question)
    return new_liste(
        campagne,
        SOURCE,
        code="verbatims.mots",
        titre="Mots qui reviennent dans les réponses sans thème",
        champ=f"réponses libres sans thème ; mots d’au moins {RECURRENCE} d’entre elles",
        colonnes=("Mot", *_entete(groupes), "Réponses"),
        lignes=[
            (mot, *_nomme(groupe), nombre(fois))
            for groupe in groupes
            for mot, fois in find_mots_recurrents(campagne, groupe)
        ],
    )


def _entete(groupes: Sequence[GroupeLibre]) -> tuple[str, ...]:
    """The head of the column that names the question, where texts answer several."""
    return ("Question",) if any(groupe.libelle for groupe in groupes) else ()


def _nomme(groupe: GroupeLibre) -> tuple[str, ...]:
    return (groupe.libelle,) if groupe.libelle else ()


def _ligne(
    code: str, libelle: str, retenus: Sequence[Verbatim], base: int, groupe: str = ""
) -> Ligne:
    """A count without its rows: rows listed beside other tables' would tell who wrote what."""
    return Ligne(code, libelle, Taux(len(retenus), base), groupe=groupe)
