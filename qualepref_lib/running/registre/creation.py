"""`qualepref registre nouveau`: an empty register, numbered, for one year of a site."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from qualepref_lib.campagne import Campagne
from qualepref_lib.campagne.numerotes import CALCULEES
from qualepref_lib.core.refus import sans_accent
from qualepref_lib.running.atomique import check_libre, write_atomique
from qualepref_lib.running.classeurs import format_classeur
from qualepref_lib.running.registre.cadrage import Cadrage
from qualepref_lib.running.registre.feuilles import SAISIES, make_classeur

FORMATS = (".xlsx", ".ods")
PREFIXE = re.compile(r"[A-Z0-9]{1,8}")
NUMERO_MAXI = 9999
"""The chrono has four digits."""
SERVICE_MAXI = 80
"""A spreadsheet refuses a formula that holds a longer text than a few lines."""
_MOTS_VIDES = {"de", "des", "du", "d", "l", "la", "le", "les", "et", "a", "au", "aux", "en"}


def write_registre(
    campagne: Campagne, sortie: Path, annee: int, chronos: Sequence[str], service: str = ""
) -> Path:
    """Write the workbook at ``sortie`` (``.xlsx`` or ``.ods``), a row ready for each chrono.

    Raises :class:`~qualepref_lib.core.refus.Refus`: an existing file is never touched.
    """
    check_libre(sortie)
    cadrage = Cadrage(
        referentiel=campagne.referentiel,
        site=campagne.fiche.site,
        annees=(annee, annee),
        service=service,
        services=find_services(campagne, service),
        titre=f"Registre des courriers {annee} — {service or campagne.fiche.site.libelle}",
    )
    vides = [None] * (len(SAISIES) + len(CALCULEES) - 1)
    classeur = make_classeur(cadrage, [(chrono, *vides) for chrono in chronos])
    write_atomique(sortie, format_classeur(classeur, sortie))
    return sortie


def chrono(annee: int, rang: int, prefixe: str = "") -> str:
    """The number of a letter.

    >>> chrono(2022, 1), chrono(2022, 412, "ACC")
    ('2022-0001', 'ACC-2022-0412')
    """
    return "-".join(filter(None, (prefixe, str(annee), f"{rang:04d}")))


def prefixe_de(service: str) -> str:
    """The prefix of a service: three letters of one word, the initials of several.

    >>> prefixe_de("Accueil"), prefixe_de("bureau de l'intégration"), prefixe_de("")
    ('ACC', 'BI', '')
    """
    mots: list[str] = re.findall("[a-z0-9]+", sans_accent(service))
    pleins = [mot for mot in mots if mot not in _MOTS_VIDES] or mots
    if len(pleins) == 1:
        return pleins[0][:3].upper()
    return "".join(mot[0] for mot in pleins[:8]).upper()


def find_services(campagne: Campagne, service: str = "") -> tuple[str, ...]:
    """The services to propose: those of the site, else those that the tables name."""
    declares = [s.libelle for s in campagne.fiche.site.services]
    if not declares:
        colonnes = [
            campagne.tables[source].cadre["service"].dropna()
            for source in ("courriers", "autodiagnostic")
            if source in campagne.tables
        ]
        declares = sorted({str(nom) for colonne in colonnes for nom in colonne}, key=sans_accent)
    return tuple(dict.fromkeys([*([service] if service else []), *declares]))
