"""The free texts of a survey as they may be shown: screened, then masked further by a person.

This is the only door to what people wrote. Nothing that leads to a person passes it, and a person
who reviews the texts (``verbatims_revus.csv``) may mask more or forbid a quotation, never unmask.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from qualepref_lib.campagne import Campagne
from qualepref_lib.campagne.retenue import keep_reponse
from qualepref_lib.core.fichiers import existe
from qualepref_lib.core.masques import MARQUES, Masquage, compiler_noms, masquer, nettoyer, noms_de
from qualepref_lib.core.masques.aplat import aplatir
from qualepref_lib.core.refus import Probleme, Refus
from qualepref_lib.enquete.questions import SOURCE, question_de, questionnaire_de
from qualepref_lib.enquete.reponses import cadre_de

RELECTURE = "verbatims_revus"
NOMS = "noms_a_masquer.txt"
RELU = f"[{MARQUES['relecture']}]"


@dataclass(frozen=True)
class Verbatim:
    """One free text, masked; ``ligne`` is its line in the file, ``genres`` what was masked.

    ``decision`` is that of the person who reviewed it, empty while nobody has.
    """

    ligne: int
    reponse: str
    question: str
    texte: str
    genres: tuple[str, ...] = ()
    decision: str = ""


def questions_libres(campagne: Campagne) -> tuple[str, ...]:
    """The codes of the questions that are answered in one's own words."""
    questions = questionnaire_de(campagne).questions.values()
    return tuple(q.code for q in questions if q.genre == "texte")


def precisions_de(campagne: Campagne) -> tuple[str, ...]:
    """The columns of what was written under « Autre », where the survey has kept any."""
    if SOURCE not in campagne.tables:
        return ()
    cadre = cadre_de(campagne)
    return tuple(nom for nom in questionnaire_de(campagne).precisions if nom in cadre)


def libelle_de(campagne: Campagne, question: str) -> str:
    """How a free question is called: by its short wording, with the answer that it tells."""
    precisee = questionnaire_de(campagne).precisions.get(question)
    return f"{precisee.court}, « autre »" if precisee else question_de(campagne, question).court


@keep_reponse
def verbatims_de(campagne: Campagne, question: str = "") -> tuple[Verbatim, ...]:
    """The texts of one question, or of every free one, in the order of the file.

    What was written under « Autre » comes last; its question is the name of its column.
    """
    admises = (*questions_libres(campagne), *questionnaire_de(campagne).precisions)
    if question and question not in admises:
        question_de(campagne, question)  # refuses a code that is no question at all
        constat = f"« {question} » n’est pas une question à texte libre."
        raise Refus(Probleme("questionnaire.yaml", constat, connus=questions_libres(campagne)))
    if SOURCE not in campagne.tables:
        return ()
    noms, relecture = load_noms(campagne), decisions_de(campagne)
    toutes = (*questions_libres(campagne), *precisions_de(campagne))
    return tuple(
        _verbatim(ligne, reponse, code, texte, noms, relecture)
        for code in ((question,) if question else toutes)
        for ligne, reponse, texte in _textes(campagne, code)
    )


def load_noms(campagne: Campagne) -> re.Pattern[str] | None:
    """The local list of names to mask, one a line; None where the campaign has none."""
    chemin = campagne.chemin(NOMS)
    if not existe(chemin):
        return None
    octets = chemin.read_bytes()
    try:
        texte = octets.decode("utf-8-sig")
    except UnicodeDecodeError:
        texte = octets.decode("cp1252", errors="replace")
    return noms_de(texte.splitlines())


def _textes(campagne: Campagne, question: str) -> Iterator[tuple[int, str, str]]:
    """Line, identifier and raw text of each answer that holds one; a campaign may lack it."""
    cadre = cadre_de(campagne)
    if question not in cadre:
        return
    remplis = cadre.loc[cadre[question].notna(), ["reponse", question]]
    for ligne, reponse, texte in remplis.itertuples():
        if str(texte).strip():
            yield int(ligne), str(reponse), str(texte)


def _verbatim(
    ligne: int,
    reponse: str,
    question: str,
    brut: str,
    noms: re.Pattern[str] | None,
    relecture: dict[tuple[str, str], tuple[str, str]],
) -> Verbatim:
    masque = masquer(brut, noms)
    decision, mots = relecture.get((reponse, question), ("", ""))
    if decision == "masquer" or mots:  # words to mask are masked whatever was decided
        masque = masquer_davantage(masque, mots)
    texte = nettoyer(masque.texte)
    return Verbatim(ligne, reponse, question, texte, masque.genres, decision)


def masquer_davantage(masque: Masquage, mots: str) -> Masquage:
    """Mask the words that the reviewer gave, separated by « | »; the whole text when there is none.

    >>> masquer_davantage(Masquage("Rose et Paul, merci"), "rose | PAUL").texte
    '[masqué à la relecture] et [masqué à la relecture], merci'
    """
    modele = compiler_noms(aplatir(mot.strip()).plat for mot in mots.split("|"))
    if modele is None:
        return Masquage(RELU, (*masque.genres, "relecture"))
    aplat = aplatir(masque.texte)
    marques = [t.span() for t in re.finditer(r"\[[^\[\]]*\]", aplat.plat)]
    texte, fois = masque.texte, 0
    for trouve in reversed(list(modele.finditer(aplat.plat))):
        if not any(d < trouve.end() and trouve.start() < f for d, f in marques):
            debut, fin = aplat.etendue(*trouve.span())
            texte, fois = texte[:debut] + RELU + texte[fin:], fois + 1
    return Masquage(texte, (*masque.genres, *["relecture"] * fois))


def decisions_de(campagne: Campagne) -> dict[tuple[str, str], tuple[str, str]]:
    """What the reviewer decided of each text, by answer and question, and the words to mask."""
    if RELECTURE not in campagne.tables:
        return {}
    cadre = campagne.tables[RELECTURE].cadre
    return {
        (_sans_garde(r.reponse), str(r.question)): (r.decision or "", _sans_garde(r.a_masquer))
        for r in cadre.itertuples()
    }


def _sans_garde(cellule: object) -> str:
    """A cell without the quote that keeps a CSV from being read as a formula."""
    return re.sub(r"^'(?=[=+\-@\t\r])", "", str(cellule or ""))
