"""What a workbook holds beside its values, and what a reader of values cannot see.

calamine gives an empty cell where a formula failed, where a formula was never calculated and
under a merged cell. Each of them would be a value lost in silence, so the sheet is looked at once
more, as text: only where something is found is it looked at closely.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from xml.etree import ElementTree

from qualepref_lib.core.valeurs import ERREUR_DE_TABLEUR, ORIGINE, ORIGINE_1904
from qualepref_lib.formats.adresses import Adresse, Plage, adresse_de
from qualepref_lib.formats.biff import scan_feuille
from qualepref_lib.formats.cellules import NON_CALCULEE
from qualepref_lib.formats.contenant import Contenant
from qualepref_lib.formats.feuille_ods import scan_ods

ERREUR = "#N/A"
"""What stands for an error whose own wording is not known."""

# The prefix of a namespace is written by some programs: <x:c r="B2" t="e">.
_ERREUR = re.compile(rb"""\st=["']e["']""")
_FORMULE = re.compile(rb"<(?:\w+:)?f[\s/>]")
_CALCUL = re.compile(
    rb"<(?:\w+:)?f(?:\s[^>]*)?(?:/>|>[^<]*</(?:\w+:)?f>)\s*(?:<(?:\w+:)?v[^>/]*>([^<]*)<)?"
)
_VALEUR = re.compile(rb"<(?:\w+:)?v>([^<]*)<")
_REPERE = re.compile(rb"""\sr=["']([A-Z]{1,3})([0-9]{1,7})["']""")
_LOIN = re.compile(rb"""\sr=["']([A-Z]{2,3})([0-9]{1,7})["'][^>]*[^/>]>""")
_LIGNE = re.compile(rb"""<(?:\w+:)?row\s[^>]*?\br=["']([0-9]{1,7})["']""")


@dataclass(frozen=True)
class Invisibles:
    """What lies beside the values of one sheet.

    ``marques`` tells what to read in a cell (line and column from 0) that looks empty: the error
    it shows, or that it was never calculated. ``origine`` is day zero of the day numbers;
    ``etendue`` how many cells the rectangle of the values has.
    """

    marques: Mapping[Adresse, str] = field(default_factory=dict)
    fusions: tuple[Plage, ...] = ()
    origine: dt.date = ORIGINE
    etendue: int = 0


def find_invisibles(contenant: Contenant, feuille: str, rang: int) -> Invisibles:
    """Look at the sheet ``feuille``, the one of rank ``rang``, beside its values."""
    if contenant.genre == "xlsx":
        return _xlsx(contenant, feuille)
    if contenant.genre == "ods":
        return _ods(contenant.load_partie("content.xml"), rang)
    vue = scan_feuille(contenant.octets, feuille)
    return Invisibles(vue.erreurs, (), ORIGINE_1904 if vue.depuis_1904 else ORIGINE)


def _ods(contenu: bytes, rang: int) -> Invisibles:
    vue = scan_ods(contenu, rang)
    marques = dict.fromkeys(vue.non_calculees, NON_CALCULEE)
    for ou, dit in vue.erreurs.items():
        marques[ou] = dit if ERREUR_DE_TABLEUR.fullmatch(dit) else ERREUR
    origine = ORIGINE_1904 if b'date-value="1904-01-01"' in contenu else ORIGINE
    return Invisibles(marques, vue.fusions, origine, vue.etendue)


def _xlsx(contenant: Contenant, feuille: str) -> Invisibles:
    """Merged cells are not looked for: calamine tells them."""
    classeur = contenant.load_partie("xl/workbook.xml")
    racine = ElementTree.fromstring(classeur)
    proprietes = {_nom(e.tag): e.attrib for e in racine.iter()}
    depuis_1904 = proprietes.get("workbookPr", {}).get("date1904", "0") in ("1", "true")
    jamais = proprietes.get("calcPr", {}).get("fullCalcOnLoad", "0") in ("1", "true")
    donnees = contenant.load_partie(_chemin(contenant, racine, feuille))
    marques = dict(_non_calculees(donnees, jamais)) | dict(_erreurs(donnees))
    origine = ORIGINE_1904 if depuis_1904 else ORIGINE
    return Invisibles(marques, (), origine, _etendue(donnees))


def _chemin(contenant: Contenant, racine: ElementTree.Element, feuille: str) -> str:
    """The part that holds a sheet, through the relations of the workbook."""
    lien = ""
    for element in racine.iter():
        if _nom(element.tag) == "sheet" and element.get("name") == feuille:
            lien = next((v for cle, v in element.attrib.items() if _nom(cle) == "id"), "")
    relations = ElementTree.fromstring(contenant.load_partie("xl/_rels/workbook.xml.rels"))
    cible = next((r.get("Target", "") for r in relations if r.get("Id") == lien), "")
    return cible.lstrip("/") if cible.startswith("/") else f"xl/{cible}"


def _nom(balise: str) -> str:
    return balise.rpartition("}")[2]


def _erreurs(donnees: bytes) -> Iterator[tuple[Adresse, str]]:
    """The cells that show an error, with what they show."""
    for trouve in _ERREUR.finditer(donnees):
        ou = _adresse(donnees, trouve.start())
        valeur = _VALEUR.search(donnees, trouve.end())
        if ou is not None:
            yield ou, valeur.group(1).decode("utf-8", "replace") if valeur else ERREUR


def _non_calculees(donnees: bytes, jamais: bool) -> Iterator[tuple[Adresse, str]]:
    """The formulas without a value; ``jamais``: the file itself asks to be calculated.

    In such a file a zero is what the program that wrote it puts for want of a result.
    """
    vides = (None, b"", b"0") if jamais else (None, b"")
    for trouve in _FORMULE.finditer(donnees):
        calcul = _CALCUL.match(donnees, trouve.start())
        if calcul is None or calcul.group(1) not in vides:
            continue
        debut = donnees.rfind(b"<", 0, trouve.start())
        # A formula that gave the empty text has its type: it was calculated.
        texte = b't="str"' in donnees[debut : trouve.start()]
        ou = None if texte else _adresse(donnees, trouve.start())
        if ou is not None:
            yield ou, NON_CALCULEE


def _adresse(donnees: bytes, position: int) -> Adresse | None:
    """Where the cell is whose tag holds, or has just before it, this position."""
    debut = donnees.rfind(b"<", 0, position)
    trouve = _REPERE.search(donnees, debut, donnees.find(b">", debut))
    return adresse_de(trouve.group(1).decode(), int(trouve.group(2))) if trouve else None


def _etendue(donnees: bytes) -> int:
    """How many cells the rectangle has that holds every value: one stray cell makes it huge."""
    colonnes = [adresse_de(m.group(1).decode(), 1)[1] for m in _LOIN.finditer(donnees)]
    derniere = max(donnees.rfind(b"</v>"), donnees.rfind(b":v>"), donnees.rfind(b"</is>"))
    debut = max(donnees.rfind(b"<row ", 0, derniere), donnees.rfind(b":row ", 0, derniere) - 2)
    ligne = _LIGNE.search(donnees, max(debut, 0)) if derniere > 0 else None
    return (max(colonnes, default=25) + 1) * (int(ligne.group(1)) if ligne else 0)
