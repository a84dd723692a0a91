"""The header of a column of an export, taken apart: code, question, and answer or item.

Survey tools write ``Q3``, ``Q3[SQ001]``, ``Quels services ? [point numérique]`` or
``Q3[SQ001]. Quels services ? [point numérique]``; a form writes the wording alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

from qualepref_lib.core.refus import sans_accent
from qualepref_lib.formats.tetes import nettoyer_entete

_CODE = re.compile(r"([A-Za-z][A-Za-z0-9_]*)((?:\[[^\[\]]*\])*)(?:\.\s+(.*))?", re.DOTALL)
_CROCHETS = re.compile(r"(.*?)((?:\s*\[[^\[\]]*\])+)\s*", re.DOTALL)
_NUMERO = re.compile(r"(?:[Qq]uestion\s*|[Qq])?[0-9]{1,3}\s*[.):-]\s*|[Qq][0-9]{1,3}\s+")
_RANG = re.compile(r"[A-Za-z]{0,3}0*([0-9]{1,3})")
AUTRE = frozenset(["other", "autre", "-oth-", "autre veuillez preciser", "other please specify",
                   "autre preciser", "autre precisez"])  # fmt: skip
COMMENTAIRE = frozenset(["comment", "commentaire", "commentaires"])


@dataclass(frozen=True)
class Intitule:
    """What a header says: its codes and its wordings, each empty when it is not there."""

    entete: str
    code: str = ""
    code_item: str = ""
    texte: str = ""
    item: str = ""

    @property
    def base(self) -> str:
        """What the columns of one question share; empty for a column that has no item."""
        return mots(self.code or self.texte) if self.item or self.code_item else ""

    @property
    def est_autre(self) -> bool:
        """Whether this is the box or the free text of « Autre »."""
        return any(mots(t) in AUTRE for t in (self.item, self.code_item) if t)

    @property
    def est_commentaire(self) -> bool:
        """Whether this is a comment beside an answer."""
        libre = mots(self.code_item).endswith("comment")
        return libre or mots(self.item) in COMMENTAIRE


def cut_intitule(entete: str) -> Intitule:
    """The parts of one header.

    >>> vu = cut_intitule("Q3[SQ001]. Quels services ? [accueil]")
    >>> vu.code, vu.code_item, vu.texte, vu.item
    ('Q3', 'SQ001', 'Quels services ?', 'accueil')
    >>> cut_intitule("2. Quel <b>accueil</b> ?").texte
    'Quel accueil ?'
    """
    net = nettoyer_entete(entete)
    trouve = _CODE.fullmatch(net)
    code, item_code, texte = "", "", net
    if trouve:
        code, item_code, texte = trouve[1], _dernier(trouve[2]), trouve[3] or ""
    item = ""
    if avec := _CROCHETS.fullmatch(texte):
        texte, item = avec[1].strip(), _dernier(avec[2])
    return Intitule(entete, code, item_code, _NUMERO.sub("", texte, count=1).strip(), item)


def _dernier(crochets: str) -> str:
    trouves = re.findall(r"\[([^\[\]]*)\]", crochets)
    return trouves[-1].strip() if trouves else ""


@lru_cache(maxsize=20_000)
def mots(texte: str) -> str:
    """The words of a text, without case, accents, punctuation, or what stands in brackets.

    >>> mots("Quels services avez-vous visités ? (plusieurs réponses possibles)")
    'quels services avez vous visites'
    """
    nu = re.sub(r"\([^()]*\)", " ", texte)
    nu = nu if re.search(r"\w", nu) else texte
    return " ".join(re.sub(r"[^a-z0-9]+", " ", sans_accent(nu.replace("_", " "))).split())


@lru_cache(maxsize=100_000)
def ressemblance(a: str, b: str) -> float:
    """How alike two texts are, from 0 to 1; 1 when their words are the same.

    A negation that only one of them holds counts heavily: « plutôt satisfait » is not a misspelt
    « plutôt pas satisfait ».

    >>> ressemblance("Très satisfait.", "très satisfait")
    1.0
    >>> ressemblance("plutôt satisfait", "plutôt pas satisfait") < 0.5
    True
    """
    un, deux = mots(a), mots(b)
    if not un or not deux:
        return 0.0
    if un == deux or un.replace(" ", "") == deux.replace(" ", ""):
        return 1.0
    score = SequenceMatcher(None, un, deux, autojunk=False).ratio()
    negations = {"pas", "non", "peu", "jamais", "aucun", "aucune", "sans", "in"}
    oppose = (set(un.split()) & negations) != (set(deux.split()) & negations)
    return score / 2 if oppose else score


def rang_de(code: str) -> int | None:
    """The rank that an answer code tells: 3 for ``A3``, ``AO03`` or ``SQ003``."""
    trouve = _RANG.fullmatch(code.strip())
    return int(trouve.group(1)) if trouve else None
