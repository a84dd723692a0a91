"""The mail that tells how a run ended: text, and the report itself when it is asked for.

``EmailMessage`` encodes the headers and refuses a line break in them; what a file says goes
through one line of visible signs before it comes near a header.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate, make_msgid

from qualepref_lib.running.depot import RAPPORT
from qualepref_lib.running.echeances.etat import MANQUE
from qualepref_lib.running.echeances.execution import Suite
from qualepref_lib.running.echeances.texte import dire_suite, texte_suite
from qualepref_lib.running.journal import FAIT

SUJET_MAXI = 150


def make_courriel(
    expediteur: str, destinataires: Sequence[str], suite: Suite, joindre: bool = False
) -> EmailMessage:
    """The message; with ``joindre``, a report that was made comes with it."""
    message = EmailMessage(policy=SMTP)
    message["From"] = _adresse(expediteur)
    message["To"] = tuple(_adresse(a) for a in destinataires)
    message["Subject"] = _sujet(suite)
    message["Date"] = formatdate(localtime=True)
    message["Message-ID"] = make_msgid(domain=expediteur.rpartition("@")[2])
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(_corps(suite))
    page = suite.etat.sortie / RAPPORT
    if joindre and suite.resultat == FAIT:
        nom = f"rapport_{suite.etat.nom}.html"
        octets = page.read_bytes()
        message.add_attachment(octets, maintype="text", subtype="html", filename=nom)
    return message


def adresses_de(texte: str) -> tuple[str, ...]:
    """The addresses of a setting, separated by commas or semicolons.

    Raises ``ValueError`` for what is not an address.

    >>> adresses_de("qualite@exemple.invalid; audit@exemple.invalid")
    ('qualite@exemple.invalid', 'audit@exemple.invalid')
    """
    morceaux = [morceau.strip() for morceau in re.split("[;,]", texte)]
    return tuple(_adresse(morceau).addr_spec for morceau in morceaux if morceau)


def _adresse(texte: str) -> Address:
    """One bare address, ``nom@domaine``: nothing in it can end a header."""
    if not re.fullmatch(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9.-]+", texte):
        raise ValueError("adresse illisible")
    return Address(addr_spec=texte)


def _sujet(suite: Suite) -> str:
    dit = "rapport fait" if suite.resultat == FAIT else "rapport en échec"
    if suite.resultat == MANQUE:
        dit = "passages manqués"
    return _une_ligne(f"Qual-e-Pref, {suite.etat.nom} : {dit}, {dire_suite(suite)}")[:SUJET_MAXI]


def _corps(suite: Suite) -> str:
    dossier = f"reports/{suite.etat.nom}"
    lignes = [f"{suite.etat.libelle}", "", *texte_suite(suite), ""]
    if suite.resultat == FAIT:
        lignes.append(f"Le rapport : {dossier}/{RAPPORT}")
    elif (suite.etat.sortie / RAPPORT).exists():
        lignes.append(f"Le rapport précédent est intact : {dossier}/{RAPPORT}")
    else:
        lignes.append("Aucun rapport n’a encore été fait pour cette campagne.")
    lignes.append("L’état du calendrier : qualepref echeances")
    return "\n".join(lignes) + "\n"


def _une_ligne(texte: str) -> str:
    visible = "".join(" " if unicodedata.category(c).startswith("C") else c for c in texte)
    return " ".join(visible.split())
