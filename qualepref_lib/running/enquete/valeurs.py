"""Which value of an export is which answer: the same words, then nearly the same, then its rank."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from qualepref_lib.core.refus import sans_accent
from qualepref_lib.core.valeurs import Illisible, lire_date
from qualepref_lib.formats.multiples import cut_reponses
from qualepref_lib.referentiel import Modalite, Question, Questionnaire
from qualepref_lib.running.enquete.choix import Choix
from qualepref_lib.running.enquete.intitules import AUTRE, mots, rang_de, ressemblance
from qualepref_lib.running.enquete.systeme import is_personnelle

SEUIL = 0.75
REPRIS = "reprise de l’association précédente"
SEPARATEURS = (";", ",", "|", "\n")
AUTRES_ADMIS = 40
"""Beyond this many unknown texts in a column they are free texts, not answers to match."""
LONGUEUR_CITEE = 80
_SANS_AVIS = frozenset(
    ["ne se prononce pas", "nsp", "je ne sais pas", "ne sait pas", "sans avis", "sans objet", "na",
     "non concerne", "non concernee", "pas concerne", "ne souhaite pas repondre", "pas d avis",
     "ne sait pas ne repond pas", "nspp", "sans reponse", "n a"]
)  # fmt: skip
_CODE = re.compile(r"[A-Za-z]{0,3}[0-9]{1,3}")
_MERIDIEN = re.compile(r"[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?\s*[AaPp]\.?[Mm]")
_BARRES = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/[0-9]{4}")
_NUMERO = re.compile(r"[34][0-9]{4}(?:[.,][0-9]+)?")


def propose_valeurs(
    question: Question,
    valeurs: Sequence[str],
    questionnaire: Questionnaire,
    repris: Mapping[str, str],
    deja: bool = False,
) -> Iterator[Choix]:
    """The points for the distinct cells of the column of one question.

    ``repris`` is what an older mapping says of its values, by their form, and ``deja`` whether it
    takes any text for « Autre ». A value that has the words of one of our answers needs no point.
    """
    modalites = questionnaire.modalites(question)
    if not modalites:  # a text, or a mark: any number within its bounds
        return
    dites = [v for v in valeurs if v]
    if question.genre == "multiple":
        signe = _separateur(dites, modalites)
        if signe:
            yield Choix("separateur", "relevé dans les cellules", True, colonne=question.code,
                        cible=signe)  # fmt: skip
        formes = [sans_accent(t) for m in modalites for t in (m.libelle, m.code)]
        dites = list(dict.fromkeys(r for v in dites for r in _couper(v, signe, formes)))
    connues = {sans_accent(t) for m in modalites for t in (m.libelle, m.code)}
    inconnues = [v for v in dites if sans_accent(v) not in connues]
    yield from _inconnues(question, inconnues, modalites, repris, deja)


def _couper(valeur: str, signe: str, formes: Sequence[str]) -> list[str]:
    return cut_reponses(valeur, signe, formes) if signe else [valeur]


def _separateur(valeurs: Sequence[str], modalites: Sequence[Modalite]) -> str:
    """The sign that cuts the cells into the most answers that are known; empty when none does."""
    formes = [sans_accent(t) for m in modalites for t in (m.libelle, m.code)]
    connues = set(formes)

    def justes(signe: str) -> tuple[int, int]:
        coupees = [cut_reponses(v, signe, formes) for v in valeurs if signe in v]
        vues = sum(sans_accent(r) in connues for c in coupees for r in c)
        return vues, sum(len(c) > 1 for c in coupees)

    meilleur = max(SEPARATEURS, key=justes)
    return meilleur if any(justes(meilleur)) else ""


def _inconnues(
    question: Question,
    valeurs: Sequence[str],
    modalites: Sequence[Modalite],
    repris: Mapping[str, str],
    deja: bool,
) -> Iterator[Choix]:
    autre = next((m for m in modalites if mots(m.code) in AUTRE), None)
    for valeur in [v for v in valeurs if sans_accent(v) in repris]:
        yield Choix("valeur", REPRIS, True, "", question.code, valeur, repris[sans_accent(valeur)])
    valeurs = [v for v in valeurs if sans_accent(v) not in repris]
    if table := _table(valeurs, modalites):
        pourquoi = "réponses dans l’ordre du questionnaire, d’après leurs codes"
        yield Choix("codes", pourquoi, False, colonne=question.code, table=table)
        valeurs = [v for v in valeurs if v not in dict(table)]
    restes = []
    for valeur in valeurs:
        modalite, pourquoi, sur = _modalite(valeur, valeurs, modalites)
        if modalite:
            yield Choix("valeur", pourquoi, sur, "", question.code, valeur, modalite.code)
        else:
            restes.append(valeur)
    if restes and autre:
        textes = "un texte" if len(restes) == 1 else f"{len(restes)} textes"
        yield Choix("autre", f"{textes} qui ne sont pas des réponses connues", deja, "",
                    question.code, cible=autre.code)  # fmt: skip
        return
    # A long text or an address is no answer to match, and is written nowhere else.
    courts = [v for v in restes if len(v) <= LONGUEUR_CITEE and not is_personnelle([v])]
    for valeur in courts[:AUTRES_ADMIS]:
        yield Choix("valeur", "aucune réponse ne lui ressemble", False, "", question.code, valeur)


def _modalite(
    valeur: str, valeurs: Sequence[str], modalites: Sequence[Modalite]
) -> tuple[Modalite | None, str, bool]:
    """The answer that a value is, why, and whether it is sure."""
    notes = [
        (max(ressemblance(valeur, m.libelle), ressemblance(valeur, m.code)), m) for m in modalites
    ]
    note, modalite = max(notes, key=lambda n: n[0])
    if note == 1.0:
        return modalite, "mêmes mots", True
    if note >= SEUIL:
        return modalite, f"proche à {100 * note:.0f} %", False
    autre = next((m for m in modalites if mots(m.code) in AUTRE), None)
    if mots(valeur) in AUTRE | {"oth"} and autre:
        return autre, "réponse « Autre » de l’outil", True
    hors = next((m for m in modalites if m.hors_base), None)
    if mots(valeur) in _SANS_AVIS and hors:
        return hors, "absence d’avis", False
    return None, "", False


def _table(valeurs: Sequence[str], modalites: Sequence[Modalite]) -> tuple[tuple[str, str], ...]:
    """Our answers for codes that only tell a rank (A1, AO02, 3); empty when they are not such.

    Codes that nobody chose are in it too: the next export may hold them.
    """
    codes = [v for v in valeurs if _CODE.fullmatch(v)]
    formes = {(c.rstrip("0123456789"), len(c)) for c in codes}
    rangs = [rang_de(c) or 0 for c in codes]
    autres = [v for v in valeurs if v not in codes and mots(v) != "oth"]
    if not codes or autres or not all(1 <= rang <= len(modalites) for rang in rangs):
        return ()
    lettres, large = formes.pop()
    if formes and any(lettre != lettres for lettre, _ in formes):
        return ()
    chiffres = large - len(lettres) if not formes else 1
    return tuple((f"{lettres}{rang:0{chiffres}d}", m.code) for rang, m in enumerate(modalites, 1))


def propose_jours(colonne: str, valeurs: Sequence[str]) -> Iterator[Choix]:
    """How the days of a column are written, when it is not the French way."""
    dites = [v for v in valeurs if v]
    barres = [m.groups() for v in dites if (m := _BARRES.match(v))]
    anglaises = [v for v in dites if _MERIDIEN.search(v)]
    impossible = any(int(b) > 12 for _, b in barres)
    if barres and impossible and not any(int(a) > 12 for a, _ in barres):
        yield Choix("date", "un mois au-delà de 12 dans l’ordre français", True, "", colonne, "",
                    "mm/jj/aaaa")  # fmt: skip
    elif barres and anglaises and not any(int(a) > 12 for a, _ in barres):
        yield Choix("date", "heures en AM et PM", False, "", colonne, "", "mm/jj/aaaa")
    elif dites and all(_NUMERO.fullmatch(v) for v in dites):
        yield Choix("date", "numéros de jour d’un tableur", False, "", colonne, "", "numero")


def is_jour(valeur: str) -> bool:
    """Whether a cell is a day that is read without being told how."""
    try:
        lire_date(valeur)
    except Illisible:
        return False
    return True
