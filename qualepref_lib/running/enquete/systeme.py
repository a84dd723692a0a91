"""The columns that a survey tool adds of its own, by the names they bear in French and English."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from qualepref_lib.running.enquete.intitules import mots

Role = Literal["numero", "envoi", "date", "statut", "page", "personnelle", "technique"]

_NOMS: dict[Role, str] = {
    "numero": "id|id de la reponse|response id|respondent id|identifiant de la reponse|numero de "
    "reponse|submission id|numero|no|n|id reponse|id du repondant|cle|serial|numero d observation",
    "envoi": "date de soumission|submitdate|date submitted|date d envoi|end date|date de fin|"
    "heure de fin|completion time|submitted at|date d achevement|heure d achevement|soumis le|"
    "date de completion",
    "date": "horodateur|timestamp|horodatage|date de saisie|date de reponse|date de creation|"
    "cree le|created at|date created|date de la reponse|date_saisie|heure|date et heure",
    "statut": "statut|status|etat|completed|complete|termine|complet|statut de la reponse|"
    "finished|avancement",
    "personnelle": "adresse ip|ip address|ipaddr|ip|adresse mail|adresse email|adresse e mail|"
    "email address|email|e mail|courriel|adresse courriel|adresse electronique|"
    "nom d utilisateur|username|token|code d acces|jeton|cle d acces|invitation|nom|prenom|"
    "first name|last name|nom de famille|name|nom et prenom|telephone portable|utilisateur|"
    "numero de telephone|custom data|cookie",
    "page": "derniere page|lastpage|last page|derniere page vue",
    "technique": "langue de depart|startlanguage|start language|"
    "langue|tete de serie|seed|date de lancement|startdate|date started|start date|start time|"
    "heure de debut|date de debut|date de la derniere action|datestamp|date last action|"
    "date modified|date de modification|url de reference|refurl|referrer url|referer|"
    "collector id|collecteur|progression|duree totale|temps total|interviewtime|total time|"
    "groupe de temps|user agent|navigateur|version|brouillon|source|canal de collecte|score",
}
ROLES: dict[str, Role] = {mots(n): role for role, noms in _NOMS.items() for n in noms.split("|")}
"""The role of each name, in the form of :func:`~.intitules.mots`."""

_COURRIEL = re.compile(r"[^@\s]+@[^@\s]+\.[a-zA-Z]{2,}")
_IP = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,3}){3}|(?:[0-9a-fA-F]{0,4}:){3,7}[0-9a-fA-F]{0,4}")
_TEMPS = ("temps pour la question", "temps pour le groupe", "question time", "group time",
          "grouptime", "questiontime", "duree pour", "duree de la question")  # fmt: skip
COMPLET = frozenset(
    ["complet", "complete", "completed", "termine", "terminee", "oui", "yes", "true", "vrai",
     "finished", "y", "1", "envoye", "soumis"]
)  # fmt: skip
"""What says that an answer was sent to the end, in a column of states."""


def role_de(entete: str) -> Role | None:
    """What a header of the tool is for; None when it is a question."""
    return ROLES.get(mots(entete))


def is_personnelle(valeurs: Sequence[str]) -> bool:
    """Whether most of the cells are e-mail or network addresses."""
    pleines = [v for v in valeurs if v]
    vues = sum(bool(_COURRIEL.fullmatch(v) or _IP.fullmatch(v)) for v in pleines)
    return bool(pleines) and vues * 2 > len(pleines)


def is_temps(entete: str) -> bool:
    """Whether the column is one of the timings that some tools add for every question."""
    return mots(entete).startswith(_TEMPS)
