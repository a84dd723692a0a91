"""What the respondents say in their own words: themes, quotations, what was masked.

Themes come from the dictionary of the référentiel; a text may speak of several, or of none. A
quotation shows a text that speaks of one theme, holds nothing masked and nothing that tells who
wrote it; which ones are shown does not depend on chance. What was written under « Autre » goes
through the same screening, dictionary and rules, question by question. Rules 3.4.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from qualepref_lib.campagne import Campagne
from qualepref_lib.campagne.listes import new_liste
from qualepref_lib.campagne.retenue import keep_reponse
from qualepref_lib.core.bilan import Bilan, Ligne, Liste
from qualepref_lib.core.francais import nombre
from qualepref_lib.core.masques import MARQUES
from qualepref_lib.core.mesures import Effectif, Taux
from qualepref_lib.core.refus import sans_accent
from qualepref_lib.enquete.bilans import RECUES, new_bilan_reponses
from qualepref_lib.enquete.questions import SOURCE
from qualepref_lib.enquete.verbatims import (
    RELECTURE,
    Verbatim,
    libelle_de,
    precisions_de,
    verbatims_de,
)
from qualepref_lib.referentiel import Theme
from qualepref_lib.referentiel.themes import mots_de

SANS_THEME = "sans_theme"
OUVERTES = "Questions ouvertes"
LUES = ("Réponses", "Lues", "Part")
AUCUNE = "Aucune réponse libre n’a été écrite."
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


@dataclass(frozen=True)
class Groupe:
    """Texts that are read together, on one base: open questions, or what « Autre » was for one.

    ``code`` is empty for the open questions; ``libelle`` names the group where there are several.
    """

    code: str
    libelle: str
    verbatims: Sequence[Verbatim]
    themes: Sequence[tuple[Theme, ...]]
    """Those of each text."""

    def code_de(self, code: str) -> str:
        """The code of one of its lines."""
        return f"{self.code}.{code}" if self.code else code


def measure_themes(campagne: Campagne, question: str = "") -> Bilan:
    """How many texts speak of each theme, out of those that were read; the rest is told.

    What was written under « Autre » has its own lines and its own base, question by question.
    """
    groupes = _groupes(campagne, question)
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


def _lignes_themes(campagne: Campagne, groupe: Groupe) -> list[Ligne]:
    """The themes of a group, from the most to the least present."""
    classes, base = _classer(campagne, groupe), len(groupe.verbatims)
    presents = [t for t in campagne.referentiel.themes.themes if classes[t.code]]
    presents.sort(key=lambda t: (-len(classes[t.code]), t.code))
    return [
        _ligne(groupe.code_de(t.code), t.libelle, classes[t.code], base, groupe.libelle)
        for t in presents
    ]


def measure_sans_theme(campagne: Campagne, question: str = "") -> Bilan:
    """How many texts speak of none of the themes: what the dictionary does not see."""
    groupes = _groupes(campagne, question)
    libelle = "réponses libres sans aucun thème"
    lignes = [
        _ligne(
            groupe.code_de(SANS_THEME),
            f"{libelle}, {groupe.libelle}" if groupe.libelle else libelle,
            _classer(campagne, groupe)[SANS_THEME],
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
    dictionnaire, groupes = campagne.referentiel.themes, _groupes(campagne, question)
    lignes: list[tuple[str, ...]] = []
    for groupe in groupes:
        if len(groupe.verbatims) >= dictionnaire.base_citations:
            citables = _citables(campagne, groupe)
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
    groupes = _groupes(campagne, question)
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
            for mot, fois in _mots_recurrents(campagne, groupe)
        ],
    )


def _mots_recurrents(campagne: Campagne, groupe: Groupe) -> list[tuple[str, int]]:
    """The most frequent words of the texts without theme, with how many hold each."""
    restants = _classer(campagne, groupe)[SANS_THEME]
    vides = {*_VIDES.split(), *map(sans_accent, campagne.referentiel.themes.mots_vides)}
    fois = Counter(mot for v in restants for mot in set(mots_de(v.texte).split()) - vides)
    communs = _mots_communs(restants)
    trouves = sorted(
        (m for m in fois if fois[m] >= RECURRENCE and m in communs), key=lambda m: (-fois[m], m)
    )
    return [(communs[mot], fois[mot]) for mot in trouves[:MOTS_MONTRES]]


@keep_reponse
def _groupes(campagne: Campagne, question: str = "") -> tuple[Groupe, ...]:
    """The texts by what they answer: open questions together, then « Autre » of each question."""
    themes_de = campagne.referentiel.themes.themes_de
    return tuple(
        Groupe(code, libelle, lus, [themes_de(v.texte) for v in lus])
        for code, libelle, lus in _partager(campagne, question)
        if lus
    )


def _partager(campagne: Campagne, question: str) -> list[tuple[str, str, Sequence[Verbatim]]]:
    """Code, name and texts of each group; a group that is alone has no name."""
    if question:
        return [("", "", verbatims_de(campagne, question))]
    autres = precisions_de(campagne)
    verbatims = verbatims_de(campagne)
    libres = [v for v in verbatims if v.question not in autres]
    precis = {nom: [v for v in verbatims if v.question == nom] for nom in autres}
    if not any(precis.values()):
        return [("", "", libres)]
    ouvertes = dict.fromkeys(v.question for v in libres)
    nom = libelle_de(campagne, next(iter(ouvertes))) if len(ouvertes) == 1 else OUVERTES
    return [("", nom, libres), *((n, libelle_de(campagne, n), lus) for n, lus in precis.items())]


def _entete(groupes: Sequence[Groupe]) -> tuple[str, ...]:
    """The head of the column that names the question, where texts answer several."""
    return ("Question",) if any(groupe.libelle for groupe in groupes) else ()


def _nomme(groupe: Groupe) -> tuple[str, ...]:
    return (groupe.libelle,) if groupe.libelle else ()


def _classer(campagne: Campagne, groupe: Groupe) -> Mapping[str, list[Verbatim]]:
    """The texts of each theme, and those of none."""
    classes: dict[str, list[Verbatim]] = {t.code: [] for t in campagne.referentiel.themes.themes}
    classes[SANS_THEME] = []
    for verbatim, themes in zip(groupe.verbatims, groupe.themes, strict=True):
        for code in [t.code for t in themes] or [SANS_THEME]:
            classes[code].append(verbatim)
    return classes


def _citables(campagne: Campagne, groupe: Groupe) -> Mapping[str, list[str]]:
    """The texts that may be quoted, by theme, the shortest first, each once."""
    longueur_max = campagne.referentiel.themes.longueur_citation
    d_un_seul = [
        (verbatim, themes[0])
        for verbatim, themes in zip(groupe.verbatims, groupe.themes, strict=True)
        if len(themes) == 1 and LONGUEUR_MIN <= len(verbatim.texte) <= longueur_max
    ]
    d_un_seul.sort(key=lambda v: (len(v[0].texte), v[0].texte, v[0].ligne))
    citables: dict[str, dict[str, str]] = {}
    for verbatim, theme in d_un_seul:
        if _est_sure(campagne, verbatim):
            citables.setdefault(theme.code, {}).setdefault(
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


def _ligne(
    code: str, libelle: str, retenus: Sequence[Verbatim], base: int, groupe: str = ""
) -> Ligne:
    """A count without its rows: rows listed beside other tables' would tell who wrote what."""
    return Ligne(code, libelle, Taux(len(retenus), base), groupe=groupe)
