"""The same answers as a dozen survey tools export them: each function writes one way of doing it.

The answers are invented; ``REPONSES`` holds them as codes, in the words of the demonstration's
questionnaire. No export is kept as a file: what is special of a tool is a few lines here.
"""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from qualepref_lib.referentiel import Question, load_referentiel

RACINE = Path(__file__).parents[1]
QUESTIONNAIRE = load_referentiel(RACINE / "data" / "referentiel" / "demonstration").questionnaire
assert QUESTIONNAIRE is not None
QUESTIONS = tuple(QUESTIONNAIRE.questions.values())
TEXTES = (
    "Ouvrir le samedi ; merci.",
    'Dire « bonjour » et "au revoir"',
    "Deux lignes :\nl’attente, et le bruit.",
    "",
)
Rangees = list[list[str]]
Reponse = dict[str, str]


def _reponse(numero: int, hasard: random.Random) -> Reponse:
    jour = f"2021-03-{10 + numero:02d}"
    reponse = {"reponse": str(numero), "date": jour}
    for question in QUESTIONS:
        codes = [m.code for m in QUESTIONNAIRE.modalites(question)]
        if question.genre == "texte":
            reponse[question.code] = TEXTES[numero % len(TEXTES)]
        elif question.genre == "multiple":
            pris = [c for c in codes if hasard.random() < 0.35]
            reponse[question.code] = "|".join(pris)
        else:
            reponse[question.code] = hasard.choice([*codes, ""])
    return reponse


REPONSES = [_reponse(numero, random.Random(numero)) for numero in range(1, 15)]
"""Fourteen whole answers, numbered in the order of the file."""


def libelles(question: Question) -> dict[str, str]:
    """The label of each answer of a question."""
    return {m.code: m.libelle for m in QUESTIONNAIRE.modalites(question)}


def joindre(reponse: Reponse, question: Question, lien: str) -> str:
    """Several answers in one cell, as labels."""
    noms = libelles(question)
    return lien.join(noms[c] for c in reponse[question.code].split("|") if c)


def cellule(reponse: Reponse, question: Question) -> str:
    """The answer to a question that admits one, as its label; a text as it is."""
    valeur = reponse[question.code]
    return libelles(question).get(valeur, valeur)


def csv_de(rangees: Iterable[Sequence[str]], separateur: str = ";", tout: bool = False) -> str:
    """Rows as the text of a CSV; ``tout`` puts every cell between quotes."""
    texte = io.StringIO(newline="")
    citer = csv.QUOTE_ALL if tout else csv.QUOTE_MINIMAL
    csv.writer(texte, delimiter=separateur, quoting=citer, lineterminator="\n").writerows(rangees)
    return texte.getvalue()


def a_la_main() -> str:
    """``enquete.csv`` as a person writes it: what every export must give."""
    rangees = [["reponse", "date", *(q.code for q in QUESTIONS)]]
    for r in REPONSES:
        cellules = [joindre(r, q, " | ") if q.genre == "multiple" else cellule(r, q)
                    for q in QUESTIONS]  # fmt: skip
        rangees.append([r["reponse"], r["date"], *cellules])
    return csv_de(rangees)


# LimeSurvey: one column an answer, the system's columns before and after.

_AVANT = ["ID de la réponse", "Date de soumission", "Dernière page", "Langue de départ",
          "Tête de série", "Date de lancement", "Date de la dernière action",
          "Adresse IP"]  # fmt: skip
_AVANT_CODES = ["id", "submitdate", "lastpage", "startlanguage", "seed", "startdate", "datestamp",
                "ipaddr"]  # fmt: skip
Titre = Callable[[int, Question, int, str], str]


def _titre_libelle(rang: int, q: Question, place: int, nom: str) -> str:
    return f"{q.libelle} [{nom}]" if nom else q.libelle


def _titre_code(rang: int, q: Question, place: int, nom: str) -> str:
    if not nom:
        return f"Q{rang:02d}"
    return f"Q{rang:02d}[{'other' if nom == 'Autre' else f'SQ{place:03d}'}]"


def _titre_code_libelle(rang: int, q: Question, place: int, nom: str) -> str:
    return f"{_titre_code(rang, q, place, nom)}. {_titre_libelle(rang, q, place, nom)}"


def _titre_html(rang: int, q: Question, place: int, nom: str) -> str:
    libelle = q.libelle.replace("'", "&rsquo;").replace("à", "&agrave;").replace(" ?", "&nbsp;?")
    return f"<p><strong>{libelle}</strong></p>" + (f" [{nom}]" if nom else "")


TITRES: dict[str, Titre] = {
    "libellés": _titre_libelle,
    "codes": _titre_code,
    "codes et libellés": _titre_code_libelle,
    "HTML": _titre_html,
}


def _entetes(titre: Titre) -> list[str]:
    entetes = []
    for rang, q in enumerate(QUESTIONS, 1):
        if q.genre != "multiple":
            entetes.append(titre(rang, q, 0, ""))
            continue
        noms = [m for m in QUESTIONNAIRE.modalites(q) if m.code != "autre"]
        entetes += [titre(rang, q, place, m.libelle) for place, m in enumerate(noms, 1)]
        if len(noms) < len(QUESTIONNAIRE.modalites(q)):
            entetes.append(titre(rang, q, 0, "Autre"))
    return entetes


def _cases(reponse: Reponse, q: Question, oui: str, non: str) -> list[str]:
    prises = reponse[q.code].split("|")
    cases = [oui if m.code in prises else non for m in QUESTIONNAIRE.modalites(q)
             if m.code != "autre"]  # fmt: skip
    if any(m.code == "autre" for m in QUESTIONNAIRE.modalites(q)):
        cases.append("la sous-préfecture" if "autre" in prises else "")
    return cases


def _valeur_codee(reponse: Reponse, q: Question) -> str:
    codes = [m.code for m in QUESTIONNAIRE.modalites(q)]
    valeur = reponse[q.code]
    return f"AO{codes.index(valeur) + 1:02d}" if valeur in codes else valeur


def limesurvey(
    titres: str, codees: bool = False, incompletes: int = 3, francais: bool = True
) -> Rangees:
    """A LimeSurvey export; the last rows were never sent."""
    rangees = [[*(_AVANT if francais else _AVANT_CODES), *_entetes(TITRES[titres])]]
    inachevees = [REPONSES[n] | {"reponse": str(100 + n)} for n in range(incompletes)]
    for r in [*REPONSES, *inachevees]:
        envoi = f"{r['date']} 14:22:01" if r in REPONSES else ""
        debut = f"{r['date']} 14:10:00"
        rangee = [r["reponse"], envoi, "4", "fr", "176492", debut, debut, "192.0.2.7"]
        for q in QUESTIONS:
            if q.genre == "multiple":
                rangee += _cases(r, q, *(("Y", "") if codees else ("Oui", "Non")))
            else:
                rangee.append(_valeur_codee(r, q) if codees else cellule(r, q))
        rangees.append(rangee)
    return rangees


# Forms: the wording as header, a date and hour first, several answers in one cell.


def formulaire(lien: str = ", ", jour: str = "Horodateur") -> Rangees:
    """A Google-Forms-like export; answers have no number."""
    rangees = [[jour, *(q.libelle for q in QUESTIONS)]]
    for r in REPONSES:
        an, mois, j = r["date"].split("-")
        cellules = [joindre(r, q, lien) if q.genre == "multiple" else cellule(r, q)
                    for q in QUESTIONS]  # fmt: skip
        rangees.append([f"{j}/{mois}/{an} 14:22:01", *cellules])
    return rangees


def surveymonkey() -> Rangees:
    """Two header rows: the question above, its answers or « Response » below."""
    haut = ["Respondent ID", "Collector ID", "Start Date", "End Date", "IP Address",
            "Email Address"]  # fmt: skip
    bas = [""] * len(haut)
    for q in QUESTIONS:
        noms = [m.libelle for m in QUESTIONNAIRE.modalites(q)]
        if q.genre == "multiple":
            haut += [q.libelle, *([""] * (len(noms) - 1))]
            bas += noms
        else:
            haut.append(q.libelle)
            bas.append("Open-Ended Response" if q.genre == "texte" else "Response")
    rangees = [haut, bas]
    for r in REPONSES:
        an, mois, j = r["date"].split("-")
        fin = f"{mois}/{j}/{an} 02:22:01 PM"
        rangee = [r["reponse"], "400", f"{mois}/{j}/{an} 02:10:00 PM", fin, "192.0.2.7", ""]
        for q in QUESTIONS:
            if q.genre == "multiple":
                prises = r[q.code].split("|")
                rangee += [m.libelle if m.code in prises else ""
                           for m in QUESTIONNAIRE.modalites(q)]  # fmt: skip
            else:
                rangee.append(cellule(r, q))
        rangees.append(rangee)
    return rangees


def tableaux() -> Rangees:
    """A LimeSurvey export whose scale questions are the lines of two arrays, with comments."""
    echelles = [q for q in QUESTIONS if q.genre == "echelle"]
    simples = [q for q in QUESTIONS if q.genre != "echelle"]
    entetes = [_AVANT[0], _AVANT[1]]
    for q in simples:
        if q.genre == "multiple":
            entetes += [f"{q.code}[{m.code}]" for m in QUESTIONNAIRE.modalites(q)]
        else:
            entetes.append(q.code)
    for rang, q in enumerate(echelles, 1):
        entetes.append(f"QT[SQ{rang:03d}]. Votre avis sur : [{q.libelle}]")
    entetes += ["QT[SQ001comment]. Votre avis sur : [Commentaire]", "groupTime12", "Temps total"]
    rangees = [entetes]
    for r in REPONSES:
        rangee = [r["reponse"], f"{r['date']} 14:22:01"]
        for q in simples:
            prises = r[q.code].split("|")
            if q.genre == "multiple":
                rangee += ["Oui" if m.code in prises else "N/A"
                           for m in QUESTIONNAIRE.modalites(q)]  # fmt: skip
            else:
                rangee.append(cellule(r, q))
        rangee += [cellule(r, q) for q in echelles]
        rangees.append([*rangee, "rien à ajouter", "12,5", "310,25"])
    return rangees
