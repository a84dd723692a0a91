"""What a store refuses, in French: what is wrong with the address, or with reaching it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from qualepref_lib.core.refus import Probleme, Refus, extrait, proche

REFUSE = frozenset({"NoCredentialsError", "PartialCredentialsError", "AuthenticationException"})
MUET = frozenset(
    {
        "EndpointConnectionError",
        "ClientConnectorError",
        "ConnectTimeoutError",
        "NoValidConnectionsError",
        "gaierror",
    }
)
"""How drivers name what the system does not: they are told by name, none is imported here."""


class Injoignable(Refus):
    """The address may be right, and this machine cannot work there: a run failed, not data."""


@contextmanager
def dire_erreurs(adresse: str) -> Iterator[None]:
    """Whatever a driver raises inside becomes a :class:`Refus` that names ``adresse``."""
    try:
        yield
    except (Refus, MemoryError):
        raise
    except Exception as erreur:
        raise _traduire(adresse, erreur) from erreur


def protocole_inconnu(adresse: str, protocole: str) -> Refus:
    """No driver bears this name."""
    from fsspec import available_protocols

    return Refus(
        Probleme(
            adresse,
            f"le protocole « {extrait(protocole)} » n’est pas connu.",
            voisin=proche(protocole, available_protocols()),
            remede="corriger l’adresse : s3://, sftp://, file://…",
        )
    )


def pilote_absent(adresse: str, protocole: str, paquet: str) -> Injoignable:
    """The driver is a package of its own, which is not installed here."""
    return Injoignable(
        Probleme(
            adresse,
            f"le pilote de {protocole}:// manque sur cette machine.",
            remede=f"pip install {paquet}, là où l’outil s’exécute.",
        )
    )


def fsspec_absent(adresse: str) -> Injoignable:
    """The extra that brings fsspec is not installed."""
    constat = "le paquet « fsspec », qui lit les stockages, manque sur cette machine."
    return Injoignable(Probleme(adresse, constat, remede="pip install 'qualepref[cluster]'."))


def _traduire(adresse: str, erreur: Exception) -> Refus:
    causes = _suite(erreur)
    if any(isinstance(e, FileNotFoundError | NotADirectoryError) for e in causes):
        return Refus(Probleme(adresse, "ce dossier n’existe pas.", remede="corriger l’adresse."))
    noms = {type(e).__name__ for e in causes}
    if noms & REFUSE or any(isinstance(e, PermissionError) for e in causes):
        remede = "donner à ce compte le droit de lister, lire et écrire."
        return Injoignable(Probleme(adresse, "le stockage refuse l’accès.", remede=remede))
    if noms & MUET or any(isinstance(e, ConnectionError | TimeoutError) for e in causes):
        constat = f"le stockage ne répond pas ({_dire(causes[-1])})."
        return Injoignable(Probleme(adresse, constat, remede="vérifier l’adresse et le réseau."))
    return Injoignable(Probleme(adresse, f"le stockage a échoué : {_dire(erreur)}."))


def _suite(erreur: BaseException) -> list[BaseException]:
    """The error and those that caused it."""
    suite: list[BaseException] = []
    reste: BaseException | None = erreur
    while reste is not None and reste not in suite:
        suite.append(reste)
        reste = reste.__cause__ or reste.__context__
    return suite


def _dire(erreur: BaseException) -> str:
    texte = extrait(erreur)
    return f"{type(erreur).__name__} — {texte}" if texte else type(erreur).__name__
