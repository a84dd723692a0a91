"""What the respondents say in their own words: themes, quotations, what was masked.

Themes come from the dictionary of the référentiel; a text may speak of several, or of none. A
quotation shows a text that speaks of one theme, holds nothing masked and nothing that tells who
wrote it; which ones are shown does not depend on chance. Rules 3.4.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from qualepref_lib.campagne import Campagne, new_bilan
from qualepref_lib.campagne.listes import new_liste
from qualepref_lib.core.bilan import Bilan, Ligne, Liste
from qualepref_lib.core.francais import nombre
from qualepref_lib.core.masques import MARQUES
from qualepref_lib.core.mesures import Effectif, Taux
from qualepref_lib.core.refus import sans_accent
from qualepref_lib.enquete.questions import SOURCE
from qualepref_lib.enquete.verbatims import RELECTURE, Verbatim, verbatims_de
from qualepref_lib.referentiel import Theme
from qualepref_lib.referentiel.themes import mots_de

SANS_THEME = "sans_theme"
RECURRENCE = 3
"""In how many texts without theme a word must be for it to be proposed."""
LETTRES_MIN = 4
MOTS_MONTRES = 15
LONGUEUR_MIN = 15
"""A shorter text says too little to be quoted."""

_VIDES = (
    "alors apres aucun aucune aussi autre autres avant avec avoir avait avez beaucoup bien cela "
    "cette ceux chaque comme dans depuis donc elle elles encore entre etait etre fait faire "
    "faudrait faut fois ils jamais jour jours juste leur leurs lors mais meme mieux moins notre "
    "nous ont parce part pendant peut peuvent plus plusieurs pour pourquoi quand "
    "quelle quelque quelques quoi rien sans sera serait seulement sont "
    "sous souvent sur tous tout toute toutes toujours tres trop une vers votre vous merci bonjour"
)


def measure_themes(campagne: Campagne, question: str = "") -> Bilan:
    """How many texts speak of each theme, out of those that were read; the rest is told."""
    verbatims = verbatims_de(campagne, question)
    classes = _classer(campagne, verbatims)
    lignes = [
        _ligne(theme.code, theme.libelle, classes[theme.code], len(verbatims))
        for theme in campagne.referentiel.themes.themes
        if classes[theme.code]
    ]
    lignes.sort(key=lambda li: (-len(classes[li.code]), li.code))
    return _bilan(
        campagne,
        code="verbatims.themes",
        titre="De quoi parlent les réponses libres (plusieurs thèmes possibles)",
        entete="Thème",
        entetes_taux=("Réponses", "Lues", "Part"),
        formule="part = réponses libres qui contiennent une expression du thème ÷ réponses libres "
        "lues ; le dictionnaire dit de quoi l’on parle, pas ce qu’on en pense",
        lignes=lignes,
        si_vide="Aucune réponse libre n’a été écrite.",
    )


def measure_sans_theme(campagne: Campagne, question: str = "") -> Bilan:
    """How many texts speak of none of the themes: what the dictionary does not see."""
    verbatims = verbatims_de(campagne, question)
    sans = _classer(campagne, verbatims)[SANS_THEME]
    ligne = _ligne(SANS_THEME, "réponses libres sans aucun thème", sans, len(verbatims))
    return _bilan(
        campagne,
        code="verbatims.reste",
        titre="Réponses libres sans thème",
        entete="Réponses libres",
        entetes_taux=("Réponses", "Lues", "Part"),
        formule="part = réponses libres qui ne contiennent aucune expression du dictionnaire ÷ "
        "réponses libres lues",
        lignes=[ligne] if verbatims else [],
        si_vide="Aucune réponse libre n’a été écrite.",
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
    return _bilan(
        campagne,
        code="verbatims.masques",
        titre="Données personnelles masquées dans les réponses libres",
        entete="Nature",
        unite="marque",
        plan="recensement",
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
    return _bilan(
        campagne,
        code="verbatims.relecture",
        titre="Relecture des réponses libres",
        entete="Réponses libres",
        entetes_taux=("Réponses", "Lues", "Part"),
        plan="recensement",
        formule=f"part = réponses libres dont {RELECTURE}.csv porte cette décision ÷ réponses "
        "libres lues",
        lignes=lignes,
        si_vide="Aucune réponse libre n’a été écrite.",
    )


def list_citations(campagne: Campagne, question: str = "") -> Liste:
    """A few safe quotations of each theme; none when too few texts were read."""
    dictionnaire = campagne.referentiel.themes
    verbatims = verbatims_de(campagne, question)
    lignes: list[tuple[str, str]] = []
    if len(verbatims) >= dictionnaire.base_citations:
        citables = _citables(campagne, verbatims)
        for theme in dictionnaire.themes:
            for texte in citables.get(theme.code, ())[: dictionnaire.citations]:
                lignes.append((theme.libelle, f"« {texte} »"))
    return new_liste(
        campagne,
        SOURCE,
        code="verbatims.citations",
        titre="Quelques réponses, telles qu’elles ont été écrites",
        champ=f"réponses d’un seul thème, sans rien de masqué, de {nombre(LONGUEUR_MIN)} à "
        f"{nombre(dictionnaire.longueur_citation)} caractères ; les plus courtes de chaque "
        f"thème ; aucune en deçà de {nombre(dictionnaire.base_citations)} réponses lues",
        colonnes=("Thème", "Réponse"),
        lignes=lignes,
    )


def list_mots_sans_theme(campagne: Campagne, question: str = "") -> Liste:
    """The words that come back in texts without theme: what the dictionary could learn."""
    verbatims = verbatims_de(campagne, question)
    restants = [v for v in verbatims if not campagne.referentiel.themes.themes_de(v.texte)]
    vides = {*_VIDES.split(), *map(sans_accent, campagne.referentiel.themes.mots_vides)}
    fois = Counter(mot for v in restants for mot in set(mots_de(v.texte).split()) - vides)
    communs = _mots_communs(restants)
    trouves = sorted(
        (m for m in fois if fois[m] >= RECURRENCE and m in communs), key=lambda m: (-fois[m], m)
    )
    return new_liste(
        campagne,
        SOURCE,
        code="verbatims.mots",
        titre="Mots qui reviennent dans les réponses sans thème",
        champ=f"réponses libres sans thème ; mots d’au moins {RECURRENCE} d’entre elles",
        colonnes=("Mot", "Réponses"),
        lignes=[(communs[mot], nombre(fois[mot])) for mot in trouves[:MOTS_MONTRES]],
    )


def _classer(campagne: Campagne, verbatims: Sequence[Verbatim]) -> Mapping[str, list[Verbatim]]:
    """The texts of each theme, and those of none."""
    themes = campagne.referentiel.themes
    classes: dict[str, list[Verbatim]] = {t.code: [] for t in themes.themes}
    classes[SANS_THEME] = []
    for verbatim in verbatims:
        trouves: tuple[Theme, ...] = themes.themes_de(verbatim.texte)
        for code in [t.code for t in trouves] or [SANS_THEME]:
            classes[code].append(verbatim)
    return classes


def _citables(campagne: Campagne, verbatims: Sequence[Verbatim]) -> Mapping[str, list[str]]:
    """The texts that may be quoted, by theme, the shortest first, each once."""
    dictionnaire = campagne.referentiel.themes
    citables: dict[str, dict[str, str]] = {}
    for verbatim in sorted(verbatims, key=lambda v: (len(v.texte), v.texte, v.ligne)):
        themes = dictionnaire.themes_de(verbatim.texte)
        longueur = len(verbatim.texte)
        mesure = LONGUEUR_MIN <= longueur <= dictionnaire.longueur_citation
        if len(themes) == 1 and mesure and _est_sure(campagne, verbatim):
            citables.setdefault(themes[0].code, {}).setdefault(
                sans_accent(verbatim.texte), verbatim.texte
            )
    return {code: list(textes.values()) for code, textes in citables.items()}


def _est_sure(campagne: Campagne, verbatim: Verbatim) -> bool:
    """Nothing masked, no number, no proper noun, nothing intimate, no refusal of the reviewer."""
    texte = verbatim.texte
    # A capital inside a sentence may be a name that nothing announced.
    propre = re.search(r"(?<![.!?…:«] )(?<!^)\b[A-ZÀ-Ý][a-zà-ÿ]", texte)
    return not (
        verbatim.genres
        or verbatim.decision in ("exclure", "masquer")
        or "[" in texte
        or propre
        or re.search(r"\d", texte)
        or texte.isupper()
        or campagne.referentiel.themes.est_sensible(texte)
    )


def _mots_communs(verbatims: Sequence[Verbatim]) -> dict[str, str]:
    """The words that cannot be a name, with their accents: written somewhere without a capital."""
    ecrits = sorted(mot for v in verbatims for mot in re.findall(r"\b[a-zà-ÿ]\w*", v.texte))
    communs = {sans_accent(mot): mot for mot in ecrits}
    return {m: ecrit for m, ecrit in communs.items() if len(m) >= LETTRES_MIN and m.isalpha()}


def _ligne(code: str, libelle: str, retenus: Sequence[Verbatim], base: int) -> Ligne:
    """A count without its rows: rows listed beside other tables' would tell who wrote what."""
    return Ligne(code, libelle, Taux(len(retenus), base))


def _bilan(campagne: Campagne, **contenu: Any) -> Bilan:
    sans_plan = {} if SOURCE in campagne.fiche.sources else {"plan": "volontaires"}
    return new_bilan(campagne, SOURCE, **({"unite": "réponse"} | sans_plan | contenu))
