"""The trust boundary: what a cell put out is one of our blocks, or it is not in the report.

The judgement is by MIME type. ``text/html`` is never read. In strict mode (the report) anything
else is a problem; in lenient mode (drafts) a table comes back as its plain text, an image with
an alternative text « à compléter », and the rest is dropped and listed.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree

from pydantic import ValidationError

from qualepref_lib.display.blocs import (
    Bloc,
    BlocGraphique,
    BlocRien,
    BlocTableau,
    Grille,
    lire_bloc,
)
from qualepref_lib.display.html import svg_data_uri, svg_taille

_OBJETS = "afficher avec Tableau, Graphique ou phrase de qualepref_lib."
_NOTRE_MIME = "application/vnd.qualepref."
_PNG = b"\x89PNG\r\n\x1a\n"
_ALT = "Image sans texte de remplacement : à compléter."
# What could call an outside file once the image is opened alone, or expand without end.
_APPELS_SVG = re.compile(r"<!ENTITY|<\?xml-stylesheet|@import|url\((?!\s*[\"']?#)")
_INTERDITS_SVG = {"script", "foreignobject", "iframe", "object", "embed", "animate", "set", "a"}


@dataclass(frozen=True)
class ImageBrute:
    """An image of a draft: nobody said yet what it shows."""

    adresse: str
    largeur: int
    hauteur: int
    alt: str = _ALT
    genre: str = "image"


@dataclass(frozen=True)
class TableBrute:
    """A table of a draft, as the text that pandas prints."""

    texte: str
    genre: str = "table_brute"


Sortie = Bloc | ImageBrute | TableBrute


@dataclass(frozen=True)
class Jugement:
    """What is kept of an output (maybe nothing), what was wrong with it, and what to do."""

    sortie: Sortie | None
    constat: str = ""
    remede: str = ""


def judge_output(sortie: dict[str, Any]) -> Jugement:
    """What the report may take from one output of a cell."""
    genre = sortie.get("output_type")
    if genre == "stream":
        return _juger_flux(sortie)
    if genre == "error":
        nom, texte = sortie.get("ename", ""), _joint(sortie.get("evalue", ""))
        return Jugement(
            None, f"la cellule a échoué ({nom} : {_debut(texte)}).", "corriger, puis réexécuter."
        )
    return _juger_donnees(sortie.get("data") or {})


def _juger_flux(sortie: dict[str, Any]) -> Jugement:
    texte = _debut(_joint(sortie.get("text", "")))
    if sortie.get("name") == "stderr":
        return Jugement(None, f"avertissement ou message d'erreur : « {texte} ».", "le traiter.")
    return Jugement(None, f"texte imprimé par print : « {texte} ».", "retirer le print.")


def _juger_donnees(donnees: dict[str, Any]) -> Jugement:
    try:
        bloc = lire_bloc(donnees)
    except ValidationError as erreurs:
        return Jugement(None, f"bloc invalide ({_traduire(erreurs)}).", _OBJETS)
    if bloc is not None:
        defaut = defaut_de(bloc)
        if defaut:
            return Jugement(None, f"bloc invalide ({defaut}).", _OBJETS)
        return Jugement(None if isinstance(bloc, BlocRien) else bloc)
    if inconnus := sorted(mime for mime in donnees if mime.startswith(_NOTRE_MIME)):
        return Jugement(None, f"type de bloc inconnu : {', '.join(inconnus)}.", _OBJETS)
    return _juger_etranger({mime: _joint(valeur) for mime, valeur in donnees.items()})


def _juger_etranger(donnees: dict[str, str]) -> Jugement:
    """An output that is none of ours; the order is from the most to the least dangerous."""
    if any("widget" in mime for mime in donnees):
        return Jugement(None, "composant interactif (widget).", _OBJETS)
    if any("javascript" in mime for mime in donnees):
        return Jugement(None, "programme JavaScript.", "le retirer.")
    if any(mime.startswith("image/") for mime in donnees):
        return Jugement(_image(donnees), "image sans données ni texte de remplacement.", _OBJETS)
    texte = donnees.get("text/plain", "")
    if "<table" in donnees.get("text/html", "").lower() and not texte.startswith("<"):
        return Jugement(TableBrute(texte), "tableau brut (DataFrame).", _OBJETS)
    if "text/html" in donnees:
        return Jugement(None, "fragment HTML.", _OBJETS)
    if not donnees:
        return Jugement(None, "sortie vide.", "la retirer.")
    return Jugement(None, f"valeur affichée : « {_debut(texte)} ».", _OBJETS)


def defaut_de(bloc: Bloc) -> str:
    """What the model of a block cannot check: row widths, and an SVG that is only a drawing."""
    if isinstance(bloc, BlocTableau | BlocGraphique) and (defaut := _defaut_grille(bloc.grille)):
        return defaut
    return defaut_svg(bloc.svg) if isinstance(bloc, BlocGraphique) else ""


def _defaut_grille(grille: Grille) -> str:
    largeur = len(grille.colonnes)
    for rang, ligne in enumerate(grille.lignes, start=1):
        if len(ligne) != largeur:
            return f"ligne {rang} : {len(ligne)} cellules pour {largeur} colonnes"
    return "" if largeur else "aucune colonne"


def defaut_svg(svg: str) -> str:
    """Why an SVG cannot be shown, or nothing.

    A browser runs no script of an image, but « open the image in a new tab » would.

    >>> defaut_svg('<svg viewBox="0 0 1 1"><script>x</script></svg>')
    "l'image contient « script »"
    """
    if trouve := _APPELS_SVG.search(svg):
        return f"l'image contient « {trouve[0]} »"
    try:
        racine = ElementTree.fromstring(svg)
        svg_taille(svg)
    except (ElementTree.ParseError, ValueError):
        return "l'image n'est pas un SVG lisible avec une viewBox"
    for element in racine.iter():
        if defaut := _defaut_element(element):
            return f"l'image contient « {defaut} »"
    return ""


def _defaut_element(element: ElementTree.Element) -> str:
    nom = str(element.tag).rpartition("}")[2]
    if nom.lower() in _INTERDITS_SVG:
        return nom
    for cle, valeur in element.attrib.items():
        attribut = cle.rpartition("}")[2].lower()
        if attribut.startswith("on"):
            return attribut
        if attribut in ("href", "src") and not valeur.startswith(("#", "data:image/png")):
            return attribut
    return ""


def _image(donnees: dict[str, str]) -> ImageBrute | None:
    """A PNG or an SVG that can be shown as it is; anything else is dropped."""
    svg = donnees.get("image/svg+xml", "")
    if svg and not defaut_svg(svg):
        return ImageBrute(svg_data_uri(svg), *svg_taille(svg))
    try:
        octets = base64.b64decode("".join(donnees.get("image/png", "").split()), validate=True)
    except (binascii.Error, ValueError):
        return None
    if not octets.startswith(_PNG) or len(octets) < 24:
        return None
    largeur, hauteur = (int.from_bytes(octets[i : i + 4], "big") for i in (16, 20))
    adresse = "data:image/png;base64," + base64.b64encode(octets).decode()
    return ImageBrute(adresse, largeur, hauteur)


def _traduire(erreurs: ValidationError) -> str:
    """The first fields that are wrong; the English words of pydantic stay out."""
    lieux = [".".join(map(str, erreur["loc"])) or "tout" for erreur in erreurs.errors()]
    return "à revoir : " + ", ".join(dict.fromkeys(lieux[:5]))


def _joint(valeur: Any) -> str:
    """A MIME value as text: nbformat allows a list of lines."""
    if isinstance(valeur, list):
        return "".join(map(str, valeur))
    return valeur if isinstance(valeur, str) else repr(valeur)


def _debut(texte: str, limite: int = 80) -> str:
    """The beginning of a text, on one line, for a message."""
    ligne = " ".join(re.sub(r"\x1b\[[0-9;]*m", "", texte).split())
    return ligne if len(ligne) <= limite else ligne[:limite].rstrip() + " (…)"
