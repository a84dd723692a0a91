"""Bytes to text: what is read, what is refused and why, before any cell is looked at."""

from __future__ import annotations

from qualepref_lib.core.fichiers import find_mojibake, numero_de_ligne
from qualepref_lib.core.refus import Releve, extrait

_NATURES = (
    ((b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0"), "un classeur (Excel ou LibreOffice)"),
    ((b"%PDF",), "un PDF"),
    ((b"{\\rtf",), "un document de traitement de texte"),
    ((b"\x89PNG", b"\xff\xd8\xff", b"GIF8"), "une image"),
    ((b"<!DOCTYPE", b"<!doctype", b"<html", b"<HTML", b"<?xml"), "une page web ou du XML"),
)
_EN_CSV = "l’enregistrer au format CSV (point-virgule, UTF-8)."
_RENOMMER = (
    "lui rendre son extension (.xlsx, .ods ou .xls), ou l’enregistrer au format CSV "
    "(point-virgule, UTF-8)."
)


def decoder(octets: bytes, nom: str, releve: Releve) -> str | None:
    """The text of ``octets``; None, and a problem under ``nom``, when it is not sure."""
    if quoi := nature(octets):
        remede = _RENOMMER if quoi == _NATURES[0][1] else _EN_CSV
        releve.signaler(nom, f"le fichier est {quoi}, pas un CSV.", remede=remede)
        return None
    if octets.startswith((b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff")):
        releve.signaler(nom, "le fichier est en UTF-32, que nous ne lisons pas.", remede=_EN_CSV)
        return None
    if octets.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _controler(octets.decode("utf-16", errors="replace"), False, nom, releve)
    if b"\x00" in octets:
        if sans_marque := _utf16_sans_marque(octets):
            return _controler(sans_marque, False, nom, releve)
        _signaler_nuls(octets, nom, releve)
        return None
    try:
        return _controler(octets.decode("utf-8-sig"), False, nom, releve)
    except UnicodeDecodeError:
        # Bytes that Windows does not use become U+FFFD, which is a fault like another.
        return _controler(octets.decode("cp1252", errors="replace"), True, nom, releve)


def nature(octets: bytes) -> str:
    """What the first bytes say the file is, when it is no plain text; else empty.

    >>> nature(b"%PDF-1.7"), nature(b"a;b")
    ('un PDF', '')
    """
    tete = octets[:64].removeprefix(b"\xef\xbb\xbf").lstrip()
    return next((quoi for debuts, quoi in _NATURES if tete.startswith(debuts)), "")


def _utf16_sans_marque(octets: bytes) -> str:
    """The text of an UTF-16 file whose first mark was lost; empty when it is not surely that.

    In French nearly every second byte is null: which one tells the order of the two.
    """
    debut = octets[:4000]
    pairs, impairs = debut[::2].count(0), debut[1::2].count(0)
    if len(octets) % 2 or max(pairs, impairs) < 0.4 * len(debut) or min(pairs, impairs):
        return ""
    try:
        texte = octets.decode("utf-16-le" if impairs else "utf-16-be")
    except UnicodeDecodeError:
        return ""
    return "" if "\x00" in texte else texte


def _signaler_nuls(octets: bytes, nom: str, releve: Releve) -> None:
    debut = octets[:1000]
    if debut.count(0) * 3 > len(debut):
        constat = "le fichier est en UTF-16 sans marque d’ordre, ou n’est pas un texte."
    else:
        constat = "le fichier contient des octets nuls : il est abîmé, ou n’est pas un texte."
    ligne = octets[: octets.index(0)].count(b"\n") + 1
    releve.signaler(nom, constat, ligne=ligne, remede=_EN_CSV)


def _controler(texte: str, windows: bool, nom: str, releve: Releve) -> str | None:
    """The text itself when its letters look French."""
    if faute := find_mojibake(texte, windows=windows):
        exemple = f"« {extrait(faute.group())} »"
        _signaler(nom, numero_de_ligne(texte, faute.start()), exemple, releve)
        return None
    return texte


def _signaler(nom: str, ligne: int, exemple: str, releve: Releve) -> None:
    releve.signaler(
        nom,
        f"l’encodage est faux : {exemple} n’est pas une lettre française.",
        ligne=ligne,
        connus=("UTF-8", "Windows-1252"),
        remede="rouvrir le fichier d’origine et l’enregistrer en CSV UTF-8.",
    )
