"""Personal data in free texts: found, and replaced by marks that say what was there.

« Rappelez-moi au 06 00 00 00 00 » becomes « Rappelez-moi au [téléphone] ». No automatic screening
is perfect: it masks rather too much than too little, never shows again what it masked, and a
person reviews the result.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from qualepref_lib.core.masques.adresses import trouver_adresses
from qualepref_lib.core.masques.aplat import aplatir, nettoyer
from qualepref_lib.core.masques.noms import compiler_noms, trouver_noms
from qualepref_lib.core.masques.numeros import Trouvaille, trouver_numeros

__all__ = ["MARQUES", "Masquage", "compiler_noms", "masquer", "nettoyer", "noms_de"]

MARQUES = {
    "lien": "adresse internet",
    "courriel": "adresse électronique",
    "compte": "compte",
    "iban": "compte bancaire",
    "carte": "numéro de carte",
    "nir": "numéro de sécurité sociale",
    "visa": "numéro de visa",
    "passeport": "numéro de passeport",
    "etranger": "numéro d’étranger",
    "titre": "numéro de titre",
    "dossier": "numéro de dossier",
    "telephone": "téléphone",
    "plaque": "plaque",
    "numero": "numéro",
    "naissance": "date de naissance",
    "adresse": "adresse postale",
    "nom": "nom",
    "relecture": "masqué à la relecture",
}
"""What each kind of mark is called, in the order in which kinds are told."""
PASSES = 8
_UTILE = re.compile(r"[\d@°]|[^\x00-\x7f]|[A-Z]|www|http|\.com|zero|\bat\b|arob|\bm(?:me|lle|r)")


@dataclass(frozen=True)
class Masquage:
    """A text whose personal data are replaced by marks, and the kinds of these marks, in order."""

    texte: str
    genres: tuple[str, ...] = ()


@lru_cache(maxsize=65_536)
def masquer(texte: str, liste: re.Pattern[str] | None = None) -> Masquage:
    """Replace what leads to a person by marks; ``liste`` are names known of the site.

    The text is read again until nothing is found: what a first mark uncovers is masked too. Texts
    already read are remembered: the tables of a chapter all look at the same ones.

    >>> masquer("Rappelez-moi au 06.00.00.00.00, merci.")
    Masquage(texte='Rappelez-moi au [téléphone], merci.', genres=('telephone',))
    """
    genres: list[str] = []
    if liste is None and not _UTILE.search(texte):
        return Masquage(texte)
    for _ in range(PASSES):
        trouvees = _trouver(texte, liste)
        if not trouvees:
            break
        for debut, fin, genre in reversed(trouvees):
            texte = f"{texte[:debut]}[{MARQUES[genre]}]{texte[fin:]}"
        genres += [genre for *_, genre in trouvees]
    return Masquage(texte, tuple(genres))


def noms_de(lignes: Iterable[str]) -> re.Pattern[str] | None:
    """The pattern of a list of names, one a line; what follows « # » is a remark."""
    return compiler_noms(aplatir(ligne.partition("#")[0].strip()).plat for ligne in lignes)


def _trouver(texte: str, liste: re.Pattern[str] | None) -> list[Trouvaille]:
    """The spans to mask, in order, none over another: the first kind that claims it has it."""
    aplat = aplatir(texte)
    retenues: list[Trouvaille] = []
    for debut, fin, genre in _candidates(aplat.plat, liste):
        if all(fin <= d or f <= debut for d, f, _ in retenues):
            retenues.append((debut, fin, genre))
    etendues = ((*aplat.etendue(debut, fin), genre) for debut, fin, genre in sorted(retenues))
    return list(etendues)


def _candidates(plat: str, liste: re.Pattern[str] | None) -> Iterator[Trouvaille]:
    marques = [t.span() for t in re.finditer(r"\[[^\[\]]{3,30}\]", plat)]
    for debut, fin, genre in (
        *trouver_adresses(plat),
        *trouver_numeros(plat),
        *trouver_noms(plat, liste),
    ):
        if debut < fin and not any(d < fin and debut < f for d, f in marques):
            yield debut, fin, genre
