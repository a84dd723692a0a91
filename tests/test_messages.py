"""Nobody is watching: the page, the mail, the command; and what none of them may do."""

from __future__ import annotations

import datetime as dt
import email
import email.policy
import os
import re
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import petit_calendrier as petit
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
from hypothesis import given
from hypothesis import strategies as st

from qualepref_lib.core.refus import Refus
from qualepref_lib.running import fabrication
from qualepref_lib.running.depot import ECHEC, RAPPORT
from qualepref_lib.running.echeances import messages
from qualepref_lib.running.echeances.annonce import Annonce
from qualepref_lib.running.echeances.courriel import adresses_de, make_courriel
from qualepref_lib.running.echeances.etat import load_etats
from qualepref_lib.running.echeances.execution import Suite, execute
from qualepref_lib.running.echeances.marque import Essai
from qualepref_lib.running.echeances.messages import MOT_DE_PASSE, load_reglages, send
from qualepref_lib.running.echeances.page_echec import render_page
from qualepref_lib.running.journal import load_journal
from qualepref_lib.running.pannes import Echec, Panne

JOUR = dt.date(2027, 1, 4)
SECRET = "un-secret-d-essai"


@dataclass
class Boite:
    """What the local server has received: to whom, and the message."""

    recus: list[tuple[list[str], EmailMessage]] = field(default_factory=list)
    comptes: list[str] = field(default_factory=list)
    refuse: str = ""

    async def handle_RCPT(
        self, serveur: Any, session: Any, enveloppe: Any, adresse: str, options: Any
    ) -> str:
        if self.refuse and self.refuse in adresse:
            return "550 inconnu"
        enveloppe.rcpt_tos.append(adresse)
        return "250 OK"

    async def handle_DATA(self, serveur: Any, session: Any, enveloppe: Any) -> str:
        lu = email.message_from_bytes(enveloppe.content, policy=email.policy.default)
        assert isinstance(lu, EmailMessage)
        self.recus.append((list(enveloppe.rcpt_tos), lu))
        return "250 OK"

    def ouvrir(self, serveur: Any, session: Any, enveloppe: Any, sorte: str, donnees: Any) -> Any:
        assert isinstance(donnees, LoginPassword)
        self.comptes.append(donnees.login.decode())
        juste = donnees.password.decode() == SECRET
        return AuthResult(success=juste, handled=juste)


class Poste(Controller):
    """A server on whatever port is free: it says hello to itself there, ciphered or not."""

    @property
    def port_reel(self) -> int:
        """The port that the system gave."""
        return int(self.server.sockets[0].getsockname()[1])

    def _trigger_server(self) -> None:
        with socket.create_connection(("127.0.0.1", self.port_reel), 5) as prise:
            if self.ssl_context is None:
                prise.recv(64)
                return
            contexte = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            contexte.check_hostname, contexte.verify_mode = False, ssl.CERT_NONE
            with contexte.wrap_socket(prise) as chiffree:
                chiffree.recv(64)


@pytest.fixture
def boite() -> Boite:
    """An empty mailbox."""
    return Boite()


@pytest.fixture
def serveur(boite: Boite) -> Iterator[int]:
    """A real SMTP server on the loopback, without TLS; its port."""
    poste = Poste(boite, hostname="127.0.0.1", port=0)
    poste.start()
    yield poste.port_reel
    poste.stop()


@pytest.fixture(scope="module")
def certificat(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate of the loopback, that nobody but this test trusts; its key beside it."""
    dossier = tmp_path_factory.mktemp("tls")
    if os.environ.get("CI") != "true":
        try:
            subprocess.run(["openssl", "version"], check=True, capture_output=True)
        except (OSError, subprocess.CalledProcessError):
            pytest.skip("openssl makes the certificate of this test")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "3650",
         "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
         "-keyout", str(dossier / "cle.pem"), "-out", str(dossier / "cert.pem")],
        check=True, capture_output=True,
    )  # fmt: skip
    return dossier / "cert.pem"


@pytest.fixture
def projet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A tiny project whose reports take a millisecond."""
    simuler(monkeypatch, None)
    monkeypatch.setenv("QUALEPREF_RACINE", str(tmp_path))
    return petit.write_projet(tmp_path)


def simuler(monkeypatch: pytest.MonkeyPatch, erreur: Exception | None) -> None:
    """Replace the chapters; they may raise."""

    def panne(jour: str) -> None:
        if erreur:
            raise erreur

    for nom, remplace in petit.faux(panne).items():
        monkeypatch.setattr(fabrication, nom, remplace)


def environ(port: int, **autres: str) -> dict[str, str]:
    """The settings of a server of the loopback, without TLS."""
    return {
        "QUALEPREF_SMTP_HOTE": "127.0.0.1",
        "QUALEPREF_SMTP_PORT": str(port),
        "QUALEPREF_SMTP_SECURITE": "aucune",
        "QUALEPREF_MESSAGE_DE": "atelier@exemple.invalid",
        "QUALEPREF_MESSAGE_RESULTAT": "copil@exemple.invalid; auditeur@exemple.invalid",
        "QUALEPREF_MESSAGE_ECHEC": "referent@exemple.invalid",
        **autres,
    }


def appeler(projet: Path, reglages: dict[str, str], jour: dt.date = JOUR) -> tuple[int, str]:
    """One call; its exit code and all that it said."""
    dites: list[str] = []
    annonce = Annonce(reglages, lambda texte, err=False: dites.append(texte))
    suites = execute(projet, ["essai"], jour, dire=annonce.dire)
    return max((s.code for s in suites), default=0), "\n".join(dites)


def suite_de(projet: Path, **change: Any) -> Suite:
    """An end to tell."""
    etat = load_etats(projet, [], JOUR)[0]
    essai = Essai(JOUR, tuple(p.code for p in etat.dus))
    return replace(Suite(etat, essai, "échec", "la cause", 3, 2), **change)


CASSE = Echec([Panne("03a_essai", "table", "division par zéro")])


def test_the_result_and_the_failure_have_their_recipients(
    projet: Path, boite: Boite, serveur: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A real server receives each message, for those whom it is for, readable and complete."""
    assert appeler(projet, environ(serveur))[0] == 0
    simuler(monkeypatch, CASSE)
    assert appeler(projet, environ(serveur), dt.date(2027, 1, 27))[0] == 3
    (pour, bon), (pour_echec, mauvais) = boite.recus
    assert pour == ["copil@exemple.invalid", "auditeur@exemple.invalid"]
    assert pour_echec == ["referent@exemple.invalid"]
    assert bon["subject"] == "Qual-e-Pref, essai : rapport fait, Comité de pilotage (J−30)"
    assert "rapport en échec" in mauvais["subject"]
    assert bon["auto-submitted"] == "auto-generated" and bon["date"] and bon["message-id"]
    texte = mauvais.get_body(("plain",)).get_content()
    assert "chapitre 03a_essai, cellule « table »" in texte
    assert "précédent est intact" in texte and "reports/essai/rapport_audit.html" in texte
    assert list(bon.iter_attachments()) == []


def test_each_failed_attempt_sends_one_message(
    projet: Path, boite: Boite, serveur: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Called ten times on a bad day: three attempts, three messages, and the code says failure."""
    simuler(monkeypatch, CASSE)
    assert [appeler(projet, environ(serveur))[0] for _ in range(10)] == [3] * 10
    assert [pour for pour, _ in boite.recus] == [["referent@exemple.invalid"]] * 3


def test_the_report_comes_with_the_message_when_asked(
    projet: Path, boite: Boite, serveur: int
) -> None:
    """With MESSAGE_JOINDRE the page itself is attached, byte for byte."""
    appeler(projet, environ(serveur, QUALEPREF_MESSAGE_JOINDRE="oui"))
    (jointe,) = boite.recus[0][1].iter_attachments()
    page = (projet / "reports" / "essai" / RAPPORT).read_bytes()
    assert jointe.get_filename() == "rapport_essai.html"
    assert jointe.get_payload(decode=True) == page


@pytest.mark.parametrize("securite", ["ssl", "starttls"])
def test_a_password_travels_ciphered(
    projet: Path, boite: Boite, certificat: Path, monkeypatch: pytest.MonkeyPatch, securite: str
) -> None:
    """STARTTLS and SSL both reach a real server whose certificate is trusted, and log in."""
    contexte = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    contexte.load_cert_chain(certificat, certificat.with_name("cle.pem"))
    voie = {"ssl_context": contexte} if securite == "ssl" else {"tls_context": contexte}
    poste = Poste(
        boite, hostname="127.0.0.1", port=0, authenticator=boite.ouvrir,
        auth_require_tls=securite == "starttls", **voie,
    )  # fmt: skip
    poste.start()
    try:
        reglages = environ(
            poste.port_reel, QUALEPREF_SMTP_SECURITE=securite,
            QUALEPREF_SMTP_UTILISATEUR="atelier",
            **{MOT_DE_PASSE: SECRET},
        )  # fmt: skip
        code, dit = appeler(projet, dict(reglages))
        assert code == 0 and "la connexion chiffrée n’a pas pu" in dit and boite.recus == []
        monkeypatch.setenv("SSL_CERT_FILE", str(certificat))
        code, dit = appeler(projet, dict(reglages), dt.date(2027, 1, 27))
        assert code == 0 and "message" not in dit
        assert len(boite.recus) == 1 and boite.comptes == ["atelier"]
        faux = reglages | {MOT_DE_PASSE: "autre-secret"}
        code, dit = appeler(projet, faux, dt.date(2027, 2, 2))
        assert code == 0 and "refuse l’utilisateur" in dit and "secret" not in dit
    finally:
        poste.stop()


def test_a_message_that_cannot_leave_is_told(projet: Path) -> None:
    """No server: the run is as good as before, the failure to send is printed and written down."""
    code, dit = appeler(projet, environ(1))
    assert code == 0 and "message non envoyé" in dit
    assert (projet / "reports" / "essai" / RAPPORT).exists()
    lignes = load_journal(projet / "reports")
    assert [li["resultat"] for li in lignes] == ["fait", "message non envoyé"]
    assert appeler(projet, environ(1)) == (0, "")  # and it is no reason to run again


def test_a_server_that_never_answers_is_left(projet: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that accepts and stays silent does not hold the run for ever."""
    monkeypatch.setattr(messages, "ATTENTE_SMTP_S", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as muet:
        debut = time.monotonic()
        code, dit = appeler(projet, environ(muet.getsockname()[1]))
    assert code == 0 and "message non envoyé" in dit
    assert time.monotonic() - debut < 20


def test_refused_recipients_are_counted(projet: Path, boite: Boite, serveur: int) -> None:
    """When the server takes some recipients only, the others are told by their number."""
    boite.refuse = "auditeur"
    assert "refuse 1 des destinataires" in appeler(projet, environ(serveur))[1]
    assert len(boite.recus) == 1


@pytest.mark.parametrize(
    ("change", "mots"),
    [
        ({"QUALEPREF_SMTP_PORT": "abc"}, "QUALEPREF_SMTP_PORT"),
        ({"QUALEPREF_SMTP_SECURITE": "tsl"}, "QUALEPREF_SMTP_SECURITE"),
        ({"QUALEPREF_SMTP_HOTE": ""}, "QUALEPREF_SMTP_HOTE"),
        ({"QUALEPREF_MESSAGE_DE": ""}, "QUALEPREF_MESSAGE_DE"),
        ({"QUALEPREF_MESSAGE_ECHEC": "pas une adresse"}, "QUALEPREF_MESSAGE_ECHEC"),
        ({"QUALEPREF_COMMANDE_ECHEC": "dire 'oui"}, "QUALEPREF_COMMANDE_ECHEC"),
        ({"QUALEPREF_SMTP_UTILISATEUR": "moi", MOT_DE_PASSE: SECRET}, "sans chiffrement"),
        ({MOT_DE_PASSE: SECRET}, "vont ensemble"),
    ],
)
def test_wrong_settings_are_told_and_the_report_is_made(
    projet: Path, serveur: int, change: dict[str, str], mots: str
) -> None:
    """A wrong setting is named, its value is not quoted, and the report is made all the same."""
    code, dit = appeler(projet, environ(serveur, **change))
    assert code == 0 and mots in dit and SECRET not in dit
    assert (projet / "reports" / "essai" / RAPPORT).exists()


def test_the_password_leaves_the_environment() -> None:
    """Once read, the password is neither in the environment nor in what the settings print."""
    lus = environ(25, QUALEPREF_SMTP_UTILISATEUR="moi", QUALEPREF_SMTP_SECURITE="starttls")
    lus[MOT_DE_PASSE] = SECRET
    reglages = load_reglages(lus)
    assert MOT_DE_PASSE not in lus
    assert reglages.mot_de_passe == SECRET and SECRET not in repr(reglages)


@given(st.text(max_size=60), st.text(max_size=60))
def test_nothing_can_end_a_header(
    tmp_path_factory: pytest.TempPathFactory, libelle: str, texte: str
) -> None:
    """Whatever a campaign is called and whatever a setting holds, no header is added."""
    projet = _petit(tmp_path_factory)
    suite = suite_de(projet)
    etat = replace(suite.etat, nom=f"metz\r\nBcc: x@exemple.invalid\r\n\r\n{libelle}")
    message = make_courriel("a@exemple.invalid", ["b@exemple.invalid"], replace(suite, etat=etat))
    relu = email.message_from_bytes(message.as_bytes(), policy=email.policy.default)
    assert relu.keys() == message.keys() and relu["bcc"] is None
    assert str(relu["to"]) == "b@exemple.invalid"
    try:
        adresses = adresses_de(texte)
    except ValueError:
        return
    assert all("\n" not in a and "\r" not in a and a.count("@") == 1 for a in adresses)


_PETITS: list[Path] = []


def _petit(fabrique: pytest.TempPathFactory) -> Path:
    if not _PETITS:
        _PETITS.append(petit.write_projet(fabrique.mktemp("entetes")))
    return _PETITS[0]


# A command of the user's.


def test_a_command_hears_of_a_failure(
    projet: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The command gets the text as its input and the words in its environment, and no secret."""
    programme = tmp_path / "dire avec un espace.py"
    temoin = tmp_path / "temoin.txt"
    programme.write_text(
        "import os, sys, pathlib\n"
        "mots = [os.environ['QUALEPREF_CAMPAGNE'], os.environ['QUALEPREF_RESULTAT']]\n"
        f"mots += [str({MOT_DE_PASSE!r} in os.environ), sys.stdin.read()]\n"
        "pathlib.Path(sys.argv[1]).write_text('|'.join(mots), encoding='utf-8')\n",
        encoding="utf-8",
    )
    monkeypatch.setenv("QUALEPREF_COMMANDE_ECHEC", f"{sys.executable} '{programme}' '{temoin}'")
    monkeypatch.setenv(MOT_DE_PASSE, SECRET)
    monkeypatch.setenv("QUALEPREF_SMTP_UTILISATEUR", "moi")
    monkeypatch.setenv("PYTHONUTF8", "1")
    simuler(monkeypatch, CASSE)
    code, _ = appeler(projet, os.environ)  # type: ignore[arg-type]
    campagne, resultat, secret, texte = temoin.read_text(encoding="utf-8").split("|")
    assert (code, campagne, resultat, secret) == (3, "essai", "échec", "False")
    assert "division par zéro" in texte


@pytest.mark.parametrize(
    ("commande", "mots"),
    [("programme-qui-n-existe-pas jeton-secret", "n’a pas pu être lancée"),
     (f"{sys.executable} -c 'raise SystemExit(4)' jeton-secret", "code 4")],
)  # fmt: skip
def test_a_command_that_fails_is_told_without_its_words(
    projet: Path, monkeypatch: pytest.MonkeyPatch, commande: str, mots: str
) -> None:
    """A command that cannot run, or fails, changes no exit code; its arguments are not printed."""
    simuler(monkeypatch, CASSE)
    code, dit = appeler(projet, {"QUALEPREF_COMMANDE_ECHEC": commande})
    assert code == 3 and mots in dit and "jeton-secret" not in dit
    assert (projet / "reports" / "essai" / ECHEC).exists()


def test_a_command_that_never_ends_is_stopped(
    projet: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A command that hangs is stopped, and told."""
    monkeypatch.setattr(messages, "ATTENTE_COMMANDE_S", 0.2)
    dort = f"{sys.executable} -c 'import time; time.sleep(60)'"
    reglages = load_reglages({"QUALEPREF_COMMANDE_ECHEC": dort})
    (faute,) = send(reglages, suite_de(projet))
    assert "n’a pas répondu" in faute


# The page.


def test_the_page_stands_beside_the_old_report_and_goes(
    projet: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A failure leaves the old report byte for byte, and a page that the next success removes."""
    dossier = projet / "reports" / "essai"
    appeler(projet, {})
    avant = {p.name: p.read_bytes() for p in dossier.iterdir()}
    simuler(monkeypatch, CASSE)
    _, dit = appeler(projet, {}, dt.date(2027, 1, 27))
    apres = {p.name: p.read_bytes() for p in dossier.iterdir()}
    assert set(apres) - set(avant) == {ECHEC} and str(dossier / ECHEC) in dit
    assert all(apres[nom] == octets for nom, octets in avant.items())
    simuler(monkeypatch, None)
    appeler(projet, {}, dt.date(2027, 1, 28))
    assert not (dossier / ECHEC).exists() and (dossier / RAPPORT).exists()


def test_the_page_of_a_first_run_does_not_bar_the_way(
    projet: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the very first run fails, its folder holds the page alone, and a report may come."""
    simuler(monkeypatch, CASSE)
    appeler(projet, {})
    dossier = projet / "reports" / "essai"
    assert [p.name for p in dossier.iterdir()] == [ECHEC]
    assert "Aucun rapport n’a encore été fait" in (dossier / ECHEC).read_text("utf-8")
    simuler(monkeypatch, None)
    assert appeler(projet, {})[0] == 0
    assert (dossier / RAPPORT).exists() and not (dossier / ECHEC).exists()


def test_a_page_that_cannot_be_written_is_told(
    projet: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk keeps the page away, and not the exit code nor the words."""
    from qualepref_lib.running.echeances import page_echec

    def plein(suite: Suite) -> Path:
        raise OSError(28, "plus de place")

    monkeypatch.setattr(page_echec, "write_page", plein)
    simuler(monkeypatch, CASSE)
    code, dit = appeler(projet, {})
    assert code == 3 and "la page d’échec n’a pas pu être écrite" in dit
    assert not (projet / "reports" / "essai").exists()


def test_the_page_is_harmless_and_complete(projet: Path) -> None:
    """Self-contained, no script, no request, one outline; what a file says is only text in it."""
    cause = "Refusé : 2 problèmes.\n  • <script>alert(1)</script> : ligne 3\n  • b.csv, ligne 4"
    html = render_page(suite_de(projet, resultat="refusé", cause=cause))
    assert "<script" not in html and "&lt;script&gt;" in html
    assert "default-src 'none'" in html and html.count("<h1>") == 1
    assert not re.search(r"""(src|href)=["']?(https?:|//)""", html)
    assert '<html lang="fr">' in html and 'href="#contenu"' in html and 'id="contenu"' in html
    assert "qualepref verifier essai" in html and "<li>b.csv, ligne 4</li>" in html
    style = re.search(r"<style>(.*?)</style>", html, re.DOTALL)
    assert style is not None
    import base64
    import hashlib

    condense = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert f"style-src 'sha256-{condense}'" in html


def test_wrong_settings_raise_one_refusal() -> None:
    """All that is wrong with the settings is told at once."""
    with pytest.raises(Refus) as refus:
        load_reglages({"QUALEPREF_SMTP_PORT": "0", "QUALEPREF_SMTP_SECURITE": "x"})
    assert len(refus.value.problemes) == 2
