"""Free texts that are read together: their themes, those that may be quoted, the words that return.

A text may be quoted when it speaks of one theme, holds nothing masked and nothing that tells who
wrote it. What was written under « Autre » is a group of its own, question by question. Rules 3.4.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from qualepref_lib.campagne import Campagne
from qualepref_lib.campagne.retenue import keep_reponse
from qualepref_lib.core.refus import sans_accent
from qualepref_lib.enquete.verbatims import Verbatim, libelle_de, precisions_de, verbatims_de
from qualepref_lib.referentiel import Theme
from qualepref_lib.referentiel.themes import mots_de

SANS_THEME = "sans_theme"
OUVERTES = "Questions ouvertes"
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
class GroupeLibre:
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


@keep_reponse
def groupes_libres(campagne: Campagne, question: str = "") -> tuple[GroupeLibre, ...]:
    """The texts by what they answer: open questions together, then « Autre » of each question."""
    themes_de = campagne.referentiel.themes.themes_de
    return tuple(
        GroupeLibre(code, libelle, lus, [themes_de(v.texte) for v in lus])
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


def sort_by_theme(campagne: Campagne, groupe: GroupeLibre) -> Mapping[str, list[Verbatim]]:
    """The texts of each theme, and those of none."""
    classes: dict[str, list[Verbatim]] = {t.code: [] for t in campagne.referentiel.themes.themes}
    classes[SANS_THEME] = []
    for verbatim, themes in zip(groupe.verbatims, groupe.themes, strict=True):
        for code in [t.code for t in themes] or [SANS_THEME]:
            classes[code].append(verbatim)
    return classes


def find_citables(campagne: Campagne, groupe: GroupeLibre) -> Mapping[str, list[str]]:
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


def find_mots_recurrents(campagne: Campagne, groupe: GroupeLibre) -> list[tuple[str, int]]:
    """The most frequent words of the texts without theme, with how many hold each."""
    restants = sort_by_theme(campagne, groupe)[SANS_THEME]
    vides = {*_VIDES.split(), *map(sans_accent, campagne.referentiel.themes.mots_vides)}
    fois = Counter(mot for v in restants for mot in set(mots_de(v.texte).split()) - vides)
    communs = _mots_communs(restants)
    trouves = sorted(
        (m for m in fois if fois[m] >= RECURRENCE and m in communs), key=lambda m: (-fois[m], m)
    )
    return [(communs[mot], fois[mot]) for mot in trouves[:MOTS_MONTRES]]


def _mots_communs(verbatims: Sequence[Verbatim]) -> dict[str, str]:
    """The words that cannot be a name, with their accents: written somewhere without a capital."""
    ecrits = sorted(mot for v in verbatims for mot in re.findall(r"\b[a-zà-ÿ]\w*", v.texte))
    communs = {sans_accent(mot): mot for mot in ecrits}
    return {m: ecrit for m, ecrit in communs.items() if len(m) >= LETTRES_MIN and m.isalpha()}
