"""How OpenDocument writes texts, addresses and formulas."""

from __future__ import annotations

import re
from xml.sax.saxutils import quoteattr

from qualepref_lib.core.refus import sans_accent
from qualepref_lib.running.classeurs.modele import ENTETE, Feuillet, patron_formule, poser_formule

# What XML forbids, even escaped; zero stands for the line in a formula not yet put on one.
_INTERDITS = re.compile("[\x01-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def formule(modele: str, feuillet: Feuillet, ligne: int) -> str:
    """A formula in the notation of OpenDocument, without its prefix."""
    return poser_formule(patron(modele, feuillet), ligne)


def patron(modele: str, feuillet: Feuillet) -> str:
    """The formula of any line, for ``modele.poser_formule``."""
    return patron_formule(modele, feuillet, "[.${}{}]", ";")


def echapper(texte: str) -> str:
    """A text inside an element or an attribute, without the quotes."""
    return quoteattr(_INTERDITS.sub("", texte), {'"': "&quot;"})[1:-1]


def identifiant(*noms: str) -> str:
    """A name of style or of check: letters without accents, digits and underscores.

    >>> identifiant("col", "Mode d’emploi")
    'col_mode_d_emploi'
    """
    return re.sub("[^a-z0-9]+", "_", sans_accent("_".join(noms)))


def etendue(feuillet: Feuillet, debut: int, de: str = "", a: str = "") -> str:
    """The cells of some columns (all by default), from a line to the last one."""
    nom = echapper(citer(feuillet.nom))
    de = de or feuillet.champs[0].nom
    a = a or feuillet.champs[-1].nom
    fin = ENTETE + feuillet.rangs
    return f"{nom}.{feuillet.lettre(de)}{debut}:{nom}.{feuillet.lettre(a)}{fin}"


def citer(nom: str) -> str:
    """The name of a sheet in an address."""
    return nom if nom.isalpha() else "'" + nom.replace("'", "''") + "'"
