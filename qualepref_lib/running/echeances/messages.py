"""Telling people how a run ended: a command of theirs, a mail, or both.

Settings are environment variables and nothing else; the password leaves the environment as soon
as it is read, so that neither a chapter nor a command can see it. Results and failures have their
own recipients. Nothing is sent in clear with a password, and every wait has an end.
"""

from __future__ import annotations

import os
import shlex
import smtplib
import socket
import ssl
import subprocess
from collections.abc import Iterator, Mapping, MutableMapping
from dataclasses import dataclass, field

from qualepref_lib.core.refus import Releve
from qualepref_lib.running.echeances.courriel import adresses_de, make_courriel
from qualepref_lib.running.echeances.execution import Suite
from qualepref_lib.running.journal import FAIT

SECURITES = ("starttls", "ssl", "aucune")
PORTS = {"starttls": 587, "ssl": 465, "aucune": 25}
MOT_DE_PASSE = "QUALEPREF_SMTP_MOT_DE_PASSE"
ATTENTE_SMTP_S = 30
ATTENTE_COMMANDE_S = 60


@dataclass(frozen=True)
class Reglages:
    """Where messages go; nowhere unless the environment says so."""

    hote: str = ""
    port: int = 0
    securite: str = "starttls"
    utilisateur: str = ""
    mot_de_passe: str = field(default="", repr=False)
    expediteur: str = ""
    resultat: tuple[str, ...] = ()
    echec: tuple[str, ...] = ()
    joindre: bool = False
    commande_resultat: tuple[str, ...] = field(default=(), repr=False)
    commande_echec: tuple[str, ...] = field(default=(), repr=False)


def load_reglages(environ: MutableMapping[str, str]) -> Reglages:
    """The settings of the environment, checked; raises :class:`Refus` with all that is wrong.

    No value is ever quoted: one variable could hold what another should.
    """
    secret = environ.pop(MOT_DE_PASSE, "")
    releve = Releve()
    lus = {nom: environ.get(f"QUALEPREF_{nom}", "").strip() for nom in _NOMS}
    securite = lus["SMTP_SECURITE"].lower() or ("ssl" if lus["SMTP_PORT"] == "465" else "starttls")
    if securite not in SECURITES:
        _refuser(releve, "SMTP_SECURITE", "ce réglage n’est pas connu.", ", ".join(SECURITES))
    port = lus["SMTP_PORT"]
    if port and not (port.isascii() and port.isdigit() and 0 < int(port) < 65536):
        _refuser(releve, "SMTP_PORT", "ce n’est pas un port.", "un nombre de 1 à 65535")
    listes = {nom: _adresses(lus[nom], nom, releve) for nom in _ADRESSES}
    commandes = {nom: _commande(lus[nom], nom, releve) for nom in _COMMANDES}
    _verifier_ensemble(lus, listes, securite, bool(secret), releve)
    releve.refuser()
    return Reglages(
        hote=lus["SMTP_HOTE"],
        port=int(port) if port else PORTS[securite],
        securite=securite,
        utilisateur=lus["SMTP_UTILISATEUR"],
        mot_de_passe=secret,
        expediteur="".join(listes["MESSAGE_DE"][:1]),
        resultat=listes["MESSAGE_RESULTAT"],
        echec=listes["MESSAGE_ECHEC"],
        joindre=lus["MESSAGE_JOINDRE"].lower() in ("oui", "1", "true"),
        commande_resultat=commandes["COMMANDE_RESULTAT"],
        commande_echec=commandes["COMMANDE_ECHEC"],
    )


_ADRESSES = ("MESSAGE_DE", "MESSAGE_RESULTAT", "MESSAGE_ECHEC")
_COMMANDES = ("COMMANDE_RESULTAT", "COMMANDE_ECHEC")
_NOMS = (
    "SMTP_HOTE", "SMTP_PORT", "SMTP_SECURITE", "SMTP_UTILISATEUR", "MESSAGE_JOINDRE",
    *_ADRESSES, *_COMMANDES,
)  # fmt: skip


def send(reglages: Reglages, suite: Suite) -> Iterator[str]:
    """Send what is to be sent; answer with what could not be, in French, without any secret."""
    bon = suite.resultat == FAIT
    commande = reglages.commande_resultat if bon else reglages.commande_echec
    destinataires = reglages.resultat if bon else reglages.echec
    if commande:
        yield from _sans_secret(reglages, _lancer(commande, suite))
    if reglages.hote and destinataires:
        yield from _sans_secret(reglages, _envoyer(reglages, destinataires, suite))


def _sans_secret(reglages: Reglages, fautes: Iterator[str]) -> Iterator[str]:
    for faute in fautes:
        texte = " ".join(faute.split())
        secret = reglages.mot_de_passe
        yield texte.replace(secret, "•••") if secret else texte


def _envoyer(reglages: Reglages, destinataires: tuple[str, ...], suite: Suite) -> Iterator[str]:
    try:
        message = make_courriel(reglages.expediteur, destinataires, suite, reglages.joindre)
        with _connexion(reglages) as serveur:
            refuses = serveur.send_message(message)
    except smtplib.SMTPRecipientsRefused:
        yield "le serveur de messagerie refuse tous les destinataires."
    except smtplib.SMTPAuthenticationError as erreur:
        yield f"le serveur de messagerie refuse l’utilisateur (code {erreur.smtp_code})."
    except ssl.SSLError as erreur:
        yield f"la connexion chiffrée n’a pas pu s’établir ({erreur.reason or 'TLS'})."
    except smtplib.SMTPException as erreur:
        yield f"le serveur de messagerie a refusé le message ({type(erreur).__name__})."
    except (OSError, ValueError) as erreur:
        cause = getattr(erreur, "strerror", None) or type(erreur).__name__
        yield f"le serveur de messagerie n’a pas pu être joint ({cause})."
    else:
        if refuses:
            yield f"le serveur de messagerie refuse {len(refuses)} des destinataires."


def _connexion(reglages: Reglages) -> smtplib.SMTP:
    """A connection, ciphered and open to send; the certificate of the server is checked."""
    contexte = ssl.create_default_context()
    # Our name as the system knows it: asking the network for it may last longer than the wait.
    moi, attente = socket.gethostname(), ATTENTE_SMTP_S
    serveur: smtplib.SMTP
    if reglages.securite == "ssl":
        serveur = smtplib.SMTP_SSL(
            reglages.hote, reglages.port, local_hostname=moi, timeout=attente, context=contexte
        )
    else:
        serveur = smtplib.SMTP(reglages.hote, reglages.port, local_hostname=moi, timeout=attente)
    try:
        if reglages.securite == "starttls":
            serveur.starttls(context=contexte)
        if reglages.utilisateur:
            serveur.login(reglages.utilisateur, reglages.mot_de_passe)
    except BaseException:
        serveur.close()
        raise
    return serveur


def _lancer(commande: tuple[str, ...], suite: Suite) -> Iterator[str]:
    """Run a command of the user's, without a shell; the message is its input."""
    from qualepref_lib.running.echeances.texte import texte_suite

    environ = os.environ | {
        "QUALEPREF_CAMPAGNE": suite.etat.nom,
        "QUALEPREF_RESULTAT": suite.resultat,
    }
    try:
        fait = subprocess.run(
            commande, input="\n".join(texte_suite(suite)) + "\n", env=environ, encoding="utf-8",
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=ATTENTE_COMMANDE_S,
            check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        yield f"la commande n’a pas répondu en {ATTENTE_COMMANDE_S} secondes."
    except (OSError, ValueError) as erreur:
        cause = getattr(erreur, "strerror", None) or type(erreur).__name__
        yield f"la commande n’a pas pu être lancée ({cause})."
    else:
        if fait.returncode:
            yield f"la commande a échoué (code {fait.returncode})."


def _adresses(texte: str, nom: str, releve: Releve) -> tuple[str, ...]:
    try:
        return adresses_de(texte)
    except ValueError:
        _refuser(releve, nom, "une adresse n’est pas lisible.", "nom@domaine, séparés par « ; »")
        return ()


def _commande(texte: str, nom: str, releve: Releve) -> tuple[str, ...]:
    try:
        mots = shlex.split(texte, posix=os.name != "nt")
    except ValueError:
        _refuser(releve, nom, "les guillemets de la commande ne se ferment pas.", "programme args")
        return ()
    return tuple(mot.strip('"') for mot in mots) if os.name == "nt" else tuple(mots)


def _verifier_ensemble(
    lus: Mapping[str, str],
    listes: Mapping[str, tuple[str, ...]],
    securite: str,
    secret: bool,
    releve: Releve,
) -> None:
    """What one setting asks of the others."""
    veut = bool(listes["MESSAGE_RESULTAT"] or listes["MESSAGE_ECHEC"])
    if veut and not lus["SMTP_HOTE"]:
        _refuser(releve, "SMTP_HOTE", "des destinataires sont donnés sans serveur.", "son nom")
    if veut and not listes["MESSAGE_DE"]:
        _refuser(releve, "MESSAGE_DE", "l’expéditeur manque.", "nom@domaine")
    if lus["SMTP_UTILISATEUR"] and securite == "aucune":
        constat = "un mot de passe ne part jamais sans chiffrement."
        _refuser(releve, "SMTP_SECURITE", constat, "starttls ou ssl")
    if bool(lus["SMTP_UTILISATEUR"]) != secret:
        constat = "l’utilisateur et le mot de passe vont ensemble, l’un des deux manque."
        _refuser(releve, "SMTP_UTILISATEUR", constat, "les deux, ou aucun")


def _refuser(releve: Releve, nom: str, constat: str, attendu: str) -> None:
    releve.signaler(f"QUALEPREF_{nom}", constat, remede=f"écrire {attendu}.")
