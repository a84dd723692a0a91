"""An ODS sheet beside its values: its errors, its formulas without result, its merged cells."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from xml.parsers import expat

from qualepref_lib.formats.adresses import Adresse, Plage

# What makes a closer look worth its time; nearly every register has none of it.
_ERREUR = re.compile(rb'value-type="error"|<text:p>(?:#[^<]{2,12}[!?AD]|Err ?:[0-9]{3})</text:p>')
_FUSION = re.compile(rb'number-(?:columns|rows)-spanned="(?:[2-9]|[0-9]{2,})"')
_FORMULE = re.compile(rb"<table:table-cell\b[^>]*table:formula=[^>]*>")
_VIDE_AVANT = re.compile(
    rb'<table:table-cell[^>]*number-columns-repeated="([0-9]{3,5})"[^>]*/>\s*'
    rb"<table:table-cell[^>]*value-type"
)
_TABLE, _FIN = b"<table:table ", b"</table:table>"


@dataclass
class VueOds:
    """What was found beside the values; addresses count from 0."""

    erreurs: dict[Adresse, str] = field(default_factory=dict)
    non_calculees: set[Adresse] = field(default_factory=set)
    etendues: list[Plage] = field(default_factory=list)
    etendue: int = 0

    @property
    def fusions(self) -> tuple[Plage, ...]:
        """The merged rectangles."""
        return tuple(self.etendues)


def scan_ods(contenu: bytes, rang: int) -> VueOds:
    """Look at the sheet of this rank in a ``content.xml``."""
    debut = -1
    for _ in range(rang + 1):
        debut = contenu.find(_TABLE, debut + 1)
    if debut < 0:
        return VueOds()
    feuille = contenu[debut : contenu.find(_FIN, debut) + len(_FIN)]
    if _ERREUR.search(feuille) or _FUSION.search(feuille) or _sans_resultat(feuille):
        vue = _Lecteur().lire(feuille)
    else:
        vue = VueOds()
    vides = [int(m.group(1)) for m in _VIDE_AVANT.finditer(feuille)]
    vue.etendue = (max(vides, default=0) + 26) * feuille.count(b"<table:table-row")
    return vue


def _sans_resultat(feuille: bytes) -> bool:
    return any(b"value-type" not in m.group() for m in _FORMULE.finditer(feuille))


class _Lecteur:
    """Walks through the cells of one sheet, counting those that are written once for many."""

    def __init__(self) -> None:
        self.vue = VueOds()
        self.ligne = self.colonne = 0
        self.suite = self.lignes = 1
        self.cellule: dict[str, str] = {}
        self.textes: list[str] | None = None
        self.note = 0
        self.paragraphe = False

    def lire(self, feuille: bytes) -> VueOds:
        """What the sheet holds beside its values."""
        # The extract has lost the declarations of its prefixes; expat does not ask for them.
        analyse = expat.ParserCreate("utf-8")
        analyse.StartElementHandler = self._ouvrir
        analyse.EndElementHandler = self._fermer
        analyse.CharacterDataHandler = self._lire_texte
        analyse.Parse(feuille, True)
        return self.vue

    def _ouvrir(self, balise: str, attributs: dict[str, str]) -> None:
        if balise == "table:table-row":
            self.lignes = int(attributs.get("table:number-rows-repeated", 1))
            self.colonne = 0
        elif balise in ("table:table-cell", "table:covered-table-cell"):
            self.cellule, self.textes, self.paragraphe = attributs, [], False
            self.suite = int(attributs.get("table:number-columns-repeated", 1))
        elif balise == "office:annotation":
            self.note += 1
        elif balise == "text:p" and not self.note:
            self.paragraphe = True

    def _lire_texte(self, texte: str) -> None:
        if self.textes is not None and not self.note:
            self.textes.append(texte)

    def _fermer(self, balise: str) -> None:
        if balise == "table:table-row":
            self.ligne += self.lignes
        elif balise == "office:annotation":
            self.note -= 1
        elif balise in ("table:table-cell", "table:covered-table-cell"):
            self._noter("".join(self.textes or []).strip())
            self.colonne += self.suite
            self.textes = None

    def _noter(self, texte: str) -> None:
        genre = self.cellule.get("office:value-type", "")
        calculee = "table:formula" in self.cellule
        erreur = self.cellule.get("calcext:value-type") == "error"
        ou = (self.ligne, self.colonne)
        if erreur or (calculee and _ERREUR.search(f"<text:p>{texte}</text:p>".encode())):
            self.vue.erreurs[ou] = texte
        elif calculee and not genre and not self.paragraphe:
            self.vue.non_calculees.add(ou)
        hauteur = int(self.cellule.get("table:number-rows-spanned", 1))
        largeur = int(self.cellule.get("table:number-columns-spanned", 1))
        if hauteur * largeur > 1:
            fin = (self.ligne + hauteur - 1, self.colonne + largeur - 1)
            self.vue.etendues.append((ou, fin))
